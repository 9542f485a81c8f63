"""Workbooks: xlsx, xlsm, xlsb, xls and ods, sheet by sheet.

python-calamine reads them; what it leaves out in silence is looked up beside it, because an amount that is not there is
an amount that is wrong: cells with an error, formulas whose result was never computed, sheets that are hidden.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from efimport.findings import Finding, Location, finding
from efimport.formats.tables.beside import Beside, beside_values
from efimport.formats.tables.model import Cell, Row, Table, letters_of
from efimport.sources import ARCHIVE_ERRORS, Limits

HELP_SHEET, LISTS_SHEET = "efimport help", "efimport lists"
"""Sheets that our own templates have beside the one that is filled in; they hold no data."""
CELLS_AT_MOST = 8_000_000
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")
_FAR_ROW = re.compile(rb"""\sr\s*=\s*["'][A-Z]{0,3}(\d{5,7})["']""")
_FAR_COLUMN = re.compile(rb"""\sr\s*=\s*["'][A-Z]{3}\d""")
_NEAR_ROWS, _NEAR_COLUMNS = 9_999, 702
"""What a sheet spans at most that names neither a row of five digits nor a column of three letters."""
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\b")
_CELL_TAG = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_CELL_WITHOUT_PLACE = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^<>]*\sr\s*=)")
_STRINGS = "xl/sharedStrings.xml"
_LONG_STRING = re.compile(rb"[^<]{40000}")
"""A cell holds 32,767 letters (Excel specifications and limits)."""
UNPACKED_AT_MOST = 96 * 1024 * 1024
"""Bytes of all parts of a workbook; a reader takes about three times as much memory."""
_RATIO_FROM = 4 * 1024 * 1024
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_ODS_CONTENT = re.compile(r"content\.xml")
_ODS_REPEATED = re.compile(rb"""-repeated\s*=\s*["']\d{3,}""")
_ODS_TIMES = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d+)["']""")
_ODS_PART = re.compile(rb"<table:(?:covered-)?(table-row|table-cell|table)(?=[\s/>])([^>]*)>")
_SHOWN = 5


def read_workbook(content: bytes, limits: Limits) -> Iterator[Table | Finding]:
    """The visible sheets of a workbook that hold anything, and what is wrong with it.

    Args:
        content: the file.
        limits: how much is unpacked at most.
    """
    import python_calamine

    refusal = _too_large(content, limits)
    if refusal is not None:
        yield refusal
        return
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            sheet
            for sheet in book.sheets_metadata
            if sheet.typ is python_calamine.SheetTypeEnum.WorkSheet and sheet.name not in (HELP_SHEET, LISTS_SHEET)
        ]
        beside = beside_values(content, limits)
        tables = []
        for sheet in sheets:
            known = beside.get(sheet.name, Beside())
            rows = _rows(book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False), known.shown)
            hidden = sheet.visible is not python_calamine.SheetVisibleEnum.Visible
            tables.append((Table(rows=rows, sheet=sheet.name, faulty=known.faulty), hidden))
    except python_calamine.PasswordError:
        yield finding("table.locked", Location())
        return
    except (python_calamine.CalamineError, *ARCHIVE_ERRORS, OSError, ValueError) as error:
        yield finding("table.unreadable", Location(), reason=str(error) or type(error).__name__)
        return
    for table, _ in tables:
        yield from _faulty_cells(table)
    filled = [(table, hidden) for table, hidden in tables if any(not row.is_blank for row in table.rows)]
    for table, hidden in filled:
        if hidden:
            yield finding("table.hidden-sheet", Location(where=table.sheet), sheet=table.sheet or "-")
        else:
            yield table


def _rows(values: Iterable[list[Any]], shown: Mapping[tuple[int, int], str]) -> tuple[Row, ...]:
    rows = [Row(number, tuple(_cell(value) for value in row)) for number, row in enumerate(values, start=1)]
    for (number, column), text in shown.items():
        if number <= len(rows) and column < len(rows[number - 1].cells):
            cells = rows[number - 1].cells
            rows[number - 1] = Row(number, (*cells[:column], text, *cells[column + 1 :]))
    return tuple(rows)


def _cell(value: Any) -> Cell:
    if value == "" or value is None:
        return None
    if isinstance(value, str | bool) or hasattr(value, "isoformat"):
        cell: Cell = value
        return cell
    if hasattr(value, "total_seconds"):
        return str(value)
    # Fifteen digits are what a workbook holds and shows; what stands behind them is the noise of binary fractions.
    return Decimal(format(value, ".15g"))


