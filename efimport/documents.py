"""What a document is: the normalized models that every reader yields and everything after it works with.

All models are frozen. Amounts are ``Decimal`` in the document's currency and keep the sign and digits of the source;
days are ``date``; identifiers (numbers, symbols, accounts, codes) are texts, because a leading zero is part of them.
None means that the source does not say.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from efimport.findings import Finding

if TYPE_CHECKING:
    import pandas as pd


class Kind(StrEnum):
    """What a document is, seen from the firm that keeps the books."""

    ISSUED_INVOICE = "issued-invoice"
    ISSUED_CREDIT_NOTE = "issued-credit-note"
    ISSUED_DEBIT_NOTE = "issued-debit-note"
    ISSUED_ADVANCE_INVOICE = "issued-advance-invoice"
    ISSUED_PROFORMA = "issued-proforma"
    RECEIVED_INVOICE = "received-invoice"
    RECEIVED_CREDIT_NOTE = "received-credit-note"
    RECEIVED_DEBIT_NOTE = "received-debit-note"
    RECEIVED_ADVANCE_INVOICE = "received-advance-invoice"
    TAX_DOCUMENT_ON_PAYMENT = "tax-document-on-payment"
    RECEIVABLE = "receivable"
    COMMITMENT = "commitment"
    ORDER_RECEIVED = "order-received"
    ORDER_ISSUED = "order-issued"
    PARTNER = "partner"
    PRODUCT = "product"
    BANK_STATEMENT = "bank-statement"
    FILE = "file"
    OTHER = "other"


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a document came from.

    Attributes:
        path: the source's path; an entry of a container follows after ``!``.
        format: name of the format (``pohoda``, ``isdoc``, ``camt053``, ``gpc`` ...).
        ordinal: ordinal of the document in its source, from 1.
        line: line in the source at which it begins, from 1; None where the format has no lines.
        content: the bytes of this one document, fit to be sent: the file itself where it holds one document, else the
            part that holds this one (a POHODA pack with one item, a camt.053 with one statement, a 074 block).
        version: version of the format as the file states it.
        changes: what was changed in ``content`` against the file, as finding codes (``gpc.padded`` ...).
    """

    path: str
    format: str
    ordinal: int = 1
    line: int | None = None
    content: bytes = b""
    version: str | None = None
    changes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Origin({self.path!r}, {self.format!r}, ordinal={self.ordinal}, line={self.line})"


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A postal address. ``country`` is the ISO 3166 code of two letters where the source gives one."""

    street: str | None = None
    city: str | None = None
    postal_code: str | None = None
    country: str | None = None


class BankAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A bank account.

    Attributes:
        iban: IBAN without spaces.
        number: national number without the bank code, ``19-2000145399``.
        bank_code: national bank code, four digits in CZ and SK.
        bic: BIC (SWIFT code).
        currency: ISO 4217 code.
        bank_name: name of the bank.
    """

    iban: str | None = None
    number: str | None = None
    bank_code: str | None = None
    bic: str | None = None
    currency: str | None = None
    bank_name: str | None = None

    @property
    def display(self) -> str | None:
        """IBAN, else ``number/bank code``, else the number."""
        if self.iban:
            return self.iban
        if self.number and self.bank_code:
            return f"{self.number}/{self.bank_code}"
        return self.number


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A firm or a person on a document.

    Attributes:
        name: name of the firm, or of the person.
        registration_number: IČO, matična številka, MBS.
        vat_id: VAT identification number with the country prefix (CZ: DIČ, SK: IČ DPH).
        tax_number: tax number without a VAT meaning (SK: DIČ).
        address: seat.
        contact: contact person.
        email, phone: of the firm or the contact person.
        code: code of the party in the system that wrote the document.
        reference_only: the document names the party by a reference to somebody else's address book alone.
    """

    name: str | None = None
    registration_number: str | None = None
    vat_id: str | None = None
    tax_number: str | None = None
    address: Address = Address()
    contact: str | None = None
    email: str | None = None
    phone: str | None = None
    code: str | None = None
    reference_only: bool = False


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an invoice or an order.

    Attributes:
        position: ordinal of the line, from 1.
        description: text of the line.
        product_code: code of the product or stock item, where the line names one.
        ean: bar code.
        quantity: default 1 where the source has amounts and no quantity.
        unit: unit of measure as written.
        unit_price: price of one unit, document currency; with or without VAT as ``price_includes_vat`` says.
        price_includes_vat: whether ``unit_price`` includes VAT.
        discount_percent: discount of the line in percent.
        vat_rate: VAT in percent; None where it cannot be told.
        vat_level: level that the source names instead of a percentage (``high``, ``low``, ``third``, ``none``).
        total_without_vat, vat, total_with_vat: of the line, discount applied, document currency.
        vat_classification: code of the VAT treatment in the system that wrote the document.
        reverse_charge: whether the customer pays the VAT.
        reverse_charge_code: code of the goods under reverse charge.
        stock_item: whether the line moves a stock item.
        account: general ledger account or accounting code.
        note: note of the line.
    """

    position: int
    description: str | None = None
    product_code: str | None = None
    ean: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    price_includes_vat: bool = False
    discount_percent: Decimal | None = None
    vat_rate: Decimal | None = None
    vat_level: str | None = None
    total_without_vat: Decimal | None = None
    vat: Decimal | None = None
    total_with_vat: Decimal | None = None
    vat_classification: str | None = None
    reverse_charge: bool = False
    reverse_charge_code: str | None = None
    stock_item: bool = False
    account: str | None = None
    note: str | None = None


class VatSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One rate of the VAT recapitulation, document currency.

    Attributes:
        rate: VAT in percent; None where it cannot be told.
        level: level that the source names (``high``, ``low``, ``third``, ``none``).
        base: amount without VAT.
        vat: VAT.
        total: amount with VAT.
        already_claimed_base, already_claimed_vat: part taxed before on advances.
        reverse_charge: whether the customer pays the VAT.
    """

    rate: Decimal | None = None
    level: str | None = None
    base: Decimal | None = None
    vat: Decimal | None = None
    total: Decimal | None = None
    already_claimed_base: Decimal | None = None
    already_claimed_vat: Decimal | None = None
    reverse_charge: bool = False


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """An advance that the document deducts.

    Attributes:
        number: number of the advance invoice or of the tax document on payment.
        variable_symbol: variable symbol of the advance.
        amount: amount with VAT that is deducted, positive, document currency.
        base: the part without VAT, where the advance was taxed.
        vat_rate: VAT in percent, where the advance was taxed.
        taxed: whether VAT was paid on the advance.
    """

    number: str | None = None
    variable_symbol: str | None = None
    amount: Decimal | None = None
    base: Decimal | None = None
    vat_rate: Decimal | None = None
    taxed: bool = False


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that belongs to a document: its picture (``visualization``) or a supplement.

    Attributes:
        name: file name.
        content: the bytes.
        media_type: ``application/pdf`` and the like; None where unknown.
        visualization: whether it is the document as people read it.
    """

    name: str
    content: bytes
    media_type: str | None = None
    visualization: bool = False

    def __repr__(self) -> str:
        return f"Attachment({self.name!r}, {len(self.content)} bytes)"


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
        order_number: number of the order that it answers.
        text: heading text or note.
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
        vat_document: False for documents without VAT effect (proforma, supplier that does not pay VAT).
        cancelled: whether the source marks it as cancelled or as a cancellation.
        signed: whether the file carries an electronic signature.
        moves_stock: whether a line names a stock item.
        own_registration_number: IČO of the firm that the file was made by or for, where it says so.
        attachments: visualization and supplements.
        uuid: identifier that the issuer gave it.
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
    text: str | None = None
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
    vat_document: bool = True
    cancelled: bool = False
    signed: bool = False
    own_registration_number: str | None = None
    attachments: tuple[Attachment, ...] = ()
    uuid: str | None = None

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


