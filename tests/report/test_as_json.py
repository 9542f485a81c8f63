from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from importlib import resources
from typing import Any

import jsonschema
import msgspec
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from efimport.api.call import (
    Attribute,
    Base64Attribute,
    Call,
    Element,
    File,
    Files,
    Flag,
    Nested,
    Parameter,
    Text,
)
from efimport.documents import Entry, Invoice, Kind, Order, Origin, OtherDocument, Partner, Party, Product, Statement
from efimport.findings import Finding, Location, Severity
from efimport.messages import Catalogue, Message
from efimport.planning.model import Outcome, Plan, PlannedCall, PlannedDocument, PlannedSource, Repeat, State
from efimport.report.as_html import write_html
from efimport.report.as_json import write_json
from efimport.report.as_xlsx import write_xlsx
from efimport.report.build import build_report
from efimport.report.parameters import summarise
from efimport.report.terminal import print_report
from efimport.report.words import money

SCHEMA = json.loads((resources.files("efimport.report") / "efimport-report-1.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def written(plan: Plan, outcomes: Any = (), *, dry_run: bool = True) -> str:
    stream = io.StringIO()
    write_json(build_report(plan, outcomes, dry_run=dry_run), stream)
    return stream.getvalue()


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_report_of_a_dry_run_is_as_the_schema_says(plan: Plan) -> None:
    VALIDATOR.validate(json.loads(written(plan)))


def test_the_report_of_a_run_is_as_the_schema_says(plan: Plan, outcomes: list[Outcome]) -> None:
    VALIDATOR.validate(json.loads(written(plan, outcomes, dry_run=False)))


def test_the_report_of_nothing_is_as_the_schema_says() -> None:
    report = json.loads(written(Plan()))
    VALIDATOR.validate(report)
    assert report["sources"] == report["calls"] == []


def test_the_schema_notices_a_field_too_many(plan: Plan) -> None:
    report = json.loads(written(plan))
    report["sources"][0]["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(report)


def test_fields_stand_in_the_order_that_is_promised(plan: Plan) -> None:
    report = json.loads(written(plan))
    assert list(report) == ["schema", "organization", "site", "dry_run", "sources", "calls", "totals"]
    statement = report["sources"][1]["documents"][0]
    assert list(statement) == [
        *("ordinal", "kind", "number", "date", "currency", "total", "partner", "line", "findings", "call", "statement"),
    ]
    assert list(report["totals"]) == [
        *("sources", "documents", "calls", "errors", "warnings", "by_state", "seconds_to_send"),
    ]
    assert statement["statement"] == {
        "account": "CZ6508000000192000145399",
        "opening": "0.00",
        "closing": "1234.50",
        "credit": "1334.50",
        "debit": "100.00",
        "entries": 2,
    }


def test_a_finding_names_its_file_even_where_its_place_does_not(plan: Plan) -> None:
    found = json.loads(written(plan))["sources"][0]["findings"][0]
    assert list(found) == ["code", "severity", "message", "hint", "path", "line", "column", "where"]
    assert found["path"] == "inbox/faktury-leden.xml"


def test_an_answer_is_word_for_word_and_null_where_there_is_none(plan: Plan, outcomes: list[Outcome]) -> None:
    calls = json.loads(written(plan, outcomes, dry_run=False))["calls"]
    assert [call["answer"] for call in calls[:3]] == ["260100001", "Sales invoice 260100002: buyer is missing", None]


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0.00"),
        ("12.5", "12.50"),
        ("-0.005", "-0.005"),
        ("1E+3", "1000.00"),
        ("1E-7", "0.0000001"),
        ("1234.5000", "1234.5000"),
    ],
)
def test_money_keeps_its_digits_and_has_two_after_the_point(amount: str, text: str) -> None:
    assert money(Decimal(amount)) == text


def test_parameters_are_shown_whole_except_for_bytes() -> None:
    call = Call(
        "Any",
        (
            Parameter("text", Text("top")),
            Parameter("day", Attribute(date(2026, 1, 31), "Date")),
            Parameter("yes", Attribute(value=True)),
            Parameter("price", Attribute(Decimal("1E+2"))),
            Parameter("flag", Flag()),
            Parameter("productCode", Attribute("001")),
            Parameter("productCode", Attribute("002")),
            Parameter("bytes", Base64Attribute(b"")),
            Parameter("file", File(b"", "a.pdf", datetime(2026, 1, 31, 8), wrapper="Entry")),  # noqa: DTZ001
            Parameter("files", Files((File(b"", "a.pdf"),))),
            Parameter(
                "Order",
                Nested(
                    (
                        Element("Item", children=(Element("code", "01"),)),
                        Element("Item", children=(Element("code", "02"),)),
                        Element("note", "text", attributes=(("lang", "cs"),)),
                        Element("empty"),
                    )
                ),
            ),
        ),
    )
    nothing = {"base64_of_bytes": 0, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
    assert summarise(call) == {
        "text": "top",
        "day": "2026-01-31",
        "yes": "true",
        "price": "100",
        "flag": True,
        "productCode": ["001", "002"],
        "bytes": nothing,
        "file": {"Entry": {"documentDate": "2026-01-31 08:00:00", "contents": nothing, "fileName": "a.pdf"}},
        "files": {"files": [{"contents": nothing, "fileName": "a.pdf"}]},
        "Order": {
            "Item": [{"code": "01"}, {"code": "02"}],
            "note": {"@lang": "cs", "#text": "text"},
            "empty": None,
        },
    }


def test_five_thousand_documents_are_written_in_seconds(large_plan: Callable[[int], Plan]) -> None:
    started = time.perf_counter()
    report = json.loads(written(large_plan(5000)))
    assert time.perf_counter() - started < 5
    assert report["totals"]["documents"] == len(report["calls"]) == 5000


texts = st.text(max_size=12)
maybe_text = st.none() | texts
amounts = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)
severities = st.sampled_from(Severity)
locations = st.builds(
    Location,
    path=maybe_text,
    line=st.none() | st.integers(1, 9999),
    column=st.none() | st.integers(1, 99),
    where=maybe_text,
)
messages = st.builds(lambda text: Message("Found {text}.", {"text": text}), texts)
findings = st.builds(
    Finding, st.sampled_from(["a.b", "xml.doctype", "source.duplicate"]), severities, messages, messages, locations
)
origins = st.builds(Origin, path=texts, format=st.just("isdoc"), ordinal=st.integers(1, 9))
parties = st.builds(Party, name=maybe_text)
entries = st.builds(Entry, position=st.integers(1, 9), amount=amounts)
common = {"origin": origins, "number": maybe_text, "currency": st.sampled_from([None, "CZK", "EUR"])}
documents = st.one_of(
    st.builds(Invoice, kind=st.sampled_from(Kind), payable=st.none() | amounts, customer=parties, **common),
    st.builds(Order, kind=st.just(Kind.ORDER_RECEIVED), total=st.none() | amounts, **common),
    st.builds(Statement, entries=st.lists(entries, max_size=3).map(tuple), closing=st.none() | amounts, **common),
    st.builds(Partner, origin=origins, party=parties),
    st.builds(Product, origin=origins, code=maybe_text, name=maybe_text),
    st.builds(OtherDocument, origin=origins, file_name=maybe_text),
)
paths = st.sampled_from(["a.zip", "a.zip!b.xml", "a.zip!c.zip", "a.zip!c.zip!d.xml", "e.xml", "f!g.xml"])


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, list[Outcome]]:
    """Any plan: some documents have a call, some a call that is not there, some none."""
    names = st.sampled_from([None, "c1", "c2", "c3", "c9"])
    planned = st.builds(
        PlannedDocument, document=documents, findings=st.lists(findings, max_size=2).map(tuple), call=names
    )
    sources = st.builds(
        PlannedSource,
        path=st.just(""),
        findings=st.lists(findings, max_size=2).map(tuple),
        documents=st.lists(planned, max_size=3).map(tuple),
    )
    read = tuple(
        msgspec.structs.replace(draw(sources), path=path) for path in draw(st.lists(paths, unique=True, max_size=6))
    )
    calls = tuple(
        PlannedCall(
            id=f"c{index}",
            call=Call("PartnerImport", (Parameter("name", Attribute(draw(texts))),)),
            key=draw(texts),
            digest="",
            repeat=Repeat.BLIND,
        )
        for index in (1, 2, 3)
    )
    outcomes = [
        Outcome(call=call, state=draw(st.sampled_from(State)), answer=draw(maybe_text), reason=draw(maybe_text))
        for call in calls
        if draw(st.booleans())
    ]
    return Plan(organization=draw(maybe_text), sources=read, calls=calls), outcomes


