"""A clock that a test turns, and a service that sees what a real one would see."""

from __future__ import annotations


class VirtualClock:
    """Time passes only when somebody sleeps."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return 1_700_000_000 + self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def most_in_any_window(arrivals: list[float], seconds: float) -> int:
    """The largest number of arrivals that lie within less than so many seconds."""
    ordered = sorted(arrivals)
    most, first = 0, 0
    for last, arrival in enumerate(ordered):
        while arrival - ordered[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most
