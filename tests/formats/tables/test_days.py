"""Days in the cells of tables."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efimport.formats.tables.days import PATTERNS, expression, find_days, parse_day

DAY = dt.date(2026, 4, 3)


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        ("03.04.2026", "DD.MM.YYYY"),
        ("3. 4. 2026", "DD.MM.YYYY"),
        ("03.04.2026 14:05", "DD.MM.YYYY"),
        ("2026-04-03T10:00:00Z", "YYYY-MM-DD"),
        ("2026-04-03 10:00:00 +02:00", "YYYY-MM-DD"),
        ("4/3/2026", "MM/DD/YYYY"),
        ("20260403", "YYYYMMDD"),
        ("03.04.26", "DD.MM.YY"),
        ("03.04.2026.", "DD.MM.YYYY."),
        ("03-04-2026 01:05:09 PM", "DD-MM-YYYY"),
    ],
)
def test_a_day_is_read_by_its_pattern(written, pattern):
    assert parse_day(written, (pattern,)) == DAY


@pytest.mark.parametrize("written", ["30.02.2026", "2026-04-03", "03.04.202", "", "03/04/2026", "03.04.2026 oops"])
def test_what_does_not_fit_is_no_day(written):
    assert parse_day(written, ("DD.MM.YYYY",)) is None


def test_a_day_of_a_workbook_needs_no_pattern():
    assert parse_day(dt.datetime(2026, 4, 3, 14, 5, tzinfo=dt.UTC), ()) == DAY
    assert parse_day(DAY, ()) == DAY


def test_a_column_tells_day_and_month_apart_as_soon_as_one_day_is_beyond_the_twelfth():
    style = find_days(["03/04/2026", "13/04/2026"])
    assert style.patterns == ("DD/MM/YYYY",)


def test_a_column_that_can_be_read_in_two_ways_says_so():
    assert not find_days(["03/04/2026"]).told


def test_a_day_on_which_both_readings_agree_leaves_nothing_open():
    assert find_days(["04/04/2026"]).told


def test_a_column_that_no_pattern_reads_names_an_example():
    style = find_days(["03.04.2026", "2026-04-03"], ("DD.MM.YYYY",))
    assert (style.patterns, style.example) == ((), "2026-04-03")


@pytest.mark.parametrize("pattern", ["DD.MM", "YYYY-MM-DD-DD", "dd.mm.yyyy hh", ""])
def test_a_pattern_names_day_month_and_year_once_each(pattern):
    with pytest.raises(ValueError, match=pattern.replace(".", r"\.") or "^$"):
        expression(pattern)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(PATTERNS))
def test_every_day_survives_every_pattern(day, pattern):
    code = pattern.replace("YYYY", "%Y").replace("YY", "%y").replace("MM", "%m").replace("DD", "%d")
    assert parse_day(day.strftime(code), (pattern,)) == day


@given(st.text(max_size=30), st.sampled_from(PATTERNS))
def test_no_text_breaks_the_reading_of_days(written, pattern):
    assert parse_day(written, (pattern,)) is None or isinstance(parse_day(written, (pattern,)), dt.date)
