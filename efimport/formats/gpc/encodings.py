"""The encoding of a whole file, where it is none that Windows-1250 programs write: UTF-16, code page 852.

Komerční banka, Popis formátu ABO, 1.2, prescribes Windows-1250. UTF-16 is what an editor makes of it, with or without a
byte-order mark; code page 852 was the one of MS-DOS, in which programs of that age still write.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from efimport.formats.gpc.fields import ENCODING

UTF_16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
CODE_PAGE = "cp852"
_HEAD_16 = (
    (re.compile(rb"(?:[\s]\x00)*0\x007\x00[45]\x00"), "utf-16-le"),
    (re.compile(rb"(?:\x00[\s])*\x000\x007\x00[45]"), "utf-16-be"),
)
_ASCII = bytes(range(128))
_LETTERS = "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽäöüôľĺŕÄÖÜÔĽĹŔ"
_ALONE = re.compile(r"(?<![^\W\d_])[^\x00-\x7f](?![^\W\d_])")


@lru_cache(maxsize=1)
def _letters_of_windows() -> bytes:
    """The bytes that are letters in Windows-1250."""
    letters = {code: bytes([code]).decode(ENCODING, "replace") for code in range(128, 256)}
    return bytes(code for code, letter in letters.items() if letter.lower() != letter.upper())


def wide_encoding(head: bytes) -> str | None:
    """The kind of UTF-16 that a file begins in; None for another encoding."""
    for mark, encoding in UTF_16:
        if head.startswith(mark):
            return encoding
    return next((encoding for pattern, encoding in _HEAD_16 if pattern.match(head)), None)


def narrowed(head: bytes) -> bytes:
    """The text as bytes of an encoding that keeps ASCII, for looking at its records."""
    encoding = wide_encoding(head)
    return head if encoding is None else head.decode(encoding, "replace").lstrip("\ufeff").encode("utf-8")


def is_code_page_852(text: bytes) -> bool:
    """Whether a text is in code page 852 and not in Windows-1250.

    Nearly all its letters are Czech or Slovak ones inside words in the one, and many of them signs in the other, such
    as á, which is a blank there, and í, é, ž and ů.
    """
    high = text.translate(None, _ASCII)
    if len(set(high)) < 2 or len(high.translate(None, _LETTERS.encode(CODE_PAGE))) > len(high) // 10:
        return False
    if len(high.translate(None, _letters_of_windows())) * 3 < len(high):
        return False
    alone = len(_ALONE.findall(text.decode(CODE_PAGE)))
    return alone * 3 <= len(high)
