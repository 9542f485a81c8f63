"""What the sandbox holds: documents by type, statements, inbox, partners, products; in memory, and in a JSON file."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path

import msgspec

_FORMATTED_NUMBER = re.compile(r"(\d{4})-0*(\d+)")


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
    """A partner or a product: its code, and the element as it is kept (``raw``, canonical XML).

    Attributes:
        payload_sha256: SHA-256 of the canonical XML of what was sent last.
        unknown_elements: elements in it that the reference does not list.
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


class State(msgspec.Struct, kw_only=True):
    """Everything that the sandbox holds.

    Attributes:
        documents: by type and key; the key is the number, of received documents the supplier and the number.
        statements: in the order of their import.
        inbox: in the order of their arrival.
        partners: by partner code.
        products: by product code.
        last_id: the last internal identifier.
    """

    documents: dict[str, dict[str, Document]] = {}
    statements: list[Statement] = []
    inbox: list[InboxEntry] = []
    partners: dict[str, Entry] = {}
    products: dict[str, Entry] = {}
    last_id: int = 0

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

    def found(self, kind: str, number: str) -> list[Document]:
        """Documents of a type by formatted number, or by the sequential one in the latest business year.

        Both forms are accepted wherever a method takes a number (reference, SalesInvoiceGet).
        """
        documents = self.documents.get(kind, {}).values()
        exact = [document for document in documents if document.number == number]
        if exact or not number.isdecimal():
            return exact
        parts = [(document, _FORMATTED_NUMBER.fullmatch(document.number)) for document in documents]
        formatted = [(document, match[1], match[2]) for document, match in parts if match]
        latest = max((year for _, year, _ in formatted), default="")
        return [document for document, year, count in formatted if year == latest and int(count) == int(number)]

    def save(self, path: Path) -> None:
        """Write everything to a JSON file, whole or not at all."""
        temporary = path.with_name(path.name + ".new")
        with temporary.open("wb") as stream:
            stream.write(msgspec.json.encode(self))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)


def load_state(path: Path | None) -> State:
    """The state of a JSON file; an empty one where there is no file yet.

    Raises:
        ValueError: the file holds something else.
    """
    if path is None or not path.exists():
        return State()
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path} is not the state of a sandbox: {error}") from error
