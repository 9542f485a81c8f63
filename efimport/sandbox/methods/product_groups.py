"""ProductGroupCreate, ProductGroupUpdate, ProductGroupDelete, ProductGroupGetByCode, ProductGroupList.

The tables of the reference call the parameters ProductGroup and ProductGroupCode, its examples productGroup and
productGroupCode; both are taken.
"""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.answers import Answer, branch, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.properties import Problems
from efimport.sandbox.methods.records import element_of, merged, only_match, status_of, unlisted
from efimport.sandbox.methods.searching import criteria, fits
from efimport.sandbox.reading import canonical, digest, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Entry
from efimport.sandbox.texts import text

_CRITERIA = {
    "ProductGroupCode": "text",
    "productGroupCode": "text",
    "productGroupDescription": "text",
    "status": "active-status",
}


def create_group(context: Context) -> Answer:
    """Create a product group.

    Raises:
        RefusedError: no group, the code exists, or properties are wrong.
    """
    if not any(context.request.parameter(name) for name in ("ProductGroup", "productGroup")):
        raise RefusedError(text("group-parameter"))
    element = _nested(context, text("group-not-created"))
    code = text_of(element, "productGroupCode")
    existing = context.state.product_groups.get(code)
    if existing is not None:
        existing.received += 1
        raise RefusedError(text("group-exists", code=code))
    _check(element)
    return _stored(context, element, code)


def update_group(context: Context) -> Answer:
    """Change a product group; what is not sent stays (assumed).

    The reference marks the same properties as mandatory as in ProductGroupCreate, so they are wanted again.

    Raises:
        RefusedError: no group, no code, no such group, or properties are wrong.
    """
    element = _nested(context, text("group-needed"))
    code = text_of(element, "productGroupCode")
    if not code:
        raise RefusedError(text("group-property-code"))
    entry = context.state.product_groups.get(code)
    if entry is None:
        raise RefusedError(text("group-unknown", code=code))
    entry.received += 1
    _check(element)
    return _stored(context, element, code)


def delete_group(context: Context) -> Answer:
    """Remove a product group; a star in the code stands for any characters (assumed), and may find several.

    Raises:
        RefusedError: no code, no such group, or several.
    """
    code = _code(context)
    entry = only_match(context.state.product_groups, code, unknown="group-unknown", several="groups-several")
    del context.state.product_groups[entry.code]
    return Answer()


def get_group(context: Context) -> Answer:
    """One product group by its code.

    Raises:
        RefusedError: no code, or no such group.
    """
    code = _code(context)
    entry = context.state.product_groups.get(code)
    if entry is None:
        raise RefusedError(text("group-not-found", code=code))
    return Answer(elements=(_tree(entry),), as_list=True)


def list_groups(context: Context) -> Answer:
    """Product groups by code, a part of the description, and status.

    Raises:
        RefusedError: a criterion is unknown or says what it cannot, or nothing was found in the mode ``observed``.
    """
    wanted = criteria(context, _CRITERIA)
    hits = [entry for entry in context.state.product_groups.values() if _meets(wanted, entry)]
    if not hits and context.options.mode == "observed":
        raise RefusedError(text("no-documents"))
    return Answer(elements=(branch("ProductGroups", *map(_tree, hits)),), as_list=True)


def _meets(wanted: dict[str, str], entry: Entry) -> bool:
    status = status_of(element_of(entry))
    code = wanted.get("ProductGroupCode") or wanted.get("productGroupCode") or "*"
    return (
        fits(code, entry.code)
        and wanted.get("productGroupDescription", "").lower() in entry.name.lower()
        and wanted.get("status", status).lower() == status
    )


def _nested(context: Context, missing: str) -> etree._Element:
    name = "ProductGroup" if context.request.parameter("ProductGroup") else "productGroup"
    return context.nested(name, missing)


def _code(context: Context) -> str:
    code = context.request.value("ProductGroupCode") or context.request.value("productGroupCode")
    if not code:
        raise RefusedError(text("group-code-required"))
    return code


def _check(element: etree._Element) -> None:
    """Code, description and status are mandatory (reference, ProductGroupCreate)."""
    problems = Problems(element)
    problems.need("productGroupCode", "productGroupDescription", "status")
    problems.check_codes([("status", "product-status"), ("onlineShopVisibility", "online-visibility")])
    problems.refuse()


def _stored(context: Context, element: etree._Element, code: str) -> Answer:
    entry = context.state.product_groups.get(code)
    if entry is None:
        entry = Entry(code=code, document_id=context.state.next_id("21"), name="", written=0)
        context.state.product_groups[code] = entry
    whole = merged(entry.raw, element)
    entry.name = text_of(whole, "productGroupDescription")
    entry.method = context.request.method
    entry.payload_sha256, entry.raw = digest(canonical(element)), canonical(whole)
    entry.unknown_elements = unlisted("productGroup", element)
    entry.written += 1
    return Answer(elements=(leaf("productGroupCode", code),))


def _tree(entry: Entry) -> etree._Element:
    return branch("ProductGroup", *element_of(entry))
