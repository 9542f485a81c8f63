"""POHODA documents that the service reads itself: the pack goes as it is, one document a call.

Source: web service reference, SalesInvoiceImport, CreditNoteImport, AdvanceInvoiceImport (dataFormat POHODA).
"""

from __future__ import annotations

import hashlib
import re

from efimport.api.catalogue import Argument
from efimport.documents import Invoice
from efimport.payloads.effects import effects_of
from efimport.payloads.target import Routed, Target, make, refused

DATA_FORMAT = "POHODA"
SITE = "CZ"


_ITEM = re.compile(rb"<(?:[\w.\-]+:)?dataPackItem\b[^>]*>(.*)</(?:[\w.\-]+:)?dataPackItem\s*>", re.DOTALL)
_BETWEEN = re.compile(rb">\s+<")


def substance_of(content: bytes) -> str:
    """Digest of the document inside its pack, in hexadecimal.

    The pack's own name, date and layout change with every export of the same document.
    """
    item = _ITEM.search(content)
    inside = item.group(1).strip() if item else content
    return hashlib.sha256(_BETWEEN.sub(b"><", inside)).hexdigest()


def pack(invoice: Invoice, method: str, target: Target) -> Routed:
    """The pack with this one document as base64.

    Raises:
        CallError: the service takes no such call.
    """
    if target.site != SITE:
        return refused(invoice, "routing.site-lacks-format", format=DATA_FORMAT, site=target.site, sites=SITE)
    if not invoice.number:
        return refused(invoice, "invoice.no-number")
    if invoice.cancelled:
        return refused(invoice, "routing.cancelled")
    if not invoice.origin.content:
        return refused(invoice, "routing.no-content")
    arguments: list[tuple[str, Argument]] = [
        ("importType", target.import_type),
        ("dataFormat", DATA_FORMAT),
        ("base64data", invoice.origin.content),
    ]
    return Routed(
        call=make(method, arguments, target.site),
        identity=invoice.number,
        substance=substance_of(invoice.origin.content),
        effects=effects_of(names_products=invoice.moves_stock),
    )
