"""The sentences of the service: each with the evidence that it is the real one (``texts.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec


class Sentence(msgspec.Struct, frozen=True):
    """One sentence of the service.

    Attributes:
        text: the sentence with ``{name}`` fields.
        evidence: ``documented``, ``observed`` or ``assumed``.
        source: the place in the reference of the web service, or what was imitated.
    """

    text: str
    evidence: str
    source: str = ""


@cache
def sentences() -> dict[str, Sentence]:
    """All sentences by name."""
    raw = resources.files("efimport.sandbox").joinpath("texts.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(raw), dict[str, Sentence])


def text(name: str, /, **fields: str) -> str:
    """A sentence with its fields filled; raises KeyError for a name or a field that does not exist."""
    return sentences()[name].text.format(**fields)
