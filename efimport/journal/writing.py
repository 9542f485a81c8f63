"""Writing the journal: the changes that one transaction makes, along the arrows and in no other way."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from efimport.errors import JournalError
from efimport.journal import reading
from efimport.journal.admission import Change, Verdict
from efimport.journal.entries import Entry
from efimport.journal.moments import Moment
from efimport.journal.provenance import Sending
from efimport.journal.stages import SETTLED, IllegalArrowError, Stage, check_arrow
from efimport.journal.tables import attempts, calls, responses, transitions
from efimport.journal.words import bounded, storable, wording_of
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

    def entries(self, identifiers: Sequence[int]) -> tuple[Entry, ...]:
        """The entries as they now are."""
        return reading.entries_of(self.connection, identifiers)

    def rows(self, identifiers: Sequence[int]) -> list[Row[Any]]:
        """The rows of entries, in the order asked for.

        Raises:
            JournalError: there is none of such a number.
        """
        found: dict[int, Row[Any]] = {}
        for some in reading.chunks(identifiers):
            found.update({row.id: row for row in self.connection.execute(select(calls).where(calls.c.id.in_(some)))})
        for identifier in identifiers:
            if identifier not in found:
                raise JournalError(message("The journal has no entry {number}.", number=identifier))
        return [found[identifier] for identifier in identifiers]

    def doubt(self) -> dict[str, Any]:
        """The columns that say: until now the service may have received it."""
        moment = self._moment
        return {"doubt_at": moment.at, "doubt_monotonic": moment.monotonic, "doubt_boot": moment.boot}

    # Entering

    def enter(self, plan: Plan, call: PlannedCall, revisions: Sequence[Entry], judged: Verdict) -> Entry:
        """Does with the entry of a planned call what was judged; returns the entry."""
        if judged.change is Change.NONE:
            return revisions[-1]
        fresh = not revisions or revisions[-1].stage in SETTLED
        if judged.change in (Change.NEW, Change.NEW_HELD) or (judged.change is Change.FORGOTTEN and fresh):
            (identifier,) = self.insert(plan, [(call, len(revisions) + 1)])
        else:
            identifier = revisions[-1].id
            self._take_content(revisions[-1], call)
            if judged.change in (Change.REPLAN, Change.FORGOTTEN):
                self._replan(revisions[-1])
        if judged.change is Change.NEW_HELD:
            self.step([identifier], Stage.HELD, {"reason": judged.reason}, reason=judged.reason)
        elif judged.change is Change.HOLD:
            self._hold(revisions[-1], judged.reason)
        elif judged.change is Change.FORGOTTEN:
            others = sum(entry.attempt for entry in revisions if entry.id != identifier)
            values = {"reason": judged.reason, "doubted": True, "attempt": judged.attempts - others}
            self.step([identifier], Stage.HELD, values | self.doubt(), reason=judged.reason)
        return self.entries([identifier])[0]

    def insert(self, plan: Plan, new: Sequence[tuple[PlannedCall, int]]) -> list[int]:
        """Enters calls as planned, each with the number of its revision; returns the numbers of the entries."""
        if not new:
            return []
        self.connection.execute(insert(calls), [self._values(plan, call, revision) for call, revision in new])
        wanted = [call.key for call, _ in new]
        found: dict[tuple[str, int], int] = {}
        stored = [storable(key) for key in wanted]
        for some in reading.chunks(stored):
            query = select(calls.c.key, calls.c.revision, calls.c.id).where(calls.c.key.in_(some))
            found.update({(row.key, row.revision): row.id for row in self.connection.execute(query)})
        identifiers = [found[storable(call.key), revision] for call, revision in new]
        rows = [
            self._transition(identifier, sequence, steps, 0, PROGRAM, None)
            for identifier in identifiers
            for sequence, steps in enumerate(pairwise(_FIRST_STEPS), start=1)
        ]
        self.connection.execute(insert(transitions), rows)
        return identifiers

    def _values(self, plan: Plan, call: PlannedCall, revision: int) -> dict[str, Any]:
        source = plan.sources[call.documents[0][0]] if call.documents else None
        return {
            "key": call.key,
            "revision": revision,
            "organization": plan.organization,
            "method": call.call.method,
            "number": call.number,
            "file_name": call.file_name,
            "digest": call.digest,
            "body": call.digest,
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

    def _take_content(self, entry: Entry, call: PlannedCall) -> None:
        """Takes the content of now into an entry of which nothing is at the service."""
        content: dict[str, Any] = {
            "digest": call.digest,
            "body": call.digest,
            "method": call.call.method,
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
            self.step([entry.id], Stage.PLANNED, by="import type", person=True)
        elif entry.stage is Stage.REFUSED:
            self.step([entry.id], Stage.PLANNED)

    def _hold(self, entry: Entry, reason: str | None) -> None:
        if entry.stage is Stage.HELD:
            return
        self._replan(entry)
        self.step([entry.id], Stage.HELD, {"reason": reason, "released": False}, reason=reason)

    # Sending

    def begin_attempt(self, identifiers: Sequence[int], body: str | None, method: str | None, sending: Sending) -> None:
        """The intent: the next attempt of each, and the state that says so.

        Args:
            identifiers: numbers of the entries that go in one request.
            body: digest of that request; None for the one that is entered already.
            method: its method; None for the one that is entered already.
            sending: who sends it, and where to.
        """
        before = self.rows(identifiers)
        values: dict[str, Any] = {"attempt": calls.c.attempt + 1, "sent": calls.c.sent + 1, "found": False}
        if body is not None:
            values |= {"body": body, "method": method}
        self.step(identifiers, Stage.SENDING, values)
        rows = [
            {
                "call": row.id,
                "number": row.attempt + 1,
                "digest": body or row.body,
                "result": Stage.SENDING.value,
                "came_from": row.stage,
                "started": self._moment.at,
                "started_monotonic": self._moment.monotonic,
                "started_boot": self._moment.boot,
                "method": method or row.method,
                "username": sending.username,
                "system_user": sending.system_user,
                "host": sending.host,
                "endpoint": sending.endpoint,
            }
            for row in before
        ]
        self.connection.execute(insert(attempts), rows)

    def origins_of_attempt(self, identifiers: Sequence[int]) -> dict[Stage, list[int]]:
        """Where entries go back to when their attempt did nothing.

        Raises:
            IllegalArrowError: no attempt of an entry is under way.
        """
        origins: dict[int, str] = {}
        for some in reading.chunks(identifiers):
            query = select(attempts.c.call, attempts.c.came_from).where(
                attempts.c.call.in_(some), attempts.c.result == Stage.SENDING.value
            )
            origins.update({row.call: row.came_from for row in self.connection.execute(query)})
        for row in self.rows([identifier for identifier in identifiers if identifier not in origins]):
            raise IllegalArrowError(row.key, Stage(row.stage), Stage.PLANNED)
        ends: dict[Stage, list[int]] = {}
        for identifier in identifiers:
            came_back = Stage.UNKNOWN if origins[identifier] == Stage.UNKNOWN.value else Stage.PLANNED
            ends.setdefault(came_back, []).append(identifier)
        return ends

    def end_attempt(self, identifiers: Sequence[int], result: str, answer: str | None) -> None:
        """The result of the attempts that are under way; there is none where an older doubt was settled otherwise."""
        for some in reading.chunks(identifiers):
            self.connection.execute(
                update(attempts)
                .where(attempts.c.call.in_(some), attempts.c.result == Stage.SENDING.value)
                .values(result=result, ended=self._moment.at, answer=bounded(answer))
            )

    def respond(self, heard: Mapping[int, str]) -> None:
        """The whole answers to the attempts that are under way, by entry; each text is stored once."""
        by_text: dict[str, list[int]] = {}
        for identifier, text in heard.items():
            by_text.setdefault(text, []).append(identifier)
        for text, identifiers in by_text.items():
            digest = hashlib.sha256(text.encode()).hexdigest()
            if self.connection.execute(select(responses.c.digest).where(responses.c.digest == digest)).first() is None:
                self.connection.execute(insert(responses).values(digest=digest, content=text))
            for some in reading.chunks(identifiers):
                under_way = (attempts.c.call.in_(some), attempts.c.result == Stage.SENDING.value)
                self.connection.execute(update(attempts).where(*under_way).values(response=digest))

    def answer(self, answers: Mapping[int, tuple[Stage, str | None]]) -> None:
        """What the service said of entries, and the result of their attempts that were under way."""
        # One statement for many rows, each with a text of its own.
        of_entry = update(calls).where(calls.c.id == bindparam("entry")).values(answer=bindparam("said"))
        of_attempt = (
            update(attempts)
            .where(attempts.c.call == bindparam("entry"), attempts.c.result == Stage.SENDING.value)
            .values(result=bindparam("became"), ended=self._moment.at, answer=bindparam("said"))
        )
        said = {identifier: bounded(text) for identifier, (_, text) in answers.items()}
        self.connection.execute(of_entry, [{"entry": entry, "said": text} for entry, text in said.items()])
        rows = [{"entry": entry, "became": answers[entry][0].value, "said": text} for entry, text in said.items()]
        self.connection.execute(of_attempt, rows)

    # Arrows

    def step(
        self,
        identifiers: Sequence[int],
        end: Stage,
        values: Mapping[str, Any] | None = None,
        *,
        by: str = PROGRAM,
        reason: str | None = None,
        person: bool = False,
    ) -> None:
        """Goes along one arrow with each entry: the state, and its row in the history.

        Args:
            identifiers: numbers of the entries.
            end: the state to go to.
            values: other columns to set.
            by: who.
            reason: why, for the history.
            person: whether a person decided.

        Raises:
            IllegalArrowError: there is no such arrow from where an entry stands, or another process was faster.
        """
        columns = dict(values or {})
        if "reason" in columns:
            columns["wording"] = wording_of(columns["reason"])
        history = []
        for some in reading.chunks(identifiers):
            rows = self.rows(some)
            for row in rows:
                check_arrow(row.key, reading.stage_of(row.stage), end, person=person)
            for start in {row.stage for row in rows}:
                self._change_state([row for row in rows if row.stage == start], end, columns)
            step = 1 if end is Stage.SENDING else 0
            history += [
                self._transition(row.id, row.sequence + 1, (Stage(row.stage), end), row.attempt + step, by, reason)
                for row in rows
            ]
        if history:
            self.connection.execute(insert(transitions), history)

    def _change_state(self, rows: Sequence[Row[Any]], end: Stage, columns: Mapping[str, Any]) -> None:
        # The statement itself insists on the state that was read: two processes cannot both go on from it.
        start = rows[0].stage
        changed = self.connection.execute(
            update(calls)
            .where(calls.c.id.in_([row.id for row in rows]), calls.c.stage == start)
            .values(stage=end.value, sequence=calls.c.sequence + 1, changed=self._moment.at, **columns)
        )
        if changed.rowcount != len(rows):
            raise IllegalArrowError(rows[0].key, Stage(start), end)

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
            "reason": reason,
            "wording": wording_of(reason),
            "at": self._moment.at,
            "monotonic": self._moment.monotonic,
            "boot": self._moment.boot,
        }
