from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

PROGRAM = (sys.executable, "-m", "efimport")


@dataclass
class Person:
    """Somebody at a machine: a folder of their own, their own settings, journal and pace."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(
        self, *arguments: object, seconds: float = 100, input_: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """efimport as this person calls it."""
        return subprocess.run(
            [*PROGRAM, *(str(one) for one in arguments)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
        )

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """efimport in the background."""
        return subprocess.Popen(
            [*PROGRAM, *(str(one) for one in arguments)],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def python(self, *arguments: object, seconds: float = 100) -> subprocess.CompletedProcess[str]:
        """A script of this person's."""
        done = subprocess.run(
            [sys.executable, *(str(one) for one in arguments)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, done.stderr
        return done

    def report(self, *arguments: object, status: int | None = None, seconds: float = 100) -> dict[str, Any]:
        """The JSON report that efimport prints."""
        done = self.run(*arguments, "--json", seconds=seconds)
        assert done.returncode in ((0, 1, 3) if status is None else (status,)), done.stderr
        assert "Traceback" not in done.stderr
        loaded: dict[str, Any] = json.loads(done.stdout)
        return loaded

    def write(self, name: str, content: bytes) -> Path:
        """A file in the person's folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


class Sandbox:
    """``efimport sandbox`` as a program of its own, and settings of the person that fit it."""

    def __init__(self, person: Person) -> None:
        self.process = person.start("sandbox", "--latency", "0.05", "0.3")
        lines = []
        assert self.process.stdout is not None
        self.endpoint = self.process.stdout.readline().strip()
        while not (line := self.process.stdout.readline()).startswith("quiet_time"):
            lines.append(line)
        person.write("efimport.toml", ("".join(lines) + "quiet_time = 1.5\n").encode())

    def state(self) -> dict[str, Any]:
        """What the sandbox holds and has counted."""
        with urllib.request.urlopen(self._place("state"), timeout=10) as answer:
            loaded: dict[str, Any] = json.load(answer)
            return loaded

    def numbers(self) -> list[str]:
        """Numbers of all documents that it holds, sorted."""
        return sorted(document["number"] for kind in self.state()["documents"].values() for document in kind)

    def add_faults(self, *faults: dict[str, Any]) -> None:
        """What goes wrong at the next requests."""
        urllib.request.urlopen(self._place("faults"), data=json.dumps(faults).encode(), timeout=10).close()

    def forget(self) -> None:
        """Everything that was imported is deleted there."""
        urllib.request.urlopen(self._place("reset"), data=b"", timeout=10).close()

    def _place(self, name: str) -> str:
        return self.endpoint.partition("/WebServices")[0] + f"/_sandbox/{name}"


@pytest.fixture
def sandbox(person: Person) -> Iterator[Sandbox]:
    running = Sandbox(person)
    yield running
    running.process.send_signal(signal.SIGINT)
    running.process.communicate(timeout=20)


def somebody(place: Path) -> Person:
    """A person with nothing in the folder and nothing remembered."""
    (place / "desk").mkdir()
    (place / "home").mkdir()
    return returned(place)


def returned(place: Path) -> Person:
    """Somebody who was here before."""
    home = place / "home"
    places = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("DATA", "STATE", "CONFIG", "CACHE")}
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "LC_", "LANG"))}
    return Person(place / "desk", plain | places | {"HOME": str(home), "LC_ALL": "C.UTF-8"})


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return somebody(tmp_path)


@dataclass
class Trial:
    """The samples, imported into a sandbox with every kind of report."""

    person: Person
    report: dict[str, Any]


class TrialOfAll:
    """One trial for all processes of the session, made by whichever of them asks first.

    It takes most of a minute at the pace of the service. So it begins in the background with the first test of this
    folder, and the tests that look at it are the last of the session.
    """

    def __init__(self, places: pytest.TempPathFactory) -> None:
        spread = "PYTEST_XDIST_WORKER" in os.environ
        self._shared = places.getbasetemp().parent if spread else places.getbasetemp()
        # The process that makes it also looks for secrets in what it wrote.
        self._place = places.mktemp("trial")
        self._person = somebody(self._place)

    def __call__(self) -> Trial:
        """The trial, once it is made."""
        where = self._shared / "trial.txt"
        with FileLock(self._shared / "trial.lock"):
            if not where.exists():
                self._make()
                where.write_text(str(self._place), encoding="utf-8")
        person = returned(Path(where.read_text(encoding="utf-8")))
        return Trial(person, json.loads((person.folder / "told.json").read_text(encoding="utf-8")))

    def _make(self) -> None:
        samples = Path(__file__).resolve().parents[2] / "samples"
        self._person.run("import", samples, "--dry-run", "--to", "sandbox", "--save-requests", "planned")
        reports = [argument for kind in ("html", "xlsx") for argument in ("--report", f"report.{kind}")]
        told = self._person.report("import", samples, "--to", "sandbox", "--save-requests", "sent", *reports)
        (self._person.folder / "told.json").write_text(json.dumps(told), encoding="utf-8")


def looks_at_trial(item: pytest.Item) -> bool:
    return "trial" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=looks_at_trial)


@pytest.fixture(scope="session", autouse=True)
def trial_of_all(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrialOfAll]:
    one = TrialOfAll(tmp_path_factory)
    with ThreadPoolExecutor(1) as background:
        if any(looks_at_trial(item) for item in request.session.items):
            # Should it fail, the first test that looks at it makes it anew and says why.
            background.submit(one)
        yield one


@pytest.fixture(scope="session")
def trial(trial_of_all: TrialOfAll) -> Trial:
    return trial_of_all()
