"""A watcher that ends at any point, or whose disk fails at any point, goes on as if nothing had been."""

from __future__ import annotations

import errno
import hashlib
import os
from collections import Counter
from pathlib import Path

import pytest

from efimport.journal import FileStage, Place
from efimport.journal.spool import Disk
from efimport.planning.model import State
from efimport.settings import Watching
from efimport.watch import portions
from efimport.watch.folder_disk import FolderDisk
from efimport.watch.owner import RECORD_NAME
from tests.acceptance import route_files as made
from tests.watch.desk import issued

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
WHOLE_DAY = 86400.0
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
CHANGES = ("reserve", "create", "write", "sync", "sync_file", "rename", "link", "unlink", "sync_folder", "open", "read")
"""Operations of a disk."""


class Weakness:
    """Fails at the n-th operation of the disks and the journal, and at all that follow for as long as it ``lasts``."""

    def __init__(self, at: int, error: int, *, lasts: bool) -> None:
        self.error, self._lasts, self._at = error, lasts, at
        self.left, self.lasts, self.failed = 0, False, 0

    def begin(self) -> None:
        self.left, self.lasts = self._at, self._lasts

    def passed(self) -> None:
        self.left -= 1
        if self.left == 0 or (self.left < 0 and self.lasts):
            self.failed += 1
            raise OSError(self.error, os.strerror(self.error))

    def mend(self) -> None:
        self.left, self.lasts = 0, False

    def point(self, point: str) -> None:
        if point.startswith("journal.") and point.endswith(":written"):
            self.passed()

    def disk(self, kind: type[Disk]) -> Disk:
        """A disk of this kind that fails so."""

        def failing(name):
            def operation(disk, *arguments):
                self.passed()
                return getattr(super(weak, disk), name)(*arguments)

            return operation

        weak = type("Weak", (kind,), {name: failing(name) for name in CHANGES if hasattr(kind, name)})
        return weak()


def drop_some(desk) -> Counter:
    """One of each fate; returns the digests of what was dropped."""
    files = {
        "a.xml": issued(1),
        "kopie.xml": issued(1),
        "spatna.xml": issued(2).replace(b"</inv:invoice>", b"</inv:wrong>"),
        "upozorneni.xml": issued(3).replace(b"<inv:dateDue>2026", b"<inv:dateDue>2020"),
        "vypis.xml": made.CAMT,
        "vypis.pdf": made.pdf("vypis"),
    }
    for name, content in files.items():
        desk.drop(name, content)
    return Counter(hashlib.sha256(content).hexdigest() for content in files.values())


def found_in(desk) -> Counter:
    found = (path for place in Place for path in desk.path(place).rglob("*") if path.is_file())
    return Counter(
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in found
        if path.suffix != ".html" and not path.name.startswith(".")
    )


def decide(desk, sandbox) -> None:
    """A person looks into the books for what is in doubt."""
    for entry in desk.journal.list([State.HELD]):
        desk.journal.resolve(entry.id, arrived=bool(sandbox.state()["statements"]))


def check_books(sandbox) -> None:
    state = sandbox.state()
    (statement,) = state["statements"]
    assert statement["pdf_file_name"] == "vypis.pdf"
    assert [one["number"] for one in state["documents"]["SalesInvoice"]] == ["2600001"]
    assert not state["inbox"]


def fail_once(make_desk, sandbox, at: int, error: int, *, lasts: bool) -> bool:
    """A disk that fails, is mended, and what must be then; returns whether anything failed."""
    sandbox.reset()
    desk = make_desk()
    desk.stop()
    weakness = Weakness(at, error, lasts=lasts)
    dropped = drop_some(desk)
    desk.start(fail_point=weakness.point, disk=weakness.disk(Disk), folder_disk=weakness.disk(FolderDisk))
    weakness.begin()
    desk.settle()
    assert found_in(desk) >= dropped
    at_rest = all(row.stage in (FileStage.SETTLED, FileStage.WAITING) for row in desk.rows())
    at_rest = at_rest and not desk.documents().keys() & {Place.INBOX}
    assert at_rest or "trouble" in desk.kinds() or "unknown" in desk.kinds(), desk.events
    weakness.mend()
    for _ in range(3):
        desk.clock.advance(WHOLE_DAY)
        desk.settle()
        decide(desk, sandbox)
    desk.settle()
    assert found_in(desk) == dropped
    documents = desk.documents()
    assert documents.pop(Place.SENT) in (["a.xml", "vypis.pdf", "vypis.xml"], ["kopie.xml", "vypis.pdf", "vypis.xml"])
    assert documents.pop(Place.DUPLICATES) in (["a.xml"], ["kopie.xml"])
    assert documents == {Place.REJECTED: ["spatna.xml"], Place.REVIEW: ["upozorneni.xml"]}
    check_books(sandbox)
    desk.check_invariants()
    assert not desk.folder.troubles.now, desk.folder.troubles.now
    desk.stop()
    return weakness.failed > 0


@pytest.mark.parametrize(("error", "lasts"), [(errno.ENOSPC, True), (errno.EIO, False), (errno.EACCES, True)])
def test_a_disk_that_fails_at_some_operation_loses_and_doubles_nothing(error, lasts, make_desk, sandbox):
    assert fail_once(make_desk, sandbox, 30 + error, error, lasts=lasts)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("lasts", [False, True])
@pytest.mark.parametrize("error", ERRORS)
def test_a_disk_that_fails_at_any_operation_loses_and_doubles_nothing(error, lasts, make_desk, sandbox):
    at = 1
    while fail_once(make_desk, sandbox, at, error, lasts=lasts):
        at += 1
    assert at > 100


