"""Pages with the bytes that they come from, and which of them make one statement."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from efimport.formats.mt940.messages import Message
from efimport.formats.mt940.pages import Page


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


def _compact(text: str | None) -> str:
    return "".join(text.split()) if text else ""
