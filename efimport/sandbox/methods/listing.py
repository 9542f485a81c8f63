"""SalesInvoiceList and its sisters: the documents that meet the criteria of a request."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from efimport.sandbox.answers import Answer, branch
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.creation_rules import entries
from efimport.sandbox.methods.identifying import is_party
from efimport.sandbox.methods.looking import document_tree
from efimport.sandbox.methods.paying import is_paid
from efimport.sandbox.methods.statuses import has_status
from efimport.sandbox.methods.storing import stored_element
from efimport.sandbox.methods.tables import DocumentType, is_code
from efimport.sandbox.reading import children, find, read_date, read_decimal, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document
from efimport.sandbox.texts import text

_SINGLE_DATES = frozenset({"dateOfSupply", "dateOfReceival"})
_AMOUNTS = frozenset({"totalAmount", "paymentAmount"})
_RENAMED = {
    "warehouse": "warehouseCode",
    "orderReference": "purchaseOrder",
    "profitAndLossAccountType": "generalLedgerJournalVoucherType",
}
"""Criteria that are called otherwise than the element that they compare."""


def list_documents(context: Context, kind: DocumentType) -> Answer:
    """Documents that meet the criteria; an empty list, or the error noDocumentsFound in the mode ``observed``.

    Raises:
        RefusedError: criteria of two kinds of date are mixed, or a criterion is unknown or has an impossible value.
    """
    wanted = {parameter.name: parameter.value.strip() for parameter in context.request.parameters}
    _check_criteria(context, kind, wanted)
    hits = context.state.of_kind(kind.name)
    if wanted.get("number"):
        found = context.state.found(kind.name, wanted["number"], every_year=kind.every_year)
        hits = [one for one in hits if one in found]
    hits = [one for one in hits if _is_in_time(kind, wanted, one) and _meets(context, kind, wanted, one)]
    if not hits and context.options.mode == "observed":
        raise RefusedError(text("no-documents"))
    trees = (document_tree(context, kind, document) for document in hits)
    return Answer(elements=(branch(kind.plural, *trees),), as_list=True)


def _check_criteria(context: Context, kind: DocumentType, wanted: dict[str, str]) -> None:
    used = [pair for pair in kind.date_criteria if wanted.get(pair[0]) or wanted.get(pair[1])]
    if len(used) > 1:
        raise RefusedError(text("date-criteria"))
    dates = {name for pair in kind.date_criteria for name in pair[:2]} | (_SINGLE_DATES & kind.criteria)
    for name, value in wanted.items():
        if name not in dates | kind.criteria:
            raise RefusedError(text("search-key"))
        if value and not _is_possible(context, kind, name, value, dates):
            raise RefusedError(text("search-value", value=value))


def _is_possible(context: Context, kind: DocumentType, name: str, value: str, dates: set[str]) -> bool:
    if name in dates:
        return read_date(value) is not None
    if name in _AMOUNTS:
        return read_decimal(value) is not None
    return name != "status" or is_code(kind.statuses[context.site], value)


def _is_in_time(kind: DocumentType, wanted: dict[str, str], document: Document) -> bool:
    for first, last, element in kind.date_criteria:
        earliest, latest = wanted.get(first, ""), wanted.get(last, "")
        if not earliest and not latest:
            continue
        values = _dates(element, document)
        if not any(value and value >= earliest and (not latest or value <= latest) for value in values):
            return False
    return True


def _dates(element: str, document: Document) -> list[str]:
    """Dates of a document to compare: an element's, or those of its payment records."""
    paid = [one.get("paymentDate", "") for one in document.payments]
    match element:
        case "#payment":
            return paid
        case "#full-payment":
            return [max(paid)] if paid and is_paid(document) else []
        case "#payment-order":
            orders = ("paymentDate", "paymentMethodForInvoice")
            return [one[orders[0]] for one in document.payments if one.get(orders[1], "").lower() == "bankpaymentorder"]
        case "date":
            return [document.date]
    return [document.properties.get(element, "")]


def _meets(context: Context, kind: DocumentType, wanted: dict[str, str], document: Document) -> bool:
    dated = {name for pair in kind.date_criteria for name in pair[:2]}
    given = {name: value for name, value in wanted.items() if value and name != "number" and name not in dated}
    return all(
        _COMPARED[name](document, value) if name in _COMPARED else _compare(context, kind, document, name, value)
        for name, value in given.items()
    )


def _compare(context: Context, kind: DocumentType, document: Document, name: str, value: str) -> bool:
    element = stored_element(kind, document)
    match name:
        case "status":
            return has_status(value, document, context.today)
        case "article" | "product":
            return any(_is_product(context, item, value) for item in entries(element)) or value == text_of(
                element, "productCode"
            )
        case "serialNumber":
            return any(value in _serial_numbers(item) for item in entries(element))
        case "deliveryAddress":
            address = find(element, "Address")
            parts = " ".join(text_of(one) for one in children(address)) if address is not None else ""
            return value.lower() in parts.lower()
    return document.properties.get(_RENAMED.get(name, name), "") == value


def _is_product(context: Context, item: etree._Element, value: str) -> bool:
    code = text_of(item, "productCode") or text_of(item, "itemProductCode")
    known = context.state.products.get(code)
    names = [text_of(item, "productName"), text_of(item, "description"), known.name if known else ""]
    return code == value or any(value.lower() in name.lower() for name in names)


def _serial_numbers(item: etree._Element) -> list[str]:
    return [number.strip() for number in text_of(item, "associatedSerialNumbers").split(",")]


_COMPARED: dict[str, Callable[[Document, str], bool]] = {
    "buyer": lambda document, value: is_party(value, document),
    "supplier": lambda document, value: is_party(value, document),
    "totalAmount": lambda document, value: document.total == read_decimal(value),
    "paymentAmount": lambda document, value: document.total == read_decimal(value),
    "totalCurrency": lambda document, value: document.currency == value,
    "paymentCurrency": lambda document, value: document.currency == value,
    "internalNumber": lambda document, value: document.internal_number == value,
    "issuer": lambda document, value: document.issuer == value.upper(),
    "businessYear": lambda document, value: document.business_year == value,
    "remarks": lambda document, value: value.lower() in document.properties.get("remarks", "").lower(),
}
"""Criteria that look at what is known of a document, not into its elements."""
