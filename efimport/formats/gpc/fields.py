"""What stands in the columns: days, amounts, texts, symbols."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache

ENCODING = "cp1250"
CENTURY_PIVOT = 70
"""Years from 70 on are of the twentieth century; the format has two digits and says nothing of the century."""

_HUNDREDTH = Decimal("0.01")
_NO_DAY = frozenset({b"000000", b"      ", b""})


@lru_cache(maxsize=4096)
def day(field: bytes) -> dt.date | None:
    """The day in a field DDMMYY; None where it is empty, zeros, or no day of the calendar."""
    if len(field) != 6 or not field.isdigit():
        return None
    year = int(field[4:])
    try:
        return dt.date(year + (1900 if year >= CENTURY_PIVOT else 2000), int(field[2:4]), int(field[:2]))
    except ValueError:
        return None


def is_no_day(field: bytes) -> bool:
    """Whether a field for a day is left empty on purpose."""
    return field in _NO_DAY


def money(hundredths: int) -> Decimal:
    """An amount in currency units from an integer of hundredths, with two decimals."""
    return hundredths * _HUNDREDTH


def text(field: bytes) -> str | None:
    """A text without the padding; None where nothing is left."""
    return letters(field.strip()) or None


def number(field: bytes) -> str | None:
    """A symbol or an identifier without the zeros in front; None for zeros only.

    Only leading zeros are padding: 0260100010 is 260100010.
    """
    digits = field.strip().lstrip(b"0")
    return letters(digits) if digits else None


def letters(field: bytes) -> str:
    """The bytes as a text of Windows-1250, a replacement sign for bytes that it has not."""
    # The codec of Windows-1250 is written in Python; plain ASCII, which most fields are, is decoded far faster.
    return field.decode("ascii") if field.isascii() else field.decode(ENCODING, "replace").strip()
