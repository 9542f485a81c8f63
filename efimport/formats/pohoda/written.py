"""The elements of a pack that is written, held to the lengths that the format allows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

import msgspec
from lxml import etree

from efimport.formats.pohoda.names import VERSION_2
from efimport.formats.pohoda.texts import limit_of, limits
from efimport.formats.writing import CannotWriteError, Losses
from efimport.messages import message

NAMESPACES = {
    prefix: f"{VERSION_2}{name}.xsd"
    for prefix, name in {
        "dat": "data",
        "inv": "invoice",
        "ord": "order",
        "adb": "addressbook",
        "stk": "stock",
        "typ": "type",
    }.items()
}
"""The customary prefixes of the agendas."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ONE_LINE = re.compile(r"\s+")
UNLIMITED = 10**9


def root_element(prefix: str, name: str, **attributes: str) -> etree._Element:
    """A root that declares all namespaces."""
    return etree.Element(f"{{{NAMESPACES[prefix]}}}{name}", attributes, NAMESPACES)


class Branch:
    """An element that others are written into.

    Args:
        element: the element.
        losses: takes what the format has no room for.
    """

    def __init__(self, element: etree._Element, losses: Losses) -> None:
        self.element = element
        self.losses = losses

    def inside(self, prefix: str, name: str, /, **attributes: str) -> Branch:
        """A new element inside this one."""
        return Branch(etree.SubElement(self.element, f"{{{NAMESPACES[prefix]}}}{name}", attributes), self.losses)

    def leaf(self, prefix: str, name: str, value: object, /, **attributes: str) -> None:
        """An element with a value that is sure to fit: a number, a day, a flag, a word of the format."""
        if value is None:
            return
        self.inside(prefix, name, **attributes).element.text = written(value)

    def text(self, prefix: str, name: str, value: str | None, field: str, longest: int | None = None) -> None:
        """A text, on one line; what is longer than the format allows is cut and noted.

        Args:
            prefix: of the element.
            name: of the element.
            value: nothing is written for None and for white space.
            field: name of the field of the document, for what is lost.
            longest: characters that are allowed, where the schema differs from what its usual element of this name
                allows.
        """
        clean = _ONE_LINE.sub(" ", allowed(value)).strip()
        if not clean:
            return
        limit = self._limit(prefix, name) if longest is None else longest
        if len(clean) > limit:
            self.losses.add(field, value)
            clean = clean[:limit].rstrip()
        self.leaf(prefix, name, clean)

    def paragraph(self, prefix: str, name: str, value: str | None) -> None:
        """A text of any length with its line ends."""
        clean = allowed(value).strip()
        if clean:
            self.leaf(prefix, name, clean)

    def code(self, prefix: str, name: str, value: str | None, field: str, longest: int | None = None) -> bool:
        """A code, which is written in full or, with a note, not at all; whether it was written."""
        clean = allowed(value).strip()
        if not clean:
            return False
        if len(clean) > (self._limit(prefix, name) if longest is None else longest):
            self.losses.add(field, value)
            return False
        self.leaf(prefix, name, clean)
        return True

    def reference(self, prefix: str, name: str, code: str | None, field: str, longest: int | None = None) -> None:
        """An element that names a record of the program by its code."""
        holder = Branch(etree.Element(f"{{{NAMESPACES[prefix]}}}{name}"), self.losses)
        if holder.code("typ", "ids", code, field, longest):
            self.element.append(holder.element)

    def identifier(self, prefix: str, name: str, value: str | None, field: str) -> None:
        """A number or code that tells the document from others, which must never be cut or left out.

        Raises:
            CannotWriteError: it is longer than the format allows.
        """
        if value is not None and not self.code(prefix, name, value, field) and value.strip():
            raise CannotWriteError(message('The format has no room for "{value}" in {name}.', value=value, name=name))

    def kept(self, branch: Branch) -> None:
        """Put an element that was made apart into this one, unless nothing was written into it."""
        if len(branch.element):
            self.element.append(branch.element)

    def _limit(self, prefix: str, name: str) -> int:
        tag = f"{{{NAMESPACES[prefix]}}}{name}"
        limit = limit_of(self.element.tag, tag)
        if limit is None:
            limit = limits()["short"].get(name)
        return UNLIMITED if limit is None else limit


def apart(prefix: str, name: str, losses: Losses) -> Branch:
    """An element that stands nowhere yet; see :meth:`Branch.kept`."""
    return Branch(etree.Element(f"{{{NAMESPACES[prefix]}}}{name}"), losses)


def written(value: object) -> str:
    """A value as the format writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def plain(value: Decimal) -> str:
    """A number without an exponent and without a sign before zero.

    Raises:
        CannotWriteError: it is no number.
    """
    if not value.is_finite():
        raise CannotWriteError(message("An amount of the document is no number."))
    return format(value or abs(value), "f")


def allowed(value: str | None) -> str:
    """A text without the signs that XML has no room for."""
    return _NOT_IN_XML.sub("", value) if value else ""


def note_unwritten(document: msgspec.Struct, fields: Iterable[str], losses: Losses) -> None:
    """Note the fields of a document, or of a part of it, that the format has no room for."""
    for name in fields:
        value = getattr(document, name)
        if value not in (None, False, (), {}):
            losses.add(name, value)
