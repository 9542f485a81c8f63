"""The watcher of a folder, killed at random moments while several people drop files, and started again.

In the end the sandbox has each document exactly once, every file that was dropped lies in exactly one folder with its
page, and the journal says the same.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from efimport.journal import Place
from efimport.journal.points import FAIL_POINTS, POINTS_OF_FILING
from efimport.watch.moving import MOVE_POINTS
from tests.crash.deliveries import deliveries, plain_set, small_set
from tests.crash.running import Service, kill, say
from tests.crash.watched import Figures, WatchedDesk


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    running = Service(latency=[0.0, 0.03])
    yield running
    running.stop()


USERS = tuple({"username": f"user{number}", "password": "demo"} for number in range(40))


@pytest.fixture(scope="module")
def busy_service() -> Iterator[Service]:
    """One that many send to at the same time, each as a user of their own."""
    running = Service(latency=[0.0, 0.0], users=USERS)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def watcher(workshop, tmp_path_factory, service):
    """A workshop whose processes have loaded all that a watcher needs."""
    desk = WatchedDesk(tmp_path_factory.mktemp("warm"), service, small_set(99, all_kinds=True), settle=0.02)
    desk.drop_all()
    workshop.run({**desk.job("check", "watched/inbox"), "warm_up": ["watch", "watched", "--once", "--mode", "auto"]})
    return workshop


def kill_at_random(watcher, service: Service, place: Path, *, files: int, kills: int, seed: int, writers: int = 4,
                   share: float = 0.0, longest: float = 0.8, rest: float = 0.1) -> Figures:  # fmt: skip
    """People drop files while the watcher is killed so many times."""
    chance = random.Random(seed)
    figures = Figures()
    service.forget()
    if share:
        service.disturb(share, seed)
    desk = WatchedDesk(place, service, deliveries(files, seed=seed))
    desk.drop_by(writers, seed=seed, pause=0.5, rest=rest)
    while figures.kills < kills:
        pid = watcher.begin(desk.watch("--poll", "0.2") if figures.kills % 2 else desk.watch())
        time.sleep(chance.uniform(0.2, longest))
        kill(pid)
        status = watcher.end()
        figures.seen[status] += 1
        assert status == -signal.SIGKILL, desk.said()[-3000:]
        figures.kills += 1
    while not desk.all_dropped():
        figures.seen[watcher.run(desk.watch("--once"))] += 1
    desk.finish(watcher, figures)
    service.disturb(0.0, 0)
    desk.check(figures)
    return figures


def test_kills_among_faults_in_a_fifth_of_the_requests_lose_and_double_nothing(watcher, service, tmp_path):
    figures = kill_at_random(watcher, service, tmp_path, files=40, kills=8, seed=2, share=0.2)
    assert (figures.lost, figures.doubled) == (0, 0)
    assert figures.lines_missing <= 2 * figures.kills


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("share", [0.0, 0.2])
def test_a_thousand_files_and_fifty_kills(watcher, service, tmp_path, capsys, share):
    files, kills = int(os.environ.get("EFIMPORT_FILES", "1000")), int(os.environ.get("EFIMPORT_WATCHER_KILLS", "50"))
    figures = kill_at_random(
        watcher, service, tmp_path, files=files, kills=kills, seed=3, share=share, longest=3.0, rest=0.3
    )
    say(capsys, f"\nthe watcher killed at random, faults in {share:.0%} of the requests: {figures}")
    assert (figures.lost, figures.doubled) == (0, 0)
    assert figures.lines_missing <= 2 * figures.kills


def kill_each(
    watcher,
    service: Service,
    place: Path,
    weaknesses: Sequence[dict],
    *,
    all_kinds: bool = False,
    other_disk: Path | None = None,
) -> Figures:
    """As many watchers as there are weaknesses at the same time, each on a folder of its own; then all once more."""
    figures = Figures()
    service.forget()
    desks = [
        WatchedDesk(
            place / str(number),
            service,
            small_set(number + 1, all_kinds=all_kinds),
            settle=0.02,
            user=USERS[number]["username"],
        )
        for number in range(len(weaknesses))
    ]
    for number, desk in enumerate(desks):
        if other_disk is not None:
            desk.lies_on(other_disk / str(number))
        desk.drop_all()
    jobs = [desk.watch("--once", **weakness) for desk, weakness in zip(desks, weaknesses, strict=True)]
    watcher.begin_all({"together": jobs})
    statuses = watcher.end()
    figures.kills = statuses.count(-signal.SIGKILL)
    figures.seen.update(statuses)
    finish_all(watcher, desks, figures)
    figures.check_books(sum((desk.wanted() for desk in desks), Counter()), service.state(), str(place))
    for desk in desks:
        desk.check_folders(figures)
    return figures


def finish_all(watcher, desks: Sequence[WatchedDesk], figures: Figures) -> None:
    """All watchers until nothing more happens, with people in between."""
    left = list(desks)
    while left:
        watcher.begin_all({"together": [desk.watch("--once") for desk in left]})
        figures.seen.update(watcher.end())
        left = [desk for desk in left if desk.goes_on(figures)]


ELSEWHERE = ("move.write", "move.unlink", "move.back", "begun.note")
"""Steps that a file passes only to another disk, or where somebody writes to it, or in a call that has no key."""
POINTS = tuple(
    point
    for point in (*POINTS_OF_FILING, *MOVE_POINTS, *FAIL_POINTS)
    if point.startswith(("journal.file:", "move.", "spool.", "delivery.")) and not point.startswith(ELSEWHERE)
    # Before one step is after another; the long test takes both.
    if not point.endswith(":before")
)


def test_a_kill_at_every_point_that_a_file_passes_loses_and_doubles_nothing(watcher, busy_service, tmp_path):
    figures = kill_each(watcher, busy_service, tmp_path, [{"kill_at": point} for point in POINTS])
    assert (figures.lost, figures.doubled) == (0, 0)
    assert figures.kills == len(POINTS)


@pytest.fixture
def other_disk() -> Iterator[Path]:
    memory = Path("/dev/shm")
    if not memory.is_dir():
        pytest.skip("There is no other file system here")
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("across", [False, True])
def test_a_kill_at_every_single_step_loses_and_doubles_nothing(
    watcher, busy_service, tmp_path, capsys, other_disk, across
):
    """A step is a point, or a change of a folder; all kinds of files are there, and pass each of them often."""
    figures, first, at_once = Figures(), 1, 8
    while True:
        steps = range(first, first + at_once)
        some = kill_each(
            watcher,
            busy_service,
            tmp_path / str(first),
            [{"kill_at_step": step} for step in steps],
            all_kinds=True,
            other_disk=other_disk / str(first) if across else None,
        )
        figures.add(some)
        first += at_once
        if some.kills < at_once:
            break
    to = "another disk" if across else "the same disk"
    say(capsys, f"\nthe watcher killed at every step, its folders on {to}: {figures}")
    assert (figures.lost, figures.doubled) == (0, 0)
    assert figures.kills > 200


def wait_until(is_so: Callable[[], bool], *, most: float = 60.0) -> None:
    end = time.monotonic() + most
    while not is_so() and time.monotonic() < end:
        time.sleep(0.1)


def terminate(pid: int) -> None:
    """Asks a process to end in good order."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


