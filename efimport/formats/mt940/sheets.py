"""Pages with the bytes that they come from, and which of them make one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from efimport.formats.mt940.messages import Message
from efimport.formats.mt940.pages import Page

HELD_BACK = 16
"""Statements that are held in memory while one of them waits for another page."""


class Sheet(msgspec.Struct, frozen=True):
    """A page and where it comes from.

    Attributes:
        page: the page.
        message: the message that holds it.
        body: text of the message, lines ended by LF; bytes without a letter are surrogates.
        encoding: of the message.
        is_first, is_last: whether the page is the first or the last of its message.
        lost_letters: whether a byte of the message has no letter in its encoding.
    """

    page: Page
    message: Message
    body: str
    encoding: str
    is_first: bool
    is_last: bool
    lost_letters: bool

    @property
    def text(self) -> str:
        """The text of the page."""
        return self.body[self.page.start : self.page.end]


def continues(group: Sequence[Sheet], sheet: Sheet) -> bool:
    """Whether a page belongs to the statement whose pages are given.

    It has the same account and number, and either it opens with an intermediate balance, or the page before closed with
    one and this has the following number.
    """
    last, page = group[-1].page, sheet.page
    if _compact(page.account) != _compact(last.account) or page.number != last.number:
        return False
    awaited = last.closing is None or last.closing.intermediate
    if page.opening is None:
        return awaited and last.closing is not None
    if page.opening.intermediate:
        return awaited or (last.closing is not None and last.closing.amount == page.opening.amount)
    return last.closing is not None and awaited and page.page is not None and page.page == (last.page or 0) + 1


class Grouping:
    """Puts pages to the statement that they belong to, also where pages of another account stand between them.

    Statements come out in the order of their first pages. One that waits for another page holds back those behind it,
    but not more than ``HELD_BACK``: the page may never come.
    """

    def __init__(self) -> None:
        self._groups: list[list[Sheet]] = []

    def add(self, sheet: Sheet) -> Iterator[list[Sheet]]:
        """Take the next page of the file; the statements that are complete now are given."""
        group = next((one for one in reversed(self._groups) if self._takes(one, sheet)), None)
        if group is not None:
            group.append(sheet)
        else:
            self._groups.append([sheet])
        while len(self._groups) > 1 and (len(self._groups) > HELD_BACK or not _waits(self._groups[0])):
            yield self._groups.pop(0)

    def rest(self) -> Iterator[list[Sheet]]:
        """The statements that are left at the end of the file."""
        yield from self._groups
        self._groups = []

    def _takes(self, group: list[Sheet], sheet: Sheet) -> bool:
        return continues(group, sheet) if group is self._groups[-1] else _resumes(group, sheet)


def _waits(group: Sequence[Sheet]) -> bool:
    """Whether the bank numbers the pages of a statement and has said that another one follows."""
    page = group[-1].page
    return page.closing is not None and page.closing.intermediate and bool(page.page and page.number)


def _resumes(group: Sequence[Sheet], sheet: Sheet) -> bool:
    """Whether a page belongs to a statement although it does not stand behind it: then all must agree."""
    last, page = group[-1].page, sheet.page
    return (
        _waits(group)
        and _compact(page.account) == _compact(last.account)
        and page.number == last.number
        and page.page == (last.page or 0) + 1
        and page.opening is not None
        and last.closing is not None
        and page.opening.amount == last.closing.amount
    )


def _compact(text: str | None) -> str:
    return "".join(text.split()) if text else ""
