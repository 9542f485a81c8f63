"""A call as the JSON request of the web service (web service reference, "JSON request").

The reference shows flat parameters only. For structures the form of the vendor's later examples is used: an element
with elements inside is an object, a list (``Items`` of ``Item``) is an array without the inner names, a file is an
object with ``fileName`` and ``contents``. An organization whose settings say ``wire = "json"`` is served in this way.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, TypeAlias

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
    Parameter,
    Scalar,
    Text,
)
from efimport.errors import CallError
from efimport.messages import message

CONTENT_TYPE = "application/json"
PLACEHOLDER = b'{"username":"***","md5pass":"***","token":"***",'

KeyField: TypeAlias = Literal["md5pass", "secretKey"]
Tree: TypeAlias = "str | bool | int | Decimal | list[Tree] | dict[str, Tree]"


def encode(call: Call) -> bytes:
    """The body of the request, with place-holders for the login. Amounts are numbers, exact to the last digit.

    Raises:
        CallError: a value has no written form.
    """
    parameters = _together((parameter.name, _value(parameter)) for parameter in call)
    encoder = msgspec.json.Encoder(decimal_format="number")
    rest = encoder.encode({"method": call.method, "parameters": parameters})
    return PLACEHOLDER + rest.removeprefix(b"{")


def with_login(body: bytes, username: str, key: str, token: str, *, field: KeyField = "md5pass") -> bytes:
    """The body with the login in the place of its place-holders; nothing else changes.

    Args:
        body: what :func:`encode` wrote.
        username: name of the API user.
        key: the hash of the password, or the secret key.
        token: token of the organization.
        field: what the key is. The reference documents ``md5pass``; ``secretKey`` is what programs were seen to send to
            the service of today.

    Raises:
        CallError: the body does not begin as :func:`encode` writes it.
    """
    if not body.startswith(PLACEHOLDER):
        raise CallError(message("The request does not begin with the place-holders of the login."))
    login = json.dumps({"username": username, field: key, "token": token}, separators=(",", ":"))
    return login.removesuffix("}").encode() + b"," + body[len(PLACEHOLDER) :]


def _together(pairs: Iterable[tuple[str, Tree]]) -> dict[str, Tree]:
    """The values by name; a name that occurs several times has an array of its values."""
    found: dict[str, list[Tree]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else [*values] for name, values in found.items()}


def _value(parameter: Parameter) -> Tree:
    match parameter.value:
        case Attribute(content) | Text(content):
            return _scalar(content)
        case Base64Text(content) | Base64Attribute(content):
            return b64encode(content).decode()
        case Nested(children):
            return _inside(parameter.name, children)
        case File() as file:
            return _file(file)
        case Files() as files:
            return _files(files)
    return True  # a flag: that it is there means yes


def _file(file: File) -> dict[str, Tree]:
    dated: dict[str, Tree] = {} if file.document_date is None else {"documentDate": wire.scalar(file.document_date)}
    return {**dated, "contents": b64encode(file.content).decode(), "fileName": file.name}


def _files(value: Files) -> Tree:
    """The files of an entry; an object where something besides them is to be said."""
    files: list[Tree] = [_file(file) for file in value.files]
    dated: dict[str, Tree] = {} if value.document_date is None else {"documentDate": wire.scalar(value.document_date)}
    if value.list_name is not None:
        return {**dated, value.list_name: files}
    if dated and len(value.files) == 1:
        return {**dated, **_file(value.files[0])}
    return files


def _object(children: Iterable[Element]) -> Tree:
    return _together((child.name, _element(child)) for child in children)


def _element(element: Element) -> Tree:
    if not element.children:
        return "" if element.value is None else _scalar(element.value)
    return _inside(element.name, element.children)


def _inside(name: str, children: tuple[Element, ...]) -> Tree:
    """What stands inside an element or parameter: an array of entries, or an object."""
    names = {child.name for child in children}
    if len(names) == 1 and _lists(name, names.pop()):
        return [_element(child) for child in children]
    return _object(children)


def _lists(name: str, entry: str) -> bool:
    """Whether one is a list of the other: Items of Item, SalesInvoiceInstallments of Installment."""
    return name.lower() in (f"{entry}s".lower(), f"{entry}es".lower(), f"SalesInvoice{entry}s".lower())


def _scalar(value: Scalar) -> Tree:
    if isinstance(value, bool) or (isinstance(value, int | Decimal) and wire.scalar(value)):
        return value
    return wire.scalar(value)
