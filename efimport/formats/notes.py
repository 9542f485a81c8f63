"""The findings of one statement or file, collected while it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from efimport.findings import Finding, Location, Severity, define, finding

LISTED = 20
"""Findings of one code that are listed; further ones are only counted."""


class Notes:
    """Collects findings and keeps a damaged file of many thousand entries from filling the report.

    Args:
        more: the code that tells how many findings of another code are not listed.
        ordinal: ordinal of the statement in the file; None outside of statements, and where it is not known yet.
        width: number of columns of a line; what a line that was cut off has not is then told at its end.
    """

    def __init__(self, more: str, ordinal: int | None = None, width: Callable[[int], int] | None = None) -> None:
        self._more = more
        self._ordinal = ordinal
        self._width = width
        self._found: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def add(
        self,
        code: str,
        place: Location | int | None = None,
        columns: tuple[int, int] | None = None,
        /,
        *,
        severity: Severity | None = None,
        **arguments: object,
    ) -> None:
        """Note a finding.

        Args:
            code: a code of the register.
            place: where; a number is a line of the file.
            columns: first and last column of the line, from 1.
            severity: another severity than the register's.
            arguments: values for the message.
        """
        self._counts[code] += 1
        if self._counts[code] > LISTED:
            return
        if not isinstance(place, Location):
            place = self._place(place, columns)
        self._found.append(finding(code, place, severity=severity, **arguments))

    def _place(self, line: int | None, columns: tuple[int, int] | None) -> Location:
        if columns is None:
            return Location(line=line, ordinal=self._ordinal)
        first, last = columns
        where = f"column {first}" if first == last else f"columns {first}-{last}"
        column = first if line is None or self._width is None else max(1, min(first, self._width(line)))
        return Location(line=line, column=column, where=where, ordinal=self._ordinal)

    def absorb(self, other: Notes, *, only_errors: bool = False) -> None:
        """Take over what was noted elsewhere."""
        self._found += [one for one in other._found if one.is_error or not only_errors]
        self._counts.update({code: count for code, count in other._counts.items() if count > LISTED})

    def all(self) -> tuple[Finding, ...]:
        """Everything noted, in the order of noting, with a last finding for each list that was cut."""
        more = [
            finding(self._more, Location(ordinal=self._ordinal), title=define(code).title, count=count - LISTED)
            for code, count in self._counts.items()
            if count > LISTED
        ]
        return (*self._found, *more)
