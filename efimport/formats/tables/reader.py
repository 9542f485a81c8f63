"""Tables out of a file, whatever kind of table file it is."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.reading import Sample
from efimport.formats.tables.delimited import split
from efimport.formats.tables.encoding import decode
from efimport.formats.tables.model import Table
from efimport.formats.tables.workbook import read_workbook
from efimport.sources import LIMITS, Limits, Source

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TEXT = (b"<", b"{", b"[", b"%PDF", b"PK", OLE, b"\x89PNG", b"\xff\xd8", b"GIF8", b"074", b"{1:", b":20:")
_HEAD_LINES = 400


class Tables(msgspec.Struct, frozen=True):
    """The tables of a file.

    Attributes:
        tables: of a text file one, of a workbook one for each visible sheet with anything in it.
        encoding: of a text file.
        findings: what was noticed about the file; an error among them says that not all of it could be read.
    """

    tables: tuple[Table, ...] = ()
    encoding: str | None = None
    findings: tuple[Finding, ...] = ()


def is_workbook(sample: Sample) -> bool:
    """Whether the file is a workbook of a spreadsheet program: xlsx, xlsm, xlsb, ods or xls."""
    names = sample.archive_names
    if names is not None:
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            return True
        return b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in sample.head[:200]
    utf16 = "utf-16-le"
    return sample.head.startswith(OLE) and any(
        name.encode(utf16) in sample.source.buffer()[:2_000_000] for name in ("Workbook", "Book")
    )


def may_be_text(sample: Sample) -> bool:
    """Whether the file may be a text with columns: neither markup nor a format with signs of its own."""
    head = sample.text.lstrip()
    if not head or head.startswith(_NOT_TEXT):
        return False
    wide = sample.head[:400].count(0) * 5 > len(sample.head[:400])
    return wide or 0 not in sample.head[:4096]


def tables_for_recognition(sample: Sample, encodings: Sequence[str] = ()) -> tuple[Table, ...]:
    """The beginning of a text table, or the sheets of a workbook; empty where the file is neither.

    What was read of a workbook is kept with the source, so that reading it afterwards costs nothing.
    """
    if is_workbook(sample):
        return read_tables(sample.source).tables
    if not may_be_text(sample):
        return ()
    kept = sample.source.kept.get("head table")
    if not isinstance(kept, Table):
        lines = split(decode(sample.head, encodings, is_head=True).text, most=_HEAD_LINES)
        kept = Table(rows=lines.rows, delimiter=lines.delimiter)
        sample.source.kept["head table"] = kept
    return (kept,)


def read_tables(
    source: Source,
    limits: Limits = LIMITS,
    *,
    encodings: Sequence[str] = (),
    delimiters: Sequence[str] = (),
    known_encoding: str | None = None,
) -> Tables:
    """All tables of a file.

    Args:
        source: a text with columns, or a workbook.
        limits: what is read at most.
        encodings: those that the format prescribes for a text, the usual one first.
        delimiters: those that the format prescribes.
        known_encoding: the encoding of a text, where its words prove one.

    Returns:
        the tables; a file that cannot be read raises nothing and is told in the findings.
    """
    kept = source.kept.get("tables")
    if isinstance(kept, Tables):
        return kept
    if source.size > limits.document_bytes:
        too_large = finding("source.document-too-large", Location(), size=source.size, limit=limits.document_bytes)
        return Tables(findings=(too_large,))
    if is_workbook(Sample(source)):
        made = _workbook(source, limits)
        source.kept["tables"] = made
        return made
    return _text(source, encodings, delimiters, known_encoding)


def _workbook(source: Source, limits: Limits) -> Tables:
    items = list(read_workbook(source.read(), limits))
    return Tables(
        tuple(item for item in items if isinstance(item, Table)),
        findings=tuple(item for item in items if isinstance(item, Finding)),
    )


def _text(source: Source, encodings: Sequence[str], delimiters: Sequence[str], known: str | None) -> Tables:
    decoded = decode(source.read(), encodings, known=known)
    lines = split(decoded.text, delimiters)
    found: list[Finding] = []
    if decoded.guessed:
        found.append(finding("encoding.guessed", Location(), found=decoded.encoding))
    if decoded.damaged is not None:
        line = decoded.text.count("\n", 0, decoded.damaged) + 1
        # A byte that is lost from letters of several bytes takes all that follows with it.
        severity = Severity.ERROR if decoded.encoding.startswith(("utf-16", "utf-32")) else None
        found.append(finding("table.letters", Location(line=line), severity=severity, encoding=decoded.encoding))
    found += [finding("table.quote", Location(line=line)) for line in lines.unclosed]
    table = Table(rows=lines.rows, delimiter=lines.delimiter)
    return Tables((table,), decoded.encoding, tuple(found))
