"""One watcher on a folder: the second says who holds it.

A lock of the system decides where there is one: it is free the moment its owner dies. Locks on shares are not to be
relied on, though: some mounts keep them on each computer for itself. So the owner also leaves a record that it renews
at every scan, and a record of another computer that was renewed a moment ago counts as much as a lock. Ages are told
by the share alone, from the times of two files on it, so that the clocks of the two computers may differ.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from efimport.api.clock import Clock, SystemClock
from efimport.errors import EfimportError
from efimport.journal.ownership import Owner, this_process
from efimport.messages import message
from efimport.watch.faults import what_failed
from efimport.watch.folder_disk import FolderDisk, RightsOf
from efimport.watch.folders import FoldersError, stored

LOCK_NAME, RECORD_NAME = ".efimport-watch.lock", ".efimport-watch.json"

FRESH_SECONDS = 180
"""A record that was renewed within this time has a living owner; a scan takes place every minute."""

_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
"""Errors of file systems that know no locks."""


class FolderHeldError(EfimportError):
    """Another process watches the folder."""


class Watcher(Owner, frozen=True):
    """Who watches a folder.

    Attributes:
        machine: tells computers with one name apart; empty where the system does not say.
        started: when the process was started, in the terms of its system, so that another one that got its number
            later is not taken for it; empty where the system does not say.
        token: tells the records of one process apart.
        beat: when the record was last renewed, wall time of the owner in UTC; for people.
    """

    machine: str
    started: str
    token: str
    beat: str


class FolderOwner:
    """The right to watch one folder.

    Args:
        clock: the time.
        disk: the file system.
    """

    def __init__(self, *, clock: Clock | None = None, disk: FolderDisk | None = None) -> None:
        self._clock = clock or SystemClock()
        self._disk = disk or FolderDisk()
        self._root: Path | None = None
        self._own: Watcher | None = None

    @contextmanager
    def taken(self, root: Path) -> Iterator[None]:
        """Owns the folder while the block lasts.

        Raises:
            FolderHeldError: another process watches it; the error says which.
            FoldersError: the folder is not there, or nothing can be written in it.
        """
        lock = self._locked(root)
        try:
            self._take(root, locked=lock is not None)
            try:
                yield
            finally:
                self._let_go()
        finally:
            if lock is not None:
                # A share that is away gives no lock back.
                with suppress(OSError):
                    lock.release()

    def beat(self) -> None:
        """Renews the record; to be called at every scan, and at least once a minute while files are worked on.

        A share that is away is no error here.

        Raises:
            FolderHeldError: another process took the folder while ours was not seen to live; ours must stop.
        """
        if self._root is None or self._own is None:
            return
        try:
            found = _read(self._root)
            if found is not None and found.token != self._own.token:
                raise _held(self._root, found)
            self._own = msgspec.structs.replace(self._own, beat=self._now())
            if found is not None:
                self._renew(self._root, self._own)
            elif (self._root / LOCK_NAME).exists():
                # Without our lock it is the empty place of a share that is away, and nothing is written there.
                self._write(self._root, self._own)
        except OSError:
            return

    @staticmethod
    def holder(root: Path) -> Watcher | None:
        """Who took a folder last and has not given it back; None where nobody did or it cannot be read."""
        try:
            return _read(root)
        except OSError:
            return None

    def _locked(self, root: Path) -> FileLock | None:
        """The lock; None on a file system that has none."""
        try:
            lock = FileLock(root / LOCK_NAME, thread_local=False, mode=_mode_in(root))
            lock.acquire(timeout=0)
        except Timeout as error:
            raise _held(root, self.holder(root)) from error
        except NotImplementedError:
            return None
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return None
            raise _unusable(root, error) from error
        return lock

    def _take(self, root: Path, *, locked: bool) -> None:
        try:
            found = _read(root)
            if (root / RECORD_NAME).exists() and self._lives(root, found, locked=locked):
                raise _held(root, found)
            own = Watcher(
                **msgspec.structs.asdict(this_process(self._clock)),
                machine=_machine(),
                started=_started(os.getpid()) or "",
                token=uuid.uuid4().hex,
                beat=self._now(),
            )
            self._write(root, own)
            found = _read(root)
        except OSError as error:
            raise _unusable(root, error) from error
        if found is not None and found.token != own.token:
            raise _held(root, found)
        self._root, self._own = root, own
        if locked:
            self._tidy_up(root)

    def _tidy_up(self, root: Path) -> None:
        """What owners that were killed have left; with the lock nobody else is writing a record."""
        with suppress(OSError):
            for unfinished in root.glob(f"{RECORD_NAME}.*.part"):
                self._disk.unlink(unfinished)

    def _let_go(self) -> None:
        root, own, self._root, self._own = self._root, self._own, None, None
        if root is None or own is None:
            return
        with suppress(OSError):
            found = _read(root)
            if found is not None and found.token == own.token:
                self._disk.unlink(root / RECORD_NAME)

    def _lives(self, root: Path, found: Watcher | None, *, locked: bool) -> bool:
        """Whether the owner of a record lives, as far as can be told."""
        if found is None or (found.host, found.machine) != (this_process(self._clock).host, _machine()):
            return self._fresh(root)
        running = _is_running(found)
        if running is None:
            # Only the lock tells; it was freed when its owner died.
            return not locked and self._fresh(root)
        # With the lock in our hands a record of this very process is one that it could not take away.
        return running and not (locked and found.pid == os.getpid())

    def _fresh(self, root: Path) -> bool:
        """Whether the record is young, compared with a file that is written now."""
        probe = root / f"{RECORD_NAME}.{uuid.uuid4().hex[:8]}.part"
        handle = self._disk.create(probe)
        try:
            self._disk.write_all(handle, b"now")
            self._disk.sync(handle)
        finally:
            os.close(handle)
        try:
            now = probe.stat().st_mtime
        finally:
            self._disk.unlink(probe)
        try:
            return now - (root / RECORD_NAME).stat().st_mtime < FRESH_SECONDS
        except FileNotFoundError:
            # Given back at this moment.
            return False

    def _write(self, root: Path, own: Watcher) -> None:
        unfinished = root / f"{RECORD_NAME}.{own.token[:8]}.part"
        handle = self._disk.create(unfinished)
        try:
            self._disk.write_all(handle, msgspec.json.encode(own))
            self._disk.sync(handle)
        finally:
            os.close(handle)
        try:
            RightsOf.beside(root.stat()).give(unfinished)
            self._disk.rename(unfinished, root / RECORD_NAME)
        finally:
            with suppress(OSError):
                self._disk.unlink(unfinished)

    def _renew(self, root: Path, own: Watcher) -> None:
        """Writes the record over itself: it has the same length at any time, so that nobody sees a part of it."""
        handle = os.open(root / RECORD_NAME, os.O_WRONLY | getattr(os, "O_BINARY", 0))
        try:
            self._disk.write_all(handle, msgspec.json.encode(own))
            self._disk.sync(handle)
        finally:
            os.close(handle)

    def _now(self) -> str:
        return datetime.fromtimestamp(self._clock.time(), UTC).isoformat(timespec="seconds")


def _read(root: Path) -> Watcher | None:
    """The record; None where there is none, or something else.

    Raises:
        OSError: the disk or the share failed.
    """
    try:
        return msgspec.json.decode((root / RECORD_NAME).read_bytes(), type=Watcher)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _mode_in(root: Path) -> int:
    """Rights of a file in a folder for everybody who may write there."""
    return stat.S_IMODE(root.stat().st_mode) & 0o666


def _machine() -> str:
    """What tells this computer from others of its name (machine-id(5)), not to be undone."""
    if sys.platform != "linux":
        return ""
    with suppress(OSError):
        return hashlib.sha256(b"efimport " + Path("/etc/machine-id").read_bytes().strip()).hexdigest()[:16]
    return ""


def _started(pid: int) -> str | None:
    """When a process was started (proc(5): boot_id, and starttime of stat); None where the system does not say.

    Empty for one that has ended and that its parent has not asked about yet.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        # The second field, the name, may hold blanks and brackets.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    state, start = fields[0], fields[19]
    return "" if state in ("Z", "X") else f"{boot} {start}"


