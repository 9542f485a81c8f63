"""Numbers of a party at the tax office, and whether it is registered for VAT.

Source: web service reference, ``buyerTaxNumber`` and ``buyerVatRegistration`` of documents, ``personalID`` and
``vatRegistration`` of partners. The words of registration are data (``mappings/codes/partners.toml``): Croatia has two
for one that is registered, and no document tells which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from efimport.documents import Party

_OIB = re.compile(r"(?:HR)?(\d{11})", re.ASCII)


def tax_number(party: Party, site: str) -> str | None:
    """The number that a document names the buyer by.

    The Czech pages print the registration number (IČO) as tax number, of buyers and of partners. In Slovenia and
    Croatia the number of the register (matična številka, MBS) is another one than that of the tax office, and never
    goes in its place.

    Args:
        party: the buyer.
        site: CZ, SI or HR.
    """
    number = party.vat_id or party.tax_number
    if number or site == "SI":
        return number
    return party.registration_number if site == "CZ" else oib(party)


def oib(party: Party) -> str | None:
    """The OIB, which people and firms of Croatia are known by at the tax office; None where no number is one."""
    for number in (party.tax_number, party.vat_id, party.registration_number):
        found = _OIB.fullmatch((number or "").replace(" ", ""))
        if found:
            return found[1]
    return None


def vat_registration(party: Party, partners: Mapping[str, Any], site: str) -> str | None:
    """The word, as the source says it or because the party has a VAT number; that there is none proves nothing.

    Args:
        party: the party.
        partners: the tables of ``partners.toml``.
        site: CZ, SI or HR.
    """
    registered = party.vat_registered if party.vat_registered is not None else bool(party.vat_id) or None
    if registered is None:
        return None
    return str(partners["vat_registration"][site]["registered" if registered else "not_registered"])
