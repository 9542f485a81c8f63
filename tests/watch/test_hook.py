from __future__ import annotations

import datetime as dt
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from efimport.messages import Catalogue, message
from efimport.testing import FakeClock
from efimport.watch.events import Event, EventKind, is_failure
from efimport.watch.hook import OUTPUT_KEPT, Hook
from tests.report.test_canaries import CANARIES, LIVE

AT = dt.datetime(2026, 11, 21, 14, 4, 5, tzinfo=dt.UTC)
NO_TIME_LIMIT = 30.0


def failure(file: str = "inbox/a.gpc", kind: EventKind = EventKind.REJECTED, **fields: object) -> Event:
    return Event(at=AT, kind=kind, file=file, **fields)


class Told:
    """What a hook tells of itself, and a program for it that writes down what it was told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events: list[Event] = []
        self.hooks: list[Hook] = []

    @property
    def says(self) -> list[str]:
        return [event.detail for event in self.events]

    def hook(self, code: str, *arguments: str, **options: object) -> Hook:
        script = self.folder / f"hook-{len(self.hooks)}.py"
        script.write_text(f"import os, pathlib, signal, subprocess, sys, time\n{code}\n", encoding="utf-8")
        hook = Hook([sys.executable, "-S", "-E", str(script), *arguments], tell=self.events.append, **options)
        self.hooks.append(hook)
        return hook

    def run(self, hook: Hook, *events: Event, language: str = "en", folder: Path | None = None) -> None:
        hook.run(
            events,
            folder=folder or self.folder,
            catalogue=Catalogue(language),
            status_file=self.folder / ".efimport-status.json",
        )


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    told = Told(tmp_path)
    yield told
    for hook in told.hooks:
        hook.finish(0)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + NO_TIME_LIMIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


COPY = "pathlib.Path(sys.argv[1]).open('a', encoding='utf-8').write(sys.stdin.buffer.read().decode('utf-8'))"


def test_the_command_gets_a_line_for_each_failure_and_only_for_failures(told: Told, tmp_path: Path) -> None:
    hook = told.hook(COPY, str(tmp_path / "mail"))
    sent = failure("inbox/b.gpc", EventKind.SENT)
    told.run(hook, failure("inbox/výpis.gpc", detail=message("Nobody translated this.")), sent, failure())
    assert hook.finish()
    mail = (tmp_path / "mail").read_text(encoding="utf-8").splitlines()
    assert len(mail) == 2
    assert mail[0].endswith("inbox/výpis.gpc  Nobody translated this.")
    assert told.says == []


def test_the_lines_are_in_the_language_of_the_reader(told: Told, tmp_path: Path) -> None:
    hook = told.hook(COPY, str(tmp_path / "mail"))
    told.run(hook, failure(detail=message("sent")), language="cs")
    assert hook.finish()
    assert "odesláno" in (tmp_path / "mail").read_text(encoding="utf-8")


def test_a_round_without_a_failure_runs_nothing(told: Told, tmp_path: Path) -> None:
    hook = told.hook(COPY, str(tmp_path / "mail"))
    told.run(hook, failure(kind=EventKind.SENT), failure(kind=EventKind.HOOK))
    assert hook.finish()
    assert not (tmp_path / "mail").exists()


def test_without_a_command_nothing_happens(told: Told) -> None:
    hook = Hook([], tell=told.events.append)
    told.run(hook, failure())
    assert hook.finish()
    assert told.events == []


def test_the_environment_names_the_folder_and_never_a_secret(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "secret")
    monkeypatch.setenv("ACME_MAIL", "clerk@firm.example")
    names = "['EFIMPORT_FOLDER', 'EFIMPORT_FAILURES', 'EFIMPORT_STATUS', 'ACME_TOKEN', 'ACME_MAIL']"
    code = f"pathlib.Path(sys.argv[1]).write_text(' '.join(str(os.environ.get(name)) for name in {names}))"
    hook = told.hook(code, str(tmp_path / "seen"), hidden=["ACME_TOKEN"])
    told.run(hook, failure(), failure("inbox/b.gpc"))
    assert hook.finish()
    seen = (tmp_path / "seen").read_text()
    assert seen == f"{tmp_path} 2 {tmp_path / '.efimport-status.json'} None clerk@firm.example"


def test_no_shell_looks_at_the_arguments(told: Told, tmp_path: Path) -> None:
    hook = told.hook("pathlib.Path(sys.argv[1]).write_text(sys.argv[2])", str(tmp_path / "seen"), "$HOME; `id` *")
    told.run(hook, failure())
    assert hook.finish()
    assert (tmp_path / "seen").read_text() == "$HOME; `id` *"


def test_the_watcher_does_not_wait_for_the_command(told: Told) -> None:
    hook = told.hook("sys.stdin.read(); time.sleep(60)")
    started = time.monotonic()
    told.run(hook, failure())
    assert time.monotonic() - started < 5
    assert not hook.finish(0)


def test_one_runs_at_a_time_and_later_failures_come_together(told: Told, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    code = f"""
running = pathlib.Path(sys.argv[1], 'running')
running.touch(exist_ok=False)
lines = sys.stdin.read().splitlines()
while not pathlib.Path({str(gate)!r}).exists():
    time.sleep(0.01)
