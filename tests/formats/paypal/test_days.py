"""The form of the days is told from the data, or asked for; it is never guessed."""

from __future__ import annotations

import datetime as dt

import pytest

JANUARY = [dt.date(2026, 1, day) for day in (2, 5, 9)]


def moves(paypal, *days):
    return tuple(paypal.Move(day=day, gross=1000 + place, fee=0) for place, day in enumerate(days))


@pytest.mark.parametrize("form", ["DD/MM/YYYY", "MM/DD/YYYY", "D/M/YYYY", "M/D/YYYY", "DD-MM-YYYY"])
def test_a_day_beyond_the_twelfth_tells(paypal, form):
    days = [*JANUARY, dt.date(2026, 1, 13)]
    document = paypal.statement(paypal.Written(moves=moves(paypal, *days), days=form))
    assert [entry.date for entry in document.entries] == days
    assert paypal.errors(document) == set()


@pytest.mark.parametrize("form", ["DD/MM/YYYY", "MM/DD/YYYY"])
@pytest.mark.parametrize("newest_first", [False, True])
def test_the_direction_of_the_balances_tells(paypal, form, newest_first):
    days = [dt.date(2026, 1, 9), dt.date(2026, 2, 7), dt.date(2026, 3, 5)]
    written = paypal.Written(moves=moves(paypal, *days), days=form, newest_first=newest_first)
    document = paypal.statement(written)
    assert [entry.date for entry in document.entries] == days
    assert paypal.errors(document) == set()


def test_days_that_can_go_one_way_only_tell_without_balances(paypal):
    days = [dt.date(2026, 1, 9), dt.date(2026, 3, 5), dt.date(2026, 4, 7)]
    written = paypal.Written(moves=moves(paypal, *days), days="DD/MM/YYYY", without=("balance",))
    assert [entry.date for entry in paypal.statement(written).entries] == days


def test_a_decimal_comma_tells_and_that_is_said(paypal):
    document = paypal.statement(paypal.Written(moves=moves(paypal, *JANUARY), days="D/M/YYYY", comma=True))
    assert [entry.date for entry in document.entries] == JANUARY
    assert paypal.codes(document)[0] == "paypal.days-by-marks"
    assert paypal.errors(document) == set()


def test_what_nothing_tells_is_asked_for(paypal):
    written = paypal.Written(moves=moves(paypal, *JANUARY), days="DD/MM/YYYY")
    document = paypal.statement(written)
    found = paypal.found(document, "paypal.days-ambiguous")
    assert (found.location.line, found.is_error) == (2, True)
    assert "--date-format" in found.hint
    assert [entry.date for entry in document.entries] == [None, None, None]


@pytest.mark.parametrize(("form", "expected"), [("DD/MM/YYYY", JANUARY[0]), ("MM/DD/YYYY", dt.date(2026, 2, 1))])
def test_the_named_form_is_taken(paypal, form, expected):
    content = paypal.Written(moves=moves(paypal, *JANUARY), days="DD/MM/YYYY").encode()
    document = paypal.statement(content, date_format=form)
    assert document.entries[0].date == expected
    assert paypal.errors(document) == set()


def test_the_same_days_in_both_readings_need_no_telling(paypal):
    document = paypal.statement(paypal.Written(moves=moves(paypal, dt.date(2026, 5, 5)), days="DD/MM/YYYY"))
    assert (document.entries[0].date, paypal.errors(document)) == (dt.date(2026, 5, 5), set())


@pytest.mark.parametrize("form", ["YYYY-MM-DD", "x"])
def test_a_day_that_is_not_in_the_named_form_is_an_error(paypal, form):
    document = paypal.statement(paypal.Written().encode(), date_format=form)
    assert "paypal.day-format" in paypal.errors(document)


def test_days_in_two_forms_are_an_error_with_the_cell(paypal):
    content = paypal.Written().encode().replace(b"01/31/2026", b"31/01/2026")
    found = paypal.found(paypal.statement(content), "paypal.days-mixed")
    assert (found.location.line, found.location.where) == (4, "column 1")


@pytest.mark.parametrize("text", [b"", b"01/14/1826", b"02/30/2026", b"x"])
def test_a_day_that_is_none_is_an_error(paypal, text):
    document = paypal.statement(paypal.Written().encode().replace(b"01/14/2026", text))
    assert paypal.errors(document) & {"paypal.day", "paypal.days-mixed"}
    assert document.entries[0].date is None


def workbook(days):
    import io

    import openpyxl

    book = openpyxl.Workbook()
    header = ["Date", "Time", "TimeZone", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net", "Balance"]
    book.active.append(header)
    for place, day in enumerate(days, start=1):
        book.active.append([day, "10:00:00", "CET", "A", "Sale", "Completed", "EUR", 1.5, 0, 1.5, 1.5 * place])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_in_which_some_days_stayed_text_was_turned(paypal):
    document = paypal.statement(workbook([dt.date(2026, 4, 1), "13/01/2026"]), "a.xlsx")
    assert paypal.found(document, "paypal.days-turned").location.where == "Sheet!A3"


def test_a_workbook_whose_days_are_in_order_only_when_turned_was_turned(paypal):
    days = [dt.date(2026, month, 1) for month in (5, 7, 9)]
    assert paypal.errors(paypal.statement(workbook(days), "a.xlsx")) == set()
    turned = [dt.date(2026, 9, 1), dt.date(2026, 7, 2), dt.date(2026, 5, 3)]
    assert "paypal.days-turned" in paypal.errors(paypal.statement(workbook(turned), "a.xlsx"))
