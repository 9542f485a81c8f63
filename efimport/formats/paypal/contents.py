"""What the service gets: the rows of one currency as PayPal would have written them, days in the form it expects.

Source: web service reference, BankStatementImport, type ``PayPalCsv``: days are ``MM/DD/YYYY`` where nothing else is
said, and nothing else can be said at every site.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

import msgspec

from efimport.formats.marks import MARKS
from efimport.formats.paypal.calendar import Days
from efimport.formats.paypal.columns import Layout
from efimport.formats.paypal.lines import AMOUNTS, Line
from efimport.formats.tables.model import Cell, Row, Table, cell_text

_SERVICE_DAY = re.compile(r"\d{2}/\d{2}/\d{4}")


class Original(msgspec.Struct, frozen=True):
    """The file as it came.

    Attributes:
        content: its bytes.
        table: its table.
        encoding: of its text; None for a workbook.
    """

    content: bytes
    table: Table
    encoding: str | None

    @property
    def marked(self) -> bool:
        """Whether it begins with a byte-order mark."""
        return any(self.content.startswith(mark) for mark, _ in MARKS)

    @property
    def line_ends(self) -> bool:
        """Whether its rows end with CR LF: every lone line feed stands inside a cell."""
        lone = self.content.count(b"\n") - self.content.count(b"\r\n")
        cells = (cell for row in self.table.rows for cell in row.cells if isinstance(cell, str) and "\n" in cell)
        return not lone or lone == sum(cell.count("\n") - cell.count("\r\n") for cell in cells)


Told = Callable[[str, dict[str, object]], None]


def make_content(
    original: Original, layout: Layout, lines: Sequence[Line], currencies: int, days: Days, tell: Told
) -> bytes:
    """The statement as the service takes it.

    Args:
        original: the file.
        layout: where what stands in its table.
        lines: the rows that move money in the currency, in the order of the file.
        currencies: number of currencies in the file.
        days: how its days are read.
        tell: called with code and values for each change.
    """
    changed = _form_changes(original, tell)
    kept = {line.row.number for line in lines}
    others = [row for row in original.table.rows if row.number not in kept and not row.is_blank]
    if currencies > 1:
        tell("paypal.split-by-currency", {"currency": lines[0].currency or "-", "count": currencies})
    above = [row for row in others if row.number < layout.header.number]
    if above:
        tell("paypal.rows-above", {"count": len(above)})
    rows = [_row(line.row, layout, days) for line in lines]
    written = sum(
        cell_text(layout.cell(line.row, "date")) != row[layout.index("date")]
        for line, row in zip(lines, rows, strict=True)
    )
    if written:
        tell("paypal.dates-rewritten", {"count": written})
    whole = len(others) == 1
    if whole and not changed and not written:
        return original.content
    if not original.line_ends:
        # No reason to write a file anew; one that is written anew gets PayPal's own.
        tell("paypal.line-ends", {})
    return _written(original, layout.header, rows)


def _form_changes(original: Original, tell: Told) -> bool:
    """Say what changes in the form of the file; whether anything does."""
    if original.encoding is None:
        tell("paypal.from-workbook", {})
        return True
    changed = False
    if original.encoding != "utf-8" or original.marked:
        mark = " with a byte-order mark" if original.marked else ""
        tell("paypal.encoding", {"encoding": original.encoding.upper() + mark})
        changed = True
    if original.table.delimiter != ",":
        tell("paypal.delimiter", {"found": {"\t": "TAB"}.get(original.table.delimiter or "", original.table.delimiter)})
        changed = True
    return changed


def _row(row: Row, layout: Layout, days: Days) -> list[str]:
    amounts = {at for name in AMOUNTS for at in layout.columns.get(name, ())}
    texts = [_amount(cell) if at in amounts else _text(cell) for at, cell in enumerate(row.cells)]
    for at in layout.columns["date"]:
        day = days.day(row.cells[at]) if at < len(row.cells) else None
        if day is not None and not _is_service_day(row.text(at), day):
            texts[at] = f"{day:%m/%d/%Y}"
    return texts


def _is_service_day(text: str, day: dt.date) -> bool:
    return bool(_SERVICE_DAY.fullmatch(text)) and text == f"{day:%m/%d/%Y}"


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell_text(cell)


def _amount(cell: Cell) -> str:
    """A number of a workbook has no text of its own; it is given two decimals, as PayPal writes them."""
    return f"{cell:.2f}" if isinstance(cell, Decimal) and cell == round(cell, 2) else _text(cell)


def _written(original: Original, header: Row, rows: Sequence[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    # Names without quotation marks stay so: files of 2014 have a blank before each, which belongs to the separator.
    plain = original.encoding is not None and b'"' not in original.content.partition(b"\n")[0]
    names = csv.writer(buffer, quoting=csv.QUOTE_MINIMAL if plain else csv.QUOTE_ALL, lineterminator="\r\n")
    names.writerow([_text(cell) for cell in header.cells])
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode("utf-8", "replace")
