"""The fields of a message become pages: balances and entries between a head and a closing balance.

SWIFT limits a message to 2000 characters, so that a statement goes over several pages, each with a head of its own; the
balances between are 62M and 60M (SWIFT, MT 940, fields 60a and 62a). A message may also hold several pages under one
field 20.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from efimport.formats.mt940.messages import Field
from efimport.formats.mt940.values import Balance, amount, balance, shown

_NUMBER = re.compile(r"\s*(\d*)\s*(?:/\s*(\d*))?\s*", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_COUNTED = re.compile(r"\s*(\d+)\s*[A-Za-z]{3}\s*([\d.,]{1,40})\s*", re.ASCII)
_INTRADAY = frozenset({"34F", "13D"})


class RawEntry(msgspec.Struct):
    """A field 61 and the fields behind it.

    Attributes:
        text: field 61.
        line: its line in the file.
        texts: fields 86.
        plain: lines of a field NS.
    """

    text: str
    line: int
    texts: list[str] = msgspec.field(default_factory=list)
    plain: list[str] = msgspec.field(default_factory=list)


class Page(msgspec.Struct):
    """One page of a statement.

    Attributes:
        start, end: where it stands in the text of the message.
        line: line in the file.
        account: field 25; None where the page has none.
        number: number of the statement as written, without the page.
        page: number of the page; None where it is not given.
        has_number: whether the page has a field 28.
        opening, closing: balances; None where they are missing or cannot be read.
        entries: in the order of the file.
        counts, turnovers: fields 90D and 90C: number of entries, and sums of debits and credits.
        intraday: whether fields of MT 942 stand in it.
        problems: code, line and values of findings.
    """

    start: int
    line: int
    end: int = 0
    account: str | None = None
    number: str | None = None
    page: int | None = None
    has_number: bool = False
    opening: Balance | None = None
    closing: Balance | None = None
    entries: list[RawEntry] = msgspec.field(default_factory=list)
    counts: list[int] = msgspec.field(default_factory=list)
    turnovers: dict[str, Decimal] = msgspec.field(default_factory=dict)
    intraday: bool = False
    problems: list[tuple[str, int, dict[str, str]]] = msgspec.field(default_factory=list)

    @property
    def is_begun(self) -> bool:
        """Whether a balance or an entry was read."""
        return self.opening is not None or self.closing is not None or bool(self.entries)

    def note(self, code: str, line: int, **values: str) -> None:
        """Keep a finding for the statement that the page belongs to."""
        self.problems.append((code, line, values))


class _Maker:
    """Puts fields into pages, one after the other."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self._page = Page(0, 0)
        self._entry: RawEntry | None = None

    def add(self, field: Field) -> None:
        tag = field.tag
        if tag == "86":
            if self._entry is not None:
                self._entry.texts.append(field.text)
        elif tag == "61":
            self._add_entry(field)
        elif tag == "NS":
            if self._entry is not None:
                self._entry.plain.extend(field.text.split("\n"))
        else:
            self._entry = None
            self._add_head_or_balance(field)

    def finish(self, end: int) -> list[Page]:
        if self.pages:
            self.pages[-1].end = end
        return self.pages

    def _add_head_or_balance(self, field: Field) -> None:
        tag = field.tag
        if tag == "20" or not self.pages:
            self._new(field)
        if tag[:2] == "25":
            self._add_account(field)
        elif tag[:2] == "28":
            self._add_number(field)
        elif tag[:2] == "60":
            self._add_opening(field)
        elif tag[:2] == "62":
            self._add_closing(field)
        elif tag in _INTRADAY:
            self._page.intraday = True
        elif tag[:2] == "90":
            self._add_count(field)

    def _new(self, field: Field) -> None:
        if self.pages:
            self.pages[-1].end = field.start
        self._page = Page(field.start, field.line)
        self.pages.append(self._page)

    def _add_entry(self, field: Field) -> None:
        if not self.pages:
            self._new(field)
        self._entry = RawEntry(field.text, field.line)
        self._page.entries.append(self._entry)
        if self._page.closing is not None:
            self._page.note("mt940.orphan-entry", field.line, found=shown(field.text))

    def _add_account(self, field: Field) -> None:
        if self._page.is_begun:
            self._new(field)
        if self._page.account is not None:
            self._page.note("mt940.repeated-field", field.line, field=":25:", found=shown(field.text))
            return
        account, _, bank = field.text.partition("\n")
        # Field 25P has the BIC of the bank on its second line.
        named = field.tag == "25P" and bank.strip() and "/" not in account
        self._page.account = f"{bank.strip()}/{account.strip()}" if named else account.strip()

    def _add_number(self, field: Field) -> None:
        if self._page.is_begun:
            self._new(field)
        text = field.text.partition("\n")[0]
        match = _NUMBER.match(text)
        number, page = match.groups() if match else (None, None)
        self._page.has_number = True
        self._page.number = (number or "").lstrip("0") or None
        self._page.page = int(page[:9]) if page else None

    def _add_opening(self, field: Field) -> None:
        if self._page.closing is not None or (self._page.opening is not None and self._page.entries):
            closing = self._page.closing
            self._new(field)
            if closing is None or not closing.intermediate:
                self._page.note("mt940.no-head", field.line)
        elif self._page.opening is not None:
            self._page.note("mt940.repeated-field", field.line, field=f":{field.tag}:", found=shown(field.text))
        elif self._page.entries:
            self._page.note("mt940.misplaced-opening", field.line, found=shown(field.text))
        self._page.opening = self._balance(field)

    def _add_closing(self, field: Field) -> None:
        if self._page.closing is not None:
            self._page.note("mt940.repeated-field", field.line, field=f":{field.tag}:", found=shown(field.text))
        self._page.closing = self._balance(field)

    def _balance(self, field: Field) -> Balance | None:
        found = balance(field.tag, field.text.partition("\n")[0], field.line)
        if found is None:
            self._page.note("mt940.balance", field.line, field=f":{field.tag}:", found=shown(field.text))
        elif found.date is None:
            self._page.note("mt940.date", field.line, found=shown(field.text))
        return found

    def _add_count(self, field: Field) -> None:
        match = _COUNTED.match(field.text)
        sum_of_side = amount(match.group(2)) if match else None
        if match is not None and sum_of_side is not None:
            self._page.counts.append(int(match.group(1)))
            self._page.turnovers[field.tag[2]] = sum_of_side


def pages_of(fields: Sequence[Field], end: int) -> list[Page]:
    """The pages of a message.

    Args:
        fields: the fields of the message.
        end: length of its text.
    """
    maker = _Maker()
    for field in fields:
        maker.add(field)
    return maker.finish(end)


def number_with_year(page: Page) -> str | None:
    """The number of the statement that begins with this page.

    ``2021/02`` on a page that opens a statement is a year and a number, not the second page; so is ``2021/01`` on the
    only page of a statement of that year.
    """
    opens = page.opening is not None and not page.opening.intermediate
    if not (opens and page.number and page.page and _YEAR.fullmatch(page.number)):
        return page.number
    is_number = page.page > 1 or _is_whole_in(page, page.number)
    return f"{page.number}/{page.page:02d}" if is_number else page.number


def _is_whole_in(page: Page, year: str) -> bool:
    closing = page.closing
    ends = closing is not None and not closing.intermediate
    return ends and closing is not None and closing.date is not None and f"{closing.date:%Y}" == year
