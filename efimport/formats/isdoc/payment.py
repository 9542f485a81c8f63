"""How and until when a document is to be paid. Source: ISDOC 6.0.2 specification, PaymentMeans."""

from __future__ import annotations

import datetime as dt

import msgspec

from efimport.documents import BankAccount
from efimport.formats.isdoc.node import Node, Values
from efimport.formats.isdoc.vocabulary import PAYMENT_METHODS

TRANSFER = "transfer"


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of payment that a document of ours can hold.

    Attributes:
        method: our word of :data:`PAYMENT_METHODS`; the code itself where it is no code of the format.
        due_date: day on which it is due.
        account: account to which the customer pays.
        variable_symbol, constant_symbol, specific_symbol: payment symbols.
    """

    method: str | None = None
    due_date: dt.date | None = None
    account: BankAccount | None = None
    variable_symbol: str | None = None
    constant_symbol: str | None = None
    specific_symbol: str | None = None


def payment(root: Node, values: Values) -> Payment:
    """The terms of payment. Of several payments the earliest transfer counts, because that one is to be made first."""
    found = [_payment(node, values) for node in root.each("PaymentMeans", "Payment")]
    if not found:
        return Payment()
    transfers = [one for one in found if one.due_date or one.account]
    chosen = min(transfers, key=lambda one: one.due_date or dt.date.max) if transfers else found[0]
    if chosen.account is None and chosen.method == TRANSFER:
        # The supplier names accounts and leaves the choice open; the first one is as good as any.
        others = (_account(node) for node in root.each("PaymentMeans", "AlternateBankAccounts", "AlternateBankAccount"))
        chosen = msgspec.structs.replace(chosen, account=next(others, None))
    if len(found) > 1:
        values.notes.add("isdoc.several-payments", root.one("PaymentMeans"), count=len(found))
    return chosen


def _payment(node: Node, values: Values) -> Payment:
    code = node.text("PaymentMeansCode")
    if code is not None and code not in PAYMENT_METHODS:
        values.notes.add("isdoc.payment-code", node.one("PaymentMeansCode"), value=code)
    details = node.one("Details")
    return Payment(
        method=PAYMENT_METHODS.get(code, code) if code else None,
        due_date=values.day(details, "PaymentDueDate"),
        account=_account(details),
        variable_symbol=details.text("VariableSymbol") if details else None,
        constant_symbol=details.text("ConstantSymbol") if details else None,
        specific_symbol=details.text("SpecificSymbol") if details else None,
    )


def _account(details: Node | None) -> BankAccount | None:
    if details is None or details.one("DocumentID") is not None:
        return None
    number, bank_code = details.text("ID"), details.text("BankCode")
    if number and "/" in number:
        # Some programs write number and bank code into one element.
        number, _, in_number = number.partition("/")
        bank_code = bank_code or in_number
    iban = details.text("IBAN")
    account = BankAccount(
        iban="".join(iban.split()).upper() if iban else None,
        number=number or None,
        bank_code=bank_code,
        bic=details.text("BIC"),
        bank_name=details.text("Name"),
    )
    return account if account.iban or account.number else None
