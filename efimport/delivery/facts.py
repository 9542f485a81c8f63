"""What a request says of a document, and what the service shows of one, as far as the two can be compared.

The service completes what it takes: it computes totals and VAT, fills in the address of the partner, and writes
decimals with as many places as it likes (web service reference, SalesInvoiceGet: quantity with six, price with five).
So only what identifies a document is taken, and a number is compared by its value.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from efimport.api import wire_json
from efimport.api.call import Element
from efimport.documents import Document, Invoice, Order, Party

Value: TypeAlias = str | Decimal | tuple[Decimal, ...]
Facts: TypeAlias = dict[str, frozenset[Value]]
"""By fact all values that it may be shown as; a fact that is missing cannot be compared."""

_TEXTS = {
    "number": ("number",),
    "code": ("partnerCode", "productCode"),
    "partner code": ("buyerCode", "supplierCode"),
    "currency": ("documentCurrency", "totalCurrency", "paymentCurrency", "currency"),
}
_NAMES = {
    "partner name": ("buyerName", "supplierName", "companyName"),
    "name": ("lastName", "name"),
}
_TAX_NUMBERS = ("buyerTaxNumber", "buyerVatID", "supplierTaxNumber", "supplierVatID", "taxNumber", "vatID", "ID")
_TOTALS = ("totalAmount", "paymentAmount")
_PRICES_OF_PRODUCTS = ("grossPrice", "retailPrice", "netPrice")
_PRICES = ("netPrice", "price")


def of_request(body: bytes) -> Facts | None:
    """What a stored request says of the one document that it carries; None where it cannot be told.

    Args:
        body: the request, with place-holders for the login.
    """
    from lxml import etree

    if body.startswith(wire_json.PLACEHOLDER):
        return _of_json(body)
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError:
        return None
    for parameter in root.iterfind("method/parameter"):
        if parameter.get("name") == "base64data":
            return _of_pack(parameter.text or "")
    nested = [parameter for parameter in root.iterfind("method/parameter") if len(parameter)]
    if len(nested) != 1 or nested[0].find("contents") is not None:
        return None
    return of_element(_element(nested[0]))


def _of_json(body: bytes) -> Facts | None:
    """The same of a request that is written in JSON; numbers are read digit by digit."""
    try:
        parameters = json.loads(body, parse_float=str, parse_int=str)["parameters"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(parameters, dict):
        return None
    pack = parameters.get("base64data")
    if isinstance(pack, str):
        return _of_pack(pack)
    nested = [(name, value) for name, value in parameters.items() if isinstance(value, dict)]
    if len(nested) != 1 or "contents" in nested[0][1]:
        return None
    return of_element(Element(nested[0][0], None, tuple(_elements_of_json(nested[0][1]))))


def _elements_of_json(tree: dict[str, object]) -> Iterator[Element]:
    """The elements of an object; an array is a list of entries, whose names were left out."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield Element(name, None, tuple(_elements_of_json(value)))
        elif isinstance(value, list):
            entries = [tuple(_elements_of_json(entry)) for entry in value if isinstance(entry, dict)]
            yield Element(name, None, tuple(Element("Item", None, entry) for entry in entries))
        else:
            yield Element(name, str(value))


def of_element(document: Element) -> Facts:
    """What the elements of a document say, in a request or in an answer."""
    texts: dict[str, list[str]] = {}
    for child in document.children:
        if not child.children:
            texts.setdefault(child.name, []).append(str(child.value or "").strip())

    def said(names: Sequence[str]) -> list[str]:
        return [text for name in names for text in texts.get(name, []) if text]

    facts: Facts = {fact: _set(said(names)) for fact, names in _TEXTS.items()}
    facts |= {fact: _set(map(_name, said(names))) for fact, names in _NAMES.items()}
    facts["date"] = _set(text[:10] for text in said(("date",)))
    facts["tax number"] = _set(map(_tax_number, said(_TAX_NUMBERS)))
    facts["total"] = _set(_decimals(said(_TOTALS)))
    facts["price"] = _set(_decimals(said(_PRICES_OF_PRODUCTS)))
    items = [item for child in document.children if child.name == "Items" for item in child.children]
    if items:
        facts |= _of_lines(items, gross="Gross" in said(("type", "invoicePricingType")))
        facts.setdefault("currency", frozenset())
        facts["currency"] |= _set(_texts_of(items, "currency"))
    return {fact: values for fact, values in facts.items() if values}


def _of_lines(items: Sequence[Element], *, gross: bool) -> Facts:
    facts: Facts = {"lines": frozenset({Decimal(len(items))})}
    quantities = tuple(sorted(_decimals(_texts_of(items, "quantity"))))
    if len(quantities) == len(items):
        facts["quantities"] = frozenset({quantities})
    # Of a price with VAT the service makes one without it.
    prices = {tuple(sorted(_decimals(_texts_of(items, name)))) for name in _PRICES if not gross}
    whole: list[Value] = [some for some in prices if len(some) == len(items)]
    if whole:
        facts["prices"] = frozenset(whole)
    return facts


def _texts_of(items: Sequence[Element], name: str) -> Iterator[str]:
    for item in items:
        yield from (str(child.value).strip() for child in item.children if child.name == name and child.value)


def _of_pack(text: str) -> Facts | None:
    """What the one document of a POHODA pack says, read as the file was."""
    from efimport.formats import pohoda
    from efimport.formats.reading import Reading
    from efimport.sources import Source

    try:
        content = base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return None
    documents = [one for one in pohoda.read(Source("request.xml", content), Reading()) if isinstance(one, Document)]
    return of_document(documents[0]) if len(documents) == 1 else None


def of_document(document: Document) -> Facts | None:
    """What a document that was read from a file says; None for a kind that is not compared in this way."""
    if not isinstance(document, Invoice | Order):
        return None
    partner = document.partner
    party = partner if isinstance(partner, Party) else None
    totals = [document.total]
    if isinstance(document, Invoice):
        totals += [document.payable, document.total_with_vat]
    numbers = [party.vat_id, party.tax_number, party.registration_number] if party else []
    facts: Facts = {
        "number": _set([document.number]),
        "date": _set([document.date.isoformat() if document.date else None]),
        "partner name": _set([_name(party.name or "")] if party else []),
        "tax number": _set(_tax_number(number) for number in numbers if number),
        "currency": _set([document.currency]),
        "total": frozenset(total for total in totals if total is not None),
        "lines": frozenset({Decimal(len(document.lines))} if document.lines else ()),
    }
    return {fact: values for fact, values in facts.items() if values}


def _set(values: Iterator[object] | Sequence[object] | map[str]) -> frozenset[Value]:
    return frozenset(value for value in values if isinstance(value, str | Decimal) and value != "")


def _name(text: str) -> str:
    """A name without what writers vary: case, blanks, punctuation."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _tax_number(text: str) -> str:
    """A number of a firm without its country and its blanks: ``CZ27453103`` and ``27453103`` are one."""
    return re.sub(r"^[A-Z]{2}", "", re.sub(r"[\s-]+", "", text).upper()).lstrip("0")


def _decimals(texts: Sequence[str] | Iterator[str]) -> Iterator[Decimal]:
    for text in texts:
        try:
            number = Decimal(text.replace(",", "."))
        except InvalidOperation:
            continue
        if number.is_finite():
            yield number


def _element(node: object) -> Element:
    from lxml import etree

    assert isinstance(node, etree._Element)  # noqa: SLF001 - the type has no public name
    children = tuple(_element(child) for child in node.iterchildren("*"))
    return Element(str(node.tag), None if children else (node.text or ""), children)
