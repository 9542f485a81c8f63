"""Which mapping a table is of: the user's own before the shipped ones, then the one that knows most of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from efimport.formats.reading import Sample
from efimport.formats.spreadsheet.layout import Layout, Prepared, match
from efimport.formats.tables.model import Table
from efimport.formats.tables.reader import tables_for_recognition
from efimport.mappings import Mapping, load_mapping, shipped_mappings


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
    """The user's own mapping files.

    Raises:
        MappingError: one of them cannot be used.
    """
    return tuple(_loaded(path, Path(path).stat().st_mtime_ns if Path(path).exists() else 0) for path in paths)


@lru_cache(maxsize=64)
def _loaded(path: str, _changed: int) -> Mapping:
    return load_mapping(Path(path))


def choose(table: Table, own: Sequence[Mapping]) -> Chosen | None:
    """The mapping that describes a table best; None where none does."""
    prepared = Prepared(table)
    for mappings, is_own in ((own, True), (shipped_mappings(), False)):
        layouts = [layout for layout in (match(one, prepared) for one in mappings) if layout is not None]
        if layouts:
            best = max(_rank(layout) for layout in layouts)
            first, *others = [layout for layout in layouts if _rank(layout) == best]
            return Chosen(first, is_own, tuple(other.mapping.name for other in others))
    return None


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
