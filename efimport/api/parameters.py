"""What the reference says of one parameter, and how a value becomes the parameter that is written."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec

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
    Scalar,
    Text,
    Value,
)
from efimport.messages import Message, message

SITES = ("CZ", "SI", "HR")

Style: TypeAlias = Literal["attribute", "flag", "text", "nested", "file", "files", "base64-text", "base64-attribute"]
Argument: TypeAlias = Scalar | bytes | File | Files | tuple[Element, ...]

ACCEPTED: Mapping[Style, tuple[type, ...]] = {
    "attribute": (Attribute,),
    "flag": (Flag,),
    "text": (Text,),
    "nested": (Nested,),
    "file": (File,),
    "files": (Files, File),
    "base64-text": (Base64Text,),
    "base64-attribute": (Base64Attribute,),
}
"""The forms of a call that each style takes."""


class ParameterRule(msgspec.Struct, frozen=True, kw_only=True):
    """What the reference says of one parameter of one method.

    Attributes:
        name: name as it is sent.
        type: String, Date, Boolean, Decimal, Integer, Choice, Structure, File, Files or Base64.
        style: how it is written.
        kind: the ``type`` attribute that the examples give it (``Date``, ``String`` ...); None where they give none.
        mandatory: whether every call needs it.
        needed: mandatory where one of these parameters has one of these values.
        spared: mandatory unless one of these parameters has one of these values.
        values: what it may say at each site; a site that is missing here is not limited.
        any_case: whether the values may be written in any case, because the reference itself changes it.
        sites: where the parameter is known.
        repeatable: whether it may occur several times.
    """

    name: str
    type: str
    style: Style
    kind: str | None = None
    mandatory: bool = False
    needed: dict[str, tuple[str, ...]] = {}
    spared: dict[str, tuple[str, ...]] = {}
    values: dict[str, tuple[str, ...]] = {}
    any_case: bool = False
    sites: tuple[str, ...] = SITES
    repeatable: bool = False

    @property
    def obligation(self) -> Literal["mandatory", "conditional", "optional"]:
        """Whether a call needs it always, sometimes or never."""
        if self.mandatory:
            return "mandatory"
        return "conditional" if self.needed or self.spared else "optional"

    def is_needed_in(self, call: Call) -> bool:
        """Whether this call needs the parameter."""
        if self.mandatory:
            return True
        if self.needed:
            return says(call, self.needed)
        return bool(self.spared) and not says(call, self.spared)

    def allows(self, value: str | None, site: str) -> bool:
        """Whether it may say that at the site."""
        if site not in self.values:
            return True
        if self.any_case:
            return value is not None and value.lower() in {known.lower() for known in self.values[site]}
        return value in self.values[site]


def written(rule: ParameterRule, value: Argument) -> Value | None:
    """The value in the form in which the parameter is written; None where it cannot be made of such a value."""
    if isinstance(value, File | Files):
        return value if isinstance(value, ACCEPTED[rule.style]) else None
    if isinstance(value, bytes):
        if rule.style == "base64-text":
            return Base64Text(value)
        return Base64Attribute(value) if rule.style == "base64-attribute" else None
    if isinstance(value, tuple):
        return Nested(value) if rule.style == "nested" else None
    return _written_scalar(rule, value)


def _written_scalar(rule: ParameterRule, value: Scalar) -> Value | None:
    if rule.style == "flag":
        return Flag() if value in (True, "", "true") else None
    if rule.style == "text":
        return Text(value)
    return Attribute(value, rule.kind) if rule.style == "attribute" else None


def plain(value: Value) -> str | None:
    """A scalar as it will be read at the other end; None for anything else."""
    if not isinstance(value, Attribute | Text):
        return None
    content = value.value
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, date | datetime | Decimal | int):
        return str(content)
    return content


def says(call: Call, conditions: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether one of these parameters of the call has one of these values."""
    return any(
        parameter.name in conditions and plain(parameter.value) in conditions[parameter.name] for parameter in call
    )


def nearest(name: str, known: Iterable[str]) -> Message:
    """The known names that look like a name, or all of them."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    nearest = [by_lower[found] for found in difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.6)]
    if nearest:
        return message("Did you mean {names}?", names=", ".join(nearest))
    return message("Known: {names}.", names=", ".join(by_lower.values()))
