"""Statements out of an ABO/GPC file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from efimport.documents import Origin, Statement
from efimport.findings import Finding, Location, finding
from efimport.formats.gpc.blocks import RECORD_LENGTH, Block, blocks, normalized
from efimport.formats.gpc.entries import Entries, find_currency
from efimport.formats.gpc.fields import ENCODING, money, text
from efimport.formats.gpc.header import Header, read_header
from efimport.formats.gpc.items import Item, read_item
from efimport.formats.gpc.ownership import Known, find_owner, known_accounts
from efimport.formats.gpc.posting import SPORITELNA_CODE, check_signs, choose_map
from efimport.formats.notes import Notes
from efimport.formats.reading import Read, Reading
from efimport.sources import Source

FORMAT = "gpc"
_FURTHER_RECORDS = (b"076", b"078", b"079")
_NO_LETTERS = re.compile(rb"[\x81\x83\x88\x90\x98]")


def read_statements(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of a file, each as soon as its last record is read, and what is wrong outside of them.

    ``Origin.content`` is the one statement in Windows-1250 with records of 128 bytes and line ends CR LF; digits and
    letters are those of the file, the order of account numbers too.
    """
    known = known_accounts(source.name, reading.own.bank_accounts)
    for block in blocks(source):
        if reading.encoding is None or block.saved_as is not None:
            reading.encoding = block.encoding
        if len(block.segment) > reading.limits.document_bytes:
            size, limit = len(block.segment), reading.limits.document_bytes
            yield finding("source.document-too-large", Location(line=block.first_line), size=size, limit=limit)
        elif block.ordinal == 0:
            yield from _before_first_header(block)
        else:
            yield _statement(source.path, block, known)


def _before_first_header(block: Block) -> Iterator[Finding]:
    notes = Notes("gpc.more")
    for number, line in enumerate(block.lines, block.first_line):
        if line[:3] == b"075":
            notes.add("gpc.orphan-item", number)
        elif line.strip():
            notes.add("gpc.not-a-record", number, found=_shown(line))
    yield from notes.all()


def _statement(path: str, block: Block, known: Sequence[Known]) -> Statement:
    notes = Notes("gpc.more", block.ordinal, block.width)
    header = read_header(block.lines[0], block.first_line, notes)
    items = _items(block, header, notes)
    owner = find_owner(header, items, known, notes)
    extended = any(item.extended for item in items)
    bank_code = SPORITELNA_CODE if extended else owner.account.bank_code
    movement = None if header.opening is None or header.closing is None else header.closing - header.opening
    posting = choose_map(items, bank_code, movement, header.line, notes)
    check_signs(items, notes)
    entries = Entries(posting, internal=owner.internal, date=header.date, notes=notes, bank_code=bank_code).make(items)
    currency = find_currency(items, header.line, notes)
    origin = _origin(path, block, items, notes)
    return Statement(
        origin=origin,
        account=msgspec.structs.replace(owner.account, currency=currency),
        number=header.number,
        currency=currency,
        period_from=header.opening_date,
        period_to=header.date,
        date=header.date,
        opening=_amount(header.opening),
        closing=_amount(header.closing),
        credit_turnover=_amount(header.credit),
        debit_turnover=_amount(header.debit),
        entries=entries,
        findings=notes.all(),
    )


def _amount(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else money(hundredths)


def _items(block: Block, header: Header, notes: Notes) -> list[Item]:
    """The items of a block with their further records; notes every line that is none."""
    items: list[Item] = []
    follows: list[tuple[int, bytes]] | None = None
    for number, line in enumerate(block.lines[1:], block.first_line + 1):
        kind = line[:3]
        if kind == b"075":
            item = read_item(line, number, notes)
            if item is None:
                follows = []
                continue
            follows = item.records
            items.append(item)
            if header.account is not None and item.fields.account != header.account:
                notes.add("gpc.other-account", number, (4, 19), found=text(item.fields.account) or "blanks")
        elif kind in _FURTHER_RECORDS:
            _further_record(line, number, follows, notes)
        elif line.strip():
            code = "gpc.unknown-record" if kind[:2] == b"07" and kind.isdigit() else "gpc.not-a-record"
            notes.add(code, number, found=_shown(line))
    return items


def _further_record(line: bytes, number: int, follows: list[tuple[int, bytes]] | None, notes: Notes) -> None:
    kind = line[:3].decode("ascii")
    if line[RECORD_LENGTH:].strip():
        notes.add("gpc.too-long", number, (RECORD_LENGTH + 1, len(line)), record=kind)
    if follows is None:
        notes.add("gpc.orphan-record", number, record=kind)
    else:
        follows.append((number, line))


def _shown(line: bytes) -> str:
    """The beginning of a line, harmless to show."""
    return ascii(line[:20].decode(ENCODING, "replace"))[1:-1]


def _origin(path: str, block: Block, items: Sequence[Item], notes: Notes) -> Origin:
    """The statement as the service takes it; what was changed is noted and listed in ``changes``."""
    normal = normalized(block)
    changes: list[str] = []

    def change(code: str, line: int, **arguments: str) -> None:
        changes.append(code)
        notes.add(code, line, None, severity=None, **arguments)

    if block.saved_as is not None:
        change("gpc.utf8", block.first_line, encoding=block.saved_as.upper())
    if not block.plain_line_ends:
        change("gpc.line-ends", block.first_line)
    if normal.padded is not None:
        change("gpc.padded", normal.padded)
    extended = [item.line for item in items if item.extended]
    if extended:
        change("gpc.extended-cut", extended[0], count=str(len(extended)))
    damaged = block.lost_letters or _damaged_letters(block)
    if damaged is not None:
        notes.add("gpc.letters", damaged)
    return Origin(
        path=path,
        format=FORMAT,
        ordinal=block.ordinal,
        line=block.first_line,
        content=normal.content,
        changes=tuple(changes),
    )


def _damaged_letters(block: Block) -> int | None:
    """Line of the first byte that is no letter of Windows-1250; None where there is none."""
    if block.saved_as is not None or not _NO_LETTERS.search(block.segment):
        return None
    return next(number for number, line in enumerate(block.lines, block.first_line) if _NO_LETTERS.search(line))
