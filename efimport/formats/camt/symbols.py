"""Variable, constant and specific symbol of a payment.

ISO 20022 knows no such symbols; where Czech and Slovak banks put them has changed over the years (ČBA, Standard pro
elektronický XML výpis, and the domestic use of SEPA references), so each is looked for in four places, and the first
one that names it counts:

1. a structured reference ``VS:123`` (``KS:``, ``SS:``), one element ``Strd`` a symbol;
2. the end-to-end reference in the form ``/VS123/SS456/KS0308``;
3. a proprietary reference with the type ``VS`` (``KS``, ``SS``);
4. references that were formerly the symbols: EndToEndId is the variable, InstrId the constant, PmtInfId the specific.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from efimport.formats.camt.elements import Found

_LABELLED = re.compile(r"(?:(?<![A-Za-z0-9])(VS|KS|SS):|/(VS|KS|SS):?)[ \t]*([0-9]+)(?![A-Za-z0-9])")
_DIGITS = re.compile(r"[0-9]{1,10}")
KINDS = ("VS", "KS", "SS")
NOT_PROVIDED = "NOTPROVIDED"
CONSTANT_DIGITS = 4


class Symbols(NamedTuple):
    """The three symbols without leading zeros, and the end-to-end reference where it is none of them."""

    variable: str | None
    constant: str | None
    specific: str | None
    end_to_end: str | None


def symbols(detail: Found) -> Symbols:
    """The symbols of one ``TxDtls``."""
    reference: str | None = detail.get("end_to_end")
    labelled: dict[str, str] = {}
    for text in detail.get("symbols", ()):
        _labelled(text, labelled)
    if reference is not None:
        _labelled(reference, labelled)
    for group in detail.get("references", ()):
        _proprietary(group, labelled)
    variable = labelled.get("VS") or _bare(reference)
    constant = labelled.get("KS") or _bare(detail.get("instruction"))
    if constant is not None and len(constant) > CONSTANT_DIGITS and "KS" not in labelled:
        constant = None
    specific = labelled.get("SS") or _bare(detail.get("payment"))
    return Symbols(variable, constant, specific, _end_to_end(reference, variable))


def _labelled(text: str, labelled: dict[str, str]) -> None:
    if text[2:3] == ":" and text[:2] in KINDS and text.isascii() and text[3:].isdigit():
        # The usual form, without the search.
        if value := text[3:].lstrip("0"):
            labelled.setdefault(text[:2], value)
        return
    if ":" not in text and "/" not in text:
        return
    for match in _LABELLED.finditer(text):
        value = match.group(3).lstrip("0")
        if value:
            labelled.setdefault(match.group(1) or match.group(2), value)


def _proprietary(group: Found, labelled: dict[str, str]) -> None:
    kind = group.get("type", "").upper()
    value = group.get("value", "")
    # Named by its type, it is the symbol however long it is, as behind a label.
    if kind in KINDS and value.isascii() and value.isdigit() and (value := value.lstrip("0")):
        labelled.setdefault(kind, value)


def _bare(text: str | None) -> str | None:
    """A reference of one to ten digits without leading zeros; None for any other and for zeros alone."""
    if text is None or _DIGITS.fullmatch(text) is None:
        return None
    return text.lstrip("0") or None


def _end_to_end(reference: str | None, variable: str | None) -> str | None:
    if reference is None or reference.upper().replace(" ", "") == NOT_PROVIDED:
        return None
    if not reference.strip("0") or reference.lstrip("0") == variable or reference.startswith(("/VS", "/SS", "/KS")):
        return None
    return reference
