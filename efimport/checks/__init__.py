"""Checks: pure functions from a document to findings, one a rule.

``check`` runs all that fit a document. A new rule is one function and one line in the table below. Rules about the
whole run (numbers used twice) are part of the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from efimport.checks import accounts, amounts, dates, identifiers, ownership, presence, statements
from efimport.checks.context import Context
from efimport.documents import Document, Invoice, Order, Partner, Statement
from efimport.findings import Finding, define

Rule = Callable[[Any, Context], Iterator[Finding]]

RULES: tuple[tuple[tuple[type, ...], Rule], ...] = (
    ((Invoice,), dates.dates_are_there),
    ((Invoice,), dates.due_after_issue),
    ((Invoice,), dates.plausible),
    ((Invoice,), presence.has_a_partner),
    ((Invoice,), presence.has_a_currency_code),
    ((Invoice,), amounts.vat_of_base),
    ((Invoice,), amounts.recapitulation_adds_up),
    ((Invoice,), amounts.lines_make_the_bases),
    ((Invoice,), amounts.payable_adds_up),
    ((Invoice,), accounts.payment_account),
    ((Partner,), accounts.partner_accounts),
    ((Invoice,), ownership.belongs_to_us),
    ((Invoice, Order, Partner), identifiers.registration_numbers),
    ((Invoice, Order, Partner), identifiers.vat_numbers),
    ((Statement,), statements.balances_meet),
    ((Statement,), statements.turnovers_agree),
    ((Statement,), statements.count_agrees),
    ((Statement,), accounts.own_account),
    ((Statement,), accounts.counter_accounts),
    ((Statement,), statements.has_a_number),
    ((Statement,), statements.period_in_order),
    ((Statement,), statements.dates_within_the_period),
    ((Statement,), statements.has_entries),
    ((Statement,), statements.entries_have_days),
    ((Statement,), statements.entries_repeated),
    ((Statement,), statements.rates_explain_amounts),
)


def check(document: Document, context: Context) -> list[Finding]:
    """Everything that the rules notice about a document, in the order of the table.

    What its reader has said already with the exact place is not said again.
    """
    said = set(_covered(document.findings))
    return [
        found
        for kinds, rule in RULES
        if isinstance(document, kinds)
        for found in rule(document, context)
        if found.code not in said
    ]


def _covered(findings: Iterable[Finding]) -> Iterator[str]:
    for found in findings:
        try:
            yield from define(found.code).covers
        except KeyError:
            # A format of another package has codes of its own.
            continue
