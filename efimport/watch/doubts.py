"""Asking the service what became of that which may have arrived, also where nothing else is to be sent."""

from __future__ import annotations

from collections.abc import Iterable

from efimport.delivery import recover
from efimport.errors import EfimportError, JournalError
from efimport.journal import DroppedFile, FileStage, Stage
from efimport.watch.ground import Ground
from efimport.watch.reconciling import entries_of

PAUSE = 300.0
"""Seconds after which it is asked again; at the start it is asked at once."""


class Doubts:
    """The files in the folder for what may have arrived, as far as the service can tell.

    Args:
        ground: the watched folder.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._next = ground.clock.monotonic()

    def are_due(self, open_files: Iterable[DroppedFile]) -> bool:
        """Whether there are files of which it is time to ask."""
        now = self._ground.clock.monotonic()
        asked = [file for file in open_files if file.stage is FileStage.ASKED]
        if not asked:
            self._next = now + PAUSE
        return now >= self._next and any(self._is_unknown(file) for file in asked)

    def ask(self) -> EfimportError | None:
        """Asks, with the journal owned; returns why that was not possible.

        Raises:
            JournalError: the journal cannot be read or written.
        """
        from efimport.api.client import Client
        from efimport.api.pace import ABANDONED_WAIT

        ground = self._ground
        sending = ground.sending
        abandoned = min(ABANDONED_WAIT, sending.quiet_time)
        try:
            with Client(ground.organization, sending=sending, abandoned_wait=abandoned) as client:
                recover(
                    client,
                    ground.journal,
                    quiet_time=sending.quiet_time,
                    stop=ground.stop,
                    on_waiting=ground.on_waiting,
                )
        except JournalError:
            raise
        except EfimportError as fault:
            return fault
        finally:
            self._next = ground.clock.monotonic() + PAUSE
        return None

    def _is_unknown(self, file: DroppedFile) -> bool:
        """Held is what only a person can decide."""
        return any(entry.stage is Stage.UNKNOWN for entry in entries_of(self._ground, file.keys))
