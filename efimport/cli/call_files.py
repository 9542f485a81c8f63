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
from efimport.private_files import FOLDER_OF_OWNER, harmless_name, new_file

if TYPE_CHECKING:
    from efimport.api.answer_files import AnswerFile
    from efimport.api.call import Element
    from efimport.api.catalogue import Method


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
        folder.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
        for file in files:
            yield _saved(folder, file.name, file.content)
    except OSError as error:
        raise UsageError(of_the_system(error)) from error


def _saved(folder: Path, name: str, content: bytes) -> Path:
    taken: set[str] = set()
    while True:
        path = folder / harmless_name(re.split(r"[/\\]", name)[-1], taken)
        try:
            with new_file(path) as stream:
                stream.write(content)
        except FileExistsError:
            taken.add(path.name.lower())
        else:
            return path