with pathlib.Path(sys.argv[1], 'runs').open('a') as runs:
    runs.write(str(len(lines)) + ' ' + os.environ['EFIMPORT_FAILURES'] + '\\n')
running.unlink()
"""
    hook = told.hook(code, str(tmp_path))
    told.run(hook, failure("first"))
    until((tmp_path / "running").exists)
    for number in range(3):
        told.run(hook, failure(f"later {number}"))
    gate.touch()
    assert hook.finish()
    assert (tmp_path / "runs").read_text().splitlines() == ["1 1", "3 3"]
    assert told.says == []


def test_folders_are_told_of_one_by_one(told: Told, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    code = f"""
while not pathlib.Path({str(gate)!r}).exists():
    time.sleep(0.01)
with pathlib.Path(sys.argv[1]).open('a') as runs:
    runs.write(os.environ['EFIMPORT_FOLDER'] + '\\n')
"""
    hook = told.hook(code, str(tmp_path / "runs"))
    for folder in ("a", "b", "c", "b"):
        told.run(hook, failure(), folder=Path(folder))
    gate.touch()
    assert hook.finish()
    runs = (tmp_path / "runs").read_text().splitlines()
    assert (sorted(set(runs)), runs.count("a"), runs.count("c")) == (["a", "b", "c"], 1, 1)


def test_a_program_that_is_not_there_is_an_event_that_is_no_failure(told: Told) -> None:
    hook = Hook(["/nowhere/mail", "key=secret"], tell=told.events.append, clock=FakeClock(AT))
    told.run(hook, failure())
    assert hook.finish()
    (event,) = told.events
    assert (event.kind, event.at) == (EventKind.HOOK, AT)
    assert event.detail == ("The command for failures, /nowhere/mail, cannot be started: No such file or directory.")
    assert not is_failure(event)


def test_a_command_that_no_system_can_run_is_an_event(told: Told) -> None:
    hook = Hook(["nul\x00"], tell=told.events.append)
    told.run(hook, failure())
    assert hook.finish()
    assert "cannot be started" in told.says[0]


def test_what_the_command_says_is_an_event(told: Told) -> None:
    hook = told.hook("print('Queued as 17'); print('  twice'); sys.exit(0)")
    told.run(hook, failure())
    assert hook.finish()
    assert told.says[0].endswith("said: Queued as 17 / twice")


def test_a_command_that_fails_is_an_event_with_its_last_words(told: Told) -> None:
    hook = told.hook("sys.stderr.write('No such recipient\\n'); sys.exit(67)")
    told.run(hook, failure())
    assert hook.finish()
    assert told.says[0].endswith("ended with status 67. No such recipient")


def test_a_command_that_hangs_is_ended_after_its_time(told: Told) -> None:
    hook = told.hook("time.sleep(600)", timeout=0.2)
    told.run(hook, failure())
    assert hook.finish()
    assert "was still running after 0.2 seconds and was ended." in told.says[0]


def test_a_command_that_does_not_stop_talking_is_heard_and_fills_no_memory(told: Told, tmp_path: Path) -> None:
    code = "print('x' * 10_000_000, flush=True); pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
    hook = told.hook(code, str(tmp_path / "talked"))
    told.run(hook, failure())
    until((tmp_path / "talked").exists)
    assert not hook.finish(0)
    until(lambda: bool(told.events))
    assert OUTPUT_KEPT <= len(told.says[0]) < OUTPUT_KEPT + 500


def test_a_command_that_does_not_read_is_no_trouble(told: Told) -> None:
    hook = told.hook("os.close(0)")
    told.run(hook, *(failure(f"inbox/{number:0100}.gpc") for number in range(5000)))
    assert hook.finish()
    assert told.says == []


def test_a_command_that_talks_before_it_reads_blocks_nobody(told: Told) -> None:
    hook = told.hook("print('x' * 1_000_000, flush=True); assert len(sys.stdin.read()) > 500_000")
    told.run(hook, *(failure(f"inbox/{number:0100}.gpc") for number in range(5000)))
    assert hook.finish()
    assert told.says[0].endswith("xxx")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
@pytest.mark.parametrize("deaf", [False, True])
def test_a_hanging_command_is_ended_with_its_children(told: Told, tmp_path: Path, *, deaf: bool) -> None:
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN)" if deaf else ""
    code = f"""
{ignore}
child = subprocess.Popen([sys.executable, '-S', '-E', '-c', 'import time; time.sleep(600)'])
pathlib.Path(sys.argv[1]).write_text(f'{{os.getpid()}} {{child.pid}}')
time.sleep(600)
"""
    hook = told.hook(code, str(tmp_path / "pids"), grace=0.1)
    told.run(hook, failure())
    until(lambda: (tmp_path / "pids").exists() and " " in (tmp_path / "pids").read_text())
    own, child = map(int, (tmp_path / "pids").read_text().split())
    assert alive(own)
    assert alive(child)
    hook.finish(0)
    until(lambda: not alive(own) and not alive(child) and bool(told.events))
    assert "was ended by signal" in told.says[0]


def test_a_command_that_leaves_something_running_is_not_waited_for(told: Told, tmp_path: Path) -> None:
    code = """
