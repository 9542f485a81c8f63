"""The spreadsheet of e-računi: it goes as it is, with the date format found from its days."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

import efimport
from efimport.formats.eurofaktura.statement import DATE_FORMATS
from efimport.planning.build import Options, build_plan
from efimport.sources import Source

HEADER = "Den,Protistrana,Pohyb\r\n"


def table(*days, header=HEADER):
    return (header + "".join(f"{day},Invented s.r.o.,{number}.50\r\n" for number, day in enumerate(days, 1))).encode()


def workbook(*days):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Den", "Protistrana", "Pohyb"])
    for number, day in enumerate(days, 1):
        book.active.append([day, "Invented s.r.o.", number + 0.5])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(content, **options):
    (statement,) = efimport.read(content, name="a.csv", **options)
    return statement, [found.code for found in statement.findings]


def errors(codes):
    return [code for code in codes if code != "eurofaktura.layout-not-checked"]


@pytest.mark.parametrize("pattern", DATE_FORMATS)
def test_the_date_format_is_found_from_the_days(pattern):
    code = pattern.replace("YYYY", "%Y").replace("MM", "%m").replace("DD", "%d")
    statement, codes = read(table(*(day.strftime(code) for day in (dt.date(2026, 1, 31), dt.date(2026, 2, 1)))))
    assert (statement.origin.version, errors(codes)) == (pattern, [])
    assert (statement.period_from, statement.period_to) == (dt.date(2026, 1, 31), dt.date(2026, 2, 1))


def test_days_that_can_be_read_in_two_ways_are_asked_about():
    statement, codes = read(table("03/04/2026", "05/06/2026"))
    assert statement.origin.version is None
    assert errors(codes) == ["eurofaktura.date-format-ambiguous"]


@pytest.mark.parametrize("pattern", ["DD/MM/YYYY", "mm/dd/yyyy"])
def test_the_user_says_which_of_two_readings_is_meant(pattern):
    statement, codes = read(table("03/04/2026"), date_format=pattern)
    assert (statement.origin.version, errors(codes)) == (pattern.upper(), [])


def test_a_day_that_is_not_in_the_format_that_the_user_names_is_told_with_its_place():
    statement, codes = read(table("03/04/2026", "2026-04-03"), date_format="DD/MM/YYYY")
    assert errors(codes) == ["eurofaktura.not-that-format"]
    assert statement.findings[-1].location.line == 3


@pytest.mark.parametrize("day", ["03-04-2026", "3.4.26", "2026-04-03 14:05"])
def test_days_that_the_service_does_not_read_are_refused(day):
    assert errors(read(table(day))[1]) == ["eurofaktura.date-format-unknown"]


def test_a_format_that_the_service_does_not_know_is_refused():
    assert errors(read(table("03-04-2026"), date_format="DD-MM-YYYY")[1]) == ["eurofaktura.date-format-unknown"]


def test_days_in_two_formats_are_refused():
    assert errors(read(table("31.01.2026", "2026-02-01"))[1]) == ["eurofaktura.date-format-unknown"]


def test_days_of_a_workbook_are_said_to_be_such():
    statement, codes = read(workbook(dt.date(2026, 1, 31), dt.date(2026, 2, 1)))
    assert (statement.origin.version, errors(codes)) == ("DD.MM.YYYY", ["eurofaktura.days-native"])


def test_a_workbook_in_which_a_program_turned_some_days_is_refused():
    assert errors(read(workbook(dt.date(2026, 3, 2), "13.02.2026", "14.02.2026"))[1]) == ["eurofaktura.days-mixed"]


def test_the_file_goes_as_it_is():
    content = b"\xef\xbb\xbf" + table("31.01.2026")
    assert read(content)[0].origin.content == content


def test_a_table_without_days_is_none():
    documents = efimport.read(table("x", "y"), name="a.csv")
    assert list(documents) == []
    assert [found.code for found in documents.findings] == ["format.not-read"]


@given(
    st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)), min_size=1, max_size=8),
    st.sampled_from(DATE_FORMATS),
)
def test_the_format_that_is_named_reads_every_day_as_it_was_meant(days, pattern):
    code = pattern.replace("YYYY", "%Y").replace("MM", "%m").replace("DD", "%d")
    statement, codes = read(table(*(day.strftime(code) for day in days)))
    if errors(codes) == ["eurofaktura.date-format-ambiguous"]:
        assert all(day.day <= 12 for day in days)
    else:
        assert (statement.period_from, statement.period_to) == (min(days), max(days))


FIO = (
    "ID pohybu;Datum;Objem;Měna;Protiúčet;Název protiúčtu;Kód banky;KS;VS;SS;Typ\n"
    "1;03.02.2026;-5,50;CZK;;;;;12;;Platba\n"
)


def test_a_table_of_a_bank_with_a_damaged_heading_is_not_taken_for_a_spreadsheet_of_eracuni():
    statement, codes = read(FIO.replace("Objem", "0bjem").encode())
    assert errors(codes) == ["eurofaktura.almost-known"]
    assert "Objem" in statement.findings[-1].message.arguments["missing"]
    assert statement.findings[-1].is_error


def test_the_user_may_say_that_it_is_one_all_the_same():
    statement, codes = read(FIO.replace("Objem", "0bjem").encode(), date_format="DD.MM.YYYY")
    assert errors(codes) == ["eurofaktura.almost-known"]
    assert not any(found.is_error for found in statement.findings)


def test_figures_above_the_first_day_are_no_days():
    statement, codes = read(
        b"Account,2400219000,\r\n" + table("31.01.2026").replace(b"Den,", b"Nr,Den,").replace(b"31.", b"1,31.")
    )
    assert (statement.origin.version, errors(codes)) == ("DD.MM.YYYY", [])


def test_what_cannot_be_known_of_it_is_said_once():
    plan = build_plan([Source("a.csv", table("31.01.2026"))], None, Options(iban="2000145399/0800"))
    assert [found.code for found in plan.findings] == ["eurofaktura.layout-not-checked"]
    assert plan.calls[0].call["dateFormat"].value == "DD.MM.YYYY"


@pytest.mark.parametrize(
    "text",
    [
        "Datum;Číslo;Doklad;Text;MD;D;Částka\n13.1.2026;1;FV2601;Prodej;311000;604000;1210,50\n",
        "Číslo;Datum;Text;Má dáti;Dal;Částka;Firma\n1;13.1.2026;Prodej;311000;604000;1210,50;Modrá s.r.o.\n",
        "Číslo;Doklad;Firma;Datum;VarSym;Základ 21%;DPH 21%;Celkem\n1;FV;A;13.01.2026;1;1000,50;210,11;1210,61\n",
        "Číslo faktury;Datum vystavení;Dodavatel;Celkem s DPH\n2601;13.1.2026;Modrá s.r.o.;121,50\n",
    ],
)
def test_documents_and_entries_of_a_ledger_are_no_statement(text):
    found = efimport.read(text.encode(), name="a.csv")
    assert list(found) == []
    assert [one.code for one in found.findings] in (["format.not-read"], ["spreadsheet.nearly"])
