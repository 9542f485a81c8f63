"""A file cut into statements: line ends, byte-order marks, encodings.

Columns are bytes of Windows-1250 (Komerční banka, Popis formátu ABO, 1.2). A file that somebody saved in UTF-8 or
UTF-16 is put back into Windows-1250 first, because every letter with a diacritic moves the columns behind it, and one
in code page 852 because its letters would be read as others.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

import msgspec

from efimport.formats.gpc.encodings import is_code_page_852, narrowed, wide_encoding
from efimport.formats.letters import CODE_PAGE_852, are_ours
from efimport.sources import Source

RECORD_LENGTH = 128
_STATEMENT_START = re.compile(rb"(?<![^\r\n])074")
WIDE_HEAD = 64
"""Bytes at the beginning of a file that tell UTF-16."""
_END_OF_TEXT = b"\x1a"


class Block(msgspec.Struct):
    """The lines of one statement, in Windows-1250.

    Attributes:
        ordinal: ordinal in the file from 1; 0 for what stands before the first header.
        first_line: line in the file of the first of ``lines``.
        lines: all lines, empty ones too, without line ends.
        encoding: encoding of the file.
        saved_as: the encoding that somebody changed it to; None where it was not changed.
        lost_letters: line of the first letter that Windows-1250 has not; None where all were kept.
        plain_line_ends: whether each line ends with CR LF.
        segment: the bytes of the file as they are.
    """

    ordinal: int
    first_line: int
    lines: list[bytes]
    encoding: str
    saved_as: str | None
    lost_letters: int | None
    plain_line_ends: bool
    segment: bytes

    def width(self, line: int) -> int:
        """Number of columns of a line of the file that belongs to this statement."""
        return len(self.lines[line - self.first_line])


def blocks(source: Source) -> Iterator[Block]:
    """The statements of a file, one after the other; only one is held in memory."""
    buffer = source.buffer()
    saved_as: str | None = None
    if wide_encoding(buffer[:WIDE_HEAD]) is not None:
        buffer, saved_as = narrowed(buffer[:]), "utf-16"
    if buffer[:3] == codecs.BOM_UTF8:
        buffer, saved_as = buffer[3:], "utf-8"
    if saved_as is None and is_code_page_852(buffer):
        buffer, saved_as = buffer[:].decode(CODE_PAGE_852).encode("utf-8"), CODE_PAGE_852
    ordinal, start, line = 0, 0, 1
    for match in _STATEMENT_START.finditer(buffer):
        if match.start() > start or ordinal:
            yield (block := _block(ordinal, line, buffer[start : match.start()], saved_as))
            line += len(block.lines)
        ordinal, start = ordinal + 1, match.start()
    yield _block(ordinal, line, buffer[start:], saved_as)


def _block(ordinal: int, first_line: int, segment: bytes, saved_as: str | None) -> Block:
    text = segment.rstrip(_END_OF_TEXT)
    lines = text.splitlines()
    pairs = text.count(b"\r\n")
    plain = pairs == len(lines) and text.count(b"\n") == pairs and text.count(b"\r") == pairs and text == segment
    lost = None
    if not text.isascii() and _is_utf8(text, lines, marked=saved_as is not None):
        saved_as = saved_as or "utf-8"
        lines, lost = _recoded(lines, first_line)
    return Block(
        ordinal, first_line, lines, saved_as or "windows-1250", saved_as, lost, plain and b"" not in lines, segment
    )


def _is_utf8(text: bytes, lines: list[bytes], *, marked: bool) -> bool:
    """Whether a block is in UTF-8: it is valid, and marked, of our letters, or the only way to full records."""
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return marked or are_ours(decoded) or any(_is_too_long(line) for line in lines)


def _is_too_long(line: bytes) -> bool:
    """Whether a record is longer than its columns in bytes and fits them in letters."""
    return line[:3] == b"075" and len(line) > RECORD_LENGTH >= len(line.decode("utf-8"))


def _recoded(lines: list[bytes], first_line: int) -> tuple[list[bytes], int | None]:
    """The lines in Windows-1250, and the line of the first letter that it has not."""
    recoded, lost = [], None
    for number, line in enumerate(lines, first_line):
        if line.isascii():
            recoded.append(line)
            continue
        kept = _to_windows_1250(line)
        if lost is None and kept.count(b"?") > line.count(b"?"):
            lost = number
        recoded.append(_columns_kept(line, kept))
    return recoded, lost


def _to_windows_1250(text: bytes) -> bytes:
    return unicodedata.normalize("NFC", text.decode("utf-8", "replace")).encode("cp1250", "replace")


def _columns_kept(line: bytes, kept: bytes) -> bytes:
    """The recoded line, or the line with its name alone recoded where the bytes of UTF-8 keep the columns.

    Programs that write UTF-8 themselves count a field's width in bytes; files saved again count letters.
    """
    if line[:3] == b"075" and len(line) == RECORD_LENGTH and len(kept) < RECORD_LENGTH:
        start, end = 97, 117
    elif line[:3] == b"074" and line[59:60] in (b"+", b"-") and kept[59:60] not in (b"+", b"-"):
        start, end = 19, 39
    else:
        return kept
    name = line[start:end].decode("utf-8", "ignore").encode("utf-8")
    return line[:start] + _to_windows_1250(name).ljust(end - start) + line[end:]


class Normalized(msgspec.Struct, frozen=True):
    """One statement as the service takes it.

    Attributes:
        content: Windows-1250, every record 128 bytes long, every line ended by CR LF.
        padded: line of the first record whose length was changed; None for none.
    """

    content: bytes
    padded: int | None


def normalized(block: Block) -> Normalized:
    """The statement with full records and plain line ends; digits and letters stay as they are.

    What an extended record of Česká spořitelna has behind column 128 is cut off, because the service takes the plain
    format; the reader says so in a finding and keeps the texts in the entries.
    """
    lines, padded = [], None
    for number, line in enumerate(block.lines, block.first_line):
        if len(line) == RECORD_LENGTH:
            lines.append(line)
        elif line.strip():
            lines.append(line[:RECORD_LENGTH].ljust(RECORD_LENGTH))
            padded = padded or number
    if padded is None and block.plain_line_ends and block.saved_as is None:
        return Normalized(block.segment, None)
    return Normalized(b"".join([line + b"\r\n" for line in lines]), padded)
