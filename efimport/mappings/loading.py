"""Mapping files are read, and what is wrong with them is said by file, line, key and reason."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, get_args

import msgspec

from efimport.errors import MappingError
from efimport.mappings.built_in import built_in_mappings
from efimport.mappings.places import key_lines
from efimport.mappings.reasons import exact_key, told, unknown_key
from efimport.mappings.records import RecordMapping
from efimport.mappings.records_soundness import record_faults
from efimport.mappings.service_codes import data_folder
from efimport.mappings.soundness import Fault, faults
from efimport.mappings.statements import StatementMapping
from efimport.mappings.targets import TargetName
from efimport.messages import Message, message

Mapping: TypeAlias = StatementMapping | RecordMapping
"""A mapping file of any target."""

_M = TypeVar("_M", StatementMapping, RecordMapping)

_PLACE = re.compile(r"(.*?)(?: - at `(?:key in )?\$?\.?(.*)`)?", re.DOTALL)
_AROUND = re.compile(r"(?:\[[^\]]*\]|\.?[^.\[\]]+)$")
"""The last part of a key: ``[2]``, ``.shapes``."""
_ENDING = ".toml"
_TARGETS = ("statement", *get_args(TargetName))
_NOT_IN_FILES = ("name", "path", "places")
"""What the reading itself knows of a mapping, and no file says."""


def load_mapping(path: Path) -> Mapping:
    """A mapping file of the user.

    Raises:
        MappingError: the file cannot be read or is no mapping file.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else message("it is not written in UTF-8")
        raise _fault(path, "", reason or type(error).__name__) from error
    return parse_mapping(text, path)


def parse_mapping(text: str, path: Path) -> Mapping:
    """The mapping in a text.

    Args:
        text: TOML.
        path: where it comes from; the name of the mapping is that of the file without its ending.

    Raises:
        MappingError: the text is no mapping; the message names file, line, key and reason.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _fault(path, "", str(error)) from error
    places = key_lines(text)
    target = tree.get("target")
    if target not in _TARGETS:
        reason = message("it is one of {targets}, not {found}", targets=", ".join(_TARGETS), found=repr(target))
        raise _fault(path, "target", _with_near(reason, str(target), _TARGETS), places)
    for key in _NOT_IN_FILES:
        if key in tree:
            raise _fault(path, key, message("the name of the file is the name of the mapping"), places)
    named = {**tree, "name": path.name.removesuffix(_ENDING)}
    if target == "statement":
        return _sound(statement := _converted(named, StatementMapping, path, places), faults(statement), path, places)
    named |= {"path": str(path), "places": places}
    return _sound(record := _converted(named, RecordMapping, path, places), record_faults(record), path, places)


def _sound(mapping: _M, found: Iterable[Fault], path: Path, places: dict[str, int]) -> _M:
    for key, reason in found:
        raise _fault(path, key, reason, places)
    return mapping


def _converted(tree: dict[str, Any], kind: type[_M], path: Path, places: dict[str, int]) -> _M:
    try:
        return msgspec.convert(tree, kind)
    except msgspec.ValidationError as error:
        match = _PLACE.fullmatch(str(error))
        reason, key = match.groups() if match else (str(error), "")
        key = exact_key(key or "", reason, tree)
        unknown = unknown_key(reason)
        said = told(reason, kind, key)
        if unknown is None:
            raise _fault(path, key, said, places) from error
        wrong = f"{key}.{unknown}" if key else unknown
        raise _fault(path, key, _with_near(said, unknown, _names_in(kind, key)), places, at=wrong) from error


def _names_in(kind: type[Any], key: str) -> tuple[str, ...]:
    """The keys that there are where a wrong one stands; none where that is not easily told."""
    for part in key.split(".") if key else ():
        name = part.partition("[")[0]
        inner = next((one.type for one in msgspec.structs.fields(kind) if one.name == name), None)
        found = _structs(inner)
        if len(found) != 1:
            return ()
        kind = found[0]
    return tuple(one.name for one in msgspec.structs.fields(kind) if one.name not in _NOT_IN_FILES)


def _structs(kind: Any) -> list[type[Any]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [kind]
    return [one for inner in get_args(kind) for one in _structs(inner)]


def _with_near(reason: str, wrong: str, known: Iterable[str]) -> str:
    """The reason, with the name that was probably meant."""
    near = difflib.get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return message("{reason} (did you mean {near}?)", reason=reason, near=near[0]) if near else reason


def _fault(
    path: Path, key: str, reason: str, places: dict[str, int] | None = None, *, at: str | None = None
) -> MappingError:
    """The error.

    Args:
        path: the file.
        key: what is wrong; empty for the file as a whole.
        reason: why.
        places: lines by key.
        at: the key whose line is told, where that is another one.
    """
    line = _line_of(at or key, places or {})
    what: Message
    if line is not None and key:
        what = message(
            "The mapping file {file} cannot be used: line {line}, {key}: {reason}.",
            file=path,
            line=line,
            key=key,
            reason=reason,
        )
    elif line is not None:
        what = message(
            "The mapping file {file} cannot be used: line {line}: {reason}.", file=path, line=line, reason=reason
        )
    elif key:
        what = message("The mapping file {file} cannot be used: {key}: {reason}.", file=path, key=key, reason=reason)
    else:
        what = message("The mapping file {file} cannot be used: {reason}.", file=path, reason=reason)
    return MappingError(what, message("docs/mappings.md tells every key of a mapping file with an example."))


def _line_of(key: str, places: dict[str, int]) -> int | None:
    """The line of a key, or of what stands around it; the first of several tables where it is not told which."""
    while key:
        first = key.replace("[...]", "[0]")
        if first in places:
            return places[first]
        key = _AROUND.sub("", key)
    return None


@lru_cache(maxsize=1)
def shipped_mappings() -> tuple[Mapping, ...]:
    """The mapping files that ship with the package, by name."""
    return tuple(load_mapping(path) for path in sorted(data_folder("mappings").glob(f"*{_ENDING}")))


def named_mapping(name: str) -> Mapping:
    """A mapping that ships with the package, or one that is built in: ``invoices``, ``orders`` and so on.

    Args:
        name: name of the mapping.

    Raises:
        MappingError: there is none of this name; the message names those that are near.
    """
    known = {one.name: one for one in (*shipped_mappings(), *built_in_mappings())}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    raise MappingError(
        message("There is no mapping {name}.", name=name),
        message("Did you mean: {names}?", names=", ".join(near)) if near else message("All: efimport mappings list"),
    )
