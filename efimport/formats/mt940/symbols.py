"""Variable, constant and specific symbol in the fields of a statement.

They are looked for where a label names them: at the beginning of a subfield (``VS123``), in a text (``VS:123``,
``/VS/123``; Fio banka writes the first since 6 April 2020 and wrote the second before), and as the run of padded
numbers ``VS 0123456789 KS 0000000308 SS 0000000000`` of Czech MultiCash. Digits without a label are no symbol: a
number of a card, an invoice of another numbering or the bank's own number looks the same. They stay a reference.
"""

from __future__ import annotations

import re

Symbols = dict[str, str]
"""``VS``, ``KS`` and ``SS`` to the digits without leading zeros."""

_SUBFIELD = re.compile(r"([VKS]S)\s?[:.]?\s?(\d{1,10})?\s*", re.ASCII)
_SUBFIELD_BEGINS = re.compile(r"([VKS]S)(?::\s?|(?=\d)|\s(?=\d{10}))(\d{1,10})(?![A-Za-z0-9])", re.ASCII)
_IN_TEXT = re.compile(r"(?<![A-Za-z])([VKS]S):\s?(\d{1,10})(?!\d)|/([VKS]S)[/:]?\s?(\d{1,10})(?![A-Za-z0-9])", re.ASCII)
_PADDED = re.compile(r"(?<![A-Za-z])([VKS]S) (\d{10})(?!\d) ?", re.ASCII)
_REFERENCE = re.compile(r"(?:([VKS]S):?(\d{1,10}))", re.ASCII)
CUT_WIDTH = 27
"""Width of a subfield; what reaches its end may go on in the next."""


def whole_subfield(text: str, found: Symbols) -> bool:
    """Whether a subfield is a symbol and nothing else; the symbol is put to the ones found."""
    match = _SUBFIELD.fullmatch(text)
    if match is None:
        return False
    _put(found, match.group(1), match.group(2) or "")
    return True


def leading_symbols(text: str, found: Symbols) -> str:
    """The text of a subfield without the symbols that it begins with, which are put to the ones found."""
    cut = len(text) >= CUT_WIDTH
    while match := _SUBFIELD_BEGINS.match(text):
        if cut and match.end() == len(text):
            break
        _put(found, match.group(1), match.group(2))
        text = text[match.end() :].lstrip(" ,;")
    return text


def padded_symbols(text: str, found: Symbols) -> str:
    """The text without symbols of ten digits behind a label and a blank, which are put to the ones found."""
    if "S " not in text or not _PADDED.search(text):
        return text
    for label, digits in _PADDED.findall(text):
        _put(found, label, digits)
    return _PADDED.sub("", text).strip()


def labelled_in(text: str | None, found: Symbols) -> None:
    """Put the symbols that a text names with a colon or slashes to the ones found; the text stays whole."""
    if not text or ("S:" not in text and "S/" not in text and "/" not in text):
        return
    for label, digits, slashed, behind in _IN_TEXT.findall(text):
        _put(found, label or slashed, digits or behind)


def reference_symbols(reference: str | None, found: Symbols) -> str | None:
    """The reference, or None where it is made of labelled symbols alone, which are put to the ones found."""
    if not reference or "S" not in reference:
        return reference
    parts = _REFERENCE.findall(reference)
    if not parts or re.sub(r"[/ ,;]", "", _REFERENCE.sub("", reference)):
        labelled_in(reference, found)
        return reference
    for label, digits in parts:
        _put(found, label, digits)
    return None


def _put(found: Symbols, label: str, digits: str) -> None:
    value = digits.lstrip("0")
    if value:
        found.setdefault(label, value)
