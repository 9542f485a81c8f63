"""The leaves of a written ISDOC document: texts, amounts, parties, accounts.

Source: ISDOC 6.0.2 specification; every leaf of an address and of an account is present even where it is empty.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from lxml import etree

from efimport.documents import Address, BankAccount, Party
from efimport.rounding import half_up

NAMESPACE = "http://isdoc.cz/namespace/2013"
_NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def add_party(around: etree._Element, party: Party) -> None:
    """A party with its address, its numbers and its contact."""
    element = add(around, "Party")
    identification = add(element, "PartyIdentification")
    if party.code:
        add(identification, "UserID", party.code)
    add(identification, "ID", party.registration_number or "")
    add(add(element, "PartyName"), "Name", party.name or party.contact or "")
    _address(add(element, "PostalAddress"), party.address)
    for number, scheme in ((party.vat_id, "VAT"), (party.tax_number, "TIN")):
        if number:
            tax = add(element, "PartyTaxScheme")
            add(tax, "CompanyID", number)
            add(tax, "TaxScheme", scheme)
    if party.contact or party.phone or party.email:
        contact = add(element, "Contact")
        for name, text in (("Name", party.contact), ("Telephone", party.phone), ("ElectronicMail", party.email)):
            if text:
                add(contact, name, text)


def _address(element: etree._Element, address: Address) -> None:
    add(element, "StreetName", address.street or "")
    add(element, "BuildingNumber")
    add(element, "CityName", address.city or "")
    add(element, "PostalZone", address.postal_code or "")
    country = add(element, "Country")
    add(country, "IdentificationCode", address.country or "")
    add(country, "Name")


def add_account(element: etree._Element, account: BankAccount) -> None:
    """A bank account; its five leaves stand together."""
    add(element, "ID", account.number or "")
    add(element, "BankCode", account.bank_code or "")
    add(element, "Name", account.bank_name or "")
    add(element, "IBAN", account.iban or "")
    add(element, "BIC", account.bic or "")


def boolean(value: bool) -> str:
    """A truth value as XML Schema writes it."""
    return "true" if value else "false"


def money(value: Decimal) -> str:
    """At least two decimals, never an exponent."""
    rounded = half_up(value)
    return f"{rounded if rounded == value else value:f}"


def add(parent: etree._Element, name: str, value: object = None) -> etree._Element:
    """An element behind the others; None for one without a text."""
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if value is not None:
        element.text = printable(_form(value))
    return element


def _form(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def printable(text: str) -> str:
    """A text without the characters that XML 1.0 cannot hold (production 2, Char)."""
    return _NOT_IN_XML.sub("", text)
