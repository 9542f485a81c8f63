"""Documents of one identity in one file that stand at other places than they did when they were imported.

They are counted in the order of the file: the second has a key of its own. Where a later file has another one before
them, the counter moves on, and what was imported under the first key comes under the second. Pure: no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from efimport.journal.admission import Admission, Step
from efimport.journal.entries import Entry
from efimport.journal.stages import SETTLED, Stage
from efimport.messages import message
from efimport.planning.model import PlannedCall, is_repetition, thing_of


def of_repeated_things(planned: Iterable[PlannedCall]) -> dict[str, list[PlannedCall]]:
    """The calls of each identity that occurs more than once in a file."""
    calls = list(planned)
    repeated = {thing_of(call.key) for call in calls if is_repetition(call.key)}
    found: dict[str, list[PlannedCall]] = {thing: [] for thing in repeated}
    for call in calls:
        if thing_of(call.key) in found:
            found[thing_of(call.key)].append(call)
    return found


def moved(same: Sequence[PlannedCall], known: Mapping[str, Sequence[Entry]]) -> Iterator[Admission]:
    """What is to be done with the calls that are new by their key only.

    Args:
        same: calls of one identity.
        known: what the journal has under their keys.
    """
    left = [entry for call in same for entry in known.get(call.key, ()) if entry.substance != _substance(call)]
    for call in same:
        if known.get(call.key):
            continue
        for entry in left:
            if entry.substance == _substance(call) and (entry.stage in SETTLED or _may_be_there(entry)):
                left.remove(entry)
                yield _admission(call, entry)
                break


def _admission(call: PlannedCall, entry: Entry) -> Admission:
    if entry.stage in SETTLED:
        return Admission(call, entry, Step.SKIP, message("Already imported on {date}.", date=entry.changed[:10]))
    reason = message("It stood at another place of the file, and is in doubt since then; that must be settled first.")
    return Admission(call, entry, Step.HOLD, reason)


def _may_be_there(entry: Entry) -> bool:
    return entry.stage in (Stage.SENDING, Stage.UNKNOWN) or (entry.stage is Stage.HELD and entry.doubt is not None)


def _substance(call: PlannedCall) -> str:
    return call.substance or call.digest
