"""The ways in which files arrive in a folder: each writes one file, slowly, as some program does.

Run as a program it is such a program: ``python arriving.py WAY PATH STEP HOLE < content``.
"""

from __future__ import annotations

import mmap
import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

OLD = 1_600_000_000
PARTS = 6


class Pace(NamedTuple):
    """How slowly: seconds between two parts, and of the one long stop in the middle."""

    step: float
    hole: float


def _parts(content, count=PARTS):
    length = -(-len(content) // count)
    return [content[start : start + length] for start in range(0, len(content), length)]


def _halves(content):
    middle = len(content) // 2
    # Not at the end of a line: a table that is cut there is a whole table.
    while content[middle - 1 : middle] in (b"\r", b"\n"):
        middle += 1
    return content[:middle], content[middle:]


def steady(path, content, pace):
    """A slow copy over the network: part by part, the file kept open."""
    with path.open("wb", buffering=0) as stream:
        for part in _parts(content):
            stream.write(part)
            time.sleep(pace.step)


def with_a_hole(path, content, pace):
    """A program that stops in the middle for longer than anybody waits, the file kept open."""
    with path.open("wb", buffering=0) as stream:
        for half in _halves(content):
            stream.write(half)
            time.sleep(pace.hole)


def opened_again(path, content, pace):
    """A transfer that breaks off and is taken up later (FTP, REST): nobody has the file open meanwhile."""
    for half in _halves(content):
        with path.open("ab") as stream:
            stream.write(half)
        time.sleep(pace.hole)


def in_full_size_first(path, content, pace):
    """A file manager that reserves the place (fallocate, SetEndOfFile), then fills it."""
    with path.open("wb", buffering=0) as stream:
        stream.truncate(len(content))
        for half in _halves(content):
            time.sleep(pace.hole)
            stream.write(half)


def mapped(path, content, pace):
    """A program that writes through a mapping into memory: the handle is closed, size and time stand still."""
    with path.open("w+b") as stream:
        stream.truncate(len(content))
        memory = mmap.mmap(stream.fileno(), len(content))
    first, second = _halves(content)
    memory[: len(first)] = first
    time.sleep(pace.hole)
    memory[len(first) :] = second
    memory.close()


def with_an_old_time(path, content, pace):
    """A copy that keeps the time of the original from the beginning (cp -p, rsync -t)."""
    with path.open("wb", buffering=0) as stream:
        for part in _parts(content):
            stream.write(part)
            os.utime(path, (OLD, OLD))
            time.sleep(pace.step)


def aside(path, content, pace):
    """A program that does it right: another name first, then the final one."""
    temporary = path.with_name(path.name + ".part")
    with_a_hole(temporary, content, pace)
    temporary.replace(path)


def byte_by_byte(path, content, pace):
    """One byte at a time, the file kept open."""
    with path.open("wb", buffering=0) as stream:
        for place in range(len(content)):
            stream.write(content[place : place + 1])
            time.sleep(pace.step)


def dripping(path, content, pace):
    """One part at a time, the file closed in between for longer than it is watched."""
    for part in _parts(content, 3):
        with path.open("ab") as stream:
            stream.write(part)
        time.sleep(pace.hole)


WAYS = {
    "steady": steady,
    "hole": with_a_hole,
    "opened-again": opened_again,
    "full-size": in_full_size_first,
    "mapped": mapped,
    "old-time": with_an_old_time,
    "aside": aside,
    "byte-by-byte": byte_by_byte,
    "dripping": dripping,
}
"""The seven of the table, and two more."""

if __name__ == "__main__":
    WAYS[sys.argv[1]](Path(sys.argv[2]), sys.stdin.buffer.read(), Pace(float(sys.argv[3]), float(sys.argv[4])))
