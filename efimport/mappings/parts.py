"""What mapping files of every kind have in common: the file, its header, columns, values beside the rows.

The file is TOML; its keys are the attributes of these structures, and a key that none of them has is an error.
``docs/mappings.md`` tells each with an example.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all parts of a mapping file have in common."""


class Condition(Part, frozen=True, kw_only=True):
    """A condition on a cell of the row; of several kinds of test that are given all must hold.

    Attributes:
        column: the column.
        values: the cell is one of these, whatever the case of its letters.
        other_than: the cell is none of these.
        pattern: a regular expression that is found in the cell.
        empty: whether the cell is empty.
    """

    column: ColumnSpec
    values: tuple[str, ...] | None = None
    other_than: tuple[str, ...] | None = None
    pattern: str | None = None
    empty: bool | None = None


class Column(Part, frozen=True, kw_only=True):
    """Where a field stands: exactly one of ``names``, ``number``, ``join``, ``first_of``, ``constant``, ``header``.

    Attributes:
        names: names of the column in the header; the first one that the header has. A name between slashes is a
            regular expression for the whole name: ``/Amount [A-Z]{3}/``.
        number: number of the column, from 1, for tables without a header.
        occurrence: which one of several columns of the same name, from 1.
        join: several columns whose texts are joined; empty ones and repeated texts are left out.
        separator: what stands between joined texts.
        first_of: several columns of which the first one that is not empty counts.
        constant: the text itself.
        header: a regular expression for a column's name in the header, with one group: the text is in the name.
        pattern: a regular expression whose group named ``value``, or first group, is the value; where it is not found,
            the value is empty.
        when: conditions under which there is a value at all.
        dates: patterns of days in this column, where they are not those of ``[file]``.
        decimal: decimal mark in this column, where it is not that of the amounts.
    """

    names: tuple[str, ...] = ()
    number: int | None = None
    occurrence: int = 1
    join: tuple[ColumnSpec, ...] = ()
    separator: str = " "
    first_of: tuple[ColumnSpec, ...] = ()
    constant: str | None = None
    header: str | None = None
    pattern: str | None = None
    when: tuple[Condition, ...] = ()
    dates: tuple[str, ...] = ()
    decimal: Literal[",", "."] | None = None


ColumnSpec: TypeAlias = str | tuple[str, ...] | Column
"""A column: its name, several names that it has in different files, or a table that says more."""


class File(Part, frozen=True, kw_only=True):
    """``[file]``: how the file is written.

    Attributes:
        encodings: those that the bank uses, the usual one first; a byte-order mark and valid UTF-8 are seen without.
        delimiters: what may stand between the cells.
        decimal: decimal mark of the amounts; left out: found from the amounts. It is verified in either case.
        dates: patterns of days, the usual one first; a time of day may follow in the cell.
        order: order of the rows where no running balance tells it; left out: by the days.
        sheets: patterns (``Movements*``) for the names of the sheets of a workbook; left out: all of them.
        rejoin: the cells of a row are one line of CSV that was cut at commas: the delimiter inside it.
        footer: regular expressions for the text of the first row below the data; a row with a label of ``[[footer]]``
            in its first filled cell needs none.
    """

    encodings: tuple[str, ...] = ()
    delimiters: tuple[str, ...] = ()
    decimal: Literal[",", "."] | None = None
    dates: tuple[str, ...] = ("DD.MM.YYYY", "YYYY-MM-DD")
    order: Literal["newest-first", "oldest-first"] | None = None
    sheets: tuple[str, ...] = ()
    rejoin: str | None = None
    footer: tuple[str, ...] = ()


class Shape(Part, frozen=True, kw_only=True):
    """What every cell of a column looks like, for tables without a header.

    Attributes:
        number: number of the column, from 1.
        shape: ``day`` (by the patterns of ``[file]``), ``amount``, ``digits``, ``currency``, ``text``, ``empty``.
        values: or one of these.
        pattern: or a regular expression for the whole cell, which may also be empty.
    """

    number: int
    shape: Literal["day", "amount", "digits", "currency", "text", "empty"] | None = None
    values: tuple[str, ...] = ()
    pattern: str | None = None


class Header(Part, frozen=True, kw_only=True):
    """``[header]``: by what the table is recognised, ``required`` or ``columns`` with ``shapes``.

    Attributes:
        required: columns, each a name or a list of names that it has in different files. The first row that has them
            all is the header; what stands above is the preamble.
        forbidden: columns that this layout does not have.
        columns: number of columns of a table whose header is not known.
        shapes: what the columns of such a table look like.
        closed: whether a table that has a further column, of a name that the mapping does not know, is another one.
    """

    required: tuple[str | tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()
    closed: bool = False
    columns: int | None = None
    shapes: tuple[Shape, ...] = ()


class Value(Part, frozen=True, kw_only=True):
    """``[[preamble]]``, ``[[footer]]``, ``[[file_name]]``, ``[[sheet_name]]``: a value beside the rows.

    Attributes:
        field: which value it is; left out where the groups of ``pattern`` are named after fields.
        label: texts that stand before the value: in the same cell, or in a cell of their own.
        below: how many rows below its label the value stands.
        pattern: a regular expression with a group; for the text behind the label, or without one for the whole row,
            whose cells are joined by blanks.
        dates: patterns of days, where they are not those of ``[file]``.
    """

    field: str | None = None
    label: str | tuple[str, ...] = ()
    below: int = 0
    pattern: str | None = None
    dates: tuple[str, ...] = ()


class Skip(Condition, frozen=True, kw_only=True):
    """``[[skip]]``: rows that are no bookings; their number is told.

    Attributes:
        reason: why, for people.
    """

    reason: str = ""
