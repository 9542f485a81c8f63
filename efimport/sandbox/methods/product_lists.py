"""ProductGetByCode and ProductList."""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.answers import Answer, branch
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.records import element_of, status_of
from efimport.sandbox.methods.searching import criteria, fits
from efimport.sandbox.reading import text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Entry
from efimport.sandbox.texts import text

_CRITERIA = {
    "productCode": "text", "productCodeFrom": "text", "productCodeTo": "text", "searchKey": "text",
    "supplierCode": "text", "barCode": "text", "brand": "text", "productGroup": "text", "status": "active-status",
}  # fmt: skip


def get_product(context: Context) -> Answer:
    """One product by its code.

    Raises:
        RefusedError: no code, or no such product.
    """
    return Answer(elements=(_tree(the_product(context)),), as_list=True)


def the_product(context: Context, unknown: str = "product-not-found") -> Entry:
    """The product whose code the request names.

    Args:
        context: the call.
        unknown: the sentence where there is none of that code.

    Raises:
        RefusedError: no code, or no such product.
    """
    code = context.request.value("productCode")
    if not code:
        raise RefusedError(text("product-code-required"))
    entry = context.state.products.get(code)
    if entry is None:
        raise RefusedError(text(unknown, code=code))
    return entry


def list_products(context: Context) -> Answer:
    """Products by code, range of codes, text, supplier, bar code, brand, group and status.

    Several codes with commas between them are taken, as seen in public clients.

    Raises:
        RefusedError: a criterion is unknown or says what it cannot, or nothing was found in the mode ``observed``.
    """
    wanted = criteria(context, _CRITERIA)
    hits = [entry for entry in context.state.products.values() if _meets(wanted, entry.code, element_of(entry))]
    if not hits and context.options.mode == "observed":
        raise RefusedError(text("no-documents"))
    return Answer(elements=(branch("Products", *map(_tree, hits)),), as_list=True)


def _tree(entry: Entry) -> etree._Element:
    return branch("Product", *element_of(entry))


def _meets(wanted: dict[str, str], code: str, element: etree._Element) -> bool:
    told = {name: text_of(element, name) for name in ("barCode", "brand", "supplierCode")}
    groups = {text_of(element, "productGroupPrimary"), text_of(element, "productGroupSecondary")}
    search = wanted.get("searchKey", "").lower()
    status = status_of(element)
    return (
        any(fits(one.strip(), code) for one in wanted.get("productCode", "*").split(","))
        and _is_in_range(code, wanted.get("productCodeFrom", ""), wanted.get("productCodeTo", ""))
        and any(search in text_of(element, name).lower() for name in ("name", "description", "brand"))
        and all(value.lower() == wanted.get(name, value).lower() for name, value in told.items())
        and wanted.get("productGroup", "") in {"", *groups}
        and wanted.get("status", status).lower() == status
    )


def _is_in_range(code: str, first: str, last: str) -> bool:
    """Whether a code lies between two others; "ART-3*" as the last one includes all that begin so."""
    beginning, end = first.removesuffix("*"), last.removesuffix("*")
    return code >= beginning and (not last or code <= end or (last.endswith("*") and code.startswith(end)))