ISSUED_KINDS = frozenset(
    {
        Kind.ISSUED_INVOICE,
        Kind.ISSUED_CREDIT_NOTE,
        Kind.ISSUED_DEBIT_NOTE,
        Kind.ISSUED_ADVANCE_INVOICE,
        Kind.ISSUED_PROFORMA,
        Kind.RECEIVABLE,
        Kind.ORDER_RECEIVED,
    }
)
"""Kinds whose supplier is the firm that keeps the books."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order received from a customer or issued to a supplier. Fields as in :class:`Invoice`."""

    kind: Kind
    origin: Origin
    findings: tuple[Finding, ...] = ()
    number: str | None = None
    date: dt.date | None = None
    delivery_date: dt.date | None = None
    order_number: str | None = None
    text: str | None = None
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
    own_registration_number: str | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def partner(self) -> Party | None:
        """The other party."""
        return self.customer if self.kind is Kind.ORDER_RECEIVED else self.supplier


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """A record of an address book."""

    origin: Origin
    findings: tuple[Finding, ...] = ()
    party: Party = Party()
    delivery: tuple[Party, ...] = ()
    bank_accounts: tuple[BankAccount, ...] = ()
    payment_days: int | None = None
    note: str | None = None
    homepage: str | None = None
    is_customer: bool | None = None
    is_supplier: bool | None = None
    kind: Kind = Kind.PARTNER

    @property
    def number(self) -> str | None:
        """The code of the partner, else its registration number."""
        return self.party.code or self.party.registration_number

    @property
    def partner(self) -> Party | None:
        """The party itself."""
        return self.party

    @property
    def date(self) -> None:
        """An address has no date."""

    @property
    def total(self) -> None:
        """An address has no amount."""


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A record of a price list or a stock.

    Attributes:
        code: code of the product.
        purchase_price, sales_price: currency as ``currency`` says; with VAT where the flag beside says so.
        vat_rate: VAT in percent of sales.
        vat_level: level that the source names instead.
        product_type: as the source names it (card, service ...).
    """

    origin: Origin
    findings: tuple[Finding, ...] = ()
    code: str | None = None
    name: str | None = None
    description: str | None = None
    ean: str | None = None
    unit: str | None = None
    vat_rate: Decimal | None = None
    vat_level: str | None = None
    purchase_price: Decimal | None = None
    sales_price: Decimal | None = None
    sales_price_includes_vat: bool = False
    currency: str | None = None
    product_type: str | None = None
    note: str | None = None
    kind: Kind = Kind.PRODUCT

    @property
    def number(self) -> str | None:
        """The code of the product."""
        return self.code

    @property
    def date(self) -> None:
        """A product has no date."""

    @property
    def total(self) -> None:
        """A product has prices, but no total."""

    @property
    def partner(self) -> None:
        """A product has no other party."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One booked entry of a bank statement.

    Attributes:
        position: ordinal in the statement, from 1.
        amount: signed; money in is positive. Currency of the account.
        date: day of booking.
        value_date: day of value.
        variable_symbol, constant_symbol, specific_symbol: without leading zeros; None for none.
        counter_account: account of the other side.
        counter_name: name of the other side.
        message: message for the recipient and further texts, joined by spaces.
        description: what the bank says the entry is.
        bank_reference: the bank's identifier of the entry.
        end_to_end_reference: reference given by the payer, where it is not a symbol.
        transaction_code: the bank's code of the kind of transaction.
        reversal: whether the entry takes an earlier one back.
        original_amount, original_currency, exchange_rate: before conversion, where the entry was converted.
        charges: charges named for information, not part of the amount.
        line: line in the source.
    """

    position: int
    amount: Decimal
    date: dt.date | None = None
    value_date: dt.date | None = None
    variable_symbol: str | None = None
    constant_symbol: str | None = None
    specific_symbol: str | None = None
    counter_account: BankAccount | None = None
    counter_name: str | None = None
    message: str | None = None
    description: str | None = None
    bank_reference: str | None = None
    end_to_end_reference: str | None = None
    transaction_code: str | None = None
    reversal: bool = False
    original_amount: Decimal | None = None
    original_currency: str | None = None
    exchange_rate: Decimal | None = None
    charges: Decimal | None = None
    line: int | None = None


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A bank statement of one account.

    Attributes:
        account: the firm's account.
        number: number of the statement as the bank writes it.
        currency: ISO 4217 code; None where the file does not say.
        period_from, period_to: first and last day.
        date: day of the statement (the closing balance).
        opening, closing: balances, signed.
        credit_turnover, debit_turnover: sums that the statement states, both positive as a rule; None where absent.
        entry_count: number of entries that the statement states.
        entries: booked entries in the order of the file.
        attachments: the statement as a PDF, where one was found.
    """

    origin: Origin
    findings: tuple[Finding, ...] = ()
    account: BankAccount = BankAccount()
    number: str | None = None
    currency: str | None = None
    period_from: dt.date | None = None
    period_to: dt.date | None = None
    date: dt.date | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    credit_turnover: Decimal | None = None
    debit_turnover: Decimal | None = None
    entry_count: int | None = None
    entries: tuple[Entry, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    kind: Kind = Kind.BANK_STATEMENT

    @property
    def total(self) -> Decimal | None:
        """The closing balance."""
        return self.closing

    @property
    def partner(self) -> None:
        """A statement has many other parties: those of its entries."""

    @property
    def credit(self) -> Decimal:
        """Sum of the entries that bring money in."""
        return sum((entry.amount for entry in self.entries if entry.amount > 0), Decimal(0))

    @property
    def debit(self) -> Decimal:
        """Sum of the entries that take money out, as a positive amount."""
        return -sum((entry.amount for entry in self.entries if entry.amount < 0), Decimal(0))

    def to_dataframe(self) -> pd.DataFrame:
        """The entries as a data frame, a row an entry; amounts stay ``Decimal``, identifiers text."""
        import pandas as pd

        rows = []
        for entry in self.entries:
            row = {name: getattr(entry, name) for name in Entry.__struct_fields__}
            row["counter_account"] = entry.counter_account.display if entry.counter_account else None
            rows.append(row)
        return pd.DataFrame(rows, columns=list(Entry.__struct_fields__), dtype=object)


class OtherDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document of which only this much is known: a PDF, a picture, or a kind that no call takes.

    Attributes:
        kind: ``Kind.FILE`` for a file that goes as it is, ``Kind.OTHER`` for what no call takes.
        name: what it is, in the words of its format (``voucher``, ``intDoc``, ``UBL invoice``).
        file_name: name of the file, for the document inbox.
    """

    origin: Origin
    findings: tuple[Finding, ...] = ()
    kind: Kind = Kind.FILE
    name: str | None = None
    number: str | None = None
    date: dt.date | None = None
    file_name: str | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def total(self) -> None:
        """Nothing is known of its amount."""

    @property
    def partner(self) -> None:
        """Nothing is known of its parties."""


Document: TypeAlias = Invoice | Order | Partner | Product | Statement | OtherDocument
"""Any of the documents; each has ``kind``, ``origin``, ``findings``, ``number``, ``date``, ``total``, ``partner``."""
