"""A method of the service as the reference documents it, and a call held against it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from efimport.api.call import Base64Text, Call, Element, Nested, Parameter
from efimport.api.parameters import ACCEPTED, Argument, ParameterRule, nearest, plain, says, written
from efimport.errors import CallError
from efimport.messages import message

Repeat: TypeAlias = Literal["read", "safe-by-key", "checkable", "blind"]


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """A method of the service.

    Attributes:
        name: name as in the reference.
        chapter: chapter of the reference.
        section: number of its section in the Czech reference; empty where it has none.
        lines: line where it begins on the page of each site that documents it.
        purpose: what it is for.
        sites: where it can be called.
        parameters: its parameters in the order of the reference.
        one_of: at least one of these parameters must be there.
        repeat: what may be done when nobody knows whether a request arrived. ``read``: it changes nothing.
            ``safe-by-key``: an import by number or code, sending it again cannot double. ``checkable``: with
            checkExisting=true a repeat fails, and ``lookup`` finds the entry. ``blind``: never repeat it unasked.
        key: element or parameter that identifies the document (``number``, ``partnerCode``, ``productCode``).
        lookup: the method that shows what this one made, or what is there under its key.
        lookup_by: for each parameter of the look-up the element or parameter of this method that carries it.
        answer: names in its answer, as far as the reference shows them; ``a@b`` is an attribute.
        errors: the descriptions of refusals that the reference gives, word for word.
    """

    name: str
    chapter: str
    section: str = ""
    lines: dict[str, int] = {}
    purpose: str = ""
    sites: tuple[str, ...]
    parameters: tuple[ParameterRule, ...]
    one_of: tuple[str, ...] = ()
    repeat: Repeat
    key: str | None = None
    lookup: str | None = None
    lookup_by: dict[str, str] = {}
    answer: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def documented(self) -> tuple[str, ...]:
        """The sites whose reference describes it."""
        return tuple(self.lines)

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
            nearest(name, [rule.name for rule in self.parameters]),
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
        form = written(rule, value)
        if form is None:
            raise CallError(
                message(
                    "The parameter {name} of {method} cannot be made of a value of type {type}.",
                    name=name,
                    method=self.name,
                    type=type(value).__name__,
                ),
                message("Expected: {expected}.", expected=rule.type),
            )
        return Parameter(name, form)

    def repeat_of(self, call: Call) -> Repeat:
        """What may be done with this call when its outcome is unknown.

        An import whose document carries no number or code, and an inbox entry without checkExisting=true, have
        nothing by which a repeat could be recognized: they are blind.
        """
        if self.repeat == "checkable" and not says(call, {"checkExisting": ("true",)}):
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
        if not isinstance(parameter.value, ACCEPTED[rule.style]):
            raise CallError(
                message(
                    "The parameter {name} of {method} is written in another way than the reference shows.",
                    name=rule.name,
                    method=self.name,
                ),
                message("Expected: {expected}.", expected=rule.style),
            )
        value = plain(parameter.value)
        if not rule.allows(value, site):
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
        """Whether the call, or every document in it, names its number or code."""
        if self.key in call:
            return True
        documents = [parameter.value for parameter in call if isinstance(parameter.value, Nested)]
        if not documents:
            return any(isinstance(parameter.value, Base64Text) for parameter in call)
        return all(_names(nested.children, self.key or "") for nested in documents)


def _names(children: Iterable[Element], key: str) -> bool:
    """Whether the elements hold the key with a value, or are documents that all hold it (ProductMassImport)."""
    elements = tuple(children)
    if any(element.name == key and element.value not in (None, "") for element in elements):
        return True
    inner = [element for element in elements if element.children]
    return bool(inner) and len(inner) == len(elements) and all(_names(element.children, key) for element in inner)
