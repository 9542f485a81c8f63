"""What an MT940 file states, by its balances and entries alone.

This is the measure for every reader, efimport's included, so it shares no code with any of them. It knows five fields
and reads them only where nothing can be doubted; a file in which anything else stands there is not judged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

_FIELD = re.compile(r"^[ \t]*:(60F|60M|62F|62M|61):(.*)$", re.MULTILINE)
_BALANCE = re.compile(r"([CD])\d{6}(?:[A-Z]{3})?(\d+(?:,\d*)?)[ \t]*(?:-\}.*)?")
_ENTRY = re.compile(r"\d{6}(?:\d{4})?(R?[CD])[A-Z]?(\d+(?:,\d*)?)(?=[NFSM/])")
_TAKES = frozenset({"D", "RC"})
"""Marks that take money out: a debit, and the reversal of a credit (SWIFT, MT 940, field 61, subfield 3)."""


class DoubtfulError(Exception):
    """The file cannot be a measure: a balance or an entry of it can be read in more than one way, or in none."""


@dataclass
class Page:
    """One pair of balances with the entries between them; None for a balance that is not there."""

    opening: Decimal | None = None
    closing: Decimal | None = None
    first: bool = False
    last: bool = False
    amounts: list[Decimal] = field(default_factory=list)


@dataclass
class Stated:
    """A statement from its first opening balance to its last closing balance."""

    pages: list[Page]

    @property
    def opening(self) -> Decimal | None:
        """Balance of field 60F."""
        return self.pages[0].opening

    @property
    def closing(self) -> Decimal | None:
        """Balance of field 62F."""
        return self.pages[-1].closing

    @property
    def amounts(self) -> list[Decimal]:
        """Signed amounts of all pages."""
        return [amount for page in self.pages for amount in page.amounts]

    @property
    def complete(self) -> bool:
        """Whether 60F and 62F are there, and each page goes on where the one before ended."""
        return self.pages[0].first and self.pages[-1].last

    @property
    def closes(self) -> bool:
        """Whether the entries lead from the opening to the closing balance."""
        return self.complete and (self.opening or Decimal(0)) + sum(self.amounts, Decimal(0)) == self.closing


def stated(content: bytes) -> list[Stated]:
    """The statements of a file.

    Raises:
        DoubtfulError: see there.
    """
    text = content.decode("latin-1")
    if "\n" not in text:
        text = text.replace("@@", "\n").replace("\r", "\n")
    found: list[Stated] = []
    for page in _pages(text.replace("\r\n", "\n")):
        if not page.first and found and _goes_on(found[-1].pages[-1], page):
            found[-1].pages.append(page)
        else:
            found.append(Stated([page]))
    return found


def _goes_on(before: Page, page: Page) -> bool:
    return not before.last and before.closing is not None and before.closing == page.opening


def _pages(text: str) -> list[Page]:
    found: list[Page] = []
    ended = True
    for tag, value in _FIELD.findall(text):
        if tag.startswith("60") or ended:
            found.append(Page())
        page, ended = found[-1], tag.startswith("62")
        if tag == "61":
            page.amounts.append(_signed(_ENTRY.match(value), value))
        elif tag.startswith("60"):
            page.opening, page.first = _signed(_BALANCE.fullmatch(value), value), tag == "60F"
        else:
            page.closing, page.last = _signed(_BALANCE.fullmatch(value), value), tag == "62F"
    return found


def _signed(match: re.Match[str] | None, value: str) -> Decimal:
    if match is None:
        raise DoubtfulError(value)
    amount = Decimal(match[2].replace(",", "."))
    return -amount if match[1] in _TAKES else amount
