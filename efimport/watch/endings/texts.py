"""Texts without an end of their own: CSV and the like; and JSON, whose last bracket closes the first.

A table ends with the end of a line (RFC 4180, 2, allows the last line to go without, and some programs do).
"""

from __future__ import annotations

import re

from efimport.messages import message
from efimport.watch.endings.content import HEAD_BYTES, Content
from efimport.watch.endings.outcome import NO_MARK, PROVED, Ending, doubtful, unfinished

LARGEST_JSON = 4 * 1024 * 1024
"""Larger ones are taken as texts."""
_LINE_ENDS = (b"\n", b"\r", b"\x1a", b"\x0c", b"\xc2\x85")
_JSON_BEGINS = re.compile(rb"\{\s*[\"}]|\[\s*[\[\{\"\]]")
_JSON_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}"]', re.DOTALL)


_CONTROLS = bytes(range(1, 9)) + bytes(range(14, 26)) + bytes(range(28, 32))
_TEXT_PER_CONTROL = 100
"""Bytes of a text for each control character in it; other files have more."""


def _controls(text: bytes) -> int:
    return len(text) - len(text.translate(None, _CONTROLS))


def is_text(content: Content) -> bool:
    """Whether a file is a text, which holds no zero bytes; those behind it are what has not been written yet."""
    text = content.text.rstrip(b"\x00")
    return b"\x00" not in text and _controls(text) * _TEXT_PER_CONTROL <= len(text)


def end_of_text(content: Content) -> Ending:
    """Whether the last line has an end."""
    if content.ends_in_zeros:
        judge = doubtful if _controls(content.text.rstrip(b"\x00")) else unfinished
        return judge(message("The file ends in zero bytes: its content has not been written yet."))
    if content.tail_text(64).rstrip(b" \t").endswith(_LINE_ENDS):
        return NO_MARK
    return doubtful(message("The last line has no line end."))


def is_json(content: Content) -> bool:
    """Whether a file begins like JSON (RFC 8259)."""
    return content.size <= LARGEST_JSON and _JSON_BEGINS.match(content.text[:HEAD_BYTES].lstrip()) is not None


def end_of_json(content: Content) -> Ending:
    """Whether the bracket that was opened first is closed, and nothing follows."""
    if content.ends_in_zeros:
        return unfinished(message("The file ends in zero bytes: its content has not been written yet."))
    whole = b"".join(content.texts()).strip()
    depth = 0
    for token in _JSON_TOKEN.finditer(whole):
        found = token[0]
        if found == b'"':
            break
        depth += (found in b"[{") - (found in b"]}")
        if depth == 0:
            # JSON of many lines has a value a line, and no end.
            return PROVED if token.end() == len(whole) else end_of_text(content)
    return doubtful(message("The closing bracket is missing."))
