"""Exports of real accounts, beside the project where they are present."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from efimport.findings import Severity

CORPUS = Path(__file__).resolve().parents[4].parent / "shared" / "corpus" / "csv"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")

CLOSING = {
    "banana_wise__wise.transactions.business1_20230105": ("ICA", 3, "14761.73"),
    "banana_wise__wise.transactions.personal1_20230105": ("USA", 4, "0.00"),
    "banana_wise__wise.transactions.personal1_20231103": ("ARI", 17, "26350.16"),
    "banana_revolut__revolut.transactions.business1_20222609": ("CHF", 8, "2621.00"),
    "banana_revolut__revolut.transactions.business2_20222410": ("PRA", 7, "2378.91"),
    "banana_revolut__revolut.transactions.business3_20240724": ("EUR", 4, "93.71"),
    "banana_revolut__revolut.transactions.business3_20251016": ("EUR", 2, "101577.66"),
}


@pytest.mark.parametrize("name", CLOSING)
def test_a_statement_closes_by_its_own_balances(gateway, name):
    document = gateway.statement(CORPUS / f"{name}.csv")
    currency, count, closing = CLOSING[name]
    assert (document.currency, document.closing) == (currency, Decimal(closing))
    assert gateway.closes(document)
    assert len({entry.line for entry in document.entries}) == count
    assert gateway.codes(document, Severity.ERROR) == set()


def test_balances_whose_digits_were_changed_are_told(gateway):
    document = gateway.statement(CORPUS / "banana_wise__wise.transactions.business.fee.separate1_20230105.csv")
    assert gateway.amounts(document) == ["-1.86", "-278.14", "-0.24", "-60.96", "-1.00"]
    assert "spreadsheet.balance-chain" in gateway.codes(document, Severity.ERROR)


@pytest.mark.parametrize(
    ("name", "currency", "amounts"),
    [
        ("business2_20240423", "USD", ["2500.00", "-13819.77", "-12.38", "35797.44"]),
        ("business2_DE_20240719", "EUR", ["-131.26", "-1.73", "-48.56", "-7.47", "-36.52", "-58.19"]),
    ],
)
def test_lists_of_transactions_book_their_fees(gateway, name, currency, amounts):
    document = gateway.statement(CORPUS / f"banana_wise__wise.transactions.{name}.csv")
    assert document.currency == currency
    assert gateway.amounts(document) == amounts


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_sheet_with_balances_around_it_is_read_and_its_two_cents_are_told(gateway, ending):
    path = CORPUS / f"oca_sheet__meta_data_separated_credit_debit.{ending}"
    document = gateway.statement(path)
    assert (document.opening, document.closing) == (Decimal("30000.77"), Decimal("31070.11"))
    assert gateway.amounts(document) == ["-50.00", "-100.00", "-80.68", "1300.00"]
    plan = gateway.plan(path.name, path.read_bytes())
    assert "statement.balance-mismatch" in {found.code for found in plan.findings}


@pytest.mark.parametrize(
    ("name", "opening", "closing"), [("balance", "10.00", "1510.00"), ("debit_credit", "10.00", "1510.00")]
)
def test_sheets_with_a_running_balance_close(gateway, name, opening, closing):
    document = gateway.statement(CORPUS / f"oca_sheet__{name}.csv")
    assert (document.opening, document.closing) == (Decimal(opening), Decimal(closing))
    assert gateway.closes(document)


def test_columns_of_debits_and_credits_that_the_balance_contradicts_are_an_error(gateway):
    document = gateway.statement(CORPUS / "oca_sheet__debit_credit_amount.csv")
    assert "spreadsheet.balance-chain" in gateway.codes(document, Severity.ERROR)


def test_currencies_of_a_sheet_are_statements_of_their_own(gateway):
    found = gateway.statements(CORPUS / "oca_sheet__multi_currency.csv")
    assert [(one.currency, gateway.amounts(one)) for one in found] == [("USD", ["-33.50"]), ("EUR", ["1525.00"])]


@pytest.mark.parametrize("name", ["sample_statement_en.csv", "sample_statement_en.xlsx"])
def test_a_currency_beside_a_foreign_amount_is_the_foreign_one(gateway, name):
    document = gateway.statement(CORPUS / f"oca_sheet__{name}")
    assert (document.currency, gateway.amounts(document)) == ("USD", ["-33.50", "1525.00"])
    converted = document.entries[1]
    assert (converted.original_amount, converted.original_currency) == (Decimal(1000), "EUR")
