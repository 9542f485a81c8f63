"""Portions of files: so many as are worked on at once, those that belong together never torn apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from efimport.journal import DroppedFile
from efimport.watch.companions import companies

MOST_FILES = 100
"""Files that are worked on at once; then it is looked again what has come."""

_Item = TypeVar("_Item")


def some_of(items: Sequence[_Item], name_of: Callable[[_Item], str]) -> list[_Item]:
    """The first of them, as many as are worked on at once; files that belong together stay together."""
    if len(items) <= MOST_FILES:
        return list(items)
    belonging = companies((name_of(item) for item in items), ())
    first = [name_of(item) for item in items[:MOST_FILES]]
    wanted = {name for one in first for name in belonging.get(one, {one})}
    return [item for item in items if name_of(item) in wanted]


def once_a_name(files: Sequence[DroppedFile]) -> list[DroppedFile]:
    """The files, of several with one name the first; the others have their turn later."""
    return list({file.name: file for file in reversed(files)}.values())[::-1]


def apart(files: Sequence[DroppedFile]) -> list[list[DroppedFile]]:
    """The files, at most so many at once, those of one name in different parts."""
    parts: list[list[DroppedFile]] = []
    for file in files:
        part = next(
            (one for one in parts if len(one) < MOST_FILES and all(file.name != other.name for other in one)), None
        )
        if part is None:
            part = []
            parts.append(part)
        part.append(file)
    return parts
