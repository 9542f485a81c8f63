"""Whose account a statement is of: bank, and order of the digits.

Komerční banka and Česká spořitelna may write account numbers in an internal order (Popis formátu ABO, 2.2; 3-2267,
"interní formát čísla účtu"), and no column says so. One number in 121 satisfies modulo 11 in both orders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from efimport.accounts import (
    NationalNumber,
    check_digits,
    clean_iban,
    digits_hold,
    from_abo,
    iban_to_national,
    national_to_iban,
    parse_account,
    parse_national,
    unpermuted,
)
from efimport.documents import BankAccount
from efimport.formats.gpc.header import Header
from efimport.formats.gpc.items import Item
from efimport.formats.notes import Notes

FIO = "2010"
_IBAN_IN_NAME = re.compile(r"(?<![A-Z0-9])(?:CZ|SK)\d{22}(?!\d)")
_ACCOUNT_COLUMNS = (4, 19)


class Known(msgspec.Struct, frozen=True):
    """An account that the file may be of: of the firm, or named by the file's name."""

    number: NationalNumber
    iban: str | None


class Owner(msgspec.Struct, frozen=True):
    """The account of a statement.

    Attributes:
        account: number, with bank code and IBAN where they are known.
        internal: whether the file has account numbers in the internal order.
    """

    account: BankAccount
    internal: bool


def known_accounts(file_name: str, own: Iterable[str]) -> tuple[Known, ...]:
    """The accounts that can prove an order of digits.

    MONETA Money Bank puts the IBAN into the name of the file; the firm's own accounts come from the settings.
    """
    texts = [*_IBAN_IN_NAME.findall(file_name.upper()), *own]
    found = []
    for written in texts:
        account = parse_account(written)
        number = None
        if account is not None:
            number = iban_to_national(account.iban) if account.iban else parse_national(written)
        if account is not None and number is not None:
            found.append(Known(number, account.iban))
    return tuple(found)


def find_owner(header: Header, items: Sequence[Item], known: Sequence[Known], notes: Notes) -> Owner:
    """Decide the order of digits and name the account; notes what stays in doubt.

    The order is told by, in this order: an account that is known, the head of the IBAN or the mark of Fio banka at the
    end of the header, modulo 11 of the account, modulo 11 of the counter-accounts.
    """
    if header.account is None:
        return Owner(BankAccount(bank_code=_marked_bank(header)), False)
    digits = header.account.decode("ascii")
    bank = _marked_bank(header)
    candidates = [one for one in known if bank is None or one.number.bank_code in (None, bank)]
    plain = [one for one in candidates if one.number.digits == digits]
    internal = [one for one in candidates if one.number.digits == unpermuted(digits)]
    if plain or internal:
        return _known_owner(digits, plain or internal, bank, internal=not plain)
    order = _marked_order(header, digits, notes)
    if order is None:
        order = _order_by_checksum(header.line, digits, items, notes)
    number = from_abo(digits, internal=order, bank_code=bank)
    iban = national_to_iban(number, header.iban_head[0]) if header.iban_head else None
    return Owner(BankAccount(iban=iban, number=number.text, bank_code=bank), order)


def _marked_bank(header: Header) -> str | None:
    if header.iban_head:
        return header.iban_head[2]
    return FIO if header.fio else None


def _known_owner(digits: str, matches: Sequence[Known], bank: str | None, *, internal: bool) -> Owner:
    """The owner among the firm's accounts; two banks may have given the same number, then neither is named."""
    banks = {one.number.bank_code for one in matches} - {None}
    if len(banks) == 1:
        bank = banks.pop()
    ibans = {one.iban for one in matches if one.iban and one.number.bank_code == bank}
    number = from_abo(digits, internal=internal, bank_code=bank)
    iban = ibans.pop() if len(ibans) == 1 else None
    return Owner(BankAccount(iban=clean_iban(iban) if iban else None, number=number.text, bank_code=bank), internal)


def _marked_order(header: Header, digits: str, notes: Notes) -> bool | None:
    """The order that the end of the header proves; None where it says nothing."""
    if header.iban_head is None:
        return False if header.fio else None
    country, check, bank = header.iban_head
    if check_digits(country, bank + unpermuted(digits)) == check:
        return True
    if check_digits(country, bank + digits) == check:
        return False
    notes.add("gpc.iban-head", header.line, (115, 122), head=country + check + bank)
    return True


def _order_by_checksum(line: int, digits: str, items: Sequence[Item], notes: Notes) -> bool:
    inner = unpermuted(digits)
    plain_holds, inner_holds = digits_hold(digits.encode("ascii")), digits_hold(inner.encode("ascii"))
    if plain_holds != inner_holds:
        return inner_holds
    if not plain_holds:
        notes.add("gpc.account-checksum", line, _ACCOUNT_COLUMNS, account=from_abo(digits).text)
        return False
    if digits == inner:
        return False
    votes = _votes(items)
    if votes == 0:
        notes.add(
            "gpc.account-order",
            line,
            _ACCOUNT_COLUMNS,
            plain=from_abo(digits).text,
            internal=from_abo(digits, internal=True).text,
        )
    return votes < 0


def _votes(items: Sequence[Item]) -> int:
    """How many more counter-accounts satisfy modulo 11 as printed than in the internal order."""
    votes = 0
    for field in {item.fields.counter_account for item in items}:
        if field.isdigit() and field.strip(b"0"):
            votes += digits_hold(field) - digits_hold(unpermuted(field.decode("ascii")).encode("ascii"))
    return votes
