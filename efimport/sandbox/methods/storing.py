"""How the elements of a document are kept, and how an update is laid over them."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.pricing import priced
from efimport.sandbox.methods.rules import unknown_elements
from efimport.sandbox.methods.tables import DocumentType
from efimport.sandbox.methods.totals import document_currency, document_total
from efimport.sandbox.reading import canonical, children, digest, find, local_name, read_xml, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document

_WITH_TOTALS = frozenset({"outgoing", "order"})
_PARTNERS = (("buyerName", "buyerCode"), ("buyerName1", "buyerCode"), ("supplierName", "supplierCode"))


def document_element(context: Context, kind: DocumentType) -> etree._Element:
    """The nested parameter with the document.

    Raises:
        RefusedError: it is absent, or has no elements inside.
    """
    for name in kind.parameter_names or (kind.name,):
        parameter = context.request.parameter(name)
        if parameter is not None and parameter.form == "nested":
            return parameter.element
    raise RefusedError(kind.sentence("needed"))


def fill(context: Context, kind: DocumentType, document: Document, element: etree._Element) -> None:
    """Store the elements of a document: what was sent, and what List and Get ask for."""
    raw = canonical(element)
    unknown = unknown_elements(kind, context.site, element)
    if unknown:
        context.warn("unknown elements " + ", ".join(unknown))
    document.date = text_of(element, kind.date_element) or document.date or context.today
    document.business_year = text_of(element, "businessYear") or document.date[:4]
    document.partner = partner_name(context, element)
    if kind.rules in _WITH_TOTALS:
        with_prices = priced(context, element)
        document.total = document_total(with_prices)
        document.currency = document_currency(with_prices)
    document.data_format = "eurofakturaXML"
    document.payload_sha256, document.raw = digest(raw), raw
    document.properties = {local_name(child): text_of(child) for child in children(element) if not children(child)}
    document.unknown_elements = unknown


def partner_name(context: Context, element: etree._Element) -> str:
    """Name of the buyer or supplier: as it was sent, else of the partner with the code, else the code."""
    for name, code_name in _PARTNERS:
        code = text_of(element, code_name)
        known = context.state.partners.get(code)
        found = text_of(element, name) or (known.name if known else "")
        if found:
            return found
    return text_of(element, "buyerCode") or text_of(element, "supplierCode")


def stored_element(kind: DocumentType, document: Document) -> etree._Element:
    """The elements of a document as they are kept; of a POHODA document its head alone."""
    root = read_xml(document.raw) if document.data_format == "eurofakturaXML" else None
    if root is not None:
        return root
    head = etree.Element("parameter", name=kind.name)
    for name, value in (("number", document.number), ("date", document.date), ("buyerName", document.partner)):
        etree.SubElement(head, name).text = value
    return head


def merged(kind: DocumentType, document: Document, element: etree._Element) -> etree._Element:
    """What is stored, with the elements that are sent in the place of those of the same name (assumed)."""
    whole = stored_element(kind, document)
    for child in children(element):
        for old in children(whole, local_name(child)):
            whole.remove(old)
    whole.extend(deepcopy(child) for child in children(element))
    number = find(whole, "number")
    if number is not None:
        # The request may name the document by its sequential number or its identifier.
        number.text = document.number
    return whole
