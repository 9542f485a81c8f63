"""The parameters of a call as a report shows them: whole, except that bytes are named by number and digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from efimport.api.call import Attribute as AttributeValue
from efimport.api.call import Base64Attribute, Base64Text, Call, Element, File, Files, Nested, Value
from efimport.api.call import Text as TextValue
from efimport.api.wire import scalar

Shown: TypeAlias = "str | bool | int | dict[str, Shown] | list[Shown] | None"
"""What JSON can hold, numbers with a fraction left out."""


def summarise(call: Call) -> dict[str, Shown]:
    """The parameters by name; a parameter that is repeated gives a list. Login data are no parameters of a call."""
    return _gathered((parameter.name, _value(parameter.value)) for parameter in call)


def _gathered(pairs: Iterable[tuple[str, Shown]]) -> dict[str, Shown]:
    gathered: dict[str, Shown] = {}
    repeated: set[str] = set()
    for name, value in pairs:
        if name not in gathered:
            gathered[name] = value
            continue
        if name not in repeated:
            repeated.add(name)
            gathered[name] = [gathered[name]]
        values = gathered[name]
        assert isinstance(values, list)
        values.append(value)
    return gathered


def _value(value: Value) -> Shown:
    if isinstance(value, AttributeValue | TextValue):
        return scalar(value.value)
    if isinstance(value, Nested):
        return _gathered((child.name, _element(child)) for child in value.children)
    if isinstance(value, Base64Text | Base64Attribute):
        return _bytes(value.content)
    if isinstance(value, File):
        return _file(value)
    if isinstance(value, Files):
        return _files(value)
    return True


def _element(element: Element) -> Shown:
    if not element.children and not element.attributes:
        return None if element.value is None else scalar(element.value)
    shown: dict[str, Shown] = {f"@{name}": text for name, text in element.attributes}
    if element.value is not None:
        shown["#text"] = scalar(element.value)
    return shown | _gathered((child.name, _element(child)) for child in element.children)


def _bytes(content: bytes) -> Shown:
    return {"base64_of_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _file(file: File) -> dict[str, Shown]:
    shown = _dated(file.document_date)
    shown["contents"] = _bytes(file.content)
    shown["fileName"] = file.name
    return {file.wrapper: shown} if file.wrapper else shown


def _files(files: Files) -> dict[str, Shown]:
    shown = _dated(files.document_date)
    shown["files"] = [_file(file) for file in files.files]
    return shown


def _dated(moment: datetime | None) -> dict[str, Shown]:
    return {} if moment is None else {"documentDate": scalar(moment)}
