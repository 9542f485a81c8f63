"""Stopping politely: the request in flight is finished and entered, the next one is not begun."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

Stop: TypeAlias = Callable[[], bool]


def never() -> bool:
    """Nobody wants to stop."""
    return False


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Ctrl-C and the ending of the program by the system (SIGINT, SIGTERM) ask to stop while the block lasts.

    The second signal interrupts at once: what is then in flight is of unknown outcome, and the next run settles it.
    Outside of the main thread signals cannot be caught; there the value never says stop.
    """
    if threading.current_thread() is not threading.main_thread():
        yield never
        return
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
