"""Tables that are nearly what a mapping file describes: the bank changed its columns, or a heading was damaged."""

from __future__ import annotations

import msgspec

from efimport.formats.spreadsheet.layout import Prepared
from efimport.formats.tables.model import Table
from efimport.mappings import Mapping, shipped_mappings

FOUND_AT_LEAST = 4
MISSING_AT_MOST = 2


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
