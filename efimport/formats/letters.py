"""Which letters the texts of firms are made of: tells the encodings apart that no file names.

Valid UTF-8 alone proves nothing where a text is short: RŮŽENA in Windows-1250 is valid UTF-8 as well, of an Arabic
sign. But then the letters are none that a Latin text of this part of the world holds. Nor do encodings of one byte a
letter refuse a text: each turns any bytes into letters, and the wrong one into letters that stand in no word of ours.
"""

from __future__ import annotations

import mmap
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import msgspec

WINDOWS_1250 = "windows-1250"
CODE_PAGE_852 = "cp852"
SAMPLE_BYTES = 1 << 18
"""How many bytes of a file, from its first letter beyond ASCII on, are judged."""

_RANGES = (
    (0x00A0, 0x017F),  # Latin-1 Supplement and Latin Extended-A
    (0x0218, 0x021B),  # Romanian letters with a comma
    (0x2010, 0x2027),  # dashes, quotation marks, ellipsis
    (0x2030, 0x203A),  # per mille, primes, angle quotation marks
    (0x20A0, 0x20BF),  # signs of currencies
    (0x2116, 0x2122),  # numero sign, trade mark
    (0xFEFF, 0xFEFF),  # byte-order mark inside a text
)
_CZECH = frozenset("áéíýěščřžůúóťďňÁÉÍÝĚŠČŘŽŮÚÓŤĎŇ")
_SLOVAK = frozenset("ľĽ")
_INNER = frozenset("äôöü")
"""Letters that are usual inside words; where another encoding has quotation marks, they stand at the ends."""
_OTHERS = frozenset("ĺŕőűćđłąęśżźńßÄÖÜÔĹŔŐŰĆĐŁ")
_FREQUENT = _CZECH | _SLOVAK | _INNER | _OTHERS
_VOWELS = frozenset("aeiouyAEIOUYáéíýěůúÁÉÍÝĚŮÚ")
_MARKS = frozenset("„“”‚‘’–—…«»")
"""Quotation marks, dashes, ellipsis: what Windows programs put around words and between them."""
_SIGNS = frozenset("§°€×\u00a0")
"""What stands before or behind a number, and not behind a letter."""
_ASCII = bytes(range(128))
_BEYOND_ASCII = re.compile(r"(?<=(.))?([^\x00-\x7f])(?=(.))?", re.DOTALL)


class Judged(msgspec.Struct, frozen=True):
    """The likeliest of several encodings.

    Attributes:
        encoding: its name, as it was given.
        is_likely: whether its letters are usual ones at all.
        is_doubtful: whether they are not, or whether another encoding is as likely.
    """

    encoding: str
    is_likely: bool
    is_doubtful: bool


def are_ours(text: str) -> bool:
    """Whether every letter beyond ASCII is one that Latin texts of this part of the world use.

    Letters that were taken apart into letter and accent count as the letters that they make.
    """
    return all(_is_ours(letter) for letter in set(unicodedata.normalize("NFC", text)) if letter > "\x7f")


def _is_ours(letter: str) -> bool:
    code = ord(letter)
    return any(first <= code <= last for first, last in _RANGES)


def are_frequent(text: str) -> bool:
    """Whether every letter beyond ASCII is one of Czech or of a language of its neighbours."""
    return all(letter in _FREQUENT for letter in text if letter > "\x7f")


def likeliest(content: bytes | mmap.mmap, encodings: Sequence[str]) -> Judged:
    """The one of several encodings of one byte a letter in which the text reads most like ours.

    Args:
        content: the whole file.
        encodings: at least one, in the order of preference; the first of equals wins.
    """
    part = sample(content)
    scores = {encoding: _score(part.decode(encoding, "replace")) for encoding in encodings}
    best = max(scores.values())
    first, *others = [encoding for encoding, score in scores.items() if score == best]
    return Judged(first, best > 0, best <= 0 or bool(others))


def sample(content: bytes | mmap.mmap) -> bytes:
    """The part of a file that is judged: from the first byte beyond ASCII on; nothing where all is ASCII."""
    for start in range(0, len(content), SAMPLE_BYTES):
        part = content[start : start + SAMPLE_BYTES]
        if not part.isascii():
            first = start + len(part) - len(part.lstrip(_ASCII))
            return content[max(first - 1, 0) : first + SAMPLE_BYTES]
    return b""


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
    if letter not in _FREQUENT:
        return _weight_of_stranger(letter)
    if _changes_case(before, letter, after):
        return -2
    if letter in _OTHERS or (letter in _VOWELS and after in _VOWELS):
        # In hardly any Czech word a vowel follows one with a diacritic.
        return 1
    if letter in _INNER:
        return 3 if before.isalpha() and after.isalpha() else 1
    if before.isalpha() or after.isalpha():
        return 3
    return 2 if letter in _CZECH else 1


def _weight_of_stranger(letter: str) -> int:
    """Controls and what is no letter in the encoding weigh most: nobody writes them."""
    if letter == "\ufffd" or unicodedata.category(letter) in {"Cc", "Co", "Cn"}:
        return -6
    return -2


def _changes_case(before: str, letter: str, after: str) -> bool:
    """Whether capitals begin or end in the middle of a word."""
    if letter.islower():
        return after.isupper()
    return before.islower() or (before.isupper() and after.islower())
