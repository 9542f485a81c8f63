"""The lines of an invoice or an order, with the amounts that the program would compute.

Source: POHODA XML, invoice.xsd (invoiceItemType, invoiceAdvancePaymentItemType) and type.xsd (typeCurrencyHomeItem):
``price`` and ``priceVAT`` are always the amounts of the line without VAT and of its VAT, discount applied; only
``unitPrice`` follows ``payVAT``. All but the unit price may be left out.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec
from lxml import etree

from efimport.documents import Advance, Line
from efimport.findings import Severity
from efimport.formats.pohoda.fields import Block, Notes, number, plain_name
from efimport.formats.pohoda.rates import (
    CENT,
    HUNDRED,
    LEVELS,
    Rates,
    cents,
    is_historical,
    plain_level,
    shown_rate,
    vat_inside,
    vat_on_top,
)

ZERO, ONE = Decimal(0), Decimal(1)
ROUNDING = "roundingItem"
ITEMS = ("invoiceItem", "orderItem", ROUNDING)
ADVANCES = ("invoiceAdvancePaymentItem",)
ORDINARY = "inland"
"""Type of the VAT classification that counts where none is named."""
CARD = "card"
"""Level of a stock line without ``rateVAT``: the one of its stock card, which the file does not hold."""


class Amounts(msgspec.Struct, frozen=True):
    """Amounts of a line in one currency; None where they cannot be told.

    Attributes:
        unit_price: as written.
        net: without VAT.
        vat: VAT.
        computed: whether ``net`` or ``vat`` was computed here.
    """

    unit_price: Decimal | None = None
    net: Decimal | None = None
    vat: Decimal | None = None
    computed: bool = False

    @property
    def total(self) -> Decimal | None:
        """With VAT."""
        return self.net + self.vat if self.net is not None and self.vat is not None else None


class Shared(msgspec.Struct, frozen=True):
    """What the header of a document says for all of its lines.

    Attributes:
        account: accounting code of lines that have none of their own.
        vat_country: country whose VAT is charged (OSS).
    """

    account: str | None = None
    vat_country: str | None = None


class DetailLine(msgspec.Struct, frozen=True):
    """A line with what the checks need besides.

    Attributes:
        element: the line in the document.
        level: level of its VAT rate.
        rate: VAT in percent; None where it cannot be told.
        amounts: in the document's currency.
        line: the line; None for the deduction of an advance.
        advance: the deduction; None for a line.
    """

    element: etree._Element
    level: str
    rate: Decimal | None
    amounts: Amounts
    line: Line | None = None
    advance: Advance | None = None


def read_lines(detail: Block, rates: Rates, currency_block: str, shared: Shared | None = None) -> list[DetailLine]:
    """All lines and deductions, in their order.

    Args:
        detail: ``invoiceDetail`` or ``orderDetail``.
        rates: the rates of the document.
        currency_block: ``homeCurrency`` or ``foreignCurrency``: the one whose amounts count.
        shared: what the header says for all lines.
    """
    lines: list[DetailLine] = []
    shared = shared or Shared()
    position = 0
    for block, level, rate in _rated(detail, rates):
        assert block.element is not None
        _check_percent(block, level, rate)
        check_classification(block)
        check_repeated(block, block.block(currency_block))
        quantity = block.amount("quantity")
        charged = block.flag("PDP", figures=True)
        # Under reverse charge the customer pays the VAT: the level stands on the line, its VAT does not.
        amounts = _amounts(block, block.block(currency_block), ZERO if charged else rate, quantity)
        if block.name in ADVANCES:
            _check_advance(block, quantity)
            lines.append(DetailLine(block.element, level, rate, amounts, advance=_advance(block, level, rate, amounts)))
            continue
        position += 1
        line = _line(block, position, level, rate, amounts, shared)
        line = msgspec.structs.replace(line, quantity=_quantity(quantity, amounts), reverse_charge=charged)
        if rate is None and (level in LEVELS or level == CARD) and amounts.unit_price is not None:
            detail.notes.add("pohoda.rate-unknown", block.element, level=level)
        lines.append(DetailLine(block.element, level, rate, amounts, line=line))
    return lines


def _rated(detail: Block, rates: Rates) -> list[tuple[Block, str, Decimal | None]]:
    """The lines with level and rate; what a line does not tell is taken from a recapitulation that is unambiguous."""
    found = []
    for block in detail.blocks():
        if block.name not in ITEMS and block.name not in ADVANCES:
            detail.notes.add("pohoda.unexpected-element", block.element, name=block.name)
            continue
        level = _level(block)
        rate = _rate(block, level, rates)
        if level == CARD and rate is None and rates.only_level is not None:
            level = rates.only_level
            rate = rates.of_level(level)
        found.append((block, level, rate))
    told = {plain_level(level) for _, level, rate in found if rate is not None}
    return [
        (block, level, rates.shown(level) if rate is None and plain_level(level) not in told else rate)
        for block, level, rate in found
    ]


def _level(block: Block) -> str:
    level = block.text("rateVAT") or (CARD if "stockItem" in block else "none")
    if level not in LEVELS and level != CARD:
        block.notes.add("pohoda.rate-level", block.child("rateVAT"), value=level)
    return level


def _rate(block: Block, level: str, rates: Rates) -> Decimal | None:
    if level in LEVELS:
        return rates.of_line(block, level)
    stated = number(block.attribute("rateVAT", "value"))
    if stated is not None:
        return stated
    home = block.block("homeCurrency")
    net, vat = number(home.text("price")), number(home.text("priceVAT"))
    return ZERO if net and vat == 0 else shown_rate(net, vat)


def _check_percent(block: Block, level: str, rate: Decimal | None) -> None:
    if "percentVAT" not in block:
        return
    stated = number(block.text("percentVAT"))
    if is_historical(level):
        if stated is None or not 0 < stated <= HUNDRED:
            block.notes.add("pohoda.percent-useless", block.child("percentVAT"), value=block.text("percentVAT") or "")
    else:
        # Programs repeat the percentage that the level has anyway.
        severity = Severity.INFO if stated is not None and stated == rate else None
        block.notes.add(
            "pohoda.percent-ignored",
            block.child("percentVAT"),
            severity=severity,
            value=block.text("percentVAT") or "",
            level=level,
        )


def _amounts(block: Block, currency: Block, rate: Decimal | None, quantity: Decimal | None) -> Amounts:
    unit, net, vat = currency.amount("unitPrice"), currency.amount("price"), currency.amount("priceVAT")
    total = currency.amount("priceSum")
    if net is not None and vat is not None:
        if total is not None and abs(net + vat - total) > CENT:
            block.notes.add("pohoda.line-total", currency.child("priceSum"), stated=total, computed=net + vat)
        _check_unit_price(block, unit, net, vat, quantity)
        return Amounts(unit, net, vat)
    if net is None and total is not None:
        vat = vat if vat is not None else (vat_inside(total, rate) if rate is not None else None)
        return Amounts(unit, total - vat if vat is not None else None, vat, computed=True)
    if net is None and unit is not None:
        return _from_unit_price(block, _extended(block, unit, quantity), unit, vat, rate)
    if net is not None and rate is not None:
        return Amounts(unit, net, total - net if total is not None else vat_on_top(net, rate), computed=True)
    return Amounts(unit, net, vat)


def _from_unit_price(
    block: Block, extended: Decimal, unit: Decimal, vat: Decimal | None, rate: Decimal | None
) -> Amounts:
    amount = cents(extended)
    if rate is None and vat is None:
        return Amounts(unit, None if block.flag("payVAT") else amount, None, computed=True)
    if not block.flag("payVAT"):
        return Amounts(unit, amount, vat if vat is not None else vat_on_top(amount, rate or ZERO), computed=True)
    inside = vat if vat is not None else vat_inside(amount, rate or ZERO)
    return Amounts(unit, amount - inside, inside, computed=True)


def _extended(block: Block, unit: Decimal, quantity: Decimal | None) -> Decimal:
    """Unit price times quantity less discount."""
    amount = unit if quantity is None else unit * quantity
    discount = number(block.text("discountPercentage"))
    return amount * (HUNDRED - discount) / HUNDRED if discount else amount


def _check_unit_price(block: Block, unit: Decimal | None, net: Decimal, vat: Decimal, quantity: Decimal | None) -> None:
    """The amount of a line against its quantity and its price; a unit may be converted into another one."""
    if not unit or number(block.text("coefficient")) not in (None, ZERO, ONE):
        return
    gross = (block.text("payVAT") or "").lower() in ("true", "1")
    extended = _extended(block, unit, quantity)
    if not gross and abs(vat) > CENT * 5 and abs(extended - net - vat) <= CENT * 2 < abs(extended - net):
        block.notes.add("pohoda.gross-unit-price", block.element, price=unit)
        return
    stated = net + vat if gross else net
    # VAT that is rounded to the whole unit moves what is worked out of a price with VAT.
    if abs(extended - stated) > _rounded_prices(unit, quantity) + (ONE if gross else CENT * 5):
        block.notes.add("pohoda.line-price", block.element, stated=stated, computed=cents(extended))


def _rounded_prices(unit: Decimal, quantity: Decimal | None) -> Decimal:
    """What the rounding of a unit price, to two places at least, can make of a line."""
    exponent = unit.as_tuple().exponent
    place = ONE.scaleb(min(exponent, -2)) if isinstance(exponent, int) else CENT
    return abs(quantity if quantity is not None else ONE) * place / 2


def _line(
    block: Block,
    position: int,
    level: str,
    rate: Decimal | None,
    amounts: Amounts,
    shared: Shared,
) -> Line:
    stock = block.block("stockItem").block("stockItem")
    return Line(
        position=position,
        description=block.text("text"),
        product_code=block.text("code") or stock.text("ids"),
        ean=stock.text("EAN"),
        unit=block.text("unit"),
        unit_price=amounts.unit_price,
        price_includes_vat=block.flag("payVAT"),
        discount_percent=block.amount("discountPercentage"),
        vat_rate=rate,
        vat_level=level if level != CARD else None,
        total_without_vat=amounts.net,
        vat=amounts.vat,
        total_with_vat=amounts.total,
        vat_classification=classification(block),
        reverse_charge_code=block.text("CodePDP"),
        stock_item="stockItem" in block,
        account=block.reference("accounting") or shared.account,
        note=block.text("note"),
        control_report_classification=block.reference("classificationKVDPH"),
        vat_country=shared.vat_country if level != "none" else None,
        cost_centre=block.reference("centre"),
    )


def classification(block: Block) -> str | None:
    """The VAT classification of a document or a line by its code; by its type alone where that is not the usual one."""
    found = block.reference("classificationVAT") or block.text("classificationVAT")
    kind = block.block("classificationVAT").text("classificationVATType")
    return found or (kind if kind != ORDINARY else None)


def check_repeated(*blocks: Block) -> None:
    """Fields that stand twice where there is room for one, and do not say the same."""
    for block in blocks:
        for element in block.repeated():
            block.notes.add("pohoda.repeated", element, name=plain_name(element.tag))


def check_classification(block: Block) -> None:
    """The VAT classification of a document or a line is a reference and no text."""
    text = block.text("classificationVAT")
    if text is not None and block.reference("classificationVAT") is None:
        block.notes.add("pohoda.classification-text", block.child("classificationVAT"), value=text)


def _quantity(quantity: Decimal | None, amounts: Amounts) -> Decimal | None:
    """The quantity; one where the line has amounts and no quantity."""
    has_amounts = amounts.net is not None or amounts.unit_price is not None
    return quantity if quantity is not None or not has_amounts else Decimal(1)


def _check_advance(block: Block, quantity: Decimal | None) -> None:
    if quantity not in (None, ONE):
        block.notes.add("pohoda.advance-quantity", block.child("quantity"), quantity=quantity)
    if block.text("rateVAT") is None:
        block.notes.add("pohoda.missing", block.element, name="rateVAT")


def _advance(block: Block, level: str, rate: Decimal | None, amounts: Amounts) -> Advance:
    taxed = level != "none"
    return Advance(
        number=block.block("sourceDocument").text("number"),
        variable_symbol=block.text("symPar"),
        amount=-amounts.total if amounts.total is not None else None,
        base=-amounts.net if taxed and amounts.net is not None else None,
        vat_rate=rate if taxed else None,
        taxed=taxed,
    )


def without_rounding(lines: list[DetailLine], rounding: Decimal | None) -> list[DetailLine]:
    """The lines without the one that repeats the rounding of the payable amount.

    Args:
        lines: all lines.
        rounding: rounding that the summary states.
    """
    return [
        one
        for one in lines
        if not (plain_name(one.element.tag) == ROUNDING and rounding and one.amounts.net == rounding)
    ]


def document_lines(lines: list[DetailLine], notes: Notes) -> tuple[Line, ...]:
    """The lines without the deductions; a line that only refers to another document is noted."""
    found = []
    for one in lines:
        if one.line is None:
            continue
        if one.amounts == Amounts() and one.line.description is None:
            notes.add("pohoda.lines-elsewhere", one.element)
        found.append(one.line)
    return tuple(found)


def sum_of(lines: list[DetailLine], amount: str) -> Decimal | None:
    """The sum of an amount of the lines; None where a line that has amounts does not tell this one.

    Args:
        lines: the lines.
        amount: ``net`` or ``vat``.
    """
    total = ZERO
    for one in lines:
        value: Decimal | None = getattr(one.amounts, amount)
        if value is None:
            if one.amounts.unit_price is not None or one.amounts.net is not None:
                return None
            continue
        total += value
    return total
