"""Text tables: CSV with whatever delimiter, TSV, and what programs made of them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from efimport.formats.tables.model import Row

DELIMITERS = (";", "\t", ",", "|")
_LOOKED_AT = 300
_UNCLOSED_AT_MOST = 50
"""A file with more quotation marks astray than this means none of them as such."""


class Lines(msgspec.Struct, frozen=True):
    """The rows of a text.

    Attributes:
        rows: with the line on which each begins.
        delimiter: what stood between the cells.
        unclosed: lines on which a quotation mark is opened and not closed; they were read without quotation marks.
    """

    rows: tuple[Row, ...]
    delimiter: str | None
    unclosed: tuple[int, ...] = ()


def split(text: str, delimiters: Sequence[str] = (), *, most: int | None = None) -> Lines:
    """The rows of a text table.

    Args:
        text: the text of the file.
        delimiters: those that the format allows; the one that fits best is found in either case.
        most: number of lines to read at most.
    """
    first, skipped = _named_delimiter(text)
    delimiter = first or find_delimiter(text, delimiters or DELIMITERS)
    if delimiter is None:
        unwrapped = _unwrapped(text)
        if unwrapped is not None:
            return split(unwrapped, delimiters, most=most)
    return _rows(text, delimiter, skipped, most)


def _named_delimiter(text: str) -> tuple[str | None, int]:
    """The delimiter that a first line ``sep=;`` names, as Excel understands it, and the number of lines that took."""
    line = text[:20].splitlines()[0] if text else ""
    return (line[4], 1) if line.lower().startswith("sep=") and len(line) == 5 else (None, 0)


def find_delimiter(text: str, delimiters: Sequence[str] = DELIMITERS) -> str | None:
    """The delimiter that cuts the lines into the most cells of equal number; None where none cuts them at all."""
    best: tuple[int, str] | None = None
    for delimiter in delimiters:
        widths = Counter(len(cells) for cells in _looked_at(text, delimiter) if len(cells) > 1)
        if not widths:
            continue
        score = max(count * (width - 1) for width, count in widths.items())
        if best is None or score > best[0]:
            best = (score, delimiter)
    return best[1] if best else None


def _looked_at(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _LOOKED_AT)
    except csv.Error:
        return


def _unwrapped(text: str) -> str | None:
    """The text inside lines that a spreadsheet program saved as one quoted cell each; None where it is not so."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return None
    if not any(find_delimiter(cell[0]) for cell in rows[:_LOOKED_AT] if len(cell) == 1):
        return None
    inside = "\n".join(cells[0] if cells else "" for cells in rows)
    return inside if '"' in text and inside != text.rstrip("\r\n") and find_delimiter(inside) else None


def _rows(text: str, delimiter: str | None, skipped: int, most: int | None) -> Lines:
    lines = list(islice(io.StringIO(text, newline=""), most))
    mark = delimiter or DELIMITERS[0]
    rows: list[Row] = []
    unclosed: list[int] = []
    position = 0
    while position < len(lines) and len(unclosed) < _UNCLOSED_AT_MOST:
        broken = _well_quoted(lines, position, mark, rows)
        if broken is None:
            position = len(lines)
            break
        unclosed.append(broken + 1)
        rows.append(Row(broken + 1, _without_quotes(lines[broken], mark)))
        position = broken + 1
    rows.extend(Row(at + 1, _without_quotes(lines[at], mark)) for at in range(position, len(lines)))
    return Lines(tuple(row for row in rows if row.number > skipped), delimiter, tuple(unclosed))


def _well_quoted(lines: list[str], position: int, delimiter: str, rows: list[Row]) -> int | None:
    """Read rows from a line on; the index of the line with a quotation mark that is not closed, None for none."""
    reader = csv.reader(lines[position:] if position else lines, delimiter=delimiter)
    begins = position
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return None
        except csv.Error:
            return begins
        ends = position + reader.line_num
        if ends > begins + 1 and _swallowed(cells, delimiter, ends == len(lines) and '"' not in lines[-1][-3:]):
            return begins
        rows.append(Row(begins + 1, tuple(cells)))
        begins = ends


def _swallowed(cells: list[str], delimiter: str, at_end: bool) -> bool:
    """Whether a cell of several lines holds what are rows of their own: its quotation mark was never closed."""
    longest = max(cells, key=len)
    inside = longest.splitlines()[1:]
    if not inside:
        return False
    return at_end or any(line.count(delimiter) >= max(2, len(cells) - 1) for line in inside)


def _without_quotes(line: str, delimiter: str) -> tuple[str, ...]:
    """The cells of a line in which a quotation mark is a letter like any other, but for those around a cell."""
    cells = line.rstrip("\r\n").split(delimiter)
    return tuple(
        cell[1:-1].replace('""', '"') if len(cell) > 1 and cell.startswith('"') and cell.endswith('"') else cell
        for cell in cells
    )
