"""Forms: a header block with labels, the lines below it, and what stands below them; one document after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from efimport.findings import Location
from efimport.formats.spreadsheet.cells import Cells
from efimport.formats.spreadsheet.margins import Found as Beside
from efimport.formats.spreadsheet.margins import find_values
from efimport.formats.spreadsheet.records.columns import described
from efimport.formats.spreadsheet.records.drafts import Draft
from efimport.formats.spreadsheet.records.plain import Reading, shown
from efimport.formats.spreadsheet.records.resolving import Columns
from efimport.formats.spreadsheet.records.values import Doubtful, Wrong
from efimport.formats.tables.days import parse_day
from efimport.formats.tables.model import Row, cell_text
from efimport.mappings.records_soundness import fields_of, values_of


class Form:
    """One document of a form.

    Attributes:
        above: rows above its lines.
        lines: rows of its lines.
        below: rows below them.
        is_followed: whether they are the header block of another document as well.
    """

    def __init__(self, above: list[Row]) -> None:
        self.above = above
        self.lines: list[tuple[Row, Cells]] = []
        self.below: list[Row] = []
        self.is_followed = False


class FormRows(Reading):
    """Reads forms: a document begins where the label of its number stands."""

    columns: Columns
    names: dict[str, Beside]

    def drafts(self, above: Sequence[Row], rows: Sequence[tuple[Row, Cells]]) -> Iterator[Draft]:
        """The documents.

        Args:
            above: rows above the first header.
            rows: rows below it.
        """
        for form in self._forms(above, rows):
            beside = {
                **self.names,
                **find_values(self.mapping.footer, form.below, self.table),
                **find_values(self.mapping.preamble, form.above, self.table),
            }
            self._tell_lost(form)
            first = form.lines[0][0].number if form.lines else None
            draft = Draft(form.above[0].number if form.above else first, self.table)
            for name, one in beside.items():
                self._take_beside(draft, name, one)
            for row, cells in form.lines:
                self.taker.document(draft, row, cells)
                self.taker.line(draft, row, cells)
            if draft.values or draft.lines:
                yield draft

    def _forms(self, above: Sequence[Row], rows: Sequence[tuple[Row, Cells]]) -> Iterator[Form]:
        form = Form(list(above))
        ended = False
        for row, cells in rows:
            if self.is_heading(cells):
                if self._begins_anew(form.below):
                    form.is_followed = True
                    yield form
                    form = Form(form.below)
                    self.sums = self.taker.sums()
                ended = False
            elif ended or self._ends(form, row, cells):
                ended = True
                form.below.append(Row(row.number, cells))
            elif self.is_skipped(cells):
                continue
            elif self.taker.is_line(cells):
                form.lines.append((row, cells))
                self.sums.add(cells)
            else:
                form.below.append(Row(row.number, cells))
        yield form

    def _tell_lost(self, form: Form) -> None:
        """Note lines that stand where none are read, and another document whose lines have no row of headings."""
        for row in form.below:
            cells = row.cells
            if self.taker.is_counted_line(cells) or (not self.is_footer(row, cells) and self._says_amount(cells)):
                self.notes.add("spreadsheet.below-the-end", self.table.place(row), found=shown(cells))
        rows = form.above if form.is_followed else [*form.above, *form.below]
        number = find_values(self.mapping.preamble, rows, self.table).get("number")
        if number is None:
            return
        rest = [row for row in rows if row.number > (number.place.line or 0)]
        anew = find_values(self.mapping.preamble, rest, self.table).get("number")
        if anew is not None and cell_text(anew.cell) != cell_text(number.cell):
            self.notes.add("spreadsheet.form-without-headings", anew.place, found=cell_text(anew.cell))

    def _says_amount(self, cells: Cells) -> bool:
        """Whether a row without a word has a number where lines have amounts: a line whose text is missing."""
        texts = [cell for cell in cells if isinstance(cell, str) and any(sign.isalpha() for sign in cell)]
        return not texts and self.taker.is_priced_line(cells)

    def _begins_anew(self, between: Sequence[Row]) -> bool:
        """Whether another document begins between lines: the label of its number stands there."""
        return "number" in find_values(self.mapping.preamble, between, self.table)

    def _ends(self, form: Form, row: Row, cells: Cells) -> bool:
        """Whether the lines end here: at a footer, at totals, and behind a gap at what is no line."""
        if self.is_footer(row, cells) or self.is_totals(row, cells):
            return True
        if not form.lines:
            return False
        gap = row.number - form.lines[-1][0].number > 1
        return gap and not self.taker.is_readable_line(cells)

    def _take_beside(self, draft: Draft, name: str, one: Beside) -> None:
        value = self.columns.parse_beside(name)(one.cell)
        if one.dates and isinstance(value, Wrong):
            value = parse_day(one.cell, one.dates) or value
        if isinstance(value, Wrong | Doubtful):
            draft.note(
                value.code,
                one.place if one.place != Location() else Location(where=self.table.sheet),
                field=name,
                found=cell_text(one.cell),
                expected=value.expected if isinstance(value, Wrong) else str(value.value),
                described=described(
                    self.mapping, *(key for key, value in values_of(self.mapping) if name in fields_of(value))
                ),
                mapping=self.mapping.name,
            )
            if isinstance(value, Wrong):
                draft.is_whole = False
                return
            value = value.value
        if value is not None:
            if isinstance(value, Decimal):
                draft.see_unit(name, one.cell, one.place)
            draft.values[name] = value
            draft.places[name] = one.place
