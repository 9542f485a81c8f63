"""Issued documents in the internal format: SalesInvoice, CreditNote, AdvanceInvoice, DebitNote.

Source: web service reference, chapters Sales Invoice, Credit Note, Advance Invoice (CZ), Sales Invoice (SI) and
Debit Note (HR): the elements of the Create call, ``number`` always present, type and status explicit.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain

from efimport.api.call import Element, Scalar
from efimport.api.catalogue import Argument
from efimport.documents import Invoice, Line, Party
from efimport.findings import Finding, Location, finding
from efimport.mappings import codes
from efimport.payloads.effects import effects_of
from efimport.payloads.elements import elements, group
from efimport.payloads.target import Routed, Target, make, refused

HEADS = {
    "SalesInvoiceImport": "SalesInvoice",
    "CreditNoteImport": "CreditNote",
    "AdvanceInvoiceImport": "AdvanceInvoice",
    "DebitNoteImport": "DebitNote",
}
PRICE_DIGITS = Decimal("0.000001")
CENT = Decimal("0.01")


def internal(invoice: Invoice, method: str, target: Target) -> Routed:
    """An issued document as elements of the internal format.

    Raises:
        CallError: the site has no such call.
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
            group("Address", elements(_delivery(invoice.delivery))),
            group("Items", (_item(invoice, line, head, target.site) for line in invoice.lines)),
        )
    )
    arguments: list[tuple[str, Argument]] = [("importType", target.import_type), (head, children)]
    return Routed(
        call=make(method, arguments, target.site),
        identity=invoice.number,
        findings=tuple(_not_carried(invoice)),
        effects=effects_of(invoice),
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
    yield "vatOutgoingDocumentVatClause", "Registered" if invoice.vat_document else "NotRegistered"
    yield "remarks", invoice.text
    yield from buyer(invoice.customer, phone=head == "SalesInvoice", croatian=site == "HR")
    if head != "DebitNote":
        yield "methodOfPayment", method_of_payment(invoice.payment_method)
    yield from _references(invoice, head)


def buyer(party: Party | None, *, phone: bool, croatian: bool = False) -> Iterator[tuple[str, Scalar | None]]:
    """The block of the customer."""
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


def _references(invoice: Invoice, head: str) -> Iterator[tuple[str, Scalar | None]]:
    if head in ("CreditNote", "DebitNote"):
        yield "salesInvoiceRef", invoice.original_number
    elif head == "SalesInvoice":
        yield "advanceInvoiceRef", next((one.number for one in invoice.advances if one.number), None)


def _delivery(party: Party | None) -> Iterator[tuple[str, Scalar | None]]:
    if party is None or not party.address.city:
        return
    yield "city", party.address.city
    yield "country", party.address.country
    yield "postalCode", party.address.postal_code
    yield "street", party.address.street
    yield "type", "Delivery"


def _item(invoice: Invoice, line: Line, head: str, site: str) -> Element:
    control_report = site == "CZ" and head != "SalesOrder"
    transaction = codes("service")["reverse_charge" if line.reverse_charge else "taxable"][site]
    return Element(
        "Item",
        children=tuple(
            elements(
                [
                    ("position", line.position),
                    ("description", line.description or line.note or line.product_code or str(line.position)),
                    ("netPrice", net_price(line)),
                    ("vatPercentage", _rate(invoice, line)),
                    ("currency", invoice.currency),
                    ("quantity", _quantity(line)),
                    ("unit", line.unit),
                    ("vatTransactionType", transaction if control_report or line.reverse_charge else None),
                ]
            )
        ),
    )


def _transaction(invoice: Invoice, site: str) -> int:
    table = codes("service")
    charged = [line.reverse_charge for line in invoice.lines]
    return int(table["reverse_charge" if charged and all(charged) else "taxable"][site])


def _quantity(line: Line) -> Decimal:
    return Decimal(1) if line.quantity is None else line.quantity


def net_price(line: Line) -> Decimal:
    """Price of a unit without VAT and after discount, so that quantity times price is the total of the line.

    The total of the line wins over its unit price (ISDOC 6.0.2 specification, implementation notes).
    """
    quantity = _quantity(line)
    total = line.total_without_vat
    if total is None:
        return line.unit_price or Decimal(0)
    exact = line.unit_price if not line.price_includes_vat and not line.discount_percent else None
    if exact is not None and (exact * quantity).quantize(CENT, ROUND_HALF_UP) == total.quantize(CENT, ROUND_HALF_UP):
        return exact
    if not quantity:
        return Decimal(0)
    return (total / quantity).quantize(PRICE_DIGITS, ROUND_HALF_UP).normalize() + Decimal(0)


def _rate(invoice: Invoice, line: Line) -> Decimal | None:
    if line.vat_rate is not None:
        return line.vat_rate
    return Decimal(0) if not invoice.vat_document else None


def _not_carried(invoice: Invoice) -> Iterator[Finding]:
    """What the internal format has no element for."""
    place = Location(path=invoice.origin.path, line=invoice.origin.line, ordinal=invoice.origin.ordinal)
    if invoice.rounding:
        yield finding("payload.rounding-not-carried", place, rounding=invoice.rounding)
    if invoice.attachments:
        yield finding("payload.attachments-not-carried", place, count=len(invoice.attachments))
    if invoice.variable_symbol and invoice.variable_symbol != invoice.number:
        yield finding("payload.variable-symbol-not-carried", place, symbol=invoice.variable_symbol)
