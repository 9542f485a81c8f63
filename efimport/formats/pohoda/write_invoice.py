"""Invoices and orders that are written.

Source: POHODA XML, invoice.xsd (invoiceHeaderType) and order.xsd (orderHeaderType). The program writes the amounts of
credit notes below nothing; the number of a received document is its supplier's.
"""

from __future__ import annotations

import msgspec

from efimport.documents import ISSUED_KINDS, Invoice, Kind, Order, Party, VatSummary
from efimport.formats.pohoda.levels import BOOKS, Levels, country_of_books
from efimport.formats.pohoda.write_lines import ZERO, LineWriter, Money, Sums, advance_amounts, write_summary
from efimport.formats.pohoda.write_party import SYSTEM, write_account, write_own_identity, write_partner_identity
from efimport.formats.pohoda.written import Branch, allowed, note_unwritten
from efimport.formats.worked_out import (
    discounted,
    has_amounts,
    is_negative,
    line_amounts,
    lines_of_summary,
    summary_of_lines,
    turned,
)
from efimport.formats.writing import CannotWriteError
from efimport.mappings import home_currencies
from efimport.messages import message

INVOICE_TYPES = {
    Kind.ISSUED_INVOICE: "issuedInvoice",
    Kind.ISSUED_CREDIT_NOTE: "issuedCreditNotice",
    Kind.ISSUED_DEBIT_NOTE: "issuedDebitNote",
    Kind.ISSUED_ADVANCE_INVOICE: "issuedAdvanceInvoice",
    Kind.ISSUED_PROFORMA: "issuedProformaInvoice",
    Kind.RECEIVABLE: "receivable",
    Kind.RECEIVED_INVOICE: "receivedInvoice",
    Kind.RECEIVED_CREDIT_NOTE: "receivedCreditNotice",
    Kind.RECEIVED_DEBIT_NOTE: "receivedDebitNote",
    Kind.RECEIVED_ADVANCE_INVOICE: "receivedAdvanceInvoice",
    Kind.COMMITMENT: "commitment",
}
ORDER_TYPES = {Kind.ORDER_RECEIVED: "receivedOrder", Kind.ORDER_ISSUED: "issuedOrder"}
_CREDIT_NOTES = (Kind.ISSUED_CREDIT_NOTE, Kind.RECEIVED_CREDIT_NOTE)
_CORRECTIONS = (*_CREDIT_NOTES, Kind.ISSUED_DEBIT_NOTE, Kind.RECEIVED_DEBIT_NOTE)
_WITHOUT_CLASSIFICATION = (Kind.ISSUED_ADVANCE_INVOICE, Kind.ISSUED_PROFORMA, Kind.RECEIVED_ADVANCE_INVOICE)

PAYMENT_TYPES = {
    "transfer": "draft",
    "card": "creditcard",
    "direct-debit": "encashment",
    "cash-on-delivery": "delivery",
    "set-off": "compensation",
}
"""``paymentType`` by the names of other formats; the format's own words are kept."""
_OWN_PAYMENT_TYPES = (
    "draft", "cash", "postal", "delivery", "creditcard", "advance", "encashment", "cheque", "compensation",
)  # fmt: skip
_LONGEST_TEXT = 240
_LONGEST_CARRIER = 20
_LONGEST_PAYMENT = 32
_COUNTRY_CODE = 2

_NO_ROOM_INVOICE = (
    "quote_number", "place_of_issue", "supply_end_date", "receival_date", "language", "signed",
    "attachments", "service_elements",
)  # fmt: skip
_NO_ROOM_ORDER = (
    "received_date", "quote_number", "vat_classification", "language", "attachments",
    "service_elements",
)  # fmt: skip


def write_invoice(item: Branch, invoice: Invoice, home_currency: str) -> None:
    """An invoice or a document of its family.

    Args:
        item: the element around it.
        invoice: the document.
        home_currency: currency of the books, where the document does not say it.

    Raises:
        CannotWriteError: the format has no kind for it, or its amounts or rates are not known.
    """
    kind = INVOICE_TYPES.get(invoice.kind)
    if kind is None:
        raise CannotWriteError(message("POHODA XML has no document of the kind {kind}.", kind=invoice.kind.value))
    if invoice.kind in _CREDIT_NOTES and not is_negative(invoice):
        invoice = turned(invoice)
    invoice = discounted(invoice)
    element = item.inside("inv", "invoice", version="2.0")
    header = element.inside("inv", "invoiceHeader")
    _write_identity(header, invoice, kind)
    _write_days(header, invoice)
    _write_codes(header, invoice)
    _write_texts(header, "inv", invoice)
    _write_parties(header, "inv", invoice, is_ours=invoice.kind in ISSUED_KINDS)
    _write_payment(header, invoice)
    _write_amounts(element, invoice, home_currency)
    note_unwritten(invoice, _NO_ROOM_INVOICE, item.losses)
    if invoice.warehouse and not invoice.moves_stock:
        note_unwritten(invoice, ("warehouse",), item.losses)


