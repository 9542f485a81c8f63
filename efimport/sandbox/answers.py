"""Answers of the service and how they look on the wire: XML or JSON, well-formed or as the reference prints them."""

from __future__ import annotations

import json
from xml.sax.saxutils import quoteattr

import msgspec
from lxml import etree

from efimport.sandbox.options import Options
from efimport.sandbox.reading import children

HTML_ERROR = b"<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>"
HTML_NOT_FOUND = b"<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>"
RELEASE = "EMU"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a method answers.

    Attributes:
        elements: the content of a good answer, or what is known besides an error.
        error: description of an error; None for a good answer.
        status: HTTP status; None for the one of the mode.
        as_list: whether the result is an array in JSON (Get and List, seen in public clients).
        document: an XML document that is the whole answer, without an envelope; empty for other answers.
    """

    elements: tuple[etree._Element, ...] = ()
    error: str | None = None
    status: int | None = None
    as_list: bool = False
    document: bytes = b""


class Wire(msgspec.Struct, frozen=True):
    """An answer as bytes: HTTP status, headers, body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def leaf(name: str, value: str) -> etree._Element:
    """An element with a text."""
    element = etree.Element(name)
    element.text = value
    return element


def branch(name: str, *inner: etree._Element) -> etree._Element:
    """An element with children."""
    element = etree.Element(name)
    element.extend(inner)
    return element


def write_answer(answer: Answer, options: Options, *, method: str | None, path: str, is_json: bool, now: str) -> Wire:
    """The answer on the wire.

    Args:
        answer: what to say.
        options: mode and the switches for broken forms.
        method: name of the method for JSON errors; None before it is known.
        path: path of the request for JSON errors.
        is_json: whether the request came as JSON.
        now: server time for JSON errors, ``YYYY-MM-DDTHH:MM:SS``.
    """
    status = 200
    if answer.error is not None:
        status = answer.status or (500 if options.mode == "observed" else 200)
    if answer.document and answer.error is None:
        body, headers = answer.document, [("Content-Type", "text/xml")]
    elif is_json:
        fault = {"release": RELEASE, "url": path.strip("/"), "serverTime": now, "apiMethod": method}
        body = _json_body(answer, fault)
        headers = [("Content-Type", "application/json; charset=utf-8")]
    else:
        body = _xml_body(answer, options)
        headers = [("Content-Type", "text/xml")]
    if options.content_encoding_8bit:
        headers.append(("Content-Encoding", "8-bit"))
    return Wire(status, tuple(headers), body)


def _xml_body(answer: Answer, options: Options) -> bytes:
    state = "ok" if answer.error is None else "error"
    inner = "".join(etree.tostring(element, encoding="unicode") for element in answer.elements)
    if answer.error is not None:
        inner += _xml_error(answer.error, options)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<response status="{state}">{inner}</response>'.encode()


def _xml_error(description: str, options: Options) -> str:
    entities = {"\r": "&#13;", "\n": "&#10;", '"': "&quot;"}
    attribute = f'"{description}"' if options.raw_errors else quoteattr(description, entities)
    return f"<error description={attribute}" + ("><error/>" if options.broken_error_tag else "/>")


def _json_body(answer: Answer, fault: dict[str, str | None]) -> bytes:
    if answer.error is not None:
        response: dict[str, object] = {"status": "error", **fault, "description": answer.error}
    else:
        response = {"status": "ok", "result": _json_result(answer)}
    return json.dumps({"response": response}, ensure_ascii=False).encode()


def _json_result(answer: Answer) -> object:
    if answer.as_list:
        nodes = [
            node for element in answer.elements for node in (children(element) if _is_list(element) else [element])
        ]
        return [_json_value(node) for node in nodes]
    return _json_object(list(answer.elements))


def _is_list(element: etree._Element) -> bool:
    return str(element.tag).endswith(("s", "Entries"))


def _json_value(element: etree._Element) -> object:
    inner = children(element)
    if not inner and not element.text and element.attrib:
        # StockQuantityInfo and AccountBalance say everything in attributes.
        return {str(name): str(value) for name, value in element.attrib.items()}
    if not inner:
        return element.text or ""
    if len({child.tag for child in inner}) == 1 and _is_list(element):
        return [_json_value(child) for child in inner]
    return _json_object(inner)


def _json_object(elements: list[etree._Element]) -> dict[str, object]:
    """Elements by their names; of several of one name, a list (messages)."""
    result: dict[str, list[object]] = {}
    for element in elements:
        # ProductImport answers a parameter of its own: its name and value are attributes.
        if element.tag == "parameter":
            result.setdefault(element.get("name", ""), []).append(element.get("value", ""))
        else:
            result.setdefault(element.tag, []).append(_json_value(element))
    return {name: values[0] if len(values) == 1 else values for name, values in result.items()}
