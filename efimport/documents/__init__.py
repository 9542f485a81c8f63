"""What a document is: the normalized models that every reader yields and everything after it works with.

All models are frozen. Amounts are ``Decimal`` in the document's currency and keep the sign and digits of the source;
days are ``date``; identifiers (numbers, symbols, accounts, codes) are texts, because a leading zero is part of them.
None means that the source does not say.
"""

from __future__ import annotations

from typing import TypeAlias

from efimport.documents.invoices import Invoice, Order
from efimport.documents.kinds import ISSUED_KINDS, Kind, Origin
from efimport.documents.parties import Address, BankAccount, Party
from efimport.documents.parts import Advance, Attachment, Line, VatSummary
from efimport.documents.records import OtherDocument, Partner, Product
from efimport.documents.statements import Entry, Statement

__all__ = [
    "ISSUED_KINDS",
    "Address",
    "Advance",
    "Attachment",
    "BankAccount",
    "Document",
    "Entry",
    "Invoice",
    "Kind",
    "Line",
    "Order",
    "Origin",
    "OtherDocument",
    "Partner",
    "Party",
    "Product",
    "Statement",
    "VatSummary",
]

Document: TypeAlias = Invoice | Order | Partner | Product | Statement | OtherDocument
"""Any of the documents; each has ``kind``, ``origin``, ``findings``, ``number``, ``date``, ``total``, ``partner``."""
