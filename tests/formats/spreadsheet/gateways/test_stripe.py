"""Stripe: gross, fee and net of both reports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.findings import Severity

NET = {
    "stripe-2023": ["0.00", "9.41"],
    "stripe-2025": ["4915.50"],
    "stripe-transactions": ["1000.00"],
    "stripe-transactions-status": ["113.07"],
}


@pytest.mark.parametrize("name", NET)
def test_the_entries_sum_up_to_the_net_amounts(gateway, name):
    documents = gateway.statements(name)
    assert [f"{gateway.total(document):.2f}" for document in documents] == NET[name]
    assert all(gateway.codes(document) == set() for document in documents)


def test_the_fee_is_an_entry_that_takes_money_away(gateway):
    document = gateway.statements("stripe-2023")[0]
    assert gateway.amounts(document) == ["45.91", "-0.94", "19.00", "-0.52", "-19.00", "-44.45"]
    assert [entry.bank_reference for entry in gateway.fees(document, "Stripe fee")] == ["txn_1A", "txn_1B"]


def test_currencies_in_small_letters_are_statements_of_their_own(gateway):
    assert [document.currency for document in gateway.statements("stripe-2023")] == ["EUR", "USD"]


def test_days_of_booking_and_of_value_are_read(gateway):
    entry = gateway.statements("stripe-2023")[0].entries[0]
    assert (entry.date, entry.value_date) == (dt.date(2026, 5, 1), dt.date(2026, 5, 3))
    assert entry.variable_symbol == "2026001234"


def test_a_net_amount_that_is_not_gross_less_fee_is_an_error(gateway):
    damaged = gateway.replaced("stripe-2025", '"29.50","990.50"', '"29.50","990.05"')
    assert "spreadsheet.total" in gateway.codes(gateway.statement(damaged), Severity.ERROR)


def test_columns_in_another_order_are_found_by_their_names(gateway):
    document = gateway.statement("stripe-2025")
    assert [entry.counter_name for entry in document.entries[::2]] == ["Jana Malá", "Petr Hrubý"]
    assert document.entries[2].message == "Poukaz F-7 petr@example.com"


def test_decimal_commas_of_another_locale_are_read(gateway):
    document = gateway.statement("stripe-transactions")
    assert gateway.amounts(document) == ["1104.13", "-3.37", "25.19", "-25.19", "-100.76"]
    assert (document.entries[0].original_amount, document.entries[0].original_currency) == (Decimal(27000), "CZK")


def test_a_pending_charge_is_booked(gateway):
    document = gateway.statement("stripe-transactions-status")
    assert gateway.amounts(document) == ["120.00", "-1.93", "-5.00"]
    assert document.entries[0].variable_symbol == "2026001"


def test_the_two_reports_have_mappings_of_their_own(gateway):
    assert gateway.statements("stripe-2023")[0].origin.version == "stripe"
    assert gateway.statement("stripe-transactions").origin.version == "stripe-transactions"
