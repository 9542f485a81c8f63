"""Whether the amounts of a document add up, level by level: lines, recapitulation, rates, rounding.

Source: POHODA XML, invoice.xsd (invoiceSummary), type.xsd (typeCurrencyHome, typeRoundingDocument). The file holds no
total in home currency, so that what the parts make is all there is.
"""

from __future__ import annotations

from decimal import Decimal

from efimport.findings import Severity
from efimport.formats.pohoda.fields import Block, number
from efimport.formats.pohoda.foreign import check_foreign
from efimport.formats.pohoda.lines import ZERO, DetailLine, sum_of
from efimport.formats.pohoda.rates import CENT, HUNDRED, Rates, bucket_fields, is_historical, plain_level
from efimport.formats.pohoda.summary import Totals, holds_deductions, rounding_of
from efimport.messages import message

TAXED = ("high", "low", "third")
ONE = Decimal(1)
ROUNDING_UNITS = {
    "2one": ONE,
    "2half": Decimal("0.5"),
    "2tenth": Decimal("0.1"),
    "5cent": Decimal("0.05"),
}
"""What a payable amount is a multiple of, by the end of the word in ``roundingDocument``."""


def check_amounts(summary: Block, lines: list[DetailLine], rates: Rates, totals: Totals, *, foreign: bool) -> None:
    """The rules for the amounts of an invoice or an order.

    Args:
        summary: the element ``invoiceSummary`` or ``orderSummary``.
        lines: the lines.
        rates: the rates of the document.
        totals: the totals as read.
        foreign: whether the amounts are in foreign currency.
    """
    home = summary.block("homeCurrency")
    if foreign:
        check_foreign(summary, lines)
        return
    if lines:
        _check_line_sums(summary, lines)
        _check_deductions(home, lines, totals)
    charged = {plain_level(one.level) for one in lines if one.line is not None and one.line.reverse_charge}
    _check_buckets(home, rates, charged)
    _check_rounding(summary, totals)


def _check_deductions(home: Block, lines: list[DetailLine], totals: Totals) -> None:
    """Whether the deductions of advances at no rate had to be taken off what the recapitulation makes."""
    if totals.payable is None or totals.with_vat is None or not home:
        return
    if holds_deductions(number(home.text("priceNone")) or ZERO, lines):
        return
    difference = totals.payable - totals.with_vat - (totals.rounding or ZERO)
    first = next((one for one in lines if one.advance is not None and not one.advance.taxed), None)
    if difference < 0 and first is not None:
        home.notes.add("pohoda.advance-outside", first.element, amount=-difference, payable=totals.payable)


def _check_rounding(summary: Block, totals: Totals) -> None:
    """The rounding that is asked for against the one that is stated."""
    asked = summary.text("roundingDocument") or "none"
    unit = next((unit for end, unit in ROUNDING_UNITS.items() if asked.endswith(end)), None)
    stated = rounding_of(summary.block("homeCurrency"))
    payable = totals.payable
    if payable is None:
        return
    if stated is not None and abs(stated) >= (unit or ONE):
        element = summary.block("homeCurrency").child("round")
        summary.notes.add("pohoda.rounding-large", element, rounding=stated, asked=asked)
    elif unit is not None and payable % unit and _rounded(totals) % unit:
        element = summary.child("roundingDocument")
        if not stated:
            summary.notes.add("pohoda.rounding-open", element, asked=asked, payable=payable)
        else:
            summary.notes.add("pohoda.rounding-mismatch", element, asked=asked, rounding=stated, payable=payable)


def _rounded(totals: Totals) -> Decimal:
    """Total and rounding, before the deduction of advances."""
    return (totals.with_vat or ZERO) + (totals.rounding or ZERO)


