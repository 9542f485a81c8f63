"""What is added up for a report: amounts by currency, statements, and documents by destination.

A document that is in several files is one amount.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal, localcontext

from efimport.documents import Kind
from efimport.planning.model import State
from efimport.report.model import (
    CurrencyTotal,
    Destination,
    ReportedCall,
    ReportedSource,
    StatementFigures,
    StatementTotal,
    counted,
)


def _added(amounts: Iterable[Decimal]) -> Decimal:
    """Their exact sum: the default context would round beyond 28 digits."""
    with localcontext() as context:
        context.prec = 200
        return sum(amounts, Decimal(0))


def currency_totals(
    sources: tuple[ReportedSource, ...], is_left_out: Callable[[State], bool]
) -> tuple[CurrencyTotal, ...]:
    """Sums of documents by currency and kind; ``is_left_out`` tells which states are not sent."""
    groups: dict[tuple[Kind, str | None], list[tuple[Decimal, bool]]] = {}
    for source in sources:
        for document in source.documents:
            if document.total is not None and document.statement is None and not document.again:
                amount = (document.total, is_left_out(document.state))
                groups.setdefault((document.kind, document.currency), []).append(amount)
    return tuple(
        CurrencyTotal(
            kind=kind,
            currency=currency,
            documents=len(amounts),
            total=_added(amount for amount, _ in amounts),
            left_out=_added(amount for amount, left_out in amounts if left_out),
        )
        for (kind, currency), amounts in sorted(groups.items(), key=lambda group: (group[0][1] or "", group[0][0]))
    )


def statement_totals(sources: tuple[ReportedSource, ...]) -> tuple[StatementTotal, ...]:
    """Sums of bank statements by currency."""
    groups: dict[str | None, list[StatementFigures]] = {}
    for source in sources:
        for document in source.documents:
            if document.statement is not None and not document.again:
                groups.setdefault(document.currency, []).append(document.statement)
    return tuple(
        StatementTotal(
            currency=currency,
            statements=len(figures),
            entries=sum(figure.entries for figure in figures),
            credit=_added(figure.credit for figure in figures),
            debit=_added(figure.debit for figure in figures),
        )
        for currency, figures in sorted(groups.items(), key=lambda group: group[0] or "")
    )


def destinations(sources: tuple[ReportedSource, ...], calls: tuple[ReportedCall, ...]) -> tuple[Destination, ...]:
    """Where documents go: how many by method and state."""
    states: dict[str, list[State]] = {}
    for source in sources:
        for document in source.documents:
            if document.method is not None:
                states.setdefault(document.method, []).append(document.state)
    number_of_calls = Counter(call.call.method for call in calls)
    return tuple(
        Destination(
            method=method,
            documents=len(states.get(method, [])),
            calls=count,
            by_state=counted(states.get(method, [])),
        )
        for method, count in sorted(number_of_calls.items())
    )
