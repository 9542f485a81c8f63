"""Text tables: PayPal's activity and everything else with columns.

PayPal puts the same first columns at the head of an activity download in every language (PayPal Developer, "Activity
download report"); the names below are the ones of its English, German, French, Italian, Spanish, Polish and Slovak
pages.
"""

from __future__ import annotations

import re
from itertools import pairwise

from efimport.formats.named.kinds import Kind
from efimport.messages import message

PAYPAL = Kind(
    name="paypal-csv",
    format="paypal-csv",
    title="PayPal activity (CSV)",
    reason=message("This is the activity of a PayPal account, which is recognised but not read yet."),
    remedy=message("Import it in the program itself until then."),
)
TABLE = Kind(
    name="spreadsheet",
    format="spreadsheet",
    title="table (CSV)",
    reason=message("This is a table; tables are not read yet, because their columns must be described first."),
    remedy=message("Hand over the document itself: the statement as ABO/GPC or camt.053, the invoice as ISDOC or PDF."),
)

_SUFFIXES = (".csv", ".tsv", ".tab")
_DELIMITERS = b";\t,|"
_DATE = frozenset({"date", "datum", "data", "fecha", "dátum"})
_TIME = frozenset({"time", "uhrzeit", "zeit", "heure", "orario", "hora", "godzina", "čas"})
_ZONE = frozenset(
    {
        "timezone",
        "time zone",
        "zeitzone",
        "fuseau horaire",
        "fuso orario",
        "zona horaria",
        "strefa czasowa",
        "časové pásmo",
    }
)
_STATEMENT_COLUMNS = frozenset({"bank name", "bank account", "gross", "fee", "net"})


def table_kind(text: bytes, suffix: str) -> Kind | None:
    """The kind of a text with columns; None for a text without.

    Args:
        text: the head of the file without its byte-order mark.
        suffix: ending of the file name in lower case.
    """
    lines = [line for line in text[:16384].splitlines() if line.strip()]
    if not lines:
        return None
    if _is_paypal(lines[0]):
        return PAYPAL
    if suffix in _SUFFIXES or _has_columns(lines):
        return TABLE
    return None


def _is_paypal(line: bytes) -> bool:
    try:
        written = line.decode("utf-8")
    except UnicodeDecodeError:
        written = line.decode("cp1250", "replace")
    cells = [cell.strip(" \t\"'\ufeff").lower() for cell in re.split(r"[,;\t]", written)]
    if len(cells) >= 10 and cells[0] in _DATE and cells[1] in _TIME and cells[2] in _ZONE:
        return True
    return cells[0] in _DATE and set(cells) >= _STATEMENT_COLUMNS


def _has_columns(lines: list[bytes]) -> bool:
    """Whether neighbouring lines have the same number, three or more, of one delimiter."""
    counts = [tuple(line.count(mark) for mark in _DELIMITERS) for line in lines[:50]]
    return any(ours == theirs >= 3 for one, other in pairwise(counts) for ours, theirs in zip(one, other, strict=True))
