"""Whether a reader gave what a file states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from benchmarks.peers.stated import Page, Stated

Given = dict[str, Any]
"""A statement as :mod:`benchmarks.peers.reading` writes it."""


class Outcome(StrEnum):
    """What became of a file in a reader."""

    RIGHT = "right"
    TOLD = "refused"
    """Not right, and the reader says so: it raises, or names an error."""
    SILENT = "wrong, nothing said"


def outcome(ways: Sequence[dict[str, Any]], file: Sequence[Stated], words: Iterable[str] = ()) -> Outcome:
    """The outcome of a file.

    Args:
        ways: what each documented way of using the reader gave. One that is right is enough; else the first counts.
        file: what the file states.
        words: words that the texts of the entries must hold.
    """
    if any(is_right(way, file, words) for way in ways):
        return Outcome.RIGHT
    return Outcome.TOLD if ways[0].get("told") else Outcome.SILENT


def is_right(way: dict[str, Any], file: Sequence[Stated], words: Iterable[str] = ()) -> bool:
    """Whether each complete statement is there, in order, and no entry of the file is lost, doubled or made up."""
    given: list[Given] = way.get("statements", [])
    texts = "\n".join(text for one in given for text in one["texts"])
    if sum(len(one["amounts"]) for one in given) != sum(len(one.amounts) for one in file):
        return False
    return _all_found([one for one in file if one.complete], given) and all(word in texts for word in words)


def _all_found(complete: Iterable[Stated], given: Sequence[Given]) -> bool:
    place = 0
    for statement in complete:
        while place < len(given) and not (taken := _taken(statement, given[place:])):
            place += 1
        if place >= len(given):
            return False
        place += taken
    return True


def _taken(statement: Stated, given: Sequence[Given]) -> int:
    """How many of the reader's statements are this one: 1, or its pages one by one; 0 where they are not."""
    if _equal(statement, given[0]):
        return 1
    pages = statement.pages
    if len(given) >= len(pages) and all(map(_equal, pages, given)):
        return len(pages)
    return 0


def _equal(stated: Stated | Page, given: Given) -> bool:
    return (
        _decimal(given["opening"]) == stated.opening
        and _decimal(given["closing"]) == stated.closing
        and [Decimal(amount) for amount in given["amounts"]] == stated.amounts
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
