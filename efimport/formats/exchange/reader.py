"""Statements out of the tables and the JSON that efimport wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from efimport.documents import BankAccount, Entry, Kind, Origin, Statement
from efimport.findings import Finding, Location, finding
from efimport.formats.exchange.columns import FIELDS, ORDINAL, Field, header_of
from efimport.formats.reading import Read, Reading
from efimport.formats.tables.model import Row, Table
from efimport.formats.tables.reader import read_tables
from efimport.sources import Source

FORMAT = "exchange"
VALUES_AT_MOST = 3_000_000
"""Values of a JSON text: each takes some fifty bytes of memory, however short it is written."""
_FORMULA_GUARD = ("'=", "'+", "'-", "'@", "'\uff1d", "'\uff0b", "'\uff0d", "'\uff20")


def read_table(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of a table, in its order."""
    tables = read_tables(source, reading.limits, encodings=("utf-8",))
    reading.encoding = tables.encoding
    read_any = False
    for table in tables.tables:
        header = header_of(table)
        if header is not None:
            for ordinal, rows in enumerate(_grouped(table, header), start=1):
                read_any = True
                yield _Reader(source, table, header, tables.findings).statement(ordinal, rows)
    if not read_any:
        yield from tables.findings


def _grouped(table: Table, header: Row) -> Iterator[list[Row]]:
    """The rows of each statement."""
    column = header.texts.index(ORDINAL)
    groups: dict[str, list[Row]] = {}
    for row in table.rows:
        if row.number > header.number and not row.is_blank:
            groups.setdefault(row.text(column), []).append(row)
    yield from groups.values()


class _Reader:
    """Reads the statements of one table."""

    def __init__(self, source: Source, table: Table, header: Row, found: Sequence[Finding]) -> None:
        self._source = source
        self._table = table
        self._columns = {head: index for index, head in reversed([*enumerate(header.texts)])}
        self._width = len(header.cells)
        self._found = list(found)

    def statement(self, ordinal: int, rows: Sequence[Row]) -> Statement:
        """The statement of some rows; what of it cannot be read is in its findings."""
        first = rows[0]
        account = BankAccount(**self._values(first, "account"))
        values = self._values(first, "statement")
        entries = [entry for row in rows if (entry := self._entry(row)) is not None]
        for row in rows[1:]:
            self._compare(first, row)
        origin = Origin(
            path=self._source.path, format=FORMAT, ordinal=ordinal, line=first.number, content=self._source.read()
        )
        return Statement(origin=origin, account=account, entries=tuple(entries), findings=tuple(self._found), **values)

    def _entry(self, row: Row) -> Entry | None:
        if len(row.cells) != self._width:
            counts: dict[str, Any] = {"cells": len(row.cells), "columns": self._width}
            self._found.append(finding("exchange.cells", self._table.place(row), **counts))
        values = self._values(row, "entry")
        if "position" not in values and "amount" not in values:
            return None
        if "position" not in values or "amount" not in values:
            self._found.append(finding("exchange.no-amount", self._table.place(row)))
            return None
        counter = self._values(row, "counter_account")
        account = BankAccount(**counter) if counter else None
        return Entry(**values, counter_account=account, line=row.number)

    def _compare(self, first: Row, row: Row) -> None:
        """What belongs to the statement is repeated in every row, and a row that says otherwise is damaged."""
        for field in FIELDS:
            if field.of in {"account", "statement"}:
                column = self._columns[field.head]
                if row.text(column) != first.text(column):
                    place = self._table.place(row, column)
                    said: dict[str, Any] = {
                        "column": field.head,
                        "found": row.text(column) or "-",
                        "first": first.text(column) or "-",
                    }
                    self._found.append(finding("exchange.statement-differs", place, **said))

    def _values(self, row: Row, of: str) -> dict[str, Any]:
        """The values of the fields of one structure that the row has."""
        values: dict[str, Any] = {}
        for field in FIELDS:
            if field.of == of:
                column = self._columns[field.head]
                text = _unguarded(row.text(column))
                if text:
                    self._convert(values, field, text, self._table.place(row, column))
        return values

    def _convert(self, values: dict[str, Any], field: Field, text: str, place: Location) -> None:
        try:
            value = msgspec.convert(text, field.type, strict=False)
        except (msgspec.ValidationError, ArithmeticError):
            self._found.append(finding("exchange.value", place, column=field.head, found=text))
            return
        if getattr(value, "is_finite", lambda: True)():
            values[field.name] = value
        else:
            self._found.append(finding("exchange.value", place, column=field.head, found=text))


def _unguarded(text: str) -> str:
    """The text without the apostrophe that keeps a spreadsheet program from taking it for a formula."""
    return text[1:] if text.startswith(_FORMULA_GUARD) else text


def read_json(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of ``efimport-documents/1``, in its order; other documents are named."""
    reading.encoding = "utf-8"
    if source.size > reading.limits.document_bytes:
        size, limit = source.size, reading.limits.document_bytes
        yield finding("source.document-too-large", Location(), size=size, limit=limit)
        return
    try:
        content = source.read()
        if sum(map(content.count, (b",", b"[", b"{"))) > VALUES_AT_MOST:
            yield finding(
                "source.document-too-large", Location(), size=source.size, limit=reading.limits.document_bytes
            )
            return
        told = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
        documents = [document for one in told["sources"] for document in one["documents"]]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError) as error:
        yield finding("exchange.json", Location(), reason=str(error))
        return
    others = 0
    for ordinal, document in enumerate(documents, start=1):
        if isinstance(document, Mapping) and document.get("kind") == Kind.BANK_STATEMENT.value:
            yield _statement_of(source, ordinal, document)
        else:
            others += 1
    if others:
        yield finding("exchange.other-documents", Location(), count=others)


def _statement_of(source: Source, ordinal: int, document: Mapping[str, Any]) -> Read:
    fields = {name: value for name, value in document.items() if name in Statement.__struct_fields__}
    origin = Origin(path=source.path, format=FORMAT, ordinal=ordinal, content=source.read())
    left_out = {"origin": msgspec.to_builtins(origin, builtin_types=(bytes,)), "findings": (), "attachments": ()}
    try:
        return msgspec.convert({**fields, **left_out}, Statement, strict=False)
    except (msgspec.ValidationError, ArithmeticError) as error:
        return finding("exchange.document", Location(ordinal=ordinal), reason=str(error))
