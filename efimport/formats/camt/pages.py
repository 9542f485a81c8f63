"""Pages: a statement that a bank gives in several parts.

ISO 20022: ``MsgPgntn`` numbers the messages, ``StmtPgntn`` (from .03 on) the parts of one statement. ČBA, Standard pro
elektronický XML výpis, 2.3: the balance ITBD was added so that statements can be divided; a part closes with it, and
the next one opens with it.

The parts stay statements of their own, because the service takes each as the bank wrote it; their page tells them
apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from efimport.formats.camt.elements import Found
from efimport.formats.camt.statements import INTERIM, Head
from efimport.formats.camt.values import Notes, truth

_LONGEST = 5
"""Digits of a page's number (ISO 20022, Max5NumericText)."""


class Page(NamedTuple):
    """A page as the bank numbers it: its number, and whether it is said not to be the last one."""

    number: int
    goes_on: bool

    @property
    def is_part(self) -> bool:
        """Whether there is another page before or behind it."""
        return self.number > 1 or self.goes_on


def stated_page(found: Found, notes: Notes, element: str) -> Page | None:
    """The page that a pagination states; notes where more pages follow."""
    for page in found.get("pages", ()):
        number = page.get("page", "")
        goes_on = truth(page.get("last")) is False
        if goes_on:
            notes.add("camt.not-last-page", element, page=number or "?")
        if number.isascii() and number.isdigit() and len(number) <= _LONGEST:
            return Page(int(number), goes_on)
    return None


class Part(NamedTuple):
    """A statement as far as its pages are concerned.

    Attributes:
        head: number, account, balances.
        message: the page of its message.
        statement: the page of the statement itself.
        notes: takes that it is a page.
    """

    head: Head
    message: Page | None
    statement: Page | None
    notes: Notes

    @property
    def stated(self) -> int | None:
        """The page, where the bank states one and the statement is a part."""
        if self.statement is not None and self.statement.is_part:
            return self.statement.number
        # A message may be a page although every statement in it is whole.
        if self.message is not None and self.message.is_part and self._lacks_an_end:
            return self.message.number
        return None

    @property
    def _lacks_an_end(self) -> bool:
        ends = (self.head.opening, self.head.closing)
        return any(balance is None or balance.code == INTERIM for balance in ends)


def number_pages(parts: Sequence[Part]) -> list[int | None]:
    """The page of each statement of a file, None for whole ones; notes those that are pages.

    Parts without a stated page are known by the interim balance that ends one and begins the next.
    """
    pages = [part.stated for part in parts]
    last: dict[tuple[str | None, str | None, str | None], int] = {}
    for index, part in enumerate(parts):
        holder = part.head.holder
        key = (holder.account.display, holder.currency, part.head.number)
        before = last.get(key)
        if before is not None and _continues(parts[before].head, part.head):
            first = pages[before] = pages[before] or 1
            pages[index] = max(pages[index] or 0, first + 1)
        last[key] = index
    for part, page in zip(parts, pages, strict=True):
        if page is not None:
            part.notes.add("camt.page", page=page, number=part.head.number or "-")
    return pages


def _continues(one: Head, other: Head) -> bool:
    """Whether a statement begins with the interim balance that another ends with."""
    if one.closing is None or other.opening is None:
        return False
    return one.closing.code == other.opening.code == INTERIM and one.closing.amount == other.opening.amount
