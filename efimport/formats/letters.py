"""Which letters the texts of firms are made of: tells UTF-8 from a single-byte encoding that looks like it.

Valid UTF-8 alone proves nothing where a text is short: RŮŽENA in Windows-1250 is valid UTF-8 as well, of an Arabic
sign. But then the letters are none that a Latin text of this part of the world holds.
"""

from __future__ import annotations

import unicodedata

_RANGES = (
    (0x00A0, 0x017F),  # Latin-1 Supplement and Latin Extended-A
    (0x0218, 0x021B),  # Romanian letters with a comma
    (0x2010, 0x2027),  # dashes, quotation marks, ellipsis
    (0x2030, 0x203A),  # per mille, primes, angle quotation marks
    (0x20A0, 0x20BF),  # signs of currencies
    (0x2116, 0x2122),  # numero sign, trade mark
    (0xFEFF, 0xFEFF),  # byte-order mark inside a text
)


def are_ours(text: str) -> bool:
    """Whether every letter beyond ASCII is one that Latin texts of this part of the world use.

    Letters that were taken apart into letter and accent count as the letters that they make.
    """
    return all(_is_ours(letter) for letter in set(unicodedata.normalize("NFC", text)) if letter > "\x7f")


def _is_ours(letter: str) -> bool:
    code = ord(letter)
    return any(first <= code <= last for first, last in _RANGES)
