"""ABO/GPC: bank statements in records of 128 columns, as most Czech banks give them.

A statement is a record 074 and the items 075 behind it, each with 076, 078 and 079 of its own. The README beside this
module names the specifications and what banks do differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from efimport.formats.gpc.encodings import narrowed
from efimport.formats.reading import Read, Reading, Recognition, Sample
from efimport.messages import message
from efimport.sources import Source

SUFFIXES = (".gpc", ".abo")
# A letter of the name may be of two bytes where the file is in UTF-8.
_HEADER = re.compile(rb"074\d{16}.{20,40}?(?:\d{6}| {6}).{14}[+\-].{14}[+\-]", re.DOTALL)
_HEADER_BEGINS = re.compile(rb"(?<![^\r\n])074[0-9]{16}")
_RECORD_BEGINS = re.compile(rb"(?<![^\r\n])07[4-9][0-9]{10}")


def recognise(sample: Sample) -> Recognition | None:
    """Whether the file holds records 074; the ending of its name is only a hint for damaged files."""
    text = narrowed(sample.text).lstrip()
    if _HEADER.match(text) or (_HEADER_BEGINS.match(text) and sample.suffix in SUFFIXES):
        return Recognition("gpc", 100, message("The file begins with a statement header, record 074."))
    if _HEADER_BEGINS.search(text):
        return Recognition("gpc", 80, message("A statement header, record 074, stands in the file."))
    if sample.suffix in SUFFIXES and _RECORD_BEGINS.search(text):
        return Recognition(
            "gpc", 60, message("The name ends like an ABO statement and records of one stand in the file.")
        )
    return None


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of the file; see :func:`efimport.formats.gpc.statements.read_statements`."""
    from efimport.formats.gpc.statements import read_statements

    return read_statements(source, reading)
