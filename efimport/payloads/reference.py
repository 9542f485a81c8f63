"""Every call held against the reference, element by element, before it is sent.

What a source or a mapping file gives under the service's own names goes the same way as what is worked out here, and
so nothing reaches the service that its reference does not allow at this site.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from efimport.api.elements import Problem, ProblemKind, problems_of
from efimport.documents import Document
from efimport.findings import Finding, Severity, finding
from efimport.payloads.target import Routed, Target, location

CODES: dict[ProblemKind, str] = {
    "unknown": "payload.element-unknown",
    "missing": "payload.element-missing",
    "value": "payload.element-value",
    "doubtful": "payload.element-doubtful",
    "form": "payload.element-form",
    "length": "payload.element-length",
    "repeated": "payload.element-repeated",
    "together": "payload.element-together",
    "undocumented": "payload.element-undocumented",
}
"""The finding for each kind of problem."""


def held_against(document: Document, routed: Routed, target: Target) -> Routed:
    """The same with a finding for each element that does not fit; without the call where one of them is an error."""
    if routed.call is None:
        return routed
    found = findings_of(document, problems_of(routed.call, target.site))
    if not found:
        return routed
    findings = (*routed.findings, *found)
    if any(one.is_error for one in found):
        return Routed(findings=findings)
    return msgspec.structs.replace(routed, findings=findings)


def findings_of(document: Document, problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """The problems of a document as findings, each once."""
    place = location(document)
    found = (
        finding(
            CODES[problem.kind], place, severity=Severity(problem.severity), element=problem.path, reason=problem.reason
        )
        for problem in problems
    )
    return tuple(dict.fromkeys(found))
