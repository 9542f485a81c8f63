"""Items become entries of the statement."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

import msgspec

from efimport.accounts import from_abo
from efimport.documents import BankAccount, Entry
from efimport.documents.statements import signed_like
from efimport.formats.gpc.extended import read_extended
from efimport.formats.gpc.fields import day, is_no_day, money, number, text
from efimport.formats.gpc.items import Fields, Item
from efimport.formats.gpc.messages import read_message
from efimport.formats.gpc.posting import PostingMap
from efimport.formats.notes import Notes
from efimport.messages import message

KOMERCNI = "0100"
VALUE_DATE_COLUMNS = (92, 97)
DATE_COLUMNS = (123, 128)
VALUE_DATE, DAY_OF_BOOKING = message("value date"), message("day of booking")


class Entries:
    """Makes the entries of one statement.

    Args:
        posting: meaning of the posting codes.
        internal: whether account numbers are in the internal order.
        date: day of the statement; the day of booking of items that name none.
        notes: where doubts are noted.
        bank_code: bank that keeps the account. Komerční banka leaves out a day of value that is that of the statement
            (Popis formátu ABO, 2.2, record 075).
    """

    def __init__(
        self, posting: PostingMap, *, internal: bool, date: dt.date | None, notes: Notes, bank_code: str | None = None
    ) -> None:
        self._posting = posting
        self._internal = internal
        self._date = date
        self._value_date = date if bank_code == KOMERCNI else None
        self._notes = notes
        self._accounts: dict[tuple[bytes, bytes], BankAccount | None] = {}

    def make(self, items: Sequence[Item]) -> tuple[Entry, ...]:
        """The entries, in the order of the items."""
        return tuple(self._entry(position, item) for position, item in enumerate(items, 1))

    def _entry(self, position: int, item: Item) -> Entry:
        fields = item.fields
        direction = self._posting.direction(item)
        value_date = self._day(item, fields.value_date, VALUE_DATE_COLUMNS, VALUE_DATE)
        date = self._day(item, fields.date, DATE_COLUMNS, DAY_OF_BOOKING)
        entry = Entry(
            position=position,
            amount=money(direction * item.hundredths),
            date=date or value_date or self._date,
            value_date=value_date or (self._value_date if is_no_day(fields.value_date) else None),
            variable_symbol=number(fields.variable_symbol),
            constant_symbol=number(fields.constant_symbol),
            specific_symbol=number(fields.specific_symbol),
            counter_account=self._counter_account(item),
            counter_name=text(fields.name),
            bank_reference=number(fields.reference),
            transaction_code=_transaction_code(fields),
            reversal=self._posting.is_reversal(item),
            line=item.line,
        )
        return _with_further(entry, item) if item.records or item.extended else entry

    def _day(self, item: Item, field: bytes, columns: tuple[int, int], name: str) -> dt.date | None:
        found = day(field)
        if found is None and not is_no_day(field):
            self._notes.add("gpc.date", item.line, columns, field=name, found=text(field) or message("blanks"))
        return found

    def _counter_account(self, item: Item) -> BankAccount | None:
        key = (item.fields.counter_account, item.fields.bank_code)
        try:
            return self._accounts[key]
        except KeyError:
            account = self._accounts[key] = self._new_counter_account(*key)
            return account

    def _new_counter_account(self, digits: bytes, bank_code: bytes) -> BankAccount | None:
        code = text(bank_code) if bank_code.strip(b"0 ") else None
        if not digits.strip(b"0 "):
            return BankAccount(bank_code=code) if code else None
        if len(digits) != 16 or not digits.isdigit():
            return BankAccount(number=text(digits), bank_code=code)
        account = from_abo(digits.decode("ascii"), internal=self._internal, bank_code=code)
        return BankAccount(number=account.text, bank_code=code)


def _with_further(entry: Entry, item: Item) -> Entry:
    """The entry with what the records behind an item and the columns behind 128 add to it."""
    message = read_message(item.records, entry.counter_name)
    reference, identifier = entry.bank_reference, message.identifier
    if identifier is not None and reference in (None, identifier, str(entry.position)):
        # A document number that only counts the items refers to nothing.
        reference, identifier = identifier, None
    entry = msgspec.structs.replace(
        entry,
        message=message.text,
        counter_name=message.name or entry.counter_name,
        bank_reference=reference,
        description=identifier,
        original_amount=signed_like(entry.amount, message.original_amount),
        original_currency=message.original_currency,
        exchange_rate=message.exchange_rate,
    )
    if not item.extended:
        return entry
    more = read_extended(item.extended)
    return msgspec.structs.replace(
        entry,
        counter_name=more.counter_name or entry.counter_name,
        counter_account=_at_bank(entry.counter_account, more.bank_name),
        message=" ".join(part for part in (more.message, entry.message) if part) or None,
        description=more.description or entry.description,
        end_to_end_reference=more.reference,
        original_amount=signed_like(entry.amount, more.original_amount) or entry.original_amount,
        original_currency=more.original_currency or entry.original_currency,
    )


def _at_bank(account: BankAccount | None, name: str | None) -> BankAccount | None:
    """The account with the name of its bank, where there is one."""
    return msgspec.structs.replace(account or BankAccount(), bank_name=name) if name else account


@lru_cache(maxsize=1)
def _currencies() -> dict[str, str]:
    table = resources.files("efimport.formats.gpc") / "currencies.toml"
    return tomllib.loads(table.read_text(encoding="utf-8"))


@lru_cache(maxsize=256)
def currency_of(change_code: bytes, data_type: bytes) -> tuple[str | None, str | None]:
    """The currency in columns 118 to 122, and its numeric code where that is not known.

    Fio banka and ČSOB write ``00`` and the numeric code of ISO 4217 there; the others a change code and a kind of data,
    of which the first digit is never zero.
    """
    if change_code != b"0" or data_type[:1] != b"0" or not data_type.isdigit() or data_type == b"0000":
        return None, None
    code = data_type[1:].decode("ascii")
    currency = _currencies().get(code)
    return currency, None if currency else code


def numeric_currency(currency: str | None) -> str | None:
    """The numeric code of a currency (ISO 4217), ``203`` for CZK; None where there is none."""
    return next((code for code, name in _currencies().items() if name == currency), None)


def _transaction_code(fields: Fields) -> str | None:
    return None if fields.data_type[:1] == b"0" else text(fields.data_type)


def find_currency(items: Sequence[Item], line: int, notes: Notes) -> str | None:
    """The currency that the items name; notes where they name none, an unknown one or several."""
    found: dict[str, int] = {}
    for item in items:
        currency, unknown = currency_of(item.change_code, item.fields.data_type)
        if currency:
            found.setdefault(currency, item.line)
        elif unknown:
            notes.add("gpc.currency-code", item.line, (120, 122), found=unknown)
    if not found:
        notes.add("statement.no-currency", line)
        return None
    first, *others = found
    for other in others:
        notes.add("statement.currency-mixed", found[other], (119, 122), currency=first, other=other)
    return first
