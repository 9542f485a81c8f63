"""Documents of a table in memory, by a mapping that is named."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from efimport.findings import Finding, Location, finding
from efimport.formats.reading import Read
from efimport.formats.spreadsheet.layout import Layout, Prepared, match
from efimport.formats.spreadsheet.records.columns import described
from efimport.formats.spreadsheet.records.context import Context
from efimport.formats.spreadsheet.records.gathering import gathered
from efimport.formats.spreadsheet.records.resolving import near_headings
from efimport.formats.tables.model import Table
from efimport.mappings import RecordMapping

_SHOWN_BY_NAME = frozenset({"partners", "products"})
"""Targets whose documents need neither an address nor a price."""


def documents_of(table: Table, mapping: RecordMapping, context: Context | None = None) -> Iterator[Read]:
    """The documents of a table, and what is wrong outside of them.

    Args:
        table: a table of a file, or one made of a data frame: a first row of headings, then the data.
        mapping: the mapping; a built-in one (:func:`efimport.mappings.named_mapping`) takes a table with further
            columns as well, because it was named.
        context: path and bytes of the file, and who we are; nothing is known of them when left out.

    Returns:
        documents, and findings that belong to none of them; nothing is raised for what stands in the table.
    """
    layout = layout_of(table, mapping)
    if layout is None:
        return iter(missing(table, mapping))
    return gathered(layout, context or Context())


def layout_of(table: Table, mapping: RecordMapping) -> Layout | None:
    """The table as the mapping describes it; None where it does not."""
    return match(opened(mapping), Prepared(table))


def opened(mapping: RecordMapping) -> RecordMapping:
    """The mapping for a table that may have further columns, because the mapping or the sheet was named for it.

    Partners and products need no column then that only shows what the table is.
    """
    header = mapping.header
    if not header.closed:
        return mapping
    required = header.required[:-1] if mapping.target in _SHOWN_BY_NAME else header.required
    return msgspec.structs.replace(mapping, header=msgspec.structs.replace(header, closed=False, required=required))


def missing(table: Table, mapping: RecordMapping) -> list[Finding]:
    """Which columns a table lacks for a mapping, in the row that comes nearest to its header."""
    best: tuple[int, list[Finding]] = (-1, [])
    wanted = [(one,) if isinstance(one, str) else one for one in mapping.header.required]
    for headers in Prepared(table).headers(mapping):
        for index, names in headers.names(None):
            absent = [one for one in wanted if names.first(one) is None]
            if len(wanted) - len(absent) <= best[0]:
                continue
            place = table.place(headers.table.rows[index])
            found = [
                finding(
                    "spreadsheet.column-missing",
                    place,
                    field=one[0],
                    wanted=" / ".join(one[:5]),
                    described=described(mapping, "header.required", "header"),
                    near=", ".join(near_headings(one, names)) or "-",
                )
                for one in absent
            ]
            best = (len(wanted) - len(absent), found)
    if best[1]:
        return best[1]
    place = Location(where=table.sheet)
    return [finding("spreadsheet.no-header", place, described=described(mapping, "header"))]
