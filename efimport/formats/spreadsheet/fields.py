"""Texts and symbols of an entry, out of the cells of its row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from efimport.accounts import clean_iban, iban_to_national, parse_account, parse_national
from efimport.documents import BankAccount
from efimport.formats.notes import Notes
from efimport.formats.spreadsheet.cells import Cells, Picked, condition, pick
from efimport.formats.spreadsheet.names import Names
from efimport.formats.tables.model import Row, Table
from efimport.formats.tables.numbers import parse_amount
from efimport.mappings import StatementMapping
from efimport.mappings.statements import SYMBOLS

TEXTS = (
    *("counter_name", "message", "description", "bank_reference", "end_to_end_reference", "transaction_code"),
    *("variable_symbol", "constant_symbol", "specific_symbol"),
)
COUNTER = (
    *("counter_account", "counter_prefix", "counter_bank_code", "counter_iban", "counter_bic", "counter_bank_name"),
)
CONVERSION = frozenset({"original_amount", "original_currency", "exchange_rate"})
EXACT_DIGITS = 15
"""Digits that a workbook keeps of a number."""

_SIGNS = {"KČ": "CZK", "€": "EUR", "$": "USD", "£": "GBP", "KN": "HRK", "SK": "SKK"}
_EXPONENT = re.compile(r"\d+(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{3}")
_WITH_CURRENCY = re.compile(r"([A-Z]{3}|Kč|€)?\s*([+-]?[\d\s.,'\u00a0]*\d)\s*([A-Z]{3}|Kč|€)?")


def currency_code(text: str) -> str | None:
    """ISO 4217 code of a currency as people write it; None for what is none."""
    capitals = text.strip().upper()
    code = _SIGNS.get(capitals, capitals)
    return code if _CODE.fullmatch(code) else None


class Fields:
    """Takes the texts of entries from the rows of one table.

    Args:
        mapping: what the columns mean.
        names: the header.
        table: the table.
        decimal: decimal mark of its amounts.
    """

    def __init__(self, mapping: StatementMapping, names: Names, table: Table, decimal: str | None) -> None:
        columns = mapping.columns
        self._table = table
        self._decimal = decimal
        self._texts = _picked(TEXTS, columns, names)
        self._counter = _picked(COUNTER, columns, names)
        numbers = SYMBOLS | {"counter_account", "bank_reference", "end_to_end_reference"}
        self._numbers = [(name, column) for name, column in (*self._texts, *self._counter) if name in numbers]
        self._original = pick(columns.original_amount, names)
        self._original_currency = pick(columns.original_currency, names)
        self._rate = pick(columns.exchange_rate, names)
        self._charges = pick(columns.charges, names)
        self._reversal = condition(mapping.reversal, names) if mapping.reversal is not None else None
        self._symbols = [(one.field, one.sources, re.compile(one.pattern)) for one in mapping.symbols]
        self._account = lru_cache(maxsize=65536)(counter_account)

    def take(self, row: Row, cells: Cells, notes: Notes) -> dict[str, Any]:
        """The fields of the entry that are told by the row, by their names."""
        for name, column in (*self._texts, *self._counter) if self._table.sheet is not None else self._numbers:
            self._check_digits(name, column, row, cells, notes)
        fields: dict[str, Any] = {name: text for name, column in self._texts if (text := column.text(cells))}
        self._settle_symbols(fields)
        parts = {name: column.text(cells) for name, column in self._counter}
        if any(parts.values()):
            fields["counter_account"] = self._account(*(parts.get(name, "") for name in COUNTER))
        if self._reversal is not None and self._reversal(cells):
            fields["reversal"] = True
        self._add_conversion(fields, row, cells, notes)
        return fields

    def _check_digits(self, name: str, column: Picked, row: Row, cells: Cells, notes: Notes) -> None:
        cell = column.cell(cells)
        rounded = isinstance(cell, str) and "+" in cell and _EXPONENT.fullmatch(cell.strip())
        if rounded or (isinstance(cell, Decimal) and cell.adjusted() >= EXACT_DIGITS):
            notes.add("spreadsheet.digits", self._table.place(row, column.index), found=column.text(cells), field=name)

    def _settle_symbols(self, fields: dict[str, Any]) -> None:
        for name, sources, pattern in self._symbols:
            if not fields.get(name):
                match = next((hit for hit in (pattern.search(fields.get(one, "")) for one in sources) if hit), None)
                if match is not None:
                    fields[name] = match[1] or ""
        odd = []
        for name in sorted(SYMBOLS & fields.keys(), reverse=True):
            text = "".join(fields.pop(name).split())
            if text.isascii() and text.isdigit():
                if text.strip("0"):
                    fields[name] = text.lstrip("0")
            elif text:
                odd.append(text)
        if odd:
            known = fields.get("end_to_end_reference")
            fields["end_to_end_reference"] = " ".join([*([known] if known else []), *odd])

    def _add_conversion(self, fields: dict[str, Any], row: Row, cells: Cells, notes: Notes) -> None:
        currency = currency_code(self._original_currency.text(cells)) if self._original_currency is not None else None
        text = self._original.text(cells) if self._original is not None else ""
        if self._original is not None and text:
            amount, beside = _amount_and_currency(text, self._original.decimal or self._decimal)
            if amount is None:
                self._note_further("original_amount", self._original, row, cells, notes)
            fields["original_amount"] = amount
            currency = currency or beside
        fields["original_currency"] = currency
        for name, column in (("exchange_rate", self._rate), ("charges", self._charges)):
            if column is not None and column.text(cells):
                number = _further_amount(column, cells, self._decimal)
                if number is None:
                    self._note_further(name, column, row, cells, notes)
                fields[name] = number

    def _note_further(self, name: str, column: Picked, row: Row, cells: Cells, notes: Notes) -> None:
        notes.add(
            "spreadsheet.further-amount", self._table.place(row, column.index), field=name, found=column.text(cells)
        )


def with_real_conversion(fields: dict[str, Any], amount: Decimal, currency: str) -> dict[str, Any]:
    """The fields without a conversion into the same currency, which gateways tell for every row.

    An original amount without a sign gets that of the amount.

    Args:
        fields: those of an entry.
        amount: its amount, before fees that are booked separately.
        currency: currency of the amount; empty where it is not known.
    """
    original = fields.get("original_amount")
    as_much = original is None or abs(original) == abs(amount)
    if currency and fields.get("original_currency") == currency and as_much:
        return {name: value for name, value in fields.items() if name not in CONVERSION}
    if original is not None and original > 0 > amount:
        return {**fields, "original_amount": -original}
    return fields


def _picked(wanted: Iterable[str], columns: object, names: Names) -> list[tuple[str, Picked]]:
    found = ((name, pick(getattr(columns, name), names)) for name in wanted)
    return [(name, column) for name, column in found if column is not None]


def _further_amount(column: Picked, cells: Cells, decimal: str | None) -> Decimal | None:
    cell = column.cell(cells)
    exact = parse_amount(cell, column.decimal or decimal)
    return exact if exact is not None else parse_amount(cell)


def _amount_and_currency(text: str, decimal: str | None) -> tuple[Decimal | None, str | None]:
    match = _WITH_CURRENCY.fullmatch(text)
    if match is None:
        return parse_amount(text, decimal), None
    before, number, behind = match.groups()
    amount = parse_amount(number, decimal)
    return amount if amount is not None else parse_amount(number), currency_code(behind or before or "")


def counter_account(
    account: str, prefix: str = "", bank_code: str = "", iban: str = "", bic: str = "", bank_name: str = ""
) -> BankAccount | None:
    """The account of the other side, of the columns that it is spread over; None for none."""
    whole = account_of(iban or account, prefix, bank_code)
    number = account if iban and account and account != iban else None
    national = parse_national(number) if number else None
    found = BankAccount(
        iban=whole.iban,
        number=(national.text if national else number) or whole.number,
        bank_code=whole.bank_code or (bank_code or None),
        bic=bic or None,
        bank_name=bank_name or None,
    )
    return found if found != BankAccount() else None


def account_of(account: str, prefix: str = "", bank_code: str = "") -> BankAccount:
    """An account as it stands in a table: an IBAN, a national number in one to three parts, or what people write."""
    text = account.strip()
    if not text.strip("0-/ "):
        return BankAccount(bank_code=bank_code or None)
    iban = clean_iban(text)
    if iban is not None:
        return _of_iban(iban)
    code = bank_code.strip()
    code = code.zfill(4) if code.isdigit() and code.isascii() and len(code) < 4 else code
    written = f"{prefix}-{text}" if prefix.strip("0 ") and "-" not in text else text
    if code and "/" not in written and parse_national(written) is not None and len(code) == 4 and code.isdigit():
        written = f"{written}/{code}"
    return parse_account(written) or BankAccount(number=written, bank_code=code or None)


def _of_iban(iban: str) -> BankAccount:
    national = iban_to_national(iban)
    if national is None:
        return BankAccount(iban=iban)
    return BankAccount(iban=iban, number=national.text, bank_code=national.bank_code)
