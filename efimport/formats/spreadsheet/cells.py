"""Columns of a mapping, resolved against the header of one table: what to take from the cells of a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import TypeAlias

import msgspec

from efimport.findings import Location
from efimport.formats.spreadsheet.names import Names, folded
from efimport.formats.tables.model import Cell, Row, Table, cell_text
from efimport.mappings.parts import Column, ColumnSpec, Condition

Cells: TypeAlias = tuple[Cell, ...]
Test: TypeAlias = Callable[[Cells], bool]


class Picked(msgspec.Struct, frozen=True):
    """A column that the table has.

    Attributes:
        cell: takes the cell, or what is made of several, from the cells of a row.
        index: index of the column, or of the first one of several; None for a constant.
        indexes: of all columns that it looks at.
        dates: patterns of days of its own.
        decimal: decimal mark of its own.
    """

    cell: Callable[[Cells], Cell]
    index: int | None
    indexes: frozenset[int] = frozenset()
    dates: tuple[str, ...] = ()
    decimal: str | None = None

    def text(self, cells: Cells) -> str:
        """The cell as text."""
        cell = self.cell(cells)
        return cell.strip() if isinstance(cell, str) else cell_text(cell)


def as_column(spec: ColumnSpec) -> Column:
    """The long form of a column that is given by its name or by several names."""
    if isinstance(spec, Column):
        return spec
    return Column(names=(spec,) if isinstance(spec, str) else spec)


def pick(spec: ColumnSpec | None, names: Names) -> Picked | None:
    """The column in a table with these names; None where the table has it not."""
    if spec is None:
        return None
    column = as_column(spec)
    found = _source(column, names)
    if found is None:
        return None
    cell = found.cell
    if column.pattern is not None:
        cell = _matching(cell, column.pattern)
    if column.when:
        tests = [test for test in (condition(one, names) for one in column.when) if test is not None]
        if len(tests) < len(column.when):
            return None
        cell = _only_when(cell, tests)
    return Picked(cell, found.index, found.indexes, column.dates or found.dates, column.decimal or found.decimal)


def _source(column: Column, names: Names) -> Picked | None:
    if column.constant is not None:
        text = column.constant
        return Picked(lambda _: text, None)
    if column.header is not None:
        return _from_header(column.header, names)
    if column.join or column.first_of:
        return _of_several(column, names)
    if column.number is not None:
        index: int | None = column.number - 1 if column.number <= len(names.texts) else None
    else:
        index = names.first(column.names, column.occurrence)
    return None if index is None else Picked(itemgetter(index), index, frozenset({index}))


def _from_header(pattern: str, names: Names) -> Picked | None:
    hits = ((index, re.search(pattern, text)) for index, text in enumerate(names.texts))
    found = next(((index, match[1] or "") for index, match in hits if match is not None), None)
    if found is None:
        return None
    index, value = found
    return Picked(lambda _: value, index, frozenset({index}))


def _of_several(column: Column, names: Names) -> Picked | None:
    parts = [part for part in (pick(spec, names) for spec in column.join or column.first_of) if part is not None]
    if not parts:
        return None
    cell = _joined(parts, column.separator) if column.join else _first_filled(parts)
    places = [part.index for part in parts if part.index is not None]
    return Picked(
        cell,
        places[0] if places else None,
        frozenset().union(*(part.indexes for part in parts)),
        next((part.dates for part in parts if part.dates), ()),
        next((part.decimal for part in parts if part.decimal), None),
    )


def _joined(parts: Sequence[Picked], separator: str) -> Callable[[Cells], Cell]:
    def joined(cells: Cells) -> Cell:
        return separator.join(dict.fromkeys(text for part in parts if (text := part.text(cells))))

    return joined


def _first_filled(parts: Sequence[Picked]) -> Callable[[Cells], Cell]:
    def first(cells: Cells) -> Cell:
        for part in parts:
            cell = part.cell(cells)
            if cell_text(cell):
                return cell
        return None

    return first


def _matching(cell: Callable[[Cells], Cell], pattern: str) -> Callable[[Cells], Cell]:
    search = re.compile(pattern).search

    def matching(cells: Cells) -> Cell:
        match = search(cell_text(cell(cells)))
        return found_in(match) if match is not None else None

    return matching


def found_in(match: re.Match[str]) -> str:
    """What a pattern found: the group ``value``, else the first group, else all of it."""
    if "value" in match.re.groupindex:
        return match["value"] or ""
    return (match[1] or "") if match.re.groups else match[0]


def _only_when(cell: Callable[[Cells], Cell], tests: Sequence[Test]) -> Callable[[Cells], Cell]:
    def only(cells: Cells) -> Cell:
        return cell(cells) if all(test(cells) for test in tests) else None

    return only


def different_texts(
    table: Table, rows: Iterable[tuple[Row, Cells]], columns: Sequence[Picked]
) -> Iterator[tuple[Cell, Location]]:
    """The different texts of columns, each with the place where it stands first."""
    seen: set[Cell] = set()
    for row, cells in rows:
        for column in columns:
            cell = column.cell(cells)
            if isinstance(cell, str) and cell not in seen:
                seen.add(cell)
                yield cell, table.place(row, column.index)


def condition(wanted: Condition, names: Names) -> Test | None:
    """A test of a row; None where the table has not the column."""
    column = pick(wanted.column, names)
    if column is None:
        return None

    @lru_cache(maxsize=1024)
    def holds(text: str) -> bool:
        name = folded(text)
        return (
            (wanted.values is None or name in {folded(one) for one in wanted.values})
            and (wanted.other_than is None or name not in {folded(one) for one in wanted.other_than})
            and (wanted.pattern is None or re.search(wanted.pattern, text) is not None)
            and (wanted.empty is None or wanted.empty == (not text))
        )

    return lambda cells: holds(column.text(cells))
