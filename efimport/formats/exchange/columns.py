"""The columns of a table of statements: one a field, the same for writing and for reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from efimport.documents import BankAccount, Entry, Statement
from efimport.formats.tables.model import Cell, Row, Table

_ACCOUNT = tuple(BankAccount.__struct_fields__)
_STATEMENT = (
    *("number", "currency", "period_from", "period_to", "date", "opening", "closing"),
    *("credit_turnover", "debit_turnover", "entry_count"),
)
_ENTRY = tuple(name for name in Entry.__struct_fields__ if name not in {"counter_account", "line"})


class Field(msgspec.Struct, frozen=True):
    """A column.

    Attributes:
        head: its heading.
        name: the field of the structure.
        type: what the field holds.
        of: ``statement``, ``account``, ``entry`` or ``counter_account``.
    """

    head: str
    name: str
    type: Any
    of: str


def _fields(structure: type[msgspec.Struct], names: Sequence[str], of: str, prefix: str) -> Iterator[Field]:
    types = {field.name: field.type for field in msgspec.structs.fields(structure)}
    for name in names:
        yield Field(prefix + name, name, types[name], of)


FIELDS = (
    *_fields(BankAccount, _ACCOUNT, "account", "account_"),
    *_fields(Statement, _STATEMENT, "statement", "statement_"),
    *_fields(Entry, _ENTRY, "entry", ""),
    *_fields(BankAccount, _ACCOUNT, "counter_account", "counter_account_"),
)
PATH, ORDINAL = "path", "statement"
HEADINGS = (PATH, ORDINAL, *(field.head for field in FIELDS))


def rows_of(statements: Sequence[Statement]) -> Iterator[tuple[Cell | int, ...]]:
    """The cells of each entry, in the order of the headings; one row without an entry for a statement without any."""
    for ordinal, statement in enumerate(statements, start=1):
        for entry in statement.entries or (None,):
            counter = entry.counter_account if entry else None
            parts = {"statement": statement, "account": statement.account, "entry": entry, "counter_account": counter}
            cells = (getattr(parts[field.of], field.name, None) for field in FIELDS)
            yield statement.origin.path, ordinal, *cells


def header_of(table: Table) -> Row | None:
    """The row of headings, where the table is one of ours."""
    first = next((row for row in table.rows if not row.is_blank), None)
    if first is None or not set(HEADINGS) <= set(first.texts):
        return None
    return first
