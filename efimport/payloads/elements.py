"""Elements of the internal format, in the order of the reference; what has no value is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from efimport.api.call import Element, Scalar
from efimport.api.elements import BlockRules


def elements(pairs: Iterable[tuple[str, Scalar | None]]) -> Iterator[Element]:
    """An element for each pair that has a value; an empty text is no value."""
    for name, value in pairs:
        if value is not None and value != "":
            yield Element(name, value)


def group(name: str, children: Iterable[Element]) -> Iterator[Element]:
    """An element around others; nothing where there are none."""
    inside = tuple(children)
    if inside:
        yield Element(name, children=inside)


def completed(
    rules: BlockRules, worked_out: Iterable[tuple[str, Scalar | None]], given: Mapping[str, str]
) -> Iterator[Element]:
    """The elements of a block, in the order of the reference, codes in its spelling.

    Args:
        rules: what the block may hold; what is worked out and has no place in it is left out.
        worked_out: the values as far as they follow from the document.
        given: values that the source gives by the names of the service; they come first. A name that the block does not
            have stays, for the check of the call to tell.
    """
    values = {name: value for name, value in elements_of(worked_out).items() if rules.rule(name) is not None}
    values |= {name: text.strip() for name, text in given.items() if "." not in name and text.strip()}
    for rule in rules.elements:
        if rule.name in values:
            value = values.pop(rule.name)
            yield Element(rule.name, rule.written(value) if isinstance(value, str) else value)
    for name, value in values.items():
        yield Element(name, value)


def elements_of(pairs: Iterable[tuple[str, Scalar | None]]) -> dict[str, Scalar]:
    """The pairs that have a value."""
    return {name: value for name, value in pairs if value is not None and value != ""}


def inside(given: Mapping[str, str], block: str) -> dict[str, str]:
    """What is given for an inner block (``Address.city`` for ``Address``), by the names inside it."""
    start = block + "."
    return {name.removeprefix(start): value for name, value in given.items() if name.startswith(start)}
