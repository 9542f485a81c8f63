"""Findings: what is noticed about a document, where, why it matters, and what to do.

The register of codes is data: ``register/<area>.toml`` holds one table a code, and the documentation,
``efimport explain`` and every report read the same texts.
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import lru_cache
from importlib import resources

import msgspec

from efimport.messages import Message, written


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """The document is not sent."""
    WARNING = "warning"
    """The document is sent, and somebody should look."""
    INFO = "info"
    """Said for completeness."""


class Location(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a finding is.

    Attributes:
        path: the file; an entry of a container follows after ``!``: ``inbox/may.zip!invoice.isdoc``.
        line: line in the file, from 1.
        column: column in the line, from 1, where the format has them.
        where: an XPath, a cell (``Sheet1!C14``) or a record's columns.
        ordinal: ordinal of the document in the file, from 1.
    """

    path: str | None = None
    line: int | None = None
    column: int | None = None
    where: str | None = None
    ordinal: int | None = None

    def in_file(self, path: str) -> Location:
        """The same place, named with the file that it is in."""
        return self if self.path else msgspec.structs.replace(self, path=path)


class Finding(msgspec.Struct, frozen=True):
    """One thing noticed.

    Attributes:
        code: stable words, ``area.problem``.
        severity: see :class:`Severity`.
        message: what is the matter, with the values (English; a catalogue renders it in other languages).
        hint: what to do about it.
        location: where.
    """

    code: str
    severity: Severity
    message: Message
    hint: Message | None = None
    location: Location = Location()

    @property
    def is_error(self) -> bool:
        """Whether the document is held back by this."""
        return self.severity is Severity.ERROR


class Definition(msgspec.Struct, frozen=True):
    """What the register says of a code.

    Attributes:
        severity: the usual severity.
        title: a short heading.
        message: template of the message, with ``{name}`` fields.
        hint: template of the hint: what to do.
        why: why it matters; shown by ``efimport explain``.
        covers: codes of general checks that say the same with a less exact place; they are left out beside this one.
    """

    severity: Severity
    title: str
    message: str
    hint: str
    why: str
    covers: tuple[str, ...] = ()


def finding(
    code: str,
    location: Location | None = None,
    *,
    severity: Severity | None = None,
    **arguments: object,
) -> Finding:
    """A finding from the register.

    Args:
        code: a code of the register.
        location: where it is; the file's path may be filled in later.
        severity: another severity than the usual one.
        arguments: values of the template's fields; a value that is a message is translated with the sentence.

    Raises:
        KeyError: the register has no such code.
    """
    definition = define(code)
    values = written(arguments)
    return Finding(
        code=code,
        severity=severity or definition.severity,
        message=Message(definition.message, values),
        hint=Message(definition.hint, values) if definition.hint else None,
        location=location or Location(),
    )


def define(code: str) -> Definition:
    """The register's entry for a code; raises KeyError for an unknown one."""
    area, _, problem = code.partition(".")
    return _area(area)[problem]


def codes() -> list[str]:
    """All codes of the register, sorted."""
    return sorted(f"{area}.{problem}" for area in _areas() for problem in _area(area))


def _areas() -> list[str]:
    folder = resources.files("efimport.findings") / "register"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


@lru_cache(maxsize=64)
def _area(area: str) -> dict[str, Definition]:
    entry = resources.files("efimport.findings") / "register" / f"{area}.toml"
    if not area.replace("-", "").isalnum() or not entry.is_file():
        raise KeyError(area)
    tables = tomllib.loads(entry.read_text(encoding="utf-8"))
    return {problem: msgspec.convert(table, Definition) for problem, table in tables.items()}
