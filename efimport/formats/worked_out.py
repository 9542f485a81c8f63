"""Amounts of a document that is written: what is missing is worked out from the rest.

Source: ISDOC 6.0.2 specification, implementation notes (totals of lines and of the recapitulation).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TypeVar

import msgspec

from efimport.documents import Advance, Invoice, Line, Order, VatSummary
from efimport.formats.writing import CannotWriteError
from efimport.messages import message
from efimport.rounding import CENT, half_up

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
PRICE = Decimal("0.000001")
Part = TypeVar("Part", Line, VatSummary, Advance)
Discounted = TypeVar("Discounted", Invoice, Order)


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


def has_amounts(lines: Iterable[Line]) -> bool:
    """Whether any of the lines states an amount in the document's currency."""
    return any(
        amount is not None
        for line in lines
        for amount in (line.unit_price, line.total_without_vat, line.total_with_vat)
    )


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


def with_reverse_charge(rows: tuple[VatSummary, ...], lines: Iterable[Line]) -> tuple[VatSummary, ...]:
    """The recapitulation with the rows marked whose lines are all under reverse charge, where it marks none itself."""
    if any(row.reverse_charge for row in rows):
        return rows
    known: dict[Decimal | None, bool] = {}
    for line in lines:
        known[line.vat_rate] = known.get(line.vat_rate, True) and line.reverse_charge
    return tuple(
        msgspec.structs.replace(row, reverse_charge=True) if known.get(row.rate) and not row.vat else row
        for row in rows
    )


def percent_of(rate: Decimal | None, level: str | None, vat: Decimal) -> Decimal:
    """VAT in percent, which ISDOC wants of every line and row.

    Raises:
        CannotWriteError: the document charges VAT and does not say how much in percent.
    """
    if rate is not None:
        return rate
    if vat or level not in (None, "none"):
        raise CannotWriteError(message("The rate of VAT is not known in percent ({level}).", level=level or "-"))
    return ZERO


def discounted(invoice: Discounted) -> Discounted:
    """The document with the discount of the whole taken from its lines, where its recapitulation has it already."""
    if not invoice.discount_percent:
        return invoice
    rest = 1 - invoice.discount_percent / HUNDRED
    lines = tuple(_discounted(line, rest) for line in invoice.lines)
    return msgspec.structs.replace(invoice, lines=lines, discount_percent=None)


def _discounted(line: Line, rest: Decimal) -> Line:
    base, vat, _ = (half_up(amount * rest) for amount in line_amounts(line))
    own = 1 - (line.discount_percent or ZERO) / HUNDRED
    return msgspec.structs.replace(
        line,
        discount_percent=(1 - own * rest) * HUNDRED,
        total_without_vat=base,
        vat=vat,
        total_with_vat=base + vat,
    )


def with_claims(invoice: Invoice) -> Invoice:
    """The document with its taxed advances as claimed before, where its recapitulation does not say so itself.

    ISDOC has in each row the whole supply, what of it was taxed with the advance, and the difference. Other formats
    have the difference alone, or the whole supply alone and the advances in the payable amount.
    """
    taxed = [one for one in invoice.advances if one.taxed and one.base is not None and one.amount is not None]
    if not taxed or any(row.already_claimed_base for row in invoice.vat_summary):
        return invoice
    is_rest = _is_rest(invoice, taxed)
    if not is_rest and not _is_whole(invoice):
        return invoice
    rows = list(invoice.vat_summary or summary_of_lines(invoice.lines)) if not is_rest else list(invoice.vat_summary)
    for advance in taxed:
        _claim(rows, advance, is_rest=is_rest)
    return msgspec.structs.replace(invoice, vat_summary=tuple(rows))


def _is_rest(invoice: Invoice, taxed: list[Advance]) -> bool:
    """Whether the recapitulation is what is left of the lines after the advances."""
    if not invoice.lines:
        return False
    supplied = sum((line_amounts(line)[0] for line in invoice.lines), ZERO)
    rest = sum((row.base or ZERO for row in invoice.vat_summary), ZERO)
    deducted = sum((one.base or ZERO for one in taxed), ZERO)
    return abs(supplied - deducted - rest) <= CENT * len(invoice.lines)


def _is_whole(invoice: Invoice) -> bool:
    """Whether the recapitulation is the whole supply, and the payable amount what is left of it after all advances."""
    if invoice.payable is None:
        return False
    rows = invoice.vat_summary or tuple(summary_of_lines(invoice.lines))
    total = sum(((row.base or ZERO) + (row.vat or ZERO) for row in rows), ZERO)
    deducted = sum((one.amount or ZERO for one in invoice.advances), ZERO)
    return abs(total + (invoice.rounding or ZERO) - deducted - invoice.payable) < ONE


def _claim(rows: list[VatSummary], advance: Advance, *, is_rest: bool) -> None:
    """Put an advance into the row of its rate; one that took up all of its rate has no row yet."""
    place = next((index for index, row in enumerate(rows) if row.rate == advance.vat_rate), len(rows))
    row = rows[place] if place < len(rows) else VatSummary(rate=advance.vat_rate)
    base = advance.base or ZERO
    vat = (advance.amount or ZERO) - base
    if is_rest:
        row = msgspec.structs.replace(row, base=(row.base or ZERO) + base, vat=(row.vat or ZERO) + vat, total=None)
    rows[place : place + 1] = [
        msgspec.structs.replace(
            row,
            already_claimed_base=(row.already_claimed_base or ZERO) + base,
            already_claimed_vat=(row.already_claimed_vat or ZERO) + vat,
        )
    ]


def is_negative(invoice: Invoice) -> bool:
    """Whether the document as a whole is below nothing: by its total, else by its recapitulation or its lines."""
    total = invoice.total_with_vat if invoice.total_with_vat is not None else invoice.payable
    if total is None:
        rows = invoice.vat_summary or tuple(summary_of_lines(invoice.lines))
        total = sum(((row.base or ZERO) + (row.vat or ZERO) for row in rows), ZERO)
    return total < 0


def turned(invoice: Invoice) -> Invoice:
    """The document with the opposite sign on every amount; quantities turn, prices of a unit stay the prices they are.

    A line whose price was negative keeps its quantity instead.
    """
    return msgspec.structs.replace(
        invoice,
        lines=tuple(_turned_line(line) for line in invoice.lines),
        vat_summary=tuple(_opposite(row, _SUMMARY) for row in invoice.vat_summary),
        advances=tuple(_opposite(advance, ("amount", "base")) for advance in invoice.advances),
        **_opposites(invoice, ("total_without_vat", "total_vat", "total_with_vat", "rounding", "payable")),
    )


_SUMMARY = ("base", "vat", "total", "already_claimed_base", "already_claimed_vat")


def _turned_line(line: Line) -> Line:
    by_price = line.unit_price is not None and line.unit_price < 0
    factor = "unit_price" if by_price or line.quantity is None else "quantity"
    return _opposite(line, (factor, "total_without_vat", "vat", "total_with_vat"))


def _opposite(part: Part, names: tuple[str, ...]) -> Part:
    return msgspec.structs.replace(part, **_opposites(part, names))


def _opposites(part: msgspec.Struct, names: tuple[str, ...]) -> dict[str, Decimal | None]:
    amounts: dict[str, Decimal | None] = {name: getattr(part, name) for name in names}
    return {name: -amount if amount else amount for name, amount in amounts.items()}


def per_unit(total: Decimal, quantity: Decimal) -> Decimal:
    """The price of one unit, rounded to a millionth."""
    if not quantity:
        return ZERO
    return half_up(total / quantity, PRICE)
