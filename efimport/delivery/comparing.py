"""Comparing what was sent with what the service shows under the same number.

"Already exists" says that the service has something of this number, not what. So it is asked for it by the look-up of
the method (web service reference: SalesInvoiceGet, PartnerGetByCode, ReceivedInvoiceGet and so on) and the two are
compared in what identifies a document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from efimport.api import catalogue
from efimport.api.call import Call, Element
from efimport.delivery import facts
from efimport.delivery.asking import Asker
from efimport.delivery.facts import Facts, Value
from efimport.delivery.waiting import StopAskedError
from efimport.errors import CallError, LoginError, NotSentError, RefusedError, SettingsError, UnknownOutcomeError
from efimport.journal import Entry, Journal
from efimport.messages import Message, message

if TYPE_CHECKING:
    from efimport.api.answers import Answer

KEYS = ("number", "partnerCode", "productCode")
"""Elements by which a look-up finds exactly one thing."""
ENOUGH = 2
"""Facts besides the weak ones that must agree before two documents count as the same."""
WEAK = frozenset({"number", "code", "currency", "lines"})
"""Facts in which documents that have nothing to do with one another agree as well."""
ROUNDED = Decimal("0.5")
"""By how much a total may differ: the service may round what is to be paid to whole units."""
TOLERANCES = {"total": ROUNDED, "prices": Decimal("0.01")}
EXACTLY = Decimal("0.005")
LABELS = {
    "number": message("number"),
    "code": message("code"),
    "date": message("date"),
    "tax number": message("tax number"),
    "partner code": message("partner code"),
    "partner name": message("partner"),
    "name": message("name"),
    "currency": message("currency"),
    "total": message("total"),
    "price": message("price"),
    "lines": message("number of lines"),
    "quantities": message("quantities"),
    "prices": message("prices"),
}
"""Facts in the order in which they are told, with the words for them."""


class Verdict(StrEnum):
    """What a comparison says."""

    EQUAL = "equal"
    DIFFERENT = "different"
    ABSENT = "absent"
    """There is nothing under this number."""
    UNCLEAR = "unclear"


class Comparison(msgspec.Struct, frozen=True):
    """What the service shows, held against what was sent.

    Attributes:
        verdict: what came of it.
        said: the same for people, with what was found.
    """

    verdict: Verdict
    said: Message


Confirm: TypeAlias = Callable[[Entry], Comparison]


def not_compared(_entry: Entry) -> Comparison:
    """For those who want no comparison: the number is the evidence."""
    return Comparison(Verdict.UNCLEAR, message("It was not compared."))


class Comparer:
    """Compares entries with what the service shows.

    Args:
        asker: asks the service.
        journal: holds the bytes that were sent.
    """

    def __init__(self, asker: Asker, journal: Journal) -> None:
        self._asker = asker
        self._journal = journal

    def confirm(self, entry: Entry) -> Comparison:
        """Compares; where the service cannot be asked just now, it says that it cannot say."""
        try:
            return self.look(entry)
        except (UnknownOutcomeError, NotSentError, LoginError, SettingsError, RefusedError) as error:
            return Comparison(Verdict.UNCLEAR, message("It could not be compared: {why}", why=error.reason))
        except StopAskedError:
            return Comparison(Verdict.UNCLEAR, message("The run was stopped before it could be compared."))

    def look(self, entry: Entry) -> Comparison:
        """Compares.

        Raises:
            UnknownOutcomeError, NotSentError, LoginError, RefusedError, SettingsError: the service could not be asked.
            StopAskedError: somebody wants to stop.
        """
        method = looked_up_by(entry)
        if method is None:
            return Comparison(Verdict.UNCLEAR, message("The service has no way to show it."))
        body = self._journal.spool.get(entry.body)
        sent = facts.of_request(body) if body is not None else None
        number = _key_of(sent) or entry.number or ""
        answer = self._asker.ask(_question(method, number))
        day = _text(sent, "date")
        if not answer.ok and answer.kind != "not-found" and day:
            # Several documents may have the number, of several suppliers or years.
            answer = self._asker.ask(_question(method, number, date=day))
        return compare(sent, answer, method.lookup or "", number)


def looked_up_by(entry: Entry) -> catalogue.Method | None:
    """The method of the entry, where what it made can be shown by its number or code; None elsewhere."""
    if not entry.number:
        return None
    try:
        method = catalogue.method(entry.method)
    except CallError:
        return None
    named = method.lookup is not None and any(parameter in KEYS for parameter in method.lookup_by)
    return method if named else None


def compare(sent: Facts | None, answer: Answer, lookup: str, number: str) -> Comparison:
    """What the answer to a look-up means.

    Args:
        sent: what was sent; None where that is not known.
        answer: the answer.
        lookup: the method that was asked.
        number: number or code that was asked for.
    """
    shown = [facts.of_element(document) for document in _documents(answer.elements)] if answer.ok else []
    if answer.kind == "not-found" or (answer.ok and not shown):
        said = message("{lookup} shows nothing under {number}.", lookup=lookup, number=number)
        return Comparison(Verdict.ABSENT, said)
    if not answer.ok:
        said = message("{lookup} answers: {text}", lookup=lookup, text=answer.description)
        return Comparison(Verdict.UNCLEAR, said)
    if sent is None:
        said = message("{lookup} shows something under {number}; what was sent is not known any more.",
                       lookup=lookup, number=number)  # fmt: skip
        return Comparison(Verdict.UNCLEAR, said)
    compared = [_held_against(sent, one, lookup) for one in shown]
    return min(compared, key=lambda one: list(Verdict).index(one.verdict))


def _held_against(sent: Facts, shown: Facts, lookup: str) -> Comparison:
    common = _comparable(sent, shown)
    differing = [fact for fact in common if not _agree(fact, sent[fact], shown[fact])]
    if differing:
        told = [
            message(
                "{fact}: sent {sent}, there {there}",
                fact=LABELS[fact],
                sent=_shown(sent[fact]),
                there=_shown(shown[fact]),
            )
            for fact in differing
        ]
        said = message("{lookup} shows: {differences}.", lookup=lookup, differences=_listed(told, "; "))
        return Comparison(Verdict.DIFFERENT, said)
    agreeing = [fact for fact in LABELS if fact in sent and fact in shown and _agree(fact, sent[fact], shown[fact])]
    if len(set(agreeing) - WEAK) < ENOUGH:
        return Comparison(Verdict.UNCLEAR, message("{lookup} shows too little to compare.", lookup=lookup))
    told = [LABELS[fact] for fact in agreeing]
    return Comparison(
        Verdict.EQUAL, message("{lookup} shows the same: {facts}.", lookup=lookup, facts=_listed(told, ", "))
    )


def _comparable(sent: Facts, shown: Facts) -> list[str]:
    """The facts that both know, without those that a stronger one decides.

    The service has its own book of partners, and it may write the lines otherwise as long as the total is the same.
    """
    common = [fact for fact in LABELS if sent.get(fact) and shown.get(fact)]
    weaker: set[str] = set()
    if "tax number" in common:
        weaker |= {"partner code", "partner name"}
    if "partner code" in common:
        weaker.add("partner name")
    if "total" in common and _agree("total", sent["total"], shown["total"]):
        weaker |= {"lines", "quantities", "prices"}
    return [fact for fact in common if fact not in weaker]


def _agree(fact: str, ours: frozenset[Value], theirs: frozenset[Value]) -> bool:
    tolerance = TOLERANCES.get(fact, EXACTLY)
    return any(_same(our, their, tolerance) for our in ours for their in theirs)


def _same(our: Value, their: Value, tolerance: Decimal) -> bool:
    if isinstance(our, tuple) and isinstance(their, tuple):
        return len(our) == len(their) and all(_same(*pair, tolerance) for pair in zip(our, their, strict=True))
    if isinstance(our, Decimal) and isinstance(their, Decimal):
        # Whether a credit note shows its amounts with a sign is the program's own affair.
        return abs(abs(our) - abs(their)) <= tolerance
    return our == their


def _documents(elements: Sequence[Element]) -> Iterator[Element]:
    """The elements that are documents: they hold a number or code themselves."""
    for element in elements:
        if any(child.name in KEYS and not child.children for child in element.children):
            yield element
        else:
            yield from _documents(element.children)


def _question(method: catalogue.Method, number: str, **more: str) -> Call:
    assert method.lookup is not None
    lookup = catalogue.method(method.lookup)
    name = next(parameter for parameter in method.lookup_by if parameter in KEYS)
    known = {rule.name for rule in lookup.parameters}
    given = {name: number, **{other: value for other, value in more.items() if other in known}}
    return Call(method.lookup, tuple(lookup.argument(parameter, value) for parameter, value in given.items()))


def _key_of(sent: Facts | None) -> str | None:
    return _text(sent, "number") or _text(sent, "code")


def _text(sent: Facts | None, fact: str) -> str | None:
    return next((value for value in (sent or {}).get(fact, ()) if isinstance(value, str)), None)


def _shown(values: frozenset[Value]) -> str:
    return " / ".join(sorted(_written(value) for value in values))


def _written(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _listed(parts: Sequence[Message], separator: str) -> Message:
    """The parts in one text that is still translated part by part."""
    template = "{first}; {rest}" if separator == "; " else "{first}, {rest}"
    return reduce(lambda rest, first: Message(template, {"first": first, "rest": rest}), reversed(parts))
