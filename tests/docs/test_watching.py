"""docs/watching.md says what the program does: its tables are those of the program, and its day is lived once more."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import efimport_docs_pages as pages
import pytest

from efimport.cli import watch as command
from efimport.cli import watch_events, watch_status
from efimport.cli.main import cli, main, with_global_options_first
from efimport.cli.session import Session
from efimport.errors import UsageError
from efimport.journal import FileStage, Place
from efimport.messages import Catalogue, message
from efimport.sandbox.server import RunningSandbox, start
from efimport.settings import Watching, load_settings
from efimport.watch import doubts, hook, owner, presence, reconciling, status
from efimport.watch.endings import End, end_of
from efimport.watch.events import FAILURES, WORDS, EventKind
from efimport.watch.folders import folder_names
from tests.watch import contents

PAGE = pages.ROOT / "docs" / "watching.md"
TEXT = PAGE.read_text(encoding="utf-8")
UNITS = sorted((pages.ROOT / "docs" / "watching").glob("*.service"))
SAMPLES = pages.ROOT / "samples"


def section(heading: str) -> str:
    """The text below a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of all rows that begin with a name in code or a number."""
    found = re.findall(r"^\| (?=`|\d)(.+) \|$", text, re.MULTILINE)
    return [[cell.strip() for cell in row.split(" |")] for row in found]


def in_code(text: str) -> str:
    return text.strip("`")


# Tables


def test_the_folders_are_those_of_the_program() -> None:
    names = folder_names()
    told = [(in_code(row[0]), in_code(row[1])) for row in rows(section("For the accountant"))]
    assert told == [(names["en"][place], names["cs"][place]) for place in Place]


def test_the_settings_have_the_defaults_of_the_program() -> None:
    told = {in_code(row[0]): row[1].split()[0] for row in rows(section("Setting it up"))}
    assert told == {
        name: in_code(str(value)) if isinstance(value, str) else f"{value:g}"
        for name in told
        if (value := getattr(Watching(), name)) is not None
    } | {"mode": "`review`"}
    assert {"settle_time", "settle_time_share", "scan_every_share"} <= told.keys()


def emitted() -> set[EventKind]:
    """The kinds that some part of the program tells of."""
    folder = Path(hook.__file__).parent
    code = "".join(path.read_text("utf-8") for path in folder.glob("*.py") if path.name != "events.py")
    return {EventKind[name] for name in re.findall(r"EventKind\.([A-Z_]+)", code)}


def test_the_kinds_of_events_are_those_that_are_told() -> None:
    told = {in_code(row[0]): (row[1], row[3] == "yes") for row in rows(section("The lines and their kinds"))}
    assert told == {kind.value: (str(WORDS[kind]), kind in FAILURES) for kind in emitted()}


def test_the_stages_are_those_of_the_journal() -> None:
    assert [in_code(row[0]) for row in rows(section("The steps of a file"))] == [stage.value for stage in FileStage]


def test_the_exit_statuses_are_those_of_the_program() -> None:
    once = {int(row[0]) for row in rows(section("From time to time instead of all day"))}
    assert once == {
        watch_events.ALL_WELL, watch_events.NOT_ALL, UsageError.exit_status, watch_events.NEEDS_A_PERSON
    }  # fmt: skip
    shown = {int(row[0]) for row in rows(section("How it stands"))}
    assert shown == {status._FINE, watch_status.NOT_WATCHED, status._UNKNOWN}


def test_the_names_in_the_folder_are_those_of_the_program() -> None:
    assert f"`{presence.MARKER}`" in TEXT
    assert f"`{status.STATUS_NAME}`" in TEXT
    assert f"another one {owner.FRESH_SECONDS // 60} minutes after its last sign" in TEXT
    assert f"It has {hook.TIMEOUT:g} seconds" in TEXT
    for name in ("status.html", "why files stay here.html"):
        assert f"`{name}`" in TEXT
        assert f"`{Catalogue('cs').text(message(name))}`" in TEXT
    assert ("every five minutes" in TEXT, doubts.PAUSE) == (True, 300.0)


def options_of(words: list[str]) -> None:
    """Raises click's error where the program does not know a command line."""
    context = cli.make_context("efimport", with_global_options_first(words))
    name, found, rest = cli.resolve_command(context, [*context._protected_args, *context.args])
    assert found is not None
    found.make_context(name, rest, parent=context)


