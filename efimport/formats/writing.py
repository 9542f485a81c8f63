"""What all writers of statements share: the refusal to write, and the account of what a format cannot hold."""

from __future__ import annotations

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
