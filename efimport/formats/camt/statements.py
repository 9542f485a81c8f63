"""A statement (``Stmt``): account, balances, period, summary.

Sources: ISO 20022, camt.053.001.01 to .14, element Stmt; ČBA, Standard pro elektronický XML výpis, for the codes of
balances.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from efimport.documents import BankAccount
from efimport.findings import Severity
from efimport.formats.camt.elements import Found
from efimport.formats.camt.entries import Holder
from efimport.formats.camt.identifiers import is_made
from efimport.formats.camt.values import CREDIT, DEBIT, Notes, amount, as_day, bank_account, day, signed_amount
from efimport.messages import message

OPENING = ("OPBD", "PRCD")
"""Opening booked, else the closing balance of the day before: most Czech files have only the latter."""
CLOSING = "CLBD"
INTERIM = "ITBD"
DUPLICATES = ("DUPL", "CODU")


class Balance(NamedTuple):
    """A balance: code, signed amount, currency, day."""

    code: str
    amount: Decimal
    currency: str | None
    day: dt.date | None


class Head(NamedTuple):
    """A statement without its entries."""

    holder: Holder
    number: str | None
    opening: Balance | None
    closing: Balance | None
    period_from: dt.date | None
    period_to: dt.date | None
    date: dt.date | None


def head(found: Found, notes: Notes) -> Head:
    """What the elements before the entries say.

    Args:
        found: texts of the statement.
        notes: takes what is wrong.
    """
    opening, closing = _opening_and_closing(_balances(found, notes))
    starts = day(found.get("from"), notes, "FrToDt/FrDtTm")
    ends = day(found.get("to"), notes, "FrToDt/ToDtTm")
    closed = closing.day if closing else None
    return Head(
        holder=_holder(found, opening, closing),
        number=found.get("legal") or found.get("electronic") or _named(found, closed, ends),
        opening=opening,
        closing=closing,
        period_from=starts or (opening.day if opening else None),
        period_to=ends or closed,
        date=closed or ends or day(found.get("created"), notes, "CreDtTm"),
    )


def _named(found: Found, closed: dt.date | None, ends: dt.date | None) -> str | None:
    """The identifier of the statement in place of a number; None for one that our own writer made up."""
    identifier: str | None = found.get("id")
    account: Found = (found.get("accounts") or [{}])[0]
    written = account.get("iban") or account.get("number") or ""
    days = (closed, ends, as_day(found.get("created")))
    return None if identifier is None or is_made(identifier, written, days) else identifier


def holder(found: Found) -> Holder:
    """Whose statement it is, from what precedes the first entry."""
    return _holder(found, None, None)


def _holder(found: Found, opening: Balance | None, closing: Balance | None) -> Holder:
    account: Found = (found.get("accounts") or [{}])[0]
    currency = account.get("currency")
    for balance in (opening, closing):
        currency = currency or (balance.currency if balance else None)
    if currency is None:
        currency = next(
            (item["amount.currency"] for item in found.get("balances", ()) if item.get("amount.currency")), None
        )
    own = bank_account({**account, "currency": currency}, (account.get("bank") or [{}])[0])
    return Holder(own or BankAccount(currency=currency), account.get("owner"), currency)


def _balances(found: Found, notes: Notes) -> list[Balance]:
    place = notes.place
    balances = []
    for index, item in enumerate(found.get("balances", ()), start=1):
        code = item.get("code")
        if code not in (*OPENING, CLOSING, INTERIM):
            continue
        notes.at(notes.line, f"{place}/Bal[{index}]")
        value = signed_amount(item, notes)
        if value is not None:
            balances.append(Balance(code, value, item.get("amount.currency"), day(item.get("day"), notes, "Dt")))
    notes.at(notes.line, place)
    return balances


def _opening_and_closing(balances: list[Balance]) -> tuple[Balance | None, Balance | None]:
    """The opening balance, else that of the day before, else the first interim one; the last closing, else interim."""
    interim = [balance for balance in balances if balance.code == INTERIM]
    opening = next((balance for code in OPENING for balance in balances if balance.code == code), None)
    closing = next((balance for balance in reversed(balances) if balance.code == CLOSING), None)
    if opening is None and interim:
        opening = interim.pop(0)
    if closing is None and interim:
        closing = interim[-1]
    return opening, closing


def check_copy(found: Found, notes: Notes) -> None:
    """Note that the bank calls the statement a duplicate (``CpyDplctInd``)."""
    if found.get("copy") in DUPLICATES:
        notes.add("camt.duplicate", "CpyDplctInd", mark=found["copy"])


class Tally:
    """Counts and sums of the entries as the bank counts them: an ``Ntry`` is one, however many payments it holds.

    Attributes:
        count: booked entries.
        credit, debit: their sums, both positive.
        left_out: entries that are not booked.
        left_out_credit, left_out_debit: their sums.
        sides: booked entries by the direction that they state.
        left_out_sides: the same of entries that are not booked.
    """

    def __init__(self) -> None:
        self.count = self.left_out = 0
        self.credit = self.debit = self.left_out_credit = self.left_out_debit = Decimal(0)
        self.sides: Counter[str | None] = Counter()
        self.left_out_sides: Counter[str | None] = Counter()

    def book(self, value: Decimal, side: str | None) -> None:
        """Count a booked entry of a signed amount and the direction stated beside it."""
        self.count += 1
        self.sides[side] += 1
        if value < 0:
            self.debit -= value
        else:
            self.credit += value

    def leave_out(self, value: Decimal, side: str | None) -> None:
        """Count an entry that is not booked."""
        self.left_out += 1
        self.left_out_sides[side] += 1
        if value < 0:
            self.left_out_debit -= value
        else:
            self.left_out_credit += value


class Summary(NamedTuple):
    """What a statement states of its entries, fit to be compared with them; None for what it does not state."""

    credit: Decimal | None
    debit: Decimal | None
    entries: int | None


def summary(found: Found, tally: Tally, rows: int, notes: Notes) -> Summary:
    """The summary ``TxsSummry``, made comparable with the entries that were read.

    A bank may count entries that are not booked in its summary; such a figure is explained and not kept. A batch that
    was read as several entries is counted as several.

    Args:
        found: texts of the statement.
        tally: what was read.
        rows: number of entries that were read, batches divided.
        notes: takes what does not agree in the total of both sides.
    """
    total, credit, debit = ((found.get(name) or [{}])[0] for name in ("total", "total_credit", "total_debit"))
    _check_total(total, tally, notes)
    _check_side(credit, CREDIT, "TtlCdtNtries", message("number of credit entries"), tally, notes)
    _check_side(debit, DEBIT, "TtlDbtNtries", message("number of debit entries"), tally, notes)
    count = _count(total)
    if count is None:
        parts = [_count(credit), _count(debit)]
        count = sum(part for part in parts if part is not None) if None not in parts else None
    if count is not None:
        count = None if tally.left_out and count == tally.count + tally.left_out else count + rows - tally.count
    return Summary(
        credit=_figure(credit, tally.credit, tally.left_out_credit, notes, "TxsSummry/TtlCdtNtries/Sum"),
        debit=_figure(debit, tally.debit, tally.left_out_debit, notes, "TxsSummry/TtlDbtNtries/Sum"),
        entries=count,
    )


def _figure(group: Found, booked: Decimal, left_out: Decimal, notes: Notes, element: str) -> Decimal | None:
    if "sum" not in group:
        return None
    stated = amount(group["sum"], notes, element, Severity.WARNING)
    return None if left_out and stated == booked + left_out else stated


def _count(group: Found) -> int | None:
    text = group.get("count", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _check_side(group: Found, side: str, element: str, what: str, tally: Tally, notes: Notes) -> None:
    """Note a number of entries of one direction that is not the number found."""
    stated, counted = _count(group), tally.sides[side]
    if stated not in (None, counted, counted + tally.left_out_sides[side]):
        notes.add(
            "camt.summary-mismatch", f"TxsSummry/{element}/NbOfNtries", what=what, stated=stated, computed=counted
        )


def _check_total(group: Found, tally: Tally, notes: Notes) -> None:
    """Note a total of both sides, or a net total, that the entries do not make."""
    if "sum" in group:
        stated = amount(group["sum"], notes, "TxsSummry/TtlNtries/Sum", Severity.WARNING)
        booked = tally.credit + tally.debit
        if stated not in (None, booked, booked + tally.left_out_credit + tally.left_out_debit):
            notes.add(
                "camt.summary-mismatch", "TxsSummry/TtlNtries/Sum", what=message("sum"), stated=stated, computed=booked
            )
    if "net" in group:
        element = "TxsSummry/TtlNtries/TtlNetNtryAmt"
        stated = amount(group["net"], notes, element, Severity.WARNING)
        if stated is not None and group.get("side") == DEBIT:
            stated = -stated
        net = tally.credit - tally.debit
        if stated not in (None, net, net + tally.left_out_credit - tally.left_out_debit):
            notes.add("camt.summary-mismatch", element, what=message("net total"), stated=stated, computed=net)
