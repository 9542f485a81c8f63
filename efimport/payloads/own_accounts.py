"""Which account of ours a statement is of, and the parameter that names it.

Source: web service reference, BankStatementImport: ``payPalAccount`` for statements of PayPal, ``IBAN`` for all others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import msgspec

from efimport.accounts import for_service, parse_account, same_account
from efimport.documents import BankAccount, Statement
from efimport.payloads.target import Routed, Target, refused


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The account that a statement is of.

    Attributes:
        parameter: name of the parameter.
        value: the account in the form that the service takes.
        key: the account, always written in the same way.
        per_currency: whether one account holds several currencies, so that it is no ledger without its currency.
    """

    parameter: str = "IBAN"
    value: str
    key: str
    per_currency: bool = False


Chooser: TypeAlias = Callable[[Statement, Target], Chosen | Routed]


def choose(document: Statement, kind: str, target: Target) -> Chosen | Routed:
    """The account of a statement, completed from what we know of our own; or why there is none.

    What the user names for this run comes first, then the accounts of the settings, then what the file says.

    Args:
        document: the statement.
        kind: type of the statement, as the service calls it.
        target: whose statement it is.
    """
    return CHOOSERS.get(kind, bank_account)(document, target)


def bank_account(document: Statement, target: Target) -> Chosen | Routed:
    """An account at a bank, by its IBAN or national number."""
    own = document.account
    shown = own.display
    if target.iban:
        if shown and not same_account(own, target.iban):
            return refused(document, "statement.other-account", account=shown, wanted=target.iban)
        return _bank(_written(target.iban))
    if shown is None:
        named = _of_table(document, target)
        return _bank(_written(named)) if named else refused(document, "statement.no-account")
    matching = [one for one in target.bank_accounts if same_account(own, one)]
    if len(matching) > 1 and not (own.iban or own.bank_code):
        # The same number at two banks: which of them is meant cannot be told.
        return refused(document, "statement.account-incomplete", account=shown)
    if matching:
        return _bank(_written(matching[0]))
    if target.known:
        return refused(document, "statement.not-our-account", account=shown)
    value = for_service(own)
    return _bank(value) if value else refused(document, "statement.account-incomplete", account=shown)


def _of_table(document: Statement, target: Target) -> str | None:
    """The account that the settings name for tables of this kind, best with the currency."""
    origin = document.origin
    table = (origin.version or "") if origin.format == "spreadsheet" else origin.format
    accounts = target.table_accounts
    return accounts.get(f"{table} {document.currency}") or accounts.get(table)


def paypal_account(document: Statement, target: Target) -> Chosen | Routed:
    """An account at PayPal, by the e-mail address of its holder.

    A holder may have several addresses, and a file may show another one than the settings: only the user decides then.
    """
    held = document.account.number
    if target.paypal_account:
        return _paypal(target.paypal_account)
    if held is None:
        if len(target.paypal_accounts) == 1:
            return _paypal(target.paypal_accounts[0])
        return refused(document, "statement.no-paypal-account")
    ours = next((one for one in target.paypal_accounts if one.strip().lower() == held.lower()), None)
    if ours is None and target.paypal_accounts:
        return refused(document, "statement.not-our-paypal-account", account=held)
    return _paypal(ours or held)


CHOOSERS: Final[dict[str, Chooser]] = {"PayPalCsv": paypal_account}
"""How the account is chosen, by type of statement; that of a bank for all others."""


def canonical(account: str) -> str:
    """The account, however it is written in the file or in the settings: its IBAN where that can be told."""
    parsed = parse_account(account)
    return (parsed.iban or parsed.display if parsed else None) or account


def _bank(value: str) -> Chosen:
    return Chosen(value=value, key=canonical(value))


def _paypal(value: str) -> Chosen:
    address = value.strip()
    return Chosen(parameter="payPalAccount", value=address, key=address.lower(), per_currency=True)


def _written(account: str) -> str:
    return for_service(parse_account(account) or BankAccount()) or "".join(account.split())
