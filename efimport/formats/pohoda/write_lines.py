"""Lines, deductions and sums of an invoice or an order that is written.

Source: POHODA XML, invoice.xsd (invoiceItemType, invoiceAdvancePaymentItemType), type.xsd (typeCurrencyHome,
typeCurrencyForeign, typeRoundingDocument): ``price`` and ``priceVAT`` are amounts of the line, deductions stand below
nothing, the recapitulation is what is left after taxed advances.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from efimport.documents import Advance, Line, VatSummary
from efimport.formats.pohoda.levels import NONE, Levels
from efimport.formats.pohoda.rates import HUNDRED, bucket_fields, is_historical, plain_level
from efimport.formats.pohoda.sums import ROUNDING_UNITS
from efimport.formats.pohoda.written import Branch, note_unwritten
from efimport.formats.worked_out import has_amounts, line_amounts, per_unit, quantity_of
from efimport.formats.writing import CannotWriteError
from efimport.messages import message
from efimport.rounding import half_up

ZERO, ONE = Decimal(0), Decimal(1)
HALF = Decimal("0.5")
_LARGEST_DISCOUNT = 999


class Money(msgspec.Struct, frozen=True):
    """The currency that amounts are written in.

    Attributes:
        foreign: ISO 4217 code where it is not that of the books; None where it is.
        rate: home currency for ``amount`` units.
        amount: units that the rate is for.
    """

    foreign: str | None
    rate: Decimal | None
    amount: Decimal

    @property
    def block(self) -> str:
        """Name of the element that holds the amounts."""
        return "foreignCurrency" if self.foreign else "homeCurrency"


class LineWriter:
    """Writes the lines of one document.

    Args:
        detail: the element around them.
        prefix: its prefix.
        money: the currency.
        levels: the levels of VAT.
        warehouse: store of the lines that move stock.
    """

    def __init__(self, detail: Branch, prefix: str, money: Money, levels: Levels, warehouse: str | None) -> None:
        self.detail = detail
        self.prefix = prefix
        self.money = money
        self.levels = levels
        self.warehouse = warehouse

    def line(self, name: str, line: Line) -> None:
        """One line.

        Args:
            name: ``invoiceItem`` or ``orderItem``.
            line: the line.

        Raises:
            CannotWriteError: its VAT rate is not known.
        """
        prefix = self.prefix
        self.detail.losses.position = line.position
        item = self.detail.inside(prefix, name)
        item.text(prefix, "text", line.description, "description")
        item.leaf(prefix, "quantity", line.quantity)
        item.code(prefix, "unit", line.unit, "unit")
        item.leaf(prefix, "payVAT", line.price_includes_vat)
        base, vat, _ = line_amounts(line)
        self._rate(item, line.vat_rate, line.vat_level, taxed=bool(vat) or line.reverse_charge)
        discount = line.discount_percent
        if discount is not None and abs(discount) <= _LARGEST_DISCOUNT:
            item.leaf(prefix, "discountPercentage", discount)
        elif discount is not None:
            self.detail.losses.add("discount_percent", discount)
        if has_amounts([line]):
            self._amounts(item, _unit_price(line, base, vat), base, vat)
        item.text(prefix, "note", line.note, "note")
        item.code(prefix, "code", line.product_code, "product_code")
        self._stock_item(item, line)
        self._codes(item, name, line)
        self.detail.losses.position = None

    def _codes(self, item: Branch, name: str, line: Line) -> None:
        prefix = self.prefix
        if name == "invoiceItem":
            item.reference(prefix, "accounting", line.account, "account")
            item.reference(prefix, "classificationVAT", line.vat_classification, "vat_classification")
            item.reference(
                prefix, "classificationKVDPH", line.control_report_classification, "control_report_classification"
            )
        else:
            unwritten = ("account", "vat_classification", "control_report_classification")
            note_unwritten(line, unwritten, self.detail.losses)
        if line.reverse_charge:
            item.leaf(prefix, "PDP", True)
        item.code(prefix, "CodePDP", line.reverse_charge_code, "reverse_charge_code")
        item.reference(prefix, "centre", line.cost_centre, "cost_centre")
        note_unwritten(line, ("service_elements",), self.detail.losses)

    def _stock_item(self, item: Branch, line: Line) -> None:
        if not line.stock_item:
            note_unwritten(line, ("ean",), self.detail.losses)
            return
        holder = item.inside(self.prefix, "stockItem")
        holder.reference("typ", "store", self.warehouse, "warehouse")
        record = holder.inside("typ", "stockItem")
        record.code("typ", "ids", line.product_code, "product_code")
        record.code("typ", "EAN", line.ean, "ean")

    def advance(self, advance: Advance) -> None:
        """The deduction of an advance.

        Raises:
            CannotWriteError: its VAT rate is not known.
        """
        prefix = self.prefix
        item = self.detail.inside(prefix, "invoiceAdvancePaymentItem")
        if advance.number:
            item.inside(prefix, "sourceDocument").code("typ", "number", advance.number, "advances")
        item.leaf(prefix, "quantity", 1)
        item.leaf(prefix, "payVAT", False)
        base, vat = advance_amounts(advance)
        self._rate(item, advance.vat_rate if advance.taxed else ZERO, None, taxed=advance.taxed)
        if advance.amount is not None:
            self._amounts(item, -base, -base, -vat)
        item.code(prefix, "symPar", advance.variable_symbol, "advances")

    def _rate(self, item: Branch, rate: Decimal | None, level: str | None, *, taxed: bool) -> None:
        found = self.levels.of(rate, level)
        if found is None and taxed:
            raise CannotWriteError(message("The VAT rate of a line is not known."))
        found = found or NONE
        if rate is not None and is_historical(found):
            item.leaf(self.prefix, "rateVAT", found, value=f"{rate:f}")
            item.leaf(self.prefix, "percentVAT", rate)
        else:
            item.leaf(self.prefix, "rateVAT", found)

    def _amounts(self, item: Branch, unit: Decimal, base: Decimal, vat: Decimal) -> None:
        block = item.inside(self.prefix, self.money.block)
        for name, amount in (("unitPrice", unit), ("price", base), ("priceVAT", vat)):
            block.leaf("typ", name, amount)


def _unit_price(line: Line, base: Decimal, vat: Decimal) -> Decimal:
    if line.unit_price is not None:
        return line.unit_price
    factor = 1 - (line.discount_percent or ZERO) / HUNDRED
    total = base + vat if line.price_includes_vat else base
    return per_unit(total / factor if factor else total, quantity_of(line))


def advance_amounts(advance: Advance) -> tuple[Decimal, Decimal]:
    """Base and VAT of a deduction, as positive as its amount."""
    amount = advance.amount or ZERO
    if not advance.taxed:
        return amount, ZERO
    base = advance.base
    if base is None:
        base = half_up(amount * HUNDRED / (HUNDRED + (advance.vat_rate or ZERO)))
    return base, amount - base


class Sums(msgspec.Struct, frozen=True):
    """What the summary of a document says.

    Attributes:
        rows: the recapitulation, what was taxed with advances taken off.
        payable: what is to be paid.
        untaxed: sum of the advances at no rate, which the recapitulation does not hold.
        rounding: rounding as the document states it.
    """

    rows: tuple[VatSummary, ...]
    payable: Decimal | None
    untaxed: Decimal = ZERO
    rounding: Decimal | None = None

    @property
    def total(self) -> Decimal:
        """Of the recapitulation, with VAT."""
        return sum(((row.base or ZERO) + (row.vat or ZERO) for row in self.rows), ZERO)

    @property
    def rounded_by(self) -> Decimal:
        """What the parts do not explain of what is to be paid."""
        return (self.rounding or ZERO) if self.payable is None else self.payable - self.total + self.untaxed


def write_summary(summary: Branch, prefix: str, sums: Sums, money: Money, levels: Levels) -> None:
    """The sums of a document.

    Args:
        summary: the element ``invoiceSummary`` or ``orderSummary``.
        prefix: its prefix.
        sums: what is written.
        money: the currency.
        levels: the levels of VAT.

    Raises:
        CannotWriteError: the VAT rate of a part is not known.
    """
    rounding = sums.rounded_by
    summary.leaf(prefix, "roundingDocument", _rounding_method(rounding, sums.total + rounding))
    block = summary.inside(prefix, money.block)
    if money.foreign:
        block.reference("typ", "currency", money.foreign, "currency")
        block.leaf("typ", "rate", money.rate)
        block.leaf("typ", "amount", int(money.amount))
        block.leaf("typ", "priceSum", sums.total + rounding - sums.untaxed)
    else:
        _write_buckets(block, sums.rows, levels)
    if rounding:
        block.inside("typ", "round").leaf("typ", "priceRound", rounding)


def _write_buckets(block: Branch, rows: tuple[VatSummary, ...], levels: Levels) -> None:
    buckets: dict[str, list[VatSummary]] = {}
    for row in rows:
        level = levels.of(row.rate, row.level)
        if level is None and row.vat:
            raise CannotWriteError(message("The VAT rate of a part of the recapitulation is not known."))
        buckets.setdefault(plain_level(level or NONE), []).append(row)
    untaxed = buckets.pop(NONE, [])
    if untaxed:
        block.leaf("typ", "priceNone", _sum(untaxed, "base") + _sum(untaxed, "vat"))
    for level, same in buckets.items():
        base, vat = _sum(same, "base"), _sum(same, "vat")
        rates = {row.rate for row in same}
        rate = rates.pop() if len(rates) == 1 else None
        names = bucket_fields(level)
        block.leaf("typ", names[0], base)
        block.leaf("typ", names[1], vat, **({"rate": f"{rate:f}"} if rate else {}))
        block.leaf("typ", names[2], base + vat)


def _sum(rows: list[VatSummary], name: str) -> Decimal:
    return sum((getattr(row, name) or ZERO for row in rows), ZERO)


def _rounding_method(rounding: Decimal, total: Decimal) -> str:
    """The word for a rounding that leaves a total that is a multiple of its unit."""
    if not rounding:
        return NONE
    for end, unit in ROUNDING_UNITS.items():
        if total % unit or abs(rounding) >= unit:
            continue
        if abs(rounding) <= unit * HALF:
            return f"math{end}"
        if end != "5cent":
            return f"{'up' if rounding > 0 else 'down'}{end}"
    return NONE
