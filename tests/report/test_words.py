from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efimport.documents import Kind
from efimport.findings import Severity
from efimport.planning.model import State
from efimport.report.words import KINDS, METHODS, SEVERITIES, STATES, Words, money


@pytest.mark.parametrize(
    ("amount", "english", "czech"),
    [
        ("0", "0.00", "0,00"),
        ("-0.5", "-0.50", "-0,50"),
        ("1234567.891", "1,234,567.891", "1\u00a0234\u00a0567,891"),
        ("-1210", "-1,210.00", "-1\u00a0210,00"),
    ],
)
def test_an_amount_is_grouped_as_the_language_does(amount: str, english: str, czech: str) -> None:
    assert Words("en").amount(Decimal(amount)) == english
    assert Words("cs").amount(Decimal(amount)) == czech


def test_what_is_absent_is_shown_as_nothing() -> None:
    assert Words("en").amount(None, "CZK") == Words("en").day(None) == Words("en").moment(None) == ""


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (1, "1 second"),
        (119, "119 seconds"),
        (121, "3 minutes"),
        (7200, "2 hours 0 minutes"),
        (5001, "84 minutes"),
        (9000, "2 hours 30 minutes"),
    ],
)
def test_a_duration_is_rounded_up(seconds: int, shown: str) -> None:
    assert Words("en").duration(seconds) == shown


def test_every_kind_state_and_severity_has_a_word() -> None:
    assert (set(KINDS), set(STATES), set(SEVERITIES)) == (set(Kind), set(State), set(Severity))


def test_a_dry_run_speaks_of_the_future() -> None:
    assert Words("en", dry_run=True).state(State.PLANNED) == "will be sent"
    assert Words("en").state(State.PLANNED) == "not sent yet"


def test_a_method_without_a_word_keeps_its_name() -> None:
    assert Words("en").method("WarehouseList") == "WarehouseList"
    assert Words("cs").method("PartnerImport") == "Partneři"


def test_every_method_with_a_word_is_a_method_of_the_service() -> None:
    from efimport.api.catalogue import methods

    assert set(METHODS) <= set(methods())


@pytest.mark.parametrize(
    ("place", "shown"),
    [((None, None, None), ""), ((3, None, None), "line 3"), ((3, 4, "Sheet1!C14"), "line 3, column 4, Sheet1!C14")],
)
def test_a_place_is_spelled_out(place: tuple[int | None, int | None, str | None], shown: str) -> None:
    assert Words("en").place(*place) == shown


def test_a_czech_day_is_written_with_dots() -> None:
    assert Words("cs").day(dt.date(2026, 1, 5)) == "5.\u00a01.\u00a02026"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_money_reads_back_as_the_same_amount(amount: Decimal) -> None:
    text = money(amount)
    assert Decimal(text) == amount
    assert "E" not in text
    assert len(text.partition(".")[2]) >= 2
