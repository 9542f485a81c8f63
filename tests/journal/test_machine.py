"""The journal against a model of it, in random orders with crashes in between."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from efimport.api.call import Call
from efimport.errors import UsageError
from efimport.journal import ARROWS, IllegalArrowError, Journal, Stage, Step
from efimport.journal.stages import ARROWS_OF_A_PERSON
from efimport.planning.model import Plan, PlannedCall, Repeat, State

KEYS = ("a", "b")
CONTENTS = ("x", "y")


class Crash(BaseException):
    """The process ends here."""


class JournalMachine(RuleBasedStateMachine):
    """Two documents with two contents each; every change may be cut off before or after it is committed."""

    entries = Bundle("entries")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.url = self.new_journal()
        self.crash_at: str | None = None
        self.stages: dict[int, Stage] = {}
        self.open()

    def new_journal(self) -> str:
        return f"sqlite:///{self.folder / 'journal.sqlite3'}"

    def open(self) -> None:
        self.journal = Journal(self.url, fail_point=self.fail)
        self.owning = self.journal.owned()
        self.owning.__enter__()

    def fail(self, point: str) -> None:
        if self.crash_at is not None and point.endswith(self.crash_at):
            self.crash_at = None
            raise Crash

    def teardown(self) -> None:
        self.owning.__exit__(None, None, None)
        self.journal.close()
        shutil.rmtree(self.folder)

    def restart(self) -> None:
        self.owning.__exit__(None, None, None)
        self.journal.close()
        self.open()

    @rule(target=entries, key=st.sampled_from(KEYS), content=st.sampled_from(CONTENTS), overwrites=st.booleans())
    def admit(self, key: str, content: str, overwrites: bool) -> int:
        digest = hashlib.sha256(content.encode()).hexdigest()
        call = PlannedCall(id="c", call=Call("M"), key=key, digest=digest, repeat=Repeat.BLIND, overwrites=overwrites)
        before = {entry.id: entry for entry in self.journal.find(key)}
        (admission,) = self.journal.admit(Plan(calls=(call,)))
        entry = admission.entry
        if admission.step is Step.SEND:
            assert (entry.stage, entry.digest) == (Stage.PLANNED, digest)
        if admission.step is Step.SKIP:
            assert any(old.digest == digest for old in before.values())
        if any(
            old.stage in (Stage.SENDING, Stage.UNKNOWN) or (old.needs_a_person and old.doubt) for old in before.values()
        ):
            assert admission.step in (Step.HOLD, Step.SETTLE)
        return entry.id

    @rule(
        number=entries,
        action=st.sampled_from(["sending", "accepted", "refused", "found", "unknown", "not_sent", "held", "filed"]),
        crash_at=st.sampled_from([None, None, None, ":before", ":written", ":after"]),
    )
    def act(self, number: int, action: str, crash_at: str | None) -> None:
        start = self.journal.show(number).entry
        possible = {end for begin, end in ARROWS if begin is start.stage}
        self.crash_at = crash_at
        try:
            end = self.perform(number, action)
        except IllegalArrowError:
            assert self.journal.show(number).entry == start
        except Crash:
            assert self.journal.show(number).entry.stage in {start.stage, *possible}
            self.restart()
        else:
            assert end.stage in possible
        self.crash_at = None

    def perform(self, number: int, action: str):
        reasoned = {"unknown", "not_sent", "held"}
        if action == "found":
            return self.journal.refused(number, found=True)
        return getattr(self.journal, action)(number, **({"reason": "because"} if action in reasoned else {}))

    @rule(number=entries, arrived=st.booleans())
    def decide(self, number: int, arrived: bool) -> None:
        start = self.journal.show(number).entry
        try:
            end = self.journal.resolve(number, arrived=arrived)
        except UsageError:
            assert start.stage not in (Stage.HELD, Stage.UNKNOWN)
        else:
            assert end.stage is (Stage.ACCEPTED if arrived else Stage.PLANNED)

    @rule()
    def reopen(self) -> None:
        self.restart()
        assert not self.journal.list([State.SENDING])

    @invariant()
    def the_history_explains_the_state(self) -> None:
        revisions: dict[str, list[Stage]] = {}
        for record in self.journal.export():
            steps = [(step.start, step.end) for step in record.transitions]
            assert steps[0] == (None, Stage.SEEN)
            assert set(steps[1:]) <= ARROWS | ARROWS_OF_A_PERSON
            assert steps[-1][1] is record.entry.stage
            assert [attempt.number for attempt in record.attempts] == list(range(1, record.entry.attempt + 1))
            under_way = [attempt for attempt in record.attempts if attempt.result == "sending"]
            assert len(under_way) == (record.entry.stage is Stage.SENDING)
            assert record.entry.sent == sum(attempt.result != "not-sent" for attempt in record.attempts)
            revisions.setdefault(record.entry.key, []).append(record.entry.stage)
        for stages in revisions.values():
            assert all(stage in (Stage.ACCEPTED, Stage.FILED) for stage in stages[:-1])


@pytest.mark.parametrize(("examples", "steps"), [(3, 15), pytest.param(40, 25, marks=pytest.mark.slow)])
@pytest.mark.timeout(600)
def test_the_model_holds_on_postgresql(postgres, examples, steps):
    class SharedJournalMachine(JournalMachine):
        """The same, on a server."""

        def new_journal(self) -> str:
            return postgres.schema()

    run_state_machine_as_test(
        SharedJournalMachine, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    )


TestJournalMachine = pytest.mark.timeout(120)(JournalMachine.TestCase)
TestJournalMachine.settings = settings(max_examples=24, stateful_step_count=25, deadline=None)
