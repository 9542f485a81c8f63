"""Zip archives, as XLSX, ODS, DOCX and ISDOCX are, and the compound files of older Office programs.

PKWARE, .ZIP File Format Specification (APPNOTE), 4.3.12 to 4.3.16: the central directory and what follows.
Microsoft, [MS-CFB], 2.2 and 2.3: the header and the sectors that it counts.
"""

from __future__ import annotations

import struct

from efimport.messages import message
from efimport.watch.endings.content import Content
from efimport.watch.endings.outcome import NO_MARK, PROVED, Ending, doubtful, unfinished

_FIRST_ENTRY = b"PK\x03\x04"
_END = b"PK\x05\x06"
_SPANNED = b"PK\x07\x08"
_ENTRY = b"PK\x01\x02"
_LONG_END = b"PK\x06\x06"
_LOCATOR = b"PK\x06\x07"
_END_FIELDS = struct.Struct("<4s4H2LH")
_LOCATOR_FIELDS = struct.Struct("<4sLQL")
_LONG_END_FIELDS = struct.Struct("<4sQ2H2L4Q")
_LONGEST_COMMENT = 0xFFFF
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFF
_LARGEST_SECTOR = 0xFFFFFFFA
_TABLES_IN_HEADER = 109
_HEADER = 512


def is_archive(content: Content) -> bool:
    """Whether a file begins like a zip archive."""
    return content.head.startswith((_FIRST_ENTRY, _END, _SPANNED))


def end_of_archive(content: Content) -> Ending:
    """Whether the central directory is there, where it should be."""
    tail = content.tail(_LONGEST_COMMENT + _END_FIELDS.size)
    place, moved = tail.rfind(_END), False
    while place >= 0:
        found = _directory(content, tail, place)
        if found is None:
            # The end of an archive inside this one, or of one that other bytes were put before.
            moved = moved or place + _END_FIELDS.size == len(tail)
        else:
            return found
        place = tail.rfind(_END, 0, place)
    if moved:
        return doubtful(message("The directory at the end of the archive does not fit the file."))
    return unfinished(message("The directory at the end of the archive is missing."))


def _directory(content: Content, tail: bytes, place: int) -> Ending | None:
    """The judgement on one thing that looks like the end of an archive; None where it is not the one of this file."""
    if place + _END_FIELDS.size > len(tail):
        return None
    _, _, _, _, entries, size, offset, comment = _END_FIELDS.unpack_from(tail, place)
    end = content.size - len(tail) + place
    length = _END_FIELDS.size + comment
    long = _long_directory(content, end)
    if long is not None:
        end, entries, size, offset = long
    begin = end - size
    if begin != offset or (entries and content.at(begin, 4) != _ENTRY):
        return None
    behind = len(tail) - place - length
    if behind < 0:
        return unfinished(message("The comment at the end of the archive is cut."))
    if comment and tail.endswith(b"\x00"):
        return doubtful(message("The file ends in zero bytes: its content has not been written yet."))
    return PROVED if behind == 0 else doubtful(message("Something follows the end of the archive."))


def _long_directory(content: Content, end: int) -> tuple[int, int, int, int] | None:
    """Place and contents of the ZIP64 end of the directory; None where the archive has none."""
    raw = content.at(end - _LOCATOR_FIELDS.size, _LOCATOR_FIELDS.size)
    if len(raw) < _LOCATOR_FIELDS.size or not raw.startswith(_LOCATOR):
        return None
    place = _LOCATOR_FIELDS.unpack(raw)[2]
    fields = content.at(place, _LONG_END_FIELDS.size)
    if len(fields) < _LONG_END_FIELDS.size or not fields.startswith(_LONG_END):
        return None
    entries, size, offset = _LONG_END_FIELDS.unpack(fields)[7:10]
    return place, entries, size, offset


def is_compound_file(content: Content) -> bool:
    """Whether a file begins like one of Excel 97 or Word 97."""
    return content.head.startswith(_COMPOUND) and content.size >= len(_COMPOUND)


def end_of_compound_file(content: Content) -> Ending:
    """Whether all sectors are there that the header and its tables name."""
    missing = unfinished(message("The last parts of the document that its beginning names are missing."))
    header = content.at(0, _HEADER)
    if len(header) < _HEADER:
        return missing
    shift = struct.unpack_from("<H", header, 30)[0]
    if shift not in (9, 12):
        return NO_MARK
    sector = 1 << shift
    tables = [one for one in struct.unpack_from(f"<{_TABLES_IN_HEADER}L", header, 76) if one <= _LARGEST_SECTOR]
    directory = struct.unpack_from("<L", header, 48)[0]
    present = content.size // sector - 1
    if any(one >= present for one in (*tables, directory) if one <= _LARGEST_SECTOR):
        return missing
    needed = (_last_used(content, tables, sector) + 2) * sector
    if needed <= content.size:
        # Sectors at the end may be empty by right, and so they are while the file is still being filled.
        return NO_MARK if content.tail(1) == b"\x00" else PROVED
    # Some programs do not fill the last sector.
    return NO_MARK if needed - content.size < sector else missing


def _last_used(content: Content, tables: list[int], sector: int) -> int:
    """Number of the last sector that is in use."""
    entries = sector // 4
    for index in range(len(tables) - 1, -1, -1):
        raw = content.at((tables[index] + 1) * sector, sector)
        table = struct.unpack(f"<{entries}L", raw) if len(raw) == sector else ()
        for number in range(len(table) - 1, -1, -1):
            if table[number] != _FREE:
                return index * entries + number
    return 0
