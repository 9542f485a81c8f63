"""Partners. Source: web service reference, PartnerImport and PartnerCreate."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from efimport.api.call import Element, Scalar
from efimport.api.catalogue import Argument
from efimport.documents import Partner, Party
from efimport.payloads.elements import elements, group
from efimport.payloads.target import Routed, Target, make, refused


def partner_code(party: Party) -> str | None:
    """The code under which the service keeps a party: that of the source, else the registration number.

    Partners are created under it, and documents that name a partner by its code (``supplierCode``) say the same. None
    where the party has neither: it cannot be named by a code then.
    """
    for code in (party.code, party.registration_number):
        if code and code.strip():
            return code.strip()
    return None


def internal(partner: Partner, method: str, target: Target) -> Routed:
    """A partner with its addresses and accounts.

    Raises:
        CallError: the call does not fit the reference.
    """
    code = partner_code(partner.party)
    if not code:
        return refused(partner, "partner.no-code")
    if not (partner.party.name or partner.party.contact):
        return refused(partner, "partner.no-name")
    children = tuple(
        chain(
            elements(_head(partner, code)),
            group("Addresses", _addresses(partner)),
            group("BankAccounts", _accounts(partner)),
        )
    )
    arguments: list[tuple[str, Argument]] = [("importType", target.import_type), ("partner", children)]
    return Routed(call=make(method, arguments, target.site), identity=code)


def _head(partner: Partner, code: str) -> Iterator[tuple[str, Scalar | None]]:
    party = partner.party
    yield "ID", party.registration_number
    yield "partnerCode", code
    yield "taxNumber", party.tax_number
    yield "vatID", party.vat_id
    if party.name:
        yield "companyName", party.name
        yield "companyType", "Organization"
    yield "vatRegistration", "Registered" if party.vat_id else "None"
    yield from _person(party)
    yield "telephone", party.phone
    yield "eMail", party.email
    yield "remarks", partner.note
    yield "homepage", partner.homepage


def _person(party: Party) -> Iterator[tuple[str, Scalar | None]]:
    if party.contact:
        first, _, last = party.contact.rpartition(" ")
        yield "firstName", first
        yield "lastName", last


def _addresses(partner: Partner) -> Iterator[Element]:
    for kind, party in (("Primary", partner.party), *(("Delivery", one) for one in partner.delivery)):
        address = party.address
        values: list[tuple[str, Scalar | None]] = [
            ("street", address.street),
            ("city", address.city),
            ("postalCode", address.postal_code),
            ("country", address.country),
        ]
        inside = tuple(elements(values))
        if inside:
            yield Element("Address", children=(Element("type", kind), *inside))


def _accounts(partner: Partner) -> Iterator[Element]:
    for account in partner.bank_accounts:
        if account.display:
            yield from group("BankAccount", elements([("accountNumber", account.display), ("bank", account.bank_name)]))
