"""Rates of VAT held against those in force, by country and day.

Source: the VAT acts that the table ``vat-rates.toml`` names. A correction keeps the rate of the supply that it
corrects, whose day it does not state, so that credit and debit notes are left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from efimport.documents import Invoice, Kind
from efimport.payloads.outgoing import Outgoing
from efimport.payloads.treatments import Treated

TABLE = "vat-rates"
LEVELS = ("high", "low", "third")
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
        known = _in_force(writing, country, day)
        if one.rate and known and one.rate not in known:
            rates = ", ".join(f"{rate} %" for rate in sorted(known, reverse=True))
            writing.note("code.rate-not-in-force", rate=one.rate, country=country, date=day, rates=rates)


def _in_force(writing: Outgoing, country: str, day: dt.date) -> set[Decimal]:
    """The rates of a country on a day; empty where the table does not know them."""
    periods = writing.table(TABLE).get(country, ())
    newest = max((one for one in periods if one["from"] <= day), key=lambda one: one["from"], default=None)
    if newest is None:
        return set()
    return {Decimal(str(newest[level])) for level in LEVELS if level in newest}
