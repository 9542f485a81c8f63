"""Mapping files of invented tables, and the reading of tables by them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl

from efimport.documents import Statement
from efimport.formats.reading import Hints, Own, Sample
from efimport.formats.registry import SourceReading
from efimport.formats.spreadsheet import recognise
from efimport.sources import Source

OWN = "CZ6508000000192000145399"


class Reader:
    """Reads a text or bytes by a mapping given as text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hints(self, *mappings: str, date_format: str | None = None) -> Hints:
        paths = []
        for number, text in enumerate(mappings):
            path = self._folder / f"mine{number}.toml"
            path.write_text(text, encoding="utf-8")
            paths.append(str(path))
        return Hints(date_format, tuple(paths))

    def all(
        self, content: str | bytes, *mappings: str, name: str = "a.csv", own=(), date_format: str | None = None
    ) -> SimpleNamespace:
        """Statements and findings of a file."""
        raw = content.encode() if isinstance(content, str) else content
        hints = self.hints(*mappings, date_format=date_format)
        reading = SourceReading(Source(name, raw), Own(bank_accounts=tuple(own)), hints=hints)
        items = list(reading)
        return SimpleNamespace(
            statements=[item for item in items if isinstance(item, Statement)],
            findings=[item for item in items if not isinstance(item, Statement)],
            format=reading.format,
            encoding=reading.encoding,
        )

    def recognised(self, content: str, *mappings: str) -> bool:
        """Whether one of the mappings describes the table."""
        return recognise(Sample(Source("a.csv", content.encode()), self.hints(*mappings))) is not None

    def one(self, content: str | bytes, *mappings: str, **more) -> Statement:
        """The only statement of a file."""
        read = self.all(content, *mappings, **more)
        assert len(read.statements) == 1, read.findings
        return read.statements[0]


def mapping(
    *,
    header: str = 'required = ["Day", "Amount"]',
    amount: str = 'column = "Amount"',
    columns: str = 'date = "Day"',
    file: str = "",
    more: str = "",
    top: str = "",
) -> str:
    """A mapping file of its sections."""
    return (
        f'title = "Invented"\ntarget = "statement"\n{top}\n[header]\n{header}\n[amount]\n{amount}\n'
        f"[columns]\n{columns}\n[file]\n{file}\n{more}\n"
    )


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """An xlsx file of sheets with their rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def codes_of(item) -> list[str]:
    """The codes of the findings of a statement."""
    return [found.code for found in item.findings]


def opendocument(rows: list[list[str]], further: str = "") -> bytes:
    """An ods file of one sheet with texts.

    Args:
        rows: the cells.
        further: XML of further rows.
    """
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="List">{body}{further}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{manifest}"><m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>',
        )
    return file.getvalue()
