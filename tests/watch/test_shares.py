"""A share that goes away and comes back: nothing is called, nothing is new, nothing is moved, nothing is written."""

from __future__ import annotations

import contextlib
import errno
import io
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from efimport.journal import Place
from efimport.watch import batch, finishing, keeping, taking, watched
from efimport.watch.folder_disk import FolderDisk
from efimport.watch.presence import MARKER
from tests.acceptance import route_files as made
from tests.watch.desk import Desk, issued, patient
from tests.watch.resting import lay

LAID = {Place.INBOX: 3, Place.REVIEW: 4, Place.SENT: 3}
"""Ten files; how many times as many there are is said where they are laid."""


class Share:
    """A watched folder on a share that can go away.

    Args:
        desk: the folder.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.kept = desk.root.with_name("kept")
        self.is_away = False

    def leave_an_empty_place(self) -> None:
        """The share is gone; what it was mounted on is there, empty."""
        self.desk.root.rename(self.kept)
        self.desk.root.mkdir()
        self.is_away = True

    def come_back(self) -> None:
        """The share is there again; nobody has written anything in its place."""
        assert list(self.desk.root.iterdir()) == []
        self.desk.root.rmdir()
        self.kept.rename(self.desk.root)
        self.is_away = False

    @contextlib.contextmanager
    def with_an_empty_place(self) -> Iterator[None]:
        self.leave_an_empty_place()
        yield
        self.come_back()

    @contextlib.contextmanager
    def without_a_place(self) -> Iterator[None]:
        self.desk.root.rename(self.kept)
        yield
        assert not self.desk.root.exists()
        self.kept.rename(self.desk.root)

    @contextlib.contextmanager
    def without_its_marker(self) -> Iterator[None]:
        marker, aside = self.desk.root / MARKER, self.kept
        marker.rename(aside)
        yield
        assert not marker.exists()
        aside.rename(marker)

    @contextlib.contextmanager
    def failing(self, number: int) -> Iterator[None]:
        """Every question to the share is answered with an error."""
        root = os.fspath(self.desk.root)

        def fails(do: Callable[..., Any]) -> Callable[..., Any]:
            def done(path: Any = ".", *arguments: Any, **options: Any) -> Any:
                if not isinstance(path, int) and os.fspath(path).startswith(root):
                    raise OSError(number, os.strerror(number), os.fspath(path))
                return do(path, *arguments, **options)

            return done

        with pytest.MonkeyPatch.context() as patched:
            for owner, name in ((os, "scandir"), (os, "listdir"), (os, "lstat"), (os, "stat"), (os, "open")):
                patched.setattr(owner, name, fails(getattr(owner, name)))
            patched.setattr(io, "open", fails(io.open))
            yield

    @contextlib.contextmanager
    def on_another_server(self, seconds: int) -> Iterator[None]:
        """The share comes back from a copy: all numbers are others, and times are those of a coarse file system."""
        with self.with_an_empty_place():
            yield
            copy = self.kept.with_name("copy")
            shutil.copytree(self.kept, copy, symlinks=True)
            shutil.rmtree(self.kept)
            for path in copy.rglob("*"):
                modified = int(path.stat().st_mtime) // seconds * seconds
                os.utime(path, (modified, modified))
            copy.rename(self.kept)


WAYS: dict[str, Callable[[Share], Any]] = {
    "empty place": lambda share: share.with_an_empty_place(),
    "no place": lambda share: share.without_a_place(),
    "no marker": lambda share: share.without_its_marker(),
    "stale": lambda share: share.failing(errno.ESTALE),
    "fault": lambda share: share.failing(errno.EIO),
    "other numbers, 1 s": lambda share: share.on_another_server(1),
    "other numbers, 2 s": lambda share: share.on_another_server(2),
}


@pytest.fixture
def make_share(make_desk, monkeypatch) -> Callable[[int], Share]:
    """Makes a share with so many files: unfinished, to be reviewed, and sent."""
    # No power is cut here.
    monkeypatch.setattr(os, "fsync", lambda _: None)

    def make(count: int) -> Share:
        desk = make_desk(watching=patient(unfinished_after=1e6))
        for place, tenths in LAID.items():
            lay(desk, place, tenths * count // 10)
        for _ in range(3):
            desk.look()
            desk.clock.advance(10)
        desk.events.clear()
        return Share(desk)

    return make


@pytest.fixture
def share(make_share) -> Share:
    return make_share(20)


def tree(root: Path) -> dict[str, bytes]:
    """All files but those that are written again and again as a sign of life."""
    passing = {"status.html", "status.json", "efimport-status.json"}
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name not in passing and not path.name.startswith(".efimport-")
    }


MANY = ("empty place",)


@pytest.mark.parametrize("way", WAYS)
def test_a_share_goes_away_and_comes_back_with_1000_files_too(way, make_share, sandbox):
    share = make_share(1000 if way in MANY else 20)
    desk = share.desk
    rows, files = set(desk.rows()), tree(desk.root)
    with WAYS[way](share):
        for _ in range(5):
            desk.look()
            desk.clock.advance(70)
    for _ in range(4):
        desk.look()
        desk.clock.advance(30)
    assert desk.kinds() == ["away", "back"]
    assert sandbox.state()["requests"]["total"] == 0
    assert set(desk.rows()) == rows
    assert tree(desk.root) == files


def test_a_share_that_comes_and_goes_all_the_time_changes_nothing(share, sandbox):
    desk = share.desk
    rows = set(desk.rows())
    for way in itertools.islice(itertools.cycle(list(WAYS)[:5]), 6):
        with WAYS[way](share):
            desk.look()
        desk.clock.advance(30)
        desk.look()
        desk.clock.advance(30)
    assert desk.kinds() == ["away", "back"] * 6
    assert set(desk.rows()) == rows


def test_a_watcher_that_starts_while_the_share_is_away_writes_nothing(share, sandbox):
    desk = share.desk
    rows = set(desk.rows())
    desk.stop()
    with share.with_an_empty_place(), pytest.raises(AssertionError):
        # The desk refuses to start where the folder is not there; the program waits for it.
        desk.start()
    desk.stop()
    desk.start()
    desk.look()
    assert set(desk.rows()) == rows
    assert sandbox.state()["requests"]["total"] == 0


# In the middle of the work


class Leaving(FolderDisk):
    """A disk that goes away right before its so-manieth operation.

    Args:
        share: the share that it is.
        at: which operation; 0 for none.
    """

    def __init__(self, share: Share, at: int) -> None:
        self.share, self.at, self.count = share, at, 0
        self.counts = False

    def step(self) -> None:
        """An operation begins."""
        self.count += self.counts
        if self.counts and self.count == self.at:
            self.share.leave_an_empty_place()


def counted(name: str) -> Callable[..., Any]:
    do = getattr(FolderDisk, name)

    def done(self: Leaving, *arguments: Any, **options: Any) -> Any:
        self.step()
        return do(self, *arguments, **options)

    return done


for operation in ("reserve", "create", "open", "write_all", "sync", "sync_file", "sync_folder", "rename", "unlink"):
    setattr(Leaving, operation, counted(operation))


@contextlib.contextmanager
def counting_steps(disk: Leaving) -> Iterator[None]:
    """The steps of the work that are none of the disk's count, too."""
    steps = [
        (watched, "scan"),
        (taking, "digest_of"),
        (batch, "build_plan"),
        (batch, "digest_of"),
        (batch, "deliver"),
        (finishing, "free_name"),
        (finishing, "put_in_place"),
        (finishing, "write_page"),
    ]

    def stepping(do: Callable[..., Any]) -> Callable[..., Any]:
        def done(*arguments: Any, **options: Any) -> Any:
            disk.step()
            return do(*arguments, **options)

        return done

    with pytest.MonkeyPatch.context() as patched:
        for owner, name in steps:
            patched.setattr(owner, name, stepping(getattr(owner, name)))
        patched.setattr(disk, "counts", True)
        yield


