"""A damaged journal, in words."""

from __future__ import annotations

from efimport.errors import JournalError
from efimport.messages import message


def damaged(verdict: object) -> JournalError:
    """The error that says so.

    Args:
        verdict: what is wrong.
    """
    return JournalError(
        message("The journal is damaged: {verdict}.", verdict=verdict),
        message("Nothing is sent. Restore it from a backup, or ask for help before importing anything again."),
    )
