from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efimport.rounding import half_up


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049", "0.00"), ("2.675", "2.68"), ("1", "1.00"), ("12.345", "12.35")],
)
def test_half_is_rounded_away_from_zero(value, rounded):
    assert str(half_up(Decimal(value))) == rounded


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6))
def test_ordinary_amounts_are_rounded_as_quantize_does(value):
    assert half_up(value) == value.quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_no_amount_is_too_long_to_be_rounded(value):
    assert abs(half_up(value) - value) <= abs(value) if value else half_up(value) == 0


def test_a_number_without_end_stays_as_it_is():
    assert half_up(Decimal("1E+500")) == Decimal("1E+500")
    assert half_up(Decimal("Infinity")) == Decimal("Infinity")