@given(plans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_plan_gives_a_valid_report_whose_states_add_up(made: tuple[Plan, list[Outcome]], dry_run: bool) -> None:
    plan, outcomes = made
    report = build_report(plan, outcomes, dry_run=dry_run)
    stream = io.StringIO()
    write_json(report, stream)
    VALIDATOR.validate(json.loads(stream.getvalue()))

    inputs = len(plan.documents) + sum(source.is_input for source in report.sources)
    assert sum(report.totals.by_state.values()) == inputs
    assert sum(report.totals.files_by_state.values()) == len(plan.sources)
    assert all(source.documents or source.is_input or source.is_container for source in report.sources)
    assert sum(total.documents for total in report.currencies) == sum(
        document.total is not None and document.statement is None
        for source in report.sources
        for document in source.documents
    )


@given(plans(), st.sampled_from(["en", "cs"]))
@settings(max_examples=30, deadline=None)
def test_any_plan_is_shown_in_every_form(made: tuple[Plan, list[Outcome]], language: str) -> None:
    plan, outcomes = made
    report = build_report(plan, outcomes, dry_run=False, catalogue=Catalogue(language))
    page, book, terminal = io.StringIO(), io.BytesIO(), io.StringIO()
    write_html(report, page)
    write_xlsx(report, book)
    print_report(report, Console(file=terminal, width=80))
    inputs = sum(report.totals.by_state.values())
    numbers = [int(number) for number in re.findall(r"\d+", terminal.getvalue().strip().splitlines()[-1])]
    assert sum(numbers) == inputs
    assert openpyxl.load_workbook(book).worksheets[0].max_row == inputs + 1
    assert page.getvalue().endswith("</html>")


def test_a_call_names_its_documents_by_source_and_ordinal(plan: Plan) -> None:
    loaded = json.loads(written(plan))
    assert any(call["documents"] for call in loaded["calls"])
    for call in loaded["calls"]:
        for source, ordinal in call["documents"]:
            documents = loaded["sources"][source]["documents"]
            assert call["id"] in {document["call"] for document in documents if document["ordinal"] == ordinal}
