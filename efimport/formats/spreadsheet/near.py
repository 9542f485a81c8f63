"""Tables that are nearly what a mapping file describes: the bank changed its columns, or a heading was damaged."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from efimport.formats.spreadsheet.cells import as_column
from efimport.formats.spreadsheet.layout import Prepared, known_columns, unknown_columns
from efimport.formats.spreadsheet.names import Names, folded
from efimport.formats.tables.model import Table
from efimport.mappings import Mapping, RecordMapping, shipped_mappings

FOUND_AT_LEAST = 4
MISSING_AT_MOST = 2
LINES_AT_LEAST = 2


class Near(msgspec.Struct, frozen=True):
    """A mapping that a table misses by little.

    Attributes:
        mapping: the mapping.
        row: line or row of the headings.
        missing: the headings that are not there.
    """

    mapping: Mapping
    row: int
    missing: tuple[str, ...]


def nearest(table: Table) -> Near | None:
    """The shipped mapping that misses fewest of its columns in a table; None where none is near."""
    prepared = Prepared(table)
    best: tuple[int, int, Near] | None = None
    for mapping in shipped_mappings():
        required = mapping.header.required
        for headers in prepared.headers(mapping):
            for index, names in headers.names(None):
                missing = [one for one in required if names.first((one,) if isinstance(one, str) else one) is None]
                found = len(required) - len(missing)
                if found < FOUND_AT_LEAST or not 0 < len(missing) <= MISSING_AT_MOST:
                    continue
                shown = tuple(one if isinstance(one, str) else one[0] for one in missing)
                near = Near(mapping, headers.table.rows[index].number, shown)
                if best is None or (-len(missing), found) > best[:2]:
                    best = (-len(missing), found, near)
    return best[2] if best else None


class Nearly(msgspec.Struct, frozen=True):
    """A mapping of documents that a table misses by little.

    Attributes:
        mapping: the mapping.
        row: index of the row of headings.
        names: the headings.
        missing: of each group of headings that is not there all names.
        unknown: indexes of the columns that the mapping does not know.
    """

    mapping: RecordMapping
    row: int
    names: Names
    missing: tuple[tuple[str, ...], ...]
    unknown: tuple[int, ...]


def nearly(table: Table, mappings: Iterable[RecordMapping], *, is_own: bool) -> Nearly | None:
    """The mapping whose columns a table has but for a few; None where none is near.

    Args:
        table: the table.
        mappings: mappings that do not describe it.
        is_own: whether the user named them; half of the required columns then make it near.
    """
    prepared = Prepared(table)
    best: tuple[tuple[int, int], Nearly] | None = None
    for mapping in mappings:
        groups = [(one,) if isinstance(one, str) else one for one in mapping.header.required]
        heads = {folded(name) for spec in known_columns(mapping) for name in as_column(spec).names}
        fewest = 1 if is_own else FOUND_AT_LEAST
        for headers in prepared.headers(mapping):
            for index, names in headers.names(None):
                if sum(1 for word in names.words if word in heads) < fewest:
                    continue
                missing = tuple(one for one in groups if names.first(one) is None)
                unknown = unknown_columns(mapping, names)
                known = sum(1 for text in names.texts if text.strip()) - len(unknown)
                if not _is_near(len(groups), len(missing), known, len(unknown), is_own=is_own):
                    continue
                if not is_own and groups[-1] in missing and _lines_in(mapping, names) < LINES_AT_LEAST:
                    # A table of movements has days, numbers and symbols as well, but neither totals nor lines.
                    continue
                rank = (-len(missing), known - len(unknown))
                if best is None or rank > best[0]:
                    best = (rank, Nearly(mapping, index, names, missing, unknown))
    return best[1] if best is not None else None


def _lines_in(mapping: RecordMapping, names: Names) -> int:
    """How many columns of lines a header has."""
    return sum(1 for spec in mapping.lines.values() if names.first(as_column(spec).names) is not None)


def _is_near(groups: int, missing: int, known: int, unknown: int, *, is_own: bool) -> bool:
    if is_own:
        return groups > missing * 2 or (groups == missing + 1 and known > unknown)
    return missing <= 1 and known >= FOUND_AT_LEAST + missing and known >= unknown * 2
