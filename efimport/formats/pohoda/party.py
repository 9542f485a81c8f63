"""The parties of a document.

Source: POHODA XML, type.xsd (address, addressType, addressInternetType, shipToAddressType). ``partnerIdentity`` is
always the other party and ``myIdentity`` the firm that keeps the books, whichever way the document goes. ``dic`` is
the VAT number in Czechia and a tax number in Slovakia, where ``icDph`` is the VAT number.
"""

from __future__ import annotations

import re

from efimport.documents import Address, BankAccount, Party
from efimport.formats.pohoda.fields import Block

_VAT_ID = re.compile(r"[A-Z]{2}", re.IGNORECASE)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}\Z", re.ASCII)
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\Z")
_LONG_COUNTRIES = {
    "CZE": "CZ", "SVK": "SK", "DEU": "DE", "AUT": "AT", "POL": "PL", "HUN": "HU", "SVN": "SI", "HRV": "HR",
}  # fmt: skip


_REGISTERED = {"payer": True, "identified-person": True, "non-payer": False}
"""Whether a party is registered for VAT, by ``VATPayerType``; an identified person is, for trade with other states."""


def partner(identity: Block) -> Party | None:
    """The other party of a document; None where the document names none."""
    if not identity:
        return None
    address = identity.block("address")
    code = identity.block("extId").text("ids") or identity.text("id") or address.text("id")
    party = party_of(address, code)
    if party is not None:
        return party
    return Party(code=code, reference_only=True) if code else None


def own_party(identity: Block) -> Party | None:
    """The firm that keeps the books; None where the document leaves it to the pack."""
    return party_of(identity.block("address"), None)


def deliveries(identity: Block) -> tuple[Party, ...]:
    """The delivery addresses, the default one first."""
    found = []
    for block in identity.blocks("shipToAddress"):
        party = party_of(block, block.text("id"))
        if party is not None:
            found.append((not block.flag("defaultShipAddress"), party))
    return tuple(party for _, party in sorted(found, key=lambda pair: pair[0]))


def party_of(address: Block, code: str | None) -> Party | None:
    """The party of an address; None where nothing but a reference to a record stands there."""
    company, person = address.text("company"), _person(address)
    tax, slovak = address.text("dic"), address.text("icDph")
    vat_id = slovak or (tax if tax and _VAT_ID.match(tax) else None)
    postal = Address(
        street=" ".join(part for part in (address.text("street"), address.text("number")) if part) or None,
        city=address.text("city"),
        postal_code=address.text("zip"),
        country=country_code(address.reference("country")),
        addition=address.text("division"),
    )
    party = Party(
        name=company or person,
        registration_number=address.text("ico"),
        vat_id=vat_id,
        tax_number=tax if tax != vat_id else None,
        address=postal,
        contact=person if company else None,
        email=address.text("email"),
        phone=address.text("phone"),
        mobile=address.text("mobilPhone"),
        fax=address.text("fax"),
        vat_registered=_REGISTERED.get(address.text("VATPayerType") or ""),
    )
    if party == Party():
        return None
    return Party(**{name: getattr(party, name) for name in Party.__struct_fields__} | {"code": code})


def _person(address: Block) -> str | None:
    parts = (address.text("title"), address.text("name"), address.text("surname"))
    return " ".join(part for part in parts if part) or None


def country_code(text: str | None) -> str | None:
    """The ISO 3166 code of two letters, where the text is one or a known one of three letters."""
    upper = (text or "").upper()
    if len(upper) == 2 and upper.isalpha():
        return upper
    return _LONG_COUNTRIES.get(upper)


def bank_account(block: Block, number_field: str = "accountNo") -> BankAccount | None:
    """An account; None where the block only refers to a record of the program."""
    number, bank = block.text(number_field), block.text("bankCode")
    if number is None:
        return None
    compact = number.replace(" ", "").upper()
    is_iban = bool(_IBAN.match(compact))
    is_bic = bank is not None and bool(_BIC.match(bank))
    return BankAccount(
        iban=compact if is_iban else None,
        number=None if is_iban else number,
        bank_code=None if is_bic else bank,
        bic=bank if is_bic else None,
        bank_name=block.text("bankName"),
    )
