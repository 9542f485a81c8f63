"""A document that a call takes, before it is decided whether the call is made."""

from __future__ import annotations

from typing import Any

from efimport.api import catalogue, wire
from efimport.api.call import Call
from efimport.documents import Document
from efimport.findings import Location, Severity, finding
from efimport.payloads.target import Routed
from efimport.planning.drafts import Draft
from efimport.planning.model import PlannedCall, Repeat, key_of

KEY_VERSION = 1
"""Version of the identity in a journal's key; an older version is looked up as well when the rule changes."""


class Candidate:
    """A document that a call takes."""

    def __init__(self, draft: Draft, index: int, routed: Routed, organization: str) -> None:
        assert routed.call is not None
        self.draft = draft
        self.index = index
        self.routed = routed
        self.call: Call = routed.call
        self.document: Document = draft.documents[index]
        self.thing = f"{KEY_VERSION}|{organization}|{self.call.method}|{routed.identity}"
        self.occurrence = 1
        self.digest = wire.digest(wire.encode(self.call))
        self.substance = routed.substance or self.digest
        self.companions: list[tuple[int, int]] = []

    @property
    def key(self) -> str:
        """The identity of the document; the second of the same identity in one file has a counter."""
        return key_of(self.thing, self.occurrence)

    @property
    def position(self) -> tuple[int, int]:
        """Index of the source and of the document in it."""
        return self.draft.ordinal, self.index

    def note(self, code: str, severity: Severity | None = None, /, **arguments: Any) -> None:
        """A finding about the document."""
        origin = self.document.origin
        place = Location(path=self.draft.path, line=origin.line, ordinal=origin.ordinal)
        self.draft.added[self.index].append(finding(code, place, severity=severity, **arguments))

    def planned(self, name: str, import_type: str) -> PlannedCall:
        """The call of the plan."""
        return PlannedCall(
            id=name,
            call=self.call,
            key=self.key,
            digest=self.digest,
            substance=self.substance,
            repeat=Repeat(catalogue.method(self.call.method).repeat_of(self.call)),
            overwrites=import_type != "createOnly" and "importType" in self.call,
            occurrence=self.occurrence,
            documents=(self.position, *self.companions),
            number=self.document.number,
            file_name=self.routed.file_name,
            effects=self.routed.effects,
        )
