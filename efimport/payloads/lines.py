"""What a line of an invoice or an order comes to: its text, its quantity, its total without VAT."""

from __future__ import annotations

from decimal import Decimal

from efimport.documents import Line
from efimport.rounding import half_up

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
MOST_PLACES = 12


def description(line: Line) -> str:
    """What stands on the line; every line of the internal format needs a text."""
    return line.description or line.note or line.product_code or str(line.position)


def quantity(line: Line) -> Decimal:
    """The quantity; one where the line states an amount and no quantity, or the quantity zero."""
    if line.quantity is None:
        return ONE
    return line.quantity if line.quantity or not net_total(line) else ONE


def net_total(line: Line) -> Decimal | None:
    """The total without VAT: as stated, else worked out from the total with VAT or from the price."""
    if line.total_without_vat is not None:
        return line.total_without_vat
    if line.total_with_vat is not None:
        if line.vat is not None:
            return line.total_with_vat - line.vat
        return half_up(line.total_with_vat / _factor(line))
    if line.unit_price is None:
        return None
    pieces = ONE if line.quantity is None else line.quantity
    total = pieces * line.unit_price * (1 - (line.discount_percent or ZERO) / HUNDRED)
    if line.price_includes_vat:
        return half_up(half_up(total) / _factor(line))
    return half_up(total)


def _factor(line: Line) -> Decimal:
    return 1 + (line.vat_rate or ZERO) / HUNDRED
