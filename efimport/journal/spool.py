"""The spool: the bytes of a request before it is sent, in a folder beside the journal.

What the user does to the file afterwards changes nothing. A body is named by its digest; it is written under a
temporary name, forced to the disk, renamed, and the folder is forced to the disk, so that a name never stands for half
a body. Bodies hold place-holders for the secrets, and the contents of documents: they are removed as soon as the
journal says accepted or refused, and stay for what is in doubt, because only they can be sent again unchanged. Who
wants to show years later what was sent keeps them: compressed, in a folder of their own.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import re
import threading
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

from efimport.errors import JournalError
from efimport.journal.points import FailPoint, around, nothing_fails
from efimport.messages import message
from efimport.private_files import FOLDER_OF_OWNER, check_private

_DIGEST = re.compile(r"[0-9a-f]{64}")
PIECE = 1024 * 1024
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


class Store(Protocol):
    """Bodies of requests by their digest."""

    def put(self, body: bytes) -> str:
        """Stores a body durably and returns its digest; one that is there already is looked at and left.

        Raises:
            JournalError: it could not be stored; nothing may be sent.
        """

    def adopt(self, stream: IO[bytes], digest: str) -> bool:
        """Stores what a stream gives, in pieces; see :meth:`put`.

        Args:
            stream: the bytes.
            digest: SHA-256 that they had when they were looked at.

        Returns:
            False where they have another one by now; then nothing is stored.

        Raises:
            JournalError: they could not be stored.
            OSError: the stream cannot be read.
        """

    def get(self, digest: str) -> bytes | None:
        """The bytes, also of one that is kept; None where they are missing or no longer have this digest."""

    def file(self, digest: str) -> Path | None:
        """The file that holds the bytes, to be read in pieces; None where there is none."""

    def keep(self, digest: str) -> None:
        """Puts a body that nothing needs any more away, compressed.

        One that cannot be put away stays as it is; the next run tries again.
        """

    def remove(self, digest: str) -> None:
        """Removes a body that nothing needs any more, unless it is kept.

        A body that cannot be removed does no harm: the next run tries again.
        """

    def sweep(self, needed: Collection[str], *, worth_keeping: Collection[str] = ()) -> None:
        """Removes what crashes left, or puts it away where it is worth keeping."""

    def digests(self) -> frozenset[str]:
        """The digests of the bodies that are there, without those put away."""


class Spool:
    """Bodies of requests in a folder; see :class:`Store`.

    Args:
        folder: where they are; made when the first is put.
        kept: where they are put away; None for a folder beside it.
        fail_point: called before and after each step.
        disk: the file system.
    """

    def __init__(
        self,
        folder: Path,
        *,
        kept: Path | None = None,
        fail_point: FailPoint = nothing_fails,
        disk: Disk | None = None,
    ) -> None:
        self.folder = folder
        self.kept = kept or folder.with_name(folder.name + "-kept")
        self._fail_point = fail_point
        self._disk = disk or Disk()
        for one in (self.folder, self.kept):
            if one.is_dir():
                check_private(one)

    def put(self, body: bytes) -> str:
        """Stores a body durably and returns its digest; one that is there already is looked at and left.

        Raises:
            JournalError: it could not be stored; nothing may be sent.
        """
        digest = hashlib.sha256(body).hexdigest()
        if self._whole(digest):
            return digest
        try:
            self._store(self._path(digest), [body])
        except OSError as error:
            raise _failed(self.folder, error) from error
        if not self._whole(digest):
            raise _other_bytes(self._path(digest))
        return digest

    def adopt(self, stream: IO[bytes], digest: str) -> bool:
        """See :meth:`Store.adopt`."""
        if self._digest_on_disk(digest) == digest:
            return True
        source = Watched(stream)
        try:
            self._store(self._path(digest), source.pieces())
        except OSError as error:
            if source.failed:
                raise
            raise _failed(self.folder, error) from error
        if self._digest_on_disk(digest) == digest:
            return True
        self._unlink(self._path(digest))
        if source.digest != digest:
            return False
        raise _other_bytes(self._path(digest))

    def get(self, digest: str) -> bytes | None:
        """The bytes, also of one that is kept; None where they are missing or no longer have this digest."""
        return self._read(digest) or self._read_kept(digest)

    def file(self, digest: str) -> Path | None:
        """See :meth:`Store.file`."""
        path = self._path(digest)
        return path if path.is_file() else None

    def keep(self, digest: str) -> None:
        """Puts a body that nothing needs any more away, compressed.

        One that cannot be put away stays as it is; the next run tries again.
        """
        body = self._read(digest)
        if body is None:
            return
        with suppress(OSError):
            if self._read_kept(digest) is None:
                self._store(self._path_kept(digest), [gzip.compress(body, mtime=0)])
            self.remove(digest)

    def remove(self, digest: str) -> None:
        """Removes a body that nothing needs any more.

        A body that cannot be removed does no harm: the next run tries again.
        """
        self._unlink(self._path(digest))

    def _unlink(self, path: Path) -> None:
        if not path.exists():
            return
        with around(self._fail_point, "spool.unlink"):
            try:
                self._disk.unlink(path)
            except OSError:
                return

    def sweep(self, needed: Collection[str], *, worth_keeping: Collection[str] = ()) -> None:
        """Removes what crashes left: half-written files, and bodies that are not needed.

        Args:
            needed: digests of those that stay.
            worth_keeping: digests of those that are put away instead of removed.
        """
        for path in self._files():
            if path.name in needed:
                continue
            if path.name in worth_keeping:
                self.keep(path.name)
            else:
                self.remove(path.name)
        for path in sorted(self.kept.glob("*.new")):
            self._unlink(path)

    def digests(self) -> frozenset[str]:
        """The digests of the bodies that are there."""
        return frozenset(path.name for path in self._files() if _DIGEST.fullmatch(path.name))

    def _files(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from sorted(self.folder.iterdir())

    def _path(self, digest: str) -> Path:
        return self.folder / digest

    def _path_kept(self, digest: str) -> Path:
        return self.kept / f"{digest}.gz"

    def _whole(self, digest: str) -> bool:
        return self._read(digest) is not None

    def _read(self, digest: str) -> bytes | None:
        try:
            body = self._path(digest).read_bytes()
        except OSError:
            return None
        return body if hashlib.sha256(body).hexdigest() == digest else None

    def _read_kept(self, digest: str) -> bytes | None:
        try:
            body = gzip.decompress(self._path_kept(digest).read_bytes())
        except (OSError, EOFError, zlib.error):
            return None
        return body if hashlib.sha256(body).hexdigest() == digest else None

    def _digest_on_disk(self, digest: str) -> str | None:
        try:
            with self._path(digest).open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return None

    def _store(self, path: Path, pieces: Iterable[bytes]) -> None:
        folder = path.parent
        if not folder.is_dir():
            folder.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
            self._disk.sync_folder(folder.parent)
        # Two folders may be given the same file at the same moment, each looked after by a thread of its own.
        temporary = folder / f"{path.name}.{os.getpid()}-{threading.get_ident()}.new"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with around(self._fail_point, "spool.write"):
                for piece in pieces:
                    rest = memoryview(piece)
                    while rest:
                        rest = rest[self._disk.write(handle, rest) :]
            with around(self._fail_point, "spool.sync"):
                self._disk.sync(handle)
        finally:
            # Closed before it is renamed: Windows does not like the reverse order.
            os.close(handle)
        with around(self._fail_point, "spool.rename"):
            self._disk.rename(temporary, path)
        with around(self._fail_point, "spool.folder-sync"):
            self._disk.sync_folder(folder)


class Watched:
    """A stream that is read in pieces, with the digest of what it gave, and whether it was the one that failed.

    Attributes:
        digest: SHA-256 of what was read so far.
        failed: whether reading it failed.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.failed = False

    @property
    def digest(self) -> str:
        """SHA-256 of what was read so far, in hexadecimal."""
        return self._hash.hexdigest()

    def pieces(self) -> Iterator[bytes]:
        """What it gives.

        Raises:
            OSError: it cannot be read.
        """
        while True:
            try:
                piece = self._stream.read(PIECE)
            except OSError:
                self.failed = True
                raise
            if not piece:
                return
            self._hash.update(piece)
            yield piece


def _other_bytes(path: Path) -> JournalError:
    return JournalError(
        message("The disk returns other bytes than were stored: {path}.", path=path),
        message("Nothing was sent. Check the disk."),
    )


def _failed(folder: Path, error: OSError) -> JournalError:
    return JournalError(
        message("The request cannot be stored in {folder}: {error}.", folder=folder, error=error.strerror or error),
        message("Nothing was sent. Make room on the disk or mend its rights, and run again."),
    )
