"""Kinds that no call takes go as another kind where the firm's own table says so (``routes.toml``, section ``as``)."""

from __future__ import annotations

from typing import Final

import msgspec

from efimport.documents import Document, Invoice, Kind
from efimport.findings import Finding, finding
from efimport.mappings import codes
from efimport.payloads.target import Target, location

ISSUED: Final = (
    Kind.ISSUED_INVOICE,
    Kind.ISSUED_CREDIT_NOTE,
    Kind.ISSUED_ADVANCE_INVOICE,
    Kind.ISSUED_DEBIT_NOTE,
)
RECEIVED: Final = (Kind.RECEIVED_INVOICE, Kind.RECEIVED_CREDIT_NOTE, Kind.RECEIVED_ADVANCE_INVOICE)
MAY_GO_AS: Final = {
    Kind.ISSUED_PROFORMA: ISSUED,
    Kind.RECEIVABLE: ISSUED,
    Kind.ISSUED_DEBIT_NOTE: ISSUED,
    Kind.COMMITMENT: RECEIVED,
}
"""What a kind can go as: a document never changes its side."""


def redirected(document: Document, target: Target) -> tuple[Document, Finding] | Finding | None:
    """The document as the kind that the firm's table names, and what is said about it.

    None where the table names none; an error where it names a kind that the document cannot go as.
    """
    wanted = codes("routes", target.codes)["as"].get(document.kind.value)
    if wanted is None or not isinstance(document, Invoice):
        return None
    allowed = MAY_GO_AS.get(document.kind, ())
    if wanted not in {kind.value for kind in allowed}:
        kinds = ", ".join(allowed) or "-"
        return finding("routing.as-wrong", location(document), kind=document.kind, wanted=wanted, kinds=kinds)
    told = finding("routing.as-another-kind", location(document), kind=document.kind, wanted=wanted)
    return msgspec.structs.replace(document, kind=Kind(wanted)), told
