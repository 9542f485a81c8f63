"""Sources while the plan is being made: read, their documents, and what is added to them step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from efimport.documents import Document
from efimport.findings import Finding, Location, finding
from efimport.formats.reading import Hints, Own
from efimport.formats.registry import SourceReading, expand
from efimport.payloads.target import Routed
from efimport.planning.model import PlannedDocument, PlannedSource
from efimport.sources import Limits, Named, Source, find_sources

Progress = Callable[[str], None]


class Draft:
    """A source while the plan is being made.

    Attributes:
        path: as people see it.
        ordinal: its index in the plan.
        documents: in the order of the file.
        added: what checks and routing noticed, one list a document.
        routed: what becomes of each document.
        twin: the earlier source with the same bytes.
        paired_with: index of the source and of the document in it that this file goes along with.
        told: what was noticed about its one document when files were put together.
    """

    def __init__(self, path: str, ordinal: int) -> None:
        self.path = path
        self.ordinal = ordinal
        self.sha256: str | None = None
        self.size: int | None = None
        self.format = "unknown"
        self.encoding: str | None = None
        self.findings: list[Finding] = []
        self.documents: list[Document] = []
        self.added: list[list[Finding]] = []
        self.routed: list[Routed] = []
        self.twin: Draft | None = None
        self.paired_with: tuple[int, int] | None = None
        self.told: list[Finding] = []

    def read(self, source: Source, own: Own, limits: Limits, hints: Hints) -> None:
        """Fill in what the file says of itself and the documents in it."""
        try:
            self.size, self.sha256 = source.size, source.sha256
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.findings.append(finding("source.unreadable", Location(path=source.path), reason=reason))
            return
        reading = SourceReading(source, own, limits, hints)
        for item in reading:
            if isinstance(item, Finding):
                self.findings.append(item)
            else:
                self.documents.append(item)
        self.format, self.encoding = reading.format, reading.encoding
        if source.has_changed():
            self._refuse_all(finding("source.changed", Location(path=source.path)))

    def tell(self, code: str, **arguments: Any) -> None:
        """Note something about its one document, found out by looking at other files."""
        self.told.append(finding(code, Location(path=self.path, ordinal=1), **arguments))

    def go_along(self, partner: Draft, code: str, **arguments: Any) -> None:
        """The file goes with the document of another file, and a finding says so."""
        self.paired_with = (partner.ordinal, 0)
        self.tell(code, **arguments)

    def _refuse_all(self, found: Finding) -> None:
        """What was read of a file that somebody is writing may be half old and half new."""
        self.findings.append(found)
        self.documents = [
            msgspec.structs.replace(document, findings=(*document.findings, found)) for document in self.documents
        ]

    def planned(self, calls: dict[tuple[int, int], str]) -> PlannedSource:
        """The source as the plan shows it; ``calls`` names the call of each document."""
        documents = [
            PlannedDocument(
                document=document,
                findings=(*document.findings, *self.added[index]),
                call=calls.get((self.ordinal, index)),
            )
            for index, document in enumerate(self.documents)
        ]
        return PlannedSource(
            path=self.path,
            sha256=self.sha256,
            size=self.size,
            format=self.format,
            encoding=self.encoding,
            findings=tuple(self.findings),
            documents=tuple(documents),
        )


def read_all(paths: Iterable[Named], own: Own, limits: Limits, hints: Hints, progress: Progress | None) -> list[Draft]:
    """Everything that the paths name, read, in the order in which it was found."""
    drafts: list[Draft] = []
    by_path: dict[str, Draft] = {}
    by_digest: dict[str, Draft] = {}
    for found in expand(find_sources(paths, limits=limits), limits):
        path = found.path if isinstance(found, Source) else found.location.path or ""
        if progress is not None:
            progress(path)
        if isinstance(found, Finding) and path in by_path:
            # An archive is listed before it is unpacked.
            by_path[path].findings.append(found)
            continue
        draft = Draft(path, len(drafts))
        drafts.append(draft)
        by_path[path] = draft
        if isinstance(found, Finding):
            draft.findings.append(found)
        else:
            draft.read(found, own, limits, hints)
            _note_twin(draft, by_digest)
    return drafts


def _note_twin(draft: Draft, by_digest: dict[str, Draft]) -> None:
    if draft.sha256 is None:
        return
    twin = by_digest.setdefault(draft.sha256, draft)
    if twin is not draft:
        draft.twin = twin
        draft.findings.append(finding("source.duplicate", Location(path=draft.path), other=twin.path))
