"""What a check may know besides the document."""

from __future__ import annotations

import datetime as dt

import msgspec

from efimport.documents import Document
from efimport.findings import Location
from efimport.formats.reading import Own


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a check may know besides the document.

    Attributes:
        own: who we are.
        today: the day of the check; dates far from it are implausible.
    """

    own: Own = Own()
    today: dt.date


def place(document: Document, where: str | None = None, line: int | None = None) -> Location:
    """Where a finding of a check is: the document, and what in it."""
    origin = document.origin
    return Location(path=origin.path, line=line or origin.line, where=where, ordinal=origin.ordinal)
