"""One owner: only one process at a time sends from a journal, and the system frees it when that process dies."""

from __future__ import annotations

import os
import socket
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import msgspec
from filelock import FileLock, Timeout
from sqlalchemy import Connection

from efimport.api.clock import Clock
from efimport.errors import JournalError, JournalHeldError
from efimport.journal.words import storable
from efimport.messages import message
from efimport.private_files import whole_file

POLL_SECONDS = 0.02
"""Between two attempts to take a journal that somebody else owns."""


class Owner(msgspec.Struct, frozen=True):
    """Who owns a journal.

    Attributes:
        pid: number of the process.
        host: name of its machine.
        since: when it took the journal, wall time in UTC.
        command: what was started.
    """

    pid: int
    host: str
    since: str
    command: str


OnWait: TypeAlias = Callable[[JournalHeldError], None]
"""Told once, with who owns the journal, before it is waited for."""


class Ownership(ABC):
    """The right to send from one journal. Taking it again in the same process is allowed and counted."""

    def __init__(self) -> None:
        self._mutex = threading.RLock()
        self._times = 0

    @property
    def held(self) -> bool:
        """Whether this process owns the journal through this object."""
        return self._times > 0

    @contextmanager
    def taken(self, *, wait: float = 0.0, on_wait: OnWait | None = None) -> Iterator[bool]:
        """Owns the journal while the block lasts; the value is whether it was not owned by us before.

        Args:
            wait: seconds to wait for another owner to finish.
            on_wait: see :data:`OnWait`.

        Raises:
            JournalHeldError: another process owns it.
            JournalError: the lock cannot be made.
        """
        with self._mutex:
            first = not self._times
            if first:
                self._take(wait, on_wait)
            self._times += 1
        try:
            yield first
        finally:
            with self._mutex:
                self._times -= 1
                if not self._times:
                    self._let_go()

    @abstractmethod
    def owner(self) -> Owner | None:
        """Who took it last and has not given it back; None where nobody did or it cannot be read."""

    @abstractmethod
    def check(self, connection: Connection) -> None:
        """Looks, in a transaction that writes, whether an owner still is one.

        Raises:
            JournalHeldError: the ownership was lost; another process may have taken over.
        """

    @abstractmethod
    def _take(self, wait: float, on_wait: OnWait | None) -> None:
        """Takes it for this process."""

    @abstractmethod
    def _let_go(self) -> None:
        """Gives it back."""


def this_process(clock: Clock) -> Owner:
    """This process as an owner."""
    since = datetime.fromtimestamp(clock.time(), UTC).isoformat(timespec="seconds")
    command = storable(" ".join([Path(sys.argv[0]).name, *sys.argv[1:]]))
    return Owner(os.getpid(), socket.gethostname(), since, command)


def held_by(owner: Owner | None) -> JournalHeldError:
    """The error that names the owner."""
    remedy = message("Wait until it has finished, or end it; the journal is then free at once.")
    if owner is None:
        return JournalHeldError(message("Another process is using the journal."), remedy)
    return JournalHeldError(
        message(
            "The journal is in use by process {pid} on {host} since {since}: {command}.",
            pid=owner.pid,
            host=owner.host,
            since=owner.since,
            command=owner.command,
        ),
        remedy,
    )


class FileOwnership(Ownership):
    """The ownership of a journal in a file: a lock of the system on a file beside it.

    Args:
        place: path whose name the lock and the owner's record are derived from.
        clock: the time.
    """

    def __init__(self, place: Path, *, clock: Clock) -> None:
        super().__init__()
        self._lock = FileLock(lock_of(place), thread_local=False, poll_interval=POLL_SECONDS)
        self._record = place.with_name(place.name + ".owner")
        self._clock = clock

    def owner(self) -> Owner | None:
        """See :meth:`Ownership.owner`."""
        try:
            return msgspec.json.decode(self._record.read_bytes(), type=Owner)
        except (OSError, msgspec.DecodeError):
            return None

    def check(self, connection: Connection) -> None:
        """The system takes such a lock from nobody who lives."""

    def _take(self, wait: float, on_wait: OnWait | None) -> None:
        self._acquire(wait, on_wait)
        # The lock is what counts; without the record a second process cannot name the owner, that is all.
        with suppress(OSError), whole_file(self._record) as stream:
            stream.write(msgspec.json.encode(this_process(self._clock)))

    def _let_go(self) -> None:
        with suppress(OSError):
            self._record.unlink(missing_ok=True)
        self._lock.release()

    def _acquire(self, wait: float, on_wait: OnWait | None) -> None:
        try:
            if wait > 0 and on_wait is not None:
                try:
                    self._lock.acquire(timeout=0)
                except Timeout:
                    on_wait(held_by(self.owner()))
                else:
                    return
            self._lock.acquire(timeout=wait)
        except Timeout as error:
            raise held_by(self.owner()) from error
        except OSError as error:
            raise JournalError(
                message("The journal cannot be locked: {error}.", error=error),
                message("Make its folder writable for you."),
            ) from error


def lock_of(place: Path) -> Path:
    """The file whose lock the owner of a journal holds."""
    return place.with_name(place.name + ".lock")
