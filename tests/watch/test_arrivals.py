"""Files that arrive in every way: not one is read before it is complete, and every one is read then."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.api.clock import SystemClock
from efimport.testing import FakeClock
from efimport.watch.scanning import scan
from efimport.watch.settling import Settling
from tests.watch import contents
from tests.watch.arriving import OLD, WAYS, Pace
from tests.watch.naive import NaiveWatcher

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="whether a file is written is told by Linux alone")

CONTENTS = {
    "xml": contents.xml(40),
    "gpc": contents.gpc(tuple((100 + number, 1 + number % 2) for number in range(40))),
    "sta": contents.mt940(40),
    "xlsx": contents.archive(8),
    "pdf": contents.pdf(60),
    "csv": contents.csv(80),
}
SHORT = {"xml": b"<?xml version='1.0'?><a><a/></a>\n", "sta": contents.mt940(0, blocks=False)[30:]}
HALF_BY_SIZE_AND_TIME = {"hole", "opened-again", "full-size", "mapped", "dripping"}
"""The ways in which size and time stand still although half of the file is missing."""


def files():
    """Way and content by name."""
    found = {f"{way}-{kind}.{kind}": (way, content) for way in WAYS for kind, content in CONTENTS.items()}
    found.update({f"byte-by-byte-{kind}.{kind}": ("byte-by-byte", SHORT[kind]) for kind in SHORT})
    for kind in CONTENTS.keys() - SHORT.keys():
        del found[f"byte-by-byte-{kind}.{kind}"]
    return found


class Ours:
    """The settling; what it says is complete is read at once."""

    def __init__(self, folder, quiet, restart=None):
        self.folder, self.quiet, self.restart = folder, quiet, restart
        self.read: dict[str, bytes] = {}
        self.begin()

    def begin(self):
        self.settling = Settling(clock=SystemClock(), quiet=self.quiet, pair=0)
        self.begun = time.monotonic()

    def look(self, listing):
        if self.restart is not None and time.monotonic() - self.begun > self.restart:
            self.begin()
        for one in self.settling.look(listing).settled:
            self.read.setdefault(one.seen.name, one.seen.path.read_bytes())


class Naive:
    """The counter-example, in the same way."""

    def __init__(self, folder, quiet, **options):
        self.folder, self.watcher = folder, NaiveWatcher(SystemClock(), quiet, **options)
        self.read: dict[str, bytes] = {}

    def look(self, listing):
        for name in self.watcher.look(listing):
            self.read.setdefault(name, (self.folder / name).read_bytes())


def half_read(watcher, expected):
    """Names of what was read before it was complete; white space at the end may be missing."""
    return {name for name, content in watcher.read.items() if content.rstrip() != expected[name][1].rstrip()}


def watch(folder, expected, quiet, late, deadline):
    """All watchers over one folder until each of ours has read everything; some begin when all is half there."""
    start = time.monotonic()
    ours = {"running": Ours(folder, quiet), "restarted": Ours(folder, quiet, restart=quiet * 4)}
    naive = {"running": Naive(folder, quiet)}
    while time.monotonic() - start < deadline:
        listing = scan(folder)
        for watcher in (*ours.values(), *naive.values()):
            watcher.look(listing)
        if "started" not in ours and time.monotonic() - start > late:
            ours["started"] = Ours(folder, quiet)
            naive["started"] = Naive(folder, quiet, takes_existing=True)
        if len(ours) == 3 and all(one.read.keys() == expected.keys() for one in ours.values()):
            break
        time.sleep(quiet / 8)
    return ours, naive


@pytest.fixture(scope="module")
def arrived(tmp_path_factory):
    """What each watcher has read of files that arrive in all ways at the same time."""
    folder, expected = tmp_path_factory.mktemp("inbox"), files()
    quick, slow = Pace(0.01, 0.8), Pace(0.15, 0.8)
    writers = [
        threading.Thread(target=WAYS[way], args=(folder / name, content, quick if way == "byte-by-byte" else slow))
        for name, (way, content) in expected.items()
    ]
    for writer in writers:
        writer.start()
    found = watch(folder, expected, quiet=0.2, late=0.35, deadline=12)
    for writer in writers:
        writer.join()
    return expected, *found


@pytest.mark.parametrize("watcher", ["running", "started", "restarted"])
def test_nothing_is_read_half_and_everything_is_read(arrived, watcher):
    expected, ours, _ = arrived
    assert half_read(ours[watcher], expected) == set()
    assert ours[watcher].read.keys() == expected.keys()


@pytest.mark.parametrize("way", sorted(HALF_BY_SIZE_AND_TIME))
def test_size_and_time_alone_read_half_files(arrived, way):
    expected, _, naive = arrived
    assert {f"{way}-{kind}.{kind}" for kind in CONTENTS} <= half_read(naive["running"], expected)


@pytest.mark.parametrize("way", ["steady", "hole", "opened-again", "full-size", "mapped", "old-time"])
def test_taking_what_lies_there_at_the_start_reads_half_files(arrived, way):
    expected, _, naive = arrived
    assert half_read(naive["started"], expected) >= {f"{way}-{kind}.{kind}" for kind in ("xml", "gpc", "xlsx", "pdf")}


def test_a_file_that_is_never_finished_is_never_read_and_is_reported(tmp_path):
    for kind, content in CONTENTS.items():
        (tmp_path / f"a-{kind}.{kind}").write_bytes(content[: len(content) // 2 + 1])
    (tmp_path / "prázdný.pdf").touch()
    settling = Settling(clock=SystemClock(), quiet=0.02, unfinished=30, pair=0)
    for _ in range(8):
        looked = settling.look(scan(tmp_path))
        time.sleep(0.01)
    assert looked.settled == ()
    assert len(looked.arriving) == len(CONTENTS) + 1


PROVABLE = ("xml", "gpc", "sta", "xlsx")


@settings(max_examples=40)
@given(
    kind=st.sampled_from(PROVABLE),
    parts=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 250), st.booleans()), max_size=6),
    full_size=st.booleans(),
    old_time=st.booleans(),
)
def test_however_it_is_cut_and_however_long_it_stops_it_is_not_read_before_the_last_byte(
    tmp_path_factory, kind, parts, full_size, old_time
):
    folder, content, clock = tmp_path_factory.mktemp("inbox"), CONTENTS[kind], FakeClock()
    path, settling, whole = folder / f"a.{kind}", Settling(clock=clock, pair=0), len(content.rstrip(b"\r\n\0"))
    path.write_bytes(bytes(len(content) if full_size else 0))
    for share, wait, stays_open in sorted(parts):
        with path.open("r+b") as stream:
            stream.write(content[: int(share * (whole - 1))])
            stream.flush()
            if old_time:
                os.utime(path, (OLD, OLD))
            if stays_open:
                assert settled_after(settling, folder, clock, wait) == []
        assert settled_after(settling, folder, clock, wait) == []
    path.write_bytes(content)
    assert settled_after(settling, folder, clock, 5.1) == [path.name]


def settled_after(settling, folder, clock, wait):
    """What settles when it is looked at, and again after a while."""
    settling.look(scan(folder))
    clock.advance(wait)
    return [one.seen.name for one in settling.look(scan(folder)).settled]


@pytest.mark.slow
@pytest.mark.parametrize("quiet", [1.0, 5.0])
def test_with_real_times_and_real_programs_nothing_is_read_half(tmp_path, quiet):
    expected = {f"{way}-{kind}.{kind}": (way, content) for way in WAYS for kind, content in CONTENTS.items()}
    for kind in CONTENTS:
        del expected[f"byte-by-byte-{kind}.{kind}"]
    for kind, content in SHORT.items():
        expected[f"byte-by-byte-{kind}.{kind}"] = ("byte-by-byte", content)
    program = Path(__file__).with_name("arriving.py")
    hole = 3.5 if quiet < 3 else 12.0
    processes = []
    for name, (way, content) in expected.items():
        step = "1.0" if way == "byte-by-byte" else "0.4"
        command = [sys.executable, str(program), way, str(tmp_path / name), step, str(hole)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE)
        process.stdin.write(content)
        process.stdin.close()
        processes.append(process)
    ours, naive = watch(tmp_path, expected, quiet, late=hole * 0.6 + 1, deadline=110)
    assert [process.wait(60) for process in processes] == [0] * len(processes)
    for watcher in ours.values():
        assert half_read(watcher, expected) == set()
        assert watcher.read.keys() == expected.keys()
    half = {name.rpartition("-")[0] for name in half_read(naive["running"], expected)}
    assert half >= HALF_BY_SIZE_AND_TIME
