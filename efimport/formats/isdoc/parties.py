"""The parties of a document."""

from __future__ import annotations

import re

from efimport.documents import Address, Party
from efimport.formats.isdoc.node import Node
from efimport.formats.reading import Own


def supplier(root: Node) -> Party | None:
    """The supplier as an accounting entity."""
    return _party(root.one("AccountingSupplierParty", "Party"))


def customer(root: Node) -> Party | None:
    """The customer as an accounting entity; an anonymous one has only a code (simplified documents)."""
    known = _party(root.one("AccountingCustomerParty", "Party"))
    if known is not None:
        return known
    anonymous = root.one("AnonymousCustomerParty")
    return Party(code=anonymous.text("ID")) if anonymous is not None else None


def delivery(root: Node) -> Party | None:
    """Where the goods go."""
    return _party(root.one("Delivery", "Party"))


def _party(node: Node | None) -> Party | None:
    if node is None:
        return None
    vat_id, tax_number = _tax_numbers(node)
    registration_number = node.text("PartyIdentification", "ID")
    return Party(
        name=node.text("PartyName", "Name"),
        # Cash registers write 0 for a customer without a number.
        registration_number=None if registration_number == "0" else registration_number,
        vat_id=vat_id,
        tax_number=tax_number,
        address=_address(node.one("PostalAddress")),
        contact=node.text("Contact", "Name"),
        email=node.text("Contact", "ElectronicMail"),
        phone=node.text("Contact", "Telephone"),
        code=node.text("PartyIdentification", "UserID"),
    )


def _tax_numbers(node: Node) -> tuple[str | None, str | None]:
    """VAT identification number and tax number: Slovak firms have both, marked VAT and TIN."""
    vat_id = tax_number = None
    for scheme in node.all("PartyTaxScheme"):
        number = scheme.text("CompanyID")
        if (scheme.text("TaxScheme") or "").upper() == "TIN":
            tax_number = tax_number or number
        else:
            vat_id = vat_id or number
    return vat_id, tax_number


def _address(node: Node | None) -> Address:
    if node is None:
        return Address()
    street = " ".join(part for part in (node.text("StreetName"), node.text("BuildingNumber")) if part)
    country = node.text("Country", "IdentificationCode")
    return Address(
        street=street or None,
        city=node.text("CityName"),
        postal_code=node.text("PostalZone"),
        country=country.upper() if country else None,
    )


def is_ours(party: Party | None, own: Own) -> bool:
    """Whether the party is the firm that keeps the books, by registration number or VAT identification number."""
    if party is None:
        return False
    pairs = (
        (party.registration_number, own.registration_number),
        (party.vat_id, own.vat_id),
        (party.tax_number, own.vat_id),
    )
    return any(theirs and ours and _bare(theirs) == _bare(ours) for theirs, ours in pairs)


def _bare(number: str) -> str:
    bare = re.sub(r"[\s.\-/]", "", number).upper()
    # A registration number has eight digits; programs drop its leading zeros.
    return bare.zfill(8) if bare.isdigit() else bare
