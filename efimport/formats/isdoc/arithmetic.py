"""Whether the totals of a document add up, in every currency that it states them in.

Source: ISDOC 6.0.2 specification, notes on implementation: sums by rate, the total of VAT, what was claimed on
advances, and the payable amount. Official examples break some of these rules themselves, so that all of it is warnings.
Nothing is said of an amount that the document does not state. Where quantity and price of a line make another amount
than the line states, that of the line is the right one, by the specification: that is said, but no warning.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from efimport.formats.isdoc.node import Node, Values

TOLERANCE = Decimal("0.01")
"""For one rate of VAT, in the currency of the amounts."""

ROUNDING_LIMIT = Decimal(1)
"""A larger rounding of the payable amount is not one any more."""

_PARTS = ("Taxable", "Tax", "TaxInclusive")

LINE_TOLERANCE = Decimal("0.02")
"""For base, VAT and total of a line, each of which is rounded by itself."""


def check(root: Node, values: Values, home: str, foreign: str | None) -> None:
    """Note every sum that is not what the document says."""
    for suffix, currency in (("", home), ("Curr", foreign)):
        if currency is not None:
            _Sums(root, values, suffix, currency, is_own=currency == (foreign or home)).check()
    _paid(root, values)


def _paid(root: Node, values: Values) -> None:
    """What the payments come to is one of the document's totals; in which currency, the specification leaves open.

    Zero says that nothing is left to pay. Programs that offer several ways to pay state the whole amount with each.
    """
    payments = list(root.each("PaymentMeans", "Payment"))
    amounts = _known(values.amount(payment, "PaidAmount") for payment in payments)
    totals = root.one("LegalMonetaryTotal")
    is_part = any(node.element.get("partialPayment", "").strip() == "true" for node in payments)
    if not any(amounts) or totals is None or is_part:
        return
    names = [name for name in totals.children if not name.startswith("PayableRounding")]
    known = _known(values.amount(totals, name) for name in names)
    paid = sum(amounts, Decimal(0))
    if known and not _is_one_of(paid, known) and not all(_is_one_of(amount, known) for amount in amounts):
        payable = values.money(totals, "PayableAmount")
        place = payments[0].one("PaidAmount")
        values.notes.add("isdoc.paid-amount", place, paid=paid, payable="-" if payable is None else payable)


def _is_one_of(amount: Decimal, totals: Iterable[Decimal]) -> bool:
    """Whether an amount is one of these, rounded or of the other sign."""
    return any(abs(abs(amount) - abs(total)) <= ROUNDING_LIMIT for total in totals)


class _Sums:
    """The totals of a document in one currency.

    Args:
        suffix: end of the names of the amounts in this currency.
        currency: ISO 4217 code.
        is_own: whether it is the document's currency, in which the payable amount is rounded.
    """

    def __init__(self, root: Node, values: Values, suffix: str, currency: str, *, is_own: bool) -> None:
        self.root = root
        self.values = values
        self.suffix = suffix
        self.currency = currency
        self.is_own = is_own
        self.rates = list(root.each("TaxTotal", "TaxSubTotal"))
        self.tolerance = TOLERANCE * max(1, len(self.rates))

    def check(self) -> None:
        self._lines()
        for rate in self.rates:
            self._rate(rate)
        self._total_of_vat()
        self._totals()
        self._payable()
        self._deposits()

    def amount(self, node: Node | None, name: str) -> Decimal | None:
        return self.values.amount(node, name + self.suffix)

    def expect(
        self, node: Node, name: str, formula: str, expected: Decimal | None, *, tolerance: Decimal = TOLERANCE
    ) -> None:
        """Note that an amount is not what the formula gives."""
        stated = self.amount(node, name)
        if stated is None or expected is None or abs(stated - expected) <= tolerance:
            return
        place = node.one(name + self.suffix)
        self.note("isdoc.total-mismatch", place, name=name, stated=stated, formula=formula, expected=expected)

    def note(self, code: str, node: Node | None, **arguments: object) -> None:
        self.values.notes.add(code, node, None, currency=self.currency, **arguments)

    def _lines(self) -> None:
        """Base and VAT of each line make its total, and the lines of each rate its row of the recapitulation."""
        lines = list(self.root.each("InvoiceLines", "InvoiceLine"))
        if not self.suffix:
            for line in lines:
                base, vat = (self.amount(line, name) for name in ("LineExtensionAmount", "LineExtensionTaxAmount"))
                formula = "LineExtensionAmount + LineExtensionTaxAmount"
                name = "LineExtensionAmountTaxInclusive"
                self.expect(line, name, formula, _sum(base, vat), tolerance=LINE_TOLERANCE)
                self._price(line)
        if self.is_own:
            self._agree_by_rate(lines, "LineExtensionAmount", "ClassifiedTaxCategory", "TaxableAmount")
            advances = list(self.root.each("TaxedDeposits", "TaxedDeposit"))
            if advances:
                claimed = "AlreadyClaimedTaxableAmount"
                self._agree_by_rate(advances, "TaxableDepositAmount", "ClassifiedTaxCategory", claimed)

    def _price(self, line: Node) -> None:
        """Quantity times price; a price may be the one before a discount."""
        quantity = self.amount(line, "InvoicedQuantity")
        for price_name, name in (
            ("UnitPrice", "LineExtensionAmount"),
            ("UnitPriceTaxInclusive", "LineExtensionAmountTaxInclusive"),
        ):
            price, stated = self.amount(line, price_name), self.amount(line, name)
            before = self.amount(line, name + "BeforeDiscount")
            if quantity is None or price is None or stated is None:
                continue
            made = quantity * price
            # A price is rounded to hundredths at the least, and a line by itself.
            tolerance = abs(quantity) * Decimal("0.005") + LINE_TOLERANCE
            # The sign of a returned piece stands at the quantity, at the price or at both.
            if all(abs(abs(made) - abs(one)) > tolerance for one in (stated, before) if one is not None):
                place = line.one(price_name)
                self.note("isdoc.line-price", place, name=name, stated=stated, price=price_name, computed=made)

    def _agree_by_rate(self, parts: list[Node], part_name: str, category: str, name: str) -> None:
        """Where parts and recapitulation agree as a whole, they agree at each rate; else the whole has a finding.

        Args:
            parts: the lines, or the taxed advances.
            part_name: their amount.
            category: their element with the percentage.
            name: the amount of a row of the recapitulation that they make.
        """
        of_parts = self._by_rate(parts, part_name, category)
        of_rows = self._by_rate(self.rates, name, "TaxCategory")
        if of_parts is None or of_rows is None:
            return
        tolerance = TOLERANCE * (5 + len(parts))
        if abs(sum(of_parts.values(), Decimal(0)) - sum(of_rows.values(), Decimal(0))) > tolerance:
            return
        for row in self.rates:
            percent = self.values.amount(row, "TaxCategory", "Percent")
            if percent is None:
                continue
            stated, made = of_rows[percent], of_parts.get(percent, Decimal(0))
            if abs(stated - made) > tolerance:
                place = row.one(name + self.suffix)
                formula = f"sum of {part_name} at {percent} %"
                self.note("isdoc.total-mismatch", place, name=name, stated=stated, formula=formula, expected=made)

    def _by_rate(self, nodes: list[Node], name: str, category: str) -> dict[Decimal, Decimal] | None:
        """Sums of an amount by percentage; None where an amount that counts has no percentage."""
        sums: dict[Decimal, Decimal] = {}
        for node in nodes:
            amount, percent = self.amount(node, name), self.values.amount(node, category, "Percent")
            if percent is not None:
                sums[percent] = sums.get(percent, Decimal(0)) + (amount or Decimal(0))
            elif amount:
                return None
        return sums

    def _rate(self, rate: Node) -> None:
        for prefix in ("", "AlreadyClaimed", "Difference"):
            base, vat = (self.amount(rate, f"{prefix}{part}Amount") for part in ("Taxable", "Tax"))
            self.expect(
                rate, f"{prefix}TaxInclusiveAmount", f"{prefix}TaxableAmount + {prefix}TaxAmount", _sum(base, vat)
            )
        for part in _PARTS:
            whole, claimed = self.amount(rate, f"{part}Amount"), self.amount(rate, f"AlreadyClaimed{part}Amount")
            formula = f"{part}Amount - AlreadyClaimed{part}Amount"
            self.expect(rate, f"Difference{part}Amount", formula, self._less(whole, claimed))

    def _less(self, whole: Decimal | None, deducted: Decimal | None) -> Decimal | None:
        """What is left after a deduction, which older documents write with a minus."""
        if whole is None or deducted is None:
            return None
        return whole + deducted if deducted < 0 <= whole else whole - deducted

    def _total_of_vat(self) -> None:
        total = self.root.one("TaxTotal")
        if total is not None:
            self.expect(total, "TaxAmount", "sum of TaxAmount", self._added("TaxAmount"), tolerance=self.tolerance)

    def _totals(self) -> None:
        totals = self.root.one("LegalMonetaryTotal")
        if totals is None:
            return
        for prefix in ("", "AlreadyClaimed", "Difference"):
            for part, name in (("Taxable", "TaxExclusive"), ("TaxInclusive", "TaxInclusive")):
                formula = f"sum of {prefix}{part}Amount"
                expected = self._added(f"{prefix}{part}Amount")
                self.expect(totals, f"{prefix}{name}Amount", formula, expected, tolerance=self.tolerance)
        whole, claimed = (self.amount(totals, f"{prefix}TaxInclusiveAmount") for prefix in ("", "AlreadyClaimed"))
        formula = "TaxInclusiveAmount - AlreadyClaimedTaxInclusiveAmount"
        self.expect(totals, "DifferenceTaxInclusiveAmount", formula, self._less(whole, claimed))

    def _payable(self) -> None:
        totals = self.root.one("LegalMonetaryTotal")
        left = self.amount(totals, "DifferenceTaxInclusiveAmount")
        paid = self.amount(totals, "PaidDepositsAmount")
        payable = self.amount(totals, "PayableAmount")
        rounding = self.amount(totals, "PayableRoundingAmount")
        if totals is None:
            return
        if self.is_own and rounding is not None and abs(rounding) > ROUNDING_LIMIT:
            self.note("isdoc.rounding", totals.one("PayableRoundingAmount" + self.suffix), rounding=rounding)
        if left is None or payable is None:
            return
        expected = (self._less(left, paid) if paid is not None else left) or Decimal(0)
        if rounding is None and _is_rounded(payable, expected):
            place = totals.one("PayableAmount" + self.suffix)
            self.note("isdoc.rounding-missing", place, payable=payable, expected=expected)
            return
        formula = "DifferenceTaxInclusiveAmount + PayableRoundingAmount - PaidDepositsAmount"
        self.expect(totals, "PayableAmount", formula, expected + (rounding or 0))

    def _deposits(self) -> None:
        totals = self.root.one("LegalMonetaryTotal")
        if totals is None:
            return
        for holder, name, part in (
            ("NonTaxedDeposit", "PaidDepositsAmount", "DepositAmount"),
            ("TaxedDeposit", "AlreadyClaimedTaxExclusiveAmount", "TaxableDepositAmount"),
            ("TaxedDeposit", "AlreadyClaimedTaxInclusiveAmount", "TaxInclusiveDepositAmount"),
        ):
            stated = self.amount(totals, name)
            deposits = list(self.root.each(holder + "s", holder))
            added = _sum(*(self.amount(deposit, part) for deposit in deposits)) if deposits else None
            if stated is None:
                continue
            if stated < 0 and self.suffix == "":
                self.note("isdoc.negative-deposits", totals.one(name), name=name, stated=stated)
            if added is not None and abs(abs(stated) - abs(added)) > TOLERANCE * len(deposits):
                place = totals.one(name + self.suffix)
                formula = f"sum of {holder}/{part}"
                self.note("isdoc.total-mismatch", place, name=name, stated=stated, formula=formula, expected=added)

    def _added(self, name: str) -> Decimal | None:
        return _sum(*(self.amount(rate, name) for rate in self.rates)) if self.rates else None


def _is_rounded(payable: Decimal, expected: Decimal) -> bool:
    """Whether the payable amount is the expected one in whole units of the currency."""
    return payable == payable.to_integral_value() and TOLERANCE < abs(payable - expected) < 1


def _sum(*amounts: Decimal | None) -> Decimal | None:
    """The sum; None where one of the amounts is not stated."""
    known = _known(amounts)
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _known(amounts: Iterable[Decimal | None]) -> list[Decimal]:
    return [amount for amount in amounts if amount is not None]
