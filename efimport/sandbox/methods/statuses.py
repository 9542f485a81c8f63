"""The statuses by which List selects documents, as far as the sandbox knows what they mean."""

from __future__ import annotations

from collections.abc import Callable

from efimport.sandbox.methods.paying import amount_paid, is_paid
from efimport.sandbox.state import Document


def has_status(status: str, document: Document, today: str) -> bool:
    """Whether a document has a status; the reference names them and explains none.

    Args:
        status: as it was sent, in any case.
        document: the document.
        today: the server's date, YYYY-MM-DD.
    """
    wanted = status.lower()
    if wanted in _OVERDUE:
        due = document.properties.get("paymentDueDate", "")
        return not is_paid(document) and "" < due < today
    if wanted == "expired":
        return "" < document.properties.get("validUntil", "") < today
    if wanted in _ISSUED:
        return document.status.lower() not in ("", "draft")
    check = _CHECKS.get(wanted)
    return check(document) if check is not None else document.status.lower() == wanted


def _refers(*names: str) -> Callable[[Document], bool]:
    return lambda document: any(document.references.get(name) or document.properties.get(name) for name in names)


def _not(check: Callable[[Document], bool]) -> Callable[[Document], bool]:
    return lambda document: not check(document)


def _any(document: Document) -> bool:
    """Nothing is printed, reported or verified here."""
    return document is not None


def _is_cancellation(document: Document) -> bool:
    return bool(document.cancelled_document)


def _is_retail(document: Document) -> bool:
    return document.properties.get("type", "").lower() == "retail"


def _is_overpaid(document: Document) -> bool:
    return document.total is not None and amount_paid(document) > document.total


_OVERDUE = frozenset({"notpaidoverduereceivable", "openeddueclaim"})
_ISSUED = frozenset({"issuedinvoice", "issueddocument", "issued", "opened"})
_INVOICED = _refers("salesInvoicesRef", "salesInvoiceRef")
_CREDITED = _refers("creditNotesRef")
_IN_WORK = _refers("workOrdersRef", "workOrderRef")
_RECEIVED = _refers("receivedInvoicesRef", "receivedInvoiceRef")

_CHECKS: dict[str, Callable[[Document], bool]] = {
    "booked": lambda document: document.posted,
    "notbooked": lambda document: not document.posted,
    "paid": is_paid,
    "closedclaim": is_paid,
    "notpaid": _not(is_paid),
    "openedclaim": _not(is_paid),
    "overpaid": _is_overpaid,
    "documentsentalready": lambda document: document.sent,
    "documentnotyetsent": lambda document: not document.sent,
    "documentnotsentorprinted": lambda document: not document.sent,
    "documentsentbyemail": lambda document: document.emailed,
    "documentnotsentbyemail": lambda document: not document.emailed,
    "cancellationdocument": _is_cancellation,
    "cancelleddocument": lambda document: document.cancelled,
    "cancelled": lambda document: document.cancelled,
    "reversed": lambda document: document.cancelled,
    "notcancellationorcancelleddocument": lambda document: not document.cancelled and not _is_cancellation(document),
    "notcancelledwithinvoiceandcreditnote": lambda document: not document.cancelled and not _CREDITED(document),
    "paymentrecordexists": lambda document: bool(document.payments),
    "paymentrecorddoesnotexists": lambda document: not document.payments,
    "paidnotinvoiced": lambda document: bool(document.payments) and not _INVOICED(document),
    "issuedinvoiceorreceivedadvancepayment": lambda document: bool(document.payments) or _INVOICED(document),
    "receivedsalesorder": _refers("salesOrdersRef"),
    "cancellationcreditnote": _CREDITED,
    "canceledcreditinvoice": _CREDITED,
    "withinvoicereference": _INVOICED,
    "withoutinvoicereference": _not(_INVOICED),
    "withsalesinvoicereference": _INVOICED,
    "withoutsalesinvoicereference": _not(_INVOICED),
    "hasopenamountforsalesinvoice": _not(_INVOICED),
    "hasnoopenamountforsalesinvoice": _INVOICED,
    "withworkorderreference": _IN_WORK,
    "withoutworkorderreference": _not(_IN_WORK),
    "withreceivedinvoicereference": _RECEIVED,
    "withoutreceivedinvoicereference": _not(_RECEIVED),
    "invoicepricingtyperetail": _is_retail,
    "invoicepricingtypegross": _not(_is_retail),
    "invoicenotprinted": _any,
    "vatreportopen": _any,
    "unmarkedasverified": _any,
    "accountingentryorimportedinvoice": lambda document: document.created_by.endswith("Import"),
}
"""What decides; a status that is not here is compared with the document's own."""
