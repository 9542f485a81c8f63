"""Records of an address book and of a price list, and what is known by its file alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec

from efimport.documents.kinds import Kind, Origin
from efimport.documents.parties import BankAccount, Party
from efimport.documents.parts import Attachment
from efimport.findings import Finding


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """A record of an address book.

    Attributes:
        party: name, numbers, seat and contact.
        invoicing: where invoices go, if elsewhere.
        delivery: where goods go, if elsewhere.
        bank_accounts: its accounts, the usual one first.
        payment_days: days until payment that are agreed with it.
        note: note.
        homepage: address on the web.
        is_customer, is_supplier: what it is to us, where the source says so.
        is_person: whether it is a natural person; None where the source does not say.
        first_name, last_name: of the person, or of the contact person of a firm.
        legal_form: as the source names it (``s.r.o.``, ``Ltd``).
        customer_code, supplier_code: its codes in those two roles.
        service_elements: elements of the service's own format that the source gives by their names there; one of an
            inner block has its name before it (``BuyerData.status``).
    """

    origin: Origin
    findings: tuple[Finding, ...] = ()
    party: Party = Party()
    invoicing: Party | None = None
    delivery: tuple[Party, ...] = ()
    bank_accounts: tuple[BankAccount, ...] = ()
    payment_days: int | None = None
    note: str | None = None
    homepage: str | None = None
    is_customer: bool | None = None
    is_supplier: bool | None = None
    is_person: bool | None = None
    first_name: str | None = None
    last_name: str | None = None
    legal_form: str | None = None
    customer_code: str | None = None
    supplier_code: str | None = None
    service_elements: dict[str, str] = {}
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
        catalogue_code: code in the producer's catalogue.
        group: code of the group of products.
        brand: brand or producer.
        weight: of one piece, kilograms.
        minimal_stock: quantity below which it is to be ordered.
        warranty_months: warranty in months.
        serial_numbers: whether each piece has a number of its own.
        active: whether it is still sold; None where the source does not say.
        online: whether it is shown in a shop on the web; None where the source does not say.
        service_elements: elements of the service's own format that the source gives by their names there.
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
    catalogue_code: str | None = None
    group: str | None = None
    brand: str | None = None
    weight: Decimal | None = None
    minimal_stock: Decimal | None = None
    warranty_months: int | None = None
    serial_numbers: bool = False
    active: bool | None = None
    online: bool | None = None
    note: str | None = None
    service_elements: dict[str, str] = {}
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


class OtherDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document of which only this much is known: a PDF, a picture, or a kind that no call takes.

    Attributes:
        kind: ``Kind.FILE`` for a file that goes as it is, ``Kind.OTHER`` for what no call takes.
        name: what it is, in the words of its format (``voucher``, ``intDoc``, ``UBL invoice``).
        file_name: name of the file, for the document inbox.
        issuer: who issued it, where it says so.
    """

    origin: Origin
    findings: tuple[Finding, ...] = ()
    kind: Kind = Kind.FILE
    name: str | None = None
    number: str | None = None
    date: dt.date | None = None
    file_name: str | None = None
    issuer: Party | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def total(self) -> None:
        """Nothing is known of its amount."""

    @property
    def partner(self) -> Party | None:
        """Who issued it; nothing more is known of its parties."""
        return self.issuer
