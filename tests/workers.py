"""How the suite is spread over processes, and how they come to their first test sooner (hooks of pytest, pytest-xdist).

Many tests wait: for the pace of one request a second, for programs that they start and kill. So there is one process
more than the machine has cores. Each of them collects the whole suite, and most of that is the compiling of its modules
with explained assertions: they share that work out, as long as bytecode may be kept. The temporary folders lie in
memory where there is plenty of it: the disk is what the journals and the files of the pace wait for most.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BYTECODE = ROOT / ".pytest_cache" / "bytecode"
"""Where it is kept if it is not wanted beside the sources; the programs that the tests start find it there, too."""

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""Bytes that are free at least where the temporary folders go; the suite leaves less than a tenth of it."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """The processes of ``-n auto``: one more than cores; the variable of pytest-xdist goes before."""
    if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS"):
        return None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Choose the places of bytecode, which ``PYTHONDONTWRITEBYTECODE`` forbids beside the sources, and of folders."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    if sys.dont_write_bytecode and sys.pycache_prefix is None:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(BYTECODE)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Compile the share of this process of all modules before the collection, which finds those of the others ready."""
    given = getattr(session.config, "workerinput", None)
    if given is None or sys.dont_write_bytecode:
        return
    if session.config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    number, count = int(given["workerid"].removeprefix("gw")), given["workercount"]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(ROOT.glob("tests/**/test_*.py"))]
    for name in names[number::count]:
        # What is wrong with a module is told by its collection.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
