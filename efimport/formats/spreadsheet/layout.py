"""Whether a table is the one that a mapping describes: its header, or the shapes of its columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase

import msgspec

from efimport.formats.spreadsheet.cells import as_column, pick
from efimport.formats.spreadsheet.names import GAPS, REPAIRS, Names, folded, is_expression, repaired
from efimport.formats.tables.days import parse_day
from efimport.formats.tables.delimited import find_delimiter, split
from efimport.formats.tables.model import Cell, Row, Table, cell_text
from efimport.formats.tables.numbers import parse_amount
from efimport.mappings import Mapping, RecordMapping, StatementMapping
from efimport.mappings.parts import Column, ColumnSpec, Shape
from efimport.mappings.statements import Columns
from efimport.mappings.targets import target_fields

_HEADER_WITHIN = 300
_SHAPED_ROWS = 40
_HEADINGS = 3
"""Known names from which on a row is one of headings."""
_ODD_AT_LEAST = 1
"""One damaged row is told, and does not keep a short table from being recognised."""


class Layout(msgspec.Struct, frozen=True):
    """A table that a mapping describes.

    Attributes:
        mapping: the mapping.
        table: the table, its rows put together again where that was needed.
        start: index of the first row of data.
        names: the header; of a table without one, as many empty names as it has columns.
        has_header: whether the row before the data is the header.
        required: number of columns by which it was recognised; of shapes those that a cell has.
        known: number of columns that the mapping knows.
        repair: encodings by which garbled letters of the whole table are put back.
    """

    mapping: Mapping
    table: Table
    start: int
    names: Names
    has_header: bool
    required: int
    known: int
    repair: tuple[str, str] | None = None

    @property
    def is_proven(self) -> bool:
        """Whether the table is known for what it is, and need not be named: each shape has a cell to show for it."""
        return self.has_header or self.required >= len(self.mapping.header.shapes)

    @property
    def width(self) -> int:
        """Number of columns of the header."""
        return len(self.names.texts)


class Headers:
    """The rows of a table that may be a header, folded once for all mappings.

    Args:
        table: the table, or its beginning.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self._plain: list[tuple[int, Names]] | None = None
        self._repaired: dict[tuple[str, str], list[tuple[int, Names]]] = {}
        self._rows_with: dict[tuple[str, str] | None, dict[str, list[tuple[int, Names]]]] = {}

    def names(self, repair: tuple[str, str] | None) -> list[tuple[int, Names]]:
        """Index and names of each row with more than one text, with its letters put back."""
        if self._plain is None:
            self._plain = [
                (index, Names([cell_text(cell) for cell in row.cells]))
                for index, row in enumerate(self.table.rows[:_HEADER_WITHIN])
                if sum(1 for cell in row.cells if isinstance(cell, str) and cell.strip()) > 1
            ]
        if repair is None:
            return self._plain
        if repair not in self._repaired:
            self._repaired[repair] = [
                (index, Names([repaired(text, repair) for text in names.texts]))
                for index, names in self._plain
                if any(not text.isascii() for text in names.texts)
            ]
        return self._repaired[repair]

    def candidates(
        self, repair: tuple[str, str] | None, required: Sequence[str | tuple[str, ...]]
    ) -> list[tuple[int, Names]]:
        """The rows that have the first of the required names; all where that cannot be told without trying."""
        wanted = (required[0],) if isinstance(required[0], str) else required[0]
        if any(is_expression(name) for name in wanted):
            return self.names(repair)
        if repair not in self._rows_with:
            rows_with: dict[str, list[tuple[int, Names]]] = {}
            for row in self.names(repair):
                for word in row[1].words:
                    rows_with.setdefault(word, []).append(row)
            self._rows_with[repair] = rows_with
        found = {row[0]: row for name in (*map(folded, wanted), GAPS) for row in self._rows_with[repair].get(name, ())}
        return [found[index] for index in sorted(found)]


class Prepared:
    """A table as different mappings look at it."""

    def __init__(self, table: Table) -> None:
        self._headers: dict[str, Headers] = {"": Headers(_unwrapped(table))}
        self._table = table

    def headers(self, mapping: Mapping) -> Iterator[Headers]:
        """The rows that may be a header for this mapping: put together again where it says so, and as they are."""
        sign = mapping.file.rejoin
        if sign and self._table.sheet is not None and _was_cut(self._table, sign):
            if sign not in self._headers:
                self._headers[sign] = Headers(_rejoined(self._table, sign))
            yield self._headers[sign]
        yield self._headers[""]


def match(mapping: Mapping, prepared: Prepared) -> Layout | None:
    """The layout of a table, where the mapping describes it."""
    for headers in prepared.headers(mapping):
        layout = _match(mapping, headers)
        if layout is not None:
            return layout
    return None


