"""What a run takes up: calls of the plan with what is done with each part, and requests that are in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING

import msgspec

from efimport.delivery.products import carries_many
from efimport.journal import Admission, Entry
from efimport.planning.model import Plan, PlannedCall

if TYPE_CHECKING:
    from efimport.api.client import Turn


class Doubt(msgspec.Struct):
    """Something to settle.

    Attributes:
        entries: what went in one request.
        rounds: how often this run has tried.
    """

    entries: tuple[Entry, ...]
    rounds: int = 0


class Unit(msgspec.Struct, frozen=True):
    """A call of the plan as the run takes it up: each thing that it carries with what is done with it."""

    call: PlannedCall
    admissions: tuple[Admission, ...]


def without_doubles(plan: Plan) -> tuple[Plan, list[PlannedCall]]:
    """The plan with the first call of each key, and the other ones. A plan gives each key once; this is the guard."""
    known: set[str] = set()
    unique: list[PlannedCall] = []
    doubles: list[PlannedCall] = []
    for call in plan.calls:
        keys = {part.key for part in call.parts}
        (doubles if keys & known or len(keys) < len(call.parts) else unique).append(call)
        known |= keys
    return (msgspec.structs.replace(plan, calls=tuple(unique)), doubles) if doubles else (plan, [])


def units_of(calls: Sequence[PlannedCall], admissions: Sequence[Admission]) -> list[Unit]:
    """The calls with the admissions of what they carry, which come in the same order."""
    coming = iter(admissions)
    return [Unit(call, tuple(next(coming) for _ in call.parts)) for call in calls]


def by_request(entries: Sequence[Entry]) -> list[Doubt]:
    """Entries that went in one request are settled together."""
    together: dict[object, list[Entry]] = {}
    for entry in entries:
        request = entry.body if carries_many(entry.method) else entry.id
        together.setdefault(request, []).append(entry)
    return [Doubt(tuple(some)) for some in together.values()]


class Granted(AbstractContextManager["Turn", None]):
    """A turn that was taken in one thread and ends in another."""

    def __init__(self, stack: ExitStack, turn: Turn) -> None:
        self._stack = stack
        self._turn = turn

    def __enter__(self) -> Turn:
        return self._turn

    def __exit__(self, *unused: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the turn; doing so twice does no harm."""
        self._stack.close()
