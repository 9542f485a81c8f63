"""Documents of a format that the service does not take, in one that it does."""

from __future__ import annotations

import msgspec

from efimport.documents import Invoice, Party
from efimport.findings import Finding, finding
from efimport.formats.reading import Own
from efimport.payloads.target import location


def as_isdoc(invoice: Invoice, own: Own) -> tuple[bytes | None, tuple[Finding, ...]]:
    """A received document as ISDOC 6.0.2, and what there is to say about it; None where it cannot be written."""
    place = location(invoice)
    if not invoice.number:
        return None, (finding("invoice.no-number", place),)
    if invoice.date is None:
        return None, (finding("payload.no-date", place),)
    from efimport.formats.isdoc.write import write_isdoc

    if invoice.customer is None:
        # The books that hold a received document do not name themselves in it; the service looks for its own number.
        registration = own.registration_number or invoice.own_registration_number
        customer = Party(registration_number=registration, vat_id=own.vat_id)
        invoice = msgspec.structs.replace(invoice, customer=customer)
    return write_isdoc(invoice), (finding("payload.converted", place, format="ISDOC 6.0.2"),)
