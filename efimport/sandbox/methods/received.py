"""Received documents: Create, Update, Delete, and payment records of invoices (reference, chapters 17 to 19)."""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.answers import Answer, leaf
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.identifying import found_documents
from efimport.sandbox.methods.properties import Problems
from efimport.sandbox.methods.rules import unknown_elements
from efimport.sandbox.methods.tables import DocumentType
from efimport.sandbox.reading import (
    canonical,
    children,
    digest,
    find,
    local_name,
    read_boolean,
    read_decimal,
    read_xml,
    text_of,
)
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document, Entry
from efimport.sandbox.texts import text

_DECIMALS = ("amountWithVAT", "paymentAmount", "prepaymentAmount", "roundingDifference")
_ITEM_DECIMALS = ("netAmount", "netAmountInDocumentCurrency", "quantity", "price", "vatPercentage")


def create_received(context: Context, kind: DocumentType) -> Answer:
    """Create a document of a supplier; the supplier and the number identify it (assumed).

    Raises:
        RefusedError: no number, it exists, or properties are wrong.
    """
    element = context.nested(kind.name, text("received-unreadable", label=kind.creation_label))
    number = text_of(element, "number")
    if not number:
        raise RefusedError(text("received-number"))
    supplier = _supplier(context, element)
    key = f"{supplier.code if supplier else ''}|{number}"
    existing = context.state.named(kind.name, key)
    if existing is not None:
        existing.received += 1
        raise RefusedError(text("received-exists", label=kind.label, number=number))
    _check(context, kind, element, supplier)
    document = Document(
        type=kind.name,
        document_id=context.state.next_id(kind.id_prefix),
        number=number,
        date="",
        method=context.request.method,
        created_by=context.request.method,
        issuer=(context.request.username or "").upper(),
        internal_number=_internal_number(context, kind, element),
    )
    _keep(context, kind, document, element, supplier)
    context.state.store(key, document)
    return Answer(elements=(leaf("number", number), leaf("documentID", document.document_id)))


def update_received(context: Context, kind: DocumentType) -> Answer:
    """Change a document: elements that are sent replace those that are there, the others stay (assumed).

    Public clients say that the mandatory elements are wanted again.

    Raises:
        RefusedError: no number, no such document or several, it is posted, or properties are wrong.
    """
    element = context.nested(kind.name, text("number-required"))
    number = text_of(element, "number")
    if not number:
        raise RefusedError(text("number-required"))
    supplier = _supplier(context, element)
    hits = [one for one in context.state.found(kind.name, number) if supplier is None or one.partner == supplier.name]
    if not hits:
        raise RefusedError(text("received-unknown", label=kind.creation_label, number=number))
    if len(hits) > 1:
        raise RefusedError(text("several-documents"))
    document = hits[0]
    if document.posted:
        raise RefusedError(text("document-posted"))
    _check(context, kind, element, supplier)
    document.written += 1
    document.method = context.request.method
    _keep(context, kind, document, _merged(document, element), supplier)
    return Answer()


def delete_received(context: Context, kind: DocumentType) -> Answer:
    """Remove a document.

    Raises:
        RefusedError: no number, no such document, or several.
    """
    number = context.request.value("number")
    hits = found_documents(context, kind)
    if not hits:
        raise RefusedError(text("received-unknown", label=kind.creation_label, number=number))
    if len(hits) > 1:
        raise RefusedError(text("received-several", count=str(len(hits)), label=kind.creation_label, number=number))
    context.state.forget(hits[0])
    return Answer()


def _internal_number(context: Context, kind: DocumentType, element: etree._Element) -> str:
    """The number that the books give it, counted in its business year."""
    year = text_of(element, "businessYear")
    counted = context.state.documents.get(kind.name, {}).values()
    count = sum(one.internal_number.startswith(f"{year}-") for one in counted) + 1
    return f"{year}-{count:05d}"


