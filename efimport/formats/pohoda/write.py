"""Writes invoices, orders, partners and products as a pack of POHODA XML 2.0.

Source: POHODA XML, data.xsd, invoice.xsd, order.xsd, addressbook.xsd, stock.xsd, type.xsd of 2026; stormware.cz, XML
communication. The pack is in Windows-1250; letters that this does not have are character references.

The same documents give the same bytes at all times: nothing comes from the clock, because the bytes decide whether a
document was sent before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from lxml import etree

from efimport.documents import Document, Invoice, Order, Partner, Product
from efimport.formats.pohoda.write_invoice import write_invoice, write_order
from efimport.formats.pohoda.write_records import write_partner, write_product
from efimport.formats.pohoda.written import Branch, root_element
from efimport.formats.writing import CannotWriteError, Losses, Lost
from efimport.messages import message

ENCODING = "windows-1250"
_DECLARATION = b'<?xml version="1.0" encoding="Windows-1250"?>\n'
APPLICATION = "efimport"
VERSION = "2.0"
CROWNS = "CZK"
_LONGEST_REGISTRATION = 15


def write_pohoda(documents: Sequence[Document], *, own: str | None = None, home_currency: str = CROWNS) -> bytes:
    """The documents as one pack, in their order.

    What the format has no room for is left out, and texts that are too long are cut; :func:`lost` tells it.

    Args:
        documents: invoices of the kinds that POHODA knows, orders, partners, products.
        own: registration number of the firm that the pack is for; None for the one that all documents name.
        home_currency: ISO 4217 code of its books, where a document does not say it.

    Raises:
        CannotWriteError: there is no document, or one of a kind that the format does not know, or one that could only
            be written by saying something that is not true.
    """
    if not documents:
        raise CannotWriteError(message("There is no document to write."))
    pack = root_element("dat", "dataPack", version=VERSION, application=APPLICATION, note="")
    for position, document in enumerate(documents, start=1):
        item = Branch(pack, Losses()).inside("dat", "dataPackItem", id=str(position), version=VERSION)
        _write(item, document, home_currency)
    registration = own or _registration(documents)
    if registration and len(registration) <= _LONGEST_REGISTRATION:
        pack.set("ico", registration)
    # The name of the pack and that of its item are how POHODA knows what it has imported before.
    pack.set("id", f"{APPLICATION}-{hashlib.sha256(etree.tostring(pack)).hexdigest()[:32]}")
    text = etree.tostring(pack, encoding="unicode", pretty_print=True)
    return _DECLARATION + text.encode(ENCODING, "xmlcharrefreplace")


def lost(document: Document, *, home_currency: str = CROWNS) -> tuple[Lost, ...]:
    """What of a document :func:`write_pohoda` cannot write, or not in full.

    Raises:
        CannotWriteError: as for writing.
    """
    losses = Losses()
    _write(Branch(root_element("dat", "dataPackItem"), losses), document, home_currency)
    return losses.all()


def _write(item: Branch, document: Document, home_currency: str) -> None:
    match document:
        case Invoice():
            write_invoice(item, document, home_currency)
        case Order():
            write_order(item, document, home_currency)
        case Partner():
            write_partner(item, document)
        case Product():
            write_product(item, document, home_currency)
        case _:
            raise CannotWriteError(message("POHODA XML takes invoices, orders, partners and products only."))


def _registration(documents: Sequence[Document]) -> str | None:
    """The registration number that all invoices and orders name as their own firm's, where it is one alone."""
    found = {
        document.own_registration_number
        for document in documents
        if isinstance(document, Invoice | Order) and document.own_registration_number
    }
    return found.pop() if len(found) == 1 else None
