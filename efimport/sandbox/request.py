"""A request of the web service in XML or JSON, read without the client's code (reference, authentication chapter)."""

from __future__ import annotations

import json
import re

import msgspec
from lxml import etree

from efimport.sandbox.reading import children, local_name, read_boolean, read_date, read_decimal, read_xml
from efimport.sandbox.texts import text

DEEPEST = 100
"""Elements that may stand in each other in a parameter; the deepest one of the reference stands five deep."""

_TOO_DEEP = etree.XPath("boolean(" + "/".join(["*"] * (DEEPEST + 1)) + ")")
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class UnreadableError(Exception):
    """The body is no request; the argument is the sentence for the answer."""


class RefusedError(Exception):
    """The service says no; the argument is the sentence for the answer."""


class Parameter(msgspec.Struct, frozen=True):
    """One parameter as it was sent.

    Attributes:
        name: its name.
        form: ``attribute``, ``text``, ``nested`` or ``flag``.
        value: the value attribute or the text; empty for nested ones and flags.
        element: the element with the nested content.
        type: the type attribute, ``Date`` for example; empty without one.
    """

    name: str
    form: str
    value: str
    element: etree._Element
    type: str = ""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it was sent.

    Attributes:
        method: name of the method; empty where it is missing.
        parameters: in order; names may be repeated.
        username: user name; None without a login.
        md5pass: hash of the login.
        secret_key: secretKey of a JSON login.
        token: token of the organization.
        is_json: whether it came as JSON, and the answer is to be JSON.
    """

    method: str
    parameters: tuple[Parameter, ...] = ()
    username: str | None = None
    md5pass: str = ""
    secret_key: str = ""
    token: str = ""
    is_json: bool = False

    def parameter(self, name: str) -> Parameter | None:
        """The first parameter of that name; None where it is absent."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def value(self, name: str) -> str:
        """The text of a parameter without surrounding blanks; empty where it is absent."""
        found = self.parameter(name)
        return found.value.strip() if found is not None else ""

    def is_set(self, name: str) -> bool:
        """Whether a boolean parameter or a flag is set; a flag without a value counts as true."""
        found = self.parameter(name)
        if found is None:
            return False
        return found.form == "flag" or read_boolean(found.value) is True

    def check_types(self) -> None:
        """Compare typed parameters with their type.

        Raises:
            RefusedError: a value is not of the type that its parameter names.
        """
        for parameter in self.parameters:
            if parameter.form == "attribute" and not _has_type(parameter.value, parameter.type):
                fields = {"name": parameter.name, "type": parameter.type, "value": parameter.value}
                raise RefusedError(text("parameter-type", **fields))


def _has_type(value: str, kind: str) -> bool:
    readers = {"Date": read_date, "Boolean": read_boolean, "Decimal": read_decimal}
    return kind in ("", "String") or (kind in readers and readers[kind](value) is not None)


def read_request(body: bytes, content_type: str) -> Request:
    """The request in a body: XML where it begins with ``<``, JSON where the content type says so.

    Raises:
        UnreadableError: neither, or not well-formed.
    """
    if body[:1] == b"<":
        return _from_xml(body)
    if content_type.partition(";")[0].strip().lower() == "application/json":
        return _from_json(body)
    raise UnreadableError(text("request-unreadable", reason="neither XML nor JSON by its content type"))


def _from_xml(body: bytes) -> Request:
    root = read_xml(body)
    if root is None or root.tag != "request":
        raise UnreadableError(text("request-unreadable", reason="not well-formed XML with the root request"))
    logins, methods = children(root, "login"), children(root, "method")
    if len(logins) > 1 or len(methods) > 1 or len(children(root)) > len(logins) + len(methods):
        raise UnreadableError(text("request-unreadable", reason="more than one login and one method"))
    login = logins[0].attrib if logins else None
    method = methods[0] if methods else None
    return Request(
        method=method.get("name", "") if method is not None else "",
        parameters=tuple(_parameter(element) for element in children(method)) if method is not None else (),
        username=str(login.get("username", "")) if login is not None else None,
        md5pass=str(login.get("md5pass", "")) if login is not None else "",
        token=str(login.get("token", "")) if login is not None else "",
    )


def _parameter(element: etree._Element) -> Parameter:
    name = element.get("name", "")
    if local_name(element) != "parameter" or not name:
        raise UnreadableError(text("request-unreadable", reason="a method holds parameters with a name only"))
    value = element.get("value")
    kind = element.get("type", "")
    if value is not None:
        return Parameter(name, "attribute", value, element, kind)
    if children(element):
        if _TOO_DEEP(element):
            raise UnreadableError(text("request-unreadable", reason="its elements are nested too deep"))
        return Parameter(name, "nested", "", element, kind)
    content = element.text or ""
    return Parameter(name, "text" if content.strip() else "flag", content, element, kind)


def _from_json(body: bytes) -> Request:
    try:
        data = json.loads(body.decode("utf-8"), parse_float=str, parse_int=str)
        if _ESCAPED_SURROGATE.search(body):
            # Half of a pair of escapes is no character: it could not be written into any answer.
            json.dumps(data, ensure_ascii=False).encode("utf-8")
    except (RecursionError, ValueError) as error:
        raise UnreadableError(text("request-unreadable", reason="not well-formed JSON in UTF-8")) from error
    if not isinstance(data, dict) or not isinstance(data.get("parameters", {}), dict):
        raise UnreadableError(text("request-unreadable", reason="not a JSON object with an object of parameters"))
    try:
        sent = data.get("parameters", {}).items()
        parameters = tuple(_json_parameter(name, one) for name, value in sent for one in _repeated(value))
    except ValueError as error:
        raise UnreadableError(
            text("request-unreadable", reason="a name, a text or a depth that XML cannot have")
        ) from error
    return Request(
        method=str(data.get("method") or ""),
        parameters=parameters,
        username=str(data["username"]) if "username" in data else None,
        md5pass=str(data.get("md5pass") or ""),
        secret_key=str(data.get("secretKey") or ""),
        token=str(data.get("token") or ""),
        is_json=True,
    )


def _repeated(value: object) -> list[object]:
    """The values of a parameter: a list of plain values is a parameter that is repeated, as productCode may be."""
    if isinstance(value, list) and value and not any(isinstance(one, dict | list) for one in value):
        return value
    return [value]


def _json_parameter(name: str, value: object) -> Parameter:
    element = etree.Element("parameter", name=name)
    if isinstance(value, dict | list):
        _fill(element, name, value)
        return Parameter(name, "nested", "", element)
    return Parameter(name, "attribute", _json_text(value), element)


def _fill(element: etree._Element, name: str, value: object, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise ValueError(name)
    if isinstance(value, dict):
        for key, inner in value.items():
            _fill(etree.SubElement(element, str(key)), str(key), inner, depth + 1)
    elif isinstance(value, list):
        # In JSON a list has no wrapper for its entries: Items is a list of what XML calls Item.
        singular = name[:-2] if name.endswith("sses") else name.removesuffix("s")
        for entry in value:
            _fill(etree.SubElement(element, singular), singular, entry, depth + 1)
    else:
        element.text = _json_text(value)


def _json_text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
