"""Field 61: one entry.

SWIFT, MT 940, field 61: value date, entry date, mark, third letter of the currency, amount, kind of transaction,
reference of the account owner, ``//`` and reference of the bank, and further details on the next line. A reversal of a
credit (RC) takes money out, a reversal of a debit (RD) brings it in. Fio banka writes all letters of the currency and a
sign (API documentation, MT940).
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import msgspec

from efimport.formats.mt940.values import amount, day, entry_day, shown
from efimport.formats.notes import Notes

_LINE = re.compile(
    r"\s*(\d{6})\s?(\d{4})?\s*([Rr][CcDd]|[Ee][CcDd]|[CcDd])\s?([A-Za-z]{3}|[A-Za-z])?\s?([+-]?)"
    r"([\d.,]{1,40})(?![\d.,]|\s\d{3}[\s.,])(.*)",
    re.ASCII,
)
_KIND = re.compile(r"(?!NONREF)(?:[NFSnfs][A-Za-z0-9 ]{3}|[A-Z][A-Z0-9]{3}(?=NONREF))")
_WIDE = re.compile(r"(.{16,}?|\S{1,15})\s{2,}(\S.*)")
_POINTERS = frozenset(
    {"", "NONREF", "NOREF", "NOTPROVIDED", "NOTPROV", "EREF", "KREF", "KREF+", "EREF+", "MREF", "PREF"}
)
"""References that say that there is none, or that it stands in field 86."""


class Line(msgspec.Struct, frozen=True):
    """What a field 61 says.

    Attributes:
        amount: signed; money in is positive.
        date: day of booking; None where none is given.
        value_date: None where the calendar has no such day.
        currency: where all three letters are written.
        kind: ``NTRF``; None where it is left out.
        reference: of the account owner; None for none.
        bank_reference: behind ``//``.
        extra: text behind a reference that was padded with blanks.
        further: lines below the first.
        reversal: whether the entry takes another one back.
        expected: whether the money is only expected (EC, ED).
    """

    amount: Decimal
    date: dt.date | None
    value_date: dt.date | None
    currency: str | None
    kind: str | None
    reference: str | None
    bank_reference: str | None
    extra: str | None
    further: str
    reversal: bool
    expected: bool


def read_line(text: str, line: int, notes: Notes) -> Line | None:
    """The entry in a field 61; None, and an error, where its amount cannot be told."""
    first, _, further = text.partition("\n")
    match = _LINE.match(first)
    if match is None and further:
        # A gateway that wraps at any place may cut the field before the amount.
        joined, _, rest = further.partition("\n")
        match = _LINE.match(first + joined)
        further = rest if match else further
    found = amount(match.group(6)) if match else None
    if match is None or found is None:
        notes.add("mt940.entry", line, found=shown(first))
        return None
    value, entry, mark, letters, sign, _, rest = match.groups()
    mark = mark.upper()
    inward = mark in ("C", "RD", "EC")
    if sign and (sign == "+") != inward:
        notes.add("mt940.sign", line, mark=mark, sign=sign)
    kind, reference, bank_reference, extra = _references(rest)
    return Line(
        amount=found if inward else -found,
        date=_day(entry_day(value, entry), entry, line, notes) if entry else None,
        value_date=_day(day(value), value, line, notes),
        currency=letters.upper() if letters and len(letters) == 3 else None,
        kind=kind,
        reference=reference,
        bank_reference=bank_reference,
        extra=extra,
        further=further.strip(),
        reversal=mark[0] == "R",
        expected=mark[0] == "E",
    )


def _day(found: dt.date | None, text: str, line: int, notes: Notes) -> dt.date | None:
    if found is None:
        notes.add("mt940.date", line, found=text)
    return found


def _references(rest: str) -> tuple[str | None, str | None, str | None, str | None]:
    """Kind of transaction, reference of the owner, reference of the bank, and text behind a padded reference."""
    kind, rest = None, rest.lstrip()
    if _KIND.match(rest):
        kind, rest = rest[:4].strip(), rest[4:]
    rest = rest.rstrip()
    extra = None
    if "  " in rest and "//" not in rest and (wide := _WIDE.fullmatch(rest)):
        rest, extra = wide.groups()
    reference, _, bank_reference = rest.partition("//")
    reference, bank_reference = reference.strip(), bank_reference.strip()
    return (
        kind or None,
        None if reference.upper() in _POINTERS else reference,
        None if bank_reference in ("", "NONREF") else bank_reference,
        extra.strip() if extra else None,
    )
