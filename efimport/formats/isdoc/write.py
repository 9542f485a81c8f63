"""Writes an invoice as ISDOC 6.0.2, for documents whose own format the service does not take.

Source: ISDOC 6.0.2 specification and isdoc-invoice-6.0.2.xsd: order of elements, a twin in the foreign currency after
(in the totals: behind) each amount in the local one, every leaf of an address present even where it is empty.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lxml import etree

from efimport.documents import Address, Advance, BankAccount, Invoice, Kind, Line, Party, VatSummary

NAMESPACE = "http://isdoc.cz/namespace/2013"
VERSION = "6.0.2"
ISSUING_SYSTEM = "efimport"
CENT = Decimal("0.01")
PRICE = Decimal("0.000001")
ZERO = Decimal(0)
HUNDRED = Decimal(100)
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
    return _Writer(invoice, home_currency).document()


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
        lines = self.invoice.lines or tuple(_lines_of_summary(self.invoice))
        around = _add(self.root, "InvoiceLines")
        for line in lines:
            self._line(around, line)
        self._deposits()
        summary = self.invoice.vat_summary or tuple(_summary_of_lines(lines))
        self._tax_total(summary)
        self._totals(summary)
        self._payment()
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")

    def _header(self) -> None:
        invoice, root = self.invoice, self.root
        _add(root, "DocumentType", DOCUMENT_TYPES[invoice.kind])
        _add(root, "ID", invoice.number)
        _add(root, "UUID", invoice.uuid or _identifier(invoice))
        _add(root, "IssuingSystem", ISSUING_SYSTEM)
        _add(root, "IssueDate", invoice.date)
        if invoice.taxable_supply_date:
            _add(root, "TaxPointDate", invoice.taxable_supply_date)
        _add(root, "VATApplicable", _boolean(self._vat_applicable))
        _add(root, "ElectronicPossibilityAgreementReference")
        if invoice.text:
            _add(root, "Note", invoice.text)
        _add(root, "LocalCurrencyCode", self.local)
        if self.foreign:
            _add(root, "ForeignCurrencyCode", self.foreign)
        _add(root, "CurrRate", self.rate)
        _add(root, "RefCurrRate", self.rate_amount)

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
            _party(_add(self.root, name), party or Party())

    def _references(self) -> None:
        invoice = self.invoice
        if invoice.order_number:
            reference = _add(_add(self.root, "OrderReferences"), "OrderReference")
            _add(reference, "SalesOrderID")
            _add(reference, "ExternalOrderID", invoice.order_number)
        corrects = DOCUMENT_TYPES[invoice.kind] in (2, 3)
        if corrects and invoice.original_number:
            reference = _add(_add(self.root, "OriginalDocumentReferences"), "OriginalDocumentReference")
            _add(reference, "ID", invoice.original_number)

    def _line(self, around: etree._Element, line: Line) -> None:
        element = _add(around, "InvoiceLine")
        quantity = Decimal(1) if line.quantity is None else line.quantity
        base, vat, total = _line_amounts(line, quantity)
        _add(element, "ID", line.position)
        amount = _add(element, "InvoicedQuantity", quantity)
        if line.unit:
            amount.set("unitCode", line.unit)
        self._twin_first(element, "LineExtensionAmount", base)
        self._twin_first(element, "LineExtensionAmountTaxInclusive", total)
        _add(element, "LineExtensionTaxAmount", self._home(vat))
        _add(element, "UnitPrice", _per_unit(self._home(base), quantity))
        _add(element, "UnitPriceTaxInclusive", _per_unit(self._home(total), quantity))
        self._category(element, line)
        if line.note:
            _add(element, "Note", line.note)
        item = _add(element, "Item")
        _add(item, "Description", line.description or "")
        if line.ean:
            _add(_add(item, "CatalogueItemIdentification"), "ID", line.ean)
        if line.product_code:
            _add(_add(item, "SellersItemIdentification"), "ID", line.product_code)

    def _category(self, element: etree._Element, line: Line) -> None:
        category = _add(element, "ClassifiedTaxCategory")
        _add(category, "Percent", line.vat_rate or ZERO)
        _add(category, "VATCalculationMethod", 1 if line.price_includes_vat else 0)
        _add(category, "VATApplicable", _boolean(self._vat_applicable))
        if line.reverse_charge:
            _add(_add(category, "LocalReverseCharge"), "LocalReverseChargeCode", line.reverse_charge_code or "")

    def _deposits(self) -> None:
        untaxed = [one for one in self.invoice.advances if not one.taxed]
        taxed = [one for one in self.invoice.advances if one.taxed]
        if untaxed:
            around = _add(self.root, "NonTaxedDeposits")
            for advance in untaxed:
                element = _add(around, "NonTaxedDeposit")
                self._deposit_names(element, advance)
                self._twin_first(element, "DepositAmount", advance.amount or ZERO)
        if taxed:
            around = _add(self.root, "TaxedDeposits")
            for advance in taxed:
                self._taxed_deposit(_add(around, "TaxedDeposit"), advance)

    def _taxed_deposit(self, element: etree._Element, advance: Advance) -> None:
        self._deposit_names(element, advance)
        amount = advance.amount or ZERO
        self._twin_first(element, "TaxableDepositAmount", amount if advance.base is None else advance.base)
        self._twin_first(element, "TaxInclusiveDepositAmount", amount)
        category = _add(element, "ClassifiedTaxCategory")
        _add(category, "Percent", advance.vat_rate or ZERO)
        _add(category, "VATCalculationMethod", 1)

    def _deposit_names(self, element: etree._Element, advance: Advance) -> None:
        _add(element, "ID", advance.number or "")
        _add(element, "VariableSymbol", advance.variable_symbol or "")

    def _tax_total(self, summary: tuple[VatSummary, ...]) -> None:
        total = _add(self.root, "TaxTotal")
        for row in summary:
            self._tax_row(_add(total, "TaxSubTotal"), row)
        self._twin_first(total, "TaxAmount", sum((row.vat or ZERO for row in summary), ZERO))

    def _tax_row(self, element: etree._Element, row: VatSummary) -> None:
        base, vat = row.base or ZERO, row.vat or ZERO
        claimed_base, claimed_vat = row.already_claimed_base or ZERO, row.already_claimed_vat or ZERO
        groups = (
            ("", base, vat),
            ("AlreadyClaimed", claimed_base, claimed_vat),
            ("Difference", base - claimed_base, vat - claimed_vat),
        )
        for prefix, net, tax in groups:
            self._twin_first(element, f"{prefix}TaxableAmount", net)
            self._twin_first(element, f"{prefix}TaxAmount", tax)
            self._twin_first(element, f"{prefix}TaxInclusiveAmount", net + tax)
        category = _add(element, "TaxCategory")
        _add(category, "Percent", row.rate or ZERO)
        _add(category, "VATApplicable", _boolean(self._vat_applicable))
        if row.reverse_charge:
            _add(category, "LocalReverseChargeFlag", "true")

    def _totals(self, summary: tuple[VatSummary, ...]) -> None:
        invoice = self.invoice
        base = sum((row.base or ZERO for row in summary), ZERO)
        total = base + sum((row.vat or ZERO for row in summary), ZERO)
        claimed = sum((row.already_claimed_base or ZERO for row in summary), ZERO)
        claimed_total = claimed + sum((row.already_claimed_vat or ZERO for row in summary), ZERO)
        deposits = sum((one.amount or ZERO for one in invoice.advances if not one.taxed), ZERO)
        due = total - claimed_total
        payable = due + (invoice.rounding or ZERO) - deposits if invoice.payable is None else invoice.payable
        rounding = payable - due + deposits
        element = _add(self.root, "LegalMonetaryTotal")
        for name, amount in (
            ("TaxExclusiveAmount", base),
            ("TaxInclusiveAmount", total),
            ("AlreadyClaimedTaxExclusiveAmount", claimed),
            ("AlreadyClaimedTaxInclusiveAmount", claimed_total),
            ("DifferenceTaxExclusiveAmount", base - claimed),
            ("DifferenceTaxInclusiveAmount", due),
            ("PayableRoundingAmount", rounding),
            ("PaidDepositsAmount", deposits),
            ("PayableAmount", payable),
        ):
            self._twin_behind(element, name, amount)

    def _payment(self) -> None:
        invoice = self.invoice
        if invoice.due_date is None and invoice.payment_account is None and not invoice.variable_symbol:
            return
        payment = _add(_add(self.root, "PaymentMeans"), "Payment")
        _add(payment, "PaidAmount", _amount(invoice.payable or ZERO))
        code = _payment_code(invoice.payment_method)
        _add(payment, "PaymentMeansCode", code)
        details = _add(payment, "Details")
        _add(details, "PaymentDueDate", invoice.due_date or invoice.date)
        _account(details, invoice.payment_account or BankAccount())
        for name, symbol in (
            ("VariableSymbol", invoice.variable_symbol),
            ("ConstantSymbol", invoice.constant_symbol),
            ("SpecificSymbol", invoice.specific_symbol),
        ):
            if symbol:
                _add(details, name, symbol)

    def _home(self, amount: Decimal) -> Decimal:
        """The amount in the local currency."""
        if not self.foreign:
            return amount
        return (amount * self.rate / self.rate_amount).quantize(CENT, ROUND_HALF_UP)

    def _twin_first(self, parent: etree._Element, name: str, amount: Decimal) -> None:
        if self.foreign:
            _add(parent, f"{name}Curr", _amount(amount))
        _add(parent, name, _amount(self._home(amount)))

    def _twin_behind(self, parent: etree._Element, name: str, amount: Decimal) -> None:
        _add(parent, name, _amount(self._home(amount)))
        if self.foreign:
            _add(parent, f"{name}Curr", _amount(amount))


def _party(around: etree._Element, party: Party) -> None:
    element = _add(around, "Party")
    identification = _add(element, "PartyIdentification")
    _add(identification, "ID", party.registration_number or "")
    _add(_add(element, "PartyName"), "Name", party.name or party.contact or "")
    _address(_add(element, "PostalAddress"), party.address)
    for number, scheme in ((party.vat_id, "VAT"), (party.tax_number, "TIN")):
        if number:
            tax = _add(element, "PartyTaxScheme")
            _add(tax, "CompanyID", number)
            _add(tax, "TaxScheme", scheme)
    if party.contact or party.phone or party.email:
        contact = _add(element, "Contact")
        for name, text in (("Name", party.contact), ("Telephone", party.phone), ("ElectronicMail", party.email)):
            if text:
                _add(contact, name, text)


def _address(element: etree._Element, address: Address) -> None:
    _add(element, "StreetName", address.street or "")
    _add(element, "BuildingNumber")
    _add(element, "CityName", address.city or "")
    _add(element, "PostalZone", address.postal_code or "")
    country = _add(element, "Country")
    _add(country, "IdentificationCode", address.country or "")
    _add(country, "Name")


def _account(element: etree._Element, account: BankAccount) -> None:
    _add(element, "ID", account.number or "")
    _add(element, "BankCode", account.bank_code or "")
    _add(element, "Name", account.bank_name or "")
    _add(element, "IBAN", account.iban or "")
    _add(element, "BIC", account.bic or "")


def _payment_code(method: str | None) -> int:
    return PAYMENT_CODES.get(method or "", 42)


def _line_amounts(line: Line, quantity: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Base, VAT and total of a line; what is missing is worked out from the rest."""
    rate = line.vat_rate or ZERO
    base = line.total_without_vat
    if base is None:
        discount = 1 - (line.discount_percent or ZERO) / HUNDRED
        price = quantity * (line.unit_price or ZERO) * discount
        base = price / (1 + rate / HUNDRED) if line.price_includes_vat else price
        base = base.quantize(CENT, ROUND_HALF_UP)
    vat = line.vat
    if vat is None:
        vat = ZERO if line.reverse_charge else (base * rate / HUNDRED).quantize(CENT, ROUND_HALF_UP)
    return base, vat, base + vat


