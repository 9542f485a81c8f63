"""The findings of one file or statement, collected while its rows are read."""

from __future__ import annotations

from collections import Counter

import msgspec

from efimport.findings import Finding, Location, define, finding

LISTED = 20
"""Findings of one code that are listed; further ones are counted in ``paypal.more``."""


class Notes:
    """Collects findings and keeps a damaged file of many thousand rows from filling the report."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def add(self, code: str, place: Location | None = None, **arguments: object) -> None:
        """Note a finding.

        Args:
            code: a code of the register.
            place: where.
            arguments: values for the message.
        """
        self._counts[code] += 1
        if self._counts[code] <= LISTED:
            self._found.append(finding(code, place or Location(), severity=None, **arguments))

    def all(self, ordinal: int | None = None) -> tuple[Finding, ...]:
        """Everything noted, in the order of noting, with a last finding for each list that was cut.

        Args:
            ordinal: ordinal of the statement that they are of.
        """
        more = [
            finding("paypal.more", Location(), title=define(code).title, count=count - LISTED)
            for code, count in self._counts.items()
            if count > LISTED
        ]
        return tuple(at_statement(one, ordinal) for one in (*self._found, *more))


def at_statement(found: Finding, ordinal: int | None) -> Finding:
    """The finding, placed at a statement of the file."""
    location = msgspec.structs.replace(found.location, ordinal=ordinal)
    return msgspec.structs.replace(found, location=location)
