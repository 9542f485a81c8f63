"""Rows that are no documents: totals, remarks, headings that stand again, what is skipped, what is below the end."""

from __future__ import annotations

from decimal import Decimal

import pytest

HEAD = "Číslo faktury;Datum vystavení;Odběratel;Položka;Množství;Cena;Sazba DPH;Celkem položka bez DPH"
ROWS = "1;1.2.2026;M;a;2;1,50;21;3,00\n2;1.2.2026;Z;b;1;2,50;21;2,50\n"
RULE = """
title = "Faktury"
target = "invoices"
[header]
required = ["Číslo", "Datum"]
[columns]
number = "Číslo"
date = "Datum"
partner_name = "Firma"
[lines]
description = "Text"
unit_price = "Cena"
vat_rate = "Sazba"
"""
TABLE = "Číslo;Datum;Firma;Text;Cena;Sazba\n1;1.2.2026;M;a;1,50;21\n"


@pytest.mark.parametrize("word", ["Celkem", "Total", "Skupaj", "UKUPNO", "Součet:", "Spolu bez DPH"])
def test_a_row_of_totals_is_compared_and_no_line(tables, word):
    read = tables.read(f"{HEAD}\n{ROWS}{word};;;;3;;;5,50\n")
    assert [len(one.lines) for one in read.documents] == [1, 1]
    assert read.codes == ["spreadsheet.totals"]


def test_totals_that_differ_are_told(tables):
    read = tables.read(f"{HEAD}\n{ROWS}Celkem;;;;3;;;6,00\n")
    assert read.codes == ["spreadsheet.totals-differ"]
    assert [len(one.lines) for one in read.documents] == [1, 1]


def test_totals_below_each_document_are_those_of_its_lines(tables):
    text = (
        f"{HEAD}\n1;1.2.2026;M;a;2;1,50;21;3,00\nCelkem;;;;;;;3,00\n2;1.2.2026;Z;b;1;2,50;21;2,50\nCelkem;;;;;;;2,50\n"
    )
    assert tables.read(text).codes == ["spreadsheet.totals", "spreadsheet.totals"]


def test_totals_of_documents_without_lines(tables):
    head = "Číslo faktury;Datum;Odběratel;Celkem bez DPH;Celkem DPH;Celkem s DPH"
    read = tables.read(
        f"{head}\n1;1.2.2026;M;100,00;21,00;121,00\n2;1.2.2026;Z;100,00;12,00;112,00\nCelkem;;;200,00;33,00;233,00\n"
    )
    assert "spreadsheet.totals" in read.codes
    assert len(read.documents) == 2


def test_a_line_that_begins_like_a_total_is_a_line(tables):
    invoice = tables.one(f"{HEAD}\n1;1.2.2026;M;a;2;1,50;21;3,00\n;;;Total station, rent;1;2,50;21;2,50\n")
    assert [line.description for line in invoice.lines] == ["a", "Total station, rent"]


def test_a_remark_below_the_table_is_told_and_no_document(tables):
    read = tables.read(f"{HEAD}\n{ROWS}\nVystavil: Jan Novák;;;;;;;\n")
    assert [one.number for one in read.documents] == ["1", "2"]
    assert read.codes == ["spreadsheet.note-row"]
    assert read.all[0].location.line == 5


def test_headings_that_stand_again_on_each_page_are_no_documents(tables):
    read = tables.read(f"{HEAD}\n1;1.2.2026;M;a;2;1,50;21;3,00\n{HEAD}\n1;;;b;1;2,50;21;2,50\n")
    assert [len(one.lines) for one in read.documents] == [2]
    assert read.codes == []


def test_empty_rows_and_columns_do_no_harm(tables):
    text = f";{HEAD};;\n;;;;;;;;;;\n;1;1.2.2026;M;a;2;1,50;21;3,00;;\n;;;;;;;;;;\n;1;;;b;1;2,50;21;2,50;;\n"
    read = tables.read(text)
    assert ([len(one.lines) for one in read.documents], read.codes) == ([2], [])


