"""The journal itself: every change of state is one transaction, on the disk when the method returns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import select

from efimport.api.clock import Clock, SystemClock
from efimport.api.pace import boot_identity
from efimport.errors import UsageError
from efimport.journal import database, filing, reading
from efimport.journal.admission import Admission, Change, Step, Verdict, remembered, verdict
from efimport.journal.begun import mark_of
from efimport.journal.changes import Changes
from efimport.journal.entries import Entry, Record
from efimport.journal.inspection import check_file, inspected_log
from efimport.journal.moved import moved, of_repeated_things
from efimport.journal.ownership import FileOwnership, OnWait, Owner, Ownership
from efimport.journal.points import FailPoint, checked, nothing_fails
from efimport.journal.shared_ownership import SharedOwnership
from efimport.journal.shared_spool import SharedSpool
from efimport.journal.spool import Disk, Spool, Store
from efimport.journal.stages import NEEDS_BYTES, Stage
from efimport.journal.tables import bring_up_to_date, calls
from efimport.journal.writing import NO_DOUBT
from efimport.messages import message
from efimport.planning.model import Plan, PlannedCall, Repeat, State


class Journal(Changes):
    """What was sent and what came of it.

    Args:
        url: SQLAlchemy address or path of a SQLite file; None for the file in the user's data folder.
        spool: folder of the stored requests; None for one beside the SQLite file, or for a table of the database where
            several machines share the journal.
        clock: the time.
        boot: identity of the start of the machine; found by itself for None.
        on_share: whether a SQLite file may lie on a network share.
        fail_point: called at each of ``FAIL_POINTS``.
        disk: the file system under the spool.
        keep_requests: whether the bodies of settled requests are put away instead of removed.
        on_wait: told, before another owner is waited for, who that is.

    Attributes:
        name: the journal for people: its file, or its address without a password.
        files: the files of watched folders.
        found: what was found at the opening and should be known; None for nothing.

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
        keep_requests: bool = False,
        on_wait: OnWait | None = None,
    ) -> None:
        made = database.address(url)
        place = database.sqlite_path(made)
        self.name = database.shown_address(made)
        self.found: str | None = None
        self._on_wait = on_wait
        watched = checked(fail_point)
        timed = clock or SystemClock()
        engine = database.open_engine(made, on_share=on_share)
        stored: Store
        ownership: Ownership
        if place is None:
            stored, ownership = SharedSpool(engine, fail_point=watched), SharedOwnership(engine, clock=timed)
        else:
            check_file(place)
            self.found = inspected_log(place)
            folder = spool or place.with_name(place.stem + "-spool")
            kept = folder.with_name(place.stem + "-requests")
            stored = Spool(folder, kept=kept, fail_point=watched, disk=disk)
            ownership = FileOwnership(place, clock=timed)
        super().__init__(
            engine,
            stored,
            ownership,
            clock=timed,
            boot=boot or boot_identity(),
            fail_point=watched,
            keep_requests=keep_requests,
            begun=place.with_name(place.stem + "-begun.txt") if place else None,
        )
        self.files = filing.Files(self._reading, self._transaction, lambda: self._now().at, watched)
        with self._transaction() as connection:
            made_new = bring_up_to_date(connection)
        if made_new:
            database.settle(engine)

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
        with self._ownership.taken(wait=wait, on_wait=self._on_wait) as first:
            if first:
                self._take_over()
            yield self

    def owner(self) -> Owner | None:
        """Who owns the journal, as far as that is known."""
        return self._ownership.owner()

    def _take_over(self) -> None:
        with self._reading() as connection:
            database.check_whole(connection)
            under_way = connection.execute(select(calls.c.id).where(calls.c.stage == Stage.SENDING.value)).scalars()
            interrupted = list(under_way)
        reason = message("The program ended while it was being sent.")
        if interrupted:
            self._doubt(interrupted, "interrupted", reason=reason)
        with self._reading() as connection:
            stages = [stage.value for stage in NEEDS_BYTES]
            bodies = connection.execute(select(calls.c.body).where(calls.c.stage.in_(stages))).scalars()
            needed = frozenset(bodies) | filing.needed(connection)
            spare = self.spool.digests() - needed if self.keep_requests else frozenset()
            worth_keeping = reading.attempted(connection, spare)
        self.spool.sweep(needed, worth_keeping=worth_keeping)

    # What a run does

    def admit(self, plan: Plan) -> list[Admission]:
        """Enters the calls of a plan and says what is to be done with each; nothing is sent.

        Every call is in the journal before the first one is sent. Of a call that carries many things each is entered,
        and judged, by itself.

        Raises:
            JournalError: the journal cannot be read or written, or the plan names one key twice.
        """
        planned = [part for call in plan.calls for part in call.parts]
        admissions = self._moved(planned)
        others = [call for call in planned if call.key not in admissions]
        for some in reading.chunks(others):
            admissions.update({admission.call.key: admission for admission in self._admit(plan, some)})
        return [admissions[call.key] for call in planned]

    def foresee(self, plan: Plan) -> dict[str, Step]:
        """What would be done with each thing that the plan brings, by its key; nothing is entered."""
        planned = [part for call in plan.calls for part in call.parts]
        found: dict[str, Step] = {key: admission.step for key, admission in self._moved(planned).items()}
        for some in reading.chunks([call for call in planned if call.key not in found]):
            with self._reading() as connection:
                known = reading.revisions(connection, [call.key for call in some])
            begun = self._begun_of(some)
            found.update({call.key: self._judged(known.get(call.key, ()), call, begun).step for call in some})
        return found

    def _moved(self, planned: Sequence[PlannedCall]) -> dict[str, Admission]:
        """What came under another key, because its file has more documents of the same identity now."""
        things = of_repeated_things(planned)
        if not things:
            return {}
        with self._reading() as connection:
            known = reading.revisions(connection, [call.key for same in things.values() for call in same])
        return {admission.call.key: admission for same in things.values() for admission in moved(same, known)}

    def _admit(self, plan: Plan, planned: Sequence[PlannedCall]) -> list[Admission]:
        with self._reading() as connection:
            known = reading.revisions(connection, [call.key for call in planned])
        begun = self._begun_of(planned)
        verdicts = [self._judged(known.get(call.key, ()), call, begun) for call in planned]
        if all(judged.change is Change.NONE for judged in verdicts):
            return [
                Admission(call, known[call.key][-1], judged.step, judged.reason)
                for call, judged in zip(planned, verdicts, strict=True)
            ]
        return self._enter(plan, planned, begun)

    def _begun_of(self, planned: Sequence[PlannedCall]) -> Mapping[str, int]:
        """The attempts that were noted outside of the database, where one of the calls is of that kind."""
        return self._begun.counts() if any(call.repeat is Repeat.BLIND for call in planned) else {}

    @staticmethod
    def _judged(revisions: Sequence[Entry], call: PlannedCall, begun: Mapping[str, int]) -> Verdict:
        judged = verdict(revisions, call)
        return remembered(judged, revisions, call, begun.get(mark_of(call.key), 0)) if begun else judged

    def _enter(self, plan: Plan, planned: Sequence[PlannedCall], begun: Mapping[str, int]) -> list[Admission]:
        admissions: dict[int, Admission] = {}
        new: dict[int, tuple[PlannedCall, int]] = {}
        with self._change("admit") as writing:
            # Judged again inside the transaction: between reading and writing another process may have resolved one.
            known = reading.revisions(writing.connection, [call.key for call in planned])
            for place, call in enumerate(planned):
                revisions = known.get(call.key, ())
                judged = self._judged(revisions, call, begun)
                if judged.change is Change.NEW:
                    new[place] = (call, len(revisions) + 1)
                    continue
                entry = writing.enter(plan, call, revisions, judged)
                admissions[place] = Admission(call, entry, judged.step, judged.reason)
            # Many new ones at once are the usual case.
            entries = writing.entries(writing.insert(plan, tuple(new.values())))
        for place, entry in zip(new, entries, strict=True):
            admissions[place] = Admission(new[place][0], entry, Step.SEND)
        return [admissions[place] for place in range(len(planned))]

    def forget_file(self, digest: str) -> None:
        """Removes the copy of a dropped file, unless another one of the same bytes is not settled yet."""
        with self._reading() as connection:
            if filing.is_needed(connection, digest):
                return
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
            if writing.rows([entry.id])[0].stage == Stage.UNKNOWN.value:
                writing.step([entry.id], Stage.HELD, by=by)
            values = {"reason": decided, "released": not arrived, **NO_DOUBT}
            writing.step([entry.id], end, values, by=by, reason=decided, person=True)
            (resolved,) = writing.entries([entry.id])
        if arrived:
            self._forget_bytes({resolved.body})
        return resolved

    # What is read

    def find(self, key: str) -> tuple[Entry, ...]:
        """All revisions under a key, oldest first."""
        with self._reading() as connection:
            return reading.revisions(connection, [key]).get(key, ())

    def newest(self, keys: Sequence[str]) -> list[Entry]:
        """The newest revision under each of the keys that the journal has."""
        with self._reading() as connection:
            return [known[-1] for known in reading.revisions(connection, keys).values()]

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
        since: str | None = None,
        until: str | None = None,
        limit: int | None = None,
    ) -> tuple[Entry, ...]:
        """Entries, the ones changed last first.

        Args:
            states: only those in these states of the report; None for all.
            organization: only those of this organization.
            text: only those whose key, number, file name, source path or answer has this text.
            since: only those that changed then or later; UTC, ISO 8601, or a beginning of it such as a day.
            until: only those that changed before; the same.
            limit: at most so many.
        """
        with self._reading() as connection:
            return reading.entries(
                connection, states, organization=organization, text=text, since=since, until=until, limit=limit
            )

    def companions(self, entry: Entry) -> tuple[Entry, ...]:
        """The other entries that went, or go, in the same request as this one."""
        with self._reading() as connection:
            return reading.companions(connection, entry.body, entry.id)

    def request(self, entry: Entry) -> bytes | None:
        """The body of the request of an entry, with place-holders; None where it is not kept."""
        return self.spool.get(entry.body)

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
                records = reading.records_after(connection, last, reading.CHUNK)
            yield from records
            if not records:
                return
            last = records[-1].entry.id

    def counts(self) -> dict[State, int]:
        """How many entries are in each state."""
        with self._reading() as connection:
            return reading.counts(connection)
