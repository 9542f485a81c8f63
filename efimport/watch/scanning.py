"""What lies in a folder at this moment: the truth that a watcher goes by, whatever it was told by events."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import msgspec

from efimport.findings import Finding, Location, finding
from efimport.sources.folders import is_left_out, is_own_page, shown


class Seen(msgspec.Struct, frozen=True):
    """A file as it was seen.

    Attributes:
        path: where it is, absolute.
        name: the same from the scanned folder on, with ``/`` between the parts; bytes that are no text of the system
            are surrogates, as Python writes them.
        size: bytes.
        modified: time of the last change of the content, nanoseconds since 1970, as whoever wrote it has set it.
        changed: time of the last change of content, name or rights, nanoseconds since 1970; nobody can set it.
        inode: number of the file on its device.
        device: number of the device.
    """

    path: Path
    name: str
    size: int
    modified: int
    changed: int
    inode: int
    device: int


class Listing(msgspec.Struct, frozen=True):
    """All that lies in a folder and in its sub-folders.

    Attributes:
        files: the files that may be documents, folder by folder, sorted by name.
        left_alone: names that are hidden, temporary, litter, links or no files at all.
        pages: the pages that we have written ourselves.
        faults: what cannot be looked at, and links and devices that somebody may have taken for documents.
    """

    files: tuple[Seen, ...]
    left_alone: tuple[str, ...] = ()
    pages: tuple[Seen, ...] = ()
    faults: tuple[Finding, ...] = ()


def scan(folder: Path) -> Listing:
    """Look at a folder and its sub-folders.

    Links are not followed: one to a folder may lead in a circle, and what one to a file leads to cannot be moved. What
    vanishes during the scan is not there.

    Raises:
        OSError: the folder itself cannot be listed.
    """
    found = _Scan()
    # Every name below is made from this one; the folder itself may be reached by a link.
    found.look_into(os.path.abspath(folder), "")  # noqa: PTH100 - resolving would tell other paths than the user knows
    while found.waiting:
        path, name = found.waiting.pop()
        try:
            found.look_into(path, name + "/")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            found.tell_error(path, error)
    return Listing(tuple(found.files), tuple(found.left_alone), tuple(found.pages), tuple(found.faults))


class _Scan:
    """What was found so far, and the folders that are still to be listed."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, str]] = []
        self.files: list[Seen] = []
        self.left_alone: list[str] = []
        self.pages: list[Seen] = []
        self.faults: list[Finding] = []

    def look_into(self, folder: str, before: str) -> None:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        folders = []
        for entry in found:
            name = before + entry.name
            if is_left_out(entry.name):
                self.left_alone.append(name)
                continue
            try:
                status = _status(entry)
            except FileNotFoundError:
                continue
            except OSError as error:
                self.tell_error(entry.path, error)
                continue
            if stat.S_ISDIR(status.st_mode):
                folders.append((entry.path, name))
            elif stat.S_ISREG(status.st_mode):
                self._file(entry.path, name, status)
            else:
                self.left_alone.append(name)
                self.tell(_special(entry, status), entry.path)
        self.waiting.extend(reversed(folders))

    def tell(self, code: str, path: str) -> None:
        self.faults.append(finding(code, Location(path=shown(Path(path)))))

    def tell_error(self, path: str, error: OSError) -> None:
        place = Location(path=shown(Path(path)))
        self.faults.append(finding("source.unreadable", place, reason=error.strerror or type(error).__name__))

    def _file(self, path: str, name: str, status: os.stat_result) -> None:
        seen = _seen(Path(path), name, status)
        (self.pages if is_own_page(seen.path) else self.files).append(seen)


def look_again(seen: Seen) -> Seen | None:
    """The same file as it is now; None where it is gone or is no file any more.

    Raises:
        OSError: it cannot be looked at.
    """
    try:
        status = os.lstat(seen.path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return _seen(seen.path, seen.name, status)


def _seen(path: Path, name: str, status: os.stat_result) -> Seen:
    return Seen(path, name, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev)


def _status(entry: os.DirEntry[str]) -> os.stat_result:
    if sys.platform == "win32":
        # What a folder of Windows tells of its files is without their numbers, and may be old.
        return os.lstat(entry.path)
    return entry.stat(follow_symlinks=False)


def _special(entry: os.DirEntry[str], status: os.stat_result) -> str:
    if not stat.S_ISLNK(status.st_mode):
        return "source.not-a-file"
    try:
        return "source.link-to-folder" if entry.is_dir() else "source.link-to-file"
    except OSError:
        return "source.link-to-file"
