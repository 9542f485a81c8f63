"""The operations of the file system that moves and pages need, on disks of all kinds; a test gives one that fails."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

import msgspec

from efimport.journal.spool import Disk
from efimport.watch.folders import folded

_NO_SYNC = frozenset({errno.ENOTSUP, errno.EINVAL, errno.ENOSYS, errno.EBADF})
"""Errors of file systems that cannot force a file to the disk, and of Windows for one that is opened for reading."""
_BINARY = getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
_OPENED_TO_SYNC = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY


class FolderDisk(Disk):
    """The disk of a folder that people use: a share, a stick, another disk."""

    def reserve(self, path: Path) -> None:
        """Makes an empty file under a name that nothing has.

        Raises:
            FileExistsError: something has it.
        """
        os.close(os.open(path, _NEW, 0o600))

    def create(self, path: Path) -> int:
        """Makes a file under a name that nothing has, and opens it for writing; nobody else can read it yet."""
        return os.open(path, _NEW, 0o600)

    def open(self, path: Path) -> IO[bytes]:
        """Opens a file for reading."""
        return path.open("rb", buffering=0)

    def read(self, stream: IO[bytes], size: int) -> bytes:
        """Reads at most so many bytes; none at the end."""
        return stream.read(size)

    def write_all(self, handle: int, content: bytes) -> None:
        """Writes everything."""
        rest = memoryview(content)
        while rest:
            rest = rest[self.write(handle, rest) :]

    def sync(self, handle: int) -> None:
        """Forces what was written to the disk, where the file system can do that."""
        try:
            super().sync(handle)
        except OSError as error:
            if error.errno not in _NO_SYNC:
                raise

    def sync_file(self, path: Path) -> None:
        """Forces a file to the disk that somebody else wrote."""
        handle = os.open(path, _OPENED_TO_SYNC | _BINARY)
        try:
            self.sync(handle)
        finally:
            os.close(handle)

    def link(self, start: Path, end: Path) -> None:
        """Gives a file a second name that nothing has, in one step; not every file system can.

        Raises:
            FileExistsError: something has it.
        """
        os.link(start, end)


class RightsOf(msgspec.Struct, frozen=True):
    """What a copy takes from another file, as far as the file system can keep it.

    Attributes:
        mode: the bits of its rights.
        owner: its user and group.
        times: of the last reading and writing, in nanoseconds; None for now.
    """

    mode: int
    owner: tuple[int, int]
    times: tuple[int, int] | None = None

    @classmethod
    def copied(cls, status: os.stat_result) -> Self:
        """A copy of a file: everything."""
        return cls(status.st_mode & 0o777, (status.st_uid, status.st_gid), (status.st_atime_ns, status.st_mtime_ns))

    @classmethod
    def beside(cls, status: os.stat_result) -> Self:
        """A new file for whoever can read that one, or list that folder; it is no program."""
        return cls(status.st_mode & 0o666, (status.st_uid, status.st_gid))

    def give(self, path: Path) -> None:
        """Gives it to a file; what the system does not allow or know stays as it is."""
        status = path.stat()
        if (status.st_uid, status.st_gid) != self.owner and hasattr(os, "chown"):
            user, group = self.owner
            # One without the other is often allowed.
            with suppress(OSError):
                os.chown(path, -1, group)
            with suppress(OSError):
                os.chown(path, user, -1)
        if stat.S_IMODE(status.st_mode) != self.mode:
            with suppress(OSError):
                path.chmod(self.mode)
        if self.times is not None:
            with suppress(OSError):
                os.utime(path, ns=self.times)


def is_empty(path: Path) -> bool:
    """Whether it is an ordinary file without content; a link is none."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == 0


def same_entry(one: Path, other: Path) -> bool:
    """Whether two paths are one name of one file, reached in two ways: removing the one removes the other."""
    first, second = one.lstat(), other.lstat()
    if one == other:
        return True
    # Some file systems number no files.
    if first.st_ino == 0 or (first.st_dev, first.st_ino) != (second.st_dev, second.st_ino):
        return False
    # Of two hard links each has a name of its own; what differs in capitals alone may be one name.
    return folded(one.name) == folded(other.name) and one.parent.samefile(other.parent)
