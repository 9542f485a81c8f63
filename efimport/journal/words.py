"""Texts in the database: what a database cannot hold is written so that it can, and reasons keep their template."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from efimport.messages import Message

MOST_OF_AN_ANSWER = 100_000
"""Characters of an answer that are kept."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text as any database takes it.

    PostgreSQL has no character U+0000, and neither database takes the halves of characters with which Python stands in
    for the bytes of a file name that is not UTF-8: both are written as escapes.
    """
    if text.isascii() and "\x00" not in text:
        return str(text)
    return _UNSTORABLE.sub(lambda found: ascii(found[0])[1:-1], str(text))


def bounded(text: str | None, most: int = MOST_OF_AN_ANSWER) -> str | None:
    """The text, cut where it is longer than so many characters; the cut is told."""
    if text is None or len(text) <= most:
        return text
    return f"{text[:most]} […{len(text) - most}]"


class Words(TypeDecorator[str]):
    """A text column that takes every text of Python, a :class:`Message` too."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """The value as the driver gets it."""
        del dialect
        return storable(value) if isinstance(value, str) else value


class Wording(msgspec.Struct, frozen=True):
    """A text that can be told in the reader's language, long after it was written.

    Attributes:
        template: the English text with fields; the key of its translations.
        arguments: the values of the fields.
    """

    template: str
    arguments: dict[str, str | Wording] = {}

    @classmethod
    def of(cls, text: str | None) -> Wording | None:
        """That of a message; None for a text of which only the words are known."""
        if not isinstance(text, Message):
            return None
        arguments = {name: cls.of(value) or storable(value) for name, value in text.arguments.items()}
        return cls(text.template, arguments)

    def told(self) -> Message | None:
        """The message; None where its fields are broken."""
        values: dict[str, str] = {}
        for name, value in self.arguments.items():
            said = value.told() if isinstance(value, Wording) else value
            if said is None:
                return None
            values[name] = said
        try:
            return Message(self.template, values)
        except (ValueError, LookupError, AttributeError, TypeError):
            return None


def wording_of(text: str | None) -> str | None:
    """A message as it is stored beside its English text; None for a plain text."""
    found = Wording.of(text)
    return None if found is None else msgspec.json.encode(found).decode()


def wording_from(stored: str | None) -> Wording | None:
    """What :func:`wording_of` stored; None where nothing was, or where it cannot be read."""
    if stored is None:
        return None
    try:
        return msgspec.json.decode(stored, type=Wording)
    except msgspec.DecodeError:
        return None
