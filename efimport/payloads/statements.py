"""Bank statements: one call a statement and account.

Source: web service reference, BankStatementImport.
"""

from __future__ import annotations

from efimport.accounts import for_service, same_account
from efimport.api.catalogue import Argument
from efimport.documents import Statement
from efimport.mappings import codes
from efimport.payloads import inbox
from efimport.payloads.target import Routed, Target, make, refused


def statement(document: Statement, method: str, target: Target) -> Routed:
    """The statement as the file holds it, with the account in the form that the service takes.

    Raises:
        CallError: the site has no such call.
    """
    kind = codes("service")["statement_type"].get(document.origin.format)
    if kind is None:
        return refused(document, "routing.no-statement-type", format=document.origin.format)
    if target.site not in kind["sites"]:
        sites = ", ".join(kind["sites"])
        return refused(document, "routing.site-lacks-format", format=kind["type"], site=target.site, sites=sites)
    account, problem = _account(document, target)
    if problem is not None:
        return problem
    assert account is not None
    if target.statements_as == "inbox" and document.origin.format == "camt053":
        return inbox.statement(document, target)
    arguments: list[tuple[str, Argument]] = [
        ("IBAN", account),
        ("type", kind["type"]),
        ("statementData", document.origin.content),
    ]
    picture = next((one for one in document.attachments if one.visualization), None)
    if picture is not None:
        arguments += [("pdfStatementData", picture.content), ("pdfStatementFileName", picture.name)]
    return Routed(call=make(method, arguments, target.site), identity=_identity(document, account))


def _identity(document: Statement, account: str) -> str:
    """Account, statement number and period; banks reuse their numbers every year."""
    period = f"{document.period_from or ''}..{document.period_to or document.date or ''}"
    return f"{account} {document.number or ''} {period}"


def _account(document: Statement, target: Target) -> tuple[str | None, Routed | None]:
    shown = document.account.display
    if target.iban:
        if shown and not same_account(shown, target.iban):
            return None, refused(document, "statement.other-account", account=shown, wanted=target.iban)
        return target.iban.replace(" ", ""), None
    own = next((one for one in target.bank_accounts if shown and same_account(shown, one)), None)
    if own is not None:
        return own.replace(" ", ""), None
    if shown is None:
        return None, refused(document, "statement.account-missing")
    if target.known:
        return None, refused(document, "statement.not-our-account", account=shown)
    account = for_service(document.account)
    if account is None:
        return None, refused(document, "statement.account-incomplete", account=shown)
    return account, None
