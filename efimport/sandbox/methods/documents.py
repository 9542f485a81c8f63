"""The methods of documents: one table of types, so that a type of document needs no code of its own."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from efimport.sandbox.answers import Answer
from efimport.sandbox.methods import creating, ending, handing_out, importing, listing, looking, paying, received
from efimport.sandbox.methods.context import Context, Method
from efimport.sandbox.methods.tables import DocumentType, document_types


class _Operation(Protocol):
    """What one operation does with a document of any type."""

    def __call__(self, context: Context, kind: DocumentType) -> Answer: ...


_OPERATIONS: dict[str, _Operation] = {
    "Get": looking.get_document,
    "GetPDF": handing_out.get_pdf,
    "GetUPNPDF": handing_out.get_payment_order_pdf,
    "GetPublicURL": handing_out.get_public_link,
    "Create": creating.create_document,
    "Import": importing.import_document,
    "Update": creating.update_document,
    "Delete": ending.delete_document,
    "Cancel": ending.cancel_document,
    "List": listing.list_documents,
    "SendByEmail": handing_out.send_email,
    "PaymentRecordAdd": paying.add_payment,
    "InstallmentsCreate": paying.create_installments,
    "CreateInvoice": creating.create_invoice,
}

_RECEIVED: dict[str, _Operation] = {
    "Create": received.create_received,
    "Update": received.update_received,
    "Delete": received.delete_received,
}
"""Documents of suppliers: the supplier is a part of their key, and they are not issued."""

_SAID_WITH_A_STOP = frozenset(
    f"{name}{operation}" for name in ("DeliveryNote", "GoodsReceipt") for operation in ("List", "SendByEmail")
)
_SAID_IN_SHORT = ("Delete", "SendByEmail", "CreateInvoice")
_SAID_AT_LENGTH = ("Received", "BillOfMaterials", "InternalMovement", "DeliveryNote", "GoodsReceipt")

_SITES = {"SalesInvoiceGetUPNPDF": ("SI",)}
"""Methods that not every site of their type has (reference of SI: the Slovenian payment order)."""


def offered() -> dict[str, Method]:
    """The methods by name."""
    table: dict[str, Method] = {}
    for name, kind in document_types().items():
        operations = _OPERATIONS | _RECEIVED if kind.is_received else _OPERATIONS
        for operation in kind.operations:
            table[name + operation] = partial(operations[operation], kind=kind)
    return table


def sites_of(method: str) -> tuple[str, ...] | None:
    """Sites whose reference describes a method of a document, its attachments included; None for other methods."""
    for name, kind in document_types().items():
        if method.startswith(name):
            return _SITES.get(method, kind.sites)
    return None


def denial(method: str) -> str:
    """The name of the sentence for a user without the privilege: the reference prints three.

    The methods whose only example of an error is "no privileges" say that; those of delivery notes and goods receipts
    partly end with a full stop; all others say the long sentence.
    """
    if method in _SAID_WITH_A_STOP:
        return "access-denied-stop"
    is_short = method.endswith(_SAID_IN_SHORT) or method == "PurchaseOrderUpdate"
    return (
        "no-privileges" if sites_of(method) and is_short and not method.startswith(_SAID_AT_LENGTH) else "access-denied"
    )
