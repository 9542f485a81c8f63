"""What an answer carries: the documents of a list, and PDF files, attachments and pictures as bytes."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator

import msgspec

from efimport.api.call import Element
from efimport.errors import UnknownOutcomeError
from efimport.messages import message

PDF = "pdfFile"
"""The element of a PDF (web service reference, SalesInvoiceGetPDF)."""
CONTENTS, FILE_NAME = "contents", "fileName"
"""The elements of an attachment (web service reference, SalesInvoiceAttachmentGet)."""

_WORDS = ("message", "error")


class AnswerFile(msgspec.Struct, frozen=True):
    """A file in an answer.

    Attributes:
        name: the name that the service gives it, which may be any text; ``NUMBER.pdf`` for a PDF.
        content: the bytes.
    """

    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"AnswerFile({self.name!r}, {len(self.content)} bytes)"


def documents_in(elements: Iterable[Element]) -> tuple[Element, ...]:
    """The documents of a List or Get, without what stands around them."""
    return tuple(_documents(element for element in elements if element.name not in _WORDS))


def _documents(elements: Iterable[Element]) -> Iterator[Element]:
    for element in elements:
        if _is_list(element):
            yield from element.children
        elif element.children or element.attributes:
            yield element


def _is_list(element: Element) -> bool:
    """Whether it holds entries alone: SalesInvoices of SalesInvoice, BillsOfMaterials of BillOfMaterials."""
    names = {child.name for child in element.children}
    return (
        len(names) == 1
        and all(child.children or child.attributes for child in element.children)
        and (len(element.children) > 1 or element.name.endswith(("s", "Entries", "List")))
    )


def files_in(elements: tuple[Element, ...]) -> tuple[AnswerFile, ...]:
    """All files inside, at any depth, in their order.

    Raises:
        UnknownOutcomeError: the contents of one are not base64.
    """
    return tuple(_files(elements))


def _files(elements: tuple[Element, ...]) -> Iterator[AnswerFile]:
    texts = {element.name: str(element.value or "") for element in elements if not element.children}
    if PDF in texts:
        yield AnswerFile(f"{texts.get('number') or 'document'}.pdf", _bytes(texts[PDF]))
    if CONTENTS in texts:
        yield AnswerFile(texts.get(FILE_NAME) or "attachment", _bytes(texts[CONTENTS]))
    for element in elements:
        yield from _files(element.children)


def _bytes(text: str) -> bytes:
    """The bytes of base64, white space in it tolerated (RFC 4648, section 4)."""
    try:
        return b64decode(re.sub(r"\s", "", text).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise UnknownOutcomeError(
            message("The answer carries a file whose contents are not base64."),
            message("Ask for it again."),
        ) from None
