"""The catalogue of methods: what the web service takes, where, and what may be done when an outcome is unknown.

The facts stand in ``methods.toml`` (source: the web service reference, one table a method); this module gives them a
shape and holds a call against them before it is sent.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeAlias

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
    Parameter,
    Scalar,
    Text,
    Value,
)
from efimport.errors import CallError
from efimport.messages import message

SITES = ("CZ", "SI", "HR")

Style: TypeAlias = Literal["attribute", "flag", "text", "nested", "file", "files", "base64-text", "base64-attribute"]
Repeat: TypeAlias = Literal["read", "safe-by-key", "checkable", "blind"]
Argument: TypeAlias = Scalar | bytes | File | Files | tuple[Element, ...]

_STYLES: Mapping[str, Style] = {"Structure": "nested", "File": "file", "Files": "files", "Base64": "base64-attribute"}
_ACCEPTED: Mapping[Style, tuple[type, ...]] = {
    "attribute": (Attribute,),
    "flag": (Flag,),
    "text": (Text,),
    "nested": (Nested,),
    "file": (File,),
    "files": (Files, File),
    "base64-text": (Base64Text,),
    "base64-attribute": (Base64Attribute,),
}


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
            return _says(call, self.needed)
        return bool(self.spared) and not _says(call, self.spared)


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """A method of the service.

    Attributes:
        name: name as in the reference.
        chapter: chapter of the reference.
        sites: where it can be called.
        parameters: its parameters in the order of the reference.
        one_of: at least one of these parameters must be there.
        repeat: what may be done when nobody knows whether a request arrived. ``read``: it changes nothing.
            ``safe-by-key``: an import by number or code, sending it again cannot double. ``checkable``: with
            checkExisting=true a repeat fails, and ``lookup`` finds the entry. ``blind``: never repeat it unasked.
        key: element that identifies the document of an import (``number``, ``partnerCode``, ``productCode``).
        lookup: the method that finds what this one made.
    """

    name: str
    chapter: str
    sites: tuple[str, ...]
    parameters: tuple[ParameterRule, ...]
    one_of: tuple[str, ...] = ()
    repeat: Repeat
    key: str | None = None
    lookup: str | None = None

    @property
    def changes_data(self) -> bool:
        """Whether it changes anything at the service (the sent mark of a document aside, which a GetPDF can set)."""
        return self.repeat != "read"

    def parameter(self, name: str) -> ParameterRule:
        """The rule of that parameter.

        Raises:
            CallError: the method has no such parameter; the nearest names are suggested.
        """
        for rule in self.parameters:
            if rule.name == name:
                return rule
        raise CallError(
            message("The method {method} has no parameter named {name}.", method=self.name, name=name),
            _suggestion(name, [rule.name for rule in self.parameters]),
        )

    def argument(self, name: str, value: Argument) -> Parameter:
        """The parameter as the examples of this method write it.

        Args:
            name: name of the parameter.
            value: a text, date, number or truth value; bytes for base64; a File; elements for a structure.

        Raises:
            CallError: there is no such parameter, or it cannot be made of such a value.
        """
        rule = self.parameter(name)
        written = _written(rule, value)
        if written is None:
            raise CallError(
                message(
                    "The parameter {name} of {method} cannot be made of a value of type {type}.",
                    name=name,
                    method=self.name,
                    type=type(value).__name__,
                ),
                message("Expected: {expected}.", expected=rule.type),
            )
        return Parameter(name, written)

    def repeat_of(self, call: Call) -> Repeat:
        """What may be done with this call when its outcome is unknown.

        An import whose document carries no number or code, and an inbox entry without checkExisting=true, have
        nothing by which a repeat could be recognized: they are blind.
        """
        if self.repeat == "checkable" and not _says(call, {"checkExisting": ("true",)}):
            return "blind"
        if self.repeat == "safe-by-key" and not self._has_key(call):
            return "blind"
        return self.repeat

    def check(self, call: Call, site: str) -> None:
        """Holds a call against the reference.

        Args:
            call: the call.
            site: CZ, SI or HR.

        Raises:
            CallError: the method or a parameter does not exist (at this site), is written in another way than the
                reference shows, has a value outside its list, occurs twice, or a mandatory one is missing.
        """
        if call.method != self.name:
            raise CallError(
                message("A call of {other} was held against {method}.", other=call.method, method=self.name)
            )
        if site not in self.sites:
            raise CallError(
                message("The method {method} does not exist at the site {site}.", method=self.name, site=site),
                message("It exists at: {sites}.", sites=", ".join(self.sites)),
            )
        for parameter in call:
            self._check_parameter(parameter, site)
        self._check_repetition(call)
        self._check_presence(call)

    def _check_parameter(self, parameter: Parameter, site: str) -> None:
        rule = self.parameter(parameter.name)
        if site not in rule.sites:
            raise CallError(
                message(
                    "The parameter {name} of {method} does not exist at the site {site}.",
                    name=rule.name,
                    method=self.name,
                    site=site,
                ),
                message("It exists at: {sites}.", sites=", ".join(rule.sites)),
            )
        if not isinstance(parameter.value, _ACCEPTED[rule.style]):
            raise CallError(
                message(
                    "The parameter {name} of {method} is written in another way than the reference shows.",
                    name=rule.name,
                    method=self.name,
                ),
                message("Expected: {expected}.", expected=rule.style),
            )
        value = _plain(parameter.value)
        if site in rule.values and value not in rule.values[site]:
            raise CallError(
                message(
                    "The parameter {name} of {method} cannot be {value} at the site {site}.",
                    name=rule.name,
                    method=self.name,
                    value=value,
                    site=site,
                ),
                message("Possible: {values}.", values=", ".join(rule.values[site]) or "-"),
            )

    def _check_repetition(self, call: Call) -> None:
        seen: set[str] = set()
        for parameter in call:
            if parameter.name in seen and not self.parameter(parameter.name).repeatable:
                raise CallError(
                    message("The parameter {name} of {method} is there twice.", name=parameter.name, method=self.name)
                )
            seen.add(parameter.name)

    def _check_presence(self, call: Call) -> None:
        missing = [rule.name for rule in self.parameters if rule.is_needed_in(call) and rule.name not in call]
        if missing:
            raise CallError(
                message("The method {method} needs the parameter {name}.", method=self.name, name=", ".join(missing))
            )
        if self.one_of and not any(name in call for name in self.one_of):
            raise CallError(
                message("The method {method} needs one of: {names}.", method=self.name, names=", ".join(self.one_of))
            )

    def _has_key(self, call: Call) -> bool:
        """Whether every document of an import names its number or code."""
        documents = [parameter.value for parameter in call if isinstance(parameter.value, Nested)]
        if not documents:
            return any(isinstance(parameter.value, Base64Text) for parameter in call)
        return all(_names(nested.children, self.key or "") for nested in documents)


def method(name: str) -> Method:
    """The method of that name.

    Raises:
        CallError: the reference has no such method; the nearest names are suggested.
    """
    known = methods()
    if name not in known:
        raise CallError(message("There is no method named {name}.", name=name), _suggestion(name, known))
    return known[name]


@cache
def methods() -> Mapping[str, Method]:
    """All methods by name, in the order of the reference."""
    text = resources.files("efimport.api").joinpath("methods.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return {name: _method(name, entry, table["parameters"]) for name, entry in table["methods"].items()}


def _method(name: str, entry: dict[str, Any], shared: dict[str, dict[str, Any]]) -> Method:
    return Method(
        name=name,
        chapter=entry["chapter"],
        sites=tuple(entry.get("sites", SITES)),
        parameters=tuple(_rule(parameter, entry, shared[parameter], name) for parameter in entry["parameters"]),
        one_of=tuple(entry.get("one_of", ())),
        repeat=entry["repeat"],
        key=entry.get("key"),
        lookup=entry.get("lookup"),
    )


def _rule(name: str, entry: dict[str, Any], shared: dict[str, Any], method_name: str) -> ParameterRule:
    kind_of = entry.get("types", {}).get(name, shared["type"])
    style = _style(kind_of, shared)
    dated = "Date" if kind_of == "Date" and shared.get("typed", True) else None
    by_site = entry.get("values", {}).get(name)
    if by_site is None:
        by_site = dict.fromkeys(SITES, shared["values"]) if "values" in shared else {}
    return ParameterRule(
        name=name,
        type=kind_of,
        style=style,
        kind=entry.get("typed", {}).get(name, dated) if style == "attribute" else None,
        mandatory=name in entry.get("mandatory", ()),
        needed=_conditions(entry, "needed", name),
        spared=_conditions(entry, "spared", name),
        values={site: tuple(values) for site, values in by_site.items()},
        sites=tuple(shared.get("sites", SITES)),
        repeatable=method_name in shared.get("repeatable", ()),
    )


def _style(kind_of: str, shared: dict[str, Any]) -> Style:
    style: Style = (
        shared["style"] if kind_of == shared["type"] and "style" in shared else _STYLES.get(kind_of, "attribute")
    )
    return "base64-text" if kind_of == "Base64" and style == "text" else style


def _conditions(entry: dict[str, Any], word: str, name: str) -> dict[str, tuple[str, ...]]:
    return {other: tuple(values) for other, values in entry.get(word, {}).get(name, {}).items()}


def _written(rule: ParameterRule, value: Argument) -> Value | None:
    if isinstance(value, File | Files):
        return value if isinstance(value, _ACCEPTED[rule.style]) else None
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


def _plain(value: Value) -> str | None:
    """A scalar as it will be read at the other end; None for anything else."""
    if not isinstance(value, Attribute | Text):
        return None
    content = value.value
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, date | datetime | Decimal | int):
        return str(content)
    return content


def _says(call: Call, conditions: Mapping[str, tuple[str, ...]]) -> bool:
    return any(
        parameter.name in conditions and _plain(parameter.value) in conditions[parameter.name] for parameter in call
    )


def _names(children: Iterable[Element], key: str) -> bool:
    """Whether the elements hold the key with a value, or are documents that all hold it (ProductMassImport)."""
    elements = tuple(children)
    if any(element.name == key and element.value not in (None, "") for element in elements):
        return True
    inner = [element for element in elements if element.children]
    return bool(inner) and len(inner) == len(elements) and all(_names(element.children, key) for element in inner)


def _suggestion(name: str, known: Iterable[str]) -> str:
    by_lower = {candidate.lower(): candidate for candidate in known}
    nearest = [by_lower[found] for found in difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.6)]
    if nearest:
        return message("Did you mean {names}?", names=", ".join(nearest))
    return message("Known: {names}.", names=", ".join(by_lower.values()))
