"""Totals of documents in the internal format, as far as the elements of the request give them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from lxml import etree

from efimport.sandbox.reading import children, find, read_decimal, text_of

_CENT = Decimal("0.01")
_PRICE = Decimal("0.00001")
_NORMAL_RATES = {"CZ": (Decimal(21), Decimal(20), Decimal(19)), "SI": (Decimal(22), Decimal(20)), "HR": (Decimal(25),)}
"""Normal VAT rates of each site, today's and earlier ones."""


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
        total += rounded(amount)
    return total


def document_currency(element: etree._Element) -> str:
    """Currency of the first item that names one; empty where none does."""
    items = find(element, "Items")
    currencies = [text_of(item, "currency") for item in children(items, "Item")] if items is not None else []
    return next((currency for currency in currencies if currency), "")


def rounded(amount: Decimal, unit: Decimal = _CENT) -> Decimal:
    """An amount rounded half up, however long it is: clients send nonsense, and are to be answered."""
    return amount.quantize(unit, rounding=ROUND_HALF_UP, context=Context(prec=1_000_000))


def item_amounts(element: etree._Element, item: etree._Element) -> dict[str, Decimal]:
    """The amounts of an item that Get adds: without VAT, before and after the discount, and VAT.

    Args:
        element: the document, as it was sent or as Get shows it.
        item: one of its items.

    Returns:
        Amounts by the names that Get prints; empty where the item has no price of its own.
    """
    retail, price = _own_price(element, item)
    if price is None:
        return {}
    rate = 1 + _percent(item, "vatPercentage")
    whole = price * (read_decimal(text_of(item, "quantity")) or Decimal(0))
    kept = (1 - _percent(item, "discountPercentage")) * (1 - _percent(element, "superDiscountPercentage"))
    net = whole / rate if retail else whole
    gross = rounded(whole * kept if retail else whole * kept * rate)
    amount, without = rounded(net * kept), rounded(net)
    return {
        "amount": amount,
        "amountWithoutDiscount": without,
        "discountAmount": without - amount,
        "vatAmount": gross - amount,
    }


def item_prices(element: etree._Element, item: etree._Element) -> dict[str, Decimal]:
    """Both prices of an item, with and without VAT; empty where it has none of its own."""
    retail, price = _own_price(element, item)
    if price is None:
        return {}
    rate = 1 + _percent(item, "vatPercentage")
    gross, net = (price, price / rate) if retail else (price * rate, price)
    prices = {"price": rounded(gross, _PRICE), "netPrice": rounded(net, _PRICE)}
    return prices | {f"{name}InDocumentCurrency": value for name, value in prices.items()}


def total_discount(element: etree._Element, item: etree._Element) -> Decimal:
    """The discount of an item and that of its document together, in percent."""
    kept = (1 - _percent(item, "discountPercentage")) * (1 - _percent(element, "superDiscountPercentage"))
    return (1 - kept) * 100


def vat_totals(element: etree._Element, site: str) -> dict[str, Decimal]:
    """Totals of a document by VAT rate, with the names of the site's reference (SalesInvoiceGet, DebitNoteGet).

    The Croatian page has a second lower rate where the others have a flat rate.
    """
    fourth = "LowerRate2" if site == "HR" else "FlatRate"
    totals = {"totalDiscount": Decimal(0), "totalNetAmount": Decimal(0)}
    for what in ("Vat", "VatBase"):
        totals |= {f"total{what}Amount{rate}": Decimal(0) for rate in (fourth, "NormalRate", "LowerRate", "ZeroRate")}
    items = find(element, "Items")
    for item in children(items, "Item") if items is not None else []:
        amounts = item_amounts(element, item)
        if amounts:
            rate = _rate_name(item, site)
            totals["totalDiscount"] += amounts["discountAmount"]
            totals["totalNetAmount"] += amounts["amount"]
            totals[f"totalVatAmount{rate}"] += amounts["vatAmount"]
            totals[f"totalVatBaseAmount{rate}"] += amounts["amount"]
    return totals


def _rate_name(item: etree._Element, site: str) -> str:
    rate = read_decimal(text_of(item, "vatPercentage")) or Decimal(0)
    if not rate:
        return "ZeroRate"
    return "NormalRate" if rate in _NORMAL_RATES[site] else "LowerRate"


def _percent(element: etree._Element, name: str) -> Decimal:
    return (read_decimal(text_of(element, name)) or Decimal(0)) / 100


def _own_price(element: etree._Element, item: etree._Element) -> tuple[bool, Decimal | None]:
    """Whether prices of the document include VAT, and the price of an item in that sense."""
    pricing = text_of(element, "invoicePricingType") or text_of(element, "type")
    retail = pricing.lower() == "retail"
    return retail, read_decimal(text_of(item, "price" if retail else "netPrice"))