def _check_line_sums(summary: Block, lines: list[DetailLine]) -> None:
    """Lines against the recapitulation, level by level."""
    home = summary.block("homeCurrency")
    if not any(name.startswith("price") and home.text(name) for name in home.names):
        return
    by_level: dict[str, list[DetailLine]] = {}
    for one in lines:
        by_level.setdefault(plain_level(one.level), []).append(one)
    loose = summary.text("roundingVAT") not in (None, "none", "noneEveryRate") or summary.text("calculateVAT") == "true"
    for level in TAXED:
        own = by_level.get(level, [])
        base_name, vat_name, sum_name = bucket_fields(level)
        base, vat = number(home.text(base_name)), number(home.text(vat_name))
        if base is None and sum_name in home:
            continue
        tolerance = CENT * max(1, len(own))
        _compare(home, base_name, base, sum_of(own, "net"), tolerance)
        if vat is not None:
            _compare(home, vat_name, vat, sum_of(own, "vat"), ONE if loose else tolerance)
    _check_untaxed(home, by_level.get("none", []))


def _check_untaxed(home: Block, untaxed: list[DetailLine]) -> None:
    """The untaxed part, which may hold the deductions of advances or not, and a residue of rounding."""
    stated = number(home.text("priceNone"))
    net, without = sum_of(untaxed, "net"), sum_of([one for one in untaxed if one.advance is None], "net")
    if net is None or without is None or abs((stated or ZERO) - net) <= ONE:
        return
    _compare(home, "priceNone", stated, without, ONE)


def _compare(home: Block, name: str, stated: Decimal | None, computed: Decimal | None, tolerance: Decimal) -> None:
    if computed is None or abs((stated or ZERO) - computed) <= tolerance:
        return
    if stated is None and home.text(name):
        # Something stands there that is no number, and has been told as such.
        return
    element = home.child(name)
    home.notes.add(
        "pohoda.lines-mismatch",
        element if element is not None else home.element,
        name=name,
        stated=stated if stated is not None else message("nothing"),
        computed=computed,
    )


def _check_buckets(home: Block, rates: Rates, charged: set[str]) -> None:
    """Base, VAT and sum of each level; a sum with VAT where the base belongs is a known fault of producers."""
    for level in TAXED:
        base_name, vat_name, sum_name = bucket_fields(level)
        if base_name not in home:
            continue
        base, vat, total = (number(home.text(name)) for name in (base_name, vat_name, sum_name))
        if base is None or vat is None:
            continue
        if total is not None and abs(base + vat - total) > CENT:
            home.notes.add(
                "pohoda.total-mismatch", home.child(sum_name), name=sum_name, stated=total, computed=base + vat
            )
        rate = rates.of_law(level)
        if rate is None or abs(vat) < 1 or level in charged:
            continue
        # Of small amounts the VAT inside and the VAT on top are too near to each other to be told apart.
        inside, on_top = abs(base * rate / (HUNDRED + rate) - vat), abs(base * rate / HUNDRED - vat)
        if inside <= min(CENT * 5, on_top / 4) and on_top > CENT * 5:
            home.notes.add(
                "pohoda.gross-as-base", home.child(base_name), severity=Severity.ERROR, name=base_name, value=base
            )


def check_rates(home: Block, lines: list[DetailLine], rates: Rates) -> None:
    """A recapitulation whose VAT is neither the law's nor explained: no stated percentage, no historical line."""
    explained = {plain_level(one.level) for one in lines if is_historical(one.level)}
    for level in TAXED:
        base_name, vat_name, _ = bucket_fields(level)
        base, vat = number(home.text(base_name)), number(home.text(vat_name))
        shown, lawful = rates.of_level(level), rates.of_law(level)
        if level in explained or not base or not vat or shown is None or lawful in (None, shown):
            continue
        if home.attribute(vat_name, "rate") is None and abs(base * lawful / HUNDRED - vat) > ONE:
            home.notes.add(
                "pohoda.rate-unusual", home.child(vat_name), name=vat_name, level=level, shown=shown, lawful=lawful
            )
