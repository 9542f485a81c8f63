"""XML and HTML: the root element is closed, and nothing of it follows (W3C, Extensible Markup Language 1.0, document).

POHODA, ISDOC, camt.053 and UBL are such files. Nothing is parsed but what can hold something that looks like the
closing tag: comments, CDATA sections, processing instructions, the document type, attributes.
"""

from __future__ import annotations

import re

from efimport.messages import message
from efimport.watch.endings.content import Content, Searcher
from efimport.watch.endings.outcome import NO_MARK, PROVED, Ending, doubtful, unfinished

LONGEST_NAME = 256
_BEGINS = re.compile(rb"<[?!A-Za-z_\x80-\xff]")
_FIRST = re.compile(rb"<(?:(!--)|(\?)|(!DOCTYPE)|([A-Za-z_:\x80-\xff][^\s/><]{0,255})(?=[\s/>]))", re.IGNORECASE)
_COMMENT_ENDS = re.compile(rb"-->")
_INSTRUCTION_ENDS = re.compile(rb"\?>")
_CDATA_ENDS = re.compile(rb"\]\]>")
_IN_TYPE = re.compile(rb"<!--|<\?|[\[\]>\"']")
_IN_TAG = re.compile(rb"/?>|[\"']")
_TAG_ENDS = re.compile(rb">")
_QUOTES = {b'"': re.compile(rb'"'), b"'": re.compile(rb"'")}
_BEHIND = re.compile(rb"<!--|<\?|\x00|[^\s\x1a]")
_FAR = 4 * 1024 * 1024
"""From this size on a file is read to its end only if its last bytes hold something that could end it."""


class _EndsInsideError(Exception):
    """The text ends inside of what was begun."""


def is_markup(content: Content) -> bool:
    """Whether a file begins like XML or HTML."""
    return _BEGINS.match(content.text.lstrip()) is not None


def end_of_markup(content: Content) -> Ending:
    """Whether the root element is closed.

    A text that only begins with something like a tag is not called unfinished for certain.
    """
    walk = _Walk(content)
    name = None
    try:
        name = walk.root()
        if name is None:
            return _unclosed(content, None)
        if content.size >= _FAR and not _may_end(content.tail_text(), name):
            return _unclosed(content, name)
        walk.close(name)
    except _EndsInsideError:
        return _unclosed(content, name)
    try:
        return walk.behind()
    except _EndsInsideError:
        return unfinished(message("A comment or an instruction behind the root element is not closed."))


def _unclosed(content: Content, name: bytes | None) -> Ending:
    judge = unfinished if content.text.lstrip().startswith(b"<?xml") or b"xmlns" in content.text else doubtful
    if name is None:
        return judge(message("The root element is missing."))
    if content.ends_in_zeros:
        return judge(message("The file ends in zero bytes: its content has not been written yet."))
    return judge(message("The closing tag </{name}> is missing.", name=name.decode("utf-8", "replace")))


def _may_end(tail: bytes, name: bytes) -> bool:
    # A comment or an instruction of any length may follow the root.
    return re.search(rb"</" + re.escape(name) + rb"[\s>]", tail, re.IGNORECASE) is not None or tail.rstrip(
        b"\x00\x1a \t\r\n"
    ).endswith((b"-->", b"?>"))


class _Walk:
    """Goes through a text from one structure that matters to the next."""

    def __init__(self, content: Content) -> None:
        self._text = Searcher(content.texts())

    def root(self) -> bytes | None:
        """Go behind the name of the root's start tag; None where none comes."""
        while (found := self._text.find(_FIRST, LONGEST_NAME + 4)) is not None:
            comment, instruction, document_type, name = found.groups()
            if name is not None:
                return name
            if comment:
                self._pass(_COMMENT_ENDS)
            elif instruction:
                self._pass(_INSTRUCTION_ENDS)
            elif document_type:
                self._document_type()
        return None

    def close(self, name: bytes) -> None:
        """Go behind the end of the root, elements of the same name inside of it counted."""
        html = re.IGNORECASE if name.lower() == b"html" else 0
        inside = re.compile(rb"<(?:(!--)|(\?)|(!\[CDATA\[)|(/?)" + re.escape(name) + rb"(?=[\s/>]))", html)
        depth = 1 if self._is_open_tag() else 0
        while depth:
            found = self._find(inside, len(name) + 12)
            comment, instruction, data, closing = found.groups()
            if comment:
                self._pass(_COMMENT_ENDS)
            elif instruction:
                self._pass(_INSTRUCTION_ENDS)
            elif data:
                self._pass(_CDATA_ENDS)
            elif closing:
                self._pass(_TAG_ENDS)
                depth -= 1
            elif self._is_open_tag():
                depth += 1

    def behind(self) -> Ending:
        """What follows the root: nothing, comments and instructions, or what does not belong there."""
        while (found := self._text.find(_BEHIND, 4)) is not None:
            if found[0] == b"<!--":
                self._pass(_COMMENT_ENDS)
            elif found[0] == b"<?":
                self._pass(_INSTRUCTION_ENDS)
            elif found[0] == b"\x00":
                return doubtful(message("The file ends in zero bytes."))
            else:
                return NO_MARK
        return PROVED

    def _is_open_tag(self) -> bool:
        """Go behind a start tag; whether it is no empty element."""
        while (found := self._find(_IN_TAG, 2)[0]) in _QUOTES:
            self._pass(_QUOTES[found])
        return found == b">"

    def _document_type(self) -> None:
        depth = 0
        while True:
            found = self._find(_IN_TYPE, 4)[0]
            if found == b"<!--":
                self._pass(_COMMENT_ENDS)
            elif found == b"<?":
                self._pass(_INSTRUCTION_ENDS)
            elif found in _QUOTES:
                self._pass(_QUOTES[found])
            elif found == b">":
                if depth == 0:
                    return
            else:
                depth += 1 if found == b"[" else -1

    def _find(self, pattern: re.Pattern[bytes], keep: int) -> re.Match[bytes]:
        found = self._text.find(pattern, keep)
        if found is None:
            raise _EndsInsideError
        return found

    def _pass(self, pattern: re.Pattern[bytes]) -> None:
        self._find(pattern, 3)
