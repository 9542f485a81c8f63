"""Points in time that outlive the process, and how long ago they surely were."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from efimport.api.clock import Clock


class Moment(msgspec.Struct, frozen=True):
    """A point in time.

    Attributes:
        at: wall time in UTC, ISO 8601; for people only, because the wall clock may be moved.
        monotonic: seconds of the monotonic clock.
        boot: identity of the start of the machine that the monotonic clock counts from.
    """

    at: str
    monotonic: float
    boot: str


def now(clock: Clock, boot: str) -> Moment:
    """This moment."""
    wall = datetime.fromtimestamp(clock.time(), UTC).isoformat(timespec="milliseconds")
    return Moment(wall, clock.monotonic(), boot)


def surely_passed(since: Moment, until: Moment) -> float:
    """Seconds that have passed at least; never more than really have.

    After another start of the machine only the time since that start is sure. The wall clock is not asked.
    """
    if since.boot == until.boot and since.monotonic <= until.monotonic:
        return until.monotonic - since.monotonic
    return max(0.0, until.monotonic)
