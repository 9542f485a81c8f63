"""GoPay, Comgate and Barion."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.findings import Severity


def test_gopay_closes_by_the_balances_of_its_rows(gateway):
    document = gateway.statement("gopay")
    assert (document.opening, document.closing) == (Decimal(0), Decimal(0))
    assert gateway.closes(document)
    assert gateway.amounts(document) == ["1500.00", "-11.50", "300.00", "-5.00", "-1783.50"]
    assert gateway.codes(document, Severity.ERROR) == set()


def test_gopay_is_read_in_its_own_encoding(gateway):
    names = [entry.counter_name for entry in gateway.statement("gopay").entries]
    assert names[0::2] == ["Jan Řezníček", "Božena Ťuková", None]


def test_the_account_of_a_payout_is_put_together_from_three_columns(gateway):
    payout = gateway.statement("gopay").entries[-1]
    assert payout.counter_account.iban == "CZ6508000000192000145399"
    assert payout.date == dt.date(2026, 10, 5)


def test_zeros_before_a_symbol_are_dropped_and_the_fee_names_its_payment(gateway):
    payment, fee = gateway.statement("gopay").entries[2:4]
    assert payment.variable_symbol == fee.variable_symbol == "2026102"
    assert fee.end_to_end_reference == payment.bank_reference == "3003"


@pytest.mark.parametrize("old", ["-11,50;1 500,00;1 488,50", "300,00;1 488,50;1 788,50"])
def test_an_amount_that_its_balances_do_not_prove_is_an_error(gateway, old):
    damaged = gateway.replaced("gopay", old, old.replace(";", "0;", 1).replace("00;", "10;", 1), "cp1250")
    assert "spreadsheet.balance-chain" in gateway.codes(gateway.statement(damaged), Severity.ERROR)


@pytest.mark.parametrize("name", ["gopay", "barion"])
def test_a_layout_that_no_real_file_has_proved_is_said_to_be_so(gateway, name):
    assert "spreadsheet.unverified" in gateway.codes(gateway.statement(name), Severity.WARNING)


def test_barion_closes_by_the_balances_of_its_rows(gateway):
    document = gateway.statement("barion")
    assert (document.opening, document.closing) == (Decimal("100.00"), Decimal("24.55"))
    assert gateway.closes(document)
    assert gateway.amounts(document) == ["25.00", "-0.45", "-100.00"]
    assert document.entries[0].variable_symbol == "3001"


def test_a_fee_of_comgate_is_an_entry_beside_the_payment(gateway):
    document = gateway.statement("comgate")
    payment, fee = document.entries[:2]
    assert (payment.amount, fee.amount) == (Decimal("1000.00"), Decimal("-15.00"))
    assert payment.bank_reference == fee.bank_reference == "AB12-CD34-EF56"
    assert payment.variable_symbol == "2026501"


def test_a_payment_without_a_symbol_takes_the_number_of_the_shop(gateway):
    payment = next(one for one in gateway.statement("comgate").entries if one.bank_reference == "GH78-IJ90-KL12")
    assert payment.variable_symbol == "502"


def test_what_comgate_transfers_is_the_payment_less_the_fee(gateway):
    damaged = gateway.replaced("comgate", "985,00;15,00", "980,00;15,00", "utf-8-sig")
    assert "spreadsheet.total" in gateway.codes(gateway.statement(damaged), Severity.ERROR)


def test_a_transfer_of_comgate_takes_out_what_its_payments_brought_in(gateway):
    document = gateway.statement("comgate")
    payouts = gateway.fees(document, "Převod Comgate")
    assert [(f"{one.amount}", one.date, one.variable_symbol) for one in payouts] == [
        ("-1181.00", dt.date(2026, 10, 3), "1816480742"),
        ("-1096.00", dt.date(2026, 10, 6), "1816480799"),
    ]
    assert [entry.position for entry in document.entries] == list(range(1, 11))
    assert [entry.date for entry in document.entries] == sorted(entry.date for entry in document.entries)


def test_what_is_not_transferred_yet_stays_on_the_account(gateway):
    assert gateway.total(gateway.statement("comgate")) == Decimal("49.00")


@pytest.mark.parametrize("name", ["comgate-monthly", "comgate-portal"])
def test_where_all_is_transferred_nothing_stays_on_the_account(gateway, name):
    document = gateway.statement(name)
    assert gateway.total(document) == 0
    assert len(gateway.fees(document, "Převod Comgate")) == 1


def test_a_day_of_transfer_that_cannot_be_read_is_an_error(gateway):
    damaged = gateway.replaced("comgate", "04.10.2026;06.10.2026;", "04.10.2026;36.10.2026;", "utf-8-sig")
    assert gateway.codes(gateway.statement(damaged), Severity.ERROR) == {"spreadsheet.day"}


def test_the_sum_of_a_transfer_is_no_payment(gateway):
    document = gateway.statement("comgate-monthly")
    assert [entry.bank_reference for entry in document.entries if entry.amount > 0] == ["CG-1", "CG-2"]
    assert "sum of a transfer: 1" in str(gateway.told(document, "spreadsheet.skipped").message)
