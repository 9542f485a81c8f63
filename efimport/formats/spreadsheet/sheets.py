"""Every table of a file by the mapping that describes it: statements, or documents of another kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from efimport.documents import Document
from efimport.findings import Finding, Location, finding
from efimport.formats.reading import Read, Reading, Sample
from efimport.formats.spreadsheet.choosing import Chosen, choose, choose_for, near_miss, near_own, own_mappings
from efimport.formats.spreadsheet.near import Nearly
from efimport.formats.spreadsheet.records.context import Context
from efimport.formats.spreadsheet.records.gathering import gathered
from efimport.formats.spreadsheet.statements import statements_of
from efimport.formats.tables.model import Table
from efimport.formats.tables.reader import Tables, read_tables
from efimport.mappings import RecordMapping, StatementMapping
from efimport.sources import Source


def read_sheets(source: Source, reading: Reading) -> Iterator[Read]:
    """The documents of a file, table by table, and what is wrong outside of them.

    ``Origin.content`` is the file, ``Origin.version`` the name of the mapping.
    """
    first = choose_for(Sample(source, reading.hints))
    file = first.layout.mapping.file if first is not None else None
    # Programs save a table with another delimiter than the bank's; the one that it was recognised with is right.
    found = first.layout.table.delimiter if first is not None else None
    tables = read_tables(
        source,
        reading.limits,
        encodings=file.encodings if file is not None else (),
        delimiters=(found,) if found else (),
    )
    reading.encoding = tables.encoding
    own = own_mappings(reading.mappings)
    chosen = [(table, choose(table, own)) for table in tables.tables]
    if any(one for _, one in chosen):
        yield from _documents(source, reading, tables, chosen)
        return
    yield from tables.findings
    for table in tables.tables:
        near = near_miss(table, own)
        if near is not None:
            yield nearly_finding(table, near)


def nearly_finding(table: Table, near: Nearly) -> Finding:
    """What a table lacks for the mapping that is nearest, and what the mapping does not know of it."""
    missing = ", ".join(one[0] for one in near.missing)
    unknown = ", ".join(near.names.texts[index].strip() for index in near.unknown)
    place = table.place(table.rows[near.row], near.unknown[0] if near.unknown and not near.missing else None)
    return finding(
        "spreadsheet.nearly",
        place,
        mapping=near.mapping.name,
        missing=missing or "-",
        unknown=unknown or "-",
    )


def _unused(table: Table, near: Nearly, used: str) -> Finding:
    """What a table lacks for the user's own mapping, where it is read by another one."""
    missing = ", ".join(" / ".join(one[:3]) for one in near.missing)
    place = table.place(table.rows[near.row])
    path = near.mapping.path or near.mapping.name
    return finding("spreadsheet.mapping-not-used", place, file=path, missing=missing or "-", used=used)


def _documents(
    source: Source, reading: Reading, tables: Tables, chosen: Sequence[tuple[Table, Chosen | None]]
) -> Iterator[Read]:
    ordinal = 0
    found = tuple(_of_statements(tables.findings, chosen))
    everywhere = tuple(one for one in found if one.is_error)
    once = tuple(one for one in found if not one.is_error)
    for table, one in chosen:
        for item in _of_table(source, reading, table, one):
            if isinstance(item, Finding):
                yield item
                continue
            ordinal += 1
            yield _placed(item, ordinal, (*everywhere, *once))
            once = ()
    if not ordinal:
        yield from found


def _of_statements(findings: Sequence[Finding], chosen: Sequence[tuple[Table, Chosen | None]]) -> Iterator[Finding]:
    """What was noticed about the file but for what concerns single documents of a table, or nobody.

    A cell with an error is told with the document that it is in, and on a sheet that is not read it does no harm.
    """
    statements = {table.sheet for table, one in chosen if one and isinstance(one.layout.mapping, StatementMapping)}
    for one in findings:
        sheet = (one.location.where or "").rpartition("!")[0]
        if one.code != "table.cell-error" or sheet in statements:
            yield one


def _of_table(source: Source, reading: Reading, table: Table, chosen: Chosen | None) -> Iterator[Read]:
    place = Location(where=table.sheet)
    if chosen is None:
        near = near_miss(table, own_mappings(reading.mappings))
        not_read = finding("spreadsheet.sheet-not-read", place, sheet=table.sheet or "-")
        yield nearly_finding(table, near) if near is not None else not_read
        return
    mapping = chosen.layout.mapping
    unused = None if chosen.own else near_own(table, own_mappings(reading.mappings))
    if unused is not None:
        yield _unused(table, unused, mapping.name)
    if chosen.rivals:
        yield finding("spreadsheet.ambiguous", place, mappings=", ".join((mapping.name, *chosen.rivals)))
    elif isinstance(mapping, RecordMapping):
        reading.version = mapping.name
        yield from gathered(chosen.layout, context_of(source, reading))
    elif mapping.no_statement:
        yield finding("spreadsheet.no-statement", place, title=mapping.title, reason=mapping.no_statement)
    else:
        yield from statements_of(source, reading, chosen)


def context_of(source: Source, reading: Reading) -> Context:
    """What the reading of a table of documents knows besides the table."""
    return Context(
        path=source.path,
        name=source.name,
        content=source.read(),
        own=reading.own,
        date_format=reading.date_format,
        codes=reading.hints.codes,
    )


def _placed(document: Document, ordinal: int, findings: tuple[Finding, ...]) -> Document:
    origin = msgspec.structs.replace(document.origin, ordinal=ordinal)
    return msgspec.structs.replace(document, origin=origin, findings=(*findings, *document.findings))
