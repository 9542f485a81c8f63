"""The lines of invoices and orders as the internal format takes them: a quantity and a price without VAT.

The total of a line wins over its unit price (ISDOC 6.0.2 specification, implementation notes), because the total is
what was charged.
"""

from __future__ import annotations

from decimal import Decimal

from efimport.api.call import Element, Scalar
from efimport.documents import Line
from efimport.payloads.elements import elements
from efimport.rounding import CENT, half_up

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


def net_price(line: Line) -> Decimal:
    """Price of a unit without VAT and after discount, so that quantity times price is the total of the line.

    The unit price of the line itself where it makes the total, else the one with the fewest decimals that does.
    """
    pieces, total = quantity(line), net_total(line)
    stated = line.unit_price
    if total is None:
        return ZERO
    if (
        stated is not None
        and not line.price_includes_vat
        and not line.discount_percent
        and _makes(stated, pieces, total)
    ):
        return stated
    if not pieces:
        return ZERO
    exact = total / pieces
    for places in range(2, MOST_PLACES):
        price = half_up(exact, ONE.scaleb(-places))
        if _makes(price, pieces, total):
            return price
    return half_up(exact, ONE.scaleb(-MOST_PLACES))


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


def _makes(price: Decimal, pieces: Decimal, total: Decimal) -> bool:
    return half_up(price * pieces, CENT) == half_up(total, CENT)


def item(line: Line, currency: str | None, rate: Decimal | None, transaction: int | None = None) -> Element:
    """The element ``Item`` of an outgoing document: a line without a product of the service.

    Web service reference, SalesInvoiceCreate and SalesOrderCreate, Items.

    Args:
        line: the line.
        currency: ISO 4217 code of the document.
        rate: VAT in percent.
        transaction: vatTransactionType; None where the document has none on its lines.
    """
    values: list[tuple[str, Scalar | None]] = [
        ("position", line.position),
        ("description", description(line)),
        ("netPrice", net_price(line)),
        ("vatPercentage", rate),
        ("currency", currency),
        ("quantity", quantity(line)),
        ("unit", line.unit),
        ("vatTransactionType", transaction),
    ]
    return Element("Item", children=tuple(elements(values)))
