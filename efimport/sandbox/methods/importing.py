"""SalesInvoiceImport and its sisters: one way for every type of document, in the internal format and from POHODA."""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.answers import Answer, leaf
from efimport.sandbox.methods.context import Context, ImportType
from efimport.sandbox.methods.creating import new_document
from efimport.sandbox.methods.moving import settle_stock
from efimport.sandbox.methods.pohoda import UnfitError, read_pack
from efimport.sandbox.methods.referring import connect
from efimport.sandbox.methods.rules import check_outgoing
from efimport.sandbox.methods.storing import fill
from efimport.sandbox.methods.tables import DocumentType
from efimport.sandbox.reading import digest, read_base64, read_xml, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document
from efimport.sandbox.texts import text

_OVERWRITTEN = (
    "date", "business_year", "partner", "total", "currency", "method", "data_format", "payload_sha256", "raw",
    "properties", "unknown_elements",
)  # fmt: skip
"""What an import changes of a document that exists."""

HOME_CURRENCY = "CZK"
"""Currency of POHODA's homeCurrency: only the Czech site imports from POHODA."""


def import_document(context: Context, kind: DocumentType) -> Answer:
    """Import one document; the answer is its number and date.

    Raises:
        RefusedError: in the order of the reference: parameters, number, existing document, properties.
    """
    import_type = context.import_type()
    data_format = context.request.value("dataFormat") or "eurofakturaXML"
    if data_format == "POHODA" and context.site in kind.pohoda_sites:
        incoming, element = _from_pohoda(context, kind), None
    elif data_format == "eurofakturaXML":
        element = context.nested(kind.name)
        incoming = _from_element(context, kind, element)
    else:
        raise RefusedError(text("data-format", value=data_format))
    if not incoming.number:
        raise RefusedError(text("property-number-required"))
    existing = context.state.named(kind.name, incoming.number)
    if existing is not None:
        existing.received += 1
        _check_existing(context, kind, import_type, existing)
    elif import_type == "updateOnly" and context.options.update_only == "refuse":
        raise RefusedError(text("import-not-found", label=kind.label.lower(), number=incoming.number))
    if element is not None:
        check_outgoing(context, kind, element)
    if existing is not None:
        return _update(context, kind, import_type, existing, incoming)
    if import_type != "updateOnly":
        incoming.document_id = context.state.next_id(kind.id_prefix)
        context.state.store(incoming.number, incoming)
        connect(context, kind, incoming)
        settle_stock(context, kind, incoming)
    return _named(incoming)


def _check_existing(context: Context, kind: DocumentType, import_type: ImportType, existing: Document) -> None:
    if import_type == "createOnly":
        if context.options.create_only == "refuse":
            raise RefusedError(text("document-exists", label=kind.label, number=existing.number))
    elif existing.posted:
        raise RefusedError(text("document-posted"))


def _update(
    context: Context, kind: DocumentType, import_type: ImportType, existing: Document, incoming: Document
) -> Answer:
    if import_type == "createOnly":
        return _named(existing)
    for name in _OVERWRITTEN:
        setattr(existing, name, getattr(incoming, name))
    existing.written += 1
    connect(context, kind, existing)
    settle_stock(context, kind, existing)
    return _named(existing)


def _named(document: Document) -> Answer:
    return Answer(elements=(leaf("number", document.number), leaf("date", document.date)))


def _from_pohoda(context: Context, kind: DocumentType) -> Document:
    parameter = context.request.parameter("base64data")
    if parameter is None:
        raise RefusedError(text("parameter-required", name="base64data"))
    if parameter.form == "attribute" and not context.request.is_json:
        context.warn("base64data stands in a value attribute, the reference shows it as text")
    content = read_base64(parameter.value)
    if content is None:
        raise RefusedError(text("base64data-unreadable"))
    root = read_xml(content)
    if root is None:
        raise RefusedError(text("xml-syntax"))
    try:
        invoice = read_pack(root, kind.invoice_types)
    except UnfitError as error:
        raise RefusedError(text("pack-unfit", reason=str(error))) from error
    document = new_document(context, kind)
    document.number, document.status = invoice.number, kind.issued_status
    document.date = invoice.date or context.today
    document.business_year = document.date[:4]
    document.partner, document.total = invoice.partner, invoice.total
    document.currency = invoice.currency or HOME_CURRENCY
    document.data_format = "POHODA"
    document.payload_sha256, document.raw = digest(content), content
    return document


def _from_element(context: Context, kind: DocumentType, element: etree._Element) -> Document:
    document = new_document(context, kind)
    fill(context, kind, document, element)
    document.number = text_of(element, "number")
    # A number issues the document, whatever the status says (reference, SalesInvoiceCreate, status).
    document.status = kind.issued_status
    return document
