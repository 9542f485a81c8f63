"""Every write fails once: nothing is lost, nothing is doubled, and the fault is named."""

from __future__ import annotations

import errno
import os
import sqlite3

import efimport_delivery_kit as kit
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from efimport.delivery import deliver
from efimport.errors import JournalError
from efimport.journal import Journal
from efimport.journal.spool import Disk
from efimport.planning.model import State


class FailingDisk(Disk):
    """Fails at its n-th operation."""

    def __init__(self, fails_at: int, number: int = errno.ENOSPC) -> None:
        self.left = fails_at
        self.number = number

    def count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError(self.number, os.strerror(self.number))

    def write(self, handle, content):
        self.count()
        return super().write(handle, content)

    def sync(self, handle):
        self.count()
        super().sync(handle)

    def rename(self, start, end):
        self.count()
        super().rename(start, end)

    def sync_folder(self, folder):
        self.count()
        super().sync_folder(folder)

    def unlink(self, path):
        self.count()
        super().unlink(path)


def settled(books, client, journal, plan, repeat) -> None:
    """Runs, and has a person look into the books, until everything is there."""
    for _ in range(3):
        outcomes = list(deliver(plan, client, journal, quiet_time=0.0))
        assert len(outcomes) == len(plan.calls)
        for entry in journal.list([State.HELD]):
            assert repeat is kit.BLIND
            journal.resolve(entry.id, arrived=books.there[entry.number] > 0)
    assert {outcome.state for outcome in outcomes} <= {State.ACCEPTED, State.SKIPPED}
    assert set(books.there.values()) == {1}
    assert len(books.there) == len(plan.calls)
    assert not journal.spool.digests()


FAULTS = (errno.ENOSPC, errno.EIO, errno.EACCES)
REPEATS = (kit.SAFE, kit.CHECKABLE, kit.BLIND)
PAIRS = [
    pytest.param(repeat, number, marks=[] if place == other else pytest.mark.slow)
    for place, repeat in enumerate(REPEATS)
    for other, number in enumerate(FAULTS)
]
"""Each class with one fault in the suite, with all of them in the soak."""


@pytest.mark.parametrize(("repeat", "number"), PAIRS)
@pytest.mark.parametrize("keep", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_each_operation_of_the_spool_may_fail(tmp_path, repeat, number, keep):
    plan = kit.plan([kit.call("d1", repeat), kit.call("d2", repeat)])
    failed = 0
    operation = 0
    disk = FailingDisk(0)
    while disk.left <= 0:
        operation += 1
        disk = FailingDisk(operation, number)
        books = kit.Books()
        folder = tmp_path / str(operation)
        try:
            with (
                Journal(folder / "j.sqlite3", disk=disk, keep_requests=keep) as journal,
                kit.client(books.url, folder) as client,
            ):
                try:
                    list(deliver(plan, client, journal))
                except JournalError as error:
                    failed += os.strerror(number) in str(error)
                settled(books, client, journal, plan, repeat)
                if keep:
                    assert all(journal.request(entry) for entry in journal.list())
        finally:
            books.stop()
    # Storing the first takes five operations, the second four; what cannot be removed is removed by the next run, and
    # what cannot be put away is put away by it.
    assert failed == 9
    assert operation > failed


def fail_at(statement: int, fault: Exception):
    """Lets the n-th statement fail; tells whether it came to that."""
    left = [statement]

    def fail(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OperationalError("statement", {}, fault)

    return fail, left


def each_statement_fails(url_of, tmp_path, repeat, words: str, step: int) -> None:
    plan = kit.plan([kit.call("d1", repeat), kit.call("d2", repeat)])
    statement = 1
    said: list[str] = []
    while True:
        books = kit.Books()
        folder = tmp_path / str(statement)
        folder.mkdir()
        try:
            with Journal(url_of(folder)) as journal, kit.client(books.url, folder) as client:
                fail, left = fail_at(statement, sqlite3.OperationalError(words))
                event.listen(journal._engine, "before_cursor_execute", fail)
                try:
                    list(deliver(plan, client, journal))
                except JournalError as error:
                    said.append(str(error))
                event.remove(journal._engine, "before_cursor_execute", fail)
                settled(books, client, journal, plan, repeat)
        finally:
            books.stop()
        if left[0] > 0:
            break
        statement += step
    assert statement > 40
    assert said
    assert all(words in text for text in said)


@pytest.mark.parametrize("repeat", REPEATS)
def test_statements_of_the_journal_may_fail(tmp_path, repeat):
    each_statement_fails(lambda folder: folder / "j.sqlite3", tmp_path, repeat, "disk I/O error", 11)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("repeat", REPEATS)
@pytest.mark.parametrize(
    "words", ["disk I/O error", "database or disk is full", "attempt to write a readonly database"]
)
def test_each_statement_of_the_journal_may_fail(tmp_path, repeat, words):
    each_statement_fails(lambda folder: folder / "j.sqlite3", tmp_path, repeat, words, 1)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("repeat", REPEATS)
def test_each_statement_of_a_shared_journal_may_fail(tmp_path, repeat, postgres):
    words = "server closed the connection unexpectedly"
    each_statement_fails(lambda folder: postgres.schema(), tmp_path, repeat, words, 1)


@pytest.mark.parametrize("repeat", [kit.SAFE, kit.CHECKABLE, kit.BLIND])
def test_each_commit_of_the_journal_may_fail(tmp_path, repeat):
    plan = kit.plan([kit.call("d1", repeat), kit.call("d2", repeat)])
    operation = 0
    while True:
        operation += 1
        left = [operation]
        books = kit.Books()
        folder = tmp_path / str(operation)
        try:
            with Journal(folder / "j.sqlite3") as journal, kit.client(books.url, folder) as client:

                def fail(connection, left=left):
                    left[0] -= 1
                    if left[0] == 0:
                        raise OSError(errno.EIO, "Input/output error")

                event.listen(journal._engine, "commit", fail)
                try:
                    list(deliver(plan, client, journal))
                except JournalError as error:
                    caught = str(error)
                else:
                    caught = ""
                event.remove(journal._engine, "commit", fail)
                settled(books, client, journal, plan, repeat)
        finally:
            books.stop()
        if left[0] > 0:
            break
        assert "Input/output error" in caught
    assert operation > 8
