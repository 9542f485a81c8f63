"""Search criteria of the lists of partners, products and the books: which there are, and what they may say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from efimport.sandbox.methods.context import Context
from efimport.sandbox.methods.tables import is_code
from efimport.sandbox.reading import read_boolean, read_date, read_decimal
from efimport.sandbox.request import RefusedError
from efimport.sandbox.texts import text

_READERS: dict[str, Callable[[str], object]] = {
    "date": read_date,
    "decimal": read_decimal,
    "boolean": read_boolean,
    "integer": lambda value: value if value.isascii() and value.isdecimal() else None,
}


def criteria(context: Context, known: Mapping[str, str], *, unknown: str = "search-keys") -> dict[str, str]:
    """The criteria of a request that say something; of a repeated one the first.

    Args:
        context: the call.
        known: names of the criteria with what they may say: ``text``, ``date``, ``decimal``, ``integer``, ``boolean``,
            or the name of a code list.
        unknown: name of the sentence for a criterion that is not known.

    Raises:
        RefusedError: a criterion is unknown, or says what it cannot.
    """
    wanted: dict[str, str] = {}
    for parameter in context.request.parameters:
        value = parameter.value.strip()
        if parameter.name not in known:
            raise RefusedError(text(unknown))
        if value and not _may_say(known[parameter.name], value):
            raise RefusedError(text("search-value", value=value))
        if value:
            wanted.setdefault(parameter.name, value)
    return wanted


def _may_say(kind: str, value: str) -> bool:
    if kind == "text":
        return True
    reader = _READERS.get(kind)
    return reader(value) is not None if reader else is_code(kind, value)


def fits(pattern: str, value: str) -> bool:
    """Whether a value is what was searched for; a star stands for any characters, case does not matter.

    The star is documented for GeneralLedgerAccountStatementGetEntries and shown for ProductList.
    """
    expression = ".*".join(map(re.escape, pattern.lower().split("*")))
    return re.fullmatch(expression, value.lower(), re.DOTALL) is not None


def is_within(value: str, first: str, last: str) -> bool:
    """Whether a date, YYYY-MM-DD, lies in a period; an empty end is open, an empty date lies in open periods only."""
    if not value:
        return not (first or last)
    return (not first or value >= first) and (not last or value <= last)
