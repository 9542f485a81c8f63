"""Bank statements and their entries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from efimport.documents.kinds import Kind, Origin
from efimport.documents.parties import BankAccount
from efimport.documents.parts import Attachment
from efimport.findings import Finding

if TYPE_CHECKING:
    import pandas as pd


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One booked entry of a bank statement.

    Attributes:
        position: ordinal in the statement, from 1.
        amount: signed; money in is positive. Currency of the account.
        date: day of booking.
        value_date: day of value.
        variable_symbol, constant_symbol, specific_symbol: without leading zeros; None for none.
        counter_account: account of the other side.
        counter_name: name of the other side.
        message: message for the recipient and further texts, joined by spaces.
        description: what the bank says the entry is.
        bank_reference: the bank's identifier of the entry.
        end_to_end_reference: reference given by the payer, where it is not a symbol.
        transaction_code: the bank's code of the kind of transaction.
        reversal: whether the entry takes an earlier one back.
        original_amount, original_currency, exchange_rate: before conversion, where the entry was converted; of a
            payment service before its fee. Signed like the amount as a rule.
        charges: charges named for information, not part of the amount.
        line: line in the source.
    """

    position: int
    amount: Decimal
    date: dt.date | None = None
    value_date: dt.date | None = None
    variable_symbol: str | None = None
    constant_symbol: str | None = None
    specific_symbol: str | None = None
    counter_account: BankAccount | None = None
    counter_name: str | None = None
    message: str | None = None
    description: str | None = None
    bank_reference: str | None = None
    end_to_end_reference: str | None = None
    transaction_code: str | None = None
    reversal: bool = False
    original_amount: Decimal | None = None
    original_currency: str | None = None
    exchange_rate: Decimal | None = None
    charges: Decimal | None = None
    line: int | None = None


def signed_like(amount: Decimal, original: Decimal | None) -> Decimal | None:
    """An original amount with the sign of the amount that was made of it; many formats write it without one."""
    return None if original is None or not amount else original.copy_sign(amount)


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A bank statement of one account.

    Attributes:
        account: the firm's account.
        number: number of the statement as the bank writes it.
        page: page, where the bank gives one statement in several parts that are kept apart; None for a whole one.
        currency: ISO 4217 code; None where the file does not say.
        period_from, period_to: first and last day.
        date: day of the statement (the closing balance).
        opening, closing: balances, signed.
        credit_turnover, debit_turnover: sums that the statement states, both positive as a rule; None where absent.
        entry_count: number of entries that the statement states.
        entries: booked entries in the order of the file.
        attachments: the statement as a PDF, where one was found.
    """

    origin: Origin
    findings: tuple[Finding, ...] = ()
    account: BankAccount = BankAccount()
    number: str | None = None
    page: int | None = None
    currency: str | None = None
    period_from: dt.date | None = None
    period_to: dt.date | None = None
    date: dt.date | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    credit_turnover: Decimal | None = None
    debit_turnover: Decimal | None = None
    entry_count: int | None = None
    entries: tuple[Entry, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    kind: Kind = Kind.BANK_STATEMENT

    @property
    def total(self) -> Decimal | None:
        """The closing balance."""
        return self.closing

    @property
    def partner(self) -> None:
        """A statement has many other parties: those of its entries."""

    @property
    def credit(self) -> Decimal:
        """Sum of the entries that bring money in."""
        return sum((entry.amount for entry in self.entries if entry.amount > 0), Decimal(0))

    @property
    def debit(self) -> Decimal:
        """Sum of the entries that take money out, as a positive amount."""
        return -sum((entry.amount for entry in self.entries if entry.amount < 0), Decimal(0))

    def to_dataframe(self) -> pd.DataFrame:
        """The entries as a data frame, a row an entry; amounts stay ``Decimal``, identifiers text."""
        import pandas as pd

        rows = []
        for entry in self.entries:
            row = {name: getattr(entry, name) for name in Entry.__struct_fields__}
            row["counter_account"] = entry.counter_account.display if entry.counter_account else None
            rows.append(row)
        return pd.DataFrame(rows, columns=list(Entry.__struct_fields__), dtype=object)
