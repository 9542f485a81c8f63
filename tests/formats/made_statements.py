"""Statements made of plain values, for the tests of writers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec

from efimport.documents import Entry, Origin, Statement

DAY = dt.date(2026, 1, 31)


def entry(**values: object) -> Entry:
    """An entry of ten crowns on the last day of the statement."""
    return Entry(**{"position": 1, "amount": Decimal("10.00"), "date": DAY, "value_date": DAY, **values})


def statement(*entries: Entry, **values: object) -> Statement:
    """A statement of January that opens with a hundred crowns and closes with what the entries make of them."""
    numbered = tuple(msgspec.structs.replace(one, position=index) for index, one in enumerate(entries, start=1))
    usual = {
        "origin": Origin(path="made.csv", format="made"),
        "number": "15",
        "currency": "CZK",
        "period_from": dt.date(2026, 1, 1),
        "period_to": DAY,
        "date": DAY,
        "opening": Decimal("100.00"),
        "closing": Decimal("100.00") + sum((one.amount for one in entries), Decimal(0)),
        "entries": numbered,
    }
    return Statement(**{**usual, **values})
