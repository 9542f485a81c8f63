"""Amounts, days and balances as the fields write them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache

import msgspec

CENTURY_PIVOT = 70
"""Years from 70 on are of the twentieth century; the format has two digits and says nothing of the century."""

_USUAL = re.compile(r"\d{1,15},\d{2}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_BALANCE = re.compile(
    r"\s*([CDcd])\s?(\d{6})\s?([A-Za-z]{3})?\s?([\d.,]{1,40})[ \t]*(?:-\}.*|\$)?\s*", re.ASCII | re.DOTALL
)


def amount(text: str) -> Decimal | None:
    """The amount in a field ``15d``, with two decimals at least; None where it cannot be told.

    SWIFT, MT 940, fields 60a to 62a: a comma before the decimals is obligatory, decimals are not. Some banks write a
    point, some group thousands with the other of the two signs. A point with three digits behind it is either, and
    nothing says which.
    """
    if _USUAL.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if not any(sign.isdecimal() for sign in text):
        return None
    mark = text[max(text.rfind(","), text.rfind("."))] if "," in text or "." in text else ","
    whole, _, decimals = text.rpartition(mark) if mark in text else (text, "", "")
    other = "." if mark == "," else ","
    groups = whole.split(other)
    if mark in whole or any(len(group) != 3 for group in groups[1:]) or (mark == "." and len(decimals) == 3):
        return None
    digits = "".join(groups) or "0"
    if not _DIGITS.fullmatch(digits) or (decimals and not _DIGITS.fullmatch(decimals)):
        return None
    return Decimal(f"{digits}.{decimals.ljust(2, '0')}")


@lru_cache(maxsize=4096)
def day(text: str) -> dt.date | None:
    """The day in a field YYMMDD; None where the calendar has no such day."""
    year = int(text[:2])
    return calendar_day(year + (1900 if year >= CENTURY_PIVOT else 2000), int(text[2:4]), int(text[4:6]))


def calendar_day(year: int, month: int, number: int) -> dt.date | None:
    """The day; None where the calendar has no such day."""
    try:
        return dt.date(year, month, number)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def entry_day(value: str, entry: str) -> dt.date | None:
    """The day of booking in a field MMDD: in the year in which it is nearest to the day of value YYMMDD.

    SWIFT, MT 940, field 61, subfield 2: the entry date has no year.
    """
    year = int(value[:2])
    year += 1900 if year >= CENTURY_PIVOT else 2000
    distance = int(entry[:2]) - int(value[2:4])
    if distance > 6:
        year -= 1
    elif distance < -6:
        year += 1
    return calendar_day(year, int(entry[:2]), int(entry[2:]))


class Balance(msgspec.Struct, frozen=True):
    """A field 60a or 62a.

    Attributes:
        intermediate: of a page (60M, 62M) and not of the statement.
        amount: signed.
        date: None where the calendar has no such day.
        currency: None where the field leaves it out.
        line: line in the file.
        text: the field as it stands.
    """

    intermediate: bool
    amount: Decimal
    date: dt.date | None
    currency: str | None
    line: int
    text: str


def balance(tag: str, text: str, line: int) -> Balance | None:
    """The balance in a field; None where mark or amount cannot be read."""
    match = _BALANCE.fullmatch(text)
    if match is None:
        return None
    mark, date, currency, digits = match.groups()
    found = amount(digits)
    if found is None:
        return None
    signed = found if mark in "Cc" else -found
    return Balance(tag.endswith("M"), signed, day(date), currency.upper() if currency else None, line, text.strip())


def shown(text: str) -> str:
    """The beginning of a text, harmless to show: control characters written as escapes, one line."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text.strip()[:60])
