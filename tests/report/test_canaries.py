"""What a hostile document says must not act in a report: no formula, no script, no terminal command, no turned text."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable

import msgspec
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from rich.console import Console

from efimport.documents import Invoice, Kind, Origin, Party
from efimport.findings import Finding, Location, Severity
from efimport.messages import Message
from efimport.planning.model import Outcome, Plan, PlannedDocument, PlannedSource, State
from efimport.report.as_html import write_html
from efimport.report.as_json import write_json
from efimport.report.as_xlsx import write_xlsx
from efimport.report.build import build_report
from efimport.report.model import Report
from efimport.report.terminal import print_report
from efimport.report.visible import cell_text, visible

CANARIES = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "{0.__class__} {text!r}",
    "[red]bold[/red] [link=http://evil.example]x[/link]",
    "\x1b[2J\x1b]8;;http://evil.example\x07x",
    "\x9b31m",
    "\u202efdp.exe\u202c",
    "\u2066a\u2069",
    "a\u2028b",
    "name\udcff.xml",
    "nul\x00",
]
LIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\ud800-\udfff]")


def poisoned(text: str, plan: Plan) -> tuple[Plan, list[Outcome]]:
    """The plan with one more file in which every text is the given one."""
    found = Finding(
        "xml.schema",
        Severity.WARNING,
        Message("It says {value}", {"value": text}),
        Message(text.replace("{", "{{").replace("}", "}}")),
        Location(line=1, where=text),
    )
    document = Invoice(
        kind=Kind.ISSUED_INVOICE,
        origin=Origin(path=text, format="pohoda"),
        number=text,
        currency=text,
        customer=Party(name=text),
    )
    source = PlannedSource(
        path=text,
        format=text,
        encoding=text,
        findings=(found,),
        documents=(PlannedDocument(document=document, findings=(found,), call="c9"),),
    )
    call = msgspec.structs.replace(plan.calls[0], id="c9", key=text, number=text, effects=("effect.unheard-of",))
    poisoned_plan = msgspec.structs.replace(
        plan, organization=text, sources=(*plan.sources, source), calls=(*plan.calls, call)
    )
    return poisoned_plan, [Outcome(call=call, state=State.UNKNOWN, answer=text, reason=text)]


@pytest.fixture(params=CANARIES, ids=ascii)
def hostile(request: pytest.FixtureRequest, plan: Plan) -> Report:
    return build_report(*poisoned(request.param, plan), dry_run=False)


def test_no_canary_lives_in_the_terminal(hostile: Report) -> None:
    stream = io.StringIO()
    print_report(hostile, Console(file=stream, width=80), verbosity=1)
    assert not LIVE.search(stream.getvalue())
    stream = io.StringIO()
    print_report(hostile, Console(file=stream, width=80, force_terminal=True), verbosity=1)
    without_colours = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
    assert not LIVE.search(without_colours)


def test_no_canary_lives_in_the_page(hostile: Report) -> None:
    stream = io.StringIO()
    write_html(hostile, stream)
    page = stream.getvalue()
    assert not LIVE.search(page)
    page.encode()
    tree = html.fromstring(page)
    assert not tree.xpath("//script | //img | //link | //iframe | //@*[starts-with(name(), 'on')]")
    assert not tree.xpath("//@href | //@src")


def test_no_canary_lives_in_the_spreadsheet(hostile: Report) -> None:
    stream = io.BytesIO()
    write_xlsx(hostile, stream)
    for sheet in openpyxl.load_workbook(stream):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not isinstance(cell.value, str) or not cell.value.startswith(
                    tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
                )


def test_no_canary_lives_in_the_printed_json_and_programs_get_the_very_text(hostile: Report) -> None:
    stream = io.StringIO()
    write_json(hostile, stream)
    assert not LIVE.search(stream.getvalue())
    stream.getvalue().encode()
    report = json.loads(stream.getvalue())
    assert report["sources"][-1]["path"] == report["organization"] == hostile.organization


@given(st.text())
def test_visible_text_holds_nothing_that_acts(text: str) -> None:
    assert not LIVE.search(visible(text))
    visible(text).encode()


@given(st.text())
def test_a_cell_never_begins_a_formula(text: str) -> None:
    assert not cell_text(text).startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    )


def test_ordinary_text_is_left_alone() -> None:
    assert visible("Příliš žluťoučký kůň – 100 % „ano“") == "Příliš žluťoučký kůň – 100 % „ano“"
    assert cell_text("260100001") == "260100001"


def test_a_hidden_sign_is_written_out() -> None:
    assert visible("a\x1bb\u202ec\n") == "a\\x1bb\\u202ec\\n"


def test_the_page_asks_for_nothing_from_outside(plan: Plan) -> None:
    stream = io.StringIO()
    write_html(build_report(plan, dry_run=True), stream)
    page = stream.getvalue()
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"" in page
    assert not re.search(r"https?://|@import|url\(", page)
    assert etree.tostring(html.fromstring(page))


def test_long_texts_are_whole_in_the_page_and_cut_with_a_word_in_a_cell(
    plan: Plan, large_plan: Callable[[int], Plan]
) -> None:
    long = "Ž" * 40_000
    report = build_report(*poisoned(long, plan), dry_run=False)
    page, book = io.StringIO(), io.BytesIO()
    write_html(report, page)
    write_xlsx(report, book)
    assert long in page.getvalue()
    cell = openpyxl.load_workbook(book)["Calls"]["F8"].value
    assert cell.endswith(" ... [40000]")
    assert len(cell) < 32_767
