"""An answer in JSON as the elements that the same answer would have in XML."""

from __future__ import annotations

import re
from typing import Any

from efimport.api.call import Element

DEEPEST = 100
"""Levels of objects and arrays; a document of the service has about eight."""

_ENTRY_OF_LIST = re.compile(r"(?<=[a-z])(ies|sses|s)$")


def is_too_deep(value: Any) -> bool:
    """Whether there are more levels than any answer of the service has."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [inner for inner in value.values() if isinstance(inner, dict | list)]
    return [inner for inner in value if isinstance(inner, dict | list)] if isinstance(value, list) else []


def elements_of(value: Any, name: str) -> tuple[Element, ...]:
    """The elements that the same answer would have in XML; the entries of ``Items`` are named ``Item``."""
    if isinstance(value, dict):
        return tuple(element for key, inner in value.items() for element in _named(str(key), inner))
    if isinstance(value, list):
        entry = _ENTRY_OF_LIST.sub(lambda end: {"ies": "y", "sses": "ss"}.get(end[1], ""), name)
        return tuple(element for inner in value for element in _named(entry, inner))
    return () if value is None else (Element(name, _scalar(value)),)


def _named(name: str, value: Any) -> tuple[Element, ...]:
    if isinstance(value, dict | list):
        return (Element(name, children=elements_of(value, name)),)
    return (Element(name, _scalar(value)),)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
