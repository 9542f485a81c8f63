"""A clerk at a machine of their own, who calls the program in this process or in a terminal."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from efimport.cli.main import main
from efimport.sandbox.server import RunningSandbox, start
from tests.acceptance.wrong import GOOD, ISSUED
from tests.canaries import PASSWORD, TOKEN

IN_A_TERMINAL = """
import fcntl, runpy, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
sys.argv[0] = "efimport"
runpy.run_module("efimport", run_name="__main__")
"""
"""The program as ``efimport``, with the terminal as its own, so that Ctrl-C reaches it."""


class Done(NamedTuple):
    """What came of a call of the program."""

    status: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.out)
        return loaded


class Clerk:
    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def run(self, *arguments: object, stdin: str | None = None) -> Done:
        """The program as ``efimport ARGUMENTS``."""
        self._monkeypatch.setattr(sys, "argv", ["efimport", *map(str, arguments)])
        if stdin is not None:
            self._monkeypatch.setattr(sys, "stdin", _Piped(stdin))
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main()
        out, err = self._capsys.readouterr()
        assert isinstance(ending.value.code, int)
        # Amounts do not break at the end of a line; a test need not know.
        return Done(ending.value.code, out.replace("\u00a0", " "), err.replace("\u00a0", " "))

    def write(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def invoice(self, name: str = "invoice.xml", *, number: str = "260000001", firm: str = "Pekárna s.r.o.") -> Path:
        """A POHODA pack of one issued invoice."""
        text = ISSUED.replace("@@", firm).replace("<typ:numberRequested>1<", f"<typ:numberRequested>{number}<")
        return self.write(name, text)

    def statement(self, name: str = "statement.gpc") -> Path:
        """A bank statement that closes."""
        return self.write(name, GOOD)


class _Piped:
    """Standard input that is no terminal."""

    def __init__(self, text: str) -> None:
        self._lines = iter(text.splitlines(keepends=True))

    def isatty(self) -> bool:
        return False

    def readline(self, *_: object) -> str:
        return next(self._lines, "")


@pytest.fixture
def clerk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Clerk:
    folder, home = tmp_path / "desk", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    for kind in ("DATA", "STATE", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    monkeypatch.setenv("HOME", str(home))
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C.UTF-8")
    monkeypatch.chdir(folder)
    return Clerk(folder, monkeypatch, capsys)


@pytest.fixture
def sandbox(clerk: Clerk) -> Iterator[RunningSandbox]:
    """A sandbox that the clerk's settings point to, with a quiet time that a test can wait for."""
    users = ({"username": "kanarek", "password": PASSWORD},)
    with start("CZ", accept_any_account=True, token=TOKEN, users=users) as running:
        settings = re.sub(r"quiet_time = .*", "quiet_time = 0.5\ntimeout = 5", running.settings())
        clerk.write("efimport.toml", settings)
        yield running


class Terminal:
    """The program in a terminal of 100 columns."""

    def __init__(self, folder: Path, *arguments: object) -> None:
        self._screen, theirs = pty.openpty()
        environment = os.environ | {"COLUMNS": "100", "TERM": "xterm"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", IN_A_TERMINAL, *map(str, arguments)],
            cwd=folder,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._seen = ""

    @property
    def text(self) -> str:
        """Everything shown so far, without colours and movements of the cursor."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._seen).replace("\r", "")

    def wait_for(self, text: str, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < deadline, self.text
            self._read(0.2)

    def type(self, text: str) -> None:
        os.write(self._screen, text.encode())

    def interrupt(self, seconds: float = 20) -> None:
        """Ctrl-C as people press it: once more when nothing happens.

        A signal between the question and the reading of its answer is seen by Python with the next key only.
        """
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            self.type("\x03")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(4)

    def end(self, seconds: float = 30) -> int:
        """The exit status; everything that is still shown is read."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.text
            self._read(0.1)
        while self._read(0.1):
            pass
        return self.process.returncode

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        os.close(self._screen)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._screen], [], [], seconds)[0]:
            return False
        try:
            shown = os.read(self._screen, 65536)
        except OSError:
            return False
        self._seen += shown.decode("utf-8", "replace")
        return bool(shown)


@pytest.fixture
def terminal(clerk: Clerk) -> Iterator[Any]:
    opened: list[Terminal] = []

    def call(*arguments: object) -> Terminal:
        opened.append(Terminal(clerk.folder, *arguments))
        return opened[-1]

    yield call
    for one in opened:
        one.close()
