"""Transactions of PayPal as entries, and whose account they are of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from efimport.documents import Entry
from efimport.formats.paypal.calendar import Days
from efimport.formats.paypal.columns import Layout
from efimport.formats.paypal.lines import Line

_SYMBOL = re.compile(r"0*([1-9]\d{0,9})")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def find_holder(lines: Iterable[Line], layout: Layout) -> str | None:
    """The address of the account's holder: sender of what goes out, recipient of what comes in.

    Only a table with both columns tells: statements have the other side's address alone. A holder may have several
    addresses; the one that stands on most rows is taken.
    """
    if not (layout.has("from") and layout.has("to")):
        return None
    addresses = [address for line in lines if (address := _mail(line, layout, own=True))]
    counts = Counter(address.lower() for address in addresses)
    if not counts:
        return None
    ((best, count),) = counts.most_common(1)
    return next(one for one in addresses if one.lower() == best) if count * 2 > len(addresses) else None


def _mail(line: Line, layout: Layout, *, own: bool) -> str | None:
    outgoing = line.net is not None and line.net < 0
    text = layout.text(line.row, "from" if outgoing == own else "to")
    return text if _MAIL.fullmatch(text) else None


def make_entries(lines: Iterable[Line], layout: Layout, days: Days, holder: str | None) -> Iterator[Entry]:
    """The entries of one currency, oldest first.

    Args:
        lines: rows that move money, oldest first; rows without a readable net amount are left out.
        layout: where what stands in a row.
        days: how days are read.
        holder: address of the account's holder.
    """
    readable = [(line, line.net) for line in lines if line.net is not None]
    for position, (line, net) in enumerate(readable, start=1):
        yield _entry(line, net, layout, days, holder, position)


def _entry(line: Line, net: Decimal, layout: Layout, days: Days, holder: str | None, position: int) -> Entry:
    row = line.row
    invoice = layout.text(row, "invoice")
    symbol = _SYMBOL.fullmatch(invoice) if len(invoice) <= 10 else None
    taken = bool(line.fee) and line.adds_up
    return Entry(
        position=position,
        amount=net,
        date=days.day(layout.cell(row, "date")),
        variable_symbol=symbol[1] if symbol else None,
        counter_name=_line(layout.text(row, "name")) or None,
        message=_message(line, layout, holder),
        description=_line(layout.text(row, "type") or _described(line, layout)) or None,
        bank_reference=layout.text(row, "transaction") or None,
        end_to_end_reference=invoice or layout.text(row, "custom") or None,
        transaction_code=layout.text(row, "event") or None,
        original_amount=line.gross if taken else None,
        original_currency=line.currency if taken and line.gross is not None else None,
        charges=-line.fee if line.fee else None,
        line=row.number,
    )


def _described(line: Line, layout: Layout) -> str:
    return "" if layout.has("type") else layout.text(line.row, "description")


def _message(line: Line, layout: Layout, holder: str | None) -> str | None:
    """Subject, title of the item and note, each once, and the address of the other side."""
    names = ("subject", "item", "note", *(("description",) if layout.has("type") else ()))
    texts = [_line(layout.text(line.row, name)) for name in names]
    mail = _mail(line, layout, own=False) if layout.has("to") else layout.text(line.row, "from")
    if mail and mail.lower() != (holder or "").lower():
        texts.append(mail)
    return " ".join(dict.fromkeys(text for text in texts if text)) or None


def _line(text: str) -> str:
    """A text of several lines as one."""
    return " ".join(text.split())
