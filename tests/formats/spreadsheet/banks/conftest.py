"""Invented exports of banks: each is a table in TOML, with the bank's own header and what it has to be read as.

The folder ``exports`` holds them. ``text`` is the file as the bank writes it, but for its encoding; ``own`` are the
accounts of the organization that sends it; ``findings`` are the codes of what the reader has to say about it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from efimport.formats.reading import Hints, Own
from efimport.formats.registry import SourceReading, recognise
from efimport.mappings import shipped_mappings
from efimport.sources import Source

EXPORTS = Path(__file__).parent / "exports"
TERSE = {
    "amount": "amount",
    "date": "date",
    "vs": "variable_symbol",
    "ks": "constant_symbol",
    "ss": "specific_symbol",
    "name": "counter_name",
    "message": "message",
}
"""Fields of an entry that an export says something about even where it names them not: that there is none."""

FURTHER = {
    "value": "value_date",
    "description": "description",
    "reference": "bank_reference",
    "e2e": "end_to_end_reference",
    "original": "original_amount",
    "original_currency": "original_currency",
    "rate": "exchange_rate",
    "reversal": "reversal",
}


@dataclass(frozen=True)
class Export:
    """An invented export and what is in it."""

    name: str
    table: dict[str, Any]

    @property
    def mapping(self) -> str:
        return str(self.table["mapping"])

    @property
    def file(self) -> str:
        return str(self.table.get("file", "export.csv"))

    @property
    def own(self) -> tuple[str, ...]:
        return tuple(self.table["own"])

    @property
    def text(self) -> str:
        return str(self.table["text"]).lstrip("\n")

    @property
    def content(self) -> bytes:
        """The file."""
        return self.text.replace("\n", "\r\n").encode(self.table["encoding"])

    @property
    def rows(self) -> list[list[str]]:
        """The cells of its rows."""
        mapping = next(one for one in shipped_mappings() if one.name == self.mapping)
        delimiters = mapping.file.delimiters or (",", ";")
        delimiter = max(delimiters, key=self.text.count)
        return list(csv.reader(io.StringIO(self.text, newline=""), delimiter=delimiter))

    def expected(self) -> list[dict[str, Any]]:
        """The statements that have to be read, as :func:`said` says them."""
        return [_expected(statement) for statement in self.table["statement"]]

    def said(self, statements: list[Any]) -> list[dict[str, Any]]:
        """Statements that were read, as far as the export has something to say about them."""
        wanted = [statement["entry"] for statement in self.table["statement"]]
        return [
            _said(statement, wanted[index] if index < len(wanted) else []) for index, statement in enumerate(statements)
        ]


def _expected(statement: dict[str, Any]) -> dict[str, Any]:
    entries = []
    for entry in statement["entry"]:
        shown = {name: entry.get(terse) for terse, name in {**TERSE, **_named(entry)}.items()}
        for name in ("amount", "original_amount", "exchange_rate"):
            if name in shown:
                shown[name] = abs(Decimal(shown[name])) if name == "original_amount" else Decimal(shown[name])
        entries.append({**shown, "counter": entry.get("counter")})
    return {
        "account": statement.get("account"),
        "currency": statement.get("currency"),
        "number": statement.get("number"),
        "period": (statement.get("from"), statement.get("to")),
        "balances": tuple(_number(statement.get(name)) for name in ("opening", "closing")),
        "turnovers": tuple(_number(statement.get(name)) for name in ("credit", "debit")),
        "count": statement.get("count"),
        "entries": entries,
    }


def _said(statement: Any, wanted: list[dict[str, Any]]) -> dict[str, Any]:
    entries = []
    for index, entry in enumerate(statement.entries):
        names = {**TERSE, **(_named(wanted[index]) if index < len(wanted) else {})}
        shown = {name: getattr(entry, name) for name in names.values()}
        if "original_amount" in shown:
            # Banks write it with or without a sign.
            shown["original_amount"] = abs(entry.original_amount or Decimal(0))
        entries.append({**shown, "counter": entry.counter_account.display if entry.counter_account else None})
    return {
        "account": statement.account.display,
        "currency": statement.currency,
        "number": statement.number,
        "period": (statement.period_from, statement.period_to),
        "balances": (statement.opening, statement.closing),
        "turnovers": (statement.credit_turnover, statement.debit_turnover),
        "count": statement.entry_count,
        "entries": entries,
    }


def _named(entry: dict[str, Any]) -> dict[str, str]:
    return {terse: name for terse, name in FURTHER.items() if terse in entry}


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@cache
def exports() -> dict[str, Export]:
    """All invented exports by name."""
    paths = sorted(EXPORTS.glob("*.toml"))
    return {path.stem: Export(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))) for path in paths}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "export" in metafunc.fixturenames:
        metafunc.parametrize("export", exports().values(), ids=list(exports()))


@dataclass(frozen=True)
class Outcome:
    """What became of a file."""

    mapping: str | None
    statements: list[Any]
    codes: list[str]


@pytest.fixture
def read():
    """Reads a file: name, bytes, own accounts."""

    def reading(content: bytes, name: str = "export.csv", own: tuple[str, ...] = (), date_format: str | None = None):
        hints = Hints(date_format=date_format)
        recognised = recognise(Source(name, content), hints)
        items = list(SourceReading(Source(name, content), Own(bank_accounts=own), hints=hints))
        statements = [item for item in items if hasattr(item, "entries")]
        found = [one for item in items for one in (item.findings if item in statements else (item,))]
        named = recognised.recognition.version if recognised and recognised.entry.name == "spreadsheet" else None
        return Outcome(named, statements, sorted({one.code for one in found}))

    return reading


@pytest.fixture
def all_exports():
    """All of them."""
    return list(exports().values())


@pytest.fixture
def export_of():
    """An export by its name."""
    return exports().__getitem__


@pytest.fixture
def as_workbook():
    """Rows as a workbook; typed: amounts as numbers and days as days, as a person saves a table who opened it."""

    def made(rows: list[list[str]], *, typed: bool = False) -> bytes:
        import openpyxl

        book = openpyxl.Workbook()
        sheet = book.active
        for row in rows:
            sheet.append([_typed(cell) if typed else cell for cell in row])
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    return made


def _typed(cell: str) -> object:
    if re.fullmatch(r"[+-]?\d{1,3}(?:[ .]?\d{3})*,\d{1,2}", cell):
        return float(cell.replace(" ", "").replace(".", "").replace(",", "."))
    day = re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", cell)
    return dt.date(*map(int, reversed(day.groups()))) if day else cell
