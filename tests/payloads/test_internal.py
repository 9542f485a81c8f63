"""Documents in the internal format: elements, their order, values by site, and what is refused."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from efimport.api import catalogue
from efimport.documents import Address, Advance, Attachment, Kind, Party
from efimport.payloads import route
from efimport.payloads.target import Target
from efimport.settings import IMPORT_TYPES

CZ, SI, HR = Target(site="CZ"), Target(site="SI"), Target(site="HR")

ELEMENTS = {
    name: text.split()
    for name, text in tomllib.loads(Path(__file__).with_name("elements.toml").read_text(encoding="utf-8")).items()
}
"""The elements of the Create calls in the order of the web service reference."""


DELIVERY = Party(name="Sklad", address=Address(street="Krátká 2", city="Ostrava", postal_code="70200", country="CZ"))
FULL = {
    "text": "Fakturujeme Vám",
    "payment_method": "transfer",
    "original_number": "2025900",
    "order_number": "OBJ7",
    "delivery": DELIVERY,
    "advances": (Advance(number="Z2026", amount=Decimal(10)),),
}
INVOICES = [
    (Kind.ISSUED_INVOICE, CZ, "SalesInvoice", ELEMENTS["sales_invoice"]),
    (Kind.ISSUED_INVOICE, SI, "SalesInvoice", ELEMENTS["sales_invoice"]),
    (Kind.ISSUED_ADVANCE_INVOICE, CZ, "AdvanceInvoice", ELEMENTS["advance_invoice"]),
    (Kind.ISSUED_CREDIT_NOTE, CZ, "CreditNote", ELEMENTS["credit_note"]),
    (Kind.ISSUED_DEBIT_NOTE, HR, "DebitNote", ELEMENTS["debit_note"]),
]


def elements(routed, name):
    """The elements of a nested parameter as pairs."""
    return [(one.name, one.value if not one.children else one.children) for one in routed.call[name].children]


def codes(routed):
    return [found.code for found in routed.findings]


@pytest.mark.parametrize(("kind", "target", "head", "known"), INVOICES)
def test_elements_are_those_of_the_reference_in_its_order(invented, kind, target, head, known):
    routed = route(invented.invoice(kind=kind, **FULL), target)
    names = [name for name, _ in elements(routed, head)]
    assert [known.index(name) for name in names] == sorted(known.index(name) for name in names)
    assert len(set(names)) == len(names)
    assert names[0] == "number"
    assert names[-2:] == ["Address", "Items"]
    (item,) = dict(elements(routed, head))["Items"]
    inside = [one.name for one in item.children]
    assert [ELEMENTS["item"].index(name) for name in inside] == sorted(ELEMENTS["item"].index(name) for name in inside)
    catalogue.method(routed.call.method).check(routed.call, target.site)


def test_an_invoice_is_written_as_the_reference_shows(invented):
    routed = route(invented.invoice(**FULL), CZ)
    values = dict(elements(routed, "SalesInvoice"))
    (item,) = values.pop("Items")
    address = values.pop("Address")
    assert values == {
        "number": "2026001",
        "date": dt.date(2026, 1, 15),
        "dateOfSupplyFrom": dt.date(2026, 1, 15),
        "paymentDueDate": dt.date(2026, 1, 29),
        "type": "gross",
        "status": "issuedInvoice",
        "vatTransactionType": "0",
        "vatOutgoingDocumentVatClause": "Registered",
        "remarks": "Fakturujeme Vám",
        "buyerName": "Odběratel a.s.",
        "buyerTaxNumber": "CZ25596641",
        "buyerVatRegistration": "Registered",
        "buyerEMail": "ucto@odberatel.example",
        "buyerPhone": "+420 600 000 001",
        "buyerStreet": "Dlouhá 1",
        "buyerPostalCode": "60200",
        "buyerCity": "Brno",
        "buyerCountry": "CZ",
        "methodOfPayment": "bankTransfer",
        "advanceInvoiceRef": "Z2026",
    }
    assert {one.name: one.value for one in address} == {
        "city": "Ostrava", "country": "CZ", "postalCode": "70200", "street": "Krátká 2", "type": "Delivery",
    }  # fmt: skip
    assert {one.name: one.value for one in item.children} == {
        "position": 1,
        "description": "Práce",
        "netPrice": Decimal("100.00"),
        "vatPercentage": Decimal(21),
        "currency": "CZK",
        "quantity": Decimal(1),
        "vatTransactionType": "0",
    }


@pytest.mark.parametrize("import_type", IMPORT_TYPES)
def test_the_import_type_is_the_one_that_is_wanted(invented, import_type):
    call = route(invented.invoice(), Target(import_type=import_type)).call
    assert [parameter.name for parameter in call] == ["importType", "SalesInvoice"]
    assert call["importType"].value == import_type


def test_the_identity_is_the_number(invented):
    assert route(invented.invoice(number="0012/26"), CZ).identity == "0012/26"


def test_a_document_of_text_lines_issues_but_moves_no_stock(invented):
    routed = route(invented.invoice(lines=(invented.line(stock_item=True, product_code="A"),)), CZ)
    assert routed.effects == ("effect.issues-document",)


@pytest.mark.parametrize(
    ("kind", "site"),
    [
        (Kind.ISSUED_DEBIT_NOTE, "CZ"),
        (Kind.ISSUED_DEBIT_NOTE, "SI"),
        (Kind.ISSUED_INVOICE, "HR"),
    ],
)
def test_a_call_that_the_site_lacks_is_the_reason_before_any_other(invented, kind, site):
    routed = route(invented.invoice(kind=kind, number=None, lines=()), Target(site=site))
    assert routed.call is None
    expected = "routing.site-lacks-call" if site not in catalogue.method(_method(kind)).sites else "invoice.no-number"
    assert codes(routed) == [expected]


def _method(kind):
    return "DebitNoteImport" if kind is Kind.ISSUED_DEBIT_NOTE else "SalesInvoiceImport"


def test_a_debit_note_goes_at_the_croatian_site_alone(invented):
    note = invented.invoice(kind=Kind.ISSUED_DEBIT_NOTE)
    assert codes(route(note, CZ)) == ["routing.site-lacks-call"]
    assert route(note, HR).call.method == "DebitNoteImport"


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("invoice.no-number", {"number": None}),
        ("invoice.no-number", {"number": ""}),
        ("routing.cancelled", {"cancelled": True}),
        ("invoice.no-lines", {"lines": ()}),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_reason(invented, code, fields):
    routed = route(invented.invoice(**fields), CZ)
    assert (routed.call, codes(routed)) == (None, [code])
    assert routed.findings[0].location.path == "faktura.isdoc"


def test_a_line_without_a_rate_is_refused_on_a_tax_document(invented):
    lines = (invented.line(1), invented.line(2, vat_rate=None))
    routed = route(invented.invoice(lines=lines), CZ)
    assert codes(routed) == ["invoice.vat-rate-unknown"]
    assert routed.findings[0].message.arguments["line"] == "2"


def test_a_line_without_a_rate_has_none_where_there_is_no_vat(invented):
    routed = route(invented.invoice(lines=(invented.line(vat_rate=None),), vat_document=False), CZ)
    values = dict(elements(routed, "SalesInvoice"))
    assert values["vatOutgoingDocumentVatClause"] == "NotRegistered"
    assert {one.name: one.value for one in values["Items"][0].children}["vatPercentage"] == 0


def test_an_advance_invoice_without_vat_says_nothing_of_our_registration(invented):
    routed = route(invented.invoice(kind=Kind.ISSUED_ADVANCE_INVOICE, vat_document=False), CZ)
    assert "vatOutgoingDocumentVatClause" not in dict(elements(routed, "AdvanceInvoice"))


@pytest.mark.parametrize(("target", "code"), [(CZ, "7"), (SI, "10")])
def test_a_reverse_charge_has_the_code_of_the_site_and_no_vat(invented, target, code):
    routed = route(invented.invoice(lines=(invented.line(reverse_charge=True),)), target)
    values = dict(elements(routed, "SalesInvoice"))
    item = {one.name: one.value for one in values["Items"][0].children}
    assert (values["vatTransactionType"], item["vatTransactionType"], item["vatPercentage"]) == (code, code, 0)


def test_a_reverse_charge_of_one_line_is_told_on_that_line(invented):
    routed = route(invented.invoice(lines=(invented.line(1), invented.line(2, reverse_charge=True))), CZ)
    values = dict(elements(routed, "SalesInvoice"))
    items = [{one.name: one.value for one in item.children} for item in values["Items"]]
    assert values["vatTransactionType"] == "0"
    assert [item["vatTransactionType"] for item in items] == ["0", "7"]


@pytest.mark.parametrize(("site", "word"), [("CZ", "Registered"), ("SI", "Registered")])
def test_a_buyer_with_a_vat_number_is_registered(invented, site, word):
    values = dict(elements(route(invented.invoice(), Target(site=site)), "SalesInvoice"))
    assert values["buyerVatRegistration"] == word


def test_croatia_has_a_word_of_its_own_for_it(invented):
    values = dict(elements(route(invented.invoice(kind=Kind.ISSUED_DEBIT_NOTE), HR), "DebitNote"))
    assert values["buyerVatRegistration"] == "RegisteredR1"


def test_a_firm_says_once_for_partners_and_buyers_which_of_the_croatian_words_it_means(invented, tmp_path):
    own = '[vat_registration.HR]\nregistered = "RegisteredR2"\n'
    (tmp_path / "partners.toml").write_text(own, encoding="utf-8")
    target = Target(site="HR", codes=str(tmp_path))
    note = route(invented.invoice(kind=Kind.ISSUED_DEBIT_NOTE), target)
    partner = route(invented.partner(), target)
    assert dict(elements(note, "DebitNote"))["buyerVatRegistration"] == "RegisteredR2"
    assert dict(elements(partner, "partner"))["vatRegistration"] == "RegisteredR2"


def test_of_a_buyer_without_a_vat_number_no_registration_is_said(invented):
    customer = Party(contact="Jan Novák", registration_number="25596641")
    values = dict(elements(route(invented.invoice(customer=customer), CZ), "SalesInvoice"))
    assert (values["buyerName"], values["buyerTaxNumber"]) == ("Jan Novák", "25596641")
    assert "buyerVatRegistration" not in values


def test_a_document_without_a_customer_is_not_sent(invented):
    routed = route(invented.invoice(customer=None), CZ)
    assert (routed.call, codes(routed)) == (None, ["payload.element-missing"])
    assert "buyerName" in routed.findings[0].message


@pytest.mark.parametrize("kind", [Kind.ISSUED_CREDIT_NOTE, Kind.ISSUED_DEBIT_NOTE])
def test_a_correction_names_what_it_corrects(invented, kind):
    target = HR if kind is Kind.ISSUED_DEBIT_NOTE else CZ
    routed = route(invented.invoice(kind=kind, original_number="2025900"), target)
    assert dict(elements(routed, list(routed.call)[1].name))["salesInvoiceRef"] == "2025900"


def test_a_credit_note_keeps_its_sign(invented):
    amounts = {"total_without_vat": Decimal("-100.00"), "total_with_vat": Decimal("-121.00")}
    line = invented.line(quantity=Decimal(-1), vat=Decimal("-21.00"), **amounts)
    routed = route(invented.invoice(kind=Kind.ISSUED_CREDIT_NOTE, lines=(line,), **amounts), CZ)
    item = {one.name: one.value for one in dict(elements(routed, "CreditNote"))["Items"][0].children}
    assert (item["quantity"], item["netPrice"]) == (Decimal(-1), Decimal("100.00"))


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("payload.rounding-not-carried", {"rounding": Decimal("0.40")}),
        ("payload.attachments-not-carried", {"attachments": (Attachment(name="a.pdf", content=b"x"),)}),
        ("payload.variable-symbol-not-carried", {"variable_symbol": "77"}),
        ("payload.advances-not-carried", {"advances": (Advance(amount=Decimal(5)),)}),
        ("payload.advances-not-carried", {"advances": (Advance(number="1"), Advance(number="2"))}),
        ("payload.exchange-rate-not-carried", {"currency": "EUR", "exchange_rate": Decimal("25.1")}),
    ],
)
def test_what_the_call_has_no_place_for_is_said(invented, code, fields):
    routed = route(invented.invoice(**fields), CZ)
    assert routed.call is not None
    assert codes(routed) == [code]


@pytest.mark.parametrize(
    "fields",
    [{"variable_symbol": "2026001"}, {"rounding": Decimal(0)}, {"advances": (Advance(number="Z"),)}, {}],
)
def test_where_nothing_is_lost_nothing_is_said(invented, fields):
    assert codes(route(invented.invoice(**fields), CZ)) == []


# Orders


def test_an_order_is_written_in_the_order_of_the_reference(invented):
    order = invented.order(order_number="X7", text="Prosíme", payment_method="cash", delivery=DELIVERY)
    routed = route(order, CZ)
    names = [name for name, _ in elements(routed, "SalesOrder")]
    values = dict(elements(routed, "SalesOrder"))
    assert [ELEMENTS["sales_order"].index(name) for name in names] == sorted(
        ELEMENTS["sales_order"].index(name) for name in names
    )
    assert (values["type"], values["status"], values["orderReference"]) == ("Gross", "Opened", "X7")
    assert routed.identity == "OBJ1"


@pytest.mark.parametrize(
    ("code", "fields"), [("invoice.no-number", {"number": None}), ("invoice.no-lines", {"lines": ()})]
)
def test_an_order_that_cannot_be_sent_is_refused(invented, code, fields):
    assert codes(route(invented.order(**fields), CZ)) == [code]


def test_an_order_to_a_supplier_has_no_call(invented):
    assert codes(route(invented.order(kind=Kind.ORDER_ISSUED), CZ)) == ["routing.no-call"]
