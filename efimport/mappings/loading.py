"""Mapping files are read, and what is wrong with them is said by file, key and reason."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import msgspec

from efimport.errors import MappingError
from efimport.mappings.service_codes import data_folder
from efimport.mappings.soundness import faults
from efimport.mappings.statements import StatementMapping
from efimport.messages import message

Mapping: TypeAlias = StatementMapping
"""A mapping file of any target; so far there are statements."""

_PLACE = re.compile(r"(.*?)(?: - at `(?:key in )?\$?\.?(.*)`)?", re.DOTALL)
_ENDING = ".toml"


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
        MappingError: the text is no mapping; the message names file, key and reason.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _fault(path, "", str(error)) from error
    target = tree.get("target")
    if target != "statement":
        known = message("only 'statement' is known so far, not {found}", found=repr(target))
        raise _fault(path, "target", known)
    if "name" in tree:
        raise _fault(path, "name", message("the name of the file is the name of the mapping"))
    try:
        mapping = msgspec.convert({**tree, "name": path.name.removesuffix(_ENDING)}, StatementMapping)
    except msgspec.ValidationError as error:
        match = _PLACE.fullmatch(str(error))
        reason, key = match.groups() if match else (str(error), "")
        raise _fault(path, key or "", reason) from error
    for key, reason in faults(mapping):
        raise _fault(path, key, reason)
    return mapping


def _fault(path: Path, key: str, reason: str) -> MappingError:
    what = (
        message("The mapping file {file} cannot be used: {key}: {reason}.", file=path, key=key, reason=reason)
        if key
        else message("The mapping file {file} cannot be used: {reason}.", file=path, reason=reason)
    )
    return MappingError(what, message("docs/mappings.md tells every key of a mapping file with an example."))


@lru_cache(maxsize=1)
def shipped_mappings() -> tuple[Mapping, ...]:
    """The mapping files that ship with the package, by name."""
    return tuple(load_mapping(path) for path in sorted(data_folder("mappings").glob(f"*{_ENDING}")))
