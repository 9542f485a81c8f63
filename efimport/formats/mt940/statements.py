"""Statements out of an MT940 file."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from efimport.documents import BankAccount, Entry, Origin, Statement
from efimport.findings import Finding, Location, finding
from efimport.formats.mt940.accounts import bank_of_frame, own_account
from efimport.formats.mt940.contents import FORMAT, content_of
from efimport.formats.mt940.encodings import Decoder, Loaded, has_undecoded, load, without_surrogates
from efimport.formats.mt940.entries import make_entries
from efimport.formats.mt940.messages import FIELD_BYTES, Message, fields, messages
from efimport.formats.mt940.pages import Page, number_with_year, pages_of
from efimport.formats.mt940.sheets import Grouping, Sheet
from efimport.formats.mt940.values import shown
from efimport.formats.notes import Notes
from efimport.formats.reading import Read, Reading
from efimport.sources import Source

_INTRADAY_FRAME = re.compile(rb"\{2:[IO]942|:942:")


def read_statements(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of a file, each as soon as its last page is read, and what is wrong outside of them.

    ``Origin.content`` is the one statement: the file itself where it holds nothing else, else its messages with line
    ends CR LF; pages that follow one another without a gap are joined into one message. Amounts, texts and identifiers
    are those of the file.
    """
    buffer = source.buffer()
    loaded = load(buffer)
    decoder = Decoder(loaded.content)
    grouping = Grouping()
    ordinals = itertools.count(1)
    for message in messages(loaded.content):
        yield from _outside(message)
        if message.endless:
            size, limit = message.endless, FIELD_BYTES
            yield finding("source.document-too-large", Location(line=message.line), size=size, limit=limit)
            continue
        for sheet in _sheets(message, decoder):
            if sheet.page.intraday and sheet.page.opening is None and sheet.page.closing is None:
                yield finding("mt940.intraday", Location(line=sheet.page.line), count=len(sheet.page.entries))
                continue
            for group in grouping.add(sheet):
                yield _statement(source, group, next(ordinals), loaded, reading)
    for group in grouping.rest():
        yield _statement(source, group, next(ordinals), loaded, reading)
    reading.encoding = loaded.saved_as.lower() if loaded.saved_as == "UTF-16" else decoder.encoding
    if decoder.is_doubtful:
        yield finding("encoding.guessed", found=decoder.encoding)


def _outside(message: Message) -> Iterator[Finding]:
    """What is said of text that belongs to no statement."""
    if not message.foreign:
        return
    text = ascii(message.foreign.decode("latin-1").strip())[1:-1]
    yield finding("mt940.foreign-text", Location(line=message.foreign_line), found=shown(text))


def _sheets(message: Message, decoder: Decoder) -> Iterator[Sheet]:
    if not message.body:
        return
    body, encoding = decoder.decode(message.body)
    body = body.replace("\r\n", "\n")
    lost = has_undecoded(body)
    text = without_surrogates(body) if lost else body
    found = pages_of(fields(text, message.line), len(body))
    intraday = _INTRADAY_FRAME.search(message.frame) is not None
    for place, page in enumerate(found):
        page.intraday = page.intraday or intraday
        if place and page.account is None:
            page.account = found[place - 1].account
        if place and not page.has_number:
            page.number, page.page = found[place - 1].number, None
        yield Sheet(page, message, body, encoding, place == 0, place == len(found) - 1, lost)


def _statement(source: Source, group: list[Sheet], ordinal: int, loaded: Loaded, reading: Reading) -> Read:
    notes = Notes("mt940.more", ordinal)
    pages = [sheet.page for sheet in group]
    first, last = pages[0], pages[-1]
    for page in pages:
        for code, line, values in page.problems:
            notes.add(code, line, None, severity=None, **values)
    if any(sheet.lost_letters for sheet in group):
        notes.add("mt940.letters", first.line, encoding=group[0].encoding)
    _check_ends(first, last, notes)
    chained = _check_chain(pages, notes)
    account, currency = _account_and_currency(group, notes)
    raw = [entry for page in pages for entry in page.entries]
    entries = make_entries(raw, currency, notes)
    _check_pages(pages, entries, notes)
    content, changes = content_of(source, group, loaded, chained)
    for change in changes:
        notes.add(change, first.line, encoding=loaded.saved_as, count=len(pages))
    if len(content) > reading.limits.document_bytes:
        limit = reading.limits.document_bytes
        return finding("source.document-too-large", Location(line=first.line), size=len(content), limit=limit)
    return Statement(
        origin=Origin(
            path=source.path, format=FORMAT, ordinal=ordinal, line=first.line, content=content, changes=changes
        ),
        account=account,
        number=number_with_year(first),
        currency=currency,
        period_from=first.opening.date if first.opening else None,
        period_to=last.closing.date if last.closing else None,
        date=last.closing.date if last.closing else None,
        opening=first.opening.amount if first.opening else None,
        closing=last.closing.amount if last.closing else None,
        credit_turnover=_turnover(pages, "C"),
        debit_turnover=_turnover(pages, "D"),
        entry_count=sum(sum(page.counts) for page in pages) if any(page.counts for page in pages) else None,
        entries=entries,
        findings=notes.all(),
    )