def work_on_a_share_that_leaves(desk: Desk, at: int) -> Leaving:
    """Files of every fate are dropped and worked on; the share leaves, and comes back after a while.

    In the mode of review it leaves when a person has moved some of them to be approved.
    """
    share = Share(desk)
    disk = Leaving(share, at)
    desk.stop()
    desk.start(folder_disk=disk)
    desk.drop("a.xml", issued(1))
    desk.drop("kopie/a.xml", issued(1))
    desk.drop("pozor.xml", issued(2).replace(b"<inv:dateDue>2026", b"<inv:dateDue>2020"))
    desk.drop("vypis.pdf", made.pdf("vypis"))
    desk.drop("vypis.xml", made.CAMT)
    desk.drop("text.txt", b"Call them.\n")
    if desk.watching.mode == "review":
        desk.settle()
        for name in ("a.xml", "vypis.xml"):
            desk.move(name, Place.REVIEW, Place.APPROVE)
    # What is written as a sign of life is no document; the share leaves in the middle of the work.
    for _ in range(8):
        with counting_steps(disk):
            desk.folder.look()
        desk.showing.show()
        desk.clock.advance(5)
    if share.is_away:
        desk.clock.advance(200)
        desk.look()
        desk.clock.advance(200)
        share.come_back()
    for _ in range(3):
        desk.settle()
        desk.clock.advance(400)
    return disk


