"""What can be wrong with the texts of a document: too long, white space inside codes, escaped twice, garbled.

Source: POHODA XML, type.xsd and the schemas of the agendas (maxLength; the types keep white space). Two wrong turns
between UTF-8 and Windows-1250 are what exports on a wrongly set computer look like.
"""

from __future__ import annotations

import re
import sys
import tomllib
from functools import lru_cache
from importlib import resources

from lxml import etree

from efimport.formats.letters import are_ours
from efimport.formats.pohoda.fields import Block, plain_name

_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);")
_STRIPPED = frozenset({"ids", "numberRequested", "symVar", "symConst", "symSpec", "ico", "dic", "icDph", "code", "EAN"})
_NO_SIGNS = re.compile("[\x80-\x9f\ufffd]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]{2,}")
_SUSPICIOUS = re.compile("[\x80-\x9f\ufffd]|[ÂÃÄÅâĂĹ][^\x00-\x7f]")
"""Signs that no text has, and the letters that the first bytes of letters in UTF-8 are in encodings of one byte."""
_ONE_BYTE = ("windows-1250", "windows-1252", "iso-8859-1")
SHORT = 8
"""Texts of at most so many characters are within all limits of ``limits.toml`` but those of its table ``short``."""
SPACE = " \t\r\n"


@lru_cache(maxsize=1)
def limits() -> dict[str, dict[str, int]]:
    """Longest texts by parent and name; ``any`` for every parent."""
    text = (resources.files("efimport.formats.pohoda") / "limits.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=4096)
def limit_of(parent: str, tag: str) -> int | None:
    """Longest text of an element inside another, both with their namespaces; None where there is no limit."""
    name = plain_name(tag)
    inside = limits().get(plain_name(parent), {})
    return inside.get(name, limits()["any"].get(name))


@lru_cache(maxsize=4096)
def shortest_limit(tag: str) -> int:
    """The shortest limit that an element of this name has anywhere."""
    name = plain_name(tag)
    tables = [table for area, table in limits().items() if area != "short"]
    return min((table[name] for table in tables if name in table), default=sys.maxsize)


def check_short_codes(header: Block) -> None:
    """The codes whose limit is so low that the walk over all texts passes them by."""
    for name, limit in limits()["short"].items():
        text = header.raw(name)
        if text is not None and len(text) > limit:
            header.notes.add("pohoda.too-long", header.child(name), name=name, length=len(text), limit=limit)


def check_texts(document: Block) -> None:
    """Lengths, white space inside codes, texts escaped twice and garbled ones, over the whole document."""
    if document.element is None:
        return
    garbled = None
    for element in document.element.iter():
        text = element.text
        # Most texts are short, or the indentation between elements; both must cost next to nothing here.
        if not text:
            continue
        if text[0] in SPACE or text[-1] in SPACE:
            if text.isspace():
                continue
            _check_text(document, element, text)
        elif len(text) > SHORT and (len(text) > shortest_limit(element.tag) or "&" in text):
            _check_text(document, element, text)
        if garbled is None and not text.isascii() and is_garbled(text):
            garbled = element
    if garbled is not None:
        # Once a document: what garbles one text garbles all of them.
        document.notes.add("pohoda.garbled", garbled, value=_shown(garbled.text or ""))


def _shown(text: str) -> str:
    """The beginning of a text with a sign for each that no screen shows."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text.strip()[:60])


def is_garbled(text: str) -> bool:
    """Whether a text went through a wrong encoding: signs that no text has, or letters that are UTF-8 taken apart."""
    if not _SUSPICIOUS.search(text):
        return False
    if _NO_SIGNS.search(text):
        return True
    return any(_is_taken_apart(match.group()) for match in _BEYOND_ASCII.finditer(text))


def _is_taken_apart(letters: str) -> bool:
    for encoding in _ONE_BYTE:
        try:
            if are_ours(letters.encode(encoding).decode("utf-8")):
                return True
        except UnicodeError:
            continue
    return False


def _check_text(document: Block, element: etree._Element, text: str) -> None:
    parent = element.getparent()
    limit = limit_of(parent.tag, element.tag) if parent is not None else None
    name = plain_name(element.tag)
    if limit is not None and len(text) > limit:
        document.notes.add("pohoda.too-long", element, name=name, length=len(text), limit=limit)
    if name in _STRIPPED and text != text.strip():
        document.notes.add("pohoda.white-space", element, name=name)
    if "&" in text and _ESCAPED.search(text):
        document.notes.add("pohoda.escaped-twice", element, value=text[:60])