def test_the_commands_of_the_tasks_are_known() -> None:
    tasks = re.findall(r"-Argument '([^']+)'", TEXT) + re.findall(r"/TR \"\S+efimport\.exe ([^\"]+)\"", TEXT)
    assert len(tasks) == 2
    for words in tasks:
        options_of(shlex.split(words.replace("\\", "/")))


# Completeness

CASES: dict[str, tuple[bytes, int | bytes]] = {
    "ZIP": (contents.archive(), 30),
    "Excel": (contents.compound(), 600),
    "PDF": (contents.pdf(), 6),
    "JPEG": (b"\xff\xd8\xff" + b"x" * 50 + b"\xff\xd9", 2),
    "TIFF": (contents.tiff(), 10),
    "XML": (contents.xml(), 8),
    "ABO": (contents.gpc(), 132),
    "MT940": (contents.mt940(), 30),
    "JSON": (b'{"a": [1, 2]}', 1),
    "CSV": (contents.csv(), 4),
    "anything": (b"\x01\x02\x03" * 90, b"\x01"),
}
"""A whole file for each row of the table, and how many bytes less, or what, is not whole."""
WORDS_OF_END = {End.PROVED: "proved", End.NO_MARK: "no proof"}


@pytest.mark.parametrize(
    ("row", "case"),
    [
        pytest.param(row, CASES[row[0].split()[0].strip(":,").split("/")[0]], id=row[0])
        for row in (
            [cell.strip() for cell in line[2:-2].split(" |")]
            for line in section("When a file is complete").splitlines()
            if line.startswith("| ") and line.count("|") == 5 and not line.startswith("| content")
        )
    ],
)
def test_the_table_of_ends_says_what_is_judged(row: list[str], case: tuple[bytes, int | bytes], tmp_path: Path) -> None:
    whole, less = case
    cut = less if isinstance(less, bytes) else whole[:-less]
    path = tmp_path / "file"
    path.write_bytes(whole)
    assert WORDS_OF_END[end_of(path, len(whole)).end] == row[2].split(";")[0]
    path.write_bytes(cut)
    missing = end_of(path, len(cut))
    wanted = {(End.MISSING, True): "never read", (End.MISSING, False): "doubtful", (End.NO_MARK, False): ""}
    assert wanted[missing.end, missing.strict] == row[3].split(";")[0].split(":")[0]


# Units of systemd


