"""Fail points: the numbered places at which a test may end the process.

Every write, synchronization, renaming, removal and sending passes one. The list is complete: a point that is not in
it raises, and the crash test goes through the list, so that a new step cannot be left out of the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

FailPoint: TypeAlias = Callable[[str], None]

COMMITS = (
    "journal.admit",
    "journal.interrupted",
    "journal.sending",
    "journal.accepted",
    "journal.refused",
    "journal.answered",
    "journal.unknown",
    "journal.not-sent",
    "journal.held",
    "journal.resolved",
    "journal.filed",
)
"""Transactions; each has a point before it, one with the rows written but not committed, and one after it."""

STEPS = (
    "spool.write",
    "spool.sync",
    "spool.rename",
    "spool.folder-sync",
    "spool.unlink",
    "begun.note",
    "delivery.send",
)
"""Steps outside of the database; each has a point before and after it."""

FAIL_POINTS: tuple[str, ...] = (
    *(f"{step}:{side}" for step in COMMITS for side in ("before", "written", "after")),
    *(f"{step}:{side}" for step in STEPS for side in ("before", "after")),
)

FILING_COMMITS = ("journal.file",)
"""Transactions about dropped files."""

POINTS_OF_FILING: tuple[str, ...] = tuple(
    f"{step}:{side}" for step in FILING_COMMITS for side in ("before", "written", "after")
)


def nothing_fails(point: str) -> None:
    """The fail point of every day."""


def checked(fail_point: FailPoint) -> FailPoint:
    """The same fail point, which insists on the list."""

    def passed(point: str) -> None:
        if point not in _KNOWN:
            raise KeyError(point)
        fail_point(point)

    return passed


_KNOWN = frozenset((*FAIL_POINTS, *POINTS_OF_FILING))


@contextmanager
def around(fail_point: FailPoint, step: str) -> Iterator[None]:
    """The points before and after a step; the second is not passed where the step fails."""
    fail_point(f"{step}:before")
    yield
    fail_point(f"{step}:after")
