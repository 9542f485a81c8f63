"""Calls of many products in a report: one call, or one for each state that its products ended in."""

from __future__ import annotations

import io
import json
from collections import Counter

import pytest

from efimport.documents import Origin, Product
from efimport.payloads import route
from efimport.payloads.target import Target
from efimport.planning.batches import composed, gathered
from efimport.planning.model import Outcome, Plan, PlannedCall, PlannedDocument, PlannedSource, Repeat, State
from efimport.report.as_json import write_json
from efimport.report.build import build_report

CODES = ("A", "B", "C", "D")


def product(code: str) -> Product:
    return Product(
        origin=Origin(path="zasoby.xml", format="pohoda", ordinal=CODES.index(code) + 1),
        code=code,
        name=f"Zboží {code}",
        vat_rate=21,
        sales_price=10,
    )


def single(code: str, *places: tuple[int, int]) -> PlannedCall:
    return PlannedCall(
        id="c1",
        call=route(product(code), Target()).call,
        key=f"1|acme|ProductImport|{code}",
        digest="ab" * 32,
        repeat=Repeat.SAFE_BY_KEY,
        documents=places,
        number=code,
    )


@pytest.fixture
def plan() -> Plan:
    """Four products in a file, of which the first is in another file as well."""
    members = [single("A", (0, 0), (1, 0)), *(single(code, (0, CODES.index(code))) for code in CODES[1:])]
    call = gathered(members, "c1")
    documents = tuple(PlannedDocument(document=product(code), call="c1") for code in CODES)
    again = PlannedDocument(document=product("A"), call="c1")
    copy = PlannedSource(path="kopie.xml", sha256="cd" * 32, format="pohoda", documents=(again,))
    source = PlannedSource(path="zasoby.xml", sha256="ef" * 32, format="pohoda", documents=documents)
    return Plan(organization="acme", sources=(source, copy), calls=(call,))


def outcome(plan: Plan, *states: State) -> Outcome:
    (call,) = plan.calls
    members = tuple(
        Outcome(call=member, state=state, answer=f"said of {member.number}", reason=f"because {member.number}")
        for member, state in zip(call.members, states, strict=True)
    )
    return composed(call, members)


def as_json(plan: Plan, *outcomes: Outcome) -> dict:
    stream = io.StringIO()
    write_json(build_report(plan, outcomes, dry_run=not outcomes), stream)
    return json.loads(stream.getvalue())


def test_a_dry_run_shows_one_call_with_all_its_products(plan):
    report = as_json(plan)
    (call,) = report["calls"]
    assert (call["id"], call["state"], call["method"]) == ("c1", "planned", "ProductMassImport")
    assert call["documents"] == [[0, 1], [1, 1], [0, 2], [0, 3], [0, 4]]
    assert [one["productCode"] for one in call["parameters"]["products"]["product"]] == list(CODES)
    assert {document["call"] for source in report["sources"] for document in source["documents"]} == {"c1"}
    assert report["totals"]["seconds_to_send"] == 1


def test_one_state_of_all_is_one_call(plan):
    report = as_json(plan, outcome(plan, *[State.ACCEPTED] * 4))
    (call,) = report["calls"]
    assert (call["id"], call["state"]) == ("c1", "accepted")
    assert call["answer"] == "said of A\nsaid of B\nsaid of C\nsaid of D"


def test_products_that_ended_differently_are_calls_of_their_own(plan):
    report = as_json(plan, outcome(plan, State.SKIPPED, State.ACCEPTED, State.REFUSED, State.ACCEPTED))
    calls = {call["id"]: call for call in report["calls"]}
    assert {name: call["state"] for name, call in calls.items()} == {
        "c1": "accepted", "c1-refused": "refused", "c1-skipped": "skipped",
    }  # fmt: skip
    assert next(iter(calls)) == "c1"
    assert calls["c1"]["documents"] == [[0, 2], [0, 4]]
    assert calls["c1-skipped"]["documents"] == [[0, 1], [1, 1]]
    assert [one["productCode"] for one in calls["c1"]["parameters"]["products"]["product"]] == ["B", "D"]
    assert calls["c1-refused"]["parameters"]["products"]["product"]["productCode"] == "C"
    assert calls["c1-refused"]["answer"] == "said of C"


def test_each_document_names_the_call_that_has_its_state(plan):
    states = (State.SKIPPED, State.ACCEPTED, State.REFUSED, State.HELD)
    report = as_json(plan, outcome(plan, *states))
    calls = {call["id"]: call for call in report["calls"]}
    for place, source in enumerate(report["sources"]):
        for document in source["documents"]:
            call = calls[document["call"]]
            assert [place, document["ordinal"]] in call["documents"]
            assert call["state"] == states[CODES.index(document["number"])].value
    assert report["totals"]["calls"] == len(calls)
    documents = [document for source in report["sources"] for document in source["documents"]]
    by_state = Counter(calls[document["call"]]["state"] for document in documents)
    assert report["totals"]["by_state"] == dict(by_state)
    assert sum(report["totals"]["by_state"].values()) == report["totals"]["documents"]


def test_the_reason_of_each_product_is_its_own(plan):
    model = build_report(plan, [outcome(plan, *[State.REFUSED] * 3, State.ACCEPTED)], dry_run=False)
    documents = {document.number: document for document in model.sources[0].documents}
    assert [documents[code].reason for code in "ABC"] == ["because A", "because B", "because C"]
    assert documents["D"].reason is None


def test_a_product_that_is_in_two_files_is_told_again_and_the_others_are_not(plan):
    model = build_report(plan, dry_run=True)
    assert [document.again for source in model.sources for document in source.documents] == [False] * 4 + [True]


@pytest.mark.parametrize("count", [1, 25])
def test_the_answers_of_many_products_are_cut(plan, count):
    (call,) = plan.calls
    member = call.members[0]
    members = tuple(Outcome(call=member, state=State.ACCEPTED, answer=str(number)) for number in range(count))
    answer = composed(call, members).answer
    assert len(answer.splitlines()) == min(count, 21)
