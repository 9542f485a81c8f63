"""Documents of a format that the service does not take, in one that it does."""

from __future__ import annotations

from efimport.documents import Invoice
from efimport.findings import Finding, Location, finding


def as_isdoc(invoice: Invoice) -> tuple[bytes | None, tuple[Finding, ...]]:
    """A received document as ISDOC 6.0.2, and what there is to say about it; None where it cannot be written."""
    place = Location(path=invoice.origin.path, line=invoice.origin.line, ordinal=invoice.origin.ordinal)
    if not invoice.number:
        return None, (finding("invoice.no-number", place),)
    if invoice.date is None:
        return None, (finding("payload.no-date", place),)
    from efimport.formats.isdoc.write import write_isdoc

    return write_isdoc(invoice), (finding("payload.converted", place, format="ISDOC 6.0.2"),)
