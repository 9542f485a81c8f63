"""Values that stand above the rows of a table that no mapping describes, found by their labels."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

import msgspec

from efimport.formats.spreadsheet.margins import behind_label
from efimport.formats.spreadsheet.values import can_be
from efimport.formats.tables.model import Cell, Row, cell_text
from efimport.mappings.targets import Field


class Beside(msgspec.Struct, frozen=True):
    """A value above the rows.

    Attributes:
        label: the label by which a mapping file finds it.
        value: the value.
    """

    label: str
    value: Cell


def values_above(rows: Sequence[Row], fields: Mapping[str, Field], told: Container[str]) -> dict[str, Beside]:
    """What stands above the rows, by the field that it seems to be of.

    Args:
        rows: the rows above the header.
        fields: the fields of a document, by name.
        told: fields that columns tell already.
    """
    found: dict[str, Beside] = {}
    for name, field in fields.items() if rows else ():
        if name in told:
            continue
        first = next(_claims(rows, field), None)
        if first is not None:
            found[name] = first
    return found


def _claims(rows: Sequence[Row], field: Field) -> Iterator[Beside]:
    for label in sorted(field.headings, key=len, reverse=True):
        for row in rows:
            for index, text in enumerate(row.texts):
                rest = behind_label(text, label)
                if rest is None:
                    continue
                if rest and _may_be(field, rest):
                    yield Beside(label, rest)
                value = next((cell for cell in row.cells[index + 1 :] if cell_text(cell)), None)
                if _may_be(field, value):
                    # What stands behind the label in its own cell belongs to the label: "Invoice - tax document no."
                    yield Beside(text if rest else label, value)


def _may_be(field: Field, cell: Cell) -> bool:
    """Whether a cell can be the value of a field, and is not the next label."""
    text = cell_text(cell)
    if not text or text.endswith(":") or not can_be(field, [cell]):
        return False
    return field.type != "code" or any(sign.isdigit() for sign in text)
