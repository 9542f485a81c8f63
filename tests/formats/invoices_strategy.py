"""A hypothesis strategy for invoices that add up: any kind, sign, currency, rates, advances and rounding."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from efimport.documents import Advance, Kind
from efimport.formats.pohoda.write_invoice import INVOICE_TYPES
from efimport.rounding import half_up

D = Decimal
CREDIT_NOTES = (Kind.ISSUED_CREDIT_NOTE, Kind.RECEIVED_CREDIT_NOTE)
cents = st.decimals(min_value=D("0.01"), max_value=D("99999.99"), places=2)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20).map(str.strip)
RATES = [D(0), D(12), D(21), D(19), D("25.5")]


@st.composite
def consistent_invoices(draw, invented, kinds=tuple(INVOICE_TYPES)):
    """A consistent document: any kind, sign, currency, rates, advances and rounding, with or without lines."""
    kind = draw(st.sampled_from(list(kinds)))
    sign = -1 if kind in CREDIT_NOTES else 1
    lines = tuple(_line(draw, invented, position, sign) for position in range(1, draw(st.integers(1, 4)) + 1))
    advances = tuple(_advance(draw, number) for number in range(draw(st.integers(0, 2)))) if sign > 0 else ()
    rows = _rows(invented, lines, advances)
    total = sum((row.base + row.vat for row in rows), D(0))
    rounding = draw(st.sampled_from([None, D("0.37"), D("-0.50")]))
    foreign = draw(st.sampled_from([None, None, ("EUR", "25.175", "1"), ("HUF", "6.31", "100")]))
    currency = {} if foreign is None else {
        "currency": foreign[0], "exchange_rate": D(foreign[1]), "exchange_amount": D(foreign[2]),
    }  # fmt: skip
    # Amounts alone do not tell a part under reverse charge from one with VAT at the same rate.
    may_do_without = not advances and not any(line.reverse_charge for line in lines)
    untaxed = sum((one.amount for one in advances if not one.taxed), D(0))
    return invented.invoice(
        kind=kind,
        lines=() if draw(st.integers(0, 4)) == 0 and may_do_without else lines,
        vat_summary=rows,
        rounding=rounding,
        advances=advances,
        total_without_vat=sum((row.base for row in rows), D(0)),
        total_vat=sum((row.vat for row in rows), D(0)),
        total_with_vat=total,
        payable=total + (rounding or 0) - untaxed,
        text=draw(words) or None,
        due_date=draw(st.sampled_from([None, dt.date(2026, 2, 1)])),
        customer=None if sign < 0 else invented.CUSTOMER,
        **currency,
    )


def _line(draw, invented, position, sign):
    quantity, price, rate = draw(st.sampled_from([D(1), D("2.5")])), draw(cents), draw(st.sampled_from(RATES))
    charged = bool(rate) and draw(st.integers(0, 5)) == 0
    base = sign * half_up(quantity * price)
    vat = D(0) if charged else half_up(base * rate / 100)
    return invented.line(
        position, quantity=sign * quantity, unit_price=price, vat_rate=rate, total_without_vat=base, vat=vat,
        total_with_vat=base + vat, unit=draw(st.sampled_from([None, "ks"])), description=draw(words) or "Práce",
        product_code=draw(st.sampled_from([None, "0308"])), reverse_charge=charged,
    )  # fmt: skip


def _advance(draw, number):
    amount, rate = draw(cents), draw(st.sampled_from([D(12), D(21), None]))
    if rate is None:
        return Advance(number=f"Z{number}", variable_symbol=f"77{number}", amount=amount)
    return Advance(
        number=f"Z{number}", amount=amount, base=half_up(amount * 100 / (100 + rate)), vat_rate=rate, taxed=True
    )


def _rows(invented, lines, advances):
    parts = [(line.vat_rate, line.reverse_charge, line.total_without_vat, line.vat) for line in lines]
    parts += [(one.vat_rate, False, -one.base, one.base - one.amount) for one in advances if one.taxed]
    rows = []
    for rate, charged in sorted({part[:2] for part in parts}):
        base, vat = (sum((part[at] for part in parts if part[:2] == (rate, charged)), D(0)) for at in (2, 3))
        rows.append(invented.summary(str(base), str(vat), str(base + vat), str(rate), reverse_charge=charged))
    return tuple(rows)
