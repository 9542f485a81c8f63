"""Documents with every element that the model can fill: the sandbox takes them and holds what was sent, one by one."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from decimal import Decimal

import httpx
import msgspec
import pytest
from lxml import etree

from efimport.api import wire
from efimport.api.request import prepare
from efimport.documents import Address, Advance, Kind, Origin, Party
from efimport.payloads import route
from efimport.payloads.target import Target
from efimport.sandbox.server import RunningSandbox, start

SITES = ("CZ", "SI", "HR")


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[dict[str, RunningSandbox]]:
    running = {site: start(site=site, period=0.0) for site in SITES}
    yield running
    for one in running.values():
        one.stop()


def send(sandbox, call, site):
    """The answer of the sandbox, and what it holds afterwards."""
    secret = hashlib.md5(b"DEMOdemo").hexdigest()
    body = wire.with_login(prepare(call, site).body, "demo", secret, "SANDBOX")
    with httpx.Client(trust_env=False, timeout=20) as http:
        answer = http.post(sandbox.endpoint, content=body, headers={"Content-Type": wire.CONTENT_TYPE})
        state = http.get(sandbox.url + "/_sandbox/state").json()
    return etree.fromstring(answer.content), state


CUSTOMER = Party(
    name="Odběratel a.s.", registration_number="25596641", vat_id="CZ25596641", contact="Jana Malá",
    email="ucto@odberatel.example", phone="+420 600 000 001",
    address=Address(street="Dlouhá 1", city="Brno", postal_code="60200", country="CZ"),
)  # fmt: skip
FULL = {
    "customer": CUSTOMER,
    "delivery": Party(address=Address(street="Krátká 2", city="Ostrava", postal_code="70200", country="CZ")),
    "text": "Fakturujeme Vám", "introduction": "Dobrý den", "payment_method": "transfer", "cost_centre": "120",
    "delivery_method": "kurýr", "language": "en", "quote_number": "N7",
}  # fmt: skip
MORE = {
    "place_of_issue": "Brno", "sales_order_number": "OBJ7", "warehouse": "00001",
    "advances": (Advance(number="Z2026", amount=Decimal(10)),), "original_number": "2025900",
    "service_elements": {"cashRegisterCode": "0001", "businessUnit": "0001", "isReccurringInvoice": "false",
                         "printingTemplate": "Predloga2", "receivablesAccountNumber": "311"},
}  # fmt: skip
WITHOUT = {"AdvanceInvoice": ("receivablesAccountNumber",), "CreditNote": ("receivablesAccountNumber",),
           "DebitNote": ("cashRegisterCode", "businessUnit", "receivablesAccountNumber")}  # fmt: skip
CASES = [
    (Kind.ISSUED_INVOICE, "CZ", "SalesInvoice", 34),
    (Kind.ISSUED_INVOICE, "SI", "SalesInvoice", 34),
    (Kind.ISSUED_ADVANCE_INVOICE, "CZ", "AdvanceInvoice", 30),
    (Kind.ISSUED_CREDIT_NOTE, "CZ", "CreditNote", 29),
    (Kind.ISSUED_DEBIT_NOTE, "HR", "DebitNote", 22),
]


def lines(invented, site):
    reverse = {"total_with_vat": Decimal("50.00"), "total_without_vat": Decimal("50.00"), "vat": Decimal(0)}
    return (
        invented.line(1, unit="ks", unit_price=Decimal(200), discount_percent=Decimal(50), cost_centre="120"),
        invented.line(2, reverse_charge=True, reverse_charge_code="4", unit_price=Decimal(50), **reverse),
    )


@pytest.mark.parametrize(("kind", "site", "name", "least"), CASES)
def test_a_full_document_is_taken_with_every_element(invented, sandboxes, kind, site, name, least):
    given = {key: value for key, value in MORE["service_elements"].items() if key not in WITHOUT.get(name, ())}
    invoice = invented.invoice(
        kind=kind, number=f"{name}-{site}", lines=lines(invented, site), total_with_vat=Decimal("171.00"),
        **{**FULL, **MORE, "service_elements": given},
    )  # fmt: skip
    routed = route(invoice, Target(site=site))
    assert routed.call is not None, routed.findings
    answer, state = send(sandboxes[site], routed.call, site)
    assert answer.get("status") == "ok", etree.tostring(answer)
    (stored,) = [one for one in state["documents"][name] if one["number"] == invoice.number]
    compare(routed, stored, name, least)
    assert Decimal(stored["total"]) == Decimal("171.00")


def compare(routed, stored, name, least):
    sent = as_tree(routed.call[name].children)
    assert len(sent) >= least
    assert stored["elements"] == sent
    assert stored["unknown_elements"] == []
    assert stored["currency"] == "CZK"


def as_tree(elements):
    """The elements by name, as the sandbox tells them; items are a list."""
    return {
        one.name: [as_tree(entry.children) for entry in one.children]
        if one.name == "Items"
        else as_tree(one.children) if one.children else wire.scalar(one.value)
        for one in elements
    }  # fmt: skip


def test_a_full_order_is_taken_with_every_element(invented, sandboxes):
    order = invented.order(
        lines=lines(invented, "CZ")[:1], received_date=dt.date(2026, 1, 16), order_number="X7",
        discount_percent=Decimal(10), service_elements={"printingTemplate": "A", "salesInvoiceRef": "7"}, **FULL,
    )  # fmt: skip
    routed = route(order, Target())
    answer, state = send(sandboxes["CZ"], routed.call, "CZ")
    assert answer.get("status") == "ok", etree.tostring(answer)
    (stored,) = state["documents"]["SalesOrder"]
    compare(routed, stored, "SalesOrder", 26)
    assert Decimal(stored["total"]) == Decimal("108.90")


def test_a_document_with_prices_that_include_vat_comes_to_the_same_total(invented, sandboxes):
    made = [
        invented.line(
            place, unit_price=Decimal("0.03"), price_includes_vat=True, total_without_vat=Decimal("0.02"),
            vat=Decimal("0.01"), total_with_vat=Decimal("0.03"),
        )
        for place in (1, 2, 3)
    ]  # fmt: skip
    invoice = invented.invoice(number="retail", lines=tuple(made), total_with_vat=Decimal("0.09"))
    answer, state = send(sandboxes["CZ"], route(invoice, Target()).call, "CZ")
    assert answer.get("status") == "ok"
    (stored,) = [one for one in state["documents"]["SalesInvoice"] if one["number"] == "retail"]
    assert Decimal(stored["total"]) == Decimal("0.09")


def test_a_document_that_refers_to_partner_and_product_is_taken(invented, sandboxes):
    for record in (invented.partner(), invented.product(code="020")):
        answer, _ = send(sandboxes["CZ"], route(record, Target()).call, "CZ")
        assert answer.get("status") == "ok", etree.tostring(answer)
    code = route(invented.partner(), Target()).identity
    origin = Origin(path="faktury.xlsx", format="spreadsheet")
    line = msgspec.structs.replace(invented.line(), product_code="020")
    invoice = invented.invoice(number="coded", origin=origin, customer=Party(code=code), lines=(line,))
    answer, state = send(sandboxes["CZ"], route(invoice, Target()).call, "CZ")
    assert answer.get("status") == "ok", etree.tostring(answer)
    (stored,) = [one for one in state["documents"]["SalesInvoice"] if one["number"] == "coded"]
    assert Decimal(stored["total"]) == Decimal("121.00")
