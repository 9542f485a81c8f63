"""What the journal tells: entries, their attempts and their history, as frozen records."""

from __future__ import annotations

import msgspec

from efimport.journal.moments import Moment
from efimport.journal.stages import Stage, shown
from efimport.journal.words import Wording
from efimport.planning.model import Repeat, State


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One call, as the journal knows it; of a request that carries many things each of them has its own.

    Attributes:
        id: number of the entry.
        key: identity of what the call brings.
        revision: 1 for the first content under this key; changed content of something settled is the next revision.
        organization: name of the organization.
        method: method of the web service, that of the request that it goes in.
        number: number of the document, for people.
        file_name: name under which the document inbox knows it.
        digest: SHA-256 of the body, with place-holders, of the request that carries it alone.
        body: SHA-256 of the body of the request that it goes in; the same where it goes alone.
        substance: digest of what the document itself says; equal contents have equal ones.
        repeat: what may be done when its outcome is unknown.
        overwrites: whether the call asks to overwrite what is there.
        stage: where it stands.
        attempt: number of the last attempt.
        sent: attempts that may have reached the service.
        answer: what the service said last, word for word.
        reason: why it is in this state, in our words; English.
        wording: the same for any language; None where only the words are known.
        found: the service refused it because it holds it already.
        released: a person said that it has not arrived: the next run sends it.
        doubted: an attempt with this content ended in doubt at some time.
        doubt: the last moment at which the service may have received an attempt of unknown outcome; None where there
            is no such attempt.
        source_path: the file that it was made of.
        source_sha256: SHA-256 of that file.
        created: when it was entered, wall time in UTC.
        changed: when it last changed, wall time in UTC.
    """

    id: int
    key: str
    revision: int
    organization: str | None
    method: str
    number: str | None
    file_name: str | None
    digest: str
    body: str
    substance: str
    repeat: Repeat
    overwrites: bool
    stage: Stage
    attempt: int
    sent: int
    answer: str | None
    reason: str | None
    wording: Wording | None = None
    found: bool
    released: bool
    doubted: bool
    doubt: Moment | None
    source_path: str | None
    source_sha256: str | None
    created: str
    changed: str

    @property
    def state(self) -> State:
        """Its state in the words of the report."""
        return shown(self.stage, found=self.found)

    @property
    def because(self) -> str | None:
        """The reason, as a message where it can be told in the reader's language."""
        return told(self.reason, self.wording)

    @property
    def needs_a_person(self) -> bool:
        """Whether its outcome is unknown or a decision is awaited (exit status 3)."""
        return self.stage in (Stage.SENDING, Stage.UNKNOWN, Stage.HELD)


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to send.

    Attributes:
        number: 1 for the first.
        digest: SHA-256 of the body that was sent.
        result: ``sending``, ``accepted``, ``refused``, ``unknown`` or ``not-sent``.
        started: when it was entered, before the first byte left; wall time in UTC.
        ended: when its result was entered; None while it is under way.
        answer: what the service said.
        method: method of the web service.
        username: the API user that it was sent as.
        system_user: who ran the program.
        host: the machine that it ran on.
        endpoint: where it was sent.
        response: the whole answer as it came, without secrets, cut where it is very long.

    What was sent before the journal knew it (version 3 of its tables) has None there.
    """

    number: int
    digest: str
    result: str
    started: str
    ended: str | None
    answer: str | None
    method: str | None = None
    username: str | None = None
    system_user: str | None = None
    host: str | None = None
    endpoint: str | None = None
    response: str | None = None


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """One arrow.

    Attributes:
        sequence: 1 for the first of the entry.
        start: state before; None at the entry itself.
        end: state after.
        attempt: number of the attempt that it belongs to.
        by: ``program``, or the person who decided.
        reason: why; English.
        wording: the same for any language; None where only the words are known.
        at: wall time in UTC.
    """

    sequence: int
    start: Stage | None
    end: Stage
    attempt: int
    by: str
    reason: str | None
    at: str
    wording: Wording | None = None

    @property
    def because(self) -> str | None:
        """The reason, as a message where it can be told in the reader's language."""
        return told(self.reason, self.wording)


class Record(msgspec.Struct, frozen=True):
    """An entry with all that happened to it."""

    entry: Entry
    attempts: tuple[Attempt, ...] = ()
    transitions: tuple[Transition, ...] = ()


def told(reason: str | None, wording: Wording | None) -> str | None:
    """The reason as a message, where its wording says the same."""
    said = wording.told() if wording is not None else None
    return said if said == reason and said is not None else reason
