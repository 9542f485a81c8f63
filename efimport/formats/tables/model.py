"""A table: rows of cells with their place in the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

import msgspec

from efimport.findings import Location

Cell: TypeAlias = str | Decimal | bool | dt.datetime | dt.date | dt.time | None
"""What stands in a cell: text in a text file; in a workbook also what the workbook itself knows to be a number, a day
or a truth value. An empty cell of a workbook is None, of a text file an empty text."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row.

    Attributes:
        number: line of the text file or row of the sheet, from 1.
        cells: from the first column on.
    """

    number: int
    cells: tuple[Cell, ...]

    def text(self, column: int) -> str:
        """The cell as text, without blanks around it; empty where the row has no such cell."""
        if not 0 <= column < len(self.cells):
            return ""
        cell = self.cells[column]
        return cell.strip() if isinstance(cell, str) else cell_text(cell)

    @property
    def texts(self) -> list[str]:
        """All cells as text."""
        return [cell_text(cell) for cell in self.cells]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell_text(cell) for cell in self.cells)


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table.

    Attributes:
        rows: all rows that the file has, blank ones of a text file included.
        sheet: name of the sheet; None for a text file.
        delimiter: what stands between the cells of a text file.
        faulty: cells of a workbook that hold an error and were read as empty: row and index of the column, and the
            error.
    """

    rows: tuple[Row, ...]
    sheet: str | None = None
    delimiter: str | None = None
    faulty: Mapping[tuple[int, int], str] = {}

    def place(self, row: Row | int, column: int | None = None) -> Location:
        """Where a cell is: line of a text file, ``Sheet1!C14`` in a workbook.

        Args:
            row: the row or its number.
            column: index of the cell, from 0; None for the row as a whole.
        """
        number = row if isinstance(row, int) else row.number
        if self.sheet is None:
            return Location(line=number, where=None if column is None else f"column {column + 1}")
        return Location(line=number, where=f"{self.sheet}!{letters_of(column or 0)}{number}")


def letters_of(column: int) -> str:
    """The letters that a spreadsheet gives a column, counted from 0: A, B ... Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_text(cell: Cell) -> str:
    """A cell as people would write it: numbers without an exponent, days as ``2026-01-31``."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat()
