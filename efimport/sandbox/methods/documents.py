"""The methods of documents: one table of types, so that a type of document needs no code of its own."""

from __future__ import annotations

from functools import partial

from efimport.sandbox.methods import importing, looking, received
from efimport.sandbox.methods.context import Method
from efimport.sandbox.methods.tables import document_types


def offered() -> dict[str, Method]:
    """The methods by name."""
    table: dict[str, Method] = {
        "ReceivedInvoicePaymentRecordAdd": partial(received.add_payment, kind=document_types()["ReceivedInvoice"])
    }
    for name, kind in document_types().items():
        if kind.is_received:
            table[f"{name}Create"] = partial(received.create_received, kind=kind)
            table[f"{name}Update"] = partial(received.update_received, kind=kind)
            table[f"{name}Delete"] = partial(received.delete_received, kind=kind)
        else:
            table[f"{name}Import"] = partial(importing.import_document, kind=kind)
        table[f"{name}Get"] = partial(looking.get_document, kind=kind)
        table[f"{name}List"] = partial(looking.list_documents, kind=kind)
    return table
