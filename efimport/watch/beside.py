"""The page beside a settled file: it appears whole, and never in place of a file of somebody else."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from efimport.messages import message
from efimport.sources.folders import PAGE_MARK, is_own_page
from efimport.watch.faults import MoveError, TakenError, what_failed, what_helps
from efimport.watch.folder_disk import FolderDisk, RightsOf
from efimport.watch.folders import stored


def write_beside(path: Path, content: bytes, like: Path | None, *, disk: FolderDisk | None = None) -> None:
    """Writes a page beside a document: whole, or not at all; an older page of ours is replaced.

    Args:
        path: where.
        content: the page; it begins with :data:`~efimport.sources.folders.PAGE_MARK`.
        like: the document; whoever may read it may read the page. None for whoever may list the folder.
        disk: the file system.

    Raises:
        TakenError: something that is no page of ours has the name; it is left as it is.
        MoveError: the disk or the share failed; an older page is still there.
        ValueError: the content is no page of ours; it could not be replaced later.
    """
    if not content.startswith(PAGE_MARK):
        raise ValueError("A page without the mark of our pages")
    disk = disk or FolderDisk()
    mark = hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]
    unfinished = path.with_name(f".page-{mark}.part")
    try:
        _check_own(path)
        try:
            _write_aside(unfinished, content, like, disk)
            _show_page(unfinished, path, disk)
        finally:
            with suppress(OSError):
                disk.unlink(unfinished)
        disk.sync_folder(path.parent)
    except OSError as error:
        raise MoveError(
            message(
                "The page {name} cannot be written to {folder}: {error}.",
                name=stored(path.name),
                folder=stored(str(path.parent)),
                error=what_failed(error),
            ),
            what_helps(error),
        ) from error


def remove_page(path: Path, *, disk: FolderDisk | None = None) -> bool:
    """Removes a page of ours; anything else stays.

    Returns:
        Whether there was one.

    Raises:
        MoveError: it cannot be removed.
    """
    disk = disk or FolderDisk()
    try:
        if path.is_symlink() or not is_own_page(path):
            return False
        disk.unlink(path)
        disk.sync_folder(path.parent)
    except OSError as error:
        raise MoveError(
            message(
                "The page {name} cannot be removed from {folder}: {error}.",
                name=stored(path.name),
                folder=stored(str(path.parent)),
                error=what_failed(error),
            ),
            what_helps(error),
        ) from error
    return True


def _write_aside(unfinished: Path, content: bytes, like: Path | None, disk: FolderDisk) -> None:
    disk.unlink(unfinished)
    handle = disk.create(unfinished)
    try:
        disk.write_all(handle, content)
        disk.sync(handle)
    finally:
        os.close(handle)
    try:
        model = (unfinished.parent if like is None else like).stat()
    except FileNotFoundError:
        model = unfinished.parent.stat()
    RightsOf.beside(model).give(unfinished)


def _show_page(unfinished: Path, path: Path, disk: FolderDisk) -> None:
    """Gives the page its name, so that a file that somebody puts there at this moment is not written over."""
    if not path.exists():
        try:
            disk.link(unfinished, path)
        except FileExistsError:
            _check_own(path)
        except OSError:
            # No hard links here: the name is taken by a page that is empty but for its mark.
            _reserve_page(path, disk)
        else:
            return
    disk.rename(unfinished, path)


def _reserve_page(path: Path, disk: FolderDisk) -> None:
    try:
        handle = disk.create(path)
    except FileExistsError:
        _check_own(path)
        return
    try:
        disk.write_all(handle, PAGE_MARK)
    except OSError:
        with suppress(OSError):
            disk.unlink(path)
        raise
    finally:
        os.close(handle)


def _check_own(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not is_own_page(path)):
        raise TakenError(
            message("In {folder} something else has the name {name}.", folder=stored(str(path.parent)),
                    name=stored(path.name)),
            message("It is left as it is; the page gets another name."),
        )  # fmt: skip
