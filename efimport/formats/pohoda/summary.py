"""The recapitulation and the totals of an invoice or an order.

Source: POHODA XML, type.xsd (typeCurrencyHome, typeCurrencyForeign, typeRound). The file states no total in home
currency: the payable amount is what is untaxed, the sums of the rates and the rounding; real exports show that the
deduction of an advance at no rate is not part of the recapitulation and still lowers what is to be paid.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from efimport.documents import VatSummary
from efimport.formats.pohoda.fields import Block
from efimport.formats.pohoda.lines import ZERO, DetailLine
from efimport.formats.pohoda.rates import CENT, Rates, bucket_fields, cents, plain_level, vat_inside, vat_on_top

_TAXED = ("high", "low", "third")


class Bucket(msgspec.Struct, frozen=True):
    """One level of the recapitulation.

    Attributes:
        level: ``none``, ``high``, ``low`` or ``third``.
        rate: VAT in percent; None where it cannot be told.
        base, vat, total: amounts; None where they cannot be told.
        stated: whether base and VAT stand in the file.
        charged: whether its lines are under reverse charge.
    """

    level: str
    rate: Decimal | None
    base: Decimal | None
    vat: Decimal | None
    total: Decimal | None
    stated: bool = True
    charged: bool = False


class Totals(msgspec.Struct, frozen=True):
    """The totals of a document, in its currency.

    Attributes:
        vat_summary: the recapitulation.
        without_vat, vat, with_vat: before advances and rounding.
        rounding: rounding of the payable amount.
        payable: what is to be paid.
    """

    vat_summary: tuple[VatSummary, ...] = ()
    without_vat: Decimal | None = None
    vat: Decimal | None = None
    with_vat: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None


def read_buckets(block: Block, rates: Rates) -> list[Bucket]:
    """The levels that a recapitulation states; what is left out of a level is computed from its rate."""
    buckets = []
    untaxed = block.amount("priceNone")
    if untaxed:
        buckets.append(Bucket("none", ZERO, untaxed, ZERO, untaxed))
    for level in _TAXED:
        bucket = _bucket(block, level, rates.of_level(level))
        if bucket is not None and (bucket.base or bucket.vat or bucket.total):
            buckets.append(bucket)
            if bucket.base is None or bucket.vat is None:
                block.notes.add("pohoda.rate-unknown", block.element, level=level)
    return buckets


def _bucket(block: Block, level: str, rate: Decimal | None) -> Bucket | None:
    names = bucket_fields(level)
    base, vat, total = (block.amount(name) for name in names)
    if base is None and total is None:
        return None
    stated = base is not None and vat is not None
    if vat is None and base is not None and total is not None:
        vat = total - base
    elif vat is None and rate is not None:
        vat = vat_on_top(base, rate) if base is not None else vat_inside(total or ZERO, rate)
    if base is None and total is not None and vat is not None:
        base = total - vat
    if base is not None and vat is not None and total is None:
        total = base + vat
    return Bucket(level, rate, base, vat, total, stated)


def buckets_of_lines(lines: list[DetailLine]) -> list[Bucket]:
    """A recapitulation made from the lines, one bucket a rate, untaxed deductions left out."""
    sums: dict[tuple[str, Decimal | None, bool], tuple[Decimal, Decimal]] = {}
    for one in lines:
        if one.amounts.net is None or (one.advance is not None and not one.advance.taxed):
            continue
        key = (plain_level(one.level), one.rate, _is_charged(one))
        base, vat = sums.get(key, (ZERO, ZERO))
        sums[key] = (base + one.amounts.net, vat + (one.amounts.vat or ZERO))
    return [
        Bucket(level, rate, base, vat, base + vat, stated=False, charged=charged)
        for (level, rate, charged), (base, vat) in sums.items()
    ]


def _is_charged(one: DetailLine) -> bool:
    return one.line is not None and one.line.reverse_charge


def split_by_rate(buckets: list[Bucket], lines: list[DetailLine]) -> list[Bucket]:
    """The recapitulation with a bucket of several rates taken apart, where its lines make it exactly.

    Rates of other countries and times share the bucket of a present rate (``historyHigh`` that of ``high``), and so do
    lines with VAT and those under reverse charge.
    """
    rates = {(plain_level(one.level), one.rate, _is_charged(one)) for one in lines}
    if rates <= {(bucket.level, bucket.rate, bucket.charged) for bucket in buckets}:
        return buckets
    by_level: dict[str, list[Bucket]] = {}
    for bucket in buckets_of_lines(lines):
        by_level.setdefault(bucket.level, []).append(bucket)
    result = []
    for bucket in buckets:
        parts = by_level.get(bucket.level, [])
        base = sum((part.base or ZERO for part in parts), ZERO)
        vat = sum((part.vat or ZERO for part in parts), ZERO)
        if len(parts) > 1 and base == bucket.base and vat == bucket.vat:
            result.extend(parts)
        elif len(parts) == 1 and parts[0].rate is not None:
            charged = parts[0].charged and not bucket.vat
            result.append(msgspec.structs.replace(bucket, rate=parts[0].rate, charged=charged))
        else:
            result.append(bucket)
    return result


def rounding_of(block: Block) -> Decimal | None:
    """The rounding of the payable amount; None where the file does not state it."""
    rounding = block.block("round")
    rounded = rounding.amount("priceRound")
    return rounded if rounded is not None else rounding.amount("priceRoundSum")


def untaxed_deductions(lines: list[DetailLine]) -> Decimal:
    """Sum of the deductions of advances at no rate: negative."""
    return -sum((one.advance.amount or ZERO for one in lines if one.advance and not one.advance.taxed), ZERO)


def home_totals(block: Block, buckets: list[Bucket], lines: list[DetailLine]) -> Totals:
    """The totals in home currency.

    Args:
        block: home currency of the summary.
        buckets: its recapitulation, or the one made from the lines.
        lines: the lines.
    """
    rounding = rounding_of(block)
    residue = None if rounding else _residue(buckets, lines)
    if residue is not None:
        rounding = residue.base
        buckets = [bucket for bucket in buckets if bucket is not residue]
    deductions = untaxed_deductions(lines)
    if deductions and holds_deductions(_untaxed(buckets), lines):
        buckets = _without_deductions(buckets, deductions)
    base, vat, total = (_sum(bucket_amounts) for bucket_amounts in _columns(buckets))
    payable = None
    if buckets or rounding is not None or "priceNone" in block or lines:
        payable = total + (rounding or ZERO) + deductions if total is not None else None
    return Totals(_vat_summary(buckets), base, vat, total, rounding, payable)


def _residue(buckets: list[Bucket], lines: list[DetailLine]) -> Bucket | None:
    """The untaxed part of a recapitulation where it is only what rounding left over: small, and of no line."""
    if not lines or len(buckets) < 2 or any(plain_level(one.level) == "none" for one in lines):
        return None
    return next((one for one in buckets if one.level == "none" and one.base is not None and abs(one.base) < 1), None)


def _untaxed(buckets: list[Bucket]) -> Decimal:
    return sum((bucket.base or ZERO for bucket in buckets if bucket.level == "none"), ZERO)


def holds_deductions(stated: Decimal, lines: list[DetailLine]) -> bool:
    """Whether the untaxed part of a recapitulation is the lines less the deductions of advances at no rate.

    Args:
        stated: the untaxed part.
        lines: the lines.
    """
    deductions = untaxed_deductions(lines)
    untaxed = sum(
        (one.amounts.net or ZERO for one in lines if one.line is not None and plain_level(one.level) == "none"), ZERO
    )
    return not deductions or (stated != untaxed and abs(untaxed + deductions - stated) <= CENT)


def _without_deductions(buckets: list[Bucket], deductions: Decimal) -> list[Bucket]:
    """The recapitulation of what was supplied: an advance that is deducted lowers what is to be paid, not the supply.

    Other formats (ISDOC) and most exports have it so; here the two conventions become one.
    """
    supplied = []
    for bucket in buckets:
        base = (bucket.base or ZERO) - deductions
        if bucket.level != "none":
            supplied.append(bucket)
        elif abs(base) > CENT:
            supplied.append(msgspec.structs.replace(bucket, base=base, total=base))
    return supplied


def foreign_totals(block: Block, home: list[Bucket], lines: list[DetailLine], rates: Rates) -> Totals:
    """The totals in foreign currency, of which the file states one alone.

    Args:
        block: foreign currency of the summary.
        home: the recapitulation in home currency.
        lines: the lines, with their amounts in foreign currency.
        rates: the rates of the document.

    Some producers write the recapitulation of home currency into the foreign block too; it is read where it stands.
    """
    payable = block.amount("priceSum")
    rounding = rounding_of(block)
    complete = bool(lines) and all(one.amounts.total is not None for one in lines if one.amounts.unit_price is not None)
    buckets = read_buckets(block, rates)
    if not buckets and complete:
        buckets = buckets_of_lines(lines)
    if not buckets and payable is not None:
        buckets = _shared_out(payable, home)
    base, vat_total, total = (_sum(column) for column in _columns(buckets)) if buckets else (None, None, None)
    deductions = untaxed_deductions(lines)
    if payable is None and total is not None:
        payable = total + (rounding or ZERO) + deductions
    elif payable is not None and total is not None and abs(payable - total) <= min(CENT, abs(deductions) / 2):
        # The total is the one before the deductions, which lower what is to be paid.
        payable += deductions
    return Totals(_vat_summary(buckets), base, vat_total, total, rounding, payable)


def _shared_out(payable: Decimal, home: list[Bucket]) -> list[Bucket]:
    """A total in foreign currency, shared out among the rates as they share the total in home currency."""
    totals = [one.total for one in home]
    whole = _sum(totals)
    if not whole or any(one.rate is None for one in home):
        return []
    buckets = []
    left = payable
    for position, one in enumerate(home, start=1):
        share = left if position == len(home) else cents(payable * (one.total or ZERO) / whole)
        vat = ZERO if one.charged else vat_inside(share, one.rate or ZERO)
        buckets.append(Bucket(one.level, one.rate, share - vat, vat, share, stated=False, charged=one.charged))
        left -= share
    return buckets


def _columns(buckets: list[Bucket]) -> tuple[list[Decimal | None], list[Decimal | None], list[Decimal | None]]:
    return [one.base for one in buckets], [one.vat for one in buckets], [one.total for one in buckets]


def _sum(amounts: list[Decimal | None]) -> Decimal | None:
    """The sum; None where a part of it cannot be told."""
    total = ZERO
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _vat_summary(buckets: list[Bucket]) -> tuple[VatSummary, ...]:
    return tuple(
        VatSummary(
            rate=one.rate,
            level=one.level,
            base=one.base,
            vat=one.vat,
            total=one.total,
            reverse_charge=one.charged,
        )
        for one in buckets
    )
