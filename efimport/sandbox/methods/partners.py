"""Partners one by one: PartnerImport, PartnerCreate, PartnerUpdate, PartnerDelete and the three PartnerGet methods."""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.answers import Answer, branch, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.properties import Problems
from efimport.sandbox.methods.records import element_of, give_code, merged, next_code, unlisted, wrong_role
from efimport.sandbox.reading import canonical, children, digest, find, text_of
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


def create_partner(context: Context) -> Answer:
    """Create a partner; the code is made up where none is sent (assumed).

    Raises:
        RefusedError: no partner, the code exists, or properties are wrong.
    """
    element = context.nested("partner", text("partner-needed"))
    code = text_of(element, "partnerCode")
    existing = context.state.partners.get(code)
    if existing is not None:
        existing.received += 1
        raise RefusedError(text("partner-exists", code=code))
    _check(context, element)
    if not code:
        code = next_code(context.state.partners, 5)
        give_code(element, "partnerCode", code)
    return _named(_store(context, element, code))


def update_partner(context: Context) -> Answer:
    """Change a partner, found by partnerCode; what is not sent stays (assumed).

    Raises:
        RefusedError: no partner, no code, no such partner, or it would be wrong after the change.
    """
    element = context.nested("partner", text("partner-needed"))
    code = text_of(element, "partnerCode")
    if not code:
        raise RefusedError(text("partner-code-needed"))
    entry = context.state.partners.get(code)
    if entry is None:
        raise RefusedError(text("partner-not-found"))
    entry.received += 1
    _check(context, merged(entry.raw, element))
    return _named(_store(context, element, code))


def delete_partner(context: Context) -> Answer:
    """Remove a partner by ID, taxNumber or partnerCode, with its files; nothing is said in the answer.

    Raises:
        RefusedError: no criterion, no such partner, or several.
    """
    entry = the_partner(context)
    del context.state.partners[entry.code]
    context.state.attachments.pop(entry.document_id, None)
    context.state.images.pop(entry.document_id, None)
    return Answer()


def the_partner(context: Context) -> Entry:
    """The one partner with the ID, taxNumber and partnerCode of a request, as far as they are sent.

    Raises:
        RefusedError: no criterion, no such partner, or several.
    """
    wanted = {name: context.request.value(name) for name in ("ID", "taxNumber", "partnerCode")}
    if not any(wanted.values()):
        raise RefusedError(text("partner-criterion"))
    hits = [entry for entry in context.state.partners.values() if _has(entry, wanted)]
    if not hits:
        raise RefusedError(text("partner-not-found"))
    if len(hits) > 1:
        raise RefusedError(text("several-partners"))
    return hits[0]


def _has(entry: Entry, wanted: dict[str, str]) -> bool:
    known = {
        "ID": {entry.registration_number},
        "taxNumber": {text_of(element_of(entry), "taxNumber")},
        "partnerCode": {entry.code},
        "documentID": {entry.document_id},
    }
    return all(value in known[name] for name, value in wanted.items() if value)


def get_partner(context: Context) -> Answer:
    """One partner by partnerCode, documentID, or ID, for which its tax number is accepted too (PartnerGetByID).

    Raises:
        RefusedError: no criterion, or no such partner.
    """
    wanted = {name: context.request.value(name) for name in ("partnerCode", "documentID", "ID")}
    if not any(wanted.values()):
        raise RefusedError(text("partner-code-required"))
    by_tax_number = {"taxNumber": wanted["ID"], **wanted, "ID": ""}
    for entry in context.state.partners.values():
        if _has(entry, wanted) or _has(entry, by_tax_number):
            return Answer(elements=(partner_tree(entry),), as_list=True)
    raise RefusedError(text("partner-not-found"))


def partner_tree(entry: Entry) -> etree._Element:
    """A partner as PartnerGetByID shows it: what is kept, with its internal identifier."""
    return branch("Partner", leaf("documentID", entry.document_id), *element_of(entry))
