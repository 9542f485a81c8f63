"""From the percentages of a document to the levels of VAT that the format knows.

Source: POHODA XML, type.xsd (vatRateType) and invoice.xsd (percentVAT): a rate that is none of the law's on that day is
a historical one, which states its percentage and shares the amounts of the present one of its name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from efimport.formats.pohoda.rates import LEVELS
from efimport.mappings import home_currencies, rates_in_force

NONE = "none"
BOOKS = ("CZ", "SK")
"""Countries that the program is made for, each with levels of its own."""
_TAXED = ("high", "low", "third")
_HISTORICAL = {"high": "historyHigh", "low": "historyLow", "third": "historyThird"}


def country_of_books(home_currency: str) -> str:
    """The country whose version of the program keeps books in a currency; Czechia for any other."""
    return next((country for country in BOOKS if home_currencies()[country] == home_currency), BOOKS[0])


class Levels:
    """The levels of one document.

    Args:
        country: country whose VAT is charged.
        day: day of taxable supply, else of issue.
        rates: all percentages of the document.
    """

    def __init__(self, country: str, day: dt.date | None, rates: Iterable[Decimal | None]) -> None:
        self._levels: dict[Decimal, str] = {Decimal(0): NONE}
        for level, rate in rates_in_force(country, day).items():
            self._levels.setdefault(rate, level)
        others = sorted({rate for rate in rates if rate is not None and rate not in self._levels})
        used = {self._levels[rate] for rate in rates if rate in self._levels}
        free = [level for level in _TAXED if level not in used] or ["high"]
        for position, rate in enumerate(others):
            # Each has a level to itself where there is one: the amounts of a level alone show its percentage.
            self._levels[rate] = _HISTORICAL[free[min(position, len(free) - 1)]]

    def of(self, rate: Decimal | None, level: str | None) -> str | None:
        """The level of a percentage; without one that which the source named; None where neither is known."""
        if rate is not None:
            return self._levels[rate]
        return level if level in LEVELS else None
