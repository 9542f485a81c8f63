"""Writing the journal: the changes that one transaction makes, along the arrows and in no other way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from efimport.errors import JournalError
from efimport.journal import reading
from efimport.journal.admission import Change, Verdict
from efimport.journal.entries import Entry
from efimport.journal.moments import Moment
from efimport.journal.stages import IllegalArrowError, Stage, check_arrow
from efimport.journal.tables import attempts, calls, transitions
from efimport.messages import message
from efimport.planning.model import Plan, PlannedCall

PROGRAM = "program"
NO_DOUBT: Mapping[str, Any] = {"doubt_at": None, "doubt_monotonic": None, "doubt_boot": None}
_FIRST_STEPS = (None, Stage.SEEN, Stage.READ, Stage.PLANNED)


class Writing:
    """One transaction that writes.

    Args:
        connection: has begun the transaction; who gave it commits.
        moment: the time of all its rows.
    """

    def __init__(self, connection: Connection, moment: Moment) -> None:
        self.connection = connection
        self._moment = moment

    def entry(self, identifier: int) -> Entry:
        """The entry as it now is."""
        return reading.entry(self.connection, identifier)

    def row(self, identifier: int) -> Row[Any]:
        """The row of an entry.

        Raises:
            JournalError: there is none.
        """
        row = self.connection.execute(select(calls).where(calls.c.id == identifier)).first()
        if row is None:
            raise JournalError(message("The journal has no entry {number}.", number=identifier))
        return row

    def doubt(self) -> dict[str, Any]:
        """The columns that say: until now the service may have received it."""
        moment = self._moment
        return {"doubt_at": moment.at, "doubt_monotonic": moment.monotonic, "doubt_boot": moment.boot}

    # Entering

    def enter(self, plan: Plan, call: PlannedCall, revisions: Sequence[Entry], judged: Verdict) -> Entry:
        """Does with the entry of a planned call what was judged; returns the entry."""
        if judged.change is Change.NONE:
            return revisions[-1]
        if judged.change in (Change.NEW, Change.NEW_HELD):
            identifier = self._insert(plan, call, len(revisions) + 1)
        else:
            identifier = revisions[-1].id
            self._take_content(revisions[-1], call)
            if judged.change is Change.REPLAN:
                self._replan(revisions[-1])
        if judged.change is Change.NEW_HELD:
            self.step(identifier, Stage.HELD, {"reason": judged.reason}, reason=judged.reason)
        elif judged.change is Change.HOLD:
            self._hold(revisions[-1], judged.reason)
        return self.entry(identifier)

    def _insert(self, plan: Plan, call: PlannedCall, revision: int) -> int:
        source = plan.sources[call.documents[0][0]] if call.documents else None
        values = {
            "key": call.key,
            "revision": revision,
            "organization": plan.organization,
            "method": call.call.method,
            "number": call.number,
            "file_name": call.file_name,
            "digest": call.digest,
            "substance": call.substance or call.digest,
            "repeat": call.repeat.value,
            "overwrites": call.overwrites,
            "stage": Stage.PLANNED.value,
            "sequence": len(_FIRST_STEPS) - 1,
            "attempt": 0,
            "sent": 0,
            "found": False,
            "released": False,
            "doubted": False,
            "source_path": source.path if source else None,
            "source_sha256": source.sha256 if source else None,
            "created": self._moment.at,
            "changed": self._moment.at,
        }
        inserted = self.connection.execute(insert(calls).values(**values)).inserted_primary_key
        assert inserted is not None
        identifier = int(inserted[0])
        rows = [
            self._transition(identifier, sequence, steps, 0, PROGRAM, None)
            for sequence, steps in enumerate(pairwise(_FIRST_STEPS), start=1)
        ]
        self.connection.execute(insert(transitions), rows)
        return identifier

    def _take_content(self, entry: Entry, call: PlannedCall) -> None:
        """Takes the content of now into an entry of which nothing is at the service."""
        content: dict[str, Any] = {
            "digest": call.digest,
            "substance": call.substance or call.digest,
            "overwrites": call.overwrites,
            "repeat": call.repeat.value,
            "number": call.number,
            "file_name": call.file_name,
        }
        if entry.digest != call.digest:
            content |= {"found": False, "released": False, "doubted": False}
        self.connection.execute(update(calls).where(calls.c.id == entry.id).values(**content))

    def _replan(self, entry: Entry) -> None:
        if entry.stage is Stage.HELD:
            # To ask for overwriting is a person's decision about a document that waits since it was changed.
            self.step(entry.id, Stage.PLANNED, by="import type", person=True)
        elif entry.stage is Stage.REFUSED:
            self.step(entry.id, Stage.PLANNED)

    def _hold(self, entry: Entry, reason: str | None) -> None:
        if entry.stage is Stage.HELD:
            return
        self._replan(entry)
        self.step(entry.id, Stage.HELD, {"reason": reason, "released": False}, reason=reason)

    # Sending

    def begin_attempt(self, identifier: int) -> None:
        """The intent: the next attempt, and the state that says so."""
        row = self.row(identifier)
        number = row.attempt + 1
        values = {"attempt": number, "sent": row.sent + 1, "found": False}
        self.step(identifier, Stage.SENDING, values)
        self.connection.execute(
            insert(attempts).values(
                call=identifier,
                number=number,
                digest=row.digest,
                result=Stage.SENDING.value,
                came_from=row.stage,
                started=self._moment.at,
                started_monotonic=self._moment.monotonic,
                started_boot=self._moment.boot,
            )
        )

    def origin_of_attempt(self, identifier: int) -> Stage:
        """Where an entry goes back to when its attempt did nothing."""
        came_from = self.connection.execute(
            select(attempts.c.came_from).where(attempts.c.call == identifier, attempts.c.result == Stage.SENDING.value)
        ).scalar()
        return Stage.UNKNOWN if came_from == Stage.UNKNOWN.value else Stage.PLANNED

    def end_attempt(self, identifier: int, result: str, answer: str | None) -> None:
        """The result of the attempt that is under way; there is none where an older doubt was settled otherwise."""
        self.connection.execute(
            update(attempts)
            .where(attempts.c.call == identifier, attempts.c.result == Stage.SENDING.value)
            .values(result=result, ended=self._moment.at, answer=answer)
        )

    # Arrows

    def step(
        self,
        identifier: int,
        end: Stage,
        values: Mapping[str, Any] | None = None,
        *,
        by: str = PROGRAM,
        reason: str | None = None,
        person: bool = False,
    ) -> None:
        """Goes along one arrow: the state, and its row in the history.

        Args:
            identifier: number of the entry.
            end: the state to go to.
            values: other columns to set.
            by: who.
            reason: why, for the history.
            person: whether a person decided.

        Raises:
            IllegalArrowError: there is no such arrow from where the entry stands, or another process was faster.
        """
        row = self.row(identifier)
        start = Stage(row.stage)
        check_arrow(row.key, start, end, person=person)
        # Plain texts: a driver need not know what a Message is.
        columns = {name: str(value) if isinstance(value, str) else value for name, value in (values or {}).items()}
        # The statement itself insists on the state that was read: two processes cannot both go on from it.
        changed = self.connection.execute(
            update(calls)
            .where(calls.c.id == identifier, calls.c.stage == start.value, calls.c.sequence == row.sequence)
            .values(stage=end.value, sequence=row.sequence + 1, changed=self._moment.at, **columns)
        )
        if changed.rowcount != 1:
            raise IllegalArrowError(row.key, start, end)
        attempt = columns.get("attempt", row.attempt)
        row_of_history = self._transition(identifier, row.sequence + 1, (start, end), attempt, by, reason)
        self.connection.execute(insert(transitions), [row_of_history])

    def _transition(
        self,
        identifier: int,
        sequence: int,
        steps: tuple[Stage | None, Stage | None],
        attempt: int,
        by: str,
        reason: str | None,
    ) -> dict[str, Any]:
        start, end = steps
        assert end is not None
        return {
            "call": identifier,
            "sequence": sequence,
            "start": start.value if start else None,
            "end": end.value,
            "attempt": attempt,
            "by": by,
            "reason": None if reason is None else str(reason),
            "at": self._moment.at,
            "monotonic": self._moment.monotonic,
            "boot": self._moment.boot,
        }
