"""Days of one table: which of the mapping's patterns its columns are written in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from efimport.findings import Location
from efimport.formats.notes import Notes
from efimport.formats.tables.days import find_days, parse_day
from efimport.formats.tables.model import Cell

_ALWAYS_TOLD = ("YYYY-MM-DD",)
"""What programs make of days when they save a table anew, and what means one day only (ISO 8601)."""


class Days:
    """Reads the days of columns that share their patterns.

    Args:
        patterns: those in which the days can be read.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(patterns)
        self._known: dict[str, dt.date | None] = {}

    def day(self, cell: Cell) -> dt.date | None:
        """The day in a cell; None for anything else."""
        if not isinstance(cell, str):
            return parse_day(cell, self.patterns)
        if cell not in self._known:
            self._known[cell] = parse_day(cell, self.patterns)
        return self._known[cell]


def settle(
    patterns: Sequence[str], cells: Iterable[tuple[Cell, Location]], preferred: str | None, notes: Notes
) -> Days:
    """The reader for columns of days; notes where their cells fit two patterns and mean different days by them.

    Args:
        patterns: those that the mapping names for the columns.
        cells: all cells of the columns, with their places.
        preferred: the pattern that the user names; it decides where the cells do not.
        notes: where a doubt is noted.
    """
    patterns = (*patterns, *(one for one in _ALWAYS_TOLD if one not in patterns))
    places: dict[str, Location] = {}
    for cell, place in cells:
        if isinstance(cell, str) and cell.strip():
            places.setdefault(cell.strip(), place)
    if not places:
        return Days(patterns)
    readable = [text for text in places if parse_day(text, patterns) is not None]
    if preferred and not readable:
        return Days((preferred,))
    style = find_days(readable, patterns)
    if style.patterns and style.told:
        return Days(style.patterns[:1])
    doubtful = [text for text in readable if len(_readings(text, patterns)) > 1]
    if not doubtful:
        return Days(patterns)
    if preferred and all(parse_day(text, (preferred,)) is not None for text in doubtful):
        return Days((preferred, *patterns))
    _note(doubtful[0], patterns, places, notes)
    return Days(style.patterns or patterns)


def _readings(text: str, patterns: Sequence[str]) -> set[dt.date]:
    days = (parse_day(text, (pattern,)) for pattern in patterns)
    return {day for day in days if day is not None}


def _note(text: str, patterns: Sequence[str], places: Mapping[str, Location], notes: Notes) -> None:
    first, second, *_ = sorted(_readings(text, patterns))
    fitting = [pattern for pattern in patterns if parse_day(text, (pattern,)) is not None]
    notes.add(
        "spreadsheet.date-format", places[text], found=text, first=first, second=second, patterns=", ".join(fitting)
    )
