"""Time as an argument: the clock of the system, or one that a test turns by hand."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What pace and client need to know of time."""

    def monotonic(self) -> float:
        """Seconds since the machine was started, the same in every process and deaf to changes of the wall clock."""
        ...

    def time(self) -> float:
        """Seconds since 1970, for records that people read."""
        ...

    def sleep(self, seconds: float) -> None:
        """Waits; an interruption (KeyboardInterrupt) passes."""
        ...


class SystemClock:
    """The clock of this machine."""

    def monotonic(self) -> float:
        """Seconds since the machine was started."""
        return time.monotonic()

    def time(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Waits so many seconds."""
        time.sleep(max(0.0, seconds))
