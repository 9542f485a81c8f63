"""The account that a statement of PayPal is sent for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.documents import BankAccount
from efimport.payloads import route
from efimport.payloads.target import Target

OURS, OTHER = "pay@acme.example", "shop@acme.example"


def paypal(invented, held: str | None = OURS, **fields):
    usual = {"number": None, "currency": "EUR", "content": b"Date\r\n"} | fields
    return invented.statement(format="paypal-csv", account=BankAccount(number=held), **usual)


def codes(routed):
    return [found.code for found in routed.findings]


ACCOUNTS = [
    # address in the file, addresses of the settings, --paypal-account, parameter payPalAccount or code of the finding
    (OURS, (), None, OURS),
    (OURS, ("PAY@Acme.example",), None, "PAY@Acme.example"),
    (OURS, (OTHER, OURS), None, OURS),
    (OURS, (OTHER,), None, "statement.not-our-paypal-account"),
    (OURS, (OTHER,), OURS, OURS),
    (OURS, (), f" {OTHER} ", OTHER),
    (None, (OTHER,), None, OTHER),
    (None, (OTHER, OURS), None, "statement.no-paypal-account"),
    (None, (), None, "statement.no-paypal-account"),
    (None, (OTHER, OURS), OURS, OURS),
]


@pytest.mark.parametrize(("held", "ours", "named", "expected"), ACCOUNTS)
def test_the_account_is_named_or_ours_or_that_of_the_file(invented, held, ours, named, expected):
    routed = route(paypal(invented, held), Target(paypal_accounts=ours, paypal_account=named))
    assert (codes(routed) or [routed.call["payPalAccount"].value]) == [expected]


@pytest.mark.parametrize("site", ["CZ", "SI"])
def test_a_statement_of_paypal_has_no_iban_and_no_form_of_days(invented, site):
    routed = route(paypal(invented), Target(site=site, iban="CZ6508000000192000145399", known=True))
    assert [parameter.name for parameter in routed.call] == ["payPalAccount", "type", "statementData"]
    assert routed.call["type"].value == "PayPalCsv"
    assert routed.call["statementData"].content == b"Date\r\n"


def test_croatia_reads_no_statements_of_paypal(invented):
    assert codes(route(paypal(invented), Target(site="HR"))) == ["routing.site-lacks-format"]


@pytest.mark.parametrize(
    "change",
    [
        {"currency": "CZK"},
        {"currency": "USD"},
        {"opening": Decimal("1.00")},
        {"period_to": dt.date(2026, 12, 31)},
        {"held": OTHER},
    ],
)
def test_statements_of_one_account_are_told_apart(invented, change):
    assert route(paypal(invented), Target()).identity != route(paypal(invented, **change), Target()).identity


def test_the_same_statement_is_known_however_the_address_is_written(invented):
    one, other = (route(paypal(invented, held), Target()) for held in (OURS, OURS.upper()))
    assert (one.identity, one.ledger, one.account) == (other.identity, f"{OURS} EUR", OURS)


def test_an_address_is_no_account_number_that_could_fail_its_check(invented):
    from efimport.checks.accounts import own_account
    from efimport.checks.context import Context

    context = Context(today=dt.date(2026, 2, 1))
    assert list(own_account(paypal(invented), context)) == []
