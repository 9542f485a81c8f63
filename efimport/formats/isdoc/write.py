"""Writes an invoice as ISDOC 6.0.2, for documents whose own format the service does not take.

Source: ISDOC 6.0.2 specification and isdoc-invoice-6.0.2.xsd: order of elements, a twin in the foreign currency after
(in the totals: behind) each amount in the local one, every leaf of an address present even where it is empty.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
from lxml import etree

from efimport.documents import Advance, BankAccount, Invoice, Kind, Line, Party, VatSummary
from efimport.formats.isdoc.leaves import NAMESPACE, add, add_account, add_party, boolean, money
from efimport.formats.isdoc.worked_out import (
    ZERO,
    Twin,
    has_amounts,
    is_negative,
    line_amounts,
    lines_of_summary,
    per_unit,
    quantity_of,
    summary_of_lines,
    total_of,
    turned,
    with_claims,
)
from efimport.rounding import half_up

VERSION = "6.0.2"
ISSUING_SYSTEM = "efimport"
NOTHING_MORE = uuid.UUID("8a5c1a52-8d4f-4d2c-9a53-2f3c7a3b6e10")
"""Name space of the identifiers that are made for documents that have none."""

DOCUMENT_TYPES = {
    Kind.RECEIVED_INVOICE: 1,
    Kind.ISSUED_INVOICE: 1,
    Kind.RECEIVED_CREDIT_NOTE: 2,
    Kind.ISSUED_CREDIT_NOTE: 2,
    Kind.RECEIVED_DEBIT_NOTE: 3,
    Kind.ISSUED_DEBIT_NOTE: 3,
    Kind.RECEIVED_ADVANCE_INVOICE: 4,
    Kind.ISSUED_ADVANCE_INVOICE: 4,
    Kind.TAX_DOCUMENT_ON_PAYMENT: 5,
}
"""DocumentType by kind (ISDOC 6.0.2 specification, code list DocumentType)."""

CREDIT_NOTE = 2
"""Type whose amounts are positive: the type alone says that the debt goes down."""

TRANSFER = 42
PAYMENT_CODES = {
    "cash": 10,
    "cheque": 20,
    "draft": 42,
    "transfer": 42,
    "creditcard": 48,
    "card": 48,
    "encashment": 49,
    "direct-debit": 49,
    "delivery": 50,
    "cash-on-delivery": 50,
    "compensation": 97,
    "set-off": 97,
}
"""PaymentMeansCode by payment method as the readers name it; anything else counts as a transfer."""


def write_isdoc(invoice: Invoice, home_currency: str = "CZK") -> bytes:
    """The document as ISDOC 6.0.2, in UTF-8.

    Args:
        invoice: a document of a kind that ISDOC knows, with a number and a date.
        home_currency: ISO 4217 code of the supplier's books, where the document does not say it.

    Raises:
        ValueError: ISDOC has no type for the kind, or number or date are missing.
    """
    if invoice.kind not in DOCUMENT_TYPES or not invoice.number or invoice.date is None:
        raise ValueError(invoice.kind)
    if DOCUMENT_TYPES[invoice.kind] == CREDIT_NOTE and is_negative(invoice):
        invoice = turned(invoice)
    return _Writer(with_claims(invoice), home_currency).document()


class _Writer:
    """One document being written; holds the rate between its two currencies."""

    def __init__(self, invoice: Invoice, home_currency: str) -> None:
        self.invoice = invoice
        currency = invoice.currency or home_currency
        home = invoice.home_currency or home_currency
        self.foreign = currency if currency != home and invoice.exchange_rate else None
        self.local = home if self.foreign else currency
        self.rate = invoice.exchange_rate if self.foreign and invoice.exchange_rate else Decimal(1)
        self.rate_amount = invoice.exchange_amount if self.foreign else Decimal(1)
        default: Any = {None: NAMESPACE}
        self.root = etree.Element(f"{{{NAMESPACE}}}Invoice", nsmap=default, version=VERSION)

    def document(self) -> bytes:
        self._header()
        self._parties()
        self._references()
        lines = self.invoice.lines
        if not has_amounts(lines):
            lines = tuple(lines_of_summary(self.invoice))
        around = add(self.root, "InvoiceLines")
        for line in lines:
            self._line(around, line)
        self._deposits()
        summary = self.invoice.vat_summary or tuple(summary_of_lines(lines))
        self._recapitulation(summary)
        self._payment()
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")

    def _header(self) -> None:
        invoice, root = self.invoice, self.root
        add(root, "DocumentType", DOCUMENT_TYPES[invoice.kind])
        add(root, "ID", invoice.number)
        add(root, "UUID", invoice.uuid or _identifier(invoice))
        add(root, "IssuingSystem", ISSUING_SYSTEM)
        add(root, "IssueDate", invoice.date)
        if invoice.taxable_supply_date:
            add(root, "TaxPointDate", invoice.taxable_supply_date)
        add(root, "VATApplicable", boolean(self._vat_applicable))
        add(root, "ElectronicPossibilityAgreementReference")
        if invoice.text:
            add(root, "Note", invoice.text)
        add(root, "LocalCurrencyCode", self.local)
        if self.foreign:
            add(root, "ForeignCurrencyCode", self.foreign)
        add(root, "CurrRate", self.rate)
        add(root, "RefCurrRate", self.rate_amount)

    @property
    def _vat_applicable(self) -> bool:
        return self.invoice.vat_document and self.invoice.kind not in (
            Kind.RECEIVED_ADVANCE_INVOICE,
            Kind.ISSUED_ADVANCE_INVOICE,
        )

    def _parties(self) -> None:
        for name, party in (
            ("AccountingSupplierParty", self.invoice.supplier),
            ("AccountingCustomerParty", self.invoice.customer),
        ):
            add_party(add(self.root, name), party or Party())

    def _references(self) -> None:
        invoice = self.invoice
        if invoice.order_number:
            reference = add(add(self.root, "OrderReferences"), "OrderReference")
            add(reference, "SalesOrderID")
            add(reference, "ExternalOrderID", invoice.order_number)
        corrects = DOCUMENT_TYPES[invoice.kind] in (2, 3)
        if corrects and invoice.original_number:
            reference = add(add(self.root, "OriginalDocumentReferences"), "OriginalDocumentReference")
            add(reference, "ID", invoice.original_number)

    def _line(self, around: etree._Element, line: Line) -> None:
        element = add(around, "InvoiceLine")
        quantity = quantity_of(line)
        base, vat, _ = (self._twin(amount) for amount in line_amounts(line))
        total = base + vat
        add(element, "ID", line.position)
        amount = add(element, "InvoicedQuantity", quantity)
        if line.unit:
            amount.set("unitCode", line.unit)
        self._foreign_first(element, "LineExtensionAmount", base)
        self._foreign_first(element, "LineExtensionAmountTaxInclusive", total)
        add(element, "LineExtensionTaxAmount", money(vat.home))
        add(element, "UnitPrice", per_unit(base.home, quantity))
        add(element, "UnitPriceTaxInclusive", per_unit(total.home, quantity))
        self._category(element, line)
        if line.note:
            add(element, "Note", line.note)
        item = add(element, "Item")
        add(item, "Description", line.description or "")
        if line.ean:
            add(add(item, "CatalogueItemIdentification"), "ID", line.ean)
        if line.product_code:
            add(add(item, "SellersItemIdentification"), "ID", line.product_code)

    def _category(self, element: etree._Element, line: Line) -> None:
        category = add(element, "ClassifiedTaxCategory")
        add(category, "Percent", line.vat_rate or ZERO)
        add(category, "VATCalculationMethod", 1 if line.price_includes_vat else 0)
        add(category, "VATApplicable", boolean(self._vat_applicable))
        if line.reverse_charge:
            add(add(category, "LocalReverseCharge"), "LocalReverseChargeCode", line.reverse_charge_code or "")

    def _deposits(self) -> None:
        untaxed = [one for one in self.invoice.advances if not one.taxed]
        taxed = [one for one in self.invoice.advances if one.taxed]
        if untaxed:
            around = add(self.root, "NonTaxedDeposits")
            for advance in untaxed:
                element = add(around, "NonTaxedDeposit")
                self._deposit_names(element, advance)
                self._foreign_first(element, "DepositAmount", self._twin(advance.amount or ZERO))
        if taxed:
            around = add(self.root, "TaxedDeposits")
            for advance in taxed:
                self._taxed_deposit(add(around, "TaxedDeposit"), advance)

    def _taxed_deposit(self, element: etree._Element, advance: Advance) -> None:
        self._deposit_names(element, advance)
        amount = advance.amount or ZERO
        base = amount if advance.base is None else advance.base
        self._foreign_first(element, "TaxableDepositAmount", self._twin(base))
        self._foreign_first(element, "TaxInclusiveDepositAmount", self._twin(amount))
        category = add(element, "ClassifiedTaxCategory")
        add(category, "Percent", advance.vat_rate or ZERO)
        add(category, "VATCalculationMethod", 1)

    def _deposit_names(self, element: etree._Element, advance: Advance) -> None:
        add(element, "ID", advance.number or "")
        add(element, "VariableSymbol", advance.variable_symbol or "")

    def _recapitulation(self, summary: tuple[VatSummary, ...]) -> None:
        rows = [_Row.of(row, self._twin) for row in summary]
        total = add(self.root, "TaxTotal")
        for stated, row in zip(summary, rows, strict=True):
            self._tax_row(add(total, "TaxSubTotal"), stated, row)
        self._foreign_first(total, "TaxAmount", total_of(row.vat for row in rows))
        self._totals(rows)

    def _tax_row(self, element: etree._Element, stated: VatSummary, row: _Row) -> None:
        for prefix, base, vat in (
            ("", row.base, row.vat),
            ("AlreadyClaimed", row.claimed_base, row.claimed_vat),
            ("Difference", row.base - row.claimed_base, row.vat - row.claimed_vat),
        ):
            self._foreign_first(element, f"{prefix}TaxableAmount", base)
            self._foreign_first(element, f"{prefix}TaxAmount", vat)
            self._foreign_first(element, f"{prefix}TaxInclusiveAmount", base + vat)
        category = add(element, "TaxCategory")
        add(category, "Percent", stated.rate or ZERO)
        add(category, "VATApplicable", boolean(self._vat_applicable))
        if stated.reverse_charge:
            add(category, "LocalReverseChargeFlag", "true")

    def _totals(self, rows: list[_Row]) -> None:
        invoice = self.invoice
        base, claimed = total_of(row.base for row in rows), total_of(row.claimed_base for row in rows)
        total = base + total_of(row.vat for row in rows)
        claimed_total = claimed + total_of(row.claimed_vat for row in rows)
        deposits = total_of(self._twin(one.amount or ZERO) for one in invoice.advances if not one.taxed)
        due = total - claimed_total
        # What is to be paid is what the document says; what its parts do not explain of that is rounding.
        unexplained = None if invoice.payable is None else invoice.payable - due.own + deposits.own
        rounding = self._twin((invoice.rounding or ZERO) if unexplained is None else unexplained)
        element = add(self.root, "LegalMonetaryTotal")
        for name, amount in (
            ("TaxExclusiveAmount", base),
            ("TaxInclusiveAmount", total),
            ("AlreadyClaimedTaxExclusiveAmount", claimed),
            ("AlreadyClaimedTaxInclusiveAmount", claimed_total),
            ("DifferenceTaxExclusiveAmount", base - claimed),
            ("DifferenceTaxInclusiveAmount", due),
            ("PayableRoundingAmount", rounding),
            ("PaidDepositsAmount", deposits),
            ("PayableAmount", due + rounding - deposits),
        ):
            self._foreign_behind(element, name, amount)

    def _payment(self) -> None:
        invoice = self.invoice
        if invoice.due_date is None and invoice.payment_account is None and not invoice.variable_symbol:
            return
        payment = add(add(self.root, "PaymentMeans"), "Payment")
        add(payment, "PaidAmount", money(invoice.payable or ZERO))
        add(payment, "PaymentMeansCode", PAYMENT_CODES.get(invoice.payment_method or "", TRANSFER))
        details = add(payment, "Details")
        add(details, "PaymentDueDate", invoice.due_date or invoice.date)
        add_account(details, invoice.payment_account or BankAccount())
        for name, symbol in (
            ("VariableSymbol", invoice.variable_symbol),
            ("ConstantSymbol", invoice.constant_symbol),
            ("SpecificSymbol", invoice.specific_symbol),
        ):
            if symbol:
                add(details, name, symbol)

    def _twin(self, amount: Decimal) -> Twin:
        """The amount in both currencies."""
        if not self.foreign:
            return Twin(amount, amount)
        return Twin(amount, half_up(amount * self.rate / self.rate_amount))

    def _foreign_first(self, parent: etree._Element, name: str, amount: Twin) -> None:
        if self.foreign:
            add(parent, f"{name}Curr", money(amount.own))
        add(parent, name, money(amount.home))

    def _foreign_behind(self, parent: etree._Element, name: str, amount: Twin) -> None:
        add(parent, name, money(amount.home))
        if self.foreign:
            add(parent, f"{name}Curr", money(amount.own))


class _Row(msgspec.Struct, frozen=True):
    """One rate of the recapitulation in both currencies."""

    base: Twin
    vat: Twin
    claimed_base: Twin
    claimed_vat: Twin

    @classmethod
    def of(cls, row: VatSummary, twin: Callable[[Decimal], Twin]) -> _Row:
        amounts = (row.base, row.vat, row.already_claimed_base, row.already_claimed_vat)
        return cls(*(twin(amount or ZERO) for amount in amounts))


def _identifier(invoice: Invoice) -> str:
    """The same document gets the same identifier each time: importers take equal ones for the same document."""
    supplier = invoice.supplier or Party()
    name = "|".join([supplier.registration_number or supplier.name or "", invoice.kind, invoice.number or ""])
    return str(uuid.uuid5(NOTHING_MORE, f"{name}|{invoice.date}")).upper()
