"""What ``efimport convert`` writes of bank statements as CSV, XLSX and JSON, read back without loss.

One row an entry, every field of statement and entry in a column of its own; the JSON is ``efimport-documents/1``. So a
statement can be looked at, mended and handed on in whatever program, and comes back as the statement that it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from efimport.formats.reading import Read, Reading, Recognition, Sample
from efimport.messages import message
from efimport.sources import Source

SCHEMA = "efimport-documents/1"
_JSON = re.compile(rb'\s*\{\s*"schema"\s*:\s*"efimport-documents/1"')


def recognise(sample: Sample) -> Recognition | None:
    """Whether the file is a table or a JSON text of ``efimport convert``."""
    if _JSON.match(sample.text):
        return Recognition("exchange", 100, message("The file is JSON that efimport wrote."), SCHEMA)
    from efimport.formats.exchange.columns import header_of
    from efimport.formats.tables.reader import tables_for_recognition

    if any(header_of(table) for table in tables_for_recognition(sample)):
        return Recognition("spreadsheet", 100, message("The columns are those of a table that efimport wrote."))
    return None


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of the file."""
    from efimport.formats.exchange.reader import read_json, read_table

    if _JSON.match(Sample(source).text):
        return read_json(source, reading)
    return read_table(source, reading)
