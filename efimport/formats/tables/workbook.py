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
CELLS_AT_MOST = 20_000_000
_LAST_ROW = re.compile(rb'<row[^>]{0,200}?\sr="(\d{1,7})"')
_COLUMN = re.compile(rb'<c[^>]{0,80}?\sr="([A-Z]{1,3})\d')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_ODS_CONTENT = re.compile(r"content\.xml")
_ODS_REPEATED = re.compile(rb'-repeated="\d{3,}"')
_ODS_TIMES = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')
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
    for name, size, xml in _sheet_texts(content, limits):
        if xml is None:
            return finding("table.too-large", Location(where=name), size=size, limit=limits.archive_bytes)
        rows = max((int(number) for number in _LAST_ROW.findall(xml, max(0, len(xml) - 100_000))), default=1)
        if rows * _columns(xml) > CELLS_AT_MOST:
            return finding("table.too-large", Location(where=name), size=rows * _columns(xml), limit=CELLS_AT_MOST)
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


def _columns(xml: bytes) -> int:
    widest = max(set(_COLUMN.findall(xml)), key=lambda letters: (len(letters), letters), default=b"A")
    number = 0
    for letter in widest:
        number = number * 26 + letter - 64
    return number


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
