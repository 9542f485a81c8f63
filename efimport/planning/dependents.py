"""Documents that name a partner or a product of the same run: they go whatever became of it, and it is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from efimport.documents import Document, Invoice, Order, Partner, Party, Product
from efimport.planning.model import Outcome, Plan, PlannedCall, State

NOT_THERE = frozenset({State.REFUSED, State.UNKNOWN})
"""States of a partner or a product that is, or may be, missing in the service."""
GONE = frozenset({State.ACCEPTED, State.UNKNOWN, State.SENDING})
"""States of a document that is, or may be, in the service."""


def went_without(plan: Plan, outcomes: Iterable[Outcome]) -> list[PlannedCall]:
    """The calls that went though a partner or a product that their document names was refused or is in doubt."""
    outcomes = tuple(outcomes)
    missing = {
        name
        for outcome in outcomes
        for part in outcome.members or (outcome,)
        if part.state in NOT_THERE
        for document in _documents(plan, part.call)
        for name in _names_of_record(document)
    }
    if not missing:
        return []
    return [
        outcome.call
        for outcome in outcomes
        if outcome.state in GONE
        and any(name in missing for document in _documents(plan, outcome.call) for name in _named(document))
    ]


def _documents(plan: Plan, call: PlannedCall) -> Iterator[Document]:
    for position in call.documents:
        yield plan.document(position).document


def _names_of_record(document: Document) -> Iterator[tuple[str, str]]:
    """By what other documents may name a partner or a product."""
    if isinstance(document, Partner):
        yield from _names_of_party(document.party)
    elif isinstance(document, Product) and document.code:
        yield "product", document.code.strip()


def _named(document: Document) -> Iterator[tuple[str, str]]:
    """The partners and products that a document names."""
    if isinstance(document, Invoice | Order):
        if document.partner is not None:
            yield from _names_of_party(document.partner)
        for line in document.lines:
            if line.product_code:
                yield "product", line.product_code.strip()


def _names_of_party(party: Party) -> Iterator[tuple[str, str]]:
    for kind, value in (("code", party.code), ("number", party.registration_number), ("vat", party.vat_id)):
        if value and value.strip():
            yield kind, value.strip()
