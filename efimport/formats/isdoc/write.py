"""Writes an invoice as ISDOC 6.0.2, for documents whose own format the service does not take.

Source: ISDOC 6.0.2 specification and isdoc-invoice-6.0.2.xsd: order of elements, a twin in the foreign currency in
front of (in the totals: behind) each amount in the local one, every leaf of an address present even where it is empty.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
from lxml import etree

from efimport.documents import Advance, BankAccount, Invoice, Kind, Party, VatSummary
from efimport.formats.isdoc.arithmetic import ROUNDING_LIMIT
from efimport.formats.isdoc.leaves import NAMESPACE, add, add_account, add_party, boolean, money, printable
from efimport.formats.isdoc.left_out import LANGUAGE, losses_of
from efimport.formats.isdoc.vocabulary import NO_UUID
from efimport.formats.isdoc.write_amounts import Currencies, add_line
from efimport.formats.worked_out import (
    HUNDRED,
    ZERO,
    Twin,
    discounted,
    has_amounts,
    is_negative,
    lines_of_summary,
    percent_of,
    summary_of_lines,
    total_of,
    turned,
    with_claims,
    with_reverse_charge,
)
from efimport.formats.writing import CannotWriteError, Losses, Lost
from efimport.messages import message
from efimport.rounding import half_up

VERSION = "6.0.2"
ISSUING_SYSTEM = "efimport"
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)
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

CORRECTIONS = (2, 3)
"""Types that name the document that they correct."""

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

    What the format has no room for is left out; :func:`lost` tells it.

    Args:
        invoice: a document of a kind that ISDOC knows, with a number and a date.
        home_currency: ISO 4217 code of the supplier's books, where the document does not say it.

    Raises:
        CannotWriteError: ISDOC has no type for the kind; number, date, a code of the currency or a rate of VAT in
            percent are missing.
    """
    return _writer(invoice, home_currency).document()


def lost(invoice: Invoice, home_currency: str = "CZK") -> tuple[Lost, ...]:
    """What of a document :func:`write_isdoc` cannot write, or writes otherwise.

    Raises:
        CannotWriteError: as for writing.
    """
    writer = _writer(invoice, home_currency)
    writer.document()
    losses = Losses()
    losses_of(invoice, writer.invoice, losses, corrects=writer.corrects, foreign=writer.currencies.foreign is not None)
    if invoice.payment_method and invoice.payment_method not in PAYMENT_CODES:
        losses.add("payment_method", invoice.payment_method)
    if invoice.uuid and not _is_identifier(invoice.uuid):
        losses.add("uuid", invoice.uuid)
    difference = writer.totals["rounding"] - (writer.invoice.rounding or ZERO)
    if abs(difference) > ROUNDING_LIMIT:
        # The parts do not make what is to be paid; the difference had to be written as rounding, which it is not.
        losses.add("payable", invoice.payable)
    for field, written in writer.totals.items():
        stated = getattr(writer.invoice, field)
        if stated is not None and stated != written:
            losses.add(field, stated)
    return losses.all()


def _writer(invoice: Invoice, home_currency: str) -> _Writer:
    if invoice.kind not in DOCUMENT_TYPES:
        raise CannotWriteError(message("ISDOC has no type for it ({kind}).", kind=invoice.kind.value))
    if not printable(invoice.number or "").strip() or invoice.date is None:
        raise CannotWriteError(message("ISDOC takes invoices with a number and a date only."))
    if DOCUMENT_TYPES[invoice.kind] == CREDIT_NOTE and is_negative(invoice):
        invoice = turned(invoice)
    return _Writer(with_claims(discounted(invoice)), home_currency)