def _too_large(content: bytes, limits: Limits) -> Finding | None:
    """A sheet with one cell in its farthest corner takes the memory of all cells between; told before it is read."""
    refusal = _archive_too_large(content, limits)
    if refusal is not None:
        return refusal
    for name, size, xml in _sheet_texts(content, limits):
        if xml is None:
            return finding("table.too-large", Location(where=name), size=size, limit=limits.archive_bytes)
        cells = _spanned(xml)
        if cells > CELLS_AT_MOST:
            return finding("table.too-large", Location(where=name), size=cells, limit=CELLS_AT_MOST)
    return _ods_too_large(content, limits)


def _ods_too_large(content: bytes, limits: Limits) -> Finding | None:
    """The same for ODS, where one element may stand for millions of cells (OpenDocument 1.2, part 1, 19.675-19.676)."""
    for name, size, xml in _sheet_texts(content, limits, _ODS_CONTENT):
        if xml is None:
            return finding("table.too-large", Location(where=name), size=size, limit=limits.archive_bytes)
        cells = _ods_cells(xml) if _ODS_REPEATED.search(xml) else 0
        if cells > CELLS_AT_MOST:
            return finding("table.too-large", Location(where=name), size=cells, limit=CELLS_AT_MOST)
    return None


def _ods_cells(xml: bytes) -> int:
    """How many cells the sheets span together, each down and across to its last filled cell."""
    spanned = rows = last_row = widest = column = 0
    for match in _ODS_PART.finditer(xml):
        part, attributes = match.groups()
        times = int(found[1]) if (found := _ODS_TIMES.search(attributes)) else 1
        if part == b"table":
            spanned += last_row * widest
            rows = last_row = widest = 0
        elif part == b"table-row":
            rows, column = rows + times, 0
        else:
            column += times
            if b"value" in attributes:
                last_row, widest = rows, max(widest, column)
    return spanned + last_row * widest


def _spanned(xml: bytes) -> int:
    """How many cells lie between the first and the farthest that a sheet names, wherever it names it."""
    far = max((int(match[1]) for match in _FAR_ROW.finditer(xml)), default=_NEAR_ROWS)
    unnamed = _CELL_WITHOUT_PLACE.search(xml) is not None
    if not unnamed and not _FAR_COLUMN.search(xml) and far * _NEAR_COLUMNS <= CELLS_AT_MOST:
        return 0
    rows = columns = 1
    for match in _PLACE.finditer(xml):
        rows, columns = max(rows, int(match[2])), max(columns, _number(match[1]))
    if unnamed:
        # Such a cell stands beside the one before it.
        parts = _ROW_TAG.split(xml)
        rows = max(rows, len(parts))
        columns = max(columns, *(sum(1 for _ in _CELL_TAG.finditer(part)) for part in parts))
    return rows * columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _archive_too_large(content: bytes, limits: Limits) -> Finding | None:
    """A workbook is an archive; what its directory states is looked at before anything is unpacked."""
    if not content.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            size = sum(entry.file_size for entry in archive.infolist())
            if len(archive.infolist()) > limits.archive_entries:
                return finding("table.too-large", Location(), size=len(sizes), limit=limits.archive_entries)
            if size > UNPACKED_AT_MOST:
                return finding("table.too-large", Location(), size=size, limit=UNPACKED_AT_MOST)
            if size > max(_RATIO_FROM, limits.archive_ratio * len(content)):
                return finding("table.too-large", Location(), size=size, limit=limits.archive_ratio * len(content))
            if _STRINGS in sizes and _LONG_STRING.search(archive.read(_STRINGS)) is not None:
                return finding("table.too-large", Location(where="sharedStrings"), size=sizes[_STRINGS], limit=32_767)
    except ARCHIVE_ERRORS:
        # The reader says what is wrong with it.
        return None
    return None


def _faulty_cells(table: Table) -> Iterator[Finding]:
    """Cells that hold an error or a formula without a result: they are read as empty, and that has to be said."""
    if table.faulty:
        places = [f"{letters_of(column)}{row}" for row, column in table.faulty]
        shown = ", ".join(places[:_SHOWN]) + (" ..." if len(places) > _SHOWN else "")
        place = Location(where=f"{table.sheet}!{places[0]}")
        yield finding("table.cell-error", place, count=len(places), cells=shown)


def _sheet_texts(
    content: bytes, limits: Limits, wanted: re.Pattern[str] = _SHEET
) -> Iterator[tuple[str, int, bytes | None]]:
    """Name, size and XML of each sheet; None where the XML is larger than what is unpacked at most."""
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if wanted.fullmatch(entry.filename):
                    whole = entry.file_size <= limits.archive_bytes
                    name = entry.filename.rsplit("/", 1)[-1].removesuffix(".xml")
                    yield name, entry.file_size, archive.read(entry) if whole else None
    except ARCHIVE_ERRORS:
        return
