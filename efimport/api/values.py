"""Values of Python as the parameters of a call: what a program writes in ``service.call(method, name=value)``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from efimport.api.call import Call, Element, File, Files, Nested, Parameter
from efimport.api.elements import document, documents, problems_of
from efimport.api.method import Method
from efimport.api.parameters import Argument, ParameterRule
from efimport.api.structures import structure
from efimport.errors import CallError
from efimport.messages import Message, message

_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_WHOLE = re.compile(r"\d+", re.ASCII)
_LEFT_TO_THE_SERVICE = ("missing", "together")
"""What a document lacks depends on the master data of the organization too; the service says so before it acts."""
_PAGE_WITH_GAPS = "whole reference"
"""The page that lost every line of one word: an element that it does not show may exist all the same."""
_INBOX = ("DocumentInboxImport", "DocumentInboxAddEntry")
_TRUTH = {"true": True, "false": False, "1": True, "0": False}


class FileNames(msgspec.Struct, frozen=True):
    """Names of the elements around the files of an inbox entry; see :class:`efimport.settings.InboxChoices`."""

    list_element: str = "Attachments"
    entry_element: str = "Attachment"
    wrapper: str | None = None


def make_call(
    method: Method, given: Mapping[str, object], site: str, *, names: FileNames | None = None, strict: bool = True
) -> Call:
    """The call of a method with values of Python, held against the reference.

    Args:
        method: the method.
        given: values by the names of parameters. None and a flag that is False leave the parameter out. Texts, whole
            numbers, Decimal, dates and truth values go as they are; bytes are what base64 is made of; a path is a file
            that is read; a dictionary or a list is a structure (see :func:`efimport.api.structures.structure`); a list
            is several parameters of one name where the method takes them.
        site: CZ, SI or HR.
        names: elements around the files of an inbox entry.
        strict: whether a structure with elements or values that the reference does not know is refused; elements of
            one's own making are not looked into.

    Raises:
        CallError: a name or a value does not fit the reference, a mandatory one is missing, a file cannot be read.
    """
    made = Call(method.name, tuple(_parameters(method, given, site, names or FileNames())))
    method.check(made, site)
    if strict:
        _check_structures(made, given, site)
    return made


def _check_structures(call: Call, given: Mapping[str, object], site: str) -> None:
    for parameter in call:
        if not isinstance(parameter.value, Nested) or _is_elements(given[parameter.name]):
            continue
        left = (*_LEFT_TO_THE_SERVICE, *(() if _is_whole(parameter.name, site) else ("unknown",)))
        for problem in problems_of(Call(call.method, (parameter,)), site):
            if problem.severity == "error" and problem.kind not in left:
                raise CallError(
                    message(
                        "The structure of {method} does not fit the reference: {path} {reason}",
                        method=call.method,
                        path=problem.path,
                        reason=problem.reason,
                    ),
                )


def _is_whole(name: str, site: str) -> bool:
    """Whether the reference shows every element that the document may hold."""
    return name in documents() and document(name, site).pages.get(site, _PAGE_WITH_GAPS) != _PAGE_WITH_GAPS


def _is_elements(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(entry, Element) for entry in value)


def _parameters(method: Method, given: Mapping[str, object], site: str, names: FileNames) -> Iterator[Parameter]:
    for name, value in given.items():
        rule = method.parameter(name)
        if value is None:
            continue
        several = rule.repeatable and isinstance(value, list | tuple)
        for one in value if several and isinstance(value, list | tuple) else (value,):
            yield from _parameter(method, rule, one, site, names)


def _parameter(method: Method, rule: ParameterRule, value: object, site: str, names: FileNames) -> Iterator[Parameter]:
    match rule.style:
        case "nested":
            yield Parameter(rule.name, Nested(structure(rule.name, site, value)))
            return
        case "file":
            made: Argument | None = _wrapped(_file(rule, method, value), method, names)
        case "files":
            made = _files(rule, method, value, names)
        case "base64-text" | "base64-attribute":
            made = _bytes(rule, method, value)
        case "flag":
            if _boolean(value) is False:
                return
            made = _boolean(value)
        case _:
            made = _scalar(rule, value)
    if made is None:
        raise _wrong(rule, method, value)
    yield method.argument(rule.name, made)


def _scalar(rule: ParameterRule, value: object) -> Argument | None:
    """The value of a plain parameter; None where it is of another type than the reference has there."""
    match rule.type:
        case "Date":
            return _date(value)
        case "Boolean":
            return _boolean(value)
        case "Decimal":
            return _decimal(value)
        case "Integer":
            return _whole(value)
    if isinstance(value, str):
        return value
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _date(value: object) -> Argument | None:
    if isinstance(value, date):
        return None if isinstance(value, datetime) else value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return None
    try:
        date.fromisoformat(value)
    except ValueError:
        return None
    return value


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return _TRUTH.get(value.lower()) if isinstance(value, str) else None


def _decimal(value: object) -> Argument | None:
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return value if isinstance(value, str) and _DECIMAL.fullmatch(value) else None


def _whole(value: object) -> Argument | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return value if isinstance(value, str) and _WHOLE.fullmatch(value) else None


def _wrapped(file: File, method: Method, names: FileNames) -> File:
    if file.wrapper is not None or method.name not in _INBOX:
        return file
    return msgspec.structs.replace(file, wrapper=names.wrapper)


def _files(rule: ParameterRule, method: Method, value: object, names: FileNames) -> Files:
    if isinstance(value, Files):
        return value
    several = value if isinstance(value, list | tuple) else (value,)
    files = tuple(_file(rule, method, one) for one in several)
    if not files:
        raise _wrong(rule, method, value)
    return Files(
        files,
        document_date=files[0].document_date,
        wrapper=names.wrapper,
        list_name=names.list_element,
        entry_name=names.entry_element,
    )


def _file(rule: ParameterRule, method: Method, value: object) -> File:
    if isinstance(value, File):
        return value
    if isinstance(value, str | os.PathLike):
        path = Path(os.fspath(value))
        return File(_read(path, rule, method), path.name)
    raise _wrong(rule, method, value)


def _bytes(rule: ParameterRule, method: Method, value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, os.PathLike):
        return _read(Path(os.fspath(value)), rule, method)
    raise _wrong(rule, method, value)


def _read(path: Path, rule: ParameterRule, method: Method) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise CallError(
            message(
                "The file {path} for the parameter {name} of {method} cannot be read: {error}",
                path=path,
                name=rule.name,
                method=method.name,
                error=getattr(error, "strerror", None) or error,
            )
        ) from error


def _wrong(rule: ParameterRule, method: Method, value: object) -> CallError:
    shown = "..." if isinstance(value, bytes | File | Files | Mapping | list | tuple) else str(value)[:100]
    return CallError(
        message(
            "The parameter {name} of {method} cannot be made of {value} of type {type}.",
            name=rule.name,
            method=method.name,
            value=shown,
            type=type(value).__name__,
        ),
        message("Expected: {expected}.", expected=expected(rule)),
    )


def expected(rule: ParameterRule) -> Message:
    """What a parameter takes, in words."""
    match rule.style:
        case "nested":
            return message("a dictionary, or a list of dictionaries")
        case "file":
            return message("the path of a file, or a File of content and name")
        case "files":
            return message("the paths of files, or Files of content and name")
        case "base64-text" | "base64-attribute":
            return message("bytes, or a Path of the file that holds them")
        case "flag":
            return message("True, or False to leave it out")
    match rule.type:
        case "Date":
            return message("a date, or a text YYYY-MM-DD")
        case "Boolean":
            return message("True or False")
        case "Decimal":
            return message("a Decimal, a whole number, or a text with a decimal point")
        case "Integer":
            return message("a whole number")
    return message("a text, or a whole number")
