"""Elements of a message that is being written: texts that fit their types, amounts, days.

Source: ISO 20022, schema camt.053.001.02: Max35Text, Max70Text, Max140Text, ActiveOrHistoricCurrencyAndAmount; XML 1.0,
section 2.2, for the characters that a document may hold.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from lxml import etree

from efimport.formats.camt.values import CREDIT, DEBIT
from efimport.formats.writing import CannotWriteError, Losses, fits
from efimport.messages import message

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
REFERENCE, NAME, LINE, LONG = 35, 140, 140, 500
AMOUNT_DIGITS, AMOUNT_DECIMALS = 18, 5
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CENT = Decimal("0.01")


def root_element(name: str) -> etree._Element:
    """An element that declares the namespace of the message."""
    nsmap: Any = {None: NAMESPACE}
    return etree.Element(f"{{{NAMESPACE}}}{name}", nsmap=nsmap)


def add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    """A new last child."""
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = text
    return child


def add_path(parent: etree._Element, path: str, text: str | None = None) -> etree._Element:
    """A chain of new elements, each the only child of the one before; the last one has the text."""
    for name in path.split("/"):
        parent = add(parent, name)
    parent.text = text
    return parent


def clean(text: str | None, field: str, losses: Losses) -> str | None:
    """A text in one line without what XML cannot hold; None where nothing is left."""
    if not text:
        return None
    line = " ".join(text.split())
    if dropped := _NOT_XML.findall(line):
        losses.add(field, ascii("".join(dropped))[1:-1])
        line = " ".join(_NOT_XML.sub("", line).split())
    return line or None


def cut(text: str | None, length: int, field: str, losses: Losses) -> str | None:
    """A clean text of at most ``length`` characters; what is cut off is noted with the whole."""
    line = clean(text, field, losses)
    if line is None or len(line) <= length:
        return line
    losses.add(field, text)
    return line[:length].rstrip()


def whole(text: str | None, length: int, field: str, losses: Losses) -> str | None:
    """A clean text of at most ``length`` characters, and a longer one not at all: half a reference is another one."""
    line = clean(text, field, losses)
    if line is None or len(line) <= length:
        return line
    losses.add(field, text)
    return None


def lines(text: str | None, field: str, losses: Losses) -> list[str]:
    """A clean text in lines of at most 140 characters, cut between words and no two alike.

    Readers join the lines with blanks and leave out a line that they have had. Only a word longer than a line is
    broken, and noted; so is a line that cannot but repeat.
    """
    line = clean(text, field, losses)
    if line is None:
        return []
    if len(line) <= LINE:
        return [line]
    words = line.split(" ")
    if any(len(word) > LINE for word in words):
        losses.add(field, text)
        words = [word[start : start + LINE] for word in words for start in range(0, len(word), LINE)]
    found: dict[str, None] = {}
    position = 0
    while position < len(words):
        count = _fitting(words, position)
        while count > 1 and " ".join(words[position : position + count]) in found:
            count -= 1
        piece = " ".join(words[position : position + count])
        if piece in found:
            losses.add(field, piece)
        found[piece] = None
        position += count
    return list(found)


def _fitting(words: list[str], position: int) -> int:
    """How many words from a position on fit into one line."""
    length, count = -1, 0
    while position + count < len(words) and length + 1 + len(words[position + count]) <= LINE:
        length += 1 + len(words[position + count])
        count += 1
    return count


def plain(value: Decimal) -> str:
    """A number with two decimals at least and no further zeros at its end, so that equal numbers are written alike."""
    number = value.normalize() if value else Decimal(0)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent > -2:
        number = number.quantize(_CENT)
    return f"{number:f}"


def amount_text(value: Decimal) -> str:
    """An amount without its sign.

    Raises:
        CannotWriteError: it has more digits than the format.
    """
    if not fits(value, AMOUNT_DIGITS, AMOUNT_DECIMALS):
        raise CannotWriteError(
            message(
                "The amount {amount} has too many digits for ČBA XML, which holds 18, five of them decimals.",
                amount=value,
            )
        )
    return plain(abs(value))


def add_amount(parent: etree._Element, value: Decimal, currency: str) -> None:
    """``Amt`` without a sign."""
    add(parent, "Amt", amount_text(value)).set("Ccy", currency)


def side(value: Decimal) -> str:
    """``CdtDbtInd`` of a signed amount; nothing is a credit."""
    return DEBIT if value < 0 else CREDIT


def add_day(parent: etree._Element, name: str, day: dt.date | None) -> None:
    """A day, where there is one."""
    if day is not None:
        add_path(parent, f"{name}/Dt", day.isoformat())
