"""The Delete and Cancel methods of documents."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from efimport.sandbox.answers import Answer
from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.creating import new_document
from efimport.sandbox.methods.creation_rules import entries
from efimport.sandbox.methods.identifying import found_documents, identification, named_fields, one_document
from efimport.sandbox.methods.moving import delivery_of, remove_delivery, replace_moves
from efimport.sandbox.methods.numbering import as_formatted, keep, next_number, same_number
from efimport.sandbox.methods.referring import disconnect, is_referred_to
from efimport.sandbox.methods.storing import fill, stored_element
from efimport.sandbox.methods.tables import DocumentType, is_code
from efimport.sandbox.reading import find, read_decimal
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Document
from efimport.sandbox.texts import text

_SIGNED = ("quantity", "calculationQuantity", "amountDebit", "amountCredit")
"""Elements of items whose sign a cancellation turns."""


def delete_document(context: Context, kind: DocumentType) -> Answer:
    """Remove a document; its number may be given again.

    Raises:
        RefusedError: no number, no such document or several, it is posted, needed, or not the last one.
    """
    document = one_document(context, kind, "delete")
    if kind.needed_by_others and (document.posted or is_referred_to(context, kind, document)):
        raise RefusedError(text("delete-needed"))
    if document.posted:
        raise RefusedError(text("posted-not-deleted"))
    if kind.last_only and not _is_last(context, kind, document):
        raise RefusedError(text("not-the-last"))
    disconnect(context, kind, document)
    remove_delivery(context, document)
    replace_moves(context.state, document, [])
    context.state.forget(document)
    for other in context.state.of_kind(kind.name):
        if other.document_id == document.cancelled_document:
            other.cancelled = False
    return Answer()


def _is_last(context: Context, kind: DocumentType, document: Document) -> bool:
    """Whether it is a draft, or none was issued after it in its business year."""
    issued = [
        one
        for one in context.state.of_kind(kind.name)
        if one.status.lower() != "draft" and one.business_year == document.business_year
    ]
    return document.status.lower() == "draft" or issued[-1] is document


def cancel_document(context: Context, kind: DocumentType) -> Answer:
    """Make a cancellation document for a document: its copy with the opposite sign.

    Raises:
        RefusedError: with the sentences of the reference: none found, several found, cancelled already, or it cannot
            be cancelled; or the number of the cancellation document is absent or taken.
    """
    named = identification(context, kind)
    hits = found_documents(context, kind, "cancel")
    status = named.get("status", "")
    if status and not is_code("cancellation-status", status):
        raise RefusedError(text("cancellation-status", value=status))
    document = _only(kind, named, hits)
    fields = {"number": document.number or document.document_id, "date": document.date}
    if document.cancelled:
        raise RefusedError(kind.sentence("cancel_again", **fields))
    if document.status.lower() == "draft" or document.cancelled_document:
        raise RefusedError(kind.sentence("cancel_refused", reason=text("voucher-is-cancellation"), **fields))
    wanted = _cancellation_number(context, kind, document)
    cancellation = _cancellation(context, kind, document)
    cancellation.number = wanted
    if wanted and same_number(context, kind, cancellation) is not None:
        raise RefusedError(kind.sentence("exists", number=wanted))
    _issue(context, kind, document, cancellation, is_draft=status.lower() == "draft")
    return Answer()


def _only(kind: DocumentType, named: dict[str, str], hits: list[Document]) -> Document:
    if not hits:
        raise RefusedError(kind.sentence("cancel_missing", **named_fields(named)))
    if len(hits) > 1:
        # Which of the two sentences comes when is not said: here the one that asks for more where more can be said.
        narrowed = any(named.get(name) for name in ("date", "costPosition", "businessUnit", "vatBook"))
        occasion = "cancel_several" if narrowed else "cancel_ambiguous"
        raise RefusedError(kind.sentence(occasion, count=str(len(hits)), **named_fields(named)))
    return hits[0]


def _cancellation_number(context: Context, kind: DocumentType, document: Document) -> str:
    """Number of the cancellation document: "mandatory and works only for imported documents" (SalesOrderCancel)."""
    number = context.request.value("cancellationDocNumber")
    is_imported = document.created_by.endswith("Import")
    if kind.cancellation_number and is_imported and not number:
        raise RefusedError(text("quoted-required", name="cancellationDocNumber"))
    return as_formatted(kind, number, document.business_year) if is_imported and kind.cancellation_number else ""


def _cancellation(context: Context, kind: DocumentType, document: Document) -> Document:
    element = _with_opposite_sign(kind, document)
    cancellation = new_document(context, kind)
    fill(context, kind, cancellation, element)
    cancellation.partner = document.partner
    cancellation.currency = document.currency
    cancellation.total = -document.total if document.total is not None else None
    cancellation.cancelled_document = document.document_id
    return cancellation


def _with_opposite_sign(kind: DocumentType, document: Document) -> etree._Element:
    element = stored_element(kind, document)
    number = find(element, "number")
    if number is not None:
        element.remove(number)
    for item in entries(element):
        for name in _SIGNED:
            found = find(item, name)
            value = read_decimal((found.text or "").strip()) if found is not None else None
            if found is not None and value is not None:
                found.text = str(Decimal(0) - value)
    return element


def _issue(context: Context, kind: DocumentType, document: Document, cancellation: Document, *, is_draft: bool) -> None:
    cancellation.status = "draft" if is_draft else kind.issued_status
    if not is_draft and not cancellation.number:
        cancellation.number = next_number(context, kind, cancellation.business_year)
    keep(context, kind, cancellation)
    document.cancelled = True
    if is_draft:
        return
    note = delivery_of(context, document)
    moved = note.moves if note is not None else document.moves
    replace_moves(context.state, cancellation, [(place, code, -quantity) for place, code, quantity in moved])
