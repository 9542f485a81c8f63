"""Amounts of invoices: recapitulation, lines, payable amount. Exact decimals, stated tolerances.

Sources: Czech VAT Act, sections 36 and 37 (VAT from the base or out of the price, rounding); ISDOC 6.0.2 specification,
implementation notes (totals, advances); POHODA XML, invoiceSummary. Programs round in many ways, so that a difference
within the tolerance is no finding and a larger one is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from efimport.checks.context import Context, place
from efimport.documents import Invoice, VatSummary
from efimport.findings import Finding, finding
from efimport.rounding import CENT, half_up

HUNDRED = Decimal(100)
WHOLE_UNIT = Decimal("0.51")
"""Tolerance where VAT is rounded to whole units of the currency."""


def vat_of_base(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """At each rate VAT is the base times the rate."""
    tolerance = CENT * (5 + len(invoice.lines))
    for row in invoice.vat_summary:
        if row.base is None or row.vat is None or row.rate is None or row.reverse_charge:
            continue
        computed = half_up(row.base * row.rate / HUNDRED)
        allowed = WHOLE_UNIT if row.vat == row.vat.to_integral_value() else tolerance
        if abs(computed - row.vat) > allowed:
            yield finding(
                "invoice.vat-mismatch",
                place(invoice, _row(row)),
                rate=_plain(row.rate),
                base=row.base,
                computed=computed,
                stated=row.vat,
            )


def recapitulation_adds_up(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """At each rate base and VAT make the total."""
    for row in invoice.vat_summary:
        if row.base is None or row.vat is None or row.total is None or row.reverse_charge:
            continue
        if abs(row.base + row.vat - row.total) > CENT:
            yield finding(
                "invoice.recapitulation-mismatch",
                place(invoice, _row(row)),
                rate="-" if row.rate is None else _plain(row.rate),
                base=row.base,
                vat=row.vat,
                computed=row.base + row.vat,
                stated=row.total,
            )


def lines_make_the_bases(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """The lines make the bases of the recapitulation; a taxed advance may be deducted there or not."""
    totals = [line.total_without_vat for line in invoice.lines]
    bases = [row.base for row in invoice.vat_summary]
    if not totals or not bases or None in totals or None in bases:
        return
    lines = sum((one for one in totals if one is not None), Decimal(0))
    stated = sum((one for one in bases if one is not None), Decimal(0))
    deducted = sum((advance.base or advance.amount or Decimal(0) for advance in invoice.advances), Decimal(0))
    claimed = sum((row.already_claimed_base or Decimal(0) for row in invoice.vat_summary), Decimal(0))
    tolerance = CENT * (5 + len(totals))
    possible = {lines, lines - deducted, lines - claimed, lines + (invoice.rounding or Decimal(0))}
    if invoice.discount_percent:
        possible.add(half_up(lines * (1 - invoice.discount_percent / HUNDRED)))
    if all(abs(one - stated) > tolerance for one in possible):
        yield finding("invoice.lines-mismatch", place(invoice), computed=lines, stated=stated)


def payable_adds_up(invoice: Invoice, context: Context) -> Iterator[Finding]:
    """Total, rounding and advances make the payable amount."""
    total, payable = invoice.total_with_vat, invoice.payable
    if total is None or payable is None:
        return
    rounded = total + (invoice.rounding or Decimal(0))
    advances = sum((advance.amount or Decimal(0) for advance in invoice.advances), Decimal(0))
    claimed = sum(
        (
            (row.already_claimed_base or Decimal(0)) + (row.already_claimed_vat or Decimal(0))
            for row in invoice.vat_summary
        ),
        Decimal(0),
    )
    possible = {rounded, rounded - advances, rounded - claimed, rounded - advances - claimed}
    if all(abs(one - payable) > CENT for one in possible):
        yield finding("invoice.payable-mismatch", place(invoice), computed=rounded - advances, stated=payable)


def _row(row: VatSummary) -> str | None:
    return None if row.rate is None else f"{_plain(row.rate)} %"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
