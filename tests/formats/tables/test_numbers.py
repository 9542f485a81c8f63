"""Amounts in the cells of tables."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efimport.formats.tables.numbers import find_marks, parse_amount


@pytest.mark.parametrize(
    ("written", "mark", "amount"),
    [
        ("1 234,50 Kč", ",", "1234.50"),
        ("1\u00a0234,50", ",", "1234.50"),
        ("-1.234,5", ",", "-1234.5"),
        ("1,234.56", ".", "1234.56"),
        ("1'234.50", ".", "1234.50"),
        ("1’234.50", ".", "1234.50"),
        ("(12.30)", ".", "-12.30"),
        ("12,30-", ",", "-12.30"),
        ("\u22127,00", ",", "-7.00"),
        ("1 500,-", ",", "1500"),
        ("CZK 5", ",", "5"),
        ("EUR-5,00", ",", "-5.00"),
        ("+31070,11", ",", "31070.11"),
        (".5", ".", "0.5"),
        ("-123,7", ",", "-123.7"),
        ("0", None, "0"),
    ],
)
def test_amounts_are_read_as_people_write_them(written, mark, amount):
    assert parse_amount(written, mark) == Decimal(amount)


@pytest.mark.parametrize("written", ["", "-", "1E+05", "12 34", "1,2,3", "--5", "abc", "1.23.45", "12,3x", "٣"])
def test_what_is_no_amount_is_not_made_one(written):
    assert [parse_amount(written, mark) for mark in (None, ",", ".")] == [None] * 3


def test_an_amount_that_reads_in_two_ways_is_not_read_without_a_mark():
    assert parse_amount("1,234") is None
    assert parse_amount("1,234", ".") == 1234
    assert parse_amount("1,234", ",") == Decimal("1.234")


def test_the_other_amounts_of_a_column_tell_the_decimal_mark():
    assert find_marks(["1.234", "0,50", "12"]).decimal == ","
    assert find_marks(["1.234", "12"]).ambiguous == "1.234"
    assert find_marks(["1,5", "1.5"]).contradicts


def test_numbers_of_a_workbook_need_no_mark():
    assert find_marks([Decimal("1.234")]).ambiguous is None
    assert parse_amount(Decimal("1.234")) == Decimal("1.234")


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([(",", "."), (",", " "), (".", ","), (".", "'")]))
def test_an_amount_survives_every_way_of_writing_it(amount, marks):
    decimal, group = marks
    written = f"{amount:,.2f}".replace(",", "\0").replace(".", decimal).replace("\0", group)
    assert parse_amount(written, decimal) == amount


@given(st.text(max_size=20), st.sampled_from([None, ",", "."]))
def test_no_text_breaks_the_reading_of_amounts(written, mark):
    amount = parse_amount(written, mark)
    assert amount is None or amount.is_finite()


@pytest.mark.parametrize("text", ["12. Jan", "5.Mai", "3 Mar 2026"])
def test_a_day_that_a_spreadsheet_made_of_an_amount_is_no_amount(text):
    assert parse_amount(text, ".") is None


def test_a_negative_amount_of_many_digits_stays_exact():
    digits = "1234567890" * 4
    assert parse_amount(f"-{digits},55", ",") == Decimal(f"-{digits}.55")
    assert str(parse_amount("-0,00", ",")) == "0.00"
