"""The files of documents, partners and products: one table of who has files, no code for a single type.

The reference describes the same four methods for thirteen types of document, for partners and, as images, for
products; a partner also has one image. The methods are those of the catalogue's names for which there is a subject, so
a new type of document brings its attachments along.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial

import msgspec
from lxml import etree

from efimport.sandbox.answers import Answer, branch, leaf
from efimport.sandbox.methods.context import Context, Method
from efimport.sandbox.methods.identifying import found_documents
from efimport.sandbox.methods.product_lists import the_product
from efimport.sandbox.methods.tables import DocumentType, document_types
from efimport.sandbox.reading import read_base64, text_of
from efimport.sandbox.request import RefusedError
from efimport.sandbox.state import Attachment
from efimport.sandbox.texts import text

LOWER_CASE = frozenset(
    {"AdvanceInvoice", "ReceivedInvoice", "ReceivedCreditNote", "ReceivedAdvanceInvoice", "WorkOrder", "Partner"}
)
"""Whose label begins with a small letter in "does not have attachemnts." (reference, their AttachmentGet)."""

WITHOUT_FULL_STOP = frozenset({"PartnerAttachmentAdd", "PartnerImageAdd"})
"""Methods of a partner that name a missing key without a full stop; the others end that sentence with one."""


class Owner(msgspec.Struct, frozen=True):
    """What a file belongs to: its internal identifier, and its number or code as the sentences name it."""

    identifier: str
    name: str


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of thing that has files.

    Attributes:
        element: element around the files of an answer, ``SalesInvoice``.
        label: as it stands inside a sentence, ``sales invoice``.
        owner: finds the one that a request names; raises RefusedError.
        parameter: the parameter that carries the file.
        added: name of the sentence for a file that was added.
        unreadable: name of the sentence for contents that are no base64 or nothing.
    """

    element: str
    label: str
    owner: Callable[[Context], Owner]
    parameter: str = "attachment"
    added: str = "attachment-added"
    unreadable: str = "attachment-unreadable"

    @property
    def opening_label(self) -> str:
        """The label at the beginning of the sentence that there are no files."""
        return self.label if self.element in LOWER_CASE else self.label[:1].upper() + self.label[1:]


def offered() -> dict[str, Method]:
    """The methods by name."""
    from efimport.api.catalogue import methods as documented

    several: dict[str, Callable[..., Answer]] = {
        "Add": add_file,
        "SetDefault": partial(add_file, is_default=True),
        "Get": get_file,
        "List": list_files,
    }
    partner = Subject(element="Partner", label="partner", owner=_partner)
    product = Subject(
        element="Product",
        label="product",
        owner=_product,
        parameter="image",
        added="product-image-added",
        unreadable="image-unreadable",
    )
    subjects = {f"{name}Attachment": _subject(kind) for name, kind in document_types().items()}
    subjects |= {"PartnerAttachment": partner, "ProductImage": product}
    table: dict[str, Method] = {
        stem + action: partial(function, subject=subject)
        for stem, subject in subjects.items()
        for action, function in several.items()
    }
    table["PartnerImageAdd"] = partial(set_image, subject=partner)
    table["PartnerImageGet"] = partial(get_image, subject=partner)
    table["PartnerImageRemove"] = partial(remove_image, subject=partner)
    return {name: method for name, method in table.items() if name in documented()}


def _subject(kind: DocumentType) -> Subject:
    return Subject(element=kind.name, label=kind.label.lower(), owner=partial(_document, kind=kind))


def add_file(context: Context, subject: Subject, *, is_default: bool = False) -> Answer:
    """Attach a file; the same file again is a second one (assumed, the worst case for a client).

    Raises:
        RefusedError: there is no such owner, no file, or the file cannot be read.
    """
    owner = subject.owner(context)
    sent = _sent_file(context, subject)
    files = context.state.attachments.setdefault(owner.identifier, [])
    if is_default:
        for file in files:
            file.is_default = False
    sent.is_default = is_default
    files.append(sent)
    return _said(subject.added, file=sent.file_name, label=subject.label, name=owner.name)


