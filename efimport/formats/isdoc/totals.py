"""VAT recapitulation and advances. Source: ISDOC 6.0.2 specification, TaxTotal, TaxedDeposits, NonTaxedDeposits."""

from __future__ import annotations

from decimal import Decimal

from efimport.documents import Advance, VatSummary
from efimport.formats.isdoc.node import Node, Values


def vat_summary(root: Node, values: Values) -> tuple[VatSummary, ...]:
    """The recapitulation by rate; a part without any amount is left out."""
    found = []
    for node in root.each("TaxTotal", "TaxSubTotal"):
        category = node.one("TaxCategory")
        base = values.money(node, "TaxableAmount")
        summary = VatSummary(
            rate=values.amount(category, "Percent"),
            base=base,
            vat=values.money(node, "TaxAmount"),
            total=values.money(node, "TaxInclusiveAmount"),
            already_claimed_base=_claimed(values.money(node, "AlreadyClaimedTaxableAmount"), base),
            already_claimed_vat=_claimed(values.money(node, "AlreadyClaimedTaxAmount"), base),
            reverse_charge=bool(category and category.flag("LocalReverseChargeFlag")),
        )
        if summary != VatSummary():
            found.append(summary)
    return tuple(found)


def advances(root: Node, values: Values) -> tuple[Advance, ...]:
    """The advances that are deducted: taxed ones, one for each document and rate, then untaxed ones."""
    taxed = (
        Advance(
            number=node.text("ID"),
            variable_symbol=node.text("VariableSymbol"),
            amount=_positive(values.money(node, "TaxInclusiveDepositAmount")),
            base=_positive(values.money(node, "TaxableDepositAmount")),
            vat_rate=values.amount(node, "ClassifiedTaxCategory", "Percent"),
            taxed=True,
        )
        for node in root.each("TaxedDeposits", "TaxedDeposit")
    )
    untaxed = (
        Advance(
            number=node.text("ID"),
            variable_symbol=node.text("VariableSymbol"),
            amount=_positive(values.money(node, "DepositAmount")),
        )
        for node in root.each("NonTaxedDeposits", "NonTaxedDeposit")
    )
    return (*taxed, *untaxed)


def _claimed(amount: Decimal | None, base: Decimal | None) -> Decimal | None:
    """What was taxed before, with the sign of what it is a part of."""
    if amount is None:
        return None
    return -abs(amount) if base is not None and base < 0 else abs(amount)


def _positive(amount: Decimal | None) -> Decimal | None:
    # The specification wants deductions positive; the first versions and their followers write them negative.
    return abs(amount) if amount is not None else None
