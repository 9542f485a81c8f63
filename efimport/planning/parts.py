"""Parts of a plan: the files that belong together, and the plan of some files alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from efimport.planning.batches import composed, gathered
from efimport.planning.model import Outcome, Plan, PlannedCall, PlannedSource

TWINS = frozenset({"routing.already-sent", "statement.other-form", "source.duplicate"})
"""Findings of what goes with another file of the plan that says the same."""


def file_of(path: str) -> str:
    """The file that a source is, or lies in where it is an entry of an archive."""
    return path.partition("!")[0]


def files_together(plan: Plan) -> list[tuple[str, ...]]:
    """The files of a plan, those together that go in one call, as a statement and its PDF; the leading one first.

    Files that merely say the same are not put together: each has its own fate.
    """
    lead: dict[str, str] = {file_of(source.path): file_of(source.path) for source in plan.sources}

    def leader(name: str) -> str:
        while lead[name] != name:
            name = lead[name]
        return name

    for part in _parts(plan):
        first, *others = (leader(name) for name in _carried(plan, part))
        for other in others:
            if leader(other) != leader(first):
                lead[leader(other)] = leader(first)
    groups: dict[str, list[str]] = {}
    for name in lead:
        groups.setdefault(leader(name), []).append(name)
    return [(first, *(name for name in names if name != first)) for first, names in groups.items()]


def part_of(plan: Plan, names: Collection[str], *, sending: bool = False) -> Plan:
    """The plan of some files alone.

    Args:
        plan: the whole.
        names: the files, as :func:`files_together` names them.
        sending: whether it is to be sent: calls that carry a document of another file, which says the same as one of
            these, are then left out; else they are shown.
    """
    places = {
        old: new
        for new, old in enumerate(
            place for place, source in enumerate(plan.sources) if file_of(source.path) in frozenset(names)
        )
    }
    calls = []
    for call in plan.calls:
        parts = [part for part in call.parts if _is_carried(part, places, sending=sending)]
        if parts:
            calls.append(gathered([_moved(part, places) for part in parts], call.id))
    return msgspec.structs.replace(plan, sources=tuple(plan.sources[old] for old in places), calls=tuple(calls))


def keys_of(plan: Plan) -> tuple[str, ...]:
    """The keys of the things that the calls of a plan bring, one by one."""
    return tuple(part.key for part in _parts(plan))


def outcomes_of(part: Plan, by_key: Mapping[str, Outcome]) -> list[Outcome]:
    """The outcomes of the calls of a part of a plan that are known, as the part has the calls.

    Args:
        part: the plan.
        by_key: outcomes of calls of one thing, by their key.
    """
    found = []
    for call in part.calls:
        known = [_of(one, by_key) for one in call.parts if one.key in by_key]
        if len(known) == len(call.parts):
            found.append(composed(call, tuple(known)) if call.members else known[0])
    return found


def single_outcomes(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes of the things that calls bring, one by one."""
    for outcome in outcomes:
        yield from outcome.members or (outcome,)


def _of(call: PlannedCall, by_key: Mapping[str, Outcome]) -> Outcome:
    return msgspec.structs.replace(by_key[call.key], call=call)


def _parts(plan: Plan) -> Iterator[PlannedCall]:
    return (part for call in plan.calls for part in call.parts)


def _carried(plan: Plan, part: PlannedCall) -> list[str]:
    """The files of the documents of a call, without those that merely say the same as one of them."""
    return [
        file_of(plan.sources[place].path)
        for number, (place, index) in enumerate(part.documents)
        if not number or not _is_twin(plan.sources[place], index)
    ]


def _is_twin(source: PlannedSource, index: int) -> bool:
    found = (*source.findings, *source.documents[index].findings)
    return any(one.code in TWINS for one in found)


def _is_carried(part: PlannedCall, places: Mapping[int, int], *, sending: bool) -> bool:
    looked_at = part.documents[:1] if sending else part.documents
    return any(place in places for place, _ in looked_at)


def _moved(part: PlannedCall, places: Mapping[int, int]) -> PlannedCall:
    documents = tuple((places[place], index) for place, index in part.documents if place in places)
    return msgspec.structs.replace(part, documents=documents)
