"""References between documents: who names whom, and under which element Get lists it."""

from __future__ import annotations

from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.tables import DocumentType
from efimport.sandbox.state import Document


def connect(context: Context, kind: DocumentType, document: Document) -> None:
    """Note a document at those that it names, so that their Get lists it."""
    for element, target in kind.refers.items():
        number = document.properties.get(element, "")
        for other in context.state.found(target, number) if number and document.number else []:
            numbers = other.references.setdefault(kind.reference, [])
            if document.number not in numbers:
                numbers.append(document.number)


def disconnect(context: Context, kind: DocumentType, document: Document) -> None:
    """Take a document out of the lists of all others."""
    for target in set(kind.refers.values()):
        for other in context.state.of_kind(target):
            if document.number in other.references.get(kind.reference, []):
                other.references[kind.reference].remove(document.number)


def is_referred_to(context: Context, kind: DocumentType, document: Document) -> bool:
    """Whether another document lists this one."""
    everyone = (other for documents in context.state.documents.values() for other in documents.values())
    return bool(document.number) and any(
        document.number in other.references.get(kind.reference, []) for other in everyone
    )
