"""A file cut into messages, and a message into fields.

A message runs from field 20 to its end: a line that holds nothing but ``-``, or ``-}`` and the trailer of SWIFT (SWIFT
User Handbook, FIN, block 4 and 5). A line that only begins with ``-`` is text, cut at 65 characters. Between messages
stand the frame of the next one (``{1:...}{2:...}{4:``, or one to three lines that name the bank and ``940``), a ``$``
(Fio banka), or text that belongs to no statement, which is left out (ČSOB SK, description of MT940, version 9.8).
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from itertools import chain

import msgspec

_FIELD = rb":(?:20|21|25P?|28C?|60[FM]?|61|62[FM]?|64|65|86|NS|34F|13D|90[CD]):"
_FIRST_FIELD = re.compile(rb"(?:^|\{4:)[ \t\x01]*" + _FIELD, re.MULTILINE)
_START = re.compile(rb"(?:^|\{4:)[ \t\x01]*:20:", re.MULTILINE)
_HEAD_FOLLOWS = re.compile(rb":20:[^\n]*\n(?:[ \t\r]*\n)*[ \t]*:(?:2[158][CP]?|60[FM]?|NS|34F|13D):")
_A_FIELD = re.compile(rb"[ \t]*" + _FIELD)
_ONE_LINE = re.compile(rb"[ \t]*:(?:62[FM]?|64|65|90[CD]):")
_END = re.compile(
    rb"-\}(?:[ \t\r\n]*\{[S5]:(?:[^{}\n]|\{[^{}\n]*\})*\})*(?=\$|\s|\x03|\x1a|\{1:|\Z)|^-(?:XXX)?[ \t\x03]*(?=\r?$)",
    re.MULTILINE,
)
_REST_OF_LINE = re.compile(rb"[ \t\x03]*(?:\r\n|\n)")
_NEXT_FRAME = re.compile(rb"^(?:\$?\{1:|:94[02]:|[ \t\r]*$)", re.MULTILINE)
_NOTHING = b" \t\r\n$\x01\x03\x1a\x00"
_NAMES_THE_KIND = re.compile(rb"(?:^|\D)94[02](?:\D|$)")
_NAMES_THE_BANK = re.compile(rb"[A-Z0-9][A-Z0-9 ]{3,39}")
_CONTEXT = 4 << 10
_PIECE = 1 << 20
FRAME_LINES = 3
FIELD_BYTES = 1_000_000
"""Bytes of one field at most; the standard has 390 letters for the longest, banks write some thousand."""


class Message(msgspec.Struct, frozen=True):
    """One message of the file.

    Attributes:
        foreign: text before its frame that belongs to no statement.
        foreign_line: line of that text.
        frame: what stands before the first field, as it stands.
        body: the fields.
        trailer: the end of the message and what belongs to it.
        line: line of the first field.
        alone: whether frame, body and trailer are the whole file.
        endless: bytes of the fields where one of them never ends; they are not there then.
    """

    foreign: bytes
    foreign_line: int
    frame: bytes
    body: bytes
    trailer: bytes
    line: int
    alone: bool = False
    endless: int = 0


def messages(content: bytes | mmap.mmap) -> Iterator[Message]:
    """The messages of a file; only one is held in memory. The last may have no body: text behind the last message."""
    line, first = 1, True
    frame, line_of_frame = b"", 1
    start: int | None = None
    following: int | None
    for following in chain(_starts(content), (None,)):
        stop = len(content) if following is None else following
        if start is not None and is_endless(content, start, stop):
            foreign, kept = _split(frame)
            yield Message(foreign, line_of_frame, kept, b"", b"", line, endless=stop - start)
            line += _line_ends(content, start, stop)
            frame, line_of_frame, first, start = b"", line, False, following
            continue
        raw = content[start or 0 : following]
        if start is None:
            frame, line_of_frame = raw, line
        else:
            body_end, message_end = _end(raw)
            foreign, kept = _split(frame)
            last = following is None and not raw[message_end:].strip(_NOTHING)
            trailer_end = len(raw) if last else message_end
            yield Message(
                foreign=foreign,
                foreign_line=line_of_frame,
                frame=kept,
                body=raw[:body_end],
                trailer=raw[body_end:trailer_end],
                line=line,
                alone=last and first and not foreign,
            )
            frame, line_of_frame = raw[message_end:], line + raw.count(b"\n", 0, message_end)
            first = False
        line += raw.count(b"\n")
        start = following
    foreign = b"".join(_split(frame))
    if foreign.strip(_NOTHING):
        yield Message(foreign=foreign, foreign_line=line_of_frame, frame=b"", body=b"", trailer=b"", line=line_of_frame)


def is_endless(content: bytes | mmap.mmap, start: int, stop: int) -> bool:
    """Whether a field goes on and on: it is no statement then, and would be read line by line all the same."""
    while stop - start > FIELD_BYTES:
        start = content.rfind(b"\n:", start + 1, start + FIELD_BYTES + 2)
        if start < 0:
            return True
    return False


def _line_ends(content: bytes | mmap.mmap, start: int, stop: int) -> int:
    """Line ends between two places, counted in pieces."""
    return sum(content[at : min(at + _PIECE, stop)].count(b"\n") for at in range(start, stop, _PIECE))


def _starts(content: bytes | mmap.mmap) -> Iterator[int]:
    """Where messages begin: the first field of the file, and each field 20 that is no text."""
    first = _FIRST_FIELD.search(content)
    if first is None:
        return
    start = content.find(b":", first.start() + (3 if first.group().startswith(b"{4:") else 0))
    yield start
    for match in _START.finditer(content, start + 1):
        place = match.end() - 4
        if _HEAD_FOLLOWS.match(content, place) or _is_closed(content[max(start, place - _CONTEXT) : place]):
            start = place
            yield start


def _is_closed(before: bytes) -> bool:
    """Whether the message before ended, so that a field 20 can only begin another one.

    Without that the line may be the time of day in a text: ``... 16`` and on the next line ``:20:37``.
    """
    closed = max(before.rfind(mark) for mark in (b":62F:", b":62M:", b"-}", b"\n-\r", b"\n-\n"))
    return closed > max(before.rfind(mark) for mark in (b"\n:61:", b"\n:86:"))


def _end(raw: bytes) -> tuple[int, int]:
    """Where the fields of a message end, and where the message does."""
    last = place = len(raw)
    while (place := raw.rfind(b"\n", 0, place)) >= 0:
        if _A_FIELD.match(raw, place + 1):
            last = place + 1
            break
    else:
        last = 0
    if end := _END.search(raw, last):
        rest = _REST_OF_LINE.match(raw, end.end())
        return end.start(), rest.end() if rest else end.end()
    if _ONE_LINE.match(raw, last):
        line_end = raw.find(b"\n", last)
        return (line_end + 1, line_end + 1) if line_end >= 0 else (len(raw), len(raw))
    if (frame := _NEXT_FRAME.search(raw, last + 1)) and raw[frame.start() :].strip(_NOTHING):
        return frame.start(), frame.start()
    return len(raw), len(raw)


def _split(between: bytes) -> tuple[bytes, bytes]:
    """What stands between two messages: the text that belongs to neither, and the frame of the second."""
    if not between.strip(_NOTHING):
        return b"", between
    block = between.find(b"{1:")
    if block < 0 and between.strip(_NOTHING).startswith((b"{2:", b"{4:")):
        block = between.find(b"{")
    if block < 0:
        block = _frame_of_lines(between)
    before = between[:block]
    return (before, between[block:]) if before.strip(_NOTHING) else (b"", between)


def _frame_of_lines(between: bytes) -> int:
    """Where the lines begin that name the bank and the kind of message; the end where there are none."""
    lines = between.splitlines(keepends=True)
    filled = [number for number, line in enumerate(lines) if line.strip(_NOTHING)]
    for number in filled[-FRAME_LINES:]:
        if len(lines[number]) <= 42 and _NAMES_THE_KIND.search(lines[number].strip()):
            first = number
            while first and number - first < 2 and _NAMES_THE_BANK.fullmatch(lines[first - 1].strip(_NOTHING)):
                first -= 1
            return sum(len(line) for line in lines[:first])
    return len(between)


class Field(msgspec.Struct, frozen=True):
    """One field of a message.

    Attributes:
        tag: ``61``.
        text: the content with its line ends, LF.
        line: line in the file.
        start: where the field begins in the text of the body.
    """

    tag: str
    text: str
    line: int
    start: int


_TAG = re.compile(r"^[ \t]*:(20|21|25P?|28C?|60[FM]?|61|62[FM]?|64|65|86|NS|34F|13D|90[CD]):", re.MULTILINE)
_HEAD_GOES_ON = {
    "21": re.compile(r"(?!)"),
    "25": re.compile(r"[^\n]*\n\s*:(?:28C?|60[FM]?|NS):"),
    "28": re.compile(r"[^\n]*\n\s*:(?:60[FM]?|NS):"),
}
_TEXTS = frozenset({"61", "86", "NS"})


def fields(body: str, first_line: int) -> list[Field]:
    """The fields of a message whose lines end with LF.

    Inside of a text ``:25:`` and the like may be a time of day that was wrapped; it is a field only where the rest of a
    message's head follows.
    """
    found: list[Field] = []
    line, counted = first_line, 0
    tag, start, begin = "", 0, 0
    for match in _TAG.finditer(body):
        here = match.group(1)
        if tag and (here == "20" or (tag in _TEXTS and here in _HEAD_GOES_ON)) and not _begins(body, match.end(), here):
            continue
        if tag:
            line += body.count("\n", counted, start)
            counted = start
            found.append(Field(tag, body[begin : match.start()].rstrip("\n"), line, start))
        tag, start, begin = here, match.start(), match.end()
    if tag:
        line += body.count("\n", counted, start)
        found.append(Field(tag, body[begin:].rstrip("\n"), line, start))
    return found


def _begins(body: str, place: int, tag: str) -> bool:
    follows = _HEAD_GOES_ON.get(tag)
    return follows is not None and follows.match(body, place) is not None
