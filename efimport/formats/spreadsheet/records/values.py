"""What the cells of a column mean: numbers, days, words and codes, by the type of their field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final, TypeAlias

import msgspec

from efimport.documents import BankAccount
from efimport.formats.spreadsheet.days import Days
from efimport.formats.spreadsheet.fields import EXACT_DIGITS, account_of
from efimport.formats.spreadsheet.names import folded
from efimport.formats.spreadsheet.records.words import country_code, currency_code, flags, language_code
from efimport.formats.tables.model import Cell, cell_text
from efimport.formats.tables.numbers import find_marks, parse_amount
from efimport.mappings.targets import Field
from efimport.messages import Message, message

_FORMULA = re.compile(r'="([^"]*)"')
"""How programs write a text into CSV so that a spreadsheet program does not make a number of it: ``="0308"``."""
_ERROR = re.compile(
    r"#(?:REF|DIV/0|VALUE|NAME\?|NUM|N/A|NULL|CALC|SPILL|FIELD|HODNOTA|ODKAZ|NÁZEV\?|DĚLENÍ_NULOU|ČÍSLO)!?|#N/A|Err:5\d\d"
)
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_PERCENT = re.compile(r"(?:DPH|DDV|PDV|VAT)?\s*([+-]?[\d.,\s]+?)\s*%?", re.IGNORECASE)
_WHOLE = re.compile(r"([+-]?\d+)(?:[.,]0+)?\s*(?:[^\W\d]+\.?)?")
_DASHES = frozenset({"-", "\u2013", "\u2014", "--"})
_FLOAT = re.compile(r"(\d{4,})\.0")
"""What programs make of a code that they took for a number."""
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
"""Days from 1954 to 2119, as a spreadsheet program counts them; other numbers are no days."""
_SERIAL_ZERO: Final = dt.date(1899, 12, 30)
KEPT = 65_536
ICO_DIGITS = 8

EXPECTED: dict[str, Message] = {
    "text": message("a text"),
    "code": message("a text or a whole number"),
    "amount": message("a number"),
    "percent": message("a number of percent"),
    "integer": message("a whole number"),
    "day": message("a day"),
    "flag": message("yes or no"),
    "choice": message("one of the words that are known for it"),
    "country": message("a country: its code of two letters or its name"),
    "currency": message("a currency: its code of three letters"),
    "language": message("a language: its code of two letters"),
    "account": message("a bank account"),
}
"""What is expected in the cells of a field, by its type."""


RATE = message("a VAT rate in percent, such as 21")


class Wrong(msgspec.Struct, frozen=True):
    """Why there is no value.

    Attributes:
        code: code of the finding.
        expected: what was expected.
    """

    code: str
    expected: str = ""


class Doubtful(msgspec.Struct, frozen=True):
    """A value that has to be told about.

    Attributes:
        value: the value.
        code: code of the finding.
    """

    value: Any
    code: str


Value: TypeAlias = Any
Parse: TypeAlias = Callable[[Cell], Value]
"""Makes a value of a cell that is not empty: the value, :class:`Wrong` or :class:`Doubtful`."""


def reader(parse: Parse, *, dash_is_empty: bool = False) -> Parse:
    """The same for any cell: None for an empty one; what is the same text is read once.

    Args:
        parse: reads a cell that is not empty.
        dash_is_empty: whether a dash stands for nothing, as it does among numbers and days.
    """
    known: dict[str, Value] = {}

    def read(cell: Cell) -> Value:
        if not isinstance(cell, str):
            return None if cell is None else parse(cell)
        if cell in known:
            return known[cell]
        if len(known) > KEPT:
            known.clear()
        text = cell.strip()
        known[cell] = value = None if dash_is_empty and text in _DASHES else _of_text(text, parse)
        return value

    return read


def _of_text(text: str, parse: Parse) -> Value:
    formula = _FORMULA.fullmatch(text)
    if formula is not None:
        text = formula[1].strip()
    if not text:
        return None
    return Wrong("spreadsheet.cell-error") if _ERROR.fullmatch(text) else parse(text)


def text_of(cell: Cell) -> Value:
    """A text; a number or a day as people would write it."""
    return cell_text(cell)


def code_of(cell: Cell) -> Value:
    """What identifies something: a whole number loses nothing and gains nothing, a day is no code any more."""
    if isinstance(cell, dt.date | dt.time | bool):
        return Wrong("spreadsheet.cell-type", EXPECTED["code"])
    if isinstance(cell, Decimal):
        whole = cell == cell.to_integral_value()
        text = format(cell.to_integral_value() if whole else cell, "f")
        return Doubtful(text, "spreadsheet.digits") if cell.adjusted() >= EXACT_DIGITS else text
    text = cell_text(cell)
    if _EXPONENT.fullmatch(text):
        return Doubtful(text, "spreadsheet.digits")
    number = _FLOAT.fullmatch(text)
    return Doubtful(number[1], "spreadsheet.code-as-number") if number is not None else text


def registration_of(cell: Cell) -> Value:
    """A Czech registration number; zeros in front that a spreadsheet program took away are put back.

    It has eight digits, the last of which is a check digit (modulo 11), so that a shorter one that passes with zeros
    before it is that one.
    """
    text = code_of(cell)
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < ICO_DIGITS:
        from stdnum.cz import dic

        whole = text.zfill(ICO_DIGITS)
        if dic.is_valid(whole):
            return Doubtful(whole, "spreadsheet.zeros")
    return text


def amounts(mark: str | None, field: Field, *, single: bool = False) -> Parse:
    """Reads amounts.

    Args:
        mark: decimal mark of the column; None where nothing tells it.
        field: what the column is.
        single: whether a mark that stands alone is the decimal one, because nobody parts thousands there.
    """

    def parse(cell: Cell) -> Value:
        found = parse_amount(cell, _mark(cell) if single else mark)
        if found is None and mark is None and parse_amount(cell, ",") is not None:
            return Wrong("spreadsheet.decimal-unknown")
        return _limited(found, field)

    def _mark(cell: Cell) -> str | None:
        signs = [sign for sign in cell if sign in ",."] if isinstance(cell, str) else []
        return signs[0] if len(signs) == 1 else mark

    return parse


def percents(mark: str | None, field: Field, words: dict[str, str], *, fractions: bool, is_rate: bool = False) -> Parse:
    """Reads percents: ``21``, ``21 %``, ``DPH 21%``.

    Args:
        mark: decimal mark of the amounts.
        field: what the column is.
        words: what words of the table mean, folded.
        fractions: whether the column holds parts of one, 0.21 for 21 %.
        is_rate: whether it holds VAT rates; none is below one percent, so that such a number is a part of one.
    """
    amount = amounts(mark, field, single=True)

    def parse(cell: Cell) -> Value:
        word = words.get(folded(cell)) if words and isinstance(cell, str) else None
        if word is not None:
            return Decimal(word)
        written = isinstance(cell, str) and "%" in cell
        if isinstance(cell, str):
            match = _PERCENT.fullmatch(cell)
            cell = match[1] if match is not None else cell
        value = amount(cell)
        if not isinstance(value, Decimal):
            return value
        if is_rate and not fractions and not written and 0 < abs(value) < 1:
            return Wrong("spreadsheet.cell-type", RATE)
        return plain(value * 100 if fractions and not written else value)

    return parse


def plain(value: Decimal) -> Decimal:
    """A number without zeros behind its decimals, and without an exponent."""
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


def _limited(value: Decimal | None, field: Field) -> Value:
    if value is None:
        return Wrong("spreadsheet.cell-type", EXPECTED[field.type])
    if (field.least is not None and value < field.least) or (field.most is not None and value > field.most):
        if field.most is None:
            return Wrong("spreadsheet.cell-type", message("a number not below {least}", least=field.least))
        limits = message("a number from {least} to {most}", least=field.least or 0, most=field.most)
        return Wrong("spreadsheet.cell-type", limits)
    return value


def integers(field: Field) -> Parse:
    """Reads whole numbers, with or without a word behind: ``14``, ``14 days``."""

    def parse(cell: Cell) -> Value:
        if isinstance(cell, Decimal):
            number = cell if cell == cell.to_integral_value() else None
        else:
            match = _WHOLE.fullmatch(cell_text(cell))
            number = Decimal(match[1]) if match is not None else None
        limited = _limited(number, field)
        return int(limited) if isinstance(limited, Decimal) else limited

    return parse


def days(known: Days) -> Parse:
    """Reads days by the patterns of the table; a bare number is one as a spreadsheet program counts them."""

    def parse(cell: Cell) -> Value:
        day = known.day(cell)
        if day is not None:
            return day
        number = Decimal(cell) if isinstance(cell, str) and cell.isascii() and cell.isdigit() else cell
        if isinstance(number, Decimal) and _FIRST_SERIAL <= number <= _LAST_SERIAL:
            return Doubtful(_SERIAL_ZERO + dt.timedelta(days=int(number)), "spreadsheet.serial-day")
        return Wrong("spreadsheet.cell-type", EXPECTED["day"])

    return parse


def flag_of(words: dict[str, str]) -> Parse:
    """Reads yes and no.

    Args:
        words: further words, folded, for ``true`` and ``false``.
    """
    known = {**flags(), **{word: ours == "true" for word, ours in words.items()}}

    def parse(cell: Cell) -> Value:
        if isinstance(cell, bool):
            return cell
        value = known.get(folded(cell_text(cell)))
        return Wrong("spreadsheet.cell-type", EXPECTED["flag"]) if value is None else value

    return parse


def choices(field: Field, words: dict[str, str]) -> Parse:
    """Reads one of several words.

    Args:
        field: what the column is.
        words: what words of the table mean, folded; they come before those of the field.
    """
    known = {folded(word): ours for ours, others in field.choices.items() for word in (ours, *others)}
    known |= words
    listed = ", ".join(field.choices)

    def parse(cell: Cell) -> Value:
        value = known.get(folded(cell_text(cell)))
        return Wrong("spreadsheet.unknown-word", listed) if value is None else value

    return parse


def _looked_up(find: Callable[[str], str | None], kind: str) -> Parse:
    def parse(cell: Cell) -> Value:
        return find(cell_text(cell)) or Wrong("spreadsheet.cell-type", EXPECTED[kind])

    return parse


def _account(cell: Cell) -> Value:
    """A bank account; what has no digit at all is none."""
    text = code_of(cell)
    if isinstance(text, Doubtful):
        return Doubtful(account_of(text.value), text.code)
    if not isinstance(text, str) or not any(sign.isdigit() for sign in text):
        return Wrong("spreadsheet.cell-type", EXPECTED["account"])
    account = account_of(text)
    return account if account != BankAccount() else None


SIMPLE: dict[str, Parse] = {
    "text": text_of,
    "code": code_of,
    "country": _looked_up(country_code, "country"),
    "currency": _looked_up(currency_code, "currency"),
    "language": _looked_up(language_code, "language"),
    "account": _account,
}
"""Types whose cells are read without knowing the rest of the column."""


def worded(parse: Parse, words: dict[str, str]) -> Parse:
    """The same with words of the table that come first.

    Args:
        parse: reads a cell.
        words: what words of the table mean, folded.
    """

    def read(cell: Cell) -> Value:
        return words.get(folded(cell_text(cell))) or parse(cell)

    return read


def column_mark(cells: Iterable[Cell], pooled: Iterable[Cell]) -> str | None:
    """The decimal mark of a column: as its own amounts prove it, else those of all columns together.

    None where nothing proves one, or where the amounts contradict each other: then only what can be read in one way is.
    """
    own = find_marks(cells)
    if own.decimal is not None or own.contradicts:
        return own.decimal
    return find_marks(pooled).decimal
