"""Elements that a source gives by the names of the service itself, put together with those that are worked out.

What the source gives comes first: who fills in a column named after an element of the service means that element.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from efimport.api.call import Element, Scalar
from efimport.payloads.elements import elements

Pairs = Iterable[tuple[str, Scalar | None]]


def inside(given: Mapping[str, str], block: str) -> dict[str, str]:
    """What is given for an inner block (``BuyerData.status`` for ``BuyerData``), by the names inside it."""
    start = block + "."
    return {name.removeprefix(start): value for name, value in given.items() if name.startswith(start)}


def together(worked_out: Pairs, given: Mapping[str, str]) -> dict[str, Scalar]:
    """The values by element; an empty text is no value, and a given one replaces the one that is worked out."""
    values = {name: value for name, value in worked_out if value is not None and value != ""}
    values.update({name: value.strip() for name, value in given.items() if "." not in name and value.strip()})
    return values


def ordered(values: Mapping[str, Scalar], order: Sequence[str]) -> Iterator[Element]:
    """The elements of these values in the order of the reference."""
    yield from elements((name, values.get(name)) for name in order)


def unplaced(given: Mapping[str, str], places: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """What is given under names that no element has.

    Args:
        given: the values by name.
        places: names of the elements by block; the outermost block is the empty text.
    """
    for name, value in given.items():
        block, _, element = name.rpartition(".")
        if element not in places.get(block, ()):
            yield name, value
