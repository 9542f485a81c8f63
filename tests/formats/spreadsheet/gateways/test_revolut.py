"""Revolut: amounts and fees apart, states that book nothing, several accounts in one file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.findings import Severity

BUSINESS = {
    "revolut-business-2022": ("1000.00", "1347.25"),
    "revolut-business-2025": ("0", "2989.90"),
    "revolut-business-2026": ("0.00", "60.00"),
}
PERSONAL = {
    "revolut-personal-de": ("200.00", "100.00"),
    "revolut-personal-it": ("714.36", "527.17"),
    "revolut-personal-cs": ("0.00", "250.30"),
}


@pytest.mark.parametrize("name", BUSINESS)
def test_a_business_statement_closes_with_amounts_and_fees(gateway, name):
    document = gateway.closing_statement(name, *BUSINESS[name])
    assert gateway.codes(document, Severity.ERROR) == set()
    assert document.origin.version == "revolut-business"


def test_a_fee_is_an_entry_of_its_own_beside_the_payment(gateway):
    document = gateway.statement("revolut-business-2022")
    assert [f"{entry.amount}" for entry in gateway.fees(document, "Fee")] == ["-0.20", "-0.40"]
    payment, fee = document.entries[-2:]
    assert (payment.amount, fee.amount) == (Decimal("-100.00"), Decimal("-0.40"))
    assert payment.bank_reference == fee.bank_reference == "6f1c2a00-0000-4000-8000-000000000004"
    assert payment.date == fee.date == dt.date(2022, 11, 11)


def test_a_row_that_is_only_a_fee_is_one_entry_with_its_own_text(gateway):
    first = gateway.statement("revolut-business-2022").entries[0]
    assert (first.amount, first.description) == (Decimal("-2.15"), "Basic plan fee")


def test_a_conversion_into_the_same_currency_is_none(gateway):
    transfer = gateway.statement("revolut-business-2022").entries[2]
    assert (transfer.amount, transfer.original_amount, transfer.original_currency) == (Decimal("-50.00"), None, None)


def test_a_payment_in_another_currency_keeps_its_original_amount(gateway):
    card = gateway.statements("revolut-business-2024")[0].entries[1]
    assert (card.original_amount, card.original_currency, card.exchange_rate) == (
        Decimal("-108.00"),
        "USD",
        Decimal("1.080000"),
    )


def test_the_other_side_and_the_symbol_of_a_transfer_are_found(gateway):
    transfer = gateway.statement("revolut-business-2022").entries[-4]
    assert transfer.counter_name == "Lípa a syn s.r.o."
    assert transfer.counter_account.iban == "CZ6508000000192000145399"
    assert transfer.counter_account.bic == "GIBACZPX"
    assert transfer.variable_symbol == "2022000117"


def test_accounts_of_one_file_are_statements_of_their_own(gateway):
    euros, crowns = gateway.statements("revolut-business-2024")
    assert (euros.currency, euros.closing) == ("EUR", Decimal("399.50"))
    assert (crowns.currency, crowns.opening, crowns.closing) == ("CZK", Decimal("500.00"), Decimal("12600.00"))
    assert crowns.entries[0].variable_symbol == "20240007"


def test_days_are_read_as_the_person_who_exported_writes_them(gateway):
    document = gateway.statement("revolut-business-2025")
    assert [entry.date for entry in document.entries] == [
        dt.date(2025, 9, 28),
        dt.date(2025, 9, 30),
        dt.date(2025, 9, 30),
    ]


def test_of_two_columns_called_description_the_second_is_the_note(gateway):
    card = gateway.statement("revolut-business-2025").entries[1]
    assert (card.description, card.message) == ("Taxi Jitřenka", "cesta na veletrh")


def test_a_pending_transfer_books_nothing_and_that_is_told(gateway):
    document = gateway.statement("revolut-business-2025")
    assert gateway.amounts(document) == ["3000.00", "-10.00", "-0.10"]
    skipped = gateway.told(document, "spreadsheet.skipped")
    assert skipped.severity is Severity.INFO
    assert "not completed: 1" in str(skipped.message)


def test_a_total_that_is_not_amount_and_fee_is_an_error(gateway):
    damaged = gateway.replaced("revolut-business-2025", "-10.00,-10.10,", "-10.00,-10.20,")
    assert "spreadsheet.total" in gateway.codes(gateway.statement(damaged), Severity.ERROR)


def test_a_row_that_is_missing_breaks_the_balances(gateway):
    lines = gateway.content("revolut-business-2022").splitlines(keepends=True)
    assert "spreadsheet.balance-chain" in gateway.codes(gateway.statement(b"".join(lines[:2] + lines[3:])))


def test_the_account_is_told_by_newer_files(gateway):
    document = gateway.statement("revolut-business-2026")
    assert document.account.iban == "LT313250012345678901"
    assert document.entries[0].counter_name == "Javor d.o.o."
    assert (document.entries[1].variable_symbol, document.entries[1].constant_symbol) == ("2026000117", "308")


@pytest.mark.parametrize("name", PERSONAL)
def test_a_personal_statement_closes_in_every_language(gateway, name):
    document = gateway.closing_statement(name, *PERSONAL[name])
    assert gateway.codes(document) == {"spreadsheet.skipped"}
    assert document.origin.version == "revolut-personal"


def test_pockets_and_currencies_of_one_file_are_statements_of_their_own(gateway):
    current, savings, crowns = gateway.statements("revolut-personal")
    assert (current.currency, current.closing) == ("EUR", Decimal("478.75"))
    assert (savings.currency, savings.closing) == ("EUR", Decimal("100.00"))
    assert (crowns.currency, crowns.closing) == ("CZK", Decimal("2500.00"))
    assert all(map(gateway.closes, (current, savings, crowns)))


def test_rows_are_put_in_the_order_in_which_they_were_completed(gateway):
    current = gateway.statements("revolut-personal")[0]
    assert gateway.amounts(current) == ["500.00", "-1.00", "-0.25", "-20.00"]
    assert current.entries[-1].date == dt.date(2026, 1, 5)


def test_a_positive_fee_of_a_personal_account_takes_money_away(gateway):
    document = gateway.statement("revolut-personal-de")
    assert gateway.amounts(document) == ["-64.23", "-3.85", "-31.92"]


def test_a_state_that_nobody_knows_books_nothing_where_there_is_no_balance(gateway):
    document = gateway.statement("revolut-personal-it")
    assert Decimal("-80.00") not in [entry.amount for entry in document.entries]
    assert "not completed: 1" in str(gateway.told(document, "spreadsheet.skipped").message)


def test_a_completed_row_in_a_language_that_nobody_knows_is_booked_by_its_balance(gateway):
    text = gateway.content("revolut-personal-it").decode().replace("COMPLETATO", "VALMIS").encode()
    assert gateway.closes(gateway.statement(text))


def test_the_other_side_of_a_personal_transfer_is_in_the_text(gateway):
    assert gateway.statement("revolut-personal-de").entries[-1].counter_name == "Petr Hrubý"
    assert gateway.statement("revolut-personal-cs").entries[0].counter_name == "KLÁRA DUBOVÁ"
