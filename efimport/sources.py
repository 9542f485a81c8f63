"""Bytes with a name: files, folders, archives; and the limits that keep a hostile file from hurting.

Nothing here knows a format. A :class:`Source` gives its bytes as often as it is asked and always the same ones; large
files are mapped, not read. Folders are walked in sorted order, hidden and temporary files are left out.
"""

from __future__ import annotations

import hashlib
import io
import mmap
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TypeAlias

import msgspec

from efimport.findings import Finding, Location, finding

HEAD_BYTES = 64 * 1024
MAPPED_FROM = 8 * 1024 * 1024


class Limits(msgspec.Struct, frozen=True):
    """What is read at most. Reasons: a bomb must cost less than a second and little memory.

    Attributes:
        file_bytes: size of one file.
        document_bytes: size of one document that a reader holds in memory as a tree.
        archive_bytes: sum of the unpacked sizes of an archive.
        archive_entries: number of entries of an archive.
        archive_ratio: unpacked size divided by packed size, for entries above 1 MiB.
        archive_depth: archives inside archives.
    """

    file_bytes: int = 768 * 1024 * 1024
    document_bytes: int = 64 * 1024 * 1024
    archive_bytes: int = 200 * 1024 * 1024
    archive_entries: int = 2000
    archive_ratio: int = 100
    archive_depth: int = 2


LIMITS = Limits()

TEMPORARY_SUFFIXES = (".part", ".tmp", ".temp", ".crdownload", ".filepart", ".download", ".swp", ".partial", "~")
TEMPORARY_PREFIXES = (".", "~$", "._")
SYSTEM_NAMES = frozenset(
    {"thumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin", "system volume information"}
)


class Source:
    """A named piece of bytes.

    Args:
        path: what people see; entries of containers follow after ``!``.
        content: the bytes, or None where ``file`` holds them.
        file: the file on disk.
        depth: how many containers it lies in.
    """

    __slots__ = ("_content", "_digest", "_head", "_map", "depth", "file", "path")

    def __init__(self, path: str, content: bytes | None = None, *, file: Path | None = None, depth: int = 0) -> None:
        self.path = path
        self.file = file
        self.depth = depth
        self._content = content
        self._map: mmap.mmap | None = None
        self._head: bytes | None = None
        self._digest: str | None = None

    @property
    def name(self) -> str:
        """The file name alone."""
        return self.path.replace("\\", "/").rsplit("!", 1)[-1].rsplit("/", 1)[-1]

    @property
    def suffix(self) -> str:
        """The ending of the name in lower case, with its dot."""
        return os.path.splitext(self.name)[1].lower()  # noqa: PTH122 - the name of an entry is no path of this system

    @property
    def size(self) -> int:
        """Size in bytes."""
        if self._content is not None:
            return len(self._content)
        assert self.file is not None
        return self.file.stat().st_size

    @property
    def head(self) -> bytes:
        """The first 64 KiB."""
        if self._head is None:
            if self._content is not None:
                self._head = self._content[:HEAD_BYTES]
            else:
                assert self.file is not None
                with self.file.open("rb") as stream:
                    self._head = stream.read(HEAD_BYTES)
        return self._head

    def buffer(self) -> bytes | mmap.mmap:
        """All bytes: as ``bytes`` where they are few, as a read-only mapping where they are many.

        Both can be searched, sliced and matched. Raises OSError where the file cannot be read.
        """
        if self._content is not None:
            return self._content
        if self._map is not None:
            return self._map
        assert self.file is not None
        if self.size < MAPPED_FROM:
            self._content = self.file.read_bytes()
            return self._content
        with self.file.open("rb") as stream:
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        return self._map

    def read(self) -> bytes:
        """All bytes."""
        content = self.buffer()
        return content if isinstance(content, bytes) else content[:]

    def open(self) -> IO[bytes]:
        """A stream over the bytes."""
        if self._content is None and self.file is not None and self.size >= MAPPED_FROM:
            return self.file.open("rb")
        return io.BytesIO(self.read())

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        if self._digest is None:
            self._digest = hashlib.sha256(self.buffer()).hexdigest()
        return self._digest

    def release(self) -> None:
        """Forget what was read of a file on disk; it is read again when it is asked for."""
        if self.file is not None:
            self._content = None
            if self._map is not None:
                try:
                    self._map.close()
                except BufferError:
                    return
                self._map = None

    def __repr__(self) -> str:
        return f"Source({self.path!r})"


Found: TypeAlias = Source | Finding


def is_left_out(name: str) -> bool:
    """Whether a name is hidden, temporary, or litter of a file system or an office program."""
    lower = name.lower()
    return (
        lower.startswith(TEMPORARY_PREFIXES)
        or lower.endswith(TEMPORARY_SUFFIXES)
        or lower in SYSTEM_NAMES
        or lower.startswith("__macosx")
    )


