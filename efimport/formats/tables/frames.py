"""Tables out of data frames of pandas, so that a script's rows are read as those of a file are."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

from efimport.findings import Location
from efimport.formats.tables.model import Cell, Row, Table, cell_text

if TYPE_CHECKING:
    import pandas as pd

_DIGITS = ".15g"
_EXACT = 10**15
"""What a binary fraction holds for sure; the digits behind are noise (IEEE 754, double precision)."""


class FrameTable(Table, frozen=True, kw_only=True):
    """A table made of a data frame: its first row holds the names of the columns.

    Attributes:
        labels: labels of the rows, as the frame has them.
        names: names of the columns.
    """

    labels: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()

    def place(self, row: Row | int, column: int | None = None) -> Location:
        """Where a cell is, as a script would look it up: ``loc[17, 'IČO']``.

        Args:
            row: the row or its number.
            column: index of the cell, from 0; None for the row as a whole.
        """
        index = (row if isinstance(row, int) else row.number) - 2
        name = self.names[column] if column is not None and column < len(self.names) else None
        if not 0 <= index < len(self.labels):
            return Location(where="columns" if name is None else f"columns[{name!r}]")
        label = repr(self.labels[index])
        return Location(where=f"loc[{label}]" if name is None else f"loc[{label}, {name!r}]")


def table_of_frame(frame: pd.DataFrame) -> FrameTable:
    """The table of a data frame. Levels of the index that have a name are columns as well.

    Whole numbers that pandas keeps as fractions, because a cell among them is empty, are whole numbers again: 308.0 is
    308. What pandas takes for missing (None, NaN, NaT, NA) is an empty cell.
    """
    labels = tuple(frame.index.tolist())
    named = [level for level in frame.index.names if level is not None and level not in frame.columns]
    whole = frame.reset_index(level=named) if named else frame
    names = tuple(_name(column) for column in whole.columns)
    columns = [_cells(whole.iloc[:, index]) for index in range(len(names))]
    rows = [Row(1, names)]
    rows += [Row(number, cells) for number, cells in enumerate(zip(*columns, strict=True), start=2)]
    return FrameTable(rows=tuple(rows), labels=labels, names=names)


def content_of(table: Table) -> bytes:
    """The table as bytes that are the same whenever its cells are: JSON, a list a row, all cells as text."""
    rows = [[cell_text(cell) for cell in row.cells] for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _name(column: object) -> str:
    """The name of a column; the levels of several are joined."""
    parts: Sequence[object] = column if isinstance(column, tuple) else (column,)
    return " ".join(text for part in parts if (text := str(part).strip()))


def _cells(column: pd.Series[Any]) -> Iterable[Cell]:
    missing = column.isna().tolist()
    values = column.astype(object).tolist()
    return [None if empty else _cell(value) for value, empty in zip(values, missing, strict=True)]


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)  # of numpy as well
    if hasattr(value, "to_pydatetime"):
        value = value.tz_localize(None).floor("us").to_pydatetime()
    elif hasattr(value, "dtype") and hasattr(value, "item"):
        return _cell(value.item())
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value
    if isinstance(value, int):
        # A longer number is exact here, which a number of a workbook would not be.
        return Decimal(value) if abs(value) < _EXACT else str(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else str(value)
    if isinstance(value, Real):
        number = Decimal(format(value, _DIGITS))
        return number if number.is_finite() else str(value)
    return str(value)
