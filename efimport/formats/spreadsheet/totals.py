"""Rows of totals below or between the bookings: no bookings, but a proof of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from efimport.formats.spreadsheet.amounts import AmountColumns, Booking, Money
from efimport.formats.spreadsheet.cells import Cells
from efimport.formats.spreadsheet.names import folded
from efimport.formats.tables.model import cell_text

_WORDS = re.compile(
    r"(celk[eo]m|celkova suma|soucet|mezisoucet|suma|spolu|sucet|skupaj|vsota|ukupno|total|totals|grand total|"
    r"subtotal|sum|summe|gesamt|gesamtsumme)\b"
)
"""Czech, Slovak, Slovenian, Croatian, English and German, without capitals and accents."""


def is_total(cells: Cells) -> bool:
    """Whether the first filled cell of a row calls it a total."""
    first = next((text for text in map(cell_text, cells) if text), "")
    return _WORDS.match(folded(first)) is not None


def agrees(cells: Cells, columns: AmountColumns, money: Money, bookings: Iterable[Booking]) -> bool:
    """Whether the totals in a row are those of the bookings above it.

    Args:
        cells: the row of totals.
        columns: where amounts stand.
        money: reads them.
        bookings: those above.
    """
    booked = list(bookings)
    mains = [booking.main for booking in booked]
    came = sum((amount for amount in mains if amount > 0), Decimal(0))
    went = sum((amount for amount in mains if amount < 0), Decimal(0))
    stated = [money.amount(column.cell(cells), column.decimal) for column in columns.main]
    if columns.column is not None:
        wholes = (came + went, came - went, sum((booking.total for booking in booked), Decimal(0)))
        return stated[0] is None or abs(stated[0]) in map(abs, wholes)
    return all(one is None or abs(one) == abs(real) for one, real in zip(stated, (came, went), strict=True))
