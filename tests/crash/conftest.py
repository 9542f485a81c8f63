from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent


class Workshop:
    """Processes to be killed, forked from one that has loaded everything."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "child.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(HERE.parent.parent)},
        )

    def begin(self, job: dict) -> int:
        """Starts a job; returns the number of its process."""
        return self.begin_all(job)[0]

    def begin_all(self, job: dict) -> list[int]:
        """Starts a job, or several ``together``; returns the numbers of their processes."""
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        word, *numbers = self.process.stdout.readline().split()
        assert word == "pid"
        return [int(number) for number in numbers]

    def end(self):
        """Waits for the job; returns its exit status, negative for the signal that killed it."""
        return json.loads(self.process.stdout.readline())["status"]

    def run(self, job: dict) -> int:
        self.begin(job)
        return self.end()

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    started = Workshop()
    yield started
    started.stop()


def _load_kit() -> None:
    name = "efimport_delivery_kit"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE.parent / "delivery" / "kit.py")
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])


_load_kit()
