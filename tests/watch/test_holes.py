"""What other watchers get wrong: a naive one shows that the harm is real, and ours has none of it.

The eight are known from the issues of a widely used program (paperless-ngx 10250, 13146, 14128, 1851, 6787 and others;
gorakhargosh/watchdog 802).
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from efimport import testing
from efimport.journal import Place
from efimport.settings import Watching
from efimport.watch import finishing, keeping
from efimport.watch.events import FAILURES
from efimport.watch.ground import Means
from efimport.watch.loop import Watch
from tests.acceptance import route_files as made
from tests.acceptance.made import OTHER_ACCOUNT, OURS, statement
from tests.watch.desk import Desk, issued
from tests.watch.naive_watcher import NaiveWatcher


class Killed(BaseException):
    """The process ends here; nothing is tidied up."""


class Naive:
    """The naive watcher, as the tests deal with both."""

    is_naive = True

    def __init__(self, place: Path, organization: Any, sandbox: Any) -> None:
        self.root = place / "desk"
        self._organization, self._sandbox = organization, sandbox
        self.clock = testing.FakeClock()
        self.inbox = self.root / "inbox"
        self.inbox.mkdir(parents=True)

    def start(self) -> None:
        self.watcher = NaiveWatcher(self.root, self._organization, self.clock)

    def stop(self) -> None:
        self.watcher._store.close()

    def look(self) -> None:
        self.watcher.look()

    def pass_time(self, seconds: float) -> None:
        """Looks, every few seconds."""
        for _ in range(int(seconds // 5)):
            self.clock.advance(5)
            self.watcher.look()

    def lie(self, folder: str) -> list[str]:
        """Names of the files in a folder."""
        return sorted(path.name for path in (self.root / folder).rglob("*") if path.is_file())

    @staticmethod
    def moving() -> tuple[Any, str]:
        """What moves a file."""
        return NaiveWatcher, "put_away"

    def failures(self, told: Any) -> list[str]:
        """What was told as an error."""
        return [record.getMessage() for record in told.records if record.levelno >= logging.ERROR]


class Ours:
    """efimport, as the tests deal with both."""

    is_naive = False

    def __init__(self, place: Path, organization: Any, sandbox: Any) -> None:
        self.desk = Desk(place, organization)
        self.desk.stop()
        self.root, self.inbox = self.desk.root, self.desk.path(Place.INBOX)

    def start(self) -> None:
        self.desk.start()

    def stop(self) -> None:
        self.desk.stop()

    def look(self) -> None:
        self.desk.look()

    def pass_time(self, seconds: float) -> None:
        end = self.desk.clock.monotonic() + seconds
        while (rest := end - self.desk.clock.monotonic()) > 0:
            self.desk.clock.advance(min(rest, max(self.desk.look().next, 0.1)))
        self.desk.look()

    def lie(self, folder: str) -> list[str]:
        return self.desk.documents().get(Place(folder), [])

    @staticmethod
    def moving() -> tuple[Any, str]:
        return finishing, "put_in_place"

    def failures(self, told: Any) -> list[str]:
        return [event.kind.value for event in self.desk.events if event.kind in FAILURES]


@pytest.fixture(params=[Naive, Ours], ids=["naive", "ours"])
def either(request, books, sandbox, tmp_path, make_desk) -> Iterator:
    """One of the two, not yet started."""
    one = request.param(tmp_path, books[1], sandbox)
    yield one
    one.stop()
    if not one.is_naive:
        check_each_file_has_one_row(one.desk)


def check_each_file_has_one_row(desk: Desk) -> None:
    desk.start()
    desk.check_invariants()
    desk.stop()


def test_1_a_file_that_is_being_copied_while_the_watcher_starts_is_not_read_half(either, sandbox):
    content = issued(1)
    with (either.inbox / "faktura.xml").open("wb") as stream:
        stream.write(content[:700])
        stream.flush()
        either.start()
        either.look()
        read_half = not (either.inbox / "faktura.xml").exists()
        assert read_half == either.is_naive
        stream.write(content[700:])
    either.pass_time(60)
    assert either.lie("rejected" if either.is_naive else "sent") == ["faktura.xml"]
    assert len(sandbox.state()["documents"].get("SalesInvoice", ())) == (0 if either.is_naive else 1)


def test_2_a_file_that_cannot_be_read_once_is_not_stranded(either, sandbox, monkeypatch):
    either.start()
    path = either.inbox / "faktura.xml"
    path.write_bytes(issued(1))
    deny = held_by_another_program(monkeypatch, path)
    either.pass_time(60)
    assert path.exists()
    deny.clear()
    either.pass_time(120)
    stranded = path.exists()
    assert stranded == either.is_naive
    assert len(sandbox.state()["documents"].get("SalesInvoice", ())) == (0 if stranded else 1)


def held_by_another_program(monkeypatch: Any, path: Path) -> threading.Event:
    """A file that cannot be opened until the event is cleared, as one that an office program has open."""
    import io

    denied, opened = threading.Event(), io.open
    denied.set()

    def open_it(file: Any, *arguments: Any, **options: Any) -> Any:
        if denied.is_set() and not isinstance(file, int) and Path(file) == path:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(file, *arguments, **options)

    monkeypatch.setattr(io, "open", open_it)
    return denied


def test_3_no_crash_between_the_move_and_the_entry_loses_the_document(either, monkeypatch):
    content = issued(1)
    either.start()
    (either.inbox / "faktura.xml").write_bytes(content)
    known = {path.stat().st_ino for path in either.root.rglob("*")}
    forced = forced_to_disk(monkeypatch)
    with killed(), crashing_after_the_move(either):
        either.pass_time(60)
    either.stop()
    for path in files_below(either.root.parent):
        if path.stat().st_ino not in known | forced and "sqlite3" not in path.name:
            path.write_bytes(b"")
    lost = not any(content == path.read_bytes() for path in files_below(either.root.parent))
    assert lost == either.is_naive
    either.start()
    either.pass_time(60)
    assert either.lie("inbox") == []
    assert lost or either.lie("sent") == ["faktura.xml"]


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def forced_to_disk(monkeypatch: Any) -> set[int]:
    """The numbers of the files that survive a power cut: those whose content was forced to the disk."""
    forced: set[int] = set()
    sync = os.fsync

    def note(handle: int) -> None:
        forced.add(os.fstat(handle).st_ino)
        sync(handle)

    monkeypatch.setattr(os, "fsync", note)
    return forced


def crash() -> None:
    raise Killed


@contextmanager
def killed() -> Iterator[None]:
    """The process ends in the block; what it held is free then, so nothing remembers how it ended."""
    try:
        yield
    except Killed:
        return
    pytest.fail("Nothing has ended it.")


@contextmanager
def crashing_after_the_move(either: Any) -> Iterator[None]:
    """The file is moved, and then the process ends."""
    owner, name = either.moving()
    move = getattr(owner, name)

    def moved(*arguments: Any, **options: Any) -> None:
        move(*arguments, **options)
        crash()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owner, name, moved)
        yield


def test_4_a_crash_between_sending_and_moving_sends_nothing_twice(either, sandbox, caplog):
    either.start()
    (either.inbox / "vypis.gpc").write_bytes(statement(50))
    with killed(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(*either.moving(), lambda *arguments, **options: crash())
        either.pass_time(60)
    assert len(sandbox.state()["statements"]) == 1
    either.stop()
    either.start()
    either.pass_time(60)
    doubled = len(sandbox.state()["statements"]) == 2
    assert doubled == either.is_naive
    assert either.lie("sent") == ["vypis.gpc"]
    assert not either.failures(caplog)


@pytest.mark.parametrize("polling", [True, False])
def test_5_naive_a_share_and_a_local_folder_are_watched_in_one_way(polling, books, sandbox, tmp_path, make_desk):
    clock = testing.FakeClock()
    watchers = {name: NaiveWatcher(tmp_path / name / "desk", books[1], clock, polling=polling) for name in KINDS}
    for number, (name, watcher) in enumerate(watchers.items()):
        path = watcher.inbox / "faktura.xml"
        path.write_bytes(issued(number))
        # A share has no events.
        if name == "local":
            watcher.told(path)
    listed = 0
    for _ in range(100):
        clock.advance(6)
        for name, watcher in watchers.items():
            listed += polling and name == "local"
            watcher.look()
    missed = [name for name, watcher in watchers.items() if list(watcher.inbox.iterdir())]
    # Either the share is never looked at, or the local folder is listed again and again.
    assert missed == ([] if polling else ["share"])
    assert listed == (100 if polling else 0)


KINDS = ("local", "share")


def test_5_a_share_and_a_local_folder_are_watched_at_once_each_in_its_own_way(books, sandbox, make_desk, monkeypatch):
    desk = make_desk()
    desk.stop()
    roots = {name: desk.root / name for name in KINDS}
    for root in roots.values():
        root.mkdir()
    for module in ("efimport.watch.keeping", "efimport.watch.hints"):
        monkeypatch.setattr(f"{module}.network_file_system", lambda path: "cifs" if "share" in path.parts else None)
    looks: dict[str, int] = dict.fromkeys(KINDS, 0)
    look = keeping.WatchedFolder.look

    def counted(folder: Any) -> Any:
        looks[folder.ground.folders.root.name] += 1
        return look(folder)

    monkeypatch.setattr(keeping.WatchedFolder, "look", counted)
    ended = threading.Event()
    times = {"settle_time": 0.1, "settle_time_share": 0.1, "pair_time": 0.1}
    watching = Watching(mode="auto", scan_every=600.0, scan_every_share=0.3, **times)
    with desk_means(desk, watching, ended) as means:
        watch = Watch([keeping.Watched(books[1], root) for root in roots.values()], means)
        running = threading.Thread(target=watch.run)
        running.start()
        wait_until(lambda: all((root / "inbox").is_dir() and looks[name] for name, root in roots.items()))
        time.sleep(0.8)
        at_rest = dict(looks)
        for number, root in enumerate(roots.values()):
            (root / "inbox" / "faktura.xml").write_bytes(issued(number))
        wait_until(lambda: all(list(root.rglob("sent/*/faktura.xml")) for root in roots.values()))
        ended.set()
        running.join()
    assert at_rest["local"] <= 2 <= at_rest["share"]


def desk_means(desk: Desk, watching: Watching, ended: threading.Event) -> Any:
    from efimport.api.clock import SystemClock
    from efimport.journal import Journal
    from efimport.messages import Catalogue
    from efimport.settings import Sending

    @contextmanager
    def opened() -> Iterator[Means]:
        with Journal(desk.journal_file) as journal:
            yield Means(
                journal=journal,
                watching=watching,
                sending=Sending(quiet_time=0.2, timeout=5.0),
                catalogue=Catalogue("en"),
                clock=SystemClock(),
                tell=desk.events.append,
                stop=ended.is_set,
            )

    return opened()


def wait_until(reached: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_6_a_duplicate_is_no_error_and_does_not_stay_in_the_inbox(either, sandbox, caplog):
    either.start()
    for name in ("vypis.gpc", "vypis (kopie).gpc"):
        (either.inbox / name).write_bytes(statement(50))
        either.pass_time(60)
    assert len(sandbox.state()["statements"]) == 1
    assert bool(either.failures(caplog)) == either.is_naive
    assert either.lie("inbox") == (["vypis (kopie).gpc"] if either.is_naive else [])
    if either.is_naive:
        assert any(record.exc_info for record in caplog.records)
    else:
        assert either.lie("duplicates") == ["vypis (kopie).gpc"]


def test_7_after_a_share_was_away_no_file_is_new(either, sandbox):
    either.start()
    for number, account in enumerate((OURS, OTHER_ACCOUNT)):
        (either.inbox / f"{number}.gpc").write_bytes(statement(50, account=account))
    # The service takes them; its answers are lost on the way.
    sandbox.add_faults({"fault": "close-after", "times": 2})
    either.pass_time(120)
    assert len(sandbox.state()["statements"]) == 2
    away = either.root.with_name("away")
    either.root.rename(away)
    either.root.mkdir()
    either.pass_time(120)
    assert list(either.root.iterdir()) == []
    either.root.rmdir()
    away.rename(either.root)
    either.pass_time(120)
    doubled = len(sandbox.state()["statements"]) - 2
    assert doubled == (2 if either.is_naive else 0)
    if not either.is_naive:
        assert sandbox.state()["requests"]["total"] == 2
        assert either.lie("unknown") == ["0.gpc", "1.gpc"]


@pytest.mark.parametrize("name", ["faktura.xml", "faktura.xml.filepart"])
def test_8_a_place_holder_and_a_file_under_its_temporary_name_are_left_to_their_program(name, either, sandbox):
    either.start()
    path = either.inbox / name
    path.write_bytes(b"" if name == "faktura.xml" else issued(1)[:500])
    either.pass_time(120)
    taken_away = not path.exists()
    assert taken_away == either.is_naive
    path.write_bytes(issued(1))
    path.rename(either.inbox / "faktura.xml")
    either.pass_time(120)
    assert either.lie("sent") == ["faktura.xml"]
    assert either.lie("rejected") == ([name] if either.is_naive else [])


def test_the_naive_watcher_does_send_what_comes_whole(books, sandbox, tmp_path, make_desk):
    naive = Naive(tmp_path, books[1], sandbox)
    naive.start()
    for number, content in enumerate((issued(1), issued(2), made.CAMT)):
        (naive.inbox / f"{number}.xml").write_bytes(content)
    naive.pass_time(30)
    assert naive.lie("sent") == ["0.xml", "1.xml", "2.xml"]
    assert len(sandbox.state()["documents"]["SalesInvoice"]) == 2
    naive.stop()
