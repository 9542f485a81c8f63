"""The watcher of a folder, killed at random moments while several people drop files, and started again.

In the end the sandbox has each document exactly once, every file that was dropped lies in exactly one folder with its
page, and the journal says the same.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.running import Service, kill
from tests.crash.watched import Figures, WatchedDesk, deliveries


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def watcher(workshop, tmp_path_factory, service):
    """A workshop whose processes have loaded all that a watcher needs."""
    desk = WatchedDesk(tmp_path_factory.mktemp("warm"), service, deliveries(12, seed=0), mode="review", settle=0.05)
    desk.drop_all()
    workshop.run({**desk.job("check", "watched/inbox"), "warm_up": ["watch", "watched", "--once"]})
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
    desk.wait_for_writers()
    desk.finish(watcher, figures)
    service.disturb(0.0, 0)
    desk.check(figures)
    return figures


def test_kills_at_random_lose_and_double_nothing(watcher, service, tmp_path):
    figures = kill_at_random(watcher, service, tmp_path, files=45, kills=9, seed=1)
    assert (figures.lost, figures.doubled) == (0, 0)
    assert figures.lines_missing <= 2 * figures.kills
