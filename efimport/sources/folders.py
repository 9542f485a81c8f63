"""The files that paths name, folders walked."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec

from efimport.findings import Finding, Location, finding
from efimport.sources.limits import LIMITS, Limits
from efimport.sources.source import Source

Found: TypeAlias = Source | Finding
Named: TypeAlias = str | os.PathLike[str] | Source

PAGE_MARK = b"<!doctype html><!-- efimport: page of a watched folder -->"
"""First bytes of the pages that lie beside settled files and say what became of them."""
_PAGE_SUFFIXES = (".html", ".htm")


class Litter(msgspec.Struct, frozen=True):
    """Names that are no documents, in small letters.

    Attributes:
        transferred: endings that a file has while it is transferred.
        endings: endings of what programs write for themselves.
        beginnings: first letters of hidden and temporary names.
        names: whole names.
        patterns: regular expressions of whole names.
        holding: regular expressions of temporary names, with the later name as the group ``name``.
    """

    transferred: tuple[str, ...]
    endings: tuple[str, ...]
    beginnings: tuple[str, ...]
    names: frozenset[str]
    patterns: tuple[str, ...]
    holding: tuple[str, ...]


class _Compiled(NamedTuple):
    """The same, made ready for asking."""

    endings: tuple[str, ...]
    beginnings: tuple[str, ...]
    names: frozenset[str]
    patterns: re.Pattern[str]
    transferred: tuple[str, ...]
    holding: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=1)
def _litter() -> _Compiled:
    raw = resources.files("efimport.sources").joinpath("litter.toml").read_text(encoding="utf-8")
    litter = msgspec.convert(tomllib.loads(raw), Litter)
    return _Compiled(
        litter.transferred + litter.endings,
        litter.beginnings,
        litter.names,
        re.compile("|".join(f"(?:{pattern})" for pattern in litter.patterns), re.DOTALL),
        litter.transferred,
        tuple(re.compile(pattern, re.DOTALL | re.IGNORECASE) for pattern in litter.holding),
    )


def is_left_out(name: str) -> bool:
    """Whether a name is hidden, temporary, or litter of a file system, an office program or a network storage."""
    litter, lower = _litter(), name.lower()
    return (
        lower.startswith(litter.beginnings)
        or lower.endswith(litter.endings)
        or lower in litter.names
        or litter.patterns.fullmatch(lower) is not None
    )


def later_name(name: str) -> str | None:
    """The name that a file will have whose name is temporary: ``a.pdf`` for ``a.pdf.part``; None where it is open."""
    litter, lower = _litter(), name.lower()
    for pattern in litter.holding:
        if match := pattern.fullmatch(name):
            return match["name"]
    ending = next((one for one in litter.transferred if lower.endswith(one)), "")
    return name[: -len(ending)] or None if ending else None


def is_own_page(path: Path) -> bool:
    """Whether a file is a page that the watched folder has written; only files of HTML are looked into."""
    if not path.name.lower().endswith(_PAGE_SUFFIXES):
        return False
    try:
        # A pipe of such a name would not let the program go on.
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return stream.read(len(PAGE_MARK)) == PAGE_MARK
    except OSError:
        return False


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
                waiting.extend(entry for entry in entries if not is_left_out(entry.name) and not is_own_page(entry))
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
