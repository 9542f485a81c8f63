"""Outcomes: one a call; of a call that carries many things it is put together when the last of them is told."""

from __future__ import annotations

from efimport.journal import Entry
from efimport.planning.batches import composed
from efimport.planning.model import Outcome, PlannedCall, State


class Tally:
    """What has become of the parts of a call so far.

    Args:
        call: the call of the plan.
    """

    def __init__(self, call: PlannedCall) -> None:
        self.call = call
        self._told: dict[str, Outcome] = {}

    def tell(self, part: PlannedCall, state: State, entry: Entry | None, reason: str | None) -> Outcome | None:
        """What became of a part; returns the outcome of the call where it was the last one."""
        if part.key in self._told:
            return None
        self._told[part.key] = Outcome(
            call=part,
            state=state,
            answer=entry.answer if entry else None,
            reason=reason or (entry.reason if entry else None),
            attempts=entry.sent if entry else 0,
        )
        return self._whole() if len(self._told) == len(self.call.parts) else None

    def _whole(self) -> Outcome:
        if not self.call.members:
            return self._told[self.call.key]
        members = tuple(self._told[member.key] for member in self.call.members)
        return composed(self.call, members)
