"""Tables of banks and payment gateways: CSV, TSV, XLSX, XLS and ODS, read by mapping files.

A mapping file says what the columns of one bank's table mean; ``docs/mappings.md`` tells how. This package finds the
mapping that a table is of, and makes statements of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from efimport.formats.reading import Read, Reading, Recognition, Sample
from efimport.messages import message
from efimport.sources import Source


def recognise(sample: Sample) -> Recognition | None:
    """Whether a mapping file describes a table of the file; its name and ending are not asked."""
    from efimport.formats.spreadsheet.choosing import choose_for
    from efimport.formats.tables.reader import is_workbook, may_be_text, read_tables

    if not may_be_text(sample) and not is_workbook(sample):
        return None
    chosen = choose_for(sample)
    if chosen is None:
        return _unreadable() if is_workbook(sample) and not read_tables(sample.source).tables else None
    mapping = chosen.layout.mapping
    confidence = 95 if chosen.own else 85 if chosen.layout.has_header else 60
    reason = message("The columns are those of: {title}.", title=mapping.title)
    return Recognition("spreadsheet", confidence, reason, mapping.name)


def _unreadable() -> Recognition:
    """A workbook of which no table could be read; the reader says why."""
    return Recognition("spreadsheet", 55, message("The file is a workbook, but no table in it can be read."))


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of the file; see :func:`efimport.formats.spreadsheet.statements.read_statements`."""
    from efimport.formats.spreadsheet.statements import read_statements

    return read_statements(source, reading)
