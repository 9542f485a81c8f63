"""Forms: a header block with labels, and lines below it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.formats.spreadsheet.tables import workbook

RULE = """
title = "Faktury dílny"
target = "invoices"
[header]
required = ["Položka", "Cena"]
[[preamble]]
field = "number"
label = "Číslo faktury"
[[preamble]]
field = "date"
label = "Datum vystavení"
[[preamble]]
field = "partner_name"
label = ["Odběratel", "Customer"]
[[footer]]
field = "payable"
label = "K úhradě"
[lines]
description = "Položka"
quantity = "Množství"
unit_price = "Cena"
vat_rate = "Sazba DPH"
line_total_without_vat = "Celkem"
"""


def form(number, *lines, payable=None, day=dt.date(2026, 2, 1)):
    rows = [
        ["FAKTURA"],
        ["Číslo faktury:", None, number],
        ["Datum vystavení:", None, day],
        ["Odběratel:", None, "Modrá s.r.o."],
        [],
        ["Položka", "Množství", "Cena", "Sazba DPH", "Celkem"],
        *lines,
    ]
    return [*rows, [], ["K úhradě:", None, None, None, payable], ["Děkujeme"]]


WORK = ["Práce", 2, 100.5, 21, 201]
BOOK = ["Kniha", 1, 50, 12, 50]


def test_a_header_block_with_lines(tables):
    read = tables.read(workbook(("F", form(20260001, WORK, BOOK, payable=299.21))), RULE, name="a.xlsx")
    [invoice] = read.documents
    assert (invoice.number, invoice.date, invoice.customer.name) == ("20260001", dt.date(2026, 2, 1), "Modrá s.r.o.")
    assert [line.description for line in invoice.lines] == ["Práce", "Kniha"]
    assert invoice.payable == Decimal("299.21")
    assert (read.codes, read.checks) == ([], [])


def test_one_document_a_sheet(tables):
    sheets = [(f"F{number}", form(number, WORK, payable=243.21)) for number in (1, 2, 3)]
    read = tables.read(workbook(*sheets), RULE, name="a.xlsx")
    assert [one.number for one in read.documents] == ["1", "2", "3"]
    assert read.codes == []


def test_several_documents_below_each_other(tables):
    rows = [*form(1, WORK, payable=243.21), [], *form(2, BOOK, payable=56)]
    read = tables.read(workbook(("F", rows)), RULE, name="a.xlsx")
    assert [(one.number, [line.description for line in one.lines]) for one in read.documents] == [
        ("1", ["Práce"]),
        ("2", ["Kniha"]),
    ]
    assert [one.payable for one in read.documents] == [Decimal("243.21"), Decimal(56)]
    assert read.codes == []


def test_headings_that_stand_again_without_a_number_are_a_new_page(tables):
    rows = form(1, WORK, ["Položka", "Množství", "Cena", "Sazba DPH", "Celkem"], BOOK, payable=299.21)
    invoice = tables.one(workbook(("F", rows)), RULE, name="a.xlsx")
    assert len(invoice.lines) == 2


def test_totals_end_the_lines_and_are_compared(tables):
    below = [["Celkem", None, None, None, 251], ["Základ 21 %", None, 201, None, 42.21]]
    rows = form(1, WORK, BOOK, *below, payable=299.21)
    read = tables.read(workbook(("F", rows)), RULE, name="a.xlsx")
    assert len(read.documents[0].lines) == 2
    assert read.codes == ["spreadsheet.totals"]


def test_what_stands_below_a_gap_is_no_line(tables):
    rows = form(1, WORK, [], ["Bankovní účet:", None, "2000145399/0800"], payable=243.21)
    read = tables.read(workbook(("F", rows)), RULE, name="a.xlsx")
    assert (len(read.documents[0].lines), read.codes) == (1, [])


def test_a_damaged_line_is_an_error(tables):
    rows = form(1, WORK, ["Kniha", 1, "padesát", 12, 50], payable=299.21)
    found = tables.told("spreadsheet.cell-type", workbook(("F", rows)), RULE, name="a.xlsx")
    assert found.location.where == "F!C8"


def test_a_value_beside_the_rows_that_cannot_be_read_names_its_cell(tables):
    found = tables.told("spreadsheet.cell-type", workbook(("F", form(1, WORK, day="zítra"))), RULE, name="a.xlsx")
    assert found.location.where == "F!C3"
    assert "mine0.toml, line 9" in found.message


def test_values_from_the_names_of_sheet_and_file(tables):
    number, day = "field = 'number'\npattern = 'F (\\d+)'", "field = 'date'\npattern = '(\\d{4}-\\d\\d-\\d\\d)'"
    rule = RULE.replace('[[preamble]]\nfield = "number"\nlabel = "Číslo faktury"', f"[[sheet_name]]\n{number}")
    rule = rule.replace('[[preamble]]\nfield = "date"\nlabel = "Datum vystavení"', f"[[file_name]]\n{day}")
    content = workbook(("F 0077", form(1, WORK, payable=243.21)))
    invoice = tables.one(content, rule, name="faktury 2026-02-28.xlsx")
    assert (invoice.number, invoice.date) == ("0077", dt.date(2026, 2, 28))


def test_a_form_of_an_order(tables):
    rule = RULE.replace('"invoices"', '"orders"').replace('"payable"', '"total"')
    order = tables.one(workbook(("F", form(1, WORK, payable=243.21))), rule, name="a.xlsx")
    assert (order.kind, order.total) == ("order-received", Decimal("243.21"))


def test_lines_in_two_currencies_are_an_error(tables):
    lines = (["Práce", 2, "100,50 EUR", 21, None], ["Kniha", 1, "50,00 Kč", 12, None])
    assert tables.told("spreadsheet.currency-differs", workbook(("F", form(1, *lines))), RULE, name="a.xlsx").is_error


def test_the_currency_beside_the_payable_amount_is_that_of_the_form(tables):
    told = workbook(("F", form(1, WORK, payable="243,21 EUR")))
    assert tables.one(told, RULE, name="a.xlsx").currency == "EUR"


def test_a_line_without_a_text_is_not_lost(tables):
    told = tables.told(
        "spreadsheet.below-the-end", workbook(("F", form(1, WORK, [None, 1, 50, 12]))), RULE, name="a.xlsx"
    )
    assert told.is_error


def test_a_line_below_the_end_is_not_lost(tables):
    rows = [*form(1, WORK), ["Kniha", 1, 50, 12, 50]]
    assert tables.told("spreadsheet.below-the-end", workbook(("F", rows)), RULE, name="a.xlsx").location.line == len(
        rows
    )


def test_another_document_below_without_the_same_headings_is_an_error(tables):
    second = [["Text" if cell == "Položka" else cell for cell in row] for row in form(2, BOOK)]
    for rows in ([*form(1, WORK), *second], [*second, *form(1, WORK)]):
        told = tables.told("spreadsheet.form-without-headings", workbook(("F", rows)), RULE, name="a.xlsx")
        assert told.is_error


def test_the_same_number_above_and_below_the_lines_is_one_document(tables):
    rows = [*form(1, WORK), ["Číslo faktury:", None, 1]]
    assert tables.read(workbook(("F", rows)), RULE, name="a.xlsx").codes == []
