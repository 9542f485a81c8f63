"""The bytes of a file as far as its end is judged by them: head, tail, and the rest piece by piece."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from functools import cached_property
from typing import BinaryIO

from efimport.formats.gpc.encodings import wide_encoding
from efimport.formats.marks import MARKS

HEAD_BYTES = 64 * 1024
TAIL_BYTES = 64 * 1024
PIECE = 1024 * 1024
_CONTROL_Z = b"\x1a"
"""With it programs of MS-DOS ended a text."""


class Content:
    """An open file, of which no more is read than is asked for.

    Args:
        stream: the file; it can be read from any place.
        size: its bytes; what comes behind them is not looked at.
    """

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self.size = size

    def at(self, place: int, length: int) -> bytes:
        """Some bytes from a place on; fewer where the file ends."""
        if not 0 <= place < self.size:
            return b""
        self._stream.seek(place, os.SEEK_SET)
        return self._stream.read(min(length, self.size - place))

    def tail(self, length: int = TAIL_BYTES) -> bytes:
        """The last bytes."""
        return self.at(max(self.size - length, 0), length)

    @cached_property
    def head(self) -> bytes:
        """The first bytes."""
        return self.at(0, HEAD_BYTES)

    @cached_property
    def wide(self) -> str | None:
        """The encoding where it has more than one byte for every letter: UTF-16 or UTF-32."""
        for mark, encoding in MARKS:
            if self.head.startswith(mark):
                return encoding if encoding != "utf-8" else None
        return wide_encoding(self.head)

    @cached_property
    def text(self) -> bytes:
        """The head without a byte-order mark, as bytes of an encoding that keeps ASCII."""
        return next(self.texts(), b"")

    def texts(self) -> Iterator[bytes]:
        """All pieces of the text without a byte-order mark, as bytes of an encoding that keeps ASCII."""
        decode = None if self.wide is None else codecs.getincrementaldecoder(self.wide)("replace").decode
        for place in range(0, self.size, PIECE):
            piece = self.at(place, PIECE)
            if decode is not None:
                text = decode(piece)
                piece = (text.removeprefix("\ufeff") if place == 0 else text).encode("utf-8", "replace")
            elif place == 0:
                piece = piece.removeprefix(codecs.BOM_UTF8)
            yield piece

    def tail_text(self, length: int = TAIL_BYTES) -> bytes:
        """The end of the text, as bytes of an encoding that keeps ASCII."""
        if self.wide is None:
            return self.tail(length)
        # A letter must not be cut; those of UTF-32 have four bytes.
        place = max(self.size - length, 0) // 4 * 4
        text = self.at(place, length + 4).decode(self.wide, "replace")
        return text.removeprefix("\ufeff").encode("utf-8", "replace")

    @cached_property
    def ends_in_zeros(self) -> bool:
        """Whether zero bytes stand at the end, as in a file that was made in full size and is still being filled."""
        return self.tail_text(64).rstrip(b"\r\n" + _CONTROL_Z).endswith(b"\x00")


class Searcher:
    """Finds one thing behind the other in the pieces of a text, holding one piece at a time."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""
        self._place = 0

    def find(self, pattern: re.Pattern[bytes], keep: int) -> re.Match[bytes] | None:
        """The next match, behind which the next search begins; None where the text holds none.

        Args:
            pattern: what is searched.
            keep: how many bytes a match has at most, together with what it must see behind itself.
        """
        while True:
            match = pattern.search(self._held, self._place)
            # A match that touches the end of the piece might be a longer one, or none.
            if match is not None and match.end() + keep <= len(self._held):
                self._place = match.end()
                return match
            if not self._more(match.start() if match else max(self._place, len(self._held) - keep)):
                match = pattern.search(self._held, self._place)
                self._place = match.end() if match else len(self._held)
                return match

    def _more(self, from_place: int) -> bool:
        """Read another piece and let go of what lies before the place; False at the end of the text."""
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self._held = self._held[from_place:] + piece
        self._place = 0
        return True
