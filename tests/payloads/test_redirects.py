"""Kinds that no call takes, where the firm's own table lets them go as another kind."""

from __future__ import annotations

import pytest

from efimport.documents import Kind
from efimport.formats.reading import Own
from efimport.payloads import route
from efimport.payloads.target import Target


@pytest.fixture
def going_as(tmp_path):
    """A target whose table has one line."""

    def target(kind, wanted, **fields):
        (tmp_path / "routes.toml").write_text(f'[as]\n{kind} = "{wanted}"\n', encoding="utf-8")
        own = Own(registration_number="12345679", vat_id="CZ12345679")
        return Target(own=own, codes=str(tmp_path), **fields)

    return target


def codes(routed):
    return [found.code for found in routed.findings]


@pytest.mark.parametrize(
    ("kind", "wanted", "method"),
    [
        (Kind.ISSUED_PROFORMA, "issued-advance-invoice", "AdvanceInvoiceImport"),
        (Kind.RECEIVABLE, "issued-invoice", "SalesInvoiceImport"),
        (Kind.ISSUED_DEBIT_NOTE, "issued-invoice", "SalesInvoiceImport"),
        (Kind.COMMITMENT, "received-invoice", "DocumentInboxImport"),
    ],
)
@pytest.mark.parametrize("form", ["pohoda", "spreadsheet"])
def test_a_kind_without_a_call_goes_as_the_firm_says(invented, going_as, kind, wanted, method, form):
    document = invented.invoice(kind=kind, format=form, content=b"<x/>")
    routed = route(document, going_as(kind, wanted))
    assert routed.call.method == method
    assert codes(routed)[0] == "routing.as-another-kind"


def test_what_goes_as_another_kind_is_written_anew(invented, going_as):
    document = invented.invoice(kind=Kind.ISSUED_PROFORMA, format="pohoda", content=b"<x/>")
    routed = route(document, going_as(Kind.ISSUED_PROFORMA, "issued-advance-invoice"))
    assert "base64data" not in routed.call
    assert "AdvanceInvoice" in routed.call


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (Kind.ISSUED_PROFORMA, "received-invoice"),
        (Kind.COMMITMENT, "issued-invoice"),
        (Kind.RECEIVABLE, "invoice"),
        (Kind.ISSUED_INVOICE, "issued-credit-note"),
    ],
)
def test_a_document_changes_neither_its_side_nor_a_call_of_its_own(invented, going_as, kind, wanted):
    routed = route(invented.invoice(kind=kind, format="pohoda"), going_as(kind, wanted))
    assert (routed.call, codes(routed)) == (None, ["routing.as-wrong"])


def test_without_a_line_nothing_changes(invented):
    assert codes(route(invented.invoice(kind=Kind.RECEIVABLE, format="pohoda"), Target())) == ["routing.no-call"]
