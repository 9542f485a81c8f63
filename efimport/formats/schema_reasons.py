"""What a schema has against an element, in words for people.

The validator's own words name Python classes and facets. Source of the terms: W3C XML Schema, parts 1 and 2.
"""

from __future__ import annotations

import re
from typing import Any

from efimport.messages import Message, message

SHOWN = 60
"""Characters of a value that are shown."""
_NUMBERS = frozenset({"decimal", "integer", "int", "long", "short", "float", "double", "positiveInteger"})
_ATTRIBUTE = re.compile(r"'(?:\{[^{}]*\})?([^']+)' attribute not allowed")
_BOOLEAN = "['true|false']"
"""How the validator names the only pattern of a truth value."""


def reason_of(error: Any) -> Message | str:
    """The reason of a validation error of xmlschema, as a sentence."""
    name = _local(getattr(error.elem, "tag", None))
    said = " ".join(re.sub(r"\{[^{}]*\}", "", str(error.reason or error.message)).split())
    if not name:
        return said
    if hasattr(error, "expected") and hasattr(error, "invalid_tag"):
        return _of_children(error, name)
    attribute = _ATTRIBUTE.match(str(error.reason or ""))
    if attribute is not None:
        return message("{name} may not have the attribute {attribute}.", name=name, attribute=attribute.group(1))
    if isinstance(error.obj, str) and len(error.elem) == 0:
        return _of_value(error, name, " ".join(error.obj.split())[:SHOWN])
    if said.startswith("character data"):
        return message("Text stands in {name} where only elements belong.", name=name)
    return f"{name}: {said}"


def _of_children(error: Any, name: str) -> Message:
    if error.invalid_tag:
        child = _local(error.invalid_tag)
        return message(
            "{child} does not belong at this place of {name}, or is there too often.", child=child, name=name
        )
    names = [_local(getattr(one, "name", None)) for one in error.expected or ()]
    wanted = ", ".join(dict.fromkeys(one for one in names if one))
    if not wanted:
        return message("{name} is not complete.", name=name)
    return message("{name} is not complete; what can follow is {wanted}.", name=name, wanted=wanted)


def _of_value(error: Any, name: str, value: str) -> Message:
    kind = getattr(error.validator, "local_name", None) or ""
    facet = type(error.validator).__name__
    if kind == "date":
        return message('{name} is "{value}", which is no date like 2026-01-31.', name=name, value=value)
    if kind == "boolean" or _BOOLEAN in str(error.reason):
        return message('{name} is "{value}"; the format knows true and false only.', name=name, value=value)
    if kind in _NUMBERS:
        return message('{name} is "{value}", which is no number like 1234.50.', name=name, value=value)
    if "Enumeration" in facet:
        return message('{name} is "{value}", which is none of the values of the format.', name=name, value=value)
    if "Length" in facet:
        return message('{name} is "{value}", which has not the length that is prescribed.', name=name, value=value)
    return message('{name} is "{value}", which has not the form that is prescribed.', name=name, value=value)


def _local(tag: object) -> str:
    """A name without its namespace and its prefix."""
    return str(tag).rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""