class _Writer:
    """One document being written.

    Args:
        invoice: the document, its amounts as they are written.
        home_currency: ISO 4217 code of the supplier's books, where the document does not say it.
    """

    def __init__(self, invoice: Invoice, home_currency: str) -> None:
        self.invoice = invoice
        self.currencies = Currencies(invoice, home_currency)
        self.corrects = DOCUMENT_TYPES[invoice.kind] in CORRECTIONS
        self.totals: dict[str, Decimal] = {}
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
        positions = [line.position for line in lines]
        if len(set(positions)) < len(positions):
            positions = list(range(1, len(lines) + 1))
        for position, line in zip(positions, lines, strict=True):
            add_line(around, position, line, self.currencies, taxed=self._vat_applicable)
        self._deposits()
        summary = with_reverse_charge(self.invoice.vat_summary or tuple(summary_of_lines(lines)), lines)
        self._recapitulation(summary)
        self._payment()
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")

    def _header(self) -> None:
        invoice, root = self.invoice, self.root
        add(root, "DocumentType", DOCUMENT_TYPES[invoice.kind])
        add(root, "ID", invoice.number)
        add(root, "UUID", invoice.uuid if invoice.uuid and _is_identifier(invoice.uuid) else _identifier(invoice))
        add(root, "IssuingSystem", ISSUING_SYSTEM)
        add(root, "IssueDate", invoice.date)
        if invoice.taxable_supply_date:
            add(root, "TaxPointDate", invoice.taxable_supply_date)
        add(root, "VATApplicable", boolean(self._vat_applicable))
        add(root, "ElectronicPossibilityAgreementReference")
        self._note()
        add(root, "LocalCurrencyCode", self.currencies.local)
        if self.currencies.foreign:
            add(root, "ForeignCurrencyCode", self.currencies.foreign)
        add(root, "CurrRate", self.currencies.rate)
        add(root, "RefCurrRate", self.currencies.rate_amount)

    def _note(self) -> None:
        """The texts for people; the format has one place for what stands above the lines and for the rest."""
        texts = [text for text in (self.invoice.introduction, self.invoice.text) if text]
        if texts:
            note = add(self.root, "Note", "\n".join(texts))
            if self.invoice.language and LANGUAGE.fullmatch(self.invoice.language):
                note.set("languageID", self.invoice.language)

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
        if invoice.order_number or invoice.sales_order_number:
            reference = add(add(self.root, "OrderReferences"), "OrderReference")
            add(reference, "SalesOrderID", invoice.sales_order_number or "")
            if invoice.order_number:
                add(reference, "ExternalOrderID", invoice.order_number)
        if self.corrects and invoice.original_number:
            reference = add(add(self.root, "OriginalDocumentReferences"), "OriginalDocumentReference")
            add(reference, "ID", invoice.original_number)
        if invoice.delivery:
            add_party(add(self.root, "Delivery"), invoice.delivery)

    def _deposits(self) -> None:
        untaxed = [one for one in self.invoice.advances if not one.taxed]
        taxed = [one for one in self.invoice.advances if one.taxed]
        if untaxed:
            around = add(self.root, "NonTaxedDeposits")
            for advance in untaxed:
                element = add(around, "NonTaxedDeposit")
                self._deposit_names(element, advance)
                self.currencies.add_before(element, "DepositAmount", self.currencies.twin(advance.amount or ZERO))
        if taxed:
            around = add(self.root, "TaxedDeposits")
            for advance in taxed:
                self._taxed_deposit(add(around, "TaxedDeposit"), advance)

    def _taxed_deposit(self, element: etree._Element, advance: Advance) -> None:
        self._deposit_names(element, advance)
        amount = advance.amount or ZERO
        factor = 1 + (advance.vat_rate or ZERO) / HUNDRED
        base = half_up(amount / factor) if advance.base is None and factor else advance.base or ZERO
        self.currencies.add_before(element, "TaxableDepositAmount", self.currencies.twin(base))
        self.currencies.add_before(element, "TaxInclusiveDepositAmount", self.currencies.twin(amount))
        category = add(element, "ClassifiedTaxCategory")
        add(category, "Percent", advance.vat_rate or ZERO)
        add(category, "VATCalculationMethod", 1)

    def _deposit_names(self, element: etree._Element, advance: Advance) -> None:
        add(element, "ID", advance.number or "")
        add(element, "VariableSymbol", advance.variable_symbol or "")

    def _recapitulation(self, summary: tuple[VatSummary, ...]) -> None:
        rows = [_Row.of(row, self.currencies.twin) for row in summary]
        total = add(self.root, "TaxTotal")
        for stated, row in zip(summary, rows, strict=True):
            self._tax_row(add(total, "TaxSubTotal"), stated, row)
        self.currencies.add_before(total, "TaxAmount", total_of(row.vat for row in rows))
        self._totals(rows)

    def _tax_row(self, element: etree._Element, stated: VatSummary, row: _Row) -> None:
        for prefix, base, vat in (
            ("", row.base, row.vat),
            ("AlreadyClaimed", row.claimed_base, row.claimed_vat),
            ("Difference", row.base - row.claimed_base, row.vat - row.claimed_vat),
        ):
            self.currencies.add_before(element, f"{prefix}TaxableAmount", base)
            self.currencies.add_before(element, f"{prefix}TaxAmount", vat)
            self.currencies.add_before(element, f"{prefix}TaxInclusiveAmount", base + vat)
        category = add(element, "TaxCategory")
        add(category, "Percent", percent_of(stated.rate, stated.level, row.vat.own))
        add(category, "VATApplicable", boolean(self._vat_applicable))
        if stated.reverse_charge:
            add(category, "LocalReverseChargeFlag", "true")

    def _totals(self, rows: list[_Row]) -> None:
        invoice = self.invoice
        base, claimed = total_of(row.base for row in rows), total_of(row.claimed_base for row in rows)
        total = base + total_of(row.vat for row in rows)
        claimed_total = claimed + total_of(row.claimed_vat for row in rows)
        deposits = total_of(self.currencies.twin(one.amount or ZERO) for one in invoice.advances if not one.taxed)
        due = total - claimed_total
        # What is to be paid is what the document says; what its parts do not explain of that is rounding.
        unexplained = None if invoice.payable is None else invoice.payable - due.own + deposits.own
        rounding = self.currencies.twin((invoice.rounding or ZERO) if unexplained is None else unexplained)
        self.totals = {
            "total_without_vat": base.own,
            "total_vat": total.own - base.own,
            "total_with_vat": total.own,
            "rounding": rounding.own,
        }
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
            self.currencies.add_behind(element, name, amount)

    def _payment(self) -> None:
        invoice = self.invoice
        account = invoice.payment_account
        symbols = (invoice.variable_symbol, invoice.constant_symbol, invoice.specific_symbol)
        is_transfer = invoice.due_date is not None or account is not None or any(symbols)
        if not is_transfer and not invoice.payment_method:
            return
        payment = add(add(self.root, "PaymentMeans"), "Payment")
        add(payment, "PaidAmount", money(invoice.payable or ZERO))
        add(payment, "PaymentMeansCode", PAYMENT_CODES.get(invoice.payment_method or "", TRANSFER))
        if not is_transfer:
            return
        details = add(payment, "Details")
        # The format has no account and no symbol without a day on which the document is due.
        add(details, "PaymentDueDate", invoice.due_date or invoice.date)
        add_account(details, account or BankAccount())
        for name, symbol in (
            ("VariableSymbol", invoice.variable_symbol),
            ("ConstantSymbol", invoice.constant_symbol),
            ("SpecificSymbol", invoice.specific_symbol),
        ):
            if symbol:
                add(details, name, symbol)


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


def _is_identifier(text: str) -> bool:
    """Whether it has the form of a UUID and is not the one of zeros."""
    return _UUID.fullmatch(text) is not None and text != NO_UUID
