"""Invoices and their family, and orders."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec

from efimport.documents.kinds import ISSUED_KINDS, Kind, Origin
from efimport.documents.parties import BankAccount, Party
from efimport.documents.parts import Advance, Attachment, Line, VatSummary
from efimport.findings import Finding


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice or a document of its family: credit note, debit note, advance invoice, tax document on payment.

    Attributes:
        kind: see :class:`Kind`.
        origin: where it came from.
        findings: what the reader noticed about it.
        number: number of the document as its issuer wrote it.
        internal_number: number of a received document in the books of the firm that received it.
        date: day of issue.
        taxable_supply_date: day of taxable supply (DUZP).
        accounting_date: day of the accounting case.
        control_report_date: day for the VAT control report.
        due_date: day on which it is due.
        variable_symbol, constant_symbol, specific_symbol: payment symbols, leading zeros as written.
        original_number: number of the supplier's document (received), or of the document that is corrected.
        order_number: number of the customer's order that it answers.
        sales_order_number: number of the same order in the issuer's own books.
        quote_number: number of the quote that it follows.
        text: heading text or note.
        introduction: text above the lines.
        place_of_issue: town in which it was issued.
        supply_end_date: last day of a supply that goes on for a time.
        receival_date: day on which a received document came.
        currency: ISO 4217 code; None where the file leaves it to the books of the firm.
        exchange_rate, exchange_amount: home currency for ``exchange_amount`` units of ``currency``.
        home_currency: ISO 4217 code of the issuer's books where it differs from ``currency``.
        supplier, customer: the two parties.
        delivery: where the goods go, if elsewhere.
        lines: lines; empty where the document has only a recapitulation.
        vat_summary: VAT recapitulation.
        advances: advances that are deducted.
        total_without_vat, total_vat, total_with_vat: of the whole document, before advances and rounding.
        rounding: rounding of the payable amount.
        payable: payable amount, VAT included, after advances and rounding.
        payment_method: as written in the source, lower-case code where it has one.
        payment_account: account to which the customer pays.
        vat_classification: code of the VAT treatment in the system that wrote the document.
        control_report_classification: code or section of the VAT control report, as that system calls it.
        vat_country: ISO 3166 code of the country whose VAT is charged, where that is not the issuer's (OSS).
        discount_percent: discount of the whole document in percent, not yet taken from the amounts of the lines.
        cost_centre: code of the cost centre.
        delivery_method: how the goods are delivered.
        warehouse: code of the warehouse that the goods leave.
        language: ISO 639 code of the language of the document.
        vat_document: False for documents without VAT effect (proforma, supplier that does not pay VAT).
        cancelled: whether the source marks it as cancelled or as a cancellation.
        signed: whether the file carries an electronic signature.
        moves_stock: whether a line names a stock item.
        own_registration_number: IČO of the firm that the file was made by or for, where it says so.
        attachments: visualization and supplements.
        uuid: identifier that the issuer gave it.
        service_elements: elements of the service's own format that the source gives by their names there; they come
            before what is worked out from the other fields.
    """

    kind: Kind
    origin: Origin
    findings: tuple[Finding, ...] = ()
    number: str | None = None
    internal_number: str | None = None
    date: dt.date | None = None
    taxable_supply_date: dt.date | None = None
    accounting_date: dt.date | None = None
    control_report_date: dt.date | None = None
    due_date: dt.date | None = None
    variable_symbol: str | None = None
    constant_symbol: str | None = None
    specific_symbol: str | None = None
    original_number: str | None = None
    order_number: str | None = None
    sales_order_number: str | None = None
    quote_number: str | None = None
    text: str | None = None
    introduction: str | None = None
    place_of_issue: str | None = None
    supply_end_date: dt.date | None = None
    receival_date: dt.date | None = None
    currency: str | None = None
    exchange_rate: Decimal | None = None
    exchange_amount: Decimal = Decimal(1)
    home_currency: str | None = None
    supplier: Party | None = None
    customer: Party | None = None
    delivery: Party | None = None
    lines: tuple[Line, ...] = ()
    vat_summary: tuple[VatSummary, ...] = ()
    advances: tuple[Advance, ...] = ()
    total_without_vat: Decimal | None = None
    total_vat: Decimal | None = None
    total_with_vat: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None
    payment_method: str | None = None
    payment_account: BankAccount | None = None
    vat_classification: str | None = None
    control_report_classification: str | None = None
    vat_country: str | None = None
    discount_percent: Decimal | None = None
    cost_centre: str | None = None
    delivery_method: str | None = None
    warehouse: str | None = None
    language: str | None = None
    vat_document: bool = True
    cancelled: bool = False
    signed: bool = False
    own_registration_number: str | None = None
    attachments: tuple[Attachment, ...] = ()
    uuid: str | None = None
    service_elements: dict[str, str] = {}

    @property
    def total(self) -> Decimal | None:
        """The payable amount, VAT included, document currency."""
        return self.payable

    @property
    def partner(self) -> Party | None:
        """The other party: the customer of an issued document, the supplier of a received one."""
        return self.customer if self.kind in ISSUED_KINDS else self.supplier

    @property
    def moves_stock(self) -> bool:
        """Whether a line names a stock item."""
        return any(line.stock_item for line in self.lines)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order received from a customer or issued to a supplier. Fields as in :class:`Invoice`.

    Attributes:
        delivery_date: day on which the goods are wanted.
        received_date: day on which the order came.
        order_number: number that the customer gave it.
        closed: whether the source says that nothing of it is left to deliver.
    """

    kind: Kind
    origin: Origin
    findings: tuple[Finding, ...] = ()
    number: str | None = None
    date: dt.date | None = None
    delivery_date: dt.date | None = None
    received_date: dt.date | None = None
    order_number: str | None = None
    quote_number: str | None = None
    text: str | None = None
    introduction: str | None = None
    currency: str | None = None
    exchange_rate: Decimal | None = None
    exchange_amount: Decimal = Decimal(1)
    supplier: Party | None = None
    customer: Party | None = None
    delivery: Party | None = None
    lines: tuple[Line, ...] = ()
    vat_summary: tuple[VatSummary, ...] = ()
    total: Decimal | None = None
    payment_method: str | None = None
    vat_classification: str | None = None
    vat_country: str | None = None
    discount_percent: Decimal | None = None
    cost_centre: str | None = None
    delivery_method: str | None = None
    language: str | None = None
    closed: bool = False
    cancelled: bool = False
    own_registration_number: str | None = None
    attachments: tuple[Attachment, ...] = ()
    service_elements: dict[str, str] = {}

    @property
    def partner(self) -> Party | None:
        """The other party."""
        return self.customer if self.kind is Kind.ORDER_RECEIVED else self.supplier
