"""Elements of the internal format, in the order of the reference; what has no value is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from efimport.api.call import Element, Scalar


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
