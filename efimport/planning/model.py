"""What a plan is: every source, every document in it, and the call that takes it or the reason why none does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from efimport.api.call import Call
from efimport.documents import Document
from efimport.findings import Finding


class State(StrEnum):
    """What became of a call; the words of the report."""

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SKIPPED = "skipped"
    """Already there: sent before, or the service holds it."""
    REFUSED = "refused"
    """The service said no."""
    REJECTED = "rejected"
    """efimport does not send it; its findings say why."""
    UNKNOWN = "unknown"
    """It may have arrived; nobody knows yet."""
    HELD = "held"
    """A person must decide."""


ATTENTION = (
    State.UNKNOWN,
    State.HELD,
    State.SENDING,
    State.REFUSED,
    State.REJECTED,
    State.PLANNED,
    State.ACCEPTED,
    State.SKIPPED,
)
"""States, those first that a person must look at first."""


def most_urgent(states: Iterable[State]) -> State:
    """The state that needs a person most; raises ValueError where there is none."""
    return min(states, key=ATTENTION.index)


class Repeat(StrEnum):
    """What may be done with a call whose outcome is unknown (the catalogue of methods says which it is)."""

    SAFE_BY_KEY = "safe-by-key"
    """May be sent again: an "already exists" is the evidence that it had arrived."""
    CHECKABLE = "checkable"
    """A list method of the service tells whether it arrived."""
    BLIND = "blind"
    """Nothing tells: a person decides."""


class PlannedCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is to be sent.

    Attributes:
        id: name in the report, ``c1``, ``c2`` ...
        call: method and parameters.
        key: identity of what it brings: version, organization, method, identity of the document. What has the same
            key is the same thing.
        digest: SHA-256 of the request body with place-holders for the secrets.
        substance: digest of what the document itself says, where the bytes around it may differ from one export to
            the next; the digest of the body for everything else.
        repeat: what may be done when its outcome is unknown.
        overwrites: whether the user asked to overwrite what is there (createOrUpdate, updateOnly).
        occurrence: 1, or 2 and more for further documents of the same identity in one file.
        documents: (index of the source, index of the document in it) of what it carries.
        number: number of the document, for people.
        file_name: name under which the document inbox will know it.
        effects: what the call causes besides, as finding codes of area ``effect``.
        members: the calls that would carry its documents one by one, where it carries many; each has its own key and
            is known to the journal by it. Empty for a call of one thing.
    """

    id: str
    call: Call
    key: str
    digest: str
    substance: str = ""
    repeat: Repeat
    overwrites: bool = False
    occurrence: int = 1
    documents: tuple[tuple[int, int], ...] = ()
    number: str | None = None
    file_name: str | None = None
    effects: tuple[str, ...] = ()
    members: tuple[PlannedCall, ...] = ()

    @property
    def parts(self) -> tuple[PlannedCall, ...]:
        """What it brings, one by one: its members, or itself."""
        return self.members or (self,)


class PlannedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document with everything noticed about it.

    Attributes:
        document: the document.
        findings: of the reader, the checks and the routing.
        call: id of the call that carries it; None where it is rejected.
    """

    document: Document
    findings: tuple[Finding, ...] = ()
    call: str | None = None


class PlannedSource(msgspec.Struct, frozen=True, kw_only=True):
    """A file, or an entry of a container.

    Attributes:
        path: as people see it.
        sha256: of its bytes, in hexadecimal; None where it could not be read.
        size: in bytes; None where it could not be read.
        format: name of the format (``pohoda`` ... ``unknown``).
        encoding: of its text, where it is one.
        findings: of the file as a whole.
        documents: in the order of the file.
    """

    path: str
    sha256: str | None = None
    size: int | None = None
    format: str = "unknown"
    encoding: str | None = None
    findings: tuple[Finding, ...] = ()
    documents: tuple[PlannedDocument, ...] = ()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All sources and the calls made of them, in the order of sending.

    Attributes:
        organization: name of the organization; None without settings.
        site: CZ, SI or HR.
        sources: in the order in which they were found.
        calls: in the order in which they will be sent.
        checked_only: whether nothing was routed; then there are no calls, and that says nothing about a document.
    """

    organization: str | None = None
    site: str = "CZ"
    sources: tuple[PlannedSource, ...] = ()
    calls: tuple[PlannedCall, ...] = ()
    checked_only: bool = False

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents, in the order of the sources."""
        return tuple(planned.document for source in self.sources for planned in source.documents)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of the sources."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        for source in self.sources:
            yield from source.findings
            for planned in source.documents:
                yield from planned.findings

    @property
    def seconds_to_send(self) -> int:
        """How long sending will take, in whole seconds: four at once, then about one request a second."""
        return max(0, len(self.calls) - 4) + (1 if self.calls else 0)

    def document(self, index: tuple[int, int]) -> PlannedDocument:
        """The document that a call names."""
        return self.sources[index[0]].documents[index[1]]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one planned call.

    Attributes:
        call: the call.
        state: accepted, skipped, refused, unknown or held.
        answer: number, message or reason that the service gave, word for word.
        reason: why it is in this state, in our words; None where there is nothing to say.
        attempts: how often it was sent, earlier runs included.
        members: what became of each member of a call of many; the state of the call is then the one among theirs that
            needs a person most.
    """

    call: PlannedCall
    state: State
    answer: str | None = None
    reason: str | None = None
    attempts: int = 0
    members: tuple[Outcome, ...] = ()


REPETITION = "|repetition "


def key_of(thing: str, occurrence: int) -> str:
    """The journal's key of a document; the second of one identity in one file has a key of its own."""
    return thing if occurrence == 1 else f"{thing}{REPETITION}{occurrence}"


def thing_of(key: str) -> str:
    """The key of the first document of the same identity."""
    return key.rpartition(REPETITION)[0] if is_repetition(key) else key


def is_repetition(key: str) -> bool:
    """Whether the key is that of a second or later document of one identity in one file.

    What the service says of its number it may say of the first one as well, so that it is no evidence.
    """
    return key.rpartition(REPETITION)[2].isdigit() and REPETITION in key
