"""What becomes of files that were read: to be looked at, to be sent, or not to be sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from efimport.findings import Severity
from efimport.journal import Place, Step
from efimport.planning.model import Plan, State
from efimport.planning.parts import TWINS
from efimport.report.model import Report
from efimport.report.words import Words

NEEDS_A_PERSON = (State.UNKNOWN, State.HELD, State.SENDING)


class Decision(StrEnum):
    """What is done with files that go together."""

    SEND = "send"
    REVIEW = "review"
    CHANGED = "changed"
    """To be looked at again: what would be sent is no longer what a person saw."""
    REJECT = "reject"
    DUPLICATE = "duplicate"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What the decision rests on.

    Attributes:
        part: the plan of the files alone, as it is sent.
        report: of the files alone, as a dry run.
        steps: what the journal would have done with each thing that is planned, by its key.
        approved: digest of what a person approved; None where nobody did.
        automatic: whether what has no warning is sent without a person.
        doubtful: whether a file may not be complete.
    """

    part: Plan
    report: Report
    steps: Mapping[str, Step]
    approved: str | None
    automatic: bool
    doubtful: bool = False


def decide(case: Case) -> Decision:
    """What is done with files that go together; pure."""
    if not case.part.calls:
        return Decision.DUPLICATE if all_twins(case.report) else Decision.REJECT
    if not any(step is Step.SEND for step in case.steps.values()):
        # Nothing would leave: the journal says what became of it, there is nothing to approve.
        return Decision.SEND
    if case.approved is not None:
        return Decision.SEND if case.approved == digest_of_calls(case.part) else Decision.CHANGED
    clean = not any(found.severity is not Severity.INFO for one in case.report.sources for found in one.all_findings)
    return Decision.SEND if case.automatic and clean and not case.doubtful else Decision.REVIEW


def place_after(report: Report) -> Place | None:
    """The folder for files that were sent, by what became of each document; None where some still wait to be sent."""
    # A file with a fault may have cost a document: it does not pass for well.
    states = {*report.totals.by_state, *report.totals.files_by_state}
    if states & set(NEEDS_A_PERSON):
        return Place.UNKNOWN
    if State.PLANNED in states:
        return None
    if states & {State.REJECTED, State.REFUSED} and not _only_twins_rejected(report):
        return Place.REJECTED
    return Place.SENT if State.ACCEPTED in states else Place.DUPLICATES


def why(report: Report | None) -> str | None:
    """The first reason that stands in a report, those of the most urgent file first; None where all went well."""
    for source in report.by_attention if report else ():
        for reason in (*(document.reason for document in source.documents), source.reason):
            if reason:
                return reason
    return next((call.reason for call in report.calls if call.reason), None) if report else None


def first_warning(report: Report) -> str | None:
    """The first thing that a person should look at; None where there is none."""
    noticed = (found for source in report.sources for found in source.all_findings)
    return next((found.message for found in noticed if found.severity is not Severity.INFO), None)


def contents(report: Report) -> str | None:
    """What is in the files, in a few words of the report's language: kind, number, partner, amount."""
    words = Words(report.language)
    told = next((words.contents(source) for source in report.sources if source.documents), None)
    # One line of a log is searched by people, for whom a blank is a blank.
    return told.replace("\N{NO-BREAK SPACE}", " ") if told else None


def digest_of_calls(plan: Plan) -> str:
    """What would be sent, in one digest: the same as long as every request is the same."""
    parts = sorted(f"{part.key}\n{part.digest}" for call in plan.calls for part in call.parts)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def all_twins(report: Report) -> bool:
    """Whether everything in the files is in another file as well and goes with that."""
    documents = [document for source in report.sources for document in source.documents]
    told = [{found.code for found in document.findings} for document in documents]
    told += [{found.code for found in source.findings} for source in report.sources if source.is_input]
    return bool(told) and all(codes & TWINS for codes in told)


def _only_twins_rejected(report: Report) -> bool:
    wrong = (State.REJECTED, State.REFUSED)
    left_out = [one for source in report.sources for one in source.documents if one.state in wrong]
    files = [source for source in report.sources if source.reason is not None and source.state in wrong]
    return not files and all({found.code for found in one.findings} & TWINS for one in left_out)
