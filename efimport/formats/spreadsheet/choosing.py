"""Which mapping a table is of: the user's own before the shipped ones, then the one that knows most of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from efimport.formats.reading import Sample
from efimport.formats.spreadsheet.layout import Layout, Prepared, match
from efimport.formats.spreadsheet.names import folded
from efimport.formats.spreadsheet.near import Nearly, nearly
from efimport.formats.spreadsheet.records.documents import opened
from efimport.formats.tables.model import Table
from efimport.formats.tables.reader import tables_for_recognition
from efimport.mappings import (
    Mapping,
    RecordMapping,
    built_in_mappings,
    load_mapping,
    named_mapping,
    shipped_mappings,
)
from efimport.mappings.targets import target_fields


class Chosen(msgspec.Struct, frozen=True):
    """The mapping of a table.

    Attributes:
        layout: the table as the mapping describes it.
        own: whether the mapping is one of the user's.
        rivals: names of other mappings that describe the table just as well.
    """

    layout: Layout
    own: bool
    rivals: tuple[str, ...] = ()


def own_mappings(paths: Sequence[str]) -> tuple[Mapping, ...]:
    """The user's own mapping files, and those that he names without a file: ``partners``, ``eracuni-partners``.

    Raises:
        MappingError: one of them cannot be used.
    """
    return tuple(_own(path) for path in paths)


def _own(path: str) -> Mapping:
    file = Path(path)
    if file.is_file() or file.suffix:
        return _loaded(path, file.stat().st_mtime_ns if file.is_file() else 0)
    # The settings put the folder of their file before what may be a name alone.
    named = named_mapping(file.name)
    return opened(named) if isinstance(named, RecordMapping) else named


@lru_cache(maxsize=64)
def _loaded(path: str, _changed: int) -> Mapping:
    return load_mapping(Path(path))


def choose(table: Table, own: Sequence[Mapping]) -> Chosen | None:
    """The mapping that describes a table best; None where none does."""
    prepared = Prepared(table)
    by_header = (*(one for one in shipped_mappings() if not _only_named(one)), *built_in_mappings())
    for mappings, is_own in ((own, True), (by_header, False), (_by_sheet(table), False)):
        found = [layout for layout in (match(one, prepared) for one in mappings) if layout is not None]
        layouts = [layout for layout in found if is_own or layout.is_proven]
        if layouts:
            best = max(_rank(layout) for layout in layouts)
            first, *others = [layout for layout in layouts if _rank(layout) == best]
            return Chosen(first, is_own, tuple(other.mapping.name for other in others))
    return None


def _only_named(mapping: Mapping) -> bool:
    return isinstance(mapping, RecordMapping) and mapping.only_named


def _by_sheet(table: Table) -> tuple[Mapping, ...]:
    """The built-in mapping whose template has a sheet of this name; columns may have been added to it."""
    sheet = folded(table.sheet or "")
    return tuple(opened(one) for one in built_in_mappings() if sheet in map(folded, target_fields(one.target).sheets))


def _rank(layout: Layout) -> tuple[bool, int, int]:
    return (layout.has_header, layout.required, layout.known)


def choose_for(sample: Sample) -> Chosen | None:
    """The mapping of the first table of a file that has one."""
    place = f"mapping {sample.hints.mappings}"
    kept = sample.source.kept.get(place)
    if isinstance(kept, Chosen):
        return kept
    own = own_mappings(sample.hints.mappings)
    for table in tables_for_recognition(sample):
        chosen = choose(table, own)
        if chosen is not None:
            sample.source.kept[place] = chosen
            return chosen
    return None


def nearly_for(sample: Sample) -> bool:
    """Whether a table of the file has nearly the headings of a table of documents."""
    own = own_mappings(sample.hints.mappings)
    return any(near_miss(table, own) is not None for table in tables_for_recognition(sample))


def near_miss(table: Table, own: Sequence[Mapping]) -> Nearly | None:
    """The mapping of documents that a table misses by little: one of the user's, else a built-in one."""
    return near_own(table, own) or nearly(table, built_in_mappings(), is_own=False)


def near_own(table: Table, own: Sequence[Mapping]) -> Nearly | None:
    """The mapping of documents of the user that a table misses by little."""
    mine = [one for one in own if isinstance(one, RecordMapping)]
    return nearly(table, mine, is_own=True) if mine else None
