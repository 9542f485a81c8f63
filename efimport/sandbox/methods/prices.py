"""Prices of products: price calculations, price lists, and price discount actions.

What stands inside a price calculation and a discount action is not printed in the reference. Assumed: the prices are
called as in GoodsReceiptCreate (supplierPrice, grossPrice, salesPrice), an action as the criteria of its list.
"""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.answers import Answer, branch, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.product_lists import the_product
from efimport.sandbox.methods.properties import Problems
from efimport.sandbox.methods.records import element_of, merged
from efimport.sandbox.methods.searching import criteria, is_within
from efimport.sandbox.reading import canonical, children, local_name, read_boolean, read_decimal, read_xml, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Entry
from efimport.sandbox.texts import text

MOST_CALCULATIONS = 5000
"""Price calculations in one ProductMassPriceCalculationUpdate (reference)."""

_PRICES = ("supplierPrice", "inventoryPrice", "grossPrice", "salesPrice")
_OF_PRODUCT = {"grossPrice": "grossPrice", "salesPrice": "retailPrice"}
"""Prices of a calculation that a product has too, by its own names."""

_ACTION_CRITERIA = {
    "productCode": "text", "productGroupCode": "text", "buyerGroupCode": "text", "warehouseCode": "text",
    "validFrom": "date", "validTo": "date", "discountPercentage": "decimal",
}  # fmt: skip


def update_calculation(context: Context) -> Answer:
    """Change the price calculation of a product; applyPricesToArticle changes the prices of the product with it.

    Raises:
        RefusedError: no code, no such product, no calculation, or a price is no number.
    """
    entry = the_product(context, "product-unknown")
    element = context.nested("priceCalculation", text("calculation-missing", name="priceCalculation"))
    problems = Problems(element)
    problems.check("decimal", *_PRICES)
    problems.refuse()
    _calculate(context, entry, element)
    return Answer(elements=(leaf("message", text("calculation-updated", code=entry.code)),))


def update_calculations(context: Context) -> Answer:
    """Change the price calculations of up to 5000 products; one message for each that was changed.

    As in ProductMassImport, one bad calculation does not stop the others (assumed).

    Raises:
        RefusedError: no calculations, or more than 5000.
    """
    element = context.nested("priceCalculations", text("calculation-missing", name="priceCalculations"))
    blocks = [block for block in element.iter() if children(block, "productCode")]
    if not blocks:
        raise RefusedError(text("calculation-missing", name="priceCalculations"))
    if len(blocks) > MOST_CALCULATIONS:
        raise RefusedError(text("calculations-limit"))
    messages, wrong = [], []
    for block in blocks:
        code = text_of(block, "productCode")
        entry = context.state.products.get(code)
        problems = Problems(block)
        problems.check("decimal", *_PRICES)
        if entry is None:
            wrong.append(text("mass-product-unknown", code=code))
        elif problems.found:
            wrong += [f"{code} #{name} - {why}" for name, why in problems.found]
        else:
            _calculate(context, entry, block)
            messages.append(leaf("message", text("mass-calculation-updated", code=code)))
    return Answer(elements=tuple(messages), error=", ".join(wrong) or None)


def _calculate(context: Context, entry: Entry, element: etree._Element) -> None:
    entry.price_calculation = canonical(merged(entry.price_calculation, element))
    entry.received += 1
    if context.request.is_set("applyPricesToArticle"):
        changes = etree.Element("parameter")
        prices = {own: text_of(element, name) for name, own in _OF_PRODUCT.items()}
        changes.extend(leaf(own, price) for own, price in prices.items() if price)
        entry.raw = canonical(merged(entry.raw, changes))
        entry.written += 1


def get_price_list(context: Context) -> Answer:
    """The price list of a product that uses one: its calculated prices, else its own; element names are assumed.

    Raises:
        RefusedError: a criterion is unknown or says what it cannot, no code, no such product, or it uses no price list.
    """
    wanted = criteria(context, {"productCode": "text", "priceListCurrency": "text", "priceListDate": "date"})
    entry = the_product(context)
    product = element_of(entry)
    if read_boolean(text_of(product, "useOfPriceList") or "false") is not True:
        raise RefusedError(text("price-list-disabled"))
    currency = text_of(product, "currency")
    rows = []
    if wanted.get("priceListCurrency", currency) == currency:
        day = wanted.get("priceListDate", context.today)
        rows.append(branch("PriceListItem", leaf("currency", currency), leaf("date", day), *_prices(entry, product)))
    return Answer(elements=(branch("PriceList", leaf("productCode", entry.code), *rows),), as_list=True)


def _prices(entry: Entry, product: etree._Element) -> list[etree._Element]:
    calculated = read_xml(entry.price_calculation) if entry.price_calculation else None
    prices = {
        "grossPrice": text_of(calculated, "grossPrice") or text_of(product, "grossPrice"),
        "retailPrice": text_of(calculated, "salesPrice") or text_of(product, "retailPrice"),
    }
    return [leaf(name, price) for name, price in prices.items() if price]


def add_action(context: Context) -> Answer:
    """Add a price discount action for each product that it names; every call adds, so that a repeat shows.

    Raises:
        RefusedError: no action, a product that does not exist, or properties are wrong.
    """
    missing = text("parameter-specified", name="priceDiscountAction")
    element = context.nested("priceDiscountAction", missing)
    blocks = [block for block in element.iter() if children(block, "productCode")] or [element]
    codes = [text_of(child) for block in blocks for child in children(block, "productCode") if text_of(child)]
    for code in codes:
        if code not in context.state.products:
            raise RefusedError(text("action-product-unknown", code=code))
    told = {local_name(node): text_of(node) for node in element.iter() if local_name(node) and not children(node)}
    problems = Problems(branch("parameter", *(leaf(name, value) for name, value in told.items())))
    problems.need("productCode", "discountPercentage")
    problems.check("date", "validFrom", "validTo")
    problems.check("decimal", "discountPercentage")
    problems.refuse()
    context.state.discount_actions += [{**told, "productCode": code} for code in codes]
    messages = (leaf("message", text("action-added", code=code)) for code in codes)
    return Answer(elements=tuple(messages))


def list_actions(context: Context) -> Answer:
    """Price discount actions by product, group, group of buyers, warehouse, percentage, and overlap with a period.

    Raises:
        RefusedError: a criterion is unknown or says what it cannot, or no action was found.
    """
    wanted = criteria(context, _ACTION_CRITERIA, unknown="search-key")
    hits = [action for action in context.state.discount_actions if _is_action(wanted, action)]
    if not hits:
        raise RefusedError(text("actions-none"))
    rows = (branch("PriceDiscountAction", *(leaf(*pair) for pair in action.items())) for action in hits)
    return Answer(elements=(branch("PriceDiscountActions", *rows),), as_list=True)


def _is_action(wanted: dict[str, str], action: dict[str, str]) -> bool:
    codes = ("productCode", "productGroupCode", "buyerGroupCode", "warehouseCode")
    begins, ends = action.get("validFrom") or "0001-01-01", action.get("validTo") or "9999-12-31"
    percentage = read_decimal(wanted.get("discountPercentage", ""))
    return (
        all(action.get(name, "") == wanted[name] for name in codes if name in wanted)
        and is_within(ends, wanted.get("validFrom", ""), "")
        and is_within(begins, "", wanted.get("validTo", ""))
        and percentage in (None, read_decimal(action["discountPercentage"]))
    )
