"""What a SQLite journal's files tell before they are opened: an emptied file, a log that ends in damage.

SQLite itself reads a log up to the first damaged frame and says nothing. What it left out may have been said to be on
the disk; whoever imports next has to know.

(SQLite documentation, "WAL-mode File Format": header of 32 bytes, frames of 24 bytes and a page, salts, checksums.)
"""

from __future__ import annotations

import struct
from pathlib import Path

from efimport.journal.faults import damaged
from efimport.journal.ownership import lock_of
from efimport.messages import Message, message

HEADER = 32
FRAME_HEADER = 24
MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
"""The first number of a log, and the order of bytes of its checksums."""

LARGEST_PAGE = 65_536
WORD = 0xFFFFFFFF
GENERATIONS = 1_000_000
"""The first salt grows by one whenever the log begins anew; frames of so many beginnings ago are old, not damaged."""


def check_file(place: Path) -> None:
    """Looks whether a journal that was used is empty now; it would be taken for a new one.

    Raises:
        JournalError: it is.
    """
    try:
        emptied = place.stat().st_size == 0 and lock_of(place).exists()
    except OSError:
        return
    if emptied:
        raise damaged(message("{path} is empty", path=place))


def inspected_log(place: Path) -> Message | None:
    """What is to be said of the log beside the journal; None where it is whole, or where there is none.

    A log is left behind by a program that ended without closing the journal. Where another process uses the journal
    just now, its log may look unfinished; that is told as well.
    """
    try:
        content = place.with_name(place.name + "-wal").read_bytes()
    except OSError:
        return None
    if not content:
        return None
    whole = whole_frames(content)
    if whole is None:
        return message(
            "The log of the journal {path} has no readable beginning ({size} bytes); it was left out. What was sent "
            "last may be missing: look into the service before you import it again.",
            path=place,
            size=len(content),
        )
    end, left = whole
    if not left:
        return None
    return message(
        "The log of the journal {path} is damaged or unfinished after its byte {end}; everything before that was read. "
        "Unless the program or the machine had just broken off, look into the service for what was sent last.",
        path=place,
        end=end,
    )


def whole_frames(content: bytes) -> tuple[int, bool] | None:
    """Where the whole frames of a log end, and whether something of this log, or something damaged, follows.

    Returns:
        None where its header is damaged.
    """
    if len(content) < HEADER:
        return None
    magic, _, page, _, first_salt, second_salt, *kept = struct.unpack(">8I", content[:HEADER])
    order = MAGIC.get(magic)
    if order is None or not 512 <= page <= LARGEST_PAGE:
        return None
    sums = _checksum(content[: HEADER - 8], order, (0, 0))
    if list(sums) != kept:
        return None
    place = HEADER
    while place < len(content):
        frame = content[place : place + FRAME_HEADER + page]
        if len(frame) < FRAME_HEADER + page:
            return place, True
        _, _, first, second, *stored = struct.unpack(">6I", frame[:FRAME_HEADER])
        if (first, second) != (first_salt, second_salt):
            return place, not 0 < (first_salt - first) & WORD <= GENERATIONS
        sums = _checksum(frame[FRAME_HEADER:], order, _checksum(frame[:8], order, sums))
        if list(sums) != stored:
            return place, True
        place += FRAME_HEADER + page
    return place, False


def _checksum(content: bytes, order: str, start: tuple[int, int]) -> tuple[int, int]:
    """The running checksum of the log: two sums, each of which takes up the other."""
    first, second = start
    for even, odd in struct.iter_unpack(f"{order}II", content):
        first = (first + even + second) & WORD
        second = (second + odd + first) & WORD
    return first, second
