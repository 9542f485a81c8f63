"""Prices of items that name a product and no price: "default values and those from specified product" (reference)."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal

from lxml import etree

from efimport.sandbox.answers import leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.totals import rounded
from efimport.sandbox.reading import children, find, read_decimal, read_xml, text_of

_UNIT = Decimal("0.00001")


def priced(context: Context, element: etree._Element) -> etree._Element:
    """A copy of a document whose items have the price, VAT rate and currency of their products.

    What an item says itself stays. The price is with VAT where the pricing is ``retail``, else without.
    """
    whole = deepcopy(element)
    items = find(whole, "Items")
    for item in children(items, "Item") if items is not None else []:
        product = _product(context, text_of(item, "productCode"))
        if product is not None and not (text_of(item, "price") or text_of(item, "netPrice")):
            _add_price(whole, item, product)
    return whole


def add_names(context: Context, item: etree._Element) -> None:
    """Add what Get tells of the product of an item (reference, SalesInvoiceGet: articleCode, articleName ...)."""
    code = text_of(item, "productCode")
    entry = context.state.products.get(code)
    if entry is not None:
        for name, value in (("articleCode", code), ("articleName", entry.name), ("productName", entry.name)):
            if find(item, name) is None:
                item.append(leaf(name, value))


def _product(context: Context, code: str) -> etree._Element | None:
    entry = context.state.products.get(code)
    return read_xml(entry.raw) if entry is not None and entry.raw else None


def _add_price(element: etree._Element, item: etree._Element, product: etree._Element) -> None:
    pricing = text_of(element, "invoicePricingType") or text_of(element, "type")
    rate = 1 + (read_decimal(text_of(item, "vatPercentage") or text_of(product, "vatPercentage")) or Decimal(0)) / 100
    gross, net = read_decimal(text_of(product, "retailPrice")), read_decimal(text_of(product, "grossPrice"))
    if gross is None and net is not None:
        gross = net * rate
    if net is None and gross is not None:
        net = gross / rate
    price = gross if pricing.lower() == "retail" else net
    if price is not None:
        name = "price" if pricing.lower() == "retail" else "netPrice"
        item.append(leaf(name, str(rounded(price, _UNIT))))
    for name in ("vatPercentage", "currency"):
        if not text_of(item, name) and text_of(product, name):
            item.append(leaf(name, text_of(product, name)))
