"""Names of statements (``Stmt/Id``) that our own writer makes, because the schema demands one and nobody gave any.

They are known again on reading: a name made of account and day is no number that the bank gave.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable

from efimport.formats.camt.tree import REFERENCE

_DIGEST = 10
_SHORTENED = re.compile(rf"(.{{{REFERENCE - 1 - _DIGEST}}})-[0-9a-f]{{{_DIGEST}}}", re.ASCII)


def digest(text: str) -> str:
    """A name made of a text of any length."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:REFERENCE]


def made_identifier(account: str, closed: dt.date, number: str | None, first: dt.date) -> str:
    """The name of a statement: account, day and number; shortened where it would be too long.

    Args:
        account: as it is written in the file.
        closed: day of the closing balance.
        number: of the statement; None where it has none.
        first: first day, which tells statements apart that have nothing else.
    """
    parts = [account, f"{closed:%y%m%d}"]
    whole = "-".join([*parts, number] if number else parts)
    if len(whole) <= REFERENCE and whole.isprintable():
        return whole
    return f"{account[: REFERENCE - 1 - _DIGEST]}-{digest(f'{whole} {first}')[:_DIGEST]}"


def is_made(identifier: str, account: str, days: Iterable[dt.date | None]) -> bool:
    """Whether a name was made for a statement without a number.

    Args:
        identifier: the name.
        account: the account as it is written in the file.
        days: those that may be the day of the closing balance.
    """
    if any(identifier == f"{account}-{day:%y%m%d}" for day in days if day is not None):
        return True
    shortened = _SHORTENED.fullmatch(identifier)
    return shortened is not None and account.startswith(shortened.group(1))
