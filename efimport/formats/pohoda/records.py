"""Records of POHODA XML: partners of the address book; and documents that are only named.

Source: POHODA XML, addressbook.xsd, bank.xsd, voucher.xsd, intDoc.xsd, prodejka.xsd.
"""

from __future__ import annotations

import re

from efimport.documents import BankAccount, Kind, Origin, OtherDocument, Partner, Party
from efimport.formats.pohoda.fields import Block, Notes
from efimport.formats.pohoda.lines import check_repeated
from efimport.formats.pohoda.party import bank_account, deliveries, partner
from efimport.formats.pohoda.texts import check_short_codes
from efimport.formats.pohoda.unread import note_unread

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_CHANGES = ("delete", "update")


def asks_for_change(document: Block) -> str | None:
    """Whether a record has another record deleted or changed (``delete``, ``update``); None for one that is added."""
    return next((name for name in _CHANGES if name in document.block("actionType")), None)


def read_partner(document: Block, origin: Origin, notes: Notes) -> Partner:
    """A record of the address book."""
    header = document.block("addressbookHeader")
    check_short_codes(header)
    check_repeated(document, header)
    identity = header.block("identity")
    party = partner(identity) or Party()
    if party == Party() or party.reference_only:
        notes.add("pohoda.missing", header.element, name="identity/address")
    _check_use(document, header)
    note_unread(document, header)
    code = header.block("number").text("numberRequested") or header.text("number")
    is_supplier, is_customer = _role(header, "p1"), _role(header, "p2")
    is_person = identity.block("address").text("company") is None and party.name is not None
    first, last = _names(party.name if is_person else party.contact)
    days = header.amount("maturity")
    return Partner(
        origin=origin,
        party=_completed(party, header, code),
        delivery=deliveries(identity),
        bank_accounts=_accounts(document.block("addressbookAccount")),
        payment_days=int(days) if days is not None else None,
        note=header.text("note"),
        homepage=header.text("web"),
        is_supplier=is_supplier,
        is_customer=is_customer,
        is_person=True if is_person else None,
        first_name=first,
        last_name=last,
        customer_code=code if is_customer else None,
        supplier_code=code if is_supplier else None,
        findings=tuple(notes.findings),
    )


def _completed(party: Party, header: Block, code: str | None) -> Party:
    """The party of the address with what only the record itself holds."""
    fields = {name: getattr(party, name) for name in Party.__struct_fields__}
    fields["code"] = code or party.code
    fields["email"] = header.text("email") or party.email
    fields["phone"] = header.text("phone") or party.phone
    fields["mobile"] = header.text("mobil") or party.mobile
    fields["fax"] = header.text("fax") or party.fax
    return Party(**fields)


def _role(header: Block, name: str) -> bool | None:
    return header.flag(name) if name in header else None


def _names(name: str | None) -> tuple[str | None, str | None]:
    """First and last name: the last word is the last name, as the program itself writes people."""
    first, _, last = (name or "").rpartition(" ")
    return first or None, last or None


def _check_use(document: Block, header: Block) -> None:
    """What somebody must know before the record is used: the person's objection, and whose contact it is."""
    restricted = document.block("addressbookGDPR")
    if restricted.flag("restrictProcessing"):
        document.notes.add("pohoda.processing-restricted", restricted.child("restrictProcessing"))
    if "refAddress" in header:
        document.notes.add("pohoda.contact-person", header.child("refAddress"))


def _accounts(block: Block) -> tuple[BankAccount, ...]:
    found = []
    for item in block.blocks("accountItem"):
        account = bank_account(item, "accountNumber")
        if account is not None:
            found.append((not item.flag("defaultAccount"), account))
    return tuple(account for _, account in sorted(found, key=lambda pair: pair[0]))


def read_other(document: Block, origin: Origin, notes: Notes) -> OtherDocument:
    """A document that no call takes, with its number and day where they stand at the usual places."""
    header = document.block(f"{document.name}Header")
    day = next((name for name in ("date", "dateStatement", "datePayment") if header.text(name)), None)
    numbers = (header.block("number").text("numberRequested"), header.text("number"))
    return OtherDocument(
        origin=origin,
        kind=Kind.OTHER,
        name=document.name,
        number=next((text for text in numbers if text), None),
        date=header.day(day) if day is not None and _DAY.match(header.text(day) or "") else None,
        findings=tuple(notes.findings),
    )
