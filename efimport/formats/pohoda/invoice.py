"""An invoice of POHODA XML as a document.

Source: POHODA XML, invoice.xsd. ``invoiceType`` alone tells kind and direction: both directions have the same shape.
``number/numberRequested`` is the number, ``number/ids`` only the prefix of a series.
"""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

from efimport.documents import Advance, Invoice, Kind, Origin
from efimport.formats.pohoda import checks
from efimport.formats.pohoda.fields import Block, Notes
from efimport.formats.pohoda.home import Home, Known, home
from efimport.formats.pohoda.lines import (
    DetailLine,
    Shared,
    classification,
    document_lines,
    read_lines,
    without_rounding,
)
from efimport.formats.pohoda.party import bank_account, country_code, deliveries, own_party, partner
from efimport.formats.pohoda.rates import Rates
from efimport.formats.pohoda.summary import (
    Totals,
    buckets_of_lines,
    foreign_totals,
    home_totals,
    read_buckets,
    rounding_of,
    split_by_rate,
)

KINDS = {
    "issuedInvoice": Kind.ISSUED_INVOICE,
    "issuedCreditNotice": Kind.ISSUED_CREDIT_NOTE,
    "issuedCorrectiveTax": Kind.ISSUED_CREDIT_NOTE,
    "issuedDebitNote": Kind.ISSUED_DEBIT_NOTE,
    "issuedAdvanceInvoice": Kind.ISSUED_ADVANCE_INVOICE,
    "issuedProformaInvoice": Kind.ISSUED_PROFORMA,
    "receivable": Kind.RECEIVABLE,
    "penalty": Kind.RECEIVABLE,
    "receivedInvoice": Kind.RECEIVED_INVOICE,
    "receivedCreditNotice": Kind.RECEIVED_CREDIT_NOTE,
    "receivedCorrectiveTax": Kind.RECEIVED_CREDIT_NOTE,
    "receivedDebitNote": Kind.RECEIVED_DEBIT_NOTE,
    "receivedAdvanceInvoice": Kind.RECEIVED_ADVANCE_INVOICE,
    "receivedProformaInvoice": Kind.RECEIVED_ADVANCE_INVOICE,
    "commitment": Kind.COMMITMENT,
}
"""Kind by ``invoiceType``. A proforma that was received asks for money like an advance invoice, and nothing else."""

_WITHOUT_VAT = ("issuedAdvanceInvoice", "issuedProformaInvoice", "receivedAdvanceInvoice", "receivedProformaInvoice")
_PURCHASES = frozenset(
    {
        Kind.RECEIVED_INVOICE,
        Kind.RECEIVED_CREDIT_NOTE,
        Kind.RECEIVED_DEBIT_NOTE,
        Kind.RECEIVED_ADVANCE_INVOICE,
        Kind.COMMITMENT,
    }
)
_CORRECTIONS = (Kind.ISSUED_CREDIT_NOTE, Kind.RECEIVED_CREDIT_NOTE, Kind.ISSUED_DEBIT_NOTE, Kind.RECEIVED_DEBIT_NOTE)


_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Money(msgspec.Struct, frozen=True):
    """The currency of a document.

    Attributes:
        currency: ISO 4217 code that the amounts are in.
        foreign: whether that is not the home currency, so that the foreign block counts.
        rate, amount: home currency for ``amount`` units.
    """

    currency: str | None
    foreign: bool
    rate: Decimal | None = None
    amount: Decimal = Decimal(1)


def read_invoice(document: Block, origin: Origin, notes: Notes, known: Known) -> Invoice:
    """The invoice.

    Args:
        document: the element ``invoice``.
        origin: where it came from.
        notes: where to note what is wrong.
        known: what is known besides the document.
    """
    header, summary = document.block("invoiceHeader"), document.block("invoiceSummary")
    kind = _kind(document, header)
    day, tax_day = header.day("date"), header.day("dateTax")
    books = home(header, summary.block("homeCurrency"), tax_day or day, known, document.block("invoiceDetail"))
    money = read_money(summary, books)
    rates = Rates(summary.block("homeCurrency"), vat_country(header) or books.country, tax_day or day, known.codes)
    block = "foreignCurrency" if money.foreign else "homeCurrency"
    lines = read_lines(document.block("invoiceDetail"), rates, block, shared_by_lines(header))
    lines = without_rounding(lines, rounding_of(summary.block(block)))
    totals = read_totals(summary, lines, rates, money)
    purchase = kind in _PURCHASES
    other, own = partner(header.block("partnerIdentity")), own_party(header.block("myIdentity"))
    number, internal = _numbers(header, purchase=purchase)
    checks.check_invoice(document, kind, lines, rates, totals, known, foreign=money.foreign)
    introduction, text = texts(header)
    return Invoice(
        kind=kind,
        origin=origin,
        number=number,
        internal_number=internal,
        date=day,
        taxable_supply_date=tax_day,
        accounting_date=header.day("dateAccounting"),
        control_report_date=header.day("dateKHDPH"),
        due_date=header.day("dateDue"),
        variable_symbol=header.text("symVar"),
        constant_symbol=header.text("symConst"),
        specific_symbol=header.text("symSpec"),
        original_number=_original_number(document, header, kind),
        order_number=header.text("numberOrder"),
        sales_order_number=header.reference("order") or linked_number(document, "receivedOrder"),
        quote_number=linked_number(document, "issuedOffer"),
        text=text,
        introduction=introduction,
        currency=money.currency,
        exchange_rate=money.rate,
        exchange_amount=money.amount,
        home_currency=books.currency if money.foreign and books.currency != money.currency else None,
        supplier=other if purchase else own,
        customer=own if purchase else other,
        delivery=next(iter(deliveries(header.block("partnerIdentity"))), None),
        lines=document_lines(lines, notes),
        vat_summary=totals.vat_summary,
        advances=_advances(lines),
        total_without_vat=totals.without_vat,
        total_vat=totals.vat,
        total_with_vat=totals.with_vat,
        rounding=totals.rounding,
        payable=totals.payable,
        payment_method=payment_method(header),
        payment_account=bank_account(header.block("paymentAccount" if purchase else "account")),
        vat_classification=classification(header),
        control_report_classification=header.reference("classificationKVDPH"),
        vat_country=vat_country(header),
        cost_centre=header.reference("centre"),
        delivery_method=header.reference("carrier"),
        warehouse=_warehouse(document.block("invoiceDetail")),
        vat_document=header.text("invoiceType") not in _WITHOUT_VAT,
        cancelled="storno" in header or "cancelDocument" in document,
        own_registration_number=known.ico or (own.registration_number if own else None),
        uuid=_uuid(header),
        findings=tuple(notes.findings),
    )