def others_at_once(watcher, service: Service, place: Path, *, files: int, kills: int, seed: int) -> Figures:
    """Two watchers and an import that is started again and again, of one user and one journal; watchers are killed."""
    chance = random.Random(seed)
    figures = Figures()
    service.forget()
    first = WatchedDesk(place, service, plain_set(files))
    second = WatchedDesk(place, service, plain_set(files, first=files + 1), beside=first)
    imported = plain_set(files, first=2 * files + 1)
    # What somebody else has dropped or imported, too, is no document more.
    shared = plain_set(2 * files).files
    second.dropped.files.append(replace(shared[0], name="also here.xml"))
    for delivery in (
        *imported.files,
        replace(shared[1], name="also imported.xml"),
        replace(shared[files], name="and this.xml"),
    ):
        path = first.desk / "in" / delivery.name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(delivery.content)
    desks = (first, second)
    for desk in desks:
        desk.drop_by(1, seed=seed, pause=0.1, rest=0.1)
    imports = first.job("import", "in", "--yes", "-q", name="imports", times=5)
    for turn in range(kills + 1):
        pids = watcher.begin_all({"together": [*(desk.watch() for desk in desks), imports]})
        if turn < kills:
            time.sleep(chance.uniform(0.5, 1.5))
            kill(chance.choice(pids))
        else:
            wait_until(lambda: all(desk.all_dropped() and desk.is_served() for desk in desks))
        for pid in pids[:2]:
            terminate(pid)
        statuses = watcher.end()
        figures.seen.update(statuses)
        figures.kills += statuses.count(-signal.SIGKILL)
    # Nobody has starved.
    assert all(desk.is_served() for desk in desks)
    while watcher.run(imports) not in (0, 1):
        first.decide(figures)
    finish_all(watcher, desks, figures)
    expected = Counter(imported.expected.documents)
    figures.check_books(sum((desk.wanted() for desk in desks), expected), service.state(), first.said("out"))
    for desk in desks:
        desk.check_folders(figures)
    return figures


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_watchers_and_imports_with_one_journal_double_nothing(watcher, service, tmp_path, capsys):
    figures = others_at_once(watcher, service, tmp_path, files=40, kills=12, seed=5)
    say(capsys, f"\ntwo watchers and imports with one journal: {figures}")
    assert (figures.lost, figures.doubled) == (0, 0)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_kill_at_every_single_step_of_an_import_that_moves_loses_and_doubles_nothing(
    watcher, busy_service, tmp_path, capsys
):
    figures, first, at_once, imports = Figures(), 1, 8, ("import", "watched", "--yes", "--move", "-q")
    busy_service.forget()
    while True:
        some = Figures()
        steps = range(first, first + at_once)
        users = [USERS[step % len(USERS)]["username"] for step in steps]
        places = [tmp_path / str(step) for step in steps]
        desks = [
            WatchedDesk(place, busy_service, small_set(step), settle=0.02, user=user)
            for place, step, user in zip(places, steps, users, strict=True)
        ]
        watcher.begin_all({"together": [desk.watch("--once") for desk in desks]})
        watcher.end()
        for desk in desks:
            desk.drop_all()
        jobs = [desk.job(*imports, kill_at_step=step) for desk, step in zip(desks, steps, strict=True)]
        watcher.begin_all({"together": jobs})
        some.kills = watcher.end().count(-signal.SIGKILL)
        watcher.begin_all({"together": [desk.job(*imports) for desk in desks]})
        assert set(watcher.end()) <= {0, 1, 2}
        for desk in desks:
            desk.check_folders(some)
        figures.add(some)
        first += at_once
        if some.kills < at_once:
            break
    wanted = Counter(f"37{number:05d}" for number in range(1, first))
    figures.check_books(wanted, busy_service.state(), str(tmp_path))
    # An import says in its own words where files went.
    figures.lines_missing = 0
    say(capsys, f"\nan import that moves, killed at every step: {figures}")
    assert figures.kills > 100


