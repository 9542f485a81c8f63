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

NEEDED = frozenset(
    {
        "Invoice/ID",
        "Invoice/IssueDate",
        "Invoice/LocalCurrencyCode",
        "Invoice/AccountingSupplierParty",
        "Invoice/LegalMonetaryTotal",
        "LegalMonetaryTotal/PayableAmount",
    }
)
"""Without these the document cannot be booked, so their absence is an error; that of others is a warning."""

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


def check(root: Node, version: str | None, family: str, notes: Notes) -> None:
    """Note what is missing, repeated or out of order in the document."""
    contents = _contents("5" if family == "5" else "6.0" if version == "6.0" else "6")
    _check_element(root, "", contents, notes)


def _check_element(node: Node, parent: str, contents: Mapping[str, Content], notes: Notes) -> None:
    # Not recursive: nothing says that a hostile document is nested less deeply than Python's stack.
    waiting = [(node, parent)]
    while waiting:
        node, parent = waiting.pop()
        content = _content_of(node, parent, contents)
        if content is None:
            continue
        _presence(node, content, notes)
        _order(node, content, notes)
        children = [child for twins in node.children.values() for child in twins]
        waiting.extend((child, node.name) for child in reversed(children))


def _content_of(node: Node, parent: str, contents: Mapping[str, Content]) -> Content | None:
    if node.name == "Details" and parent == "Payment":
        return contents["Details of a document" if node.one("DocumentID") else "Details of a transfer"]
    return contents.get(f"{parent}/{node.name}") or contents.get(node.name)


def _presence(node: Node, content: Content, notes: Notes) -> None:
    for name in content.needed:
        place = f"{node.name}/{name}"
        if name not in node.children and place not in NOTED_ELSEWHERE:
            severity = Severity.ERROR if place in NEEDED else None
            notes.add("isdoc.missing-element", node, severity=severity, name=name, parent=node.name)
    for name, twins in node.children.items():
        if len(twins) > 1 and name in content.places and name not in content.repeatable:
            notes.add("isdoc.repeated-element", twins[1], name=name, parent=node.name, count=len(twins))


def _order(node: Node, content: Content, notes: Notes) -> None:
    known = [child for element in node.element.iterchildren("{*}*") if (child := Node(element)).name in content.places]
    for before, after in pairwise(known):
        if content.places[after.name] < content.places[before.name]:
            notes.add("isdoc.order", after, name=after.name, before=before.name, parent=node.name)
            return


@lru_cache(maxsize=4)
def _contents(version: str) -> dict[str, Content]:
    text = (resources.files("efimport.formats.isdoc") / "structure.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    older = {} if version == "6" else tables[f"elements of {version}"]
    return {name: _parsed(order) for name, order in (tables["elements"] | older).items()}


def _parsed(order: str) -> Content:
    words = order.split()
    names = [word.rstrip("!*+") for word in words]
    return Content(
        places={name: place for place, name in enumerate(names)},
        needed=tuple(name for name, word in zip(names, words, strict=True) if word.endswith(("!", "+"))),
        repeatable=frozenset(name for name, word in zip(names, words, strict=True) if word.endswith(("*", "+"))),
    )
