"""A folder with thousands of files in which nothing happens costs next to nothing.

The figures: with 10,000 files a look below a second, less than two hundredths of a core between two looks (30 seconds
on a local disk), less than 150 MB of memory. The short forms have a fifth of the files and generous bounds, since the
machine does other things as well.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from efimport.journal import Place
from efimport.sandbox.server import settings_block
from efimport.settings import Watching
from tests.acceptance.conftest import somebody
from tests.watch.desk import patient
from tests.watch.resting import lay

PLACES = [Place.INBOX, Place.REVIEW, Place.SENT]
MOST_MEMORY = 150
"""Megabytes."""


def rest(desk, place: Place, count: int) -> tuple[float, float]:
    """Seconds of the processor and of the wall for one look at so many files at rest, shown to people as well."""
    lay(desk, place, count)
    for _ in range(3):
        desk.look()
        desk.clock.advance(desk.watching.settle_time * 2)
    desk.clock.advance(desk.watching.scan_every)
    processor, wall = time.process_time(), time.perf_counter()
    desk.look()
    return time.process_time() - processor, time.perf_counter() - wall


@pytest.mark.parametrize("place", PLACES)
def test_a_look_at_many_files_at_rest_is_short(place, desk, sandbox):
    processor, _ = rest(desk, place, 2000)
    assert processor < 0.6
    assert sandbox.state()["requests"]["total"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_10_000_files_at_rest_cost_below_two_hundredths_of_a_core(place, desk, sandbox):
    processor, wall = rest(desk, place, 10_000)
    assert processor < 0.02 * Watching().scan_every
    assert wall < 1


def test_time_that_passes_without_a_file_writes_no_more_than_a_sign_of_life(make_desk):
    desk = make_desk(watching=patient(unfinished_after=1e6))
    lay(desk, Place.REVIEW, 10)
    lay(desk, Place.INBOX, 10)
    desk.settle()
    journal = [path.stat().st_mtime_ns for path in desk.journal_file.parent.glob("journal*")]
    told = len(desk.events)
    for _ in range(20):
        desk.clock.advance(30)
        desk.look()
    assert [path.stat().st_mtime_ns for path in desk.journal_file.parent.glob("journal*")] == journal
    assert len(desk.events) == told


def watched_by_a_process(desk, tmp_path: Path, *, seconds: float, count: int) -> tuple[float, float]:
    """Megabytes of memory, and the share of a core, of the program with files at rest in three folders."""
    for place in PLACES:
        lay(desk, place, count)
    desk.stop()
    person = somebody(tmp_path)
    journal = f'[journal]\nurl = "sqlite:///{desk.journal_file}"\n'
    settings = f"{settings_block(desk.organization.endpoint)}\n{journal}\n[watch]\nmode = 'auto'\n"
    person.write("efimport.toml", settings.encode())
    (desk.root / "status.html").unlink(missing_ok=True)
    watching = person.start("watch", desk.root)
    try:
        wait_for_the_first_look(desk.root, watching)
        time.sleep(min(3.0, seconds))
        before, start = processor_of(watching.pid), time.monotonic()
        time.sleep(seconds)
        used = (processor_of(watching.pid) - before) / (time.monotonic() - start)
        return memory_of(watching.pid), used
    finally:
        watching.terminate()
        watching.communicate(timeout=20)


def wait_for_the_first_look(root: Path, watching) -> None:
    end = time.monotonic() + 60
    while not (root / "status.html").exists():
        assert time.monotonic() < end
        assert watching.poll() is None, watching.communicate()
        time.sleep(0.1)


def processor_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs the figures of Linux about a process")
@pytest.mark.timeout(600)
def test_the_program_with_30_000_files_at_rest_keeps_to_its_memory_and_its_share(desk, sandbox, tmp_path):
    memory, share = watched_by_a_process(desk, tmp_path, seconds=90, count=10_000)
    assert memory < MOST_MEMORY
    assert share < 0.06
