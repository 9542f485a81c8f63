"""The findings of one statement, collected while its records are read."""

from __future__ import annotations

from collections import Counter

from efimport.findings import Finding, Location, Severity, define, finding

LISTED = 20
"""Findings of one code that are listed for one statement; further ones are counted in ``gpc.more``."""


class Notes:
    """Collects findings and keeps a damaged file of many thousand items from filling the report.

    Args:
        ordinal: ordinal of the statement in the file; None outside of statements.
    """

    def __init__(self, ordinal: int | None = None) -> None:
        self._ordinal = ordinal
        self._found: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def add(
        self,
        code: str,
        line: int | None = None,
        columns: tuple[int, int] | None = None,
        *,
        severity: Severity | None = None,
        **arguments: object,
    ) -> None:
        """Note a finding.

        Args:
            code: a code of the register.
            line: line in the file.
            columns: first and last column, from 1.
            severity: another severity than the register's.
            arguments: values for the message.
        """
        self._counts[code] += 1
        if self._counts[code] > LISTED:
            return
        place = Location(
            line=line,
            column=columns[0] if columns else None,
            where=columns_text(columns) if columns else None,
            ordinal=self._ordinal,
        )
        self._found.append(finding(code, place, severity=severity, **arguments))

    def all(self) -> tuple[Finding, ...]:
        """Everything noted, in the order of noting, with a last finding for each list that was cut."""
        more = [
            finding("gpc.more", Location(ordinal=self._ordinal), title=define(code).title, count=count - LISTED)
            for code, count in self._counts.items()
            if count > LISTED
        ]
        return (*self._found, *more)


def columns_text(columns: tuple[int, int]) -> str:
    """``columns 49-60``, or ``column 61``."""
    first, last = columns
    return f"column {first}" if first == last else f"columns {first}-{last}"
