"""Entries that no row of a table is for: payouts of many rows together, and the other side of a conversion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec

from efimport.documents import Entry
from efimport.formats.spreadsheet.cells import Cells, Picked, pick
from efimport.formats.spreadsheet.names import Names
from efimport.mappings import StatementMapping
from efimport.mappings.parts import ColumnSpec
from efimport.mappings.statements import Conversion, Payout


class PaidOut(msgspec.Struct, frozen=True):
    """The payout that a row is part of.

    Attributes:
        date: its day.
        by: what else its rows have in common.
        fields: fields of its entry.
    """

    date: dt.date
    by: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]


class PayoutColumns:
    """The columns that tell the payout of a row.

    Args:
        payout: what the mapping says.
        names: the header.
    """

    def __init__(self, payout: Payout, names: Names) -> None:
        self.day = pick(payout.date, names)
        self._description = payout.description
        self._by = _picked([("", spec) for spec in payout.by], names)
        wanted = [("variable_symbol", payout.variable_symbol), ("bank_reference", payout.bank_reference)]
        self._fields = _picked(wanted, names)

    def of(self, cells: Cells, date: dt.date | None) -> PaidOut | None:
        """The payout of a row on that day; None for a row that is not paid out."""
        if date is None:
            return None
        fields = {"description": self._description}
        fields |= {name: text for name, column in self._fields if (text := column.text(cells))}
        symbol = fields.get("variable_symbol", "")
        if symbol and not (symbol.isascii() and symbol.isdigit()):
            fields["end_to_end_reference"] = fields.pop("variable_symbol")
        elif symbol:
            fields["variable_symbol"] = symbol.lstrip("0")
        shown = tuple((name, text) for name, text in fields.items() if text)
        return PaidOut(date, tuple(column.text(cells) for _, column in self._by), shown)


class ConversionColumns:
    """The columns that tell what a row brings in in another currency.

    Args:
        conversion: what the mapping says.
        names: the header.
    """

    def __init__(self, conversion: Conversion, names: Names) -> None:
        self.column = pick(conversion.column, names)
        self._currency = pick(conversion.currency, names)

    def currency(self, cells: Cells) -> str:
        """The other currency as it is written; empty where the row brings nothing in."""
        if self.column is None or self._currency is None or not self.column.text(cells):
            return ""
        return self._currency.text(cells)


def payout_columns(mapping: StatementMapping, names: Names) -> PayoutColumns | None:
    """The columns of payouts, where the mapping has such and the table too."""
    if mapping.payout is None:
        return None
    columns = PayoutColumns(mapping.payout, names)
    return columns if columns.day is not None else None


def conversion_columns(mapping: StatementMapping, names: Names) -> ConversionColumns | None:
    """The columns of conversions, where the mapping has such."""
    return ConversionColumns(mapping.conversion, names) if mapping.conversion is not None else None


def with_payouts(entries: list[Entry], parts: Iterable[tuple[PaidOut | None, Decimal]]) -> list[Entry]:
    """The entries with one more for each payout, in the order of days; on its day a payout comes last.

    Args:
        entries: those of the rows.
        parts: the payout of each row, and what the row books altogether.
    """
    sums: dict[PaidOut, Decimal] = {}
    for paid_out, booked in parts:
        if paid_out is not None:
            sums[paid_out] = sums.get(paid_out, Decimal(0)) + booked
    made = [_payout(paid_out, booked) for paid_out, booked in sums.items() if booked]
    if not made:
        return entries
    ordered = sorted([*entries, *made], key=lambda entry: entry.date or dt.date.min)
    return [msgspec.structs.replace(entry, position=position) for position, entry in enumerate(ordered, 1)]


def _payout(paid_out: PaidOut, booked: Decimal) -> Entry:
    fields: dict[str, Any] = dict(paid_out.fields)
    return Entry(position=0, amount=-booked, date=paid_out.date, **fields)


def _picked(wanted: Iterable[tuple[str, ColumnSpec | None]], names: Names) -> list[tuple[str, Picked]]:
    found = ((name, pick(spec, names)) for name, spec in wanted)
    return [(name, column) for name, column in found if column is not None]
