"""Totals of invoices and orders: recapitulation of VAT and payable amount, compared with what is stated."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from efimport.documents import Line, VatSummary
from efimport.formats.spreadsheet.records.drafts import Draft
from efimport.formats.spreadsheet.records.lines import HUNDRED, ONE, ZERO
from efimport.rounding import CENT, half_up

_HALF = Decimal("0.5")
_TWENTY = 20


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of a document.

    Attributes:
        summary: the recapitulation.
        net, vat, gross: of the whole document.
        rounding: of the payable amount.
        payable: what is to be paid.
    """

    summary: tuple[VatSummary, ...] = ()
    net: Decimal | None = None
    vat: Decimal | None = None
    gross: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None


def summed(lines: Sequence[Line], rest: Decimal = ONE, *, by_line: bool) -> tuple[VatSummary, ...]:
    """The recapitulation of lines, the highest rate first.

    Args:
        lines: lines whose amounts are known.
        rest: what is left of their amounts after the discount of the whole document.
        by_line: whether the VAT is the sum of that of the lines, and not worked out of the base of each rate.
    """
    groups: dict[tuple[Decimal, bool], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.vat_rate or ZERO, line.reverse_charge), []).append(line)
    rows = []
    for (rate, charged), group in sorted(groups.items(), key=lambda item: (-item[0][0], item[0][1])):
        base = sum((line.total_without_vat or ZERO for line in group), ZERO)
        vat = sum((line.vat or ZERO for line in group), ZERO)
        if rest != ONE:
            base, vat = half_up(base * rest), half_up(vat * rest)
        if not by_line and not charged:
            vat = half_up(base * rate / HUNDRED)
        rows.append(VatSummary(rate=rate, base=base, vat=vat, total=base + vat, reverse_charge=charged))
    return tuple(rows)


class Adding:
    """Works out the totals of one document and compares them with those that it states.

    Args:
        draft: the document.
        lines: its lines.
        deducted: advances with VAT that are deducted.
    """

    def __init__(self, draft: Draft, lines: Sequence[Line], deducted: Decimal) -> None:
        self._draft = draft
        self._lines = lines
        self._deducted = deducted
        self._slack = CENT * (1 + len(lines))
        self._rest = ONE - (draft.values.get("discount_percent") or ZERO) / HUNDRED

    def totals(self) -> Totals:
        """The totals; stated ones win where they differ by no more than rounding makes, else it is noted."""
        if any(line.total_without_vat is None or line.vat is None for line in self._lines):
            return Totals()
        summary = self._summary()
        net = self._stated("total_without_vat", sum((row.base or ZERO for row in summary), ZERO))
        vat = self._stated("total_vat", sum((row.vat or ZERO for row in summary), ZERO))
        gross, rounding = self._gross(sum((row.total or ZERO for row in summary), ZERO))
        payable, rounding = self._payable(gross, rounding)
        return Totals(summary=summary, net=net, vat=vat, gross=gross, rounding=rounding, payable=payable)

    def _summary(self) -> tuple[VatSummary, ...]:
        """VAT as the document rounds it: by the stated totals, else by line where the lines say their VAT."""
        ways = [summed(self._lines, self._rest, by_line=by_line) for by_line in (self._by_line, not self._by_line)]
        return next((way for way in ways if self._fits(way)), ways[0])

    @property
    def _by_line(self) -> bool:
        stated = ("line_vat", "line_total_with_vat", "unit_price_with_vat")
        return any(name in line.values for line in self._draft.lines for name in stated)

    def _fits(self, summary: Sequence[VatSummary]) -> bool:
        values = self._draft.values
        vat = sum((row.vat or ZERO for row in summary), ZERO)
        gross = sum((row.total or ZERO for row in summary), ZERO)
        payable = values.get("payable", values.get("total"))
        told = [
            (values.get("total_vat"), vat),
            (values.get("total_with_vat"), gross),
            (payable, gross + values.get("rounding", ZERO) - self._deducted),
        ]
        return all(stated is None or stated == computed for stated, computed in told)

    def _stated(self, name: str, computed: Decimal) -> Decimal:
        stated: Decimal | None = self._draft.values.get(name)
        if stated is None or stated == computed:
            return computed
        if abs(stated - computed) > self._slack:
            self._differs(name, stated, computed)
        return stated

    def _differs(self, name: str, stated: Decimal, computed: Decimal) -> None:
        place = self._draft.place_of(name)
        self._draft.note("spreadsheet.document-total", place, field=name, found=stated, computed=computed)

    def _gross(self, computed: Decimal) -> tuple[Decimal, Decimal | None]:
        """Total with VAT, and the rounding that is in it."""
        values = self._draft.values
        stated, rounding = values.get("total_with_vat"), values.get("rounding")
        if stated is None or stated == computed:
            return computed, rounding
        if rounding is None and _is_rounding(stated, computed):
            return computed, stated - computed
        if rounding is not None and stated == computed + rounding:
            return computed, rounding
        return self._stated("total_with_vat", computed), rounding

    def _payable(self, gross: Decimal, rounding: Decimal | None) -> tuple[Decimal, Decimal | None]:
        values = self._draft.values
        name = "payable" if "payable" in values else "total"
        stated = values.get(name)
        expected = gross + (rounding or ZERO) - self._deducted
        if stated is None or stated == expected:
            return expected, rounding
        if rounding is None and _is_rounding(stated, expected):
            return stated, stated - expected
        if abs(stated - expected) <= self._slack:
            return stated, (rounding or ZERO) + stated - expected
        self._differs(name, stated, expected)
        return stated, rounding


def _is_rounding(stated: Decimal, computed: Decimal) -> bool:
    """Whether an amount is another one rounded to whole units, or to twentieths as coins make it."""
    whole = stated == stated.to_integral_value() or stated * _TWENTY == (stated * _TWENTY).to_integral_value()
    return whole and abs(stated - computed) <= (_HALF if stated == stated.to_integral_value() else CENT * 5)
