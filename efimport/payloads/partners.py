"""Partners. Source: web service reference, chapter Partner API (PartnerImport, PartnerCreate, PartnerGetByID)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeAlias

from efimport.api.call import Element, Scalar
from efimport.api.catalogue import Argument
from efimport.api.elements import code_list, document, in_order
from efimport.documents import BankAccount, Partner, Party
from efimport.findings import Finding, finding
from efimport.mappings import codes
from efimport.payloads.elements import completed, group, inside
from efimport.payloads.legal_forms import company_type
from efimport.payloads.target import Routed, Target, location, make, refused
from efimport.payloads.tax_numbers import oib, vat_registration

Pairs: TypeAlias = Iterable[tuple[str, Scalar | None]]

BLOCKS = ("EmployeeData", "BuyerData", "SupplierData", "BankAccount")
"""What a given element may stand in, besides the partner itself and its addresses by their types."""

_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def partner_code(party: Party) -> str | None:
    """The code under which the service keeps a party: that of the source, else the registration number.

    Partners are created under it, and documents that name a partner by its code (``supplierCode``) say the same. None
    where the party has neither: it cannot be named by a code then.
    """
    for code in (party.code, party.registration_number):
        if code and code.strip():
            return code.strip()
    return None


def address_types() -> tuple[str, ...]:
    """The types of an address; what a source gives of one has its type before it (``Delivery.city``)."""
    return code_list("address-type").values


def internal(partner: Partner, method: str, target: Target) -> Routed:
    """A partner with its addresses, its roles and its accounts.

    Raises:
        CallError: the call does not fit the reference.
    """
    writing = _Writing(partner, target)
    if not writing.code:
        return refused(partner, "partner.no-code")
    head = tuple(writing.head())
    if not any(one.name in ("companyName", "lastName") for one in head):
        return refused(partner, "partner.no-name")
    children = in_order(
        "partner",
        target.site,
        chain(
            head,
            group("Addresses", writing.addresses()),
            group("EmployeeData", writing.block("EmployeeData", ())),
            group("BuyerData", writing.buyer()),
            group("SupplierData", writing.supplier()),
            group("BankAccounts", writing.accounts()),
        ),
    )
    arguments: list[tuple[str, Argument]] = [("importType", target.import_type), ("partner", children)]
    return Routed(
        call=make(method, arguments, target.site),
        identity=writing.code,
        findings=tuple(writing.findings),
    )


class _Writing:
    """A partner that is being written; what is noticed on the way is in ``findings``."""

    def __init__(self, partner: Partner, target: Target) -> None:
        self.partner = partner
        self.site = target.site
        self.rules = document("partner", target.site)
        self.codes = codes("partners", target.codes)
        self.code = partner.service_elements.get("partnerCode", "").strip() or partner_code(partner.party)
        self.findings: list[Finding] = []

    def note(self, code: str, **arguments: Any) -> None:
        self.findings.append(finding(code, location(self.partner), **arguments))

    def block(self, name: str, worked_out: Pairs, given: Mapping[str, str] | None = None) -> tuple[Element, ...]:
        """The elements of an inner block; what the source gives by the names of the service comes first.

        Args:
            name: its path in the partner.
            worked_out: what follows from the record.
            given: what the source gives; None for what stands under the name of the block.
        """
        rule = self.rules.rule(name)
        assert rule is not None
        assert rule.inside is not None
        given = inside(self.partner.service_elements, name) if given is None else given
        return tuple(completed(rule.inside, worked_out, given))

    # The partner itself

    def head(self) -> Iterator[Element]:
        """Numbers, names and ways to reach it."""
        partner = self.partner
        written = tuple(completed(self.rules.root, self._head(partner, partner.party), partner.service_elements))
        values = {one.name: str(one.value) for one in written}
        if values.get("vatRegistration", "").startswith("Registered") and not values.get("vatID"):
            self.note("partner.vat-id-missing")
        yield from written
        # In no block that there is: the check of the call tells.
        for name, value in partner.service_elements.items():
            if "." in name and name.rpartition(".")[0] not in (*BLOCKS, *address_types()) and value.strip():
                yield Element(name, value.strip())

    def _head(self, partner: Partner, party: Party) -> Iterator[tuple[str, Scalar | None]]:
        yield "ID", party.registration_number
        yield "personalID", oib(party) if self.site == "HR" else None
        yield "partnerCode", self.code
        yield "taxNumber", party.tax_number or _czech_tax_number(party)
        yield "vatID", party.vat_id
        company, first, last = names(partner)
        yield "companyName", company
        yield "companyType", self._company_type(partner.service_elements.get("companyName") or company)
        yield "vatRegistration", vat_registration(party, self.codes, self.site)
        yield "firstName", first
        yield "lastName", last
        yield "telephone", party.phone
        yield "mobilePhone", party.mobile
        yield "fax", party.fax
        yield "eMail", _mail_addresses(party.email)
        yield "remarks", partner.note
        yield "homepage", partner.homepage

    def _company_type(self, company: str | None) -> str | None:
        partner = self.partner
        if not company:
            return None
        if partner.is_person:
            return str(self.codes["company"]["person"])
        found = company_type(partner.legal_form, company, partner.party.address.country or self.site, self.codes)
        if found.unknown is not None:
            self.note("partner.legal-form-unknown", form=partner.legal_form, key=found.unknown, type=found.code)
        return found.code

    # Addresses

    def addresses(self) -> Iterator[Element]:
        """The seat, where invoices go, and where goods go."""
        partner = self.partner
        listed = [("Primary", partner.party)]
        if partner.invoicing is not None:
            listed.append(("Invoicing", partner.invoicing))
        listed += [("Delivery", one) for one in partner.delivery]
        given = {kind: inside(partner.service_elements, kind) for kind in address_types()}
        listed += [(kind, Party()) for kind in given if given[kind] and kind not in dict(listed)]
        for kind, party in listed:
            children = self.block("Addresses", self._address(kind, party), given[kind])
            if kind == "Primary":
                self._note_missing({one.name for one in children})
            if children:
                yield Element("Address", children=(Element("type", kind), *children))

    def _address(self, kind: str, party: Party) -> Iterator[tuple[str, Scalar | None]]:
        """Where invoices go has the name in its first line; where goods go names who gets them in the further line."""
        address = party.address
        if kind == "Primary":
            yield "additionalLine", address.addition
        else:
            recipient = party.name or party.contact
            recipient = recipient if recipient != self.partner.party.name else None
            first = kind == "Invoicing"
            yield "additionalLine", address.addition if first else recipient or address.addition
            yield "firstAddressLine", recipient if first else address.addition if recipient else None
            yield "telephone", party.phone
            yield "mobilePhone", party.mobile
            yield "fax", party.fax
            yield "eMail", _mail_addresses(party.email)
        yield "street", address.street
        yield "postalCode", address.postal_code
        yield "city", address.city
        yield "country", self._country(address.country)

    def _country(self, country: str | None) -> str | None:
        code = (country or "").strip().upper()
        if code and not _COUNTRY.fullmatch(code):
            self.note("partner.country-unknown", country=country)
            return None
        return code or None

    def _note_missing(self, names: Collection[str]) -> None:
        missing = [name for name in ("street", "city") if name not in names]
        if missing:
            self.note("partner.address-incomplete", missing=", ".join(missing))

    # Roles and accounts

    def buyer(self) -> tuple[Element, ...]:
        """What concerns it as a customer; the days until payment are its own as such, unless it only supplies us."""
        partner = self.partner
        only_supplier = bool(partner.is_supplier) and not partner.is_customer
        days = None if only_supplier else partner.payment_days
        given = inside(partner.service_elements, "BuyerData")
        if not (partner.is_customer or partner.customer_code or days is not None or given):
            return ()
        code = partner.customer_code or (self.code if partner.is_customer else None)
        return self.block("BuyerData", self._role("buyerCode", code, days, self.codes["buyer"]))

    def supplier(self) -> tuple[Element, ...]:
        """What concerns it as a supplier; received documents name it by its code as such."""
        partner = self.partner
        days = partner.payment_days if partner.is_supplier and not partner.is_customer else None
        given = inside(partner.service_elements, "SupplierData")
        if not (partner.is_supplier or partner.supplier_code or given):
            return ()
        code = partner.supplier_code or (self.code if partner.is_supplier else None)
        return self.block("SupplierData", self._role("supplierCode", code, days, self.codes["supplier"]))

    def _role(
        self, name: str, code: str | None, days: int | None, usual: Mapping[str, str]
    ) -> Iterator[tuple[str, Scalar | None]]:
        yield name, code
        yield "numberOfDaysForPayment", days
        yield "numberOfDaysForPaymentBaseDate", usual["days_count_from"] if days is not None else None
        yield "status", usual["status"]

    def accounts(self) -> Iterator[Element]:
        """Its accounts, the usual one first; what the source gives by the names of the service is about that one."""
        given = inside(self.partner.service_elements, "BankAccount")
        accounts = [one for one in self.partner.bank_accounts if one.display] or ([BankAccount()] if given else [])
        for place, account in enumerate(accounts):
            pairs = (("accountNumber", account.display), ("bank", account.bank_name))
            yield from group("BankAccount", self.block("BankAccounts", pairs, {} if place else given))


def names(partner: Partner) -> tuple[str | None, str | None, str | None]:
    """Name of the firm, first and last name of the person, or of the contact person of the firm.

    A person in business under another name than the own one is a firm of that name.
    """
    party = partner.party
    whole = " ".join(name for name in (partner.first_name, partner.last_name) if name)
    person = whole or party.contact or (party.name if partner.is_person else None)
    company = None if partner.is_person and party.name == person else party.name
    if partner.last_name:
        return company, partner.first_name, partner.last_name
    return (company, *_split(person)) if person else (company, None, None)


def _split(person: str) -> tuple[str | None, str]:
    """First and last name of a person; a title behind a comma belongs to the last word before it."""
    before, comma, title = person.strip().partition(",")
    first, _, last = before.strip().rpartition(" ")
    return first.strip() or None, last + comma + title


def _czech_tax_number(party: Party) -> str | None:
    """In Czechia the VAT number is the tax number: PartnerDelete finds a partner by ``CZ12345678`` as taxNumber."""
    return party.vat_id if (party.vat_id or "").upper().startswith("CZ") else None


def _mail_addresses(text: str | None) -> str | None:
    """Several addresses are separated by commas; a text that holds no addresses stays as it is."""
    listed = [one for one in re.split(r"[;,\s]+", text or "") if one]
    return ",".join(listed) if all("@" in one for one in listed) else text