def _match(mapping: Mapping, headers: Headers) -> Layout | None:
    sheet = headers.table.sheet
    patterns = mapping.file.sheets
    if sheet is not None and patterns and not any(fnmatchcase(folded(sheet), folded(one)) for one in patterns):
        return None
    if not mapping.header.required:
        by_position = isinstance(mapping, RecordMapping)
        return _by_order(mapping, headers.table) if by_position else _by_shapes(mapping, headers.table)
    for repair in (None, *REPAIRS):
        for index, names in headers.candidates(repair, mapping.header.required):
            if _fits(mapping, names):
                known = len({place for spec in known_columns(mapping) for place in _places(spec, names)})
                required = len(mapping.header.required)
                return Layout(mapping, headers.table, index + 1, names, True, required, known, repair)
    return None


def _fits(mapping: Mapping, names: Names) -> bool:
    for wanted in mapping.header.required:
        if names.first((wanted,) if isinstance(wanted, str) else wanted) is None:
            return False
    if any(names.find(name) is not None for name in mapping.header.forbidden):
        return False
    if mapping.header.closed and unknown_columns(mapping, names):
        return False
    return isinstance(mapping, RecordMapping) or _has_amount_and_day(mapping, names)


def _has_amount_and_day(mapping: StatementMapping, names: Names) -> bool:
    """Whether the columns are there without which nothing can be booked; an unfinished draft does not name them."""
    amount, columns = mapping.amount, mapping.columns
    amounts = [amount.column] if amount.column is not None else [amount.credit, amount.debit]
    days = [pick(spec, names) for spec in (columns.date, columns.value_date)]
    return all(pick(spec, names) is not None for spec in amounts) and any(day is not None for day in days)


def _places(spec: ColumnSpec, names: Names) -> frozenset[int]:
    picked = pick(as_column(spec), names)
    return picked.indexes if picked is not None else frozenset()


def known_columns(mapping: Mapping) -> Iterator[ColumnSpec]:
    """Every column that a mapping names anywhere."""
    if isinstance(mapping, RecordMapping):
        yield from _columns_of_records(mapping)
        return
    specs: list[ColumnSpec | None] = [getattr(mapping.columns, name) for name in Columns.__struct_fields__]
    amount = mapping.amount
    specs += [amount.column, amount.credit, amount.debit, amount.total]
    if amount.direction is not None:
        specs.append(amount.direction.column)
    for fee in mapping.fees:
        specs += [fee.column, fee.currency]
    if mapping.balance is not None:
        specs += [mapping.balance.after, mapping.balance.before]
    specs += [one.column for one in mapping.skip]
    specs += [*mapping.header.required, *mapping.split]
    if mapping.reversal is not None:
        specs.append(mapping.reversal.column)
    yield from (spec for spec in specs if spec is not None)


def _columns_of_records(mapping: RecordMapping) -> Iterator[ColumnSpec]:
    for part in (mapping.columns, mapping.lines, mapping.service, mapping.line_service):
        yield from part.values()
    for one in mapping.vat:
        yield from (spec for spec in (one.base, one.vat, one.total, one.description) if spec is not None)
    yield from (one.column for one in mapping.skip)
    yield from mapping.header.required


def unknown_columns(mapping: Mapping, names: Names) -> tuple[int, ...]:
    """Indexes of the named columns of a header that the mapping does not know."""
    known: set[int] = set()
    for spec in known_columns(mapping):
        known.update(_all_places(as_column(spec), names))
    return tuple(index for index, text in enumerate(names.texts) if text.strip() and index not in known)


def _all_places(column: Column, names: Names) -> Iterator[int]:
    """Every column that a column of a mapping may be, not the first alone."""
    for name in column.names:
        occurrence = 1
        while (index := names.find(name, occurrence)) is not None:
            yield index
            occurrence += 1
    for spec in (*column.join, *column.first_of):
        yield from _all_places(as_column(spec), names)
    if column.number is not None or column.header is not None:
        yield from _places(column, names)


