"""Rates of VAT held against those in force, by country and day.

Source: the VAT acts that the table ``vat-rates.toml`` names. A correction keeps the rate of the supply that it
corrects, whose day it does not state, so that credit and debit notes are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from efimport.documents import Invoice, Kind
from efimport.mappings import rates_in_force
from efimport.payloads.outgoing import Outgoing
from efimport.payloads.treatments import Treated

CORRECTIONS = (Kind.ISSUED_CREDIT_NOTE, Kind.ISSUED_DEBIT_NOTE)


def note_unusual_rates(writing: Outgoing, lines: Iterable[Treated]) -> None:
    """Tell rates that were not in force on the day of supply, once each.

    Args:
        writing: the document.
        lines: its lines.
    """
    document = writing.document
    if not isinstance(document, Invoice) or document.kind in CORRECTIONS or not document.vat_document:
        return
    day = document.taxable_supply_date or document.date
    if day is None:
        return
    for one in lines:
        country = (one.line.vat_country or document.vat_country or writing.site).upper()
        known = set(rates_in_force(country, day, writing.target.codes).values())
        if one.rate and known and one.rate not in known:
            rates = ", ".join(f"{rate} %" for rate in sorted(known, reverse=True))
            writing.note("code.rate-not-in-force", rate=one.rate, country=country, date=day, rates=rates)
