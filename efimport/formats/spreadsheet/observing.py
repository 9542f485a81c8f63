"""What can be seen in a table that no mapping describes: where its data begin, and what its columns hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

import msgspec

from efimport.accounts import clean_iban
from efimport.formats.spreadsheet.fields import currency_code
from efimport.formats.spreadsheet.names import Names, folded
from efimport.formats.tables.days import PATTERNS, find_days, parse_day
from efimport.formats.tables.model import Cell, Row, Table, cell_text
from efimport.formats.tables.numbers import find_marks, parse_amount

_HEAD = 60
_LOOKED_AT = 5000
_NUMBER = re.compile(r"\d")


class Observed(msgspec.Struct, frozen=True):
    """A table with its header and data told apart.

    Attributes:
        table: the table.
        header: the row of names; None where there is none.
        above: rows above the header.
        data: rows of data.
        below: rows below the data.
    """

    table: Table
    header: Row | None
    above: tuple[Row, ...]
    data: tuple[Row, ...]
    below: tuple[Row, ...]

    @property
    def names(self) -> Names:
        """The header, or as many empty names as there are columns."""
        if self.header is not None:
            return Names(self.header.texts)
        return Names([""] * max(len(row.cells) for row in self.data))

    def cells(self, column: int) -> list[Cell]:
        """The cells of a column of the data."""
        return [row.cells[column] if column < len(row.cells) else None for row in self.data[:_LOOKED_AT]]


def is_day(cell: Cell) -> bool:
    """Whether a cell can be read as a day by any pattern."""
    return parse_day(cell, PATTERNS) is not None


def is_amount(cell: Cell) -> bool:
    """Whether a cell can be read as an amount with either decimal mark."""
    return parse_amount(cell, ",") is not None or parse_amount(cell, ".") is not None


def _is_row_of_data(row: Row) -> bool:
    days = [index for index, cell in enumerate(row.cells) if is_day(cell)]
    amounts = [index for index, cell in enumerate(row.cells) if is_amount(cell) and not is_day(cell)]
    return bool(days) and bool(amounts)


def observe(tables: Iterable[Table]) -> Observed | None:
    """The table with the most data; None where no table has rows with a day and an amount."""
    found = [observed for observed in map(_observe, tables) if observed is not None]
    return max(found, key=lambda observed: len(observed.data), default=None)


def _observe(table: Table) -> Observed | None:
    rows = [row for row in table.rows if not row.is_blank]
    starts = [index for index, row in enumerate(rows[:_HEAD]) if _is_row_of_data(row)]
    start = next((index for index in starts if _goes_on(rows, index)), None)
    if start is None:
        return None
    header = rows[start - 1] if start and _may_be_header(rows[start - 1], rows[start]) else None
    ends = len(rows)
    while ends > start + 1 and not _is_row_of_data(rows[ends - 1]):
        ends -= 1
    above = rows[: start - 1] if header is not None else rows[:start]
    return Observed(table, header, tuple(above), tuple(rows[start:ends]), tuple(rows[ends:]))


def _goes_on(rows: Sequence[Row], index: int) -> bool:
    """Whether the next row has the same shape, or there is none."""
    if index + 1 >= len(rows) or not _is_row_of_data(rows[index + 1]):
        return index + 1 >= len(rows) or len(rows) - index <= 3
    first, second = rows[index], rows[index + 1]
    return any(is_day(one) and is_day(other) for one, other in zip(first.cells, second.cells, strict=False))


def _may_be_header(row: Row, data: Row) -> bool:
    texts = [text for text in row.texts if text]
    plain = [text for text in texts if not _NUMBER.search(text) or not (is_day(text) or is_amount(text))]
    return len(texts) >= 3 and len(plain) == len(texts) and len(texts) * 2 >= len([one for one in data.texts if one])


def mostly(cells: Sequence[Cell], test: Callable[[Cell], bool]) -> bool:
    """Whether nearly all filled cells pass a test, and at least one is filled."""
    filled = [cell for cell in cells if cell_text(cell)]
    return bool(filled) and sum(1 for cell in filled if test(cell)) * 20 >= len(filled) * 19


def holds(cells: Sequence[Cell], field: str) -> bool:
    """Whether the cells of a column can be of a field at all; empty ones can be of any but the needed ones."""
    filled = [cell for cell in cells if cell_text(cell)]
    if field in {"date", "value_date"}:
        return mostly(cells, is_day)
    if field in {"amount", "credit", "debit", "balance"}:
        return mostly(cells, lambda cell: is_amount(cell) and not _is_text_day(cell))
    if field in {"fee", "original_amount", "exchange_rate"}:
        return not filled or mostly(cells, is_amount)
    if field in {"currency", "original_currency"}:
        return not filled or mostly(cells, lambda cell: currency_code(cell_text(cell)) is not None)
    if field == "direction":
        return 1 <= len({folded(cell_text(cell)) for cell in filled}) <= 2
    if field in {"counter_account", "account"}:
        return not filled or mostly(cells, _is_account)
    return True


def _is_text_day(cell: Cell) -> bool:
    return isinstance(cell, str) and is_day(cell) and parse_amount(cell, ".") is None


def _is_account(cell: Cell) -> bool:
    text = cell_text(cell)
    return clean_iban(text) is not None or sum(letter.isdigit() for letter in text) >= 2


def amounts(cells: Iterable[Cell], decimal: str | None) -> list[Decimal | None]:
    """The cells as amounts."""
    return [parse_amount(cell, decimal) for cell in cells]


def mark_of(columns: Iterable[Sequence[Cell]]) -> tuple[str | None, str | None]:
    """The decimal mark that columns of amounts tell, and an amount that leaves it open; None for none."""
    marks = find_marks(cell for cells in columns for cell in cells)
    return marks.decimal, marks.ambiguous


def patterns_of(cells: Sequence[Cell]) -> tuple[tuple[str, ...], bool]:
    """The patterns that a column of days fits, and whether they all give the same days."""
    style = find_days([cell for cell in cells if is_day(cell)])
    return style.patterns, style.told
