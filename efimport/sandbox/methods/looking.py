"""SalesInvoiceGet, SalesInvoiceList and their sisters: what is stored, with the fields that the service computes."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from efimport.sandbox.answers import Answer, branch, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.tables import DocumentType, is_code
from efimport.sandbox.reading import find, read_date, read_decimal, read_xml, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document
from efimport.sandbox.texts import text

_ITEM_PLACES = {"netPrice": 5, "price": 5, "quantity": 6, "discountPercentage": 4, "vatPercentage": 1}
"""Decimal places of items as the reference prints them in SalesInvoiceGet."""


def get_document(context: Context, kind: DocumentType) -> Answer:
    """One document by number, optionally with date, cost position and business unit; or by documentID.

    Raises:
        RefusedError: no number, no such document, or several.
    """
    number = context.request.value("number")
    hits = found_documents(context, kind)
    if not hits and kind.is_received:
        raise RefusedError(text("received-not-found", label=kind.creation_label, number=number))
    if not hits:
        raise RefusedError(text("document-not-found"))
    if len(hits) > 1:
        raise RefusedError(text("several-documents"))
    return Answer(elements=(_tree(kind, hits[0]),), as_list=True)


def found_documents(context: Context, kind: DocumentType) -> list[Document]:
    """The documents that the parameters of a request name.

    Raises:
        RefusedError: there is neither a number nor a documentID.
    """
    number, identifier = context.request.value("number"), context.request.value("documentID")
    if not number and not identifier:
        raise RefusedError(text("number-required"))
    if identifier:
        documents = context.state.documents.get(kind.name, {}).values()
        return [document for document in documents if document.document_id == identifier]
    return [document for document in context.state.found(kind.name, number) if _agrees(context, document)]


def _agrees(context: Context, document: Document) -> bool:
    wanted = {name: context.request.value(name) for name in ("costPosition", "businessUnit", "vatBook")}
    if context.request.value("date") not in ("", document.date):
        return False
    if context.request.value("internalNumber") not in ("", document.internal_number):
        return False
    if not _is_party(context.request.value("supplier"), document):
        return False
    return all(document.properties.get(name, "") == value for name, value in wanted.items() if value)


def list_documents(context: Context, kind: DocumentType) -> Answer:
    """Documents that meet the criteria; an empty list, or the error noDocumentsFound in the mode ``observed``.

    Raises:
        RefusedError: criteria of two kinds of date are mixed, or a criterion is unknown or has an impossible value.
    """
    wanted = {parameter.name: parameter.value.strip() for parameter in context.request.parameters}
    _check_criteria(kind, wanted)
    documents = context.state.documents.get(kind.name, {}).values()
    hits = [document for document in documents if _meets(kind, wanted, document)]
    if not hits and context.options.mode == "observed":
        raise RefusedError(text("no-documents"))
    return Answer(elements=(branch(kind.plural, *(_tree(kind, document) for document in hits)),), as_list=True)


def _check_criteria(kind: DocumentType, wanted: dict[str, str]) -> None:
    used = [pair for pair in kind.date_criteria if wanted.get(pair[0]) or wanted.get(pair[1])]
    if len(used) > 1:
        raise RefusedError(text("date-criteria"))
    dates = {name for pair in kind.date_criteria for name in pair[:2]}
    others = {"number", "buyer", "supplier", "status", "totalAmount", "totalCurrency", "costPosition"}
    received = {"internalNumber", "paymentAmount", "paymentCurrency"}
    for name, value in wanted.items():
        if name not in dates | others | received | {"deliveryAddress", "article", "issuer"}:
            raise RefusedError(text("search-key"))
        if name in dates and read_date(value) is None:
            raise RefusedError(text("search-value", value=value))
    if wanted.get("status") and not is_code("search-status", wanted["status"]):
        raise RefusedError(text("search-value", value=wanted["status"]))


def _meets(kind: DocumentType, wanted: dict[str, str], document: Document) -> bool:
    for first, last, element in kind.date_criteria:
        value = document.date if element == "date" else document.properties.get(element, "")
        if (wanted.get(first) or value) > value or (wanted.get(last) or value) < value:
            return False
        if (wanted.get(first) or wanted.get(last)) and not value:
            return False
    total = read_decimal(wanted.get("totalAmount") or wanted.get("paymentAmount") or "")
    currency = wanted.get("totalCurrency") or wanted.get("paymentCurrency") or document.currency
    return (
        wanted.get("number", document.number) in ("", document.number)
        and wanted.get("internalNumber", document.internal_number) in ("", document.internal_number)
        and currency == document.currency
        and (total is None or total == document.total)
        and _is_party(wanted.get("buyer") or wanted.get("supplier") or "", document)
        and _has_status(wanted.get("status", "").lower(), document)
    )


def _is_party(party: str, document: Document) -> bool:
    codes = {document.properties.get("buyerCode"), document.properties.get("supplierCode")}
    return not party or party in codes or party.lower() in document.partner.lower()


def _has_status(status: str, document: Document) -> bool:
    if status in ("booked", "notbooked"):
        return document.posted == (status == "booked")
    return status not in ("draft", "issuedinvoice", "opened") or status == document.status.lower()


def _tree(kind: DocumentType, document: Document) -> etree._Element:
    """The document as Get shows it: what was sent, amounts with the places of the reference, computed totals."""
    element = _stored(kind, document)
    computed = {"number": document.number, "date": document.date, "status": document.status}
    if document.total is not None:
        computed["totalAmount"] = _places(document.total, 2)
        computed["totalCurrency"] = document.currency or "CZK"
    for name, value in computed.items():
        found = find(element, name)
        if found is None:
            element.append(leaf(name, value))
        else:
            found.text = value
    for item in element.iter("Item"):
        for name, places in _ITEM_PLACES.items():
            found, amount = find(item, name), read_decimal(text_of(item, name))
            if found is not None and amount is not None:
                found.text = _places(amount, places)
    return element


def _stored(kind: DocumentType, document: Document) -> etree._Element:
    sent = read_xml(document.raw) if document.data_format == "eurofakturaXML" else None
    element = etree.Element(kind.name)
    element.append(leaf("documentID", document.document_id))
    if sent is None or not kind.is_received:
        element.append(leaf("businessYear", document.date[:4]))
    if sent is None:
        element.append(leaf("supplierName" if kind.is_received else "buyerName", document.partner))
        return element
    for child in sent:
        # Get calls the pricing type by another name than Create (reference, SalesInvoiceGet).
        if child.tag == "type":
            child.tag = "invoicePricingType"
        element.append(child)
    if document.internal_number:
        element.append(leaf("internalNumber", document.internal_number))
    if document.payments:
        records = (branch("PaymentRecord", *(leaf(*pair) for pair in one.items())) for one in document.payments)
        element.append(branch("PaymentRecords", *records))
    return element


def _places(amount: Decimal, places: int) -> str:
    return f"{amount:.{places}f}"
