"""What is said about the end of a file."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from efimport.messages import Message


class End(StrEnum):
    """Whether a file ends as its format must."""

    PROVED = "proved"
    """The format's own end is there."""
    NO_MARK = "no-mark"
    """The format has none, or the file is of a kind that we do not know."""
    MISSING = "missing"
    """The format should end with something that is not there."""


class Ending(msgspec.Struct, frozen=True):
    """How a file ends.

    Attributes:
        end: see :class:`End`.
        expected: what is missing, in plain words; None where nothing is.
        strict: whether the file is provably unfinished; else it may be whole all the same, only not as it should be.
    """

    end: End
    expected: Message | None = None
    strict: bool = False


PROVED = Ending(End.PROVED)
NO_MARK = Ending(End.NO_MARK)


def unfinished(expected: Message) -> Ending:
    """A file that cannot be whole."""
    return Ending(End.MISSING, expected, strict=True)


def doubtful(expected: Message) -> Ending:
    """A file that may be whole, although it does not end as its format should."""
    return Ending(End.MISSING, expected)
