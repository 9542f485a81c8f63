"""The watched folder in the world as it is: names, disks, rights, other programs, clocks, and people.

After each test every file that is there has one row of the journal, and the states of the rows count all of them.
"""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import time
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from efimport.api.client import Turn
from efimport.journal import FileStage, Journal, Place
from efimport.journal.spool import Disk
from efimport.settings import Watching
from efimport.watch import batch, finishing, portions
from efimport.watch.folder_disk import FolderDisk
from efimport.watch.folders import stored
from tests.acceptance.made import OTHER_ACCOUNT, pack, statement
from tests.watch.desk import Desk, issued, patient

AT_REST = (FileStage.SETTLED, FileStage.WAITING, FileStage.ASKED)


@pytest.fixture
def make_world(make_desk, monkeypatch) -> Iterator:
    # No power is cut here.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    desks: list[Desk] = []

    def make(**options: Any) -> Desk:
        desks.append(make_desk(**options))
        return desks[-1]

    yield make
    for desk in desks:
        check_each_input_has_one_row(desk)


@pytest.fixture
def world(make_world) -> Desk:
    """A watched folder in mode auto."""
    return make_world()


def check_each_input_has_one_row(desk: Desk) -> None:
    """R16: every file lies where the one row of the journal says; the states count all of them, and none is open."""
    there = Counter(
        stored(path.relative_to(desk.root).as_posix())
        for place in Place
        for path in desk.path(place).rglob("*")
        if path.is_file() and not path.is_symlink() and path.suffix != ".html" and not path.name.startswith(".")
    )
    look = desk.folder.last
    arriving = {desk.folder.ground.relative(one.seen.path) for one in look.arriving}
    rows = [row for row in desk.rows() if row.stage is not FileStage.WITHDRAWN]
    assert Counter(row.lies for row in rows) == there - Counter(arriving)
    assert all(row.stage in AT_REST for row in rows)
    assert sum(Counter(row.place for row in rows).values()) == len(there) - len(arriving)


def numbers(sandbox: Any) -> list[str]:
    """Numbers of the invoices that the service holds."""
    return sorted(one["number"] for one in sandbox.state()["documents"].get("SalesInvoice", ()))


# Names

NAMES = [
    unicodedata.normalize("NFC", "Žluťoučký kůň č. 1.xml"),
    unicodedata.normalize("NFD", "Žluťoučký kůň č. 2.xml"),
    "  mezery   uvnitř .xml",
    "fakt\u202elmx.xml",
    "dva\nřádky.xml",
    "tab\tulátor.xml",
    "ř" * 98 + ".xml",
    "a" * 250 + ".xml",
    os.fsdecode(b"faktura \xe8\xed\xe1.xml"),
    "faktura!položka.xml",
    "sleva %41 %.xml",
    "-rf.xml",
    "CON.xml",
    "aux",
    "LPT1.txt.xml",
    "tečka na konci.",
    "'uvozovky\".xml",
    "=SUM(A1).xml",
    "*?.xml",
    "<b>.xml",
    "leden\\únor.xml",
    "%u0041.xml",
    "bez přípony",
    "FAKTURA.XML",
]


@pytest.mark.skipif(os.name == "nt", reason="has not all of these names")
def test_files_of_all_names_are_sent_and_found_under_their_names(world, sandbox):
    for number, name in enumerate(NAMES):
        world.drop(name, issued(number))
    world.settle()
    assert numbers(sandbox) == [f"26{number:05d}" for number in range(len(NAMES))]
    assert world.documents()[Place.SENT] == sorted(NAMES)
    pages = {path.name for path in world.path(Place.SENT).rglob("*.html")}
    assert len(pages) == len(NAMES)
    # Back to the inbox, and there they are known again.
    for name in NAMES:
        world.only(Place.SENT, name).rename(world.path(Place.INBOX) / name)
    world.settle()
    assert world.documents() == {Place.DUPLICATES: sorted(NAMES)}
    assert len(world.rows()) == len(NAMES)
    assert len(numbers(sandbox)) == len(NAMES)


