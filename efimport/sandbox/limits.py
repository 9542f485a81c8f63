"""The two limits of the service: requests within a period per address, one request at a time per user.

"A burst of 4 consecutive requests is allowed followed by a pause until 4 seconds period expires. Concurrent API
requests coming from a single API user account are not allowed." (reference, limits)
"""

from __future__ import annotations

from collections import Counter, deque

from efimport.sandbox.options import Options
from efimport.sandbox.tenants import UserKey


class Pace:
    """Admits or refuses the start of a request by the address that it comes from.

    Args:
        options: burst, period and the shape of the window.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.refused = 0
        self.delayed = 0
        self.most_starts = 0
        self._admitted: dict[str, deque[float]] = {}
        self._seen: dict[str, deque[float]] = {}

    def admit(self, address: str, now: float) -> bool:
        """Whether a request that starts now may go on; an admitted one counts against those that follow."""
        self._watch(address, now)
        if self._free_at(address, now) > now:
            self.refused += 1
            return False
        self._count(address, now)
        return True

    def _free_at(self, address: str, now: float) -> float:
        """The moment at which a request of the address would be admitted: now, or later."""
        starts = self._admitted.get(address, deque())
        if self.options.period <= 0 or not starts:
            return now
        if len(starts) < self.options.burst:
            # A window that begins only later has room only then.
            return max(now, starts[-1])
        return max(now, starts[0] + self.options.period)

    def admit_late(self, address: str, now: float) -> float:
        """Admit a request in any case, as if it came when there is room for it.

        Returns:
            Seconds until then, for which its answer has to be held back; 0 for none.
        """
        self._watch(address, now)
        free_at = self._free_at(address, now)
        self.delayed += free_at > now
        self._count(address, free_at)
        return free_at - now

    def _count(self, address: str, now: float) -> None:
        starts = self._admitted.setdefault(address, deque())
        if self.options.window == "fixed" and starts and now >= starts[0] + self.options.period:
            starts.clear()
        starts.append(now)
        while len(starts) > self.options.burst:
            starts.popleft()

    def _watch(self, address: str, now: float) -> None:
        seen = self._seen.setdefault(address, deque())
        seen.append(now)
        while seen and now >= seen[0] + self.options.period:
            seen.popleft()
        self.most_starts = max(self.most_starts, len(seen))


class InFlight:
    """Which user has a request in flight.

    Attributes:
        refused: requests that were refused, by the key of the organization.
        most: the most requests that a user had at once, refused ones included.
    """

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()
        self.most: Counter[UserKey] = Counter()
        self._now: set[UserKey] = set()

    def enter(self, user: UserKey) -> bool:
        """Begin a request of the user; False, and nothing begun, where one is in flight."""
        self.most[user] = max(self.most[user], 2 if user in self._now else 1)
        if user in self._now:
            self.refused[user[0]] += 1
            return False
        self._now.add(user)
        return True

    def leave(self, user: UserKey) -> None:
        """End the request of the user."""
        self._now.discard(user)
