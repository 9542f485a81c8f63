"""A writer of ABO/GPC statements that knows nothing of the reader: it goes by the columns of the specification."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from efimport.documents import Statement
from efimport.formats.gpc import read
from efimport.formats.reading import Own, Reading
from efimport.sources import Source

WEIGHTS = (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
GENERIC = {"1": -1, "2": 1, "4": 1, "5": -1}
SPORITELNA = {"1": -1, "2": 1, "3": 1, "4": -1}


def account(seed: int, prefix: int = 0) -> str:
    """Sixteen digits of the next account number from a seed that satisfies modulo 11."""
    return _next(prefix, 6) + _next(seed, 10)


def _next(seed: int, width: int) -> str:
    while sum(weight * int(digit) for weight, digit in zip(WEIGHTS, f"{seed:010d}", strict=True)) % 11:
        seed = (seed + 1) % 10**width
    return f"{seed:0{width}d}"


def internal_order(digits: str) -> str:
    """N16 N14 N15 N12 N7 to N11 N13 N1 to N6, written out place by place."""
    return "".join(digits[place - 1] for place in (16, 14, 15, 12, 7, 8, 9, 10, 11, 13, 1, 2, 3, 4, 5, 6))


OWN = account(1234567890, 27)
OTHER = account(4567890123)


@dataclass(frozen=True)
class Item:
    amount: int = 12345
    code: str = "2"
    counter: str = OTHER
    bank_code: str = "0300"
    reference: str = "0000000000017"
    variable_symbol: str = "0260100010"
    constant_symbol: str = "0308"
    specific_symbol: str = "0000000000"
    value_date: str = "150126"
    name: str = "Žluťásek a syn"
    change_and_type: str = "00203"
    date: str = "160126"
    signed: str = ""
    extended: str = ""
    records: tuple[str, ...] = ()

    def line(self, own: str, internal: bool) -> str:
        counter = internal_order(self.counter) if internal else self.counter
        amount = f"{self.signed}{self.amount:0{12 - len(self.signed)}d}"
        line = (
            f"075{own}{counter}{self.reference:>13}{amount}{self.code}{self.variable_symbol}00{self.bank_code}"
            f"{self.constant_symbol}{self.specific_symbol}{self.value_date}{self.name[:20]:20}"
            f"{self.change_and_type}{self.date}"
        )
        assert len(line) == 128
        return line + self.extended


@dataclass(frozen=True)
class Written:
    own: str = OWN
    items: tuple[Item, ...] = (Item(), Item(amount=5000, code="1"))
    opening: int = 100000
    codes: dict[str, int] = field(default_factory=lambda: GENERIC)
    internal: bool = False
    number: int = 31
    opening_date: str = "010126"
    date: str = "310126"
    tail: str = ""
    length: int = 128
    name: str = "Řemesla Kovář s.r.o."

    @property
    def movement(self) -> int:
        return sum(self.direction(item) * item.amount for item in self.items)

    def direction(self, item: Item) -> int:
        return {"+": 1, "-": -1}[item.signed] if item.signed else self.codes[item.code]

    def turnover(self, code: str, reversed_by: str) -> int:
        total = 0
        for item in self.items:
            side = {"+": "2", "-": "1"}[item.signed] if item.signed else item.code
            total += item.amount * ((side == code) - (side == reversed_by))
        return total

    def lines(self) -> list[str]:
        own = internal_order(self.own) if self.internal else self.own
        of_debit, of_credit = ("4", "5") if self.codes is GENERIC else ("3", "4")
        closing = self.opening + self.movement
        head = (
            f"074{own}{self.name[:20]:20}{self.opening_date}{_balance(self.opening, '+')}{_balance(closing, '+')}"
            f"{_balance(self.turnover('1', of_debit), '0')}{_balance(self.turnover('2', of_credit), '0')}"
            f"{self.number:03d}{self.date}{self.tail}"
        )
        lines = [head.ljust(self.length)]
        for item in self.items:
            lines += [item.line(own, self.internal), *item.records]
        return lines


def _balance(amount: int, positive: str) -> str:
    return f"{abs(amount):014d}{'-' if amount < 0 else positive}"


def encode(*statements: Written, encoding: str = "cp1250", end: str = "\r\n") -> bytes:
    return "".join(line + end for one in statements for line in one.lines()).encode(encoding)


def readings(content: bytes, own: tuple[str, ...] = (), name: str = "statement.gpc") -> list[object]:
    return list(read(Source(name, content), Reading(Own(bank_accounts=own))))


def statement(content: bytes, own: tuple[str, ...] = (), name: str = "statement.gpc") -> Statement:
    (one,) = readings(content, own, name)
    assert isinstance(one, Statement)
    return one


def codes(document: Statement) -> set[str]:
    return {finding.code for finding in document.findings}


def errors(document: Statement) -> set[str]:
    return {finding.code for finding in document.findings if finding.is_error}


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d%m%y").replace(tzinfo=dt.UTC).date()


@pytest.fixture(scope="session")
def gpc() -> SimpleNamespace:
    """Writer and reader under one name."""
    return SimpleNamespace(
        Item=Item,
        Written=Written,
        GENERIC=GENERIC,
        SPORITELNA=SPORITELNA,
        OWN=OWN,
        OTHER=OTHER,
        account=account,
        internal_order=internal_order,
        encode=encode,
        readings=readings,
        statement=statement,
        codes=codes,
        errors=errors,
        day=day,
        replace=replace,
    )
