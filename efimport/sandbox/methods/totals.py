"""Totals of documents in the internal format, as far as the elements of the request give them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

from efimport.sandbox.reading import children, find, read_decimal, text_of

_CENT = Decimal("0.01")


def document_total(element: etree._Element) -> Decimal | None:
    """Total including VAT in the currency of the items; None where an item has no price of its own.

    With type ``retail`` the price includes VAT, with ``gross`` netPrice is without (reference, SalesInvoiceCreate).
    Discounts are percentages. Rounding to cents an item, half up: an assumption.
    """
    retail = text_of(element, "type").lower() == "retail"
    document_discount = _percent(element, "superDiscountPercentage")
    total = Decimal(0)
    items = find(element, "Items")
    for item in children(items, "Item") if items is not None else []:
        price = read_decimal(text_of(item, "price" if retail else "netPrice"))
        if price is None:
            return None
        amount = price * (read_decimal(text_of(item, "quantity")) or Decimal(0))
        amount *= (1 - _percent(item, "discountPercentage")) * (1 - document_discount)
        if not retail:
            amount *= 1 + _percent(item, "vatPercentage")
        total += amount.quantize(_CENT, rounding=ROUND_HALF_UP)
    return total


def document_currency(element: etree._Element) -> str:
    """Currency of the first item that names one; empty where none does."""
    items = find(element, "Items")
    currencies = [text_of(item, "currency") for item in children(items, "Item")] if items is not None else []
    return next((currency for currency in currencies if currency), "")


def _percent(element: etree._Element, name: str) -> Decimal:
    return (read_decimal(text_of(element, name)) or Decimal(0)) / 100
