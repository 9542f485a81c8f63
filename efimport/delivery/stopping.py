"""Stopping politely: the request in flight is finished and entered, the next one is not begun."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

Stop: TypeAlias = Callable[[], bool]


class InsistedError(KeyboardInterrupt):
    """The second wish to stop: at once, without waiting for the request in flight."""


def never() -> bool:
    """Nobody wants to stop."""
    return False


def signals_to_stop() -> tuple[signal.Signals, ...]:
    """Ctrl-C, the ending of the program by the system and, where there is one, the closing of the terminal.

    A signal that the program was started to ignore (``nohup``) stays ignored.
    """
    known = (signal.SIGINT, signal.SIGTERM, *((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()))
    return tuple(number for number in known if signal.getsignal(number) is not signal.SIG_IGN)


@contextmanager
def stop_on_signals(on_asked: Callable[[], None] | None = None) -> Iterator[Stop]:
    """SIGINT (Ctrl-C), SIGTERM and SIGHUP ask to stop while the block lasts.

    The second signal interrupts at once: what is then in flight is of unknown outcome, and the next run settles it.
    Outside of the main thread signals cannot be caught; there the value never says stop.

    Args:
        on_asked: called at the first signal, in the midst of whatever the program does; it must not use the buffered
            streams.

    Raises:
        InsistedError: at the second signal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield never
        return
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise InsistedError
        asked.set()
        if on_asked is not None:
            on_asked()

    before = {number: signal.signal(number, ask) for number in signals_to_stop()}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
