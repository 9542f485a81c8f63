"""Documents as XML text in the service's own format."""

from __future__ import annotations

import pytest
from lxml import etree

from efimport.documents import Kind, Origin, OtherDocument
from efimport.payloads.internal_format import as_xml
from efimport.payloads.target import Target

CZ = Target()
POHODA = Origin(path="a.xml", format="pohoda", line=3, content=b"<x/>")


@pytest.mark.parametrize(
    ("kind", "site", "name"),
    [
        (Kind.ISSUED_INVOICE, "CZ", "SalesInvoice"),
        (Kind.ISSUED_INVOICE, "SI", "SalesInvoice"),
        (Kind.ISSUED_CREDIT_NOTE, "CZ", "CreditNote"),
        (Kind.ISSUED_ADVANCE_INVOICE, "CZ", "AdvanceInvoice"),
        (Kind.ISSUED_DEBIT_NOTE, "HR", "DebitNote"),
    ],
)
def test_a_document_that_goes_in_another_form_can_be_written_all_the_same(invented, kind, site, name):
    content, _ = as_xml(invented.invoice(kind=kind, origin=POHODA), Target(site=site))
    root = etree.fromstring(content)
    assert content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<' + name.encode() + b">\n<number>2026001<")
    assert (root.tag, root.findtext("number"), root.findtext("buyerName")) == (name, "2026001", "Odběratel a.s.")
    assert root.findtext("Items/Item/netPrice") == "100.00"


def test_orders_partners_and_products_have_their_elements(invented):
    names = [
        etree.fromstring(as_xml(one, CZ)[0]).tag for one in (invented.order(), invented.partner(), invented.product())
    ]
    assert names == ["SalesOrder", "partner", "product"]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda invented: invented.statement(), "payload.no-internal-format"),
        (lambda invented: OtherDocument(origin=POHODA), "payload.no-internal-format"),
        (lambda invented: OtherDocument(origin=POHODA, kind=Kind.OTHER, name="voucher"), "routing.no-call"),
        (lambda invented: invented.invoice(kind=Kind.TAX_DOCUMENT_ON_PAYMENT), "payload.no-internal-format"),
        (lambda invented: invented.invoice(kind=Kind.ISSUED_DEBIT_NOTE), "routing.site-lacks-call"),
        (lambda invented: invented.invoice(number=None), "invoice.no-number"),
        (lambda invented: invented.invoice(vat_classification="UDxyz"), "code.unknown"),
        (lambda invented: invented.invoice(service_elements={"colour": "red"}), "payload.element-unknown"),
    ],
)
def test_what_cannot_be_written_says_why(invented, make, code):
    content, findings = as_xml(make(invented), CZ)
    assert content is None
    assert [found.code for found in findings] == [code]