def _by_shapes(mapping: Mapping, table: Table) -> Layout | None:
    """The layout of a table without a known header: nearly all of its rows have the shapes."""
    head = enumerate(table.rows[: _HEADER_WITHIN + _SHAPED_ROWS])
    width = (mapping.header.columns or 0) if table.sheet is not None else 0
    rows = [(index, _padded(row, width)) for index, row in head if not row.is_blank]
    start = next((place for place, (_, row) in enumerate(rows[:_HEADER_WITHIN]) if _shaped(row, mapping)), None)
    if start is None:
        return None
    looked_at = rows[start : start + _SHAPED_ROWS]
    odd = sum(1 for _, row in looked_at if not _shaped(row, mapping))
    if odd > max(_ODD_AT_LEAST, len(looked_at) // 5) or odd * 2 > len(looked_at):
        return None
    names = Names([""] * (mapping.header.columns or 0))
    if isinstance(mapping, StatementMapping) and not _has_amount_and_day(mapping, names):
        return None
    count = len(mapping.header.shapes)
    return Layout(mapping, table, rows[start][0], names, False, count, count)


def _by_order(mapping: Mapping, table: Table) -> Layout | None:
    """The layout of a table whose columns go by their order, whether there is a row of headings or not.

    Columns may follow that the mapping does not know; the first row need not have the shapes.
    """
    columns = mapping.header.columns or 0
    rows = [
        (index, _padded(row, columns))
        for index, row in enumerate(table.rows[: _HEADER_WITHIN + _SHAPED_ROWS])
        if not row.is_blank
    ]
    looked_at = rows[1 : _SHAPED_ROWS + 1] or rows
    fitting = sum(1 for _, row in looked_at if len(row.cells) >= columns and _has_shapes(row, mapping))
    if not fitting or len(looked_at) - fitting > max(_ODD_AT_LEAST, len(looked_at) // 5):
        return None
    width = max(len(row.cells) for _, row in rows)
    start = rows[0][0] + _is_heading(rows[0][1], mapping)
    shaped = [row for _, row in rows[: _SHAPED_ROWS + 1] if _has_shapes(row, mapping)]
    filled = sum(1 for shape in mapping.header.shapes if any(row.text(shape.number - 1) for row in shaped))
    return Layout(mapping, table, start, Names([""] * width), False, filled, filled)


def _is_heading(row: Row, mapping: Mapping) -> bool:
    """Whether the first row holds headings: it has not the shapes, or names that fields are known by."""
    if not _has_shapes(row, mapping):
        return True
    fields = target_fields(mapping.target) if isinstance(mapping, RecordMapping) else None
    known = {folded(name) for one in fields.document.values() for name in one.headings} if fields else set()
    return sum(1 for text in row.texts if text and folded(text) in known) >= _HEADINGS


def _padded(row: Row, width: int) -> Row:
    """A row of a workbook, which keeps no empty cells at its end."""
    return Row(row.number, row.cells + (None,) * (width - len(row.cells)))


def _shaped(row: Row, mapping: Mapping) -> bool:
    columns = mapping.header.columns or 0
    cells = row.cells
    while len(cells) > columns and not cell_text(cells[-1]):
        cells = cells[:-1]
    if len(cells) > columns or len(row.cells) < columns:
        return False
    return _has_shapes(row, mapping)


def _has_shapes(row: Row, mapping: Mapping) -> bool:
    shapes = mapping.header.shapes
    return all(
        shape.number <= len(row.cells) and _has_shape(row.cells[shape.number - 1], shape, mapping) for shape in shapes
    )


def _has_shape(cell: Cell, shape: Shape, mapping: Mapping) -> bool:
    text = cell_text(cell)
    if shape.pattern is not None:
        return not text or re.fullmatch(shape.pattern, text) is not None
    if shape.values:
        return folded(text) in {folded(one) for one in shape.values}
    if shape.shape == "day":
        return parse_day(cell, mapping.file.dates) is not None
    if shape.shape == "amount":
        mark = mapping.file.decimal
        return any(parse_amount(cell, one) is not None for one in ((mark,) if mark else (",", ".")))
    if shape.shape == "empty":
        return not text
    if shape.shape == "currency":
        return not text or (len(text) == 3 and text.isalpha())
    if shape.shape == "digits":
        return not text or text.replace(" ", "").isdigit()
    return bool(text)


def _unwrapped(table: Table) -> Table:
    """A sheet whose rows are lines of CSV in the first column, cut into cells; any other table as it is."""
    if table.sheet is None or any(len(cells) > 1 and any(cells[1:]) for cells in _cells(table)):
        return table
    lines = [cell_text(cells[0]) if cells else "" for cells in _cells(table)]
    text = "\n".join(line.replace("\n", " ") for line in lines)
    delimiter = find_delimiter(text)
    if delimiter is None:
        return table
    return msgspec.structs.replace(table, rows=split(text, (delimiter,)).rows)


def _cells(table: Table) -> Iterator[Sequence[Cell]]:
    return (row.cells for row in table.rows)


def _was_cut(table: Table, delimiter: str) -> bool:
    """Whether lines of CSV stand in the cells of a sheet: their delimiter stands in one cell more than once."""
    head = table.rows[:_HEADER_WITHIN]
    return any(isinstance(cell, str) and cell.count(delimiter) > 1 for row in head for cell in row.cells)


def _rejoined(table: Table, delimiter: str) -> Table:
    """A sheet made of lines of CSV that were cut at each comma, put together and cut at the delimiter."""
    rows = []
    for row in table.rows:
        cells = list(row.cells)
        while cells and not cell_text(cells[-1]):
            cells.pop()
        line = ",".join(_piece(cell, index) for index, cell in enumerate(cells)).replace("\n", " ")
        rows.append(Row(row.number, tuple(next(csv.reader([line], delimiter=delimiter), ()))))
    return msgspec.structs.replace(table, rows=tuple(rows))


def _piece(cell: Cell, index: int) -> str:
    """A piece of a line; one digit that the workbook took for a number may have lost the zero before it."""
    text = cell_text(cell)
    return f"?{text}" if index and isinstance(cell, Decimal) and len(text) == 1 else text
