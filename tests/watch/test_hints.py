"""Events of the system wake the watcher, and nothing depends on them."""

from __future__ import annotations

import sys
import threading
import time

import pytest

from efimport.watch import hints as module
from efimport.watch.hints import Hints

PATIENCE = 10


@pytest.fixture
def started(tmp_path, monkeypatch):
    """Begins to watch some folders; what is told is kept."""
    monkeypatch.setattr(module, "STEP", 20)
    monkeypatch.setattr(module, "DEBOUNCE", 40)
    monkeypatch.setattr(module, "PAUSE", 0.05)
    running: list[Hints] = []

    def start(*folders):
        wake, told = threading.Event(), []
        hints = Hints(folders or (tmp_path,), wake, told.append)
        hints.start()
        running.append(hints)
        # Until the system has begun to watch, changes are not noticed.
        time.sleep(0.05)
        return hints, wake, told

    yield start
    for hints in running:
        hints.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "efimport-hints"]


def wakes(wake, change):
    """Whether a change is noticed; made again, because nothing tells when the watching has begun."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        change()
        if wake.wait(0.1):
            return True
    return False


def test_a_new_file_wakes(started, tmp_path):
    _, wake, told = started()
    assert wakes(wake, lambda: (tmp_path / "a.xml").write_text("x"))
    assert told == []


def test_what_the_watcher_itself_writes_does_not_wake(tmp_path, started):
    hints, wake, _ = started()
    assert wakes(wake, lambda: (tmp_path / "a.xml").write_text("x"))
    hints._own = frozenset({"notice.html"})
    time.sleep(0.2)
    wake.clear()
    (tmp_path / ".page-1.part").write_text("x")
    (tmp_path / ".page-1.part").rename(tmp_path / "notice.html")
    assert not wake.wait(0.4)


def test_quiet_folders_do_not_wake(started):
    _, wake, _ = started()
    wake.clear()
    assert not wake.wait(0.1)


def test_a_file_in_a_folder_that_has_just_come_wakes(started, tmp_path):
    _, wake, _ = started()
    assert wakes(wake, lambda: (tmp_path / "banka").mkdir(exist_ok=True))
    wake.clear()
    assert wakes(wake, lambda: (tmp_path / "banka" / "a.xml").write_text("x"))


def test_of_several_folders_each_wakes(started, tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    _, wake, _ = started(*folders)
    for folder in folders:
        wake.clear()
        assert wakes(wake, lambda folder=folder: (folder / "x").write_text("x"))


def test_where_a_link_leads_to_is_not_watched(tmp_path):
    (tmp_path / "jinde" / "hluboko").mkdir(parents=True)
    (tmp_path / "inbox" / "banka").mkdir(parents=True)
    (tmp_path / "inbox" / "odkaz").symlink_to(tmp_path / "jinde")
    assert list(module._with_folders(tmp_path / "inbox")) == [
        str(tmp_path / "inbox"),
        str(tmp_path / "inbox" / "banka"),
    ]


def test_folders_of_other_machines_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "network_file_system", lambda folder: "cifs")
    hints = Hints([tmp_path], threading.Event())
    hints.start()
    assert hints._thread is None
    hints.stop()


def test_a_folder_that_is_away_is_no_trouble(started, tmp_path):
    hints, _, told = started(tmp_path / "pryč")
    assert hints._thread.is_alive()
    assert told == []


def test_without_the_package_it_is_told_once_and_scanning_goes_on(started, monkeypatch):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    hints, wake, told = started()
    hints._thread.join(PATIENCE)
    assert len(told) == 1
    assert "watchfiles" in told[0]
    assert not wake.is_set()


def test_when_the_system_has_no_more_watches_it_is_told_once(started, monkeypatch):
    import watchfiles

    def refuse(*folders, **options):
        raise OSError(28, "No space left on device")
        yield

    monkeypatch.setattr(watchfiles, "watch", refuse)
    hints, _, told = started()
    hints._thread.join(PATIENCE)
    hints.stop()
    hints.start()
    hints._thread.join(PATIENCE)
    assert told == ["Changes are only found by scanning ([Errno 28] No space left on device)."]


def test_a_folder_in_the_place_of_another_one_is_watched(started, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "REARM", 0.05)
    (tmp_path / "inbox").mkdir()
    _, wake, _ = started(tmp_path / "inbox")
    (tmp_path / "inbox").rename(tmp_path / "starý")
    (tmp_path / "inbox").mkdir()
    time.sleep(0.1)
    wake.clear()
    assert wakes(wake, lambda: (tmp_path / "inbox" / "a.xml").write_text("x"))


def test_to_begin_twice_and_to_end_twice_is_harmless(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "STEP", 20)
    hints = Hints([tmp_path], threading.Event())
    hints.stop()
    hints.start()
    thread = hints._thread
    hints.start()
    assert hints._thread is thread
    hints.stop()
    hints.stop()
    assert not thread.is_alive()