def find_sources(paths: Iterable[str | os.PathLike[str]], *, limits: Limits = LIMITS) -> Iterator[Found]:
    """The files that the paths name, folders walked in sorted order; what cannot be read comes as a finding.

    A file that is named itself is taken whatever its name is. Symbolic links to folders are not followed, so that no
    walk is endless; the same file named twice is taken once.
    """
    seen: set[tuple[int, int] | str] = set()
    for path in paths:
        for found in _walk(Path(path)):
            if isinstance(found, Finding):
                yield found
                continue
            identity = _identity(found)
            if identity in seen:
                continue
            seen.add(identity)
            yield _checked(found, limits)


def _identity(path: Path) -> str:
    # Two hard links are two files for the user; only the same path given twice is one.
    return str(path.absolute())


def _walk(path: Path) -> Iterator[Path | Finding]:
    try:
        if not path.is_dir():
            yield path
            return
        entries = sorted(path.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        code = "source.not-found" if isinstance(error, FileNotFoundError) else "source.unreadable"
        yield finding(code, Location(path=str(path)), reason=error.strerror or type(error).__name__)
        return
    for entry in entries:
        if is_left_out(entry.name) or (entry.is_symlink() and entry.is_dir()):
            continue
        yield from _walk(entry)


def _checked(path: Path, limits: Limits) -> Found:
    shown = str(path)
    try:
        status = path.stat()
        if not path.is_file():
            return finding("source.not-a-file", Location(path=shown))
        if status.st_size == 0:
            return finding("source.empty", Location(path=shown))
        if status.st_size > limits.file_bytes:
            return finding("source.too-large", Location(path=shown), size=status.st_size, limit=limits.file_bytes)
        with path.open("rb"):
            return Source(shown, file=path)
    except FileNotFoundError:
        return finding("source.not-found", Location(path=shown), reason="")
    except OSError as error:
        return finding("source.unreadable", Location(path=shown), reason=error.strerror or type(error).__name__)


def open_archive(source: Source, *, limits: Limits = LIMITS) -> Iterator[Found]:
    """The entries of a zip archive as sources of their own, sorted by name.

    The directory of an archive may lie, so sizes are counted again while unpacking. An archive that breaks a limit is
    refused as a whole before anything of it is unpacked: half an archive would be a silent loss.
    """
    place = Location(path=source.path)
    if source.depth >= limits.archive_depth:
        yield finding("archive.too-deep", place, limit=limits.archive_depth)
        return
    try:
        with zipfile.ZipFile(source.open()) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            problem = _archive_problem(entries, place, limits)
            if problem is not None:
                yield problem
                return
            seen: dict[str, int] = {}
            for entry in sorted(entries, key=lambda item: item.filename):
                if any(is_left_out(part) for part in _entry_name(entry).split("/")):
                    continue
                yield _unpacked(archive, entry, source, seen)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        yield finding("archive.damaged", place, reason=error)


def archive_problem(source: Source, *, limits: Limits = LIMITS) -> Finding | None:
    """What forbids unpacking this archive, judged from its directory; None where nothing does."""
    place = Location(path=source.path)
    try:
        with zipfile.ZipFile(source.open()) as archive:
            return _archive_problem(archive.infolist(), place, limits)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        return finding("archive.damaged", place, reason=error)


def _archive_problem(entries: list[zipfile.ZipInfo], place: Location, limits: Limits) -> Finding | None:
    if len(entries) > limits.archive_entries:
        return finding("archive.too-many-entries", place, count=len(entries), limit=limits.archive_entries)
    total = sum(entry.file_size for entry in entries)
    if total > limits.archive_bytes:
        return finding("archive.too-large", place, size=total, limit=limits.archive_bytes)
    for entry in entries:
        name = _entry_name(entry)
        if entry.flag_bits & 0x1:
            return finding("archive.encrypted", place, name=name)
        if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
            return finding("archive.unsafe-name", place, name=name)
        if entry.file_size > 1024 * 1024 and entry.file_size > limits.archive_ratio * max(entry.compress_size, 1):
            return finding("archive.bomb", place, name=name, limit=limits.archive_ratio)
    return None


def _entry_name(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: Source, seen: dict[str, int]) -> Found:
    name = _entry_name(entry)
    count = seen[name] = seen.get(name, 0) + 1
    shown = f"{source.path}!{name}" if count == 1 else f"{source.path}!{name}#{count}"
    content = read_entry(archive, entry)
    if content is None:
        return finding("archive.damaged", Location(path=shown), reason=name)
    if not content:
        return finding("source.empty", Location(path=shown))
    return Source(shown, content, depth=source.depth + 1)


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """The bytes of an entry; None where they are more than the directory says or do not match their checksum."""
    try:
        with archive.open(entry) as stream:
            content = stream.read(entry.file_size + 1)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib_error()):
        return None
    return content if len(content) == entry.file_size else None


def zlib_error() -> type[Exception]:
    """The error of a damaged deflate stream; zlib is loaded only where an archive is."""
    import zlib

    return zlib.error
