"""What all writers of statements share: the refusal to write, and the account of what a format cannot hold."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from efimport.messages import Message


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