def _keep(
    context: Context, kind: DocumentType, document: Document, element: etree._Element, supplier: Entry | None
) -> None:
    """Store the elements of a document as they were sent."""
    raw = canonical(element)
    unknown = unknown_elements(kind, context.site, element)
    if unknown:
        context.warn("unknown elements " + ", ".join(unknown))
    document.date = text_of(element, "date")
    document.business_year = text_of(element, "businessYear")
    document.partner = supplier.name if supplier else document.partner
    document.total = read_decimal(text_of(element, "paymentAmount") or text_of(element, "prepaymentAmount"))
    document.currency = text_of(element, "paymentCurrency") or text_of(element, "prepaymentCurrency")
    document.payload_sha256, document.raw = digest(raw), raw
    document.properties = {local_name(child): text_of(child) for child in children(element) if not children(child)}
    document.unknown_elements = unknown


def _merged(document: Document, element: etree._Element) -> etree._Element:
    """What is stored, with the elements that are sent in the place of those of the same name."""
    merged = read_xml(document.raw)
    if merged is None:
        return element
    for child in children(element):
        for old in children(merged, local_name(child)):
            merged.remove(old)
        merged.append(child)
    return merged


def _supplier(context: Context, element: etree._Element) -> Entry | None:
    code, identifier = text_of(element, "supplierCode"), text_of(element, "supplierDocumentID")
    if code:
        return context.state.partners.get(code)
    return next((entry for entry in context.state.partners.values() if entry.document_id == identifier), None)


def _check(context: Context, kind: DocumentType, element: etree._Element, supplier: Entry | None) -> None:
    problems = Problems(element)
    problems.need(*kind.mandatory)
    problems.check("date", *kind.dates)
    problems.check("decimal", *_DECIMALS)
    problems.check("boolean", "isInsideTheScopeOfVat", "isReverseChargeVatDocument")
    problems.check("integer", "businessYear")
    problems.check("currency", "paymentCurrency", "prepaymentCurrency")
    problems.check_codes(kind.codes.get(context.site, {}).items())
    _check_payment(problems)
    if supplier is None:
        problems.add("supplierCode", "supplier-unknown")
    if _both(problems, "isInsideTheScopeOfVat", "isReverseChargeVatDocument"):
        problems.add("isReverseChargeVatDocument", "excluding")
    items = find(element, "Items")
    listed = children(items, "Item") if items is not None else []
    if not listed:
        problems.add("Items", "entry-mandatory")
    for count, item in enumerate(listed, start=1):
        _check_item(problems.inside(item, f"Item{count}_"))
        if _both(problems.inside(item, ""), "isInputVatDeductible", "isInsideTheScopeOfVat"):
            # The reference says that they exclude each other, and its own example sends both.
            context.warn("isInputVatDeductible and isInsideTheScopeOfVat on one item")
    problems.refuse()


def _check_payment(problems: Problems) -> None:
    """What each method of payment needs (reference, ReceivedInvoiceCreate)."""
    method = problems.value("methodOfPayment").lower()
    if method == "banktransfer":
        problems.need("paymentBankAccountNumber", "paymentReference")
    if method == "other":
        problems.need("supplierBookingAccountNumber")


def _check_item(item: Problems) -> None:
    item.need("chartAccountNumber", "description", "inputVatTransactionType")
    item.need(*(("quantity",) if item.value("productCode") else ("netAmount",)))
    item.check_codes([("inputVatTransactionType", "input-vat")])
    item.check("decimal", *_ITEM_DECIMALS)
    item.check("comma", "vatDeductionPercentage")
    item.check("boolean", "isInputVatDeductible", "isInsideTheScopeOfVat")
    item.check("integer", "position")
    if read_boolean(item.value("isInputVatDeductible") or "false"):
        item.need("vatDeductionPercentage")


def _both(problems: Problems, *names: str) -> bool:
    return all(read_boolean(problems.value(name)) is True for name in names)
