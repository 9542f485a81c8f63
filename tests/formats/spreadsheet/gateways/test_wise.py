"""Wise: running balances that contain the fees, fees in rows of their own, and a list without balances."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.findings import Severity


@pytest.mark.parametrize(
    ("name", "closing"), [("wise-2023", "957.80"), ("wise-fees-separate", "957.80"), ("wise-2026", "596.00")]
)
def test_the_amounts_lead_to_the_last_running_balance(gateway, name, closing):
    document = gateway.statement(name)
    assert (document.opening, document.closing) == (Decimal(0), Decimal(closing))
    assert gateway.closes(document)
    assert gateway.codes(document) == set()
    assert document.origin.version == "wise"


def test_a_fee_inside_the_amount_is_told_and_not_booked(gateway):
    document = gateway.statement("wise-2023")
    assert gateway.amounts(document) == ["1300.00", "-281.00", "-61.20"]
    assert document.entries[1].charges == Decimal("1.86")


def test_a_fee_in_a_row_of_its_own_is_an_entry_with_the_same_reference(gateway):
    payment, fee = sorted(gateway.statement("wise-fees-separate").entries[1:], key=lambda entry: entry.amount)
    assert (payment.amount, fee.amount) == (Decimal("-60.96"), Decimal("-0.24"))
    assert payment.bank_reference == fee.bank_reference == "CARD-100000003"


def test_the_newest_row_stands_first_and_goes_last(gateway):
    document = gateway.statement("wise-2023")
    assert [entry.date for entry in document.entries] == [
        dt.date(2023, 1, 2),
        dt.date(2023, 1, 4),
        dt.date(2023, 1, 5),
    ]


def test_the_other_side_is_payee_payer_or_merchant(gateway):
    document = gateway.statement("wise-2023")
    assert [entry.counter_name for entry in document.entries] == ["Javor d.o.o.", "Lípa a syn s.r.o.", "Tools Inc"]
    assert document.entries[1].counter_account.iban == "CZ6508000000192000145399"
    assert document.entries[1].variable_symbol == "2023000117"


def test_money_that_goes_is_changed_into_one_currency_and_money_that_comes_from_another(gateway):
    came, went = gateway.statement("wise-2026").entries[1:]
    assert (came.original_amount, came.original_currency, came.exchange_rate) == (None, "USD", Decimal("0.90909"))
    assert (went.original_amount, went.original_currency, went.exchange_rate) == (
        Decimal("-10000.00"),
        "CZK",
        Decimal("25.00000"),
    )


def test_the_first_column_may_have_a_shorter_name(gateway):
    data = gateway.replaced("wise-2026", '"TransferWise ID"', "ID")
    document = gateway.statement(data)
    assert document.origin.version == "wise"
    assert document.entries[0].bank_reference == "TRANSFER-4000001"


def test_a_changed_amount_breaks_the_balances(gateway):
    damaged = gateway.replaced("wise-2023", "-281.00,EUR", "-218.00,EUR")
    assert "spreadsheet.balance-chain" in gateway.codes(gateway.statement(damaged), Severity.ERROR)


# The list of transactions


def test_in_the_list_the_direction_gives_the_sign_and_the_fee_is_taken_beside_it(gateway):
    euros = gateway.statements("wise-transactions")[0]
    out, fee = euros.entries[1:3]
    assert (out.amount, fee.amount) == (Decimal("-131.26"), Decimal("-1.73"))
    assert (out.original_amount, out.original_currency) == (Decimal("-5000.0"), "THB")
    assert out.variable_symbol == "2026000118"
    assert out.bank_reference == fee.bank_reference == "TRANSFER-2000003"


def test_a_fee_that_was_taken_before_the_money_came_is_told(gateway):
    dollars = next(one for one in gateway.statements("wise-transactions") if one.currency == "USD")
    assert gateway.amounts(dollars) == ["35797.44"]
    assert dollars.entries[0].charges == Decimal("4.14")
    assert dollars.entries[0].original_amount is None


def test_cancelled_and_refunded_transfers_book_nothing_and_that_is_told(gateway):
    skipped = gateway.told(gateway.statements("wise-transactions")[0], "spreadsheet.skipped")
    assert "not completed: 1" in str(skipped.message)
    assert "refunded in full: 1" in str(skipped.message)
    # No balance would show that one of them was booked all the same.
    assert skipped.severity == "warning"


def test_a_conversion_is_booked_in_both_currencies(gateway):
    euros, crowns, _ = gateway.statements("wise-transactions")
    went, fee = euros.entries[-2:]
    (came,) = crowns.entries
    assert (went.amount, fee.amount, came.amount) == (Decimal("-198.00"), Decimal("-2.00"), Decimal("4950.00"))
    assert went.bank_reference == fee.bank_reference == came.bank_reference == "BALANCE_TRANSACTION-2000005"
    assert (went.original_amount, went.original_currency) == (Decimal("-4950.00"), "CZK")
    assert (came.original_amount, came.original_currency) == (Decimal("198.00"), "EUR")
    assert went.exchange_rate == came.exchange_rate == Decimal("25.0")


def test_what_a_conversion_brought_is_not_lost_where_it_cannot_be_read(gateway):
    damaged = gateway.replaced("wise-transactions", "4950.00,CZK", "4950.0O,CZK")
    found = {one.currency: gateway.codes(one, Severity.ERROR) for one in gateway.statements(damaged)}
    assert found["CZK"] == {"spreadsheet.amount"}


def test_a_conversion_into_a_currency_that_is_none_is_told(gateway):
    damaged = gateway.replaced("wise-transactions", "4950.00,CZK", "4950.00,C1")
    assert "spreadsheet.currency" in gateway.codes(gateway.statements(damaged)[0])


def test_money_that_comes_back_to_the_balance_is_booked(gateway):
    data = gateway.replaced("wise-transactions", "TRANSFER-2000001,COMPLETED,IN", "TRANSFER-2000001,REFUNDED,IN")
    assert gateway.amounts(gateway.statements(data)[0])[0] == "2500.00"


def test_a_direction_that_nobody_knows_is_an_error(gateway):
    data = gateway.replaced("wise-transactions", "TRANSFER-2000001,COMPLETED,IN", "TRANSFER-2000001,COMPLETED,ACROSS")
    assert any("spreadsheet.amount" in gateway.codes(one, Severity.ERROR) for one in gateway.statements(data))


def test_the_list_has_no_balances(gateway):
    assert all(one.opening is None and one.closing is None for one in gateway.statements("wise-transactions"))


def test_the_list_is_read_in_german(gateway):
    document = gateway.statement("wise-transactions-de")
    assert gateway.amounts(document) == ["131.26", "-58.19"]
    assert [entry.counter_name for entry in document.entries] == ["Javor d.o.o.", "Gasthof Linde"]
    assert document.origin.version == "wise-transactions"