def test_rows_above_the_headings_do_no_harm(tables):
    assert len(tables.read(f"Faktury 2026\nModrá s.r.o.\n\n{HEAD}\n{ROWS}").documents) == 2


def test_rows_are_skipped_as_the_mapping_says(tables):
    rule = RULE + '[[skip]]\ncolumn = "Stav"\nvalues = ["storno"]\nreason = "cancelled"\n'
    read = tables.read(
        "Číslo;Datum;Firma;Text;Cena;Sazba;Stav\n1;1.2.2026;M;a;1,50;21;\n2;1.2.2026;M;a;1,50;21;Storno\n", rule
    )
    assert [one.number for one in read.documents] == ["1"]
    assert read.codes == ["spreadsheet.skipped"]
    assert "cancelled: 1" in read.all[0].message


def test_rows_end_at_a_footer(tables):
    rule = RULE + "[file]\nfooter = ['^Konec']\n"
    read = tables.read(TABLE + "Konec výpisu;;;;;\nPoznámka k výpisu;;;;;\n", rule)
    assert ([one.number for one in read.documents], read.codes) == (["1"], [])


def test_a_document_below_the_end_is_told(tables):
    rule = RULE + "[file]\nfooter = ['^Konec']\n"
    assert "spreadsheet.below-the-end" in tables.read(TABLE + "Konec;;;;;\n2;1.2.2026;M;a;1,50;21\n", rule).codes


def test_defaults_stand_for_what_is_not_told(tables):
    rule = (
        RULE.replace('vat_rate = "Sazba"\n', "")
        + '[defaults]\nvat_rate = "12"\ncurrency = "EUR"\nkind = "credit-note"\n'
    )
    invoice = tables.one("Číslo;Datum;Firma;Text;Cena\n1;1.2.2026;M;a;1,50\n", rule)
    assert (invoice.lines[0].vat_rate, invoice.currency, invoice.kind) == (Decimal(12), "EUR", "issued-credit-note")


def test_a_default_that_cannot_be_read_names_the_line_of_the_mapping_file(tables):
    rule = RULE + '[defaults]\ncurrency = "peníze"\n'
    found = tables.told("spreadsheet.default", TABLE, rule)
    assert "mine0.toml, line 15" in found.message
    assert "spreadsheet.default" not in tables.read(TABLE, RULE).codes


def test_elements_of_the_service_are_taken_by_their_names(tables):
    rule = RULE + '[service]\nwarehouseCode = "Sklad"\n[line_service]\ncostPosition = "Středisko"\n'
    invoice = tables.one("Číslo;Datum;Firma;Text;Cena;Sazba;Sklad;Středisko\n1;1.2.2026;M;a;1,50;21;01;007\n", rule)
    assert invoice.service_elements == {"warehouseCode": "01"}
    assert invoice.lines[0].service_elements == {"costPosition": "007"}


def test_words_of_the_mapping_come_before_those_of_the_field(tables):
    rule = RULE + '[words.kind]\ncredit-note = ["D"]\ndebit-note = ["faktura"]\n'
    rule = rule.replace('number = "Číslo"', 'number = "Číslo"\nkind = "Druh"')
    head = "Číslo;Datum;Firma;Text;Cena;Sazba;Druh\n"
    assert tables.one(f"{head}1;1.2.2026;M;a;1,50;21;D\n", rule).kind == "issued-credit-note"
    assert tables.one(f"{head}1;1.2.2026;M;a;1,50;21;Faktura\n", rule).kind == "issued-debit-note"


def test_a_row_whose_cells_have_moved_is_an_error_of_its_document(tables):
    read = tables.read(TABLE + "2;1.2.2026;M;jedna; dvě;1,50;21\n3;1.2.2026;M;a;1,50;21\n", RULE)
    assert [[one.code for one in item.findings if one.is_error] for item in read.documents][0::2] == [[], []]
    assert "spreadsheet.row-too-long" in [one.code for one in read.documents[1].findings]


def test_a_row_that_was_cut_is_told(tables):
    read = tables.read(TABLE + "2;1.2.2026;M;a\n", RULE)
    assert "spreadsheet.row-too-short" in read.codes


