"""Statements of one account after one another: do they go on where the one before them ended?

ISO 20022 camt.053, Bal: the opening balance of a statement is the closing balance of the one before it. The same holds
for the records 074 of ABO and the fields 60F and 62F of MT940.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

import msgspec

from efimport.documents import Statement
from efimport.findings import Severity
from efimport.planning.candidates import Candidate


class Period(msgspec.Struct, frozen=True):
    """A statement and the days that it covers.

    Attributes:
        first, last: days.
        place: place in the run, to keep the order of equals.
        candidate: the call that takes it.
        statement: the statement.
    """

    first: dt.date
    last: dt.date
    place: int
    candidate: Candidate
    statement: Statement


def note_continuity(chosen: Iterable[Candidate]) -> None:
    """Say what is missing between the statements of an account, and what stands in two of them.

    That one begins on the day on which another ends is no overlap, unless the entries of that day stand in both.
    """
    by_ledger: dict[str, list[Period]] = {}
    for place, candidate in enumerate(chosen):
        statement, ledger = candidate.document, candidate.routed.ledger
        if isinstance(statement, Statement) and ledger and statement.period_from and statement.period_to:
            period = Period(statement.period_from, statement.period_to, place, candidate, statement)
            by_ledger.setdefault(ledger, []).append(period)
    for periods in by_ledger.values():
        periods.sort(key=lambda period: (period.first, period.last, period.place))
        latest = periods[0]
        for period in periods[1:]:
            pages = _are_pages(latest.statement, period.statement)
            if period.first < latest.last and not pages:
                _note_overlap(latest, period)
            else:
                _note_gaps(latest, period)
                if not pages:
                    _note_shared(latest, period)
            if period.last > latest.last or pages:
                latest = period


def _are_pages(one: Statement, other: Statement) -> bool:
    """Whether two statements are pages of one: they share its number."""
    return None not in (one.page, other.page) and one.number == other.number


def _note_overlap(earlier: Period, later: Period) -> None:
    other = earlier.candidate.draft.path
    later.candidate.note("statement.overlap", first=later.first, last=later.last, other=other)
    _note_shared(earlier, later)


def _note_shared(earlier: Period, later: Period) -> None:
    """Say how many entries stand in both statements."""
    shared = _signs(earlier.statement) & _signs(later.statement)
    if shared:
        other = earlier.candidate.draft.path
        later.candidate.note("statement.entries-in-both", count=shared.total(), other=other)


def _signs(statement: Statement) -> Counter[tuple[object, ...]]:
    """The entries that the bank gave a reference, by what tells them apart."""
    return Counter(
        (entry.date, entry.amount, entry.bank_reference) for entry in statement.entries if entry.bank_reference
    )


def _note_gaps(earlier: Period, later: Period) -> None:
    """Say that a statement does not go on with balance, number or day of the one before it."""
    closing, opening = earlier.statement.closing, later.statement.opening
    other = earlier.candidate.draft.path
    adjacent = later.first <= earlier.last + dt.timedelta(days=1)
    if closing is not None and opening is not None:
        if closing != opening:
            # Where no day lies between them, nothing but a lost entry explains it.
            severity = Severity.WARNING if adjacent else None
            later.candidate.note("statement.gap", severity, opening=opening, closing=closing, other=other)
    elif not adjacent:
        later.candidate.note("statement.days-missing", first=later.first, last=earlier.last, other=other)
    _note_numbers(earlier, later, other)


def _note_numbers(earlier: Period, later: Period, other: str) -> None:
    """Banks count the statements of an account through the year; 0 counts nothing."""
    before, after = _number(earlier.statement), _number(later.statement)
    if not before or not after or earlier.last.year != later.last.year:
        return
    if after > before + 1:
        later.candidate.note("statement.number-gap", number=after, before=before, other=other)
    elif after < before:
        later.candidate.note("statement.number-order", number=after, before=before, other=other)


def _number(statement: Statement) -> int | None:
    number = statement.number or ""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
