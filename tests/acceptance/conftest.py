from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

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

    def report(self, *arguments: object, status: int | None = None, seconds: float = 100) -> dict[str, Any]:
        """The JSON report that efimport prints."""
        done = self.run(*arguments, "--json", seconds=seconds)
        assert done.returncode in ((0, 1, 3) if status is None else (status,)), done.stderr
        assert "Traceback" not in done.stderr
        loaded: dict[str, Any] = json.loads(done.stdout)
        return loaded


@pytest.fixture
def person(tmp_path: Path) -> Person:
    folder = tmp_path / "desk"
    home = tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    places = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("DATA", "STATE", "CONFIG", "CACHE")}
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "LC_", "LANG"))}
    return Person(folder, plain | places | {"HOME": str(home), "LC_ALL": "C.UTF-8"})
