"""For whom calls are made, and the making of one call."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from efimport.api import catalogue
from efimport.api.call import Call
from efimport.documents import Document
from efimport.findings import Finding, Location, finding
from efimport.formats.reading import Own
from efimport.settings import InboxChoices, Organization, ReceivedBooking


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """The organization as far as calls depend on it.

    Attributes:
        own: who we are.
        site: CZ, SI or HR.
        import_type: createOnly, createOrUpdate or updateOnly.
        bank_accounts: the organization's accounts, IBAN or national number with the bank code.
        paypal_accounts: e-mail addresses of its PayPal accounts.
        table_accounts: accounts of tables that do not name theirs, by the name of the mapping.
        iban: account that the user named for all statements of this run; None to take it from the file.
        paypal_account: PayPal account that the user named for this run; None to take it from the file or the settings.
        codes: folder with the firm's own tables of codes; None for none.
        received_as: ``inbox`` or ``create`` for received documents.
        received: how those are booked that are created.
        inbox: what is asked of the document inbox.
        products_as: ``mass`` or ``single``.
        statements_as: ``statement`` or ``inbox`` for statements in ČBA XML.
        inbox_wrapper: name of the element around a file of the document inbox; None for none.
        known: whether the accounts are all that the organization has, so that any other is somebody else's.
    """

    own: Own = Own()
    site: str = "CZ"
    import_type: str = "createOnly"
    bank_accounts: tuple[str, ...] = ()
    paypal_accounts: tuple[str, ...] = ()
    table_accounts: dict[str, str] = {}
    iban: str | None = None
    paypal_account: str | None = None
    codes: str | None = None
    received_as: str = "inbox"
    received: ReceivedBooking = ReceivedBooking()
    inbox: InboxChoices = InboxChoices()
    products_as: str = "mass"
    statements_as: str = "statement"
    inbox_wrapper: str | None = None
    known: bool = False

    @classmethod
    def of(
        cls,
        organization: Organization | None,
        *,
        import_type: str | None = None,
        iban: str | None = None,
        paypal_account: str | None = None,
    ) -> Target:
        """The target for an organization; what the user names for this run comes before the settings."""
        if organization is None:
            return cls(
                own=own_of(None, iban),
                import_type=import_type or "createOnly",
                iban=iban,
                paypal_account=paypal_account,
            )
        return cls(
            own=own_of(organization, iban),
            site=organization.site,
            import_type=import_type or organization.import_type,
            bank_accounts=organization.bank_accounts,
            paypal_accounts=organization.paypal_accounts,
            table_accounts=organization.table_accounts,
            iban=iban,
            paypal_account=paypal_account,
            codes=organization.codes,
            received_as=organization.received_as,
            received=organization.received,
            inbox=organization.inbox,
            products_as=organization.products_as,
            statements_as=organization.statements_as,
            inbox_wrapper=organization.inbox_wrapper,
            known=bool(organization.bank_accounts) and not organization.is_local,
        )


class Routed(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a document: a call, or the findings that say why none takes it.

    Attributes:
        call: the call; None where there is none.
        identity: what makes the document itself, for the journal's key: number; account, number and period; digest.
        findings: what was noticed on the way; an error stands for the missing call.
        effects: what the call causes besides, as codes of area ``effect``.
        file_name: name under which the document inbox will know it.
        substance: digest of what the call brings, where names, pictures and packing around it may differ; None where
            the whole request counts.
        account: the account of a statement, always written in the same way.
        ledger: the same with its currency where that is foreign: a bank may keep all currencies under one number.
        pictured: whether the call carries the picture of the document as well.
        joins: the method that takes the document together with others of its kind; None where it goes alone.
    """

    call: Call | None = None
    identity: str | None = None
    findings: tuple[Finding, ...] = ()
    effects: tuple[str, ...] = ()
    file_name: str | None = None
    substance: str | None = None
    account: str | None = None
    ledger: str | None = None
    pictured: bool = False
    joins: str | None = None


def own_of(organization: Organization | None, iban: str | None = None) -> Own:
    """Who we are, as far as reading depends on it; an account that is named for a run is ours as well."""
    named = (iban,) if iban else ()
    if organization is None:
        return Own(site="CZ", bank_accounts=named)
    return Own(
        organization.registration_number,
        organization.vat_id,
        (*organization.bank_accounts, *named),
        organization.site,
    )


def make(method: str, arguments: Iterable[tuple[str, catalogue.Argument]], site: str) -> Call:
    """The call of a method, written as the reference writes it and held against it.

    Raises:
        CallError: the site has no such method, or an argument does not fit.
    """
    rules = catalogue.method(method)
    call = Call(method, tuple(rules.argument(name, value) for name, value in arguments))
    rules.check(call, site)
    return call


def content_digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def is_mapped(document: Document) -> bool:
    """Whether the codes of a document (customers, products, accounts) are those of the service.

    A table is read by a mapping made for these books; other files have the codes of the program that wrote them.
    """
    return document.origin.format == "spreadsheet"


def location(document: Document) -> Location:
    """Where a document begins."""
    return Location(path=document.origin.path, line=document.origin.line, ordinal=document.origin.ordinal)


def refused(document: Document, code: str, **arguments: Any) -> Routed:
    """No call takes the document; the finding says why."""
    return Routed(findings=(finding(code, location(document), **arguments),))
