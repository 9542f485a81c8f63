"""What happens to entries while a run sends them: each change is one transaction, on the disk when the method returns.

What goes in one request is changed together: the intent of all stands on the disk before the first byte leaves, and the
answer settles all of them at once, each in its own way.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, func, select

from efimport.api.clock import Clock
from efimport.errors import JournalError
from efimport.journal import database, reading
from efimport.journal.begun import Begun
from efimport.journal.entries import Entry
from efimport.journal.moments import Moment, now, surely_passed
from efimport.journal.ownership import Ownership
from efimport.journal.points import FailPoint
from efimport.journal.provenance import sending_of
from efimport.journal.spool import Store
from efimport.journal.stages import NEEDS_BYTES, Stage
from efimport.journal.tables import calls
from efimport.journal.words import bounded
from efimport.journal.writing import NO_DOUBT, Writing
from efimport.planning.model import Repeat


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the service said of an entry.

    Attributes:
        id: number of the entry.
        accepted: whether the service has it.
        answer: what it said, word for word.
        reason: what that means, in our words.
        found: it said no because it holds the document already.
    """

    id: int
    accepted: bool
    answer: str | None = None
    reason: str | None = None
    found: bool = False

    @property
    def stage(self) -> Stage:
        """Where the entry goes."""
        return Stage.ACCEPTED if self.accepted else Stage.REFUSED


