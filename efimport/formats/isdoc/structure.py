"""Whether every element stands where the specification wants it: present, in order, not repeated.

XML Schema cannot say "once each, in any order, beside foreign elements", and a schema that insists on the order stops
at the first deviation without a word about the rest. So the schema judges names and values, and this judges the places.
Source: ISDOC 6.0.2 specification and its predecessors down to 5.2; the table is ``structure.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from itertools import pairwise

import msgspec

from efimport.findings import Severity
from efimport.formats.isdoc.node import Node, Notes

NOTED_ELSEWHERE = frozenset({"Invoice/DocumentType", "Invoice/UUID", "CommonDocument/UUID"})
"""These have findings of their own."""


class Content(msgspec.Struct, frozen=True):
    """What an element contains.

    Attributes:
        places: name of a child and its place in the order.
        needed: names that must be there.
        repeatable: names that may be there several times.
    """

    places: Mapping[str, int]
    needed: tuple[str, ...]
    repeatable: frozenset[str]


class _Table(msgspec.Struct, frozen=True):
    """What one version of the format has.

    Attributes:
        contents: content by name of the element, or by ``parent/name``.
        missing, repeated: places whose absence or repetition is tolerated.
        elsewhere: names that some other version has in the element of this name.
    """

    contents: Mapping[str, Content]
    missing: frozenset[str]
    repeated: frozenset[str]
    elsewhere: Mapping[str, frozenset[str]]


def check(root: Node, version: str | None, family: str, notes: Notes) -> list[Node]:
    """Note what is missing, repeated, out of order or unknown in the document.

    Args:
        root: the root element.
        version: the version that the document states.
        family: ``5`` or ``6``, as the namespace says. A document that states a version of the other family is judged
            as the one that it fits better, because programs take over the one without the other.
        notes: takes what is noticed.

    Returns:
        The elements that no version of the format has.
    """
    names = ["5" if family == "5" else "6.0" if version == "6.0" else "6"]
    if version and not version.startswith(family) and version[:2] in ("5.", "6."):
        names.append("5" if version.startswith("5.") else "6.0" if version == "6.0" else "6")
    judged = []
    for name in names:
        own = notes.empty()
        judged.append((own, _Check(_table(name), own).check(root)))
    best, invented = min(judged, key=lambda one: one[0].count)
    notes.absorb(best)
    return invented


class _Check:
    """One walk through a document.

    Args:
        table: the version that it is held against.
        notes: takes what is noticed.
    """

    def __init__(self, table: _Table, notes: Notes) -> None:
        self._table = table
        self._notes = notes
        self._invented: list[Node] = []

    def check(self, root: Node) -> list[Node]:
        # Not recursive: nothing says that a hostile document is nested less deeply than Python's stack.
        waiting = [(root, "")]
        while waiting:
            node, parent = waiting.pop()
            content = self._content_of(node, parent)
            if content is None:
                continue
            self._presence(node, content)
            self._order(node, content)
            self._strangers(node, content)
            known = [twins for name, twins in node.children.items() if name in content.places]
            children = [child for twins in known for child in twins]
            waiting.extend((child, node.name) for child in reversed(children))
        return self._invented

    def _content_of(self, node: Node, parent: str) -> Content | None:
        contents = self._table.contents
        if node.name == "Details" and parent == "Payment":
            return contents["Details of a document" if node.one("DocumentID") else "Details of a transfer"]
        if node.name == "RegisterIdentification":
            return contents["RegisterIdentification in one" if node.one("Preformatted") else f"{node.name} in parts"]
        return contents.get(f"{parent}/{node.name}") or contents.get(node.name)

    def _presence(self, node: Node, content: Content) -> None:
        for name in content.needed:
            place = f"{node.name}/{name}"
            if name not in node.children and place not in NOTED_ELSEWHERE:
                severity = Severity.WARNING if place in self._table.missing else None
                self._notes.add("isdoc.missing-element", node, severity=severity, name=name, parent=node.name)
        for name, twins in node.children.items():
            if len(twins) > 1 and name in content.places and name not in content.repeatable:
                severity = Severity.WARNING if f"{node.name}/{name}" in self._table.repeated else None
                count = len(twins)
                self._notes.add(
                    "isdoc.repeated-element", twins[1], severity=severity, name=name, parent=node.name, count=count
                )

    def _order(self, node: Node, content: Content) -> None:
        known = [
            child for element in node.element.iterchildren("{*}*") if (child := Node(element)).name in content.places
        ]
        for before, after in pairwise(known):
            if content.places[after.name] < content.places[before.name]:
                self._notes.add("isdoc.order", after, name=after.name, before=before.name, parent=node.name)
                return

    def _strangers(self, node: Node, content: Content) -> None:
        """Note the children that this version does not have, and keep the ones that no version has."""
        others = self._table.elsewhere.get(node.name, frozenset())
        for name, twins in node.children.items():
            if name in content.places:
                continue
            code = "isdoc.other-version" if name in others else "isdoc.invented-element"
            for child in twins:
                self._notes.add(code, child, name=name, parent=node.name)
            if name not in others:
                self._invented.extend(twins)


@lru_cache(maxsize=4)
def _table(version: str) -> _Table:
    text = (resources.files("efimport.formats.isdoc") / "structure.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    versions = [tables["elements"], *(tables["elements"] | tables[f"elements of {one}"] for one in ("6.0", "5"))]
    orders = dict(zip(("6", "6.0", "5"), versions, strict=True))
    known: dict[str, set[str]] = {}
    for order in versions:
        for place, words in order.items():
            # Named by itself, by its parent, or as one of two forms ("Details of a transfer").
            name = place.rpartition("/")[2].partition(" ")[0]
            known.setdefault(name, set()).update(_parsed(words).places)
    tolerated = tables["tolerated"]
    return _Table(
        contents={name: _parsed(order) for name, order in orders[version].items()},
        missing=frozenset(tolerated["missing"]),
        repeated=frozenset(tolerated["repeated"]),
        elsewhere={name: frozenset(names) for name, names in known.items()},
    )


def _parsed(order: str) -> Content:
    words = order.split()
    names = [word.rstrip("!*+") for word in words]
    return Content(
        places={name: place for place, name in enumerate(names)},
        needed=tuple(name for name, word in zip(names, words, strict=True) if word.endswith(("!", "+"))),
        repeatable=frozenset(name for name, word in zip(names, words, strict=True) if word.endswith(("*", "+"))),
    )
