"""Statements out of a table of a bank or gateway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from efimport.documents import Entry, Origin, Statement
from efimport.findings import Location, Severity
from efimport.formats.notes import Notes
from efimport.formats.reading import Reading
from efimport.formats.spreadsheet.amounts import Booking, Step
from efimport.formats.spreadsheet.choosing import Chosen
from efimport.formats.spreadsheet.fields import currency_code
from efimport.formats.spreadsheet.margins import Margins, find_in_name, find_values, read_values
from efimport.formats.spreadsheet.order import Chain, put_in_order
from efimport.formats.spreadsheet.ownership import find_owner
from efimport.formats.spreadsheet.payouts import with_payouts
from efimport.formats.spreadsheet.rows import Block, Key, Record, Rows, skipped_text
from efimport.mappings import StatementMapping
from efimport.sources import Source

FORMAT = "spreadsheet"


def statements_of(source: Source, reading: Reading, chosen: Chosen) -> Iterator[Statement]:
    """The statements of a table.

    ``Origin.content`` is the file, ``Origin.version`` the name of the mapping; entries are the oldest first.

    Args:
        source: the file.
        reading: what is known besides; it is told the mapping.
        chosen: the table and its mapping.
    """
    layout = chosen.layout
    reading.version = layout.mapping.name
    notes = Notes("spreadsheet.more")
    rows = Rows(layout, reading.date_format, notes)
    if layout.repair is not None:
        notes.add("spreadsheet.garbled", layout.table.place(layout.table.rows[layout.start - 1]))
    if layout.mapping.evidence == "C":
        notes.add("spreadsheet.unverified", Location(), mapping=layout.mapping.name, title=layout.mapping.title)
    for number, block in enumerate(rows.blocks()):
        block.notes.absorb(notes, only_errors=number > 0)
        yield from _of_block(source, reading, rows, block)


def _skips_unknown_words(mapping: StatementMapping) -> bool:
    """Whether rows are skipped for any word but some, and no balance would show that one of them was booked."""
    return mapping.balance is None and any(one.other_than is not None for one in mapping.skip)


def _of_block(source: Source, reading: Reading, rows: Rows, block: Block) -> Iterator[Statement]:
    margins = _margins(source, rows, block)
    if block.skipped:
        reasons, count = skipped_text(block.skipped), block.skipped.total()
        severity = Severity.WARNING if _skips_unknown_words(rows.mapping) else None
        block.notes.add("spreadsheet.skipped", Location(), severity=severity, count=count, reasons=reasons)
    groups = _groups(block)
    shared = [one for one in block.notes.all() if one.is_error]
    once = [one for one in block.notes.all() if not one.is_error]
    for key, records in groups.items():
        made = _Made(rows, block, margins, sole=len(groups) == 1)
        statement = made.statement(source, reading, key, records)
        yield msgspec.structs.replace(statement, findings=(*shared, *once, *statement.findings))
        once = []


def _margins(source: Source, rows: Rows, block: Block) -> Margins:
    mapping, table = rows.mapping, rows.table
    found = {
        **find_in_name(mapping.file_name, source.name),
        **find_in_name(mapping.sheet_name, table.sheet or ""),
        **find_values(mapping.footer, block.below, table),
        **find_values(mapping.preamble, block.above, table),
    }
    return read_values(found, rows.money.decimal, (*rows.days.patterns, *mapping.file.dates), block.notes)


def _groups(block: Block) -> dict[Key, list[Record]]:
    """The records by statement; a row without a currency belongs to the only currency that there is."""
    groups: dict[Key, list[Record]] = {key: [] for key in block.notes_of}
    for record in block.records:
        groups[record.key].append(record)
    for key in [key for key in groups if not key.currency]:
        others = [other for other in groups if other.currency and other._replace(currency="") == key]
        if len(others) == 1:
            groups[others[0]] = sorted(groups[others[0]] + groups.pop(key), key=lambda record: record.row.number)
            block.notes_for(others[0]).absorb(block.notes_of.pop(key))
    return groups or {Key(): []}


class _Made:
    """Makes the statements of one block."""

    def __init__(self, rows: Rows, block: Block, margins: Margins, *, sole: bool) -> None:
        self._rows = rows
        self._mapping = rows.mapping
        self._block = block
        self._margins = margins
        self._sole = sole

    def statement(self, source: Source, reading: Reading, key: Key, records: list[Record]) -> Statement:
        """The statement of the records that belong together."""
        notes = self._block.notes_for(key)
        margins = self._margins
        chain = put_in_order([record.link for record in records], self._mapping.file.order)
        amounts = margins.amounts if self._sole else {}
        self._note_breaks(chain, records, key, notes)
        entries = entries_of(records, chain)
        days = [entry.date for entry in entries if entry.date is not None]
        currency = key.currency or currency_of(margins)
        texts = margins.texts
        account = find_owner(key.account, key.bank_code, texts, self._mapping, reading.own.bank_accounts, notes)
        debit = amounts.get("debit_turnover")
        count = texts.get("entry_count", "") if self._sole else ""
        return Statement(
            origin=Origin(
                path=source.path,
                format=FORMAT,
                line=records[0].row.number if records else None,
                content=source.read(),
                version=self._mapping.name,
            ),
            account=msgspec.structs.replace(account, currency=currency),
            number=key.number or texts.get("number"),
            currency=currency,
            period_from=margins.days.get("period_from") or min(days, default=None),
            period_to=margins.days.get("period_to") or max(days, default=None),
            date=margins.days.get("date") or margins.days.get("period_to") or max(days, default=None),
            opening=amounts.get("opening", chain.opening),
            closing=amounts.get("closing", chain.closing),
            credit_turnover=amounts.get("credit_turnover"),
            debit_turnover=abs(debit) if debit is not None else None,
            entry_count=int(count) if count.isascii() and count.isdigit() else None,
            entries=entries,
            findings=notes.all(),
        )

    def _note_breaks(self, chain: Chain, records: list[Record], key: Key, notes: Notes) -> None:
        if key in self._block.damaged:
            return
        for one in chain.breaks:
            place = self._rows.place_of_balance(records[one.index].row)
            notes.add("spreadsheet.balance-chain", place, expected=f"{one.expected:f}", found=f"{one.found:f}")
        for index in chain.unproven:
            notes.add("spreadsheet.no-balance", self._rows.place_of_balance(records[index].row))
        stated = self._margins.amounts.get("opening") if self._sole else None
        if not chain.breaks and stated is not None and chain.opening is not None and stated != chain.opening:
            place = self._rows.place_of_balance(records[chain.order[0]].row)
            notes.add("spreadsheet.balance-chain", place, expected=f"{stated:f}", found=f"{chain.opening:f}")


def currency_of(margins: Margins) -> str | None:
    """The currency that is told beside the rows."""
    return currency_code(margins.texts.get("currency", ""))


def _shown(booking: Booking) -> tuple[Step, ...]:
    """The amounts that become entries; where a row books nothing but a fee, the fee is the row's own."""
    if not booking.main and len(booking.steps) == 2:
        return (Step(booking.steps[1].amount),)
    return booking.steps


def entries_of(records: Sequence[Record], chain: Chain) -> tuple[Entry, ...]:
    """The entries of records, in the order of time; fees that are booked on their own follow their row."""
    entries: list[Entry] = []
    for index in chain.order:
        record = records[index]
        for step in _shown(record.booking):
            common: dict[str, Any] = {
                "position": len(entries) + 1,
                "amount": step.amount,
                "date": record.link.date,
                "value_date": record.value_date,
                "line": record.row.number,
            }
            if step.fee is None:
                charges = {"charges": record.booking.charges} if record.booking.charges is not None else {}
                entries.append(Entry(**common, **{**record.fields, **charges}))
            else:
                reference = record.fields.get("bank_reference")
                entries.append(Entry(**common, description=step.fee, bank_reference=reference))
    return tuple(with_payouts(entries, ((record.payout, record.booking.total) for record in records)))
