"""Dates of invoices: present, in order, plausible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from efimport.checks.context import Context, place
from efimport.documents import Invoice
from efimport.findings import Finding, finding
from efimport.messages import message

OLDEST = dt.date(1993, 1, 1)
"""VAT was introduced in Czechia and Slovakia on this day; no importable document is older."""

FUTURE = dt.timedelta(days=366)
SUPPLY_DISTANCE = dt.timedelta(days=3 * 366)

NAMES = {
    "date": message("day of issue"),
    "taxable_supply_date": message("taxable supply date"),
    "due_date": message("due date"),
}


def dates_are_there(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """A document has a day of issue."""
    if invoice.date is None:
        yield finding("invoice.no-date", place(invoice))


def due_after_issue(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """A document is not due before it is issued."""
    if invoice.date and invoice.due_date and invoice.due_date < invoice.date:
        yield finding("invoice.date-order", place(invoice), due=invoice.due_date, date=invoice.date)


def plausible(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """No date lies in the last century or far in the future; the supply is near the issue."""
    for name, shown in NAMES.items():
        day: dt.date | None = getattr(invoice, name)
        if day is None:
            continue
        far_from_issue = (
            name == "taxable_supply_date" and invoice.date is not None and abs(day - invoice.date) > SUPPLY_DISTANCE
        )
        limit = context.today + (FUTURE * 10 if name == "due_date" else FUTURE)
        if day < OLDEST or day > limit or far_from_issue:
            yield finding("invoice.date-implausible", place(invoice), name=shown, date=day)
