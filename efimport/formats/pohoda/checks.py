"""What can be wrong with a document of POHODA XML that its model no longer shows.

What the model alone shows (sums of a recapitulation, check digits, numbers used twice) is checked for all formats alike
elsewhere. Here are the rules of the format: what POHODA demands, symbols, sides and signs.
Source: POHODA XML, invoice.xsd and order.xsd; stormware.cz, XML communication (what an import demands).
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from lxml import etree

from efimport.documents import Kind
from efimport.formats.pohoda.fields import Block, number, plain_name
from efimport.formats.pohoda.home import Known, same_number
from efimport.formats.pohoda.lines import ZERO, DetailLine, check_classification, check_repeated
from efimport.formats.pohoda.rates import Rates
from efimport.formats.pohoda.summary import Totals
from efimport.formats.pohoda.sums import check_amounts, check_rates
from efimport.formats.pohoda.texts import check_short_codes

_GUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-")
_NOT_A_DIGIT = re.compile(r"\D+", re.ASCII)
SYMBOL_DIGITS = 10
"""Digits of the longest variable symbol that banks transfer."""
OPEN_TOLERANCE = Decimal(1)
"""What the rounding of a document that does not state it can add to what is open."""
_CREDIT_NOTES = (Kind.ISSUED_CREDIT_NOTE, Kind.RECEIVED_CREDIT_NOTE)
_RECEIVED = (Kind.RECEIVED_INVOICE, Kind.RECEIVED_CREDIT_NOTE, Kind.RECEIVED_DEBIT_NOTE)
VERSIONS = {"stock": ("2.0", "2.1")}
"""Versions of a document by its name; the others have 2.0 alone."""


def check_version(document: Block) -> None:
    """The version that the document itself states."""
    stated = document.element.get("version") if document.element is not None else None
    if stated is not None and stated not in VERSIONS.get(document.name, ("2.0",)):
        document.notes.add("pohoda.document-version", document.element, version=stated)


def check_invoice(
    document: Block, kind: Kind, lines: list[DetailLine], rates: Rates, totals: Totals, known: Known, *, foreign: bool
) -> None:
    """The rules for an invoice.

    Args:
        document: the element ``invoice``.
        kind: what it is.
        lines: its lines.
        rates: its rates.
        totals: its totals as read.
        known: what is known besides the document.
        foreign: whether its amounts are in foreign currency.
    """
    header, summary = document.block("invoiceHeader"), document.block("invoiceSummary")
    check_short_codes(header)
    check_repeated(document, header, summary, summary.block("homeCurrency"), summary.block("foreignCurrency"))
    _check_invoice_header(header, kind)
    _check_side(header, known)
    _check_state(document, header)
    _check_open(header.block("liquidation"), totals.payable, foreign=foreign)
    _check_sign(header, kind, lines, totals.payable)
    if not lines:
        document.notes.add("pohoda.summary-only" if summary else "pohoda.no-amounts", summary.element)
    check_amounts(summary, lines, rates, totals, foreign=foreign)
    if not foreign and "MOSS" not in header:
        check_rates(summary.block("homeCurrency"), lines, rates)


def check_order(
    document: Block, lines: list[DetailLine], rates: Rates, totals: Totals, known: Known, *, foreign: bool
) -> None:
    """The rules for an order; arguments as for an invoice."""
    header, summary = document.block("orderHeader"), document.block("orderSummary")
    check_short_codes(header)
    check_repeated(document, header, summary, summary.block("homeCurrency"), summary.block("foreignCurrency"))
    _check_number(header)
    _check_present(header, "date")
    check_partner(header)
    _check_side(header, known)
    if not lines:
        document.notes.add("pohoda.summary-only" if summary else "pohoda.no-amounts", summary.element)
    if not is_closed(header):
        for one in lines:
            _check_delivered(header, one)
    check_amounts(summary, lines, rates, totals, foreign=foreign)


def _check_invoice_header(header: Block, kind: Kind) -> None:
    _check_number(header)
    _check_present(header, "date", "text")
    if kind in _RECEIVED and header.text("originalDocument") is None:
        header.notes.add("pohoda.supplier-number-missing", header.element)
    check_partner(header)
    _check_symbol(header)
    check_classification(header)
    _check_due(header)


def _check_number(header: Block) -> None:
    block = header.block("number")
    if block.text("numberRequested") is not None:
        return
    series = block.text("ids")
    if series is not None:
        header.notes.add("pohoda.number-series", block.element, value=series)
    else:
        header.notes.add("pohoda.missing", header.element, name="number/numberRequested")


def _check_present(header: Block, *names: str) -> None:
    for name in names:
        if header.text(name) is None:
            header.notes.add("pohoda.missing", header.element, name=name)


def check_partner(header: Block) -> None:
    """The other party is named, and not only as a record of somebody else's address book."""
    identity = header.block("partnerIdentity")
    address = identity.block("address")
    if any(address.text(name) for name in address.names if name != "id"):
        return
    code = identity.text("id") or address.text("id") or identity.block("extId").text("ids")
    if code is not None:
        header.notes.add("pohoda.partner-reference", identity.element, value=code)
    else:
        header.notes.add("pohoda.missing", header.element, name="partnerIdentity")


