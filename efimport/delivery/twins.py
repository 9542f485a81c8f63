"""Documents of one identity in one file: what is there under their number proves nothing for one of them."""

from __future__ import annotations

from itertools import count, takewhile

from efimport.journal import Entry, Journal, Stage
from efimport.planning.model import is_repetition, key_of

_NOT_THERE = (Stage.PLANNED, Stage.REFUSED)


def may_be_a_twin(journal: Journal, entry: Entry) -> bool:
    """Whether what is there under the number of an entry may be another document of the same file.

    Args:
        journal: knows the others.
        entry: of unknown outcome.
    """
    if is_repetition(entry.key):
        return True
    later = takewhile(bool, (journal.find(key_of(entry.key, occurrence)) for occurrence in count(2)))
    return any(twin.stage not in _NOT_THERE for revisions in later for twin in revisions)
