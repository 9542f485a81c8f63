"""Reading a message camt.053: one pass over the parser's events, entry by entry, so that no tree of the file is held.

The statements come out only after the last byte was parsed: a file that was cut off is refused as a whole, because
nobody can tell which of its statements are complete.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import msgspec
from lxml import etree

from efimport.documents import Entry, Origin, Statement
from efimport.findings import Finding, Location, finding
from efimport.formats.camt import elements, recognise
from efimport.formats.camt.elements import Branch, Found, collect
from efimport.formats.camt.entries import Holder, entries, is_booked
from efimport.formats.camt.interim import check_interim
from efimport.formats.camt.layout import EntryLines, Layout, Span, with_declaration
from efimport.formats.camt.messages import NAMESPACE, STATEMENT, kind_of
from efimport.formats.camt.pages import Page, Part, number_pages, stated_page
from efimport.formats.camt.schema import PartSchema
from efimport.formats.camt.statements import Head, Tally, check_copy, head, holder, summary
from efimport.formats.camt.values import CREDIT, Notes, number
from efimport.formats.reading import Read, Reading, Sample
from efimport.formats.xml import XmlText, has_doctype, local_name, namespace, not_well_formed, xml_text
from efimport.formats.xml_proportions import TAGS, Buffer, out_of_proportion
from efimport.sources import Source

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PROLOG_BYTES = 64 * 1024
_PIECE = 1024 * 1024
_TAG_BYTES = 8
"""Bytes for every tag at least: the names of this format are short, and the densest statements have 11."""
_ENTRY_TAGS = 400
"""Tags of one entry or transaction that are not held, at most."""
_HEAD = Branch(elements.STATEMENT)
_ENTRY = Branch(elements.ENTRY)
_MESSAGE = Branch(elements.HEADER)


def read(source: Source, reading: Reading) -> Iterator[Read]:
    """The statements of a file, in its order; a file that cannot be read whole gives findings alone.

    Args:
        source: the file.
        reading: gets the encoding and the version (``camt.053.001.02``).
    """
    recognition = recognise(Sample(source))
    if recognition is not None:
        reading.version = recognition.version
        if recognition.format != STATEMENT.format:
            kind = kind_of(recognition.format)
            name = recognition.version or kind.name
            place = Location(path=source.path, line=1)
            yield finding("camt.not-a-statement", place, name=name, title=kind.title)
            return
    refusal = _out_of_proportion(source)
    if refusal is not None:
        yield refusal
        return
    raw = source.read()
    text = xml_text(raw, source.path)
    reading.encoding = text.encoding
    yield from text.findings
    message = MessageReader(source.path, text, reading.version)
    damage = message.parse()
    if damage is not None:
        yield damage
        return
    yield from message.findings
    yield from message.statements(_changes(raw, text))


def _out_of_proportion(source: Source) -> Finding | None:
    """Why a message is not to be parsed: what lies outside of its entries is held until the end."""
    if b"\0" in source.head[:4]:
        return None
    content = source.buffer()
    return out_of_proportion(content, source.path, tags=TAGS + _ENTRY_TAGS * _parts(content), tag_bytes=_TAG_BYTES)


def _parts(content: Buffer) -> int:
    """Entries and transactions: about so many, for it is their tags that are counted."""
    pieces = (content[position : position + _PIECE] for position in range(0, len(content), _PIECE))
    return sum(piece.count(b"Ntry") + piece.count(b"TxDtls") for piece in pieces) // 2


def _changes(raw: bytes, text: XmlText) -> tuple[str, ...]:
    """What the normalized text has less than the file, as codes."""
    changes = ["camt.mark-removed"] if raw.startswith(_MARKS) else []
    return (*changes, *(found.code for found in text.findings if found.code == "xml.leading-space"))


class MessageReader:
    """Reads one message.

    Args:
        path: the file.
        text: its text.
        version: the message and its version as the head of the file tells it.

    Attributes:
        findings: what is wrong with the message as a whole.
    """

    def __init__(self, path: str, text: XmlText, version: str | None) -> None:
        self.findings: list[Finding] = []
        self._path = path
        self._text = text
        self._version = version
        self._layout: Layout | None = None
        self._read: list[StatementReader] = []

    def parse(self) -> Finding | None:
        """Read the whole message; the finding that forbids to use any of it, or None."""
        content = self._text.content
        if has_doctype(content[:_PROLOG_BYTES]):
            line = content[: content.find(b"<!DOCTYPE")].count(b"\n") + 1 + self._text.line_offset
            return finding("xml.doctype", Location(path=self._path, line=line))
        try:
            damage = self._walk(Layout(self._text))
        except etree.XMLSyntaxError as error:
            return not_well_formed(error, self._path, self._text.line_offset)
        except (ValueError, LookupError) as error:
            return finding("xml.not-well-formed", Location(path=self._path, line=1), reason=error)
        if damage is not None:
            return damage
        if not self._read:
            return finding("camt.no-statement", Location(path=self._path, line=1))
        if len(self._read) > 1:
            place = Location(path=self._path, line=self._read[0].line)
            self.findings.append(finding("camt.several-statements", place, count=len(self._read)))
        return None

    def _walk(self, layout: Layout) -> Finding | None:
        self._layout = layout
        spans, lines = iter(layout.statements), EntryLines(self._text, layout)
        events = etree.iterparse(
            io.BytesIO(self._text.content),
            events=("start", "end"),
            tag=("{*}Stmt", "{*}Ntry"),
            encoding=self._text.encoding,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
            # Merged into one text again, an amount with a comment inside keeps all its digits.
            remove_comments=True,
            remove_pis=True,
        )
        current: StatementReader | None = None
        for event, element in events:
            is_entry = element.tag.endswith("Ntry")
            if event == "start":
                if not is_entry:
                    if element.getroottree().docinfo.internalDTD is not None:
                        return finding("xml.doctype", Location(path=self._path, line=1))
                    span = next(spans, None)
                    if current is None and _is_statement(element):
                        current = self._begin(element, span)
            elif is_entry:
                line = lines.next(element.prefix)
                if current is not None and element.getparent() is current.element:
                    current.entry(element, line)
            elif current is not None and element is current.element:
                current.end()
                current = None
        return None

    def _begin(self, element: etree._Element, span: Span | None) -> StatementReader:
        assert self._layout is not None
        body = element.getparent()
        assert body is not None
        if not self._read:
            self._check_namespace(namespace(element))
        header = next((child for child in body if local_name(child) == "GrpHdr"), None)
        statement = StatementReader(self._path, len(self._read) + 1, element, span)
        schema = PartSchema(namespace(element), self._path, self._text.line_offset)
        if header is not None:
            found = collect(header, _MESSAGE, {})
            statement.message_page = stated_page(found, statement.notes, "../GrpHdr/MsgPgntn/LastPgInd")
            if not self._read:
                self.findings += schema.findings(header, 1, "/Document/BkToCstmrStmt/GrpHdr", None)
        statement.schema = schema
        self._read.append(statement)
        return statement

    def _check_namespace(self, found: str) -> None:
        if NAMESPACE.fullmatch(found) is None or f":{STATEMENT.name}." not in found:
            self.findings.append(
                finding("camt.namespace", Location(path=self._path, line=1), namespace=found or "(none)")
            )

    def statements(self, changes: tuple[str, ...]) -> Iterator[Statement]:
        """The statements with their bytes.

        Args:
            changes: codes of what was changed for the file as a whole.
        """
        assert self._layout is not None
        spans = [statement.span for statement in self._read if statement.span is not None]
        pages = number_pages([statement.part for statement in self._read])
        for statement, page in zip(self._read, pages, strict=True):
            content, changed = b"", changes
            if statement.span is None or len(spans) != len(self._read):
                statement.notes.add("camt.cannot-cut")
            else:
                content = self._layout.alone(statement.span, spans)
                content, declared = with_declaration(content, self._text)
                changed += ("camt.encoding",) * declared + ("camt.split",) * (len(spans) > 1)
            yield statement.document(
                Origin(
                    path=self._path,
                    format=STATEMENT.format,
                    ordinal=statement.ordinal,
                    line=statement.line,
                    content=content,
                    version=self._version,
                    changes=changed,
                ),
                page,
            )


def _is_statement(element: etree._Element) -> bool:
    """Whether it stands where a statement belongs, and not somewhere in a bank's own supplement."""
    body = element.getparent()
    if body is None or not local_name(body).startswith(STATEMENT.body):
        return False
    root = body.getparent()
    return root is None or root.getparent() is None


