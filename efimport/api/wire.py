"""A call as the XML request of the web service (web service reference, "API request examples" and every method page).

One ``<request>`` with one ``<login>`` and one ``<method>``, UTF-8 without a byte-order mark. The login line holds
place-holders: what is stored, shown and hashed is the body without secrets, :func:`with_login` puts them in for the
moment of sending.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from efimport.api.call import (
    Attribute,
    Base64Attribute,
    Base64Text,
    Call,
    Element,
    File,
    Files,
    Flag,
    Nested,
    Parameter,
    Scalar,
    Text,
    Value,
)
from efimport.errors import CallError
from efimport.messages import message

HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n<request>\n'
PLACEHOLDER = b'<login username="***" md5pass="***" token="***" />\n'
"""The login line of a body that is stored, shown or hashed."""
TAIL = b"</method>\n</request>\n"
CONTENT_TYPE = "application/octet-stream"

# XML 1.0, production [2] Char: everything else cannot stand in a document, not even as a character reference.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[^\W\d][\w.-]*", re.ASCII)
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
# A parser turns line ends and tabs of an attribute into blanks (XML 1.0, 3.3.3) unless they are written as references.
_IN_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


def encode(call: Call) -> bytes:
    """The body of the request, with place-holders for the login.

    Raises:
        CallError: a name is not an XML name, or a value holds a character that XML 1.0 cannot carry, is not a finite
            number, or is of a type that has no written form.
    """
    return b"".join(_pieces(call))


def document(element: Element) -> bytes:
    """An element with all that is inside, as an XML document of its own.

    Raises:
        CallError: see :func:`encode`.
    """
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + _elements((element,))


def digest(body: bytes) -> str:
    """SHA-256 of a body with place-holders, in hexadecimal: the identity of what is sent."""
    return hashlib.sha256(body).hexdigest()


def with_login(body: bytes, username: str, md5pass: str, token: str) -> bytes:
    """The body with the login in the place of its place-holders; nothing else changes.

    Raises:
        CallError: the body does not begin as :func:`encode` writes it.
    """
    start = HEAD + PLACEHOLDER
    if not body.startswith(start):
        raise CallError(message("The request does not begin with the place-holders of the login."))
    return b"".join((HEAD, _login(username, md5pass, token), memoryview(body)[len(start) :]))


def scalar(value: Scalar) -> str:
    """A value as it is written: dates in ISO form, decimals with a dot and without an exponent, ``true``/``false``.

    A point in time is written to the second, as the examples do (``2012-11-15 12:00:00``).

    Raises:
        CallError: the value has no written form.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise CallError(
        message("The value {value} of type {type} cannot be sent.", value=value, type=type(value).__name__),
        message("Possible are texts, whole and decimal numbers, dates, local points in time, and truth values."),
    )


def _login(username: str, md5pass: str, token: str) -> bytes:
    return f"<login{_attributes((('username', username), ('md5pass', md5pass), ('token', token)))} />\n".encode()


def _pieces(call: Call) -> Iterator[bytes]:
    yield HEAD
    yield PLACEHOLDER
    yield f"<method{_attributes((('name', call.method),))}>\n".encode()
    for parameter in call:
        yield from _parameter(parameter)
    yield TAIL


def _parameter(parameter: Parameter) -> Iterator[bytes]:
    start = f"<parameter{_attributes((('name', parameter.name),))}"
    match parameter.value:
        case Flag():
            yield f"{start} />\n".encode()
        case Attribute(value, kind):
            pairs = (("type", kind), ("value", scalar(value))) if kind else (("value", scalar(value)),)
            yield f"{start}{_attributes(pairs)} />\n".encode()
        case Base64Attribute(content):
            # Neither alphabet nor padding of base64 needs escaping, so that the bytes are not touched again.
            yield f'{start} value="'.encode()
            yield b64encode(content)
            yield b'" />\n'
        case inner:
            yield f"{start}>".encode()
            yield from _content(inner)
            yield b"</parameter>\n"


def _content(value: Value) -> Iterator[bytes]:
    match value:
        case Text(text):
            yield _text(scalar(text)).encode()
        case Base64Text(content):
            yield b64encode(content)
        case Nested(children):
            yield b"\n"
            yield _elements(children)
        case File():
            yield b"\n"
            yield from _wrapped(value.wrapper, _dated(value.document_date, _file(value)))
        case Files():
            yield b"\n"
            yield from _wrapped(value.wrapper, _dated(value.document_date, _files(value)))
        case _:
            raise CallError(
                message("A parameter of type {type} cannot be written.", type=type(value).__name__),
            )


def _elements(elements: Iterable[Element]) -> bytes:
    """The elements one after the other, with all that is inside."""
    pieces: list[str] = []
    for element in elements:
        _write(element, pieces)
    return "".join(pieces).encode()


def _write(element: Element, pieces: list[str]) -> None:
    name = _name(element.name)
    start = f"<{name}{_attributes(element.attributes)}>" if element.attributes else f"<{name}>"
    if element.children:
        if element.value is not None:
            raise CallError(message("The element {name} has both a text and elements inside.", name=name))
        pieces.append(f"{start}\n")
        for child in element.children:
            _write(child, pieces)
        pieces.append(f"</{name}>\n")
    else:
        text = "" if element.value is None else _text(scalar(element.value))
        pieces.append(f"{start}{text}</{name}>\n")


def _file(file: File) -> Iterator[bytes]:
    yield b'<contents encoding="BASE64">'
    yield b64encode(file.content)
    yield b"</contents>\n"
    yield f"<fileName>{_text(file.name)}</fileName>\n".encode()


def _files(value: Files) -> Iterator[bytes]:
    if len(value.files) != 1 and value.entry_name is None:
        raise CallError(
            message("Several files in one parameter need a name for the element around each of them."),
            message("Send each file as an entry of its own, or name the element."),
        )
    entries = (piece for file in value.files for piece in _wrapped(value.entry_name, _file(file)))
    yield from _wrapped(value.list_name, entries)


def _dated(moment: datetime | None, rest: Iterator[bytes]) -> Iterator[bytes]:
    if moment is not None:
        yield f"<documentDate>{scalar(moment)}</documentDate>\n".encode()
    yield from rest


def _wrapped(name: str | None, inner: Iterator[bytes]) -> Iterator[bytes]:
    if name is None:
        yield from inner
        return
    yield f"<{_name(name)}>\n".encode()
    yield from inner
    yield f"</{name}>\n".encode()


def _attributes(pairs: tuple[tuple[str, str], ...]) -> str:
    if len({name for name, _ in pairs}) < len(pairs):
        raise CallError(message("An element has the same attribute twice: {names}.", names=[name for name, _ in pairs]))
    return "".join(f' {_name(name)}="{_possible(value).translate(_IN_ATTRIBUTE)}"' for name, value in pairs)


def _text(value: str) -> str:
    return _possible(value).translate(_IN_TEXT)


def _possible(value: str) -> str:
    found = _IMPOSSIBLE.search(value)
    if found:
        raise CallError(
            message(
                "A text holds the character {character}, which XML cannot carry: {text}",
                character=f"U+{ord(found[0]):04X}",
                text=ascii(value[max(0, found.start() - 20) : found.end() + 20]),
            ),
            message("Remove the character from the document."),
        )
    return value


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise CallError(message("{name} cannot be the name of an element or an attribute.", name=ascii(name)))
    return name
