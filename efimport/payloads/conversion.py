"""Documents of a format that the service does not take, in one that it does."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from efimport.accounts import parse_account
from efimport.documents import BankAccount, Invoice, Party, Statement
from efimport.findings import Finding, Location, finding
from efimport.formats.reading import Own
from efimport.formats.writing import CannotWriteError, Lost
from efimport.mappings import home_currencies
from efimport.payloads.target import location


def as_isdoc(invoice: Invoice, own: Own) -> tuple[bytes | None, tuple[Finding, ...]]:
    """A received document as ISDOC 6.0.2, and what there is to say about it; None where it cannot be written."""
    place = location(invoice)
    if not invoice.number:
        return None, (finding("invoice.no-number", place),)
    if invoice.date is None:
        return None, (finding("payload.no-date", place),)
    from efimport.formats.isdoc.write import lost, write_isdoc

    if invoice.customer is None:
        # The books that hold a received document do not name themselves in it; the service looks for its own number.
        registration = own.registration_number or invoice.own_registration_number
        customer = Party(registration_number=registration, vat_id=own.vat_id)
        invoice = msgspec.structs.replace(invoice, customer=customer)
    try:
        content, losses = write_isdoc(invoice), lost(invoice)
    except CannotWriteError as error:
        return None, (finding("payload.cannot-convert", place, format="ISDOC 6.0.2", reason=error.reason),)
    return content, (finding("payload.converted", place, format="ISDOC 6.0.2"), *_no_room(losses, place, "ISDOC 6.0.2"))


def _no_room(losses: Sequence[Lost], place: Location, form: str) -> tuple[Finding, ...]:
    """What the other format has no room for, in one finding."""
    if not losses:
        return ()
    names = ", ".join(sorted({loss.field for loss in losses}))
    return (finding("payload.no-room", place, format=form, count=len(losses), fields=names),)


def with_currency(statement: Statement, account: BankAccount, site: str) -> Statement:
    """The statement with its account and its currency.

    Where the file does not say the currency, it is that of the country of the account, else of the site.
    """
    countries = home_currencies()
    usual = countries.get((account.iban or "")[:2], countries[site])
    currency = statement.currency or statement.account.currency or usual
    account = msgspec.structs.replace(account, currency=currency, bic=statement.account.bic)
    return msgspec.structs.replace(statement, account=account, currency=currency)


def as_cba_xml(statement: Statement, account: str, site: str) -> tuple[bytes | None, tuple[Finding, ...]]:
    """A statement as ČBA XML (camt.053.001.02), and what there is to say about it; None where it cannot be written.

    Args:
        statement: the statement.
        account: its account in the form that the service takes.
        site: CZ, SI or HR.
    """
    from efimport.formats.camt.write import lost, write_camt

    place = location(statement)
    known = parse_account(account) or BankAccount(number=account)
    statement = with_currency(statement, known, site)
    try:
        content, losses = write_camt([statement]), lost(statement)
    except CannotWriteError as error:
        return None, (finding("payload.cannot-convert", place, format="ČBA XML", reason=error.reason),)
    return content, (
        finding("payload.converted-statement", place, format="ČBA XML"),
        *_no_room(losses, place, "ČBA XML"),
    )
