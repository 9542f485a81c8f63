"""Identifiers of parties: registration numbers and VAT numbers by their check digits.

Sources: the national rules of the numbers (IČO of CZ and SK modulo 11, DIČ, Slovenian davčna številka, Croatian OIB)
as python-stdnum implements them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module

from efimport.checks.context import Context, place
from efimport.documents import Document, Invoice, Order, Partner, Party
from efimport.findings import Finding, finding

ICO_DIGITS = 8
VAT_MODULES = {
    "CZ": "stdnum.cz.dic",
    "SK": "stdnum.sk.dph",
    "SI": "stdnum.si.ddv",
    "HR": "stdnum.hr.oib",
    "DE": "stdnum.de.vat",
    "AT": "stdnum.at.uid",
    "PL": "stdnum.pl.nip",
    "HU": "stdnum.hu.anum",
    "IT": "stdnum.it.iva",
    "FR": "stdnum.fr.tva",
    "NL": "stdnum.nl.btw",
    "BE": "stdnum.be.vat",
}


def parties(document: Document) -> Iterator[tuple[str, Party]]:
    """The parties that a document names, each with the name of its role."""
    if isinstance(document, Invoice | Order):
        for role in ("supplier", "customer"):
            party = getattr(document, role)
            if party is not None:
                yield role, party
    elif isinstance(document, Partner):
        yield "partner", document.party


def registration_numbers(document: Document, context: Context) -> Iterator[Finding]:
    """The IČO of Czech and Slovak parties has a check digit."""
    for role, party in parties(document):
        number = party.registration_number
        if not number or country_of(party, context) not in ("CZ", "SK"):
            continue
        digits = number.replace(" ", "")
        if len(digits) > ICO_DIGITS or not is_valid("stdnum.cz.dic", digits.zfill(ICO_DIGITS)):
            yield finding("party.registration-number", place(document, role), number=number, name=party.name or "-")


def vat_numbers(document: Document, context: Context) -> Iterator[Finding]:
    """VAT numbers have check digits in most countries."""
    for role, party in parties(document):
        number = (party.vat_id or "").replace(" ", "").upper()
        country = number[:2] if number[:2].isalpha() else (party.address.country or "").upper()
        module = VAT_MODULES.get(country)
        if number and module and not is_valid(module, number.removeprefix(country)):
            yield finding("party.vat-id", place(document, role), number=party.vat_id, name=party.name or "-")


def country_of(party: Party, context: Context) -> str:
    """The country of a party: of its address, its VAT number, else the one where our books are kept."""
    prefix = (party.vat_id or "")[:2]
    return (party.address.country or (prefix if prefix.isalpha() else "") or context.own.site or "CZ").upper()


@lru_cache(maxsize=4096)
def is_valid(module: str, number: str) -> bool:
    """Whether the number passes the check of that module of python-stdnum."""
    return bool(import_module(module).is_valid(number))
