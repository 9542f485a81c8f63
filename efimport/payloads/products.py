"""Products, alone and many in one call.

Source: web service reference, chapter Products API (ProductImport, ProductCreate, ProductGetByCode, ProductMassImport).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from efimport.api import catalogue
from efimport.api.call import Attribute, Call, Element, Nested, Scalar
from efimport.api.catalogue import Argument
from efimport.api.elements import document
from efimport.documents import Product
from efimport.findings import Finding, finding
from efimport.mappings import codes, home_currencies, rates_in_force
from efimport.payloads.elements import completed
from efimport.payloads.outgoing import mapped
from efimport.payloads.target import Routed, Target, is_mapped, location, make

SINGLE, MASS = "ProductImport", "ProductMassImport"
MOST = 5000
"""Products in one call (ProductMassImport)."""

NEEDED = (
    ("product.no-code", ("productCode",)),
    ("product.no-name", ("name", "description")),
    ("product.vat-rate-unknown", ("vatPercentage",)),
    ("product.no-price", ("retailPrice", "grossPrice")),
)
"""What a product cannot do without: one of the elements, and what is said where there is none (ProductCreate)."""


def single(product: Product, method: str, target: Target) -> Routed:
    """One product; type, status and code explicit.

    Raises:
        CallError: the call does not fit the reference.
    """
    kind, problem = _type(product, target)
    rules = document("product", target.site).root
    children = tuple(completed(rules, _fields(product, kind, target), product.service_elements))
    values = {one.name: one.value for one in children}
    problems = [finding(code, location(product)) for code, names in NEEDED if not any(name in values for name in names)]
    if problem is not None and "type" not in values:
        problems.append(problem)
    if problems:
        return Routed(findings=tuple(problems))
    arguments: list[tuple[str, Argument]] = [("importType", target.import_type), ("product", children)]
    return Routed(
        call=make(method, arguments, target.site),
        identity=str(values["productCode"]),
        findings=tuple(_notes(product, values["vatPercentage"], target)),
        joins=MASS if set(values) <= set(basic()) and target.products_as == "mass" else None,
    )


def _fields(product: Product, kind: str | None, target: Target) -> Iterator[tuple[str, Scalar | None]]:
    yield "productCode", (product.code or "").strip()
    yield "barCode", product.ean
    yield "catalogueCode", product.catalogue_code
    yield "status", "inactive" if product.active is False else "active"
    yield "type", kind
    yield "trackItemsBySerialNumbers", product.serial_numbers or None
    yield "name", product.name
    yield "description", product.description
    yield "productGroupPrimary", product.group if is_mapped(product) else None
    yield "brand", product.brand
    yield "unit", _unit(product.unit, target)
    yield "minimalStockQuantity", product.minimal_stock
    yield "warrantyPeriod", product.warranty_months
    yield "weight", product.weight
    yield "vatPercentage", product.vat_rate
    yield "currency", product.currency or home_currencies()[target.site]
    yield "purchasePrice", product.purchase_price
    yield ("retailPrice" if product.sales_price_includes_vat else "grossPrice"), product.sales_price
    if product.online is not None:
        yield "onlineShopVisibility", "visibleOnline" if product.online else "notVisibleOnline"


def _unit(unit: str | None, target: Target) -> str | None:
    """The unit in the word of the service, the same as in the lines of documents."""
    known = mapped(codes("units", target.codes)["unit"], unit) if unit else None
    return unit if known is None else str(known)


def _type(product: Product, target: Target) -> tuple[str | None, Finding | None]:
    """The type of the service for the word of the source, or the finding that names the line that is missing."""
    tables = codes("products", target.codes)
    word = " ".join((product.product_type or "").split())
    if not word:
        return str(tables["usual"]["type"]), None
    found = mapped(tables["type"], word)
    if found is not None:
        return str(found), None
    return None, finding("product.type-unknown", location(product), type=word, key=word.casefold())


def _notes(product: Product, rate: Scalar | None, target: Target) -> Iterator[Finding]:
    place = location(product)
    rates = {Decimal(0), *rates_in_force(target.site, None, target.codes).values()}
    percent = _number(rate)
    if percent is not None and percent not in rates:
        listed = ", ".join(format(one.normalize(), "f") for one in sorted(rates))
        yield finding("product.vat-rate-unusual", place, rate=format(percent.normalize(), "f"), rates=listed)
    if product.note:
        yield finding("product.note-not-carried", place)
    if product.group and not is_mapped(product):
        yield finding("product.group-not-carried", place, group=product.group)


def _number(value: Scalar | None) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def basic() -> tuple[str, ...]:
    """What a product has at most that goes with others ("basic data"), in the order of ProductMassImport."""
    entry = document("products", "CZ").rule("product")
    assert entry is not None
    assert entry.inside is not None
    return entry.inside.names


# Many in one call


def many(singles: Iterable[Call]) -> Call:
    """The call that carries what these calls of one product each carry, in their order; all have one import type.

    The elements around a product are not printed in the reference; they follow those of its other lists.

    Raises:
        CallError: the call does not fit the reference.
    """
    singles = tuple(singles)
    places = {name: place for place, name in enumerate(basic())}
    products = tuple(Element("product", children=_basic(one, places)) for one in singles)
    import_type = singles[0]["importType"]
    assert isinstance(import_type, Attribute)
    rules = catalogue.method(MASS)
    return Call(MASS, (rules.argument("importType", import_type.value), rules.argument("products", products)))


def _basic(call: Call, places: Mapping[str, int]) -> tuple[Element, ...]:
    """The elements of a product in the order of ProductMassImport."""
    product = call["product"]
    assert isinstance(product, Nested)
    return tuple(sorted(product.children, key=lambda element: places[element.name]))
