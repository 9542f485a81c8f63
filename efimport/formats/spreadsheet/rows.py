"""Rows become records: which are bookings, which are none, and what each of them says."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from efimport.findings import Location, Severity
from efimport.formats.notes import Notes
from efimport.formats.spreadsheet.amounts import (
    AmountColumns,
    Booking,
    Bookings,
    Money,
    Step,
    debits_are_signed,
    decide_mark,
)
from efimport.formats.spreadsheet.cells import Cells, Picked, condition, different_texts, pick
from efimport.formats.spreadsheet.days import Days, settle
from efimport.formats.spreadsheet.fields import Fields, currency_code, with_real_conversion
from efimport.formats.spreadsheet.layout import Layout
from efimport.formats.spreadsheet.margins import AMOUNTS, behind_label, find_values, row_text
from efimport.formats.spreadsheet.names import repaired
from efimport.formats.spreadsheet.order import Link
from efimport.formats.spreadsheet.payouts import ConversionColumns, PaidOut, conversion_columns, payout_columns
from efimport.formats.spreadsheet.totals import agrees, is_total
from efimport.formats.spreadsheet.widths import Widths, looks_like_data
from efimport.formats.tables.days import parse_day
from efimport.formats.tables.model import Cell, Row, cell_text
from efimport.mappings import StatementMapping
from efimport.messages import message

_DIGIT = re.compile(r"\d")


class Key(NamedTuple):
    """What tells the statements in a table apart."""

    account: str = ""
    bank_code: str = ""
    currency: str = ""
    number: str = ""
    further: tuple[str, ...] = ()


class Record(msgspec.Struct, frozen=True, gc=False):
    """A row that books something.

    Attributes:
        row: the row.
        key: which statement it belongs to.
        booking: its amounts.
        link: what it says of order and balances.
        value_date: day of value.
        fields: further fields of its entry.
        payout: the payout that it is part of.
    """

    row: Row
    key: Key
    booking: Booking
    link: Link
    value_date: dt.date | None
    fields: dict[str, Any]
    payout: PaidOut | None = None


class Block:
    """The rows under one header, and what stands above and below them.

    Attributes:
        above: rows above the header.
        below: rows below the data.
        records: the bookings, in the order of the table.
        notes: findings about the block as a whole.
        notes_of: findings about the rows of one statement.
        damaged: statements of which a row could not be read.
    """

    def __init__(self, above: list[Row]) -> None:
        self.above = above
        self.below: list[Row] = []
        self.records: list[Record] = []
        self.notes = Notes("spreadsheet.more")
        self.notes_of: dict[Key, Notes] = {}
        self.damaged: set[Key] = set()
        self.skipped: Counter[str] = Counter()

    def notes_for(self, key: Key) -> Notes:
        """Where findings about the rows of a statement are noted."""
        return self.notes_of.setdefault(key, Notes("spreadsheet.more"))


class Rows:
    """Reads the rows of one table by the layout that describes it.

    Args:
        layout: the table and its mapping.
        date_format: the pattern of days that the user names.
        notes: findings about the table as a whole.
    """

    def __init__(self, layout: Layout, date_format: str | None, notes: Notes) -> None:
        assert isinstance(layout.mapping, StatementMapping)
        self.layout = layout
        self.mapping: StatementMapping = layout.mapping
        self.table = layout.table
        self.notes = notes
        names, columns = layout.names, self.mapping.columns
        self._rows = [(row, self._cells(row)) for row in self.table.rows[layout.start :] if not row.is_blank]
        self._amounts = AmountColumns(self.mapping.amount, self.mapping.fees, self.mapping.balance, names)
        self.money = Money(self._mark())
        signed = debits_are_signed(self._amounts, self.money, (cells for _, cells in self._rows))
        self._bookings = Bookings(self._amounts, self.money, self.table, signed_debits=signed)
        self._fields = Fields(self.mapping, names, self.table, self.money.decimal)
        self._day, self._value_day = pick(columns.date, names), pick(columns.value_date, names)
        self._payout = payout_columns(self.mapping, names)
        self._conversion = conversion_columns(self.mapping, names)
        self._days = self._settled_days(date_format)
        self.days = self._days.get(self.mapping.file.dates) or Days(self.mapping.file.dates)
        self._key_columns = [
            pick(spec, names) for spec in (columns.account, columns.account_bank_code, columns.currency, columns.number)
        ]
        self._split = [column for column in (pick(spec, names) for spec in self.mapping.split) if column is not None]
        self._skip = [(one.reason, test) for one in self.mapping.skip if (test := condition(one, names)) is not None]
        self._footer = [re.compile(pattern) for pattern in self.mapping.file.footer]
        self._labels = tuple(
            label
            for value in self.mapping.footer
            for label in ((value.label,) if isinstance(value.label, str) else value.label)
        )
        self._header_texts = layout.names.texts if layout.has_header else None
        needed = [self._day or self._value_day, self._key_columns[2], *self._amounts.main]
        last = [self._amounts.after, *(fee.column for fee in self._amounts.fees)]
        self._widths = Widths(layout, self._rows, needed=_places(needed), further=_places(last))

    def _cells(self, row: Row) -> Cells:
        cells = row.cells
        if self.layout.repair is not None:
            repair = self.layout.repair
            cells = tuple(repaired(cell, repair) if isinstance(cell, str) else cell for cell in cells)
        missing = self.layout.width - len(cells)
        return cells + ("",) * missing if missing > 0 else cells

    def as_written(self, rows: list[Row]) -> list[Row]:
        """Rows beside the data, their letters put back where that is needed."""
        if self.layout.repair is None:
            return rows
        return [Row(row.number, self._cells(row)) for row in rows]

    def _mark(self) -> str | None:
        columns = [column for column in self._amounts.all if column.decimal is None]
        return decide_mark(
            self.mapping.file.decimal, self._amount_cells(columns), self.notes, mapping=self.mapping.name
        )

    def _amount_cells(self, columns: list[Picked]) -> Iterator[tuple[Cell, Location]]:
        yield from self._texts(columns)
        above = self.as_written(list(self.table.rows[: self.layout.start]))
        below = [Row(row.number, cells) for row, cells in self._rows[-20:]]
        for values, rows in ((self.mapping.preamble, above), (self.mapping.footer, below)):
            found = find_values(values, rows, self.table)
            yield from ((one.cell, one.place) for field, one in found.items() if field in AMOUNTS)

    def _settled_days(self, date_format: str | None) -> dict[tuple[str, ...], Days]:
        by_patterns: dict[tuple[str, ...], list[Picked]] = {}
        payout = self._payout.day if self._payout is not None else None
        for column in (self._day, self._value_day, payout):
            if column is not None:
                by_patterns.setdefault(column.dates or self.mapping.file.dates, []).append(column)
        return {
            patterns: settle(patterns, self._texts(columns), date_format, self.notes)
            for patterns, columns in by_patterns.items()
        }

    def _texts(self, columns: list[Picked]) -> Iterator[tuple[Cell, Location]]:
        return different_texts(self.table, self._rows, columns)

    def blocks(self) -> Iterator[Block]:
        """The rows, cut where the header stands again below something that is no booking."""
        above = [row for row in self.table.rows[: self.layout.start - int(self.layout.has_header)] if not row.is_blank]
        block = Block(self.as_written(above))
        self._check_above(above, block)
        waiting: list[tuple[Row, Cells]] = []
        ended = False
        for row, cells in self._rows:
            if self._is_header(cells):
                between = block.below + [Row(row.number, cells) for row, cells in waiting]
                if between:
                    block.below = between
                    yield block
                    block, waiting, ended = Block(between), [], False
            elif ended or self._is_footer(row, cells):
                ended = True
                self._below(row, cells, block)
            elif self._is_skipped(row, cells, block):
                continue
            elif self._date(cells) is None and self._has_footer_label(cells):
                ended = True
                block.below.append(Row(row.number, cells))
            elif self._is_total(row, cells, block):
                continue
            elif self._is_booking(cells):
                self._pass_over(waiting, block)
                waiting = []
                self._record(row, cells, block)
            else:
                waiting.append((row, cells))
        self._pass_over(waiting, block)
        block.below += [Row(row.number, cells) for row, cells in waiting]
        yield block

    def _check_above(self, above: list[Row], block: Block) -> None:
        """Notes rows above the data that look like entries, as a row does that was moved or damaged."""
        if self.layout.has_header and any(parse_day(text, self.days.patterns) for text in self.layout.names.texts):
            # The end of the line was lost, and the first row stands behind the headings.
            header = self.table.rows[self.layout.start - 1]
            block.notes.add("spreadsheet.above-the-data", self.table.place(header), found=_shown(header.cells[::-1]))
        data = [sum(1 for cell in cells if cell_text(cell)) for _, cells in self._rows[:50]]
        fewest = min(data, default=0)
        for row in above:
            cells = self._cells(row)
            if self.layout.has_header:
                filled = sum(1 for cell in cells if cell_text(cell))
                odd = filled * 2 >= fewest and self._date(cells) is not None and self._bookings.has_amount(cells)
            else:
                odd = self._is_booking(cells) or looks_like_data(cells, fewest)
            if odd:
                block.notes.add("spreadsheet.above-the-data", self.table.place(row), found=_shown(cells))

    def _is_header(self, cells: Cells) -> bool:
        return self._header_texts is not None and all(
            cell_text(cell) == text for cell, text in zip(cells, self._header_texts, strict=False)
        )

    def _is_footer(self, row: Row, cells: Cells) -> bool:
        return bool(self._footer) and self._matches_footer(Row(row.number, cells))

    def _matches_footer(self, row: Row) -> bool:
        text = row_text(row)
        return any(pattern.search(text) for pattern in self._footer)

    def _has_footer_label(self, cells: Cells) -> bool:
        first = next((text for text in map(cell_text, cells) if text), "")
        return bool(self._labels) and behind_label(first, self._labels) is not None

    def _below(self, row: Row, cells: Cells, block: Block) -> None:
        """A row below the data; one that looks like a booking is not lost in silence."""
        whole = Row(row.number, cells)
        block.below.append(whole)
        booked = self._date(cells) is not None and self._bookings.has_amount(cells)
        if booked and not self._matches_footer(whole) and not self._has_footer_label(cells):
            block.notes.add("spreadsheet.below-the-end", self.table.place(row), found=_shown(cells))

    def _is_skipped(self, row: Row, cells: Cells, block: Block) -> bool:
        """Whether the mapping says that the row is no booking; one with a balance may be one nevertheless."""
        for reason, test in self._skip:
            if test(cells):
                block.skipped[reason] += 1
                self._widths.check(row, block.notes)
                after = self._amounts.after
                if after is not None and after.text(cells) and self._bookings.moves_money(cells):
                    block.notes.add("spreadsheet.skipped-with-balance", self.table.place(row), found=_shown(cells))
                return True
        return False

    def _is_total(self, row: Row, cells: Cells, block: Block) -> bool:
        """Whether the row holds the totals of those above; it is compared with them."""
        if self._date(cells) is not None or not self._bookings.has_amount(cells) or not is_total(cells):
            return False
        same = agrees(cells, self._amounts, self.money, (record.booking for record in block.records))
        code = "spreadsheet.totals" if same else "spreadsheet.totals-differ"
        block.notes.add(code, self.table.place(row), found=_shown(cells))
        return True

    def _is_booking(self, cells: Cells) -> bool:
        return self._date(cells) is not None or self._bookings.has_amount(cells)

    def _date(self, cells: Cells) -> dt.date | None:
        return self._day_in(self._day, cells) or self._day_in(self._value_day, cells)

    def _day_in(self, column: Picked | None, cells: Cells) -> dt.date | None:
        if column is None:
            return None
        return self._days[column.dates or self.mapping.file.dates].day(column.cell(cells))

    def _pass_over(self, waiting: list[tuple[Row, Cells]], block: Block) -> None:
        """Rows with neither a day nor an amount: notes between the bookings, or what is left of damaged ones."""
        for row, cells in waiting:
            columns = [*self._amounts.main, *(one for one in (self._day, self._value_day) if one is not None)]
            harmless = not any(_DIGIT.search(column.text(cells)) for column in columns) and not self._widths.is_uncut(
                cells
            )
            severity = Severity.WARNING if harmless else Severity.ERROR
            block.notes.add("spreadsheet.row", self.table.place(row), severity=severity, found=_shown(cells))

    def _record(self, row: Row, cells: Cells, block: Block) -> None:
        key = self._key(row, cells, block)
        notes = block.notes_for(key)
        self._widths.check(row, notes)
        booking = self._bookings.make(row, cells, key.currency or None, notes)
        date, value_date = self._day_of(self._day, row, cells, notes), self._day_of(self._value_day, row, cells, notes)
        if date is None and value_date is None and not self._day_text(cells):
            column = self._day or self._value_day
            notes.add("spreadsheet.day", self.table.place(row, column.index if column else None), found="-")
        before = self._bookings.balance(self._amounts.before, row, cells, notes)
        after = self._bookings.balance(self._amounts.after, row, cells, notes)
        if booking is None:
            block.damaged.add(key)
            return
        link = Link(booking.total, date or value_date, before, after)
        fields = with_real_conversion(self._fields.take(row, cells, notes), booking.main, key.currency)
        payout = self._paid_out(row, cells, notes)
        block.records.append(Record(row, key, booking, link, value_date, fields, payout))
        if self._conversion is not None:
            self._add_converted(self._conversion, block.records[-1], cells, block)

    def _paid_out(self, row: Row, cells: Cells, notes: Notes) -> PaidOut | None:
        if self._payout is None:
            return None
        return self._payout.of(cells, self._day_of(self._payout.day, row, cells, notes))

    def _add_converted(self, columns: ConversionColumns, went: Record, cells: Cells, block: Block) -> None:
        """What a conversion brings to the account in the other currency, as a record of that account's statement."""
        written = columns.currency(cells)
        if not written:
            return
        code = currency_code(written)
        if code is None:
            block.notes.add("spreadsheet.currency", self.table.place(went.row), found=written)
        key = went.key._replace(currency=code or "")
        amount = self._bookings.balance(columns.column, went.row, cells, block.notes_for(key))
        if amount is None:
            block.damaged.add(key)
            return
        fields = {
            **{name: value for name, value in went.fields.items() if name != "charges"},
            "original_amount": abs(went.booking.main),
            "original_currency": went.key.currency,
        }
        fields = with_real_conversion(fields, amount, key.currency)
        link = Link(amount, went.link.date)
        block.records.append(Record(went.row, key, Booking((Step(amount),)), link, went.value_date, fields))

    def _key(self, row: Row, cells: Cells, block: Block) -> Key:
        account, bank_code, currency, number = (
            column.text(cells) if column is not None else "" for column in self._key_columns
        )
        code = currency_code(currency)
        if currency and code is None:
            column = self._key_columns[2]
            place = self.table.place(row, column.index if column else None)
            block.notes.add("spreadsheet.currency", place, found=currency)
        return Key(account, bank_code, code or "", number, tuple(column.text(cells) for column in self._split))

    def _day_of(self, column: Picked | None, row: Row, cells: Cells, notes: Notes) -> dt.date | None:
        day = self._day_in(column, cells)
        if day is None and column is not None and column.text(cells):
            notes.add("spreadsheet.day", self.table.place(row, column.index), found=column.text(cells))
        return day

    def place_of_balance(self, row: Row) -> Location:
        """Where the running balance of a row stands."""
        column = self._amounts.after or self._amounts.before
        return self.table.place(row, column.index if column is not None else None)

    def _day_text(self, cells: Cells) -> str:
        return "".join(column.text(cells) for column in (self._day, self._value_day) if column is not None)


def skipped_text(reasons: Counter[str]) -> str:
    """Why rows were skipped, with their numbers."""
    return ", ".join(f"{reason or message('not booked')}: {count}" for reason, count in reasons.items())


def _places(columns: list[Picked | None]) -> frozenset[int]:
    return frozenset().union(*(column.indexes for column in columns if column is not None))


def _shown(cells: Cells) -> str:
    """The beginning of a row, to be shown."""
    text = " | ".join(text for text in map(cell_text, cells) if text)
    return text if len(text) <= 60 else f"{text[:57]}..."
