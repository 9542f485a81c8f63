"""How cells of workbooks are shown, and which of them hold an error."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from efimport.formats.tables.model import Table
from efimport.formats.tables.workbook import read_workbook
from efimport.sources import LIMITS
from tests.formats.spreadsheet.tables import opendocument, workbook


def saved(*cells, formats=()):
    """A workbook of one row."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(("Sheet & 1", [list(cells)]))))
    for cell, pattern in zip(book.active[1], formats, strict=False):
        cell.number_format = pattern
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(content):
    items = list(read_workbook(content, LIMITS))
    [table] = [item for item in items if isinstance(item, Table)]
    return table, [item for item in items if not isinstance(item, Table)]


@pytest.mark.parametrize(
    ("number", "pattern", "cell"),
    [
        (308, "00000", "00308"),
        (11000, r"000\ 00", "110 00"),
        (1001, r"000\ 00", "010 01"),
        (123456, "0000", "123456"),
        (5, '"No "00', Decimal(5)),
        (7, '00"/2026"', "07/2026"),
        (0.21, "0%", "21 %"),
        (0.095, "0.0%", "9.5 %"),
        (12.5, "0000", Decimal("12.5")),
        (-7, "000", Decimal(-7)),
        (12.5, "0.00", Decimal("12.5")),
        (12, "0", Decimal(12)),
        (12, "General", Decimal(12)),
        (5, '0"%"', Decimal(5)),
    ],
)
def test_a_number_is_what_its_format_shows(number, pattern, cell):
    table, findings = read(saved(number, formats=[pattern]))
    assert (table.rows[0].cells[0], findings) == (cell, [])


def test_errors_and_formulas_without_a_result_are_told_by_cell_and_sheet():
    table, [found] = read(saved("a", "#REF!", "=1/0", 5))
    assert table.faulty == {(1, 1): "#REF!", (1, 2): "#CALC!"}
    assert found.location.where == "Sheet & 1!B1"
    assert "B1, C1" in found.message


def test_an_empty_text_that_a_formula_makes_is_no_error():
    content = saved("a", "=B1")
    source, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                data = data.replace(b'<c r="B1">', b'<c r="B1" t="str">')
                assert b't="str"' in data
            target.writestr(entry, data)
    table, findings = read(out.getvalue())
    assert (table.faulty, findings) == ({}, [])


ODS_ROWS = (
    '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"/>'
    '<table:table-cell office:value-type="float" office:value="308"><text:p>00308</text:p></table:table-cell>'
    '<table:table-cell office:value-type="percentage" office:value="0.21"><text:p>21 %</text:p></table:table-cell>'
    '<table:table-cell office:value-type="float" office:value="0.5"><text:p>0.5</text:p></table:table-cell>'
    "</table:table-row>"
)
ODS_ERROR = (
    '<table:table-row><table:table-cell xmlns:calcext="urn:x" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>'
)


def test_cells_of_an_opendocument_sheet_are_what_they_show():
    table, findings = read(opendocument([["a"]], ODS_ROWS))
    assert [row.cells[2:] for row in table.rows[1:]] == [("00308", "21 %", Decimal("0.5"))] * 2
    assert findings == []


def test_errors_of_an_opendocument_sheet_are_told():
    table, [found] = read(opendocument([["a"]], ODS_ERROR))
    assert (table.faulty, found.location.where) == ({(2, 0): "#DIV/0!"}, "List!A2")
