"""What is wrong with the shape of a mapping file, in words that people understand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from efimport.messages import Message, message

_MISSING = re.compile(r"Object missing required field `(.*)`")
_ENUM = re.compile(r"Invalid enum value '?(.*?)'?")
_TYPE = re.compile(r"Expected `(.*)`, got `(.*)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_KINDS: dict[str, Message] = {
    "str": message("a text in quotation marks"),
    "int": message("a whole number without quotation marks"),
    "float": message("a number"),
    "bool": message("true or false without quotation marks"),
    "array": message("a list in square brackets"),
    "object": message("a table"),
    "datetime": message("a day"),
    "date": message("a day"),
}


def unknown_key(reason: str) -> str | None:
    """The key that a mapping file must not have; None where something else is wrong.

    Args:
        reason: what the conversion says.
    """
    found = _UNKNOWN.fullmatch(reason)
    return found[1] if found is not None else None


def told(reason: str, kind: type[Any], key: str) -> str:
    """The reason in words.

    Args:
        reason: what the conversion says.
        kind: what the file was to become.
        key: where it is wrong; empty for the file as a whole.
    """
    unknown = unknown_key(reason)
    if unknown is not None:
        return message("there is no key '{name}'", name=unknown)
    missing = _MISSING.fullmatch(reason)
    if missing is not None:
        return message("the key '{name}' is needed", name=missing[1])
    value = _ENUM.fullmatch(reason)
    if value is not None:
        known = ", ".join(sorted({str(one) for one in _words(kind, key)}))
        return message("'{found}' is none of {known}", found=value[1], known=known)
    wrong = _TYPE.fullmatch(reason)
    if wrong is None:
        return reason
    expected = [_KINDS.get(name, name) for name in wrong[1].split(" | ") if name != "null"]
    return message(
        "{found} stands there, expected is: {expected}",
        found=_KINDS.get(wrong[2], wrong[2]),
        expected=message(" or ").join(map(str, expected)),
    )


def exact_key(key: str, reason: str, tree: Any) -> str:
    """The key with the name of the entry that is wrong, where it only says that one of them is: ``columns[...]``.

    Args:
        key: where it is wrong.
        reason: what the conversion says.
        tree: the file.
    """
    wrong = _TYPE.fullmatch(reason)
    if wrong is None or not key.endswith("[...]"):
        return key
    inner: Any = tree
    around = key.removesuffix("[...]")
    for part in around.split("."):
        inner = inner[part] if isinstance(inner, dict) and part in inner else {}
    entries: dict[str, Any] = inner if isinstance(inner, dict) else {}
    return next((f"{around}.{name}" for name, value in entries.items() if type(value).__name__ == wrong[2]), key)


def _words(kind: Any, key: str) -> Iterator[Any]:
    """The words that may stand at a key."""
    kinds: list[Any] = [kind]
    for part in key.split("."):
        name = part.partition("[")[0]
        structs = [struct for one in kinds for struct in _structs(one)]
        fields = [field for struct in structs for field in msgspec.structs.fields(struct)]
        kinds = [field.type for field in fields if field.name == name] or kinds
    for one in kinds:
        yield from _literals(one)


def _structs(kind: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
    for inner in get_args(kind):
        yield from _structs(inner)


def _literals(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    elif get_origin(kind) in (Union, UnionType, tuple, list):
        for inner in get_args(kind):
            yield from _literals(inner)
