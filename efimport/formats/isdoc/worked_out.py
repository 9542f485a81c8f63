"""Amounts of a document that is written: what is missing is worked out from the rest.

Source: ISDOC 6.0.2 specification, implementation notes (totals of lines and of the recapitulation).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from efimport.documents import Invoice, Line, VatSummary
from efimport.rounding import half_up

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
PRICE = Decimal("0.000001")


class Twin(msgspec.Struct, frozen=True):
    """An amount in the document's currency and in the local one.

    Sums and differences are made in each currency for itself, so that both add up to the cent.

    Attributes:
        own: in the document's currency.
        home: in the local currency, rounded to hundredths.
    """

    own: Decimal = ZERO
    home: Decimal = ZERO

    def __add__(self, other: Twin) -> Twin:
        return Twin(self.own + other.own, self.home + other.home)

    def __sub__(self, other: Twin) -> Twin:
        return Twin(self.own - other.own, self.home - other.home)


def total_of(twins: Iterable[Twin]) -> Twin:
    """Their sum."""
    return sum(twins, Twin())


def line_amounts(line: Line) -> tuple[Decimal, Decimal, Decimal]:
    """Base, VAT and total of a line; what is missing is worked out from the rest."""
    base, vat, total = line.total_without_vat, line.vat, line.total_with_vat
    if base is None and total is not None:
        base = total - vat if vat is not None else half_up(total / _factor(line))
    if base is None:
        base, vat = _of_price(line)
    if vat is None:
        vat = ZERO if line.reverse_charge else half_up(base * (line.vat_rate or ZERO) / HUNDRED)
    return base, vat, base + vat


def _of_price(line: Line) -> tuple[Decimal, Decimal | None]:
    """Base, and VAT where the price includes it: the two are the price to the cent."""
    discount = 1 - (line.discount_percent or ZERO) / HUNDRED
    price = half_up(quantity_of(line) * (line.unit_price or ZERO) * discount)
    if not line.price_includes_vat:
        return price, line.vat
    base = half_up(price / _factor(line))
    return base, price - base


def _factor(line: Line) -> Decimal:
    return 1 + (ZERO if line.reverse_charge else line.vat_rate or ZERO) / HUNDRED


def quantity_of(line: Line) -> Decimal:
    """The quantity; one where the line states none."""
    return ONE if line.quantity is None else line.quantity


def lines_of_summary(invoice: Invoice) -> Iterator[Line]:
    """A line for each rate, for documents that have no lines."""
    for position, row in enumerate(invoice.vat_summary, start=1):
        yield Line(
            position=position,
            description=invoice.text or invoice.number,
            quantity=Decimal(1),
            vat_rate=row.rate,
            total_without_vat=row.base,
            vat=row.vat,
            reverse_charge=row.reverse_charge,
        )
    if not invoice.vat_summary:
        total = invoice.payable or ZERO
        yield Line(position=1, description=invoice.text or invoice.number, total_without_vat=total, vat=ZERO)


def summary_of_lines(lines: Iterable[Line]) -> Iterator[VatSummary]:
    """A recapitulation for documents that have none: a row for each rate of the lines."""
    rates: dict[tuple[Decimal, bool], list[Line]] = {}
    for line in lines:
        rates.setdefault((line.vat_rate or ZERO, line.reverse_charge), []).append(line)
    for (rate, reverse_charge), same in rates.items():
        amounts = [line_amounts(line) for line in same]
        yield VatSummary(
            rate=rate,
            base=sum((base for base, _, _ in amounts), ZERO),
            vat=sum((vat for _, vat, _ in amounts), ZERO),
            reverse_charge=reverse_charge,
        )


def per_unit(total: Decimal, quantity: Decimal) -> Decimal:
    """The price of one unit, rounded to a millionth."""
    if not quantity:
        return ZERO
    return half_up(total / quantity, PRICE)
