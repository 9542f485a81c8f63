"""Amounts of a row: signed, with a flag, in two columns, with fees; and the decimal mark of them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

import msgspec

from efimport.findings import Location
from efimport.formats.notes import Notes
from efimport.formats.spreadsheet.cells import Cells, Picked, pick
from efimport.formats.spreadsheet.names import Names, folded
from efimport.formats.tables.model import Cell, Row, Table, cell_text
from efimport.formats.tables.numbers import find_marks, parse_amount
from efimport.mappings.statements import Amount, Balance, Fee

_GROUP = 3
OTHER_MARK = {",": ".", ".": ","}


class Money:
    """Reads the amounts of one table with one decimal mark.

    Args:
        decimal: the mark; None where no amount has one.
    """

    def __init__(self, decimal: str | None) -> None:
        self.decimal = decimal
        self._text = lru_cache(maxsize=65536)(self._parsed)

    def amount(self, cell: Cell, decimal: str | None = None) -> Decimal | None:
        """The amount in a cell; None for anything else."""
        if isinstance(cell, str):
            return self._text(cell) if decimal is None else parse_amount(cell, decimal)
        return parse_amount(cell, decimal or self.decimal)

    def _parsed(self, text: str) -> Decimal | None:
        return parse_amount(text, self.decimal)


def decide_mark(named: str | None, cells: Iterable[tuple[Cell, Location]], notes: Notes, *, mapping: str) -> str | None:
    """The decimal mark of a table, verified against all of its amounts; notes a contradiction or a doubt.

    Args:
        named: the mark that the mapping names.
        cells: all amounts of the table, with their places.
        notes: where an error is noted.
        mapping: name of the mapping.
    """
    places: dict[str, Location] = {}
    for cell, place in cells:
        if isinstance(cell, str):
            places.setdefault(cell, place)
    marks = find_marks(places)
    _note_odd_decimals(places, named or marks.decimal, notes)
    if named is not None:
        if marks.contradicts or marks.decimal not in (None, named):
            _contradiction(named, places, notes)
        return named
    if marks.contradicts:
        _contradiction(",", places, notes)
    elif marks.ambiguous is not None:
        text = next(text for text in places if text.strip() == marks.ambiguous)
        notes.add("spreadsheet.decimal-unknown", places[text], found=marks.ambiguous, mapping=mapping)
    return marks.decimal


def _note_odd_decimals(places: dict[str, Location], mark: str | None, notes: Notes) -> None:
    """Note an amount with three decimals among others with two: thousands, as they are parted in another country."""
    if mark is None:
        return
    lengths = {text: _decimals(text, mark) for text in places if parse_amount(text, mark)}
    if not any(0 < length < _GROUP for length in lengths.values()) or max(lengths.values()) > _GROUP:
        return
    for text, length in lengths.items():
        if length == _GROUP and find_marks([text]).ambiguous is not None:
            notes.add("spreadsheet.decimal", places[text], found=text.strip(), mark=mark)
            return


def _decimals(text: str, mark: str) -> int:
    """Number of digits behind the decimal mark."""
    return sum(1 for sign in text.partition(mark)[2] if sign.isdigit())


def _contradiction(mark: str, places: dict[str, Location], notes: Notes) -> None:
    for text, place in places.items():
        if find_marks([text]).decimal == OTHER_MARK[mark]:
            notes.add("spreadsheet.decimal", place, found=text.strip(), mark=mark)
            return


class Step(msgspec.Struct, frozen=True, gc=False):
    """One amount that is booked.

    Attributes:
        amount: signed.
        fee: what a fee is called; None for the amount of the row itself.
    """

    amount: Decimal
    fee: str | None = None


class Booking(msgspec.Struct, frozen=True, gc=False):
    """What a row books.

    Attributes:
        steps: its amounts.
        charges: fees that are contained in the amount.
    """

    steps: tuple[Step, ...]
    charges: Decimal | None = None

    @property
    def main(self) -> Decimal:
        """The amount of the row itself."""
        return self.steps[0].amount

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum((step.amount for step in self.steps), Decimal(0))


class _FeeColumn(msgspec.Struct, frozen=True):
    fee: Fee
    column: Picked
    currency: Picked | None


class AmountColumns:
    """The columns of amounts of one table.

    Args:
        amount, fees, balance: what the mapping says.
        names: the header.
    """

    def __init__(self, amount: Amount, fees: Sequence[Fee], balance: Balance | None, names: Names) -> None:
        self.rule = amount
        self.column = pick(amount.column, names)
        self.credit = pick(amount.credit, names)
        self.debit = pick(amount.debit, names)
        self.total = pick(amount.total, names)
        self.direction = pick(amount.direction.column, names) if amount.direction is not None else None
        self.fees = [
            _FeeColumn(fee, column, pick(fee.currency, names))
            for fee in fees
            if (column := pick(fee.column, names)) is not None
        ]
        self.before = pick(balance.before, names) if balance is not None else None
        self.after = pick(balance.after, names) if balance is not None else None
        flags = amount.direction
        self._signs = (
            {
                **dict.fromkeys(map(folded, flags.credit), 1),
                **dict.fromkeys(map(folded, flags.debit), -1),
            }
            if flags is not None
            else {}
        )

    @property
    def main(self) -> list[Picked]:
        """The columns without which a row books nothing."""
        return [column for column in (self.column, self.credit, self.debit) if column is not None]

    @property
    def all(self) -> list[Picked]:
        """Every column of amounts."""
        further = [self.total, self.before, self.after, *(fee.column for fee in self.fees)]
        return [*self.main, *(column for column in further if column is not None)]

    def sign(self, cells: Cells) -> int | None:
        """1 for money that came in, -1 for money that went out, by the flag; None for an unknown flag."""
        return 1 if self.direction is None else self._signs.get(folded(self.direction.text(cells)))


class Bookings:
    """Makes the bookings of the rows of one table.

    Args:
        columns: the columns of amounts.
        money: reads amounts.
        table: the table.
        signed_debits: whether debits are written with a minus, so that the minus says nothing more.
    """

    def __init__(self, columns: AmountColumns, money: Money, table: Table, *, signed_debits: bool) -> None:
        self._columns = columns
        self._money = money
        self._table = table
        self._signed_debits = signed_debits

    def has_amount(self, cells: Cells) -> bool:
        """Whether an amount can be read in one of the columns without which a row books nothing."""
        return any(self._money.amount(column.cell(cells), column.decimal) is not None for column in self._columns.main)

    def moves_money(self, cells: Cells) -> bool:
        """Whether one of those columns holds an amount that is not zero."""
        return any(self._money.amount(column.cell(cells), column.decimal) for column in self._columns.main)

    def make(self, row: Row, cells: Cells, currency: str | None, notes: Notes) -> Booking | None:
        """What a row books; None where its amount cannot be read, which is noted."""
        alone = self._has_fees_alone(cells)
        main = Decimal(0) if alone else self._main(row, cells, notes)
        if main is None:
            return None
        steps: list[Step] = []
        charges: Decimal | None = None
        for one in self._columns.fees:
            fee = self._fee(one, row, cells, currency, notes)
            if not fee:
                continue
            if one.fee.booked == "inside":
                charges = (charges or Decimal(0)) - fee
                continue
            if one.fee.booked == "split":
                main -= fee
            steps.append(Step(fee, one.fee.description))
        if alone:
            # A fee without an amount beside it is what the row is about, and so are its texts.
            steps[0] = Step(steps[0].amount)
        else:
            steps.insert(0, Step(main))
        booking = Booking(tuple(steps), charges)
        self._compare_total(booking, row, cells, notes)
        return booking

    def balance(self, column: Picked | None, row: Row, cells: Cells, notes: Notes) -> Decimal | None:
        """The running balance in a column; None where there is none."""
        return self._optional(column, row, cells, notes) if column is not None else None

    def _main(self, row: Row, cells: Cells, notes: Notes) -> Decimal | None:
        """The amount of the row itself; None where it cannot be read."""
        main = self._two_columns(row, cells, notes) if self._columns.column is None else self._one(row, cells, notes)
        return -main if main is not None and self._columns.rule.negated else main

    def _has_fees_alone(self, cells: Cells) -> bool:
        """Whether the row has no amount of its own, but a fee."""
        if any(column.text(cells) for column in self._columns.main):
            return False
        separate = (one.column for one in self._columns.fees if one.fee.booked == "separately")
        return any(self._money.amount(column.cell(cells), column.decimal) for column in separate)

    def _one(self, row: Row, cells: Cells, notes: Notes) -> Decimal | None:
        columns = self._columns
        column = columns.main[0]
        amount = self._money.amount(column.cell(cells), column.decimal)
        place = self._table.place(row, column.index)
        if amount is None:
            notes.add("spreadsheet.amount", place, found=column.text(cells) or "-")
            return None
        if columns.direction is None:
            return amount
        sign = columns.sign(cells)
        if sign is None:
            flag = columns.direction
            notes.add("spreadsheet.direction", self._table.place(row, flag.index), found=flag.text(cells) or "-")
            return None
        if amount < 0:
            if columns.rule.unsigned is None:
                notes.add("spreadsheet.sign", place, found=column.text(cells), flag=columns.direction.text(cells))
                return None
            if columns.rule.unsigned:
                amount = -amount
        return amount * sign

    def _two_columns(self, row: Row, cells: Cells, notes: Notes) -> Decimal | None:
        credit_column, debit_column = self._columns.main
        credit = self._optional(credit_column, row, cells, notes)
        debit = self._optional(debit_column, row, cells, notes)
        texts = [credit_column.text(cells), debit_column.text(cells)]
        if (credit is None and texts[0]) or (debit is None and texts[1]):
            return None
        if credit and debit:
            place = self._table.place(row, debit_column.index)
            notes.add("spreadsheet.both-columns", place, credit=texts[0], debit=texts[1])
            return None
        if credit is None and debit is None:
            notes.add("spreadsheet.amount", self._table.place(row, credit_column.index), found="-")
            return None
        if debit:
            return debit if self._signed_debits else -debit
        return credit or Decimal(0)

    def _optional(self, column: Picked, row: Row, cells: Cells, notes: Notes) -> Decimal | None:
        cell = column.cell(cells)
        amount = self._money.amount(cell, column.decimal)
        if amount is None and cell_text(cell):
            notes.add("spreadsheet.amount", self._table.place(row, column.index), found=cell_text(cell))
        return amount

    def _fee(self, one: _FeeColumn, row: Row, cells: Cells, currency: str | None, notes: Notes) -> Decimal:
        amount = self._optional(one.column, row, cells, notes)
        if not amount:
            return Decimal(0)
        other = one.currency.text(cells).upper() if one.currency is not None else ""
        if other and currency and other != currency:
            if one.fee.booked != "inside":
                place = self._table.place(row, one.column.index)
                notes.add("spreadsheet.fee-currency", place, other=other, currency=currency)
            return Decimal(0)
        return -amount if one.fee.sign == "cost" else amount

    def _compare_total(self, booking: Booking, row: Row, cells: Cells, notes: Notes) -> None:
        column = self._columns.total
        total = self._optional(column, row, cells, notes) if column is not None else None
        if column is not None and total is not None and total != booking.total:
            place = self._table.place(row, column.index)
            notes.add("spreadsheet.total", place, found=format(total, "f"), computed=format(booking.total, "f"))


def debits_are_signed(columns: AmountColumns, money: Money, rows: Iterable[Cells]) -> bool:
    """Whether the minus of debits says nothing more than that money went out.

    Balances tell it; without them a minus on all debits is a way of writing, and one on some of them marks reversals.
    """
    if columns.debit is None:
        return False
    debits: list[Decimal | None] = []
    balances: list[Decimal | None] = []
    for cells in rows:
        debits.append(money.amount(columns.debit.cell(cells), columns.debit.decimal))
        after = columns.after
        balances.append(money.amount(after.cell(cells), after.decimal) if after is not None else None)
    proven = _proven_by_balances(debits, balances)
    if proven:
        return proven > 0
    booked = [debit for debit in debits if debit]
    return bool(booked) and all(debit < 0 for debit in booked)


def _proven_by_balances(debits: Sequence[Decimal | None], balances: Sequence[Decimal | None]) -> int:
    """How many more balances change by the debit as it is written than by its opposite, in either order of rows."""
    votes = 0
    for index, (debit, balance) in enumerate(zip(debits, balances, strict=True)):
        if not debit or balance is None:
            continue
        beside = [balances[other] for other in (index - 1, index + 1) if 0 <= other < len(balances)]
        changes = [balance - other for other in beside if other is not None]
        votes += (debit in changes) - (-debit in changes)
    return votes
