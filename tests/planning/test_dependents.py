"""What went though a partner or a product that it names was not taken."""

from __future__ import annotations

import pytest

from efimport.documents import Party
from efimport.payloads import route
from efimport.payloads.target import Target
from efimport.planning.calls import calls_of
from efimport.planning.dependents import went_without
from efimport.planning.drafts import Draft
from efimport.planning.model import Outcome, Plan, State


def planned(*documents) -> Plan:
    draft = Draft("a.xml", 0)
    draft.documents = list(documents)
    draft.added = [[] for _ in documents]
    draft.routed = [route(document, Target()) for document in documents]
    calls = calls_of([draft], "acme", "createOnly")
    return Plan(calls=tuple(calls), sources=(draft.planned({}),))


def outcomes(plan: Plan, **states: State) -> list[Outcome]:
    """What became of the calls by their number; accepted where nothing is said."""

    def became(call):
        return Outcome(call=call, state=states.get(call.number or "", State.ACCEPTED))

    return [
        Outcome(call=call, state=State.ACCEPTED, members=tuple(map(became, call.members)))
        if call.members
        else became(call)
        for call in plan.calls
    ]


@pytest.mark.parametrize(
    ("record", "named"),
    [
        (Party(code="P1", name="A a.s."), {"code": "P1"}),
        (Party(code="P1", name="A a.s.", registration_number="25596641"), {"registration_number": "25596641"}),
        (Party(code="P1", name="A a.s.", vat_id="CZ25596641"), {"vat_id": "CZ25596641"}),
    ],
)
@pytest.mark.parametrize(
    ("state", "told"), [(State.REFUSED, True), (State.UNKNOWN, True), (State.ACCEPTED, False), (State.SKIPPED, False)]
)
def test_an_invoice_of_a_partner_that_was_refused_is_told(invented, record, named, state, told):
    invoice = invented.invoice(number="F1", customer=Party(name="A a.s.", **named))
    plan = planned(invented.partner(party=record), invoice)
    found = went_without(plan, outcomes(plan, P1=state))
    assert [call.number for call in found] == (["F1"] if told else [])


def test_an_invoice_of_another_partner_is_not_told(invented):
    plan = planned(invented.partner(party=Party(code="P1", name="A")), invented.invoice(number="F1"))
    assert went_without(plan, outcomes(plan, P1=State.REFUSED)) == []


def test_an_invoice_that_was_refused_itself_is_not_told(invented):
    invoice = invented.invoice(number="F1", customer=Party(name="A", code="P1"))
    plan = planned(invented.partner(party=Party(code="P1", name="A")), invoice)
    assert went_without(plan, outcomes(plan, P1=State.REFUSED, F1=State.REFUSED)) == []


def test_an_order_with_one_refused_product_of_many_is_told(invented):
    order = invented.order(number="O1", lines=(invented.line(product_code="B"),))
    products = [invented.product(code=code) for code in "ABC"]
    plan = planned(*products, order, invented.order(number="O2", lines=(invented.line(product_code="A"),)))
    assert [call.number for call in went_without(plan, outcomes(plan, B=State.REFUSED))] == ["O1"]
