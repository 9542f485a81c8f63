"""The calls of a plan: what is the same thing is sent once, what contradicts itself is not sent, the rest in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from efimport.documents import Document, Invoice, Partner, Product, Statement
from efimport.errors import CallError
from efimport.findings import Location, finding
from efimport.planning.batches import planned_calls
from efimport.planning.candidates import Candidate
from efimport.planning.continuity import note_continuity
from efimport.planning.drafts import Draft
from efimport.planning.model import PlannedCall
from efimport.planning.other_forms import without_other_forms
from efimport.planning.sequence import in_order


def calls_of(drafts: Iterable[Draft], organization: str, import_type: str) -> list[PlannedCall]:
    """One call for each thing that is to be sent, in the order of sending."""
    drafts = tuple(drafts)
    candidates = list(_candidates(drafts, organization))
    if import_type == "createOnly":
        # Where documents are overwritten, the second of one identity would wipe out the first: then they contradict.
        _count_occurrences(candidates)
    chosen = _without_doubtful_twins(_once_each(without_other_forms(candidates)))
    note_continuity(chosen)
    _note_same_invoices(chosen)
    _add_pictures(chosen, drafts)
    return planned_calls(in_order(chosen), import_type)


def _candidates(drafts: Iterable[Draft], organization: str) -> Iterator[Candidate]:
    """The documents that a call takes; one that no request can carry (a control character) is told."""
    for draft in drafts:
        for index, routed in enumerate(draft.routed):
            if routed.call is None:
                continue
            try:
                yield Candidate(draft, index, routed, organization)
            except CallError as error:
                origin = draft.documents[index].origin
                place = Location(path=draft.path, line=origin.line, ordinal=origin.ordinal)
                method = routed.call.method
                draft.added[index].append(
                    finding("routing.call-not-possible", place, method=method, reason=error.reason)
                )


def _count_occurrences(candidates: list[Candidate]) -> None:
    """Documents of one identity inside one file are both meant, so that each has a number of its own.

    The service may still refuse the second; that is its decision and is reported.
    """
    counts: Counter[tuple[int, str]] = Counter()
    for candidate in candidates:
        counts[candidate.draft.ordinal, candidate.thing] += 1
        candidate.occurrence = counts[candidate.draft.ordinal, candidate.thing]
        if candidate.occurrence > 1:
            candidate.note(_code_of_repetition(candidate.document), number=candidate.document.number or "-")


def _code_of_repetition(document: Document) -> str:
    if isinstance(document, Statement):
        return "statement.number-repeated"
    if isinstance(document, Partner):
        return "partner.code-repeated"
    return "product.code-repeated" if isinstance(document, Product) else "invoice.number-repeated"


def _once_each(candidates: list[Candidate]) -> list[Candidate]:
    """One candidate of each identity; none of an identity that means different things."""
    by_key: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        by_key.setdefault(candidate.key, []).append(candidate)
    chosen = []
    for same in by_key.values():
        other = next((one for one in same if one.substance != same[0].substance), None)
        if other is not None:
            _contradict(same, other)
            continue
        first = next((one for one in same if one.routed.pictured), same[0])
        for twin in same:
            if twin is not first:
                twin.note("routing.already-sent", other=first.draft.path)
                first.companions.append(twin.position)
        chosen.append(first)
    return chosen


def _contradict(same: list[Candidate], other: Candidate) -> None:
    """Documents of one identity and different content in several files: none is sent, and each names another.

    Args:
        same: the documents.
        other: one of them that differs from the first.
    """
    for candidate in same:
        contrary = other if candidate.substance != other.substance else same[0]
        number = candidate.document.number or "-"
        candidate.note(_code_of_contradiction(candidate.document), number=number, other=contrary.draft.path)


def _code_of_contradiction(document: Document) -> str:
    if isinstance(document, Statement):
        return "statement.duplicate-number"
    if isinstance(document, Partner):
        return "partner.duplicate-code"
    return "product.duplicate-code" if isinstance(document, Product) else "invoice.duplicate-number"


def _without_doubtful_twins(chosen: list[Candidate]) -> list[Candidate]:
    """Without statements that share account, last day, balances and number of entries, and are not quite the same."""
    by_sign: dict[tuple[object, ...], list[Candidate]] = {}
    for candidate in chosen:
        statement = candidate.document
        if not isinstance(statement, Statement) or candidate.routed.account is None or not statement.entries:
            continue
        if statement.opening is None or statement.closing is None:
            continue
        day = statement.period_to or statement.date
        sign = (candidate.routed.account, day, statement.opening, statement.closing, len(statement.entries))
        by_sign.setdefault(sign, []).append(candidate)
    doubled: set[int] = set()
    for same in by_sign.values():
        for candidate, other in zip(same, [*same[1:], same[0]], strict=True):
            if candidate.draft is not other.draft:
                number = candidate.document.number or "-"
                candidate.note("statement.duplicate-number", number=number, other=other.draft.path)
                doubled.add(id(candidate))
    return [candidate for candidate in chosen if id(candidate) not in doubled]


def _note_same_invoices(chosen: list[Candidate]) -> None:
    """Say which received documents share a UUID: one e-invoice in two files that differ (a mark, another packing).

    Source: ISDOC 6.0.2 specification, UUID; letters of either case are the same.
    """
    first: dict[str, Candidate] = {}
    for candidate in chosen:
        document = candidate.document
        if candidate.call.method != "DocumentInboxImport" or not isinstance(document, Invoice) or not document.uuid:
            continue
        if not document.uuid.strip("{}0-"):
            continue  # all zeros identify nothing
        other = first.setdefault(document.uuid.lower(), candidate)
        if other is not candidate:
            candidate.note("routing.same-uuid", number=document.number or "-", other=other.draft.path)


def _add_pictures(chosen: list[Candidate], drafts: tuple[Draft, ...]) -> None:
    """The PDFs that go along with a call are among the documents that it carries."""
    owner = {place: candidate for candidate in chosen for place in (candidate.position, *candidate.companions)}
    for draft in drafts:
        if draft.paired_with in owner:
            owner[draft.paired_with].companions.append((draft.ordinal, 0))
