"""Names of columns: what counts as the same name, and letters that were garbled on the way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

REPAIRS = (("cp1252", "cp1250"), ("cp1250", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "utf-8"))
"""Encoding that a text was read in by mistake, and the one that it was written in."""

_LOST = re.compile("[?\ufffd]+")


GAPS = "\ufffd"
"""Stands for a name that lost letters among the words of a header."""


def is_expression(name: str) -> bool:
    """Whether a name in a mapping file is a regular expression: it stands between slashes."""
    return len(name) > 2 and name.startswith("/") and name.endswith("/")


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A name without capitals, accents, repeated blanks and the marks that exports leave around it."""
    apart = unicodedata.normalize("NFKD", text.strip("\ufeff\"' \t\r\n,;*"))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def repaired(text: str, repair: tuple[str, str]) -> str:
    """The text as it was written, where it was read in a wrong encoding; the text itself where that cannot be."""
    if text.isascii():
        return text
    read_as, written_in = repair
    try:
        return text.encode(read_as).decode(written_in)
    except UnicodeError:
        return text


class Names:
    """The names in a header row.

    Args:
        texts: the cells of the row.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = tuple(texts)
        self._places: dict[str, list[int]] = {}
        self._lossy: list[tuple[int, re.Pattern[str]]] = []
        for index, text in enumerate(texts):
            name = folded(text)
            if name:
                self._places.setdefault(name, []).append(index)
            if _LOST.search(name) and len(name) > 2:
                self._lossy.append((index, _with_gaps(name)))

    @property
    def words(self) -> Iterable[str]:
        """The folded names, and :data:`GAPS` where letters of one were lost, so that it may be any name."""
        return (*self._places, GAPS) if self._lossy else self._places

    def find(self, wanted: str, occurrence: int = 1) -> int | None:
        """Index of the column with a name, or with the name that a regular expression between slashes describes."""
        if is_expression(wanted):
            expression = re.compile(wanted[1:-1], re.IGNORECASE)
            found = [index for index, text in enumerate(self.texts) if expression.fullmatch(text)]
        else:
            name = folded(wanted)
            found = self._places.get(name, [])
            if not found:
                found = [index for index, gaps in self._lossy if gaps.fullmatch(name)]
        return found[occurrence - 1] if len(found) >= occurrence else None

    def first(self, wanted: Iterable[str], occurrence: int = 1) -> int | None:
        """Index of the first of several names that the header has."""
        for name in wanted:
            found = self.find(name, occurrence)
            if found is not None:
                return found
        return None


def _with_gaps(name: str) -> re.Pattern[str]:
    """A name whose letters with accents were lost: each stands as a question mark or a replacement sign."""
    parts: list[str] = []
    last = 0
    for gap in _LOST.finditer(name):
        parts.append(re.escape(name[last : gap.start()]))
        parts.append(f".{{1,{gap.end() - gap.start()}}}")
        last = gap.end()
    return re.compile("".join([*parts, re.escape(name[last:])]))
