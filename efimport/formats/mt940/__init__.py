"""MT940 / MultiCash (.sta): bank statements in fields ``:20:`` to ``:62F:``.

The README beside this module names the specifications and what banks do differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from efimport.formats.reading import Read, Reading, Recognition, Sample
from efimport.messages import message
from efimport.sources import Source

SUFFIXES = (".sta", ".940", ".mt940", ".swi", ".fin", ".mta")
_LINE_BEGINS = rb"(?:^|@@|\{4:)[ \t\x01]*"
_HEAD = re.compile(_LINE_BEGINS + rb":(?:20|25|28C?):", re.MULTILINE)
_BALANCE = re.compile(_LINE_BEGINS + rb":6[02][FM]?:[ \t]*[CDcd]\d{6}", re.MULTILINE)
_ENTRY = re.compile(_LINE_BEGINS + rb":61:[ \t]*\d{6}", re.MULTILINE)
_FIELD = re.compile(_LINE_BEGINS + rb":(?:20|25|28C?|6[02][FM]?|61|86):", re.MULTILINE)
_INTRADAY = re.compile(_LINE_BEGINS + rb":(?:34F|13D|90[CD]):|\{2:[IO]942", re.MULTILINE)
_BALANCE_ANYWHERE = re.compile(rb":6[02][FM]:[CDcd]\d{6}")


def recognise(sample: Sample) -> Recognition | None:
    """Whether the file holds messages MT 940: balances or entries under a head; a mere MT 942 is none."""
    text = sample.text
    if sample.root is not None or text.lstrip()[:1] == b"<" or b":" not in text:
        return None
    if b"\r" in text:
        text = text.replace(b"\r", b"\n")
    head, balance = _HEAD.search(text), _BALANCE.search(text)
    if head and balance:
        return Recognition("mt940", 100, message("Fields :20: to :62F: of SWIFT MT940 stand in the file."))
    if _INTRADAY.search(text):
        if _BALANCE_ANYWHERE.search(sample.source.buffer()):
            return Recognition("mt940", 90, message("Statements MT940 stand behind lists of movements MT942."))
        return None
    if balance or _ENTRY.search(text):
        return Recognition("mt940", 80, message("Balances or entries of SWIFT MT940 stand in the file."))
    if sample.suffix in SUFFIXES and _FIELD.search(text):
        return Recognition("mt940", 60, message("The name ends like an MT940 statement and fields of one are in it."))
    return None


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of the file; see :func:`efimport.formats.mt940.statements.read_statements`."""
    from efimport.formats.mt940.statements import read_statements

    return read_statements(source, reading)
