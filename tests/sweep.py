"""Looks through everything that the tests made the program write: no secret stands in it, in whatever form.

The files below the temporary folder of the session, what was printed, logged and told, and the tracebacks of failures.
Each process of a session that is spread over several (pytest-xdist) sweeps its own folder and reports to the first.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.canaries import leaks_in

INPUTS = ("efimport.toml", "token")
"""Names of files that hold a secret because the test gives it to the program in them."""
TELLERS = ("test_the_hash_is_made_of_", "test_a_planted_secret_")
"""Beginnings of the names of tests that are about printing a hash, or about this very sweep."""

found: pytest.StashKey[list[str]] = pytest.StashKey()
folders: pytest.StashKey[list[Path]] = pytest.StashKey()
capture = pytest.CaptureFixture.readouterr


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder, and those inside spreadsheets and archives."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            yield str(path), path.read_bytes()
            if zipfile.is_zipfile(path) and path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as book:
                    yield from ((f"{path}!{name}", book.read(name)) for name in book.namelist())
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
            # Taken away by a process that is just ending, locked on purpose, or damaged on purpose.
            continue


def leaks_below(folder: Path) -> list[str]:
    """The files below a folder that hold a secret and are no inputs."""
    return [
        f"{name}: {', '.join(leaks)}"
        for name, content in contents(folder)
        if Path(name).name not in INPUTS and (leaks := leaks_in(content))
    ]


def texts_of(report: Any) -> Iterator[tuple[str, str]]:
    """What a phase of a test printed, logged, and failed with."""
    yield from report.sections
    if report.longrepr is not None:
        yield "traceback", str(report.longrepr)


def pytest_configure(config: pytest.Config) -> None:
    """Begin with nothing found."""
    config.stash[found] = []
    config.stash[folders] = []


@pytest.fixture(scope="session", autouse=True)
def swept_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Remember where the files of this session are."""
    request.config.stash[folders].append(tmp_path_factory.getbasetemp())


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    """Look at the texts of each phase of a test."""
    outcome = yield
    if not item.name.startswith(TELLERS):
        for title, text in texts_of(outcome.get_result()):
            if leaks := leaks_in(text.encode("utf-8", "surrogatepass")):
                item.config.stash[found].append(f"{item.nodeid}, {title}: {', '.join(leaks)}")


@pytest.fixture(autouse=True)
def swept_capture(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at what a test reads of the output itself, which no report shows."""

    def readouterr(self: pytest.CaptureFixture[Any]) -> Any:
        taken = capture(self)
        for text in taken:
            content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
            if leaks := leaks_in(content):
                request.config.stash[found].append(f"{request.node.nodeid}, output: {', '.join(leaks)}")
        return taken

    if not request.node.name.startswith(TELLERS):
        monkeypatch.setattr(pytest.CaptureFixture, "readouterr", readouterr)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Look at the files, and fail the session where anything was found."""
    leaks = list(dict.fromkeys(session.config.stash[found]))
    for folder in session.config.stash[folders]:
        leaks += leaks_below(folder)
    session.config.stash[found] = leaks
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["leaks"] = leaks
    elif leaks and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take what another process found."""
    node.config.stash[found] += getattr(node, "workeroutput", {}).get("leaks", [])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name what was found."""
    leaks = config.stash[found]
    if leaks:
        terminalreporter.section("secrets in the output", red=True)
        for leak in leaks:
            terminalreporter.line(leak)
