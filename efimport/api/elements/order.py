"""The order of the reference."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from efimport.api.call import Element
from efimport.api.elements.rules import BlockRules, ElementRule, document


def in_order(name: str, site: str, elements: Iterable[Element]) -> tuple[Element, ...]:
    """Elements of a document, and those inside them, in the order of the reference; unknown ones come last.

    Raises:
        CallError: there are no rules of such a document.
    """
    return _sorted(elements, document(name, site).root)


def _sorted(elements: Iterable[Element], block: BlockRules) -> tuple[Element, ...]:
    places = {name: place for place, name in enumerate(block.names)}
    ordered = sorted(elements, key=lambda element: places.get(element.name, len(places)))
    return tuple(_inside(element, block.rule(element.name)) for element in ordered)


def _inside(element: Element, rule: ElementRule | None) -> Element:
    if rule is None or rule.inside is None or not element.children:
        return element
    inner = rule.inside
    if rule.type == "list":
        entries = (
            msgspec.structs.replace(entry, children=_sorted(entry.children, inner)) if entry.children else entry
            for entry in element.children
        )
        return msgspec.structs.replace(element, children=tuple(entries))
    return msgspec.structs.replace(element, children=_sorted(element.children, inner))
