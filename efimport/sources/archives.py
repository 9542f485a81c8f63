"""The entries of zip archives, within limits.

Source: PKWARE APPNOTE.TXT, 4.3 (end of central directory, its 64-bit form), 4.4.4 (encryption, names in UTF-8).
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from efimport.findings import Finding, Location, finding
from efimport.sources.folders import Found, is_left_out
from efimport.sources.limits import LIMITS, Budget, Limits
from efimport.sources.source import Source

ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What zipfile raises on archives that are not what the format says they should be."""

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
"""Compression that is unpacked; LZMA lets an archive name the size of a dictionary that is then allocated."""

RATIO_FROM = 1024 * 1024
ENTRY_BYTES = 1024
"""What an entry takes in the directory of an archive at most, as a rule: 46 bytes, its name and its extra field."""

_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_TAIL = 65_557 + 76
"""End of central directory with the longest comment, and the 64-bit records before it."""
_ENCRYPTED, _UTF_8 = 0x1, 0x800


class TooManyEntriesError(Exception):
    """The directory of an archive is too long to be read; ``count`` is the number of entries that it states."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


@contextmanager
def opened_archive(source: Source, *, limits: Limits = LIMITS) -> Iterator[zipfile.ZipFile]:
    """The archive, its directory read.

    Raises:
        TooManyEntriesError: its directory is longer than the limit of entries allows.
        zipfile.BadZipFile: it is damaged; any of :data:`ARCHIVE_ERRORS` may come.
    """
    with source.open() as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - _TAIL))
        length, count = _directory(stream.read())
        if length > limits.archive_entries * ENTRY_BYTES:
            raise TooManyEntriesError(count)
        with zipfile.ZipFile(stream) as archive:
            yield archive


def _directory(tail: bytes) -> tuple[int, int]:
    """Length of the directory in bytes and number of entries, as the end of the archive states them.

    The directory is read into memory as a whole, so that its length is looked at before. Which record counts depends on
    the reader, so that of several the largest does.
    """
    found = [(0, 0)]
    for signature, form, offset in ((_END, "<HL", 10), (_END_64, "<QQ", 32)):
        at = tail.find(signature)
        while at >= 0:
            if len(tail) >= at + offset + struct.calcsize(form):
                count, length = struct.unpack_from(form, tail, at + offset)
                found.append((length if length != 0xFFFFFFFF else 0, count))
            at = tail.find(signature, at + 1)
    return max(found)


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
        with opened_archive(source, limits=limits) as archive:
            entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
            problem = _problem(entries, source, place, limits)
            if problem is not None:
                yield problem
                return
            yield from _unpacked_entries(archive, entries, source, limits)
    except TooManyEntriesError as error:
        yield finding("archive.too-many-entries", place, count=error.count, limit=limits.archive_entries)
    except ARCHIVE_ERRORS as error:
        yield finding("archive.damaged", place, reason=error)


def _problem(entries: list[zipfile.ZipInfo], source: Source, place: Location, limits: Limits) -> Finding | None:
    """What forbids unpacking this archive, judged from its directory; None where nothing does."""
    if len(entries) > limits.archive_entries:
        return finding("archive.too-many-entries", place, count=len(entries), limit=limits.archive_entries)
    total = sum(entry.file_size for entry in entries)
    if total > limits.archive_bytes or not (source.budget is None or source.budget.take(total, len(entries))):
        return finding("archive.too-large", place, size=total, limit=limits.archive_bytes)
    for entry in entries:
        name = entry_name(entry)
        if entry.flag_bits & _ENCRYPTED:
            return finding("archive.encrypted", place, name=name)
        if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
            return finding("archive.unsafe-name", place, name=name)
        if _is_bomb(entry.file_size, entry.compress_size, limits):
            return finding("archive.bomb", place, name=name, limit=limits.archive_ratio)
    if _is_bomb(total, source.size, limits):
        # Many entries that are harmless each, or that all lead to the same bytes.
        return finding("archive.bomb", place, name=source.name, limit=limits.archive_ratio)
    return None


def _is_bomb(size: int, packed: int, limits: Limits) -> bool:
    return size > RATIO_FROM and size > limits.archive_ratio * max(packed, 1)


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry with slashes.

    A name without the mark of UTF-8 is UTF-8 all the same, as some programs write it, or in the code page 852 that
    Windows uses in this part of the world; zipfile takes it for code page 437.
    """
    name = entry.filename
    if not entry.flag_bits & _UTF_8 and not name.isascii():
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp852")
    return name.replace("\\", "/")


def _unpacked_entries(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], source: Source, limits: Limits
) -> Iterator[Found]:
    budget = source.budget or Budget(limits)
    seen: dict[str, int] = {}
    for entry in sorted(entries, key=entry_name):
        name = entry_name(entry)
        if any(is_left_out(part) for part in name.split("/")):
            continue
        count = seen[name] = seen.get(name, 0) + 1
        path = f"{source.path}!{name}" if count == 1 else f"{source.path}!{name}#{count}"
        yield _unpacked(archive, entry, path, source.depth + 1, budget)
    if not seen:
        yield finding("archive.empty", Location(path=source.path))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, depth: int, budget: Budget) -> Found:
    place = Location(path=path)
    if entry.compress_type not in METHODS:
        return finding("archive.damaged", place, reason=f"compression method {entry.compress_type}")
    try:
        with archive.open(entry) as stream:
            content = stream.read(entry.file_size + 1)
    except ARCHIVE_ERRORS as error:
        return finding("archive.damaged", place, reason=error)
    if len(content) != entry.file_size:
        return finding("archive.damaged", place, reason=f"{len(content)} / {entry.file_size} B")
    if not content:
        return finding("source.empty", place)
    return Source(path, content, depth=depth, budget=budget)
