"""Reading the leaves of a document: texts, amounts, days and flags, with a finding for what cannot be read.

Source: POHODA XML, type.xsd: amounts are ``xsd:double`` with a decimal point, days ``xsd:date``, flags the words
``true`` and ``false``. White space is part of every text there; producers indent leaves nevertheless, so it is
stripped for the model and stays in the bytes that are sent.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import cast

from lxml import etree

from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.xml import where

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\Z", re.ASCII)
_COMMA = re.compile(r"[+-]?\d+,\d+\Z", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
LONGEST = 40
LARGEST = 12
SMALLEST = -30
"""Signs of the longest number that is read, and the powers of ten of the largest and the smallest."""
_FLAGS = {"true": True, "false": False}
_FIGURES = {"1": True, "0": False}


class Notes:
    """The findings of one document.

    Args:
        path: the file.
        ordinal: ordinal of the document in the file.
        line: line of the file at which the document begins.
        line_offset: lines of the file before the text that was parsed.
        place: path of the document in the file.
        root: the element that ``place`` names.
    """

    def __init__(
        self, *, path: str, ordinal: int, line: int, line_offset: int, place: str, root: etree._Element
    ) -> None:
        self.path = path
        self.ordinal = ordinal
        self.line = line
        self.line_offset = line_offset
        self.place = place
        self.findings: list[Finding] = []
        self._root = root

    def add(
        self,
        code: str,
        element: etree._Element | None = None,
        *,
        severity: Severity | None = None,
        **arguments: object,
    ) -> None:
        """Note something at an element, or at the document as a whole."""
        self.findings.append(finding(code, self.location(element), severity=severity, **arguments))

    def location(self, element: etree._Element | None) -> Location:
        """Where an element stands in the file."""
        if element is None:
            return Location(path=self.path, line=self.line, where=self.place, ordinal=self.ordinal)
        # The stubs type the line as an ellipsis.
        line = cast("int | None", element.sourceline)
        return Location(
            path=self.path,
            line=line + self.line_offset if line else self.line,
            where=self.moved(where(element)),
            ordinal=self.ordinal,
        )

    def moved(self, path: str) -> str:
        """A path in the text that was parsed, as a path in the file."""
        root = where(self._root)
        return self.place + path.removeprefix(root) if path.startswith(root) else path


@lru_cache(maxsize=4096)
def plain_name(tag: str) -> str:
    """Local name of a tag."""
    return tag.rpartition("}")[2]


class Block:
    """An element with children, asked for them by their local names. What is absent is None or an empty block.

    The tree must hold no comments and no instructions.

    Args:
        element: the element; None for an absent one.
        notes: where to note what cannot be read.
    """

    __slots__ = ("_absent", "_blocks", "_children", "element", "notes")

    def __init__(self, element: etree._Element | None, notes: Notes) -> None:
        self.element = element
        self.notes = notes
        self._absent: Block | None = None
        self._blocks: dict[str, Block] = {}
        self._children: dict[str, etree._Element] = {}
        if element is not None:
            for child in element:
                self._children.setdefault(plain_name(child.tag), child)

    def __bool__(self) -> bool:
        return self.element is not None

    def __contains__(self, name: str) -> bool:
        return name in self._children

    @property
    def names(self) -> Iterable[str]:
        """Local names of the children."""
        return self._children

    def repeated(self) -> Iterator[etree._Element]:
        """Further children of a name that has another one with other contents before it."""
        if self.element is None or len(self._children) == len(self.element):
            return
        for child in self.element:
            first = self._children[plain_name(child.tag)]
            if child is not first and contents(child) != contents(first):
                yield child

    def child(self, name: str) -> etree._Element | None:
        """The first child of this name."""
        return self._children.get(name)

    def block(self, name: str) -> Block:
        """The first child of this name as a block."""
        child = self._children.get(name)
        if child is None:
            if self._absent is None:
                self._absent = Block(None, self.notes)
            return self._absent
        found = self._blocks.get(name)
        if found is None:
            found = self._blocks[name] = Block(child, self.notes)
        return found

    def blocks(self, *wanted: str) -> Iterator[Block]:
        """The children of these names, in their order; all without names."""
        if self.element is not None:
            for child in self.element:
                if not wanted or plain_name(child.tag) in wanted:
                    yield Block(child, self.notes)

    @property
    def name(self) -> str:
        """Local name of the element."""
        return plain_name(self.element.tag) if self.element is not None else ""

    def raw(self, name: str) -> str | None:
        """The text of a child as written."""
        child = self._children.get(name)
        return child.text if child is not None else None

    def text(self, name: str) -> str | None:
        """The text of a child without white space around it; None where it is empty."""
        child = self._children.get(name)
        if child is None or not child.text:
            return None
        return child.text.strip() or None

    def attribute(self, name: str, attribute: str) -> str | None:
        """An attribute of a child."""
        child = self._children.get(name)
        return child.get(attribute) if child is not None else None

    def reference(self, name: str) -> str | None:
        """The ``ids`` of a child that refers to a record."""
        return self.block(name).text("ids") if name in self._children else None

    def amount(self, name: str) -> Decimal | None:
        """A number of a child; one that cannot be read is an error."""
        child = self._children.get(name)
        if child is None or not child.text:
            return None
        text = child.text.strip()
        if not text:
            return None
        value = number(text)
        if value is not None:
            return value
        if _COMMA.match(text):
            self.notes.add("pohoda.decimal-comma", child, value=text)
            return number(text.replace(",", "."))
        self.notes.add("pohoda.number", child, value=text[:60])
        return None

    def day(self, name: str) -> dt.date | None:
        """A day of a child; one that cannot be read is an error."""
        text = self.text(name)
        if text is None:
            return None
        match = _DAY.match(text)
        if match is not None:
            try:
                return dt.date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                pass
        self.notes.add("pohoda.date", self._children[name], value=text)
        return None

    def flag(self, name: str, *, figures: bool = False) -> bool:
        """A flag of a child; False where it is absent.

        Args:
            name: of the child.
            figures: whether 1 and 0 are allowed (``xsd:boolean``) besides the words.
        """
        text = self.text(name)
        if text is None:
            return False
        if text in _FIGURES:
            if not figures:
                self.notes.add("pohoda.boolean", self._children[name], value=text)
            return _FIGURES[text]
        if text not in _FLAGS:
            self.notes.add("pohoda.boolean", self._children[name], value=text)
        return _FLAGS.get(text.lower(), False)


def contents(element: etree._Element) -> list[str]:
    """All texts inside an element, without white space around them."""
    return [text for part in element.itertext() if (text := str(part).strip())]


@lru_cache(maxsize=4096)
def number(text: str | None) -> Decimal | None:
    """A number without a finding; None for what is none, or is beyond all money."""
    if text is None:
        return None
    text = text.strip()
    if len(text) > LONGEST or not _NUMBER.match(text):
        return None
    value = Decimal(text)
    return value if SMALLEST <= value.adjusted() <= LARGEST else None
