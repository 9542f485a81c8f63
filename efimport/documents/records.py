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
