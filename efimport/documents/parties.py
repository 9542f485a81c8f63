"""Firms and people, their addresses and accounts."""

from __future__ import annotations

import msgspec


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A postal address.

    Attributes:
        street: street and number.
        city: town.
        postal_code: as written.
        country: ISO 3166 code of two letters where the source gives one.
        addition: further line: department, floor, name of who receives the goods.
    """

    street: str | None = None
    city: str | None = None
    postal_code: str | None = None
    country: str | None = None
    addition: str | None = None


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
        mobile, fax: of the firm or the contact person.
        code: code of the party in the system that wrote the document.
        service_id: internal number of the party in the service (``60:123456``), where the source knows it.
        vat_registered: whether it is registered for VAT, where the source says so.
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
    mobile: str | None = None
    fax: str | None = None
    code: str | None = None
    service_id: str | None = None
    vat_registered: bool | None = None
    reference_only: bool = False
