"""The amounts of a document in foreign currency, against each other and against those in home currency.

Source: POHODA XML, type.xsd (typeCurrencyForeign, typeCurrencyForeignItem): ``rate`` is home currency for ``amount``
units; on import the block in home currency counts for nothing where the foreign one is there.
"""

from __future__ import annotations

from decimal import Decimal

from efimport.formats.pohoda.fields import Block, number
from efimport.formats.pohoda.lines import ZERO, Amounts, DetailLine, sum_of
from efimport.formats.pohoda.rates import CENT, cents

ONE = Decimal(1)
_PARTS = tuple(f"price{level}{part}" for level in ("High", "Low", "3") for part in ("", "VAT"))
_AMOUNTS = ("unitPrice", "price", "priceSum")


def check_foreign(summary: Block, lines: list[DetailLine]) -> None:
    """The rules for a document in foreign currency.

    Args:
        summary: the element ``invoiceSummary`` or ``orderSummary``.
        lines: its lines, with their amounts in foreign currency.
    """
    foreign = summary.block("foreignCurrency")
    if lines:
        _check_sum(foreign, lines)
    _check_home(summary.block("homeCurrency"), foreign, lines)


def _check_sum(foreign: Block, lines: list[DetailLine]) -> None:
    """The lines make the total."""
    if all(one.amounts == Amounts() for one in lines):
        homely = next((one for one in lines if _has_home_amounts(one, foreign)), None)
        if homely is not None:
            foreign.notes.add("pohoda.foreign-amounts-missing", homely.element, currency=_code(foreign))
        return
    stated = number(foreign.text("priceSum"))
    net, vat = sum_of(lines, "net"), sum_of(lines, "vat")
    if stated is None or net is None or vat is None:
        return
    items = [one for one in lines if one.line is not None]
    without_deductions = (sum_of(items, "net") or ZERO) + (sum_of(items, "vat") or ZERO)
    tolerance = max(ONE, CENT * len(lines))
    if min(abs(stated - net - vat), abs(stated - without_deductions)) > tolerance:
        foreign.notes.add(
            "pohoda.lines-mismatch", foreign.child("priceSum"), name="priceSum", stated=stated, computed=net + vat
        )


def _has_home_amounts(one: DetailLine, foreign: Block) -> bool:
    home = Block(one.element, foreign.notes).block("homeCurrency")
    return any(number(home.text(name)) for name in _AMOUNTS)


def _code(foreign: Block) -> str:
    return foreign.reference("currency") or "-"


def _check_home(home: Block, foreign: Block, lines: list[DetailLine]) -> None:
    """Total, rate of exchange and recapitulation in home currency belong together, where all of them are stated."""
    total, rate, units = (number(foreign.text(name)) for name in ("priceSum", "rate", "amount"))
    parts = [number(home.text(name)) for name in ("priceNone", *_PARTS)]
    stated = sum((part for part in parts if part is not None), ZERO)
    if not total or rate is None or rate <= 0 or not stated:
        return
    factor = rate / (units or ONE)
    # Each line is rounded in both currencies, the total to a whole unit of either at most.
    tolerance = (ONE + factor) * (ONE + CENT * (1 + len(lines)))
    deducted = sum((one.advance.amount or ZERO for one in lines if one.advance is not None), ZERO)
    if all(abs(amount * factor - stated) > tolerance for amount in (total, total + deducted, total - deducted)):
        foreign.notes.add(
            "pohoda.exchange-mismatch",
            foreign.child("priceSum"),
            home=stated,
            total=total,
            currency=_code(foreign),
            rate=rate,
            amount=units or ONE,
            computed=cents(total * factor),
        )
