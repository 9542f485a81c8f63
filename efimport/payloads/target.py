"""For whom calls are made, and the making of one call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from efimport.api import catalogue
from efimport.api.call import Call
from efimport.documents import Document
from efimport.errors import CallError
from efimport.findings import Finding, Location, finding
from efimport.settings import Organization


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """The organization as far as calls depend on it.

    Attributes:
        site: CZ, SI or HR.
        import_type: createOnly, createOrUpdate or updateOnly.
        bank_accounts: the organization's accounts, IBAN or national number with the bank code.
        paypal_accounts: e-mail addresses of its PayPal accounts.
        iban: account that the user named for all statements of this run; None to take it from the file.
        statements_as: ``statement`` or ``inbox`` for statements in ČBA XML.
        inbox_wrapper: name of the element around a file of the document inbox; None for none.
        known: whether the accounts are all that the organization has, so that any other is somebody else's.
    """

    site: str = "CZ"
    import_type: str = "createOnly"
    bank_accounts: tuple[str, ...] = ()
    paypal_accounts: tuple[str, ...] = ()
    iban: str | None = None
    statements_as: str = "statement"
    inbox_wrapper: str | None = None
    known: bool = False

    @classmethod
    def of(
        cls, organization: Organization | None, *, import_type: str | None = None, iban: str | None = None
    ) -> Target:
        """The target for an organization; what the user names for this run comes before the settings."""
        if organization is None:
            return cls(import_type=import_type or "createOnly", iban=iban)
        return cls(
            site=organization.site,
            import_type=import_type or organization.import_type,
            bank_accounts=organization.bank_accounts,
            paypal_accounts=organization.paypal_accounts,
            iban=iban,
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
    """

    call: Call | None = None
    identity: str | None = None
    findings: tuple[Finding, ...] = ()
    effects: tuple[str, ...] = ()
    file_name: str | None = None


def make(method: str, arguments: Iterable[tuple[str, catalogue.Argument]], site: str) -> Call:
    """The call of a method, written as the reference writes it and held against it.

    Raises:
        CallError: the site has no such method, or an argument does not fit.
    """
    rules = catalogue.method(method)
    call = Call(method, tuple(rules.argument(name, value) for name, value in arguments))
    rules.check(call, site)
    return call


def refused(document: Document, code: str, **arguments: Any) -> Routed:
    """No call takes the document; the finding says why."""
    place = Location(path=document.origin.path, line=document.origin.line, ordinal=document.origin.ordinal)
    return Routed(findings=(finding(code, place, **arguments),))


def site_lacks(document: Document, method: str, site: str, error: CallError) -> Routed:
    """The reference knows no such call at this site, or forbids it as it is."""
    sites = catalogue.method(method).sites
    if site not in sites:
        return refused(document, "routing.site-lacks-call", method=method, site=site, sites=", ".join(sites))
    return refused(document, "routing.call-not-possible", method=method, reason=error.reason)
