"""The bank statement as a spreadsheet of e-računi/Eurofaktura: type ``eurofakturaSpreadsheet`` of BankStatementImport.

Its columns are not published, so that a table is never recognised by them. A table of days and amounts that no other
format claims is taken for one, and goes as it is; what can be checked without knowing the columns is checked. The
README beside this module says what that is.
"""

from __future__ import annotations

from collections.abc import Iterator

from efimport.formats.reading import Read, Reading, Recognition, Sample
from efimport.messages import message
from efimport.sources import Source

CONFIDENCE = 20
"""Below every format that knows its columns."""


def recognise(sample: Sample) -> Recognition | None:
    """Whether the file is a table with days and amounts, and none of documents or of a ledger."""
    from efimport.formats.eurofaktura.columns import find_columns
    from efimport.formats.spreadsheet.otherwise import is_no_statement
    from efimport.formats.tables.reader import tables_for_recognition

    tables = tables_for_recognition(sample)
    if any(find_columns(table) for table in tables) and not is_no_statement(tables):
        return Recognition(
            "eurofaktura-spreadsheet",
            CONFIDENCE,
            message("The file is a table with days and amounts, and no mapping file describes its columns."),
        )
    return None


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The statement of the file; see :func:`efimport.formats.eurofaktura.statement.read_statement`."""
    from efimport.formats.eurofaktura.statement import read_statement

    return read_statement(source, reading)