child = subprocess.Popen([sys.executable, '-S', '-E', '-c', 'import time; time.sleep(8)'])
print('left')
"""
    hook = told.hook(code, grace=0.3)
    started = time.monotonic()
    told.run(hook, failure())
    assert hook.finish()
    assert time.monotonic() - started < 7
    assert told.says[0].endswith("said: left")


def test_at_the_end_a_command_that_takes_too_long_is_ended(told: Told, tmp_path: Path) -> None:
    hook = told.hook("pathlib.Path(sys.argv[1]).touch(); time.sleep(600)", str(tmp_path / "begun"))
    told.run(hook, failure())
    until((tmp_path / "begun").exists)
    assert not hook.finish(0.1)
    assert hook.finish()
    assert not [thread for thread in threading.enumerate() if thread.name == "efimport-on-failure"]


def test_after_a_run_the_next_one_starts_again(told: Told, tmp_path: Path) -> None:
    hook = told.hook(COPY, str(tmp_path / "mail"))
    for _ in range(2):
        told.run(hook, failure())
        assert hook.finish()
    assert len((tmp_path / "mail").read_text().splitlines()) == 2


def test_several_organizations_are_named(told: Told, tmp_path: Path) -> None:
    hook = told.hook(COPY, str(tmp_path / "mail"))
    told.run(hook, failure(organization="acme"), failure(organization="beta"))
    assert hook.finish()
    assert ["acme" in row for row in (tmp_path / "mail").read_text().splitlines()] == [True, False]


def test_hostile_names_stay_in_their_lines(told: Told, tmp_path: Path) -> None:
    hook = told.hook(COPY, str(tmp_path / "mail"))
    told.run(hook, *(failure(canary, detail=canary, to=canary, organization=canary) for canary in CANARIES))
    assert hook.finish()
    mail = (tmp_path / "mail").read_bytes().decode()
    assert len(mail.splitlines()) == len(CANARIES)
    assert not LIVE.search(mail)


def test_the_hook_is_not_a_child_of_the_terminal(told: Told, tmp_path: Path) -> None:
    hook = told.hook("pathlib.Path(sys.argv[1]).write_text(str(os.getsid(0)))", str(tmp_path / "session"))
    told.run(hook, failure())
    assert hook.finish()
    assert int((tmp_path / "session").read_text()) != os.getsid(0)
