"""Which columns of a table hold days and which hold amounts, told from what stands in them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from efimport.formats.tables.days import PATTERNS, parse_day
from efimport.formats.tables.model import Cell, Row, Table, cell_text
from efimport.formats.tables.numbers import find_marks, parse_amount

_ROWS_LOOKED_AT = 400
_DAY_BEGINS = re.compile(r"\d{1,4}\s?[.\-/]")
_FRACTION = re.compile(r"[.,]\d{1,2}\D*$")


class Columns(msgspec.Struct, frozen=True):
    """The columns of a table that can be told.

    Attributes:
        rows: the rows of data, without headings and blank rows.
        days: indexes of the columns of days, from 0.
        amounts: indexes of the columns of amounts, from 0.
    """

    rows: tuple[Row, ...]
    days: tuple[int, ...]
    amounts: tuple[int, ...]


def find_columns(table: Table) -> Columns | None:
    """The columns of days and of amounts; None where the table has not both."""
    looked_at = table.rows[:_ROWS_LOOKED_AT]
    dated = [row for row in looked_at if any(_is_day(cell) for cell in row.cells)]
    width = max((len(row.cells) for row in dated), default=0)
    # A period above the heading is a row with days as well; the data are those of which there are most.
    days = _columns_of_days(dated, width)
    if not days:
        return None
    data = [row for row in dated if any(_is_day(_cell(row, column)) for column in days)]
    amounts = tuple(column for column in range(width) if column not in days and _holds_amounts(data, column))
    if not amounts:
        return None
    begins = data[0].number
    rows = (row for row in table.rows if row.number >= begins)
    filled = tuple(row for row in rows if any(_is_like_a_day(_cell(row, column)) for column in days))
    return Columns(filled, days, amounts)


def _columns_of_days(rows: Sequence[Row], width: int) -> tuple[int, ...]:
    """Columns of which at least half of the dated rows hold a day, and hardly any anything else."""
    found = []
    for column in range(width):
        filled = [_cell(row, column) for row in rows if cell_text(_cell(row, column))]
        held = sum(1 for cell in filled if _is_day(cell))
        if held and held * 2 >= len(rows) and held * 10 >= len(filled) * 8:
            found.append(column)
    return tuple(found)


def _holds_amounts(rows: Sequence[Row], column: int) -> bool:
    """Whether a column holds nothing but numbers, one of which at least shows hundredths."""
    filled = [_cell(row, column) for row in rows if cell_text(_cell(row, column))]
    mark = find_marks(filled).decimal
    numbers = [parse_amount(cell, mark) for cell in filled]
    if not filled or None in numbers:
        return False
    return any(
        (isinstance(cell, Decimal) and cell != cell.to_integral_value())
        or (isinstance(cell, str) and _FRACTION.search(cell))
        for cell in filled
    )


def _is_like_a_day(cell: Cell) -> bool:
    return isinstance(cell, dt.date) or (isinstance(cell, str) and cell.strip()[:1].isdigit())


def _is_day(cell: Cell) -> bool:
    if isinstance(cell, dt.date):
        return True
    return isinstance(cell, str) and bool(_DAY_BEGINS.match(cell.strip())) and parse_day(cell, PATTERNS) is not None


def _cell(row: Row, column: int) -> Cell:
    return row.cells[column] if column < len(row.cells) else None
