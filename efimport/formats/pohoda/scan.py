"""Finding where elements begin and end without parsing what is inside them.

A pack of hundreds of megabytes is cut at its items: comments, CDATA sections and instructions are stepped over, and the
inside of an item is looked at by the parser alone. The bytes are in an encoding that keeps ASCII.
"""

from __future__ import annotations

import re
from enum import Enum

import msgspec

from efimport.formats.xml_proportions import Buffer

_ATTRIBUTES = rb"(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+"
_START = re.compile(rb"<([^\s<>/!?=\"']++)(" + _ATTRIBUTES + rb")>", re.DOTALL)
_END = re.compile(rb"</([^\s<>/!?=\"']++)\s*>")
_ATTRIBUTE = re.compile(rb"\s([^\s=<>/\"']++)\s*=\s*(?:\"([^\"<]*+)\"|'([^'<]*+)')")
_SKIPPED = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))


class TagKind(Enum):
    """What stands at a place of the text."""

    START = "start"
    EMPTY = "empty"
    END = "end"
    DOCTYPE = "doctype"
    BROKEN = "broken"
    NOTHING = "nothing"


class Tag(msgspec.Struct, frozen=True):
    """A tag of the text.

    Attributes:
        kind: what it is; ``BROKEN`` for a ``<`` that begins no tag, ``NOTHING`` at the end of the text.
        name: name with its prefix.
        start, end: its place.
        attributes: the text of its attributes.
        text_before: whether other text than white space stands between the last tag and this one.
    """

    kind: TagKind
    name: bytes
    start: int
    end: int
    attributes: bytes = b""
    text_before: bool = False

    def attribute_places(self) -> dict[bytes, tuple[int, int]]:
        """Where the values of the attributes begin and end, without their quotes, counted from ``start``."""
        shift = 1 + len(self.name)
        places = {}
        for match in _ATTRIBUTE.finditer(self.attributes):
            group = 2 if match.group(2) is not None else 3
            begin, end = match.span(group)
            places[match.group(1)] = (begin + shift, end + shift)
        return places


class Scanner:
    """Steps over the tags of one text.

    Args:
        content: the text.
    """

    def __init__(self, content: Buffer) -> None:
        self.content = content
        self._ends: dict[bytes, re.Pattern[bytes]] = {}
        self._never_closed: set[bytes] = set()

    def tag(self, position: int) -> Tag:
        """The first tag at or after ``position`` that is not inside a comment, a CDATA section or an instruction."""
        text_before = False
        begin = position
        while True:
            less = self.content.find(b"<", begin)
            if less < 0:
                rest = self.content[begin:].strip()
                return Tag(TagKind.NOTHING, b"", len(self.content), len(self.content), b"", text_before or bool(rest))
            text_before = text_before or bool(self.content[begin:less].strip())
            skipped = self._skip(less)
            if skipped is None:
                return self._tag_at(less, text_before)
            if skipped < 0:
                return Tag(TagKind.BROKEN, b"", less, len(self.content), b"", text_before)
            text_before = text_before or self.content[less : less + 9] == b"<![CDATA["
            begin = skipped

    def _skip(self, less: int) -> int | None:
        """The end of what is stepped over; None where nothing is, -1 where it does not end."""
        head = self.content[less : less + 9]
        for opening, closing in _SKIPPED:
            if head.startswith(opening):
                # What was not found once is not searched for again: a hostile file could ask for it a million times.
                end = self.content.find(closing, less + len(opening)) if closing not in self._never_closed else -1
                if end < 0:
                    self._never_closed.add(closing)
                    return -1
                return end + len(closing)
        return None

    def _tag_at(self, less: int, text_before: bool) -> Tag:
        if self.content[less : less + 9].upper() == b"<!DOCTYPE":
            return Tag(TagKind.DOCTYPE, b"", less, less + 9, b"", text_before)
        match = _START.match(self.content, less)
        if match is not None:
            attributes = match.group(2)
            kind = TagKind.EMPTY if attributes.endswith(b"/") else TagKind.START
            return Tag(kind, match.group(1), less, match.end(), attributes.removesuffix(b"/"), text_before)
        match = _END.match(self.content, less)
        if match is not None:
            return Tag(TagKind.END, match.group(1), less, match.end(), b"", text_before)
        # A tag that was cut off is the end of the text; one that is damaged is not.
        kind = TagKind.BROKEN if self.content.find(b">", less) >= 0 else TagKind.NOTHING
        return Tag(kind, b"", less, less + 1, b"", text_before)

    def element_end(self, tag: Tag) -> tuple[int, bool]:
        """Where the element that a start tag opens ends, and whether it is closed there.

        An element that is not closed before the next one of its name, or at all, ends there: no document of a pack
        has an element of its own name inside.
        """
        if tag.kind is TagKind.EMPTY:
            return tag.end, True
        pattern = self._pattern(tag.name)
        position = tag.end
        while True:
            match = pattern.search(self.content, position)
            if match is None:
                return len(self.content), False
            if match.group(1) is None:
                skipped = self._skip(match.start())
                if skipped is None or skipped < 0:
                    return len(self.content), False
                position = skipped
            elif match.group(1) == b"/":
                end = _END.match(self.content, match.start())
                return (end.end(), True) if end else (match.start(), False)
            else:
                return match.start(), False

    def _pattern(self, name: bytes) -> re.Pattern[bytes]:
        pattern = self._ends.get(name)
        if pattern is None:
            pattern = re.compile(rb"<(?:!--|!\[CDATA\[|\?|(/?)" + re.escape(name) + rb"(?=[\s/>]))")
            self._ends[name] = pattern
        return pattern

    def lines(self, start: int, end: int) -> int:
        """Line ends between two places."""
        return sum(
            self.content[position : min(position + _CHUNK, end)].count(b"\n") for position in range(start, end, _CHUNK)
        )


_CHUNK = 1024 * 1024
