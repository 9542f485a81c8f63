"""Invoices that go from POHODA XML to ISDOC and back keep their amounts to the cent."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.documents import Invoice
from efimport.formats.isdoc.write import DOCUMENT_TYPES, write_isdoc
from efimport.formats.pohoda.write import write_pohoda
from efimport.formats.pohoda.write_invoice import INVOICE_TYPES
from efimport.formats.registry import SourceReading
from efimport.formats.writing import CannotWriteError
from efimport.sources import Source
from tests.formats.invoices_strategy import CREDIT_NOTES, consistent_invoices

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted((CORPUS / "pohoda").rglob("*.xml"))
ISDOCS = sorted((CORPUS / "isdoc").rglob("*.isdoc"))
BOTH = tuple(kind for kind in INVOICE_TYPES if kind in DOCUMENT_TYPES)


def invoices(content: bytes, name: str) -> list[Invoice]:
    return [found for found in SourceReading(Source(name, content)) if isinstance(found, Invoice)]


def amounts(invoice: Invoice) -> dict[str, object]:
    """What must not change; a credit note is compared without its sign, which ISDOC leaves to the kind."""
    sign = -1 if invoice.kind in CREDIT_NOTES and (invoice.total_with_vat or 0) < 0 else 1
    rows = sorted(
        (row.rate, row.reverse_charge, sign * (row.base or 0) - (row.already_claimed_base or 0),
         sign * (row.vat or 0) - (row.already_claimed_vat or 0))
        for row in invoice.vat_summary
    )  # fmt: skip
    return {
        "payable": sign * invoice.payable,
        "rounding": sign * (invoice.rounding or 0),
        "rows": [row for row in rows if row[2] or row[3]],
        "lines": [
            (sign * line.total_without_vat, sign * line.vat, line.vat_rate, abs(line.quantity))
            for line in invoice.lines
        ],
        "advances": [
            sign * one.amount for one in sorted(invoice.advances, key=lambda one: (one.taxed, one.number or ""))
        ],
    }


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_an_invoice_keeps_its_amounts_from_pohoda_to_isdoc(invented, data):
    (pohoda,) = invoices(write_pohoda([data.draw(consistent_invoices(invented, BOTH))]), "a.xml")
    (isdoc,) = invoices(write_isdoc(pohoda), "a.isdoc")
    expected, found = amounts(pohoda), amounts(isdoc)
    if not pohoda.lines:
        # ISDOC has a line for each rate instead.
        expected["lines"] = found["lines"]
    assert found == expected
    assert (isdoc.number, isdoc.date, isdoc.due_date or isdoc.date, isdoc.currency) == (
        pohoda.number, pohoda.date, pohoda.due_date or pohoda.date, pohoda.currency
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_invoice_keeps_its_amounts_from_isdoc_to_pohoda(invented, data):
    (isdoc,) = invoices(write_isdoc(data.draw(consistent_invoices(invented, BOTH))), "a.isdoc")
    (pohoda,) = invoices(write_pohoda([isdoc]), "a.xml")
    assert amounts(pohoda) == amounts(isdoc)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_pack_of_the_corpus_keeps_its_amounts_through_both_formats(path):
    for one in invoices(path.read_bytes(), path.name):
        if one.kind not in BOTH or not one.number or one.date is None or one.payable is None:
            continue
        try:
            (again,) = invoices(write_pohoda([one]), "a.xml")
        except CannotWriteError:
            continue
        assert abs(again.payable) == abs(one.payable)
        (isdoc,) = invoices(write_isdoc(again), "a.isdoc")
        assert abs(isdoc.payable) == abs(one.payable)
        if one.total_with_vat is not None and not any(advance.taxed for advance in one.advances):
            assert abs(isdoc.total_with_vat) == abs(one.total_with_vat)


@pytest.mark.parametrize("path", ISDOCS, ids=lambda path: path.name)
def test_an_isdoc_of_the_corpus_keeps_what_is_to_be_paid(path):
    for one in invoices(path.read_bytes(), path.name):
        try:
            (again,) = invoices(write_pohoda([one]), "a.xml")
        except CannotWriteError:
            continue
        assert (abs(again.payable), again.number, again.date) == (abs(one.payable), one.number, one.date)
        assert len(again.lines) == len(one.lines)
