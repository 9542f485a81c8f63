"""What an import causes besides the document itself.

Source: web service reference, SalesInvoiceImport: a number issues the document, and an issued document with products
makes a delivery note that lowers the stock.
"""

from __future__ import annotations

from efimport.documents import Invoice


def effects_of(invoice: Invoice, *, names_products: bool) -> tuple[str, ...]:
    """Codes of area ``effect`` for an imported invoice, credit note, debit note or advance invoice.

    Args:
        invoice: the document.
        names_products: whether the call names the products of its lines; lines of text alone move no stock.
    """
    if names_products and invoice.moves_stock:
        return ("effect.issues-document", "effect.moves-stock")
    return ("effect.issues-document",)
