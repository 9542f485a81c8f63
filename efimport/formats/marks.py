"""How a text in Unicode shows itself: by a byte-order mark, or by the zero bytes that UTF-16 has."""

from __future__ import annotations

import codecs

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte-order marks with their encodings; the longer before the shorter that begins it."""


def unmarked_utf_16(content: bytes) -> str | None:
    """The kind of UTF-16 of a text without a mark: nearly every second byte of Latin letters is zero; else None."""
    head = content[:4000]
    if len(head) < 4:
        return None
    half = len(head) // 2
    for encoding, zeros, others in (
        ("utf-16-le", head[1::2].count(0), head[0::2].count(0)),
        ("utf-16-be", head[0::2].count(0), head[1::2].count(0)),
    ):
        if zeros * 10 > half * 7 and others * 20 < half:
            return encoding
    return None
