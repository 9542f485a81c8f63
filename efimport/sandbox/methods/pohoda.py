"""Reads a POHODA dataPack far enough to import its one invoice (Stormware, XML 2.0: data.xsd, invoice.xsd).

Independent of the client's reader on purpose: what the client wrapped is judged by other eyes.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec
from lxml import etree

from efimport.sandbox.reading import children, find, local_name, namespace, read_date, read_decimal, text_of

_DATA = "http://www.stormware.cz/schema/version_2/data.xsd"
_INVOICE = "http://www.stormware.cz/schema/version_2/invoice.xsd"
_SUMS = ("priceNone", "priceLow", "priceLowVAT", "priceHigh", "priceHighVAT", "price3", "price3VAT")


class UnfitError(Exception):
    """The data are no pack with one invoice; the argument says why, for the answer."""


class PohodaInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """What the sandbox keeps of a POHODA invoice.

    Attributes:
        number: number/numberRequested; empty where it is missing.
        date: date, YYYY-MM-DD; empty where it is missing.
        partner: company, else name of the partner.
        total: total including VAT, in the foreign currency where there is one; None without a summary.
        currency: the foreign currency; empty for the home currency.
    """

    number: str
    date: str
    partner: str
    total: Decimal | None
    currency: str


def read_pack(root: etree._Element, invoice_types: tuple[str, ...]) -> PohodaInvoice:
    """The one invoice of a pack.

    Args:
        root: root element of the data.
        invoice_types: values of invoiceType that the method takes.

    Raises:
        UnfitError: not a dataPack of version 2.0 with exactly one invoice of such a type, or without a valid date.
    """
    invoice = _only_invoice(root)
    header = find(invoice, "invoiceHeader")
    kind = text_of(header, "invoiceType")
    if kind not in invoice_types:
        raise UnfitError(f"invoiceType {kind or '(none)'} is not {' or '.join(invoice_types)}")
    issued = text_of(header, "date")
    if issued and read_date(issued) is None:
        raise UnfitError(f"date {issued} is no date")
    address = find(header, "partnerIdentity", "address")
    total, currency = _total(find(invoice, "invoiceSummary"))
    return PohodaInvoice(
        number=text_of(header, "number", "numberRequested"),
        date=issued,
        partner=text_of(address, "company") or text_of(address, "name"),
        total=total,
        currency=currency,
    )


def _only_invoice(root: etree._Element) -> etree._Element:
    if (namespace(root), local_name(root)) != (_DATA, "dataPack"):
        raise UnfitError("the root is no dataPack of version 2")
    items = children(root, "dataPackItem")
    if len(items) != 1:
        raise UnfitError(f"{len(items)} items in the pack instead of one")
    documents = children(items[0])
    if len(documents) != 1 or (namespace(documents[0]), local_name(documents[0])) != (_INVOICE, "invoice"):
        raise UnfitError("the item does not hold exactly one invoice")
    for element in (root, items[0], documents[0]):
        if element.get("version") != "2.0":
            raise UnfitError(f"{local_name(element)} is not of version 2.0")
    return documents[0]


def _total(summary: etree._Element | None) -> tuple[Decimal | None, str]:
    foreign = find(summary, "foreignCurrency")
    if foreign is not None:
        return read_decimal(text_of(foreign, "priceSum")), text_of(foreign, "currency", "ids")
    home = find(summary, "homeCurrency")
    if home is None:
        return None, ""
    amounts = [read_decimal(text_of(home, name)) for name in _SUMS]
    amounts.append(read_decimal(text_of(home, "round", "priceRound")))
    known = [amount for amount in amounts if amount is not None]
    return (sum(known, Decimal(0)) if known else None), ""