def _check_side(header: Block, known: Known) -> None:
    """The other party is not the firm that the file was made by or for: then seller and buyer may be exchanged."""
    address = header.block("partnerIdentity").block("address")
    ico = address.text("ico")
    if same_number(ico, known.ico) or same_number(ico, known.ours):
        header.notes.add("pohoda.partner-is-us", address.child("ico"), ico=ico)


def _check_symbol(header: Block) -> None:
    symbol, place = header.text("symVar"), header.child("symVar")
    if symbol is None:
        _check_missing_symbol(header)
    elif _GUID.match(symbol):
        header.notes.add("pohoda.symbol-guid", place, value=symbol)
    elif not (symbol.isascii() and symbol.isdigit()):
        header.notes.add("pohoda.symbol-letters", place, value=symbol)
    elif len(symbol.lstrip("0")) > SYMBOL_DIGITS:
        header.notes.add("pohoda.symbol-long", place, value=symbol)


def _check_missing_symbol(header: Block) -> None:
    """POHODA makes a missing symbol of the digits of the number; only of a plain number that is the same."""
    written = header.text("originalDocument") or header.block("number").text("numberRequested")
    if written is None:
        return
    digits = _NOT_A_DIGIT.sub("", written)
    if digits != written or len(digits) > SYMBOL_DIGITS:
        header.notes.add("pohoda.symbol-missing", header.element, number=written, symbol=digits or "-")


def _check_due(header: Block) -> None:
    issued, due = _day(header, "date"), _day(header, "dateDue")
    if issued is not None and due is not None and due < issued:
        header.notes.add("pohoda.due-before-issue", header.child("dateDue"), due=due, date=issued)


def _day(header: Block, name: str) -> dt.date | None:
    """A day without a finding: it has been read, and told where it is none."""
    try:
        return dt.date.fromisoformat((header.text(name) or "")[:10])
    except ValueError:
        return None


def _check_state(document: Block, header: Block) -> None:
    if "storno" in header or "cancelDocument" in document:
        document.notes.add("pohoda.cancelled", _first(header.child("storno"), document.child("cancelDocument")))
    created = [name for name in ("links", "correctiveDocument", "cancelDocument") if name in document]
    if created and "invoiceDetail" not in document and "invoiceSummary" not in document:
        document.notes.add("pohoda.lines-elsewhere", document.child(created[0]))
    for files in document.block("attachments").blocks("files"):
        for file in files.blocks("file"):
            document.notes.add("pohoda.attachment-elsewhere", file.element, name=file.text("name") or "")


def _check_open(liquidation: Block, payable: Decimal | None, *, foreign: bool) -> None:
    """What was still open when the document was exported is a part of what is to be paid, or all of it."""
    name = "amountForeign" if foreign else "amountHome"
    left = number(liquidation.text(name))
    if left is None or payable is None:
        return
    if ZERO <= left < payable:
        liquidation.notes.add("pohoda.part-paid", liquidation.element, open=left, payable=payable)
    elif abs(left) > abs(payable) + OPEN_TOLERANCE:
        liquidation.notes.add("pohoda.open-mismatch", liquidation.child(name), open=left, payable=payable)


def _first(*elements: etree._Element | None) -> etree._Element | None:
    return next((element for element in elements if element is not None), None)


def _check_sign(header: Block, kind: Kind, lines: list[DetailLine], payable: Decimal | None) -> None:
    """The program itself writes the amounts of credit notes below nothing, and those of deductions on invoices."""
    place = header.child("invoiceType")
    if kind in _CREDIT_NOTES:
        if payable is not None and payable > 0:
            header.notes.add("pohoda.credit-note-positive", place, payable=payable)
        return
    if payable is not None and payable < 0:
        header.notes.add("pohoda.negative-total", place, payable=payable)
    for one in lines:
        amount = one.advance.amount if one.advance is not None else None
        if amount is not None and amount < 0:
            header.notes.add("pohoda.advance-positive", one.element, amount=-amount)


def is_closed(header: Block) -> bool:
    """Whether nothing of an order is left to deliver."""
    return any((header.text(name) or "").lower() == "true" for name in ("isExecuted", "isDelivered"))


def _check_delivered(header: Block, one: DetailLine) -> None:
    line = Block(one.element, header.notes)
    delivered, ordered = number(line.text("delivered")), number(line.text("quantity"))
    if delivered and ordered is not None and plain_name(one.element.tag) == "orderItem":
        header.notes.add("pohoda.partly-delivered", line.child("delivered"), delivered=delivered, ordered=ordered)
