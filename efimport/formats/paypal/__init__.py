"""PayPal: the activity download and the monthly or custom statement, as CSV or as what a spreadsheet made of it.

A file holds rows of several currencies mixed; each currency is a statement of its own. The README beside this module
names the variants and what is sent.
"""

from __future__ import annotations

from collections.abc import Iterator

from efimport.formats.reading import Read, Reading, Recognition, Sample
from efimport.messages import message
from efimport.sources import Source

FORMAT = "paypal-csv"


def recognise(sample: Sample) -> Recognition | None:
    """Whether the table has PayPal's columns: by their names, or by the shape of the first ten."""
    from efimport.formats.paypal.columns import find_layout
    from efimport.formats.tables.reader import tables_for_recognition

    for table in tables_for_recognition(sample, ("utf-8", "windows-1252")):
        layout = find_layout(table)
        if layout is None:
            continue
        if layout.kind == "report":
            return Recognition(FORMAT, 90, message("The rows have the codes of PayPal's reports at their head."))
        if layout.language is None:
            return Recognition(FORMAT, 60, message("The first columns have the shape of PayPal's activity."))
        return Recognition(
            FORMAT, 95, message("The header has PayPal's columns in {language}.", language=layout.language)
        )
    return None


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of the file, one a currency; see :func:`efimport.formats.paypal.statements.read_statements`."""
    from efimport.formats.paypal.statements import read_statements

    return read_statements(source, reading)
