"""Bytes to letters: UTF-8, Windows-1250 or code page 852.

SWIFT allows no letters with diacritics at all, so no rule says how they are written. Fio banka writes UTF-8; MultiCash
and Česká spořitelna (Business 24, MT940) write code page 852; what went through a Windows program is in Windows-1250.
Both of these turn any bytes into letters, and the wrong one into letters that no text of this region holds.
"""

from __future__ import annotations

import codecs
import mmap
import re

import msgspec

from efimport.formats.letters import CODE_PAGE_852, WINDOWS_1250, are_frequent, are_ours, likeliest

UTF_8 = "utf-8"
SINGLE_BYTE = (WINDOWS_1250, CODE_PAGE_852)
_UNDECODED = re.compile("[\udc80-\udcff]")


class Loaded(msgspec.Struct, frozen=True):
    """The bytes of a file in an encoding that keeps ASCII.

    Attributes:
        content: the bytes without a byte-order mark, lines ended by LF or CR LF.
        saved_as: what was taken away: ``UTF-16`` or ``UTF-8``; None where nothing was.
        other_line_ends: whether the lines ended with a lone CR or with ``@@``.
    """

    content: bytes | mmap.mmap
    saved_as: str | None = None
    other_line_ends: bool = False


def load(content: bytes | mmap.mmap) -> Loaded:
    """Take the byte-order mark, UTF-16 and line ends that no later step knows out of the bytes."""
    saved_as = None
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content[:2] == mark:
            content, saved_as = content[2:].decode(encoding, "replace").encode(UTF_8), "UTF-16"
    if content[:3] == codecs.BOM_UTF8:
        content, saved_as = content[3:], saved_as or "UTF-8"
    if re.search(rb"@@\s*:(?:20|25|28C?|6[0-2][FM]?):", content):
        return Loaded(re.sub(rb"@@(?:\r?\n)?", b"\n", content), saved_as, other_line_ends=True)
    if re.search(rb"\r(?!\n)", content):
        return Loaded(re.sub(rb"\r+\n?", b"\n", content), saved_as, other_line_ends=True)
    return Loaded(content, saved_as)


class Decoder:
    """Decodes the messages of one file.

    Args:
        content: the whole file, for the choice between the two encodings of one byte a letter.

    Attributes:
        encoding: of the messages decoded so far: the first that is not UTF-8, else UTF-8.
        is_doubtful: whether nothing told Windows-1250 from code page 852.
    """

    def __init__(self, content: bytes | mmap.mmap) -> None:
        self._content = content
        self._single: str | None = None
        self.encoding = UTF_8
        self.is_doubtful = False

    def decode(self, message: bytes) -> tuple[str, str]:
        """The text of a message and its encoding; bytes without a letter become surrogates that encode back."""
        if message.isascii():
            return message.decode("ascii"), UTF_8
        try:
            text = message.decode(UTF_8)
        except UnicodeDecodeError:
            text = None
        if text is not None and (are_ours(text) or not _all_frequent(message)):
            return text, UTF_8
        if self._single is None:
            judged = likeliest(self._content, SINGLE_BYTE)
            self._single, self.is_doubtful = judged.encoding, judged.is_doubtful
        self.encoding = self._single
        return message.decode(self._single, "surrogateescape"), self._single


def without_surrogates(text: str) -> str:
    """The text with a replacement sign for each byte that has no letter."""
    return _UNDECODED.sub("\ufffd", text)


def has_undecoded(text: str) -> bool:
    """Whether a byte had no letter in the encoding."""
    return not text.isascii() and (_UNDECODED.search(text) is not None or "\ufffd" in text)


def _all_frequent(message: bytes) -> bool:
    """Whether Windows-1250 or code page 852 makes nothing but letters of this region of the bytes."""
    return any(are_frequent(message.decode(encoding, "surrogateescape")) for encoding in SINGLE_BYTE)
