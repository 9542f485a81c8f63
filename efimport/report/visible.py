"""Foreign text made harmless: what a file name or a document says must not act in the place where it is read.

Control characters steer terminals, bidirectional marks turn words around so that ``exe.fdp`` reads ``pdf.exe``, and a
cell that begins with ``=`` is a formula.
"""

from __future__ import annotations

import re

ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
"""Control characters of both ranges, line separators, invisible and bidirectional marks, halves of surrogate pairs."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    r"""The text with every acting character written out: ``\x1b`` for the escape character, ``\u202e`` for a mark."""
    return ACTING.sub(_written_out, text) if ACTING.search(text) else text


def _written_out(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def cell_text(text: str) -> str:
    """The text as a spreadsheet may hold it: never a formula (OWASP ASVS 4.0.3, 5.3.10; CWE-1236).

    An apostrophe goes before what a spreadsheet program could take for a formula, full-width forms included.
    """
    shown = visible(text)
    return f"'{shown}" if text.startswith(_FORMULA_STARTS) else shown
