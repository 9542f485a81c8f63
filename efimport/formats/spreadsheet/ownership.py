"""Whose account a statement is of: told by the rows, beside them, or by the bank that the mapping is of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from efimport.accounts import clean_iban, parse_account
from efimport.documents import BankAccount
from efimport.findings import Location
from efimport.formats.notes import Notes
from efimport.formats.spreadsheet.fields import account_of, counter_account
from efimport.mappings import StatementMapping


def find_owner(
    account: str,
    bank_code: str,
    texts: Mapping[str, str],
    mapping: StatementMapping,
    own: Sequence[str],
    notes: Notes,
) -> BankAccount:
    """The account of a statement; an empty one where nothing tells it.

    Args:
        account: as the rows tell it; empty where they do not.
        bank_code: the same.
        texts: values beside the rows.
        mapping: the mapping of the bank.
        own: the organization's accounts.
        notes: where it is noted that the account was found by the bank.
    """
    code = bank_code or texts.get("bank_code", "") or mapping.bank_code or ""
    found: BankAccount | None
    if account:
        found = account_of(account, "", code)
    else:
        found = counter_account(texts.get("account", ""), texts.get("account_prefix", ""), code, texts.get("iban", ""))
    if found is None or found.display is None:
        found = _by_bank(mapping, own, notes)
    bic = texts.get("bic")
    return msgspec.structs.replace(found, bic=bic) if bic and found.display else found


def _by_bank(mapping: StatementMapping, own: Sequence[str], notes: Notes) -> BankAccount:
    fitting = [one for one in own if _is_of(one, mapping)]
    accounts = {account.display: account for account in map(parse_account, fitting) if account is not None}
    if len(accounts) != 1:
        return BankAccount()
    [found] = accounts.values()
    notes.add("spreadsheet.account-by-bank", Location(), account=found.display)
    return found


def _is_of(account: str, mapping: StatementMapping) -> bool:
    parsed = parse_account(account)
    if mapping.bank_code is not None and parsed is not None and parsed.bank_code == mapping.bank_code:
        return True
    compact = clean_iban(account) or "".join(account.split())
    return mapping.own_accounts is not None and re.fullmatch(mapping.own_accounts, compact) is not None
