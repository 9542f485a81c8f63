"""Several programs at one machine, for minutes, on a bad line, some of them killed: the service counts no breach."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from efimport.sandbox.server import RunningSandbox, start

SECONDS = float(os.environ.get("EFIMPORT_PACE_SECONDS", "60"))
ROOT = Path(__file__).parents[2]


def ask(folder: Path, running: RunningSandbox, token: str, users: Sequence[str]) -> subprocess.Popen[str]:
    """A program that asks as these users."""
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("asking.py")), folder, running.endpoint, token, *users],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def programs(count: int) -> Iterator[list[subprocess.Popen[str] | None]]:
    """Places for programs, all of which are ended."""
    places: list[subprocess.Popen[str] | None] = [None] * count
    yield places
    for program in places:
        if program is not None:
            program.kill()
            program.communicate()


def logins(running: RunningSandbox) -> list[tuple[str, tuple[str, ...]]]:
    """Token and users of each organization."""
    return [
        (played.token, tuple(user.username for user in played.users if user.privileges is None))
        for played in running.organizations
    ]


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_breach_is_counted_on_a_bad_line_with_programs_that_are_killed_and_started_again(tmp_path: Path) -> None:
    chance = random.Random(12)
    with start(organizations=2, users_each=2, jitter=2.0, latency=(0.05, 0.5)) as running, programs(4) as places:
        known = logins(running)
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            place = chance.randrange(len(places))
            program = places[place]
            if program is not None:
                program.send_signal(signal.SIGKILL)
                program.communicate()
            token, users = known[place % len(known)]
            places[place] = ask(tmp_path / "pace", running, token, users)
            time.sleep(chance.uniform(0.5, 8))
        state = running.state()
        assert state["violations"] == {"rate": 0, "concurrency": 0}
        assert state["limits"]["most_starts_in_a_period"] <= 4
        assert state["requests"]["total"] >= 0.2 * SECONDS


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_single_program_sends_at_least_93_requests_in_100_seconds(tmp_path: Path) -> None:
    with start(latency=(0.05, 0.5)) as running, programs(1) as places:
        ((token, users),) = logins(running)
        places[0] = ask(tmp_path / "pace", running, token, users[:1])
        assert places[0].stdout is not None
        places[0].stdout.readline()
        began, before = time.monotonic(), running.state()["requests"]["total"]
        time.sleep(max(SECONDS, 60))
        rate = (running.state()["requests"]["total"] - before) / (time.monotonic() - began)
        assert running.state()["violations"] == {"rate": 0, "concurrency": 0}
        assert rate >= 0.93, f"{rate:.4f} requests a second"


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_two_organizations_share_the_pace_evenly(tmp_path: Path) -> None:
    with start(organizations=2, users_each=1, latency=(0.05, 0.3)) as running, programs(2) as places:
        for place, (token, users) in enumerate(logins(running)):
            places[place] = ask(tmp_path / "pace", running, token, users)
        time.sleep(max(SECONDS / 2, 30))
        counts = [sum(one["requests"]["by_user"].values()) for one in running.state()["organizations"].values()]
        assert abs(counts[0] - counts[1]) <= 3
        assert sum(counts) >= 0.8 * max(SECONDS / 2, 30)
