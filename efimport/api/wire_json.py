"""A call as the JSON request of the web service (web service reference, "JSON request").

The reference shows flat parameters only. For structures the form of the vendor's later examples is used: an element
with elements inside is an object, a list (``Items`` of ``Item``) is an array without the inner names, a file is an
object with ``fileName`` and ``contents``. XML is the transport that the client uses; this is for comparison and for
programs that speak JSON themselves.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias

import msgspec

from efimport.api import wire
from efimport.api.call import (
    Attribute,
    Base64Attribute,
    Base64Text,
    Call,
    Element,
    File,
    Files,
    Nested,
    Scalar,
    Text,
    Value,
)
from efimport.errors import CallError
from efimport.messages import message

CONTENT_TYPE = "application/json"
PLACEHOLDER = b'{"username":"***","md5pass":"***","token":"***",'

Tree: TypeAlias = "str | bool | int | Decimal | list[Tree] | dict[str, Tree]"


def encode(call: Call) -> bytes:
    """The body of the request, with place-holders for the login. Amounts are numbers, exact to the last digit.

    Raises:
        CallError: a value has no written form.
    """
    parameters: dict[str, Tree] = {}
    for parameter in call:
        _add(parameters, parameter.name, _value(parameter.value), repeated=parameter.name in parameters)
    encoder = msgspec.json.Encoder(decimal_format="number")
    rest = encoder.encode({"method": call.method, "parameters": parameters})
    return PLACEHOLDER + rest.removeprefix(b"{")


def with_login(body: bytes, username: str, md5pass: str, token: str) -> bytes:
    """The body with the login in the place of its place-holders; nothing else changes.

    Raises:
        CallError: the body does not begin as :func:`encode` writes it.
    """
    if not body.startswith(PLACEHOLDER):
        raise CallError(message("The request does not begin with the place-holders of the login."))
    login = json.dumps({"username": username, "md5pass": md5pass, "token": token}, separators=(",", ":"))
    return login.removesuffix("}").encode() + b"," + body[len(PLACEHOLDER) :]


def _add(found: dict[str, Tree], name: str, value: Tree, *, repeated: bool) -> None:
    if not repeated:
        found[name] = value
        return
    known = found[name]
    found[name] = [*known, value] if isinstance(known, list) else [known, value]


def _value(value: Value) -> Tree:
    match value:
        case Attribute(content) | Text(content):
            return _scalar(content)
        case Base64Text(content) | Base64Attribute(content):
            return b64encode(content).decode()
        case Nested(children):
            return _object(children)
        case File():
            return _file(value)
        case Files(files):
            return [_file(file) for file in files]
    return True  # a flag: that it is there means yes


def _file(file: File) -> Tree:
    dated: dict[str, Tree] = {} if file.document_date is None else {"documentDate": wire.scalar(file.document_date)}
    return {**dated, "contents": b64encode(file.content).decode(), "fileName": file.name}


def _object(children: Iterable[Element]) -> Tree:
    found: dict[str, Tree] = {}
    for child in children:
        _add(found, child.name, _element(child), repeated=child.name in found)
    return found


def _element(element: Element) -> Tree:
    names = {child.name for child in element.children}
    if not names:
        return "" if element.value is None else _scalar(element.value)
    if len(names) == 1 and _lists(element.name, names.pop()):
        return [_element(child) for child in element.children]
    return _object(element.children)


def _lists(name: str, entry: str) -> bool:
    """Whether an element of the first name is a list of the second: Items of Item, Addresses of Address."""
    return name.lower() in (f"{entry}s".lower(), f"{entry}es".lower()) or name.endswith("Installments")


def _scalar(value: Scalar) -> Tree:
    if isinstance(value, bool) or (isinstance(value, int | Decimal) and wire.scalar(value)):
        return value
    return wire.scalar(value)
