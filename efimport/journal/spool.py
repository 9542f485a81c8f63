"""The spool: the bytes of a request before it is sent, in a folder beside the journal.

What the user does to the file afterwards changes nothing. A body is named by its digest; it is written under a
temporary name, forced to the disk, renamed, and the folder is forced to the disk, so that a name never stands for half
a body. Bodies hold place-holders for the secrets, and the contents of documents: they are removed as soon as the
journal says accepted or refused, and kept for what is in doubt, because only they can be sent again unchanged.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from efimport.errors import JournalError
from efimport.journal.points import FailPoint, around, nothing_fails
from efimport.messages import message

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NO_FOLDER_SYNC = (errno.ENOTSUP, errno.EINVAL, errno.EACCES, errno.EPERM)
"""Errors of systems that cannot force a folder to the disk (Windows, some network file systems)."""


class Disk:
    """The operations of the file system that the spool needs; a test gives one that fails."""

    def write(self, handle: int, content: memoryview) -> int:
        """Writes; returns how many bytes."""
        return os.write(handle, content)

    def sync(self, handle: int) -> None:
        """Forces what was written to the disk."""
        os.fsync(handle)

    def rename(self, start: Path, end: Path) -> None:
        """Gives the file its name, in place of another."""
        start.replace(end)

    def sync_folder(self, folder: Path) -> None:
        """Forces the names in a folder to the disk, where the system can do that."""
        try:
            handle = os.open(folder, os.O_RDONLY)
        except OSError as error:
            if error.errno in _NO_FOLDER_SYNC:
                return
            raise
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _NO_FOLDER_SYNC:
                raise
        finally:
            os.close(handle)

    def unlink(self, path: Path) -> None:
        """Removes a file."""
        path.unlink(missing_ok=True)


class Spool:
    """Bodies of requests by their digest.

    Args:
        folder: where they are; made when the first is put.
        fail_point: called before and after each step.
        disk: the file system.
    """

    def __init__(self, folder: Path, *, fail_point: FailPoint = nothing_fails, disk: Disk | None = None) -> None:
        self.folder = folder
        self._fail_point = fail_point
        self._disk = disk or Disk()

    def put(self, body: bytes) -> str:
        """Stores a body durably and returns its digest; one that is there already is looked at and left.

        Raises:
            JournalError: it could not be stored; nothing may be sent.
        """
        digest = hashlib.sha256(body).hexdigest()
        if self._whole(digest):
            return digest
        try:
            self._store(digest, body)
        except OSError as error:
            raise _failed(self.folder, error) from error
        if not self._whole(digest):
            raise JournalError(
                message("The disk returns other bytes than were stored: {path}.", path=self._path(digest)),
                message("Nothing was sent. Check the disk."),
            )
        return digest

    def get(self, digest: str) -> bytes | None:
        """The bytes; None where they are missing or no longer have this digest."""
        try:
            body = self._path(digest).read_bytes()
        except OSError:
            return None
        return body if hashlib.sha256(body).hexdigest() == digest else None

    def remove(self, digest: str) -> None:
        """Removes a body that nothing needs any more.

        A body that cannot be removed does no harm: the next run tries again.
        """
        path = self._path(digest)
        if not path.exists():
            return
        with around(self._fail_point, "spool.unlink"):
            try:
                self._disk.unlink(path)
            except OSError:
                return

    def sweep(self, needed: Collection[str]) -> None:
        """Removes what crashes left: half-written files, and bodies that are not needed."""
        for path in self._files():
            if _DIGEST.fullmatch(path.name) is None or path.name not in needed:
                self.remove(path.name)

    def digests(self) -> frozenset[str]:
        """The digests of the bodies that are there."""
        return frozenset(path.name for path in self._files() if _DIGEST.fullmatch(path.name))

    def _files(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from sorted(self.folder.iterdir())

    def _path(self, digest: str) -> Path:
        return self.folder / digest

    def _whole(self, digest: str) -> bool:
        return self.get(digest) is not None

    def _store(self, digest: str, body: bytes) -> None:
        if not self.folder.is_dir():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._disk.sync_folder(self.folder.parent)
        temporary = self.folder / f"{digest}.{os.getpid()}.new"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with around(self._fail_point, "spool.write"):
                rest = memoryview(body)
                while rest:
                    rest = rest[self._disk.write(handle, rest) :]
            with around(self._fail_point, "spool.sync"):
                self._disk.sync(handle)
        finally:
            # Closed before it is renamed: Windows does not like the reverse order.
            os.close(handle)
        with around(self._fail_point, "spool.rename"):
            self._disk.rename(temporary, self._path(digest))
        with around(self._fail_point, "spool.folder-sync"):
            self._disk.sync_folder(self.folder)


def _failed(folder: Path, error: OSError) -> JournalError:
    return JournalError(
        message("The request cannot be stored in {folder}: {error}.", folder=folder, error=error.strerror or error),
        message("Nothing was sent. Make room on the disk or mend its rights, and run again."),
    )