class Person(threading.Thread):
    """Moves what waits to be looked at: most of it to be approved, some back to the inbox, and takes some away.

    Attributes:
        taken_away: names of the files that are not there any more.
    """

    def __init__(self, desk: WatchedDesk, seed: int) -> None:
        super().__init__(daemon=True)
        self.taken_away: list[str] = []
        self._desk, self._chance, self._ended = desk, random.Random(seed), threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.05):
            waiting = [path for path in self._desk.documents_in(Place.REVIEW) if self._is_at_rest(path)]
            if waiting:
                self._decide_on(self._chance.choice(waiting))

    def end(self) -> None:
        self._ended.set()
        self.join()

    def _decide_on(self, path: Path) -> None:
        wish = self._chance.random()
        if wish < 0.1:
            path.unlink()
            self.taken_away.append(path.name)
        else:
            path.rename(self._desk.path(Place.INBOX if wish < 0.25 else Place.APPROVE) / path.name)

    @staticmethod
    def _is_at_rest(path: Path) -> bool:
        """A person sees a file with its page, and needs a moment."""
        with suppress(FileNotFoundError):
            return path.with_suffix(".html").exists() and time.time() - path.stat().st_ctime > 1.0
        return False


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_person_decides_while_the_watcher_is_killed(watcher, service, tmp_path, capsys):
    chance, figures = random.Random(7), Figures()
    service.forget()
    desk = WatchedDesk(tmp_path, service, plain_set(150), mode="review")
    desk.drop_by(2, seed=7, pause=0.3, rest=0.2)
    person = Person(desk, seed=7)
    person.start()
    while figures.kills < 30:
        pid = watcher.begin(desk.watch())
        time.sleep(chance.uniform(0.3, 2.0))
        kill(pid)
        figures.seen[watcher.end()] += 1
        figures.kills += 1
    while not desk.all_dropped():
        figures.seen[watcher.run(desk.watch("--once"))] += 1
    person.end()
    desk.forget(person.taken_away)
    desk.finish(watcher, figures)
    desk.check(figures)
    taken_away = len(person.taken_away)
    say(capsys, f"\na person decides while the watcher is killed, {taken_away} files taken away: {figures}")
    assert (figures.lost, figures.doubled) == (0, 0)
    assert taken_away > 3
