"""The table of formats that are known by name, and the signs by which a file is told."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from efimport.formats.named.said import Places
from efimport.formats.reading import Sample

if TYPE_CHECKING:
    from lxml import etree


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A format that is known by name; ``kinds.toml`` says what each field means."""

    name: str = ""
    format: str = ""
    title: str
    inbox: bool = False
    reason: str = ""
    remedy: str = ""
    magic: tuple[str, ...] = ()
    pattern: str | None = None
    root: tuple[str, str] | None = None
    entry: tuple[str, ...] = ()
    envelope: bool = False
    said: Places | None = None

    def fits(self, sample: Sample) -> bool:
        """Whether the file bears one of the signs."""
        if self.magic and sample.head.startswith(tuple(mark.encode("latin-1") for mark in self.magic)):
            return True
        if self.pattern is not None and _compiled(self.pattern).match(sample.text):
            return True
        if sample.root is not None and self.has_root(*sample.root):
            return True
        return bool(self.entry) and not set(self.entry).isdisjoint(sample.archive_names or ())

    def has_root(self, namespace: str, name: str) -> bool:
        """Whether an element of that name is the root of such a file."""
        return self.root is not None and _name_fits(self.root[0], namespace) and _name_fits(self.root[1], name)


def _name_fits(wanted: str, found: str) -> bool:
    return found.startswith(wanted[:-1]) if wanted.endswith("*") else found == wanted


@lru_cache(maxsize=128)
def _compiled(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode("latin-1"), re.DOTALL | re.MULTILINE)


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """All formats by the name of their table, in the order in which they are tried."""
    table = resources.files("efimport.formats.named") / "kinds.toml"
    found = {}
    for name, values in tomllib.loads(table.read_text(encoding="utf-8")).items():
        kind = msgspec.convert(values, Kind)
        found[name] = msgspec.structs.replace(kind, name=name, format=kind.format or name)
    return found


def kind_of_root(element: etree._Element) -> Kind | None:
    """The first kind whose root the element could be; None for any other element."""
    from efimport.formats.xml import local_name, namespace

    name = namespace(element), local_name(element)
    return next((kind for kind in kinds().values() if kind.has_root(*name)), None)


def kind_of(sample: Sample) -> Kind | None:
    """The first kind whose signs the file bears; None for a file that bears none."""
    return next((kind for kind in kinds().values() if kind.fits(sample)), None)