FATES = {
    Place.SENT: ["a.xml", "vypis.pdf", "vypis.xml"],
    Place.DUPLICATES: ["a.xml"],
    Place.REVIEW: ["pozor.xml"],
    Place.REJECTED: ["text.txt"],
}


def check_all_is_as_if_it_had_stayed(desk: Desk, sandbox: Any, at: int) -> None:
    assert desk.documents() == FATES, at
    assert (len(sandbox.state()["documents"]["SalesInvoice"]), len(sandbox.state()["statements"])) == (1, 1), at
    assert sandbox.state()["requests"]["total"] == 2, at
    assert len(desk.rows()) == 6, at
    assert "withdrawn" not in desk.kinds(), at
    pages = [path for path in desk.root.rglob("*.html") if path.parent != desk.root]
    assert len(pages) == 5, at
    assert not [path for path in desk.root.rglob(".*") if path.suffix == ".part"], at
    desk.check_invariants()


@pytest.mark.parametrize(("mode", "at"), [("auto", 0), ("auto", 9), ("auto", 34), ("review", 3), ("review", 21)])
def test_a_share_that_leaves_in_the_middle_of_the_work_loses_and_doubles_nothing(mode, at, make_desk, sandbox):
    desk = make_desk(watching=patient(mode=mode))
    work_on_a_share_that_leaves(desk, at)
    check_all_is_as_if_it_had_stayed(desk, sandbox, at)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", ["auto", "review"])
def test_a_share_that_leaves_at_any_step_of_the_work_loses_and_doubles_nothing(mode, make_desk, sandbox):
    steps = work_on_a_share_that_leaves(make_desk(watching=patient(mode=mode)), 0).count
    assert steps > 50
    for at in range(1, steps + 1):
        sandbox.reset()
        desk = make_desk(watching=patient(mode=mode))
        work_on_a_share_that_leaves(desk, at)
        check_all_is_as_if_it_had_stayed(desk, sandbox, at)
        desk.stop()


# Local and elsewhere at once


def test_a_share_and_a_local_folder_have_each_its_own_times(make_desk, monkeypatch):
    desk = make_desk(watching=patient(settle_time=3.0, settle_time_share=17.0, scan_every=31.0, scan_every_share=61.0))
    desk.stop()
    found: dict[str, tuple[float, set[float]]] = {}
    monkeypatch.setattr(keeping, "network_file_system", lambda path: "cifs" if "share" in path.parts else None)

    def noted(*_: Any, settling: Any, every: float, presence: Any, **more: Any) -> Any:
        found[presence._folders.root.name] = every, {one._quiet for one in settling.values()}
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping, "WatchedFolder", noted)
    for name in ("local", "share"):
        (desk.root / name).mkdir()
        desk.stack.close()
        with keeping_means(desk) as means, pytest.raises(KeyboardInterrupt):
            keeping.Keeper(keeping.Watched(desk.organization, desk.root / name), means).keep(once=True)
    assert found == {"local": (31.0, {3.0}), "share": (61.0, {17.0})}


@contextlib.contextmanager
def keeping_means(desk: Desk) -> Iterator[Any]:
    from efimport.journal import Journal
    from efimport.watch.ground import Means

    before = desk.folder.ground
    with Journal(desk.journal_file) as journal:
        yield Means(
            journal=journal,
            watching=desk.watching,
            sending=before.sending,
            catalogue=before.catalogue,
            clock=desk.clock,
            tell=desk.events.append,
            stop=before.stop,
        )
