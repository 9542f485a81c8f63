"""One owner: only one process at a time sends from a journal, and the system frees it when that process dies."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from efimport.api.clock import Clock
from efimport.errors import JournalError, JournalHeldError
from efimport.messages import message

NETWORK_FILE_SYSTEMS = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs", "lustre"),
        *("davfs", "vboxsf", "prl_fs", "fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "fuse.davfs", "fuse.smbnetfs"),
    }
)
MOUNTS = Path("/proc/mounts")


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


class Ownership:
    """The right to send from one journal. Taking it again in the same process is allowed and counted.

    Args:
        place: path whose name the lock and the owner's record are derived from.
        clock: the time.
    """

    def __init__(self, place: Path, *, clock: Clock) -> None:
        self._lock = FileLock(place.with_name(place.name + ".lock"), thread_local=False, poll_interval=0.02)
        self._record = place.with_name(place.name + ".owner")
        self._clock = clock

    @property
    def held(self) -> bool:
        """Whether this process owns the journal through this object."""
        return self._lock.is_locked

    @contextmanager
    def taken(self, *, wait: float = 0.0) -> Iterator[bool]:
        """Owns the journal while the block lasts; the value is whether it was not owned by us before.

        Args:
            wait: seconds to wait for another owner to finish.

        Raises:
            JournalHeldError: another process owns it.
            JournalError: the lock cannot be made.
        """
        first = not self.held
        try:
            self._lock.acquire(timeout=wait)
        except Timeout as error:
            raise self._held_by_another() from error
        except OSError as error:
            raise JournalError(
                message("The journal cannot be locked: {error}.", error=error),
                message("Make its folder writable for you."),
            ) from error
        try:
            if first:
                self._write()
            yield first
        finally:
            if first:
                self._record.unlink(missing_ok=True)
            self._lock.release()

    def owner(self) -> Owner | None:
        """Who wrote the record last; None where nobody did or it cannot be read."""
        try:
            return msgspec.json.decode(self._record.read_bytes(), type=Owner)
        except (OSError, msgspec.DecodeError):
            return None

    def _write(self) -> None:
        since = datetime.fromtimestamp(self._clock.time(), UTC).isoformat(timespec="seconds")
        owner = Owner(os.getpid(), socket.gethostname(), since, " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]))
        temporary = self._record.with_name(f"{self._record.name}.{os.getpid()}")
        temporary.write_bytes(msgspec.json.encode(owner))
        temporary.replace(self._record)

    def _held_by_another(self) -> JournalHeldError:
        owner = self.owner()
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


def network_file_system(path: Path, *, mounts: Path = MOUNTS) -> str | None:
    """Kind of the network file system that a path lies on; None for a local one, or where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    target = path.absolute().resolve()
    best, kind = -1, ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        # The kernel writes blanks and the like as octal numbers.
        folder = Path(fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if (folder == target or folder in target.parents) and len(folder.parts) >= best:
            best, kind = len(folder.parts), fields[2]
    return kind if kind in NETWORK_FILE_SYSTEMS else None
