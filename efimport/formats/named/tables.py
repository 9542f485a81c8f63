"""Text tables: everything with columns that no reader has claimed."""

from __future__ import annotations

from itertools import pairwise

from efimport.formats.named.kinds import Kind
from efimport.messages import message

TABLE = Kind(
    name="spreadsheet",
    format="spreadsheet",
    title="table (CSV)",
    reason=message("This is a table whose columns no mapping file describes."),
    remedy=message(
        "Draft a mapping file with: efimport mappings new FILE - and name it with --mapping; or hand over the document "
        "itself: the statement as ABO/GPC or camt.053, the invoice as ISDOC or PDF."
    ),
)

_SUFFIXES = (".csv", ".tsv", ".tab")
_DELIMITERS = b";\t,|"


def table_kind(text: bytes, suffix: str) -> Kind | None:
    """The kind of a text with columns; None for a text without.

    Args:
        text: the head of the file without its byte-order mark.
        suffix: ending of the file name in lower case.
    """
    lines = [line for line in text[:16384].splitlines() if line.strip()]
    if not lines:
        return None
    if suffix in _SUFFIXES or _has_columns(lines):
        return TABLE
    return None


def _has_columns(lines: list[bytes]) -> bool:
    """Whether neighbouring lines have the same number, three or more, of one delimiter."""
    counts = [tuple(line.count(mark) for mark in _DELIMITERS) for line in lines[:50]]
    return any(ours == theirs >= 3 for one, other in pairwise(counts) for ours, theirs in zip(one, other, strict=True))
