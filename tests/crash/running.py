"""The sandbox as a process beside the ones that are killed, and what the crash tests say and ask of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAULTS = ("close-before", "close-after", "cut-body", "429", "html-500", "html-500-after", "delay", "garbage",
          "garbage-after", "close-late", "lock")  # fmt: skip
QUIET = 0.5
"""Seconds; longer than the sandbox ever works on a request here."""
LATE = 0.2


class Service:
    """The sandbox."""

    def __init__(self, **options) -> None:
        options = {"site": "CZ", "period": 0, "latency": [0.01, 0.06], "accept_any_account": True, **options}
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("service.py")), json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.endpoint = self.process.stdout.readline().strip()

    def state(self) -> dict:
        with urllib.request.urlopen(self._place("state"), timeout=20) as answer:
            return json.load(answer)

    def disturb(self, share: float, seed: int) -> None:
        self.add_faults({"share": share, "seed": seed, "faults": FAULTS, "seconds": LATE})

    def add_faults(self, faults: dict | list) -> None:
        urllib.request.urlopen(self._place("faults"), data=json.dumps(faults).encode(), timeout=20).close()

    def forget(self) -> None:
        urllib.request.urlopen(self._place("reset"), data=b"", timeout=20).close()

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()

    def _place(self, name: str) -> str:
        return self.endpoint.partition("/WebServices")[0] + f"/_sandbox/{name}"


def numbers(state: dict) -> list[str]:
    return [document["number"] for kind in state["documents"].values() for document in kind]


def say(capsys, text: str) -> None:
    """The figures of a long test, whether it fails or not."""
    with capsys.disabled():
        sys.stdout.write(text + "\n")


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        # It was faster.
        return
