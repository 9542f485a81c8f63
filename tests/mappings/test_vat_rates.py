"""Rates of VAT by country and day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.errors import SettingsError
from efimport.mappings import rates_in_force


@pytest.mark.parametrize(
    ("country", "day", "rates"),
    [
        ("CZ", None, {"high": Decimal(21), "low": Decimal(12)}),
        ("CZ", dt.date(2024, 1, 1), {"high": Decimal(21), "low": Decimal(12)}),
        ("CZ", dt.date(2023, 12, 31), {"high": Decimal(21), "low": Decimal(15), "third": Decimal(10)}),
        ("CZ", dt.date(1990, 1, 1), {}),
        ("DE", None, {}),
    ],
)
def test_the_rates_are_those_of_the_country_on_the_day(country, day, rates):
    assert rates_in_force(country, day) == rates


def test_the_periods_of_a_firm_may_stand_in_any_order(tmp_path):
    own = "[[DE]]\nfrom = 2007-01-01\nhigh = 19\n\n[[DE]]\nfrom = 2020-07-01\nhigh = 16\n"
    (tmp_path / "vat-rates.toml").write_text(own, encoding="utf-8")
    assert rates_in_force("DE", dt.date(2020, 8, 1), str(tmp_path)) == {"high": Decimal(16)}
    assert rates_in_force("DE", dt.date(2019, 8, 1), str(tmp_path)) == {"high": Decimal(19)}


@pytest.mark.parametrize("table", ["DE = [5]\n", "[[DE]]\nhigh = 19\n", '[[DE]]\nfrom = 2007-01-01\nhigh = "a"\n'])
def test_a_table_that_is_none_of_rates_is_told(tmp_path, table):
    (tmp_path / "vat-rates.toml").write_text(table, encoding="utf-8")
    with pytest.raises(SettingsError, match="VAT rates"):
        rates_in_force("DE", dt.date(2020, 8, 1), str(tmp_path))
