"""The blocks of README and docs run; ``pages.py`` describes the two comments that a block may have before it.

Each page is one program in a folder of its own that holds ``samples/``, ``inbox/`` (a copy of ``samples/received``) and
the settings of a sandbox that is started for it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import efimport_docs_pages as pages
import pytest

from efimport.cli.main import cli, with_global_options_first
from efimport.sandbox.server import start

PAGES = [page for page in pages.PAGES if page.is_file()]
WITH_PYTHON = [page for page in PAGES if pages.script(page).strip()]


def prepared(folder: Path, page: Path, settings: str) -> dict[str, str]:
    """The folder made ready for a page, and the environment that it runs in."""
    shutil.copytree(pages.ROOT / "samples", folder / "samples")
    shutil.copytree(pages.ROOT / "samples" / "received", folder / "inbox")
    (folder / "efimport.toml").write_text(settings, encoding="utf-8")
    for block in pages.blocks(page):
        if block.file:
            (folder / block.file).write_text(block.text, encoding="utf-8")
    if (folder / "pyproject.toml").is_file():
        install(folder)
    places = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("DATA", "STATE", "CONFIG", "CACHE")}
    path = os.pathsep.join([str(folder), str(pages.ROOT)])
    return os.environ | places | {"HOME": str(folder), "PYTHONPATH": path, "LC_ALL": "C.UTF-8"}


def install(folder: Path) -> None:
    """What pip leaves behind of a package, as far as entry points go."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    place = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
        for group, points in project["entry-points"].items()
    ]
    (place / "entry_points.txt").write_text("\n".join(lines))


@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda page: page.name)
def test_the_python_blocks_of_a_page_run(page: Path, tmp_path: Path) -> None:
    with start("CZ", accept_any_account=True) as sandbox:
        environment = prepared(tmp_path, page, sandbox.settings())
        (tmp_path / "page.py").write_text(pages.script(page), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-W", "error", "page.py"], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        violations = sandbox.state()["violations"]
    assert done.returncode == 0, f"{page.name}:\n{done.stderr}"
    assert violations == {"rate": 0, "concurrency": 0}


def test_the_pages_have_python_blocks_that_run() -> None:
    assert {"library.md", "report.md"} <= {page.name for page in WITH_PYTHON}


def shell_lines() -> list[tuple[str, str]]:
    return [
        (f"{page.name}:{block.line + number}", line)
        for page in PAGES
        for block in pages.blocks(page)
        for number, line in enumerate(block.text.splitlines())
        if line.startswith("$ efimport ") or (block.language == "sh" and line.startswith("efimport "))
    ]


@pytest.mark.parametrize(("place", "line"), shell_lines())
def test_a_command_of_a_page_is_one_that_the_program_knows(place: str, line: str) -> None:
    words = with_global_options_first(shlex.split(line.removeprefix("$ "), comments=True)[1:])
    context = cli.make_context("efimport", words)
    command: click.Command = cli
    while isinstance(command, click.Group):
        name, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert command is not None
        context = command.make_context(name, rest, parent=context)


def test_a_line_of_a_failing_block_is_that_of_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n<!-- not run: x -->\n```python\n1 / 0\n```\n\ntext\n\n```python\nraise OSError\n```\n")
    assert pages.script(page).splitlines().index("raise OSError") == 10
    assert "1 / 0" not in pages.script(page)


def test_a_block_can_be_a_file(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- file: a.py -->\n```python\nx = 1\n```\n")
    [block] = pages.blocks(page)
    assert (block.file, block.text, block.line) == ("a.py", "x = 1\n", 3)
    assert pages.script(page) == "\n"
