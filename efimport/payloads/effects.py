"""What an import causes besides the document itself.

Source: web service reference, SalesInvoiceImport: a number issues the document, and an issued document with products
makes a delivery note that lowers the stock.
"""

from __future__ import annotations


def effects_of(*, names_products: bool) -> tuple[str, ...]:
    """Codes of area ``effect`` for an imported invoice, credit note, debit note or advance invoice.

    Args:
        names_products: whether the call names products of the service; lines of text alone move no stock.
    """
    if names_products:
        return ("effect.issues-document", "effect.moves-stock")
    return ("effect.issues-document",)
