"""Hardened reading of XML, base64 and plain values, as the sandbox does it wherever a client sends them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import canonicalize

from lxml import etree

_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_xml(content: bytes) -> etree._Element | None:
    """The root element; None where the bytes are not well-formed XML or carry a DOCTYPE."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    document: Any = root.getroottree().docinfo
    return None if document.doctype else root


def _is_element(node: etree._Element) -> bool:
    # Comments and processing instructions are nodes too; their tag is a function.
    tag: object = node.tag
    return isinstance(tag, str)


def local_name(element: etree._Element) -> str:
    """Name of an element without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if _is_element(element) else ""


def namespace(element: etree._Element) -> str:
    """Namespace of an element; empty where it has none."""
    return (etree.QName(element).namespace or "") if _is_element(element) else ""


def children(element: etree._Element, name: str | None = None) -> list[etree._Element]:
    """Child elements without comments, all or those of one local name in any namespace."""
    return [child for child in element if _is_element(child) and name in (None, local_name(child))]


def find(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant along the local names; None where the way ends."""
    for name in path:
        if element is None:
            return None
        element = next(iter(children(element, name)), None)
    return element


def text_of(element: etree._Element | None, *path: str) -> str:
    """Text of the element, or of the first descendant along the path, without surrounding blanks; empty if absent."""
    found = find(element, *path)
    return (found.text or "").strip() if found is not None else ""


def read_base64(text: str) -> bytes | None:
    """The bytes of a base64 text (RFC 4648 section 4, white space allowed); None where it is empty or wrong."""
    compact = re.sub(r"\s", "", text)
    try:
        return base64.b64decode(compact.encode("ascii"), validate=True) or None
    except (binascii.Error, UnicodeEncodeError):
        return None


def read_date(text: str) -> date | None:
    """A date of the form YYYY-MM-DD; None for anything else."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def is_timestamp(text: str) -> bool:
    """Whether the text has the form YYYY-MM-DD HH:MM:SS."""
    try:
        datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the service knows no time zone
    except ValueError:
        return False
    return len(text) == len("2012-11-15 12:00:00")


def read_decimal(text: str) -> Decimal | None:
    """A decimal number with a dot; None for anything else."""
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def read_boolean(text: str) -> bool | None:
    """True or false as the service writes them (also 1 and 0); None for anything else."""
    return {"true": True, "1": True, "false": False, "0": False}.get(text.lower())


def canonical(element: etree._Element) -> bytes:
    """The canonical XML of an element (C14N 2.0), whose SHA-256 tells two payloads apart."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    return canonicalize(text, strip_text=True).encode()


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
