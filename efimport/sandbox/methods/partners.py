"""PartnerImport, PartnerGetByCode, PartnerGetByID, PartnerGetByDocumentID, PartnerList."""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.answers import Answer, branch, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.properties import Problems
from efimport.sandbox.methods.records import merged, unlisted, wrong_role
from efimport.sandbox.reading import canonical, children, digest, find, read_xml, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Entry
from efimport.sandbox.texts import text


def import_partner(context: Context) -> Answer:
    """Create or update one partner by its code.

    Raises:
        RefusedError: no partner, no code, it exists under createOnly, or properties are wrong.
    """
    import_type = context.import_type()
    element = context.nested("partner", text("partner-needed"))
    code = text_of(element, "partnerCode")
    if not code:
        raise RefusedError(text("partner-code-needed"))
    existing = context.state.partners.get(code)
    if existing is not None:
        existing.received += 1
        if import_type == "createOnly":
            if context.options.create_only == "refuse":
                raise RefusedError(text("partner-exists", code=code))
            return _named(existing)
    elif import_type == "updateOnly":
        if context.options.update_only == "refuse":
            raise RefusedError(text("partner-not-found"))
        return Answer(elements=(leaf("partnerCode", code),))
    _check(context, element)
    return _named(_store(context, element, code))


def _check(context: Context, element: etree._Element) -> None:
    """A company needs its type and name (reference, PartnerCreate), a person a last name (assumed)."""
    problems = Problems(element)
    if problems.value("companyName") or problems.value("companyType"):
        problems.need("companyType", "companyName")
    else:
        problems.need("lastName")
    problems.check_codes([("companyType", "company-type"), ("gender", "gender"), ("maritalStatus", "marital-status")])
    for name in wrong_role(element):
        problems.add(name, "wrong-value")
    registrations = "registration-hr" if context.site == "HR" else "registration"
    problems.check_codes([("vatRegistration", registrations)])
    problems.check("date", "dateOfRegistration", "dateOfBirth")
    addresses = find(element, "Addresses")
    listed = children(addresses, "Address") if addresses is not None else []
    for address in listed:
        inner = problems.inside(address, f"{text_of(address, 'type')}Address_")
        inner.check_codes([("type", "address-type")])
        inner.check("country", "country")
    if context.options.mode == "observed":
        primary = next((address for address in listed if text_of(address, "type") == "Primary"), None)
        empty = etree.Element("Address")
        inner = problems.inside(primary if primary is not None else empty, "PrimaryAddress_")
        inner.need("city", "street", sentence="field-required")
    problems.refuse()


def _store(context: Context, element: etree._Element, code: str) -> Entry:
    entry = context.state.partners.get(code)
    if entry is None:
        entry = Entry(code=code, document_id=context.state.next_id("34"), name="", written=0)
        context.state.partners[code] = entry
    whole = merged(entry.raw, element)
    person = f"{text_of(whole, 'firstName')} {text_of(whole, 'lastName')}".strip()
    entry.name = text_of(whole, "companyName") or person
    entry.registration_number = text_of(whole, "ID")
    entry.method = context.request.method
    entry.payload_sha256, entry.raw = digest(canonical(element)), canonical(whole)
    entry.unknown_elements = unlisted("partner", element)
    entry.written += 1
    return entry


def _named(entry: Entry) -> Answer:
    return Answer(elements=(leaf("partnerCode", entry.code), leaf("documentID", entry.document_id)))


def get_partner(context: Context) -> Answer:
    """One partner by partnerCode, documentID, or ID (its registration or tax number).

    Raises:
        RefusedError: no criterion, or no such partner.
    """
    wanted = {name: context.request.value(name) for name in ("partnerCode", "documentID", "ID")}
    if not any(wanted.values()):
        raise RefusedError(text("partner-code-required"))
    for entry in context.state.partners.values():
        known = {"partnerCode": {entry.code}, "documentID": {entry.document_id}, "ID": _numbers(entry)}
        if all(value in known[name] for name, value in wanted.items() if value):
            return Answer(elements=(_tree(entry),), as_list=True)
    raise RefusedError(text("partner-not-found"))


def _numbers(entry: Entry) -> set[str]:
    element = _element(entry)
    return {number for number in (entry.registration_number, text_of(element, "taxNumber")) if number}


def list_partners(context: Context) -> Answer:
    """Partners by searchKey (part of the name), partnerCode, taxNumber or postalCodeOrCity."""
    wanted = {parameter.name: parameter.value.strip().lower() for parameter in context.request.parameters}
    hits = [entry for entry in context.state.partners.values() if _meets(wanted, entry)]
    if not hits and context.options.mode == "observed":
        raise RefusedError(text("no-documents"))
    return Answer(elements=(branch("Partners", *map(_tree, hits)),), as_list=True)


def _meets(wanted: dict[str, str], entry: Entry) -> bool:
    element = _element(entry)
    places = {(node.text or "").lower() for name in ("city", "postalCode") for node in element.iter(name)}
    return (
        wanted.get("searchKey", "") in entry.name.lower()
        and wanted.get("partnerCode", "") in ("", entry.code.lower())
        and wanted.get("taxNumber", "") in ("", *(number.lower() for number in _numbers(entry)))
        and wanted.get("postalCodeOrCity", "") in {"", *places}
    )


def _element(entry: Entry) -> etree._Element:
    element = read_xml(entry.raw)
    return element if element is not None else etree.Element("parameter")


def _tree(entry: Entry) -> etree._Element:
    return branch("Partner", leaf("documentID", entry.document_id), *_element(entry))
