"""The proportions of an XML text, measured before it is parsed: what no accounting document has is not held as a tree.

A parser takes four to a hundred times the bytes of a text, so it is the shape that has to be judged first. The search
leaps from one tag to the last one within reach and looks only at what lies between two that are far apart; a mapped
file is thereby judged without being read into memory. Long texts in base64 are files inside and are let through.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from typing import TypeAlias

from efimport.findings import Finding, Location, finding
from efimport.messages import Message, message

Buffer: TypeAlias = bytes | mmap.mmap
"""All bytes of a file: read, or mapped where they are many."""

LONGEST = 1_000_000
"""Bytes of a tag, a comment or a text at most; files inside are longer."""

TAGS = 1_000_000
"""Tags of one document that is held as a tree at most: ten thousand lines of an invoice have some 600,000."""

TAG_BYTES = 10
"""Bytes for every tag at least, on average over a mebibyte: the densest invoices have 16."""

_LINE = 32
"""Letters in a line of base64 at least, on average; the standard has 64 or 76 (RFC 2045, RFC 7468)."""
_ROOT = re.compile(rb"<[A-Za-z_]")
_ROOT_WITHIN = 2_000_000
_CDATA = b"<![CDATA["
_WINDOW = 1024 * 1024
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_= \t\r\n"


def out_of_proportion(
    content: Buffer,
    path: str | None = None,
    *,
    start: int = 0,
    end: int | None = None,
    line_offset: int = 0,
    tags: int | None = TAGS,
    tag_bytes: int = TAG_BYTES,
) -> Finding | None:
    """Why a text is not to be parsed; None where nothing speaks against it.

    Args:
        content: the bytes, in an encoding that keeps ASCII.
        path: what people see as their place.
        start: where the text begins.
        end: where it ends; the end of the bytes without one.
        line_offset: lines in front of ``content``.
        tags: tags that it may have; None for any number.
        tag_bytes: bytes for every tag that it must have on average wherever it is long.
    """
    stop = len(content) if end is None else end
    place, reason = _endless(content, start, stop)
    if reason is None:
        place, reason = _crowded(content, start, stop, tags, tag_bytes)
    if reason is None:
        return None
    line = 1 + line_offset + line_ends(content, 0, place)
    return finding("xml.out-of-proportion", Location(path=path, line=line), reason=reason)


def endless_root(content: Buffer, path: str | None = None, *, start: int = 0, line_offset: int = 0) -> Finding | None:
    """Why a text is not even to be cut: its root has a start tag that goes on and on; None where it ends.

    Args:
        content: the bytes, in an encoding that keeps ASCII.
        path: what people see as their place.
        start: where the text begins.
        line_offset: lines in front of that.
    """
    root = _ROOT.search(content, start, min(start + _ROOT_WITHIN, len(content)))
    if root is None or len(content) - root.start() <= LONGEST:
        return None
    if content.find(b">", root.start(), root.start() + LONGEST) >= 0:
        return None
    line = 1 + line_offset + line_ends(content, start, root.start())
    reason = message("a tag or comment is longer than {limit} bytes", limit=LONGEST)
    return finding("xml.out-of-proportion", Location(path=path, line=line), reason=reason)


def _endless(content: Buffer, start: int, stop: int) -> tuple[int, Message | None]:
    """A tag, comment or text beyond any that means something, and where it begins."""
    position = start
    while stop - position > LONGEST:
        nearest = content.rfind(b"<", position + 1, position + LONGEST + 1)
        if nearest >= 0:
            position = nearest
            continue
        following = content.find(b"<", position + LONGEST + 1, stop)
        following = stop if following < 0 else following
        reason = _judged(content, position, following)
        if reason is not None:
            return position, reason
        position = following
    return 0, None


def _judged(content: Buffer, start: int, stop: int) -> Message | None:
    """What is wrong with a long stretch without a tag: anything but a short tag with a file in base64 behind it."""
    text, last = start, stop
    if content[start : start + 9] == _CDATA:
        text, last = start + len(_CDATA), max(content.rfind(b"]]>", start, stop), start)
    elif content[start : start + 1] == b"<":
        text = content.find(b">", start, start + LONGEST) + 1
        if text == 0 or content[start + 1 : start + 2] in (b"!", b"?"):
            return message("a tag or comment is longer than {limit} bytes", limit=LONGEST)
    if not all(map(_is_base64, _pieces(content, text, last))):
        return message("a text is longer than {limit} bytes and no file inside", limit=LONGEST)
    return None


def _is_base64(piece: bytes) -> bool:
    """Letters of base64 alone, in lines and not in words; the last piece may be too short to tell."""
    if piece.translate(None, _BASE64):
        return False
    return len(piece) < _WINDOW or len(piece.split()) * _LINE < len(piece)


def _crowded(content: Buffer, start: int, stop: int, tags: int | None, tag_bytes: int) -> tuple[int, Message | None]:
    """Tags upon tags with hardly anything in them, or more of them than a document has, and where that is."""
    count, position = 0, start
    for piece in _pieces(content, start, stop):
        found = piece.count(b"<")
        count += found
        if len(piece) == _WINDOW and found * tag_bytes > _WINDOW:
            return position, message("there is hardly anything between its tags: {count} in a megabyte", count=found)
        if tags is not None and count > tags:
            return position, message("it has more than {limit} tags", limit=tags)
        position += len(piece)
    return 0, None


def line_ends(content: Buffer, start: int, stop: int) -> int:
    """Line ends between two places, counted in pieces."""
    return sum(piece.count(b"\n") for piece in _pieces(content, start, stop))


def _pieces(content: Buffer, start: int, stop: int) -> Iterator[bytes]:
    return (content[position : min(position + _WINDOW, stop)] for position in range(start, stop, _WINDOW))
