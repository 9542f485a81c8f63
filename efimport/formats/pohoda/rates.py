"""From the level of a VAT rate (``high``, ``low``, ``third``) to its percentage.

A level never proves a percentage: it is a level of the country and the day of the firm that wrote the document. What
the document itself states or shows comes first, the law's table last.
Source: POHODA XML, type.xsd (vatRateType, currencyVAT) and invoice.xsd (percentVAT).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from efimport.formats.pohoda.fields import Block, number
from efimport.mappings import rates_in_force

LEVELS = ("none", "high", "low", "third", "historyHigh", "historyLow", "historyThird")
_NAMES = {"high": "High", "low": "Low", "third": "3"}
HUNDRED = Decimal(100)
CENT = Decimal("0.01")


def plain_level(level: str) -> str:
    """The bucket of the summary that a level belongs to: historical rates share those of the present ones."""
    return level.removeprefix("history").lower() if level.startswith("history") else level


def is_historical(level: str) -> bool:
    """Whether a level stands for a rate of another time or country, which the document names itself."""
    return level.startswith("history")


def bucket_fields(level: str) -> tuple[str, str, str]:
    """Names of base, VAT and sum of a bucket of the summary."""
    name = _NAMES[level]
    return f"price{name}", f"price{name}VAT", f"price{name}Sum"


class Rates:
    """The rates of one document.

    Args:
        summary: home currency of its summary.
        country: country whose law holds where the document shows nothing.
        day: day of taxable supply, else day of issue.
        folder: folder with the firm's own tables of codes.

    Attributes:
        only_level: the one level that the summary holds amounts of; None where there are several or none.
    """

    def __init__(self, summary: Block, country: str, day: dt.date | None, folder: str | None = None) -> None:
        self._law = rates_in_force(country, day, folder)
        self._shown = {level: self._shown_rate(summary, level) for level in _NAMES}
        self.only_level = _only_level(summary)

    def of_level(self, level: str) -> Decimal | None:
        """The percentage of a level, from the summary or the law; None where it cannot be told."""
        if level == "none":
            return Decimal(0)
        if is_historical(level):
            return None
        return self._shown.get(level) or self._law.get(level)

    def shown(self, level: str) -> Decimal | None:
        """The percentage that the summary states or shows for the bucket of a level."""
        return self._shown.get(plain_level(level))

    def of_law(self, level: str) -> Decimal | None:
        """The percentage of a level by the law alone."""
        return self._law.get(level)

    def of_line(self, line: Block, level: str) -> Decimal | None:
        """The percentage of a line: stated on it, else shown by its amounts where historical, else its level's."""
        if is_historical(level):
            stated = number(line.text("percentVAT"))
            if stated is not None and 0 < stated <= HUNDRED:
                return stated
        stated = number(line.attribute("rateVAT", "value"))
        if stated is not None and 0 <= stated <= HUNDRED:
            return stated
        home = line.block("homeCurrency")
        net, vat = number(home.text("price")), number(home.text("priceVAT"))
        if is_historical(level):
            return shown_rate(net, vat)
        rate = self.of_level(level)
        if rate is None:
            return shown_rate(net, vat)
        if net and vat and not _fits(net, vat, rate):
            # A bucket that several rates share shows none of them; the line's own amounts do.
            return shown_rate(net, vat, self._law.get(level)) or rate
        return rate

    def _shown_rate(self, summary: Block, level: str) -> Decimal | None:
        base, vat, _ = bucket_fields(level)
        stated = number(summary.attribute(vat, "rate"))
        if stated is not None and 0 < stated <= HUNDRED:
            return stated
        return shown_rate(number(summary.text(base)), number(summary.text(vat)), self._law.get(level))


def _only_level(summary: Block) -> str | None:
    used = [level for level in _NAMES if any(number(summary.text(name)) for name in bucket_fields(level))]
    if number(summary.text("priceNone")):
        used.append("none")
    return used[0] if len(used) == 1 else None


def shown_rate(base: Decimal | None, vat: Decimal | None, wish: Decimal | None = None) -> Decimal | None:
    """The percentage that a base and its VAT show; None where they show none.

    Args:
        base: amount without VAT.
        vat: VAT.
        wish: a percentage that is taken if it fits.

    Small amounts fit many rates, so only whole and half percentages are guessed.
    """
    if not base or not vat or (base < 0) != (vat < 0):
        return None
    if wish is not None and _fits(base, vat, wish):
        return wish
    ratio = vat * HUNDRED / base
    if ratio > HUNDRED:
        return None
    guess = (ratio * 2).quantize(Decimal(1)) / 2
    if 0 < guess <= 30 and _fits(base, vat, guess):
        return guess.normalize() if guess != guess.to_integral_value() else guess.quantize(Decimal(1))
    return None


def _fits(base: Decimal, vat: Decimal, rate: Decimal) -> bool:
    """Whether a rate makes the VAT of a base, as closely as roundings allow."""
    return abs(base * rate / HUNDRED - vat) <= max(CENT, abs(base) / 2000)


def vat_on_top(base: Decimal, rate: Decimal) -> Decimal:
    """VAT of an amount without VAT, to the cent."""
    return cents(base * rate / HUNDRED)


def vat_inside(total: Decimal, rate: Decimal) -> Decimal:
    """VAT inside an amount with VAT, to the cent."""
    return cents(total * rate / (HUNDRED + rate))


def cents(amount: Decimal) -> Decimal:
    """An amount rounded to the cent, half a cent away from zero; one beyond all money stays as it is."""
    return amount.quantize(CENT, "ROUND_HALF_UP") if amount.adjusted() < 20 else amount
