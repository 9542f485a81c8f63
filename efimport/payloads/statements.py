"""Bank statements: one call a statement and account.

Source: web service reference, BankStatementImport.
"""

from __future__ import annotations

from typing import Final

import msgspec

from efimport.accounts import for_service, parse_account, same_account
from efimport.api.catalogue import Argument
from efimport.documents import BankAccount, Statement
from efimport.findings import Finding
from efimport.mappings import codes
from efimport.payloads import inbox
from efimport.payloads.conversion import as_cba_xml
from efimport.payloads.target import Routed, Target, content_digest, make, refused

CONVERTED: Final = "camt053"
"""What statements of a format without a type of its own are converted to."""

SUBSTANCE: Final = ("date", "amount", "variable_symbol", "counter_account", "bank_reference", "message")
"""What of an entry tells that a converted statement says the same as one sent before."""

HOME_CURRENCIES: Final = {"CZ": "CZK", "SI": "EUR", "HR": "EUR"}
"""What an account is kept in where its statement does not say."""


def statement(document: Statement, method: str, target: Target) -> Routed:
    """The statement as the file holds it, with the account in the form that the service takes.

    Raises:
        CallError: the site has no such call.
    """
    types = codes("service")["statement_type"]
    converted = document.origin.format not in types
    kind = types[CONVERTED if converted else document.origin.format]
    if target.site not in kind["sites"]:
        sites = ", ".join(kind["sites"])
        return refused(document, "routing.site-lacks-format", format=kind["type"], site=target.site, sites=sites)
    account = _account(document, target)
    if isinstance(account, Routed):
        return account
    content: bytes | None = document.origin.content
    told: tuple[Finding, ...] = ()
    if converted:
        content, told = as_cba_xml(document, account, HOME_CURRENCIES[target.site])
        if content is None:
            return Routed(findings=told)
    if not content:
        return refused(document, "routing.no-content")
    if target.statements_as == "inbox" and document.origin.format == "camt053":
        return inbox.statement(document, target)
    arguments: list[tuple[str, Argument]] = [("IBAN", account), ("type", kind["type"]), ("statementData", content)]
    picture = next((one for one in document.attachments if one.visualization), None)
    if picture is not None:
        arguments += [("pdfStatementData", picture.content), ("pdfStatementFileName", picture.name)]
    ledger = _ledger(document, account, target)
    return Routed(
        call=make(method, arguments, target.site),
        identity=f"{ledger} {_sign(document)}",
        account=canonical(account),
        ledger=ledger,
        findings=told,
        substance=_substance(document, account) if converted else content_digest(content),
        pictured=picture is not None,
    )


def _substance(document: Statement, account: str) -> str:
    """Digest of what a converted statement says: it stays when the writer changes or the bank's file is made anew."""
    said = (
        *(canonical(account), document.currency, document.number, document.period_from, document.period_to),
        *(document.opening, document.closing),
        *(tuple(getattr(entry, name) for name in SUBSTANCE) for entry in document.entries),
    )
    return content_digest(msgspec.json.encode(said))


def canonical(account: str) -> str:
    """The account, however it is written in the file or in the settings: its IBAN where that can be told."""
    parsed = parse_account(account)
    return (parsed.iban or parsed.display if parsed else None) or account


def _ledger(document: Statement, account: str, target: Target) -> str:
    """The account, and the currency where it is not that of the country.

    Some banks keep all currencies of a customer under one number, and number the statements of each from 1.
    """
    foreign = document.currency and document.currency != HOME_CURRENCIES.get(target.site)
    return f"{canonical(account)} {document.currency}" if foreign else canonical(account)


def _sign(document: Statement) -> str:
    """What tells statements of an account apart: number, period and page, because banks reuse their numbers every year.

    A statement without a number is told from others by its balances, one without those by its bytes.
    """
    period = f"{document.period_from or ''}..{document.period_to or document.date or ''}"
    balances = [str(balance) for balance in (document.opening, document.closing) if balance is not None]
    page = f" page {document.page}" if document.page else ""
    return f"{document.number or '/'.join(balances) or content_digest(document.origin.content)} {period}{page}"


def _account(document: Statement, target: Target) -> str | Routed:
    """The account in the form that the service takes, completed from what we know of our own; or why there is none.

    What the user names for this run comes first, then the accounts of the settings, then what the file says.
    """
    own = document.account
    shown = own.display
    if target.iban:
        if shown and not same_account(own, target.iban):
            return refused(document, "statement.other-account", account=shown, wanted=target.iban)
        return _written(target.iban)
    if shown is None:
        return refused(document, "statement.no-account")
    matching = [one for one in target.bank_accounts if same_account(own, one)]
    if len(matching) > 1 and not (own.iban or own.bank_code):
        # The same number at two banks: which of them is meant cannot be told.
        return refused(document, "statement.account-incomplete", account=shown)
    if matching:
        return _written(matching[0])
    if target.known:
        return refused(document, "statement.not-our-account", account=shown)
    return for_service(own) or refused(document, "statement.account-incomplete", account=shown)


def _written(account: str) -> str:
    return for_service(parse_account(account) or BankAccount()) or "".join(account.split())
