"""Documents that a script has in memory already: they go through checks and routing as those of files do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from efimport.documents import Document
from efimport.findings import Finding
from efimport.planning.drafts import Draft


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """Documents of one source, read before the plan is made.

    Attributes:
        path: name of the source, as people see it.
        documents: its documents, in their order.
        findings: what was noticed about the source as a whole.
    """

    path: str
    documents: tuple[Document, ...] = ()
    findings: tuple[Finding, ...] = ()

    def draft(self, ordinal: int) -> Draft:
        """The source in a plan."""
        draft = Draft(self.path, ordinal)
        draft.documents = list(self.documents)
        draft.findings = list(self.findings)
        contents = list(dict.fromkeys(document.origin.content for document in self.documents))
        if contents:
            digest = hashlib.sha256()
            for content in contents:
                digest.update(content)
            draft.sha256, draft.size = digest.hexdigest(), sum(map(len, contents))
            draft.format = self.documents[0].origin.format
        return draft


def by_source(documents: Iterable[Document], findings: Sequence[Finding] = ()) -> list[Given]:
    """Documents and findings put together by the source that they come from, in the order of the first of each.

    Args:
        documents: documents, their numbers inside a source in any order.
        findings: what was noticed about the sources.
    """
    known: dict[str, tuple[list[Document], list[Finding]]] = {}
    for document in documents:
        known.setdefault(document.origin.path, ([], []))[0].append(document)
    for one in findings:
        known.setdefault(one.location.path or "-", ([], []))[1].append(one)
    return [Given(path=path, documents=tuple(those), findings=tuple(told)) for path, (those, told) in known.items()]
