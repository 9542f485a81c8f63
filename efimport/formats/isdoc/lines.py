"""The lines of an invoice. Source: ISDOC 6.0.2 specification, InvoiceLine."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from efimport.documents import Line
from efimport.formats.isdoc.node import Node, Values

CENT = Decimal("0.01")
PERCENT_PLACES = Decimal("0.0001")
PRICE_PLACES = Decimal("0.0000000001")
"""A price that had to be divided out is rounded to ten places: enough for the total of a million pieces."""


def lines(root: Node, values: Values) -> tuple[Line, ...]:
    """All lines in the order of the file."""
    return tuple(
        _line(node, position, values) for position, node in enumerate(root.each("InvoiceLines", "InvoiceLine"), 1)
    )


def _line(node: Node, position: int, values: Values) -> Line:
    category = node.one("ClassifiedTaxCategory")
    reverse = category.one("LocalReverseCharge") if category is not None else None
    total = values.money(node, "LineExtensionAmount")
    total_with_vat = values.money(node, "LineExtensionAmountTaxInclusive")
    quantity = _quantity(node, values, total, total_with_vat)
    from_above = category is not None and category.text("VATCalculationMethod") == "1"
    price = _unit_price(node, values, quantity, total_with_vat if from_above else total, from_above=from_above)
    note = node.text("Note")
    description = node.text("Item", "Description")
    return Line(
        position=position,
        description=description or note,
        product_code=node.text("Item", "SellersItemIdentification", "ID"),
        ean=node.text("Item", "CatalogueItemIdentification", "ID"),
        quantity=quantity,
        unit=_unit(node),
        unit_price=price,
        price_includes_vat=from_above,
        discount_percent=_discount(node, values, price, quantity, from_above=from_above),
        vat_rate=values.amount(category, "Percent"),
        total_without_vat=total,
        vat=_vat(node, values, total, total_with_vat),
        total_with_vat=total_with_vat,
        reverse_charge=reverse is not None,
        reverse_charge_code=reverse.text("LocalReverseChargeCode") if reverse is not None else None,
        note=note if description else None,
    )


def _quantity(node: Node, values: Values, *totals: Decimal | None) -> Decimal | None:
    stated = values.amount(node, "InvoicedQuantity")
    if stated is None and node.text("InvoicedQuantity") is None and any(total is not None for total in totals):
        return Decimal(1)
    return stated


def _unit(node: Node) -> str | None:
    quantity = node.one("InvoicedQuantity")
    return (quantity.element.get("unitCode") or "").strip() or None if quantity is not None else None


def _unit_price(
    node: Node, values: Values, quantity: Decimal | None, total: Decimal | None, *, from_above: bool
) -> Decimal | None:
    """The price of one unit; in foreign currency it is divided out, because UnitPrice is in the home currency."""
    if not values.foreign:
        return values.amount(node, "UnitPriceTaxInclusive" if from_above else "UnitPrice")
    if total is None or not quantity:
        return Decimal(0) if total == 0 else None
    price = total / quantity
    return price if price * quantity == total else _rounded(price, PRICE_PLACES)


def _vat(node: Node, values: Values, total: Decimal | None, total_with_vat: Decimal | None) -> Decimal | None:
    """VAT of the line; LineExtensionTaxAmount has no twin in the document's currency."""
    if not values.foreign:
        return values.amount(node, "LineExtensionTaxAmount")
    return total_with_vat - total if total is not None and total_with_vat is not None else None


def _discount(
    node: Node, values: Values, price: Decimal | None, quantity: Decimal | None, *, from_above: bool
) -> Decimal | None:
    """The discount in percent, where the unit price is the one before the discount.

    A line states its totals before and after the discount, but not which of them the unit price belongs to.
    """
    name = "LineExtensionAmountTaxInclusive" if from_above else "LineExtensionAmount"
    before, after = values.amount(node, name + "BeforeDiscount"), values.amount(node, name)
    if values.foreign or not before or after is None or price is None or quantity is None or before == after:
        return None
    if abs(price * quantity - before) > CENT:
        return None
    return _rounded((before - after) / before * 100, PERCENT_PLACES)


def _rounded(value: Decimal, places: Decimal) -> Decimal:
    try:
        return value.quantize(places, ROUND_HALF_UP).normalize()
    except InvalidOperation:
        # More digits than the arithmetic holds: there is nothing behind the point to round.
        return value
