"""A damaged write-ahead log gives a prefix of the truth, and a full disk loses and doubles nothing."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import sqlite3
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from efimport.api.call import Call
from efimport.errors import JournalError
from efimport.journal import Journal, Stage
from efimport.journal.inspection import FRAME_HEADER, HEADER
from efimport.journal.tables import SCHEMA_VERSION
from efimport.planning.model import Plan, PlannedCall, Repeat

DAMAGES = int(os.environ.get("EFIMPORT_DAMAGES", "2000"))


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


@pytest.fixture
def used(tmp_path):
    """A journal with its log, as a process leaves it that was killed, and the truth."""
    path = tmp_path / "used" / "journal.sqlite3"
    Journal(path).close()
    with Journal(path, clock=TickingClock()) as journal, journal.owned():
        for call in calls(8):
            number = journal.admit(Plan(calls=(call,)))[0].entry.id
            journal.sending(number)
            journal.accepted(number)
        truth = sorted(told(journal))
        log = path.with_name(path.name + "-wal").read_bytes()
        main = path.read_bytes()
    return Used(main, log, path.read_bytes(), truth)


class Used(NamedTuple):
    main: bytes
    log: bytes
    closed: bytes
    truth: list[tuple]


def go_on(journal: Journal) -> None:
    """A run takes over, and goes on."""
    with journal.owned():
        assert not [entry for entry in journal.list() if entry.stage is Stage.SENDING]
        (new,) = journal.admit(Plan(calls=(msgspec.structs.replace(calls(1)[0], key="new"),)))
        journal.sending(new.entry.id)
        journal.accepted(new.entry.id)


def damage_log(used: Used, tmp_path: Path, damages: int) -> None:
    prefixes = {tuple(used.truth[:count]) for count in range(len(used.truth) + 1)}
    chance = random.Random(4)
    said = 0
    for number in range(damages):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "journal.sqlite3"
        path.write_bytes(used.main)
        log = damaged(used.log, chance)
        path.with_name(path.name + "-wal").write_bytes(log)
        with Journal(path) as journal:
            now = tuple(sorted(told(journal)))
            assert now in prefixes
            # What is missing is told, unless the log was cut exactly between two frames or is gone.
            if now != tuple(used.truth) and log and (len(log) - HEADER) % (4096 + FRAME_HEADER):
                assert journal.found is not None
            said += journal.found is not None
            go_on(journal)
        shutil.rmtree(folder)
    assert said > damages / 2


def test_a_damaged_log_gives_a_prefix_of_the_truth(used, tmp_path):
    damage_log(used, tmp_path, 60)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_damaged_logs_give_a_prefix_of_the_truth(used, tmp_path):
    damage_log(used, tmp_path, DAMAGES)


def test_a_whole_log_is_not_complained_of(used, tmp_path):
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(used.main)
    path.with_name(path.name + "-wal").write_bytes(used.log)
    with Journal(path) as journal:
        assert journal.found is None
        assert sorted(told(journal)) == used.truth


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda log: log[:-5000], "damaged or unfinished after its byte"),
        (lambda log: log[:-100] + bytes(100), "damaged or unfinished after its byte"),
        (lambda log: log[:20], "no readable beginning"),
        (lambda log: b"x" * 32 + log[32:], "no readable beginning"),
        (lambda log: log[:8] + b"\1" + log[9:], "no readable beginning"),
        (lambda log: log[:24] + b"\0\0\0\0" + log[28:], "no readable beginning"),
    ],
)
def test_what_was_found_in_the_log_is_said(used, tmp_path, damage, words):
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(used.main)
    path.with_name(path.name + "-wal").write_bytes(damage(used.log))
    with Journal(path) as journal:
        assert words in journal.found


def known(journal: Journal) -> list[tuple]:
    """What decides whether something is sent again."""
    return sorted((entry.key, entry.revision, entry.stage, entry.digest) for entry in journal.list())


def damage_file(used: Used, tmp_path: Path, damages: int) -> None:
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(used.closed)
    with Journal(path) as journal:
        truth = known(journal)
    chance = random.Random(5)
    refused = 0
    for number in range(damages):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "journal.sqlite3"
        path.write_bytes(damaged(used.closed, chance))
        # The journal was used: its lock is there.
        path.with_name(path.name + ".lock").touch()
        try:
            with Journal(path) as journal, journal.owned():
                assert known(journal) == truth
                told(journal)
        except JournalError:
            refused += 1
        shutil.rmtree(folder)
    assert refused > damages / 2


def test_a_damaged_file_is_refused_in_words_or_says_the_truth(used, tmp_path):
    damage_file(used, tmp_path, 60)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_damaged_files_are_refused_in_words_or_say_the_truth(used, tmp_path):
    damage_file(used, tmp_path, DAMAGES)


def test_a_file_of_which_sqlite_itself_cannot_tell_in_words_is_refused(used, tmp_path):
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(used.closed.replace(b"CREATE TABLE calls", b"CREATE \xce\x28BLE calls"))
    with pytest.raises(JournalError, match="cannot be read or written"):
        Journal(path)


def test_an_emptied_journal_is_not_taken_for_a_new_one(used, tmp_path):
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(used.closed)
    with Journal(path) as journal, journal.owned():
        pass
    path.write_bytes(b"")
    with pytest.raises(JournalError, match="is empty"):
        Journal(path)


def test_a_new_journal_is_one_even_where_its_log_is_lost(tmp_path):
    path = tmp_path / "journal.sqlite3"
    with Journal(path):
        alone = path.read_bytes()
    (tmp_path / "copy.sqlite3").write_bytes(alone)
    with sqlite3.connect(tmp_path / "copy.sqlite3") as connection:
        assert connection.execute("SELECT value FROM meta").fetchone() == (str(SCHEMA_VERSION),)
    connection.close()


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
