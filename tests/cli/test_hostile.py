"""What a document or the service says must not act where the program writes it: in cells, and in the terminal."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import efimport
from efimport.cli.outputs import print_bytes
from efimport.cli.tables import as_csv, as_xlsx
from efimport.sandbox.server import RunningSandbox

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
OWN_TEXTS = {"templates/headings.py", "templates/workbook.py"}
"""Writers of tables that hold headings of ours and nothing else."""


def test_every_writer_of_tables_takes_its_cells_from_one_place() -> None:
    package = Path(efimport.__file__).parent
    texts = {path.relative_to(package).as_posix(): path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    writers = {
        name for name, text in texts.items() if re.search(r"csv\.(writer|DictWriter)|Workbook\(|to_(csv|excel)", text)
    }
    assert writers >= {"cli/tables.py", "report/as_xlsx.py"}
    assert {name for name in writers if not re.search(r"\bcell_text\(", texts[name])} == OWN_TEXTS


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_cell_of_a_conversion_is_a_formula_and_numbers_stay_numbers(text: str, invented: Any) -> None:
    debit = Decimal("-5.50")
    document = invented.invoice(path=text, number=text, currency=text, total_with_vat=debit, payable=debit)
    rows = list(csv.reader(io.StringIO(as_csv([document]).decode(), newline="")))
    cells = [cell for row in rows for cell in row]
    assert "-5.50" in cells
    assert [cell for cell in cells if cell.startswith(LIVE) and cell != "-5.50"] == []
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([document])))
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert -5.5 in [cell.value for cell in values]
    assert not [cell for cell in values if cell.data_type == "f"]
    assert not [cell for cell in values if isinstance(cell.value, str) and cell.value.startswith(LIVE)]


CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NAMES = ("=1+cmd\x1b[2J\u202exml.xml", "@\x9b31m\u2066<script>.xml")
"""Names of files that would steer a terminal or be a formula."""


def test_nothing_lives_in_what_is_told_of_the_journal(clerk: Any, sandbox: RunningSandbox) -> None:
    for number, name in enumerate(NAMES, start=1):
        clerk.invoice(name, number=f"26000000{number}", firm=f"{name[:-4].replace('<', '&lt;')[:1]}1+1 \u202e\u2066")
    clerk.run("import", ".", "--yes")
    assert clerk.run("journal", "list").out.count("SalesInvoiceImport") == len(NAMES)
    for words in (["list"], ["list", "--json"], ["show", "1"], ["show", "2"], ["show", "1", "--json"], ["export"]):
        shown = Screen()
        told = clerk.run("journal", *words).out
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.stdout", shown)
            print_bytes(told.encode())
        # What is JSON is escaped on its way to a terminal alone; a table is harmless wherever it goes.
        is_json = "--json" in words or words == ["export"]
        assert not CONTROLS.search(shown.getvalue().decode() if is_json else told)
    for ending in ("csv", "xlsx"):
        assert clerk.run("journal", "export", "-o", f"journal.{ending}").status == 0
    text = (clerk.folder / "journal.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == len(NAMES) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(LIVE) or CONTROLS.search(cell)]
    cells = [cell for row in openpyxl.load_workbook(clerk.folder / "journal.xlsx").active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if str(cell.value).startswith(LIVE) or CONTROLS.search(str(cell.value))]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_nothing_lives_in_an_answer_that_is_called_for(clerk: Any, sandbox: RunningSandbox, form: list[str]) -> None:
    partner = "<Partner><partnerCode>1</partnerCode><lastName>=1+1 \u202efdp.exe\u202c\x9b31m</lastName></Partner>"
    clerk.write("partner.xml", partner)
    made = clerk.run("call", "PartnerImport", "partner=@partner.xml", "importType=createOnly", "--yes")
    assert made.status == 0, made.out + made.err
    told = clerk.run("call", "PartnerGetByCode", "partnerCode=1", *form).out
    assert "1+1" in told
    screen = Screen()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", screen)
        print_bytes(told.encode())
    assert not CONTROLS.search(screen.getvalue().decode())


class Screen(io.BytesIO):
    """Standard output that is a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self.buffer = self

    def isatty(self) -> bool:
        return True


def test_an_answer_does_not_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    print_bytes("<name>\x1b[2Jx\x9b31m \u202efdp.exe\u202c čáp</name>\r\n\t<b/>\n".encode())
    assert screen.getvalue().decode() == "<name>\\x1b[2Jx\\x9b31m \\u202efdp.exe\\u202c čáp</name>\n\t<b/>\n"


def test_a_program_gets_the_very_bytes(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    print_bytes(b"\x1b[2J\xff\r\n")
    assert capsysbinary.readouterr().out == b"\x1b[2J\xff\r\n"
