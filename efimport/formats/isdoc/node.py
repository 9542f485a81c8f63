"""Reading of one element by local names, so that namespace, prefix and order of the family do not matter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from lxml import etree

from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.xml import local_name, namespace, where

FINDINGS_OF_A_CODE = 20
"""Findings of one code that are listed for a document; the rest is counted in ``isdoc.more``."""

TOLD_AT_LENGTH = frozenset(
    {"isdoc.unreadable-amount", "isdoc.unreadable-date", "isdoc.currency-code", "isdoc.document-type"}
)
"""Findings about a value that the schema rejects as well."""

_DECIMAL = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)


class Node:
    """An element with its children by local name.

    Args:
        element: the element.
    """

    __slots__ = ("_children", "element", "name")

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self.name = local_name(element)
        self._children: dict[str, list[Node]] | None = None

    @property
    def children(self) -> dict[str, list[Node]]:
        """Children by local name. A child of the element's own namespace comes before one of another."""
        if self._children is None:
            own = namespace(self.element)
            found: dict[str, list[Node]] = {}
            strangers: list[Node] = []
            for element in self.element.iterchildren(etree.Element):
                node = Node(element)
                if namespace(element) == own:
                    found.setdefault(node.name, []).append(node)
                else:
                    strangers.append(node)
            for node in strangers:
                found.setdefault(node.name, []).append(node)
            self._children = found
        return self._children

    def all(self, name: str) -> list[Node]:
        """All children of this name."""
        return self.children.get(name, [])

    def one(self, *path: str) -> Node | None:
        """The first descendant at this path; None where there is none."""
        node: Node = self
        for name in path:
            found = node.children.get(name)
            if not found:
                return None
            node = found[0]
        return node

    def each(self, *path: str) -> Iterator[Node]:
        """The descendants at this path, where only the last step may repeat."""
        parent = self.one(*path[:-1])
        if parent is not None:
            yield from parent.all(path[-1])

    def text(self, *path: str) -> str | None:
        """The text at this path without white space around it; None where there is none."""
        node = self.one(*path)
        if node is None:
            return None
        element = node.element
        # A comment in the middle cuts the text in two; string() puts it together again.
        text = str(element.xpath("string()")) if len(element) else element.text or ""
        return text.strip() or None

    def flag(self, *path: str) -> bool | None:
        """The truth value at this path; None where there is none or it is none."""
        return {"true": True, "1": True, "false": False, "0": False}.get((self.text(*path) or "").lower())


class Notes:
    """The findings about one document.

    Args:
        path: the file.
        line_offset: lines that were cut off in front of the parsed text.
        ordinal: ordinal of the document in the file.
    """

    def __init__(self, path: str, line_offset: int = 0, ordinal: int = 1) -> None:
        self.path = path
        self.line_offset = line_offset
        self.ordinal = ordinal
        self._found: list[Finding] = []
        self._counts: dict[tuple[str, Severity | None], int] = {}

    def add(self, code: str, node: Node | None = None, severity: Severity | None = None, **arguments: object) -> None:
        """Note something about an element, or about the document."""
        # Counted by severity as well, so that a cut list of warnings never hides an error.
        kind = (code, severity)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] <= FINDINGS_OF_A_CODE:
            self._found.append(finding(code, self.place(node), severity=severity, **arguments))

    def extend(self, found: Iterable[Finding]) -> None:
        """Take over findings that were made elsewhere."""
        self._found.extend(found)

    def empty(self) -> Notes:
        """Others about the same document, for a judgement that may be thrown away."""
        return Notes(self.path, self.line_offset, self.ordinal)

    def absorb(self, other: Notes) -> None:
        """Take over what others have, with their counts."""
        self._found.extend(other._found)
        for kind, count in other._counts.items():
            self._counts[kind] = self._counts.get(kind, 0) + count

    @property
    def count(self) -> int:
        """How much was noted, listed or not."""
        return sum(self._counts.values())

    def place(self, node: Node | None) -> Location:
        """Where an element is."""
        if node is None:
            return Location(path=self.path, ordinal=self.ordinal)
        return Location(
            path=self.path,
            line=self.line(node),
            where=where(node.element),
            ordinal=self.ordinal,
        )

    def line(self, node: Node) -> int | None:
        """Line of an element in the file, from 1."""
        line: object = node.element.sourceline
        return line + self.line_offset if isinstance(line, int) else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, and the counts of what was not listed.

        What the schema says of a value that has a finding of its own is left out: one fault is told once.
        """
        told = {_place(one) for one in self._found if one.code in TOLD_AT_LENGTH}
        # Of an odd value the schema tells the line alone.
        told |= {(line, "") for line, _ in told}
        listed = [one for one in self._found if one.code != "xml.schema" or _place(one) not in told]
        place = Location(path=self.path, ordinal=self.ordinal)
        more = [
            finding("isdoc.more", place, kind=code, count=count - FINDINGS_OF_A_CODE)
            for (code, _), count in self._counts.items()
            if count > FINDINGS_OF_A_CODE
        ]
        return (*listed, *more)


def _place(found: Finding) -> tuple[int | None, str]:
    """Line and element of a finding."""
    step = (found.location.where or "").rpartition("/")[2]
    return found.location.line, step.partition("[")[0]


def decimal(text: str) -> Decimal | None:
    """The value of an ``xs:decimal``; None for anything else, a comma included: it could mean thousands."""
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


class Values:
    """Reads values and notes those that cannot be read.

    Args:
        notes: where unreadable values are noted.
        foreign: whether amounts are taken from the elements that end with ``Curr``.
    """

    def __init__(self, notes: Notes, *, foreign: bool = False) -> None:
        self.notes = notes
        self.foreign = foreign
        self._noted: set[etree._Element] = set()

    def amount(self, parent: Node | None, *path: str) -> Decimal | None:
        """The number at this path; None where there is none, it is empty, or it cannot be read."""
        node = parent.one(*path) if parent is not None else None
        text = node.text() if node is not None else None
        if node is None or text is None:
            return None
        value = decimal(text)
        if value is None:
            self._unreadable("isdoc.unreadable-amount", node, text)
        return value

    def money(self, parent: Node | None, name: str) -> Decimal | None:
        """The amount in the document's currency.

        A zero in the home currency is zero in any other, so that a missing twin of it is no gap.
        """
        home = self.amount(parent, name)
        if not self.foreign:
            return home
        stated = self.amount(parent, name + "Curr")
        return home if stated is None and home == 0 else stated

    def day(self, parent: Node | None, *path: str) -> dt.date | None:
        """The day at this path; a time of day and a time zone are left out."""
        node = parent.one(*path) if parent is not None else None
        text = node.text() if node is not None else None
        if node is None or text is None:
            return None
        match = _DAY.fullmatch(text)
        try:
            if match is not None:
                return dt.date(*(int(part) for part in match.groups()))
        except ValueError:
            pass  # noted below: a 31st of February reads like a day and is none
        self._unreadable("isdoc.unreadable-date", node, text)
        return None

    def _unreadable(self, code: str, node: Node, text: str) -> None:
        # The same value is read for the document and again for the sums; it is noted once.
        if node.element not in self._noted:
            self._noted.add(node.element)
            self.notes.add(code, node, name=node.name, value=text[:40])
