"""Statements out of a PayPal file: one for each currency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from efimport.documents import BankAccount, Origin, Statement
from efimport.findings import Finding, Location, finding
from efimport.formats.notes import Notes
from efimport.formats.paypal import FORMAT
from efimport.formats.paypal.calendar import Evidence, decide
from efimport.formats.paypal.chain import Chain, direction, follow
from efimport.formats.paypal.columns import Layout, find_layout, fold, known_names, words
from efimport.formats.paypal.contents import Original, make_content
from efimport.formats.paypal.entries import find_holder, make_entries
from efimport.formats.paypal.lines import CURRENCIES, Line, Lines, clock
from efimport.formats.reading import Read, Reading
from efimport.formats.tables.model import Table
from efimport.formats.tables.reader import Tables, read_tables
from efimport.sources import Source

ENCODINGS = ("utf-8", "windows-1252")
_SAVED_AS = ("windows-1252", "windows-1250")
"""What spreadsheet programs of Western and of Central Europe save a text as."""
_LISTED_LINES = 30


def read_statements(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of a file, in the order in which their currencies appear, and what is wrong outside of them.

    What is wrong with the file as a whole stands with every statement, so that none is sent as if all were well.
    """
    tables = read_tables(source, reading.limits, encodings=ENCODINGS, known_encoding=_encoding(source, reading))
    reading.encoding = tables.encoding
    found = [(table, layout) for table in tables.tables if (layout := find_layout(table)) is not None]
    yield from (one for one in tables.findings if not one.is_error or not found)
    for table, layout in found[1:]:
        yield finding("paypal.second-sheet", table.place(layout.header), sheet=table.sheet or "-")
    if not found:
        if not any(one.is_error for one in tables.findings):
            yield finding("paypal.no-header", Location())
    elif found[0][1].kind == "report":
        yield finding("paypal.report", found[0][0].place(found[0][1].header))
    else:
        yield from _File(source, tables, *found[0], reading).statements()


def _encoding(source: Source, reading: Reading) -> str | None:
    """The encoding in which the header has the most names that are known; None where it does not tell.

    PayPal writes UTF-8; valid UTF-8 is taken for that whatever letters are in it.
    """
    if source.size > reading.limits.document_bytes:
        return None
    content = source.read()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        header = content.partition(b"\n")[0]
        known = {encoding: known_names(header.decode(encoding, "replace")) for encoding in _SAVED_AS}
        best = max(_SAVED_AS, key=lambda encoding: known[encoding])
        return best if known[best] > min(known.values()) else None
    return "utf-8"