def _kind(document: Block, header: Block) -> Kind:
    written = header.text("invoiceType")
    if written is None:
        document.notes.add("pohoda.missing-invoice-type", header.element)
        return Kind.OTHER
    kind = KINDS.get(written)
    if kind is None:
        document.notes.add("pohoda.unknown-invoice-type", header.child("invoiceType"), value=written)
        return Kind.OTHER
    return kind


def _numbers(header: Block, *, purchase: bool) -> tuple[str | None, str | None]:
    """The number that the issuer wrote, and the number in the books of the one who received it."""
    requested = header.block("number").text("numberRequested")
    if not purchase:
        return requested, None
    return header.text("originalDocument") or requested, requested


def _original_number(document: Block, header: Block, kind: Kind) -> str | None:
    for name in ("correctiveDocument", "cancelDocument"):
        number = document.block(name).block("sourceDocument").text("number")
        if number is not None:
            return number
    if kind in _CORRECTIONS:
        return header.text("originalDocumentNumber") or (
            header.text("originalDocument") if kind not in _PURCHASES else None
        )
    return header.text("originalDocument")


def texts(header: Block) -> tuple[str | None, str | None]:
    """The text above the lines and the note below them; a text that stands alone is the text of the document."""
    text, note = header.text("text"), header.text("note")
    return (text, note) if note is not None else (None, text)


def linked_number(document: Block, agenda: str) -> str | None:
    """Number of a document of another agenda that this one was made from.

    Args:
        document: the invoice or order.
        agenda: ``receivedOrder``, ``issuedOffer`` ...
    """
    if document.element is None:
        return None
    for element in document.element.iter("{*}link", "{*}linkedDocument"):
        link = Block(element, document.notes)
        number = link.block("sourceDocument").text("number")
        if link.text("sourceAgenda") == agenda and number is not None:
            return number
    return None


def vat_country(header: Block) -> str | None:
    """The country whose VAT is charged: that of the One Stop Shop (OSS), else of a registration in the Union."""
    return country_code(header.reference("MOSS")) or country_code(header.reference("regVATinEU"))


def shared_by_lines(header: Block) -> Shared:
    """What the header says for all lines."""
    return Shared(account=header.reference("accounting"), vat_country=vat_country(header))


def _warehouse(detail: Block) -> str | None:
    """The store that the lines take from, where it is one alone."""
    stores = {
        store
        for line in detail.blocks("invoiceItem")
        if (store := line.block("stockItem").reference("store")) is not None
    }
    return stores.pop() if len(stores) == 1 else None


def _uuid(header: Block) -> str | None:
    """The identifier in the system that made the document, where it is one that nobody else can have."""
    identity = header.block("extId").text("ids")
    return identity if identity and _UUID.fullmatch(identity) else None


def _advances(lines: list[DetailLine]) -> tuple[Advance, ...]:
    return tuple(one.advance for one in lines if one.advance is not None)


def payment_method(header: Block) -> str | None:
    """The form of payment: its fixed code, else the firm's own word for it."""
    payment = header.block("paymentType")
    return payment.text("paymentType") or payment.text("ids")


def read_money(summary: Block, books: Home) -> Money:
    """The currency of a document and its rate of exchange."""
    foreign = summary.block("foreignCurrency")
    if not foreign:
        return Money(books.currency, foreign=False)
    code = foreign.reference("currency")
    rate, amount = foreign.amount("rate"), foreign.amount("amount")
    if code is None:
        summary.notes.add("pohoda.currency-unknown", foreign.element)
        return Money(None, foreign=True, rate=rate, amount=amount or Decimal(1))
    if code == books.currency and rate in (None, Decimal(1)):
        return Money(code, foreign="homeCurrency" not in summary)
    if rate is None or rate <= 0:
        rate = None
        summary.notes.add("pohoda.exchange-rate-missing", foreign.element, currency=code)
    elif amount not in (None, Decimal(1)):
        summary.notes.add("pohoda.exchange-amount", foreign.child("amount"), rate=rate, amount=amount, currency=code)
    return Money(code, foreign=True, rate=rate, amount=amount or Decimal(1))


def read_totals(summary: Block, lines: list[DetailLine], rates: Rates, money: Money) -> Totals:
    """Recapitulation and totals in the document's currency."""
    block = summary.block("homeCurrency")
    buckets = read_buckets(block, rates)
    if money.foreign:
        return foreign_totals(summary.block("foreignCurrency"), buckets, lines, rates)
    if not buckets and "priceNone" not in block:
        if lines:
            summary.notes.add("pohoda.summary-missing", summary.element)
        return home_totals(block, buckets_of_lines(lines), lines)
    return home_totals(block, split_by_rate(buckets, lines), lines)
