"""The command of the settings that is told of failures, as ``[watch] on_failure = ["mail", "-s", "efimport", "me"]``.

No shell is between. The failures of a round stand on its standard input, a line each in the language of the reader, so
that it can be mailed as it is; the environment says for which folder (``EFIMPORT_FOLDER``), how many
(``EFIMPORT_FAILURES``) and where the state of the watcher is (``EFIMPORT_STATUS``).
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from efimport.api.clock import Clock, SystemClock
from efimport.messages import Catalogue, Message, message
from efimport.watch.events import Event, EventKind, is_failure, line

TIMEOUT = 60.0
"""Seconds that the command may take."""

GRACE = 2.0

OUTPUT_KEPT = 2000
"""Bytes of what the command says that are kept; the rest is read and dropped, so that it never blocks."""


class Hook:
    """Runs the command for failures, beside the watcher: at most one at a time, never in its way.

    Args:
        command: program and arguments; with none of them nothing is ever run.
        timeout: seconds that the command may take; then it is ended together with everything that it started.
        hidden: names of environment variables that it must not see, those that hold secrets.
        tell: told, from another thread, of what the command said and of its own failures, as events of kind ``hook``.
        clock: the time of those events; that of the system for None.
        grace: seconds between the request to end and the end; and those that are waited for the last words of a
            command that has ended and left something running.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        timeout: float = TIMEOUT,
        hidden: Collection[str] = (),
        tell: Callable[[Event], None] | None = None,
        clock: Clock | None = None,
        grace: float = GRACE,
    ) -> None:
        self._command = tuple(command)
        self._timeout = timeout
        self._hidden = frozenset(_key(name) for name in hidden)
        self._tell = tell
        self._clock = clock or SystemClock()
        self._grace = grace
        self._lock = threading.Lock()
        self._waiting: dict[Path, _Round] = {}
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._given_up = False

    def run(self, events: Sequence[Event], *, folder: Path, catalogue: Catalogue, status_file: Path) -> None:
        """Has the command told of the failures among the events, and returns at once.

        While it runs, further failures are gathered, and the next run is told of them together.

        Args:
            events: what happened in a round; what is no failure is left out.
            folder: the watched folder.
            catalogue: language of the lines.
            status_file: the file with the state of the watcher.
        """
        failures = tuple(event for event in events if is_failure(event))
        if not failures or not self._command:
            return
        with self._lock:
            self._given_up = False
            earlier = self._waiting.pop(folder, None)
            self._waiting[folder] = _Round(
                failures=(*earlier.failures, *failures) if earlier else failures,
                folder=folder,
                catalogue=catalogue,
                status_file=status_file,
            )
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="efimport-on-failure", daemon=True)
                self._thread.start()

    def finish(self, timeout: float | None = None) -> bool:
        """Waits until the command was told of everything; ends it when that takes too long.

        Args:
            timeout: seconds to wait at the most; None to leave it to the time that each run may take.

        Returns:
            Whether it was told of everything.
        """
        with self._lock:
            thread = self._thread
        if thread is None:
            return True
        thread.join(timeout)
        if not thread.is_alive():
            return True
        with self._lock:
            self._given_up = True
            self._waiting.clear()
            process = self._process
        if process is not None:
            _end(process, self._grace)
        thread.join(2 * self._grace)
        return False

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                waiting = self._waiting.pop(next(iter(self._waiting)))
            said = self._call(waiting)
            if said is not None and self._tell is not None:
                now = dt.datetime.fromtimestamp(self._clock.time()).astimezone()
                self._tell(Event(at=now, kind=EventKind.HOOK, detail=said))

    def _call(self, waiting: _Round) -> Message | None:
        """Runs the command once; what is to be said about it, None where it did its work without a word."""
        # Arguments stay unnamed: they may hold a key of a chat or a mail service.
        program = self._command[0]
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=self._environment(waiting),
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            return message("The command for failures, {program}, cannot be started: {reason}.",
                           program=program, reason=reason)  # fmt: skip
        with self._lock:
            self._process = process
            # Whoever gave up waiting before the process was there could not end it.
            patience = 0.0 if self._given_up else self._timeout
        output = _Output(process, waiting.text.encode(errors="backslashreplace"))
        try:
            status: int | None = process.wait(patience)
        except subprocess.TimeoutExpired:
            _end(process, self._grace)
            status = None
        finally:
            with self._lock:
                self._process = None
        return _verdict(program, status, output.said(self._grace), patience)

    def _environment(self, waiting: _Round) -> dict[str, str]:
        seen = {name: value for name, value in os.environ.items() if _key(name) not in self._hidden}
        return seen | {
            "EFIMPORT_FOLDER": str(waiting.folder),
            "EFIMPORT_FAILURES": str(len(waiting.failures)),
            "EFIMPORT_STATUS": str(waiting.status_file),
        }


class _Round(msgspec.Struct, frozen=True, kw_only=True):
    """Failures of a folder that the command is to be told of."""

    failures: tuple[Event, ...]
    folder: Path
    catalogue: Catalogue
    status_file: Path

    @property
    def text(self) -> str:
        several = len({event.organization for event in self.failures}) > 1
        return "".join(f"{line(event, self.catalogue, several=several)}\n" for event in self.failures)


class _Output:
    """Feeds a process and listens to it at the same time, so that neither waits for the other."""

    def __init__(self, process: subprocess.Popen[bytes], content: bytes) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._kept = bytearray()
        self._listening = threading.Thread(target=self._listen, args=(process.stdout,), daemon=True)
        self._listening.start()
        threading.Thread(target=_feed, args=(process.stdin, content), daemon=True).start()

    def said(self, patience: float) -> str:
        """The beginning of what it said, in one line; so many seconds are waited for what it left running."""
        self._listening.join(patience)
        text = bytes(self._kept[:OUTPUT_KEPT]).decode(errors="replace")
        return " / ".join(part for row in text.splitlines() if (part := row.strip()))

    def _listen(self, stream: IO[bytes]) -> None:
        with stream, suppress(OSError):
            while piece := os.read(stream.fileno(), 65536):
                self._kept += piece[: max(0, OUTPUT_KEPT - len(self._kept))]


def _feed(stream: IO[bytes], content: bytes) -> None:
    # A command need not read what it is told.
    with suppress(OSError), stream:
        stream.write(content)


def _verdict(program: str, status: int | None, output: str, timeout: float) -> Message | None:
    if status is None:
        return message("The command for failures, {program}, was still running after {seconds} seconds and was ended. "
                       "{output}", program=program, seconds=f"{timeout:g}", output=output)  # fmt: skip
    if status < 0:
        return message("The command for failures, {program}, was ended by signal {signal}. {output}",
                       program=program, signal=-status, output=output)  # fmt: skip
    if status:
        return message("The command for failures, {program}, ended with status {status}. {output}",
                       program=program, status=status, output=output)  # fmt: skip
    if output:
        return message("The command for failures, {program}, said: {output}", program=program, output=output)
    return None


def _end(process: subprocess.Popen[bytes], grace: float) -> None:
    """Ends a process and everything that it started: politely first, then without asking."""
    if sys.platform == "win32":
        with suppress(OSError):
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        _signal(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
        # Also where the command itself has ended: what it started may not have.
        _signal(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(grace)


def _signal(group: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _key(name: str) -> str:
    """The name of an environment variable as the system compares it."""
    return name.upper() if sys.platform == "win32" else name