class _File:
    """A file whose columns are known."""

    def __init__(self, source: Source, tables: Tables, table: Table, layout: Layout, reading: Reading) -> None:
        self._path = source.path
        self._table = table
        self._layout = layout
        self._errors = tuple(one for one in tables.findings if one.is_error)
        self._original = Original(source.read() if tables.encoding else b"", table, tables.encoding)
        self._notes = Notes("paypal.more")
        if layout.language is None:
            self._notes.add("paypal.by-shape", table.place(layout.header))
        read = Lines(table, layout, self._notes)
        self._lines = self._by_status(read.lines)
        groups = by_currency(self._lines)
        balances = direction(groups.values())
        evidence = Evidence(wished=reading.date_format, ascending=balances, decimal=read.marks.decimal)
        self._days = decide(table, layout, self._lines, evidence, self._notes)
        self._ascending = balances if balances is not None else self._by_time(groups)
        self._groups = groups
        self._note_strays()

    def statements(self) -> Iterator[Read]:
        """A statement for each currency in which money moves."""
        chains = {currency: self._chain(lines) for currency, lines in self._groups.items()}
        moving = [currency for currency, chain in chains.items() if chain.kept]
        if not moving:
            place = self._table.place(self._layout.header)
            yield from (*self._notes.all(), *self._errors)
            yield finding("paypal.no-rows", place)
        for chain in chains.values():
            if not chain.kept and chain.left_out:
                yield self._left_out(chain)
        holder = find_holder([line for chain in chains.values() for line in chain.kept], self._layout)
        for ordinal, currency in enumerate(moving, start=1):
            yield self._statement(ordinal, currency, chains[currency], len(self._groups), holder)

    def _by_status(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        """Rows told by their status, where the file has neither a balance nor its impact."""
        layout = self._layout
        if layout.kind == "statement" or layout.has("balance") or layout.has("impact") or not lines:
            return tuple(lines)
        place = self._table.place(layout.header)
        found = {fold(layout.text(line.row, "status")) for line in lines}
        done = found & words("done") or (found if len(found) == 1 else set())
        if not layout.has("status") or not done:
            self._notes.add("paypal.not-told", place, count=len(lines))
            return tuple(lines)
        self._notes.add("paypal.by-status", place, words=", ".join(sorted(done)))
        promised = self._promised(lines)
        return tuple(
            msgspec.structs.replace(
                line, moves=fold(layout.text(line.row, "status")) in done and line.row.number not in promised
            )
            for line in lines
        )

    def _promised(self, lines: Sequence[Line]) -> frozenset[int]:
        types = words("promised")
        return frozenset(line.row.number for line in lines if fold(self._layout.text(line.row, "type")) in types)

    def _by_time(self, groups: dict[str, list[Line]]) -> bool:
        """Which way the rows go by their days and times; the oldest first where nothing tells."""
        ahead = back = 0
        for lines in groups.values():
            times = [moment for line in lines if (moment := self._moment(line)) is not None]
            ahead += sum(one < other for one, other in pairwise(times))
            back += sum(one > other for one, other in pairwise(times))
        undecided = ahead == back and any(sum(bool(line.net) for line in lines) > 1 for lines in groups.values())
        if undecided and self._layout.has("balance"):
            self._notes.add("paypal.order", self._table.place(self._layout.header))
        return ahead >= back

    def _moment(self, line: Line) -> tuple[dt.date, dt.time] | None:
        day = self._days.day(self._layout.cell(line.row, "date"))
        return (day, clock(self._layout.cell(line.row, "time")) or dt.time()) if day else None

    def _note_strays(self) -> None:
        """Rows without a currency belong to no statement; every statement of the file is held back for them."""
        for line in self._lines:
            if line.currency is None:
                for fault in line.faults:
                    self._notes.add(fault.code, fault.place, None, severity=None, **fault.arguments)

    def _chain(self, lines: Sequence[Line]) -> Chain:
        ordered = lines if self._ascending else list(reversed(lines))
        return follow(ordered, self._promised(lines), all_move=self._layout.kind == "statement")

    def _statement(self, ordinal: int, currency: str, chain: Chain, currencies: int, holder: str | None) -> Statement:
        notes = Notes("paypal.more")
        self._note_rows(chain, notes)
        changes: list[str] = []
        place = self._table.place(chain.kept[0].row)
        if currency not in CURRENCIES:
            notes.add("paypal.currency-unusual", place, found=currency)

        def tell(code: str, arguments: dict[str, object]) -> None:
            changes.append(code)
            notes.add(code, place, None, severity=None, **arguments)

        if chain.left_out:
            changes.append("paypal.rows-left-out")
        in_file = sorted(chain.kept, key=lambda line: line.row.number)
        content = make_content(self._original, self._layout, in_file, currencies, self._days, tell)
        entries = tuple(make_entries(chain.kept, self._layout, self._days, holder))
        days = [entry.date for entry in entries if entry.date is not None]
        shared = (*self._errors, *self._notes.all())
        left_out = (self._left_out(chain),) if chain.left_out else ()
        return Statement(
            origin=Origin(
                path=self._path,
                format=FORMAT,
                ordinal=ordinal,
                line=in_file[0].row.number,
                content=content,
                changes=tuple(changes),
            ),
            account=BankAccount(number=holder, currency=currency),
            currency=currency,
            period_from=min(days, default=None),
            period_to=max(days, default=None),
            date=max(days, default=None),
            opening=chain.opening,
            closing=chain.closing,
            entries=entries,
            findings=tuple(_at_statement(one, ordinal) for one in (*shared, *notes.all(), *left_out)),
        )

    def _note_rows(self, chain: Chain, notes: Notes) -> None:
        """What is wrong with the rows that move money."""
        place, layout = self._table.place, self._layout
        for line in chain.kept:
            for fault in line.faults:
                notes.add(fault.code, fault.place, None, severity=None, **fault.arguments)
            if not line.adds_up:
                code = "paypal.net-proven" if line.row.number in chain.proven else "paypal.net"
                where = place(line.row, layout.index("net"))
                notes.add(code, where, gross=line.gross, fee=line.fee or 0, net=line.net)
            if self._days.day(layout.cell(line.row, "date")) is None and self._days.patterns:
                notes.add(
                    "paypal.day", place(line.row, layout.index("date")), found=layout.text(line.row, "date") or "-"
                )
        for broken in chain.breaks:
            where = place(broken.line.row, layout.index("balance"))
            notes.add("paypal.balance-break", where, expected=broken.expected, found=broken.line.balance)
        if chain.untold and layout.has("impact"):
            first = chain.untold[0].row
            notes.add(
                "paypal.impact",
                place(first, layout.index("impact")),
                found=layout.text(first, "impact") or "-",
                count=len(chain.untold),
            )
        elif chain.untold and layout.has("balance"):
            notes.add("paypal.not-told", place(chain.untold[0].row), count=len(chain.untold))

    def _left_out(self, chain: Chain) -> Finding:
        numbers = sorted(line.row.number for line in chain.left_out)
        listed = ", ".join(map(str, numbers[:_LISTED_LINES])) + (" ..." if len(numbers) > _LISTED_LINES else "")
        place = self._table.place(numbers[0])
        return finding("paypal.rows-left-out", place, count=len(numbers), lines=listed)


def by_currency(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The rows of each currency, in the order of the file."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.currency is not None:
            found.setdefault(line.currency, []).append(line)
    return found


def _at_statement(found: Finding, ordinal: int) -> Finding:
    """The finding, placed at a statement of the file."""
    location = msgspec.structs.replace(found.location, ordinal=ordinal)
    return msgspec.structs.replace(found, location=location)