def _write_identity(header: Branch, invoice: Invoice, kind: str) -> None:
    """Kind and numbers: the number of a received document is its supplier's, ours is the internal one."""
    received = invoice.kind not in ISSUED_KINDS
    if invoice.uuid:
        holder = header.inside("inv", "extId")
        holder.identifier("typ", "ids", invoice.uuid, "uuid")
        holder.leaf("typ", "exSystemName", SYSTEM)
    header.leaf("inv", "invoiceType", kind)
    if invoice.cancelled:
        header.leaf("inv", "storno", "cancelledDocument")
    number = invoice.internal_number if received else invoice.number
    if number:
        header.inside("inv", "number").identifier("typ", "numberRequested", number, "number")
    header.code("inv", "symVar", invoice.variable_symbol, "variable_symbol")
    if received:
        header.identifier("inv", "originalDocument", invoice.number, "number")
    elif invoice.kind not in _CORRECTIONS:
        header.code("inv", "originalDocument", invoice.original_number, "original_number")
    if invoice.kind in _CORRECTIONS:
        header.text("inv", "originalDocumentNumber", invoice.original_number, "original_number")


def _write_days(header: Branch, invoice: Invoice) -> None:
    for name, day in (
        ("date", invoice.date),
        ("dateTax", invoice.taxable_supply_date),
        ("dateAccounting", invoice.accounting_date),
        ("dateKHDPH", invoice.control_report_date),
        ("dateDue", invoice.due_date),
    ):
        header.leaf("inv", name, day)


def _write_codes(header: Branch, invoice: Invoice) -> None:
    if invoice.kind not in _WITHOUT_CLASSIFICATION:
        header.reference("inv", "classificationVAT", invoice.vat_classification, "vat_classification")
    else:
        note_unwritten(invoice, ("vat_classification",), header.losses)
    header.reference(
        "inv", "classificationKVDPH", invoice.control_report_classification, "control_report_classification"
    )
    header.reference("inv", "order", invoice.sales_order_number, "sales_order_number")
    header.code("inv", "numberOrder", invoice.order_number, "order_number")
    _write_shared_codes(header, "inv", invoice)


def _write_shared_codes(header: Branch, prefix: str, document: Invoice | Order) -> None:
    header.reference(prefix, "centre", document.cost_centre, "cost_centre")
    header.reference(prefix, "MOSS", document.vat_country, "vat_country", _COUNTRY_CODE)
    header.reference(prefix, "carrier", document.delivery_method, "delivery_method", _LONGEST_CARRIER)
    method = PAYMENT_TYPES.get(document.payment_method or "", document.payment_method)
    if method in _OWN_PAYMENT_TYPES:
        header.inside(prefix, "paymentType").leaf("typ", "paymentType", method)
    else:
        header.reference(prefix, "paymentType", method, "payment_method", _LONGEST_PAYMENT)


def _write_texts(header: Branch, prefix: str, document: Invoice | Order) -> None:
    """The text above the lines, which the program demands, and the note; a text too long for the first is the note."""
    text, note = (document.introduction, document.text) if document.introduction else (document.text, None)
    first = next((line.description for line in document.lines if line.description), None)
    heading = " ".join(allowed(text or first or document.number).split())
    if note is None and text and len(heading) > _LONGEST_TEXT:
        note = text
        heading = heading[:_LONGEST_TEXT].rstrip()
    header.text(prefix, "text", heading, "introduction", _LONGEST_TEXT)
    header.paragraph(prefix, "note", note)


def _write_parties(header: Branch, prefix: str, document: Invoice | Order, *, is_ours: bool) -> None:
    """``partnerIdentity`` is always the other party, ``myIdentity`` the firm that keeps the books."""
    own = document.supplier if is_ours else document.customer
    delivery = [document.delivery] if document.delivery is not None else []
    write_partner_identity(header, prefix, "partnerIdentity", document.partner, delivery)
    write_own_identity(header, prefix, own)


def _write_payment(header: Branch, invoice: Invoice) -> None:
    name = "account" if invoice.kind in ISSUED_KINDS else "paymentAccount"
    write_account(header, "inv", name, invoice.payment_account)
    header.code("inv", "symConst", invoice.constant_symbol, "constant_symbol")
    header.code("inv", "symSpec", invoice.specific_symbol, "specific_symbol")


def _write_amounts(element: Branch, invoice: Invoice, home_currency: str) -> None:
    own = invoice.supplier if invoice.kind in ISSUED_KINDS else invoice.customer
    country, money = _books(own, invoice.home_currency or home_currency, invoice)
    lines = invoice.lines
    if not has_amounts(lines) and (money.foreign or lines):
        # What a foreign currency sums up to is shared out among the rates by the lines alone.
        lines = tuple(lines_of_summary(invoice))
    rows = _left_after_advances(invoice) if invoice.vat_summary or invoice.lines else ()
    if not rows and invoice.payable:
        raise CannotWriteError(message("The document tells neither lines nor VAT of its amount."))
    rates = [line.vat_rate for line in lines] + [one.vat_rate for one in invoice.advances] + [row.rate for row in rows]
    levels = Levels(invoice.vat_country or country, invoice.taxable_supply_date or invoice.date, rates)
    if lines or invoice.advances:
        writer = LineWriter(element.inside("inv", "invoiceDetail"), "inv", money, levels, invoice.warehouse)
        for line in lines:
            writer.line("invoiceItem", line)
        for advance in invoice.advances:
            writer.advance(advance)
    untaxed = sum((one.amount or ZERO for one in invoice.advances if not one.taxed), ZERO)
    sums = Sums(rows, invoice.payable, untaxed, invoice.rounding)
    write_summary(element.inside("inv", "invoiceSummary"), "inv", sums, money, levels)


