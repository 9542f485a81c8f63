"""The catalogue of methods: what the web service takes, where, and what may be done when an outcome is unknown.

The facts stand in the folder ``methods``, a file a chapter of the reference; this module reads them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from efimport.api.method import Method, Repeat
from efimport.api.parameters import SITES, Argument, ParameterRule, Style, nearest
from efimport.errors import CallError
from efimport.messages import message

__all__ = ["SITES", "Argument", "Method", "ParameterRule", "Repeat", "Style", "method", "methods"]

SHARED = "shared.toml"
"""Parameters that several methods have."""

_STYLES: Mapping[str, Style] = {"Structure": "nested", "File": "file", "Files": "files", "Base64": "base64-attribute"}


def method(name: str) -> Method:
    """The method of that name.

    Raises:
        CallError: the reference has no such method; the nearest names are suggested.
    """
    # An import needs a few methods of the 222: only their chapters are read.
    for file, text in _texts().items():
        if f"\n[methods.{name}]\n" in text:
            return _chapter(file)[name]
    raise CallError(message("There is no method named {name}.", name=name), nearest(name, methods()))


@cache
def methods() -> Mapping[str, Method]:
    """All methods by name, in the order of the reference."""
    return {name: found for file in _texts() if file != SHARED for name, found in _chapter(file).items()}


@cache
def _texts() -> Mapping[str, str]:
    folder = resources.files("efimport.api").joinpath("methods")
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    return {name: folder.joinpath(name).read_text(encoding="utf-8") for name in files}


@cache
def _table(file: str) -> dict[str, Any]:
    return tomllib.loads(_texts()[file])


@cache
def _chapter(file: str) -> Mapping[str, Method]:
    table, shared = _table(file), _table(SHARED)["parameters"]
    return {name: _method(name, entry, table["chapter"], shared) for name, entry in table["methods"].items()}


def _method(name: str, entry: dict[str, Any], chapter: str, shared: dict[str, dict[str, Any]]) -> Method:
    return Method(
        name=name,
        chapter=chapter,
        section=entry.get("section", ""),
        lines=entry["lines"],
        purpose=entry["purpose"],
        sites=tuple(entry.get("sites", SITES)),
        parameters=tuple(_rule(parameter, entry, shared[parameter], name) for parameter in entry["parameters"]),
        one_of=tuple(entry.get("one_of", ())),
        repeat=entry["repeat"],
        key=entry.get("key"),
        lookup=entry.get("lookup"),
        lookup_by=entry.get("lookup_by", {}),
        answer=tuple(entry.get("answer", ())),
        errors=tuple(entry.get("errors", ())),
    )


def _rule(name: str, entry: dict[str, Any], shared: dict[str, Any], method_name: str) -> ParameterRule:
    kind_of = entry.get("types", {}).get(name, shared["type"])
    style = _style(kind_of, shared)
    dated = "Date" if kind_of == "Date" and shared.get("typed", True) else None
    words = entry.get("words", {}).get(name)
    by_site = words or entry.get("values", {}).get(name)
    if by_site is None:
        by_site = dict.fromkeys(SITES, shared["values"]) if "values" in shared else {}
    return ParameterRule(
        name=name,
        type=kind_of,
        style=style,
        kind=entry.get("typed", {}).get(name, dated) if style == "attribute" else None,
        mandatory=name in entry.get("mandatory", ()),
        needed=_conditions(entry, "needed", name),
        spared=_conditions(entry, "spared", name),
        values={site: tuple(values) for site, values in by_site.items()},
        any_case=words is not None,
        sites=tuple(shared.get("sites", SITES)),
        repeatable=method_name in shared.get("repeatable", ()),
    )


def _style(kind_of: str, shared: dict[str, Any]) -> Style:
    style: Style = (
        shared["style"] if kind_of == shared["type"] and "style" in shared else _STYLES.get(kind_of, "attribute")
    )
    return "base64-text" if kind_of == "Base64" and style == "text" else style


def _conditions(entry: dict[str, Any], word: str, name: str) -> dict[str, tuple[str, ...]]:
    return {other: tuple(values) for other, values in entry.get(word, {}).get(name, {}).items()}
