"""A damaged write-ahead log gives a prefix of the truth, and a full disk loses and doubles nothing."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil

import pytest

from efimport.api.call import Call
from efimport.errors import JournalError
from efimport.journal import Journal, Stage
from efimport.planning.model import Plan, PlannedCall, Repeat

DAMAGES = int(os.environ.get("EFIMPORT_DAMAGES", "200"))


def calls(count: int) -> tuple[PlannedCall, ...]:
    return tuple(
        PlannedCall(
            id=f"c{number}",
            call=Call("M"),
            key=f"k{number}",
            digest=hashlib.sha256(str(number).encode()).hexdigest(),
            repeat=Repeat.BLIND,
        )
        for number in range(count)
    )


def told(journal: Journal) -> list[tuple]:
    """All transitions in the order of their writing, and whether each entry stands where its last one ended."""
    rows = []
    for record in journal.export():
        assert record.entry.stage is record.transitions[-1].end
        assert [step.start for step in record.transitions[1:]] == [step.end for step in record.transitions[:-1]]
        assert record.entry.attempt == len(record.attempts)
        rows += [(step.at, record.entry.id, step.sequence) for step in record.transitions]
    return rows


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Cut, the tail zeroed, one bit turned, or a hole of 4 kB."""
    at = chance.randrange(len(content))
    kind = chance.randrange(4)
    if kind == 0:
        return content[:at]
    if kind == 1:
        return content[:at] + bytes(len(content) - at)
    if kind == 2:
        return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]
    return content[:at] + bytes(min(4096, len(content) - at)) + content[at + 4096 :]


class TickingClock:
    """Each look is a second later: the rows then have an order."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        self.now += 1
        return self.now

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_damaged_log_gives_a_prefix_of_the_truth(tmp_path):
    path = tmp_path / "journal.sqlite3"
    Journal(path).close()
    with Journal(path, clock=TickingClock()) as journal, journal.owned():
        for call in calls(8):
            number = journal.admit(Plan(calls=(call,)))[0].entry.id
            journal.sending(number)
            journal.accepted(number)
        truth = sorted(told(journal))
        log = (tmp_path / "journal.sqlite3-wal").read_bytes()
        shutil.copy(path, tmp_path / "main")
    prefixes = {tuple(truth[:count]) for count in range(len(truth) + 1)}
    chance = random.Random(4)
    for number in range(DAMAGES):
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copy(tmp_path / "main", folder / "journal.sqlite3")
        (folder / "journal.sqlite3-wal").write_bytes(damaged(log, chance))
        with Journal(folder / "journal.sqlite3") as journal:
            assert tuple(sorted(told(journal))) in prefixes
            with journal.owned():
                assert not [entry for entry in journal.list() if entry.stage is Stage.SENDING]
        shutil.rmtree(folder)


@pytest.fixture
def small_files():
    """Lets files grow only so far; the system then refuses to write, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fills_up_at_any_moment_leaves_the_journal_whole(tmp_path, small_files):
    size, step, full = 4096, 5 * 4096, 0
    while True:
        path = tmp_path / f"{size}.sqlite3"
        entered = 0
        small_files(size)
        try:
            with Journal(path, clock=TickingClock()) as journal, journal.owned():
                for call in calls(5):
                    number = journal.admit(Plan(calls=(call,)))[0].entry.id
                    journal.sending(number)
                    entered += 1
                    journal.accepted(number)
            break
        except JournalError:
            full += 1
        finally:
            small_files(resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        with Journal(path, clock=TickingClock()) as journal, journal.owned():
            told(journal)
            sent = [entry for entry in journal.list() if entry.attempt]
            # What was allowed to leave is in the journal, as accepted or as unknown; nothing is forgotten.
            assert len(sent) >= entered
            assert {entry.stage for entry in sent} <= {Stage.ACCEPTED, Stage.UNKNOWN}
        size += step
    assert full > 3
