"""Arguments of ``efimport call`` that come from files, and files that come with the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from efimport.cli.failure import of_the_system
from efimport.errors import UsageError
from efimport.messages import message

if TYPE_CHECKING:
    from efimport.api.answer_files import AnswerFile
    from efimport.api.call import Element
    from efimport.api.catalogue import Method

LONGEST_NAME = 120
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows gives to devices, whatever folder they stand in."""


def values_of(rules: Method, arguments: Iterable[str]) -> dict[str, object]:
    """The values by name that ``NAME=VALUE`` says; a name that is there several times has a list.

    Raises:
        UsageError: an argument is of another form, or its file cannot be used.
        CallError: the method has no such parameter.
    """
    found: dict[str, object] = {}
    for argument in arguments:
        name, sign, text = argument.partition("=")
        if not sign:
            raise UsageError(message("{argument} is not of the form NAME=VALUE.", argument=argument))
        value = _value(rules, name, text)
        if name not in found:
            found[name] = value
            continue
        if not rules.parameter(name).repeatable:
            raise UsageError(message("The parameter {name} of {method} is there twice.", name=name, method=rules.name))
        known = found[name]
        found[name] = [*(known if isinstance(known, list) else [known]), value]
    return found


def _value(rules: Method, name: str, text: str) -> object:
    style = rules.parameter(name).style
    if not text.startswith("@"):
        return _from_json(text.encode(), name) if style == "nested" and text[:1] in ("{", "[") else text
    path = Path(text[1:])
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise UsageError(of_the_system(error) if isinstance(error, OSError) else str(error)) from error
    if style == "nested":
        return _structure(content, path)
    if style in ("file", "files"):
        from efimport.api.call import File

        return File(content, path.name)
    if style in ("base64-text", "base64-attribute"):
        return content
    try:
        return content.decode("utf-8").removesuffix("\n")
    except UnicodeDecodeError as error:
        raise UsageError(message("{path} is not a text in UTF-8.", path=path)) from error


def _structure(content: bytes, path: Path) -> object:
    """The structure in a file: JSON as it is, or the elements inside the root of XML."""
    if path.suffix.lower() == ".json" or content.lstrip()[:1] in (b"{", b"["):
        return _from_json(content, str(path))
    from lxml import etree

    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    except etree.XMLSyntaxError as error:
        raise UsageError(message("{path} is not well-formed XML: {error}", path=path, error=error)) from error
    return tuple(_element(child) for child in root)


def _from_json(content: bytes, place: str) -> object:
    try:
        return json.loads(content, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UsageError(message("{path} is not JSON: {error}", path=place, error=error)) from error


def _no_number(text: str) -> None:
    raise ValueError(text)


def _element(node: Any) -> Element:
    from efimport.api.call import Element

    children = tuple(_element(child) for child in node)
    attributes = tuple((str(name), str(value)) for name, value in node.attrib.items())
    return Element(node.tag, None if children else node.text, children, attributes)


def save_files(files: Iterable[AnswerFile], folder: Path) -> Iterator[Path]:
    """Write the files of an answer into a folder; nothing that is there is written over.

    Args:
        files: the files, with names that the service gives and that may be anything.
        folder: where they go, and nowhere else; it is made where it does not exist.

    Yields:
        the path of each file that was written.

    Raises:
        UsageError: a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            yield _saved(folder, safe_name(file.name), file.content)
    except OSError as error:
        raise UsageError(of_the_system(error)) from error


def _saved(folder: Path, name: str, content: bytes) -> Path:
    number = 1
    while True:
        path = folder / (name if number == 1 else f"{Path(name).stem}-{number}{Path(name).suffix}")
        try:
            # "x" follows no link and writes over nothing.
            with path.open("xb") as stream:
                stream.write(content)
        except FileExistsError:
            number += 1
        else:
            return path


def safe_name(name: str) -> str:
    """A name that stays in its folder on every system, as much like the given one as can be."""
    last = re.split(r"[/\\]", name)[-1]
    plain = _FORBIDDEN.sub("_", last).strip(" .")
    # A character that the file system cannot write, such as half of a surrogate pair.
    plain = plain.encode("utf-8", errors="replace").decode()
    stem, dot, suffix = plain.rpartition(".")
    if len(plain) > LONGEST_NAME:
        plain = f"{stem[: LONGEST_NAME - 10]}{dot}{suffix[:9]}" if dot else plain[:LONGEST_NAME]
    if not plain:
        return "file"
    return f"_{plain}" if _RESERVED.fullmatch(plain) else plain
