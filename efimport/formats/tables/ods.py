"""How the cells of an ODS workbook are shown: the text that stands in each beside its value.

Source: OpenDocument 1.2, part 1, 9.1.4 (table-cell), 19.385 (value-type), 19.675 and 19.676 (repeated); LibreOffice
marks a cell with an error by ``calcext:value-type="error"``.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice, product

from efimport.formats.tables.beside import Beside, Place
from efimport.sources import Limits

_PLACES_AT_MOST = 100_000
"""Cells that one element may stand for."""
_TOLD = re.compile(rb'value-type="error"|value-type="percentage"|<text:p>0\d')
_PART = re.compile(
    rb"<table:(?:covered-)?(table-row|table-cell|table)(?=[\s/>])([^>]*)>(?:<text:p>([^<]{0,60})</text:p>)?"
)
_TIMES = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')
_NAME = re.compile(rb'table:name="([^"]*)"')
_VALUE = re.compile(rb'office:value="([^"]*)"')


def sheets(archive: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, Beside]]:
    """What is known of each sheet besides its values; nothing where no cell shows more than its value."""
    if archive.getinfo("content.xml").file_size > limits.archive_bytes:
        return
    xml = archive.read("content.xml")
    if not _TOLD.search(xml):
        return
    name, shown, faulty = "", dict[Place, str](), dict[Place, str]()
    row = column = 0
    above = 1
    for part, attributes, text in _PART.findall(xml):
        times = int(found[1]) if (found := _TIMES.search(attributes)) else 1
        if part == b"table":
            if name:
                yield name, Beside(shown, faulty)
            title = _NAME.search(attributes)
            name = html.unescape(title[1].decode("utf-8", "replace")) if title else ""
            shown, faulty, row, column = {}, {}, 0, 0
        elif part == b"table-row":
            row, column, above = row + times, 0, row + 1
        else:
            written = html.unescape(text.decode("utf-8", "replace"))
            is_error = b'value-type="error"' in attributes
            told = written or "#N/A" if is_error else _told(attributes, written)
            if told is not None:
                places = product(range(above, row + 1), range(column, column + times))
                (faulty if is_error else shown).update(dict.fromkeys(islice(places, _PLACES_AT_MOST), told))
            column += times
    if name:
        yield name, Beside(shown, faulty)


def _told(attributes: bytes, written: str) -> str | None:
    """The text of a number where it says more than the number: zeros in front, or percent."""
    value = _VALUE.search(attributes)
    if value is None:
        return None
    try:
        number = Decimal(value[1].decode("ascii", "replace"))
    except InvalidOperation:
        return None
    if b'value-type="percentage"' in attributes:
        return f"{(number * 100).normalize():f} %"
    digits = "".join(written.split())
    return written if digits.startswith("0") and digits.isdigit() and Decimal(digits) == number != 0 else None
