"""Issued documents in the internal format: SalesInvoice, CreditNote, AdvanceInvoice, DebitNote.

Source: web service reference, chapters Sales Invoice, Credit Note, Advance Invoice (CZ), Sales Invoice (SI) and
Debit Note (HR): the elements of the Create call, ``number`` always present, type and status explicit. Amounts keep the
signs that the document has; the reference does not say which a credit note wants.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from efimport.api.call import Scalar
from efimport.documents import Invoice, Kind
from efimport.messages import Message, message
from efimport.payloads.effects import effects_of
from efimport.payloads.heads import buyer, contact_person, language, method_of_payment
from efimport.payloads.left_behind import lacks, note_left_behind
from efimport.payloads.rates import note_unusual_rates
from efimport.payloads.sold import Sold, not_to_be_sent
from efimport.payloads.target import Routed, Target
from efimport.payloads.treatments import Treated, of_document, vat_country

ZERO = Decimal(0)


def internal(invoice: Invoice, method: str, target: Target) -> Routed:
    """An issued document as elements of the internal format.

    Raises:
        CallError: the call does not fit the reference.
    """
    against = not_to_be_sent(invoice)
    if against is not None:
        return against
    writing = _Writing(invoice, method.removesuffix("Import"), target)
    return writing.routed(method, effects_of(names_products=writing.names_products))


class _Writing(Sold):
    """An issued document on its way."""

    def __init__(self, invoice: Invoice, name: str, target: Target) -> None:
        super().__init__(invoice, name, target, _stated_totals(invoice))
        self.invoice = invoice

    def note_the_rest(self) -> None:
        """What the call has no element for."""
        note_unusual_rates(self, self.lines)
        if self.name == "CreditNote":
            self.note("payload.credit-note-signs", total=self.total)
        self._note_amounts()
        note_left_behind(self, self._left_behind())

    def head_values(self) -> Iterator[tuple[str, Scalar | None]]:
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
        yield "vatOutgoingDocumentVatClause", self._vat_clause()
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

    def _vat_clause(self) -> str | None:
        """Whether the issuer is registered for VAT, where the document shows it.

        VAT that is charged, a reason why none is, or a VAT number show it; a rate of zero alone does not. An advance
        invoice without VAT shows nothing.
        """
        invoice, own = self.invoice, self.target.own
        if not invoice.vat_document:
            return None if invoice.kind is Kind.ISSUED_ADVANCE_INVOICE else "NotRegistered"
        numbered = own.vat_id or (invoice.supplier is not None and invoice.supplier.vat_id)
        shown = numbered or invoice.vat_classification or any(_shows_vat(one) for one in self.lines)
        return "Registered" if shown else None

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
        self.note_rate_and_files()
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


def _shows_vat(one: Treated) -> bool:
    return bool(one.rate or one.line.reverse_charge or one.line.vat_classification)


def _advance_number(invoice: Invoice) -> str | None:
    return next((one.number for one in invoice.advances if one.number), None)


def _stated_totals(invoice: Invoice) -> list[Decimal]:
    """The totals with VAT that the document may mean: programs state them with or without what an advance was taxed."""
    stated = invoice.total_with_vat
    if stated is None:
        return []
    taxed = sum((one.amount or ZERO for one in invoice.advances if one.taxed), ZERO)
    return [stated, stated + taxed] if taxed else [stated]
