"""Dropped files in the journal: their steps, their bytes, what is asked of them; in both kinds of database."""

from __future__ import annotations

import hashlib
import io
from itertools import product

import pytest

from efimport.errors import JournalError
from efimport.journal import FileStage, Journal, Place
from efimport.journal.dropped import FILE_ARROWS, FINAL

CONTENT = b"<dat:dataPack/>" * 100
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["file", "server"])
def journal(request, tmp_path):
    url = tmp_path / "journal.sqlite3" if request.param == "file" else request.getfixturevalue("postgres").schema()
    with Journal(url) as opened:
        yield opened


def dropped(journal, name="faktura.xml", sha256=DIGEST, **changes):
    given = {"organization": "acme", "folder": "f" * 32, "place": Place.INBOX, "lies": f"inbox/{name}"} | changes
    return journal.files.enter(name=name, sha256=sha256, size=len(CONTENT), **given)


def at(journal, stage):
    """A file that stands so."""
    file = dropped(journal, f"{stage}.xml")
    ways = {
        FileStage.WAITING: (FileStage.MOVING,),
        FileStage.ASKED: (FileStage.MOVING,),
        FileStage.SETTLED: (FileStage.MOVING,),
    }
    for step in (*ways.get(stage, ()), stage):
        if step is not FileStage.TAKEN:
            file = journal.files.change(file, step)
    return file


def test_only_the_drawn_arrows_pass(tmp_path):
    with Journal(tmp_path / "journal.sqlite3") as journal:
        for start, end in product(FileStage, FileStage):
            file = at(journal, start)
            if (start, end) in FILE_ARROWS:
                assert journal.files.change(file, end).stage is end
            else:
                with pytest.raises(JournalError, match="cannot go from"):
                    journal.files.change(file, end)


def test_a_step_that_rests_on_an_old_view_is_refused(journal):
    file = dropped(journal)
    journal.files.change(file, FileStage.WITHDRAWN)
    with pytest.raises(JournalError, match="second program"):
        journal.files.change(file, FileStage.MOVING)


def test_all_that_happened_is_kept_in_order(journal):
    file = dropped(journal)
    moving = journal.files.change(file, FileStage.MOVING, reason="Sent.", place=Place.SENT, target="sent/faktura.xml")
    journal.files.change(moving, FileStage.SETTLED, lies="sent/faktura.xml", target=None)
    steps = journal.files.steps(file.id)
    assert [(step.sequence, step.stage, step.lies) for step in steps] == [
        (1, FileStage.TAKEN, "inbox/faktura.xml"),
        (2, FileStage.MOVING, "inbox/faktura.xml"),
        (3, FileStage.SETTLED, "sent/faktura.xml"),
    ]
    assert steps[1].reason == "Sent."
    assert journal.files.get(file.id).target is None


def test_the_bytes_of_a_file_stay_until_it_is_settled(journal):
    file = dropped(journal)
    assert journal.spool.adopt(io.BytesIO(CONTENT), DIGEST)
    with journal.owned():
        pass
    assert journal.spool.get(DIGEST) == CONTENT
    done = journal.files.change(journal.files.change(file, FileStage.MOVING), FileStage.SETTLED)
    journal.forget_file(done.sha256)
    assert journal.spool.get(DIGEST) is None


def test_the_bytes_stay_as_long_as_another_file_of_the_same_bytes_needs_them(journal):
    file, _other = dropped(journal), dropped(journal, "kopie.xml")
    journal.spool.adopt(io.BytesIO(CONTENT), DIGEST)
    journal.files.change(file, FileStage.WITHDRAWN)
    journal.forget_file(DIGEST)
    assert journal.spool.get(DIGEST) == CONTENT


def test_bytes_that_nobody_needs_are_swept(journal):
    journal.spool.adopt(io.BytesIO(CONTENT), DIGEST)
    with journal.owned():
        pass
    assert journal.spool.get(DIGEST) is None


def test_a_file_that_changed_while_it_was_stored_is_not_stored(journal):
    assert not journal.spool.adopt(io.BytesIO(CONTENT + b"more"), DIGEST)
    assert journal.spool.digests() == frozenset()


def test_a_file_whose_bytes_were_not_stored_leaves_no_trace(journal):
    file = dropped(journal)
    journal.files.forget(file)
    assert journal.files.list() == ()
    with pytest.raises(JournalError, match="no dropped file"):
        journal.files.get(file.id)


def test_files_are_found_by_what_is_asked_for(journal):
    one = dropped(journal, "faktura.xml")
    other = dropped(journal, "100 %.xml", sha256="0" * 64)
    journal.files.change(one, FileStage.MOVING, place=Place.SENT, target="sent/faktura.xml", page="sent/faktura.html")
    assert [file.name for file in journal.files.list(text="0 %")] == ["100 %.xml"]
    assert [file.id for file in journal.files.list(place=Place.SENT)] == [one.id]
    assert [file.id for file in journal.files.with_page("f" * 32, "sent/faktura.html")] == [one.id]
    assert [file.id for file in journal.files.alike("acme", DIGEST)] == [one.id]
    assert journal.files.alike("other", DIGEST) == ()
    assert {file.id for file in journal.files.open("f" * 32)} == {one.id, other.id}
    assert journal.files.open("other") == ()


def test_what_goes_along_is_found_with_what_leads(journal):
    lead = dropped(journal)
    along = journal.files.change(dropped(journal, "faktura.pdf"), FileStage.MOVING, lead=lead.id)
    assert [file.id for file in journal.files.led_by(lead.id)] == [lead.id, along.id]


def test_settled_files_are_counted_by_their_place(journal):
    for number, place in enumerate((Place.SENT, Place.SENT, Place.REJECTED)):
        file = journal.files.change(dropped(journal, f"{number}.xml"), FileStage.MOVING, place=place)
        journal.files.change(file, FileStage.SETTLED)
    dropped(journal, "open.xml")
    assert journal.files.counts("f" * 32) == {Place.SENT: 2, Place.REJECTED: 1}
    assert journal.files.counts("f" * 32, since="9999") == {}


def test_the_identity_of_a_folder_is_remembered_by_its_path(journal, tmp_path):
    assert journal.files.identity(tmp_path) is None
    journal.files.remember(tmp_path, "a" * 32)
    journal.files.remember(tmp_path, "b" * 32)
    assert journal.files.identity(tmp_path) == "b" * 32
    assert journal.files.identity(tmp_path / "other") is None


def test_a_final_stage_is_left_by_a_person_alone():
    assert {end for start, end in FILE_ARROWS if start in FINAL} == {FileStage.TAKEN}
