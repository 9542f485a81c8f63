"""The forms of values: a test for each type of element, and in words what is expected.

Source: web service reference; all its examples write dates as 2026-01-31 and numbers, but for two, with a point.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from efimport.api.call import Scalar
from efimport.api.elements.rules import FALSE, TRUE
from efimport.messages import Message, message


def _is_date(value: Scalar) -> bool:
    if isinstance(value, date):
        return not isinstance(value, datetime)
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_decimal(value: Scalar) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) or (
        isinstance(value, str) and re.fullmatch(r"[+-]?\d+(\.\d+)?", value, re.ASCII) is not None
    )


def _is_integer(value: Scalar) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, str) and re.fullmatch(r"-?\d+", value, re.ASCII) is not None)


def _is_boolean(value: Scalar) -> bool:
    return isinstance(value, bool) or str(value).casefold() in (*TRUE[:2], *FALSE[:2])


def _is_letters(count: int) -> Callable[[Scalar], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(f"[A-Z]{{{count}}}", value) is not None


def _is_text(value: Scalar) -> bool:
    return not isinstance(value, Decimal) or value.is_finite()


FORMS: Mapping[str, tuple[Callable[[Scalar], bool], Message]] = {
    "text": (_is_text, message("text")),
    "date": (_is_date, message("date of the form 2026-01-31")),
    "decimal": (_is_decimal, message("number with a decimal point")),
    "integer": (_is_integer, message("whole number")),
    "boolean": (_is_boolean, message("truth value (true or false)")),
    "currency": (_is_letters(3), message("currency code of three capitals (ISO 4217)")),
    "country": (_is_letters(2), message("country code of two capitals (ISO 3166)")),
}
