"""The items of a received document: lines without a product of the service, each with its account and its VAT.

Source: web service reference, ReceivedInvoiceCreate, Items: ``netAmount`` is in the currency of the books,
``netAmountInDocumentCurrency`` in that of the document. Lines are never made items with a product: the codes on a
received document are those of the supplier or of another stock.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from efimport.api.call import Element, Scalar
from efimport.documents import Advance, Line, VatSummary
from efimport.payloads.bookings import Booking
from efimport.payloads.elements import completed
from efimport.payloads.lines import net_total
from efimport.payloads.received_vat import ELEMENT, FILE, Treatment, deducted, treatment_of
from efimport.payloads.suppliers import of_supplier, setting_line, shown
from efimport.rounding import half_up

ZERO, HUNDRED = Decimal(0), Decimal(100)


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """An item before it is written.

    Attributes:
        line: the line that it is made of.
        treatment: of its VAT.
        net: amount that is booked, without the VAT that the service is to add; currency of the document.
        rate: VAT in percent; None to leave it to the service.
    """

    line: Line
    treatment: Treatment
    net: Decimal
    rate: Decimal | None

    @property
    def total(self) -> Decimal:
        """The amount with the VAT that the supplier charges, currency of the document."""
        if not self.treatment.charged:
            return self.net
        return self.net + half_up(self.net * (self.rate or ZERO) / HUNDRED)


def items_of(booking: Booking) -> list[Item]:
    """All items: of the lines, else of the recapitulation, and of the taxed advances that are deducted."""
    lines = [*_lines(booking), *_deductions(booking)]
    if not lines:
        booking.note("invoice.no-lines")
    return [item for line in lines if (item := _item(booking, line)) is not None]


def _lines(booking: Booking) -> list[Line]:
    invoice = booking.invoice
    if invoice.lines:
        return list(invoice.lines)
    rows = [row for row in invoice.vat_summary if row.base]
    if rows:
        booking.note("received.recapitulation-booked")
    return [_of_recapitulation(booking, position, row) for position, row in enumerate(rows, start=1)]


def _of_recapitulation(booking: Booking, position: int, row: VatSummary) -> Line:
    """The part of the document at one rate, as a line."""
    return Line(
        position=position,
        description=booking.invoice.text or booking.invoice.number,
        vat_rate=row.rate,
        total_without_vat=row.base,
        vat=row.vat,
        total_with_vat=row.total,
        reverse_charge=row.reverse_charge,
    )


def _deductions(booking: Booking) -> Iterator[Line]:
    """A negative line for each advance on which VAT was paid before.

    Not where the recapitulation takes the place of the lines: it is what is left after them.
    """
    if not booking.invoice.lines or booking.is_advance:
        return
    position = max(line.position for line in booking.invoice.lines)
    text = booking.table(FILE)[booking.site]["advance_text"]
    for advance in booking.invoice.advances:
        if not advance.taxed:
            continue
        position += 1
        if advance.base is None or advance.vat_rate is None:
            booking.note("received.advance-unclear", number=_named(advance))
            continue
        booking.note("received.advance-deducted", number=_named(advance), amount=-advance.base)
        yield Line(
            position=position,
            description=text.format(number=_named(advance)),
            vat_rate=advance.vat_rate,
            total_without_vat=-advance.base,
        )


def _named(advance: Advance) -> str:
    return advance.number or advance.variable_symbol or "-"


def _item(booking: Booking, line: Line) -> Item | None:
    """The item of a line; None where something is missing, which is noted."""
    treatment = treatment_of(booking, line)
    net = _net(booking, line)
    if treatment is None or net is None:
        return None
    if treatment.outside:
        return _outside(booking, line, treatment, net)
    if treatment.charged:
        if line.vat_rate is None:
            booking.note("invoice.vat-rate-unknown", line=line.position)
        return Item(line=line, treatment=treatment, net=net, rate=line.vat_rate)
    if line.vat:
        booking.note("received.vat-charged", line=line.position, vat=line.vat, treatment=treatment.code)
    if not line.vat_rate:
        booking.note("received.rate-defaulted", line=line.position)
    return Item(line=line, treatment=treatment, net=net, rate=line.vat_rate or None)


def _outside(booking: Booking, line: Line, treatment: Treatment, net: Decimal) -> Item:
    """What stays outside the VAT return is a cost with whatever VAT the supplier charged."""
    gross = _gross(booking, line, net)
    if gross != net:
        booking.note("received.vat-in-cost", line=line.position)
    return Item(line=line, treatment=treatment, net=gross, rate=ZERO)


def _gross(booking: Booking, line: Line, net: Decimal) -> Decimal:
    if line.reverse_charge:
        return net
    if line.total_with_vat is not None:
        return _discounted(booking, line.total_with_vat)
    vat = line.vat if line.vat is not None else half_up(net * (line.vat_rate or ZERO) / HUNDRED)
    return net + vat


def _net(booking: Booking, line: Line) -> Decimal | None:
    """The amount without VAT; none is needed where the source gives it, or a product, by the names of the service."""
    if booking.says("netAmount", line) or booking.says("productCode", line):
        return net_total(line) or ZERO
    if line.vat_rate is None and line.total_without_vat is None and (line.total_with_vat or line.price_includes_vat):
        net = None  # the VAT inside cannot be told
    else:
        net = net_total(line)
    if net is None:
        booking.note("received.line-amount", line=line.position)
        return None
    return _discounted(booking, net)


def _discounted(booking: Booking, amount: Decimal) -> Decimal:
    """The amount less the discount of the whole document, which the lines do not contain."""
    percent = booking.invoice.discount_percent
    return half_up(amount * (HUNDRED - percent) / HUNDRED) if percent else amount


def written(booking: Booking, items: list[Item]) -> Iterator[Element]:
    """The elements ``Item``, in the order of the reference."""
    for position, item in enumerate(items, start=1):
        values = _values(booking, item, position)
        yield Element("Item", children=tuple(completed(booking.item, values, booking.given(item.line))))


def _values(booking: Booking, item: Item, position: int) -> Iterator[tuple[str, Scalar | None]]:
    line, percent = item.line, deducted(booking, item.treatment)
    yield "position", position
    yield "chartAccountNumber", account_of(booking, line)
    yield "costPosition", line.cost_centre or booking.invoice.cost_centre or booking.settings.cost_centre
    yield "description", line.description or line.note or line.product_code or booking.invoice.number
    yield ELEMENT, item.treatment.code
    yield "isInputVatDeductible", percent is not None
    yield "vatDeductionPercentage", percent
    # The two options exclude each other, so that this one is there only where nothing is deducted.
    yield "isInsideTheScopeOfVat", None if percent is not None else not item.treatment.outside
    yield "netAmount", booking.in_home_currency(item.net)
    yield "netAmountInDocumentCurrency", item.net if booking.is_foreign else None
    yield "vatPercentage", item.rate


def account_of(booking: Booking, line: Line) -> str | None:
    """The general ledger account of a line: of the table that it is in, else of the settings; None is noted.

    What another program calls the account of a line is a code of its own and no account.
    """
    given = booking.says("chartAccountNumber", line) or (line.account if booking.is_mapped else None)
    supplier = booking.invoice.supplier
    account = given or of_supplier(booking.settings.accounts, supplier) or booking.settings.account
    if account is None:
        booking.note("received.no-account", supplier=shown(supplier), line=setting_line(supplier, "..."))
    return account
