"""What people and the world can do to a watched folder at the wrong moment."""

from __future__ import annotations

import hashlib
import io
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from efimport.api.clock import SystemClock
from efimport.errors import NotSentError, UsageError
from efimport.journal import FileStage, Journal, Place
from efimport.journal.spool import Disk, Spool
from efimport.settings import Watching
from efimport.watch import taking
from efimport.watch.batch import Batch
from efimport.watch.finishing import Finisher
from efimport.watch.ground import Means, digest_of
from efimport.watch.keeping import Watched
from efimport.watch.loop import Watch
from efimport.watch.moving import MoveError
from tests.acceptance import route_files as made
from tests.watch.desk import issued, patient

SERVICE_DOWN = NotSentError("The service cannot be reached.")


def broken(number: int, *, note: str = "") -> bytes:
    return issued(number, note=note).replace(b"</inv:invoice>", b"</inv:wrong>")


def minutes(desk, count: int) -> None:
    for _ in range(count):
        desk.clock.advance(61)
        desk.look()


# Pages belong to the file that lies beside them


@pytest.mark.parametrize("note", ["", "\n<!-- longer than before -->"])
def test_what_was_edited_in_review_has_one_row_and_its_page_once_it_was_looked_at_again(note, make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.only(Place.REVIEW, "faktura.xml").write_bytes(issued(2, note=note))
    desk.move("faktura.xml", Place.REVIEW, Place.APPROVE)
    desk.settle()
    minutes(desk, 3)
    assert "2600002" in desk.page(Place.REVIEW, "faktura.xml")
    assert sandbox.state()["requests"]["total"] == 0
    desk.check_invariants()


def test_a_file_that_comes_back_leaves_the_page_of_the_file_that_has_its_old_place(desk, sandbox):
    desk.drop("faktura.xml", broken(1))
    desk.settle()
    desk.only(Place.REJECTED, "faktura.xml").unlink()
    desk.drop("faktura.xml", broken(2, note=" "))
    desk.settle()
    desk.drop("jina.xml", broken(1))
    desk.settle()
    assert "faktura.xml" in desk.page(Place.REJECTED, "faktura.xml")
    assert "jina.xml" in desk.page(Place.REJECTED, "jina.xml")


@pytest.mark.parametrize("end", [None, Place.INBOX])
def test_a_statement_keeps_its_page_when_its_pdf_is_taken_from_beside_it(end, make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("vypis.pdf", made.pdf("vypis"))
    desk.drop("vypis.xml", made.CAMT)
    desk.settle()
    if end is None:
        desk.only(Place.REVIEW, "vypis.pdf").unlink()
    else:
        desk.move("vypis.pdf", Place.REVIEW, end)
    desk.settle()
    minutes(desk, 3)
    assert "vypis.xml" in desk.page(Place.REVIEW, "vypis.xml")
    desk.check_invariants()
    assert sandbox.state()["requests"]["total"] == 0


# Nothing is sent that nobody approved


def test_what_waits_for_the_service_is_looked_at_when_the_mode_has_become_review(desk, sandbox, monkeypatch):
    monkeypatch.setattr(Batch, "_send", lambda self, plan, chosen: SERVICE_DOWN)
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    monkeypatch.undo()
    desk.watching = Watching(mode="review")
    desk.restart()
    desk.settle()
    assert desk.documents() == {Place.REVIEW: ["faktura.xml"]}
    assert sandbox.state()["requests"]["total"] == 0


def test_what_a_person_approved_waits_for_the_service_and_is_sent_in_the_mode_of_review(
    make_desk, sandbox, monkeypatch
):
    desk = make_desk(watching=Watching())
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    monkeypatch.setattr(Batch, "_send", lambda self, plan, chosen: SERVICE_DOWN)
    desk.move("faktura.xml", Place.REVIEW, Place.APPROVE)
    desk.settle()
    monkeypatch.undo()
    desk.restart()
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}


# Nothing is put aside that was never sent


def test_a_file_is_no_copy_of_one_that_waits_in_a_folder_that_is_gone(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.stop()
    shutil.rmtree(desk.root)
    desk.root = desk.root.with_name("new")
    desk.root.mkdir()
    desk.watching = Watching(mode="auto")
    desk.start()
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}
    assert len(sandbox.state()["documents"]["SalesInvoice"]) == 1


def test_a_file_is_no_copy_of_one_that_was_changed_where_it_waits(make_desk, sandbox):
    desk = make_desk(watching=Watching())
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.only(Place.REVIEW, "faktura.xml").write_bytes(issued(2))
    desk.drop("puvodni.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.REVIEW: ["faktura.xml", "puvodni.xml"]}


def test_what_was_sent_in_part_is_sent_to_the_end_though_another_file_took_its_place(desk, sandbox):
    path = desk.drop("faktury.zip", made.zipped({"1.xml": issued(1), "2.xml": issued(2)}))
    object.__setattr__(desk.folder.ground, "stop", lambda: sandbox.state()["requests"]["total"] > 0)
    desk.settle()
    object.__setattr__(desk.folder.ground, "stop", lambda: False)
    assert sandbox.state()["requests"]["total"] == 1
    desk.folder.troubles.came("service", SERVICE_DOWN)
    path.write_bytes(made.zipped({"3.xml": issued(3)}))
    minutes(desk, 8)
    desk.settle()
    assert sorted(one["number"] for one in sandbox.state()["documents"]["SalesInvoice"]) == [
        "2600001",
        "2600002",
        "2600003",
    ]
    assert desk.documents() == {Place.SENT: ["faktury (2).zip", "faktury.zip"]}
    desk.check_invariants()


def test_a_move_that_was_done_is_finished_without_the_copy_of_the_journal(desk, sandbox, monkeypatch):
    def killed(self, files, ending):
        raise MoveError("The disk has a fault.")

    monkeypatch.setattr(Finisher, "_write_page", killed)
    desk.drop("faktura.xml", broken(1))
    desk.settle()
    (row,) = desk.rows()
    assert row.stage is FileStage.MOVING
    (desk.journal.spool.folder / row.sha256).unlink()
    monkeypatch.undo()
    minutes(desk, 3)
    assert desk.documents() == {Place.REJECTED: ["faktura.xml"]}
    assert desk.folder.troubles.now == {}
    desk.check_invariants()


# Nothing waits for ever, and no trouble lasts longer than its cause


def test_two_files_of_one_name_are_both_worked_on_by_one_run(desk, sandbox):
    desk.drop("faktura.xml", issued(1))
    desk.drop("faktura.xml", issued(2), Place.APPROVE)
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura (2).xml", "faktura.xml"]}
    desk.check_invariants()


def test_a_file_that_is_taken_away_while_it_is_read_is_no_trouble(desk, sandbox, monkeypatch):
    def gone(path):
        path.unlink()
        return digest_of(path)

    monkeypatch.setattr(taking, "digest_of", gone)
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert desk.folder.troubles.now == {}
    assert "trouble" not in desk.kinds()


def test_an_unreadable_file_that_is_taken_away_troubles_nobody_any_more(desk, sandbox, monkeypatch):
    def unreadable(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(taking, "digest_of", unreadable)
    path = desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert desk.folder.troubles.now
    path.unlink()
    desk.look()
    assert desk.folder.troubles.now == {}
    assert not list(desk.path(Place.INBOX).glob("*.html"))


def test_a_service_that_nothing_waits_for_troubles_nobody(desk, sandbox, monkeypatch):
    monkeypatch.setattr(Batch, "_send", lambda self, plan, chosen: SERVICE_DOWN)
    path = desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert "service" in desk.folder.troubles.now
    path.unlink()
    minutes(desk, 3)
    assert desk.folder.troubles.now == {}


def test_a_renamed_file_is_not_put_back_because_another_one_brought_its_document(desk, sandbox, monkeypatch):
    desk.drop("prvni.xml", issued(1))
    desk.settle()
    monkeypatch.setattr(Batch, "_send", lambda self, plan, chosen: SERVICE_DOWN)
    path = desk.drop("jina.xml", issued(1, note="\n<!-- again -->\n"))
    desk.settle()
    monkeypatch.undo()
    path.rename(path.with_name("jinak.xml"))
    minutes(desk, 3)
    assert desk.documents() == {Place.SENT: ["prvni.xml"], Place.DUPLICATES: ["jinak.xml"]}
    desk.check_invariants()


def test_the_service_is_asked_again_what_became_of_a_file_without_another_one(desk, sandbox):
    sandbox.add_faults(
        {"fault": "close-after", "method": "SalesInvoiceImport"},
        *[{"fault": "close-before", "method": "SalesInvoiceImport"}] * 5,
    )
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.UNKNOWN: ["faktura.xml"]}
    total = sandbox.state()["requests"]["total"]
    minutes(desk, 4)
    assert sandbox.state()["requests"]["total"] == total
    minutes(desk, 8)
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}
    assert len(sandbox.state()["documents"]["SalesInvoice"]) == 1
    desk.check_invariants()


def test_a_new_start_asks_at_once_what_became_of_a_file(desk, sandbox):
    sandbox.add_faults(
        {"fault": "close-after", "method": "SalesInvoiceImport"},
        *[{"fault": "close-before", "method": "SalesInvoiceImport"}] * 3,
    )
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    assert desk.documents() == {Place.UNKNOWN: ["faktura.xml"]}
    desk.restart()
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}


