"""What the journal knows of planned calls, without sending anything."""

from __future__ import annotations

from efimport.journal import Entry, Journal
from efimport.planning.model import Outcome, PlannedCall, State


def newest_entry(journal: Journal, call: PlannedCall) -> Entry | None:
    """The newest entry of what a call brings, where it has the content of now; None where there is none."""
    revisions = journal.find(call.key)
    return revisions[-1] if revisions and revisions[-1].digest == call.digest else None


def known_outcome(call: PlannedCall, entry: Entry | None) -> Outcome:
    """What became of a call of one thing by its entry; planned where there is none."""
    if entry is None:
        return Outcome(call=call, state=State.PLANNED)
    return Outcome(call=call, state=entry.state, answer=entry.answer, reason=entry.because, attempts=entry.sent)
