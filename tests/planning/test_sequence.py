"""The order of sending."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efimport.api import catalogue
from efimport.documents import Advance, Kind
from efimport.payloads import ROUTES, route
from efimport.payloads.target import Target
from efimport.planning.calls import calls_of
from efimport.planning.drafts import Draft
from efimport.planning.sequence import ORDER, natural, rank

EARLY, LATE = dt.date(2026, 1, 5), dt.date(2026, 2, 5)


def draft(*documents, ordinal=0, site="CZ"):
    made = Draft(f"{ordinal}.xml", ordinal)
    made.documents = list(documents)
    made.added = [[] for _ in documents]
    made.routed = [route(document, Target(site=site)) for document in documents]
    return made


def numbers(*documents, site="CZ"):
    return [
        part.number for call in calls_of([draft(*documents, site=site)], "acme", "createOnly") for part in call.parts
    ]


def test_every_method_that_a_document_is_routed_to_has_its_place():
    assert {line.method for line in ROUTES if line.method} - set(ORDER) == set()
    assert all(method in catalogue.methods() for method in ORDER)
    assert len(set(ORDER)) == len(ORDER)


def test_a_method_without_a_place_comes_before_the_inbox():
    assert rank("CreditNoteImport") < rank("WorkOrderCreate") <= rank("DocumentInboxImport")


def everything(invented):
    """One document of each kind, each with a day and a number that would put it elsewhere."""
    return {
        "partner": invented.partner(),
        "product": invented.product(),
        "order": invented.order(number="9", date=LATE),
        "advance": invented.invoice(kind=Kind.ISSUED_ADVANCE_INVOICE, number="8", date=LATE),
        "invoice": invented.invoice(number="7", date=LATE),
        "credit note": invented.invoice(kind=Kind.ISSUED_CREDIT_NOTE, number="6", date=EARLY),
        "statement": invented.statement(number="1", date=EARLY),
    }


@pytest.mark.parametrize("seed", range(8))
def test_partners_and_products_first_then_orders_advances_invoices_credit_notes_and_statements(invented, seed):
    documents = everything(invented)
    mixed = list(documents.values())
    random.Random(seed).shuffle(mixed)
    calls = calls_of([draft(*mixed)], "acme", "createOnly")
    assert [call.call.method for call in calls] == [
        "PartnerImport", "ProductImport", "SalesOrderImport", "AdvanceInvoiceImport", "SalesInvoiceImport",
        "CreditNoteImport", "BankStatementImport",
    ]  # fmt: skip
    assert [call.id for call in calls] == [f"c{number}" for number in range(1, 8)]


def test_debit_notes_come_after_partners(invented):
    note = invented.invoice(kind=Kind.ISSUED_DEBIT_NOTE, number="1", date=EARLY)
    calls = calls_of([draft(note, invented.partner(), site="HR")], "acme", "createOnly")
    assert [call.call.method for call in calls] == ["PartnerImport", "DebitNoteImport"]


@pytest.mark.parametrize("order", list(itertools.permutations(["2026-10", "2026-9", "2026-100"])))
def test_of_one_day_the_number_decides_in_which_ten_comes_after_nine(invented, order):
    documents = [invented.invoice(number=number, date=EARLY) for number in order]
    assert numbers(*documents) == ["2026-9", "2026-10", "2026-100"]


def test_the_day_comes_before_the_number(invented):
    documents = [invented.invoice(number="1", date=LATE), invented.invoice(number="2", date=EARLY)]
    assert numbers(*documents) == ["2", "1"]


def test_products_of_one_call_stand_in_the_order_of_their_codes(invented):
    assert numbers(*(invented.product(code=code) for code in ("B1", "A10", "A9"))) == ["A9", "A10", "B1"]


def test_a_document_comes_after_the_one_of_its_kind_that_it_names(invented):
    later = invented.invoice(number="1", date=EARLY, original_number="2")
    earlier = invented.invoice(number="2", date=LATE)
    assert numbers(later, earlier) == ["2", "1"]


def test_an_invoice_comes_after_the_advance_invoice_that_it_deducts(invented):
    invoice = invented.invoice(number="1", date=EARLY, advances=(Advance(number="Z5", amount=Decimal(10)),))
    advance = invented.invoice(kind=Kind.ISSUED_ADVANCE_INVOICE, number="Z5", date=LATE)
    assert numbers(invoice, advance) == ["Z5", "1"]


def test_a_credit_note_comes_after_the_invoice_that_it_corrects(invented):
    note = invented.invoice(kind=Kind.ISSUED_CREDIT_NOTE, number="D1", date=EARLY, original_number="9")
    assert numbers(note, invented.invoice(number="9", date=LATE)) == ["9", "D1"]


def test_a_long_chain_and_a_circle_come_to_an_end(invented):
    chain = [invented.invoice(number=str(n), date=EARLY, original_number=str(n + 1)) for n in range(3000)]
    assert numbers(*chain) == [str(n) for n in range(2999, -1, -1)]
    circle = [
        invented.invoice(number="1", original_number="2"),
        invented.invoice(number="2", original_number="3"),
        invented.invoice(number="3", original_number="1"),
        invented.invoice(number="4", original_number="4"),
    ]
    assert sorted(numbers(*circle)) == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("9", "10"), ("2026-9", "2026-10"), ("FV2", "FV10"), ("007", "7"), ("7", "08"), ("A", "B"), ("2025/12", "2026/1"),
     ("", "1"), ("1-9", "1-10/2"), ("9" * 5000, "1" + "0" * 5000)],
)  # fmt: skip
def test_counts_in_numbers_are_compared_by_their_size(before, after):
    assert natural(before) < natural(after)


@given(st.lists(st.text(max_size=12), max_size=12))
def test_any_numbers_have_one_order(texts):
    wanted = sorted(texts, key=natural)
    assert sorted(sorted(texts), key=natural) == wanted
