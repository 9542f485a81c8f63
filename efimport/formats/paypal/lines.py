"""Rows of a PayPal table as transactions: amounts, currency, and what the row says about the balance."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from efimport.findings import Location
from efimport.formats.notes import Notes
from efimport.formats.paypal.columns import Layout, fold, shown, words
from efimport.formats.tables.model import Cell, Row, Table, cell_text
from efimport.formats.tables.numbers import Marks, find_marks, parse_amount

AMOUNTS = ("gross", "fee", "net", "balance")
_ESSENTIAL = ("date", "currency", *AMOUNTS, "impact")
_IDENTIFIERS = ("transaction", "reference", "invoice", "custom")
_DECIMALS = 2
"""PayPal keeps amounts in at most two decimals in every currency (PayPal Developer, "Currency codes")."""
CURRENCIES = frozenset(
    {
        *("AED", "ARS", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR"),
        *("JPY", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RUB", "SEK", "SGD", "THB", "TRY", "TWD", "USD"),
    }
)
"""Those in which PayPal keeps balances or has kept them (PayPal Developer, "Currency codes")."""
_LONGEST_EXACT = 15
"""Digits that a spreadsheet program keeps of a number."""
_CURRENCY = re.compile(r"[A-Z]{3}")
_EXPONENT = re.compile(r"-?\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp])?\.?[Mm]?\.?")


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a cell; said only where the row moves money.

    Attributes:
        code: a code of the register.
        place: the cell.
        arguments: values for the message.
    """

    code: str
    place: Location
    arguments: dict[str, str]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A row with a transaction.

    Attributes:
        row: the row.
        currency: ISO 4217 code; None where it cannot be read.
        gross, fee, net, balance: None where they are empty or cannot be read.
        moves: whether the row says that it moves the balance; None where it does not say.
        faults: what cannot be read.
    """

    row: Row
    currency: str | None
    gross: Decimal | None
    fee: Decimal | None
    net: Decimal | None
    balance: Decimal | None
    moves: bool | None
    faults: tuple[Fault, ...]

    @property
    def adds_up(self) -> bool:
        """Whether gross and fee make net; true where the row does not have all three."""
        if self.gross is None or self.net is None:
            return True
        return self.gross + (self.fee or Decimal(0)) == self.net


class Lines:
    """Reads the rows of a table.

    Args:
        table: the table.
        layout: where what stands in it.
        notes: takes what is wrong with the file as a whole.

    Attributes:
        marks: what the amounts tell about their decimal mark.
        lines: the rows below the header, blank ones left out.
    """

    def __init__(self, table: Table, layout: Layout, notes: Notes) -> None:
        self._table = table
        self._layout = layout
        heads = layout.header.texts
        # Files that were put together behind one another repeat the header.
        below = (row for row in table.rows if row.number > layout.header.number and not row.is_blank)
        rows = [row for row in below if row.texts != heads]
        cells = [cell for row in rows for name in AMOUNTS if not _is_empty(cell := layout.cell(row, name))]
        self.marks = find_marks(cells)
        self._decimal = _decimal(self.marks)
        self._note_marks(cells, notes)
        self._width = max((at + 1 for at, name in enumerate(layout.header.texts) if name), default=0)
        self._moving, self._memo = words("moves"), words("memo")
        self.lines = tuple(self._line(row) for row in rows)

    def _note_marks(self, cells: Sequence[Cell], notes: Notes) -> None:
        place = self._table.place(self._layout.header)
        if self.marks.contradicts:
            notes.add("paypal.decimal-marks", place)
        texts = any(isinstance(cell, str) and any(map(str.isdigit, cell)) for cell in cells)
        if texts and any(isinstance(cell, Decimal) for cell in cells):
            notes.add("paypal.amounts-turned", place)

    def _line(self, row: Row) -> Line:
        faults: list[Fault] = [*self._width_faults(row), *self._twice_faults(row), *self._identifier_faults(row)]
        amounts = {name: self._amount(row, name, faults) for name in AMOUNTS}
        currency = self._layout.text(row, "currency")
        if not _CURRENCY.fullmatch(currency):
            faults.append(self._fault("paypal.currency", row, "currency"))
        moves = self._moves(row)
        net = amounts["net"]
        if net is None and not any(fault.code == "paypal.amount" for fault in faults):
            faults.append(self._fault("paypal.amount", row, "net"))
        return Line(
            row=row,
            currency=currency if _CURRENCY.fullmatch(currency) else None,
            moves=moves,
            faults=tuple(faults),
            **amounts,
        )

    def _moves(self, row: Row) -> bool | None:
        word = fold(self._layout.text(row, "impact"))
        if word in self._moving:
            return True
        return False if word in self._memo else None

    def _amount(self, row: Row, name: str, faults: list[Fault]) -> Decimal | None:
        cell = self._layout.cell(row, name)
        if _is_empty(cell):
            return None
        amount = parse_amount(cell, self._decimal)
        if amount is None or amount.as_tuple().exponent < -_DECIMALS:  # type: ignore[operator]
            faults.append(self._fault("paypal.amount", row, name))
            return None
        return amount

    def _fault(self, code: str, row: Row, name: str) -> Fault:
        index = self._layout.index(name)
        cell = row.cells[index] if 0 <= index < len(row.cells) else None
        column = self._layout.header.text(index) if index >= 0 else name
        return Fault(code, self._table.place(row, index), {"found": shown(cell), "column": column})

    def _width_faults(self, row: Row) -> Iterator[Fault]:
        """A row that is longer or shorter than the header: its cells may have moved, or its end may be missing."""
        if any(row.texts[self._width :]):
            yield Fault(
                "paypal.cells", self._table.place(row), {"found": str(len(row.cells)), "wanted": str(self._width)}
            )
        elif len(row.cells) < self._width:
            ends = [self._layout.index(name) for name in _ESSENTIAL]
            code = "paypal.cells" if max(ends) >= len(row.cells) - 1 else "paypal.row-short"
            yield Fault(code, self._table.place(row), {"found": str(len(row.cells)), "wanted": str(self._width)})

    def _twice_faults(self, row: Row) -> Iterator[Fault]:
        for name in _ESSENTIAL:
            places = self._layout.columns.get(name, ())
            if len(places) > 1 and len({row.text(at) for at in places}) > 1:
                yield self._fault("paypal.column-twice", row, name)

    def _identifier_faults(self, row: Row) -> Iterator[Fault]:
        for name in _IDENTIFIERS:
            cell = self._layout.cell(row, name)
            rounded = isinstance(cell, Decimal) and len(cell_text(cell)) > _LONGEST_EXACT
            if rounded or (isinstance(cell, str) and "+" in cell and _EXPONENT.fullmatch(cell.strip())):
                yield self._fault("paypal.rounded", row, name)


def _is_empty(cell: Cell) -> bool:
    """Whether no amount stands there: rows that move no money may have dots in its place."""
    return not cell_text(cell).strip(".… ")


def _decimal(marks: Marks) -> str | None:
    """The decimal mark; a mark before three digits can only part thousands, because PayPal writes two decimals."""
    if marks.decimal is None and marks.ambiguous is not None:
        return "." if "," in marks.ambiguous else ","
    return marks.decimal


def clock(cell: Cell) -> dt.time | None:
    """The time of day in a cell; None where there is none."""
    if isinstance(cell, dt.datetime):
        return cell.time()
    if isinstance(cell, dt.time):
        return cell
    match = _CLOCK.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups()[:3])
    half = (match[4] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return dt.time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None
