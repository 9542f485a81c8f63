"""The findings about the rows of a table, collected while they are read."""

from __future__ import annotations

from collections import Counter

from efimport.findings import Finding, Location, Severity, define, finding

LISTED = 20
"""Findings of one code that are listed for one statement; further ones are counted in ``spreadsheet.more``."""


class Notes:
    """Collects findings and keeps a damaged file of many thousand rows from filling the report."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def add(self, code: str, place: Location, *, severity: Severity | None = None, **arguments: object) -> None:
        """Note a finding of the register."""
        self._counts[code] += 1
        if self._counts[code] <= LISTED:
            self._found.append(finding(code, place, severity=severity, **arguments))

    def absorb(self, other: Notes, *, only_errors: bool = False) -> None:
        """Take over what was noted elsewhere."""
        self._found += [one for one in other._found if one.is_error or not only_errors]
        self._counts.update({code: count for code, count in other._counts.items() if count > LISTED})

    def all(self) -> tuple[Finding, ...]:
        """Everything noted, in the order of noting, with a last finding for each list that was cut."""
        more = [
            finding("spreadsheet.more", Location(), title=define(code).title, count=count - LISTED)
            for code, count in self._counts.items()
            if count > LISTED
        ]
        return (*self._found, *more)