class StatementReader:
    """Reads one statement.

    Args:
        path: the file.
        ordinal: ordinal of the statement in it, from 1.
        element: its element, which fills while the parser goes on.
        span: where its bytes are; None where they were not found.

    Attributes:
        notes: takes what is wrong with it.
        schema: judges its parts.
        message_page: the page of its message, where that is numbered.
    """

    schema: PartSchema
    message_page: Page | None = None

    def __init__(self, path: str, ordinal: int, element: etree._Element, span: Span | None) -> None:
        self.ordinal = ordinal
        self.element: etree._Element | None = element
        self.span = span
        self.line = span.line if span else None
        self.notes = Notes(path, ordinal)
        self._place = f"/Document/BkToCstmrStmt/Stmt[{ordinal}]"
        self.notes.at(self.line, self._place)
        self._holder: Holder | None = None
        self._found: Found = {}
        self._head: Head | None = None
        self._entries: list[Entry] = []
        self._count = 0
        self._tally = Tally()
        self._statuses: Counter[str] = Counter()
        self._currencies: set[str] = set()
        self._last: etree._Element | None = None
        self._page: Page | None = None

    def entry(self, element: etree._Element, line: int | None) -> None:
        """Read an entry and let go of its element."""
        assert self.element is not None
        if self._last is not None:
            # Only what lies before the present element may be removed: the parser is still at work behind it.
            self.element.remove(self._last)
        elif self._holder is None:
            self._holder = holder(collect(self.element, _HEAD, {}))
        self._last = element
        self._count += 1
        place = f"{self._place}/Ntry[{self._count}]"
        self.notes.at(line, place)
        for found in self.schema.entry_findings(element, line, place, self.ordinal):
            self.notes.take(found)
        self._book(collect(element, _ENTRY, {}), line)
        element.clear(keep_tail=True)  # type: ignore[call-arg]

    def _book(self, found: Found, line: int | None) -> None:
        assert self._holder is not None
        if not is_booked(found, self.notes):
            value = number(found.get("amount")) or Decimal(0)
            self._statuses[found["status"].upper()] += 1
            self._tally.leave_out(value if found.get("side") == CREDIT else -value, found.get("side"))
            return
        read = entries(found, len(self._entries) + 1, line, self._holder, self.notes)
        self._entries += read
        self._tally.book(sum((entry.amount for entry in read), Decimal(0)), found.get("side"))
        currency = found.get("amount.currency")
        if currency and currency not in self._currencies:
            self._currencies.add(currency)
            if currency != (self._holder.currency or currency):
                self.notes.add("statement.currency-mixed", "Amt", currency=self._holder.currency, other=currency)

    def end(self) -> None:
        """Read what is left of the statement after its entries were taken out."""
        assert self.element is not None
        if self._last is not None:
            self.element.remove(self._last)
            self._last = None
        self.notes.at(self.line, self._place)
        for found in self.schema.findings(self.element, self.line, self._place, self.ordinal):
            self.notes.take(found)
        self._found = collect(self.element, _HEAD, {})
        self._head = head(self._found, self.notes)
        self._page = stated_page(self._found, self.notes, "StmtPgntn/LastPgInd")
        check_copy(self._found, self.notes)
        self._check_currencies(self._head)
        check_interim(self._found, self._head.opening.amount if self._head.opening else None, self._entries, self.notes)
        self._note_left_out()
        self.element.clear(keep_tail=True)  # type: ignore[call-arg]
        self.element = None

    def _check_currencies(self, read: Head) -> None:
        currency = read.holder.currency or next(iter(self._currencies), None)
        for balance in (read.opening, read.closing):
            if balance is not None and balance.currency not in (None, currency):
                self.notes.add("statement.currency-mixed", "Bal", currency=currency, other=balance.currency)

    def _note_left_out(self) -> None:
        if self._statuses:
            self.notes.add(
                "camt.pending-left-out",
                "Ntry",
                count=self._tally.left_out,
                statuses=", ".join(sorted(self._statuses)),
                sum=self._tally.left_out_credit - self._tally.left_out_debit,
            )

    @property
    def part(self) -> Part:
        """The statement as far as its pages are concerned."""
        assert self._head is not None
        return Part(self._head, self.message_page, self._page, self.notes)

    def document(self, origin: Origin, page: int | None) -> Statement:
        """The statement; ``page`` where it is one of several parts."""
        read = self._head
        assert read is not None
        rows = self._dated(read)
        stated = summary(self._found, self._tally, len(rows), self.notes)
        account = read.holder.account
        currency = read.holder.currency or next(iter(self._currencies), None)
        return Statement(
            origin=origin,
            findings=self.notes.findings(),
            account=msgspec.structs.replace(account, currency=currency),
            number=read.number,
            page=page,
            currency=currency,
            period_from=read.period_from,
            period_to=read.period_to,
            date=read.date,
            opening=read.opening.amount if read.opening else None,
            closing=read.closing.amount if read.closing else None,
            credit_turnover=stated.credit,
            debit_turnover=stated.debit,
            entry_count=stated.entries,
            entries=tuple(rows),
        )

    def _dated(self, read: Head) -> list[Entry]:
        """The entries; those without a day get the statement's."""
        undated = sum(entry.date is None for entry in self._entries)
        if undated == 0 or read.date is None:
            return self._entries
        self.notes.add("camt.date-assumed", "Ntry/BookgDt", count=undated, date=read.date)
        return [entry if entry.date else msgspec.structs.replace(entry, date=read.date) for entry in self._entries]
