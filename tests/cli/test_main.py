"""The program as a whole: help, version, global options, exit statuses, faults."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from efimport import __version__
from efimport.cli.main import COMMANDS, cli, with_global_options_first

HEAVY = {
    *("lxml", "pandas", "httpx", "sqlalchemy", "starlette", "uvicorn", "rich", "jinja2", "openpyxl", "xmlschema"),
    *("pikepdf", "chardet", "stdnum", "filelock", "msgspec"),
}


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*path, name))


ALL = dict(commands(cli))


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(path) or "efimport")
def test_every_command_and_every_option_has_a_help_text(path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert command.help
    without = [one.name for one in command.params if isinstance(one, click.Option) and not one.help]
    assert without == []


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(path) or "efimport")
def test_help_is_shown_for_every_command(clerk: Any, path: tuple[str, ...]) -> None:
    done = clerk.run(*path, "--help")
    assert done.status == 0
    assert done.out.startswith("Usage: efimport")


def test_the_list_of_commands_names_each_with_its_purpose(clerk: Any) -> None:
    out = clerk.run("--help").out
    for name, (_, purpose) in COMMANDS.items():
        assert f"  {name} " in out
        assert purpose in out


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_load_no_heavy_library(argument: str) -> None:
    program = (
        "import sys, runpy\n"
        f"sys.argv = ['efimport', {argument!r}]\n"
        "try:\n    runpy.run_module('efimport', run_name='__main__')\n"
        "except SystemExit as ending:\n    assert not ending.code\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stderr.split()) & HEAVY == set()


def test_the_version_is_that_of_the_package(clerk: Any) -> None:
    assert clerk.run("--version").out == f"efimport {__version__}\n"


def test_without_a_command_the_help_is_shown_and_it_is_a_wrong_call(clerk: Any) -> None:
    done = clerk.run()
    assert done.status == 2
    assert "Commands:" in done.out + done.err


def test_a_mistyped_command_is_told_with_the_right_one(clerk: Any) -> None:
    done = clerk.run("chekc", "file.xml")
    assert done.status == 2
    assert "Did you mean: check?" in done.err


def test_an_unknown_option_is_a_wrong_call(clerk: Any) -> None:
    done = clerk.run("check", "--no-such-option", "file.xml")
    assert done.status == 2
    assert "--no-such-option" in done.err


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["check", "a", "-q"], ["-q", "check", "a"]),
        (["check", "a", "-vvv"], ["-vvv", "check", "a"]),
        (["check", "--lang", "cs", "a"], ["--lang", "cs", "check", "a"]),
        (["check", "--lang=cs", "a"], ["--lang=cs", "check", "a"]),
        (["check", "--", "-q"], ["check", "--", "-q"]),
        (["check", "a", "--organization"], ["--organization", "check", "a"]),
    ],
)
def test_global_options_may_stand_behind_the_command(given: list[str], expected: list[str]) -> None:
    assert with_global_options_first(given) == expected


def test_quiet_behind_the_command_shows_the_summary_only(clerk: Any) -> None:
    clerk.invoice()
    assert "Pekárna s.r.o." in clerk.run("check", ".").out
    quiet = clerk.run("check", ".", "-q")
    assert "Pekárna s.r.o." not in quiet.out
    assert "1 file, 1 document" in quiet.out


def test_a_language_that_is_not_there_is_told(clerk: Any) -> None:
    done = clerk.run("check", ".", "--lang", "xx")
    assert done.status == 2
    assert "en, cs" in done.err


@pytest.mark.parametrize("wish", ["cs", "cs_CZ", "CS"])
def test_a_language_may_be_named_as_a_locale(clerk: Any, wish: str) -> None:
    clerk.invoice()
    assert clerk.run("check", ".", "--lang", wish).status == 0


UNREADABLE = {
    "default_organization = ": "cannot be read",
    "colour = 'red'\n": "colour",
    "[organizations.a]\nendpoint = 'http://example.com'\n": "https",
    "[organizations.a]\n[organizations.b]\n": "several organizations",
}


@pytest.mark.parametrize("settings", UNREADABLE)
def test_settings_that_cannot_be_used_are_one_sentence_and_status_2(clerk: Any, settings: str) -> None:
    clerk.write("efimport.toml", settings)
    clerk.invoice()
    done = clerk.run("check", "invoice.xml")
    assert done.status == 2
    assert UNREADABLE[settings] in done.err
    assert "Traceback" not in done.err


def test_settings_that_are_named_and_missing_are_told(clerk: Any) -> None:
    done = clerk.run("check", ".", "--config", "nowhere.toml")
    assert done.status == 2
    assert "nowhere.toml does not exist" in done.err


def test_an_organization_that_is_not_in_the_settings_is_told_with_the_known_ones(clerk: Any, sandbox: Any) -> None:
    done = clerk.run("check", ".", "--organization", "acme")
    assert done.status == 2
    assert "no organization named acme" in done.err
    assert "sandbox" in done.err


def test_a_fault_of_the_program_keeps_its_traceback_and_says_what_to_do(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("efimport.cli.formats.known_formats", broken)
    done = clerk.run("formats")
    assert done.status == 1
    assert "ZeroDivisionError: a bug" in done.err
    assert "fault of efimport" in done.err


def test_what_the_system_refuses_is_a_sentence(clerk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device", "/somewhere/file")

    monkeypatch.setattr("efimport.cli.formats.known_formats", full)
    done = clerk.run("formats")
    assert done == (1, "", "/somewhere/file cannot be read or written: No space left on device.\n")


def test_ctrl_c_is_no_traceback(clerk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("efimport.cli.formats.known_formats", interrupted)
    done = clerk.run("formats")
    assert done.status == 1
    assert "Traceback" not in done.err
    assert done.err.strip() == "Stopped."


def test_a_reader_that_leaves_early_changes_neither_the_work_nor_its_exit_status(clerk: Any) -> None:
    for number in range(300):
        clerk.invoice(f"in/{number}.xml", number=f"26{number:06d}")
    command = f"{sys.executable} -m efimport check in -v | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=clerk.folder, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "0"


def test_a_letter_that_the_terminal_lacks_does_not_end_the_program(clerk: Any) -> None:
    clerk.invoice(firm="Žluťoučký kůň")
    done = subprocess.run(
        [sys.executable, "-m", "efimport", "check", "."],
        cwd=clerk.folder,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert "k\\u016f\\u0148" in done.stdout


def test_a_file_name_cannot_steer_the_terminal(clerk: Any) -> None:
    done = clerk.run("check", "a\x1b[31mred.xml", "--report", "no-such-folder\x1b[2J/x.html")
    assert done.status == 2
    assert "\x1b" not in done.out + done.err


def test_the_program_runs_as_a_module(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "efimport", "--version"], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == f"efimport {__version__}\n"
