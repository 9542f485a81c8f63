"""Tables of banks, payment gateways and other programs: CSV, TSV, XLSX, XLS and ODS, read by mapping files.

A mapping file says what the columns of a table mean; ``docs/mappings.md`` tells how. This package finds the mapping
that a table is of, and makes statements, invoices, orders, partners or products of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from efimport.formats.reading import Read, Reading, Recognition, Sample
from efimport.messages import message
from efimport.sources import Source

NEARLY = 40
"""Above the spreadsheet of e-računi, which takes any table with days and amounts."""


def recognise(sample: Sample) -> Recognition | None:
    """Whether a mapping file describes a table of the file; its name and ending are not asked."""
    from efimport.formats.spreadsheet.choosing import choose_for, nearly_for
    from efimport.formats.tables.reader import is_workbook, may_be_text, read_tables

    if not may_be_text(sample) and not is_workbook(sample):
        return None
    chosen = choose_for(sample)
    if chosen is None:
        if nearly_for(sample):
            return Recognition(
                "spreadsheet", NEARLY, message("The headings are nearly those of a table that is known.")
            )
        return _unreadable() if is_workbook(sample) and not read_tables(sample.source).tables else None
    mapping = chosen.layout.mapping
    confidence = 95 if chosen.own else 85 if chosen.layout.has_header else 60
    reason = message("The columns are those of: {title}.", title=mapping.title)
    return Recognition("spreadsheet", confidence, reason, mapping.name)


def _unreadable() -> Recognition:
    """A workbook of which no table could be read; the reader says why."""
    return Recognition("spreadsheet", 55, message("The file is a workbook, but no table in it can be read."))


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The documents of the file; see :func:`efimport.formats.spreadsheet.sheets.read_sheets`."""
    from efimport.formats.spreadsheet.sheets import read_sheets

    return read_sheets(source, reading)
