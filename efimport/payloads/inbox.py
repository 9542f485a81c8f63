"""The document inbox: received e-invoices, statements where the settings say so, and files that go as they are.

Source: web service reference, DocumentInboxImport and DocumentInboxAddEntry. ``checkExisting`` is always sent: it makes
the service refuse a repeat. It compares file names as well, and so two different files of one name would be taken for
one; the name that is sent therefore ends with the beginning of the content's digest, which also lets a search by name
prove that exactly this file arrived. The other options are sent only where the settings ask for them, and
``automaticallyImportDocument`` only for what it is documented for: received invoices and bank statements. A file that
nobody has read is never booked without a person.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import PurePosixPath

import msgspec

from efimport.api.call import File, Files
from efimport.api.catalogue import Argument
from efimport.checks.ownership import is_ours
from efimport.documents import Attachment, Invoice, Kind, OtherDocument, Statement
from efimport.findings import Finding, finding
from efimport.messages import message
from efimport.payloads.conversion import as_isdoc
from efimport.payloads.target import Routed, Target, content_digest, location, make, refused

DIGEST_LETTERS = 8
E_INVOICE = "isdoc"
"""The format of received documents that the inbox reads; others are converted to it."""
E_INVOICE_SITES = ("CZ",)
"""Sites whose reference names it."""
IMPORTED = frozenset({Kind.RECEIVED_INVOICE, Kind.BANK_STATEMENT})
"""Kinds that the service imports by itself out of the inbox ("for now only received invoices and bank statements")."""


def electronic_invoice(invoice: Invoice, method: str, target: Target) -> Routed:
    """A received document: its own bytes where they are an e-invoice, else converted; and its picture.

    Raises:
        CallError: the call does not fit the reference.
    """
    if invoice.kind is Kind.TAX_DOCUMENT_ON_PAYMENT and is_ours(target.own, invoice.supplier):
        # The inbox holds what others sent to us; our own tax document has no call.
        return refused(invoice, "routing.no-call", kind=invoice.kind.value)
    if invoice.cancelled:
        return refused(invoice, "routing.cancelled")
    if invoice.origin.format != E_INVOICE:
        return _of_the_site(_converted(invoice, method, target), invoice, target)
    if not invoice.origin.content:
        return refused(invoice, "routing.no-content")
    name = _with_suffix(base_name(invoice.origin.path), ".isdoc")
    return _of_the_site(_import(invoice.origin.content, name, invoice, method, target), invoice, target)


def _of_the_site(routed: Routed, invoice: Invoice, target: Target) -> Routed:
    """The same with a word where the reference of the site does not name ISDOC (Slovenia: eSLOG)."""
    if routed.call is None or target.site in E_INVOICE_SITES:
        return routed
    reason = message(
        "The reference shows ISDOC in the inbox at the site CZ alone, and the document is for the site {site}.",
        site=target.site,
    )
    told = finding("payload.element-undocumented", location(invoice), element="electronicDocument", reason=reason)
    return msgspec.structs.replace(routed, findings=(*routed.findings, told))


def _converted(invoice: Invoice, method: str, target: Target) -> Routed:
    content, problems = as_isdoc(invoice, target.own)
    if content is None:
        return Routed(findings=problems)
    routed = _import(content, f"{invoice.number}.isdoc", invoice, method, target)
    supplier = invoice.supplier
    issuer = (supplier.registration_number or supplier.vat_id or supplier.name) if supplier else None
    # Not the digest of what was converted: a later version may write it another way, and it would be sent again.
    identity = f"{issuer or '-'} {invoice.kind} {invoice.number}"
    return msgspec.structs.replace(routed, identity=identity, findings=(*problems, *routed.findings))


def statement(document: Statement, target: Target) -> Routed:
    """A ČBA XML statement by way of the inbox.

    Raises:
        CallError: the call does not fit the reference.
    """
    name = _with_suffix(base_name(document.origin.path), ".xml")
    return _import(document.origin.content, name, document, "DocumentInboxImport", target)


def entry(document: OtherDocument, method: str, target: Target) -> Routed:
    """A file as it is: PDF, picture, an e-invoice in a format without a reader; with the files that belong to it.

    Raises:
        CallError: the call does not fit the reference.
    """
    content = document.origin.content
    if not content:
        return refused(document, "routing.no-content")
    name = unique_name(document.file_name or base_name(document.origin.path), content)
    moment, identity = _moment(document.date), content_digest(content)
    others = _further(document.attachments, content) if target.inbox.group_files else []
    digests = [identity, *(content_digest(one.content) for one in others)]
    if others:
        files: File | Files = _together([File(content, name), *others], moment, target)
    else:
        files = File(content, name, moment, target.inbox_wrapper)
    call = make(method, [("checkExisting", target.inbox.check_existing), ("document", files)], target.site)
    left_behind = 0 if target.inbox.group_files else len(document.attachments)
    return Routed(
        call=call,
        identity=identity,
        file_name=name,
        # With another file beside it the entry is another one, and a person has to decide on it.
        substance=content_digest(" ".join(digests).encode()) if others else identity,
        findings=_not_carried(document, left_behind),
        pictured=bool(others),
    )


def _further(attachments: tuple[Attachment, ...], first: bytes) -> list[File]:
    """The further files of an entry, each once."""
    contents = {first}
    files = []
    for one in attachments:
        if one.content not in contents:
            contents.add(one.content)
            files.append(File(one.content, unique_name(one.name, one.content)))
    return files


def _together(files: list[File], moment: dt.datetime | None, target: Target) -> Files:
    """Several files as one entry; the names of the two elements around them are a setting."""
    choices = target.inbox
    return Files(tuple(files), moment, target.inbox_wrapper, choices.list_element, choices.entry_element)


def _import(content: bytes, name: str, document: Invoice | Statement, method: str, target: Target) -> Routed:
    name = unique_name(name, content)
    moment = _moment(document.date)
    automatic = target.inbox.automatically_import and document.kind in IMPORTED
    arguments: list[tuple[str, Argument]] = [("checkExisting", target.inbox.check_existing)]
    if target.inbox.all_organizations:
        arguments.append(("allOrganizations", True))
    arguments.append(("electronicDocument", File(content, name, moment, target.inbox_wrapper)))
    picture = _picture(document.attachments)
    if picture is not None:
        picture_name = unique_name(picture.name, picture.content)
        file = File(picture.content, picture_name, moment, target.inbox_wrapper)
        arguments.append(("documentVisualization", file))
    if automatic:
        arguments.append(("automaticallyImportDocument", True))
    identity = content_digest(content)
    return Routed(
        call=make(method, arguments, target.site),
        identity=identity,
        findings=_not_carried(document, _left_behind(document, picture)),
        effects=("effect.imports-automatically",) if automatic else (),
        file_name=name,
        substance=identity,
        pictured=picture is not None,
    )


def _picture(attachments: tuple[Attachment, ...]) -> Attachment | None:
    return next((attachment for attachment in attachments if attachment.visualization), None)


def _left_behind(document: Invoice | Statement, picture: Attachment | None) -> int:
    """How many files came with the document and go neither as its picture nor inside it."""
    containers = {base_name(path) for path in _containers(document.origin.path)}
    if picture is not None and picture.name in containers:
        return 0  # the PDF that the document was embedded in holds the others as well
    return sum(one is not picture for one in document.attachments)


def _containers(path: str) -> list[str]:
    return path.split("!")[:-1]


def _not_carried(document: Invoice | Statement | OtherDocument, count: int) -> tuple[Finding, ...]:
    if not count:
        return ()
    return (finding("payload.attachments-not-carried", location(document), count=count),)


def _moment(date: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(date, dt.time()) if date else None  # a day has no zone


def base_name(path: str) -> str:
    """File name without its folders and its container."""
    return PurePosixPath(path.replace("\\", "/").replace("!", "/")).name


def unique_name(name: str, content: bytes) -> str:
    """The name with the beginning of the content's digest before its ending."""
    clean = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]+", "_", name).strip() or "document"
    path = PurePosixPath(clean)
    return f"{path.stem}-{content_digest(content)[:DIGEST_LETTERS]}{path.suffix}"


def _with_suffix(name: str, suffix: str) -> str:
    return name if name.lower().endswith(suffix) else f"{PurePosixPath(name).stem}{suffix}"