def _books(own: Party | None, home_currency: str, document: Invoice | Order) -> tuple[str, Money]:
    """The country of the books, and the currency that the amounts are in."""
    currencies = home_currencies()
    told = [text[:2].upper() for text in (own.vat_id, own.address.country) if text] if own is not None else []
    country = next((code for code in told if code in BOOKS), None)
    if country is None and _is_slovak(document):
        country = "SK"
    home = currencies[country] if country else home_currency
    currency = document.currency or home
    money = Money(currency if currency != home else None, document.exchange_rate, document.exchange_amount)
    if money.amount != money.amount.to_integral_value():
        raise CannotWriteError(
            message("The rate of exchange is for {amount} units; the format allows whole units.", amount=money.amount)
        )
    return country or country_of_books(home), money


def _is_slovak(document: Invoice | Order) -> bool:
    """Whether the amounts are in euro without a rate, and reported as the Slovak control report demands."""
    reported = isinstance(document, Invoice) and document.control_report_classification is not None
    return reported and document.currency == "EUR" and document.exchange_rate is None


def _left_after_advances(invoice: Invoice) -> tuple[VatSummary, ...]:
    """The recapitulation of what is left after taxed advances, whichever way the document states it."""
    rows = [_without_claims(row) for row in invoice.vat_summary or summary_of_lines(invoice.lines)]
    taxed = [one for one in invoice.advances if one.taxed]
    supplied = sum((line_amounts(line)[0] for line in invoice.lines), ZERO)
    stated = sum((row.base or ZERO for row in rows), ZERO)
    deductions = [(one.vat_rate, *advance_amounts(one)) for one in taxed]
    deducted = sum((base for _, base, _ in deductions), ZERO)
    # The recapitulation holds all that was supplied, or what is left of it, whichever is nearer.
    if invoice.lines and abs(supplied - stated) < abs(supplied - deducted - stated):
        rows += [VatSummary(rate=rate, base=-base, vat=-vat) for rate, base, vat in deductions]
    return tuple(rows)


def _without_claims(row: VatSummary) -> VatSummary:
    base = (row.base or ZERO) - (row.already_claimed_base or ZERO)
    vat = (row.vat or ZERO) - (row.already_claimed_vat or ZERO)
    return msgspec.structs.replace(row, base=base, vat=vat)


def write_order(item: Branch, order: Order, home_currency: str) -> None:
    """An order; arguments and errors as for an invoice."""
    kind = ORDER_TYPES.get(order.kind)
    if kind is None:
        raise CannotWriteError(message("POHODA XML has no document of the kind {kind}.", kind=order.kind.value))
    order = discounted(order)
    element = item.inside("ord", "order", version="2.0")
    header = element.inside("ord", "orderHeader")
    header.leaf("ord", "orderType", kind)
    if order.cancelled:
        header.leaf("ord", "storno", "cancelledDocument")
    if order.number:
        header.inside("ord", "number").identifier("typ", "numberRequested", order.number, "number")
    header.code("ord", "numberOrder", order.order_number, "order_number")
    header.leaf("ord", "date", order.date)
    header.leaf("ord", "dateTo" if order.kind is Kind.ORDER_RECEIVED else "dateDelivery", order.delivery_date)
    _write_texts(header, "ord", order)
    _write_parties(header, "ord", order, is_ours=order.kind is Kind.ORDER_RECEIVED)
    _write_shared_codes(header, "ord", order)
    if order.closed:
        header.leaf("ord", "isExecuted", True)
    _write_order_amounts(element, order, home_currency)
    note_unwritten(order, _NO_ROOM_ORDER, item.losses)


def _write_order_amounts(element: Branch, order: Order, home_currency: str) -> None:
    own = order.supplier if order.kind is Kind.ORDER_RECEIVED else order.customer
    country, money = _books(own, home_currency, order)
    rows = order.vat_summary or tuple(summary_of_lines(order.lines))
    levels = Levels(
        order.vat_country or country, order.date, [line.vat_rate for line in order.lines] + [row.rate for row in rows]
    )
    if order.lines:
        writer = LineWriter(element.inside("ord", "orderDetail"), "ord", money, levels, None)
        for line in order.lines:
            writer.line("orderItem", line)
    sums = Sums(rows, order.total)
    write_summary(element.inside("ord", "orderSummary"), "ord", sums, money, levels)
