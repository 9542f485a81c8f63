"""What stands beside the rows: above and below them, and in the names of file and sheet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from efimport.findings import Location, Severity
from efimport.formats.notes import Notes
from efimport.formats.spreadsheet.cells import found_in
from efimport.formats.spreadsheet.names import folded
from efimport.formats.tables.days import parse_day
from efimport.formats.tables.model import Cell, Row, Table, cell_text
from efimport.formats.tables.numbers import parse_amount
from efimport.mappings.parts import Value

AMOUNTS = ("opening", "closing", "credit_turnover", "debit_turnover")
DAYS = ("period_from", "period_to", "date")


class Found(msgspec.Struct, frozen=True):
    """A value beside the rows.

    Attributes:
        cell: what stands there.
        place: where.
        dates: patterns of days; empty for those of the file.
    """

    cell: Cell
    place: Location
    dates: tuple[str, ...] = ()


def find_values(values: Sequence[Value], rows: Sequence[Row], table: Table) -> dict[str, Found]:
    """The values that a mapping picks from rows above or below the data; of several the first one."""
    found: dict[str, Found] = {}
    for value in values:
        for row_index, row in enumerate(rows):
            hits = _by_label(value, rows, row_index, table) if value.label else _by_pattern(value, row, table)
            for field, one in hits:
                if cell_text(one.cell):
                    found.setdefault(field, one)
    return found


def find_in_name(values: Sequence[Value], name: str) -> dict[str, Found]:
    """The values that a mapping picks from the name of a file or sheet."""
    found: dict[str, Found] = {}
    for value in values:
        for field, cell in _applied(value, name):
            if cell:
                found.setdefault(field, Found(cell, Location(), value.dates))
    return found


def _by_pattern(value: Value, row: Row, table: Table) -> Iterator[tuple[str, Found]]:
    text = row_text(row)
    for field, cell in _applied(value, text):
        yield field, Found(cell, table.place(row), value.dates)


def row_text(row: Row) -> str:
    """The filled cells of a row, joined by blanks."""
    return " ".join(text for text in row.texts if text)


def _applied(value: Value, text: str) -> Iterator[tuple[str, str]]:
    match = re.search(value.pattern or "(.*)", text)
    if match is None:
        return
    if value.field is not None:
        yield value.field, found_in(match).strip()
    for name, part in match.groupdict().items():
        if name != "value" and part:
            yield name, part.strip()


def _by_label(value: Value, rows: Sequence[Row], row_index: int, table: Table) -> Iterator[tuple[str, Found]]:
    for column, cell in enumerate(rows[row_index].cells):
        rest = behind_label(cell_text(cell), value.label)
        if rest is None:
            continue
        hit = _value_at(value, rows, row_index, column, rest)
        if hit is None:
            continue
        row, place_column, content = hit
        place = table.place(row, place_column)
        if value.pattern is None and value.field is not None:
            yield value.field, Found(content, place, value.dates)
        else:
            for field, part in _applied(value, cell_text(content)):
                yield field, Found(part, place, value.dates)


def _value_at(
    value: Value, rows: Sequence[Row], row_index: int, column: int, rest: str
) -> tuple[Row, int, Cell] | None:
    if rest and not value.below:
        return rows[row_index], column, rest
    if row_index + value.below >= len(rows):
        return None
    row = rows[row_index + value.below]
    for index in range(column if value.below else column + 1, len(row.cells)):
        if cell_text(row.cells[index]):
            return row, index, row.cells[index]
    return None


def behind_label(text: str, labels: str | tuple[str, ...]) -> str | None:
    """What stands behind a label in its cell, empty for nothing; None where the cell does not begin with a label."""
    if not text:
        return None
    for label in (labels,) if isinstance(labels, str) else labels:
        wanted = folded(label).rstrip(" :")
        if folded(text).rstrip(" :") == wanted:
            return ""
        head, mark, rest = text.partition(":")
        if mark and folded(head) == wanted:
            return rest.strip()
        words = text.split()
        count = len(wanted.split())
        if len(words) > count and folded(" ".join(words[:count])).rstrip(":") == wanted:
            return " ".join(words[count:])
    return None


class Margins(msgspec.Struct, frozen=True):
    """What stands beside the rows, read.

    Attributes:
        texts: accounts, currency, number and the like.
        amounts: balances and turnovers, signed as written.
        days: period and day of the statement.
    """

    texts: Mapping[str, str]
    amounts: Mapping[str, Decimal]
    days: Mapping[str, dt.date]


def read_values(found: Mapping[str, Found], decimal: str | None, dates: Sequence[str], notes: Notes) -> Margins:
    """The values as amounts, days and texts; notes what cannot be read."""
    texts: dict[str, str] = {}
    amounts: dict[str, Decimal] = {}
    days: dict[str, dt.date] = {}
    for field, one in found.items():
        text = cell_text(one.cell)
        if field in AMOUNTS:
            amount = parse_amount(one.cell, decimal)
            if amount is None:
                notes.add("spreadsheet.value", one.place, field=field, found=text)
            else:
                amounts[field] = amount
        elif field in DAYS:
            day = parse_day(one.cell, one.dates or dates)
            if day is None:
                notes.add("spreadsheet.value", one.place, severity=Severity.WARNING, field=field, found=text)
            else:
                days[field] = day
        else:
            texts[field] = text
    return Margins(texts, amounts, days)
