"""What is known of a file of the watched folder that came to rest: the stuff of its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from efimport.findings import Severity
from efimport.journal.places import Place
from efimport.planning.model import State
from efimport.report.model import NEEDS_A_PERSON, Report


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """The file that brought the same before.

    Attributes:
        name: its name.
        sent: when it was sent, in local time; None where that is not known.
        lies: where it lies now, below the watched folder; None where it is not there any more.
    """

    name: str
    sent: dt.datetime | None = None
    lies: str | None = None


class FilePage(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a file that came to rest.

    Attributes:
        place: the folder that it came to.
        names: the files that belong together, as a statement and its PDF.
        arrived: when it was dropped, local time with its offset.
        settled: when it came to rest there, local time with its offset.
        sent: when the service took it, local time with its offset; None where that is when it came to rest. A file
            that a crash kept from its folder may come to rest days later.
        organization: name of the organization.
        folders: names of the folders as they are on the disk.
        earlier: of what had been sent before: the file that brought it.
        notes: what else is to be said of the file itself, above everything.
        report: the report of exactly these files; None for the exact copy of an earlier file.
        entries: number in the journal and label of everything whose outcome a person must find out.
        differs: whether nothing of that may have arrived: it differs from what was sent before under the same number.
        size: bytes of the first file, where no report says so.
        sha256: digest of the first file in hexadecimal, where no report says so.
    """

    place: Place
    names: tuple[str, ...]
    arrived: dt.datetime
    settled: dt.datetime
    organization: str | None
    folders: Mapping[Place, str]
    earlier: Earlier | None = None
    notes: tuple[str, ...] = ()
    report: Report | None = None
    sent: dt.datetime | None = None
    entries: tuple[tuple[int, str], ...] = ()
    differs: bool = False
    size: int | None = None
    sha256: str | None = None


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many documents of a file came to what; a file that gave none and is no copy counts as one.

    Attributes:
        all: how many there are.
        sent: taken by the service now.
        before: there already.
        planned: to be sent, or left over.
        refused: refused by the service.
        rejected: not sent by us.
        unknown: a person must find out.
        errors: findings that stop a document.
        warnings: findings that are worth a look.
    """

    all: int = 0
    sent: int = 0
    before: int = 0
    planned: int = 0
    refused: int = 0
    rejected: int = 0
    unknown: int = 0
    errors: int = 0
    warnings: int = 0

    @property
    def there(self) -> int:
        """How many are in the service."""
        return self.sent + self.before

    @property
    def faults(self) -> int:
        """How many things stand in the way, what the service refused included."""
        return self.errors + self.refused


def count(report: Report | None) -> Count:
    """Counts what a report says; a document that is in two of its files counts once."""
    if report is None:
        return Count()
    states = [one.state for source in report.sources for one in source.documents if not one.again]
    states += [source.state for source in report.sources if source.is_input and source.state is not State.SKIPPED]
    return Count(
        all=len(states),
        sent=states.count(State.ACCEPTED),
        before=states.count(State.SKIPPED),
        planned=states.count(State.PLANNED),
        refused=states.count(State.REFUSED),
        rejected=states.count(State.REJECTED),
        unknown=sum(states.count(state) for state in NEEDS_A_PERSON),
        errors=_findings(report, Severity.ERROR),
        warnings=_findings(report, Severity.WARNING),
    )


def _findings(report: Report, severity: Severity) -> int:
    return sum(finding.severity is severity for source in report.sources for finding in source.all_findings)
