"""What a row gives to its document: fields, a line, elements, amounts by rate; and the sums behind rows of totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from efimport.formats.spreadsheet.cells import Cells
from efimport.formats.spreadsheet.records.columns import FieldColumn, Found
from efimport.formats.spreadsheet.records.drafts import Draft, LineDraft, Rate
from efimport.formats.spreadsheet.records.values import Doubtful, Value, Wrong
from efimport.formats.spreadsheet.totals import is_total
from efimport.formats.spreadsheet.widths import Widths
from efimport.formats.tables.model import Row, Table
from efimport.mappings import RecordMapping

_FEW = 4
"""Columns from which on a row with a single filled one is a note, and no document."""
_SUMMED = frozenset(
    {
        *("line_total_without_vat", "line_vat", "line_total_with_vat", "quantity"),
        *("total_without_vat", "total_vat", "total_with_vat", "payable", "total", "rounding", "base", "vat"),
    }
)


class Taker:
    """Takes what the rows of a table say.

    Args:
        found: the columns.
        mapping: the mapping.
        table: the table.
        widths: what is known of the number of cells in a row; None for a table that cannot have too many or too few.
    """

    def __init__(self, found: Found, mapping: RecordMapping, table: Table, widths: Widths | None = None) -> None:
        self._widths = widths
        self.found = found
        self._mapping = mapping
        self._table = table
        # Totals of the document stand in each row of its lines.
        rates = [column for one in found.vat for column in one.all]
        self._summed = [one for one in found.line or (*found.document, *rates) if one.name in _SUMMED]
        self._line_places = {one.name: one.picked.index for one in found.line}
        self._places = sorted({one.picked.index for one in found.all if one.picked.index is not None})
        self._texts = [one for one in found.line if one.name in ("description", "product_code")]
        self._counted = [one for one in found.line if one.name in ("quantity", "unit_price", "unit_price_with_vat")]
        self._amounts = [one for one in found.line if one.field.type == "amount"]

    def document(self, draft: Draft, row: Row, cells: Cells) -> None:
        """Take what a row says of the document."""
        if self._widths is not None and self._widths.is_odd(row):
            self._widths.check(row, draft.notes)
        draft.take(self.found.document, row, cells, self._mapping)
        self._elements(self.found.service, draft.elements, draft, row, cells)
        if self.found.vat:
            draft.rates.extend(self._rates(draft, row, cells))

    def line(self, draft: Draft, row: Row, cells: Cells) -> None:
        """Take the line in a row; nothing where it says nothing of one."""
        line = LineDraft(row, self._line_places)
        for column in self.found.line:
            value = column.read(column.picked.cell(cells))
            if isinstance(value, Wrong | Doubtful):
                line.is_whole = line.is_whole and isinstance(value, Doubtful)
                value = draft.told(value, column, row, cells, self._mapping)
            if value is not None:
                line.values[column.name] = value
                if column.field.type == "amount":
                    draft.see_unit(column.name, column.picked.cell(cells), (row, column.picked.index))
        self._elements(self.found.line_service, line.elements, draft, row, cells)
        if line.values or not line.is_whole:
            draft.lines.append(line)
            draft.is_whole = draft.is_whole and line.is_whole

    def _value(self, column: FieldColumn, draft: Draft, row: Row, cells: Cells) -> Value:
        value = column.read(column.picked.cell(cells))
        if isinstance(value, Wrong | Doubtful):
            return draft.told(value, column, row, cells, self._mapping)
        return value

    def _elements(
        self, columns: Iterable[FieldColumn], elements: dict[str, str], draft: Draft, row: Row, cells: Cells
    ) -> None:
        for column in columns:
            value = self._value(column, draft, row, cells)
            if value:
                elements.setdefault(column.name, value)

    def _rates(self, draft: Draft, row: Row, cells: Cells) -> Iterator[Rate]:
        for one in self.found.vat:
            values = {column.name: self._value(column, draft, row, cells) for column in one.all}
            if any(values.get(name) for name in ("base", "vat", "total")):
                for column in one.amounts:
                    draft.see_unit(column.name, column.picked.cell(cells), (row, column.picked.index))
                yield Rate(one.rate, **values)

    def filled(self, cells: Cells) -> int:
        """How many of the columns have something in them."""
        return sum(1 for index in self._places if cells[index] not in (None, ""))

    def is_note(self, cells: Cells) -> bool:
        """Whether a row has so little in it that it is no document and no line."""
        filled = 0
        for index in self._places:
            if cells[index] not in (None, ""):
                filled += 1
                if filled > 1:
                    return False
        return len(self._places) >= _FEW

    def _has(self, column: FieldColumn, cells: Cells) -> bool:
        cell = column.picked.cell(cells)
        return cell is not None and cell != ""

    def is_bare(self, cells: Cells) -> bool:
        """Whether a row says nothing but amounts that can be added up, at least two of them."""
        read = {one.picked.index for one in self._summed}
        filled = [index for index in self._places if cells[index] not in (None, "")]
        return len(filled) > 1 and read.issuperset(filled)

    def has_line(self, cells: Cells) -> bool:
        """Whether a row says something of a line."""
        return any(self._has(column, cells) for column in self.found.line)

    def is_line(self, cells: Cells) -> bool:
        """Whether a row below a header block is a line: it has a text and something where an amount belongs."""
        return any(self._has(one, cells) for one in self._texts) and any(self._has(one, cells) for one in self._amounts)

    def is_readable_line(self, cells: Cells) -> bool:
        """Whether such a row has an amount that can be read."""
        return self.is_line(cells) and any(
            isinstance(column.read(column.picked.cell(cells)), Decimal) for column in self._amounts
        )

    def is_counted_line(self, cells: Cells) -> bool:
        """Whether such a row has a quantity and a price, both of which can be read."""
        return self.is_line(cells) and self.is_priced_line(cells)

    def is_priced_line(self, cells: Cells) -> bool:
        """Whether a row has a quantity and a price, with a text or without one."""
        counts = {one.name for one in self._counted if isinstance(one.read(one.picked.cell(cells)), Decimal)}
        return "quantity" in counts and len(counts) > 1

    def priced(self, cells: Cells) -> bool:
        """Whether a row has a price or, of a document, a day."""
        names = ("unit_price", "unit_price_with_vat", "date")
        return any(self._has(one, cells) for one in (*self.found.line, *self.found.document) if one.name in names)

    def totals_in(self, cells: Cells) -> dict[str, Decimal]:
        """The totals in a row whose text is a word for them, and which has neither a quantity nor a price."""
        if not self._texts or any(self._has(one, cells) for one in self._counted):
            return {}
        text = self._texts[0].picked.cell(cells)
        if not isinstance(text, str) or not text[:1].isalpha() or not is_total((text,)):
            return {}
        values = {one.name: one.read(one.picked.cell(cells)) for one in self._summed}
        return {name: value for name, value in values.items() if isinstance(value, Decimal)}

    def sums(self) -> Sums:
        """Sums of the columns of amounts, to compare totals with."""
        return Sums(self._summed)


class Sums:
    """Adds up the columns of amounts, as a whole and since the last row of totals.

    Args:
        columns: the columns.
    """

    def __init__(self, columns: Iterable[FieldColumn]) -> None:
        self._columns = list(columns)
        self._whole: dict[str, Decimal] = defaultdict(Decimal)
        self._since: dict[str, Decimal] = defaultdict(Decimal)

    def add(self, cells: Cells) -> None:
        """Add the amounts of a row."""
        for column in self._columns:
            value = column.read(column.picked.cell(cells))
            if isinstance(value, Decimal):
                self._whole[column.key] += value
                self._since[column.key] += value

    def stated(self, cells: Cells) -> dict[str, Decimal]:
        """The amounts in a row of totals."""
        values = {column.key: column.read(column.picked.cell(cells)) for column in self._columns}
        return {key: value for key, value in values.items() if isinstance(value, Decimal)}

    def agree(self, cells: Cells, *, whole: bool = False) -> bool:
        """Whether the totals in a row are those of the rows above it, or of those since the last totals.

        Args:
            cells: the row.
            whole: whether only all rows above it count, and the row is none of totals where it differs from them.
        """
        stated = self.stated(cells)
        sums = (self._whole,) if whole else (self._whole, self._since)
        same = any(all(one[key] == value for key, value in stated.items()) for one in sums)
        if same or not whole:
            self._since.clear()
        return same
