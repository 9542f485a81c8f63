"""Issued documents in the internal format: SalesInvoice, CreditNote, AdvanceInvoice, DebitNote.

Source: web service reference, chapters Sales Invoice, Credit Note, Advance Invoice (CZ), Sales Invoice (SI) and
Debit Note (HR): the elements of the Create call, ``number`` always present, type and status explicit.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from efimport.api.call import Element, Scalar
from efimport.api.catalogue import Argument
from efimport.documents import Invoice, Kind, Line, Party
from efimport.findings import Finding, finding
from efimport.mappings import codes
from efimport.payloads.effects import effects_of
from efimport.payloads.elements import elements, group
from efimport.payloads.lines import item
from efimport.payloads.target import Routed, Target, location, make, refused

HEADS = {
    "SalesInvoiceImport": "SalesInvoice",
    "CreditNoteImport": "CreditNote",
    "AdvanceInvoiceImport": "AdvanceInvoice",
    "DebitNoteImport": "DebitNote",
}


def internal(invoice: Invoice, method: str, target: Target) -> Routed:
    """An issued document as elements of the internal format.

    Raises:
        CallError: the call does not fit the reference.
    """
    if not invoice.number:
        return refused(invoice, "invoice.no-number")
    if invoice.cancelled:
        return refused(invoice, "routing.cancelled")
    if not invoice.lines:
        return refused(invoice, "invoice.no-lines")
    unknown = [line for line in invoice.lines if _rate(invoice, line) is None]
    if unknown:
        return refused(invoice, "invoice.vat-rate-unknown", line=unknown[0].position)
    head = HEADS[method]
    children = tuple(
        chain(
            elements(_head(invoice, head, target.site)),
            group("Address", elements(delivery(invoice.delivery))),
            group("Items", (_item(invoice, line, target.site) for line in invoice.lines)),
        )
    )
    arguments: list[tuple[str, Argument]] = [("importType", target.import_type), (head, children)]
    return Routed(
        call=make(method, arguments, target.site),
        identity=invoice.number,
        findings=tuple(_not_carried(invoice, head)),
        effects=effects_of(invoice, names_products=False),
    )


def _head(invoice: Invoice, head: str, site: str) -> Iterator[tuple[str, Scalar | None]]:
    """The elements before address and items, in the order of the reference."""
    yield "number", invoice.number
    yield "date", invoice.date
    yield "dateOfSupplyFrom", invoice.taxable_supply_date
    yield "paymentDueDate", invoice.due_date
    yield "type", "gross"
    if head != "DebitNote":
        yield "status", "issuedInvoice"
    yield "vatTransactionType", _transaction(invoice, site)
    yield "vatOutgoingDocumentVatClause", _vat_clause(invoice)
    yield "remarks", invoice.text
    yield from buyer(invoice.customer, phone=head == "SalesInvoice", croatian=site == "HR")
    if head in ("SalesInvoice", "AdvanceInvoice"):
        yield "methodOfPayment", method_of_payment(invoice.payment_method)
    if head == "SalesInvoice":
        yield "advanceInvoiceRef", _advance_number(invoice)
    if head in ("CreditNote", "DebitNote"):
        yield "salesInvoiceRef", invoice.original_number
    if head == "CreditNote":
        yield "methodOfPayment", method_of_payment(invoice.payment_method)


def _vat_clause(invoice: Invoice) -> str | None:
    """Whether the issuer is registered for VAT, where the document tells: an advance invoice without VAT does not."""
    if invoice.vat_document:
        return "Registered"
    return None if invoice.kind is Kind.ISSUED_ADVANCE_INVOICE else "NotRegistered"


def buyer(party: Party | None, *, phone: bool, croatian: bool = False) -> Iterator[tuple[str, Scalar | None]]:
    """The block of the customer.

    Args:
        party: the customer.
        phone: whether the document has an element for the telephone.
        croatian: whether the site is HR, which has its own words for the registration.
    """
    if party is None:
        return
    registered = "RegisteredR1" if croatian else "Registered"
    yield "buyerName", party.name or party.contact
    yield "buyerTaxNumber", party.vat_id or party.tax_number or party.registration_number
    yield "buyerVatRegistration", registered if party.vat_id else "None"
    yield "buyerEMail", party.email
    if phone:
        yield "buyerPhone", party.phone
    yield "buyerStreet", party.address.street
    yield "buyerPostalCode", party.address.postal_code
    yield "buyerCity", party.address.city
    yield "buyerCountry", party.address.country


def method_of_payment(code: str | None) -> str | None:
    """MethodOfPayment for the code that the document carries; None where it carries none that is known."""
    return codes("service")["method_of_payment"].get(code) if code else None


def _advance_number(invoice: Invoice) -> str | None:
    return next((one.number for one in invoice.advances if one.number), None)


def delivery(party: Party | None) -> Iterator[tuple[str, Scalar | None]]:
    """The address that the goods go to; nothing where the document names no other than the customer's."""
    if party is None or not (party.address.city or party.address.street or party.address.postal_code):
        return
    yield "city", party.address.city
    yield "country", party.address.country
    yield "postalCode", party.address.postal_code
    yield "street", party.address.street
    yield "type", "Delivery"


def _item(invoice: Invoice, line: Line, site: str) -> Element:
    transaction = _code("reverse_charge" if line.reverse_charge else "taxable", site)
    return item(line, invoice.currency, _rate(invoice, line), transaction)


def _transaction(invoice: Invoice, site: str) -> int:
    charged = all(line.reverse_charge for line in invoice.lines)
    return _code("reverse_charge" if charged else "taxable", site)


def _code(treatment: str, site: str) -> int:
    return int(codes("service")[treatment][site])


def _rate(invoice: Invoice, line: Line) -> Decimal | None:
    """VAT in percent that the service is to add: none where the customer pays it."""
    if line.reverse_charge or (line.vat_rate is None and not invoice.vat_document):
        return Decimal(0)
    return line.vat_rate


def _not_carried(invoice: Invoice, head: str) -> Iterator[Finding]:
    """What the internal format has no element for."""
    place = location(invoice)
    if invoice.rounding:
        yield finding("payload.rounding-not-carried", place, rounding=invoice.rounding)
    carried = 1 if head == "SalesInvoice" and _advance_number(invoice) else 0
    if len(invoice.advances) > carried:
        yield finding("payload.advances-not-carried", place, count=len(invoice.advances) - carried)
    if invoice.exchange_rate is not None:
        rate = f"{invoice.exchange_amount} {invoice.currency or '-'} = {invoice.exchange_rate}"
        yield finding("payload.exchange-rate-not-carried", place, rate=rate)
    if invoice.attachments:
        yield finding("payload.attachments-not-carried", place, count=len(invoice.attachments))
    if invoice.variable_symbol and invoice.variable_symbol != invoice.number:
        yield finding("payload.variable-symbol-not-carried", place, symbol=invoice.variable_symbol)
