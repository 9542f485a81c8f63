"""Tables of invoices: a row a line, a row a document, lines made of totals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.documents import Address, Advance, Invoice, Kind, Party
from efimport.formats.registry import SourceReading
from efimport.sources import Source
from tests.formats.spreadsheet.tables import workbook

HEAD = "Číslo faktury;Datum vystavení;Odběratel;Položka;Množství;Cena za jednotku bez DPH;Sazba DPH"
TOTALS = "Číslo faktury;Datum vystavení;Odběratel;Celkem bez DPH;Celkem DPH;Celkem s DPH"


def lines_of(invoice):
    return [(line.description, line.quantity, line.unit_price, line.vat_rate) for line in invoice.lines]


def test_rows_of_one_number_are_one_invoice(tables):
    read = tables.read(f"{HEAD}\n7;1.2.2026;Modrá;Práce;2;100,50;21\n7;1.2.2026;Modrá;Kniha;1;50;12\n")
    [invoice] = read.documents
    assert isinstance(invoice, Invoice)
    assert (invoice.number, invoice.kind, invoice.date) == ("7", Kind.ISSUED_INVOICE, dt.date(2026, 2, 1))
    assert lines_of(invoice) == [
        ("Práce", Decimal(2), Decimal("100.50"), Decimal(21)),
        ("Kniha", Decimal(1), Decimal(50), Decimal(12)),
    ]
    assert (read.codes, read.checks) == ([], [])


def test_rows_of_one_number_need_not_follow_each_other(tables):
    read = tables.read(f"{HEAD}\n1;1.2.2026;M;a;1;1,50;21\n2;1.2.2026;Z;b;1;2,50;21\n1;1.2.2026;M;c;1;3,50;21\n")
    assert [[line.description for line in one.lines] for one in read.documents] == [["a", "c"], ["b"]]


def test_what_stands_in_the_first_row_alone_is_of_the_whole_invoice(tables):
    invoice = tables.one(f"{HEAD}\n1;1.2.2026;M;a;1;1,50;21\n1;;;b;1;2,50;21\n")
    assert (invoice.date, invoice.customer.name, len(invoice.lines)) == (dt.date(2026, 2, 1), "M", 2)


def test_a_field_is_taken_from_the_first_row_that_has_it(tables):
    assert tables.one(f"{HEAD}\n1;1.2.2026;;a;1;1,50;21\n1;;M;b;1;2,50;21\n").customer.name == "M"


def test_a_line_without_a_number_belongs_to_the_invoice_above(tables):
    assert len(tables.one(f"{HEAD}\n1;1.2.2026;M;a;1;1,50;21\n;;;b;1;2,50;21\n").lines) == 2


def test_a_line_above_all_numbers_is_an_error(tables):
    found = tables.told("spreadsheet.line-without-number", f"{HEAD}\n;;;b;1;2,50;21\n1;1.2.2026;M;a;1;1,50;21\n")
    assert (found.location.line, found.location.where) == (2, "column 1")


def test_rows_that_contradict_each_other_name_both_cells(tables):
    read = tables.read(f"{HEAD}\n1;1.2.2026;M;a;1;1,50;21\n1;2.2.2026;M;b;1;2,50;21\n2;1.2.2026;Z;c;1;2,50;21\n")
    bad, good = read.documents
    [found] = bad.findings
    assert found.code == "spreadsheet.contradiction"
    assert (found.location.line, found.location.where) == (3, "column 2")
    assert "2, column 2" in found.message
    assert good.findings == ()


def test_totals_are_worked_out_and_pass_all_checks(tables):
    read = tables.read(f"{HEAD}\n1;1.2.2026;M;a;3;33,33;21\n1;;;b;1;0,07;21\n1;;;c;7;9,99;12\n1;;;d;1;100;0\n")
    [invoice] = read.documents
    assert [(row.rate, row.base, row.vat) for row in invoice.vat_summary] == [
        (Decimal(21), Decimal("100.06"), Decimal("21.01")),
        (Decimal(12), Decimal("69.93"), Decimal("8.39")),
        (Decimal(0), Decimal("100.00"), Decimal("0.00")),
    ]
    assert invoice.payable == invoice.total_with_vat == Decimal("299.39")
    assert (read.codes, read.checks) == ([], [])


def test_prices_with_vat(tables):
    text = "Číslo faktury;Datum;Odběratel;Položka;Cena za jednotku s DPH;Sazba DPH\n1;1.2.2026;M;a;121,00;21\n"
    invoice = tables.one(text)
    [line] = invoice.lines
    assert (line.unit_price, line.price_includes_vat) == (Decimal("121.00"), True)
    assert (line.total_without_vat, line.vat, line.total_with_vat) == (
        Decimal("100.00"),
        Decimal("21.00"),
        Decimal(121),
    )


def test_a_discount_of_a_line(tables):
    text = "Číslo faktury;Datum;Odběratel;Položka;Množství;Cena;Sleva %;Sazba DPH\n1;1.2.2026;M;a;2;50,00;10;21\n"
    assert tables.one(text).lines[0].total_without_vat == Decimal("90.00")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("faktura", Kind.ISSUED_INVOICE),
        ("Dobropis", Kind.ISSUED_CREDIT_NOTE),
        ("bremepis", Kind.ISSUED_DEBIT_NOTE),
        ("zálohová faktura", Kind.ISSUED_ADVANCE_INVOICE),
        ("proforma", Kind.ISSUED_PROFORMA),
        ("přijatá faktura", Kind.RECEIVED_INVOICE),
        ("received-credit-note", Kind.RECEIVED_CREDIT_NOTE),
        ("received-debit-note", Kind.RECEIVED_DEBIT_NOTE),
        ("received-advance-invoice", Kind.RECEIVED_ADVANCE_INVOICE),
    ],
)
def test_the_kind_of_a_document(tables, word, kind):
    text = f"{HEAD};Druh dokladu\n1;1.2.2026;M;a;1;1,50;21;{word}\n"
    invoice = tables.one(text)
    assert invoice.kind is kind
    assert invoice.partner.name == "M"


def test_a_credit_note_keeps_its_signs(tables):
    invoice = tables.one(f"{HEAD};Druh dokladu;Původní doklad\n1;1.2.2026;M;a;-2;10,50;21;dobropis;0042\n")
    assert (invoice.total_with_vat, invoice.original_number) == (Decimal("-25.41"), "0042")


def test_an_unknown_kind_names_cell_and_the_words_that_are_known(tables):
    found = tables.told("spreadsheet.unknown-word", f"{HEAD};Druh dokladu\n1;1.2.2026;M;a;1;1,50;21;kontrakt\n")
    assert found.location.where == "column 8"
    assert "kontrakt" in found.message
    assert "credit-note" in found.message


def test_everything_of_the_partner(tables):
    text = (
        "Číslo faktury;Datum;Kód odběratele;Odběratel;IČO;DIČ;Ulice;Město;PSČ;Země;E-mail;Telefon;Kontaktní osoba;"
        "Dodací město;Položka;Cena;Sazba DPH\n"
        "1;1.2.2026;0012;Modrá s.r.o.;25596641;CZ25596641;Dlouhá 1;Praha;010 00;Česká republika;a@b.cz;+420 1;Jan;"
        "Brno;a;1,50;21\n"
    )
    invoice = tables.one(text)
    assert invoice.customer == Party(
        code="0012",
        name="Modrá s.r.o.",
        registration_number="25596641",
        vat_id="CZ25596641",
        address=Address(street="Dlouhá 1", city="Praha", postal_code="010 00", country="CZ"),
        email="a@b.cz",
        phone="+420 1",
        contact="Jan",
    )
    assert invoice.delivery.address.city == "Brno"


def test_further_fields_of_the_document(tables):
    text = (
        "Číslo faktury;Datum;Odběratel;DUZP;Datum splatnosti;VS;KS;Číslo objednávky;Měna;Kurz;Číslo účtu;"
        "Způsob platby;Poznámka;Položka;Cena;Sazba DPH\n"
        "1;1.2.2026;M;31.1.2026;15.2.2026;0042;0308;OBJ1;EUR;24.510;19-2000145399/0800;Převodem;Díky;a;1,50;0\n"
    )
    invoice = tables.one(text)
    assert (invoice.taxable_supply_date, invoice.due_date) == (dt.date(2026, 1, 31), dt.date(2026, 2, 15))
    assert (invoice.variable_symbol, invoice.constant_symbol, invoice.sales_order_number) == ("0042", "0308", "OBJ1")
    assert (invoice.currency, invoice.exchange_rate) == ("EUR", Decimal("24.510"))
    assert invoice.payment_account.iban == "CZ6508000000192000145399"
    assert (invoice.payment_method, invoice.text) == ("transfer", "Díky")


@pytest.mark.parametrize(("site", "currency"), [("CZ", "CZK"), ("SI", "EUR"), ("HR", "EUR")])
def test_the_currency_is_that_of_our_books_where_none_is_told(tables, site, currency):
    assert tables.one(f"{HEAD}\n1;1.2.2026;M;a;1;1,50;21\n", site=site).currency == currency


def test_lines_are_made_of_totals_and_the_rate_is_worked_out(tables):
    read = tables.read(f"{TOTALS}\n1;1.2.2026;M;100,00;21,00;121,00\n")
    [invoice] = read.documents
    assert lines_of(invoice) == [("1", Decimal(1), Decimal("100.00"), Decimal(21))]
    assert sorted(read.codes) == ["spreadsheet.lines-made", "spreadsheet.rate-derived"]
    assert read.checks == []


def test_a_table_with_lines_has_none_made(tables):
    codes = tables.read(f"{HEAD}\n1;1.2.2026;M;a;1;1,50;21\n").codes
    assert not {"spreadsheet.lines-made", "spreadsheet.rate-derived", "spreadsheet.rate-unknown"} & set(codes)


@pytest.mark.parametrize("row", ["100,00;33,00;133,00", ";;121,00", "1000,00;150,00;1150,00"])
def test_a_rate_that_cannot_be_told_is_an_error_of_this_invoice_alone(tables, row):
    read = tables.read(f"{TOTALS}\n1;1.2.2026;M;{row}\n2;1.2.2026;M;100,00;12,00;112,00\n")
    bad, good = read.documents
    assert [one.code for one in bad.findings if one.is_error] == ["spreadsheet.rate-unknown"]
    assert (bad.lines, good.lines[0].vat_rate) == ((), Decimal(12))


def test_the_rate_of_that_day_is_derived(tables):
    assert tables.one(f"{TOTALS}\n1;1.2.2020;M;100,00;15,00;115,00\n").lines[0].vat_rate == Decimal(15)


VAT = """
title = "Kniha faktur"
target = "invoices"
[header]
required = ["Číslo", "Datum"]
[columns]
number = "Číslo"
date = "Datum"
payable = "Celkem"
[[vat]]
rate = "21"
base = "Základ 21"
vat = "DPH 21"
[[vat]]
rate = "12"
base = "Základ 12"
vat = "DPH 12"
description = "Text"
[[vat]]
rate = "0"
base = "Nulová"
"""


def test_a_column_for_each_rate_makes_a_line_for_each(tables):
    head = "Číslo;Datum;Základ 21;DPH 21;Základ 12;DPH 12;Nulová;Text;Celkem"
    text = f"{head}\n1;1.2.2026;100,00;21,00;50,00;6,00;;knihy;177,00\n"
    invoice = tables.one(text, VAT)
    assert [(line.description, line.vat_rate, line.vat) for line in invoice.lines] == [
        ("1", Decimal(21), Decimal("21.00")),
        ("knihy", Decimal(12), Decimal("6.00")),
    ]
    assert [one.code for one in invoice.findings] == ["spreadsheet.lines-made"]
    assert invoice.payable == Decimal("177.00")


def test_an_advance_is_deducted(tables):
    text = f"{HEAD};Zálohová faktura;Odečtená záloha;K úhradě\n1;1.2.2026;M;a;1;100,00;21;Z7;-21,00;100,00\n"
    read = tables.read(text)
    assert read.documents[0].advances == (Advance(number="Z7", amount=Decimal("21.00")),)
    assert (read.codes, read.checks) == ([], [])


@pytest.mark.parametrize(
    ("payable", "rounding"), [("121,41", None), ("121,00", Decimal("-0.41")), ("121,40", Decimal("-0.01"))]
)
def test_a_rounded_payable_amount(tables, payable, rounding):
    read = tables.read(f"{HEAD};K úhradě\n1;1.2.2026;M;a;1;100,34;21;{payable}\n")
    assert read.documents[0].rounding == rounding
    assert (read.codes, read.checks) == ([], [])


def test_lines_that_do_not_make_the_stated_total_are_an_error(tables):
    read = tables.read(f"{HEAD};K úhradě\n1;1.2.2026;M;a;1;100,00;21;200,00\n2;1.2.2026;M;a;1;100,00;21;121,00\n")
    bad, good = read.documents
    assert [one.code for one in bad.findings] == ["spreadsheet.document-total"]
    assert bad.findings[0].is_error
    assert bad.findings[0].location.where == "column 8"
    assert good.findings == ()
    assert read.checks == []


@pytest.mark.parametrize(
    ("more", "where"),
    [("Celkem bez DPH", "90,00"), ("Celkem DPH", "20,00"), ("Celkem s DPH", "110,00")],
)
def test_every_stated_total_is_compared(tables, more, where):
    found = tables.told("spreadsheet.document-total", f"{HEAD};{more}\n1;1.2.2026;M;a;1;100,00;21;{where}\n")
    assert where.replace(",", ".") in found.message


def test_totals_that_differ_by_rounding_are_taken_as_stated(tables):
    read = tables.read(
        f"{HEAD};Celkem s DPH\n1;1.2.2026;M;a;1;10,02;21;12,13\n1;;;b;1;10,02;21;\n".replace("12,13", "24,26")
    )
    assert (read.documents[0].total_with_vat, read.codes, read.checks) == (Decimal("24.26"), [], [])


def test_vat_is_rounded_as_the_stated_totals_are(tables):
    by_line = tables.one(f"{HEAD};Celkem DPH\n1;1.2.2026;M;a;1;0,12;21;0,06\n1;;;b;1;0,12;21;\n")
    by_base = tables.one(f"{HEAD};Celkem DPH\n1;1.2.2026;M;a;1;0,12;21;0,05\n1;;;b;1;0,12;21;\n")
    assert (by_line.vat_summary[0].vat, by_base.vat_summary[0].vat) == (Decimal("0.06"), Decimal("0.05"))


LINES = (
    "Číslo faktury;Datum;Odběratel;Položka;Množství;Cena;Sazba DPH;"
    "Celkem položka bez DPH;DPH položky;Celkem položka s DPH"
)


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("2;10,00;21;25,00;5,25;30,25", "column 8"),
        ("2;10,00;21;20,00;2,00;22,00", "column 9"),
        ("2;10,00;21;20,00;4,20;25,00", "column 10"),
        ("2;10,00;21;20,00;;30,00", "column 10"),
    ],
)
def test_amounts_of_a_line_that_do_not_fit_are_told(tables, row, where):
    found = tables.told("spreadsheet.line-total", f"{LINES}\n1;1.2.2026;M;a;{row}\n")
    assert (found.location.where, found.is_error) == (where, False)


def test_amounts_of_a_line_that_fit_are_not_told(tables):
    read = tables.read(f"{LINES}\n1;1.2.2026;M;a;3;3,33;21;10,00;2,10;12,10\n")
    assert (read.codes, read.checks) == ([], [])


def test_the_rate_of_a_line_is_worked_out_of_its_vat(tables):
    text = "Číslo faktury;Datum;Odběratel;Položka;Celkem položka bez DPH;DPH položky\n1;1.2.2026;M;a;50,00;6,00\n"
    read = tables.read(text)
    assert read.documents[0].lines[0].vat_rate == Decimal(12)
    assert read.codes == ["spreadsheet.rate-derived"]


def test_a_line_without_a_rate_is_an_error(tables):
    found = tables.told("spreadsheet.rate-unknown", f"{HEAD}\n1;1.2.2026;M;a;1;5,50;\n")
    assert found.location.where == "column 7"


def test_a_line_without_a_price_is_an_error(tables):
    text = f"{HEAD}\n1;1.2.2026;M;a;1;;21\n"
    assert tables.told("spreadsheet.line-without-price", text).is_error
    assert "spreadsheet.line-without-price" not in tables.read(f"{HEAD}\n1;1.2.2026;M;a;1;1,50;21\n").codes


def test_reverse_charge_adds_no_vat(tables):
    read = tables.read(f"{HEAD};Přenesení daňové povinnosti\n1;1.2.2026;M;a;1;100,00;21;ano\n")
    [invoice] = read.documents
    assert (invoice.lines[0].reverse_charge, invoice.payable) == (True, Decimal("100.00"))
    assert (read.codes, read.checks) == ([], [])


def test_invoices_that_were_received(tables):
    rule = VAT.replace('target = "invoices"', 'target = "invoices"\ndirection = "received"').replace(
        'payable = "Celkem"', 'payable = "Celkem"\npartner_name = "Firma"'
    )
    head = "Číslo;Datum;Firma;Základ 21;DPH 21;Základ 12;DPH 12;Nulová;Text;Celkem"
    invoice = tables.one(f"{head}\n1;1.2.2026;Z;100,00;21,00;;;;;121,00\n", rule)
    assert (invoice.kind, invoice.supplier.name, invoice.customer) == (Kind.RECEIVED_INVOICE, "Z", None)


def test_the_origin_names_mapping_line_and_file(tables):
    text = f"{HEAD}\n\n1;1.2.2026;M;a;1;1,50;21\n"
    origin = tables.one(text).origin
    assert (origin.format, origin.version, origin.line, origin.content) == ("spreadsheet", "invoices", 3, text.encode())


def test_documents_are_numbered_through_all_sheets():
    head = HEAD.split(";")
    sheets = [
        (name, [head, [number, "1.2.2026", "M", "a", 1, 1.5, 21]]) for name, number in (("Leden", "1"), ("Únor", "2"))
    ]
    items = list(SourceReading(Source("a.xlsx", workbook(*sheets))))
    assert [(one.number, one.origin.ordinal) for one in items] == [("1", 1), ("2", 2)]


def test_a_discount_of_the_whole_document_is_taken_from_the_recapitulation(tables):
    text = f"{HEAD};Sleva dokladu %;K úhradě\n1;1.2.2026;M;a;1;100,00;21;10;108,90\n"
    read = tables.read(text)
    [invoice] = read.documents
    assert (invoice.discount_percent, invoice.lines[0].total_without_vat) == (Decimal(10), Decimal("100.00"))
    assert (invoice.total_without_vat, invoice.payable) == (Decimal("90.00"), Decimal("108.90"))
    assert (read.codes, read.checks) == ([], [])
