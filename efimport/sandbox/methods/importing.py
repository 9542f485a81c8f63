"""SalesInvoiceImport and its sisters: one way for every type of document, in the internal format and from POHODA."""

from __future__ import annotations

from lxml import etree

from efimport.sandbox.answers import Answer, leaf
from efimport.sandbox.methods.context import Context, ImportType
from efimport.sandbox.methods.pohoda import UnfitError, read_pack
from efimport.sandbox.methods.rules import check_outgoing, unknown_elements
from efimport.sandbox.methods.tables import DocumentType
from efimport.sandbox.methods.totals import document_currency, document_total
from efimport.sandbox.reading import canonical, children, digest, local_name, read_base64, read_xml, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document
from efimport.sandbox.texts import text

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
        return _update(import_type, existing, incoming)
    if import_type != "updateOnly":
        incoming.document_id = context.state.next_id(kind.id_prefix)
        context.state.store(incoming.number, incoming)
    return _named(incoming)


def _check_existing(context: Context, kind: DocumentType, import_type: ImportType, existing: Document) -> None:
    if import_type == "createOnly":
        if context.options.create_only == "refuse":
            raise RefusedError(text("document-exists", label=kind.label, number=existing.number))
    elif existing.posted:
        raise RefusedError(text("document-posted"))


def _update(import_type: ImportType, existing: Document, incoming: Document) -> Answer:
    if import_type == "createOnly":
        return _named(existing)
    for name in ("date", "partner", "total", "currency", "method", "data_format", "payload_sha256", "raw"):
        setattr(existing, name, getattr(incoming, name))
    existing.properties = incoming.properties
    existing.unknown_elements = incoming.unknown_elements
    existing.written += 1
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
    return Document(
        type=kind.name,
        document_id="",
        number=invoice.number,
        date=invoice.date or context.today,
        partner=invoice.partner,
        total=invoice.total,
        currency=invoice.currency or HOME_CURRENCY,
        method=context.request.method,
        data_format="POHODA",
        payload_sha256=digest(content),
        raw=content,
        status="issuedInvoice",
    )


def _from_element(context: Context, kind: DocumentType, element: etree._Element) -> Document:
    raw = canonical(element)
    code = text_of(element, "buyerCode")
    partner = context.state.partners.get(code)
    unknown = unknown_elements(kind, context.site, element)
    if unknown:
        context.warn("unknown elements " + ", ".join(unknown))
    return Document(
        type=kind.name,
        document_id="",
        number=text_of(element, "number"),
        date=text_of(element, "date") or context.today,
        partner=text_of(element, "buyerName") or (partner.name if partner else code),
        total=document_total(element),
        currency=document_currency(element),
        method=context.request.method,
        payload_sha256=digest(raw),
        raw=raw,
        # A number issues the document, whatever the status says (reference, SalesInvoiceCreate, status).
        status="Opened" if kind.name == "SalesOrder" else "issuedInvoice",
        properties={local_name(child): text_of(child) for child in children(element) if not children(child)},
        unknown_elements=unknown,
    )