class Changes:
    """The changes of a run.

    Args:
        engine: the database.
        spool: the stored requests.
        ownership: the right to send.
        clock: the time.
        boot: identity of the start of the machine.
        fail_point: called at each of ``FAIL_POINTS``.
        keep_requests: whether the bodies of settled requests are put away instead of removed.
        begun: file in which attempts at what cannot be looked up are noted as well; None for none.
    """

    def __init__(
        self,
        engine: Engine,
        spool: Store,
        ownership: Ownership,
        *,
        clock: Clock,
        boot: str,
        fail_point: FailPoint,
        keep_requests: bool,
        begun: Path | None = None,
    ) -> None:
        self._engine = engine
        self.spool = spool
        self._ownership = ownership
        self.clock = clock
        self._boot = boot
        self.fail_point = fail_point
        self.keep_requests = keep_requests
        self._writing = threading.RLock()
        self._heard: dict[int, str] = {}
        self._begun = Begun(begun, fail_point=fail_point)
        self._opened = self._now()

    # One by one

    def sending(self, identifier: int) -> Entry:
        """Enters the intent to send; when this returns it stands on the disk and the first byte may leave.

        Raises:
            IllegalArrowError: it is neither planned nor unknown.
            JournalError: the journal cannot be written; nothing may be sent.
        """
        return self.sending_all([identifier])[0]

    def accepted(self, identifier: int, *, answer: str | None = None, reason: str | None = None) -> Entry:
        """The service has it: it said so, or it was found there."""
        return self._settle([Result(id=identifier, accepted=True, answer=answer, reason=reason)], "accepted")[0]

    def refused(
        self, identifier: int, *, answer: str | None = None, reason: str | None = None, found: bool = False
    ) -> Entry:
        """The service said no.

        Args:
            identifier: number of the entry.
            answer: what it said, word for word.
            reason: what that means, in our words.
            found: it said no because it holds the document already.
        """
        result = Result(id=identifier, accepted=False, answer=answer, reason=reason, found=found)
        return self._settle([result], "refused")[0]

    def unknown(self, identifier: int, *, reason: str, answer: str | None = None) -> Entry:
        """The attempt may have arrived; from now on the quiet time counts."""
        return self.unknown_all([identifier], reason=reason, answer=answer)[0]

    def not_sent(self, identifier: int, *, reason: str) -> Entry:
        """The attempt surely did nothing: back to where it came from. An older doubt stays, with its time."""
        return self.not_sent_all([identifier], reason=reason)[0]

    def held(self, identifier: int, *, reason: str) -> Entry:
        """A person must decide."""
        return self.held_all([identifier], reason=reason)[0]

    def filed(self, identifier: int) -> Entry:
        """The file of an accepted document was moved to its place."""
        return self.filed_all([identifier])[0]

    # What goes in one request

    def sending_all(
        self,
        identifiers: Sequence[int],
        *,
        body: str | None = None,
        method: str | None = None,
        username: str | None = None,
        endpoint: str | None = None,
    ) -> tuple[Entry, ...]:
        """Enters the intent to send all of them in one request; see :meth:`sending`.

        Args:
            identifiers: numbers of the entries.
            body: SHA-256 of the body of the request; None for the one that is entered already.
            method: its method; None for the one that is entered already.
            username: the API user that it is sent as.
            endpoint: where it is sent.
        """
        with self._change("sending") as writing:
            writing.begin_attempt(identifiers, body, method, sending_of(username, endpoint))
            entries = writing.entries(identifiers)
        blind = [entry.key for entry in entries if entry.repeat is Repeat.BLIND]
        try:
            self._begun.note(blind, self._now().at)
        except JournalError as error:
            self.not_sent_all(identifiers, reason=error.reason)
            raise
        return entries

    def heard(self, identifiers: Sequence[int], answer: str) -> None:
        """The whole answer to the request of these entries, to be entered together with what it meant.

        Args:
            identifiers: numbers of the entries that went in the request.
            answer: as it came, without secrets; cut where it is very long.
        """
        text = bounded(answer)
        if text:
            with self._writing:
                self._heard.update(dict.fromkeys(identifiers, text))

    def answered(self, results: Sequence[Result]) -> tuple[Entry, ...]:
        """The service answered of each by itself."""
        return self._settle(results, "answered")

    def unknown_all(self, identifiers: Sequence[int], *, reason: str, answer: str | None = None) -> tuple[Entry, ...]:
        """The request may have arrived; see :meth:`unknown`."""
        return self._doubt(identifiers, "unknown", reason=reason, answer=answer)

    def not_sent_all(self, identifiers: Sequence[int], *, reason: str) -> tuple[Entry, ...]:
        """The request surely did nothing; see :meth:`not_sent`."""
        with self._change("not-sent") as writing:
            for end, some in writing.origins_of_attempt(identifiers).items():
                writing.step(some, end, {"sent": calls.c.sent - 1, "reason": reason}, reason=reason)
            writing.respond(self._take_heard(identifiers))
            writing.end_attempt(identifiers, "not-sent", None)
            return writing.entries(identifiers)

    def held_all(self, identifiers: Sequence[int], *, reason: str) -> tuple[Entry, ...]:
        """A person must decide about each."""
        with self._change("held") as writing:
            writing.step(identifiers, Stage.HELD, {"reason": reason}, reason=reason)
            return writing.entries(identifiers)

    def filed_all(self, identifiers: Sequence[int]) -> tuple[Entry, ...]:
        """The file of these accepted documents was moved to its place."""
        with self._change("filed") as writing:
            writing.step(identifiers, Stage.FILED)
            return writing.entries(identifiers)

    def quiet_for(self, entry: Entry) -> float:
        """Seconds that have surely passed since the service may last have received an attempt in doubt."""
        assert entry.doubt is not None
        if database.is_shared(self._engine) and entry.doubt.boot != self._boot:
            # Perhaps of another machine, whose clock is not ours: it was there when we opened the journal, that is all
            # that is sure.
            return surely_passed(self._opened, self._now())
        return surely_passed(entry.doubt, self._now())

    def went_with(self, body: str) -> frozenset[int]:
        """Numbers of the entries that were sent in the request with that body at some time."""
        with self._reading() as connection:
            return reading.ever_in(connection, body)

    def _settle(self, results: Sequence[Result], step: str) -> tuple[Entry, ...]:
        alike: dict[tuple[object, ...], list[Result]] = {}
        for result in results:
            alike.setdefault((result.stage, result.reason, result.found), []).append(result)
        identifiers = [result.id for result in results]
        with self._change(step) as writing:
            for same in alike.values():
                one = same[0]
                values = {"reason": one.reason, "found": one.found, "released": False, **NO_DOUBT}
                writing.step([result.id for result in same], one.stage, values, reason=one.reason)
            writing.respond(self._take_heard(identifiers))
            writing.answer({result.id: (result.stage, result.answer) for result in results})
            entries = writing.entries(identifiers)
        self._forget_bytes({entry.body for entry in entries})
        return entries

    def _doubt(
        self, identifiers: Sequence[int], step: str, *, reason: str, answer: str | None = None
    ) -> tuple[Entry, ...]:
        with self._change(step) as writing:
            values = {"answer": bounded(answer), "reason": reason, "released": False, "doubted": True}
            writing.step(identifiers, Stage.UNKNOWN, values | writing.doubt(), reason=reason)
            writing.respond(self._take_heard(identifiers))
            writing.end_attempt(identifiers, Stage.UNKNOWN.value, answer)
            return writing.entries(identifiers)

    def _forget_bytes(self, bodies: set[str]) -> None:
        """Removes the bytes of settled requests, or puts them away, unless something still needs them."""
        for body in bodies:
            with self._reading() as connection:
                stages = [stage.value for stage in NEEDS_BYTES]
                needed = connection.execute(
                    select(func.count()).where(calls.c.body == body, calls.c.stage.in_(stages))
                ).scalar_one()
            if needed:
                continue
            if self.keep_requests:
                self.spool.keep(body)
            else:
                self.spool.remove(body)

    def _take_heard(self, identifiers: Sequence[int]) -> Mapping[int, str]:
        return {number: self._heard.pop(number) for number in identifiers if number in self._heard}

    # Transactions

    def _now(self) -> Moment:
        return now(self.clock, self._boot)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with database.faults_in_words(self._engine), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._writing, database.faults_in_words(self._engine), self._engine.connect() as plain:
            connection = plain.execution_options(efimport_writing=True)
            with connection.begin():
                database.serialize(connection)
                self._ownership.check(connection)
                yield connection

    @contextmanager
    def _change(self, step: str) -> Iterator[Writing]:
        self.fail_point(f"journal.{step}:before")
        with self._transaction() as connection:
            yield Writing(connection, self._now())
            self.fail_point(f"journal.{step}:written")
        self.fail_point(f"journal.{step}:after")