def test_a_file_that_came_back_and_was_taken_away_again_is_not_put_back(desk, sandbox, monkeypatch):
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    monkeypatch.setattr(Batch, "_send", lambda self, plan, chosen: SERVICE_DOWN)
    path = desk.move("faktura.xml", Place.SENT, Place.APPROVE)
    desk.settle()
    path.unlink()
    monkeypatch.undo()
    minutes(desk, 5)
    desk.settle()
    assert desk.documents() == {}
    desk.check_invariants()


def test_a_second_folder_for_the_same_files_is_told_as_long_as_it_is_there(desk, sandbox):
    other = desk.root / "k odeslání"
    other.mkdir()
    (other / "faktura.xml").write_bytes(issued(1))
    desk.settle()
    minutes(desk, 3)
    (told,) = (event for event in desk.events if event.kind.value == "trouble")
    assert "k odeslání" in told.detail
    assert "k odeslání" in (desk.path(Place.INBOX) / "why files stay here.html").read_text(encoding="utf-8")
    (other / "faktura.xml").rename(desk.path(Place.INBOX) / "faktura.xml")
    other.rmdir()
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}
    assert desk.folder.troubles.now == {}


def test_a_file_that_is_dropped_beside_the_inbox_is_told(desk, sandbox):
    desk.settle()
    (desk.root / "faktura.xml").write_bytes(issued(1))
    minutes(desk, 3)
    (told,) = (event for event in desk.events if event.kind.value == "trouble")
    assert "faktura.xml" in told.detail
    (desk.root / "faktura.xml").rename(desk.path(Place.INBOX) / "faktura.xml")
    desk.settle()
    assert desk.documents() == {Place.SENT: ["faktura.xml"]}
    assert desk.folder.troubles.now == {}
    assert {path.name for path in desk.root.iterdir() if path.is_file() and path.name[0] != "."} == {"status.html"}


