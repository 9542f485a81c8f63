"""Structures of Python, dictionaries and lists, as the elements of a nested parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from efimport.api.call import Element, Scalar
from efimport.api.elements import BlockRules, ElementRule, document, documents, in_order
from efimport.errors import CallError
from efimport.messages import message

_ENTRIES = {"SalesInvoiceInstallments": "Installment"}
"""Entries named otherwise than their list (web service reference, SalesInvoiceInstallmentsCreate)."""
_WRAPPED = ("SalesInvoiceInstallments",)
"""Parameters with an element of their own name inside (web service reference, SalesInvoiceInstallmentsCreate)."""
DEEPEST = 50
"""Levels; a document of the service has about six."""


def structure(name: str, site: str, value: object) -> tuple[Element, ...]:
    """The elements of a structure, in the order of the reference where it is known.

    A dictionary gives an element for each key; a list gives the entries that the reference has there (``Items`` of
    ``Item``), else the element as often as the list is long. None leaves an element out.

    Args:
        name: the parameter, ``SalesInvoice``.
        site: CZ, SI or HR.
        value: a dictionary, a list of dictionaries, or elements, which are taken as they are.

    Raises:
        CallError: the value is none of these, or something inside cannot be written.
    """
    if isinstance(value, list | tuple) and all(isinstance(entry, Element) for entry in value):
        return tuple(value)
    root = document(name, site).root if name in documents() else None
    elements = tuple(_children(name, value, root, name, 0))
    if name in _WRAPPED and {element.name for element in elements} != {name}:
        elements = (Element(name, children=elements),)
    return in_order(name, site, elements) if root is not None else elements


def _children(name: str, value: object, block: BlockRules | None, place: str, level: int) -> Iterator[Element]:
    if level > DEEPEST:
        raise CallError(message("The structure {place} has too many levels.", place=place[:100]))
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _named(str(key), inner, block, f"{place}.{key}", level)
    elif isinstance(value, list | tuple):
        entry = _entry(name, block)
        for number, inner in enumerate(value, start=1):
            yield _element(entry, inner, block and _inside(block.rule(entry), block), f"{place}[{number}]", level)
    else:
        raise _impossible(place, value, message("a dictionary, or a list of dictionaries"))


def _named(name: str, value: object, block: BlockRules | None, place: str, level: int) -> Iterator[Element]:
    """The elements that a key of a dictionary stands for: none, one, or one for each entry of a list."""
    rule = block.rule(name) if block is not None else None
    if value is None:
        return
    if not isinstance(value, list | tuple):
        yield _element(name, value, rule.inside if rule else None, place, level)
        return
    inside = rule.inside if rule else None
    entry = rule.entry if rule and rule.type == "list" else None
    if entry is None and rule is None and _singular(name) != name:
        entry = _singular(name)
    entries = tuple(
        _element(entry or name, inner, inside, f"{place}[{number}]", level + 1)
        for number, inner in enumerate(value, start=1)
    )
    yield from entries if entry is None else (Element(name, children=entries),)


def _element(name: str, value: object, block: BlockRules | None, place: str, level: int) -> Element:
    if isinstance(value, Mapping | list | tuple):
        return Element(name, children=tuple(_children(name, value, block, place, level + 1)))
    return Element(name, _scalar(value, place))


def _entry(name: str, block: BlockRules | None) -> str:
    """The name of the entries of a parameter that is a list: products of product."""
    if block is not None and len(block.elements) == 1:
        return block.elements[0].name
    return _singular(name)


def _inside(rule: ElementRule | None, block: BlockRules) -> BlockRules | None:
    return rule.inside if rule is not None else block


def _singular(name: str) -> str:
    if name in _ENTRIES:
        return _ENTRIES[name]
    if name.endswith("sses"):
        return name.removesuffix("es")
    return name.removesuffix("s")


def _scalar(value: object, place: str) -> Scalar:
    if isinstance(value, str | bool | int | Decimal | date | datetime):
        return value
    raise _impossible(place, value, message("a text, a whole number, a Decimal, a date or a truth value"))


def _impossible(place: str, value: object, expected: str) -> CallError:
    return CallError(
        message("{place} cannot be made of a value of type {type}.", place=place, type=type(value).__name__),
        message("Expected: {expected}.", expected=expected),
    )
