"""Sheets that accounting programs exchange: columns, balances around the rows, and days that must be asked for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.findings import Severity

BALANCES = {
    "sheet": ("1543.50", "-23.50"),
    "sheet-direction": ("0.00", "-23.50"),
    "sheet-debit-credit": ("0.00", "1476.50"),
    "sheet-operations": ("30000.77", "31070.09"),
}


@pytest.mark.parametrize("name", BALANCES)
def test_a_sheet_with_balances_closes(gateway, name):
    document = gateway.closing_statement(name, *BALANCES[name])
    assert gateway.codes(document) == set()
    assert document.origin.version == name


def test_month_before_day_is_seen_by_a_day_beyond_the_twelfth(gateway):
    assert [entry.date for entry in gateway.statement("sheet").entries] == [
        dt.date(2025, 12, 15),
        dt.date(2025, 12, 16),
    ]


def test_days_that_may_be_either_are_asked_for(gateway):
    text = gateway.content("sheet").decode().replace("12/16/", "12/06/").replace("12/15/", "12/05/").encode()
    assert "spreadsheet.date-format" in gateway.codes(gateway.statement(text), Severity.ERROR)
    said = gateway.statement(text, date_format="DD/MM/YYYY")
    assert gateway.codes(said) == set()
    assert said.entries[0].date == dt.date(2025, 5, 12)


def test_the_other_side_and_the_symbol_are_read(gateway):
    rent = gateway.statement("sheet").entries[1]
    assert (rent.counter_name, rent.variable_symbol) == ("Lípa a syn s.r.o.", "20250017")
    assert rent.counter_account.iban == "CZ6508000000192000145399"


def test_a_minus_beside_the_letter_of_the_direction_says_nothing(gateway):
    assert gateway.amounts(gateway.statement("sheet-direction")) == ["10.00", "-33.50"]


def test_account_currency_and_period_stand_above_the_rows(gateway):
    document = gateway.statement("sheet-operations")
    assert (document.account.number, document.currency) == ("19-2000145399", "EUR")
    assert (document.period_from, document.period_to) == (dt.date(2025, 4, 1), dt.date(2025, 4, 2))
    assert [entry.bank_reference for entry in document.entries] == ["OP 1", "OP 2", "OP 3"]
    assert document.entries[0].variable_symbol == "20250017"


def test_debits_with_a_minus_take_money_away_all_the_same(gateway):
    assert gateway.amounts(gateway.statement("sheet-operations")) == ["-150.00", "-80.68", "1300.00"]


def test_a_currency_beside_a_foreign_amount_is_not_the_one_of_the_account(gateway):
    document = gateway.statement("sheet-currencies")
    assert document.currency == "USD"
    foreign = document.entries[1]
    assert (foreign.amount, foreign.original_amount, foreign.original_currency) == (
        Decimal("1525.00"),
        Decimal("1000.00"),
        "EUR",
    )
