"""Rules about bank statements: balances, turnovers, count, dates, accounts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.checks import check
from efimport.checks.context import Context
from efimport.checks.statements import money
from efimport.documents import BankAccount, Entry
from efimport.formats.reading import Own

CONTEXT = Context(today=dt.date(2026, 2, 1))
WRONG = BankAccount(number="19-2000145398", bank_code="0800")


def codes(document, context=CONTEXT):
    return [found.code for found in check(document, context)]


def test_a_consistent_statement_has_no_findings(invented):
    assert codes(invented.statement()) == []


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("statement.balance-mismatch", {"closing": Decimal("150.01")}),
        ("statement.no-opening", {"opening": None}),
        ("statement.no-closing", {"closing": None}),
        ("statement.turnover-mismatch", {"credit_turnover": Decimal("80.01")}),
        ("statement.turnover-mismatch", {"debit_turnover": Decimal("-30.00")}),
        ("statement.count-mismatch", {"entry_count": 3}),
        ("statement.no-number", {"number": None}),
        ("statement.date-outside-period", {"period_to": dt.date(2026, 1, 14)}),
        ("statement.date-outside-period", {"period_from": dt.date(2026, 1, 16)}),
        ("statement.account-number", {"account": WRONG}),
        ("account.unknown-bank", {"account": BankAccount(number="19-2000145399", bank_code="9999")}),
    ],
)
def test_one_fault_is_one_finding(invented, code, fields):
    assert codes(invented.statement(**fields)) == [code]


@pytest.mark.parametrize(
    "fields",
    [
        {"credit_turnover": None, "debit_turnover": None},
        {"entry_count": None},
        {"period_from": None, "period_to": None},
        {"account": BankAccount()},
    ],
)
def test_what_a_statement_does_not_say_is_no_fault(invented, fields):
    assert codes(invented.statement(**fields)) == []


def test_a_period_that_ends_before_it_begins_is_told(invented):
    statement = invented.statement(period_from=dt.date(2026, 1, 31), period_to=dt.date(2026, 1, 1))
    assert "statement.period-reversed" in codes(statement)


def without_sums(invented, *entries):
    total = sum((entry.amount for entry in entries), Decimal(100))
    return invented.statement(
        entries=entries, closing=total, entry_count=None, credit_turnover=None, debit_turnover=None
    )


def test_a_statement_without_entries_is_told(invented):
    assert codes(without_sums(invented)) == ["statement.empty"]


def test_entries_of_nothing_are_counted(invented):
    entries = [Entry(position=number, amount=Decimal(0), date=invented.DAY) for number in (1, 2)]
    (found,) = check(without_sums(invented, *entries), CONTEXT)
    assert (found.code, found.message.arguments["count"]) == ("statement.zero-entry", "2")


def test_an_entry_without_a_day_is_told(invented):
    entry = Entry(position=1, amount=Decimal(5))
    assert codes(without_sums(invented, entry)) == ["statement.no-date"]
    assert codes(without_sums(invented, msgspec.structs.replace(entry, value_date=invented.DAY))) == []


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ({}, ["statement.entry-repeated"]),
        ({"amount": Decimal(6)}, []),
        ({"bank_reference": "B"}, []),
        ({"bank_reference": None}, []),
        ({"date": dt.date(2026, 1, 16)}, []),
    ],
)
def test_an_entry_that_stands_there_twice_is_told(invented, second, found):
    entry = Entry(position=1, amount=Decimal(5), date=invented.DAY, bank_reference="A")
    other = msgspec.structs.replace(entry, position=2, **second)
    assert codes(without_sums(invented, entry, other)) == found


def test_an_account_that_we_named_is_right_whatever_its_digits_say(invented):
    context = Context(own=Own(bank_accounts=("19-2000145398/0800",)), today=CONTEXT.today)
    assert codes(invented.statement(account=WRONG), context) == []


def test_a_reversal_may_be_taken_off_the_turnover(invented):
    entries = (
        Entry(position=1, amount=Decimal("80.00"), date=invented.DAY),
        Entry(position=2, amount=Decimal("-30.00"), date=invented.DAY, reversal=True),
    )
    statement = invented.statement(entries=entries, credit_turnover=Decimal("50.00"), debit_turnover=Decimal("0.00"))
    assert codes(statement) == []


def test_one_wrong_account_of_many_entries_is_said_once(invented):
    entries = tuple(
        Entry(position=number, amount=Decimal(1), date=invented.DAY, counter_account=WRONG) for number in (1, 2)
    )
    assert codes(without_sums(invented, *entries)) == ["account.checksum"]


def test_entries_outside_the_period_are_counted_and_the_first_is_shown(invented):
    statement = invented.statement(period_to=dt.date(2026, 1, 14))
    (found,) = check(statement, CONTEXT)
    assert found.message.arguments["count"] == "2"
    assert found.location.where == "entry 1"


@pytest.mark.parametrize(
    ("amount", "shown"), [("1", "1.00"), ("1.5", "1.50"), ("1.505", "1.505"), ("-0.10", "-0.10"), ("1E+3", "1000.00")]
)
def test_amounts_are_shown_with_two_decimals_at_least(amount, shown):
    assert money(Decimal(amount)) == shown


cents = st.decimals(min_value=Decimal("-99999999.99"), max_value=Decimal("99999999.99"), places=2)


@settings(max_examples=60, deadline=None)
@given(opening=cents, amounts=st.lists(cents, max_size=30), error=cents)
def test_a_statement_that_adds_up_never_has_a_finding_and_one_changed_cent_does(invented, opening, amounts, error):
    entries = tuple(
        Entry(position=position, amount=amount, date=invented.DAY) for position, amount in enumerate(amounts, 1)
    )
    statement = invented.statement(
        opening=opening,
        closing=opening + sum(amounts),
        entries=entries,
        entry_count=len(amounts),
        credit_turnover=sum((one for one in amounts if one > 0), Decimal(0)),
        debit_turnover=-sum((one for one in amounts if one < 0), Decimal(0)),
    )
    harmless = {"statement.empty", "statement.zero-entry"}
    assert set(codes(statement)) <= harmless
    wrong = msgspec.structs.replace(statement, closing=statement.closing + error)
    assert set(codes(wrong)) - harmless == ({"statement.balance-mismatch"} if error else set())


@settings(max_examples=40, deadline=None)
@given(*[st.decimals(allow_nan=False, allow_infinity=False)] * 3)
def test_no_amount_is_too_long_for_the_rules(invented, opening, closing, amount):
    statement = invented.statement(opening=opening, closing=closing, entries=(Entry(position=1, amount=amount),))
    assert isinstance(codes(statement), list)


def converted(invented, amount, original, rate, **more):
    entry = Entry(
        position=1,
        amount=Decimal(amount),
        date=dt.date(2026, 1, 15),
        original_amount=Decimal(original),
        original_currency="EUR",
        exchange_rate=Decimal(rate),
        **more,
    )
    return without_sums(invented, entry)


@pytest.mark.parametrize(
    ("amount", "original", "rate"),
    [
        ("250.13", "10.00", "25.013"),
        ("-250.13", "-10.00", "25.013"),
        ("-250.13", "10.00", "25.013"),
        ("10.00", "250.13", "25.013"),
        ("250.00", "10.00", "0.04"),
        ("643.00", "10000.00", "6.43"),
        ("15550.00", "100000", "6.43"),
        ("251.30", "10.00", "25.013"),
        ("0.01", "0.02", "0.04"),
        ("34.11", "34.11", "1.000000"),
    ],
)
def test_a_rate_may_multiply_or_divide_or_be_of_many_units(invented, amount, original, rate):
    assert codes(converted(invented, amount, original, rate)) == []


@pytest.mark.parametrize("rate", ["26.013", "2.6", "0.05"])
def test_a_rate_that_explains_nothing_is_told(invented, rate):
    assert codes(converted(invented, "250.13", "10.00", rate)) == ["statement.rate-mismatch"]


def test_charges_explain_a_difference(invented):
    assert codes(converted(invented, "-260.13", "-10.00", "25.013", charges=Decimal(10))) == []
    assert codes(converted(invented, "-260.13", "-10.00", "25.013", charges=Decimal(1))) == ["statement.rate-mismatch"]


@pytest.mark.parametrize("rate", ["0", "25"])
def test_a_rate_of_nothing_and_an_original_of_nothing_say_nothing(invented, rate):
    assert codes(converted(invented, "250.13", "10.00" if rate == "0" else "0", rate)) == []


def test_entries_with_a_wrong_rate_are_counted_in_one_finding(invented):
    one = converted(invented, "250.13", "10.00", "26").entries[0]
    statement = without_sums(invented, one, msgspec.structs.replace(one, position=2, date=dt.date(2026, 1, 16)))
    (found,) = check(statement, CONTEXT)
    assert found.message.arguments["count"] == "2"
    assert found.location.where == "entry 1"
