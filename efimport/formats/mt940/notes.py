"""The findings of one statement, collected while its lines are read."""

from __future__ import annotations

from collections import Counter

from efimport.findings import Finding, Location, define, finding

LISTED = 20
"""Findings of one code that are listed for one statement; further ones are counted in ``mt940.more``."""


class Notes:
    """Collects findings and keeps a damaged file of many thousand entries from filling the report.

    Args:
        ordinal: ordinal of the statement in the file; None outside of statements.
    """

    def __init__(self, ordinal: int | None = None) -> None:
        self._ordinal = ordinal
        self._found: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def add(self, code: str, line: int | None = None, **arguments: object) -> None:
        """Note a finding.

        Args:
            code: a code of the register.
            line: line in the file.
            arguments: values for the message.
        """
        self._counts[code] += 1
        if self._counts[code] <= LISTED:
            place = Location(line=line, ordinal=self._ordinal)
            self._found.append(finding(code, place, severity=None, **arguments))

    def all(self) -> tuple[Finding, ...]:
        """Everything noted, in the order of noting, with a last finding for each list that was cut."""
        more = [
            finding("mt940.more", Location(ordinal=self._ordinal), title=define(code).title, count=count - LISTED)
            for code, count in self._counts.items()
            if count > LISTED
        ]
        return (*self._found, *more)


def shown(text: str) -> str:
    """The beginning of a text, harmless to show: control characters written as escapes, one line."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text.strip()[:60])
