"""Received documents created in the books at once: ReceivedInvoice, ReceivedCreditNote, ReceivedAdvanceInvoice.

Source: web service reference, ReceivedInvoiceCreate, ReceivedCreditNoteCreate, ReceivedAdvanceInvoiceCreate; the
elements in its order. There is no import of them, and a repeat of a Create cannot be told from a second document, so
that one of unknown outcome is held. Received debit notes and tax documents on payments have no such call: as a received
invoice the first would lose what it corrects, and the second would be asked for a second time. They stay with the
document inbox.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from efimport.api import wire
from efimport.api.call import Call, Element, Nested, Parameter, Scalar
from efimport.checks.ownership import is_ours
from efimport.documents import Invoice, Kind, Party
from efimport.findings import finding
from efimport.formats.reading import Own
from efimport.messages import Message, message
from efimport.payloads import inbox
from efimport.payloads.bookings import Booking
from efimport.payloads.elements import completed, group
from efimport.payloads.received_items import Item, items_of, written
from efimport.payloads.received_payment import payment_of
from efimport.payloads.suppliers import identity_of, setting_line, shown, supplier_code
from efimport.payloads.target import Routed, Target, location, make, refused

CALLED = {
    Kind.RECEIVED_DEBIT_NOTE: message("received debit note"),
    Kind.TAX_DOCUMENT_ON_PAYMENT: message("tax document on a payment"),
}
"""What people call the kinds that no call creates."""

OF_THE_BOOKS = frozenset(
    {
        "costPosition",
        "supplierCode",
        "supplierDocumentID",
        "supplierBookingAccountNumber",
        "chartAccountNumber",
        "inputVatTransactionType",
        "isInputVatDeductible",
        "vatDeductionPercentage",
        "isInsideTheScopeOfVat",
        "isReverseChargeVatDocument",
    }
)
"""Elements that say how a document is booked and not what stands on it: they change with the settings."""


def create(invoice: Invoice, method: str, target: Target) -> Routed:
    """A received document as elements of the internal format.

    Raises:
        CallError: the call does not fit the reference.
    """
    if invoice.cancelled:
        return refused(invoice, "routing.cancelled")
    if not invoice.number:
        return refused(invoice, "invoice.no-number")
    if _is_somebody_elses(invoice.customer, target.own):
        return refused(invoice, "received.not-ours", customer=shown(invoice.customer))
    booking = Booking(invoice, method, target)
    if not booking.has_rate():
        booking.note("received.no-rate", currency=booking.currency, home=booking.home)
        return Routed(findings=tuple(booking.found))
    items = items_of(booking)
    head = completed(booking.head, _head(booking, items), booking.given())
    children = (*head, *group("Items", written(booking, items)))
    if booking.has_error:
        return Routed(findings=tuple(booking.found))
    _note_what_stays(booking)
    return Routed(
        call=make(method, [(booking.name, children)], target.site),
        identity=f"{identity_of(invoice.supplier)} {booking.says('number') or invoice.number}",
        substance=_substance(method, booking.name, children),
        findings=tuple(booking.found),
        effects=("effect.books-received",),
    )


def _is_somebody_elses(customer: Party | None, own: Own) -> bool:
    """Whether the document names a customer who is not our organization, as far as both have numbers."""
    if customer is None or not (own.registration_number or own.vat_id):
        return False
    return bool(customer.registration_number or customer.vat_id) and not is_ours(own, customer)


def kept_in_inbox(invoice: Invoice, method: str, target: Target) -> Routed:
    """A received document that no call creates, by way of the inbox although the settings say otherwise.

    Raises:
        CallError: the call does not fit the reference.
    """
    routed = inbox.electronic_invoice(invoice, method, target)
    if routed.call is None:
        return routed
    told = finding("received.inbox-instead", location(invoice), kind=CALLED[invoice.kind])
    return msgspec.structs.replace(routed, findings=(told, *routed.findings))


def _head(booking: Booking, items: list[Item]) -> Iterator[tuple[str, Scalar | None]]:
    """The elements before the items; what the source gives by its name in the service is put in their place later."""
    invoice = booking.invoice
    yield from _amounts(booking, items)
    yield "businessYear", _business_year(booking)
    yield "costPosition", invoice.cost_centre or booking.settings.cost_centre
    yield "date", _needed(booking, "date", invoice.date, message("the day of issue"))
    yield "number", invoice.number
    payment = payment_of(booking)
    due = _needed(booking, "paymentDueDate", payment.due_date, message("the day on which it is due"))
    yield "paymentDueDate", due
    yield "receivalDate", invoice.receival_date or _receival_day(booking)
    # A tax document states the day of supply where it is another one than the day of issue (VAT Act, section 29).
    day = invoice.taxable_supply_date or invoice.date
    if booking.is_advance:
        yield "prepaymentDate", day
    else:
        yield "dateOfSupplyFrom", day
        yield "dateOfSupplyUntil", invoice.supply_end_date
    yield from _scope(booking, items)
    yield from payment.elements()
    # The reference prints the element of credit notes with a blank in its name: what it is called there is not known.
    if invoice.kind is not Kind.RECEIVED_CREDIT_NOTE:
        yield "receivedAdvanceInvoiceRef", _advance_number(invoice)
    if booking.is_advance:
        yield "roundingDifference", invoice.rounding or None
    yield from _supplier(booking)


def _amounts(booking: Booking, items: list[Item]) -> Iterator[tuple[str, Scalar | None]]:
    name = "prepaymentAmount" if booking.is_advance else "paymentAmount"
    amount = _needed(booking, name, _payable(booking.invoice), message("the amount to be paid"))
    if booking.is_advance:
        yield name, amount
        yield "prepaymentCurrency", booking.currency
        return
    total = _total(booking.invoice, items)
    yield "amountWithVAT", None if total is None else booking.in_home_currency(total)
    yield name, amount
    yield "paymentCurrency", booking.currency


def _payable(invoice: Invoice) -> Decimal | None:
    """The amount to be paid; where it is not stated, total and rounding less advances."""
    if invoice.payable is not None or invoice.total_with_vat is None:
        return invoice.payable
    deducted = [one.amount for one in invoice.advances]
    if None in deducted:
        return None
    return invoice.total_with_vat + (invoice.rounding or Decimal(0)) - sum(one for one in deducted if one is not None)


def _total(invoice: Invoice, items: list[Item]) -> Decimal | None:
    """The amount with VAT: with or without the taxed advances, whichever the items make.

    Programs state the total before or after what was taxed with the advances.
    """
    stated = invoice.total_with_vat
    if stated is None:
        return None
    taxed = sum((one.amount or Decimal(0) for one in invoice.advances if one.taxed), Decimal(0))
    made = sum((item.total for item in items), Decimal(0))
    return min((stated, stated - taxed), key=lambda total: abs(total - made))


def _business_year(booking: Booking) -> int | None:
    """The year in which it is posted: of the accounting case, else of the supply, else of the issue."""
    invoice = booking.invoice
    day = invoice.accounting_date or invoice.taxable_supply_date or invoice.date
    return day.year if day else None


def _receival_day(booking: Booking) -> dt.date | None:
    """The day of issue, where the document does not say when it came."""
    day = booking.invoice.date
    if day is not None and booking.says("receivalDate") is None:
        booking.note("received.receival-day", date=day)
    return day


def _advance_number(invoice: Invoice) -> str | None:
    """The advance invoice that is referred to: one that was not taxed, because a taxed one has its tax document."""
    ordered = sorted(invoice.advances, key=lambda one: one.taxed)
    return next((one.number for one in ordered if one.number), None)


def _scope(booking: Booking, items: list[Item]) -> Iterator[tuple[str, Scalar | None]]:
    """Whether the document has to do with VAT, or is under domestic reverse charge; the two exclude each other."""
    reverse = bool(items) and all(item.treatment.reverse_charge for item in items)
    if reverse and not booking.is_advance:
        yield "isReverseChargeVatDocument", True
    else:
        yield "isInsideTheScopeOfVat", any(not item.treatment.outside for item in items)


def _supplier(booking: Booking) -> Iterator[tuple[str, Scalar | None]]:
    supplier = booking.invoice.supplier
    known = booking.settings.supplier_codes
    code = supplier_code(supplier, known, ours=booking.is_mapped)
    identifier = supplier.service_id if supplier else None
    given = booking.says("supplierCode") or booking.says("supplierDocumentID")
    if not (code or identifier or given):
        booking.note("received.no-supplier-code", supplier=shown(supplier), line=setting_line(supplier, "..."))
    # The internal number is sure; a code that was only worked out is not needed beside it.
    yield "supplierCode", None if identifier else code
    yield "supplierDocumentID", identifier


def _needed(booking: Booking, name: str, value: Scalar | None, what: Message) -> Scalar | None:
    """A value that the call needs, from the document or given by its name in the service."""
    if value is None and booking.says(name) is None:
        booking.miss(what)
    return value


def _note_what_stays(booking: Booking) -> None:
    """What the call has no element for, and what is to be looked at."""
    invoice = booking.invoice
    if invoice.rounding and not booking.is_advance:
        booking.note("received.rounding", rounding=invoice.rounding)
    if invoice.kind is Kind.RECEIVED_CREDIT_NOTE:
        amount = _payable(invoice)
        booking.note("received.signs", amount="-" if amount is None else amount)
    stocked = sum(line.stock_item for line in invoice.lines)
    if stocked:
        booking.note("received.stock-not-moved", count=stocked)
    carried = 0 if invoice.kind is Kind.RECEIVED_CREDIT_NOTE else 1
    left = sum(not one.taxed for one in invoice.advances) - carried
    if left > 0:
        booking.note("payload.advances-not-carried", count=left)
    if invoice.attachments:
        booking.note("payload.attachments-not-carried", count=len(invoice.attachments))


def _substance(method: str, name: str, children: Iterable[Element]) -> str:
    """Digest of what stands on the document, whatever the settings book it to."""
    said = tuple(_without(children))
    return wire.digest(wire.encode(Call(method, (Parameter(name, Nested(said)),))))


def _without(children: Iterable[Element]) -> Iterator[Element]:
    for child in children:
        if child.name not in OF_THE_BOOKS:
            yield msgspec.structs.replace(child, children=tuple(_without(child.children)))
