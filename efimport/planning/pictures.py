"""PDFs that picture another file: beside a statement or an e-invoice, with the same name but for the ending."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

import msgspec

from efimport.documents import Attachment, Document, Invoice, Kind, OtherDocument, Statement
from efimport.planning.drafts import Draft

_DOUBLE_SUFFIXES = (".isdoc.pdf", "-isdoc.pdf")


def pair_pictures(drafts: Iterable[Draft]) -> None:
    """Give each such PDF to its document as an attachment.

    A file of several documents has no one picture; of several files of the same name it cannot be told which one is
    meant. The PDF stays a document of its own then.
    """
    drafts = tuple(drafts)
    wanting: dict[str, list[Draft]] = {}
    for draft in drafts:
        if len(draft.documents) == 1 and _wants_picture(draft.documents[0]):
            wanting.setdefault(_stem(draft.path), []).append(draft)
    pictures: dict[str, list[Draft]] = {}
    for draft in drafts:
        if _is_plain_pdf(draft):
            pictures.setdefault(_stem(draft.path), []).append(draft)
    for stem, candidates in pictures.items():
        partners = wanting.get(stem, [])
        if len(candidates) == len(partners) == 1:
            _pair(candidates[0], partners[0])


def _pair(picture: Draft, partner: Draft) -> None:
    if partner.twin is not None and picture.twin is None:
        # The document goes with its first copy, and another picture would not be sent with it.
        return
    document = partner.documents[0]
    assert isinstance(document, Invoice | Statement)
    attachment = Attachment(
        name=_parts(picture.path).name,
        content=picture.documents[0].origin.content,
        media_type="application/pdf",
        visualization=True,
    )
    partner.documents[0] = msgspec.structs.replace(document, attachments=(*document.attachments, attachment))
    picture.paired_with = (partner.ordinal, 0)


def _wants_picture(document: Document) -> bool:
    if isinstance(document, Statement):
        return not document.attachments
    return (
        isinstance(document, Invoice)
        and document.origin.format in ("isdoc", "isdocx")
        and not any(one.visualization for one in document.attachments)
    )


def _is_plain_pdf(draft: Draft) -> bool:
    if len(draft.documents) != 1 or draft.format != "pdf":
        return False
    document = draft.documents[0]
    return isinstance(document, OtherDocument) and document.kind is Kind.FILE


def _stem(path: str) -> str:
    """Folder and name without the ending, however they are capitalized and their accents composed."""
    name = unicodedata.normalize("NFC", path.replace("!", "/").replace("\\", "/")).casefold()
    for suffix in _DOUBLE_SUFFIXES:
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return str(PurePosixPath(name).with_suffix(""))


def _parts(path: str) -> PurePosixPath:
    return PurePosixPath(path.replace("!", "/").replace("\\", "/"))
