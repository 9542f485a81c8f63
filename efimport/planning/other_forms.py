"""One statement in several formats: a bank offers the same as ABO, as XML, as a table; it is sent once.

They are the same where the account, the amounts of all entries and both balances are the same; where a form has no
balances (many tables), the last day has to be the same instead. Numbers and periods are written in different ways.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from efimport.documents import Statement
from efimport.planning.candidates import Candidate

PREFERRED = ("camt053", "gpc", "mt940", "paypal-csv")
"""The forms in the order in which they are sent: the one that says most first. Converted tables come last."""


def without_other_forms(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates without statements that are there in a better form as well; each says in which file."""
    candidates = list(candidates)
    groups: dict[tuple[object, ...], list[Candidate]] = {}
    for candidate in candidates:
        statement = candidate.document
        if isinstance(statement, Statement) and candidate.routed.ledger and statement.entries:
            amounts = tuple(sorted(entry.amount for entry in statement.entries))
            groups.setdefault((candidate.routed.ledger, amounts), []).append(candidate)
    left_out: set[int] = set()
    for group in groups.values():
        group.sort(key=_preference)
        for place, twin in enumerate(group):
            best = next((one for one in group[:place] if id(one) not in left_out and _same(one, twin)), None)
            if best is not None:
                twin.note("statement.other-form", other=best.draft.path)
                best.companions.append(twin.position)
                left_out.add(id(twin))
    return [candidate for candidate in candidates if id(candidate) not in left_out]


def _preference(candidate: Candidate) -> tuple[bool, int, int, int]:
    form = candidate.document.origin.format
    rank = PREFERRED.index(form) if form in PREFERRED else len(PREFERRED)
    return (not candidate.routed.pictured, rank, *candidate.position)


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates with the same amounts are one statement in two formats."""
    first, second = one.document, other.document
    assert isinstance(first, Statement)
    assert isinstance(second, Statement)
    if one.draft is other.draft or first.origin.format == second.origin.format:
        return False
    if None in (first.opening, first.closing, second.opening, second.closing):
        return _last_day(first) == _last_day(second) is not None
    return (first.opening, first.closing) == (second.opening, second.closing) and _near(first, second)


def _near(first: Statement, second: Statement) -> bool:
    """Whether the last entries are of days near each other: one format gives the day of booking, another of value."""
    one, other = _last_day(first), _last_day(second)
    return one is None or other is None or abs((one - other).days) <= 10


def _last_day(statement: Statement) -> dt.date | None:
    return max((day for entry in statement.entries if (day := entry.date or entry.value_date)), default=None)
