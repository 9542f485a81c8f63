"""A document held against the reference, before it is sent."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeAlias

import msgspec

from efimport.api.call import Call, Element, Nested, Scalar
from efimport.api.elements.forms import FORMS
from efimport.api.elements.rules import (
    ANY,
    BlockRules,
    Condition,
    DocumentRules,
    ElementRule,
    Severity,
    Use,
    document,
    documents,
    plain_values,
)
from efimport.api.wire import scalar
from efimport.errors import CallError
from efimport.messages import Message, message

ProblemKind: TypeAlias = Literal[
    "unknown", "missing", "value", "doubtful", "form", "length", "repeated", "together", "undocumented"
]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in a document that does not fit the reference.

    Attributes:
        path: the element, ``Items/Item[2]/vatTransactionType``; empty for the document itself.
        kind: what is the matter.
        reason: the same in a sentence, with the value and what is allowed.
        severity: ``error`` where the service would refuse the document or misunderstand it, else ``warning``.
    """

    path: str
    kind: ProblemKind
    reason: Message
    severity: Severity = "error"


def problems_of(call: Call, site: str, *, strict: bool = False) -> list[Problem]:
    """What does not fit in the documents that a call carries; parameters without rules are left alone.

    Args:
        call: the call.
        site: CZ, SI or HR.
        strict: see :func:`check`.
    """
    use = _use(call.method)
    found: list[Problem] = []
    for parameter in call:
        if isinstance(parameter.value, Nested) and parameter.name in documents():
            found += check(parameter.name, site, parameter.value.children, use=use, strict=strict)
    return found


def _use(method: str) -> Use:
    if method.endswith("Create"):
        return "create"
    return "update" if method.endswith("Update") else "import"


def check(
    name: str, site: str, elements: Sequence[Element], *, use: Use = "import", strict: bool = False
) -> list[Problem]:
    """Holds the elements of a document against the reference.

    Args:
        name: the parameter that carries it, ``SalesInvoice``.
        site: CZ, SI or HR.
        elements: what stands directly inside the parameter.
        use: what the call does; an import must name what it imports, a creation need not.
        strict: whether values that the reference only prints by mistake are errors as well.

    Raises:
        CallError: there are no rules of such a document.
    """
    rules = document(name, site)
    found = [] if rules.is_documented else [_undocumented(rules)]
    found += _Block(rules.root, elements, "", use, strict=strict).problems()
    for check_name in rules.checks:
        found += CHECKS[check_name](elements)
    # What each item misses in the document around is missed once.
    return list(dict.fromkeys(found))


def _undocumented(rules: DocumentRules) -> Problem:
    reason = message(
        "The reference shows {name} at the site {sites} alone, and the document is for the site {site}.",
        name=rules.name,
        sites=", ".join(rules.sites),
        site=rules.site,
    )
    return Problem(path="", kind="undocumented", reason=reason, severity="warning")


