"""What the sandbox holds: documents by type, statements, inbox, partners, products; in memory, and in a JSON file."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path

import msgspec

_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,18})")
_YEAR_LAST = re.compile(r"([0-9]{1,18})/([0-9]{2}|[0-9]{4})")
_COUNT = re.compile(r"[0-9]{1,18}")


class Document(msgspec.Struct, kw_only=True):
    """A document as it was imported.

    Attributes:
        type: name in the table of document types, ``SalesInvoice``.
        document_id: internal identifier, ``60:1``.
        number: formatted number.
        date: document date, YYYY-MM-DD.
        partner: name of the buyer or supplier.
        total: total including VAT in the document's currency; None where the data give none.
        currency: ISO 4217; empty where the data name none.
        method: the method that stored it last.
        data_format: ``eurofakturaXML``, ``POHODA`` or ``ISDOC``.
        payload_sha256: SHA-256 of the POHODA bytes, or of the canonical XML of the nested parameter.
        raw: those bytes.
        received: requests that named this document, refused ones included.
        written: times that it was stored.
        properties: texts of its simple elements, to answer Get and List from.
        unknown_elements: elements that the reference does not list for this document.
        posted: whether it was posted, and can no longer be overwritten.
        internal_number: number that the service gives a received document.
        payments: payment records, each as the parameters that it was sent in.
        created_by: the method that made it.
        issuer: the user who made it, in upper case.
        business_year: four digits.
        sent: whether it was marked as sent, or sent by e-mail.
        emailed: whether it was sent by e-mail.
        cancelled: whether there is a cancellation document for it.
        cancelled_document: of a cancellation document, the identifier of the document that it cancels.
        installments: dates and amounts, as they were sent.
        references: numbers of other documents, by the element of Get that lists them.
        moves: what it moved in stock: warehouse, product code, quantity.
        link_expires: date on which its public link ends; empty for none.
    """

    type: str
    document_id: str
    number: str
    date: str
    partner: str = ""
    total: Decimal | None = None
    currency: str = ""
    method: str = ""
    data_format: str = "eurofakturaXML"
    payload_sha256: str = ""
    raw: bytes = b""
    received: int = 1
    written: int = 1
    status: str = ""
    properties: dict[str, str] = {}
    unknown_elements: list[str] = []
    posted: bool = False
    internal_number: str = ""
    payments: list[dict[str, str]] = []
    created_by: str = ""
    issuer: str = ""
    business_year: str = ""
    sent: bool = False
    emailed: bool = False
    cancelled: bool = False
    cancelled_document: str = ""
    installments: list[dict[str, str]] = []
    references: dict[str, list[str]] = {}
    moves: list[tuple[str, str, Decimal]] = []
    link_expires: str = ""


class Mail(msgspec.Struct, kw_only=True):
    """An e-mail that the real service would have sent; here it goes no farther than the outbox.

    Attributes:
        kind: type of the document, ``SalesInvoice``.
        document_id: the document.
        number: its number.
        recipients: addresses, one by one.
        sender, cc, bcc, subject, message: as they were sent; empty where they were absent.
        is_html: whether the message was declared to be HTML.
        entered: when it was asked for.
    """

    kind: str
    document_id: str
    number: str
    recipients: list[str]
    sender: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    message: str = ""
    is_html: bool = False
    entered: str = ""


class Statement(msgspec.Struct, kw_only=True):
    """An imported bank statement; one entry for each import, so that doubles show."""

    number: int
    account: str
    type: str
    sha256: str
    size: int
    date_format: str = ""
    pdf_sha256: str | None = None
    pdf_file_name: str = ""
    method: str = "BankStatementImport"


class InboxEntry(msgspec.Struct, kw_only=True):
    """An entry of the document inbox.

    Attributes:
        form: ``flat`` or ``wrapped:`` and the names of the elements around the file.
        sha256: SHA-256 of each file in order, without the visualization.
        sent_dates: ``documentDate`` of each file as it was sent; empty where there was none.
        visualization_name, visualization_date: as they were sent.
        asked: the options that were sent, by name: ``checkExisting`` and the like.
        imported: the document that automaticallyImportDocument made of it.
    """

    sequential_number: int
    method: str
    kind: str
    form: str
    file_names: list[str]
    sha256: list[str]
    document_number: str = ""
    document_date: str = ""
    partner: str = ""
    account: str = ""
    organization: str = ""
    entered: str = ""
    status: str = "Open"
    sent_dates: list[str] = []
    visualization_sha256: str | None = None
    visualization_name: str = ""
    visualization_date: str = ""
    asked: dict[str, str] = {}
    imported: str | None = None


class Entry(msgspec.Struct, kw_only=True):
    """A partner, a product or a product group: its code, and the element as it is kept (``raw``, canonical XML).

    Attributes:
        payload_sha256: SHA-256 of the canonical XML of what was sent last.
        unknown_elements: elements in it that the reference does not list.
        price_calculation: the price calculation of a product as it is kept, canonical XML; empty without one.
    """

    code: str
    document_id: str
    name: str
    registration_number: str = ""
    method: str = ""
    payload_sha256: str = ""
    raw: bytes = b""
    received: int = 1
    written: int = 1
    unknown_elements: list[str] = []
    price_calculation: bytes = b""


class Attachment(msgspec.Struct, kw_only=True):
    """A file that was attached to a document, a partner or a product; every Add makes one, so that doubles show.

    Attributes:
        file_name: as it was sent.
        content: the bytes.
        method: the method that attached it.
        is_default: whether Get answers it.
    """

    file_name: str
    content: bytes
    method: str = ""
    is_default: bool = False


class State(msgspec.Struct, kw_only=True):
    """Everything that the sandbox holds.

    Attributes:
        documents: by type and key; the key is the number, of received documents the supplier and the number.
        statements: in the order of their import.
        inbox: in the order of their arrival.
        partners: by partner code.
        products: by product code.
        product_groups: by product group code.
        discount_actions: price discount actions, each as the texts of its elements; every Add makes one.
        attachments: by the internal identifier of the document, partner or product, in the order of adding.
        images: the image of a partner, by its internal identifier.
        last_id: the last internal identifier.
    """

    documents: dict[str, dict[str, Document]] = {}
    statements: list[Statement] = []
    inbox: list[InboxEntry] = []
    partners: dict[str, Entry] = {}
    products: dict[str, Entry] = {}
    product_groups: dict[str, Entry] = {}
    discount_actions: list[dict[str, str]] = []
    attachments: dict[str, list[Attachment]] = {}
    images: dict[str, Attachment] = {}
    last_id: int = 0
    outbox: list[Mail] = []
    stock: dict[str, dict[str, Decimal]] = {}
    transactions: dict[str, list[tuple[str, str]]] = {}

    def next_id(self, prefix: str) -> str:
        """A new internal identifier, ``60:1``."""
        self.last_id += 1
        return f"{prefix}:{self.last_id}"

    def store(self, key: str, document: Document) -> None:
        """Put a new document into its place."""
        self.documents.setdefault(document.type, {})[key] = document

    def named(self, kind: str, key: str) -> Document | None:
        """The document of a type with exactly that key."""
        return self.documents.get(kind, {}).get(key)

    def of_kind(self, kind: str) -> list[Document]:
        """All documents of a type, in the order in which they were made."""
        return list(self.documents.get(kind, {}).values())

    def forget(self, document: Document) -> None:
        """Take a document out, with its files."""
        self.attachments.pop(document.document_id, None)
        documents = self.documents[document.type]
        self.documents[document.type] = {key: one for key, one in documents.items() if one is not document}

    def found(self, kind: str, number: str, *, every_year: bool = False) -> list[Document]:
        """Documents of a type by formatted number, by internal identifier, or by the sequential number.

        Both forms of the number are accepted wherever a method takes one (reference, SalesInvoiceGet).

        Args:
            kind: name of the type.
            number: as it was sent.
            every_year: whether a sequential number means every business year, not the latest one alone.
        """
        documents = self.of_kind(kind)
        exact = [document for document in documents if number in (document.number, document.document_id)]
        if exact or not _COUNT.fullmatch(number):
            return exact
        counted = [(document, *parts) for document in documents if (parts := number_parts(document))]
        latest = max((year for _, year, _ in counted), default="")
        return [one for one, year, count in counted if count == int(number) and (every_year or year == latest)]

    def save(self, path: Path) -> None:
        """Write everything to a JSON file, whole or not at all."""
        temporary = path.with_name(path.name + ".new")
        with temporary.open("wb") as stream:
            stream.write(msgspec.json.encode(self))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)


class Kept(State, kw_only=True):
    """The state of the first organization, and with it those of all others: what is kept in a file.

    Attributes:
        organizations: the states of the other organizations by their key.
    """

    organizations: dict[str, State] = {}


def number_parts(document: Document) -> tuple[str, int] | None:
    """Business year and sequential number of ``2016-00002``, ``12/2016``, ``055/11`` or ``00003``; None for others."""
    first, last = _YEAR_FIRST.fullmatch(document.number), _YEAR_LAST.fullmatch(document.number)
    if first:
        return first[1], int(first[2])
    if last:
        return last[2] if len(last[2]) == 4 else f"20{last[2]}", int(last[1])
    if document.business_year and _COUNT.fullmatch(document.number):
        return document.business_year, int(document.number)
    return None


def load_state(path: Path | None) -> Kept:
    """The state of a JSON file; an empty one where there is no file yet.

    Raises:
        ValueError: the file holds something else.
    """
    if path is None or not path.exists():
        return Kept()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path} is not the state of a sandbox: {error}") from error
