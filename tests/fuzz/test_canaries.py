"""Formulas, markup and commands in a document are dead in everything that is written of it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from lxml import html
from rich.console import Console

from efimport.cli import tables
from efimport.messages import LANGUAGES, Catalogue
from efimport.planning.build import build_plan
from efimport.planning.model import Plan
from efimport.report.as_html import write_html
from efimport.report.as_json import write_json
from efimport.report.as_xlsx import write_xlsx
from efimport.report.build import build_report
from efimport.report.terminal import print_report
from efimport.sources import Source

FORMULAS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
CANARIES = [
    *(f"{start}1+cmd|' /C calc'!A0" for start in FORMULAS),
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[link=http://evil.example]x[/link]",
    "\x1b[2J\x1b]8;;http://evil.example\x07x",
    "\x9b31m",
    "\u202efdp.exe\u202c",
    "\u2066a\u2069",
]
LIVE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def partners(canary: str) -> bytes:
    """A table of partners whose every text is the canary."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["code", "name", "street", "city", "note"])
    writer.writerow(["A1", *[canary] * 4])
    return text.getvalue().encode()


def statement(canary: str) -> bytes:
    """A statement whose messages are the canary, in JSON as efimport writes it."""
    sample = Path(__file__).resolve().parents[2] / "samples" / "statements" / "fio-2026-01.gpc"
    plan = build_plan([sample], None)
    told = json.loads(tables.as_json(plan, Catalogue()))
    for source in told["sources"]:
        for document in source["documents"]:
            for entry in document["entries"]:
                entry["message"] = entry["counter_name"] = canary
    return json.dumps(told).encode()


@pytest.fixture(scope="module", params=CANARIES, ids=ascii)
def plan(request: pytest.FixtureRequest) -> Plan:
    canary = request.param
    named = canary.replace("/", "_").replace("!", "_")
    files = [
        Source(f"{named}.csv", partners(canary)),
        Source(f"{named}.json", statement(canary)),
        Source(f"{named}.xml", f"<a>{named}</b>".encode(errors="replace")),
    ]
    made = build_plan(files, None)
    assert len(made.sources) == len(files)
    assert made.documents
    return made


def test_nothing_lives_in_a_report(plan: Plan) -> None:
    for language in LANGUAGES:
        report = build_report(plan, dry_run=True, catalogue=Catalogue(language))
        terminal, page, book, told = io.StringIO(), io.StringIO(), io.BytesIO(), io.StringIO()
        print_report(report, Console(file=terminal, width=100), verbosity=2)
        assert not LIVE.search(terminal.getvalue())
        write_html(report, page)
        assert not LIVE.search(page.getvalue())
        assert not html.fromstring(page.getvalue()).xpath(
            "//script | //img | //iframe | //@*[starts-with(name(), 'on')] | //@href | //@src"
        )
        write_xlsx(report, book)
        no_formulas(book.getvalue())
        write_json(report, told)
        assert not LIVE.search(told.getvalue())
        json.loads(told.getvalue())


def test_nothing_lives_in_what_convert_writes(plan: Plan) -> None:
    no_formulas(tables.as_xlsx(plan.documents))
    for source in plan.sources:
        if source.documents:
            text = tables.as_csv([planned.document for planned in source.documents]).decode()
            assert not LIVE.search(text)
            for row in csv.reader(io.StringIO(text, newline="")):
                assert not any(cell.startswith(FORMULAS) and not is_number(cell) for cell in row)
    json.loads(tables.as_json(plan, Catalogue()))


def no_formulas(content: bytes) -> None:
    """No cell is a formula or begins like one; what is a number is one."""
    numbers = 0
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                assert cell.data_type != "f"
                assert not isinstance(cell.value, str) or not cell.value.startswith(FORMULAS)
                assert not isinstance(cell.value, str) or not LIVE.search(cell.value)
                numbers += isinstance(cell.value, int | float)
    assert numbers


def is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None
