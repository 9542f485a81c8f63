from __future__ import annotations

from pathlib import Path

import click
import efimport_docs_pages as pages
import efimport_docs_tool as tool
import pytest

from efimport.cli.main import COMMANDS, cli
from efimport.findings import codes


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    for page in (pages.ROOT / "docs").glob("*.md"):
        (tmp_path / page.name).write_bytes(page.read_bytes())
    for path, text in tool.wanted(tmp_path).items():
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_every_page_says_what_the_program_says() -> None:
    names = [path.name for path in tool.stale()]
    assert names == [], "run: python tools/docs.py update"


def test_the_check_is_content_after_the_update(copies: Path) -> None:
    assert tool.stale(copies) == []


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("findings.md", "### gpc.utf8\n"),
        ("command-line.md", "## efimport import\n"),
        ("formats.md", "| `pohoda` |"),
        ("sending.md", "| BankStatementImport |"),
    ],
)
def test_the_check_notices_what_was_changed_by_hand(copies: Path, name: str, begin: str) -> None:
    page = copies / name
    text = page.read_text(encoding="utf-8")
    assert begin in text
    page.write_text(text.replace(begin, "X" + begin), encoding="utf-8")
    assert tool.stale(copies) == [page]


def test_people_write_what_they_like_outside_of_the_generated_sections(copies: Path) -> None:
    page = copies / "sending.md"
    page.write_text("Preface\n" + page.read_text(encoding="utf-8") + "End\n", encoding="utf-8")
    assert tool.stale(copies) == []


def test_the_check_notices_a_page_that_is_missing(copies: Path) -> None:
    (copies / "findings.md").unlink()
    assert tool.stale(copies) == [copies / "findings.md"]


def test_every_finding_has_an_entry() -> None:
    headings = {line.removeprefix("### ") for line in tool.findings_page().splitlines() if line.startswith("### ")}
    assert headings == set(codes())


def commands() -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    waiting: list[tuple[str, click.Command]] = [("efimport", cli)]
    while waiting:
        path, command = waiting.pop()
        found.append((path, command))
        if isinstance(command, click.Group):
            context = click.Context(command)
            waiting += [
                (f"{path} {name}", command.get_command(context, name)) for name in command.list_commands(context)
            ]
    return found


def test_every_command_is_described_with_every_option() -> None:
    page = tool.command_line_page()
    known = commands()
    assert len(known) > len(COMMANDS)
    for path, command in known[1:]:
        assert f"# {path}\n" in page
        assert command.help
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, f"{path} {option.opts} has no help"
                assert all(f"`{name}`" in page for name in option.opts)
