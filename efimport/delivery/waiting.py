"""Waiting that can be ended and is said: for a turn, for a busy service, for a quiet time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from efimport.api.clock import Clock
from efimport.delivery.stopping import Stop
from efimport.messages import Message, message

if TYPE_CHECKING:
    from efimport.api.client import Client, Turn

SLICE = 0.25
"""Seconds between two looks at whether somebody wants to stop."""
WORTH_SAYING = 3.0
"""Seconds of waiting that are said; shorter ones are the ordinary pace."""


class Waiting(msgspec.Struct, frozen=True):
    """A wait that begins.

    Attributes:
        seconds: how long it lasts at most; None where somebody else ends it.
        reason: why, for people.
    """

    seconds: float | None
    reason: Message


Tell: TypeAlias = Callable[[Waiting], None]


class StopAskedError(Exception):
    """Somebody wants to stop while a turn is waited for; nothing was sent."""


class Patience:
    """Waits as long as nobody wants to stop.

    Args:
        clock: the time.
        stop: asked a few times a second.
        tell: called when a wait begins that is worth saying; None for nobody.
    """

    def __init__(self, clock: Clock, stop: Stop, tell: Tell | None = None) -> None:
        self._clock = clock
        self._stop = stop
        self._tell = tell

    def wait(self, seconds: float, reason: Message) -> bool:
        """Waits; False where somebody wants to stop."""
        if seconds >= WORTH_SAYING and not self._stop():
            self._say(Waiting(seconds, reason))
        return self._sliced(seconds)

    @contextmanager
    def turn(self, client: Client) -> Iterator[Turn]:
        """Waits for the pace and for a free user; the block may then send one request.

        Raises:
            StopAskedError: somebody wants to stop; nothing may be sent.
            SettingsError: the state of the pace cannot be kept.
        """
        waited, said = 0.0, False

        def sleep(seconds: float) -> None:
            nonlocal waited, said
            if waited >= WORTH_SAYING and waited + seconds > WORTH_SAYING + 2 and not said:
                said = True
                reason = message("Another program sends as the same user, or one that was ended did so just now.")
                self._say(Waiting(None, reason))
            waited += seconds
            if not self._sliced(seconds):
                raise StopAskedError

        if self._stop():
            raise StopAskedError
        with client.turn(sleep) as turn:
            yield turn

    def _sliced(self, seconds: float) -> bool:
        """Sleeps, looking again and again whether somebody wants to stop; False where somebody does."""
        end = self._clock.monotonic() + seconds
        while not self._stop():
            rest = end - self._clock.monotonic()
            if rest <= 0:
                return True
            self._clock.sleep(min(rest, SLICE))
        return False

    def _say(self, waiting: Waiting) -> None:
        if self._tell is not None:
            self._tell(waiting)
