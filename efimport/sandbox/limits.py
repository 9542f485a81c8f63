"""The two limits of the service: requests within a period per address, one request at a time per user.

"A burst of 4 consecutive requests is allowed followed by a pause until 4 seconds period expires. Concurrent API
requests coming from a single API user account are not allowed." (reference, limits)
"""

from __future__ import annotations

from collections import Counter, deque

from efimport.sandbox.options import Options


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
        if self.wait(address, now) > 0:
            self.refused += 1
            return False
        self._count(address, now)
        return True

    def wait(self, address: str, now: float) -> float:
        """Seconds until a request of the address would be admitted; 0 for at once."""
        starts = self._admitted.get(address, deque())
        if len(starts) < self.options.burst or self.options.period <= 0:
            return 0.0
        return max(0.0, starts[0] + self.options.period - now)

    def admit_late(self, address: str, now: float) -> None:
        """Count a request that was held back until now."""
        self.delayed += 1
        self._count(address, now)

    def _count(self, address: str, now: float) -> None:
        starts = self._admitted.setdefault(address, deque())
        if self.options.window == "fixed" and starts and now - starts[0] >= self.options.period:
            starts.clear()
        starts.append(now)
        while len(starts) > self.options.burst:
            starts.popleft()

    def _watch(self, address: str, now: float) -> None:
        seen = self._seen.setdefault(address, deque())
        seen.append(now)
        while seen and now - seen[0] >= self.options.period > 0:
            seen.popleft()
        if self.options.period > 0:
            self.most_starts = max(self.most_starts, len(seen))


class InFlight:
    """Which user has a request in flight."""

    def __init__(self) -> None:
        self.refused = 0
        self.most: Counter[str] = Counter()
        self._now: Counter[str] = Counter()

    def enter(self, username: str) -> bool:
        """Begin a request of the user; False, and nothing begun, where one is in flight."""
        name = username.upper()
        self.most[name] = max(self.most[name], self._now[name] + 1)
        if self._now[name]:
            self.refused += 1
            return False
        self._now[name] += 1
        return True

    def leave(self, username: str) -> None:
        """End the request of the user."""
        self._now[username.upper()] -= 1
