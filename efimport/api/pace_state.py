"""What the programs of a machine know of the last requests and of those who wait; see :mod:`efimport.api.pace`."""

from __future__ import annotations

import msgspec

BURST = 4
PERIOD = 4.0
GRACE = 0.5
"""Seconds by which somebody who waits may look later than announced before the others go on without them."""
REMEMBERED = 3600.0
"""Seconds for which the last turn of an organization counts in the order of those who wait."""


class Started(msgspec.Struct):
    """One of the last requests.

    Attributes:
        turn: serial word of the turn.
        user: key of its user.
        start: when it was allowed to start, in seconds of the monotonic clock.
        end: when its answer had been read; None while it is under way.
        organization: key of its organization.
    """

    turn: str
    user: str
    start: float
    end: float | None = None
    organization: str = ""


class Waiting(msgspec.Struct):
    """Somebody who waits for a turn.

    Attributes:
        organization: key of the organization.
        users: keys of the users that would do.
        since: since when.
        looks: when it looks again.
    """

    organization: str
    users: list[str]
    since: float
    looks: float


class State(msgspec.Struct):
    """What the file holds; all times in seconds of the monotonic clock.

    Attributes:
        boot: identity of the start of the machine that the times belong to.
        last: the last four requests in the order of their starts.
        unfinished: users whose turn has not ended, with its start.
        waiting: who waits, by the serial word of the waiting.
        served: organizations with the start of their last turn.
    """

    boot: str
    last: list[Started] = []
    unfinished: dict[str, float] = {}
    waiting: dict[str, Waiting] = {}
    served: dict[str, float] = {}

    def is_after_somebody(self, own: Waiting, serial: str, now: float) -> bool:
        """Whether somebody else who could send now is next."""
        others = (
            waiting for known, waiting in self.waiting.items() if known != serial and self._is_ready(waiting, now)
        )
        return any(self._place(other) < self._place(own) for other in others)

    def _is_ready(self, waiting: Waiting, now: float) -> bool:
        return now <= waiting.looks + GRACE and any(user not in self.unfinished for user in waiting.users)

    def _place(self, waiting: Waiting) -> tuple[float, float]:
        return self.served.get(waiting.organization, 0.0), waiting.since

    def apart(self, organization: str, now: float) -> float:
        """Seconds to wait so that organizations alternate: four starts at once would go to whoever has four users."""
        known = {started.organization for started in self.last} | {one.organization for one in self.waiting.values()}
        alone = known <= {organization, ""}
        return 0.0 if alone or not self.last else self.last[-1].start + PERIOD / BURST - now

    def tidy(self, now: float) -> None:
        """Forgets who has gone."""
        self.waiting = {serial: one for serial, one in self.waiting.items() if now <= one.looks + GRACE}
        self.served = {name: start for name, start in self.served.items() if now - start < REMEMBERED}
