"""A document as XML text in the service's own format, for those who send it by other means or look at it.

Source: web service reference: a nested parameter holds the elements of the document; the element around them has the
name of the parameter.
"""

from __future__ import annotations

from efimport.api import wire
from efimport.api.call import Element, Nested
from efimport.documents import Document
from efimport.findings import Finding
from efimport.payloads import in_internal_format
from efimport.payloads.target import Target


def as_xml(document: Document, target: Target) -> tuple[bytes | None, tuple[Finding, ...]]:
    """The document as ``<SalesInvoice>...</SalesInvoice>``, and what there is to say; None where no call takes it."""
    routed = in_internal_format(document, target)
    if routed.call is None:
        return None, routed.findings
    (parameter,) = [one for one in routed.call if isinstance(one.value, Nested)]
    assert isinstance(parameter.value, Nested)
    return wire.document(Element(parameter.name, children=parameter.value.children)), routed.findings
