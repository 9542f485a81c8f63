"""Products. Source: web service reference, ProductImport and ProductMassImport."""

from __future__ import annotations

from collections.abc import Iterator

from efimport.api.call import Scalar
from efimport.api.catalogue import Argument
from efimport.documents import Product
from efimport.mappings import home_currencies
from efimport.payloads.elements import elements
from efimport.payloads.target import Routed, Target, make, refused

STOCK_TYPES = {"card": "goodsWithStockManagement", "product": "product", "service": "services", "text": "services"}
"""Type of the product by POHODA stockType; anything else is goods without stock management."""


def single(product: Product, method: str, target: Target) -> Routed:
    """One product; type, status and code explicit.

    Raises:
        CallError: the call does not fit the reference.
    """
    if not product.code:
        return refused(product, "product.no-code")
    if not product.name and not product.description:
        return refused(product, "product.no-name")
    if product.vat_rate is None:
        return refused(product, "product.vat-rate-unknown")
    if product.sales_price is None:
        return refused(product, "product.no-price")
    children = tuple(elements(_fields(product, product.sales_price, target.site)))
    arguments: list[tuple[str, Argument]] = [("importType", target.import_type), ("product", children)]
    return Routed(call=make(method, arguments, target.site), identity=product.code)


def _fields(product: Product, price: Scalar, site: str) -> Iterator[tuple[str, Scalar | None]]:
    yield "productCode", product.code
    yield "status", "active"
    yield "type", STOCK_TYPES.get(product.product_type or "", "goodsWithoutStockManagement")
    yield "name", product.name
    yield "description", product.description
    yield "unit", product.unit
    yield "vatPercentage", product.vat_rate
    yield "currency", product.currency or home_currencies()[site]
    yield "purchasePrice", product.purchase_price
    yield ("retailPrice" if product.sales_price_includes_vat else "grossPrice"), price
