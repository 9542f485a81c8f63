"""Lines of invoices and orders: quantity, price, totals and VAT, each worked out of what the row says.

Czech VAT Act, sections 36 and 37: VAT is the base times the rate, or is taken out of the price with VAT. The total of a
line wins over quantity and price, because it is what was charged.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from efimport.documents import Line
from efimport.formats.spreadsheet.records.context import Context, rate_of
from efimport.formats.spreadsheet.records.drafts import Draft, LineDraft
from efimport.rounding import CENT, half_up

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
WHOLE_UNIT = Decimal("0.51")
"""Tolerance where VAT is rounded to whole units of the currency."""

_PLAIN = {
    "description": "description",
    "product_code": "product_code",
    "ean": "ean",
    "unit": "unit",
    "line_vat_classification": "vat_classification",
    "line_control_report_classification": "control_report_classification",
    "line_vat_country": "vat_country",
    "line_cost_centre": "cost_centre",
    "line_account": "account",
    "line_note": "note",
    "reverse_charge_code": "reverse_charge_code",
}


class LineMaker:
    """Makes the lines of one document.

    Args:
        draft: the document.
        context: what is known besides.
        day: day that tells the rates.
        country: country whose VAT is charged; None for ours.
    """

    def __init__(self, draft: Draft, context: Context, day: dt.date | None, country: str | None) -> None:
        self._draft = draft
        self._context = context
        self._day = day
        self._country = country

    def line(self, position: int, one: LineDraft) -> Line:
        """A line; what does not fit together in its row is noted."""
        values = one.values
        charged = bool(values.get("reverse_charge"))
        net = self._net(values, charged=charged)
        rate = values.get("vat_rate")
        if rate is None and net is not None and one.is_whole:
            rate = self._rate(one, net)
        vat, gross = self._vat(values, net, rate, charged=charged)
        if one.is_whole:
            self._judge(one, net, vat, gross, rate, charged=charged)
        price, with_vat = values.get("unit_price"), values.get("unit_price_with_vat")
        return Line(
            position=position,
            quantity=values.get("quantity", ONE),
            unit_price=price if price is not None else with_vat,
            price_includes_vat=price is None and with_vat is not None,
            discount_percent=values.get("line_discount_percent") or None,
            vat_rate=rate,
            total_without_vat=net,
            vat=vat,
            total_with_vat=gross,
            reverse_charge=charged,
            stock_item=bool(values.get("product_code")),
            service_elements=one.elements,
            **{to: values[name] for name, to in _PLAIN.items() if name in values},
        )

    def _net(self, values: dict[str, Any], *, charged: bool) -> Decimal | None:
        net, vat, gross = (values.get(f"line_{name}") for name in ("total_without_vat", "vat", "total_with_vat"))
        if net is not None:
            return net  # type: ignore[no-any-return]
        if gross is not None and vat is not None:
            return gross - vat  # type: ignore[no-any-return]
        rate = ZERO if charged else values.get("vat_rate")
        if gross is None and values.get("unit_price") is not None:
            return half_up(priced(values, "unit_price"))
        if gross is None and values.get("unit_price_with_vat") is not None:
            gross = half_up(priced(values, "unit_price_with_vat"))
        return None if gross is None or rate is None else half_up(gross / (ONE + rate / HUNDRED))

    def _rate(self, one: LineDraft, net: Decimal) -> Decimal | None:
        """The rate that net and VAT make, where it is but one."""
        vat, gross = one.values.get("line_vat"), one.values.get("line_total_with_vat")
        vat = gross - net if vat is None and gross is not None else vat
        rate = rate_of(net, vat, self._context.rates(self._day, self._country)) if vat is not None else None
        if rate is not None:
            self._draft.note("spreadsheet.rate-derived", self._draft.table.place(one.row), rate=rate, base=net, vat=vat)
        return rate

    def _vat(
        self, values: dict[str, Any], net: Decimal | None, rate: Decimal | None, *, charged: bool
    ) -> tuple[Decimal | None, Decimal | None]:
        """VAT and total with it."""
        vat, gross = values.get("line_vat"), values.get("line_total_with_vat")
        if net is None:
            return vat, gross
        if gross is None and values.get("unit_price") is None and values.get("unit_price_with_vat") is not None:
            gross = half_up(priced(values, "unit_price_with_vat"))
            if values.get("line_total_without_vat") is not None:
                gross = None
        if vat is None and gross is not None:
            vat = gross - net
        elif vat is None and (charged or rate is not None):
            vat = ZERO if charged or rate is None else half_up(net * rate / HUNDRED)
        if gross is None and vat is not None:
            gross = net + vat
        return vat, gross

    def _judge(
        self,
        one: LineDraft,
        net: Decimal | None,
        vat: Decimal | None,
        gross: Decimal | None,
        rate: Decimal | None,
        *,
        charged: bool,
    ) -> None:
        """Note what is missing in a row, and amounts in it that do not fit together."""
        draft, row = self._draft, one.row
        if net is None and rate is None and one.values.get("unit_price_with_vat") is None and gross is None:
            draft.note("spreadsheet.line-without-price", draft.table.place(row))
            return
        if rate is None and not charged:
            draft.note("spreadsheet.rate-unknown", draft.table.place(row, one.columns.get("vat_rate")))
            return
        if net is None:
            draft.note("spreadsheet.line-without-price", draft.table.place(row))
            return
        if one.values.get("line_total_without_vat") is not None and one.values.get("unit_price") is not None:
            self._compare(one, "line_total_without_vat", half_up(priced(one.values, "unit_price")), _slack(one.values))
        if vat is not None and rate is not None and not charged:
            allowed = WHOLE_UNIT if vat == vat.to_integral_value() else CENT * 2
            name = "line_vat" if one.values.get("line_vat") is not None else "line_total_with_vat"
            if one.values.get(name) is not None:
                stated_with = name == "line_total_with_vat"
                computed = half_up(net * rate / HUNDRED) + (net if stated_with else ZERO)
                self._compare(one, name, computed, allowed + (CENT if stated_with else ZERO))
        if gross is not None and vat is not None and one.values.get("line_vat") is not None:
            self._compare(one, "line_total_with_vat", net + vat, CENT)

    def _compare(self, one: LineDraft, name: str, computed: Decimal, allowed: Decimal) -> None:
        stated = one.values.get(name)
        if stated is not None and abs(stated - computed) > allowed:
            place = self._draft.table.place(one.row, one.columns.get(name))
            self._draft.note("spreadsheet.line-total", place, field=name, found=stated, computed=computed)


def priced(values: dict[str, Any], name: str) -> Decimal:
    """Quantity times price, discount taken off, not rounded."""
    quantity: Decimal = values.get("quantity", ONE)
    discount: Decimal = values.get("line_discount_percent", ZERO)
    price: Decimal = values[name]
    return quantity * price * (ONE - discount / HUNDRED)


def _slack(values: dict[str, Any]) -> Decimal:
    """How much a total may differ because the price beside it is rounded."""
    price: Decimal = values["unit_price"]
    quantity: Decimal = values.get("quantity", ONE)
    exponent = price.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return abs(quantity) * ONE.scaleb(-places) / 2 + CENT
