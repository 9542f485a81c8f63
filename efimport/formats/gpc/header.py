"""Record 074: the header of a statement.

Česká spořitelna, Technický popis struktury ABO formátu (3-2267), record 074; Komerční banka, Popis formátu ABO, 2.2.
"""

from __future__ import annotations

import datetime as dt
import re

import msgspec

from efimport.findings import Severity
from efimport.formats.gpc.fields import ENCODING, day, is_no_day, number, text
from efimport.formats.notes import Notes
from efimport.messages import message

SHORTEST = 114
"""Columns that every bank writes; what follows is filler or a mark of the bank."""

_IBAN_HEAD = re.compile(r"(CZ|SK)([0-9]{2})([0-9]{4})")


class Header(msgspec.Struct, frozen=True):
    """What record 074 says. Amounts are hundredths of the account's currency.

    Attributes:
        line: line in the file.
        account: the sixteen digits as they stand; None where they are damaged.
        name: short name of the account.
        opening_date, date: day of the old balance and of the statement.
        opening, closing: balances, signed; None where damaged.
        debit, credit: turnovers; None where absent or damaged.
        number: number of the statement in the year; None for zeros.
        iban_head: country, check digits and bank code of the IBAN, where Komerční banka writes them.
        fio: whether Fio banka's mark stands there.
    """

    line: int
    account: bytes | None
    name: str | None
    opening_date: dt.date | None
    date: dt.date | None
    opening: int | None
    closing: int | None
    debit: int | None
    credit: int | None
    number: str | None
    iban_head: tuple[str, str, str] | None
    fio: bool


def read_header(record: bytes, line: int, notes: Notes) -> Header:
    """Read a record 074; what is damaged becomes None and an error is noted."""
    if len(record) < SHORTEST:
        notes.add("gpc.too-short", line, record="074", length=len(record), least=SHORTEST)
    elif record[128:].strip():
        notes.add("gpc.too-long", line, (129, len(record)), record="074")
    full = record.ljust(128)
    account = full[3:19] if full[3:19].isdigit() else None
    if account is None:
        _damaged(notes, line, full, 4, 19, message("own account"))
    tail = full[114:128].decode(ENCODING, "replace")
    head = _IBAN_HEAD.match(tail)
    return Header(
        line=line,
        account=account,
        name=text(full[19:39]),
        opening_date=_date(notes, line, full, 40, message("day of the old balance"), Severity.WARNING),
        date=_date(notes, line, full, 109, message("day of the statement"), Severity.ERROR),
        opening=_amount(notes, line, full, 46, message("old balance")),
        closing=_amount(notes, line, full, 61, message("new balance")),
        debit=_amount(notes, line, full, 76, message("debit turnover"), turnover=True),
        credit=_amount(notes, line, full, 91, message("credit turnover"), turnover=True),
        number=_number(notes, line, full),
        iban_head=(head[1], head[2], head[3]) if head else None,
        fio=tail.rstrip() == "FIO",
    )


def _damaged(notes: Notes, line: int, full: bytes, first: int, last: int, name: str) -> None:
    notes.add(
        "gpc.not-digits", line, (first, last), field=name, found=text(full[first - 1 : last]) or message("blanks")
    )


def _amount(notes: Notes, line: int, full: bytes, first: int, name: str, *, turnover: bool = False) -> int | None:
    """Fourteen digits and a sign; a turnover's sign column holds 0 where the turnover is not negative."""
    digits, sign = full[first - 1 : first + 13], full[first + 13 : first + 14]
    if turnover and not digits.strip():
        return None
    if not digits.isdigit():
        _damaged(notes, line, full, first, first + 13, name)
        return None
    if sign not in ((b"0", b"+", b" ", b"-") if turnover else (b"+", b"-")):
        notes.add("gpc.sign", line, (first + 14, first + 14), field=name, found=text(sign) or message("blanks"))
        return None
    return -int(digits) if sign == b"-" else int(digits)


def _date(notes: Notes, line: int, full: bytes, first: int, name: str, severity: Severity) -> dt.date | None:
    field = full[first - 1 : first + 5]
    found = day(field)
    if found is None:
        weight = Severity.WARNING if is_no_day(field) else severity
        notes.add(
            "gpc.date", line, (first, first + 5), severity=weight, field=name, found=text(field) or message("blanks")
        )
    return found


def _number(notes: Notes, line: int, full: bytes) -> str | None:
    field = full[105:108]
    if field.strip() and not field.strip().isdigit():
        notes.add("gpc.not-digits", line, (106, 108), field=message("number of the statement"), found=text(field))
    return number(field)
