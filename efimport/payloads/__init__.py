"""Payloads: a document becomes the one call of the service that takes it, or the reason why none does.

The table below is the routing. The first line whose kind, format and setting fit is taken; a line without a format or a
setting fits any.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import msgspec

from efimport.api import catalogue
from efimport.documents import Document, Kind, OtherDocument
from efimport.errors import CallError
from efimport.findings import Finding
from efimport.messages import message
from efimport.payloads.redirects import redirected
from efimport.payloads.reference import held_against
from efimport.payloads.target import Routed, Target, refused


class Route(msgspec.Struct, frozen=True):
    """One line of the routing table.

    Attributes:
        kinds: kinds of documents.
        format: name of the format; None for any.
        method: the method that takes them; None where none does.
        place: module and function that write the call.
        received_as: the setting of that name for which the line holds; None for any.
    """

    kinds: tuple[Kind, ...]
    format: str | None
    method: str | None
    place: str | None = None
    received_as: str | None = None


CREATE = "create"
"""The setting ``received_as`` of those who book received documents without the inbox."""

ROUTES = (
    Route((Kind.ISSUED_INVOICE,), "pohoda", "SalesInvoiceImport", "pohoda:pack"),
    Route((Kind.ISSUED_CREDIT_NOTE,), "pohoda", "CreditNoteImport", "pohoda:pack"),
    Route((Kind.ISSUED_ADVANCE_INVOICE,), "pohoda", "AdvanceInvoiceImport", "pohoda:pack"),
    Route((Kind.ISSUED_INVOICE,), None, "SalesInvoiceImport", "invoices:internal"),
    Route((Kind.ISSUED_CREDIT_NOTE,), None, "CreditNoteImport", "invoices:internal"),
    Route((Kind.ISSUED_ADVANCE_INVOICE,), None, "AdvanceInvoiceImport", "invoices:internal"),
    Route((Kind.ISSUED_DEBIT_NOTE,), None, "DebitNoteImport", "invoices:internal"),
    Route((Kind.RECEIVED_INVOICE,), None, "ReceivedInvoiceCreate", "received:create", CREATE),
    Route((Kind.RECEIVED_CREDIT_NOTE,), None, "ReceivedCreditNoteCreate", "received:create", CREATE),
    Route((Kind.RECEIVED_ADVANCE_INVOICE,), None, "ReceivedAdvanceInvoiceCreate", "received:create", CREATE),
    Route(
        (Kind.RECEIVED_DEBIT_NOTE, Kind.TAX_DOCUMENT_ON_PAYMENT),
        None,
        "DocumentInboxImport",
        "received:kept_in_inbox",
        CREATE,
    ),
    Route(
        (
            Kind.RECEIVED_INVOICE,
            Kind.RECEIVED_CREDIT_NOTE,
            Kind.RECEIVED_DEBIT_NOTE,
            Kind.RECEIVED_ADVANCE_INVOICE,
            Kind.TAX_DOCUMENT_ON_PAYMENT,
        ),
        None,
        "DocumentInboxImport",
        "inbox:electronic_invoice",
    ),
    Route((Kind.ORDER_RECEIVED,), None, "SalesOrderImport", "orders:internal"),
    Route((Kind.PARTNER,), None, "PartnerImport", "partners:internal"),
    Route((Kind.PRODUCT,), None, "ProductImport", "products:single"),
    Route((Kind.BANK_STATEMENT,), None, "BankStatementImport", "statements:statement"),
    Route((Kind.FILE,), None, "DocumentInboxAddEntry", "inbox:entry"),
    Route((Kind.ISSUED_PROFORMA, Kind.RECEIVABLE, Kind.COMMITMENT, Kind.ORDER_ISSUED, Kind.OTHER), None, None),
)


def route(document: Document, target: Target) -> Routed:
    """The call that takes a document, or the reason why none does. Touches no network."""
    changed = redirected(document, target)
    if changed is None:
        return _routed(document, _line(document, target), target)
    if isinstance(changed, Finding):
        return Routed(findings=(changed,))
    # What the file holds is of the first kind, so that it is written anew.
    routed = _routed(changed[0], _line(changed[0], target, as_it_is=False), target)
    return msgspec.structs.replace(routed, findings=(changed[1], *routed.findings))


def in_internal_format(document: Document, target: Target) -> Routed:
    """The same with the document as elements of the service's own format, whatever form would be sent.

    Received documents are those that would be created, with the accounts of the settings.
    """
    target = msgspec.structs.replace(target, received_as=CREATE)
    line = next(line for line in ROUTES if document.kind in line.kinds and line.format is None)
    if line.place is not None and not line.place.endswith(INTERNAL):
        return refused(document, "payload.no-internal-format", kind=_name(document))
    return _routed(document, line, target)


INTERNAL = (":internal", ":single", ":create")
"""Functions that write a document as elements."""


def _routed(document: Document, line: Route, target: Target) -> Routed:
    if line.method is None or line.place is None:
        return refused(document, "routing.no-call", kind=_name(document))
    sites = catalogue.method(line.method).sites
    if target.site not in sites:
        return refused(
            document, "routing.site-lacks-call", method=line.method, site=target.site, sites=", ".join(sites)
        )
    module, _, function = line.place.partition(":")
    write: Callable[[Any, str, Target], Routed] = getattr(import_module(f"efimport.payloads.{module}"), function)
    try:
        return held_against(document, write(document, line.method, target), target)
    except CallError as error:
        return refused(document, "routing.call-not-possible", method=line.method, reason=error.reason)


PICTURED = ("DocumentInboxImport", "BankStatementImport")
"""Methods that take the picture of a document besides the document itself."""


def takes_picture(document: Document, target: Target) -> bool:
    """Whether the call of a document has a place for its picture."""
    return _line(document, target).method in PICTURED


def _line(document: Document, target: Target, *, as_it_is: bool = True) -> Route:
    formats = (None, document.origin.format if as_it_is else None)
    for line in ROUTES:
        fits = line.format in formats and line.received_as in (None, target.received_as)
        if fits and document.kind in line.kinds:
            return line
    raise AssertionError(document.kind)


NAMES = {
    Kind.ISSUED_PROFORMA: message("issued proforma invoice"),
    Kind.RECEIVABLE: message("other receivable"),
    Kind.COMMITMENT: message("other commitment"),
    Kind.ORDER_ISSUED: message("issued order"),
    Kind.OTHER: message("other document"),
}
"""What people call the kinds that no call takes."""


def _name(document: Document) -> str:
    if isinstance(document, OtherDocument) and document.name:
        return document.name
    return NAMES.get(document.kind, document.kind.value)
