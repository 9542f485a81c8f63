"""What an electronic invoice says of itself: number, day, issuer, the rules that it follows.

No more is read of it, so that nothing can be read wrongly: the file goes to the document inbox byte for byte. Where the
values stand is data (``kinds.toml``).
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from efimport.documents import Party

if TYPE_CHECKING:
    from lxml import etree

LONGEST = 200
"""Letters of a value at most; more is no number and no name."""

LOOKED_AT = 10_000
"""Letters of a text in which the value is looked for."""

_STEP = re.compile(r"(@?[\w.\-]+)(?:\[(.+)=(.+)\])?")
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)", re.ASCII)


class Places(msgspec.Struct, frozen=True):
    """Where an electronic invoice says what; ``kinds.toml`` tells how the paths are written."""

    number: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()
    vat_id: tuple[str, ...] = ()
    registration: tuple[str, ...] = ()
    specification: tuple[str, ...] = ()


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What it says; None for what it does not.

    Attributes:
        number: number that the issuer gave it.
        date: day of issue.
        issuer: who issued it.
        specification: name of the rules that it follows.
    """

    number: str | None = None
    date: dt.date | None = None
    issuer: Party | None = None
    specification: str | None = None


def said_by(root: etree._Element, places: Places) -> Said:
    """What an invoice says of itself.

    Args:
        root: its root element.
        places: where the values stand in its format.
    """
    issuer = Party(
        name=_text(root, places.issuer),
        vat_id=_text(root, places.vat_id),
        registration_number=_text(root, places.registration),
    )
    return Said(
        number=_text(root, places.number),
        date=day(_text(root, places.date)),
        issuer=issuer if issuer != Party() else None,
        specification=specification(_text(root, places.specification)),
    )


def day(text: str | None) -> dt.date | None:
    """The day at the beginning of a text, ``2026-01-15`` or ``20260115``; None for anything else."""
    match = _DAY.match(text or "")
    if match is None:
        return None
    try:
        return dt.date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def specification(identifier: str | None) -> str | None:
    """What the rules of that identifier are called; None for an identifier that is not known."""
    folded = (identifier or "").casefold()
    return next((name for text, name in _names() if text in folded), None)


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[str, str], ...]:
    table = resources.files("efimport.formats.named") / "specifications.toml"
    lines = tomllib.loads(table.read_text(encoding="utf-8"))["names"]
    return tuple((line["text"], line["name"]) for line in lines)


def _text(root: etree._Element, paths: Iterable[str]) -> str | None:
    """The text at the first of the paths that leads to one, on one line."""
    for path in paths:
        for text in _texts(root, path):
            plain = " ".join(text[:LOOKED_AT].split())[:LONGEST]
            if plain:
                return plain
    return None


def _texts(element: etree._Element, path: str) -> Iterator[str]:
    step, _, rest = _divided(path)
    match = _STEP.fullmatch(step)
    assert match is not None, path
    name, condition, wanted = match.groups()
    if name.startswith("@"):
        yield from (str(value) for key, value in element.attrib.items() if _local(str(key)) == name[1:])
        return
    for child in element.iterchildren(f"{{*}}{name}"):
        if condition is not None and wanted not in (text.strip() for text in _texts(child, condition)):
            continue
        if rest:
            yield from _texts(child, rest)
        else:
            yield child.text or ""


def _divided(path: str) -> tuple[str, str, str]:
    """A path at its first stroke outside of brackets."""
    end = path.find("]") if 0 <= path.find("[") < (path.find("/") if "/" in path else len(path)) else 0
    step, stroke, rest = path[end:].partition("/")
    return path[:end] + step, stroke, rest


def _local(name: str) -> str:
    return name.rpartition("}")[2]
