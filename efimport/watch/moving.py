"""Moves that cannot lose a file: from where it lies to where it shows what became of it.

The name at the target is reserved with an empty file of our own, which is replaced by the document in one step; a
file of somebody else is never written over, whatever the file system can do. Within a file system the document is
renamed; to another one it is copied aside, forced to the disk, read again and compared, and only then renamed and its
source removed (the order of restic, ``internal/backend/local``). Every step can be the last one before a crash: the
same call again completes the move.

What the journal says was sent is what lies at the target: where the source holds something else by now, the target is
written from the journal's own copy, and the source stays where it is, as a new document.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import IO

from efimport.errors import EfimportError
from efimport.journal.points import FailPoint, around, nothing_fails
from efimport.messages import message
from efimport.watch.beside import remove_page, write_beside
from efimport.watch.faults import MoveError, TakenError, what_failed, what_helps
from efimport.watch.folder_disk import FolderDisk, RightsOf, is_empty, same_entry
from efimport.watch.folders import free_name, stored

__all__ = [
    "MOVE_POINTS",
    "MOVE_STEPS",
    "MoveError",
    "Moved",
    "TakenError",
    "put_in_place",
    "remove_page",
    "write_beside",
]

MOVE_STEPS = (
    "move.reserve",
    "move.write",
    "move.sync",
    "move.rename",
    "move.folder-sync",
    "move.unlink",
    "move.back",
)
"""Steps of a move; each has a fail point before and after it."""

MOVE_POINTS: tuple[str, ...] = tuple(f"{step}:{side}" for step in MOVE_STEPS for side in ("before", "after"))

_NOTHING = hashlib.sha256().hexdigest()
_CHUNK = 1 << 20


class _OtherFileSystemError(Exception):
    """The document cannot be renamed to where it is going to lie; it must be copied."""


class Moved(StrEnum):
    """What became of the source."""

    MOVED = "moved"
    """It is at the target."""
    CHANGED = "changed"
    """It holds something else than was read and stays where it is; the target was written from the journal's copy."""
    GONE = "gone"
    """It was not there any more; the target was written from the journal's copy."""


def put_in_place(
    source: Path | None,
    target: Path,
    digest: str,
    kept: Callable[[], IO[bytes]],
    *,
    again: bool = False,
    disk: FolderDisk | None = None,
    fail_point: FailPoint = nothing_fails,
) -> Moved:
    """Moves a file; afterwards the target holds exactly the bytes with the digest, forced to the disk.

    Args:
        source: where the file lies; None for a document that has none any more.
        target: where it is going to lie; its folder must be there, and its name should be free.
        digest: SHA-256 of what was read from it, in hexadecimal.
        kept: opens the journal's copy of the bytes.
        again: whether this very move was begun before, so that an empty file at the target is our reservation. Without
            it an empty file is somebody else's, as is any other that does not have the digest.
        disk: the file system.
        fail_point: called before and after each step of :data:`MOVE_STEPS`.

    Raises:
        TakenError: something else has the name of the target; it is left as it is.
        MoveError: the disk or the share failed; the source is where it was, or its bytes are at the target.
    """
    move = _Move(source, target, digest, kept, disk or FolderDisk(), fail_point)
    try:
        with move.tidied():
            return move.run(again)
    except OSError as error:
        raise MoveError(
            message(
                "The file {name} cannot be put into {folder}: {error}.",
                name=stored((source or target).name),
                folder=stored(str(target.parent)),
                error=what_failed(error),
            ),
            what_helps(error),
        ) from error


