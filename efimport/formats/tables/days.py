"""Days in the cells of tables: patterns like ``DD.MM.YYYY``, and which of them a column is written in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from efimport.formats.tables.model import Cell

PATTERNS = (
    *("DD.MM.YYYY", "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "YYYY/MM/DD", "YYYY.MM.DD"),
    *("DD.MM.YYYY.", "YYYY.MM.DD.", "YYYYMMDD", "MM-DD-YYYY", "DD.MM.YY", "DD/MM/YY", "MM/DD/YY", "DD-MM-YY"),
)
"""Patterns that a column of days is tried in where nothing prescribes one."""

_TIME = (
    r"(?:[T,;\s]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?(?:\s*[AaPp]\.?[Mm]\.?)?"
    r"(?:\s*(?:Z|[+-]\d{2}:?\d{2}|[A-Z]{2,5}))?)?"
)
_FIELDS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<year>\d{2})",
    "MM": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
}
_CENTURY = 2000


@lru_cache(maxsize=64)
def expression(pattern: str) -> re.Pattern[str]:
    """The regular expression of a pattern; a time of day may follow.

    Raises:
        ValueError: the pattern does not name day, month and year once each.
    """
    parts = re.findall(r"YYYY|YY|MM|DD|[-./, ]+", pattern.upper())
    names = [part[:1] for part in parts if part in _FIELDS]
    if sorted(names) != ["D", "M", "Y"] or "".join(parts) != pattern.upper():
        raise ValueError(pattern)
    compact = pattern.upper() in {"YYYYMMDD", "DDMMYYYY", "YYMMDD", "DDMMYY"}
    body = "".join(
        (_FIELDS[part].replace("{1,2}", "{2}") if compact else _FIELDS[part])
        if part in _FIELDS
        else rf"\s*{re.escape(part.strip())}\s*"
        for part in parts
    )
    return re.compile(body + _TIME)


def parse_day(cell: Cell, patterns: Sequence[str]) -> dt.date | None:
    """The day in a cell, by the first pattern that fits; None where none does or the calendar has no such day.

    A day that the workbook itself knows as one needs no pattern. A time of day is passed over: the day is the one that
    is written, in whatever time zone that was.
    """
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if not isinstance(cell, str):
        return None
    return _parse_text(cell, tuple(patterns))


@lru_cache(maxsize=4096)
def _parse_text(text: str, patterns: tuple[str, ...]) -> dt.date | None:
    """Remembered, because the same days stand in one row after another."""
    text = " ".join(text.split())
    for pattern in patterns:
        match = expression(pattern).fullmatch(text)
        if match is not None:
            day = _day(match)
            if day is not None:
                return day
    return None


def _day(match: re.Match[str]) -> dt.date | None:
    year = int(match["year"])
    try:
        return dt.date(year if year > 99 else year + _CENTURY, int(match["month"]), int(match["day"]))
    except ValueError:
        return None


class DayStyle(msgspec.Struct, frozen=True):
    """Which patterns a column of days is written in.

    Attributes:
        patterns: those in which every day of the column can be read; the order is that of the patterns tried.
        example: a text that none of the patterns reads; None where all can be read.
        told: whether the patterns that remain all give the same days.
    """

    patterns: tuple[str, ...]
    example: str | None = None
    told: bool = True


def find_days(cells: Iterable[Cell], patterns: Sequence[str] = PATTERNS) -> DayStyle:
    """The patterns in which all days of a column can be read.

    ``03/04/2026`` is the third of April or the fourth of March; a column tells which, as soon as one of its days is
    beyond the twelfth.

    Args:
        cells: the column; empty cells and days that a workbook knows as such are passed over.
        patterns: the patterns that come into question, in the order of preference.
    """
    texts = list(dict.fromkeys(cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()))
    if not texts:
        return DayStyle(tuple(patterns[:1]))
    fitting: list[str] = []
    readings: set[tuple[dt.date | None, ...]] = set()
    unread: str | None = None
    for pattern in patterns:
        days = [parse_day(text, (pattern,)) for text in texts]
        if None in days:
            unread = unread or texts[days.index(None)]
            continue
        fitting.append(pattern)
        readings.add(tuple(days))
    return DayStyle(tuple(fitting), None if fitting else unread, told=len(readings) <= 1)
