"""Ctrl-C, SIGTERM and SIGHUP as a person or the system sends them, to the program in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from efimport.journal import Journal, Stage
from tests.acceptance.made import numbered
from tests.crash.test_import import Service

ROOT = Path(__file__).resolve().parents[2]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Desk:
    """A person's folder with three invoices, and the program."""

    def __init__(self, place: Path) -> None:
        self.place = place
        (place / "in").mkdir()
        for number in range(3):
            (place / "in" / f"{number}.xml").write_bytes(numbered(number))
        homes = {f"XDG_{kind}_HOME": str(place / kind.lower()) for kind in ("DATA", "STATE", "CONFIG", "CACHE")}
        self.environment = {
            **os.environ, **homes, "HOME": str(place), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)
        }  # fmt: skip

    def settle_at(self, endpoint: str, *, quiet_time: float = 30.0) -> None:
        (self.place / "efimport.toml").write_text(
            f'default_organization = "acme"\n[journal]\nurl = "sqlite:///journal.sqlite3"\n[organizations.acme]\n'
            f'endpoint = "{endpoint}"\ntoken = "SANDBOX"\nusers = [{{ username = "demo", password = "demo" }}]\n'
            f"[sending]\nquiet_time = {quiet_time}\n"
        )

    def start(self, *before: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*before, sys.executable, "-m", "efimport", "import", "in", "--yes"],
            cwd=self.place,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def stages(self) -> list[str]:
        if not (self.place / "journal.sqlite3").exists():
            return []
        with Journal(self.place / "journal.sqlite3") as journal:
            return sorted(entry.stage.value for entry in journal.list())


@pytest.fixture(scope="module")
def slow() -> Iterator[Service]:
    running = Service(latency=[0.0, 0.02])
    yield running
    running.stop()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def wait_until(true, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def ended(running: subprocess.Popen[str], seconds: float) -> tuple[int, str, float]:
    begun = time.monotonic()
    _, said = running.communicate(timeout=seconds)
    assert "Traceback" not in said, said
    return running.returncode, said, time.monotonic() - begun


@pytest.mark.parametrize(
    "number", [pytest.param(one, marks=pytest.mark.slow if one != signal.SIGTERM else ()) for one in SIGNALS]
)
def test_the_first_wish_finishes_the_request_in_flight_and_says_what_is_left(desk, slow, number):
    slow.forget()
    slow.add_faults([{"fault": "delay", "seconds": 1.5}])
    desk.settle_at(slow.endpoint)
    running = desk.start()
    wait_until(lambda: Stage.SENDING.value in desk.stages())
    running.send_signal(number)
    status, said, _ = ended(running, 10)
    assert status == 1
    assert desk.stages() == ["accepted", "planned", "planned"]
    assert "2 requests were not sent" in said
    assert "run the same import again" in said
    assert len(slow.state()["documents"]["SalesInvoice"]) == 1


def test_the_second_wish_ends_at_once_and_the_next_run_settles_what_was_in_flight(desk, slow):
    slow.forget()
    slow.add_faults([{"fault": "delay", "seconds": 2.0}])
    desk.settle_at(slow.endpoint, quiet_time=2.5)
    running = desk.start()
    wait_until(lambda: Stage.SENDING.value in desk.stages())
    running.send_signal(signal.SIGINT)
    time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    status, said, _ = ended(running, 10)
    assert status == 3, said
    assert "journal resolve 1" in said
    assert desk.stages() == ["planned", "planned", "sending"]
    status, said, _ = ended(desk.start(), 30)
    assert status == 0, said
    assert desk.stages() == ["accepted"] * 3
    assert len(slow.state()["documents"]["SalesInvoice"]) == 3


@pytest.mark.parametrize(
    ("faults", "waits"),
    [
        pytest.param([{"fault": "429", "times": 0}], "The service is busy", marks=pytest.mark.slow),
        pytest.param([{"fault": "close-after", "times": 3}], "quiet time", marks=pytest.mark.slow),
    ],
)
def test_a_wait_is_said_and_ends_with_the_wish_to_stop(desk, slow, faults, waits):
    slow.forget()
    slow.add_faults(faults)
    desk.settle_at(slow.endpoint)
    running = desk.start()
    said = ""
    while waits not in said:
        line = running.stderr.readline()
        assert line, said
        said += line
    assert "Waiting" in said
    running.send_signal(signal.SIGINT)
    status, _, seconds = ended(running, 10)
    assert status == (3 if "quiet" in waits else 1)
    assert seconds < 3
    assert set(desk.stages()) == ({"unknown"} if "quiet" in waits else {"planned"})


@pytest.mark.slow
def test_a_hangup_that_the_program_was_told_to_ignore_stays_ignored(desk, slow):
    slow.forget()
    slow.add_faults([{"fault": "delay", "seconds": 1.5}])
    desk.settle_at(slow.endpoint)
    running = desk.start("nohup")
    wait_until(lambda: Stage.SENDING.value in desk.stages())
    running.send_signal(signal.SIGHUP)
    assert ended(running, 20)[0] == 0
    assert desk.stages() == ["accepted"] * 3
