"""The balances of one currency: which way the rows go, which of them move money, and where the chain breaks.

Each balance is the one before it and the net amount of its row. That holds in one direction of a file only, which tells
whether the oldest or the newest row comes first; and it holds for no row that moves no money.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

import msgspec

from efimport.formats.paypal.lines import Line


def direction(groups: Iterable[Sequence[Line]]) -> bool | None:
    """Whether the oldest row comes first: True, False, or None where the balances do not tell.

    Args:
        groups: the rows of each currency, in the order of the file.
    """
    ahead = back = 0
    for group in groups:
        rows = [line for line in group if line.moves is not False and line.balance is not None]
        ahead += sum(closes(one, other) for one, other in pairwise(rows))
        back += sum(closes(other, one) for one, other in pairwise(rows))
    return None if ahead == back else ahead > back


def closes(earlier: Line, later: Line) -> bool:
    """Whether the balance of the earlier row and the net amount of the later one make the later one's balance."""
    if earlier.balance is None or later.balance is None or later.net is None:
        return False
    return earlier.balance + later.net == later.balance


class Break(msgspec.Struct, frozen=True):
    """A row whose balance is not the one before it and its net amount.

    Attributes:
        line: the row.
        expected: what the balance would be.
    """

    line: Line
    expected: Decimal


class Chain(msgspec.Struct, frozen=True):
    """The rows of one currency, held against their balances.

    Attributes:
        kept: rows that move money, oldest first.
        left_out: rows that do not.
        breaks: where the chain breaks.
        proven: rows whose net amount the balances prove, by line.
        opening, closing: balances before the first and behind the last row.
        untold: rows of which nothing tells whether they move money; they are among ``kept``.
    """

    kept: tuple[Line, ...] = ()
    left_out: tuple[Line, ...] = ()
    breaks: tuple[Break, ...] = ()
    proven: frozenset[int] = frozenset()
    opening: Decimal | None = None
    closing: Decimal | None = None
    untold: tuple[Line, ...] = ()


def follow(lines: Sequence[Line], promised: frozenset[int] = frozenset(), *, all_move: bool = False) -> Chain:
    """The rows of one currency that move money, and whether their balances agree.

    Args:
        lines: oldest first.
        promised: numbers of rows whose type says that they move no money; heard where the balances cannot tell.
        all_move: whether the file has no other rows, as PayPal says of its statements.
    """
    kept: list[Line] = []
    left_out: list[Line] = []
    untold: list[Line] = []
    balance: Decimal | None = None
    for place, line in enumerate(lines):
        moves = True if all_move else line.moves
        if moves is None:
            moves = _told(line, balance, (lines[at] for at in range(place + 1, len(lines))), promised)
        if moves is None:
            untold.append(line)
        (left_out if moves is False else kept).append(line)
        if moves is not False:
            balance = _carried(balance, line)
    return _checked(kept, left_out, untold)


def _carried(balance: Decimal | None, line: Line) -> Decimal | None:
    if line.balance is not None or balance is None or line.net is None:
        return line.balance
    return balance + line.net


def _told(line: Line, before: Decimal | None, later: Iterable[Line], promised: frozenset[int]) -> bool | None:
    """Whether the balances say that a row moves money; None where they do not."""
    if before is None or line.net is None:
        # The first row: the balance before it is not known, so that its type alone can speak against it.
        return False if line.row.number in promised else (None if line.balance is None else True)
    if line.balance == before + line.net:
        return True
    if line.balance == before:
        return False
    following = next((other for other in later if other.balance is not None and other.net is not None), None)
    if following is None:
        return None if line.balance is None else True
    carries_on = line.balance is not None and closes(line, following)
    skipped = before + (following.net or 0) == following.balance
    return not skipped or carries_on


def _checked(kept: list[Line], left_out: list[Line], untold: list[Line]) -> Chain:
    breaks: list[Break] = []
    proven: set[int] = set()
    opening: Decimal | None = None
    balance: Decimal | None = None
    moved = Decimal(0)
    for line in kept:
        moved += line.net or 0
        expected = None if balance is None else balance + (line.net or 0)
        if line.balance is None:
            balance = expected
            continue
        if expected is None:
            opening = line.balance - moved
        elif expected == line.balance:
            proven.add(line.row.number)
        else:
            breaks.append(Break(line, expected))
        balance = line.balance
    return Chain(
        tuple(kept), tuple(left_out), tuple(breaks), frozenset(proven), opening, balance, tuple(untold)
    )  # fmt: skip
