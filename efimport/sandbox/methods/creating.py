"""The Create and Update methods of documents, and CreateInvoice of orders and quotes."""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.answers import Answer, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.creation_rules import check_document, is_balanced
from efimport.sandbox.methods.identifying import one_document
from efimport.sandbox.methods.moving import settle_stock
from efimport.sandbox.methods.numbering import as_formatted, keep, next_number, same_number
from efimport.sandbox.methods.referring import connect
from efimport.sandbox.methods.storing import document_element, fill, merged, stored_element
from efimport.sandbox.methods.tables import DocumentType, document_types, is_code
from efimport.sandbox.reading import find, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document
from efimport.sandbox.texts import text


def create_document(context: Context, kind: DocumentType) -> Answer:
    """Create a document; the answer is its number and date.

    Public clients rely on the parameter apiTransactionId: repeated, it gives the same answer and no second document.
    The reference does not know it, so it counts in the mode ``observed`` alone.

    Raises:
        RefusedError: the document is absent, its number is taken, or properties are wrong.
    """
    transaction = _transaction(context)
    if transaction in context.state.transactions:
        return Answer(elements=tuple(leaf(*pair) for pair in context.state.transactions[transaction]))
    element = document_element(context, kind)
    status = context.request.value("status")
    if status and not text_of(element, "status"):
        # GoodsReceiptCreate lists the status beside the document, its example shows it inside (reference).
        element.append(leaf("status", status))
    number = text_of(element, "number")
    if kind.number_mandatory and not number:
        raise RefusedError(kind.sentence("create_number"))
    document = new_document(context, kind)
    fill(context, kind, document, element)
    document.number = as_formatted(kind, number, document.business_year)
    taken = same_number(context, kind, document) if number else None
    if taken is not None:
        taken.received += 1
        raise RefusedError(kind.sentence("exists", number=document.number))
    check_document(context, kind, element)
    document.status = _status(kind, element)
    issue(context, kind, document)
    answer = _answer(context, kind, document)
    if transaction:
        context.state.transactions[transaction] = [(str(leaf.tag), leaf.text or "") for leaf in answer.elements]
    return answer


def new_document(context: Context, kind: DocumentType) -> Document:
    """An empty document that this request makes."""
    return Document(
        type=kind.name,
        document_id="",
        number="",
        date="",
        method=context.request.method,
        created_by=context.request.method,
        issuer=(context.request.username or "").upper(),
    )


def issue(context: Context, kind: DocumentType, document: Document) -> None:
    """Put a new document into the state; unless it is a draft it gets a number, and the stock follows."""
    if not document.number and (kind.keeps_status or document.status.lower() != "draft"):
        document.number = next_number(context, kind, document.business_year)
    keep(context, kind, document)
    connect(context, kind, document)
    settle_stock(context, kind, document)


def _transaction(context: Context) -> str:
    """Key of a call that carries an apiTransactionId; empty for others."""
    identifier = context.request.value("apiTransactionId")
    observed = identifier and context.options.mode == "observed"
    return f"{context.request.method}|{identifier}" if observed else ""


def _status(kind: DocumentType, element: etree._Element) -> str:
    """A number issues the document; else the status that was sent, and without one it is issued (reference)."""
    sent = text_of(element, "status")
    if kind.rules == "voucher" and not is_balanced(element):
        return "Unbalanced"
    if kind.keeps_status:
        return sent or kind.issued_status
    is_draft = sent.lower() == "draft" and not text_of(element, "number")
    return sent if is_draft else kind.issued_status


def _answer(context: Context, kind: DocumentType, document: Document) -> Answer:
    number = leaf("number", document.number or document.document_id)
    if kind.by_year:
        return Answer(elements=(number, leaf("businessYear", document.business_year)))
    elements = [number, leaf("date", document.date)]
    if context.options.mode == "observed" and context.request.method.endswith("Create"):
        elements.append(leaf("documentID", document.document_id))
    return Answer(elements=tuple(elements))


def update_document(context: Context, kind: DocumentType) -> Answer:
    """Change a document: elements that are sent replace those that are there, the others stay (assumed).

    Raises:
        RefusedError: no number, no such document or several, it is posted, or properties are wrong.
    """
    element = document_element(context, kind)
    document = _updated_document(context, kind, element)
    if document.posted:
        raise RefusedError(text("document-posted"))
    whole = merged(kind, document, element)
    check_document(context, kind, whole, document)
    is_draft = document.status.lower() == "draft" and not kind.keeps_status
    document.written += 1
    document.received += 1
    document.method = context.request.method
    fill(context, kind, document, whole)
    sent = text_of(element, "status")
    if kind.keeps_status:
        document.status = _status(kind, whole)
    elif is_draft and sent and sent.lower() != "draft":
        document.status = kind.issued_status
        document.number = document.number or next_number(context, kind, document.business_year)
    connect(context, kind, document)
    settle_stock(context, kind, document)
    return _answer(context, kind, document)


def _updated_document(context: Context, kind: DocumentType, element: etree._Element) -> Document:
    number, year = text_of(element, "number"), text_of(element, "businessYear")
    if not number:
        raise RefusedError(kind.sentence("update_number"))
    if kind.by_year and not year:
        raise RefusedError(text("property-required", name="businessYear"))
    hits = context.state.found(kind.name, number, every_year=kind.every_year or kind.by_year)
    if kind.by_year:
        hits = [one for one in hits if one.business_year == year]
    if not hits:
        raise RefusedError(kind.sentence("update_missing", number=number))
    if len(hits) > 1:
        raise RefusedError(text("several-documents"))
    return hits[0]


_LEFT_BEHIND = frozenset({"number", "date", "status", "receivedDate", "validUntil", "orderReference", "reference"})
"""Elements of an order or quote that do not become the invoice's."""


def create_invoice(context: Context, kind: DocumentType) -> Answer:
    """Make a sales invoice of an order or a quote; every call makes one.

    Raises:
        RefusedError: no such document or several, or a status that an invoice does not have.
    """
    source = one_document(context, kind, "invoice")
    status = context.request.value("status")
    if status and not is_code("cancellation-status", status):
        raise RefusedError(text("invoice-status", value=status))
    invoice_kind = document_types()["SalesInvoice"]
    element = stored_element(kind, source)
    for name in _LEFT_BEHIND:
        for old in element.findall(name):
            element.remove(old)
    reference = "salesOrderRef" if kind.name == "SalesOrder" else "salesQuoteRef"
    changes = {reference: source.number, "date": context.today}
    for name in ("warehouseCode", "cashRegisterCode"):
        changes[name] = context.request.value(name) or text_of(element, name)
    for name, value in changes.items():
        found = find(element, name)
        if found is not None:
            element.remove(found)
        if value:
            element.append(leaf(name, value))
    invoice = new_document(context, invoice_kind)
    fill(context, invoice_kind, invoice, element)
    invoice.status = status if status.lower() == "draft" else invoice_kind.issued_status
    issue(context, invoice_kind, invoice)
    pairs = {
        "number": invoice.number or invoice.document_id,
        "date": invoice.date,
        "documentID": invoice.document_id,
        "message": text("invoice-created"),
    }
    return Answer(elements=tuple(leaf(name, value) for name, value in pairs.items()))
