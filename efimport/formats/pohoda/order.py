"""An order of POHODA XML as a document.

Source: POHODA XML, order.xsd. An order that was received makes us the supplier; one that was issued, the customer.
"""

from __future__ import annotations

from efimport.documents import Kind, Order, Origin
from efimport.formats.pohoda import checks
from efimport.formats.pohoda.fields import Block, Notes
from efimport.formats.pohoda.home import Known, home
from efimport.formats.pohoda.invoice import (
    linked_number,
    payment_method,
    read_money,
    read_totals,
    shared_by_lines,
    texts,
    vat_country,
)
from efimport.formats.pohoda.lines import document_lines, read_lines, without_rounding
from efimport.formats.pohoda.party import deliveries, own_party, partner
from efimport.formats.pohoda.rates import Rates
from efimport.formats.pohoda.summary import rounding_of
from efimport.formats.pohoda.unread import note_unread

KINDS = {"receivedOrder": Kind.ORDER_RECEIVED, "issuedOrder": Kind.ORDER_ISSUED}


def read_order(document: Block, origin: Origin, notes: Notes, known: Known) -> Order:
    """The order; arguments as for an invoice."""
    header, summary = document.block("orderHeader"), document.block("orderSummary")
    kind = KINDS.get(header.text("orderType") or "", Kind.OTHER)
    if kind is Kind.OTHER:
        notes.add(
            "pohoda.unknown-order-type",
            header.child("orderType") if "orderType" in header else header.element,
            value=header.text("orderType") or "",
        )
    day = header.day("date")
    books = home(header, summary.block("homeCurrency"), day, known, document.block("orderDetail"))
    money = read_money(summary, books)
    rates = Rates(summary.block("homeCurrency"), vat_country(header) or books.country, day, known.codes)
    block = "foreignCurrency" if money.foreign else "homeCurrency"
    lines = read_lines(document.block("orderDetail"), rates, block, shared_by_lines(header))
    lines = without_rounding(lines, rounding_of(summary.block(block)))
    totals = read_totals(summary, lines, rates, money)
    received = kind is not Kind.ORDER_ISSUED
    other, own = partner(header.block("partnerIdentity")), own_party(header.block("myIdentity"))
    checks.check_order(document, lines, rates, totals, known, foreign=money.foreign)
    note_unread(document, header)
    introduction, text = texts(header)
    delivery_day = header.day("dateDelivery") or header.day("dateTo") or header.day("dateFrom")
    return Order(
        kind=kind,
        origin=origin,
        number=header.block("number").text("numberRequested"),
        date=day,
        delivery_date=delivery_day,
        order_number=header.text("numberOrder"),
        quote_number=linked_number(document, "issuedOffer"),
        text=text,
        introduction=introduction,
        currency=money.currency,
        exchange_rate=money.rate,
        exchange_amount=money.amount,
        supplier=own if received else other,
        customer=other if received else own,
        delivery=next(iter(deliveries(header.block("partnerIdentity"))), None),
        lines=document_lines(lines, notes),
        vat_summary=totals.vat_summary,
        total=totals.payable,
        payment_method=payment_method(header),
        vat_country=vat_country(header),
        cost_centre=header.reference("centre"),
        delivery_method=header.reference("carrier"),
        closed=checks.is_closed(header),
        cancelled="storno" in header or header.text("dateCancellation") is not None,
        own_registration_number=known.ico or (own.registration_number if own else None),
        findings=tuple(notes.findings),
    )
