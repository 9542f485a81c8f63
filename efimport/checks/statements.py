"""Bank statements: opening balance plus entries is the closing balance, turnovers, account, dates.

Sources: ISO 20022 camt.053, Bal and TxsSummry; Komerční banka, Popis formátu ABO, record 074 (turnovers, balances).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from efimport.checks.context import Context, place
from efimport.documents import Entry, Statement
from efimport.findings import Finding, Location, finding
from efimport.messages import message
from efimport.rounding import half_up

RATE_TOLERANCE = Decimal("0.005")
"""Part of an amount by which a rounded rate may miss it."""
RATE_UNITS = (1, 10, 100, 1000)
"""Units of a currency that a rate may be of: 100 JPY, 1000 IDR."""
CENT = Decimal("0.01")


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
        (message("credit"), statement.credit_turnover, statement.credit),
        (message("debit"), statement.debit_turnover, statement.debit),
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
        spot = _at(statement, outside[0])
        yield finding("statement.date-outside-period", spot, date=outside[0].date, count=len(outside), **period)


def has_a_number(statement: Statement, context: Context) -> Iterator[Finding]:
    """A statement has a number."""
    if not statement.number:
        yield finding("statement.no-number", place(statement))


def period_in_order(statement: Statement, context: Context) -> Iterator[Finding]:
    """A period begins before it ends."""
    first, last = statement.period_from, statement.period_to
    if first and last and last < first:
        days: dict[str, Any] = {"from": first, "to": last}
        yield finding("statement.period-reversed", place(statement), **days)


def has_entries(statement: Statement, context: Context) -> Iterator[Finding]:
    """A statement has entries, and they are of something."""
    if not statement.entries:
        yield finding("statement.empty", place(statement))
    nothing = [entry for entry in statement.entries if not entry.amount]
    if nothing:
        yield finding("statement.zero-entry", _at(statement, nothing[0]), count=len(nothing))


def entries_have_days(statement: Statement, context: Context) -> Iterator[Finding]:
    """An entry has a day of booking or of value."""
    without = [entry for entry in statement.entries if entry.date is None and entry.value_date is None]
    if without:
        yield finding(
            "statement.no-date", _at(statement, without[0]), count=len(without), amount=money(without[0].amount)
        )


def entries_repeated(statement: Statement, context: Context) -> Iterator[Finding]:
    """Entries with the same day, amount and reference of the bank: two payments, or one that an export doubled."""
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for entry in statement.entries:
        if entry.bank_reference:
            groups.setdefault((entry.date, entry.amount, entry.bank_reference), []).append(entry)
    for (day, _, reference), same in groups.items():
        if len(same) > 1:
            yield finding(
                "statement.entry-repeated",
                _at(statement, same[1]),
                date=day or "-",
                amount=money(same[0].amount),
                reference=reference,
                count=len(same),
            )


def rates_explain_amounts(statement: Statement, context: Context) -> Iterator[Finding]:
    """A converted amount follows from the original one and the rate.

    ISO 20022, CurrencyExchange: the rate multiplies or divides, and may be of several units of a currency; which of
    these a bank means differs, so that each is tried.
    """
    wrong = [entry for entry in statement.entries if not _rate_holds(entry)]
    if wrong:
        first = wrong[0]
        yield finding(
            "statement.rate-mismatch",
            _at(statement, first),
            date=first.date or "-",
            amount=money(first.amount),
            original=money(first.original_amount or Decimal(0)),
            currency=first.original_currency or "",
            rate=first.exchange_rate,
            count=len(wrong),
        )


def _rate_holds(entry: Entry) -> bool:
    """Whether amount, original amount and rate agree in any way; charges may be part of the amount."""
    rate = entry.exchange_rate
    if not rate or not entry.original_amount or not entry.amount:
        return True
    amount, original = abs(entry.amount), abs(entry.original_amount)
    allowed = max(amount * RATE_TOLERANCE, CENT) + abs(entry.charges or Decimal(0))
    ways = [original * rate / units for units in RATE_UNITS] + [original / rate * units for units in RATE_UNITS]
    return any(abs(way - amount) <= allowed for way in ways)


def _at(statement: Statement, entry: Entry) -> Location:
    return place(statement, f"entry {entry.position}", entry.line)


def money(amount: Decimal) -> str:
    """An amount with at least two decimals, for messages."""
    rounded = half_up(amount)
    return f"{rounded if rounded == amount else amount:f}"
