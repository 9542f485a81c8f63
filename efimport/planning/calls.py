"""The calls of a plan: what is the same thing is sent once, what contradicts itself is not sent, the rest in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from efimport.api import catalogue, wire
from efimport.api.call import Call
from efimport.documents import Document, Invoice, Partner, Product, Statement
from efimport.findings import Location, finding
from efimport.payloads.target import Routed
from efimport.planning.drafts import Draft
from efimport.planning.model import PlannedCall, Repeat, key_of

KEY_VERSION = 1
"""Version of the identity in a journal's key; an older version is looked up as well when the rule changes."""

ORDER = (
    "PartnerImport",
    "ProductImport",
    "ProductMassImport",
    "SalesOrderImport",
    "AdvanceInvoiceImport",
    "SalesInvoiceImport",
    "CreditNoteImport",
    "DebitNoteImport",
    "DocumentInboxImport",
    "DocumentInboxAddEntry",
    "BankStatementImport",
)
"""Order of sending: what others refer to comes first."""

_RANK = {method: rank for rank, method in enumerate(ORDER)}


class Candidate:
    """A document that a call takes."""

    def __init__(self, draft: Draft, index: int, routed: Routed, organization: str) -> None:
        assert routed.call is not None
        self.draft = draft
        self.index = index
        self.routed = routed
        self.call: Call = routed.call
        self.document: Document = draft.documents[index]
        self.thing = f"{KEY_VERSION}|{organization}|{self.call.method}|{routed.identity}"
        self.occurrence = 1
        self.digest = wire.digest(wire.encode(self.call))
        self.substance = routed.substance or self.digest
        self.companions: list[tuple[int, int]] = []

    @property
    def key(self) -> str:
        """The identity of the document; the second of the same identity in one file has a counter."""
        return key_of(self.thing, self.occurrence)

    @property
    def position(self) -> tuple[int, int]:
        """Index of the source and of the document in it."""
        return self.draft.ordinal, self.index

    @property
    def order(self) -> tuple[int, str, str, int, int]:
        """Where in the order of sending it comes: kind of call, date, number, place in the inputs."""
        day = getattr(self.document, "date", None)
        return (_RANK[self.call.method], str(day or ""), self.document.number or "", *self.position)

    def note(self, code: str, **arguments: Any) -> None:
        """A finding about the document."""
        origin = self.document.origin
        place = Location(path=self.draft.path, line=origin.line, ordinal=origin.ordinal)
        self.draft.added[self.index].append(finding(code, place, **arguments))

    def planned(self, name: str, import_type: str) -> PlannedCall:
        """The call of the plan."""
        return PlannedCall(
            id=name,
            call=self.call,
            key=self.key,
            digest=self.digest,
            substance=self.substance,
            repeat=Repeat(catalogue.method(self.call.method).repeat_of(self.call)),
            overwrites=import_type != "createOnly" and "importType" in self.call,
            occurrence=self.occurrence,
            documents=(self.position, *self.companions),
            number=self.document.number,
            file_name=self.routed.file_name,
            effects=self.routed.effects,
        )


def calls_of(drafts: Iterable[Draft], organization: str, import_type: str) -> list[PlannedCall]:
    """One call for each thing that is to be sent, in the order of sending."""
    drafts = tuple(drafts)
    candidates = [
        Candidate(draft, index, routed, organization)
        for draft in drafts
        for index, routed in enumerate(draft.routed)
        if routed.call is not None
    ]
    if import_type == "createOnly":
        # Where documents are overwritten, the second of one identity would wipe out the first: then they contradict.
        _count_occurrences(candidates)
    chosen = _without_other_forms(_once_each(candidates))
    _note_overlaps(chosen)
    _note_same_invoices(chosen)
    _add_pictures(chosen, drafts)
    chosen.sort(key=lambda candidate: candidate.order)
    return [candidate.planned(f"c{number}", import_type) for number, candidate in enumerate(chosen, start=1)]


def _count_occurrences(candidates: list[Candidate]) -> None:
    """Documents of one identity inside one file are both meant, so that each has a number of its own.

    The service may still refuse the second; that is its decision and is reported.
    """
    counts: Counter[tuple[int, str]] = Counter()
    for candidate in candidates:
        counts[candidate.draft.ordinal, candidate.thing] += 1
        candidate.occurrence = counts[candidate.draft.ordinal, candidate.thing]
        if candidate.occurrence > 1:
            area = "statement" if isinstance(candidate.document, Statement) else "invoice"
            candidate.note(f"{area}.number-repeated", number=candidate.document.number or "-")


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


def _without_other_forms(chosen: list[Candidate]) -> list[Candidate]:
    """Without statements that are there in two forms: the same account, last day, balances and number of entries.

    A bank offers the same statement as ABO and as XML, with numbers written in different ways.
    """
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


def _note_overlaps(chosen: list[Candidate]) -> None:
    """Say which statements of one account overlap, and which do not go on where the one before them ended.

    That one begins on the day on which another ends is no overlap.
    """
    by_ledger: dict[str, list[tuple[Any, Any, tuple[int, int], Candidate]]] = {}
    for ordinal, candidate in enumerate(chosen):
        statement, ledger = candidate.document, candidate.routed.ledger
        if isinstance(statement, Statement) and ledger and statement.period_from and statement.period_to:
            place = (statement.page or 0, ordinal)
            period = (statement.period_from, statement.period_to, place, candidate)
            by_ledger.setdefault(ledger, []).append(period)
    for periods in by_ledger.values():
        periods.sort(key=lambda period: period[:3])
        longest = periods[0]
        for period in periods[1:]:
            first, last, _, candidate = period
            pages = _are_pages(longest[3].document, candidate.document)
            if first < longest[1] and not pages:
                candidate.note("statement.overlap", first=first, last=last, other=longest[3].draft.path)
            else:
                _note_gap(longest[3], candidate)
            if last > longest[1] or pages:
                longest = period


def _are_pages(one: Document, other: Document) -> bool:
    """Whether two statements are pages of one: they share its number."""
    return (
        isinstance(one, Statement)
        and isinstance(other, Statement)
        and None not in (one.page, other.page)
        and one.number == other.number
    )


def _note_gap(earlier: Candidate, candidate: Candidate) -> None:
    """Say that a statement does not open with the balance with which the one before it closed."""
    closing, opening = getattr(earlier.document, "closing", None), getattr(candidate.document, "opening", None)
    if None not in (closing, opening) and closing != opening:
        candidate.note("statement.gap", opening=opening, closing=closing, other=earlier.draft.path)


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