def test_rows_of_the_same_width_are_not_told(tables):
    read = tables.read(TABLE + "2;1.2.2026;M;a;1,50;21\n", RULE)
    assert read.codes == []


@pytest.mark.parametrize("remark", ["Vytvořeno:;1.3.2026", "21 %;1,50", "Strana 1;z 2"])
def test_a_remark_of_two_cells_is_told_and_no_document(tables, remark):
    read = tables.read(f"{HEAD}\n{ROWS}\n{remark};;;;;;\n")
    assert [one.number for one in read.documents] == ["1", "2"]
    assert read.codes == ["spreadsheet.note-row"]


def test_totals_in_a_row_with_the_number_of_the_document(tables):
    read = tables.read(f"{HEAD}\n1;1.2.2026;M;a;2;1,50;21;3,00\n1;;;b;1;2,50;21;2,50\n1;;;Celkem;;;;5,50\n")
    assert ([line.description for line in read.documents[0].lines], read.codes) == (["a", "b"], ["spreadsheet.totals"])


def test_a_line_that_is_called_like_totals_and_is_none_stays(tables):
    invoice = tables.one(f"{HEAD}\n1;1.2.2026;M;a;2;1,50;21;3,00\n1;;;Celkem uklizeno;;;21;7,00\n")
    assert [line.description for line in invoice.lines] == ["a", "Celkem uklizeno"]


LIST = """
title = "Kniha faktur"
target = "invoices"
[header]
required = ["Číslo", "Základ 21 %"]
[columns]
number = "Číslo"
date = "Datum"
partner_name = "Firma"
payable = "Celkem"
[[vat]]
rate = "21"
base = "Základ 21 %"
vat = "DPH 21 %"
"""
OF_LIST = (
    "Číslo;Datum;Firma;Základ 21 %;DPH 21 %;Celkem\n"
    "2601;13.1.2026;Modrá s.r.o.;100,00;21,00;121,00\n2602;14.1.2026;Modrá s.r.o.;-10,00;-2,10;-12,10\n"
)


def test_totals_without_a_word_for_them_are_no_document(tables):
    read = tables.read(f"{OF_LIST};;;90,00;18,90;108,90\n", LIST)
    assert [one.number for one in read.documents] == ["2601", "2602"]
    assert "spreadsheet.totals" in read.codes


def test_amounts_without_a_number_that_are_no_totals_are_not_lost(tables):
    read = tables.read(f"{OF_LIST};;;90,00;18,90;108,91\n", LIST)
    assert [one.number for one in read.documents] == ["2601", "2602", None]


def test_a_mapping_of_the_user_that_misses_by_little_is_told(tables):
    table = "Číslo faktury;Datum vystavení;Položka;Cena za jednotku bez DPH;Sazba DPH\n2601;13.1.2026;Práce;10,00;21\n"
    rule = """
title = "Faktury"
target = "invoices"
[header]
required = ["Číslo faktury", "Sazba daně", "Položka"]
[columns]
number = "Číslo faktury"
date = "Datum vystavení"
[lines]
description = "Položka"
unit_price = "Cena za jednotku bez DPH"
vat_rate = "Sazba DPH"
"""
    told = tables.told("spreadsheet.mapping-not-used", table, rule)
    assert "mine0.toml" in told.message
    assert "Sazba daně" in told.message
    assert tables.read(table).codes == []


def test_rows_of_one_number_that_are_no_lines_are_an_error_of_both(tables):
    twice = "2601;13.1.2026;Modrá s.r.o.;50,00;10,50;60,50\n"
    read = tables.read(OF_LIST + twice, LIST)
    told = [[one.code for one in item.findings if one.is_error] for item in read.documents]
    assert told == [["spreadsheet.number-twice"], [], ["spreadsheet.number-twice"]]


def test_a_number_that_two_partners_use_is_no_error_of_the_table(tables):
    assert (
        "spreadsheet.number-twice"
        not in tables.read(OF_LIST + OF_LIST.splitlines()[1].replace("Modrá", "Bílá"), LIST).codes
    )
