"""Arbitrary bank statements of Czech firms, for tests that write a statement in a format and read it back.

``statements()`` gives whole statements whose entries lead from the opening to the closing balance; the parts are
strategies of their own. What a format cannot hold is left out by the test: ``statements(texts=ascii_texts(), ...)``.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec
from hypothesis import strategies as st

from efimport.accounts import NationalNumber, national_to_iban
from efimport.documents import BankAccount, Entry, Origin, Statement

BANK_CODES = ("0100", "0300", "0600", "0800", "2010", "2700", "3030", "5500", "6210")
BICS = {"0300": "CEKOCZPP", "2010": "FIOBCZPP", "2700": "BACXCZPP"}
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
CZECH = "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽäöüßľĺŕôÄÖÜĽ"
SIGNS = " .,-+/()&'"
_WEIGHTS = (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)


def _holds(digits: str) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits.zfill(10), strict=True)) % 11 == 0


def _valid(seed: int, highest: int) -> int:
    """The first number from ``seed`` on whose check digit is right."""
    while not _holds(str(seed)):
        seed = seed + 1 if seed < highest else 0
    return seed


def national_numbers() -> st.SearchStrategy[NationalNumber]:
    """Czech account numbers that satisfy modulo 11, with the code of a bank."""
    return st.builds(
        lambda prefix, number, bank: NationalNumber(
            f"{_valid(prefix, 999_999):06d}", f"{_valid(number, 9_999_999_999):010d}", bank
        ),
        st.one_of(st.just(0), st.integers(0, 999_000)),
        st.integers(100_000, 9_999_999_000),
        st.sampled_from(BANK_CODES),
    )


def accounts() -> st.SearchStrategy[BankAccount]:
    """Czech accounts with IBAN, number and bank code."""
    return national_numbers().map(
        lambda one: BankAccount(iban=national_to_iban(one), number=one.text, bank_code=one.bank_code)
    )


def foreign_accounts() -> st.SearchStrategy[BankAccount]:
    """Accounts abroad: an IBAN and nothing else."""
    return st.sampled_from(
        [
            BankAccount(iban="DE89370400440532013000"),
            BankAccount(iban="SI56263300012039086"),
            BankAccount(iban="HR1210010051863000160"),
            BankAccount(iban="AT611904300234573201"),
        ]
    )


def texts(max_size: int = 60, alphabet: str = LETTERS + CZECH + SIGNS) -> st.SearchStrategy[str]:
    """Texts of words that are parted by one blank, neither empty nor with a blank at an end."""
    return st.text(alphabet, min_size=1, max_size=max_size).map(lambda text: " ".join(text.split())).filter(bool)


def ascii_texts(max_size: int = 60) -> st.SearchStrategy[str]:
    """Texts without diacritics."""
    return texts(max_size, LETTERS + SIGNS)


def symbols(max_digits: int = 10) -> st.SearchStrategy[str]:
    """Symbols as entries keep them: without leading zeros, never nothing but zeros."""
    return st.integers(1, 10**max_digits - 1).map(str)


def references(max_size: int = 16) -> st.SearchStrategy[str]:
    """The bank's identifiers: letters and digits."""
    return st.text(LETTERS, min_size=1, max_size=max_size)


def amounts(highest: int = 10**11) -> st.SearchStrategy[Decimal]:
    """Amounts of both signs with two decimals, never zero."""
    return st.integers(-highest, highest).filter(bool).map(lambda cents: Decimal(cents).scaleb(-2))


def days(first: dt.date = dt.date(2015, 1, 1), last: dt.date = dt.date(2035, 12, 31)) -> st.SearchStrategy[dt.date]:
    """Days in the years that statements are read of."""
    return st.dates(first, last)


@st.composite
def entries(
    draw: st.DrawFn,
    first: dt.date,
    last: dt.date,
    *,
    text: st.SearchStrategy[str] | None = None,
    converted: bool = True,
) -> Entry:
    """One entry, booked between two days; its position is set by :func:`statements`.

    Args:
        draw: of hypothesis.
        first, last: days between which it is booked.
        text: of names, messages and descriptions.
        converted: whether amounts before conversion occur.
    """
    text = texts() if text is None else text
    date = draw(st.dates(first, last))
    entry = Entry(
        position=1,
        amount=draw(amounts()),
        date=date,
        value_date=draw(st.dates(max(first, date - dt.timedelta(days=3)), date)),
        variable_symbol=draw(st.none() | symbols()),
        constant_symbol=draw(st.none() | symbols(4)),
        specific_symbol=draw(st.none() | symbols()),
        counter_account=draw(st.none() | accounts() | foreign_accounts()),
        counter_name=draw(st.none() | text),
        message=draw(st.none() | text),
        description=draw(st.none() | text),
        bank_reference=draw(st.none() | references()),
        reversal=draw(st.booleans()),
    )
    if not (converted and draw(st.booleans())):
        return entry
    return msgspec.structs.replace(
        entry,
        original_amount=draw(amounts()).copy_sign(entry.amount),
        original_currency=draw(st.sampled_from(["EUR", "USD", "PLN"])),
        exchange_rate=Decimal(draw(st.integers(1, 10**8))).scaleb(-4),
    )


@st.composite
def statements(
    draw: st.DrawFn,
    *,
    max_entries: int = 8,
    currency: str | None = None,
    text: st.SearchStrategy[str] | None = None,
    converted: bool = True,
) -> Statement:
    """A statement of one account and period whose entries lead from the opening to the closing balance.

    Args:
        draw: of hypothesis.
        max_entries: how many entries at most.
        currency: of the account; CZK or EUR where it is not given.
        text: strategy of names, messages and descriptions; :func:`texts` where it is not given.
        converted: whether amounts before conversion occur.
    """
    first = draw(days())
    last = first + dt.timedelta(days=draw(st.integers(0, 31)))
    listed = draw(st.lists(entries(first, last, text=text, converted=converted), max_size=max_entries))
    numbered = tuple(msgspec.structs.replace(one, position=i, line=None) for i, one in enumerate(listed, 1))
    opening = Decimal(draw(st.integers(-(10**11), 10**11))).scaleb(-2)
    credit = sum((one.amount for one in numbered if one.amount > 0), Decimal("0.00"))
    debit = -sum((one.amount for one in numbered if one.amount < 0), Decimal("0.00"))
    currency = currency or draw(st.sampled_from(["CZK", "EUR"]))
    return Statement(
        origin=Origin(path="made.txt", format="made"),
        account=msgspec.structs.replace(draw(accounts()), currency=currency),
        number=str(draw(st.integers(1, 366))),
        currency=currency,
        period_from=first,
        period_to=last,
        date=last,
        opening=opening,
        closing=opening + credit - debit,
        credit_turnover=credit,
        debit_turnover=debit,
        entry_count=len(numbered),
        entries=numbered,
    )
