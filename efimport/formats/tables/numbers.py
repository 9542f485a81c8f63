"""Amounts in the cells of tables: the decimal mark is found from the data, and nothing is guessed.

``1.234`` is one thousand in Ljubljana and one and a bit in London. Which of the two a file means is told by its other
amounts; where none tells, the answer is that it cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from efimport.formats.tables.model import Cell

_BLANKS = " \t\u00a0\u2007\u2009\u202f"
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u00ad": "-"})
_GROUPS = str.maketrans("", "", _BLANKS + "'\u2019`\u00b4")
_UNIT = r"(?:[A-Z]{3}|[Kk][Čč]|€|\$|£)"
"""Codes in capitals alone: ``12. Jan`` is a day that a spreadsheet program made of 12.01, and no amount."""
_CURRENCY = re.compile(rf"^{_UNIT}(?=[\s\d+\-(])|(?<=[\s\d\-.,)]){_UNIT}$")
_BARE = {",": re.compile(r"-?[0-9]+(?:,[0-9]+)?"), ".": re.compile(r"-?[0-9]+(?:\.[0-9]+)?")}
"""How nearly all amounts are written, by decimal mark: read without looking for anything else."""
_USUAL = re.compile(r"-?([0-9][0-9.,]*)")
_DIGITS = re.compile(r"\d[\d.,]*")
_BAD_GROUPS = re.compile(rf"\d[{_BLANKS}'’](?!\d{{3}}(?!\d))")


class Marks(msgspec.Struct, frozen=True):
    """What a column of amounts tells about its decimal mark.

    Attributes:
        decimal: ``,`` or ``.``; None where the amounts do not tell, or contradict each other.
        contradicts: whether some amounts can only be read with a comma and others only with a point.
        ambiguous: an amount that reads differently with either mark, where nothing tells; None for none.
    """

    decimal: str | None = None
    contradicts: bool = False
    ambiguous: str | None = None


def find_marks(cells: Iterable[Cell]) -> Marks:
    """What amounts tell about the decimal mark of their file.

    Args:
        cells: all cells of the columns of amounts; what is no amount is passed over.
    """
    found: set[str] = set()
    doubtful: str | None = None
    for cell in cells:
        if not isinstance(cell, str):
            continue
        core = _core(cell)
        if core is None:
            continue
        mark = _mark_of(core[1])
        if mark == "?":
            doubtful = doubtful or cell.strip()
        elif mark is not None:
            found.add(mark)
    if len(found) == 1:
        return Marks(found.pop())
    return Marks(contradicts=bool(found), ambiguous=doubtful if not found else None)


def _mark_of(digits: str) -> str | None:
    """The decimal mark that an amount proves; ``?`` where it may be either, None where it has none at all."""
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        return "," if digits.rindex(",") > digits.rindex(".") else "."
    if not commas and not points:
        return None
    mark, other = (",", ".") if commas else (".", ",")
    if commas + points > 1:
        return other
    whole, _, fraction = digits.partition(mark)
    if len(fraction) != 3 or len(whole) > 3 or whole.startswith("0"):
        return mark
    return "?"


def parse_amount(cell: Cell, decimal: str | None = None) -> Decimal | None:
    """The amount in a cell; None for anything that is none, or that cannot be read without a guess.

    Signs may stand before or behind, brackets mean a minus, thousands may be grouped by blanks, apostrophes or the mark
    that is not the decimal one; a currency beside the number is passed over.

    Args:
        cell: the cell.
        decimal: the decimal mark of the file, ``,`` or ``.``; None allows only what can be read in one way.
    """
    if isinstance(cell, Decimal):
        return cell
    if not isinstance(cell, str):
        return None
    if decimal is not None and _BARE[decimal].fullmatch(cell):
        number: Decimal | None = Decimal(cell.lstrip("-").replace(",", "."))
        return _signed(number, cell.startswith("-"))
    core = _core(cell)
    if core is None:
        return None
    negative, digits = core
    mark = decimal or _mark_of(digits)
    return None if mark == "?" else _signed(_plain(digits, mark), negative)


def _signed(number: Decimal | None, negative: bool) -> Decimal | None:
    """The number with its sign, exact whatever its length; nothing has no sign."""
    return number.copy_negate() if number and negative else number


def _plain(digits: str, mark: str | None) -> Decimal | None:
    whole, _, fraction = digits.partition(mark) if mark else (digits, "", "")
    group = {",": ".", ".": ","}.get(mark or "", "")
    if group and group in whole:
        first, *groups = whole.split(group)
        if not 1 <= len(first) <= 3 or any(len(one) != 3 for one in groups):
            return None
        whole = first + "".join(groups)
    if not whole.isdigit() or (fraction and not fraction.isdigit()):
        return None
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def _core(text: str) -> tuple[bool, str] | None:
    """Whether there is a minus, and the digits with their marks; None where the text is no number."""
    usual = _USUAL.fullmatch(text)
    if usual is not None:
        return text.startswith("-"), usual[1]
    text = text.translate(_MINUS).strip(_BLANKS + "\r\n")
    text = _CURRENCY.sub("", text).strip(_BLANKS)
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip(_BLANKS)
    if text.endswith((",-", ".-", ",--")):
        # The Czech and German way to write a whole amount: 1 500,-
        text = text.rstrip("-").rstrip(",.")
    sign = ""
    if text[:1] in "+-":
        sign, text = text[:1], text[1:]
    elif text[-1:] in "+-":
        sign, text = text[-1:], text[:-1]
    text = _CURRENCY.sub("", text.strip(_BLANKS)).strip(_BLANKS)
    if _BAD_GROUPS.search(text):
        return None
    text = text.translate(_GROUPS)
    if text[:1] in {",", "."}:
        text = "0" + text
    if not text.isascii() or not _DIGITS.fullmatch(text):
        return None
    return negative != (sign == "-"), text
