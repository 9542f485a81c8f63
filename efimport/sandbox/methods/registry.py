"""The methods that the sandbox plays, by name: one table, so that a type of document needs no code of its own."""

from __future__ import annotations

from functools import cache, partial

from efimport.sandbox.methods import importing, inbox, looking, partners, products, received, statements
from efimport.sandbox.methods.context import Method
from efimport.sandbox.methods.tables import document_types


@cache
def methods() -> dict[str, Method]:
    """All methods by name."""
    table: dict[str, Method] = {
        "PartnerImport": partners.import_partner,
        "PartnerGetByCode": partners.get_partner,
        "PartnerGetByID": partners.get_partner,
        "PartnerGetByDocumentID": partners.get_partner,
        "PartnerList": partners.list_partners,
        "ProductImport": products.import_product,
        "ProductMassImport": products.import_products,
        "ProductGetByCode": products.get_product,
        "DocumentInboxImport": inbox.import_electronic,
        "DocumentInboxAddEntry": inbox.add_entry,
        "DocumentInboxList": inbox.list_inbox,
        "BankStatementImport": statements.import_statement,
    }
    table["ReceivedInvoicePaymentRecordAdd"] = partial(received.add_payment, kind=document_types()["ReceivedInvoice"])
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


OPERATIONS = ("Import", "Create", "Update", "Delete", "Get", "List", "PaymentRecordAdd")
"""What the reference of a site describes together for a type of document."""


def is_documented(method: str) -> bool:
    """Whether the reference describes the method, played here or not."""
    from efimport.api.catalogue import methods as documented

    return method in documented()


def offered_at(method: str, site: str) -> bool:
    """Whether the reference of the site describes the method."""
    for name, kind in document_types().items():
        if method.startswith(name) and method.removeprefix(name) in OPERATIONS:
            return site in kind.sites
    return True
