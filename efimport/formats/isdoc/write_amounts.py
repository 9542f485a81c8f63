"""The two currencies of a written document, and its lines.

Source: ISDOC 6.0.2 specification, ForeignCurrencyCode and InvoiceLine: a twin in the foreign currency stands in front
of each amount in the local one, in the totals behind it; prices of a unit are in the local currency only.
"""

from __future__ import annotations

import re
from decimal import Decimal

from lxml import etree

from efimport.documents import Invoice, Line
from efimport.formats.isdoc.leaves import add, boolean, money, printable
from efimport.formats.worked_out import (
    HUNDRED,
    ONE,
    Twin,
    line_amounts,
    per_unit,
    percent_of,
    quantity_of,
)
from efimport.formats.writing import CannotWriteError
from efimport.messages import message
from efimport.rounding import half_up

_CODE = re.compile(r"[A-Z]{3}", re.ASCII)


class Currencies:
    """The local currency of a document and its foreign one, with the rate between them.

    Args:
        invoice: the document.
        home_currency: ISO 4217 code of the supplier's books, where the document does not say it.

    Raises:
        CannotWriteError: one of the currencies has no code of three letters.
    """

    def __init__(self, invoice: Invoice, home_currency: str) -> None:
        currency = invoice.currency or home_currency
        home = invoice.home_currency or home_currency
        rate = invoice.exchange_rate
        has_rate = currency != home and rate is not None and rate > 0 and invoice.exchange_amount > 0
        self.foreign = currency if has_rate else None
        self.local = home if self.foreign else currency
        self.rate = rate if self.foreign and rate is not None else ONE
        self.rate_amount = invoice.exchange_amount if self.foreign else ONE
        for code in (currency, self.local):
            if not _CODE.fullmatch(code):
                raise CannotWriteError(message("{code} is no code of a currency (CZK, EUR).", code=code[:20]))

    def twin(self, amount: Decimal) -> Twin:
        """The amount in both currencies."""
        if not self.foreign:
            return Twin(amount, amount)
        return Twin(amount, half_up(amount * self.rate / self.rate_amount))

    def add_before(self, parent: etree._Element, name: str, amount: Twin) -> None:
        """An amount with its twin in front."""
        if self.foreign:
            add(parent, f"{name}Curr", money(amount.own))
        add(parent, name, money(amount.home))

    def add_behind(self, parent: etree._Element, name: str, amount: Twin) -> None:
        """An amount with its twin behind."""
        add(parent, name, money(amount.home))
        if self.foreign:
            add(parent, f"{name}Curr", money(amount.own))


def add_line(around: etree._Element, identifier: int, line: Line, currencies: Currencies, *, taxed: bool) -> None:
    """A line of the document.

    Args:
        around: the list of lines.
        identifier: what no other line has.
        line: the line.
        currencies: the currencies of the document.
        taxed: whether the document is a tax document.

    Raises:
        CannotWriteError: VAT of the line is not known in percent.
    """
    element = add(around, "InvoiceLine")
    quantity = quantity_of(line)
    base, vat, _ = (currencies.twin(amount) for amount in line_amounts(line))
    total = base + vat
    add(element, "ID", identifier)
    amount = add(element, "InvoicedQuantity", quantity)
    if line.unit:
        amount.set("unitCode", printable(line.unit))
    before = _before_discount(line, quantity, currencies)
    currencies.add_before(element, "LineExtensionAmount", base)
    if before is not None and not line.price_includes_vat:
        add(element, "LineExtensionAmountBeforeDiscount", money(before))
    currencies.add_before(element, "LineExtensionAmountTaxInclusive", total)
    if before is not None and line.price_includes_vat:
        add(element, "LineExtensionAmountTaxInclusiveBeforeDiscount", money(before))
    add(element, "LineExtensionTaxAmount", money(vat.home))
    plain, inclusive = _prices(line, base.home, total.home, quantity, stated=currencies.foreign is None)
    add(element, "UnitPrice", plain)
    add(element, "UnitPriceTaxInclusive", inclusive)
    _add_category(element, line, vat.own, taxed=taxed)
    if line.note:
        add(element, "Note", line.note)
    item = add(element, "Item")
    add(item, "Description", line.description or "")
    if line.ean:
        add(add(item, "CatalogueItemIdentification"), "ID", line.ean)
    if line.product_code:
        add(add(item, "SellersItemIdentification"), "ID", line.product_code)


def _before_discount(line: Line, quantity: Decimal, currencies: Currencies) -> Decimal | None:
    """What the line would be without its discount; it has no twin, so that only the local currency can say it."""
    if not line.discount_percent or line.unit_price is None or currencies.foreign:
        return None
    return half_up(quantity * line.unit_price)


def _prices(line: Line, base: Decimal, total: Decimal, quantity: Decimal, *, stated: bool) -> tuple[Decimal, Decimal]:
    """Prices of a unit without VAT and with it: the one that the line states as it is, the rest divided out."""
    plain, inclusive = per_unit(base, quantity), per_unit(total, quantity)
    if line.unit_price is None or not stated:
        return plain, inclusive
    if line.discount_percent:
        # The price before the discount; the other one of the two has to be before it as well.
        rest = ONE - line.discount_percent / HUNDRED
        plain, inclusive = (per_unit(price, rest) for price in (plain, inclusive))
    return (plain, line.unit_price) if line.price_includes_vat else (line.unit_price, inclusive)


def _add_category(element: etree._Element, line: Line, vat: Decimal, *, taxed: bool) -> None:
    category = add(element, "ClassifiedTaxCategory")
    add(category, "Percent", percent_of(line.vat_rate, line.vat_level, vat))
    add(category, "VATCalculationMethod", 1 if line.price_includes_vat else 0)
    add(category, "VATApplicable", boolean(taxed))
    if line.reverse_charge:
        add(add(category, "LocalReverseCharge"), "LocalReverseChargeCode", line.reverse_charge_code or "")
