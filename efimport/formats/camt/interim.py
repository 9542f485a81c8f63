"""Balances within a statement, day by day.

Raiffeisenbank gives for each day with entries the available balance (``ITAV``) and the turnover of the day (``INFO``):
a day's balance is the one before it and the turnover of the day. The codes alone do not promise that (ISO 20022,
external code list BalanceType), so that a statement is held to it only where it keeps to it somewhere.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from efimport.documents import Entry
from efimport.formats.camt.elements import Found
from efimport.formats.camt.values import DEBIT, Notes, as_day, number

RUNNING, TURNOVER, AVAILABLE = "ITAV", "INFO", "OPAV"


class _Day(NamedTuple):
    """A day with both balances, and the running balance before it: several where it cannot be told which is meant."""

    place: int
    day: dt.date
    running: Decimal
    turnover: Decimal
    before: tuple[Decimal, ...]

    @property
    def holds(self) -> bool:
        return self.running - self.turnover in self.before


def check_interim(found: Found, opening: Decimal | None, entries: Iterable[Entry], notes: Notes) -> None:
    """Note the days whose balance is not the one before it and the turnover of the day.

    Args:
        found: texts of the statement.
        opening: the opening balance.
        entries: the booked entries.
        notes: takes what is wrong.
    """
    days = list(_days(found, opening))
    if not days:
        return
    booked: defaultdict[dt.date | None, Decimal] = defaultdict(Decimal)
    for entry in entries:
        booked[entry.date] += entry.amount
    if not any(one.holds or booked.get(one.day) == one.turnover for one in days):
        return
    for one in days:
        if not one.holds:
            notes.add(
                "camt.interim-mismatch",
                f"Bal[{one.place}]",
                date=one.day,
                stated=one.running,
                before=one.before[0],
                turnover=one.turnover,
                computed=one.before[0] + one.turnover,
            )


def _days(found: Found, opening: Decimal | None) -> Iterator[_Day]:
    running = _by_day(found, RUNNING)
    turnover = _by_day(found, TURNOVER)
    available = tuple(value for _, value in _by_day(found, AVAILABLE).values())[:1]
    # An overdraft may be part of what is available, so that the first day may begin with either balance.
    before = available + (() if opening is None or opening in available else (opening,))
    for day in sorted(running):
        place, value = running[day]
        if day in turnover and before:
            yield _Day(place, day, value, turnover[day][1], before)
        before = (value,)


def _by_day(found: Found, code: str) -> dict[dt.date, tuple[int, Decimal]]:
    """Ordinal among the balances, from 1, and signed amount of the balances of one code; the last one of each day."""
    kept = {}
    for index, item in enumerate(found.get("balances", ()), start=1):
        value, day = number(item.get("amount")), as_day(item.get("day"))
        if item.get("code") == code and value is not None and day is not None:
            kept[day] = index, -value if item.get("side") == DEBIT else value
    return kept
