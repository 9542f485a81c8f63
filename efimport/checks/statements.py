"""Bank statements: opening balance plus entries is the closing balance, turnovers, account, dates.

Sources: ISO 20022 camt.053, Bal and TxsSummry; Komerční banka, Popis formátu ABO, record 074 (turnovers, balances).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from efimport.checks.context import Context, place
from efimport.documents import Statement
from efimport.findings import Finding, finding
from efimport.rounding import half_up


def balances_meet(statement: Statement, context: Context) -> Iterator[Finding]:
    """Opening balance and entries make the closing balance, to the cent."""
    if statement.opening is None:
        yield finding("statement.no-opening", place(statement))
    if statement.closing is None:
        yield finding("statement.no-closing", place(statement))
    if statement.opening is None or statement.closing is None:
        return
    entries = statement.credit - statement.debit
    computed = statement.opening + entries
    if computed != statement.closing:
        yield finding(
            "statement.balance-mismatch",
            place(statement),
            opening=money(statement.opening),
            entries=money(entries),
            computed=money(computed),
            closing=money(statement.closing),
            difference=money(statement.closing - computed),
        )


def turnovers_agree(statement: Statement, context: Context) -> Iterator[Finding]:
    """The turnovers that the statement states are those of its entries; reversals may be taken off on either side."""
    reversed_amounts = sum((abs(entry.amount) for entry in statement.entries if entry.reversal), Decimal(0))
    for side, stated, computed in (
        ("credit", statement.credit_turnover, statement.credit),
        ("debit", statement.debit_turnover, statement.debit),
    ):
        if stated is not None and stated not in (computed, computed - reversed_amounts):
            yield finding(
                "statement.turnover-mismatch",
                place(statement),
                side=side,
                stated=money(stated),
                computed=money(computed),
            )


def count_agrees(statement: Statement, context: Context) -> Iterator[Finding]:
    """The number of entries that the statement states is the number found."""
    if statement.entry_count is not None and statement.entry_count != len(statement.entries):
        yield finding(
            "statement.count-mismatch", place(statement), stated=statement.entry_count, counted=len(statement.entries)
        )


def dates_within_the_period(statement: Statement, context: Context) -> Iterator[Finding]:
    """Entries are booked within the period of the statement."""
    first, last = statement.period_from, statement.period_to
    outside = [
        entry
        for entry in statement.entries
        if entry.date and ((first and entry.date < first) or (last and entry.date > last))
    ]
    if outside:
        period: dict[str, Any] = {"from": first or "-", "to": last or "-"}
        spot = place(statement, f"entry {outside[0].position}", outside[0].line)
        yield finding("statement.date-outside-period", spot, date=outside[0].date, count=len(outside), **period)


def money(amount: Decimal) -> str:
    """An amount with at least two decimals, for messages."""
    rounded = half_up(amount)
    return f"{rounded if rounded == amount else amount:f}"
