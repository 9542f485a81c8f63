"""What keeps a watched folder from its work: told when it comes and when it goes; the pauses become longer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from efimport.errors import EfimportError
from efimport.messages import Message, message
from efimport.watch.events import EventKind
from efimport.watch.ground import Ground

LONG = 3600.0
"""Seconds after which a service that cannot be reached, or a journal that another program uses, is a failure."""

FIRST_PAUSE, LONGEST_PAUSE = 15.0, 300.0
PAUSE_AFTER_LOGIN = 900.0
"""Seconds after a login was turned away; a restart of the watcher tries it at once."""

_KINDS = {
    "away": (EventKind.AWAY, EventKind.BACK),
    "service": (EventKind.SERVICE_AWAY, EventKind.SERVICE_BACK),
    "journal": (EventKind.WAITING, EventKind.CLEARED),
}
_OTHERS = (EventKind.TROUBLE, EventKind.CLEARED)


@dataclass
class Trouble:
    """Something that is not as it should be.

    Attributes:
        since: when it came, wall time.
        text: what it is, in one sentence.
        hint: what to do about it; None where only time helps.
        file: the file that it is about; None for the whole folder.
        pause: seconds until it is tried again.
        until: when that is, on the monotonic clock.
        long: whether it was told that it lasts.
    """

    since: dt.datetime
    text: str
    hint: str | None
    file: str | None
    pause: float
    until: float
    long: bool = False


class Troubles:
    """The troubles of a watched folder.

    Args:
        ground: the watched folder.

    Attributes:
        now: those of now, by their kind.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.now: dict[str, Trouble] = {}

    def came(self, kind: str, fault: EfimportError | OSError | Message, *, file: str | None = None) -> None:
        """It is so now; told when it is new, or is another one than before."""
        text, hint = _words(fault)
        before = self.now.get(kind)
        pause = min(before.pause * 2, LONGEST_PAUSE) if before else FIRST_PAUSE
        pause = PAUSE_AFTER_LOGIN if kind == "login" else pause
        since = before.since if before else self._ground.now
        until = self._ground.clock.monotonic() + pause
        trouble = Trouble(since, text, hint, file, pause, until, long=before is not None and before.long)
        self.now[kind] = trouble
        self._tell_long(kind, trouble)
        if before is None or before.text != text:
            self._ground.happened(_KINDS.get(kind, _OTHERS)[0], file=file, detail=text)

    def _tell_long(self, kind: str, trouble: Trouble) -> None:
        """What passes by itself is no failure; what lasts is, and somebody is told once."""
        for_long = (self._ground.now - trouble.since).total_seconds() >= LONG
        if kind not in ("service", "journal") or trouble.long or not for_long:
            return
        trouble.long = True
        text = (
            message("The service has not been reached for an hour; files wait: {reason}", reason=trouble.text)
            if kind == "service"
            else message("Another program has used the journal for an hour; files wait: {reason}", reason=trouble.text)
        )
        self._ground.happened(EventKind.TROUBLE, detail=text)

    def went(self, *kinds: str) -> None:
        """It is over; told where it was so."""
        for kind in kinds:
            trouble = self.now.pop(kind, None)
            if trouble is not None:
                self._ground.happened(_KINDS.get(kind, _OTHERS)[1], file=trouble.file, detail=trouble.text)

    def forget(self, *kinds: str) -> None:
        """Nobody is troubled by it any more, whether it is over or not."""
        for kind in kinds:
            self.now.pop(kind, None)

    def rests(self, kind: str) -> bool:
        """Whether it is so, and not yet time to try again."""
        trouble = self.now.get(kind)
        return trouble is not None and self._ground.clock.monotonic() < trouble.until

    @property
    def pause(self) -> float:
        """Seconds until something is tried again."""
        now = self._ground.clock.monotonic()
        return max(0.5, min((trouble.until - now for trouble in self.now.values()), default=FIRST_PAUSE))


def _words(fault: EfimportError | OSError | Message) -> tuple[str, str | None]:
    if isinstance(fault, EfimportError):
        return fault.reason, fault.remedy
    if isinstance(fault, OSError):
        return message("The system says: {error}.", error=fault.strerror or type(fault).__name__), None
    return fault, None
