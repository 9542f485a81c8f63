"""Invented exports of payment gateways with the headers, encodings and styles of the real ones."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

import efimport
from efimport.documents import Entry, Statement
from efimport.findings import Finding, Severity
from efimport.planning.build import Options, build_plan
from efimport.settings import Organization
from efimport.sources import Source

EXPORTS = Path(__file__).parent / "exports"
IBAN = "CZ6508000000192000145399"
TODAY = dt.date(2026, 12, 1)


def content(name: str) -> bytes:
    """The bytes of an export."""
    return (EXPORTS / f"{name}.csv").read_bytes()


def statements(source: str | bytes | Path, **hints: str) -> list[Statement]:
    """The statements of an export by its name, of bytes or of a file; anything else in it fails."""
    given = content(source) if isinstance(source, str) else source
    found = list(efimport.read(given, **hints))
    assert all(isinstance(document, Statement) for document in found)
    return found


def statement(source: str | bytes | Path, **hints: str) -> Statement:
    """The only statement of an export."""
    (found,) = statements(source, **hints)
    return found


def amounts(document: Statement) -> list[str]:
    """The amounts of the entries, in their order."""
    return [f"{entry.amount:.2f}" for entry in document.entries]


def fees(document: Statement, description: str) -> list[Entry]:
    """The entries that are called so."""
    return [entry for entry in document.entries if entry.description == description]


def codes(document: Statement, severity: Severity | None = None) -> set[str]:
    """Codes of the findings of a statement, of one severity or of all."""
    return {found.code for found in document.findings if severity in (None, found.severity)}


def told(document: Statement, code: str) -> Finding:
    """The only finding with a code."""
    (found,) = [found for found in document.findings if found.code == code]
    return found


def total(document: Statement) -> Decimal:
    """The sum of the entries."""
    return sum((entry.amount for entry in document.entries), Decimal(0))


def closes(document: Statement) -> bool:
    """Whether the entries lead from the opening to the closing balance."""
    return None not in (document.opening, document.closing) and document.opening + total(document) == document.closing


def closing_statement(name: str, opening: str, closing: str) -> Statement:
    """The only statement of an export, which must open and close like this, by its entries too."""
    document = statement(name)
    assert (document.opening, document.closing) == (Decimal(opening), Decimal(closing))
    assert closes(document)
    return document


def replaced(name: str, old: str, new: str, encoding: str = "utf-8") -> bytes:
    """An export with one text replaced."""
    text = content(name).decode(encoding)
    assert text.count(old) == 1
    return text.replace(old, new).encode(encoding)


def rows(name: str) -> list[list[str]]:
    """The cells of an export."""
    raw = content(name)
    text = raw.decode("cp1250") if b"\xe8" in raw else raw.decode("utf-8-sig")
    delimiter = ";" if text.partition("\n")[0].count(";") > 3 else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def workbook(name: str, as_cell: Callable[[str], object] = lambda cell: cell or None) -> bytes:
    """The same table as a workbook, its cells texts where nothing else is said."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows(name):
        sheet.append([as_cell(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def typed(cell: str) -> object:
    """A cell as a spreadsheet program takes it when it opens a text file: numbers and days are no texts any more."""
    if re.fullmatch(r"-?\d+\.\d+", cell):
        return float(cell)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return dt.date.fromisoformat(cell)
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", cell):
        return dt.datetime.fromisoformat(cell)
    return cell or None


def plan(name: str, data: bytes, accounts: dict[str, str] | None = None, **options: object) -> efimport.Plan:
    """A plan for one file of a firm whose settings name these accounts of gateways, or none."""
    own = ("CZ5508000000001234567899",)
    organization = Organization(name="acme", bank_accounts=own, table_accounts=accounts or {})
    return build_plan([Source(name, data)], organization, Options(today=TODAY, **options))


@pytest.fixture
def gateway() -> SimpleNamespace:
    """What the tests of gateways share."""
    return SimpleNamespace(
        EXPORTS=EXPORTS,
        IBAN=IBAN,
        content=content,
        statements=statements,
        statement=statement,
        amounts=amounts,
        fees=fees,
        codes=codes,
        told=told,
        total=total,
        closes=closes,
        closing_statement=closing_statement,
        replaced=replaced,
        rows=rows,
        workbook=workbook,
        typed=typed,
        plan=plan,
    )
