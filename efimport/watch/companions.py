"""Files that belong together by their names: a statement or an e-invoice, and the PDF that pictures it.

The names are those by which :mod:`efimport.planning.pictures` pairs them: ``faktura.pdf``, ``faktura.isdoc.pdf`` and
``faktura-isdoc.pdf`` belong to ``faktura.isdoc`` (ISDOC 6.0.2 specification, ISDOC.PDF).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from efimport.planning.names import FileName, file_name
from efimport.sources.folders import later_name

PICTURE = ".pdf"
NEVER_PICTURED = frozenset(
    {
        *(".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic"),
        *(".zip", ".7z", ".rar", ".gz", ".doc", ".docx", ".odt", ".rtf", ".html", ".htm", ".eml", ".msg"),
    }
)
"""Endings of files that are no statement and no e-invoice, so that no PDF is waited for."""
_CONVENTIONS = (".isdoc", "-isdoc")


def can_have_companion(name: str) -> bool:
    """Whether a file is one that a picture may follow, or a picture."""
    return file_name(name).suffix not in NEVER_PICTURED


def companies(names: Iterable[str], arriving: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each file the names of all that belong together with it, itself included; those alone are left out.

    Args:
        names: files of a folder, with ``/`` between the parts.
        arriving: temporary names of the same folder; they count as the files that they will be.
    """
    pictures: list[tuple[str, FileName]] = []
    pictured: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, parts in _with_parts(names, arriving):
        if parts.suffix == PICTURE:
            pictures.append((name, parts))
        elif parts.suffix not in NEVER_PICTURED:
            pictured[parts.folder, parts.stem].append(name)
            if parts.name != parts.stem:
                pictured[parts.folder, parts.name].append(name)
    found: dict[str, set[str]] = {}
    for name, parts in pictures:
        stems = (parts.stem, *(parts.stem.removesuffix(one) for one in _CONVENTIONS if parts.stem.endswith(one)))
        others = {other for stem in stems for other in pictured.get((parts.folder, stem), ())}
        if others:
            _join(found, {name, *others})
    return {name: frozenset(company) for name, company in found.items()}


def _with_parts(names: Iterable[str], arriving: Iterable[str]) -> Iterable[tuple[str, FileName]]:
    for name in names:
        yield name, file_name(name)
    for name in arriving:
        folder, slash, last = name.rpartition("/")
        if (later := later_name(last)) is not None:
            yield name, file_name(folder + slash + later)


def _join(found: dict[str, set[str]], company: set[str]) -> None:
    """Make one company of all companies that have a member in common."""
    for name in tuple(company):
        company |= found.get(name, set())
    for name in company:
        found[name] = company
