"""Checks of single properties, and the sentence that lists all that failed.

"Error nr: N #propertyName - error description" is the form of the reference (DeliveryNoteCreate); public clients have
seen it for invoices and partners of the real service.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lxml import etree

from efimport.sandbox.methods.tables import is_code
from efimport.sandbox.reading import read_boolean, read_date, read_decimal, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.texts import text

_COUNTRY = re.compile(r"[A-Z]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")

_KINDS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "date": ("wrong-date", lambda value: read_date(value) is not None),
    "decimal": ("wrong-decimal", lambda value: read_decimal(value) is not None),
    "comma": ("wrong-decimal", lambda value: read_decimal(value.replace(",", ".")) is not None),
    "integer": ("wrong-integer", lambda value: value.isascii() and value.isdecimal()),
    "boolean": ("wrong-boolean", lambda value: read_boolean(value) is not None),
    "country": ("wrong-country", lambda value: bool(_COUNTRY.fullmatch(value))),
    "currency": ("wrong-currency", lambda value: bool(_CURRENCY.fullmatch(value))),
}


class Problems:
    """Collects what is wrong with the properties of one element.

    Args:
        element: the element whose children are the properties.
        prefix: put before each name, ``Item1_`` for items.
        found: list to continue; None to begin one.
    """

    def __init__(self, element: etree._Element, prefix: str = "", found: list[tuple[str, str]] | None = None) -> None:
        self.element = element
        self.prefix = prefix
        self.found = [] if found is None else found

    def inside(self, element: etree._Element, prefix: str) -> Problems:
        """The same collection for the properties of an inner element."""
        return Problems(element, prefix, self.found)

    def value(self, name: str) -> str:
        """Text of a property; empty where it is absent."""
        return text_of(self.element, name)

    def add(self, name: str, sentence: str) -> None:
        """Note that a property is wrong; ``sentence`` is the name of a sentence."""
        self.found.append((self.prefix + name, text(sentence)))

    def need(self, *names: str, sentence: str = "entry-mandatory") -> None:
        """Each of the properties is mandatory."""
        for name in names:
            if not self.value(name):
                self.add(name, sentence)

    def check(self, kind: str, *names: str) -> None:
        """Each of the properties, where it is there, is of one kind.

        Args:
            kind: ``date``, ``decimal``, ``integer``, ``boolean``, ``country`` or ``currency``; ``comma`` is a decimal
                number with a dot or a comma, for properties that the examples of the reference print with a comma.
            names: the properties.
        """
        sentence, is_right = _KINDS[kind]
        for name in names:
            value = self.value(name)
            if value and not is_right(value):
                self.add(name, sentence)

    def check_codes(self, lists: Iterable[tuple[str, str]]) -> None:
        """Each property, where it is there, is a code of its list; pairs of property and name of the list."""
        for name, codes in lists:
            value = self.value(name)
            if value and not is_code(codes, value):
                self.add(name, "wrong-value")

    def refuse(self) -> None:
        """End the call where anything was found.

        Raises:
            RefusedError: with all that was found, numbered.
        """
        if self.found:
            numbered = enumerate(self.found, start=1)
            raise RefusedError("".join(f"Error nr: {count} #{name} - {why}; \r\n" for count, (name, why) in numbered))
