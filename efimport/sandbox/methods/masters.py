"""The methods of partners, products, product groups, the books, stock, the document inbox and bank statements."""

from __future__ import annotations

from functools import partial

from efimport.sandbox.methods import (
    credit,
    inbox,
    ledger,
    partner_lists,
    partners,
    prices,
    product_changes,
    product_groups,
    product_lists,
    products,
    statements,
    stock,
)
from efimport.sandbox.methods.context import Method


def offered() -> dict[str, Method]:
    """The methods by name."""
    return {
        "PartnerImport": partners.import_partner,
        "PartnerCreate": partners.create_partner,
        "PartnerUpdate": partners.update_partner,
        "PartnerDelete": partners.delete_partner,
        "PartnerGetByCode": partners.get_partner,
        "PartnerGetByID": partners.get_partner,
        "PartnerGetByDocumentID": partners.get_partner,
        "PartnerList": partner_lists.list_partners,
        "PartnerListBuyers": partial(partner_lists.list_role, role="buyer"),
        "PartnerListSuppliers": partial(partner_lists.list_role, role="supplier"),
        "PartnerListEmployees": partial(partner_lists.list_role, role="user"),
        "PartnerBuyerCreditLimitGet": credit.get_credit_limit,
        "ProductImport": products.import_product,
        "ProductMassImport": products.import_products,
        "ProductCreate": product_changes.create_product,
        "ProductUpdate": product_changes.update_product,
        "ProductDelete": product_changes.delete_product,
        "ProductGetByCode": product_lists.get_product,
        "ProductList": product_lists.list_products,
        "ProductPriceCalculationUpdate": prices.update_calculation,
        "ProductMassPriceCalculationUpdate": prices.update_calculations,
        "ProductPriceListGet": prices.get_price_list,
        "ProductPriceDiscountActionList": prices.list_actions,
        "ProductPriceDiscountActionAdd": prices.add_action,
        "ProductGroupCreate": product_groups.create_group,
        "ProductGroupUpdate": product_groups.update_group,
        "ProductGroupDelete": product_groups.delete_group,
        "ProductGroupGetByCode": product_groups.get_group,
        "ProductGroupList": product_groups.list_groups,
        "GeneralLedgerGetAccountBalance": ledger.get_balance,
        "GeneralLedgerAccountStatementGetEntries": ledger.list_entries,
        "WarehouseGetArticleStockQuantity": stock.get_stock,
        "DocumentInboxImport": inbox.import_electronic,
        "DocumentInboxAddEntry": inbox.add_entry,
        "DocumentInboxList": inbox.list_inbox,
        "BankStatementImport": statements.import_statement,
    }
