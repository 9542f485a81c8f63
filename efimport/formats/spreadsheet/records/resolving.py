"""The columns of a mapping, found in one table: which cell gives which field, and how it is read."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from efimport.findings import Finding, Location, finding
from efimport.formats.notes import Notes
from efimport.formats.spreadsheet.cells import Cells, Picked, as_column, different_texts, pick
from efimport.formats.spreadsheet.days import Days, settle
from efimport.formats.spreadsheet.layout import Layout, unknown_columns
from efimport.formats.spreadsheet.names import Names, folded, is_expression
from efimport.formats.spreadsheet.records.columns import FieldColumn, Found, RateColumns, Wanted, described
from efimport.formats.spreadsheet.records.values import (
    SIMPLE,
    Parse,
    amounts,
    choices,
    column_mark,
    days,
    flag_of,
    integers,
    percents,
    reader,
    registration_of,
    worded,
)
from efimport.formats.tables.model import Cell, Row, letters_of
from efimport.formats.tables.numbers import parse_amount
from efimport.mappings import RecordMapping, codes
from efimport.mappings.parts import ColumnSpec
from efimport.mappings.targets import Field, target_fields

_SINGLE_MARK = frozenset({"exchange_rate"})
"""Amounts in which nobody parts thousands, so that a mark that stands alone is the decimal one."""
_DASHED = frozenset({"amount", "percent", "integer", "day"})
"""Types among whose values a dash stands for none."""
_ELEMENT = Field(type="code", to="", title="", help="", names={})
_HUNDRED = 100


class Columns:
    """Finds the columns of a mapping in a table.

    Args:
        layout: the table and its header.
        rows: the rows below the header, with their cells.
        notes: findings about the table as a whole.
        beside: cells beside the rows, by field, with their places; they tell about days and decimal marks as well.
        is_czech: whether our books are kept in Czechia, so that numbers of firms are Czech ones as a rule.
    """

    def __init__(
        self,
        layout: Layout,
        rows: Sequence[tuple[Row, Cells]],
        notes: Notes,
        beside: Sequence[tuple[str, Cell, Location]] = (),
        *,
        is_czech: bool = True,
    ) -> None:
        assert isinstance(layout.mapping, RecordMapping)
        self.mapping = layout.mapping
        self._layout = layout
        self._names = layout.names
        self._rows = rows
        self._notes = notes
        self._beside = beside
        self._is_czech = is_czech
        self._fields = target_fields(self.mapping.target)
        self._header = layout.table.rows[layout.start - 1] if layout.has_header else None

    def place(self, index: int | None) -> Location:
        """Where a heading stands."""
        if self._header is None:
            return Location(where=self._layout.table.sheet)
        return self._layout.table.place(self._header, index)

    def find(self, date_format: str | None) -> tuple[Found | None, list[Finding]]:
        """The columns and what is wrong with them; no columns where the table cannot be read by the mapping."""
        wanted = list(self._wanted())
        picked = [(one, column) for one in wanted if (column := pick(one.spec, self._names)) is not None]
        problems = [*self._missing(wanted, {one.key for one, _ in picked}), *self._twice(picked)]
        if problems:
            return None, problems
        reads = self.readers(picked, date_format)
        columns = {one.key: FieldColumn(one.name, one.key, one.field, column, reads[one.key]) for one, column in picked}
        sections: dict[str, list[FieldColumn]] = {}
        for one, _ in picked:
            sections.setdefault(one.key.partition(".")[0], []).append(columns[one.key])
        found = Found(
            document=tuple(sections.get("columns", ())),
            line=tuple(sections.get("lines", ())),
            service=tuple(sections.get("service", ())),
            line_service=tuple(sections.get("line_service", ())),
            vat=tuple(self._rate(index, columns) for index in range(len(self.mapping.vat))),
            days=self.days,
        )
        return found, list(self._not_read(found))

    def _rate(self, index: int, columns: Mapping[str, FieldColumn]) -> RateColumns:
        base, vat, total, text = (
            columns.get(f"vat[{index}].{part}") for part in ("base", "vat", "total", "description")
        )
        return RateColumns(Decimal(self.mapping.vat[index].rate), base, vat, total, text)

    def _wanted(self) -> Iterator[Wanted]:
        mapping, fields = self.mapping, self._fields
        for name, spec in mapping.columns.items():
            yield Wanted(name, f"columns.{name}", fields.document[name], spec)
        for name, spec in mapping.lines.items():
            yield Wanted(name, f"lines.{name}", fields.line[name], spec)
        for section, elements in (("service", mapping.service), ("line_service", mapping.line_service)):
            for name, spec in elements.items():
                yield Wanted(name, f"{section}.{name}", _ELEMENT, spec)
        for index, one in enumerate(mapping.vat):
            for part, spec_of, kind in (
                ("base", one.base, "amount"),
                ("vat", one.vat, "amount"),
                ("total", one.total, "amount"),
                ("description", one.description, "text"),
            ):
                if spec_of is not None:
                    field = Field(type="amount" if kind == "amount" else "text", to="", title="", help="", names={})
                    yield Wanted(part, f"vat[{index}].{part}", field, spec_of)

    def _missing(self, wanted: Sequence[Wanted], found: set[str]) -> Iterator[Finding]:
        if self.mapping.is_built_in or not self._layout.has_header:
            return
        optional = self.mapping.optional
        for one in wanted:
            may_be_missing = optional if isinstance(optional, bool) else one.name in optional
            if one.key in found or (may_be_missing and not one.field.required) or one.name in self.mapping.defaults:
                continue
            named = _named(one.spec)
            near = near_headings(named, self._names)
            yield finding(
                "spreadsheet.column-missing",
                self.place(None),
                field=one.name,
                wanted=" / ".join(named) or "-",
                described=described(self.mapping, one.key),
                near=", ".join(near) or "-",
            )

    def _twice(self, picked: Sequence[tuple[Wanted, Picked]]) -> Iterator[Finding]:
        """Two columns for one field: the same heading twice, or two headings of which nobody says which counts."""
        for one, column in picked:
            spec = as_column(one.spec)
            if column.index is None or not spec.names or spec.occurrence != 1:
                continue
            names = spec.names if self.mapping.is_built_in else self._names_at(spec.names, column.index)
            others = [place for place in _places(names, self._names) if place != column.index]
            clash = next((place for place in others if self._differ(column.index, place)), None)
            if clash is not None:
                yield finding(
                    "spreadsheet.column-twice",
                    self.place(clash),
                    field=one.name,
                    first=letters_of(column.index),
                    second=letters_of(clash),
                    heading=self._names.texts[clash],
                    described=described(self.mapping, one.key),
                )

    def _names_at(self, names: tuple[str, ...], index: int) -> tuple[str, ...]:
        """Those names that the chosen column has; others are for other tables."""
        return tuple(name for name in names if index in _places((name,), self._names))

    def _differ(self, first: int, second: int) -> bool:
        """Whether two columns say different things in a row; one that is empty everywhere says nothing."""
        for _, cells in self._rows:
            other = cells[second]
            if other not in (None, "") and other != cells[first]:
                return True
        return False

    def _not_read(self, found: Found) -> Iterator[Finding]:
        """The columns with something in them that nobody reads."""
        read = frozenset().union(*(one.picked.indexes for one in found.all))
        texts = self._names.texts
        unknown = {*unknown_columns(self.mapping, self._names), *self._alternatives()}
        if not self._layout.has_header:
            unknown = {*range(len(texts))}
        filled = [
            index
            for index in sorted(unknown)
            if index not in read and any(cells[index] not in (None, "") for _, cells in self._rows)
        ]
        if filled:
            names = ", ".join(texts[index].strip() or letters_of(index) for index in filled)
            yield finding(
                "spreadsheet.columns-not-read",
                self.place(filled[0]),
                names=names,
                described=described(self.mapping, "columns"),
            )

    def _alternatives(self) -> Iterator[int]:
        """Columns that a field would be read from if another name of it did not come first, and that say otherwise."""
        for one in self._wanted():
            places = _places(as_column(one.spec).names, self._names)
            yield from (place for place in places[1:] if self._differ(places[0], place))

    def readers(self, picked: Sequence[tuple[Wanted, Picked]], date_format: str | None) -> dict[str, Parse]:
        """How the cells of each column are read, by key."""
        mapping = self.mapping
        numbers = {one.key: column for one, column in picked if one.field.type in ("amount", "percent")}
        pooled = [cell for key, column in numbers.items() if column.decimal is None for cell in self._texts(column)]
        pooled += [cell for name, cell, _ in self._beside if self._type(name) == "amount"]
        self.days = self._settled([column for one, column in picked if one.field.type == "day"], date_format)
        self.mark = mapping.file.decimal or column_mark(pooled, ())
        reads = {}
        for one, column in picked:
            mark = None
            if one.key in numbers:
                named = column.decimal or mapping.file.decimal
                mark = named or column_mark(self._texts(column), pooled)
            own_days = self._settled([column], date_format) if column.dates else self.days
            parse = self._parse(one.name, one.key, one.field, mark, own_days, column)
            reads[one.key] = reader(parse, dash_is_empty=one.field.type in _DASHED)
        return reads

    def parse_beside(self, name: str) -> Parse:
        """How a value beside the rows is read."""
        field = self._fields.document[name]
        return reader(self._parse(name, "", field, self.mark, self.days, None))

    def parse_default(self, name: str) -> Parse:
        """How a default of the mapping is read."""
        field = self._fields.field(name)
        return reader(self._parse(name, "", field, ".", Days(self.mapping.file.dates), None))

    def is_of_line(self, name: str) -> bool:
        """Whether a field is one of lines."""
        return name not in self._fields.document

    def _type(self, name: str) -> str:
        return self._fields.document[name].type

    def _parse(self, name: str, key: str, field: Field, mark: str | None, known: Days, column: Picked | None) -> Parse:
        words = {
            folded(word): ours for ours, others in self.mapping.words.get(name, {}).items() for word in (ours, *others)
        }
        match field.type:
            case "amount":
                return amounts(mark, field, single=name in _SINGLE_MARK)
            case "percent":
                fractions = name == "vat_rate" and column is not None and self._is_of_fractions(column, mark, key)
                return percents(mark, field, words, fractions=fractions, is_rate=name == "vat_rate")
            case "integer":
                return integers(field)
            case "day":
                return days(known)
            case "flag":
                return flag_of(words)
            case "choice":
                return choices(field, words)
        if field.to.endswith("registration_number") and self._is_czech:
            return registration_of
        return worded(SIMPLE[field.type], words) if words else SIMPLE[field.type]

    def _is_of_fractions(self, column: Picked, mark: str | None, key: str) -> bool:
        """Whether a column of VAT rates holds parts of one: all below one, and each a legal rate of some country."""
        cells = [cell for _, cells in self._rows if (cell := column.cell(cells)) not in (None, "")]
        texts = {cell for cell in cells if isinstance(cell, str) and not cell.strip().endswith("%")}
        numbers = {cell for cell in cells if isinstance(cell, Decimal)}
        values = [*numbers, *(parse_amount(text, mark) or parse_amount(text) for text in texts)]
        parts = [value for value in values if value is not None and value != 0]
        if not parts or any(not 0 < value < 1 or value * _HUNDRED not in legal_rates() for value in parts):
            return False
        self._notes.add(
            "spreadsheet.percent-fractions",
            self.place(column.index),
            found=max(parts),
            rate=f"{(max(parts) * _HUNDRED).normalize():f}",
            described=described(self.mapping, key),
        )
        return True

    def _settled(self, columns: Sequence[Picked], date_format: str | None) -> Days:
        patterns = next((column.dates for column in columns if column.dates), self.mapping.file.dates)
        cells = [*self._placed([column for column in columns if column.dates in ((), patterns)])]
        cells += [(cell, place) for name, cell, place in self._beside if self._type(name) == "day"]
        return settle(patterns, cells, date_format, self._notes)

    def _placed(self, columns: Sequence[Picked]) -> Iterator[tuple[Cell, Location]]:
        return different_texts(self._layout.table, self._rows, columns)

    def _texts(self, column: Picked) -> list[Cell]:
        found: dict[Cell, None] = {}
        for _, cells in self._rows:
            cell = column.cell(cells)
            if isinstance(cell, str):
                found[cell] = None
        return list(found)


def legal_rates() -> frozenset[Decimal]:
    """Every VAT rate that a country of ours has had."""
    rates = {
        Decimal(str(period[level]))
        for country in codes("vat-rates").values()
        for period in country
        for level in ("high", "low", "third")
        if level in period
    }
    return frozenset(rates)


def _named(spec: ColumnSpec) -> list[str]:
    column = as_column(spec)
    inner = [name for one in (*column.join, *column.first_of) for name in _named(one)]
    return [*column.names, *inner, *([column.header] if column.header else [])]


def near_headings(wanted: Sequence[str], names: Names) -> list[str]:
    """The headings of a table that are nearest to the wanted ones."""
    headings = {folded(text): text.strip() for text in names.texts if text.strip()}
    plain = [folded(name) for name in wanted if not is_expression(name)]
    near = [one for name in plain for one in difflib.get_close_matches(name, headings, n=2)]
    within = [heading for heading in headings for name in plain if name and (name in heading or heading in name)]
    return [headings[name] for name in dict.fromkeys([*near, *within])][:3]


def _places(wanted: Sequence[str], names: Names) -> list[int]:
    found: list[int] = []
    for name in wanted:
        occurrence = 1
        while (index := names.find(name, occurrence)) is not None:
            found.append(index)
            occurrence += 1
    return list(dict.fromkeys(found))
