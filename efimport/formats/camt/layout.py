"""Where statements and entries lie in the bytes of a file, and the bytes of one statement alone.

A parser knows elements and not bytes, and what is sent should be the bank's own bytes. Start and end tags are searched
for in the text, which is in an encoding that keeps ASCII; comments, CDATA and instructions are passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

import msgspec

from efimport.formats.xml import XmlText, codecs_name

_HIDING = re.compile(rb"<!--|<!\[CDATA\[|<\?")
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_ATTRIBUTES = rb"(?:\s+[^\s=<>/]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*"
# The name stands first in these, so that the search runs at the speed of memory; what precedes it is looked at after.
_STATEMENT = re.compile(rb"Stmt(?=[\s/>])" + _ATTRIBUTES + rb"(/?)>")
_OPENING = re.compile(rb"(<(/?)(?:[^\s<>/:\"'=]+:)?)$")
_LONGEST_PREFIX = 256
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?\?>")


class Span(msgspec.Struct, frozen=True):
    """A piece of the text: from its first byte to behind its last one, and the line in the file, from 1."""

    start: int
    end: int
    line: int


class Layout:
    """Places in the text of a file.

    Args:
        text: the text.
    """

    def __init__(self, text: XmlText) -> None:
        self._text = text
        content = text.content
        # Most files have no comments; then nothing needs to be passed over.
        has_hidden = b"<!" in content or content.find(b"<?", 2) > 0
        self._hidden = list(_hidden(content)) if has_hidden else []
        self._hidden_starts = [start for start, _ in self._hidden]
        self.statements = self._spans(_STATEMENT)

    def _tags(self, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, int, bool, bool]]:
        """Start, end, whether it closes and whether it is empty, of every tag of one name."""
        content = self._text.content
        for match in pattern.finditer(content):
            if content[match.start() - 1] not in b"</:":
                continue
            opening = _OPENING.search(content[max(0, match.start() - _LONGEST_PREFIX) : match.start()])
            if opening is None:
                continue
            start = match.start() - len(opening.group(1))
            if not self.is_hidden(start):
                yield start, match.end(), bool(opening.group(2)), bool(match.group(1))

    def is_hidden(self, position: int) -> bool:
        """Whether a place lies in a comment, in CDATA or in an instruction."""
        index = bisect_right(self._hidden_starts, position) - 1
        return index >= 0 and position < self._hidden[index][1]

    def _spans(self, pattern: re.Pattern[bytes]) -> list[Span]:
        spans: list[Span] = []
        open_tags: list[tuple[int, int]] = []
        line, counted = self._text.line_offset + 1, 0
        for start, end, closes, empty in self._tags(pattern):
            line += self._text.content.count(b"\n", counted, start)
            counted = start
            if not closes:
                open_tags.append((start, line))
            if (closes or empty) and open_tags:
                begin, first_line = open_tags.pop()
                spans.append(Span(begin, end, first_line))
        return sorted(spans, key=lambda span: span.start)

    def alone(self, span: Span, statements: list[Span]) -> bytes:
        """The text with one statement alone: everything before the first and after the last one stays as it is."""
        content = self._text.content
        if len(statements) == 1:
            return content
        return content[: statements[0].start] + content[span.start : span.end] + content[statements[-1].end :]


def _hidden(content: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of comments, CDATA and instructions; the first that does not end is the last one looked at."""
    position = 0
    while match := _HIDING.search(content, position):
        end = _ENDS[match.group()]
        found = content.find(end, match.end())
        if found < 0:
            return
        position = found + len(end)
        yield match.start(), position


class EntryLines:
    """The lines of the entries, asked for one after another.

    The parser keeps lines in 16 bits, and a statement of some hundred entries has more lines than that.

    Args:
        text: the text.
        layout: its layout.
    """

    def __init__(self, text: XmlText, layout: Layout) -> None:
        self._content = text.content
        self._layout = layout
        self._line = text.line_offset + 1
        self._position = 0

    def next(self, prefix: str | None) -> int | None:
        """The line of the next entry in the file, from 1; None where it is not found.

        Args:
            prefix: prefix of its name.
        """
        tag = f"<{prefix}:Ntry".encode() if prefix else b"<Ntry"
        content, position = self._content, self._position
        while True:
            found = content.find(tag, position + 1)
            if found < 0:
                return None
            if content[found + len(tag)] in b" \t\r\n/>" and not self._layout.is_hidden(found):
                break
            position = found
        self._line += content.count(b"\n", self._position, found)
        self._position = found
        return self._line


def with_declaration(content: bytes, text: XmlText) -> tuple[bytes, bool]:
    """The content with a declaration that names the encoding which it is in, and whether that had to be changed."""
    stated = codecs_name(text.declared or "utf-8")
    if stated == codecs_name(text.encoding) or (text.content.isascii() and stated == "ascii"):
        return content, False
    declaration = b'<?xml version="1.0" encoding="' + text.encoding.upper().encode("ascii") + b'"?>'
    match = _DECLARATION.match(content)
    if match is None:
        return declaration + b"\n" + content, True
    return declaration + content[match.end() :], True
