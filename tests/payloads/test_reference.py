"""Every call is held against the reference before it is sent."""

from __future__ import annotations

import pytest

from efimport.api.call import Element
from efimport.documents import Kind
from efimport.payloads import route
from efimport.payloads.reference import held_against
from efimport.payloads.target import Routed, Target, make

CZ = Target()
ITEM = Element(
    "Item", children=(Element("description", "Práce"), Element("netPrice", "1"), Element("quantity", "1"))
)  # fmt: skip
HEAD = (Element("number", "1"), Element("buyerName", "Odběratel"))


def held(invented, *elements, items=(ITEM,), method="SalesInvoiceImport", name="SalesInvoice", target=CZ):
    children = (*HEAD, *elements, Element("Items", children=items))
    call = make(method, [("importType", "createOnly"), (name, children)], target.site)
    return held_against(invented.invoice(), Routed(call=call, identity="1"), target)


def codes(routed):
    return [found.code for found in routed.findings]


def test_a_good_call_goes_through_as_it_is(invented):
    routed = held(invented)
    assert (routed.call is not None, routed.findings) == (True, ())


@pytest.mark.parametrize(
    ("code", "element", "said"),
    [
        ("payload.element-unknown", Element("colour", "red"), "colour: There is no element colour here."),
        ("payload.element-missing", Element("buyerVatRegistration", "Registered"), "buyerTaxNumber"),
        ("payload.element-value", Element("vatTransactionType", "6"), "cannot be 6; possible are 0, 1, 2"),
        ("payload.element-form", Element("superDiscountPercentage", "5 %"), "is 5 %, which is no number"),
        ("payload.element-repeated", Element("number", "2"), "number is there 2 times"),
        ("payload.element-together", Element("type", "retail"), "netPrice cannot be there"),
    ],
)
def test_what_the_reference_does_not_allow_is_not_sent(invented, code, element, said):
    routed = held(invented, element)
    assert routed.call is None
    assert code in codes(routed)
    assert said in next(found.message for found in routed.findings if found.code == code)
    assert routed.findings[0].location.path == "faktura.isdoc"


def test_a_doubtful_value_is_sent_and_told(invented):
    clause = Element("vatOutgoingDocumentVatClause", "RegisteredTourismLawPart31")
    routed = held(invented, clause, method="CreditNoteImport", name="CreditNote")
    assert routed.call is not None
    assert codes(routed) == ["payload.element-doubtful"]


def test_a_document_that_the_site_does_not_show_is_sent_and_told(invented):
    routed = route(invented.invoice(kind=Kind.ISSUED_CREDIT_NOTE), Target(site="SI"))
    assert routed.call is not None
    assert "payload.element-undocumented" in codes(routed)


def test_a_text_that_is_too_long_is_told(invented):
    entry = Element("Item", children=(Element("description", "a" * 251), Element("amountDebit", "0")))
    voucher = (Element("Items", children=(entry,)),)
    call = make("GeneralLedgerJournalVoucherCreate", [("GeneralLedgerJournalVoucher", voucher)], "CZ")
    routed = held_against(invented.invoice(), Routed(call=call), CZ)
    assert "payload.element-length" in codes(routed)


def test_what_was_refused_before_stays_as_it_is(invented):
    refused = route(invented.invoice(number=None), CZ)
    assert held_against(invented.invoice(), refused, CZ) is refused
