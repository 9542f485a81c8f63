"""The document inbox: received e-invoices, statements where the settings say so, and files that go as they are.

Source: web service reference, DocumentInboxImport and DocumentInboxAddEntry. ``checkExisting`` is always sent: it makes
the service refuse a repeat. It compares file names as well, and so two different files of one name would be taken for
one; the name that is sent therefore ends with the beginning of the content's digest, which also lets a search by name
prove that exactly this file arrived.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from pathlib import PurePosixPath

from efimport.api.call import File
from efimport.api.catalogue import Argument
from efimport.documents import Attachment, Invoice, OtherDocument, Statement
from efimport.payloads.target import Routed, Target, make, refused

DIGEST_LETTERS = 8


def electronic_invoice(invoice: Invoice, method: str, target: Target) -> Routed:
    """An ISDOC invoice: the original bytes, and its picture where there is one.

    Raises:
        CallError: the site has no document inbox.
    """
    if invoice.origin.format == "pohoda":
        from efimport.payloads.conversion import as_isdoc

        content, problems = as_isdoc(invoice)
        if content is None:
            return Routed(findings=problems)
        name = f"{invoice.number or 'document'}.isdoc"
    else:
        content, problems = invoice.origin.content, ()
        name = _with_suffix(base_name(invoice.origin.path), ".isdoc")
    if not content:
        return refused(invoice, "routing.no-content")
    routed = _import(content, name, invoice.date, _picture(invoice.attachments), method, target)
    return Routed(call=routed.call, identity=routed.identity, file_name=routed.file_name, findings=problems)


def statement(document: Statement, target: Target) -> Routed:
    """A ČBA XML statement by way of the inbox.

    Raises:
        CallError: the site has no document inbox.
    """
    name = _with_suffix(base_name(document.origin.path), ".xml")
    picture = _picture(document.attachments)
    return _import(document.origin.content, name, document.date, picture, "DocumentInboxImport", target)


def entry(document: OtherDocument, method: str, target: Target) -> Routed:
    """A file as it is: PDF, picture, an e-invoice in a format without a reader.

    Raises:
        CallError: the site has no document inbox.
    """
    content = document.origin.content
    if not content:
        return refused(document, "routing.no-content")
    name = unique_name(document.file_name or base_name(document.origin.path), content)
    file = File(content, name, _moment(document.date), target.inbox_wrapper)
    call = make(method, [("checkExisting", True), ("document", file)], target.site)
    return Routed(call=call, identity=digest(content), file_name=name)


def _import(
    content: bytes, name: str, date: dt.date | None, picture: Attachment | None, method: str, target: Target
) -> Routed:
    name = unique_name(name, content)
    moment = _moment(date)
    arguments: list[tuple[str, Argument]] = [
        ("checkExisting", True),
        ("electronicDocument", File(content, name, moment, target.inbox_wrapper)),
    ]
    if picture is not None:
        picture_name = unique_name(picture.name, picture.content)
        file = File(picture.content, picture_name, moment, target.inbox_wrapper)
        arguments.append(("documentVisualization", file))
    return Routed(call=make(method, arguments, target.site), identity=digest(content), file_name=name)


def _picture(attachments: tuple[Attachment, ...]) -> Attachment | None:
    return next((attachment for attachment in attachments if attachment.visualization), None)


def _moment(date: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(date, dt.time()) if date else None  # a day has no zone


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def base_name(path: str) -> str:
    """File name without its folders and its container."""
    return PurePosixPath(path.replace("\\", "/").replace("!", "/")).name


def unique_name(name: str, content: bytes) -> str:
    """The name with the beginning of the content's digest before its ending."""
    clean = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]+", "_", name).strip() or "document"
    path = PurePosixPath(clean)
    return f"{path.stem}-{digest(content)[:DIGEST_LETTERS]}{path.suffix}"


def _with_suffix(name: str, suffix: str) -> str:
    return name if name.lower().endswith(suffix) else f"{PurePosixPath(name).stem}{suffix}"
