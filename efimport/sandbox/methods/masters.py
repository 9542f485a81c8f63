"""The methods of partners, products, the document inbox and bank statements."""

from __future__ import annotations

from efimport.sandbox.methods import inbox, partners, products, statements
from efimport.sandbox.methods.context import Method


def offered() -> dict[str, Method]:
    """The methods by name."""
    return {
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
