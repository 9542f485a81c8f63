"""The days of a PayPal file: which pattern they are written in, told from the data and never from the language.

Days and amounts follow the setting of the PayPal account, so that an English header may stand above ``29/12/2015``,
``9/25/2018`` or ``26.05.2014``. What cannot be told is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from efimport.findings import Location
from efimport.formats.notes import Notes
from efimport.formats.paypal.columns import Layout, shown
from efimport.formats.paypal.lines import Line
from efimport.formats.tables.days import PATTERNS, DayStyle, expression, find_days, parse_day
from efimport.formats.tables.model import Cell, Table

_FIRST_YEAR, _LAST_YEAR = 1998, 2099
"""PayPal began in 1998."""
_EXAMPLE_PATTERN = "DD/MM/YYYY"


class Days(msgspec.Struct, frozen=True):
    """How the days of a file are read.

    Attributes:
        patterns: what text is read with; empty where it cannot be told.
    """

    patterns: tuple[str, ...] = ()

    def day(self, cell: Cell) -> dt.date | None:
        """The day in a cell, as it is written, in whatever time zone that was; None where it is none."""
        day = parse_day(cell, self.patterns)
        return day if day and _FIRST_YEAR <= day.year <= _LAST_YEAR else None


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known besides the days themselves.

    Attributes:
        wished: the pattern that the user names.
        ascending: whether the balances say that the oldest row comes first; None where they do not tell.
        decimal: the decimal mark that the amounts prove.
    """

    wished: str | None = None
    ascending: bool | None = None
    decimal: str | None = None


def decide(table: Table, layout: Layout, lines: Sequence[Line], evidence: Evidence, notes: Notes) -> Days:
    """How the days of a file are to be read.

    Args:
        table: the table.
        layout: where what stands in it.
        lines: its transactions, in the order of the file.
        evidence: what is known besides.
        notes: takes what is wrong.
    """
    # By currency, because statements have the rows of one currency behind those of another.
    groups: dict[str | None, list[Cell]] = {}
    places: dict[str, Location] = {}
    for line in lines:
        cell = layout.cell(line.row, "date")
        groups.setdefault(line.currency, []).append(cell)
        if isinstance(cell, str) and cell.strip():
            places.setdefault(cell.strip(), table.place(line.row, layout.index("date")))
    cells = [cell for group in groups.values() for cell in group]
    decision = _Decision(cells, places, list(groups.values()), evidence.ascending, notes)
    if any(isinstance(cell, dt.date) for cell in cells):
        return decision.of_workbook()
    return decision.wished(evidence.wished) if evidence.wished else decision.found(evidence.decimal)


class _Decision:
    def __init__(
        self,
        cells: list[Cell],
        places: dict[str, Location],
        groups: list[list[Cell]],
        ascending: bool | None,
        notes: Notes,
    ) -> None:
        self._cells = cells
        self._places = places
        self._groups = groups
        self._ascending = ascending
        self._notes = notes

    def of_workbook(self) -> Days:
        """Days that the workbook knows as such; a text among them is a day that the spreadsheet could not turn."""
        for text, place in self._places.items():
            self._notes.add("paypal.days-turned", place, found=shown(text))
        if not self._places and not self._in_order(lambda cell: parse_day(cell, ())) and self._in_order(_swapped):
            self._notes.add("paypal.days-turned", Location(), found=shown(self._cells[0]))
        return Days()

    def wished(self, pattern: str) -> Days:
        """Days in the pattern that the user names."""
        try:
            expression(pattern)
        except ValueError:
            self._notes.add("paypal.day-format", Location(), found=pattern, pattern=_EXAMPLE_PATTERN)
            return Days()
        unread = [text for text in self._places if parse_day(text, (pattern,)) is None]
        for text in unread:
            self._notes.add("paypal.day-format", self._places[text], found=shown(text), pattern=pattern)
        return Days((pattern,))

    def found(self, decimal: str | None) -> Days:
        """Days in the pattern that the data prove."""
        style = find_days(self._cells, PATTERNS)
        if not style.patterns:
            return self._mixed()
        if style.told or not self._places:
            return Days(style.patterns[:1])
        ordered = [one for one in style.patterns if self._in_order(lambda cell, one=one: parse_day(cell, (one,)))]
        if len(ordered) == 1:
            return Days(tuple(ordered))
        return self._by_marks(style, decimal)

    def _by_marks(self, style: DayStyle, decimal: str | None) -> Days:
        """No country that writes a decimal comma puts the month first (Unicode CLDR), and one setting decides both."""
        text = next(iter(self._places))
        days = [pattern for pattern in style.patterns if not pattern.startswith("MM")]
        if decimal == "," and len(days) == 1:
            self._notes.add("paypal.days-by-marks", self._places[text], found=shown(text), pattern=days[0])
            return Days(tuple(days))
        patterns = ", ".join(style.patterns)
        self._notes.add("paypal.days-ambiguous", self._places[text], found=shown(text), patterns=patterns)
        return Days()

    def _mixed(self) -> Days:
        """No pattern reads all days: the one that reads most is taken, and the others are told."""

        def read(pattern: str) -> int:
            return sum(parse_day(text, (pattern,)) is not None for text in self._places)

        best = max(PATTERNS, key=read)
        for text, place in self._places.items():
            if parse_day(text, (best,)) is None:
                self._notes.add("paypal.days-mixed", place, found=shown(text), pattern=best)
        return Days((best,))

    def _in_order(self, read: object) -> bool:
        """Whether the days of each currency go one way: that of the balances, where they tell one."""
        assert callable(read)
        groups = [[day for cell in group if (day := read(cell)) is not None] for group in self._groups]
        directions = (self._ascending,) if self._ascending is not None else (True, False)
        return any(all(_goes(days, ascending=direction) for days in groups) for direction in directions)


def _goes(days: Iterable[dt.date], *, ascending: bool) -> bool:
    return all(one <= other if ascending else one >= other for one, other in pairwise(days))


def _swapped(cell: Cell) -> dt.date | None:
    """The day with day and month in each other's place, as a spreadsheet of another country would have read it."""
    day = parse_day(cell, ())
    return day.replace(month=day.day, day=day.month) if day and day.day <= 12 else None
