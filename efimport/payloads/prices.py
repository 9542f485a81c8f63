"""Prices of the internal format, so that the service works out the amounts that stand on the document.

A document of the type ``gross`` has prices without VAT, one of the type ``retail`` prices with VAT (web service
reference, SalesInvoiceCreate, type). The total of a line wins over its unit price (ISDOC 6.0.2 specification,
implementation notes), because the total is what was charged.

The reference does not say how the service rounds. Two ways are usual: VAT of each line, and VAT of all lines at a rate;
the total of the document must come out in one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec

from efimport.documents import Line
from efimport.payloads.lines import MOST_PLACES, ONE, ZERO, net_total, quantity
from efimport.rounding import half_up

HUNDRED = Decimal(100)

Form: TypeAlias = Literal["gross", "retail"]


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent of the amounts of a line.

    Attributes:
        form: ``gross`` for a price without VAT, ``retail`` for one with it.
        price: of one unit.
        quantity: how many units.
        discount: in percent; None where the price has it taken off.
        rate: VAT in percent.
    """

    form: Form
    price: Decimal
    quantity: Decimal
    discount: Decimal | None
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        """Price by quantity less discount, not rounded: without VAT in ``gross``, with VAT in ``retail``."""
        return self.price * self.quantity * _left(self.discount)

    def total(self, document_discount: Decimal | None = None) -> Decimal:
        """The amount with VAT, rounded on the line."""
        amount = self.amount * _left(document_discount)
        return half_up(amount * _factor(self.rate)) if self.form == "gross" else half_up(amount)


def priced(line: Line, rate: Decimal, form: Form) -> Priced:
    """The amounts of a line in one of the two forms.

    The unit price and the discount of the line where they make its total, else the price with the fewest decimals that
    does.
    """
    pieces = quantity(line)
    total = net_total(line) if form == "gross" else gross_total(line, rate)
    factor = _factor(rate) if form == "gross" else ONE
    for price, discount in _stated(line, form):
        if total is not None and _makes(price * pieces * _left(discount), total, factor):
            return Priced(form=form, price=price, quantity=pieces, discount=discount, rate=rate)
    return Priced(form=form, price=_price(total, pieces, factor), quantity=pieces, discount=None, rate=rate)


def gross_total(line: Line, rate: Decimal) -> Decimal | None:
    """The total with VAT: as stated, else worked out from the total without it or from the price."""
    if line.total_with_vat is not None:
        return line.total_with_vat
    net = net_total(line)
    if net is None:
        return None
    if line.total_without_vat is None and line.price_includes_vat and line.unit_price is not None:
        pieces = ONE if line.quantity is None else line.quantity
        return half_up(pieces * line.unit_price * _left(line.discount_percent))
    # A line without VAT has none, whatever the customer works out from it.
    return net + line.vat if line.vat is not None and rate else half_up(net * _factor(rate))


def form_of(
    lines: Sequence[tuple[Line, Decimal]], stated: Iterable[Decimal], document_discount: Decimal | None = None
) -> Form:
    """The form of the prices: that of the document, unless its total comes out in the other one alone.

    Args:
        lines: the lines and their rates of VAT.
        stated: totals with VAT that the document may mean; empty where it states none.
        document_discount: discount of the whole document in percent.
    """
    with_vat = bool(lines) and all(line.price_includes_vat for line, _ in lines)
    forms: tuple[Form, Form] = ("retail", "gross") if with_vat else ("gross", "retail")
    wanted = set(stated)
    return next((form for form in forms if wanted & _made(lines, form, document_discount)), forms[0])


def _made(lines: Sequence[tuple[Line, Decimal]], form: Form, discount: Decimal | None) -> set[Decimal]:
    return set(totals([priced(line, rate, form) for line, rate in lines], discount))


def given_form(document: Mapping[str, str], lines: Iterable[Line]) -> Form | None:
    """The form that the source names itself, as the type of the document or by the prices of its lines.

    Args:
        document: what the source gives for the document by the names of the service.
        lines: the lines.
    """
    said = document.get("type", "").strip().casefold()
    if said in ("gross", "retail"):
        return "retail" if said == "retail" else "gross"
    names = {name for line in lines for name in line.service_elements if name in ("price", "netPrice")}
    if len(names) == 1:
        return "retail" if names == {"price"} else "gross"
    return None


def totals(lines: Sequence[Priced], document_discount: Decimal | None = None) -> tuple[Decimal, Decimal]:
    """The total with VAT as the service may work it out: VAT of each line, and VAT of all lines at a rate."""
    by_line = sum((line.total(document_discount) for line in lines), ZERO)
    rates: dict[Decimal, Decimal] = {}
    for line in lines:
        base = half_up(line.amount * _left(document_discount))
        rates[line.rate] = rates.get(line.rate, ZERO) + base
    gross = bool(lines) and lines[0].form == "gross"
    by_rate = sum((half_up(base * _factor(rate)) if gross else base for rate, base in rates.items()), ZERO)
    return by_line, by_rate


def _stated(line: Line, form: Form) -> Iterable[tuple[Decimal, Decimal | None]]:
    if line.unit_price is None or line.price_includes_vat != (form == "retail"):
        return
    discount = line.discount_percent
    if not discount:
        yield line.unit_price, None
    elif 0 < discount <= HUNDRED:
        yield line.unit_price, discount


def _price(total: Decimal | None, pieces: Decimal, factor: Decimal) -> Decimal:
    if total is None or not pieces:
        return ZERO
    exact = total / pieces
    for places in range(2, MOST_PLACES):
        step = ONE.scaleb(-places)
        nearest = half_up(exact, step)
        # The next one as well: a price below the exact one can miss half a cent that is rounded up.
        for price in (nearest, nearest + step.copy_sign(exact)):
            if _makes(price * pieces, total, factor):
                return price
    return half_up(exact, ONE.scaleb(-MOST_PLACES))


def _makes(amount: Decimal, total: Decimal, factor: Decimal) -> bool:
    """Whether an amount is the total to the cent, and makes the same with VAT."""
    return half_up(amount) == half_up(total) and half_up(amount * factor) == half_up(total * factor)


def _left(discount: Decimal | None) -> Decimal:
    return 1 - (discount or ZERO) / HUNDRED


def _factor(rate: Decimal) -> Decimal:
    return 1 + rate / HUNDRED
