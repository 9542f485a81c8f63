"""Numbers of documents, counted for each type in each business year, and the places under which they are kept."""

from __future__ import annotations

from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.tables import DocumentType
from efimport.sandbox.state import Document, number_parts

_LONGEST_COUNT = 18
_APART = ("costPosition", "businessUnit", "vatBook")
"""Documents of one number that differ in one of these are different documents (reference, SalesInvoiceGet)."""


def next_number(context: Context, kind: DocumentType, year: str) -> str:
    """The number after the highest one of the type in the business year, ``2016-00002``."""
    parts = [number_parts(one) for one in context.state.of_kind(kind.name)]
    counts = [part[1] for part in parts if part is not None and part[0] == year]
    return kind.number_form.format(year=year, count=max(counts, default=0) + 1)


def as_formatted(kind: DocumentType, number: str, year: str) -> str:
    """A number that a client sets: a journal voucher's is the sequential one, others are taken as they are."""
    is_count = kind.by_year and number.isascii() and number.isdecimal() and len(number) <= _LONGEST_COUNT
    return kind.number_form.format(year=year, count=int(number)) if is_count else number


def same_number(context: Context, kind: DocumentType, document: Document) -> Document | None:
    """Another document that the number already belongs to; None where it is free."""
    for one in context.state.of_kind(kind.name):
        if one is document or one.number != document.number:
            continue
        if kind.by_year and one.business_year != document.business_year:
            continue
        if all(one.properties.get(name, "") == document.properties.get(name, "") for name in _APART):
            return one
    return None


def keep(context: Context, kind: DocumentType, document: Document) -> None:
    """Put a new document into the state; it gets its internal identifier."""
    document.document_id = context.state.next_id(kind.id_prefix)
    key = document.number or document.document_id
    if context.state.named(kind.name, key) is not None:
        key = f"{key}|{document.document_id}"
    context.state.store(key, document)
