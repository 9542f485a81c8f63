"""The documents of a table that a script holds in memory, by the mapping that it names."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from efimport.findings import Finding, Location, finding
from efimport.formats.reading import Read, Reading
from efimport.formats.registry import located
from efimport.formats.spreadsheet.choosing import Chosen
from efimport.formats.spreadsheet.layout import Prepared, match
from efimport.formats.spreadsheet.records import documents_of
from efimport.formats.spreadsheet.sheets import context_of
from efimport.formats.spreadsheet.statements import statements_of
from efimport.formats.tables.model import Table
from efimport.mappings import Mapping, StatementMapping
from efimport.messages import message
from efimport.sources import Source


def read_table(table: Table, mapping: Mapping, source: Source, reading: Reading) -> Iterator[Read]:
    """The documents of a table, and what is wrong outside of them.

    Args:
        table: the table; its first row has the names of the columns.
        mapping: what the columns mean.
        source: name and bytes that stand for the table.
        reading: who we are, and what is said about days and codes.

    Returns:
        documents and findings, located by row and column; a column that is missing is a finding, nothing is raised.
    """
    ordinal = 0
    for item in _items(table, mapping, source, reading):
        if isinstance(item, Finding):
            yield located(item, source.path)
            continue
        ordinal += 1
        # A row in memory has no line.
        origin = msgspec.structs.replace(item.origin, ordinal=ordinal, line=None)
        yield located(msgspec.structs.replace(item, origin=origin), source.path)


def _items(table: Table, mapping: Mapping, source: Source, reading: Reading) -> Iterator[Read]:
    if isinstance(mapping, StatementMapping):
        return _statements(table, mapping, source, reading)
    return documents_of(table, mapping, context_of(source, reading))


def _statements(table: Table, mapping: StatementMapping, source: Source, reading: Reading) -> Iterator[Read]:
    layout = match(mapping, Prepared(table))
    if layout is not None:
        yield from statements_of(source, reading, Chosen(layout, own=True))
        return
    names = table.rows[0].texts
    for column in mapping.header.required:
        wanted = (column,) if isinstance(column, str) else column
        if not set(wanted) & set(names):
            yield finding(
                "spreadsheet.column-missing",
                Location(),
                field=wanted[0],
                wanted=" / ".join(wanted),
                described=message("the mapping {name}", name=mapping.name),
                near="-",
            )
