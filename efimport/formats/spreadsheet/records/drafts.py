"""Documents while their rows are gathered: what each cell says, and where two of them say different things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from efimport.findings import Finding, Location, Severity
from efimport.formats.notes import Notes
from efimport.formats.spreadsheet.cells import Cells
from efimport.formats.spreadsheet.records.columns import FieldColumn, described
from efimport.formats.spreadsheet.records.values import Doubtful, Value, Wrong
from efimport.formats.tables.model import Cell, Row, Table, cell_text
from efimport.mappings import RecordMapping

MORE = "spreadsheet.more"
_NO_MONEY = frozenset({"quantity", "exchange_rate", "weight", "minimal_stock"})
"""Numbers that are not of a currency."""
_NO_UNIT = str.maketrans("", "", "0123456789.,'’`´+-()\u2212\u2013\u2014\u00ad \t\u00a0\u2007\u2009\u202f")
"""All that an amount may have beside its currency."""


class Rate(msgspec.Struct, frozen=True):
    """Amounts of one VAT rate in a row.

    Attributes:
        rate: VAT in percent.
        base, vat, total: as the row says them.
        description: text of the line that is made of it.
    """

    rate: Decimal
    base: Decimal | None = None
    vat: Decimal | None = None
    total: Decimal | None = None
    description: str | None = None


class LineDraft:
    """A line.

    Args:
        row: the row that it stands in.
        columns: index of the column, by field.

    Attributes:
        values: what its cells say, by field.
        elements: elements of the service's own format.
        is_whole: whether every cell could be read.
    """

    __slots__ = ("columns", "elements", "is_whole", "row", "values")

    def __init__(self, row: Row, columns: Mapping[str, int | None]) -> None:
        self.row = row
        self.values: dict[str, Any] = {}
        self.columns = columns
        self.elements: dict[str, str] = {}
        self.is_whole = True


class Draft:
    """A document.

    Attributes:
        row: number of the row where it begins.
        values: what its cells say, by field.
        places: where they stand: row and column, or the place itself.
        elements: elements of the service's own format.
        lines: its lines.
        rates: its amounts by VAT rate.
        table: the table.
        is_whole: whether every cell of the document itself could be read.
        units: currencies that are written beside its amounts, each with the first place where it stands.
    """

    __slots__ = (
        *("_bad", "_notes", "elements", "is_whole", "lines", "places", "rates", "row", "table", "units"),
        "values",
    )

    def __init__(self, row: int | None, table: Table) -> None:
        self.row = row
        self.table = table
        self.values: dict[str, Any] = {}
        self.places: dict[str, tuple[Row, int | None] | Location] = {}
        self.elements: dict[str, str] = {}
        self.lines: list[LineDraft] = []
        self.rates: list[Rate] = []
        self.is_whole = True
        self.units: dict[str, tuple[Row, int | None] | Location] = {}
        self._bad: set[tuple[str, str]] = set()
        self._notes: Notes | None = None

    @property
    def notes(self) -> Notes:
        """Where findings about the document are noted."""
        if self._notes is None:
            self._notes = Notes(MORE)
        return self._notes

    def note(self, code: str, place: Location, /, *, severity: Severity | None = None, **arguments: object) -> None:
        """Note a finding."""
        self.notes.add(code, place, severity=severity, **arguments)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noted."""
        return self._notes.all() if self._notes is not None else ()

    def place_of(self, name: str) -> Location:
        """Where a field stands; where the document begins for one that it has not."""
        place = self.places.get(name)
        if place is not None:
            return self.place_at(place)
        return self.table.place(self.row, None) if self.row is not None else Location(where=self.table.sheet)

    def place_at(self, place: tuple[Row, int | None] | Location) -> Location:
        """A place for people."""
        return place if isinstance(place, Location) else self.table.place(place[0], place[1])

    def see_unit(self, name: str, cell: Cell, place: tuple[Row, int | None] | Location) -> None:
        """Remember the currency beside an amount.

        Args:
            name: field of the amount.
            cell: the amount as it is written.
            place: where it stands.
        """
        if not isinstance(cell, str) or name in _NO_MONEY:
            return
        unit = cell.translate(_NO_UNIT)
        if unit:
            self.units.setdefault(unit, place)

    def take(self, columns: Iterable[FieldColumn], row: Row, cells: Cells, mapping: RecordMapping) -> None:
        """Take what a row says of the document; a row that contradicts an earlier one is noted."""
        for column in columns:
            value = column.read(column.picked.cell(cells))
            if value is None:
                continue
            if isinstance(value, Wrong | Doubtful):
                value = self.told(value, column, row, cells, mapping)
                if value is None:
                    self.is_whole = False
                    continue
            name = column.name
            if column.field.type == "amount":
                self.see_unit(name, column.picked.cell(cells), (row, column.picked.index))
            if name not in self.values:
                self.values[name] = value
                self.places[name] = (row, column.picked.index)
            elif self.values[name] != value:
                self._contradicts(column, row, cells)

    def told(self, value: Value, column: FieldColumn, row: Row, cells: Cells, mapping: RecordMapping) -> Value:
        """The value of a cell that has to be told about, or None where there is none; told once for each text."""
        text = cell_text(column.picked.cell(cells))
        if (column.key, text) not in self._bad:
            self._bad.add((column.key, text))
            keys = (f"words.{column.name}", column.key) if value.code == "spreadsheet.unknown-word" else (column.key,)
            self.note(
                value.code,
                self.table.place(row, column.picked.index),
                field=column.name,
                found=text,
                expected=value.expected if isinstance(value, Wrong) else str(value.value),
                described=described(mapping, *keys),
                mapping=mapping.name,
            )
        return value.value if isinstance(value, Doubtful) else None

    def _contradicts(self, column: FieldColumn, row: Row, cells: Cells) -> None:
        key = (column.name, "contradiction")
        if key in self._bad:
            return
        self._bad.add(key)
        first = self.place_of(column.name)
        self.note(
            "spreadsheet.contradiction",
            self.table.place(row, column.picked.index),
            field=column.name,
            found=cell_text(column.picked.cell(cells)),
            first=first.where if first.where and self.table.sheet else f"{first.line}, {first.where}",
            earlier=self.values[column.name],
        )
