"""What the cells of a column can be, and what they surely are, whatever the heading says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from stdnum.cz import dic
from stdnum.eu import vat

from efimport.accounts import clean_iban
from efimport.formats.spreadsheet.fields import currency_code
from efimport.formats.spreadsheet.observing import is_amount, is_day, mostly
from efimport.formats.tables.model import Cell, cell_text
from efimport.formats.tables.numbers import parse_amount
from efimport.mappings.targets import Field

_ICO = re.compile(r"\d{8}")
_VAT = re.compile(r"[A-Z]{2}[A-Z\d]{8,12}")
_MAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+(?:\s*[;,].*)?")
_POSTAL_CODE = re.compile(r"\d{3} \d{2}")
_WHOLE = re.compile(r"\d{1,6}")
_UNITS = re.compile(r"(?:%|Kč|€|[A-Z]{3})\s*$")

_RATES, _HIGHEST_RATE = 12, 30
"""How many rates of VAT a table has at most, and the highest of them."""
_FLAGS, _CHOICES = 3, 20
"""How many different words a column of yes and no, and one of choices, has at most."""


def can_be(field: Field, cells: Sequence[Cell], *, named: bool = False) -> bool:
    """Whether the cells of a column can be of a field; empty ones can be of any.

    Args:
        field: the field.
        cells: the column.
        named: whether its heading is that of the field; then half of the cells may be wrong, which the reader tells.
    """
    filled = [cell for cell in cells if cell_text(cell)]
    test = _TESTS.get(field.type)
    if not filled:
        return True
    if field.type in ("flag", "choice"):
        return len({cell_text(cell).casefold() for cell in filled}) <= (_FLAGS if field.type == "flag" else _CHOICES)
    if test is not None and named:
        return sum(map(test, filled)) * 2 >= len(filled)
    return test is None or mostly(filled, test)


def are_rates(cells: Sequence[Cell]) -> bool:
    """Whether the numbers among the cells can be VAT rates: few different ones, and none beyond 30."""
    texts = {_UNITS.sub("", cell_text(cell)).strip() for cell in cells if cell_text(cell)}
    rates = [rate for text in texts if (rate := parse_amount(text.replace(",", "."), ".")) is not None]
    return len(rates) <= _RATES and all(0 <= rate <= _HIGHEST_RATE for rate in rates)


def _is_number(cell: Cell) -> bool:
    return is_amount(cell) or is_amount(_UNITS.sub("", cell_text(cell)).strip())


def _is_no_day(cell: Cell) -> bool:
    return not (is_day(cell) and not is_amount(cell))


_TESTS: dict[str, Callable[[Cell], bool]] = {
    "day": is_day,
    "amount": _is_number,
    "percent": _is_number,
    "integer": lambda cell: _is_number(cell) and _WHOLE.match(cell_text(cell)) is not None,
    "currency": lambda cell: currency_code(cell_text(cell)) is not None,
    "account": lambda cell: any(letter.isdigit() for letter in cell_text(cell)),
    "code": _is_no_day,
    "country": lambda cell: not cell_text(cell)[:1].isdigit(),
    "language": lambda cell: not cell_text(cell)[:1].isdigit(),
}


def _is_registration_number(text: str) -> bool:
    return _ICO.fullmatch(text) is not None and dic.is_valid(text)


def _is_vat_number(text: str) -> bool:
    return _VAT.fullmatch(text) is not None and vat.is_valid(text)


_SURELY: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("registration_number", _is_registration_number),
    ("vat_id", _is_vat_number),
    ("email", lambda text: _MAIL.fullmatch(text) is not None),
    ("postal_code", lambda text: _POSTAL_CODE.fullmatch(text) is not None),
    ("bank_account", lambda text: clean_iban(text) is not None),
    ("payment_account", lambda text: clean_iban(text) is not None),
)
"""End of the place in a document, and the test that a text of no other kind passes. Sources: IČO and VAT numbers by
their check digits (python-stdnum), IBAN by ISO 13616, postal codes with the blank that Czech and Slovak ones have."""


def field_by_values(cells: Sequence[Cell], fields: Mapping[str, Field]) -> str | None:
    """The field whose values all cells are, where only one can be; None where nothing tells.

    Args:
        cells: the filled cells of a column.
        fields: fields of a document by name; those of further addresses are not meant.
    """
    texts = {cell_text(cell).strip() for cell in cells}
    if len(texts) < 2:
        return None
    for ending, test in _SURELY:
        if all(map(test, texts)):
            return next((name for name, field in fields.items() if _is_of_main_party(field, ending)), None)
    return None


def _is_of_main_party(field: Field, ending: str) -> bool:
    first, _, _ = field.to.partition(".")
    return field.to.rpartition(".")[2] == ending and first not in ("delivery", "invoicing")