def _lines_of_summary(invoice: Invoice) -> Iterator[Line]:
    """A line for each rate, for documents that have no lines."""
    for position, row in enumerate(invoice.vat_summary, start=1):
        yield Line(
            position=position,
            description=invoice.text or invoice.number,
            quantity=Decimal(1),
            vat_rate=row.rate,
            total_without_vat=row.base,
            vat=row.vat,
            reverse_charge=row.reverse_charge,
        )
    if not invoice.vat_summary:
        total = invoice.payable or ZERO
        yield Line(position=1, description=invoice.text or invoice.number, total_without_vat=total, vat=ZERO)


def _summary_of_lines(lines: tuple[Line, ...]) -> Iterator[VatSummary]:
    rates: dict[Decimal, list[Line]] = {}
    for line in lines:
        rates.setdefault(line.vat_rate or ZERO, []).append(line)
    for rate, same in rates.items():
        amounts = [_line_amounts(line, Decimal(1) if line.quantity is None else line.quantity) for line in same]
        yield VatSummary(
            rate=rate,
            base=sum((base for base, _, _ in amounts), ZERO),
            vat=sum((vat for _, vat, _ in amounts), ZERO),
            reverse_charge=any(line.reverse_charge for line in same),
        )


def _per_unit(total: Decimal, quantity: Decimal) -> Decimal:
    if not quantity:
        return ZERO
    return (total / quantity).quantize(PRICE, ROUND_HALF_UP)


def _identifier(invoice: Invoice) -> str:
    """The same document gets the same identifier each time: importers take equal ones for the same document."""
    supplier = invoice.supplier or Party()
    name = "|".join([supplier.registration_number or supplier.name or "", invoice.kind, invoice.number or ""])
    return str(uuid.uuid5(NOTHING_MORE, f"{name}|{invoice.date}")).upper()


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _amount(value: Decimal) -> str:
    """At least two decimals, never an exponent."""
    return f"{value.quantize(CENT) if value == value.quantize(CENT) else value.normalize():f}"


_FORMS: dict[type, Callable[[object], str]] = {
    Decimal: lambda value: f"{value:f}",
    dt.date: lambda value: value.isoformat() if isinstance(value, dt.date) else "",
}


def _add(parent: etree._Element, name: str, value: object = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if value is not None:
        form = _FORMS.get(type(value), str)
        element.text = _printable(form(value))
    return element


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")