class _Block:
    """The elements of one document, block or entry, and the document around it."""

    def __init__(
        self,
        rules: BlockRules,
        elements: Iterable[Element],
        place: str,
        use: Use,
        *,
        strict: bool,
        around: _Block | None = None,
    ) -> None:
        self.rules = rules
        self.elements = tuple(elements)
        self.place = place
        self.use = use
        self.strict = strict
        self.around = around
        self.texts = tuple(_text(element) for element in self.elements)
        self.values = {element.name: text for element, text in zip(self.elements, self.texts, strict=True)}
        self._said: dict[str, str] = {}

    def problems(self) -> Iterator[Problem]:
        yield from self._repeated()
        seen: Counter[str] = Counter()
        for element, text in zip(self.elements, self.texts, strict=True):
            seen[element.name] += 1
            rule = self.rules.rule(element.name)
            if rule is None:
                yield self._unknown(element.name)
            else:
                yield from self._element(element, text, rule, seen[element.name])
        yield from self._missing()
        for condition in self.rules.conditions:
            if all(_is_among(self.value(name), values) for name, values in condition.asked):
                yield from self._breaches(condition)

    def value(self, name: str) -> str:
        """What an element says here, or in the document around; its default where it is missing, else nothing."""
        if name not in self._said:
            self._said[name] = self._value(name)
        return self._said[name]

    def _value(self, name: str) -> str:
        rule = self.rules.rule(name)
        if rule is None:
            return self.around.value(name) if self.around else self.values.get(name, "")
        said = self.values.get(name) or rule.default or ""
        return rule.written(said) if rule.type in ("code", "boolean") else said

    def _repeated(self) -> Iterator[Problem]:
        if len(self.values) == len(self.elements):
            return
        for name, count in Counter(element.name for element in self.elements).items():
            rule = self.rules.rule(name)
            if count > 1 and rule is not None and rule.type not in ("repeated", "any"):
                yield self._problem(
                    name, "repeated", message("The element {name} is there {count} times.", name=name, count=count)
                )

    def _unknown(self, name: str) -> Problem:
        if name in self.rules.elsewhere:
            sites = ", ".join(self.rules.elsewhere[name])
            reason = message("The element {name} exists at the site {sites} alone.", name=name, sites=sites)
            return self._problem(name, "unknown", reason)
        by_lower = {known.lower(): known for known in self.rules.names}
        nearest = [by_lower[one] for one in difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.7)]
        if nearest:
            reason = message(
                "There is no element {name} here; did you mean {names}?", name=name, names=", ".join(nearest)
            )
        else:
            reason = message("There is no element {name} here.", name=name)
        return self._problem(name, "unknown", reason)

    def _element(self, element: Element, text: str, rule: ElementRule, ordinal: int) -> Iterator[Problem]:
        if rule.type == "any":
            return
        if rule.inside is not None:
            place = f"{rule.name}[{ordinal}]" if rule.type == "repeated" else rule.name
            yield from self._structure(element, rule, rule.inside, f"{self.place}{place}/")
        elif element.children:
            reason = message("The element {name} holds other elements instead of a value.", name=rule.name)
            yield self._problem(rule.name, "form", reason)
        elif element.value not in (None, ""):
            yield from self._leaf(element.value, text, rule)

    def _structure(self, element: Element, rule: ElementRule, inside: BlockRules, place: str) -> Iterator[Problem]:
        if element.value not in (None, ""):
            reason = message("The element {name} holds a value instead of other elements.", name=rule.name)
            yield self._problem(rule.name, "form", reason)
            return
        if rule.type != "list":
            yield from self._inner(inside, element, place).problems()
            return
        for ordinal, entry in enumerate(element.children, 1):
            if entry.name != rule.entry:
                reason = message(
                    "There is no element {name} here; did you mean {names}?", name=entry.name, names=rule.entry
                )
                yield Problem(path=f"{place}{entry.name}", kind="unknown", reason=reason)
            else:
                yield from self._inner(inside, entry, f"{place}{entry.name}[{ordinal}]/").problems()

    def _inner(self, rules: BlockRules, element: Element, place: str) -> _Block:
        return _Block(rules, element.children, place, self.use, strict=self.strict, around=self)

    def _leaf(self, value: Scalar, text: str, rule: ElementRule) -> Iterator[Problem]:
        if rule.values is not None:
            yield from self._code(rule, text)
        elif not FORMS[rule.type][0](value):
            expected = FORMS[rule.type][1]
            reason = message(
                "The element {name} is {value}, which is no {expected}.", name=rule.name, value=text, expected=expected
            )
            yield self._problem(rule.name, "form", reason)
        if rule.length is not None and len(text) > rule.length:
            reason = message(
                "The element {name} has {count} characters, and the service takes {length}.",
                name=rule.name,
                count=len(text),
                length=rule.length,
            )
            yield self._problem(rule.name, "length", reason)

    def _code(self, rule: ElementRule, text: str) -> Iterator[Problem]:
        assert rule.values is not None
        known = rule.values.spelling(text)
        if known is None:
            reason = message(
                "The element {name} cannot be {value}; possible are {allowed}.",
                name=rule.name,
                value=text,
                allowed=", ".join(rule.values.values),
            )
            yield self._problem(rule.name, "value", reason)
        elif known in rule.values.doubtful:
            why = Message(rule.values.doubtful[known])
            reason = message("The element {name} is {value}, but {why}.", name=rule.name, value=text, why=why)
            yield self._problem(rule.name, "doubtful", reason, "error" if self.strict else "warning")

    def _missing(self) -> Iterator[Problem]:
        pairs = zip(self.elements, self.texts, strict=True)
        there = {element.name for element, text in pairs if element.children or text}
        for rule in self.rules.needed(self.use):
            if rule.name not in there:
                yield self._problem(rule.name, "missing", message("The element {name} is missing.", name=rule.name))

    def _breaches(self, condition: Condition) -> Iterator[Problem]:
        why = Message(condition.because)
        if condition.needs and not any(self.value(name) for name in condition.needs):
            yield self._needed(condition, why)
        for name in condition.excludes:
            if self.values.get(name):
                reason = message("The element {name} cannot be there: {why}.", name=name, why=why)
                yield self._problem(name, "together", reason, condition.severity)
        for name, allowed in condition.requires.items():
            if self.value(name) and not _is_among(self.value(name), plain_values(allowed)):
                reason = message(
                    "The element {name} is {value} and should be {allowed}: {why}.",
                    name=name,
                    value=self.value(name),
                    allowed=", ".join(allowed),
                    why=why,
                )
                yield self._problem(name, "together", reason, condition.severity)
        if condition.alike and self.around and self.value(condition.alike) != self.around.value(condition.alike):
            reason = message(
                "The element {name} is {value} here and {other} in the document: {why}.",
                name=condition.alike,
                value=self.value(condition.alike),
                other=self.around.value(condition.alike),
                why=why,
            )
            yield self._problem(condition.alike, "together", reason, condition.severity)

    def _needed(self, condition: Condition, why: Message) -> Problem:
        # Names that the site does not have are no advice.
        known = [name for name in condition.needs if self.knows(name)]
        if len(known) == 1:
            reason = message("The element {name} is missing: {why}.", name=known[0], why=why)
        else:
            reason = message("One of the elements {names} is missing: {why}.", names=", ".join(known), why=why)
        return Problem(path=self.path(known[0]), kind="missing", reason=reason, severity=condition.severity)

    def knows(self, name: str) -> bool:
        """Whether the element can stand here or in the document around."""
        return self.rules.rule(name) is not None or (self.around is not None and self.around.knows(name))

    def path(self, name: str) -> str:
        """Where the element stands or would stand."""
        if self.rules.rule(name) is None and self.around is not None:
            return self.around.path(name)
        return f"{self.place}{name}"

    def _problem(self, name: str, kind: ProblemKind, reason: Message, severity: Severity = "error") -> Problem:
        return Problem(path=f"{self.place}{name}", kind=kind, reason=reason, severity=severity)


