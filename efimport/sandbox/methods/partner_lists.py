"""PartnerList, PartnerListBuyers, PartnerListSuppliers, PartnerListEmployees."""

from __future__ import annotations

import msgspec
from lxml import etree

from efimport.sandbox.answers import Answer, branch
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.partners import partner_tree
from efimport.sandbox.methods.records import element_of
from efimport.sandbox.methods.searching import criteria
from efimport.sandbox.reading import find, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Entry
from efimport.sandbox.texts import text

_EVERYBODY = {"searchKey": "text", "partnerCode": "text", "taxNumber": "text", "postalCodeOrCity": "text"}
_PLACES = {
    "postalCodeOrCity": ("city", "postalCode"),
    "mobileOrPhoneNumber": ("mobilePhone", "telephone"),
}


class Role(msgspec.Struct, frozen=True):
    """What a partner can be.

    Attributes:
        block: the element of the partner that makes it one.
        code: its code in that role, and the criterion for it; empty for employees.
        statuses: the code list of its status.
        default: status of one that has none (assumed: the one that its name calls default, or active).
    """

    block: str
    code: str
    statuses: str
    default: str


ROLES = {
    "buyer": Role("BuyerData", "buyerCode", "buyer-status", "defaultBuyer"),
    "supplier": Role("SupplierData", "supplierCode", "supplier-status", "defaultSupplier"),
    "user": Role("EmployeeData", "", "active-status", "active"),
}
"""The roles by the values of partnerType."""


def list_partners(context: Context) -> Answer:
    """Partners by type, name, code, tax number, place, telephone and street.

    Raises:
        RefusedError: a criterion is unknown or says what it cannot.
    """
    known = {**_EVERYBODY, "mobileOrPhoneNumber": "text", "street": "text", "partnerType": "partner-type"}
    wanted = criteria(context, known, unknown="search-key")
    role = ROLES.get(wanted.get("partnerType", "all").lower())
    return _answer(context, [entry for entry in _all(context) if _meets(wanted, entry) and _plays(role, entry)])


def list_role(context: Context, role: str) -> Answer:
    """Partners in one role, also by their code and status in it.

    Raises:
        RefusedError: a criterion is unknown or says what it cannot.
    """
    played = ROLES[role]
    known = {**_EVERYBODY, "status": played.statuses} | ({played.code: "text"} if played.code else {})
    wanted = criteria(context, known, unknown="search-key")
    hits = [entry for entry in _all(context) if _meets(wanted, entry) and _plays(played, entry)]
    return _answer(context, [entry for entry in hits if _meets_role(wanted, played, element_of(entry))])


def is_buyer(entry: Entry) -> bool:
    """Whether a partner is a buyer."""
    return _plays(ROLES["buyer"], entry)


def _all(context: Context) -> list[Entry]:
    return list(context.state.partners.values())


def _answer(context: Context, hits: list[Entry]) -> Answer:
    if not hits and context.options.mode == "observed":
        raise RefusedError(text("no-documents"))
    return Answer(elements=(branch("Partners", *map(partner_tree, hits)),), as_list=True)


def _plays(role: Role | None, entry: Entry) -> bool:
    return role is None or find(element_of(entry), role.block) is not None


def _meets_role(wanted: dict[str, str], role: Role, element: etree._Element) -> bool:
    status = text_of(element, role.block, "status") or role.default
    return wanted.get("status", status).lower() == status.lower() and (
        role.code not in wanted or text_of(element, role.block, role.code).lower() == wanted[role.code].lower()
    )


def _meets(wanted: dict[str, str], entry: Entry) -> bool:
    element = element_of(entry)
    numbers = {number.lower() for number in (entry.registration_number, text_of(element, "taxNumber"))}
    return (
        wanted.get("searchKey", "").lower() in entry.name.lower()
        and wanted.get("partnerCode", entry.code).lower() == entry.code.lower()
        and ("taxNumber" not in wanted or wanted["taxNumber"].lower() in numbers)
        and all(wanted[name].lower() in _texts(element, *places) for name, places in _PLACES.items() if name in wanted)
        and any(wanted.get("street", "").lower() in street for street in {"", *_texts(element, "street")})
    )


def _texts(element: etree._Element, *names: str) -> set[str]:
    """What the elements of those names say, at any depth, in lower case."""
    return {(node.text or "").strip().lower() for name in names for node in element.iter(name)}
