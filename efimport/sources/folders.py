"""The files that paths name, folders walked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from efimport.findings import Finding, Location, finding
from efimport.sources.limits import LIMITS, Limits
from efimport.sources.source import Source

Found: TypeAlias = Source | Finding
Named: TypeAlias = str | os.PathLike[str] | Source

TEMPORARY_SUFFIXES = (".part", ".tmp", ".temp", ".crdownload", ".filepart", ".download", ".swp", ".partial", "~")
HIDDEN_PREFIXES = (".", "~$")
SYSTEM_NAMES = frozenset(
    {"thumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin", "system volume information", "efimport.toml"}
)
"""Litter of file systems, and our own settings, which may lie beside the documents."""


def is_left_out(name: str) -> bool:
    """Whether a name is hidden, temporary, or litter of a file system or an office program."""
    lower = name.lower()
    return lower.startswith(HIDDEN_PREFIXES) or lower.endswith(TEMPORARY_SUFFIXES) or lower in SYSTEM_NAMES


def find_sources(paths: Iterable[Named], *, limits: Limits = LIMITS) -> Iterator[Found]:
    """The files that the paths name, folders walked in sorted order; what cannot be read comes as a finding.

    A file that is named itself is taken whatever its name is. Links to folders are not followed on the way, so that no
    walk is endless, and that is said; the same file named twice is taken once. A source that is in memory already is
    passed on.
    """
    seen: set[str] = set()
    for path in paths:
        if isinstance(path, Source):
            yield path if path.file or path.size else finding("source.empty", Location(path=path.path))
            continue
        for found in _walk(Path(path)):
            if isinstance(found, Finding):
                yield found
                continue
            # Two hard links are two files for the user; only the same path given twice is one.
            identity = os.path.abspath(found)  # noqa: PTH100 - a link has its own name
            if identity not in seen:
                seen.add(identity)
                yield _checked(found, limits)


def shown(path: Path) -> str:
    """A path as it can be printed and stored: bytes of its name that are no UTF-8 are written ``%E1``."""
    return re.sub("[\udc80-\udcff]", lambda match: f"%{ord(match[0]) & 0xFF:02X}", str(path))


def _walk(start: Path) -> Iterator[Path | Finding]:
    waiting = [start]
    while waiting:
        path = waiting.pop()
        try:
            if not path.is_dir():
                yield path
            elif path is not start and path.is_symlink():
                yield finding("source.link-to-folder", Location(path=shown(path)))
            else:
                entries = sorted(path.iterdir(), key=lambda entry: entry.name, reverse=True)
                waiting.extend(entry for entry in entries if not is_left_out(entry.name))
        except OSError as error:
            yield _unreadable(path, error)


def _checked(path: Path, limits: Limits) -> Found:
    place = Location(path=shown(path))
    try:
        if not path.is_file() and path.exists():
            return finding("source.not-a-file", place)
        source = Source(shown(path), file=path)
        size = source.size
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        return _unreadable(path, error)
    if size == 0:
        return finding("source.empty", place)
    if size > limits.file_bytes:
        return finding("source.too-large", place, size=size, limit=limits.file_bytes)
    return source


def _unreadable(path: Path, error: OSError | ValueError) -> Finding:
    # A name with a zero byte is no name that a system could hold.
    if isinstance(error, FileNotFoundError | ValueError):
        return finding("source.not-found", Location(path=shown(path)))
    return finding("source.unreadable", Location(path=shown(path)), reason=error.strerror or type(error).__name__)
