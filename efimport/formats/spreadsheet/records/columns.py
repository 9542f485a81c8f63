"""Columns of a table that give fields, and where a mapping says so."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from efimport.formats.spreadsheet.cells import Cells, Picked
from efimport.formats.spreadsheet.days import Days
from efimport.formats.spreadsheet.records.values import Parse, Value
from efimport.mappings import RecordMapping
from efimport.mappings.parts import ColumnSpec
from efimport.mappings.targets import Field
from efimport.messages import Message, message


class FieldColumn(msgspec.Struct, frozen=True):
    """A column of the table that gives a field.

    Attributes:
        name: name of the field or of the element.
        key: where the mapping says it: ``columns.date``.
        field: what it is.
        picked: which cell it is.
        read: makes a value of the cell.
    """

    name: str
    key: str
    field: Field
    picked: Picked
    read: Parse

    def value(self, cells: Cells) -> Value:
        """The value in a row; None for an empty cell."""
        return self.read(self.picked.cell(cells))


class Found(msgspec.Struct, frozen=True):
    """The columns that a table has.

    Attributes:
        document: of the document.
        line: of its lines.
        service: elements of the document, in the service's own format.
        line_service: elements of its lines.
        vat: amounts by rate: the rate, and base, VAT, total and text.
        days: how days are written.
    """

    document: tuple[FieldColumn, ...]
    line: tuple[FieldColumn, ...]
    service: tuple[FieldColumn, ...]
    line_service: tuple[FieldColumn, ...]
    vat: tuple[RateColumns, ...]
    days: Days

    @property
    def all(self) -> tuple[FieldColumn, ...]:
        """Every column."""
        rates = (column for one in self.vat for column in one.all)
        return (*self.document, *self.line, *self.service, *self.line_service, *rates)


class RateColumns(msgspec.Struct, frozen=True):
    """Amounts of one VAT rate.

    Attributes:
        rate: VAT in percent.
        base, vat, total: the columns.
        description: the column with the text.
    """

    rate: Decimal
    base: FieldColumn | None
    vat: FieldColumn | None
    total: FieldColumn | None
    description: FieldColumn | None

    @property
    def amounts(self) -> tuple[FieldColumn, ...]:
        """The columns of amounts."""
        return tuple(one for one in (self.base, self.vat, self.total) if one is not None)

    @property
    def all(self) -> tuple[FieldColumn, ...]:
        """Its columns."""
        return tuple(one for one in (self.base, self.vat, self.total, self.description) if one is not None)


class Wanted(msgspec.Struct, frozen=True):
    """A column that a mapping names."""

    name: str
    key: str
    field: Field
    spec: ColumnSpec


def described(mapping: RecordMapping, *keys: str) -> Message:
    """Where a mapping says something: its file and line, for people."""
    if mapping.is_built_in:
        return message("the built-in description of {target}", target=mapping.target)
    line = mapping.line_of(*keys)
    if line is None:
        return message("the mapping file {file}", file=mapping.path)
    return message("the mapping file {file}, line {line}", file=mapping.path, line=line)
