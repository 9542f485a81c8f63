"""The order of rows in time, and whether the running balances close.

A balance after each row proves both: read in the right direction, every balance is the one before it plus what the row
books, and where that breaks, a row is missing or an amount is wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

import msgspec


class Link(msgspec.Struct, frozen=True, gc=False):
    """A row as far as balances and order are concerned.

    Attributes:
        step: what the row books.
        date: its day.
        before: balance before it, where the table says so.
        after: balance after it, where the table says so.
    """

    step: Decimal
    date: dt.date | None
    before: Decimal | None = None
    after: Decimal | None = None


class Break(msgspec.Struct, frozen=True):
    """A row at which the balances do not close.

    Attributes:
        index: index of the row as it stands in the table.
        expected: the balance that the rows before lead to.
        found: the balance that stands there.
    """

    index: int
    expected: Decimal
    found: Decimal


class Chain(msgspec.Struct, frozen=True):
    """Rows put into the order of time.

    Attributes:
        order: indexes of the rows, the oldest first.
        breaks: rows at which the balances do not close.
        opening, closing: balances before the first and after the last row; None where no row has one.
        unproven: rows without a balance before the first or behind the last row that has one.
    """

    order: tuple[int, ...]
    breaks: tuple[Break, ...] = ()
    opening: Decimal | None = None
    closing: Decimal | None = None
    unproven: tuple[int, ...] = ()


def put_in_order(links: Sequence[Link], named: str | None) -> Chain:
    """The rows in the order of time.

    Args:
        links: the rows as they stand in the table.
        named: ``newest-first`` or ``oldest-first`` where the mapping says so; it decides where no balance does.
    """
    as_written = tuple(range(len(links)))
    whole = _of_the_statement(links)
    if whole is not None:
        return Chain(_candidates(links, as_written, named)[0], (), *whole)
    candidates = _candidates(links, as_written, named)
    if all(link.before is None and link.after is None for link in links):
        return Chain(_by_day(candidates[0], links))
    return min((_chain(links, order) for order in candidates), key=lambda chain: len(chain.breaks))


def _of_the_statement(links: Sequence[Link]) -> tuple[Decimal, Decimal] | None:
    """Opening and closing balance where every row repeats those of the statement."""
    pairs = {(link.before, link.after) for link in links}
    if len(links) < 2 or len(pairs) != 1 or not any(link.step for link in links):
        return None
    before, after = pairs.pop()
    return None if before is None or after is None else (before, after)


def _candidates(links: Sequence[Link], as_written: tuple[int, ...], named: str | None) -> list[tuple[int, ...]]:
    """Orders that come into question, the likeliest first.

    Some banks begin with the newest day, but keep the order of time within a day, or the other way round.
    """
    backwards = as_written[::-1]
    newest_first = named == "newest-first" if named else _falls(links)
    simple = [backwards, as_written] if newest_first else [as_written, backwards]
    if any(link.date is None for link in links):
        return simple
    by_day = [_by_day(order, links) for order in simple]
    return list(dict.fromkeys([*simple, *reversed(by_day)]))


def _by_day(order: tuple[int, ...], links: Sequence[Link]) -> tuple[int, ...]:
    """The rows sorted by their days, where all have one; within a day they stay as they are."""
    if any(link.date is None for link in links):
        return order
    return tuple(sorted(order, key=lambda index: links[index].date or dt.date.min))


def _falls(links: Sequence[Link]) -> bool:
    """Whether the days mostly fall from row to row."""
    days = [link.date for link in links if link.date is not None]
    falling = sum(1 for one, other in pairwise(days) if other < one)
    rising = sum(1 for one, other in pairwise(days) if other > one)
    return falling > rising


def _chain(links: Sequence[Link], order: tuple[int, ...]) -> Chain:
    opening: Decimal | None = None
    running: Decimal | None = None
    booked = Decimal(0)
    breaks: list[Break] = []
    for index in order:
        link = links[index]
        for expected, found in _compared(link, running):
            breaks.append(Break(index, expected, found))
        booked += link.step
        after = _after(link)
        if after is None:
            running = running + link.step if running is not None else None
            continue
        if running is None:
            opening = after - booked
        running = after
    return Chain(order, tuple(breaks), opening, running, _unproven(links, order))


def _unproven(links: Sequence[Link], order: tuple[int, ...]) -> tuple[int, ...]:
    bare = [index for index in order if links[index].before is None and links[index].after is None]
    if not bare:
        return ()
    told = [place for place, index in enumerate(order) if index not in set(bare)]
    return tuple(index for place, index in enumerate(order) if told and not told[0] <= place <= told[-1])


def _after(link: Link) -> Decimal | None:
    if link.after is not None:
        return link.after
    return link.before + link.step if link.before is not None else None


def _compared(link: Link, running: Decimal | None) -> Iterator[tuple[Decimal, Decimal]]:
    """Expected and found balances of a row that differ."""
    if link.before is not None and link.after is not None and link.before + link.step != link.after:
        yield link.before + link.step, link.after
    elif running is not None and link.before is not None and link.before != running:
        yield running, link.before
    elif running is not None and link.before is None and link.after is not None and running + link.step != link.after:
        yield running + link.step, link.after
