"""Puts files into a folder in the ways in which files arrive; run as a process of its own, which nobody kills.

Standard input has the job as JSON: the folder, one beside it on the same disk, and what is to be put where and how.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

PIECES = 5
LONGEST_WAIT = 600.0
OLD = 1_700_000_000.0


def at_once(path: Path, content: bytes, pause: float, aside: Path) -> None:
    path.write_bytes(content)


def in_pieces(path: Path, content: bytes, pause: float, aside: Path) -> None:
    with path.open("wb", buffering=0) as stream:
        for piece in _pieces(content):
            stream.write(piece)
            time.sleep(pause / PIECES)


def with_a_hole(path: Path, content: bytes, pause: float, aside: Path) -> None:
    """For a long time nothing comes; the file stays open."""
    with path.open("wb", buffering=0) as stream:
        stream.write(content[: len(content) // 2])
        time.sleep(pause)
        stream.write(content[len(content) // 2 :])


def opened_again(path: Path, content: bytes, pause: float, aside: Path) -> None:
    path.write_bytes(content[: len(content) // 2])
    time.sleep(pause)
    with path.open("ab") as stream:
        stream.write(content[len(content) // 2 :])


def in_full_size_first(path: Path, content: bytes, pause: float, aside: Path) -> None:
    with path.open("wb", buffering=0) as stream:
        stream.truncate(len(content))
        for piece in _pieces(content):
            stream.write(piece)
            time.sleep(pause / PIECES)


def through_memory(path: Path, content: bytes, pause: float, aside: Path) -> None:
    with path.open("w+b") as stream:
        stream.truncate(len(content))
        with mmap.mmap(stream.fileno(), len(content)) as memory:
            half = len(content) // 2
            memory[:half] = content[:half]
            time.sleep(pause)
            memory[half:] = content[half:]


def with_its_old_time(path: Path, content: bytes, pause: float, aside: Path) -> None:
    in_pieces(path, content, pause, aside)
    os.utime(path, (OLD, OLD))


def aside_and_renamed(path: Path, content: bytes, pause: float, aside: Path) -> None:
    unfinished = path.with_name(f"{path.name}.part")
    in_pieces(unfinished, content, pause, aside)
    unfinished.rename(path)


def from_elsewhere(path: Path, content: bytes, pause: float, aside: Path) -> None:
    """A whole folder is moved in, or a file."""
    other = aside / f"{os.getpid()}-{path.name}"
    other.write_bytes(content)
    other.rename(path)


WAYS: dict[str, Callable[[Path, bytes, float, Path], None]] = {
    way.__name__: way
    for way in (at_once, in_pieces, with_a_hole, opened_again, in_full_size_first, through_memory, with_its_old_time,
                aside_and_renamed, from_elsewhere)
}  # fmt: skip


def _pieces(content: bytes) -> list[bytes]:
    size = -(-len(content) // PIECES)
    return [content[start : start + size] for start in range(0, len(content), size)]


def deliver(delivery: dict, folder: Path, aside: Path) -> None:
    """Puts one file; a corrected one waits until the wrong one is out of the way."""
    path = folder / delivery["name"]
    path.parent.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + LONGEST_WAIT
    while delivery["corrects"] and path.exists():
        if time.monotonic() > end:
            raise TimeoutError(path)
        time.sleep(0.02)
    content = Path(delivery["content"]).read_bytes()
    WAYS[delivery["way"]](path, content, delivery["pause"], aside)
    time.sleep(delivery["rest"])


def main() -> None:
    job = json.load(sys.stdin)
    for delivery in job["deliveries"]:
        deliver(delivery, Path(job["folder"]), Path(job["aside"]))


if __name__ == "__main__":
    main()
