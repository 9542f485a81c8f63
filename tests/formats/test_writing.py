"""What writers share: the count of digits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efimport.formats.writing import CannotWriteError, Losses, Lost, fits
from efimport.messages import message


@pytest.mark.parametrize(
    ("value", "digits", "decimals", "expected"),
    [
        ("0", 1, 0, True),
        ("0.000", 1, 0, True),
        ("12.30", 3, 1, True),
        ("12.34", 3, 2, False),
        ("12.34", 4, 1, False),
        ("1E+3", 4, 0, True),
        ("1E+3", 3, 0, False),
        ("0.001", 3, 3, True),
        ("0.001", 2, 3, False),
        ("1." + "0" * 40, 1, 0, True),
        ("1." + "0" * 40 + "1", 18, 5, False),
        ("NaN", 18, 5, False),
        ("Infinity", 18, 5, False),
    ],
)
def test_digits_and_decimals_are_counted_without_the_zeros_at_the_ends(
    value: str, digits: int, decimals: int, expected: bool
) -> None:
    assert fits(Decimal(value), digits, decimals) is expected
    assert fits(Decimal(value).copy_negate(), digits, decimals) is expected


@given(st.integers(1, 10**18 - 1), st.integers(0, 18))
def test_a_number_fits_the_digits_that_it_has(number: int, decimals: int) -> None:
    value = Decimal(number).scaleb(-decimals)
    assert fits(value, 18, decimals)
    assert fits(value, 17, decimals) is (len(f"{value:f}".strip("0.").replace(".", "")) <= 17 and fits(value, 17, 18))


def test_a_refusal_keeps_its_reason_for_translation() -> None:
    reason = message("The day {day} cannot be written.", day="1969-12-31")
    assert CannotWriteError(reason).reason is reason
    assert str(CannotWriteError(reason)) == "The day 1969-12-31 cannot be written."


def test_losses_carry_the_entry_that_is_being_written() -> None:
    losses = Losses()
    losses.add("number", "2026/1")
    losses.position = 3
    losses.add("charges", Decimal("7.00"))
    assert losses.all() == (Lost(None, "number", "2026/1"), Lost(3, "charges", "7.00"))
