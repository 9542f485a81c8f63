"""Parties, accounts and the like, put together of the fields of a draft by the paths that the target tells."""

from __future__ import annotations

from typing import Any

from efimport.documents import Address, BankAccount, Party
from efimport.formats.spreadsheet.fields import account_of
from efimport.mappings.targets import Field

Tree = dict[str, Any]


def tree_of(values: dict[str, Any], fields: dict[str, Field]) -> Tree:
    """The values by attribute of the document; what is inside of another one is a tree again."""
    tree: Tree = {}
    for name, value in values.items():
        *path, last = fields[name].to.split(".")
        inner = tree
        for part in path:
            known = inner.get(part)
            if not isinstance(known, dict):
                # An account and the code of its bank stand in columns of their own.
                known = inner[part] = {} if known is None else {"": known}
            inner = known
        if isinstance(inner.get(last), dict):
            inner[last][""] = value
        else:
            inner[last] = value
    return tree


def party(tree: Tree | None) -> Party | None:
    """A party; None where nothing is said of it."""
    if not tree:
        return None
    address = tree.get("address")
    rest = {name: value for name, value in tree.items() if name != "address"}
    return Party(**rest, address=Address(**address) if address else Address())


def account(value: BankAccount | Tree | None) -> BankAccount | None:
    """An account; the code and the name of its bank may stand in columns of their own."""
    if value is None or isinstance(value, BankAccount):
        return value
    known: BankAccount = value.get("") or BankAccount()
    code, name = value.get("bank_code"), value.get("bank_name")
    if code and not known.bank_code and known.number:
        known = account_of(known.number, "", code)
    if known == BankAccount():
        return None
    return BankAccount(
        iban=known.iban,
        number=known.number,
        bank_code=known.bank_code or code,
        bic=known.bic,
        bank_name=name or known.bank_name,
    )
