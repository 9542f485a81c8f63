"""The states of a call in the journal and the arrows between them; there are no other arrows.

::

    seen ──> read ──> planned ──> sending ──> accepted ──> filed
                       │  ^ ^      │ │ ^ │
                       │  │ │      │ │ │ └──> refused ──> planned        (tried again by a new run)
                       │  │ └──────┘ │ │                                 (surely not sent)
                       │  │          v │
                       │  │       unknown ──> accepted, sending, held
                       v  │ (person) │
                       held <────────┘
                       held ──> accepted                                 (person)

``planned`` means that nothing of it is at the service and that the next run sends it; so every way to ``sending``
starts there, except from ``unknown``, where the repetition itself is the question whether it had arrived.

Besides the arrows of the states named in the handbook there are three whose need the work showed: ``sending ->
planned`` for a request that surely never reached the service, ``planned -> held`` for a document that was changed since
it was imported, and ``refused -> planned``, because a refusal is a proof that nothing is there: a new run of the user
may try again.
"""

from __future__ import annotations

from enum import StrEnum

from efimport.errors import JournalError
from efimport.messages import message
from efimport.planning.model import State


class Stage(StrEnum):
    """State of a call in the journal."""

    SEEN = "seen"
    READ = "read"
    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    HELD = "held"
    FILED = "filed"


ARROWS: frozenset[tuple[Stage, Stage]] = frozenset(
    {
        (Stage.SEEN, Stage.READ),
        (Stage.READ, Stage.PLANNED),
        (Stage.PLANNED, Stage.SENDING),
        (Stage.PLANNED, Stage.HELD),
        (Stage.SENDING, Stage.ACCEPTED),
        (Stage.SENDING, Stage.REFUSED),
        (Stage.SENDING, Stage.UNKNOWN),
        (Stage.SENDING, Stage.PLANNED),
        (Stage.UNKNOWN, Stage.ACCEPTED),
        (Stage.UNKNOWN, Stage.SENDING),
        (Stage.UNKNOWN, Stage.HELD),
        (Stage.REFUSED, Stage.PLANNED),
        (Stage.ACCEPTED, Stage.FILED),
    }
)
"""What the program may do."""

ARROWS_OF_A_PERSON: frozenset[tuple[Stage, Stage]] = frozenset(
    {(Stage.HELD, Stage.ACCEPTED), (Stage.HELD, Stage.PLANNED)}
)
"""What only a person may do."""

SETTLED = (Stage.ACCEPTED, Stage.FILED)
"""Nothing is to be done any more; a changed document becomes a new revision."""

NEEDS_BYTES = (Stage.PLANNED, Stage.SENDING, Stage.UNKNOWN, Stage.HELD)
"""The spool keeps the bytes of what may have to be sent once more."""

_SHOWN = {
    Stage.SEEN: State.PLANNED,
    Stage.READ: State.PLANNED,
    Stage.FILED: State.ACCEPTED,
}


def shown(stage: Stage, *, found: bool) -> State:
    """The word of the report for a state of the journal.

    Args:
        stage: state in the journal.
        found: whether the service refused because it holds the document already.
    """
    if stage is Stage.REFUSED and found:
        return State.SKIPPED
    return _SHOWN.get(stage) or State(stage.value)


class IllegalArrowError(JournalError):
    """A state was to change in a way that does not exist: a fault of the program, or of two programs at once."""

    def __init__(self, key: str, start: str, end: str) -> None:
        super().__init__(
            message("The journal entry {key} cannot go from {start} to {end}.", key=key, start=start, end=end),
            message("Nothing was changed. `efimport journal show` tells what happened to it so far."),
        )


def check_arrow(key: str, start: Stage, end: Stage, *, person: bool = False) -> None:
    """Lets only the drawn arrows pass.

    Raises:
        IllegalArrowError: there is no such arrow, or it is not for the one who asks.
    """
    if (start, end) not in (ARROWS_OF_A_PERSON if person else ARROWS):
        raise IllegalArrowError(key, start, end)
