"""ReceivedInvoiceCreate, ReceivedCreditNoteCreate, ReceivedAdvanceInvoiceCreate."""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.answers import Answer, leaf
from efimport.sandbox.methods.context import Context
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
    raw = canonical(element)
    unknown = unknown_elements(kind, context.site, element)
    if unknown:
        context.warn("unknown elements " + ", ".join(unknown))
    document = Document(
        type=kind.name,
        document_id=context.state.next_id(kind.id_prefix),
        number=number,
        date=text_of(element, "date"),
        partner=supplier.name if supplier else "",
        total=read_decimal(text_of(element, "paymentAmount") or text_of(element, "prepaymentAmount")),
        currency=text_of(element, "paymentCurrency") or text_of(element, "prepaymentCurrency"),
        method=context.request.method,
        payload_sha256=digest(raw),
        raw=raw,
        properties={local_name(child): text_of(child) for child in children(element) if not children(child)},
        unknown_elements=unknown,
    )
    context.state.store(key, document)
    return Answer(elements=(leaf("number", number), leaf("documentID", document.document_id)))


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
    item.check("decimal", *_ITEM_DECIMALS, "vatDeductionPercentage")
    if read_boolean(item.value("isInputVatDeductible") or "false"):
        item.need("vatDeductionPercentage")


def _both(problems: Problems, *names: str) -> bool:
    return all(read_boolean(problems.value(name)) is True for name in names)
