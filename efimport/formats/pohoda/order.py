"""An order of POHODA XML as a document.

Source: POHODA XML, order.xsd. An order that was received makes us the supplier; one that was issued, the customer.
"""

from __future__ import annotations

from efimport.documents import Kind, Order, Origin
from efimport.formats.pohoda.fields import Block, Notes
from efimport.formats.pohoda.home import home
from efimport.formats.pohoda.invoice import payment_method, read_money, read_totals
from efimport.formats.pohoda.lines import document_lines, read_lines
from efimport.formats.pohoda.party import deliveries, own_party, partner
from efimport.formats.pohoda.rates import Rates

KINDS = {"receivedOrder": Kind.ORDER_RECEIVED, "issuedOrder": Kind.ORDER_ISSUED}


def read_order(document: Block, origin: Origin, notes: Notes, *, ico: str | None, site: str | None) -> Order:
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
    books = home(header, summary.block("homeCurrency"), day, site)
    money = read_money(summary, books)
    rates = Rates(summary.block("homeCurrency"), books.country, day)
    lines = read_lines(document.block("orderDetail"), rates, "foreignCurrency" if money.foreign else "homeCurrency")
    totals = read_totals(summary, lines, rates, money)
    received = kind is not Kind.ORDER_ISSUED
    other, own = partner(header.block("partnerIdentity")), own_party(header.block("myIdentity"))
    if other is not None and other.reference_only:
        notes.add("pohoda.partner-reference", header.child("partnerIdentity"), value=other.code or "")
    delivery_day = header.day("dateDelivery") or header.day("dateTo") or header.day("dateFrom")
    return Order(
        kind=kind,
        origin=origin,
        number=header.block("number").text("numberRequested"),
        date=day,
        delivery_date=delivery_day,
        order_number=header.text("numberOrder"),
        text=header.text("text"),
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
        own_registration_number=ico,
        findings=tuple(notes.findings),
    )