def test_long_names_in_review_can_be_approved(make_world, sandbox):
    world = make_world(watching=Watching())
    names = ["č" * 125 + ".xml", "b" * 255, "c" * 251 + ".isdoc"[:4]]
    for number, name in enumerate(names):
        world.drop(name, issued(number))
    world.settle()
    lying = world.documents()[Place.REVIEW]
    assert len(lying) == 3
    for name in lying:
        world.move(name, Place.REVIEW, Place.APPROVE)
    world.settle()
    assert len(world.documents()[Place.SENT]) == len(numbers(sandbox)) == 3


# Disks


class Full(FolderDisk):
    """A disk of the folder without room, as long as ``full`` is set."""

    full = True

    def write_all(self, handle: int, content: bytes) -> None:
        self._check()
        super().write_all(handle, content)

    def reserve(self, path: Path) -> None:
        self._check()
        super().reserve(path)

    def _check(self) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class FullSpool(Disk):
    """A disk of the journal's spool without room, as long as ``full`` is set."""

    full = True

    def write(self, handle: int, content: Any) -> int:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(handle, content)


@pytest.mark.parametrize("which", ["folder", "spool"])
def test_what_a_full_disk_holds_up_is_told_and_done_when_there_is_room(which, world, sandbox):
    world.stop()
    disk: Any = Full() if which == "folder" else FullSpool()
    world.start(**{"folder_disk" if which == "folder" else "disk": disk})
    world.drop("faktura.xml", issued(1))
    world.drop("vypis.gpc", statement(50))
    for _ in range(12):
        world.look()
        world.clock.advance(10)
    assert world.documents() == {Place.INBOX: ["faktura.xml", "vypis.gpc"]}
    assert "trouble" in world.kinds()
    told = " ".join(trouble.text for trouble in world.folder.troubles.now.values())
    assert "room" in told or "No space" in told
    disk.full = False
    world.clock.advance(600)
    world.settle()
    assert world.documents() == {Place.SENT: ["faktura.xml", "vypis.gpc"]}
    assert (len(numbers(sandbox)), len(sandbox.state()["statements"])) == (1, 1)
    assert world.folder.troubles.now == {}
    assert "cleared" in world.kinds()


def test_a_journal_that_cannot_be_written_sends_nothing(world, sandbox):
    world.stop()
    full = False

    def fails(point: str) -> None:
        if full and point == "journal.file:written":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    world.start(fail_point=fails)
    full = True
    world.drop("faktura.xml", issued(1))
    for _ in range(6):
        world.look()
        world.clock.advance(10)
    assert sandbox.state()["requests"]["total"] == 0
    assert world.documents() == {Place.INBOX: ["faktura.xml"]}
    assert "trouble" in world.kinds()
    full = False
    world.clock.advance(600)
    world.settle()
    assert world.documents() == {Place.SENT: ["faktura.xml"]}


def test_a_page_that_cannot_be_written_is_written_when_there_is_room(world, sandbox, monkeypatch):
    written = finishing.write_beside

    def fails(*arguments: Any, **options: Any) -> None:
        raise finishing_fault()

    monkeypatch.setattr(finishing, "write_beside", fails)
    world.drop("faktura.xml", issued(1))
    for _ in range(6):
        world.look()
        world.clock.advance(10)
    assert len(numbers(sandbox)) == 1
    assert "trouble" in world.kinds()
    monkeypatch.setattr(finishing, "write_beside", written)
    world.clock.advance(600)
    world.settle()
    assert "2600001" in world.page(Place.SENT, "faktura.xml")


def finishing_fault() -> Exception:
    from efimport.messages import message
    from efimport.watch.faults import MoveError

    return MoveError(message("The page cannot be written."))


# Rights


