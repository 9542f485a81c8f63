"""POHODA documents that the service reads itself: the pack goes as it is, one document a call.

Source: web service reference, SalesInvoiceImport, CreditNoteImport, AdvanceInvoiceImport (dataFormat POHODA).
"""

from __future__ import annotations

from efimport.api.catalogue import Argument
from efimport.documents import Invoice
from efimport.payloads.effects import effects_of
from efimport.payloads.target import Routed, Target, make, refused

DATA_FORMAT = "POHODA"
SITE = "CZ"


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
        effects=effects_of(invoice, names_products=True),
    )
