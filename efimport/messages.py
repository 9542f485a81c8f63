"""Texts that people read: a template, its arguments, and the catalogue that holds its translations.

A :class:`Message` is an ordinary English string that still remembers its template, so that a report can show it in
the reader's language long after the place that wrote it is gone. Catalogues are gettext files made by Babel
(``make messages``); a text without a translation stays English rather than empty.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Self

DEFAULT_LANGUAGE = "en"
LANGUAGES = ("en", "cs")


class Message(str):
    """An English sentence made from a template, which a :class:`Catalogue` can render in another language.

    Attributes:
        template: the English text with ``{name}`` fields; the key of the translation.
        arguments: the values of the fields, already written as text.
    """

    __slots__ = ("arguments", "template")

    template: str
    arguments: dict[str, str]

    def __new__(cls, template: str, arguments: dict[str, str] | None = None) -> Self:
        """Fill the template."""
        values = arguments or {}
        text = super().__new__(cls, _fill(template, values))
        # A template that is a message itself would come out of a catalogue as one, and what a catalogue gives is text.
        text.template = str(template)
        text.arguments = values
        return text

    def __reduce__(self) -> tuple[type[Message], tuple[str, dict[str, str]]]:
        return (Message, (self.template, self.arguments))


def message(template: str, /, **arguments: object) -> Message:
    """A message from its template; the name that Babel looks for when it collects texts."""
    return Message(template, written(arguments))


def written(arguments: Mapping[str, object]) -> dict[str, str]:
    """Values as text; a value that is a message itself stays one, and is translated with the sentence around it."""
    return {name: value if isinstance(value, Message) else str(value) for name, value in arguments.items()}


def _fill(template: str, arguments: dict[str, str]) -> str:
    return template.format_map(_Arguments(arguments)) if "{" in template else template


class _Arguments(dict[str, str]):
    """A field without a value is shown by its name: a bad translation must not hide a finding."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class Catalogue:
    """The texts of one language.

    Args:
        language: a code of :data:`LANGUAGES`; any other falls back to English.
    """

    def __init__(self, language: str = DEFAULT_LANGUAGE) -> None:
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        self._translations = _translations(self.language)

    def text(self, text: str, /, **arguments: object) -> str:
        """The text in this language. ``text`` is a :class:`Message` or a template with its arguments."""
        if isinstance(text, Message):
            return self._filled(text.template, text.arguments)
        return self._filled(text, written(arguments))

    def plural(self, singular: str, plural: str, count: int, /, **arguments: object) -> str:
        """The form that fits ``count``; the field ``{count}`` is filled."""
        chosen = self._translations.ngettext(singular, plural, count)
        return _fill(chosen, {"count": str(count)} | self._translated(written(arguments)))

    def _translated(self, arguments: dict[str, str]) -> dict[str, str]:
        return {name: self.text(value) if isinstance(value, Message) else value for name, value in arguments.items()}

    def _filled(self, template: str, arguments: dict[str, str]) -> str:
        arguments = self._translated(arguments)
        try:
            return _fill(self._lookup(template), arguments)
        except (ValueError, LookupError, AttributeError, TypeError):
            # The braces of the translation are wrong; the English text is better than none.
            return _fill(template, arguments)

    def _lookup(self, template: str) -> str:
        # gettext keeps the catalogue's header under the empty key.
        return self._translations.gettext(template) if template else ""


@lru_cache(maxsize=len(LANGUAGES))
def _translations(language: str) -> gettext.NullTranslations:
    if language == DEFAULT_LANGUAGE:
        return gettext.NullTranslations()
    compiled = resources.files("efimport") / "locale" / language / "LC_MESSAGES" / "efimport.mo"
    if not compiled.is_file():
        return gettext.NullTranslations()
    with compiled.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def choose_language(*wishes: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """The first known language among the wishes (option, setting), else the one of the locale, else English.

    Of the variables of the locale the first one that is set counts alone (POSIX, 8.2).
    """
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), None)
    for wish in (*wishes, locale):
        code = (wish or "").replace("-", "_").split("_")[0].split(".")[0].lower()
        if code in LANGUAGES:
            return code
    return DEFAULT_LANGUAGE
