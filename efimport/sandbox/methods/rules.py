"""The property rules of documents in the internal format (reference: SalesInvoiceCreate and its sisters)."""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.properties import Problems
from efimport.sandbox.methods.tables import DocumentType
from efimport.sandbox.reading import children, find, local_name

_STRUCTURES = frozenset({"Items", "Address"})
_CONTROL_REPORT = (
    ("transNoCoefCalcSN", "zero-or-one"),
    ("kontrolHlasSectionType", "control-section"),
    ("kontrolHlasTransCode", "control-code"),
)
_ITEM_DECIMALS = ("quantity", "price", "netPrice", "discountPercentage", "vatPercentage")


def check_outgoing(context: Context, kind: DocumentType, element: etree._Element) -> None:
    """Check a document that our organization issued.

    Raises:
        RefusedError: with all that is wrong.
    """
    problems = Problems(element)
    problems.check("date", *kind.dates)
    problems.check("decimal", "superDiscountPercentage")
    problems.check("boolean", "isReccurringInvoice")
    problems.check("country", "buyerCountry", "vatCountryIsoCode")
    problems.check_codes(kind.codes.get(context.site, {}).items())
    _check_buyer(context, problems)
    _check_vat_country(context, kind, problems)
    address = find(element, "Address")
    if address is not None:
        inner = problems.inside(address, "Address_")
        inner.check("country", "country")
        inner.check_codes([("type", "address-type")])
    _check_items(context, kind, problems)
    problems.refuse()


def _check_buyer(context: Context, problems: Problems) -> None:
    """A buyer is named by code, by internal identifier, or by name (reference, SalesInvoiceCreate, buyerCode)."""
    code = problems.value("buyerCode")
    if not (code or problems.value("buyerDocumentID") or problems.value("buyerName")):
        problems.add("buyerName", "entry-mandatory")
    elif code and not problems.value("buyerName") and code not in context.state.partners:
        problems.add("buyerCode", "unknown-buyer")
    if problems.value("buyerVatRegistration").startswith("Registered") and not problems.value("buyerTaxNumber"):
        problems.add("buyerTaxNumber", "vat-id-mandatory")


def _check_vat_country(context: Context, kind: DocumentType, problems: Problems) -> None:
    types = kind.country_types.get(context.site, ())
    if problems.value("vatTransactionType") in types and not problems.value("vatCountryIsoCode"):
        problems.add("vatCountryIsoCode", "entry-mandatory")


def _check_items(context: Context, kind: DocumentType, problems: Problems) -> None:
    items = children(_items(problems.element), "Item") if _items(problems.element) is not None else []
    if not items:
        problems.add("Items", "entry-mandatory")
    price = "price" if problems.value("type").lower() == "retail" else "netPrice"
    for count, item in enumerate(items, start=1):
        _check_item(context, kind, problems.inside(item, f"Item{count}_"), price)


def _items(element: etree._Element) -> etree._Element:
    found = find(element, "Items")
    return found if found is not None else etree.Element("Items")


def _check_item(context: Context, kind: DocumentType, item: Problems, price: str) -> None:
    """A product by its code, or a description with a price (reference, SalesInvoiceCreate, items)."""
    code, description = item.value("productCode"), item.value("description")
    if bool(code) == bool(description):
        item.add("productCode", "product-or-description")
    elif description:
        item.need(price)
    elif context.options.unknown_products == "refuse" and code not in context.state.products:
        item.add("productCode", "item-product-unknown")
    item.check("decimal", *_ITEM_DECIMALS)
    item.check("currency", "currency")
    vat_list = kind.codes.get(context.site, {}).get("vatTransactionType")
    item.check_codes([("vatTransactionType", vat_list)] if vat_list else [])
    if context.site in kind.control_report_sites:
        item.check_codes(_CONTROL_REPORT)
    # "Foreign VAT transaction types (100, 8 and 5) can only be set on document level": SI only (its own page).
    if context.site == "SI" and item.value("vatTransactionType") in kind.country_types.get("SI", ()):
        item.add("vatTransactionType", "document-level-only")


def _first(element: etree._Element, name: str) -> etree._Element:
    return children(element, name)[0]


def unknown_elements(kind: DocumentType, site: str, element: etree._Element) -> list[str]:
    """Elements that the reference does not list for the document; the real service would silently pass over them."""
    unknown = [name for name in map(local_name, children(element)) if name not in kind.elements | _STRUCTURES]
    known = set(kind.item_elements)
    if site in kind.control_report_sites:
        known.update(name for name, _ in _CONTROL_REPORT)
    if kind.rules == "bill":
        # The reference lost the names of its lists.
        unknown = [name for name in unknown if not children(_first(element, name))]
    for item in children(_items(element), "Item"):
        unknown += [f"Item/{name}" for name in map(local_name, children(item)) if name not in known]
    return sorted(set(unknown))