def test_both_of_two_that_belong_together_may_be_moved_to_be_approved(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("vypis.pdf", made.pdf("vypis"))
    desk.drop("vypis.xml", made.CAMT)
    desk.settle()
    desk.move("vypis.xml", Place.REVIEW, Place.APPROVE)
    desk.move("vypis.pdf", Place.REVIEW, Place.APPROVE)
    desk.settle()
    assert desk.documents() == {Place.SENT: ["vypis.pdf", "vypis.xml"]}
    assert len(sandbox.state()["statements"]) == 1
    desk.check_invariants()


class StuckDisk(FolderDisk):
    """A disk on which nothing gets another name as long as it is stuck."""

    stuck = True

    def rename(self, start, end):
        if self.stuck:
            raise OSError(errno.EACCES, "Permission denied")
        super().rename(start, end)


def test_a_corrected_file_over_one_that_cannot_be_moved_stands_in_nobodys_way(make_desk, sandbox):
    desk = make_desk()
    desk.stop()
    disk = StuckDisk()
    desk.start(folder_disk=disk)
    desk.drop("a.xml", issued(1))
    desk.settle()
    desk.drop("a.xml", issued(2))
    desk.settle()
    desk.drop("b.xml", issued(3))
    desk.settle()
    assert desk.kinds().count("trouble") >= 1
    assert sorted(one["number"] for one in sandbox.state()["documents"]["SalesInvoice"]) == ["2600001", "2600003"]
    disk.stuck = False
    desk.clock.advance(WHOLE_DAY)
    desk.settle()
    assert len(sandbox.state()["documents"]["SalesInvoice"]) == 3
    assert desk.documents() == {Place.SENT: ["a (2).xml", "a.xml", "b.xml"]}
    desk.check_invariants()


def test_a_page_that_cannot_be_removed_stands_in_nobodys_way(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("a.xml", issued(1))
    desk.settle()

    class Held(FolderDisk):
        held = True

        def unlink(self, path):
            if self.held and path.suffix == ".html":
                raise OSError(errno.EACCES, "Permission denied")
            super().unlink(path)

    disk = Held()
    desk.stop()
    desk.start(folder_disk=disk)
    desk.move("a.xml", Place.REVIEW, Place.APPROVE)
    desk.drop("b.xml", issued(2))
    desk.settle()
    assert desk.documents()[Place.REVIEW] == ["b.xml"]
    assert "trouble" in desk.kinds()
    disk.held = False
    desk.clock.advance(WHOLE_DAY)
    desk.settle()
    assert desk.documents() == {Place.REVIEW: ["b.xml"], Place.SENT: ["a.xml"]}
    desk.check_invariants()


class KilledError(BaseException):
    """The end of a process: nobody catches it."""


def test_a_file_that_a_person_takes_from_the_review_before_the_crash_is_noticed_is_not_brought_back(make_desk, sandbox):
    def killed(point):
        if point == "journal.file:written" and len(desk.documents().get(Place.REVIEW, ())) == 1:
            raise KilledError

    desk = make_desk(watching=Watching())
    desk.stop()
    desk.start(fail_point=killed)
    desk.drop("a.xml", issued(1))
    with pytest.raises(KilledError):
        desk.settle()
    desk.kill()
    desk.move("a.xml", Place.REVIEW, Place.APPROVE)
    desk.start()
    desk.settle()
    assert desk.documents() == {Place.SENT: ["a.xml"]}
    desk.check_invariants()


def test_what_a_crash_has_left_in_the_spool_goes_at_the_next_start(make_desk, sandbox):
    def killed(point):
        if point == "journal.file:after" and {row.stage for row in desk.rows()} == {FileStage.SETTLED}:
            raise KilledError

    desk = make_desk()
    desk.stop()
    desk.start(fail_point=killed)
    desk.drop("a.xml", issued(1))
    with pytest.raises(KilledError):
        desk.settle()
    desk.kill()
    assert desk.journal.spool.digests()
    desk.start()
    desk.look()
    assert not desk.journal.spool.digests()
    assert desk.documents() == {Place.SENT: ["a.xml"]}


def test_an_invoice_and_its_picture_stay_together_where_many_come_at_once(make_desk, sandbox, monkeypatch):
    monkeypatch.setattr(portions, "MOST_FILES", 1)
    desk = make_desk(watching=Watching())
    content = (SAMPLES / "received" / "electricity.isdoc").read_bytes()
    desk.drop("a.isdoc", content)
    desk.drop("a.isdoc.pdf", made.pdf("a"))
    desk.drop("b.xml", issued(1))
    desk.settle()
    rows = {row.name: row for row in desk.rows()}
    assert rows["a.isdoc"].page == rows["a.isdoc.pdf"].page
    desk.check_invariants()


def test_a_single_run_after_the_other_notices_what_a_person_has_taken_away(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("a.xml", issued(1))
    desk.settle()
    desk.only(Place.REVIEW, "a.xml").unlink()
    desk.restart()
    # As a single run does: it looks for as long as something is going to happen by itself.
    desk.settle()
    assert [row.stage for row in desk.rows()] == [FileStage.WITHDRAWN]
    assert not list(desk.path(Place.REVIEW).glob("*.html"))


def test_what_killed_watchers_have_left_of_their_records_goes(make_desk):
    desk = make_desk()
    desk.stop()
    left = desk.root / f"{RECORD_NAME}.0123abcd.part"
    left.write_text("a half")
    desk.start()
    assert not left.exists()
