"""Tables with one row a document, or one row a line whose rows are put together by the number of the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from efimport.findings import Finding, finding
from efimport.formats.notes import Notes
from efimport.formats.spreadsheet.cells import Cells, Test
from efimport.formats.spreadsheet.margins import behind_label, row_text
from efimport.formats.spreadsheet.records.drafts import MORE, Draft
from efimport.formats.spreadsheet.records.taking import Taker
from efimport.formats.spreadsheet.records.values import Doubtful, Wrong
from efimport.formats.spreadsheet.totals import is_total
from efimport.formats.tables.model import Row, Table, cell_text
from efimport.mappings import RecordMapping

SHOWN = 60
_REMARK = 2
"""Filled cells that a remark below the rows has at most: a word and a day."""
_IDENTITY = ("number", "kind", "partner_name", "partner_registration_number", "partner_code")
"""What tells documents apart; numbers of received ones repeat from supplier to supplier."""


class Reading:
    """What all readings of rows have in common: which rows are none.

    Args:
        table: the table.
        mapping: the mapping.
        taker: takes what rows say.
        heading: texts of the header; None for a table without one.
        skip: conditions of rows that are no documents, each with its reason.

    Attributes:
        notes: findings about rows that belong to no document.
        skipped: how many rows were skipped, by reason.
    """

    def __init__(
        self,
        table: Table,
        mapping: RecordMapping,
        taker: Taker,
        heading: Sequence[str] | None,
        skip: Sequence[tuple[str, Test]],
    ) -> None:
        self.table = table
        self.mapping = mapping
        self.taker = taker
        self.notes = Notes(MORE)
        self.skipped: Counter[str] = Counter()
        self.sums = taker.sums()
        self._heading = [text.strip() for text in heading] if heading is not None else None
        self._first = next((index for index, text in enumerate(self._heading or ()) if text), 0)
        self._skip = skip
        self._footer = [re.compile(pattern) for pattern in mapping.file.footer]
        self._labels = tuple(
            label
            for value in mapping.footer
            for label in ((value.label,) if isinstance(value.label, str) else value.label)
        )

    def is_heading(self, cells: Cells) -> bool:
        """Whether the header stands here again, as it does on each page of a printout."""
        if self._heading is None or cell_text(cells[self._first]) != self._heading[self._first]:
            return False
        return [cell_text(cell) for cell in cells[: len(self._heading)]] == self._heading

    def is_skipped(self, cells: Cells) -> bool:
        """Whether the mapping says that the row is none."""
        for reason, test in self._skip:
            if test(cells):
                self.skipped[reason] += 1
                return True
        return False

    def is_footer(self, row: Row, cells: Cells) -> bool:
        """Whether the rows end here."""
        if self._footer and any(pattern.search(row_text(Row(row.number, cells))) for pattern in self._footer):
            return True
        first = next((text for text in map(cell_text, cells) if text), "")
        return bool(self._labels) and behind_label(first, self._labels) is not None

    def is_totals(self, row: Row, cells: Cells) -> bool:
        """Whether the row holds totals of those above, which are compared; a line with a price of its own is none."""
        first = next((text for text in map(cell_text, cells) if text), "")
        if not first[:1].isalpha() or not is_total(cells) or self.taker.priced(cells) or not self.sums.stated(cells):
            return False
        agree = self.sums.agree(cells)
        code = "spreadsheet.totals" if agree else "spreadsheet.totals-differ"
        self.notes.add(code, self.table.place(row), found=shown(cells))
        return True

    def note(self, row: Row, cells: Cells) -> None:
        """Tell of a row that is neither a document nor a line."""
        self.notes.add("spreadsheet.note-row", self.table.place(row), found=shown(cells))


class PlainRows(Reading):
    """Reads a table whose documents follow each other, and are told apart by their number."""

    def drafts(self, rows: Sequence[tuple[Row, Cells]]) -> Iterator[Draft | Finding]:
        """The documents of the rows, in the order in which they begin."""
        self._by_line = bool(self.taker.found.line)
        self._number = next((one for one in self.taker.found.document if one.name == "number"), None)
        self._last: Draft | None = None
        self._named: dict[object, Draft] = {}
        self._found: list[tuple[Draft, Row, Cells]] = []
        ended = False
        for row, cells in rows:
            if self.is_heading(cells) or self.is_skipped(cells):
                continue
            if ended or self.is_footer(row, cells):
                ended = True
                self._below(row, cells)
            elif self.is_totals(row, cells) or self._is_bare_total(row, cells):
                continue
            elif self.taker.is_note(cells):
                self.note(row, cells)
            elif not self._take(row, cells):
                yield self._lost(row, cells)
        if not self._by_line and self.mapping.target_has_lines:
            self._note_repeated()
        for draft, row, cells in self._found:
            if self._is_remark(draft):
                self.note(row, cells)
            else:
                yield draft

    def _take(self, row: Row, cells: Cells) -> bool:
        """Take a row; False where it is a line and nobody knows of which document."""
        draft = self._of_line(row, cells) if self._by_line else self._begun(row, cells)
        if draft is None:
            return False
        self.taker.document(draft, row, cells)
        if not (self._by_line and self._is_total_of(draft, row, cells)):
            if self._by_line:
                self.taker.line(draft, row, cells)
            self.sums.add(cells)
        return True

    def _note_repeated(self) -> None:
        """Note rows of one number, kind and partner: each was to be a document, but they are parts of one."""
        first: dict[tuple[object, ...], Draft] = {}
        for draft, row, _ in self._found:
            key = tuple(draft.values.get(name) for name in _IDENTITY)
            if key[0] is None:
                continue
            earlier = first.setdefault(key, draft)
            if earlier is draft:
                continue
            place = self.table.place(row, self._number.picked.index if self._number is not None else None)
            for one in (earlier, draft):
                one.note("spreadsheet.number-twice", place, number=key[0], first=earlier.row)

    def _is_bare_total(self, row: Row, cells: Cells) -> bool:
        """Whether a row below documents has no number, day or word, and its amounts are the totals of those above."""
        if self._by_line or not self._found or not self.taker.is_bare(cells) or not self.sums.agree(cells, whole=True):
            return False
        self.notes.add("spreadsheet.totals", self.table.place(row), found=shown(cells))
        return True

    def _is_total_of(self, draft: Draft, row: Row, cells: Cells) -> bool:
        """Whether a row with the number of a document holds the totals of its lines, and they agree."""
        stated = self.taker.totals_in(cells)
        if not stated or not draft.lines:
            return False
        for name, amount in stated.items():
            if sum((line.values.get(name, 0) for line in draft.lines), Decimal(0)) != amount:
                return False
        draft.note("spreadsheet.totals", self.table.place(row), found=shown(cells))
        return True

    def _is_remark(self, draft: Draft) -> bool:
        """Whether what looked like an invoice or an order has no lines, no amounts and hardly a word."""
        if draft.lines or draft.rates or not self.mapping.target_has_lines:
            return False
        return len(draft.values) <= _REMARK and not any(isinstance(value, Decimal) for value in draft.values.values())

    def _begun(self, row: Row, cells: Cells) -> Draft:
        draft = Draft(row.number, self.table)
        self._found.append((draft, row, cells))
        return draft

    def _of_line(self, row: Row, cells: Cells) -> Draft | None:
        """The document that a line belongs to: that of its number, or the one above where it has none."""
        value = self._number.value(cells) if self._number is not None else None
        if value is None:
            return self._last
        if isinstance(value, Wrong):
            draft = self._begun(row, cells)
        else:
            number = value.value if isinstance(value, Doubtful) else value
            if number not in self._named:
                self._named[number] = self._begun(row, cells)
            draft = self._named[number]
        self._last = draft
        return draft

    def _lost(self, row: Row, cells: Cells) -> Finding:
        place = self.table.place(row, self._number.picked.index if self._number is not None else None)
        return finding("spreadsheet.line-without-number", place, found=shown(cells))

    def _below(self, row: Row, cells: Cells) -> None:
        """A row below the end; one that looks like a document is not lost in silence."""
        texts = [text for text in map(cell_text, cells) if text]
        if self.taker.priced(cells) and self.taker.filled(cells) >= max(3, len(self.taker.found.all) // 2) and texts:
            self.notes.add("spreadsheet.below-the-end", self.table.place(row), found=shown(cells))


def shown(cells: Cells) -> str:
    """The beginning of a row, to be shown."""
    text = " | ".join(text for text in map(cell_text, cells) if text)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
