"""Issued documents in the internal format: SalesInvoice, CreditNote, AdvanceInvoice, DebitNote.

Source: web service reference, chapters Sales Invoice, Credit Note, Advance Invoice (CZ), Sales Invoice (SI) and
Debit Note (HR): the elements of the Create call, ``number`` always present, type and status explicit. Amounts keep the
signs that the document has; the reference does not say which a credit note wants.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from efimport.api.call import Element, Scalar
from efimport.api.catalogue import Argument
from efimport.documents import Invoice, Kind
from efimport.messages import Message, message
from efimport.payloads.effects import effects_of
from efimport.payloads.elements import completed, group, inside
from efimport.payloads.heads import buyer, contact_person, delivery, language, method_of_payment
from efimport.payloads.items import items, product_of
from efimport.payloads.left_behind import lacks, note_left_behind
from efimport.payloads.outgoing import Outgoing
from efimport.payloads.prices import Form, form_of, given_form, priced, totals
from efimport.payloads.rates import note_unusual_rates
from efimport.payloads.target import Routed, Target, make, refused
from efimport.payloads.treatments import of_document, treated, vat_country

HEADS = {
    "SalesInvoiceImport": "SalesInvoice",
    "CreditNoteImport": "CreditNote",
    "AdvanceInvoiceImport": "AdvanceInvoice",
    "DebitNoteImport": "DebitNote",
}
ZERO = Decimal(0)


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
    writing = _Writing(invoice, HEADS[method], target)
    children = () if writing.has_error else tuple(writing.children())
    if writing.has_error:
        return Routed(findings=tuple(writing.found))
    writing.note_the_rest()
    arguments: list[tuple[str, Argument]] = [("importType", target.import_type), (writing.name, children)]
    return Routed(
        call=make(method, arguments, target.site),
        identity=next(str(child.value) for child in children if child.name == "number"),
        findings=tuple(writing.found),
        effects=effects_of(names_products=any(product_of(writing, line) for line in invoice.lines)),
    )


class _Writing(Outgoing):
    """An issued document on its way."""

    def __init__(self, invoice: Invoice, name: str, target: Target) -> None:
        super().__init__(invoice, name, target)
        self.invoice = invoice
        self.lines = treated(self)
        self.form: Form = given_form(invoice.service_elements, invoice.lines) or form_of(
            [(one.line, one.rate) for one in self.lines], _stated_totals(invoice), invoice.discount_percent
        )

    def children(self) -> Iterator[Element]:
        """The elements of the document."""
        given = self.given()
        yield from completed(self.head, self._head(), given)
        address = completed(self.address, delivery(self), inside(given, "Address"))
        yield from group("Address", address)
        yield from group("Items", items(self, self.lines, self.form))

    def note_the_rest(self) -> None:
        """What the call has no element for, and a total that does not come out."""
        invoice = self.invoice
        made = totals([priced(one.line, one.rate, self.form) for one in self.lines], invoice.discount_percent)
        stated = _stated_totals(invoice)
        if stated and not set(made) & set(stated):
            self.note("payload.total-differs", computed=made[0], stated=stated[0])
        note_unusual_rates(self, self.lines)
        self._note_amounts()
        note_left_behind(self, self._left_behind())

    def _head(self) -> Iterator[tuple[str, Scalar | None]]:
        """The elements before address and items; those that the document does not have are left out."""
        invoice = self.invoice
        yield "number", invoice.number
        yield "date", invoice.date
        yield "dateOfSupplyFrom", invoice.taxable_supply_date
        yield "paymentDueDate", invoice.due_date
        yield "prepaymentDate", invoice.taxable_supply_date
        yield "city", invoice.place_of_issue
        yield "customerContactPerson", contact_person(invoice.customer)
        yield "type", self.form
        # The Croatian page shows no status; a number issues the document in any case.
        yield "status", None if self.name == "DebitNote" else "issuedInvoice"
        yield "vatTransactionType", of_document(self, self.lines)
        yield "vatOutgoingDocumentVatClause", _vat_clause(invoice)
        yield "costPosition", invoice.cost_centre
        yield "deliveryMethod", invoice.delivery_method
        yield "superDiscountPercentage", invoice.discount_percent or None
        yield "remarks", invoice.text
        yield "introductionText", invoice.introduction
        yield from buyer(self)
        yield "methodOfPayment", method_of_payment(self)
        yield "documentLanguage", language(self)
        yield "advanceInvoiceRef", _advance_number(invoice)
        yield "salesInvoiceRef", invoice.original_number if self._refers_to_original() else None
        yield "salesQuoteRef", invoice.quote_number
        yield "salesOrderRef", invoice.sales_order_number
        yield "vatCountryIsoCode", vat_country(self, self.lines)
        yield "warehouseCode", invoice.warehouse

    def _refers_to_original(self) -> bool:
        """Whether the call names the document that is corrected; an advance invoice names the one that settles it."""
        return self.name in ("CreditNote", "DebitNote")

    def _note_amounts(self) -> None:
        invoice = self.invoice
        if invoice.rounding:
            self.note("payload.rounding-not-carried", rounding=invoice.rounding)
        carried = 1 if self.head.rule("advanceInvoiceRef") is not None and _advance_number(invoice) else 0
        if len(invoice.advances) > carried:
            self.note("payload.advances-not-carried", count=len(invoice.advances) - carried)
        if invoice.exchange_rate is not None:
            rate = f"{invoice.exchange_amount} {invoice.currency or '-'} = {invoice.exchange_rate}"
            self.note("payload.exchange-rate-not-carried", rate=rate)
        if invoice.attachments:
            self.note("payload.attachments-not-carried", count=len(invoice.attachments))
        if invoice.variable_symbol and invoice.variable_symbol != invoice.number:
            self.note("payload.variable-symbol-not-carried", symbol=invoice.variable_symbol)

    def _left_behind(self) -> Iterator[tuple[Message, bool]]:
        """Values without an element in this call, by the names that people use."""
        invoice = self.invoice
        yield message("number of the customer's order"), bool(invoice.order_number)
        yield message("number of the order"), lacks(self, "salesOrderRef", invoice.sales_order_number)
        yield message("number of the quote"), lacks(self, "salesQuoteRef", invoice.quote_number)
        original = invoice.original_number
        yield message("number of the original document"), bool(original) and not self._refers_to_original()
        yield message("last day of the supply"), invoice.supply_end_date not in (None, invoice.taxable_supply_date)
        yield message("constant symbol"), bool(invoice.constant_symbol)
        yield message("specific symbol"), bool(invoice.specific_symbol)
        yield message("way of payment"), lacks(self, "methodOfPayment", invoice.payment_method)
        yield message("warehouse"), lacks(self, "warehouseCode", invoice.warehouse)
        yield message("country of VAT"), lacks(self, "vatCountryIsoCode", invoice.vat_country)


def _vat_clause(invoice: Invoice) -> str | None:
    """Whether the issuer is registered for VAT, where the document tells: an advance invoice without VAT does not."""
    if invoice.vat_document:
        return "Registered"
    return None if invoice.kind is Kind.ISSUED_ADVANCE_INVOICE else "NotRegistered"


def _advance_number(invoice: Invoice) -> str | None:
    return next((one.number for one in invoice.advances if one.number), None)


def _stated_totals(invoice: Invoice) -> list[Decimal]:
    """The totals with VAT that the document may mean: programs state them with or without what an advance was taxed."""
    stated = invoice.total_with_vat
    if stated is None:
        return []
    taxed = sum((one.amount or ZERO for one in invoice.advances if one.taxed), ZERO)
    return [stated, stated + taxed] if taxed else [stated]
