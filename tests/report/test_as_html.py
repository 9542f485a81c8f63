from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Callable

import msgspec
import pytest
from lxml import html

from efimport.api.call import Call, Parameter, Text
from efimport.messages import Catalogue
from efimport.planning.model import Outcome, Plan, PlannedSource, State
from efimport.report.as_html import CALLS_SHOWN, OBSTACLES, PARAMETER_LETTERS, write_html
from efimport.report.build import build_report


def page(plan: Plan, outcomes: object = (), *, dry_run: bool = True, language: str = "en") -> str:
    stream = io.StringIO()
    report = build_report(
        plan,
        outcomes,
        dry_run=dry_run,
        catalogue=Catalogue(language),
        made_at=dt.datetime(2026, 3, 2, 8, 30, tzinfo=dt.UTC),
    )
    write_html(report, stream)
    return stream.getvalue()


def words(text: str) -> str:
    return " ".join(html.fromstring(text).find("body").text_content().split())


def test_the_cards_add_up_to_the_inputs(plan: Plan, outcomes: list[Outcome]) -> None:
    tree = html.fromstring(page(plan, outcomes, dry_run=False))
    documents, *cards = (int(number) for number in tree.xpath("//div[@class='cards']/div/b/text()"))
    assert documents == 7
    assert sum(cards) == 9
    assert "2 files gave no document and count as one each." in words(page(plan))


def test_what_needs_a_person_stands_first(plan: Plan, outcomes: list[Outcome]) -> None:
    shown = words(page(plan, outcomes, dry_run=False))
    assert shown.index("This needs you now") < shown.index("What is not sent, and why")


def test_every_document_finding_and_fingerprint_is_on_the_page(plan: Plan) -> None:
    shown = words(page(plan))
    for source in plan.sources:
        assert source.path in shown or source.format == "zip"
        assert source.sha256 in shown
    for document in plan.documents:
        assert (document.number or "účtenka.pdf") in shown
    for finding in plan.findings:
        assert finding.message in shown
        assert finding.code in shown or finding.code == "source.duplicate"


def test_the_parameters_of_a_call_are_shown(plan: Plan) -> None:
    shown = words(page(plan))
    assert '"IBAN": "CZ6508000000192000145399"' in shown
    assert '"base64_of_bytes": 15' in shown


def test_calls_beyond_the_limit_are_announced(large_plan: Callable[[int], Plan]) -> None:
    assert f"{5000 - CALLS_SHOWN} more calls are in the JSON report." in words(page(large_plan(5000)))


def test_long_parameters_are_cut_and_the_cut_is_announced(plan: Plan) -> None:
    call = msgspec.structs.replace(
        plan.calls[0], call=Call("SalesInvoiceImport", (Parameter("note", Text("x" * (2 * PARAMETER_LETTERS))),))
    )
    assert "more letters, in the JSON report" in words(page(msgspec.structs.replace(plan, calls=(call,))))


def test_reasons_beyond_the_limit_are_announced(large_plan: Callable[[int], Plan]) -> None:
    plan = large_plan(OBSTACLES + 3)
    outcomes = [
        Outcome(call=call, state=State.REFUSED, answer="x" * (index + 1)) for index, call in enumerate(plan.calls)
    ]
    assert "... and 3 more reasons" in words(page(plan, outcomes, dry_run=False))


def test_five_thousand_documents_in_one_file_make_a_page_in_seconds(large_plan: Callable[[int], Plan]) -> None:
    plan = large_plan(5000)
    started = time.perf_counter()
    text = page(plan)
    assert time.perf_counter() - started < 5
    assert len(text.encode()) < 8_000_000
    assert "250004999" in text


def test_five_thousand_files_make_a_page_in_seconds(large_plan: Callable[[int], Plan]) -> None:
    plan = large_plan(5000)
    sources = tuple(
        PlannedSource(path=f"inbox/2025/faktura-{index:05}.xml", sha256="ab" * 32, size=9, documents=(document,))
        for index, document in enumerate(plan.sources[0].documents)
    )
    started = time.perf_counter()
    text = page(msgspec.structs.replace(plan, sources=sources))
    assert time.perf_counter() - started < 5
    assert len(text.encode()) < 8_000_000
    assert "faktura-04999.xml" in text


@pytest.mark.parametrize("language", ["en", "cs"])
def test_the_page_names_its_language(plan: Plan, language: str) -> None:
    assert html.fromstring(page(plan, language=language)).get("lang") == language


def test_the_page_speaks_czech(plan: Plan) -> None:
    shown = words(page(plan, language="cs"))
    assert "Co se neodesílá a proč" in shown
    assert "What is not sent, and why" not in shown


def test_an_empty_plan_makes_a_page() -> None:
    assert "documents in 0 files" in words(page(Plan()))


def test_documents_with_a_finding_are_not_buried_among_those_without(large_plan: Callable[[int], Plan]) -> None:
    (shown,) = html.fromstring(page(large_plan(100))).xpath("//details[@open]/div/table[@class='docs']")
    assert len(shown.xpath("./tbody/tr[@class='of']")) == len(shown.xpath("./tbody/tr[@class='why']")) == 10
    assert "90 documents without a problem" in words(page(large_plan(100)))
    assert "10 warnings" in words(page(large_plan(100)))
