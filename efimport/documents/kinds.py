"""What a document is, and where it came from."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What a document is, seen from the firm that keeps the books."""

    ISSUED_INVOICE = "issued-invoice"
    ISSUED_CREDIT_NOTE = "issued-credit-note"
    ISSUED_DEBIT_NOTE = "issued-debit-note"
    ISSUED_ADVANCE_INVOICE = "issued-advance-invoice"
    ISSUED_PROFORMA = "issued-proforma"
    RECEIVED_INVOICE = "received-invoice"
    RECEIVED_CREDIT_NOTE = "received-credit-note"
    RECEIVED_DEBIT_NOTE = "received-debit-note"
    RECEIVED_ADVANCE_INVOICE = "received-advance-invoice"
    TAX_DOCUMENT_ON_PAYMENT = "tax-document-on-payment"
    RECEIVABLE = "receivable"
    COMMITMENT = "commitment"
    ORDER_RECEIVED = "order-received"
    ORDER_ISSUED = "order-issued"
    PARTNER = "partner"
    PRODUCT = "product"
    BANK_STATEMENT = "bank-statement"
    FILE = "file"
    OTHER = "other"


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a document came from.

    Attributes:
        path: the source's path; an entry of a container follows after ``!``.
        format: name of the format (``pohoda``, ``isdoc``, ``camt053``, ``gpc`` ...).
        ordinal: ordinal of the document in its source, from 1.
        line: line in the source at which it begins, from 1; None where the format has no lines.
        content: the bytes of this one document, fit to be sent: the file itself where it holds one document, else the
            part that holds this one (a POHODA pack with one item, a camt.053 with one statement, a 074 block).
        version: version of the format as the file states it.
        changes: what was changed in ``content`` against the file, as finding codes (``gpc.padded`` ...).
    """

    path: str
    format: str
    ordinal: int = 1
    line: int | None = None
    content: bytes = b""
    version: str | None = None
    changes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Origin({self.path!r}, {self.format!r}, ordinal={self.ordinal}, line={self.line})"


ISSUED_KINDS = frozenset(
    {
        Kind.ISSUED_INVOICE,
        Kind.ISSUED_CREDIT_NOTE,
        Kind.ISSUED_DEBIT_NOTE,
        Kind.ISSUED_ADVANCE_INVOICE,
        Kind.ISSUED_PROFORMA,
        Kind.RECEIVABLE,
        Kind.ORDER_RECEIVED,
    }
)
"""Kinds whose supplier is the firm that keeps the books."""
