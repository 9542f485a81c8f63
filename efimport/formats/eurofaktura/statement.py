"""The statement in a spreadsheet whose columns are not published: it goes as it is, and its date format is found.

Source: web service reference, BankStatementImport: ``dateFormat`` is mandatory for ``eurofakturaSpreadsheet`` and says
which of seven formats the days of the file are in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from efimport.documents import Origin, Statement
from efimport.findings import Finding, Location, Severity, finding
from efimport.formats.eurofaktura.columns import Columns, find_columns
from efimport.formats.reading import Read, Reading
from efimport.formats.spreadsheet.near import nearest
from efimport.formats.tables.days import find_days, parse_day
from efimport.formats.tables.model import Cell, Table, cell_text
from efimport.formats.tables.reader import read_tables
from efimport.sources import Source

FORMAT = "eurofaktura-spreadsheet"
DATE_FORMATS: Final = (
    *("DD.MM.YYYY", "DD.MM.YYYY.", "DD/MM/YYYY", "MM/DD/YYYY", "YYYY-MM-DD", "YYYY.MM.DD", "YYYY.MM.DD."),
)
"""The seven that the service knows, in the order of the reference."""
DEFAULT = "DD.MM.YYYY"


def read_statement(source: Source, reading: Reading) -> Iterator[Read]:
    """The statement of the file, as one document whose bytes are those of the file.

    ``Origin.version`` is the date format, one of :data:`DATE_FORMATS`; None where it could not be told.
    """
    tables = read_tables(source, reading.limits)
    reading.encoding = tables.encoding
    told = [(table, columns) for table in tables.tables if (columns := find_columns(table)) is not None]
    if not told:
        yield from tables.findings
        return
    found = [*tables.findings, finding("eurofaktura.layout-not-checked", told[0][0].place(told[0][1].rows[0]))]
    found += _almost_known(told, named=reading.date_format is not None)
    pattern, problems = _date_format(told, reading.date_format)
    found += problems
    patterns = (pattern,) if pattern else ()
    days = [day for _, cell in _days(told) if (day := parse_day(cell, patterns)) is not None]
    yield Statement(
        origin=Origin(path=source.path, format=FORMAT, content=source.read(), version=pattern),
        findings=tuple(found),
        period_from=min(days, default=None),
        period_to=max(days, default=None),
        date=max(days, default=None),
        entry_count=None,
    )


def _almost_known(told: Sequence[tuple[Table, Columns]], *, named: bool) -> Iterator[Finding]:
    """A table of a bank whose headings are not quite those that are known: not e-računi's, unless it is said so."""
    for table, _ in told:
        near = nearest(table)
        if near is not None:
            severity = Severity.WARNING if named else None
            names = ", ".join(near.missing)
            title = near.mapping.title
            place = table.place(near.row)
            yield finding("eurofaktura.almost-known", place, severity=severity, title=title, missing=names)


def _date_format(told: Sequence[tuple[Table, Columns]], asked: str | None) -> tuple[str | None, list[Finding]]:
    """The format of the days, and what is wrong with them."""
    places = {cell_text(cell): place for place, cell in reversed([*_days(told)])}
    cells = [cell for _, cell in _days(told)]
    texts = [cell for cell in cells if isinstance(cell, str)]
    natives = len(cells) - len(texts)
    first = told[0][0].place(told[0][1].rows[0], told[0][1].days[0])
    if texts and natives:
        return None, [
            finding("eurofaktura.days-mixed", first, texts=len(texts), days=natives, example=texts[0].strip())
        ]
    if not texts:
        pattern = asked.upper() if asked else DEFAULT
        return pattern, [finding("eurofaktura.days-native", first, pattern=pattern)]
    if asked:
        return _asked(told, asked.upper())
    timed = next((text for text in texts if ":" in text), None)
    style = find_days(texts, DATE_FORMATS)
    if timed or not style.patterns:
        # The service is told a format of days; what it makes of a time of day behind them is not known.
        example = (timed or style.example or "-").strip()
        known = ", ".join(DATE_FORMATS)
        place = places.get(example, first)
        return None, [finding("eurofaktura.date-format-unknown", place, found=example, known=known)]
    if not style.told:
        choice = " / ".join(style.patterns)
        return None, [finding("eurofaktura.date-format-ambiguous", first, found=texts[0].strip(), patterns=choice)]
    return style.patterns[0], []


def _asked(told: Sequence[tuple[Table, Columns]], pattern: str) -> tuple[str | None, list[Finding]]:
    """The format that the user named, where the service knows it and every day is in it."""
    first = told[0][0].place(told[0][1].rows[0], told[0][1].days[0])
    if pattern not in DATE_FORMATS:
        known = ", ".join(DATE_FORMATS)
        return None, [finding("eurofaktura.date-format-unknown", first, found=pattern, known=known)]
    for place, cell in _days(told):
        if parse_day(cell, (pattern,)) is None:
            found = finding("eurofaktura.not-that-format", place, found=cell_text(cell), pattern=pattern)
            return None, [found]
    return pattern, []


def _days(told: Sequence[tuple[Table, Columns]]) -> Iterator[tuple[Location, Cell]]:
    """What stands in the columns of days, and where."""
    for table, columns in told:
        for row in columns.rows:
            for column in columns.days:
                cell = row.cells[column] if column < len(row.cells) else None
                if cell_text(cell):
                    yield table.place(row, column), cell
