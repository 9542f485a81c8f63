"""Makes the report's model of a plan and its outcomes."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec

from efimport import __version__
from efimport.documents import Document, Invoice, Order, OtherDocument, Partner, Product, Statement
from efimport.findings import Finding, Severity, define
from efimport.messages import Catalogue, Message
from efimport.planning.model import Outcome, Plan, PlannedCall, PlannedDocument, PlannedSource, State, most_urgent
from efimport.report.model import (
    FINE,
    Effect,
    Obstacle,
    Report,
    ReportedCall,
    ReportedDocument,
    ReportedFinding,
    ReportedSource,
    StatementFigures,
    Totals,
    counted,
)
from efimport.report.parts import split
from efimport.report.sums import currency_totals, destinations, statement_totals
from efimport.report.words import Words

EXAMPLES = 5

Position: TypeAlias = tuple[int, int]
"""Index of a source, and of a document in it."""

_DIGITS = re.compile(r"\d+")
"""Reasons that differ in a number alone, as that of the document, are one reason."""


def build_report(
    plan: Plan,
    outcomes: Mapping[str, Outcome] | Iterable[Outcome] = (),
    *,
    dry_run: bool,
    catalogue: Catalogue | None = None,
    made_at: dt.datetime | None = None,
) -> Report:
    """The report of a plan and what came of it.

    Args:
        plan: what was read and planned.
        outcomes: what became of the calls, by their id or one after the other; the last one of a call counts.
        dry_run: whether nothing was to be sent.
        catalogue: language of the texts; English by default.
        made_at: the time that the report names.
    """
    by_call = dict(outcomes) if isinstance(outcomes, Mapping) else {outcome.call.id: outcome for outcome in outcomes}
    return _Builder(plan, by_call, catalogue or Catalogue(), dry_run=dry_run).build(made_at)


class _Builder:
    def __init__(self, plan: Plan, outcomes: Mapping[str, Outcome], catalogue: Catalogue, *, dry_run: bool) -> None:
        self.plan = plan
        self.catalogue = catalogue
        self.words = Words(catalogue.language, dry_run=dry_run, checked_only=plan.checked_only)
        self.dry_run = dry_run
        self.calls: dict[str, ReportedCall] = {}
        self.carriers: dict[Position, ReportedCall] = {}
        self.members: dict[Position, Outcome] = {}
        for planned in plan.calls:
            self._tell(planned, outcomes.get(planned.id))
        self.containers = _containers(plan.sources)
        further = {position for planned in plan.calls for part in planned.parts for position in part.documents[1:]}
        self.told_again = {
            id(document)
            for place, source in enumerate(plan.sources)
            for index, document in enumerate(source.documents)
            if (place, index) in further
        }

    def build(self, made_at: dt.datetime | None) -> Report:
        sources = self._sources()
        calls = tuple(self.calls.values())
        return Report(
            organization=self.plan.organization,
            site=self.plan.site,
            dry_run=self.dry_run,
            checked_only=self.plan.checked_only,
            language=self.catalogue.language,
            version=__version__,
            made_at=made_at,
            sources=sources,
            calls=calls,
            totals=self._totals(sources, calls),
            currencies=currency_totals(sources, self._is_left_out),
            statements=statement_totals(sources),
            destinations=destinations(sources, calls),
            obstacles=self._obstacles(sources),
            effects=self._effects(),
        )

    def _tell(self, planned: PlannedCall, outcome: Outcome | None) -> None:
        """Take up a call; one whose members ended in different states is shown as one call a state."""
        parts = split(planned, outcome)
        for part, became in parts:
            call = self._call(part, became)
            self.calls[call.id] = call
            self.carriers.update(dict.fromkeys(call.documents, call))
        for member in outcome.members if outcome else ():
            self.members.update(dict.fromkeys(member.call.documents, member))

    def _call(self, planned: PlannedCall, outcome: Outcome | None) -> ReportedCall:
        return ReportedCall(
            id=planned.id,
            call=planned.call,
            key=planned.key,
            documents=planned.documents,
            label=planned.number or planned.file_name or planned.call.method,
            state=outcome.state if outcome else State.PLANNED,
            answer=outcome.answer if outcome else None,
            reason=self._said(outcome.reason) if outcome else None,
            attempts=outcome.attempts if outcome else 0,
        )

    def _said(self, text: str | None) -> str | None:
        return self.catalogue.text(text) if isinstance(text, Message) else text

    def _sources(self) -> tuple[ReportedSource, ...]:
        read = [self._source(source, place) for place, source in enumerate(self.plan.sources)]
        inside: dict[str, list[State]] = {}
        for source in read:
            for container in _outer(source.path):
                if container in self.containers:
                    inside.setdefault(container, []).extend(_input_states(source))
        return tuple(
            msgspec.structs.replace(source, state=most_urgent([*_input_states(source), *inside[source.path]]))
            if inside.get(source.path)
            else source
            for source in read
        )

    def _source(self, source: PlannedSource, place: int) -> ReportedSource:
        documents = tuple(
            self._document(document, source.path, (place, index)) for index, document in enumerate(source.documents)
        )
        is_container = source.path in self.containers
        errors = any(finding.is_error for finding in source.findings)
        reason = None
        if documents:
            # A fault of the file as a whole may have cost a document: it does not pass for well.
            states = [document.state for document in documents]
            state = most_urgent([*states, State.REJECTED] if errors else states)
            reason = self._why(source.findings) if errors else None
        elif any(finding.code == "source.duplicate" for finding in source.findings):
            state, reason = State.SKIPPED, self._why(source.findings, "source.duplicate")
        else:
            state = State.REJECTED
            if errors or not is_container:
                reason = self._why(source.findings) or self.words.text("The file holds no document.")
        return ReportedSource(
            path=source.path,
            sha256=source.sha256,
            size=source.size,
            format=source.format,
            encoding=source.encoding,
            findings=self._findings(source.findings, source.path),
            documents=documents,
            state=state,
            reason=reason,
            is_container=is_container,
        )

    def _document(self, planned: PlannedDocument, path: str, position: Position) -> ReportedDocument:
        document = planned.document
        call = self.carriers.get(position) or (self.calls.get(planned.call) if planned.call else None)
        return ReportedDocument(
            ordinal=document.origin.ordinal,
            kind=document.kind,
            number=document.number,
            date=None if isinstance(document, Partner | Product) else document.date,
            currency=_currency(document),
            total=document.total if isinstance(document, Invoice | Order | Statement) else None,
            partner=_partner(document),
            title=_title(document),
            line=document.origin.line,
            findings=self._findings(planned.findings, path),
            call=call.id if call else None,
            method=call.call.method if call else None,
            state=call.state if call else self._state_without_call(planned),
            reason=self._document_reason(planned, call, self.members.get(position)),
            statement=_figures(document),
            again=id(planned) in self.told_again,
        )

    def _state_without_call(self, planned: PlannedDocument) -> State:
        in_order = self.plan.checked_only and not any(finding.is_error for finding in planned.findings)
        return State.PLANNED if in_order else State.REJECTED

    def _document_reason(
        self, planned: PlannedDocument, call: ReportedCall | None, member: Outcome | None
    ) -> str | None:
        if call is None and self.plan.checked_only:
            return self._why(planned.findings)
        if call is None:
            return self._why(planned.findings) or self.words.text("No call of the service takes this document.")
        told, answer = (self._said(member.reason), member.answer) if member else (call.reason, call.answer)
        if call.state is State.PLANNED and not self.dry_run:
            return told or self.words.text("The run ended before its turn came; run the import again.")
        return None if call.state in FINE else told or answer

    def _why(self, findings: Iterable[Finding], code: str | None = None) -> str | None:
        for finding in findings:
            if finding.code == code or (code is None and finding.is_error):
                return self._said(finding.message)
        return None

    def _findings(self, findings: Iterable[Finding], path: str) -> tuple[ReportedFinding, ...]:
        return tuple(
            ReportedFinding(
                code=finding.code,
                severity=finding.severity,
                message=self._said(finding.message) or "",
                hint=self._said(finding.hint) or None,
                path=finding.location.path or path,
                line=finding.location.line,
                column=finding.location.column,
                where=finding.location.where,
            )
            for finding in findings
        )

    def _totals(self, sources: tuple[ReportedSource, ...], calls: tuple[ReportedCall, ...]) -> Totals:
        severities = Counter(finding.severity for source in sources for finding in source.all_findings)
        waiting = tuple(planned for planned in self.plan.calls if self.calls[planned.id].state is State.PLANNED)
        return Totals(
            sources=len(sources),
            documents=sum(len(source.documents) for source in sources),
            calls=len(calls),
            errors=severities[Severity.ERROR],
            warnings=severities[Severity.WARNING],
            by_state=counted(state for source in sources for state in _input_states(source)),
            files_by_state=counted(source.state for source in sources),
            seconds_to_send=msgspec.structs.replace(self.plan, calls=waiting).seconds_to_send,
        )

    def _obstacles(self, sources: tuple[ReportedSource, ...]) -> tuple[Obstacle, ...]:
        groups: dict[tuple[State, str, str | None], list[tuple[str, ReportedFinding | None, str]]] = {}
        for state, reason, finding, item in self._stopped(sources):
            kind_of_reason = finding.code if finding else _DIGITS.sub("#", reason)
            hint = finding.hint if finding else None
            groups.setdefault((state, kind_of_reason, hint), []).append((reason, finding, item))
        obstacles = [self._obstacle(state, hint, found) for (state, _, hint), found in groups.items()]
        return tuple(sorted(obstacles, key=lambda obstacle: -len(obstacle.items)))

    def _obstacle(
        self, state: State, hint: str | None, found: list[tuple[str, ReportedFinding | None, str]]
    ) -> Obstacle:
        """One reason; where its words differ from item to item, its title, and the words behind each item."""
        first, finding, _ = found[0]
        code = finding.code if finding else None
        alike = all(reason == first for reason, _, _ in found)
        return Obstacle(
            state=state,
            code=code,
            reason=first if alike or code is None else self.catalogue.text(define(code).title),
            hint=hint,
            items=tuple(item if alike or code is None else f"{item}: {reason}" for reason, _, item in found),
        )

    def _stopped(self, sources: tuple[ReportedSource, ...]) -> Iterator[tuple[State, str, ReportedFinding | None, str]]:
        for source in sources:
            if source.is_input and source.state is State.REJECTED:
                yield source.state, source.reason or "", _first_error(source.findings), source.path
            for document in source.documents:
                if not self._is_left_out(document.state):
                    continue
                finding = _first_error(document.findings) if document.state is State.REJECTED else None
                yield document.state, document.reason or "", finding, self._named(source, document)

    def _is_left_out(self, state: State) -> bool:
        """Whether a document is certainly not sent; what is planned in a dry run will be."""
        return state in (State.REJECTED, State.REFUSED) or (state is State.PLANNED and not self.dry_run)

    def _named(self, source: ReportedSource, document: ReportedDocument) -> str:
        if len(source.documents) == 1 or document.number or document.title:
            return f"{source.path}: {self.words.named(document)}"
        return f"{source.path}: {self.words.named(document)} #{document.ordinal}"

    def _effects(self) -> tuple[Effect, ...]:
        causing: dict[str, list[str]] = {}
        for planned in self.plan.calls:
            if self.calls[planned.id].state not in (State.REFUSED, State.SKIPPED):
                for code in planned.effects:
                    causing.setdefault(code, []).append(self.calls[planned.id].label)
        return tuple(
            Effect(code=code, text=self._effect_text(code), calls=len(labels), examples=tuple(labels[:EXAMPLES]))
            for code, labels in causing.items()
        )

    def _effect_text(self, code: str) -> str:
        try:
            return self.catalogue.text(define(code).message)
        except KeyError:
            return code


def _outer(path: str) -> Iterator[str]:
    """The containers that a path lies in, by its name."""
    position = path.find("!")
    while position >= 0:
        yield path[:position]
        position = path.find("!", position + 1)


def _containers(sources: Iterable[PlannedSource]) -> frozenset[str]:
    paths = {source.path for source in sources}
    return frozenset(outer for path in paths for outer in _outer(path) if outer in paths)


def _input_states(source: ReportedSource) -> list[State]:
    return [source.state] if source.is_input else [document.state for document in source.documents]


def _first_error(findings: Iterable[ReportedFinding]) -> ReportedFinding | None:
    return next((finding for finding in findings if finding.severity is Severity.ERROR), None)


def _currency(document: Document) -> str | None:
    if isinstance(document, Statement):
        return document.currency or document.account.currency
    return document.currency if isinstance(document, Invoice | Order | Product) else None


def _partner(document: Document) -> str | None:
    party = document.partner if isinstance(document, Invoice | Order | Partner | OtherDocument) else None
    return (party.name or party.contact or party.registration_number) if party else None


def _title(document: Document) -> str | None:
    if isinstance(document, Statement):
        return document.account.display
    if isinstance(document, Product):
        return document.name
    return document.name or document.file_name if isinstance(document, OtherDocument) else None


def _figures(document: Document) -> StatementFigures | None:
    if not isinstance(document, Statement):
        return None
    return StatementFigures(
        account=document.account.display,
        opening=document.opening,
        closing=document.closing,
        credit=document.credit,
        debit=document.debit,
        entries=len(document.entries),
    )
