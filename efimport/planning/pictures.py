"""PDFs that picture another file: beside a statement or an e-invoice, with the same name but for the ending.

``faktura.pdf`` pictures ``faktura.isdoc``, and so do ``faktura.isdoc.pdf`` and ``faktura-isdoc.pdf`` (ISDOC 6.0.2
specification, ISDOC.PDF), where nothing is embedded in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from efimport.documents import Attachment, Document, Invoice, Kind, Order, OtherDocument, Statement
from efimport.payloads import takes_picture
from efimport.payloads.target import Target
from efimport.planning.drafts import Draft
from efimport.planning.names import FileName, file_name

_CONVENTIONS = (".isdoc", "-isdoc")
_WHOLE_NAME, _STEM = 0, 1
"""How much of the other file's name a PDF bears; the whole name says more."""


class _Named:
    """Files by the names under which a PDF may picture them."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        self.whole: dict[tuple[str, str], list[Draft]] = defaultdict(list)
        self.stems: dict[tuple[str, str], list[Draft]] = defaultdict(list)
        for draft in drafts:
            name = file_name(draft.path)
            self.whole[name.folder, name.name].append(draft)
            self.stems[name.folder, name.stem].append(draft)

    def pictured_by(self, name: FileName) -> tuple[int, list[Draft]]:
        """The files that a PDF of this name may picture, and how much of their name it bears."""
        whole = self.whole.get((name.folder, name.stem))
        if whole:
            return _WHOLE_NAME, whole
        for stem in (name.stem, *(name.stem.removesuffix(end) for end in _CONVENTIONS if name.stem.endswith(end))):
            found = self.stems.get((name.folder, stem))
            if found:
                return _STEM, found
        return _STEM, []


def pair_pictures(drafts: Sequence[Draft], target: Target) -> None:
    """Give each such PDF to its document as an attachment.

    A file of several documents has no one picture; of several files of the same name it cannot be told which one is
    meant, and a call may have no place for a picture. The PDF stays a document of its own then, which is said.

    Args:
        drafts: all sources, in their order.
        target: whose plan it is; the settings decide which calls are made.
    """
    single = [draft for draft in drafts if len(draft.documents) == 1]
    takers = _Named(draft for draft in single if _wants_picture(draft.documents[0], target))
    placeless = _Named(draft for draft in single if _has_no_place(draft.documents[0], target))
    claims: dict[tuple[int, ...], list[tuple[int, Draft]]] = defaultdict(list)
    for draft in single:
        if not _is_plain_pdf(draft):
            continue
        name = file_name(draft.path)
        level, partners = takers.pictured_by(name)
        if len(partners) > 1 and not _one_statement(partners):
            _tell_ambiguous(draft, partners)
        elif partners:
            claims[tuple(partner.ordinal for partner in partners)].append((level, draft))
        else:
            _tell_alone(draft, placeless.pictured_by(name)[1])
    for ordinals, claimed in claims.items():
        _settle([drafts[ordinal] for ordinal in ordinals], claimed)


def _settle(partners: list[Draft], claimed: list[tuple[int, Draft]]) -> None:
    """Of several PDFs of one file the one that bears its whole name; none where there are several of those."""
    best = min(level for level, _ in claimed)
    chosen = [draft for level, draft in claimed if level == best]
    for _, draft in claimed:
        if len(chosen) > 1 or draft is not chosen[0]:
            _tell_ambiguous(draft, [*partners, *(other for _, other in claimed if other is not draft)])
    if len(chosen) == 1:
        _pair(chosen[0], partners)


def _pair(picture: Draft, partners: list[Draft]) -> None:
    """The PDF goes along with its document; with each form of a statement, because only one of them is sent."""
    if all(partner.twin is not None for partner in partners) and picture.twin is None:
        # The document goes with its first copy, and another picture would not be sent with it.
        return
    shown = Attachment(
        name=_name(picture.path),
        content=picture.documents[0].origin.content,
        media_type="application/pdf",
        visualization=True,
    )
    if any(one.content != shown.content for partner in partners for one in _pictures(partner.documents[0])):
        _tell_alone(picture, partners)
        return
    for partner in partners:
        document = partner.documents[0]
        assert isinstance(document, Invoice | Statement)
        others = (one for one in document.attachments if one.content != shown.content)
        partner.documents[0] = msgspec.structs.replace(document, attachments=(shown, *others))
    picture.go_along(partners[0], "routing.pdf-paired", other=partners[0].path)


def _pictures(document: Document) -> Iterator[Attachment]:
    """The pictures that a document has already: inside its archive, or the PDF that it is embedded in."""
    assert isinstance(document, Invoice | Statement)
    return (one for one in document.attachments if one.visualization)


def _one_statement(partners: list[Draft]) -> bool:
    """Whether the files are one statement in several formats, of which only one will be sent."""
    statements = [draft.documents[0] for draft in partners]
    signs = set()
    for one in statements:
        if not isinstance(one, Statement) or not one.entries:
            return False
        signs.add((tuple(sorted(entry.amount for entry in one.entries)), one.opening, one.closing))
    return len(signs) == 1 and len({one.origin.format for one in statements}) == len(statements)


def _tell_ambiguous(picture: Draft, others: list[Draft]) -> None:
    picture.tell("routing.pdf-ambiguous", others=", ".join(draft.path for draft in others))


def _tell_alone(picture: Draft, others: list[Draft]) -> None:
    if others:
        picture.tell("routing.pdf-alone", other=others[0].path)


def _wants_picture(document: Document, target: Target) -> bool:
    return isinstance(document, Invoice | Statement) and takes_picture(document, target)


def _has_no_place(document: Document, target: Target) -> bool:
    return isinstance(document, Invoice | Order) and not takes_picture(document, target)


def _is_plain_pdf(draft: Draft) -> bool:
    """Whether the file is a PDF that goes as it is: whole, and without an invoice inside."""
    document = draft.documents[0]
    return (
        draft.format == "pdf"
        and isinstance(document, OtherDocument)
        and document.kind is Kind.FILE
        and not any(one.is_error for one in (*draft.findings, *document.findings))
    )


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].rpartition("!")[2]
