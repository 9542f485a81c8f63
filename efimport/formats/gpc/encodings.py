"""The encoding of a whole file, where it is none that Windows-1250 programs write: UTF-16, code page 852.

Komerční banka, Popis formátu ABO, 1.2, prescribes Windows-1250. UTF-16 is what an editor makes of it, with or without a
byte-order mark; code page 852 was the one of MS-DOS, in which programs of that age still write.
"""

from __future__ import annotations

import mmap
from collections import Counter

from efimport.formats.gpc.fields import ENCODING
from efimport.formats.letters import CODE_PAGE_852, WINDOWS_1250, are_frequent, likeliest, sample
from efimport.formats.marks import MARKS, unmarked_utf_16

_ASCII = bytes(range(128))


def wide_encoding(head: bytes) -> str | None:
    """The kind of UTF-16 that a file begins in; None for another encoding."""
    for mark, encoding in MARKS:
        if head.startswith(mark) and encoding.startswith("utf-16"):
            return encoding
    return unmarked_utf_16(head)


def narrowed(head: bytes) -> bytes:
    """The text as bytes of an encoding that keeps ASCII, for looking at its records."""
    encoding = wide_encoding(head)
    return head if encoding is None else head.decode(encoding, "replace").lstrip("\ufeff").encode("utf-8")


def is_code_page_852(content: bytes | mmap.mmap) -> bool:
    """Whether a file is in code page 852 and not in Windows-1250 or UTF-8.

    Windows-1250 is prescribed, so more than likeliness is asked for: nearly all bytes are usual letters in the one, and
    many are no letters at all in the other, such as á, which is a blank there, and í, é, ž and ů.
    """
    counts = Counter(sample(content).translate(None, _ASCII))
    if len(counts) < 2:
        return False
    unusual = sum(count for code, count in counts.items() if not are_frequent(bytes([code]).decode(CODE_PAGE_852)))
    signs = sum(count for code, count in counts.items() if not _is_letter(bytes([code]).decode(ENCODING, "replace")))
    if unusual * 10 > counts.total() or signs * 3 < counts.total():
        return False
    return likeliest(content, (WINDOWS_1250, CODE_PAGE_852)).encoding == CODE_PAGE_852


def _is_letter(sign: str) -> bool:
    """Whether it has a small and a large form; an accent alone counts as a letter in Unicode."""
    return sign.lower() != sign.upper()
