"""Account numbers: check digits of the firm's own account, of payment accounts and of the other sides.

Sources: ISO 13616 (IBAN, modulo 97); Czech decree 169/2011 Sb. (national numbers, modulo 11).
"""

from __future__ import annotations

from collections.abc import Iterator

from efimport.accounts import account_findings, same_account
from efimport.checks.context import Context, place
from efimport.documents import Invoice, Partner, Statement
from efimport.findings import Finding, finding

CHECK_DIGITS = frozenset({"account.checksum", "iban.checksum", "iban.form", "iban.national"})


def own_account(statement: Statement, context: Context) -> Iterator[Finding]:
    """The account of a statement is right: the service finds the account by it.

    An account that the firm itself has named is right whatever its digits say.
    """
    account = statement.account
    if account.display is None or any(same_account(account, own) for own in context.own.bank_accounts):
        return
    for found in account_findings(account, place(statement)):
        if found.code in CHECK_DIGITS:
            yield finding("statement.account-number", place(statement), account=account.display)
        else:
            yield found


def counter_accounts(statement: Statement, context: Context) -> Iterator[Finding]:
    """The accounts of the other sides; the same finding about the same account is said once."""
    said: set[tuple[str, str]] = set()
    for entry in statement.entries:
        if entry.counter_account is None:
            continue
        for found in account_findings(entry.counter_account, place(statement, f"entry {entry.position}", entry.line)):
            if (found.code, found.message) not in said:
                said.add((found.code, found.message))
                yield found


def payment_account(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """The account to which an invoice is paid."""
    if invoice.payment_account is not None:
        yield from account_findings(invoice.payment_account, place(invoice, "payment account"))


def partner_accounts(partner: Partner, context: Context) -> Iterator[Finding]:
    """The accounts of a partner."""
    for account in partner.bank_accounts:
        yield from account_findings(account, place(partner, "bank account"))
