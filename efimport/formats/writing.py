"""What writers of statements share: the refusal to write, what a format cannot hold, and the days of balances."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec

from efimport.documents import Statement
from efimport.messages import Message, message


class CannotWriteError(ValueError):
    """A document cannot be written in a format without saying something that is not true.

    Args:
        reason: why, in a sentence for people.

    Attributes:
        reason: the same sentence, which a catalogue can translate.
    """

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


class Lost(msgspec.Struct, frozen=True):
    """A value of a document that a format has no room for.

    Attributes:
        position: ordinal of the entry or line that holds it, from 1; None for the document itself.
        field: name of the field of the document or of the entry.
        value: what is not written, or not written in full, as text.
    """

    position: int | None
    field: str
    value: str


class Losses:
    """Collects what a writer has no room for while it writes.

    Attributes:
        position: the entry that is being written, from 1; None outside of entries.
    """

    def __init__(self) -> None:
        self.position: int | None = None
        self._lost: list[Lost] = []

    def add(self, field: str, value: object) -> None:
        """Note a value that is not written, or not in full."""
        self._lost.append(Lost(self.position, field, str(value)))

    def all(self) -> tuple[Lost, ...]:
        """Everything noted, in the order of writing."""
        return tuple(self._lost)


def days_of_balances(statement: Statement) -> tuple[dt.date, dt.date]:
    """The days of the opening and the closing balance: as stated, else as the entries tell.

    Raises:
        CannotWriteError: neither the statement nor an entry has a day.
    """
    booked = [entry.date or entry.value_date for entry in statement.entries]
    opening = (statement.period_from, *booked, statement.period_to, statement.date)
    closing = (statement.date, statement.period_to, *reversed(booked), statement.period_from)
    opened, closed = (next((day for day in days if day is not None), None) for days in (opening, closing))
    if opened is None or closed is None:
        raise CannotWriteError(message("No day is known, neither of the statement nor of an entry."))
    return opened, closed


def fits(value: Decimal, digits: int, decimals: int) -> bool:
    """Whether a number has at most so many digits and so many decimals; zeros at its ends do not count.

    Counted as XML Schema does (Datatypes, totalDigits and fractionDigits), on the number as it is kept: arithmetic
    would round a long one first.
    """
    if not value.is_finite():
        return False
    if not value:
        return True
    _, kept, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, kept)).lstrip("0")
    significant = text.rstrip("0")
    exponent += len(text) - len(significant)
    return -exponent <= decimals and max(len(significant) + max(exponent, 0), -exponent) <= digits
