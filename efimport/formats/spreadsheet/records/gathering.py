"""The documents of one table: its columns are found, its rows gathered, and what was noted is handed out with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from efimport.findings import Finding, Location, finding
from efimport.formats.notes import Notes
from efimport.formats.reading import Read
from efimport.formats.spreadsheet.cells import Cells, condition
from efimport.formats.spreadsheet.layout import Layout
from efimport.formats.spreadsheet.margins import Found as Beside
from efimport.formats.spreadsheet.margins import find_in_name, find_values
from efimport.formats.spreadsheet.names import repaired
from efimport.formats.spreadsheet.records.building import Builder
from efimport.formats.spreadsheet.records.columns import FieldColumn, Found, described
from efimport.formats.spreadsheet.records.context import Context
from efimport.formats.spreadsheet.records.drafts import MORE, Draft
from efimport.formats.spreadsheet.records.forms import FormRows
from efimport.formats.spreadsheet.records.plain import PlainRows, Reading, shown
from efimport.formats.spreadsheet.records.resolving import Columns
from efimport.formats.spreadsheet.records.taking import Taker
from efimport.formats.spreadsheet.records.values import Wrong
from efimport.formats.spreadsheet.widths import Widths
from efimport.formats.tables.model import Row
from efimport.mappings import RecordMapping
from efimport.mappings.records_soundness import fields_of
from efimport.messages import message


def gathered(layout: Layout, context: Context) -> Iterator[Read]:
    """The documents of a table and what is wrong outside of them.

    Args:
        layout: the table, as a mapping of documents describes it.
        context: what is known besides.
    """
    return _Gathering(layout, context).items()


class _Gathering:
    def __init__(self, layout: Layout, context: Context) -> None:
        assert isinstance(layout.mapping, RecordMapping)
        self._mapping = layout.mapping
        self._layout = layout
        self._context = context
        self._notes = Notes(MORE)
        table = layout.table
        self._faulty: dict[int, dict[int, str]] = {}
        for (number, column), text in table.faulty.items():
            self._faulty.setdefault(number, {})[column] = text
        self._rows = [(row, self._cells(row)) for row in table.rows[layout.start :] if not row.is_blank]
        above = table.rows[: layout.start - int(layout.has_header)]
        self._above = [Row(row.number, self._cells(row)) for row in above if not row.is_blank]
        self._names = {
            **find_in_name(self._mapping.file_name, context.name),
            **find_in_name(self._mapping.sheet_name, table.sheet or ""),
        }

    def _cells(self, row: Row) -> Cells:
        cells = row.cells
        repair = self._layout.repair
        if repair is not None:
            cells = tuple(repaired(cell, repair) if isinstance(cell, str) else cell for cell in cells)
        if row.number in self._faulty:
            errors = self._faulty[row.number]
            cells = tuple(errors.get(index, cell) for index, cell in enumerate(cells))
        missing = self._layout.width - len(cells)
        return cells + ("",) * missing if missing > 0 else cells

    def items(self) -> Iterator[Read]:
        """Documents and findings."""
        self._note_table()
        columns = Columns(self._layout, self._rows, self._notes, self._beside(), is_czech=self._context.is_czech)
        found, problems = columns.find(self._context.date_format)
        if found is None:
            yield from problems
            yield from self._notes.all()
            return
        yield from problems
        taker = Taker(found, self._mapping, self._layout.table, self._widths(found))
        reading, drafts = self._reading(columns, taker)
        builder = Builder(self._mapping, self._context)
        defaults, wrong = self._defaults(columns)
        if wrong:
            yield from wrong
            return
        made: list[Read] = []
        for one in drafts:
            if isinstance(one, Finding):
                made.append(one)
            else:
                _fill(one, *defaults)
                made.append(builder.document(one))
        yield from self._noted(made, reading)

    def _note_table(self) -> None:
        table, layout = self._layout.table, self._layout
        if layout.repair is not None:
            self._notes.add("spreadsheet.garbled", table.place(table.rows[layout.start - 1]))
        if not layout.has_header and layout.start and not table.rows[layout.start - 1].is_blank:
            heading = table.rows[layout.start - 1]
            self._notes.add("spreadsheet.heading-row", table.place(heading), found=shown(heading.cells))
        if self._mapping.evidence == "C":
            self._notes.add("spreadsheet.unverified", Location(), mapping=self._mapping.name, title=self._mapping.title)

    def _widths(self, found: Found) -> Widths | None:
        """What the rows tell about their cells; columns that go by their order may be followed by others."""
        if not self._layout.has_header:
            return None
        needed = [one for one in found.document if one.field.required]
        amounts = [one for one in found.all if one.field.type == "amount"]
        return Widths(self._layout, self._rows, needed=_places(needed), further=_places(amounts))

    def _beside(self) -> list[tuple[str, Any, Location]]:
        rows = [*self._above, *(Row(row.number, cells) for row, cells in self._rows)]
        mapping, table = self._mapping, self._layout.table
        found: dict[str, Beside] = {**self._names}
        if mapping.footer:
            found |= find_values(mapping.footer, rows[-300:], table)
        if mapping.preamble:
            found |= find_values(mapping.preamble, rows[:300], table)
        return [(name, one.cell, one.place) for name, one in found.items() if not one.dates]

    def _reading(self, columns: Columns, taker: Taker) -> tuple[Reading, Iterator[Draft | Finding]]:
        layout, mapping = self._layout, self._mapping
        tests = ((one.reason, condition(one, layout.names)) for one in mapping.skip)
        skip = [(reason, test) for reason, test in tests if test is not None]
        heading = layout.names.texts if layout.has_header else None
        values = (*mapping.preamble, *mapping.footer, *mapping.file_name, *mapping.sheet_name)
        if any("number" in fields_of(value) for value in values):
            forms = FormRows(layout.table, mapping, taker, heading, skip)
            forms.columns, forms.names = columns, self._names
            return forms, iter(forms.drafts(self._above, self._rows))
        plain = PlainRows(layout.table, mapping, taker, heading, skip)
        return plain, plain.drafts(self._rows)

    def _defaults(self, columns: Columns) -> tuple[tuple[dict[str, Any], dict[str, Any]], list[Finding]]:
        """The defaults of the document and of its lines, and those that cannot be read."""
        parts: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
        wrong = []
        for name, text in self._mapping.defaults.items():
            value = columns.parse_default(name)(text)
            if isinstance(value, Wrong):
                place = Location(where=self._layout.table.sheet)
                key = f"defaults.{name}"
                wrong.append(
                    finding(
                        "spreadsheet.default",
                        place,
                        field=name,
                        found=text,
                        expected=value.expected,
                        described=described(self._mapping, key),
                    )
                )
            else:
                parts[columns.is_of_line(name)][name] = value
        return parts, wrong

    def _noted(self, made: list[Read], reading: Reading) -> Iterator[Read]:
        """The documents, the first one with what was noted about the table, and all with the errors among it."""
        if reading.skipped:
            reasons = ", ".join(
                f"{reason or message('not wanted')}: {count}" for reason, count in reading.skipped.items()
            )
            reading.notes.add("spreadsheet.skipped", Location(), count=reading.skipped.total(), reasons=reasons)
        self._notes.absorb(reading.notes)
        once = self._notes.all()
        shared = tuple(one for one in once if one.is_error)
        for item in made:
            if isinstance(item, Finding):
                yield item
                continue
            yield msgspec.structs.replace(item, findings=(*once, *item.findings)) if once else item
            once = shared
        if not any(not isinstance(item, Finding) for item in made):
            yield from once


def _places(columns: Iterable[FieldColumn]) -> frozenset[int]:
    return frozenset().union(*(column.picked.indexes for column in columns))


def _fill(draft: Draft, document: dict[str, Any], line: dict[str, Any]) -> None:
    for name, value in document.items():
        draft.values.setdefault(name, value)
    for one in draft.lines if line else ():
        for name, value in line.items():
            one.values.setdefault(name, value)