def values(unit: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_the_program_knows(unit: Path) -> None:
    [line] = values(unit, "ExecStart")
    assert "watch" in line.split()
    options_of(shlex.split(line)[1:])
    assert f"(watching/{unit.name})" in TEXT


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_leaves_time_for_the_request_in_flight(unit: Path) -> None:
    assert values(unit, "KillSignal") == ["SIGTERM"]
    assert int(values(unit, "TimeoutStopSec")[0]) > 100 + watch_events.LAST_WORDS
    assert values(unit, "RestartPreventExitStatus") == [str(UsageError.exit_status)]


def said_by_systemd(text: str, name: str, folder: Path) -> str:
    folder.chmod(stat.S_IRWXU)
    unit = folder / name
    unit.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", text, flags=re.MULTILINE))
    manager = ["--user"] if "user" in name else []
    environment = os.environ | {"XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    done = subprocess.run(
        ["systemd-analyze", *manager, "verify", "--man=no", str(unit)], capture_output=True, text=True, env=environment
    )
    unit.unlink()
    return "\n".join(line for line in (done.stdout + done.stderr).splitlines() if name in line)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_knows_every_line_of_a_unit(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    assert said_by_systemd(text, unit.name, tmp_path) == ""
    assert "NoNewPrivilege" in said_by_systemd(text.replace("NoNewPrivileges", "NoNewPrivilege"), unit.name, tmp_path)


# Examples


def example(name: str) -> str:
    [found] = [block for block in pages.blocks(PAGE) if block.file == name]
    return found.text


@pytest.mark.parametrize("name", ["several.toml", "mail.toml", "credential.toml"])
def test_an_example_of_settings_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "efimport.toml"
    path.write_text(example(name), encoding="utf-8")
    assert load_settings(path, environment={}).path == path


def test_several_organizations_have_the_folders_that_the_example_says(tmp_path: Path) -> None:
    path = tmp_path / "efimport.toml"
    path.write_text(example("several.toml").replace("/srv/", f"{tmp_path}/srv/"), encoding="utf-8")
    session = Session({"settings_file": str(path), "lang": "en"})
    watched = command._roots(session, None, list(session.settings.organizations.values()))
    roots = [str(one.root).removeprefix(str(tmp_path)) for one in watched]
    assert roots == ["/srv/books/bakery", "/srv/books/cafe", "/mnt/brewery/scans"]


def test_the_script_for_a_chat_sends_the_lines_as_json(tmp_path: Path) -> None:
    (tmp_path / "curl").write_text('#!/bin/sh\ncat; echo; for one in "$@"; do echo "$one"; done\n')
    (tmp_path / "curl").chmod(0o700)
    (tmp_path / "address").write_text("https://chat.example/hook\n")
    script = example("to-chat").replace("/etc/efimport/chat-address", str(tmp_path / "address"))
    environment = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", script], input='a "b"\n', capture_output=True, text=True, env=environment)
    sent, *arguments = done.stdout.splitlines()
    assert sent == '{"text": "a \\"b\\"\\n"}'
    assert arguments[-1] == "https://chat.example/hook"
    assert done.stderr == ""


# The day

TIMES = "\n[watch]\nfolder = {folder!r}\nsettle_time = 0.05\npair_time = 0.1\non_failure = ['sh', '-c', {hook!r}]\n"
NOTE = "env | grep -o '^EFIMPORT_[A-Z]*' > hook.txt; cat >> hook.txt"


class Desk:
    """A person at the folder of the page, and the program that looks after it."""

    def __init__(self, folder: Path, run: Callable[..., tuple[int, str]]) -> None:
        self.folder = folder
        self.run = run

    def drop(self, sample: str, name: str | None = None) -> None:
        source = SAMPLES / sample
        target = self.folder / "inbox" / (name or source.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)

    def move(self, name: str, place: str) -> None:
        (self.folder / name).rename(self.folder / place / Path(name).name)

    def look(self) -> list[str]:
        """What a look says, without its beginning and its end."""
        _, out = self.run("watch", "--once")
        return [line for line in said(out) if not re.match(r"started|stopped|arriving", line)]


def said(text: str) -> list[str]:
    """Lines of events without what is never twice the same: times, months, numbers of the journal, the folder."""
    lines = (line.partition("  ")[2] for line in text.splitlines())
    return sorted(
        re.sub(r"/\d{4}-\d\d/", "/MONTH/", re.sub(r"resolve \d+", "resolve N", line)) for line in lines if line
    )


def day(name: str) -> list[str]:
    """The lines that the page shows for a part of the day."""
    found = re.search(rf"<!-- session: {name} -->\n```\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert found, name
    return said(found[1])


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with start("CZ", accept_any_account=True) as running:
        yield running


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sandbox: RunningSandbox
) -> Desk:
    for kind in ("DATA", "STATE", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "books"
    folder.mkdir()
    text = re.sub(r"quiet_time = .*", "quiet_time = 0.5", sandbox.settings())
    (tmp_path / "efimport.toml").write_text(text + TIMES.format(folder=str(folder), hook=NOTE), encoding="utf-8")

    def run(*words: Any) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["efimport", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main()
        assert isinstance(ending.value.code, int)
        return ending.value.code, capsys.readouterr().out.replace("\u00a0", " ")

    return Desk(folder, run)


def test_the_day_of_the_page_is_lived_once_more(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for sample in ("invoices/issued-invoices.xml", "received/roof-repair.isdoc", "received/roof-repair.pdf"):
        desk.drop(sample)
    for sample in ("invoices/wrong-total.xml", "other/notes.txt", "invoices/truncated.xml"):
        desk.drop(sample)
    assert desk.look() == day("dropped")
    assert (desk.folder / "inbox" / "truncated.xml").exists()
    told = (tmp_path / "hook.txt").read_text(encoding="utf-8").splitlines()
    assert set(told[:3]) == set(re.findall(r"EFIMPORT_[A-Z]+", section("When something failed")))
    assert [line.partition("  ")[2] for line in told[3:]] == [
        line for line in (line.replace("/MONTH/", told[3].partition("rejected")[2][:9]) for line in day("dropped"))
        if line.startswith("not sent")
    ]  # fmt: skip
    desk.move("review/issued-invoices.xml", "approve")
    desk.move("review/roof-repair.isdoc", "approve")
    (desk.folder / "review" / "wrong-total.xml").unlink()
    sent = desk.look()
    desk.drop("invoices/issued-invoices.xml", "copy of invoices.xml")
    monkeypatch.setattr(reconciling, "GRACE", 0.0)
    assert sorted(sent + desk.look()) == day("approved")


def test_a_doubt_is_told_as_on_the_page(desk: Desk, sandbox: RunningSandbox) -> None:
    desk.drop("statements/kb-two-days.gpc")
    desk.look()
    desk.move("review/kb-two-days.gpc", "approve")
    sandbox.add_faults({"fault": "close-before", "method": "BankStatementImport"})
    assert desk.look() == day("doubt")
    code, out = desk.run("watch", "--status")
    assert code == status._UNKNOWN
    assert "Perhaps sent: look in the service: 1" in out
    _, steps = desk.run("journal", "files", "kb-two", "--steps")
    listed = re.search(r"journal files kb-two --steps\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert listed
    stages = re.compile(r"^ +\S+ \S+  (\w+)  (\S+)", re.MULTILINE)
    assert stages.findall(steps) == stages.findall(listed[1])


@pytest.mark.slow
def test_what_was_changed_after_it_was_sent_is_decided_as_on_the_page(desk: Desk) -> None:
    commands = re.findall(
        r"^efimport (.+?)(?:  +#.*)?$", section("A document that was changed after it was sent"), re.MULTILINE
    )
    places = []
    for number, words in enumerate(commands):
        desk.drop("invoices/credit-note.xml", f"note-{number}.xml")
        note = desk.folder / "inbox" / f"note-{number}.xml"
        whole = note.read_bytes().replace(b"260200001", b"26020000%d" % number)
        note.write_bytes(whole)
        desk.run("watch", "--once", "--mode", "auto")
        note.write_bytes(whole.replace(b"2026-02-03", b"2026-03-03"))
        desk.run("watch", "--once", "--mode", "auto")
        [held] = (desk.folder / "unknown").glob("*.xml")
        _, listed = desk.run("journal", "list", "--state", "held")
        known = {"6": listed.splitlines()[1].split()[0], "/srv/books/unknown/corrected.xml": str(held)}
        desk.run(*(known.get(word, word) for word in words.split()))
        desk.run("watch", "--once")
        [left] = [path for path in desk.folder.rglob(f"note-{number}*.xml") if b"2026-03-03" in path.read_bytes()]
        places.append(left.relative_to(desk.folder).parts[0])
    assert places == ["sent", "rejected", "duplicates"]
