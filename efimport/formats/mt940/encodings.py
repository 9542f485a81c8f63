"""Bytes to letters: UTF-8, Windows-1250 or code page 852.

SWIFT allows no letters with diacritics at all, so no rule says how they are written. Fio banka writes UTF-8; MultiCash
and Česká spořitelna (Business 24, MT940) write code page 852; what went through a Windows program is in Windows-1250.
Both of these turn any bytes into letters, and the wrong one into letters that no text of this region holds.
"""

from __future__ import annotations

import codecs
import mmap
import re
from collections import Counter

import msgspec

from efimport.formats.letters import are_ours

UTF_8 = "utf-8"
WINDOWS_1250 = "windows-1250"
CODE_PAGE_852 = "cp852"
SAMPLE_BYTES = 1 << 20
"""How much of a file decides between Windows-1250 and code page 852."""

_FREQUENT = frozenset("áéíýěščřžůúóťďňäöüôľĺŕőűćđłąęśżźńßÁÉÍÝĚŠČŘŽŮÚÓŤĎŇÄÖÜÔĽĹŔŐŰĆĐŁ")
_CZECH = frozenset("áéíýěščřžůúóťďňÁÉÍÝĚŠČŘŽŮÚÓŤĎŇ")
_VOWELS = frozenset("aeiouyAEIOUYáéíýěůúÁÉÍÝĚŮÚ")
_MARKS = frozenset("„“”‚‘’–—…")
"""Quotation marks, dashes, ellipsis: what Windows programs put around words and between them."""
_SIGNS = frozenset("§°")
_BEYOND_ASCII = re.compile(r"(?<=(.))?([^\x00-\x7f])(?=(.))?", re.DOTALL)
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
            self._single, self.is_doubtful = _single_byte_encoding(self._content)
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
    return any(
        all(letter in _FREQUENT for letter in message.decode(encoding, "surrogateescape") if letter > "\x7f")
        for encoding in (WINDOWS_1250, CODE_PAGE_852)
    )


def _single_byte_encoding(content: bytes | mmap.mmap) -> tuple[str, bool]:
    """Windows-1250 or code page 852, by which gives more likely letters in the file, and whether that is in doubt."""
    first = re.search(rb"[\x80-\xff]", content)
    start = first.start() if first else 0
    sample = content[max(start - 1, 0) : start + SAMPLE_BYTES]
    scores = {one: _score(sample.decode(one, "surrogateescape")) for one in (WINDOWS_1250, CODE_PAGE_852)}
    best = CODE_PAGE_852 if scores[CODE_PAGE_852] > scores[WINDOWS_1250] else WINDOWS_1250
    return best, scores[best] <= 0 or len(set(scores.values())) == 1


def _score(text: str) -> int:
    """How likely the letters are: those of Czech most, others of the region less, signs and odd neighbours not."""
    neighbours = Counter(_BEYOND_ASCII.findall(text))
    return sum(count * _weight(before, letter, after) for (before, letter, after), count in neighbours.items())


def _weight(before: str, letter: str, after: str) -> int:
    """How likely one letter is between its neighbours."""
    if letter in _SIGNS:
        return -2 if before.isalpha() else 2
    if letter in _MARKS:
        return -2 if before.isalpha() and after.isalpha() else 1
    if letter not in _FREQUENT or _changes_case(before, letter, after):
        return -2
    if letter not in _CZECH or (letter in _VOWELS and after in _VOWELS):
        # In hardly any Czech word a vowel follows one with a diacritic.
        return 1
    return 3 if before.isalpha() or after.isalpha() else 2


def _changes_case(before: str, letter: str, after: str) -> bool:
    """Whether capitals begin or end in the middle of a word."""
    if letter.islower():
        return after.isupper()
    return before.islower() or (before.isupper() and after.islower())
