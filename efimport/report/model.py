"""What a report holds: a plan and its outcomes in the order and the words in which people are told of them.

Every input is counted once: each document, and each file that gave no document. So the sum of ``Totals.by_state`` is
the number of inputs, and ``Totals.files_by_state`` adds up to the number of files.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from efimport.api.call import Call
from efimport.documents import Kind
from efimport.findings import Severity
from efimport.planning.model import ATTENTION, State

NEEDS_A_PERSON = frozenset({State.UNKNOWN, State.HELD, State.SENDING})
"""States that do not settle themselves: a call that is still being sent when the report is made was interrupted."""


def counted(states: Iterable[State]) -> dict[State, int]:
    """How often each state occurs, the most urgent first."""
    counts = Counter(states)
    return {state: counts[state] for state in ATTENTION if counts[state]}


class ReportedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding in the reader's language, its place spelled out. Fields as in Finding and Location."""

    code: str
    severity: Severity
    message: str
    hint: str | None
    path: str
    line: int | None = None
    column: int | None = None
    where: str | None = None


class StatementFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a bank statement, in the currency of its account.

    Attributes:
        account: the firm's account.
        opening, closing: balances, signed; None where the file does not say.
        credit, debit: sums of the entries that bring money in and take it out, both positive.
        entries: number of entries.
    """

    account: str | None
    opening: Decimal | None
    closing: Decimal | None
    credit: Decimal
    debit: Decimal
    entries: int


class ReportedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document and what becomes of it.

    Attributes:
        ordinal: ordinal in its file, from 1.
        kind: see Kind.
        number: number or code.
        date: day of the document.
        currency: ISO 4217 code; None where the file leaves it to the books.
        total: payable amount with VAT, or the closing balance; in ``currency``.
        partner: name of the other party.
        title: what else names it to people: the account of a statement, the name of a product or a file.
        line: line at which it begins.
        findings: everything noticed about it.
        call: id of the call that carries it.
        method: method of that call.
        state: state of the call, or ``rejected`` where it has none.
        reason: why it is not sent, refused or waiting, in one sentence; None where all is well.
        statement: figures of a bank statement.
        again: whether the same document is in another file as well, and counted there.
    """

    ordinal: int
    kind: Kind
    number: str | None = None
    date: dt.date | None = None
    currency: str | None = None
    total: Decimal | None = None
    partner: str | None = None
    title: str | None = None
    line: int | None = None
    findings: tuple[ReportedFinding, ...] = ()
    call: str | None = None
    method: str | None = None
    state: State = State.REJECTED
    reason: str | None = None
    statement: StatementFigures | None = None
    again: bool = False

    @property
    def has_problem(self) -> bool:
        """Whether somebody should look at it."""
        return self.state not in FINE or any(finding.severity is not Severity.INFO for finding in self.findings)


FINE = frozenset({State.PLANNED, State.ACCEPTED, State.SKIPPED})
"""States of a document with which nothing is wrong."""


class ReportedSource(msgspec.Struct, frozen=True, kw_only=True):
    """A file with its one final state.

    Attributes:
        path, sha256, size, format, encoding: as in PlannedSource.
        findings: of the file as a whole.
        documents: in the order of the file.
        state: the most urgent state of its documents and of the entries in it; of a file that gave no document
            ``rejected``, or ``skipped`` where it is the copy of another.
        reason: why it gave no document; None where it gave some.
        is_container: whether other sources of the report are its entries.
    """

    path: str
    sha256: str | None
    size: int | None
    format: str
    encoding: str | None
    findings: tuple[ReportedFinding, ...]
    documents: tuple[ReportedDocument, ...]
    state: State
    reason: str | None = None
    is_container: bool = False

    @property
    def by_state(self) -> dict[State, int]:
        """Number of its documents in each state."""
        return counted(document.state for document in self.documents)

    @property
    def warnings(self) -> int:
        """Number of warnings of the file and its documents."""
        return sum(finding.severity is Severity.WARNING for finding in self.all_findings)

    @property
    def all_findings(self) -> Iterator[ReportedFinding]:
        """The findings of the file, then those of its documents."""
        yield from self.findings
        for document in self.documents:
            yield from document.findings

    @property
    def is_input(self) -> bool:
        """Whether the file counts itself because no document stands for it."""
        return not self.documents and not (self.is_container and self.reason is None)

    @property
    def has_problem(self) -> bool:
        """Whether somebody should look at the file or at a document in it."""
        return (
            self.state not in FINE
            or any(finding.severity is not Severity.INFO for finding in self.findings)
            or any(document.has_problem for document in self.documents)
        )


class ReportedCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call and its outcome.

    Attributes:
        id, key, documents: as in PlannedCall.
        call: method and parameters.
        label: number of the document, name of the file or method, whichever names it to people.
        state: what became of it.
        answer: what the service said, word for word.
        reason: why it is in this state, in our words and the reader's language.
        attempts: how often it was sent.
    """

    id: str
    call: Call
    key: str
    documents: tuple[tuple[int, int], ...]
    label: str
    state: State
    answer: str | None = None
    reason: str | None = None
    attempts: int = 0


class Obstacle(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why documents are not sent, and which they are.

    Attributes:
        state: ``rejected`` (by us), ``refused`` (by the service) or ``planned`` (left over by a run that ended early).
        code: finding code; None where the service refused.
        reason: the reason in words; its title where the words differ, and then they stand behind each item.
        hint: what to do about it.
        items: the documents and files, named by path and number.
    """

    state: State
    code: str | None
    reason: str
    hint: str | None
    items: tuple[str, ...]


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """Where documents go.

    Attributes:
        method: method of the service.
        documents, calls: how many.
        by_state: number of documents in each state.
    """

    method: str
    documents: int
    calls: int
    by_state: dict[State, int]


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What calls cause besides.

    Attributes:
        code: finding code of area ``effect``.
        text: the effect in words.
        calls: how many calls cause it.
        examples: some of the documents.
    """

    code: str
    text: str
    calls: int
    examples: tuple[str, ...]


class CurrencyTotal(msgspec.Struct, frozen=True, kw_only=True):
    """Sum of the documents of one kind in one currency.

    Attributes:
        kind, currency: what was added up; the currency is None where the files do not say.
        documents: number of documents that have a total.
        total: their sum.
        left_out: the part of ``total`` that is not sent: rejected, refused, or left over by a run that ended early.
    """

    kind: Kind
    currency: str | None
    documents: int
    total: Decimal
    left_out: Decimal


class StatementTotal(msgspec.Struct, frozen=True, kw_only=True):
    """Sum of the bank statements in one currency.

    Attributes:
        currency: None where the files do not say.
        statements, entries: how many.
        credit, debit: money in and money out, both positive.
    """

    currency: str | None
    statements: int
    entries: int
    credit: Decimal
    debit: Decimal


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the whole.

    Attributes:
        sources, documents, calls, errors, warnings: how many.
        by_state: number of inputs in each state: documents, and files that gave none.
        files_by_state: number of files in each state.
        seconds_to_send: time that sending the rest takes, in seconds.
    """

    sources: int
    documents: int
    calls: int
    errors: int
    warnings: int
    by_state: dict[State, int]
    files_by_state: dict[State, int]
    seconds_to_send: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is shown.

    Attributes:
        organization: name of the organization; None without settings.
        site: CZ, SI or HR.
        dry_run: whether nothing was sent.
        checked_only: whether sending was not in question.
        language: code of the language of all texts.
        version: version of efimport.
        made_at: when the report was made.
        sources, calls: in the order of the plan.
        totals: the figures of the whole.
        currencies, statements: sums of documents and of bank statements by currency.
        destinations: where documents go.
        obstacles: why documents are not sent, the most frequent reason first.
        effects: what the calls cause besides.
    """

    organization: str | None
    site: str
    dry_run: bool
    language: str
    version: str
    made_at: dt.datetime | None
    sources: tuple[ReportedSource, ...]
    calls: tuple[ReportedCall, ...]
    totals: Totals
    currencies: tuple[CurrencyTotal, ...]
    statements: tuple[StatementTotal, ...]
    destinations: tuple[Destination, ...]
    obstacles: tuple[Obstacle, ...]
    effects: tuple[Effect, ...]
    checked_only: bool = False

    @property
    def needs(self) -> tuple[ReportedCall, ...]:
        """The calls that wait for a person."""
        return tuple(call for call in self.calls if call.state in NEEDS_A_PERSON)

    @property
    def by_attention(self) -> list[ReportedSource]:
        """The files, those first that a person must look at first, else in the order of the plan."""
        return sorted(self.sources, key=lambda source: (not source.has_problem, ATTENTION.index(source.state)))

    def count(self, *states: State) -> int:
        """Number of inputs in any of the states."""
        return sum(self.totals.by_state.get(state, 0) for state in states)
