"""Calls of many documents in a report: where these ended in different states, each state is shown as a call.

A document has the state of its call, in every form of the report. So a call of which the service took some products and
refused others is told in parts: the largest keeps the id of the call, the others have their state behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from efimport.payloads import products
from efimport.planning.batches import composed
from efimport.planning.model import ATTENTION, Outcome, PlannedCall


def split(planned: PlannedCall, outcome: Outcome | None) -> Sequence[tuple[PlannedCall, Outcome | None]]:
    """The call with its outcome, or its parts with theirs; the largest part comes first."""
    states = {member.state for member in outcome.members} if outcome else set()
    if outcome is None or len(states) < 2:
        return ((planned, outcome),)
    by_state = {state: [one for one in outcome.members if one.state is state] for state in ATTENTION if state in states}
    largest = max(by_state, key=lambda state: len(by_state[state]))
    names = {state: planned.id if state is largest else f"{planned.id}-{state.value}" for state in by_state}
    order = sorted(by_state, key=lambda state: state is not largest)
    return tuple(_parts(planned, [(names[state], by_state[state]) for state in order]))


def _parts(planned: PlannedCall, parts: Sequence[tuple[str, list[Outcome]]]) -> Iterator[tuple[PlannedCall, Outcome]]:
    for name, members in parts:
        calls = tuple(member.call for member in members)
        call = msgspec.structs.replace(
            planned,
            id=name,
            call=products.many(one.call for one in calls),
            documents=tuple(place for one in calls for place in one.documents),
            number=_numbers(calls),
            members=calls,
        )
        yield call, composed(call, tuple(members))


def _numbers(calls: Sequence[PlannedCall]) -> str | None:
    first, last = calls[0].number, calls[-1].number
    return first if len(calls) == 1 else f"{first} \N{EN DASH} {last}"