def _turnover(pages: list[Page], side: str) -> Decimal | None:
    stated = [page.turnovers[side] for page in pages if side in page.turnovers]
    return sum(stated, Decimal("0.00")) if stated else None


def _check_ends(first: Page, last: Page, notes: Notes) -> None:
    """Note a statement that does not begin with 60F or does not end with 62F."""
    if first.opening is None:
        if not _unreadable(first, ":60"):
            notes.add("mt940.no-opening", first.line)
    elif first.opening.intermediate:
        missing = (first.page or 0) > 1
        code = "mt940.page-missing" if missing else "mt940.intermediate-opening"
        notes.add(code, first.opening.line, page=first.page or 1)
    if last.closing is None:
        if not _unreadable(last, ":62"):
            notes.add("mt940.no-closing", last.entries[-1].line if last.entries else last.line)
    elif last.closing.intermediate:
        # A bank that numbers its pages means it; one that does not may never write another balance.
        notes.add("mt940.last-page-missing" if last.page else "mt940.intermediate-closing", last.closing.line)


def _unreadable(page: Page, tag: str) -> bool:
    return any(code == "mt940.balance" and values["field"].startswith(tag) for code, _, values in page.problems)


def _check_chain(pages: list[Page], notes: Notes) -> bool:
    """Note pages that do not follow one another; whether all do."""
    holds = True
    for before, after in itertools.pairwise(pages):
        closing, opening = before.closing, after.opening
        if closing is None or opening is None or closing.amount != opening.amount:
            holds = False
            shown_closing, shown_opening = closing.text if closing else "-", opening.text if opening else "-"
            notes.add("mt940.page-chain", after.line, closing=shown_closing, opening=shown_opening)
        elif before.page and after.page and after.page > before.page + 1:
            holds = False
            notes.add("mt940.page-missing", after.line, page=after.page)
    return holds


def _check_pages(pages: Sequence[Page], entries: Sequence[Entry], notes: Notes) -> None:
    """Note pages whose entries do not lead from their opening to their closing balance.

    A statement of one page is looked at as a whole, by the rules for all statements.
    """
    if len(pages) < 2:
        return
    amounts = {entry.line: entry.amount for entry in entries}
    for place, page in enumerate(pages, 1):
        if page.opening is None or page.closing is None:
            continue
        computed = page.opening.amount + sum(amounts.get(raw.line, Decimal(0)) for raw in page.entries)
        if computed != page.closing.amount:
            notes.add(
                "mt940.page-balance",
                page.closing.line,
                page=page.page or place,
                closing=page.closing.text,
                computed=computed,
                difference=page.closing.amount - computed,
            )


def _account_and_currency(group: list[Sheet], notes: Notes) -> tuple[BankAccount, str | None]:
    """The account, and the currency that its balances name; another one among them is noted."""
    first = group[0].page
    frame = group[0].message.frame.decode("latin-1")
    account = own_account(first.account, bank_of_frame(frame)) if first.account else BankAccount()
    named = [
        (balance.currency, balance.line)
        for sheet in group
        for balance in (sheet.page.opening, sheet.page.closing)
        if balance is not None and balance.currency is not None
    ]
    if account.currency is not None:
        named.append((account.currency, first.line))
    currency = named[0][0] if named else None
    other = next(((one, line) for one, line in named if one != currency), None)
    if other is not None:
        notes.add("statement.currency-mixed", other[1], currency=currency, other=other[0])
    return msgspec.structs.replace(account, currency=currency), currency
