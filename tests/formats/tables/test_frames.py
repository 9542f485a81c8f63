"""Tables out of data frames: each cell as a person sees it, nothing lost and nothing made up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.formats.tables.frames import content_of, table_of_frame
from efimport.formats.tables.model import cell_text

D = Decimal


def cells(values, **options):
    table = table_of_frame(pd.DataFrame({"a": pd.Series(values, **options)}))
    return [row.cells[0] for row in table.rows[1:]]


@pytest.mark.parametrize(
    ("values", "options", "expected"),
    [
        (["0308", " x ", ""], {}, ["0308", " x ", ""]),
        (["0308", None, pd.NA, float("nan")], {"dtype": object}, ["0308", None, None, None]),
        (["0308", None], {"dtype": "string"}, ["0308", None]),
        ([308.0, float("nan"), 12.5], {}, [D(308), None, D("12.5")]),
        ([0.1 + 0.2, 1e-7], {}, [D("0.3"), D("1E-7")]),
        ([1, 2], {}, [D(1), D(2)]),
        ([1, None], {"dtype": "Int64"}, [D(1), None]),
        ([D("1.50"), D("NaN"), None], {"dtype": object}, [D("1.50"), None, None]),
        ([True, False], {}, [True, False]),
        ([True, None], {"dtype": "boolean"}, [True, None]),
        (["x", None, "y"], {"dtype": "category"}, ["x", None, "y"]),
        ([dt.date(2026, 1, 31), None], {"dtype": object}, [dt.date(2026, 1, 31), None]),
        ([dt.time(8, 30)], {"dtype": object}, [dt.time(8, 30)]),
        ([np.float64(2), np.int64(3), np.str_("x"), np.bool_(True)], {"dtype": object}, [D(2), D(3), "x", True]),
        ([float("inf")], {}, ["inf"]),
        ([12345678901234567890], {"dtype": object}, ["12345678901234567890"]),
        ([{"a": 1}], {"dtype": object}, ["{'a': 1}"]),
    ],
)
def test_each_value_becomes_the_cell_that_a_person_sees(values, options, expected):
    found = cells(values, **options)
    assert found == expected
    assert [type(one) for one in found] == [type(one) for one in expected]


def test_days_are_days_with_and_without_a_time_zone():
    moments = pd.to_datetime(["2026-01-31 08:30", None])
    assert cells(moments) == [dt.datetime(2026, 1, 31, 8, 30), None]  # noqa: DTZ001 - a cell has no time zone
    assert cells(moments.tz_localize("Europe/Prague")) == cells(moments)
    assert cells(pd.to_datetime(["2026-01-31 00:00:00.123456789"]))[0].microsecond == 123456


def test_text_of_pyarrow_is_text():
    pytest.importorskip("pyarrow")
    assert cells(["0308", None], dtype="string[pyarrow]") == ["0308", None]


def test_the_first_row_holds_the_names_of_the_columns():
    frame = pd.DataFrame([[1, 2, 3]], columns=pd.MultiIndex.from_tuples([("Základ", "21"), ("Základ", ""), ("", "x")]))
    assert table_of_frame(frame).rows[0].cells == ("Základ 21", "Základ", "x")
    assert table_of_frame(pd.DataFrame([[1, 2]])).rows[0].cells == ("0", "1")


def test_two_columns_of_one_name_stay_two():
    frame = pd.DataFrame([["a", "b"]], columns=["Název", "Název"])
    assert [row.cells for row in table_of_frame(frame).rows] == [("Název", "Název"), ("a", "b")]


def test_an_index_with_a_name_is_a_column_and_one_without_is_not():
    frame = pd.DataFrame({"Kód": ["0001"], "Název": ["A"]})
    assert table_of_frame(frame.set_index("Kód")).rows == table_of_frame(frame).rows
    assert table_of_frame(frame).names == ("Kód", "Název")


def test_a_place_is_what_a_script_would_look_up():
    table = table_of_frame(pd.DataFrame({"Kód": ["1", "2"]}, index=["first", 17]))
    assert table.place(table.rows[1], 0).where == "loc['first', 'Kód']"
    assert table.place(3).where == "loc[17]"
    assert table.place(1, 0).where == "columns['Kód']"
    assert table.place(3, 0).line is None


def test_the_frame_stays_as_it_was():
    frame = pd.DataFrame({"a": [1.0, None]}, index=pd.Index(["x", "y"], name="b"))
    before = frame.copy()
    table_of_frame(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_an_empty_frame_is_a_table_without_data():
    assert table_of_frame(pd.DataFrame(columns=["Kód"])).rows[0].cells == ("Kód",)
    assert len(table_of_frame(pd.DataFrame(columns=["Kód"])).rows) == 1
    assert table_of_frame(pd.DataFrame()).rows[0].cells == ()


def test_the_bytes_of_a_table_tell_its_cells_and_nothing_else():
    one = pd.DataFrame({"Kód": ["0308"], "Cena": [12.0]})
    same = pd.DataFrame({"Kód": ["0308"], "Cena": pd.array([12], dtype="Int64")}, index=["elsewhere"])
    other = pd.DataFrame({"Kód": ["308"], "Cena": [12]})
    assert content_of(table_of_frame(one)) == content_of(table_of_frame(same))
    assert content_of(table_of_frame(one)) != content_of(table_of_frame(other))


@settings(max_examples=60)
@given(st.lists(st.decimals(-(10**10), 10**10, places=2), min_size=1, max_size=5))
def test_an_amount_that_came_through_a_fraction_is_the_same_amount(amounts):
    assert cells([float(amount) for amount in amounts]) == amounts


@settings(max_examples=60)
@given(st.lists(st.one_of(st.none(), st.text(max_size=8)), min_size=1, max_size=5))
def test_every_text_comes_through(texts):
    assert [cell_text(cell) for cell in cells(texts, dtype=object)] == [(text or "").strip() for text in texts]