def test_a_file_that_is_moved_after_its_doubt_was_settled_lies_in_one_folder(desk, sandbox):
    sandbox.add_faults({"fault": "close-after"})
    desk.drop("vypis.xml", made.CAMT)
    desk.settle()
    assert desk.documents() == {Place.UNKNOWN: ["vypis.xml"]}
    (entry,) = [entry for entry in desk.journal.list() if entry.needs_a_person]
    desk.journal.resolve(entry.id, arrived=True)
    desk.move("vypis.xml", Place.UNKNOWN, Place.APPROVE)
    desk.settle()
    minutes(desk, 3)
    assert list(desk.documents().values()) == [["vypis.xml"]]
    assert len(sandbox.state()["statements"]) == 1
    desk.check_invariants()


def test_the_same_bytes_may_be_dropped_into_two_folders_at_the_same_moment(tmp_path):
    both = threading.Barrier(2, timeout=5)

    class Slow(Disk):
        def rename(self, start, end):
            both.wait()
            super().rename(start, end)

    spool = Spool(tmp_path / "spool", disk=Slow())
    content = issued(1)
    digest = hashlib.sha256(content).hexdigest()
    with ThreadPoolExecutor(2) as threads:
        kept = [threads.submit(spool.adopt, io.BytesIO(content), digest) for _ in range(2)]
        assert [one.result() for one in kept] == [True, True]
    assert spool.get(digest) == content
    assert [path.name for path in spool.folder.iterdir()] == [digest]


# One folder is not two


def watch_once(desk, root, **options):
    shared = {name: getattr(desk.folder.ground, name) for name in Means.__dataclass_fields__}
    with Journal(desk.journal_file) as journal:
        means = Means(**shared | {"journal": journal, "clock": SystemClock(), "watching": patient(settle_time=0.01)})
        Watch([Watched(desk.organization, root)], means, poll=0.1, **options).run(once=True)
        return journal.files.identity(root)


@pytest.fixture
def copied(make_desk, sandbox):
    """A watched folder with a file to be looked at, and its copy beside it."""
    desk = make_desk(watching=Watching())
    desk.drop("faktura.xml", issued(1))
    desk.settle()
    desk.stop()
    copy = desk.root.with_name("copy")
    shutil.copytree(desk.root, copy)
    return desk, copy


def test_a_copy_of_a_watched_folder_is_not_taken_for_it(copied):
    desk, copy = copied
    before = watch_once(desk, desk.root)
    with pytest.raises(UsageError, match="copy of the other"):
        watch_once(desk, copy)
    assert watch_once(desk, copy, adopt=True) not in (None, before)
    assert watch_once(desk, desk.root) == before
    assert watch_once(desk, copy) not in (None, before)


def test_a_watched_folder_that_was_moved_is_the_same(copied):
    desk, copy = copied
    before = watch_once(desk, desk.root)
    shutil.rmtree(desk.root)
    assert watch_once(desk, copy) == before
    desk.root.symlink_to(copy)
    assert watch_once(desk, desk.root) == before