def _is_running(found: Watcher) -> bool | None:
    """Whether a process of this computer that left a record still runs; None where the system does not say."""
    # On Windows signal 0 is a key that interrupts the other process.
    if not found.started or sys.platform == "win32":
        return None
    try:
        os.kill(found.pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    started = _started(found.pid)
    return None if started is None else started == found.started


def _held(root: Path, owner: Watcher | None) -> FolderHeldError:
    remedy = message(
        "End that one, or leave the folder to it. On the same computer the folder is free at once, from another one "
        "{minutes} minutes after its last sign.",
        minutes=FRESH_SECONDS // 60,
    )
    if owner is None:
        return FolderHeldError(message("Another process watches {folder}.", folder=stored(str(root))), remedy)
    return FolderHeldError(
        message(
            "The folder {folder} is watched by process {pid} on {host} since {since}: {command}.",
            folder=stored(str(root)),
            pid=owner.pid,
            host=owner.host,
            since=owner.since,
            command=owner.command,
        ),
        remedy,
    )


def _unusable(root: Path, error: OSError) -> FoldersError:
    return FoldersError(
        message("The folder {folder} cannot be watched: {error}.", folder=stored(str(root)), error=what_failed(error)),
        message("Look whether it can be opened, and make it writable for efimport."),
    )
