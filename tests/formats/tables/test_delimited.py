"""Text tables."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efimport.formats.tables.delimited import find_delimiter, split


def cells(text):
    return [row.cells for row in split(text).rows]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    assert find_delimiter(delimiter.join("abc") + "\n" + delimiter.join("123")) == delimiter


def test_commas_inside_amounts_do_not_make_a_comma_the_delimiter():
    text = "datum;částka;text\n" + "01.01.2026;1,50;ahoj, světe\n" * 5
    assert split(text).delimiter == ";"


def test_a_first_line_of_excel_names_the_delimiter():
    assert split("sep=,\na,b;c\n1,2;3\n").rows[0].cells == ("a", "b;c")


def test_rows_know_the_line_that_they_begin_on():
    lines = split('a;b\r\n"1\r\n1";2\r\n3;4\r\n')
    assert [row.number for row in lines.rows] == [1, 2, 4]


def test_a_cell_may_have_several_lines():
    assert cells('a;b;c\n1;"x\ny";2\n3;4;5\n')[1] == ("1", "x\ny", "2")


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows():
    lines = split('a;b;c\n1;"x;2\n3;4;5\n6;7;8\n')
    assert [row.cells for row in lines.rows] == [("a", "b", "c"), ("1", '"x', "2"), ("3", "4", "5"), ("6", "7", "8")]
    assert lines.unclosed == (2,)


def test_a_quotation_mark_that_the_next_one_closes_far_below_swallows_no_rows():
    lines = split('a;b;c\n1;"x;2\n3;4;5\n6;"y";8\n')
    assert [row.number for row in lines.rows] == [1, 2, 3, 4]
    assert lines.rows[3].cells == ("6", "y", "8")


def test_a_file_full_of_stray_quotation_marks_is_read_to_its_end():
    text = "a;b;c\n" + '1;"x;2\n3;4;5\n' * 200
    assert len(split(text).rows) == 401


def test_lines_that_were_saved_as_one_quoted_cell_each_are_taken_apart():
    assert cells('"a;""b"";c"\n"1;""x"";2"\n') == [("a", "b", "c"), ("1", "x", "2")]


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('ab ,;"áž'), max_size=6), min_size=3, max_size=3), min_size=1, max_size=8
    ),
)
def test_what_a_csv_writer_writes_is_read_back(rows):
    text = io.StringIO()
    csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL).writerows([["x", "y", "z"], *rows])
    assert [list(row.cells) for row in split(text.getvalue(), (";",)).rows[1:]] == rows


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_rows(text):
    numbers = [row.number for row in split(text).rows]
    assert numbers == sorted(set(numbers))
