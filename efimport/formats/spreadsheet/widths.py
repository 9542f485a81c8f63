"""How many cells the rows of a table have: a row with more or fewer is one whose cells may have moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from efimport.findings import Severity
from efimport.formats.notes import Notes
from efimport.formats.spreadsheet.cells import Cells
from efimport.formats.spreadsheet.layout import Layout
from efimport.formats.tables.model import Row, cell_text


class Widths:
    """What most rows of a table tell about the number of its cells.

    Args:
        layout: the table and its header.
        rows: the rows below the header, with their cells filled up to the width of the header.
        needed: indexes of the columns without which a row books nothing.
        further: indexes of further columns of amounts.
    """

    def __init__(
        self,
        layout: Layout,
        rows: Sequence[tuple[Row, Cells]],
        *,
        needed: frozenset[int] = frozenset(),
        further: frozenset[int] = frozenset(),
    ) -> None:
        self._needed = needed
        self._further = further
        self._table = layout.table
        self._columns = layout.width
        header = layout.names.texts
        named = max((index for index, text in enumerate(header, 1) if text.strip()), default=len(header))
        counts = Counter(len(row.cells) for row, _ in rows)
        usual = next((width for width, count in counts.most_common(1) if count * 2 > len(rows)), 0)
        self._least = named if layout.has_header else len(header)
        # A delimiter at the end of all rows but the header is usual; one more in a single row is not.
        self._most = usual if usual >= len(header) else len(header) + (named == len(header))
        # A program that writes empty cells at the end of one row does not leave them out in another.
        self._keeps_empty_cells = any(
            len(row.cells) >= self._least and not cell_text(cells[self._least - 1]) for row, cells in rows
        )

    def is_odd(self, row: Row) -> bool:
        """Whether a row has not as many cells as there are columns."""
        return len(row.cells) != self._columns

    def check(self, row: Row, notes: Notes) -> None:
        """Note a row with more cells than columns, or with fewer.

        A delimiter inside a text that is not in quotation marks moves the cells behind it to the right, a delimiter
        that is lost moves them to the left.
        """
        count = len(row.cells)
        is_text = self._table.sheet is None
        if any(map(cell_text, row.cells[self._columns :])) or (count > self._most and is_text):
            notes.add("spreadsheet.row-too-long", self._table.place(row), count=count, columns=self._columns)
        if count < self._least and is_text:
            is_error = self._keeps_empty_cells or self._is_cut(count - 1)
            severity = Severity.ERROR if is_error else Severity.WARNING
            place = self._table.place(row)
            notes.add("spreadsheet.row-too-short", place, severity=severity, count=count, columns=self._least)

    def is_uncut(self, cells: Cells) -> bool:
        """Whether one cell holds what should be many: quotation marks around a row kept it together."""
        mark = self._table.delimiter
        return mark is not None and any(cell_text(cell).count(mark) >= self._columns // 2 > 0 for cell in cells)

    def _is_cut(self, last: int) -> bool:
        """Whether a row that ends early may have been cut inside an amount, or lacks what has to be in it."""
        return last in self._further or last <= max(self._needed, default=-1)


def looks_like_data(cells: Cells, fewest: int) -> bool:
    """Whether a row above data without a header is nearly as full as they are, and holds figures as they do."""
    texts = [text for text in map(cell_text, cells) if text]
    return len(texts) * 2 >= fewest and any(text[0].isdigit() for text in texts)