class _Move:
    """One move, with what it has made so far."""

    def __init__(
        self,
        source: Path | None,
        target: Path,
        digest: str,
        kept: Callable[[], IO[bytes]],
        disk: FolderDisk,
        fail_point: FailPoint,
    ) -> None:
        self.source, self.target, self.digest, self.kept = source, target, digest, kept
        self.disk, self.fail_point = disk, fail_point
        # Only who holds the reservation writes under this name, so that a crash leaves no more than one.
        mark = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:8]
        self.unfinished = target.with_name(f".{digest[:16]}-{mark}.part")
        self.reserved: Path | None = None
        self.may_tidy = False

    def run(self, again: bool) -> Moved:
        self.may_tidy = again
        if not self._reserve(again):
            return self._finish()
        status = self._status_of_source()
        if status is None:
            return self._from_kept(Moved.GONE)
        # A link is not the document; what it leads to is copied.
        if stat.S_ISREG(status.st_mode) and status.st_dev == self.target.parent.stat().st_dev:
            with suppress(_OtherFileSystemError):
                return self._rename()
        return self._copy()

    @contextmanager
    def tidied(self) -> Iterator[None]:
        """Takes away what a step that failed leaves under a name that people see."""
        try:
            yield
        except (OSError, EfimportError):
            with suppress(OSError):
                if self.may_tidy:
                    self.disk.unlink(self.unfinished)
            with suppress(OSError):
                # A rename whose answer was lost on the way has put the document there.
                if self.reserved is not None and self.digest != _NOTHING and is_empty(self.reserved):
                    self.disk.unlink(self.reserved)
            raise

    def _reserve(self, again: bool) -> bool:
        """Whether the name is ours and the document not there yet.

        Raises:
            TakenError: something else has the name.
        """
        try:
            with self._step("move.reserve"):
                self.disk.reserve(self.target)
        except FileExistsError:
            if self._holds_it(self.target):
                return False
            if not (again and is_empty(self.target)):
                raise self._taken() from None
        self.reserved, self.may_tidy = self.target, True
        return True

    def _finish(self) -> Moved:
        """The document is at the target since an earlier attempt: what remains is the source."""
        self.disk.sync_file(self.target)
        self._sync_folder(self.target.parent)
        if self.source is None or self._status_of_source() is None or same_entry(self.source, self.target):
            return Moved.MOVED
        return self._remove_source()

    def _rename(self) -> Moved:
        """The way within a file system.

        Raises:
            _OtherFileSystemError: it is not one, whatever the device says (bind mounts, sub-volumes).
        """
        source = self._present()
        try:
            found = self._hash(source)
            if found == self.digest:
                with self._step("move.sync"):
                    self.disk.sync_file(source)
                self._onto_reservation(source)
        except FileNotFoundError:
            # A share that repeats a renaming whose answer was lost says so, too.
            if not self._holds_it(self.target):
                return self._without_source()
            found = self.digest
        if found != self.digest:
            return self._from_kept(Moved.CHANGED)
        if self._hash(self.target) != self.digest:
            return self._back()
        self._sync_folder(self.target.parent)
        self._sync_folder(source.parent)
        return Moved.MOVED

    def _without_source(self) -> Moved:
        if self._status_of_source() is not None:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(self.target.parent))
        return self._from_kept(Moved.GONE)

    def _back(self) -> Moved:
        """The source was written to until it was renamed: that is a new document, and it goes back."""
        source = self._present()
        with self._step("move.back"):
            self._rename_to_free(self.target, source)
        self._sync_folder(source.parent)
        self._reserve(again=False)
        return self._from_kept(Moved.CHANGED)

    def _rename_to_free(self, start: Path, wanted: Path) -> None:
        end = wanted
        while True:
            try:
                self.disk.reserve(end)
            except FileExistsError:
                end = wanted.with_name(free_name(wanted.parent, wanted.name))
            else:
                break
        self.reserved = end
        self.disk.rename(start, end)
        self.reserved = None

    def _copy(self) -> Moved:
        """The way to another file system; also the way of a link, whose content is what was read."""
        source = self._present()
        try:
            with closing(self.disk.open(source)) as stream:
                found = self._write(stream, RightsOf.copied(os.fstat(stream.fileno())))
        except FileNotFoundError:
            return self._without_source()
        if found != self.digest:
            return self._from_kept(Moved.CHANGED)
        self._from_unfinished()
        return self._remove_source()

    def _from_kept(self, moved: Moved) -> Moved:
        with self.kept() as stream:
            found = self._write(stream, RightsOf.beside(self.target.parent.stat()))
        if found != self.digest:
            raise MoveError(
                message("The stored copy of {name} is damaged.", name=stored(self.target.name)),
                message("Check the disk that holds the journal, and drop the file again."),
            )
        self._from_unfinished()
        return moved

    def _write(self, stream: IO[bytes], rights: RightsOf) -> str:
        """Writes all aside, forced to the disk; returns the digest of what came."""
        digest = hashlib.sha256()
        self.disk.unlink(self.unfinished)
        handle = self.disk.create(self.unfinished)
        try:
            with self._step("move.write"):
                while chunk := self.disk.read(stream, _CHUNK):
                    digest.update(chunk)
                    self.disk.write_all(handle, chunk)
            with self._step("move.sync"):
                self.disk.sync(handle)
        finally:
            # Closed before it is renamed: Windows does not like the reverse order.
            os.close(handle)
        rights.give(self.unfinished)
        return digest.hexdigest()

    def _from_unfinished(self) -> None:
        if self._hash(self.unfinished) != self.digest:
            raise OSError(errno.EIO, "The disk returns other bytes than were stored")
        self._onto_reservation(self.unfinished)
        self._sync_folder(self.target.parent)

    def _onto_reservation(self, start: Path) -> None:
        """Puts the document in place of our empty file, unless somebody has put something else there."""
        if not is_empty(self.target):
            self.reserved = None
            if self.target.is_symlink() or self.target.exists():
                raise self._taken()
            self._reserve(again=False)
        try:
            with self._step("move.rename"):
                self.disk.rename(start, self.target)
        except OSError as error:
            if error.errno == errno.EXDEV and start != self.unfinished:
                raise _OtherFileSystemError from error
            raise
        self.reserved = None

    def _remove_source(self) -> Moved:
        """The document is safe at the target; the source goes, if it still is this document."""
        source = self._present()
        try:
            if self._hash(source) != self.digest:
                return Moved.CHANGED
        except FileNotFoundError:
            return Moved.MOVED
        with self._step("move.unlink"):
            self.disk.unlink(source)
        self._sync_folder(source.parent)
        return Moved.MOVED

    def _status_of_source(self) -> os.stat_result | None:
        """None where there is no file any more, also behind a link; the status of a link itself."""
        try:
            if self.source is None or not stat.S_ISREG(self.source.stat().st_mode):
                return None
            return self.source.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _present(self) -> Path:
        assert self.source is not None
        return self.source

    def _holds_it(self, path: Path) -> bool:
        try:
            return stat.S_ISREG(path.lstat().st_mode) and self._hash(path) == self.digest
        except FileNotFoundError:
            return False

    def _hash(self, path: Path) -> str:
        digest = hashlib.sha256()
        with closing(self.disk.open(path)) as stream:
            while chunk := self.disk.read(stream, _CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def _sync_folder(self, folder: Path) -> None:
        with self._step("move.folder-sync"):
            self.disk.sync_folder(folder)

    def _step(self, step: str) -> AbstractContextManager[None]:
        return around(self.fail_point, step)

    def _taken(self) -> TakenError:
        return TakenError(
            message("In {folder} something else has the name {name}.", folder=stored(str(self.target.parent)),
                    name=stored(self.target.name)),
            message("It is left as it is; the document gets another name."),
        )  # fmt: skip
