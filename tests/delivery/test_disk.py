"""Every write fails once: nothing is lost, nothing is doubled, and the fault is named."""

from __future__ import annotations

import errno

import efimport_delivery_kit as kit
import pytest
from sqlalchemy import event

from efimport.delivery import deliver
from efimport.errors import JournalError
from efimport.journal import Journal
from efimport.journal.spool import Disk
from efimport.planning.model import State


class FailingDisk(Disk):
    """Fails at its n-th operation."""

    def __init__(self, fails_at: int) -> None:
        self.left = fails_at

    def count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError(errno.ENOSPC, "No space left on device")

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


@pytest.mark.parametrize("repeat", [kit.SAFE, kit.CHECKABLE, kit.BLIND])
def test_each_operation_of_the_spool_may_fail(tmp_path, repeat):
    plan = kit.plan([kit.call("d1", repeat), kit.call("d2", repeat)])
    failed = 0
    for operation in range(1, 14):
        books = kit.Books()
        folder = tmp_path / str(operation)
        try:
            with (
                Journal(folder / "j.sqlite3", disk=FailingDisk(operation)) as journal,
                kit.client(books.url, folder) as client,
            ):
                try:
                    list(deliver(plan, client, journal))
                except JournalError as error:
                    failed += "No space left" in str(error)
                settled(books, client, journal, plan, repeat)
        finally:
            books.stop()
    # Storing the first takes five operations, the second four; what cannot be removed is removed by the next run.
    assert failed == 9


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
