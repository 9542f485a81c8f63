"""Normalized documents as JSON and as tables: identifiers stay text, amounts are numbers, no cell is a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import operator
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from efimport.documents import Attachment, Document, Invoice, Order, Origin, Statement
from efimport.errors import UsageError
from efimport.findings import Finding
from efimport.formats.exchange import SCHEMA
from efimport.messages import Catalogue, Message, message
from efimport.report.visible import cell_text

if TYPE_CHECKING:
    from efimport.planning.model import Plan

CELL_LETTERS = 32_000
"""A cell of a spreadsheet holds 32,767 letters."""
NUMBER_DIGITS = 15
"""A number of a spreadsheet holds fifteen digits; one with more goes as text."""

Cell: TypeAlias = str | int | Decimal | dt.date | None
Column: TypeAlias = tuple[str, Callable[[Any], Cell]]


def as_json(plan: Plan, catalogue: Catalogue) -> bytes:
    """All documents with all that is known of them; amounts and days are texts, absent values null.

    The bytes of documents and attachments are left out, their sizes are told.
    """
    told = {
        "schema": SCHEMA,
        "sources": [
            {
                "path": source.path,
                "sha256": source.sha256,
                "format": source.format,
                "encoding": source.encoding,
                "findings": [_plain(found, catalogue) for found in source.findings],
                "documents": [
                    _plain(planned.document, catalogue)
                    | {"findings": [_plain(found, catalogue) for found in planned.findings]}
                    for planned in source.documents
                ],
            }
            for source in plan.sources
        ],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def _plain(value: Any, catalogue: Catalogue) -> Any:
    if isinstance(value, Finding):
        return {
            "code": value.code,
            "severity": value.severity.value,
            "message": catalogue.text(value.message),
            "hint": catalogue.text(value.hint) if value.hint else None,
            "line": value.location.line,
            "column": value.location.column,
            "where": value.location.where,
        }
    if isinstance(value, Origin | Attachment):
        fields = {name: getattr(value, name) for name in value.__struct_fields__ if name != "content"}
        return _plain(fields, catalogue) | {"bytes": len(value.content)}
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name), catalogue) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {name: _plain(one, catalogue) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one, catalogue) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return catalogue.text(value) if isinstance(value, Message) else value


def as_csv(documents: Sequence[Document]) -> bytes:
    """One table in UTF-8, separated by commas (RFC 4180): the entries of statements, or the other documents.

    Raises:
        UsageError: there are statements and other documents, which do not fit into one table.
    """
    statements = [document for document in documents if isinstance(document, Statement)]
    if statements and len(statements) < len(documents):
        raise UsageError(
            message("There are bank statements and other documents, which do not fit into one table."),
            message("Convert them to xlsx or json."),
        )
    columns, rows = _entries(statements) if statements else _documents(documents)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([head for head, _ in columns])
    for row in rows:
        writer.writerow([_text(value(row)) for _, value in columns])
    return text.getvalue().encode("utf-8")


def as_xlsx(documents: Sequence[Document]) -> bytes:
    """A workbook with the sheets Documents, Lines and Entries, as far as there are any."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    statements = [document for document in documents if isinstance(document, Statement)]
    sheets = (("Documents", _documents(documents)), ("Lines", _lines(documents)), ("Entries", _entries(statements)))
    for title, (columns, rows) in sheets:
        if not rows:
            continue
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append([head for head, _ in columns])
        for row in rows:
            sheet.append([_cell(sheet, value(row)) for _, value in columns])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return cell_text(value) if isinstance(value, str) else str(value).lower()


def _cell(sheet: Any, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if value is None or value == "":
        return None
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > NUMBER_DIGITS:
        value = format(value, "f")
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    text = cell_text(value)
    cell = WriteOnlyCell(sheet, value=text if len(text) <= CELL_LETTERS else f"{text[:CELL_LETTERS]} ... [{len(text)}]")
    cell.data_type = "s"
    return cell


Table: TypeAlias = tuple[tuple[Column, ...], Sequence[Any]]


def _field(*names: str) -> Callable[[Any], Cell]:
    """The first of the fields that the document has; a dot goes into the structure behind it."""

    def value(document: Any) -> Cell:
        for name in names:
            found = document
            for part in name.split("."):
                found = getattr(found, part, None)
            if found is not None:
                return str(found) if isinstance(found, msgspec.Struct) else found
        return None

    return value


DOCUMENT_COLUMNS: tuple[Column, ...] = (
    ("path", _field("origin.path")),
    ("ordinal", _field("origin.ordinal")),
    ("line", _field("origin.line")),
    ("kind", lambda document: str(document.kind.value)),
    ("number", _field("number")),
    ("original_number", _field("original_number")),
    ("date", _field("date")),
    ("taxable_supply_date", _field("taxable_supply_date")),
    ("due_date", _field("due_date")),
    ("variable_symbol", _field("variable_symbol")),
    ("constant_symbol", _field("constant_symbol")),
    ("specific_symbol", _field("specific_symbol")),
    ("partner", _field("partner.name")),
    ("partner_registration_number", _field("partner.registration_number")),
    ("partner_vat_id", _field("partner.vat_id")),
    ("account", _field("account.display", "payment_account.display")),
    ("currency", _field("currency", "account.currency")),
    ("total_without_vat", _field("total_without_vat")),
    ("total_vat", _field("total_vat")),
    ("total", _field("total")),
    ("opening", _field("opening")),
    ("closing", _field("closing")),
    ("text", _field("text", "name", "note")),
)
LINE_FIELDS = (
    *("position", "description", "product_code", "ean", "quantity", "unit", "unit_price", "price_includes_vat"),
    *("discount_percent", "vat_rate", "total_without_vat", "vat", "total_with_vat", "account", "note"),
)


def _documents(documents: Sequence[Document]) -> Table:
    return DOCUMENT_COLUMNS, documents


def _lines(documents: Iterable[Document]) -> Table:
    rows = [
        (document, line) for document in documents if isinstance(document, Invoice | Order) for line in document.lines
    ]
    return (*_of_document("kind", "number"), *_of_part(LINE_FIELDS)), rows


def _entries(statements: Sequence[Statement]) -> Table:
    from efimport.formats.exchange.columns import HEADINGS, rows_of

    columns = tuple((head, operator.itemgetter(index)) for index, head in enumerate(HEADINGS))
    return columns, tuple(rows_of(statements))


def _of_document(*names: str) -> tuple[Column, ...]:
    """Columns of the document that a line or an entry belongs to."""
    known = dict(DOCUMENT_COLUMNS)
    named = (("path", "path"), *((f"document_{name}", name) for name in names))
    return tuple((head, _of(0, known[name])) for head, name in named)


def _of_part(names: Iterable[str]) -> tuple[Column, ...]:
    """Columns of the line or the entry itself."""
    return tuple((name.replace(".display", ""), _of(1, _field(name))) for name in names)


def _of(member: int, value: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
    return lambda row: value(row[member])
