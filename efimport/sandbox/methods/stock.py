"""WarehouseGetArticleStockQuantity: what the documents of the sandbox moved in and out of its warehouses."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from lxml import etree

from efimport.sandbox.answers import Answer
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.moving import default_warehouse
from efimport.sandbox.methods.records import element_of, status_of
from efimport.sandbox.methods.searching import criteria
from efimport.sandbox.reading import children, find, read_decimal, read_xml, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Entry
from efimport.sandbox.texts import text

MOST_RECORDS = 50_000
"""Records that are reported where no product is named (reference)."""

_CRITERIA = {
    "queryType": "stock-query", "warehouseCode": "text", "stockDate": "date", "productCode": "text",
    "productStatus": "active-status", "allStockTrackingProducts": "boolean",
}  # fmt: skip
_FOR_ALL = frozenset({"cumulativeforallwarehouses", "availableforallwarehouses", "reservedforallwarehouses"})
_TRACKED = frozenset({"goodswithstockmanagement", "rawmaterial", "intermediateproduct", "product"})
"""Types of product whose stock is tracked (assumed from their names)."""
_KEPT: dict[str, Callable[[Decimal], bool]] = {
    "perwarehousepositivestockonly": lambda quantity: quantity > 0,
    "perwarehousenegativestockonly": lambda quantity: quantity < 0,
    "perwarehousepositiveornegativestockonly": lambda quantity: quantity != 0,
    "perwarehousezerostock": lambda quantity: quantity == 0,
}
"""Queries that leave rows out by their quantity."""

Stock = dict[str, dict[str, Decimal]]


def get_stock(context: Context) -> Answer:
    """Quantities of products, in all warehouses together or warehouse by warehouse; productCode may be repeated.

    A product without stock is shown where it was asked for by its code, as in the examples of the reference.

    Raises:
        RefusedError: a criterion is unknown or says what it cannot, a product does not exist, or a query for all
            warehouses names one.
    """
    wanted = criteria(context, _CRITERIA)
    query = wanted.get("queryType", "cumulativeForAllWarehouses").lower()
    warehouse = wanted.get("warehouseCode", "")
    if warehouse and wanted.get("queryType") and query in _FOR_ALL:
        raise RefusedError(text("search-keys"))
    entries, named = _products(context, wanted)
    stock = _quantities(context, query, wanted.get("stockDate") or context.today)
    if query in _FOR_ALL and not warehouse:
        rows = _rows_for_all(stock, entries, is_named=named)
    else:
        rows = _rows_by_warehouse(stock, entries, query, warehouse, is_named=named)
    return Answer(elements=tuple(rows[:MOST_RECORDS]), as_list=True)


def _products(context: Context, wanted: dict[str, str]) -> tuple[list[Entry], bool]:
    """The products of a query in the order of the request, and whether they were named in it."""
    codes = [one.value.strip() for one in context.request.parameters if one.name == "productCode" and one.value.strip()]
    for code in codes:
        if code not in context.state.products:
            raise RefusedError(text("search-value", value=code))
    entries = [context.state.products[code] for code in dict.fromkeys(codes)] or list(context.state.products.values())
    status = wanted.get("productStatus", "").lower()
    entries = [entry for entry in entries if status in ("", status_of(element_of(entry)))]
    if codes or not context.request.is_set("allStockTrackingProducts"):
        return entries, bool(codes)
    tracked = [entry for entry in entries if text_of(element_of(entry), "type").lower() in _TRACKED]
    return tracked, True


def _quantities(context: Context, query: str, day: str) -> Stock:
    """Quantities by warehouse and product: in stock at the end of a day, less what is reserved, or that alone."""
    stock: Stock = {warehouse: dict(quantities) for warehouse, quantities in context.state.stock.items()}
    for document in (one for documents in context.state.documents.values() for one in documents.values()):
        if document.date > day:
            for warehouse, code, quantity in document.moves:
                _add(stock, warehouse, code, -quantity)
    if "reserved" in query:
        return _reserved(context, day)
    if "available" in query:
        for warehouse, quantities in _reserved(context, day).items():
            for code, quantity in quantities.items():
                _add(stock, warehouse, code, -quantity)
    return stock


def _reserved(context: Context, day: str) -> Stock:
    """What sales orders that are opened hold, "which has not been shipped/delivered yet" (reference)."""
    reserved: Stock = {}
    for order in context.state.documents.get("SalesOrder", {}).values():
        if order.status.lower() != "opened" or order.cancelled or order.date > day:
            continue
        root = read_xml(order.raw)
        items = find(root, "Items")
        for item in children(items, "Item") if items is not None else []:
            code, quantity = text_of(item, "productCode"), read_decimal(text_of(item, "quantity") or "1")
            if code and quantity is not None:
                _add(reserved, text_of(root, "warehouseCode") or default_warehouse(), code, quantity)
    return reserved


def _add(stock: Stock, warehouse: str, code: str, quantity: Decimal) -> None:
    quantities = stock.setdefault(warehouse, {})
    quantities[code] = quantities.get(code, Decimal(0)) + quantity


def _rows_for_all(stock: Stock, entries: list[Entry], *, is_named: bool) -> list[etree._Element]:
    rows = []
    for entry in entries:
        quantities = [one[entry.code] for one in stock.values() if entry.code in one]
        if quantities or is_named:
            rows.append(_row(entry, sum(quantities, Decimal(0))))
    return rows


def _rows_by_warehouse(
    stock: Stock, entries: list[Entry], query: str, warehouse: str, *, is_named: bool
) -> list[etree._Element]:
    """Warehouse by warehouse; the warehouse is told where the query goes by warehouse."""
    shown = "" if query in _FOR_ALL else "warehouse"
    rows = []
    for name in [warehouse] if warehouse else sorted(stock):
        for entry in entries:
            quantity = stock.get(name, {}).get(entry.code, Decimal(0))
            if _is_kept(query, entry, quantity, is_named=is_named):
                rows.append(_row(entry, quantity, name if shown else ""))
    return rows


def _is_kept(query: str, entry: Entry, quantity: Decimal, *, is_named: bool) -> bool:
    if query == "perwarehousebelowminimalstock":
        minimum = read_decimal(text_of(element_of(entry), "minimalStockQuantity"))
        return minimum is not None and quantity < minimum
    kept = _KEPT.get(query)
    return kept(quantity) if kept else is_named or quantity != 0


def _row(entry: Entry, quantity: Decimal, warehouse: str = "") -> etree._Element:
    row = etree.Element("StockQuantityInfo", productCode=entry.code, productDescription=entry.name)
    if warehouse:
        row.set("warehouse", warehouse)
    row.set("quantityOnStock", f"{quantity:.2f}")
    return row