def get_file(context: Context, subject: Subject) -> Answer:
    """The default file; the first one where none was set as default (assumed).

    Raises:
        RefusedError: there is no such owner, or it has no files.
    """
    files = _files_of(context, subject)
    return _shown(subject, [next((file for file in files if file.is_default), files[0])])


def list_files(context: Context, subject: Subject) -> Answer:
    """All files in the order in which they were added.

    Raises:
        RefusedError: there is no such owner, or it has no files.
    """
    return _shown(subject, _files_of(context, subject))


def set_image(context: Context, subject: Subject) -> Answer:
    """Set the one image; an old one is removed (reference, PartnerImageAdd).

    Raises:
        RefusedError: there is no such owner, no file, or the file cannot be read.
    """
    owner = subject.owner(context)
    image = _sent_file(context, subject)
    context.state.images[owner.identifier] = image
    return _said("image-added", file=image.file_name, name=owner.name)


def get_image(context: Context, subject: Subject) -> Answer:
    """The image.

    Raises:
        RefusedError: there is no such owner, or it has no image.
    """
    return _shown(subject, [_image_of(context, subject.owner(context))])


def remove_image(context: Context, subject: Subject) -> Answer:
    """Take the image away.

    Raises:
        RefusedError: there is no such owner, or it has no image.
    """
    owner = subject.owner(context)
    image = _image_of(context, owner)
    del context.state.images[owner.identifier]
    return _said("image-removed", file=image.file_name, name=owner.name)


def _document(context: Context, kind: DocumentType) -> Owner:
    number = context.request.value("number")
    if not number and not context.request.value("documentID"):
        raise RefusedError(text("attachment-number"))
    hits = found_documents(context, kind)
    if not hits:
        named = number or context.request.value("documentID")
        raise RefusedError(text("attachment-owner-unknown", label=kind.label.lower(), number=named))
    if len(hits) > 1:
        raise RefusedError(text("several-documents"))
    return Owner(hits[0].document_id, hits[0].number)


def _partner(context: Context) -> Owner:
    code, identifier = context.request.value("partnerCode"), context.request.value("documentID")
    if not code and not identifier:
        ends = context.request.method not in WITHOUT_FULL_STOP
        raise RefusedError(text("partner-key-required" if ends else "partner-code-required"))
    for entry in context.state.partners.values():
        if code in ("", entry.code) and identifier in ("", entry.document_id):
            return Owner(entry.document_id, entry.code)
    raise RefusedError(text("partner-code-unknown", code=code or identifier))


def _product(context: Context) -> Owner:
    entry = the_product(context)
    return Owner(entry.document_id, entry.code)


def _sent_file(context: Context, subject: Subject) -> Attachment:
    """The file of a request: contents in base64 and fileName directly below the parameter."""
    parameter = context.request.parameter(subject.parameter)
    if parameter is None or (parameter.form != "nested" and not parameter.value.strip()):
        raise RefusedError(text("attachment-missing", name=subject.parameter))
    content = read_base64(text_of(parameter.element, "contents")) if parameter.form == "nested" else None
    if content is None:
        raise RefusedError(text(subject.unreadable, name=subject.parameter))
    file_name = text_of(parameter.element, "fileName")
    if not file_name:
        raise RefusedError(text("file-name-missing"))
    return Attachment(file_name=file_name, content=content, method=context.request.method)


def _files_of(context: Context, subject: Subject) -> list[Attachment]:
    files = context.state.attachments.get(subject.owner(context).identifier)
    if not files:
        raise RefusedError(text("attachment-none", label=subject.opening_label))
    return files


def _image_of(context: Context, owner: Owner) -> Attachment:
    image = context.state.images.get(owner.identifier)
    if image is None:
        raise RefusedError(text("image-none"))
    return image


def _shown(subject: Subject, files: list[Attachment]) -> Answer:
    return Answer(elements=(branch(subject.element, branch("Attachments", *map(_tree, files))),), as_list=True)


def _tree(file: Attachment) -> etree._Element:
    contents = leaf("contents", base64.b64encode(file.content).decode("ascii"))
    contents.set("encoding", "BASE64")
    return branch("Attachment", leaf("fileName", file.file_name), contents)


def _said(sentence: str, **fields: str) -> Answer:
    return Answer(elements=(leaf("message", text(sentence, **fields)),))
