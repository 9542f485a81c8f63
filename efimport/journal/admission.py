"""What is to be done with a planned call, given what the journal knows of it. Pure: no database, no clock.

The key says what a call brings, the substance says with which content. The same key with the same substance is the same
thing and is not sent twice; the same key with another one waits for a person, unless the user asked to overwrite.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from efimport.journal.entries import Entry
from efimport.journal.stages import SETTLED, Stage
from efimport.messages import message
from efimport.planning.model import PlannedCall, Repeat


class Step(StrEnum):
    """What a run does with a call."""

    SEND = "send"
    SKIP = "skip"
    """It is there already."""
    SETTLE = "settle"
    """An earlier attempt is in doubt, with the same content: settled at the end of the run."""
    HOLD = "hold"
    """A person must decide."""


class Change(StrEnum):
    """What becomes of the journal's entry for it."""

    NONE = "none"
    NEW = "new"
    NEW_HELD = "new-held"
    REPLAN = "replan"
    """Back to planned, with the content of now."""
    HOLD = "hold"
    """Held, with the content of now."""
    FORGOTTEN = "forgotten"
    """Held as what may have arrived, with the content of now."""


class Verdict(msgspec.Struct, frozen=True):
    """What to do with a call, what to change in the journal, and why."""

    step: Step
    change: Change
    reason: str | None = None
    attempts: int = 0
    """Attempts under the key that surely were begun; set where the journal has forgotten some."""


class Admission(msgspec.Struct, frozen=True):
    """A call of the plan as a run takes it up.

    Attributes:
        call: the planned call.
        entry: its entry in the journal.
        step: what the run does with it.
        reason: why it is not simply sent.
    """

    call: PlannedCall
    entry: Entry
    step: Step
    reason: str | None = None


def verdict(revisions: Sequence[Entry], call: PlannedCall) -> Verdict:
    """What to do with a call.

    Args:
        revisions: all that the journal has under the key of the call, oldest first.
        call: the call.
    """
    if not revisions:
        return Verdict(Step.SEND, Change.NEW)
    last = revisions[-1]
    # Held without a doubt is what was changed since it was imported: nothing of it was sent.
    if last.stage in (Stage.SENDING, Stage.UNKNOWN) or (last.stage is Stage.HELD and last.doubt is not None):
        return _in_doubt(last, call)
    there = _already_there(revisions, call)
    if there is not None:
        return Verdict(Step.SKIP, Change.NONE, there)
    if last.released and last.digest == call.digest:
        return Verdict(Step.SEND, Change.NONE)
    if not call.overwrites and any(entry.stage in SETTLED for entry in revisions):
        return _changed(revisions, call)
    if last.stage in SETTLED:
        return Verdict(Step.SEND, Change.NEW)
    return Verdict(Step.SEND, Change.NONE if _as_planned(last, call) else Change.REPLAN)


def remembered(judged: Verdict, revisions: Sequence[Entry], call: PlannedCall, begun: int) -> Verdict:
    """The verdict, unless the call would be sent although it was begun more often than the journal knows.

    Args:
        judged: the verdict by what the journal knows.
        revisions: see :func:`verdict`.
        call: the call.
        begun: how often it was begun, by the record outside of the journal.
    """
    known = sum(entry.attempt for entry in revisions)
    decided = bool(revisions) and revisions[-1].released
    if judged.step is not Step.SEND or call.repeat is not Repeat.BLIND or begun <= known or decided:
        return judged
    reason = message(
        "It may have arrived: it was sent before, and the journal has forgotten that. Was the journal damaged, removed "
        "or replaced by an older copy? Look into the books; then use `efimport journal resolve ID --arrived` or "
        "`--not-arrived`."
    )
    return Verdict(Step.HOLD, Change.FORGOTTEN, reason, begun)


def _in_doubt(last: Entry, call: PlannedCall) -> Verdict:
    if last.digest != call.digest:
        reason = message("An earlier version of it is in doubt; it must be settled before this one can be sent.")
        return Verdict(Step.HOLD, Change.NONE, reason)
    if last.stage is Stage.HELD:
        return Verdict(Step.HOLD, Change.NONE, last.because)
    return Verdict(Step.SETTLE, Change.NONE, last.because)


def _already_there(revisions: Sequence[Entry], call: PlannedCall) -> str | None:
    """Why it need not be sent; None where it must be.

    To overwrite with a content that was there some time ago is a wish like any other: only the last one counts then.
    """
    settled = [entry for entry in revisions if entry.stage in SETTLED]
    for entry in settled[-1:] if call.overwrites else settled:
        if _says_the_same(entry, call):
            return message("Already imported on {date}.", date=entry.changed[:10])
    last = revisions[-1]
    if last.stage is Stage.REFUSED and last.found and _says_the_same(last, call):
        return message("The service said on {date} that it holds it already.", date=last.changed[:10])
    return None


def _changed(revisions: Sequence[Entry], call: PlannedCall) -> Verdict:
    imported = next(entry for entry in reversed(revisions) if entry.stage in SETTLED)
    reason = message(
        "It was imported on {date} and has been changed since then. Compare the two; to overwrite what is there, "
        "import it with --import-type createOrUpdate, else settle it with `efimport journal resolve`.",
        date=imported.changed[:10],
    )
    last = revisions[-1]
    if last.stage in SETTLED:
        return Verdict(Step.HOLD, Change.NEW_HELD, reason)
    if last.stage is Stage.HELD and _says_the_same(last, call):
        return Verdict(Step.HOLD, Change.NONE, last.because)
    return Verdict(Step.HOLD, Change.HOLD, reason)


def _says_the_same(entry: Entry, call: PlannedCall) -> bool:
    return entry.substance == (call.substance or call.digest)


def _as_planned(last: Entry, call: PlannedCall) -> bool:
    return last.stage is Stage.PLANNED and (last.digest, last.overwrites) == (call.digest, call.overwrites)
