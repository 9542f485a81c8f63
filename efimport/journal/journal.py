"""The journal itself: every change of state is one transaction, on the disk when the method returns."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, func, select

from efimport.api.clock import Clock, SystemClock
from efimport.api.pace import boot_identity
from efimport.errors import UsageError
from efimport.journal import database, reading
from efimport.journal.admission import Admission, Change, verdict
from efimport.journal.entries import Entry, Record
from efimport.journal.moments import Moment, now, surely_passed
from efimport.journal.ownership import Ownership
from efimport.journal.points import FailPoint, checked, nothing_fails
from efimport.journal.spool import Disk, Spool
from efimport.journal.stages import NEEDS_BYTES, Stage
from efimport.journal.tables import bring_up_to_date, calls
from efimport.journal.writing import NO_DOUBT, Writing
from efimport.messages import message
from efimport.planning.model import Plan, PlannedCall, State

CHUNK = 500
"""Calls entered in one transaction, and keys asked for at once."""


class Journal:
    """What was sent and what came of it.

    Args:
        url: SQLAlchemy address or path of a SQLite file; None for the file in the user's data folder.
        spool: folder of the stored requests; None for one beside the SQLite file (or in the user's data folder).
        clock: the time.
        boot: identity of the start of the machine; found by itself for None.
        on_share: whether a SQLite file may lie on a network share.
        fail_point: called at each of ``FAIL_POINTS``.
        disk: the file system under the spool.

    Raises:
        SettingsError: the address cannot be used.
        JournalError: the journal cannot be opened, or was made by a newer efimport.
    """

    def __init__(
        self,
        url: str | Path | None = None,
        *,
        spool: Path | None = None,
        clock: Clock | None = None,
        boot: str | None = None,
        on_share: bool = False,
        fail_point: FailPoint = nothing_fails,
        disk: Disk | None = None,
    ) -> None:
        made = database.address(url)
        self.place = database.sqlite_path(made) or database.default_folder() / "shared-journal"
        self.clock: Clock = clock or SystemClock()
        self._boot = boot or boot_identity()
        self.fail_point = checked(fail_point)
        self._engine = database.open_engine(made, on_share=on_share)
        self.spool = Spool(
            spool or self.place.with_name(self.place.stem + "-spool"), fail_point=self.fail_point, disk=disk
        )
        self._ownership = Ownership(self.place, clock=self.clock)
        self._writing = threading.RLock()
        with self._transaction() as connection:
            bring_up_to_date(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    # Ownership

    @contextmanager
    def owned(self, *, wait: float = 0.0) -> Iterator[Self]:
        """Owns the journal while the block lasts; only an owner sends.

        What a dead owner left under way becomes unknown, and what it left in the spool is tidied up.

        Args:
            wait: seconds to wait for another owner to finish.

        Raises:
            JournalHeldError: another process owns it.
            JournalError: the journal is damaged, or cannot be read or written.
        """
        self.place.parent.mkdir(parents=True, exist_ok=True)
        with self._ownership.taken(wait=wait) as first:
            if first:
                self._take_over()
            yield self

    def _take_over(self) -> None:
        with self._reading() as connection:
            database.check_whole(connection)
            under_way = connection.execute(select(calls.c.id).where(calls.c.stage == Stage.SENDING.value)).scalars()
            interrupted = list(under_way)
        reason = message("The program ended while it was being sent.")
        for identifier in interrupted:
            self._doubt(identifier, "interrupted", reason=reason)
        with self._reading() as connection:
            stages = [stage.value for stage in NEEDS_BYTES]
            needed = connection.execute(select(calls.c.digest).where(calls.c.stage.in_(stages))).scalars()
            self.spool.sweep(frozenset(needed))

    # What a run does

    def admit(self, plan: Plan) -> list[Admission]:
        """Enters the calls of a plan and says what is to be done with each; nothing is sent.

        Every call is in the journal before the first one is sent.

        Raises:
            JournalError: the journal cannot be read or written.
        """
        return [
            admission
            for start in range(0, len(plan.calls), CHUNK)
            for admission in self._admit(plan, plan.calls[start : start + CHUNK])
        ]

    def _admit(self, plan: Plan, planned: Sequence[PlannedCall]) -> list[Admission]:
        with self._reading() as connection:
            known = reading.revisions(connection, [call.key for call in planned])
        verdicts = [verdict(known.get(call.key, ()), call) for call in planned]
        if all(judged.change is Change.NONE for judged in verdicts):
            return [
                Admission(call, known[call.key][-1], judged.step, judged.reason)
                for call, judged in zip(planned, verdicts, strict=True)
            ]
        return self._enter(plan, planned)

    def _enter(self, plan: Plan, planned: Sequence[PlannedCall]) -> list[Admission]:
        admissions = []
        with self._change("admit") as writing:
            # Judged again inside the transaction: between reading and writing another process may have resolved one.
            known = reading.revisions(writing.connection, [call.key for call in planned])
            for call in planned:
                revisions = known.get(call.key, ())
                judged = verdict(revisions, call)
                entry = writing.enter(plan, call, revisions, judged)
                admissions.append(Admission(call, entry, judged.step, judged.reason))
                known[call.key] = (*(old for old in revisions if old.id != entry.id), entry)
        return admissions

    def sending(self, identifier: int) -> Entry:
        """Enters the intent to send; when this returns it stands on the disk and the first byte may leave.

        Raises:
            IllegalArrowError: it is neither planned nor unknown.
            JournalError: the journal cannot be written; nothing may be sent.
        """
        with self._change("sending") as writing:
            writing.begin_attempt(identifier)
            return writing.entry(identifier)

    def accepted(self, identifier: int, *, answer: str | None = None, reason: str | None = None) -> Entry:
        """The service has it: it said so, or it was found there."""
        return self._settle(identifier, Stage.ACCEPTED, answer=answer, reason=reason)

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
        return self._settle(identifier, Stage.REFUSED, answer=answer, reason=reason, found=found)

    def unknown(self, identifier: int, *, reason: str, answer: str | None = None) -> Entry:
        """The attempt may have arrived; from now on the quiet time counts."""
        return self._doubt(identifier, "unknown", reason=reason, answer=answer)

    def not_sent(self, identifier: int, *, reason: str) -> Entry:
        """The attempt surely did nothing: back to where it came from. An older doubt stays, with its time."""
        with self._change("not-sent") as writing:
            end = writing.origin_of_attempt(identifier)
            writing.step(identifier, end, {"sent": calls.c.sent - 1, "reason": reason}, reason=reason)
            writing.end_attempt(identifier, "not-sent", None)
            return writing.entry(identifier)

    def held(self, identifier: int, *, reason: str) -> Entry:
        """A person must decide."""
        with self._change("held") as writing:
            writing.step(identifier, Stage.HELD, {"reason": reason}, reason=reason)
            return writing.entry(identifier)

    def filed(self, identifier: int) -> Entry:
        """The file of an accepted document was moved to its place."""
        with self._change("filed") as writing:
            writing.step(identifier, Stage.FILED)
            return writing.entry(identifier)

    def quiet_for(self, entry: Entry) -> float:
        """Seconds that have surely passed since the service may last have received an attempt in doubt."""
        assert entry.doubt is not None
        return surely_passed(entry.doubt, self._now())

    def _settle(
        self,
        identifier: int,
        end: Stage,
        *,
        answer: str | None,
        reason: str | None,
        found: bool = False,
    ) -> Entry:
        with self._change(end.value) as writing:
            values = {"answer": answer, "reason": reason, "found": found, "released": False, **NO_DOUBT}
            writing.step(identifier, end, values, reason=reason)
            writing.end_attempt(identifier, end.value, answer)
            entry = writing.entry(identifier)
        self._forget_bytes(entry.digest)
        return entry

    def _doubt(self, identifier: int, step: str, *, reason: str, answer: str | None = None) -> Entry:
        with self._change(step) as writing:
            values = {"answer": answer, "reason": reason, "released": False, "doubted": True}
            writing.step(identifier, Stage.UNKNOWN, values | writing.doubt(), reason=reason)
            writing.end_attempt(identifier, Stage.UNKNOWN.value, answer)
            return writing.entry(identifier)

    def _forget_bytes(self, digest: str) -> None:
        """Removes the bytes of a settled call, unless an equal one still needs them."""
        with self._reading() as connection:
            stages = [stage.value for stage in NEEDS_BYTES]
            needed = connection.execute(
                select(func.count()).where(calls.c.digest == digest, calls.c.stage.in_(stages))
            ).scalar_one()
        if not needed:
            self.spool.remove(digest)

    # What a person does

    def resolve(self, key_or_id: str | int, *, arrived: bool, by: str = "person", reason: str | None = None) -> Entry:
        """A person's decision about what is held or unknown.

        Args:
            key_or_id: key or number of the entry.
            arrived: True: the service has it (or shall not get it), it counts as accepted. False: the service does not
                have it, the next run sends it.
            by: who decides.
            reason: why, for the history.

        Raises:
            UsageError: there is no such entry, or nothing about it is to be decided.
            JournalHeldError: it is unknown and a run that may settle it is under way.
        """
        entry = self.show(key_or_id).entry
        if entry.stage is Stage.UNKNOWN:
            with self.owned():
                return self._resolve(entry, arrived=arrived, by=by, reason=reason)
        if entry.stage is not Stage.HELD:
            raise UsageError(
                message("Nothing is to be decided about {key}: it is {state}.", key=entry.key, state=entry.state.value),
                message("`efimport journal list` shows what is held."),
            )
        return self._resolve(entry, arrived=arrived, by=by, reason=reason)

    def _resolve(self, entry: Entry, *, arrived: bool, by: str, reason: str | None) -> Entry:
        end = Stage.ACCEPTED if arrived else Stage.PLANNED
        decided = reason or (
            message("A person says that the service has it.")
            if arrived
            else message("A person says that the service does not have it.")
        )
        with self._change("resolved") as writing:
            if writing.row(entry.id).stage == Stage.UNKNOWN.value:
                writing.step(entry.id, Stage.HELD, by=by)
            values = {"reason": decided, "released": not arrived, **NO_DOUBT}
            writing.step(entry.id, end, values, by=by, reason=decided, person=True)
            resolved = writing.entry(entry.id)
        if arrived:
            self._forget_bytes(resolved.digest)
        return resolved

    # What is read

    def find(self, key: str) -> tuple[Entry, ...]:
        """All revisions under a key, oldest first."""
        with self._reading() as connection:
            return reading.revisions(connection, [key]).get(key, ())

    def show(self, key_or_id: str | int) -> Record:
        """An entry with all that happened to it; of a key the newest revision.

        Args:
            key_or_id: key, or number of the entry (also as text).

        Raises:
            UsageError: there is none.
        """
        with self._reading() as connection:
            return reading.record(connection, key_or_id)

    def list(
        self,
        states: Collection[State] | None = None,
        *,
        organization: str | None = None,
        text: str | None = None,
        limit: int | None = None,
    ) -> tuple[Entry, ...]:
        """Entries, the ones changed last first.

        Args:
            states: only those in these states of the report; None for all.
            organization: only those of this organization.
            text: only those whose key, number or source path has this text.
            limit: at most so many.
        """
        with self._reading() as connection:
            return reading.entries(connection, states, organization=organization, text=text, limit=limit)

    def waiting(self, organization: str | None) -> tuple[Entry, ...]:
        """Entries of an organization that a run has to settle, oldest first.

        They are those of unknown outcome, and those of which a person said that they have not arrived.
        """
        with self._reading() as connection:
            return reading.waiting(connection, organization)

    def export(self) -> Iterator[Record]:
        """Everything, oldest first; each record is ready for ``msgspec.json.encode``."""
        last = 0
        while True:
            with self._reading() as connection:
                records = reading.records_after(connection, last, CHUNK)
            yield from records
            if not records:
                return
            last = records[-1].entry.id

    def counts(self) -> dict[State, int]:
        """How many entries are in each state."""
        with self._reading() as connection:
            return reading.counts(connection)

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
                yield connection

    @contextmanager
    def _change(self, step: str) -> Iterator[Writing]:
        self.fail_point(f"journal.{step}:before")
        with self._transaction() as connection:
            yield Writing(connection, self._now())
            self.fail_point(f"journal.{step}:written")
        self.fail_point(f"journal.{step}:after")
