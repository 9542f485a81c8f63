"""When a file has settled: told with a clock that is turned by hand, and with signs that are set by hand."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.messages import message
from efimport.testing import FakeClock
from efimport.watch import settling as module
from efimport.watch.companions import companies
from efimport.watch.endings import NO_MARK, PROVED, End, Ending, end_of
from efimport.watch.scanning import Listing, Seen
from efimport.watch.settling import Settling

CUT = Ending(End.MISSING, message("The closing tag is missing."), strict=True)
DOUBTFUL = Ending(End.MISSING, message("The last line has no line end."))


class Folder:
    """A folder that exists on paper only: files, how they end, who writes to them; and the settling of it."""

    def __init__(self, monkeypatch, **options):
        self.clock = FakeClock()
        self.files: dict[str, Seen] = {}
        self.left_alone: tuple[str, ...] = ()
        self.endings: dict[str, Ending] = {}
        self.writers: dict[str, bool | None] = {}
        self.opened: list[str] = []
        self.settling = Settling(clock=self.clock, end_of=self.end_of, being_written=self.being_written, **options)
        monkeypatch.setattr(module, "look_again", lambda seen: self.files.get(seen.name))

    def write(self, name, size=100, *, end=PROVED, writer=False, modified=None, changed=None):
        now = int(self.clock.time() * 1e9)
        inode = self.files[name].inode if name in self.files else len(self.files) + 1
        self.files[name] = Seen(
            Path("/inbox") / name, name, size, now if modified is None else modified,
            now if changed is None else changed, inode, 1,
        )  # fmt: skip
        self.endings[name], self.writers[name] = end, writer

    def end_of(self, path, size):
        self.opened.append(path.name)
        return self.endings[path.relative_to("/inbox").as_posix()]

    def being_written(self, path):
        self.opened.append(path.name)
        return self.writers[path.relative_to("/inbox").as_posix()]

    def look(self, after=0.0):
        self.clock.advance(after)
        return self.settling.look(Listing(tuple(self.files.values()), self.left_alone))

    def settled(self, after=0.0):
        return [one.seen.name for one in self.look(after).settled]

    def arriving(self, after=0.0):
        (one,) = self.look(after).arriving
        return one


@pytest.fixture
def folder(monkeypatch):
    return Folder(monkeypatch, pair=0)


# Time


def test_a_file_settles_when_it_has_not_changed_for_a_while(folder):
    folder.write("a.xml")
    assert folder.settled() == []
    assert folder.settled(4.9) == []
    assert folder.settled(0.2) == ["a.xml"]


def test_one_look_is_never_enough_however_old_the_file_is(monkeypatch):
    folder = Folder(monkeypatch, quiet=0, pair=0)
    folder.write("a.xml", modified=1, changed=1)
    assert folder.settled() == []
    assert folder.settled() == []
    assert folder.settled(0.1) == ["a.xml"]


@pytest.mark.parametrize("change", [{"size": 101}, {"modified": 5}])
def test_a_change_begins_the_waiting_anew(folder, change):
    folder.write("a.xml")
    folder.look()
    folder.write("a.xml", **change)
    assert folder.settled(4.9) == []
    assert folder.settled(4.9) == []
    assert folder.settled(0.2) == ["a.xml"]


@pytest.mark.parametrize("field", ["inode", "device"])
def test_another_file_of_the_same_name_size_and_time_begins_the_waiting_anew(folder, field):
    folder.write("a.xml", modified=5)
    folder.look()
    folder.files["a.xml"] = module.msgspec.structs.replace(folder.files["a.xml"], **{field: 99})
    assert folder.settled(5.1) == []
    assert folder.settled(5.1) == ["a.xml"]


def test_other_rights_alone_do_not_begin_it_anew(folder):
    folder.write("a.xml", modified=5)
    folder.look()
    folder.clock.advance(3)
    folder.write("a.xml", modified=5)
    assert folder.settled(2.1) == ["a.xml"]


def test_a_file_that_keeps_changing_is_reported(folder):
    for size in range(1, 150):
        folder.write("a.csv", size)
        assert not folder.arriving().reported
        folder.clock.advance(4)
    folder.clock.advance(4)
    folder.write("a.csv", 200)
    found = folder.arriving()
    assert (found.reported, str(found.reason)) == (True, "It keeps changing.")
    assert folder.settled(5.1) == ["a.csv"]


@pytest.mark.parametrize(("end", "least"), [(NO_MARK, 10), (DOUBTFUL, 600)])
def test_without_a_proof_a_touch_begins_it_anew(folder, end, least):
    # A file of full size and old time that is still being filled shows in nothing else.
    folder.write("a.csv", modified=5, end=end)
    folder.look()
    folder.clock.advance(least - 2)
    folder.write("a.csv", modified=5, end=end)
    folder.look()
    assert folder.settled(least - 1) == []
    assert folder.settled(1.1) == ["a.csv"]


def test_a_file_that_vanishes_is_forgotten(folder):
    folder.write("a.xml")
    folder.look()
    gone = folder.files.pop("a.xml")
    assert folder.look(5.1) == module.Looked((), (), None)
    folder.files["a.xml"] = gone
    assert folder.settled(5.1) == []


def test_a_settled_file_is_told_until_it_is_forgotten(folder):
    folder.write("a.xml")
    folder.look()
    assert folder.settled(5.1) == folder.settled(5.1) == ["a.xml"]
    folder.settling.forget("a.xml")
    assert folder.settled(5.1) == []
    assert folder.settled(5.1) == ["a.xml"]


def test_a_settled_file_that_changes_is_waited_for_again(folder):
    folder.write("a.xml")
    folder.look()
    assert folder.settled(5.1) == ["a.xml"]
    folder.write("a.xml", size=200)
    assert folder.settled() == []
    assert folder.settled(5.1) == ["a.xml"]


def test_what_was_never_seen_may_be_forgotten(folder):
    folder.settling.forget("neni.xml")
    assert folder.settled() == []


@pytest.mark.parametrize("jump", [-86400, 86400, 10**9])
def test_a_change_of_the_wall_clock_settles_nothing(folder, jump, monkeypatch):
    folder.write("a.csv", end=DOUBTFUL)
    folder.write("b.xml")
    folder.look()
    real = folder.clock.time
    monkeypatch.setattr(folder.clock, "time", lambda: real() + jump)
    assert folder.settled(4.9) == []
    assert folder.settled(0.2) == ["b.xml"]
    assert folder.settled(500) == ["b.xml"]


# The file's own end


def test_a_format_without_an_end_is_waited_for_twice_as_long_and_that_is_noted(folder):
    folder.write("a.csv", end=NO_MARK)
    folder.look()
    assert folder.settled(5.1) == []
    (settled,) = folder.look(5).settled
    assert settled.end is End.NO_MARK
    assert "no mark" in settled.note


def test_a_proved_end_needs_no_note(folder):
    folder.write("a.xml")
    folder.look()
    (settled,) = folder.look(5.1).settled
    assert (settled.end, settled.note) == (End.PROVED, None)


def test_what_is_provably_unfinished_never_settles_and_is_reported(folder):
    folder.write("a.xml", end=CUT)
    folder.look()
    early = folder.arriving(590)
    assert (early.reported, str(early.reason)) == (False, "The closing tag is missing.")
    late = folder.arriving(11)
    assert (late.reported, late.since) == (True, pytest.approx(601))
    assert folder.settled(10**6) == []


def test_what_may_be_whole_settles_after_ten_minutes_with_a_note(folder):
    folder.write("a.csv", end=DOUBTFUL)
    folder.look()
    assert folder.settled(599) == []
    (settled,) = folder.look(2).settled
    assert settled.end is End.MISSING
    assert "The last line has no line end." in settled.note


def test_an_unfinished_file_that_is_finished_settles(folder):
    folder.write("a.xml", end=CUT)
    folder.look()
    folder.look(700)
    folder.write("a.xml", size=200)
    assert folder.settled() == []
    assert folder.settled(5.1) == ["a.xml"]


def test_an_old_unfinished_file_is_reported_as_soon_as_it_was_looked_at_twice(folder):
    folder.write("a.xml", end=CUT, changed=int((folder.clock.time() - 3600) * 1e9))
    assert not folder.arriving().reported
    found = folder.arriving(5.1)
    assert found.reported
    assert found.since == pytest.approx(3605.1)


def test_a_time_of_change_in_the_future_counts_for_nothing(folder):
    folder.write("a.xml", end=CUT, changed=int((folder.clock.time() + 3600) * 1e9))
    folder.look()
    assert folder.arriving(5.1).since == pytest.approx(5.1)


def test_an_empty_file_is_a_placeholder(folder, tmp_path):
    (tmp_path / "a.xml").touch()
    ending = end_of(tmp_path / "a.xml", 0)
    assert (ending.end, ending.strict) == (End.MISSING, True)


def test_a_file_that_cannot_be_opened_is_waited_for_and_reported(folder):
    folder.write("a.xml")
    folder.endings["a.xml"] = None

    def refuse(path, size):
        raise PermissionError(13, "Permission denied")

    folder.settling._end_of = refuse
    folder.look()
    assert "Permission denied" in folder.arriving(5.1).reason
    assert folder.arriving(600).reported
    folder.settling._end_of = lambda path, size: PROVED
    assert folder.settled(5) == ["a.xml"]


# Writers


def test_a_file_with_a_writer_never_settles_and_is_reported(folder):
    folder.write("a.xml", writer=True)
    folder.look()
    assert "open for writing" in folder.arriving(5.1).reason
    assert not folder.arriving(500).reported
    assert folder.arriving(100).reported
    assert folder.settled(10**6) == []
    folder.writers["a.xml"] = False
    assert folder.settled(5) == ["a.xml"]


def test_where_writers_cannot_be_told_it_is_waited_for_twice_as_long(folder):
    folder.write("a.xml", writer=None)
    folder.look()
    assert folder.settled(5.1) == []
    assert folder.settled(4.0) == []
    assert folder.settled(1.0) == ["a.xml"]


def test_a_writer_who_comes_late_is_noticed(folder):
    folder.write("a.csv", end=NO_MARK)
    folder.look()
    folder.look(5.1)
    folder.writers["a.csv"] = True
    assert folder.settled(5) == []
    folder.writers["a.csv"] = False
    assert folder.settled(5) == ["a.csv"]


def test_an_end_that_was_judged_beside_a_writer_is_judged_again(folder):
    # What is written through a mapping into memory need not show in size and time.
    folder.write("a.xml", end=CUT, writer=True)
    folder.look()
    folder.look(5.1)
    folder.endings["a.xml"], folder.writers["a.xml"] = PROVED, False
    assert folder.settled(5) == ["a.xml"]


def test_an_end_that_was_judged_without_a_word_about_writers_is_judged_again_ever_more_seldom(folder):
    folder.write("a.xml", end=CUT, writer=None)
    folder.look()
    for _ in range(1000):
        folder.look(1)
    assert 10 < len(folder.opened) < 25
    folder.endings["a.xml"] = PROVED
    assert folder.settled(1100) == ["a.xml"]


def test_a_file_that_changes_between_listing_and_judgement_begins_anew(folder, monkeypatch):
    folder.write("a.xml")
    folder.look()
    stale = Listing(tuple(folder.files.values()))
    folder.clock.advance(5.1)
    folder.write("a.xml", size=300)
    assert folder.settling.look(stale).settled == ()
    assert folder.settled() == []
    assert folder.settled(5.1) == ["a.xml"]


def test_a_file_that_vanishes_between_listing_and_judgement_is_gone(folder):
    folder.write("a.xml")
    folder.look()
    stale = Listing((folder.files.pop("a.xml"),))
    folder.clock.advance(5.1)
    assert folder.settling.look(stale) == module.Looked((), (), None)


# Rest


def test_the_next_look_is_when_something_can_change(folder):
    assert folder.look().next_look is None
    folder.write("a.xml")
    assert folder.look().next_look == pytest.approx(5)
    assert folder.look(5).next_look is None
    folder.write("b.csv", end=NO_MARK)
    assert folder.look(1).next_look == pytest.approx(5)
    assert folder.look(5).next_look == pytest.approx(5)
    folder.write("c.xml", end=CUT)
    folder.look(5)
    assert folder.look(10).next_look == pytest.approx(585)
    assert folder.look(585).next_look is None


def test_looking_just_when_it_is_told_to_settles_every_kind_of_file(folder):
    for number, (end, writer) in enumerate(
        [(PROVED, False), (PROVED, None), (NO_MARK, False), (NO_MARK, None), (DOUBTFUL, False), (DOUBTFUL, None)]
    ):
        folder.write(f"{number}.xml", end=end, writer=writer)
    looked, count = folder.look(), 0
    while looked.next_look is not None:
        looked, count = folder.look(looked.next_look), count + 1
    assert len(looked.settled) == 6
    assert count < 30


def test_files_at_rest_are_not_opened_again(folder):
    folder.write("a.xml", end=CUT)
    folder.write("b.csv", end=DOUBTFUL)
    folder.write("c.xml")
    folder.look()
    folder.look(5.1)
    folder.opened.clear()
    for _ in range(50):
        folder.look(10)
    assert folder.opened == []


def test_ten_thousand_files_at_rest_are_looked_at_quickly(monkeypatch):
    folder = Folder(monkeypatch)
    for number in range(10_000):
        folder.write(f"{number}.xml", end=CUT)
    folder.look()
    folder.look(700)
    listing = Listing(tuple(folder.files.values()))
    start = time.perf_counter()
    folder.settling.look(listing)
    # Measured 0.04 s.
    assert time.perf_counter() - start < 0.5


# Companions


@pytest.fixture
def pairs(monkeypatch):
    return Folder(monkeypatch)


def test_a_statement_waits_briefly_for_its_picture(pairs):
    pairs.write("výpis.gpc")
    pairs.look()
    looked = pairs.look(5)
    assert looked.settled == ()
    assert "may follow" in looked.arriving[0].reason
    assert looked.next_look == pytest.approx(5)
    assert pairs.settled(5) == ["výpis.gpc"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("výpis.gpc", "výpis.pdf"),
        ("výpis.pdf", "výpis.gpc"),
        ("faktura.isdoc", "faktura.isdoc.pdf"),
        ("faktura-isdoc.pdf", "faktura.isdoc"),
        ("Faktura.ISDOC", "faktura.PDF"),
        ("banka/výpis.xml", "banka/výpis.pdf"),
        ("v\u00fdpis.xml", "vy\u0301pis.pdf"),
        ("výpis.gpc", "výpis.gpc.pdf"),
    ],
)
def test_a_companion_is_waited_for_and_both_go_together(pairs, first, second):
    pairs.write(first)
    pairs.look()
    pairs.look(5)
    pairs.write(second, end=CUT)
    assert pairs.settled(4) == pairs.settled(300) == []
    pairs.write(second, size=200)
    pairs.look()
    assert sorted(pairs.settled(5)) == sorted([first, second])


def test_a_companion_under_a_temporary_name_is_waited_for(pairs):
    pairs.write("výpis.gpc")
    pairs.left_alone = ("výpis.pdf.part",)
    pairs.look()
    assert "výpis.pdf.part" in pairs.look(20).arriving[0].reason
    pairs.left_alone = ()
    pairs.write("výpis.pdf")
    pairs.look()
    assert pairs.settled(5) == ["výpis.gpc", "výpis.pdf"]


def test_a_companion_that_never_comes_to_an_end_is_waited_for_ten_minutes(pairs):
    pairs.write("výpis.gpc")
    pairs.write("výpis.pdf", end=CUT)
    pairs.look()
    pairs.look(5)
    assert pairs.settled(599) == []
    assert pairs.settled(1) == ["výpis.gpc"]


def test_both_pictures_of_one_invoice_go_with_it(pairs):
    names = ["faktura.isdoc", "faktura.isdoc.pdf", "faktura.pdf"]
    for name in names:
        pairs.write(name)
    pairs.write("faktura.pdf", end=CUT)
    pairs.look()
    assert pairs.settled(20) == []
    pairs.write("faktura.pdf", size=200)
    pairs.look()
    assert sorted(pairs.settled(5)) == sorted(names)


def test_a_writer_who_opens_a_file_that_waits_for_its_companion_is_noticed(pairs):
    pairs.write("výpis.gpc")
    pairs.look()
    pairs.look(5)
    pairs.writers["výpis.gpc"] = True
    assert pairs.settled(5) == []
    pairs.writers["výpis.gpc"] = False
    pairs.look(5)
    assert pairs.settled(5) == ["výpis.gpc"]


@pytest.mark.parametrize("name", ["účtenka.jpg", "únor.zip", "smlouva.docx"])
def test_what_no_picture_belongs_to_is_not_held_up(pairs, name):
    pairs.write(name)
    pairs.look()
    assert pairs.settled(5) == [name]


@pytest.mark.parametrize(
    ("first", "second"), [("a.gpc", "b.pdf"), ("x/a.gpc", "y/a.pdf"), ("a.pdf", "a.jpg"), ("a.xml", "a.gpc")]
)
def test_other_names_other_folders_and_other_kinds_are_no_companions(first, second):
    assert companies([first, second], []) == {}


# Every way of writing

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.floats(0.0, 20.0)),
        st.tuples(st.just("write"), st.booleans()),
        st.tuples(st.just("hold"), st.sampled_from([True, False])),
        st.tuples(st.just("old time"), st.just(0)),
    ),
    max_size=30,
)


@settings(max_examples=60)
@given(steps=STEPS, told=st.sampled_from([True, None]), late=st.floats(0.1, 30.0))
def test_no_way_of_writing_is_read_before_it_is_complete(steps, told, late):
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = Folder(monkeypatch, pair=0)
        size = 1
        folder.write("a.xml", size, end=CUT)
        for kind, value in steps:
            if kind == "wait":
                assert folder.settled(value) == []
            elif kind == "hold":
                folder.writers["a.xml"] = value and told
            else:
                size += 1
                preserved = 5 if kind == "old time" else None
                folder.write("a.xml", size, end=CUT, modified=preserved, writer=folder.writers["a.xml"])
        folder.write("a.xml", size + 1, writer=told)
        assert folder.settled() == []
        early = folder.settled(late)
        assert early == [] if told else early == (["a.xml"] if late >= 10 else [])
        folder.writers["a.xml"] = False
        folder.look()
        assert folder.settled(5.1) == ["a.xml"]


def test_the_real_file_system_is_asked_at_last(tmp_path):
    from efimport.watch.scanning import scan

    clock = FakeClock()
    settling = Settling(clock=clock, pair=0)
    (tmp_path / "a.xml").write_bytes(b"<a></a>")
    settling.look(scan(tmp_path))
    clock.advance(5.1)
    with (tmp_path / "a.xml").open("ab"):
        assert settling.look(scan(tmp_path)).settled == ()
    clock.advance(5.1)
    assert [one.seen.name for one in settling.look(scan(tmp_path)).settled] == ["a.xml"]
    os.utime(tmp_path / "a.xml")
    assert settling.look(scan(tmp_path)).settled == ()


def test_who_looks_only_for_a_moment_takes_what_has_lain_for_long_by_the_word_of_the_file_system(monkeypatch):
    folder = Folder(monkeypatch, single=True)
    long_ago = int((folder.clock.time() - 3600) * 1e9)
    folder.write("old.csv", end=DOUBTFUL, changed=long_ago)
    folder.write("new.csv", end=DOUBTFUL)
    folder.write("cut.xml", end=CUT, changed=long_ago)
    looked = None
    for _ in range(5):
        looked = folder.look()
        folder.clock.advance(5)
    assert [one.seen.name for one in looked.settled] == ["old.csv"]