def _is_among(value: str, values: frozenset[str]) -> bool:
    if not values:
        return not value
    return bool(value) and (ANY in values or value.casefold() in values)


def _text(element: Element) -> str:
    if element.value is None:
        return ""
    try:
        return scalar(element.value).strip()
    except CallError:
        return str(element.value)


# Checks that no condition can express


def _balance(elements: Sequence[Element]) -> Iterator[Problem]:
    """Debit and credit of a journal voucher; one that does not balance can be saved, as the status Unbalanced shows."""
    entries = [entry for element in elements if element.name == "Items" for entry in element.children]
    sums = {name: _sum(entries, name) for name in ("amountDebit", "amountCredit")}
    if sums["amountDebit"] != sums["amountCredit"]:
        reason = message(
            "Debit is {debit} and credit {credit}.", debit=sums["amountDebit"], credit=sums["amountCredit"]
        )
        yield Problem(path="Items", kind="together", reason=reason, severity="warning")


def _sum(entries: Iterable[Element], name: str) -> Decimal:
    total = Decimal(0)
    for entry in entries:
        for element in entry.children:
            if element.name == name and element.value is not None:
                try:
                    total += Decimal(_text(element) or "0")
                except InvalidOperation:
                    # Said by the check of its form.
                    continue
    return total


CHECKS: Mapping[str, Callable[[Sequence[Element]], Iterable[Problem]]] = {"balance": _balance}
