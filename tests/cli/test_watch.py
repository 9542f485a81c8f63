"""``efimport watch`` and ``efimport import --move`` as an accountant and a clerk use them."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from efimport.delivery import attempting
from efimport.sandbox.server import RunningSandbox
from efimport.watch import keeping

QUICK = '\n[watch]\nsettle_time = 0.05\npair_time = 0.05\nscan_every = 0.3\nmode = "auto"\n'


@pytest.fixture
def settings(clerk: Any, sandbox: RunningSandbox) -> Path:
    """The clerk's settings, with short times for the watched folder."""
    path: Path = clerk.folder / "efimport.toml"
    path.write_text(path.read_text(encoding="utf-8") + QUICK, encoding="utf-8")
    (clerk.folder / "share").mkdir()
    return path


def files(folder: Path) -> list[str]:
    """Documents below a folder, without pages and what is hidden, without the month."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(f"{path.parts[0]}/{path.name}" for path in found if path.name[0] != "." and path.suffix != ".html")


# Once


def test_a_single_run_takes_what_is_there_and_says_it(clerk: Any, settings: Path) -> None:
    clerk.invoice("share/inbox/good.xml")
    clerk.write("share/inbox/bad.xml", "<dat:dataPack>")
    clerk.write("share/inbox/notes.txt", "call them\n")
    done = clerk.run("watch", "share", "--once")
    assert done.status == 1
    assert files(clerk.folder / "share") == ["inbox/bad.xml", "rejected/notes.txt", "sent/good.xml"]
    assert "good.xml" in next(line for line in done.out.splitlines() if "  sent  " in line)
    assert "arriving" in done.out


def test_a_single_run_where_all_is_well_ends_well(clerk: Any, settings: Path) -> None:
    clerk.invoice("share/inbox/good.xml")
    assert clerk.run("watch", "share", "--once").status == 0
    assert clerk.run("watch", "share", "--once").status == 0


def test_what_needs_a_person_is_told_by_the_exit_status(clerk: Any, settings: Path, sandbox: RunningSandbox) -> None:
    clerk.statement("share/inbox/vypis.gpc")
    sandbox.add_faults({"fault": "close-before", "method": "BankStatementImport"})
    assert clerk.run("watch", "share", "--once").status == 3
    assert files(clerk.folder / "share") == ["unknown/vypis.gpc"]
    assert clerk.run("watch", "share", "--status").status == 3


def test_events_come_as_json_lines(clerk: Any, settings: Path) -> None:
    clerk.invoice("share/inbox/good.xml")
    done = clerk.run("watch", "share", "--once", "--json")
    kinds = [json.loads(line)["kind"] for line in done.out.splitlines()]
    assert kinds == ["started", "sent", "stopped"]


def test_the_mode_of_the_command_line_counts(clerk: Any, settings: Path) -> None:
    clerk.invoice("share/inbox/good.xml")
    assert clerk.run("watch", "share", "--once", "--mode", "review").status == 0
    assert files(clerk.folder / "share") == ["review/good.xml"]


def test_the_folder_of_the_settings_is_meant_where_none_is_named(clerk: Any, settings: Path) -> None:
    settings.write_text(settings.read_text(encoding="utf-8").replace("[watch]", '[watch]\nfolder = "share"'))
    clerk.invoice("share/inbox/good.xml")
    assert clerk.run("watch", "--once").status == 0
    assert files(clerk.folder / "share") == ["sent/good.xml"]


def test_each_of_several_organizations_has_a_folder_of_its_name(clerk: Any, settings: Path) -> None:
    text = settings.read_text(encoding="utf-8")
    first = text[text.index("[organizations.") : text.index("[sending]")]
    settings.write_text(text + first.replace("[organizations.sandbox", "[organizations.druha"), encoding="utf-8")
    clerk.run("watch", "share", "--once")
    assert {path.name for path in (clerk.folder / "share").iterdir()} == {"sandbox", "druha"}
    clerk.invoice("share/druha/inbox/good.xml")
    done = clerk.run("watch", "share", "--once")
    assert done.status == 0
    assert "  druha  " in done.out
    assert files(clerk.folder / "share" / "druha") == ["sent/good.xml"]
    assert clerk.run("watch", "share", "--status", "--json").out.count('"schema"') == 2


def test_the_folder_of_one_organization_is_not_taken_for_that_of_several(clerk: Any, settings: Path) -> None:
    text = settings.read_text(encoding="utf-8")
    first = text[text.index("[organizations.") : text.index("[sending]")]
    clerk.run("watch", "share", "--once")
    settings.write_text(text + first.replace("[organizations.sandbox", "[organizations.druha"), encoding="utf-8")
    done = clerk.run("watch", "share", "--once")
    assert done.status == 2
    assert "is that of one organization" in done.err
    assert not (clerk.folder / "share" / "druha").exists()


def test_names_follow_the_language(clerk: Any, settings: Path) -> None:
    (clerk.folder / "share" / "příchozí").mkdir()
    assert clerk.run("--lang", "cs", "watch", "share", "--once").status == 0
    assert (clerk.folder / "share" / "odesláno").is_dir()


# What goes wrong


def test_a_folder_that_is_not_there_is_told(clerk: Any, settings: Path) -> None:
    done = clerk.run("watch", "shar", "--once")
    assert done.status == 2
    assert "is not there" in done.err


def test_without_a_folder_it_is_asked_for(clerk: Any, settings: Path) -> None:
    done = clerk.run("watch", "--once")
    assert done.status == 2
    assert "watch.folder" in done.err


def test_without_settings_the_way_to_try_it_is_told(clerk: Any) -> None:
    done = clerk.run("watch", ".", "--once")
    assert done.status == 2
    assert "--to sandbox" in done.err


def test_a_share_that_is_away_is_told_and_nothing_is_written_there(clerk: Any, settings: Path) -> None:
    clerk.run("watch", "share", "--once")
    (clerk.folder / "share").rename(clerk.folder / "elsewhere")
    (clerk.folder / "share").mkdir()
    done = clerk.run("watch", "share", "--once")
    assert done.status == 1
    assert "folder away" in done.out
    assert list((clerk.folder / "share").iterdir()) == []
    assert clerk.run("watch", "share", "--once", "--adopt").status == 0


def test_a_status_without_a_watcher_says_so(clerk: Any, settings: Path) -> None:
    assert clerk.run("watch", "share", "--status").status == 1
    clerk.run("watch", "share", "--once")
    done = clerk.run("watch", "share", "--status")
    assert done.status == 1
    assert "Not running since" in done.out


def test_the_command_of_the_settings_is_told_of_failures(clerk: Any, settings: Path) -> None:
    told = clerk.folder / "told.txt"
    program = clerk.write("tell.py", f"import sys; open({str(told)!r}, 'w').write(sys.stdin.read())")
    command = json.dumps([sys.executable, str(program)])
    settings.write_text(settings.read_text(encoding="utf-8") + f"on_failure = {command}\n", encoding="utf-8")
    clerk.write("share/inbox/notes.txt", "call them\n")
    clerk.run("watch", "share", "--once")
    (line,) = told.read_text(encoding="utf-8").splitlines()
    assert "notes.txt" in line


# All day long


@pytest.fixture
def watcher(clerk: Any, settings: Path):
    """The program in a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "efimport", "watch", "share", *arguments]
        started.append(
            subprocess.Popen(command, cwd=clerk.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        )
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.communicate()


def wait_until(condition: Any, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_all_day_long_files_are_taken_as_they_come_until_it_is_stopped(clerk: Any, watcher: Any) -> None:
    running = watcher()
    share = clerk.folder / "share"
    wait_until((share / "inbox" / ".efimport-inbox").exists)
    clerk.invoice("share/inbox/first.xml", number="260000001")
    wait_until(lambda: files(share) == ["sent/first.xml"])
    assert clerk.run("watch", "share", "--status").status == 0
    second = watcher()
    out, err = second.communicate(timeout=20)
    assert second.returncode == 1
    assert str(running.pid) in err
    running.send_signal(signal.SIGTERM)
    out, _ = running.communicate(timeout=20)
    assert running.returncode == 0
    assert "stopped" in out.splitlines()[-1]
    status = json.loads((share / ".efimport-status.json").read_text(encoding="utf-8"))
    assert status["stopped"] is not None


# By hand


def test_an_import_that_moves_puts_each_file_where_it_belongs(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice("in/good.xml")
    clerk.invoice("in/copy.xml")
    clerk.write("in/notes.txt", "call them\n")
    clerk.write("in/later.xml.part", "<")
    done = clerk.run("import", "in", "--move", "--yes")
    assert done.status == 1
    assert files(clerk.folder / "in") == ["duplicates/good.xml", "later.xml.part/later.xml.part", "rejected/notes.txt",
                                          "sent/copy.xml"]  # fmt: skip
    assert "good.xml -> duplicates/" in done.err
    assert len(sandbox.state()["documents"]["SalesInvoice"]) == 1


def test_a_second_import_that_moves_finds_only_what_is_new(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice("in/good.xml")
    assert clerk.run("import", "in", "--move", "--yes").status == 0
    clerk.invoice("in/again.xml")
    clerk.invoice("in/new.xml", number="260000002")
    assert clerk.run("import", "in", "--move", "--yes").status == 0
    assert files(clerk.folder / "in") == ["duplicates/again.xml", "sent/good.xml", "sent/new.xml"]


def test_a_copy_of_a_folder_is_a_folder_of_its_own(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice("in/good.xml")
    assert clerk.run("import", "in", "--move", "--yes").status == 0
    shutil.copytree(clerk.folder / "in", clerk.folder / "copy")
    clerk.invoice("copy/new.xml", number="260000002")
    assert clerk.run("import", "copy", "--move", "--yes").status == 0
    clerk.invoice("in/more.xml", number="260000003")
    assert clerk.run("import", "in", "--move", "--yes").status == 0
    assert files(clerk.folder / "copy") == ["sent/good.xml", "sent/new.xml"]
    assert files(clerk.folder / "in") == ["sent/good.xml", "sent/more.xml"]


def test_the_inbox_of_a_watched_folder_is_meant_by_the_folder(clerk: Any, settings: Path) -> None:
    clerk.run("watch", "share", "--once")
    clerk.invoice("share/inbox/good.xml")
    assert clerk.run("import", "share", "--move", "--yes").status == 0
    clerk.invoice("share/inbox/more.xml", number="260000002")
    assert clerk.run("import", "share/inbox", "--move", "--yes").status == 0
    assert files(clerk.folder / "share") == ["sent/good.xml", "sent/more.xml"]


def test_files_in_folders_with_the_names_of_ours_are_told_where_they_are_somebody_elses(
    clerk: Any, sandbox: RunningSandbox
) -> None:
    clerk.invoice("in/sent/mine.xml")
    clerk.invoice("in/good.xml", number="260000002")
    done = clerk.run("import", "in", "--move", "--yes")
    assert done.status == 1
    assert "Files in sent are not looked at (1)" in done.err
    assert clerk.run("import", "in", "--move", "--yes").err.count("not looked at") == 0


def test_a_dry_run_moves_nothing(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice("in/good.xml")
    assert clerk.run("import", "in", "--move", "--dry-run").status == 0
    assert [path.name for path in (clerk.folder / "in").iterdir()] == ["good.xml"]


def test_what_may_have_arrived_lies_in_the_folder_that_says_so(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.statement("in/vypis.gpc")
    sandbox.add_faults({"fault": "close-before", "method": "BankStatementImport"})
    assert clerk.run("import", "in", "--move", "--yes").status == 3
    assert files(clerk.folder / "in") == ["unknown/vypis.gpc"]


def test_what_is_not_sent_stays_where_it_is(clerk: Any, sandbox: RunningSandbox, monkeypatch: Any) -> None:
    monkeypatch.setattr(attempting, "LONGEST_PAUSE", 0.05)
    clerk.invoice("in/good.xml")
    sandbox.stop()
    assert clerk.run("import", "in", "--move", "--yes").status == 1
    assert files(clerk.folder / "in") == ["good.xml/good.xml"]


@pytest.mark.parametrize(
    "arguments", [("in", "other"), ("in", "--save-plan", "p"), ("in", "--to", "sandbox", "--fresh")]
)
def test_options_that_do_not_go_with_moving_are_told(clerk: Any, sandbox: RunningSandbox, arguments: Any) -> None:
    done = clerk.run("import", *arguments, "--move")
    assert done.status == 2
    assert "--move" in done.err


def test_a_file_is_no_folder_to_be_moved(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice("in/good.xml")
    assert clerk.run("import", "in/good.xml", "--move").status == 2


# The journal


def test_the_journal_lists_dropped_files_with_all_that_happened(clerk: Any, settings: Path) -> None:
    clerk.invoice("share/inbox/good.xml")
    clerk.run("watch", "share", "--once")
    done = clerk.run("journal", "files", "good", "--steps")
    assert "sent/" in done.out
    assert [line.split()[3 if line[0] != " " else 2] for line in done.out.splitlines()] == [
        "settled",
        "taken",
        "approved",
        "moving",
        "settled",
    ]
    (one,) = (json.loads(line) for line in clerk.run("journal", "files", "--json").out.splitlines())
    assert one["stage"] == "settled"
    assert clerk.run("journal", "files", "--place", "unknown").out == ""


def test_a_wait_is_no_longer_than_a_person_waits_for_the_end() -> None:
    assert keeping.SLICE < 1