def test_a_folder_without_rights_holds_up_only_what_lies_in_it(world, sandbox, monkeypatch):
    world.drop("tajne/faktura.xml", issued(1))
    world.drop("faktura.xml", issued(2))
    scandir, closed = os.scandir, True

    def denied(path: Any = ".") -> Any:
        if closed and os.fspath(path).endswith("tajne"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", denied)
    world.settle()
    assert world.documents()[Place.SENT] == ["faktura.xml"]
    assert [event.file for event in world.events if event.kind.value == "trouble"] == ["inbox/tajne"]
    closed = False
    world.settle()
    assert world.documents() == {Place.SENT: ["faktura.xml", "faktura.xml"]}


def test_a_folder_that_cannot_be_looked_into_for_a_while_loses_nothing_that_lies_there(
    make_world, sandbox, monkeypatch
):
    world = make_world(watching=Watching())
    world.drop("faktura.xml", issued(1))
    world.settle()
    rows = world.rows()
    look = os.lstat

    def denied(path: Any, **options: Any) -> Any:
        if "review" in os.fspath(path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
        return look(path, **options)

    with monkeypatch.context() as patched:
        patched.setattr(os, "lstat", denied)
        for _ in range(5):
            world.look()
            world.clock.advance(60)
    world.settle()
    assert world.rows() == rows


# What is no file


def test_links_pipes_and_second_names_of_a_file_harm_nobody(world, sandbox):
    outside = world.root.parent / "outside.xml"
    outside.write_bytes(issued(1))
    inbox = world.path(Place.INBOX)
    (inbox / "odkaz.xml").symlink_to(outside)
    (inbox / "slozka").symlink_to(world.root.parent)
    (inbox / "nikam.xml").symlink_to(inbox / "neni.xml")
    os.mkfifo(inbox / "roura.xml")
    world.drop("faktura.xml", issued(2))
    os.link(inbox / "faktura.xml", inbox / "druhe jmeno.xml")
    world.settle()
    assert numbers(sandbox) == ["2600002"]
    assert world.documents()[Place.SENT] == ["druhe jmeno.xml"]
    assert world.documents()[Place.DUPLICATES] == ["faktura.xml"]
    assert outside.read_bytes() == issued(1)
    assert {path.name for path in inbox.iterdir() if not path.name.startswith(".")} >= {
        "odkaz.xml",
        "slozka",
        "nikam.xml",
        "roura.xml",
    }
    left = {"odkaz.xml", "slozka", "nikam.xml", "roura.xml"}
    assert {event.file for event in world.events if event.kind.value == "trouble"} == {f"inbox/{name}" for name in left}
    assert left <= set(world.folder.last.left_alone)
    for name in left:
        (inbox / name).unlink()
    world.look()
    assert world.folder.troubles.now == {}


def test_a_transfer_that_broke_off_is_told_and_one_that_goes_on_is_left_alone(world, sandbox):
    world.drop("faktura.xml.part", issued(1)[:100])
    world.drop("~$tabulka.xlsx", b"lock")
    world.drop(".vypis.xml.Ab12Cd", b"<a>")
    world.settle()
    assert world.kinds() == []
    assert [one.seen.name for one in world.folder.last.arriving] == [".vypis.xml.Ab12Cd", "faktura.xml.part"]
    for _ in range(3):
        world.clock.advance(700)
        world.look()
    assert sorted(event.file for event in world.events if event.kind.value == "unfinished") == [
        "inbox/.vypis.xml.Ab12Cd",
        "inbox/faktura.xml.part",
    ]
    (world.path(Place.INBOX) / "faktura.xml.part").write_bytes(issued(1))
    (world.path(Place.INBOX) / "faktura.xml.part").rename(world.path(Place.INBOX) / "faktura.xml")
    for name in ("~$tabulka.xlsx", ".vypis.xml.Ab12Cd"):
        (world.path(Place.INBOX) / name).unlink()
    world.settle()
    assert world.documents() == {Place.SENT: ["faktura.xml"]}
    assert world.folder.last.arriving == ()


# Many


def test_many_files_at_once_all_arrive(make_world, sandbox, monkeypatch):
    monkeypatch.setattr(portions, "MOST_FILES", 5)
    drop_many(make_world(watching=patient(pair_time=0.0)), sandbox, 13)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_5000_files_at_once_all_arrive(make_world, sandbox):
    drop_many(make_world(watching=patient(pair_time=0.0)), sandbox, 5000)


def drop_many(world: Desk, sandbox: Any, count: int) -> None:
    for number in range(count):
        world.drop(f"{number % 7}/{number:05d}.xml", issued(number))
    world.settle(most=count)
    assert len(world.documents()[Place.SENT]) == count
    assert len(numbers(sandbox)) == len(set(numbers(sandbox))) == count


# Clocks


@pytest.mark.parametrize(("days", "mode"), [(-366, "auto"), (366, "review")])
def test_a_clock_that_is_set_between_two_looks_changes_no_verdict(days, mode, make_world, sandbox):
    world = make_world(watching=patient(mode=mode))
    for number in range(2):
        world.drop(f"{number}.xml", issued(number))
        world.look()
        world.clock._time += days * 86400
        world.look()
        assert (world.path(Place.INBOX) / f"{number}.xml").exists()
        world.settle()
    place = Place.SENT if mode == "auto" else Place.REVIEW
    assert world.documents() == {place: ["0.xml", "1.xml"]}
    assert [row.name for row in sorted(world.rows(), key=lambda row: row.id)] == ["0.xml", "1.xml"]
    world.drop("kopie.xml", issued(0))
    world.settle()
    assert world.documents()[Place.DUPLICATES] == ["kopie.xml"]


@pytest.mark.parametrize("moment", ["2026-10-25T00:59:50+00:00", "2026-12-31T22:59:50+00:00"])
def test_the_hour_that_is_moved_and_the_year_that_ends_change_nothing(moment, world, sandbox, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Prague")
    time.tzset()
    try:
        world.clock._time = dt.datetime.fromisoformat(moment).timestamp()
        for number in range(3):
            world.drop(f"{number}.xml", issued(number))
            world.clock.advance(7)
            world.look()
        world.settle()
        assert world.documents() == {Place.SENT: ["0.xml", "1.xml", "2.xml"]}
        assert len(numbers(sandbox)) == 3
        month = world.folder.ground.now.strftime("%Y-%m")
        assert (world.path(Place.SENT) / month / "2.xml").exists()
    finally:
        monkeypatch.undo()
        time.tzset()


# What files hold


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.xml", content)
    return stream.getvalue()


def test_the_documents_in_an_archive_are_sent_and_the_archive_is_put_away(world, sandbox):
    world.drop("leden.zip", zipped(a=issued(1), b=issued(2)))
    world.settle()
    assert world.documents() == {Place.SENT: ["leden.zip"]}
    assert numbers(sandbox) == ["2600001", "2600002"]
    page = world.page(Place.SENT, "leden.zip")
    assert "2600001" in page
    assert "2600002" in page


def mixed() -> bytes:
    """A file of three invoices of which one has a date that there is not."""
    return pack(1, 2, 3).replace(b"2026-01-02</inv:date>", b"2026-13-45</inv:date>", 1)


def test_a_file_with_one_bad_document_waits_for_a_person_who_sends_the_others(world, sandbox):
    world.drop("tri.xml", mixed())
    world.settle()
    assert world.documents() == {Place.REVIEW: ["tri.xml"]}
    assert sandbox.state()["requests"]["total"] == 0
    world.move("tri.xml", Place.REVIEW, Place.APPROVE)
    world.settle()
    assert world.documents() == {Place.REJECTED: ["tri.xml"]}
    assert numbers(sandbox) == ["2600002", "2600003"]
    # The corrected file brings what is missing, and nothing twice.
    world.drop("tri.xml", pack(1, 2, 3))
    world.settle()
    assert numbers(sandbox) == ["2600001", "2600002", "2600003"]
    assert world.documents() == {Place.REJECTED: ["tri.xml"], Place.SENT: ["tri.xml"]}


def test_what_the_service_refuses_is_rejected_with_its_words(world, sandbox):
    sandbox.add_faults({"fault": "unknown-description", "method": "SalesInvoiceImport"})
    world.drop("faktura.xml", issued(1))
    world.settle()
    assert world.documents() == {Place.REJECTED: ["faktura.xml"]}
    (entry,) = world.journal.list()
    assert entry.answer
    assert "refused" in world.page(Place.REJECTED, "faktura.xml")
    world.move("faktura.xml", Place.REJECTED, Place.INBOX)
    world.settle()
    assert world.documents() == {Place.SENT: ["faktura.xml"]}
    assert len(numbers(sandbox)) == 1


# The service


@pytest.fixture
def down_after(monkeypatch):
    """The service cannot be reached any more after so many requests; clear the list to bring it back."""
    state = {"left": 10**6}
    send = Turn.send

    def sent(turn: Turn, request: Any) -> Any:
        from efimport.errors import NotSentError
        from efimport.messages import message

        if state["left"] <= 0:
            turn._granted.finished()
            raise NotSentError(message("No connection could be made."))
        state["left"] -= 1
        return send(turn, request)

    monkeypatch.setattr(Turn, "send", sent)
    return state


def test_a_file_of_which_a_part_was_sent_is_finished_when_the_service_is_back(world, sandbox, down_after):
    down_after["left"] = 2
    world.drop("pet.xml", pack(1, 2, 3, 4, 5))
    for _ in range(8):
        world.look()
        world.clock.advance(5)
    assert world.documents() == {Place.INBOX: ["pet.xml"]}
    assert len(numbers(sandbox)) == 2
    assert [file.name for file in world.folder.last.waiting] == ["pet.xml"]
    down_after["left"] = 100
    world.clock.advance(4000)
    world.settle()
    assert world.documents() == {Place.SENT: ["pet.xml"]}
    assert numbers(sandbox) == [f"260000{number}" for number in range(1, 6)]
    assert sandbox.state()["requests"]["total"] == 5


def test_a_file_that_is_replaced_after_a_part_of_it_was_sent_brings_both_to_an_end(world, sandbox, down_after):
    down_after["left"] = 2
    world.drop("pet.xml", pack(1, 2, 3))
    for _ in range(8):
        world.look()
        world.clock.advance(5)
    assert len(numbers(sandbox)) == 2
    world.drop("pet.xml", pack(4, 5))
    for _ in range(8):
        world.look()
        world.clock.advance(5)
    down_after["left"] = 100
    world.clock.advance(4000)
    world.settle()
    world.clock.advance(100)
    world.settle()
    assert numbers(sandbox) == [f"260000{number}" for number in range(1, 6)]
    assert world.documents() == {Place.SENT: ["pet (2).xml", "pet.xml"]}


def test_a_file_that_is_replaced_while_its_batch_is_sent_is_two_files(world, sandbox, monkeypatch):
    send = Turn.send

    def sent(turn: Turn, request: Any) -> Any:
        answer = send(turn, request)
        world.drop("faktura.xml", issued(2))
        monkeypatch.setattr(Turn, "send", send)
        return answer

    monkeypatch.setattr(Turn, "send", sent)
    world.drop("faktura.xml", issued(1))
    world.settle()
    world.settle()
    assert numbers(sandbox) == ["2600001", "2600002"]
    assert world.documents() == {Place.SENT: ["faktura (2).xml", "faktura.xml"]}
    assert world.only(Place.SENT, "faktura.xml").read_bytes() == issued(1)


def test_a_file_that_is_replaced_after_it_was_read_is_not_sent_as_it_was(world, sandbox, monkeypatch):
    build = batch.build_plan

    def built(*arguments: Any, **options: Any) -> Any:
        plan = build(*arguments, **options)
        world.drop("faktura.xml", issued(2))
        monkeypatch.setattr(batch, "build_plan", build)
        return plan

    monkeypatch.setattr(batch, "build_plan", built)
    world.drop("faktura.xml", issued(1))
    world.settle()
    world.settle()
    assert numbers(sandbox) == ["2600002"]
    assert world.documents() == {Place.SENT: ["faktura.xml"]}


# People


def test_a_file_that_is_renamed_in_the_inbox_while_it_waits_is_the_same_file(world, sandbox, down_after):
    down_after["left"] = 0
    world.drop("faktura.xml", issued(1))
    for _ in range(6):
        world.look()
        world.clock.advance(5)
    (world.path(Place.INBOX) / "faktura.xml").rename(world.path(Place.INBOX) / "nove jmeno.xml")
    for _ in range(7):
        world.look()
        world.clock.advance(30)
    down_after["left"] = 100
    world.clock.advance(4000)
    world.settle()
    assert world.documents() == {Place.SENT: ["nove jmeno.xml"]}
    assert numbers(sandbox) == ["2600001"]
    assert len(world.rows()) == 1


def test_a_file_that_is_renamed_while_it_waits_for_a_person_is_followed(make_world, sandbox):
    world = make_world(watching=Watching())
    names = ["faktura č. 1.xml", "faktura č. 2.xml", "faktura č. 3.xml"]
    for number, name in enumerate(names):
        world.drop(name, issued(number))
    world.settle()
    # A person gives one a name, and a share comes back that writes letters with marks in another way.
    for name, other in ((names[0], "v pořádku.xml"), (names[1], unicodedata.normalize("NFD", names[1]))):
        path = world.only(Place.REVIEW, name)
        path.rename(path.with_name(other))
    for _ in range(4):
        world.look()
        world.clock.advance(60)
    assert "withdrawn" not in world.kinds()
    assert len(world.documents()[Place.REVIEW]) == 3
    for name in world.documents()[Place.REVIEW]:
        world.move(name, Place.REVIEW, Place.APPROVE)
    world.settle()
    assert len(world.documents()[Place.SENT]) == len(numbers(sandbox)) == 3
    assert len(world.rows()) == 3


def test_a_file_whose_outcome_is_unknown_stays_in_doubt_under_another_name(world, sandbox):
    sandbox.add_faults({"fault": "close-after"})
    world.drop("vypis.gpc", statement(50))
    world.settle()
    path = world.only(Place.UNKNOWN, "vypis.gpc")
    path.rename(path.with_name("podívat se.gpc"))
    for _ in range(4):
        world.look()
        world.clock.advance(60)
    (entry,) = [entry for entry in world.journal.list() if entry.needs_a_person]
    world.journal.resolve(entry.id, arrived=True)
    world.settle()
    assert [list(names) for names in world.documents().values()] == [["vypis.gpc"]]
    assert list(world.documents()) == [Place.SENT]


def test_a_file_that_is_moved_from_unknown_to_the_inbox_is_not_sent_again(world, sandbox):
    sandbox.add_faults({"fault": "close-after"})
    world.drop("vypis.gpc", statement(50))
    world.settle()
    assert world.documents() == {Place.UNKNOWN: ["vypis.gpc"]}
    world.move("vypis.gpc", Place.UNKNOWN, Place.INBOX)
    world.settle()
    assert world.documents() == {Place.UNKNOWN: ["vypis.gpc"]}
    assert len(sandbox.state()["statements"]) == 1
    assert len(world.rows()) == 1


def test_a_file_that_nobody_reviewed_is_not_sent_from_the_folder_to_approve(make_world, sandbox):
    world = make_world(watching=Watching())
    world.drop("faktura.xml", issued(1), Place.APPROVE)
    world.drop("slozka/vypis.gpc", statement(50), Place.APPROVE)
    world.settle()
    assert world.documents() == {Place.REVIEW: ["faktura.xml", "vypis.gpc"]}
    assert sandbox.state()["requests"]["total"] == 0
    for name in ("faktura.xml", "vypis.gpc"):
        world.move(name, Place.REVIEW, Place.APPROVE)
    world.settle()
    assert world.documents() == {Place.SENT: ["faktura.xml", "vypis.gpc"]}


def test_a_sent_file_in_the_folder_to_approve_is_not_sent_again(world, sandbox):
    world.drop("vypis.gpc", statement(50))
    world.settle()
    world.move("vypis.gpc", Place.SENT, Place.APPROVE)
    world.settle()
    assert world.documents() == {Place.DUPLICATES: ["vypis.gpc"]}
    assert sandbox.state()["requests"]["total"] == 1


def test_a_file_in_two_folders_at_once_is_sent_once(make_world, sandbox):
    world = make_world(watching=Watching())
    world.drop("faktura.xml", issued(1))
    world.settle()
    # Copied instead of moved.
    copy = world.only(Place.REVIEW, "faktura.xml").read_bytes()
    world.drop("faktura.xml", copy, Place.APPROVE)
    world.settle()
    assert sorted(world.documents()) == [Place.DUPLICATES, Place.REVIEW]
    assert sandbox.state()["requests"]["total"] == 0


def test_a_file_that_is_thrown_away_while_it_is_sent_is_in_the_folder_of_what_was_sent(world, sandbox, monkeypatch):
    send = Turn.send

    def sent(turn: Turn, request: Any) -> Any:
        (world.path(Place.INBOX) / "vypis.gpc").unlink()
        return send(turn, request)

    monkeypatch.setattr(Turn, "send", sent)
    world.drop("vypis.gpc", statement(50, account=OTHER_ACCOUNT))
    world.settle()
    assert world.documents() == {Place.SENT: ["vypis.gpc"]}
    assert world.only(Place.SENT, "vypis.gpc").read_bytes() == statement(50, account=OTHER_ACCOUNT)


def test_a_second_start_over_the_same_folders_does_nothing(world, sandbox):
    sandbox.add_faults({"fault": "close-after", "method": "BankStatementImport"})
    world.drop("faktura.xml", issued(1))
    world.drop("kopie.xml", issued(1))
    world.drop("text.txt", b"Call them.\n")
    world.drop("pozor.xml", issued(2).replace(b"<inv:dateDue>2026", b"<inv:dateDue>2020"))
    world.drop("vypis.gpc", statement(50))
    world.settle()
    assert set(world.documents()) == {Place.SENT, Place.DUPLICATES, Place.REJECTED, Place.REVIEW, Place.UNKNOWN}
    rows, requests = world.rows(), sandbox.state()["requests"]["total"]
    for _ in range(3):
        world.restart()
        world.settle()
        world.clock.advance(86400)
    assert world.rows() == rows
    assert sandbox.state()["requests"]["total"] == requests


def test_folders_that_people_remove_are_there_again(world, sandbox):
    for place in (Place.REJECTED, Place.DUPLICATES, Place.SENT):
        world.path(place).rmdir()
    world.drop("faktura.xml", issued(1))
    world.settle()
    assert world.documents() == {Place.SENT: ["faktura.xml"]}
    assert all(world.path(place).is_dir() for place in Place)


def test_what_takes_long_to_settle_can_be_approved_all_the_same(make_world, sandbox):
    world = make_world(watching=Watching())
    world.drop("faktura.xml", issued(1))
    world.settle()
    # As on a share, or as a file whose end is missing and that is only taken after ten minutes.
    world.folder._settling[Place.APPROVE]._quiet = 300.0
    world.move("faktura.xml", Place.REVIEW, Place.APPROVE)
    for _ in range(7):
        world.look()
        world.clock.advance(65)
    assert world.documents() == {Place.SENT: ["faktura.xml"]}
    assert "withdrawn" not in world.kinds()


def test_an_approval_outlasts_a_journal_that_is_in_use_for_long(make_world, sandbox):
    world = make_world(watching=Watching())
    world.drop("faktura.xml", issued(1))
    world.settle()
    with Journal(world.journal_file) as other, other.owned():
        world.move("faktura.xml", Place.REVIEW, Place.APPROVE)
        for _ in range(5):
            world.look()
            world.clock.advance(65)
    assert "waiting" in world.kinds()
    world.clock.advance(600)
    world.settle()
    assert world.documents() == {Place.SENT: ["faktura.xml"]}
    assert "withdrawn" not in world.kinds()
