"""Currencies that are written beside amounts: ``12,50 EUR``, ``€ 12.50``."""

from __future__ import annotations

from efimport.formats.spreadsheet.records.drafts import Draft
from efimport.formats.spreadsheet.records.words import currency_code


def currency_of(draft: Draft, told: str | None, home: str) -> str:
    """The currency of a document: the one that a field tells, else the one beside its amounts, else that of our books.

    Amounts that name another currency than the document, or more than one, are noted as an error: nobody knows what
    they are worth.

    Args:
        draft: the document.
        told: its currency as a field tells it.
        home: the currency of our books.
    """
    beside = {currency_code(unit) or unit: place for unit, place in draft.units.items()}
    currency = told or next(iter(beside), home)
    for code, place in beside.items():
        if code != currency or currency_code(code) is None:
            draft.note("spreadsheet.currency-differs", draft.place_at(place), found=code, currency=currency)
            return told or home
    if told is None and currency != home:
        draft.note("spreadsheet.currency-beside", draft.place_at(beside[currency]), currency=currency)
    return currency
