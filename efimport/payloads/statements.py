"""Bank statements: one call a statement and account.

Source: web service reference, BankStatementImport.
"""

from __future__ import annotations

from typing import Final

import msgspec

from efimport.api.catalogue import Argument
from efimport.documents import Statement
from efimport.findings import Finding
from efimport.mappings import codes, home_currencies
from efimport.payloads import inbox
from efimport.payloads.conversion import as_cba_xml
from efimport.payloads.own_accounts import Chosen, choose
from efimport.payloads.target import Routed, Target, content_digest, make, refused

CONVERTED: Final = "camt053"
"""What statements of a format without a type of its own are converted to."""

SUBSTANCE: Final = ("date", "amount", "variable_symbol", "counter_account", "bank_reference", "message")
"""What of an entry tells that a converted statement says the same as one sent before."""


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
    account = choose(document, kind["type"], target)
    if isinstance(account, Routed):
        return account
    content: bytes | None = document.origin.content
    told: tuple[Finding, ...] = ()
    if converted:
        content, told = as_cba_xml(document, account.value, target.site)
        if content is None:
            return Routed(findings=told)
    if not content:
        return refused(document, "routing.no-content")
    if target.statements_as == "inbox" and document.origin.format == "camt053":
        return inbox.statement(document, target)
    arguments: list[tuple[str, Argument]] = [
        (account.parameter, account.value),
        ("type", kind["type"]),
        ("statementData", content),
    ]
    if kind.get("names_date_format"):
        if document.origin.version is None:
            return Routed()  # its reader has said why
        arguments.append(("dateFormat", document.origin.version))
    picture = next((one for one in document.attachments if one.visualization), None)
    if picture is not None:
        arguments += [("pdfStatementData", picture.content), ("pdfStatementFileName", picture.name)]
    ledger = _ledger(document, account, target)
    return Routed(
        call=make(method, arguments, target.site),
        identity=f"{ledger} {_sign(document)}",
        account=account.key,
        ledger=ledger,
        findings=told,
        substance=_substance(document, account) if converted else content_digest(content),
        pictured=picture is not None,
    )


def _substance(document: Statement, account: Chosen) -> str:
    """Digest of what a converted statement says: it stays when the writer changes or the bank's file is made anew."""
    said = (
        *(account.key, document.currency, document.number, document.period_from, document.period_to),
        *(document.opening, document.closing),
        *(tuple(getattr(entry, name) for name in SUBSTANCE) for entry in document.entries),
    )
    return content_digest(msgspec.json.encode(said))


def _ledger(document: Statement, account: Chosen, target: Target) -> str:
    """The account, and the currency where it is not that of the country or the account always has several.

    Some banks keep all currencies of a customer under one number, and number the statements of each from 1.
    """
    foreign = document.currency and document.currency != home_currencies().get(target.site)
    return f"{account.key} {document.currency}" if foreign or account.per_currency else account.key


def _sign(document: Statement) -> str:
    """What tells statements of an account apart: number, period and page, because banks reuse their numbers every year.

    A statement without a number is told from others by its balances, one without those by its bytes.
    """
    period = f"{document.period_from or ''}..{document.period_to or document.date or ''}"
    balances = [str(balance) for balance in (document.opening, document.closing) if balance is not None]
    page = f" page {document.page}" if document.page else ""
    return f"{document.number or '/'.join(balances) or content_digest(document.origin.content)} {period}{page}"
