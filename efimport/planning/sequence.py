"""The order of sending: what others refer to comes first.

By kind of call, then by date, then by number, in which a later count comes later (``2026-10`` after ``2026-9``). A
document that names another one of the same kind of call comes after it, whatever their dates say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from efimport.documents import Document, Invoice, Order
from efimport.planning.candidates import Candidate

ORDER = (
    "PartnerImport",
    "ProductMassImport",
    "ProductImport",
    "SalesQuoteCreate",
    "SalesOrderImport",
    "PurchaseOrderCreate",
    "AdvanceInvoiceImport",
    "SalesInvoiceImport",
    "CreditNoteImport",
    "DebitNoteImport",
    "ReceivedAdvanceInvoiceCreate",
    "ReceivedInvoiceCreate",
    "ReceivedCreditNoteCreate",
    "DocumentInboxImport",
    "DocumentInboxAddEntry",
    "BankStatementImport",
)
"""Partners and products, orders, advance invoices, invoices, corrections, what was received, statements.

Received documents that are created name their supplier, so that partners come before them; they come before the
inbox, because what is created is booked and what is in the inbox waits for a person.
"""

_RANK = {method: rank for rank, method in enumerate(ORDER)}
_BEFORE_INBOX = _RANK["DocumentInboxImport"]
_COUNT = re.compile(r"(\d+)", re.ASCII)


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates in the order of sending."""
    wanted = sorted(candidates, key=_place)
    return list(_after_what_they_name(wanted))


def natural(number: str) -> tuple[tuple[str | tuple[int, str], ...], str]:
    """What a number is sorted by: texts and counts in turn, a count by its size, so that 10 comes after 9.

    The number itself comes second, so that ``007`` and ``7`` have an order.
    """
    pieces: list[str | tuple[int, str]] = []
    for place, piece in enumerate(_COUNT.split(number)):
        digits = piece.lstrip("0")
        pieces.append((len(digits), digits) if place % 2 else piece)
    return tuple(pieces), number


def rank(method: str) -> int:
    """Place of a method in the order; one that is not named there comes before the inbox."""
    return _RANK.get(method, _BEFORE_INBOX)


def _place(candidate: Candidate) -> tuple[object, ...]:
    day = getattr(candidate.document, "date", None)
    number = candidate.document.number or ""
    return (rank(candidate.call.method), str(day or ""), natural(number), *candidate.position)


def _after_what_they_name(wanted: Sequence[Candidate]) -> Iterator[Candidate]:
    """Each candidate after those of its method that its document names; a circle is left in the order of the days."""
    by_number: dict[tuple[str, str], Candidate] = {}
    for candidate in wanted:
        if candidate.document.number:
            by_number.setdefault((candidate.call.method, candidate.document.number), candidate)
    begun: set[int] = set()
    done: set[int] = set()
    for candidate in wanted:
        # No recursion: a chain of documents of which each names the one before it can be long.
        waiting = [candidate]
        while waiting:
            top = waiting[-1]
            if id(top) not in begun:
                begun.add(id(top))
                named = (by_number.get((top.call.method, number)) for number in _named(top.document))
                waiting.extend(one for one in named if one is not None and id(one) not in begun)
                continue
            waiting.pop()
            if id(top) not in done:
                done.add(id(top))
                yield top


def _named(document: Document) -> Iterator[str]:
    """Numbers of the documents that a document names."""
    if isinstance(document, Invoice):
        numbers = (document.original_number, *(advance.number for advance in document.advances))
        yield from (number for number in numbers if number and number != document.number)
    elif isinstance(document, Order) and document.order_number:
        yield document.order_number
