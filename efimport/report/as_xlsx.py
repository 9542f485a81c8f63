"""The report as a spreadsheet: documents, findings and calls, a row each; no cell is a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from efimport.report.model import Report, ReportedDocument, ReportedFinding, ReportedSource
from efimport.report.visible import cell_text
from efimport.report.words import Words

Cell: TypeAlias = str | int | Decimal | dt.date | None

CELL_LETTERS = 32_000
"""A cell holds 32,767 letters; a longer text is cut and says so."""

_AMOUNT_FORMAT = "#,##0.00"
_DAY_FORMAT = "yyyy-mm-dd"


def write_xlsx(report: Report, stream: IO[bytes]) -> None:
    """Write the report as a workbook with the sheets Documents, Findings and Calls.

    Args:
        report: what to write.
        stream: a binary stream.
    """
    words = Words(report.language, dry_run=report.dry_run, checked_only=report.checked_only)
    book = Workbook(write_only=True)
    _Sheet(book, words.text("Documents"), _document_heads(words)).fill(_documents(report, words))
    _Sheet(book, words.text("Findings"), _finding_heads(words)).fill(_findings(report, words))
    _Sheet(book, words.text("Calls"), _call_heads(words)).fill(_calls(report, words))
    book.save(stream)


class _Sheet:
    """A sheet that is written row by row: heads first, which stay in sight and carry a filter."""

    def __init__(self, book: Workbook, title: str, heads: Sequence[tuple[str, int]]) -> None:
        self.sheet: Any = book.create_sheet(title)
        self.sheet.freeze_panes = "A2"
        for column, (_, width) in enumerate(heads, start=1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width
        self.last_column = get_column_letter(len(heads))
        self.sheet.append([self._head(head) for head, _ in heads])

    def fill(self, rows: Iterable[Sequence[Cell]]) -> None:
        count = 1
        for row in rows:
            self.sheet.append([self._cell(value) for value in row])
            count += 1
        self.sheet.auto_filter.ref = f"A1:{self.last_column}{count}"

    def _head(self, text: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(self.sheet, value=text)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        return cell

    def _cell(self, value: Cell) -> WriteOnlyCell | None:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            cell = WriteOnlyCell(self.sheet, value=_fitting(cell_text(value)))
            cell.data_type = "s"
            return cell
        cell = WriteOnlyCell(self.sheet, value=value)
        if isinstance(value, Decimal):
            cell.number_format = _AMOUNT_FORMAT
        elif isinstance(value, dt.date):
            cell.number_format = _DAY_FORMAT
        return cell


def _fitting(text: str) -> str:
    return text if len(text) <= CELL_LETTERS else f"{text[:CELL_LETTERS]} ... [{len(text)}]"


def _document_heads(words: Words) -> list[tuple[str, int]]:
    text = words.text
    return [
        (text("File"), 40),
        (text("Ordinal"), 8),
        (text("Kind"), 24),
        (text("Number"), 18),
        (text("Date"), 12),
        (text("Partner"), 30),
        (text("Total"), 16),
        (text("Currency"), 9),
        (text("Account or name"), 28),
        (text("Money in"), 16),
        (text("Money out"), 16),
        (text("Entries"), 9),
        (text("State"), 22),
        (text("Goes to"), 24),
        (text("Method"), 24),
        (text("Call"), 8),
        (text("Why"), 60),
    ]


def _documents(report: Report, words: Words) -> Iterator[Sequence[Cell]]:
    for source in report.sources:
        for document in source.documents:
            yield _document(source, document, words)
        if source.is_input:
            yield (source.path, *(None,) * 11, words.state(source.state), None, None, None, source.reason)


def _document(source: ReportedSource, document: ReportedDocument, words: Words) -> Sequence[Cell]:
    figures = document.statement
    return (
        source.path,
        document.ordinal,
        words.kind(document.kind),
        document.number,
        document.date,
        document.partner,
        document.total,
        document.currency,
        document.title,
        figures.credit if figures else None,
        figures.debit if figures else None,
        figures.entries if figures else None,
        words.state(document.state),
        words.method(document.method) if document.method else None,
        document.method,
        document.call,
        document.reason,
    )


def _finding_heads(words: Words) -> list[tuple[str, int]]:
    text = words.text
    return [
        (text("File"), 40),
        (text("Document"), 28),
        (text("Severity"), 10),
        (text("Code"), 28),
        (text("Message"), 70),
        (text("What to do"), 60),
        (text("Line"), 8),
        (text("Column"), 8),
        (text("Place"), 40),
    ]


def _findings(report: Report, words: Words) -> Iterator[Sequence[Cell]]:
    for source in report.sources:
        for finding in source.findings:
            yield _finding(finding, None, words)
        for document in source.documents:
            for finding in document.findings:
                yield _finding(finding, words.named(document), words)


def _finding(finding: ReportedFinding, document: str | None, words: Words) -> Sequence[Cell]:
    return (
        finding.path,
        document,
        words.severity(finding.severity),
        finding.code,
        finding.message,
        finding.hint,
        finding.line,
        finding.column,
        finding.where,
    )


def _call_heads(words: Words) -> list[tuple[str, int]]:
    text = words.text
    return [
        (text("Call"), 8),
        (text("Goes to"), 24),
        (text("Method"), 24),
        (text("Document"), 28),
        (text("State"), 22),
        (text("Answer of the service"), 60),
        (text("Why"), 60),
        (text("Attempts"), 9),
        (text("Key"), 50),
    ]


def _calls(report: Report, words: Words) -> Iterator[Sequence[Cell]]:
    for call in report.calls:
        method = call.call.method
        state = words.state(call.state)
        yield (
            call.id,
            words.method(method),
            method,
            call.label,
            state,
            call.answer,
            call.reason,
            call.attempts,
            call.key,
        )
