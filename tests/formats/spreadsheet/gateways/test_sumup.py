"""SumUp: the business account in two layouts, and the report of card payments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.findings import Severity


@pytest.mark.parametrize(
    ("name", "opening", "closing"),
    [
        ("sumup", "429.79", "322.06"),
        ("sumup-2024", "329.89", "352.16"),
        ("sumup-movements", "2300.88", "2505.88"),
    ],
)
def test_an_account_closes_by_its_running_balance(gateway, name, opening, closing):
    document = gateway.statement(name)
    assert (document.opening, document.closing) == (Decimal(opening), Decimal(closing))
    assert gateway.closes(document)
    assert gateway.codes(document) == set()


def test_years_of_two_digits_with_a_time_behind_a_comma_are_read(gateway):
    days = [entry.date for entry in gateway.statement("sumup").entries]
    assert days == [dt.date(2025, 12, 15), dt.date(2025, 12, 16), dt.date(2025, 12, 30)]


def test_only_a_payment_in_another_currency_has_an_original_amount(gateway):
    found = [(entry.original_amount, entry.original_currency) for entry in gateway.statement("sumup").entries]
    assert found == [(None, None), (Decimal("-13.00"), "USD"), (None, None)]


def test_a_card_payment_its_fee_and_its_payout_come_to_nothing(gateway):
    document = gateway.statement("sumup-transactions-fr")
    assert gateway.amounts(document) == ["22.65", "-0.57", "-22.08"]
    assert gateway.total(document) == 0


def test_the_payout_is_booked_on_its_own_day_with_its_number(gateway):
    payout = gateway.statement("sumup-transactions-2026").entries[-1]
    assert (payout.amount, payout.date, payout.end_to_end_reference) == (
        Decimal("-4.9"),
        dt.date(2026, 9, 1),
        "SUMUP 1",
    )


def test_cash_failures_and_planned_payouts_book_nothing_and_that_is_told(gateway):
    document = gateway.statement("sumup-transactions")
    assert gateway.amounts(document) == ["405.50", "-10.14", "-395.36", "11.50", "-0.29"]
    skipped = str(gateway.told(document, "spreadsheet.skipped").message)
    assert all(reason in skipped for reason in ("cash", "not completed: 1", "not paid out yet: 1"))


def test_a_row_of_a_kind_that_nobody_knows_is_an_error(gateway):
    damaged = gateway.replaced("sumup-transactions-2026", "Auszahlung,Gezahlt", "Gutschrift,Gezahlt")
    assert gateway.codes(gateway.statement(damaged), Severity.ERROR) == {"spreadsheet.amount"}
