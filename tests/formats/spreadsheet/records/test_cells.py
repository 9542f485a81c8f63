"""Cells: numbers, days, words and codes; what cannot be read names mapping file, line, sheet and cell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.formats.spreadsheet.tables import opendocument, workbook

RULE = """
title = "Zboží"
target = "products"
optional = ["ean", "weight", "warranty_months", "active", "type", "currency", "unit"]
[header]
required = ["Kód", "Název"]
[columns]
code = "Kód"
name = "Název"
vat_rate = "DPH"
price_without_vat = "Cena"
ean = "EAN"
weight = "Váha"
warranty_months = "Záruka"
active = "Aktivní"
type = "Druh"
currency = "Měna"
unit = "MJ"
"""
HEAD = "Kód;Název;DPH;Cena;Váha;Záruka;Aktivní;Druh;Měna"
PLACES = {"DPH": 2, "Cena": 3, "Váha": 4, "Záruka": 5, "Aktivní": 6, "Druh": 7, "Měna": 8}


def table(**cells):
    row = ["007", "Šroub", "21", "12,50", "", "", "", "", ""]
    for name, text in cells.items():
        row[PLACES[name]] = text
    return f"{HEAD}\n{';'.join(row)}\n"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12,50", "12.50"),
        ("1 234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("12,50 Kč", "12.50"),
        ("€ 12,50", "12.50"),
        ("(12,50)", "-12.50"),
        ("1 500,-", "1500"),
        ("-12,5", "-12.5"),
        ("12", "12"),
    ],
)
def test_amounts(tables, text, amount):
    assert tables.one(table(Cena=text), RULE).sales_price == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "rate"), [("21", "21"), ("21 %", "21"), ("21%", "21"), ("9,5", "9.5"), ("DPH 21 %", "21"), ("0", "0")]
)
def test_rates(tables, text, rate):
    assert tables.one(table(DPH=text), RULE).vat_rate == Decimal(rate)


@pytest.mark.parametrize(("text", "months"), [("24", 24), ("24 měsíců", 24), ("24,0", 24), ("0", 0)])
def test_whole_numbers(tables, text, months):
    assert tables.one(table(Záruka=text), RULE).warranty_months == months


@pytest.mark.parametrize(
    ("text", "value"),
    [("ano", True), ("Ne", False), ("x", True), ("1", True), ("0", False), ("TRUE", True), ("da", True)],
)
def test_yes_and_no(tables, text, value):
    assert tables.one(table(Aktivní=text), RULE).active is value


@pytest.mark.parametrize(
    ("text", "word"), [("služba", "services"), ("goods with stock", "goodsWithStockManagement"), ("Izdelek", "product")]
)
def test_words_for_a_choice(tables, text, word):
    assert tables.one(table(Druh=text), RULE).product_type == word


@pytest.mark.parametrize(("text", "code"), [("Kč", "CZK"), ("eur", "EUR"), ("€", "EUR"), ("česká koruna", "CZK")])
def test_currencies(tables, text, code):
    assert tables.one(table(Měna=text), RULE).currency == code


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Cena", "dvanáct", "a number"),
        ("DPH", "vysoká", "a number of percent"),
        ("DPH", "210", "from 0 to 100"),
        ("Váha", "x,5", "a number"),
        ("Záruka", "dva roky", "a whole number"),
        ("Záruka", "-1", "not below 0"),
        ("Aktivní", "možná", "yes or no"),
        ("Měna", "peníze", "a currency"),
    ],
)
def test_a_wrong_value_names_what_was_expected_the_mapping_file_and_its_line(tables, name, text, expected):
    found = tables.told("spreadsheet.cell-type", table(**{name: text}), RULE)
    key = next(line for line in RULE.splitlines() if f'"{name}"' in line and "required" not in line)
    assert found.is_error
    assert (found.location.line, found.location.where) == (2, f"column {PLACES[name] + 1}")
    assert text in found.message
    assert expected in found.message
    assert f"mine0.toml, line {RULE.splitlines().index(key) + 1}" in found.message


def test_a_wrong_value_holds_back_its_own_document_alone(tables):
    read = tables.read(f"{HEAD}\n1;a;21;x;;;;;\n2;b;21;5,50;;;;;\n", RULE)
    assert [bool([one for one in item.findings if one.is_error]) for item in read.documents] == [True, False]


def test_a_good_table_has_no_findings(tables):
    assert tables.read(table(), RULE).codes == []


def test_a_wrong_value_of_a_workbook_names_sheet_and_cell(tables):
    content = workbook(("Zboží", [["Kód", "Název", "DPH", "Cena"], ["1", "a", 21, "x"]]))
    found = tables.told("spreadsheet.cell-type", content, RULE, name="a.xlsx")
    assert found.location.where == "Zboží!D2"


def test_an_unknown_word_names_the_mapping_file_and_its_line(tables):
    found = tables.told("spreadsheet.unknown-word", table(Druh="cosi"), RULE)
    assert found.location.where == "column 8"
    assert "mine0.toml, line 16" in found.message
    worded = RULE + '[words.type]\nservices = ["úkon"]\n'
    assert "mine0.toml, line 19" in tables.told("spreadsheet.unknown-word", table(Druh="cosi"), worded).message
    assert tables.one(table(Druh="Úkon"), worded).product_type == "services"


def test_codes_keep_their_zeros_and_gain_nothing(tables):
    rows = [["Kód", "Název", "DPH", "Cena", "EAN"], ["0012", "a", 21, 1.5, 8594000000001], [308, "b", 21, 1.5, 7.0]]
    first, second = tables.read(workbook(("Z", rows)), RULE, name="a.xlsx").documents
    assert (first.code, first.ean, second.code, second.ean) == ("0012", "8594000000001", "308", "7")


def test_a_text_kept_by_a_formula_is_the_text(tables):
    assert tables.one(f'{HEAD}\n"=""0012""";a;21;1,50;;;;;\n', RULE).code == "0012"


def test_a_text_that_begins_like_a_formula_stays(tables):
    assert tables.one(f"{HEAD}\n7;=A1+1;21;1,50;;;;;\n", RULE).name == "=A1+1"


def test_a_day_where_a_code_should_be_is_an_error(tables):
    content = workbook(("Z", [["Kód", "Název", "DPH", "Cena"], [dt.date(2026, 1, 2), "a", 21, 1.5]]))
    assert tables.told("spreadsheet.cell-type", content, RULE, name="a.xlsx").location.where == "Z!A2"


def test_digits_that_a_workbook_does_not_keep_are_told(tables):
    content = workbook(("Z", [["Kód", "Název", "DPH", "Cena"], [1234567890123456789, "a", 21, 1.5]]))
    assert not tables.told("spreadsheet.digits", content, RULE, name="a.xlsx").is_error
    assert tables.told("spreadsheet.digits", f"{HEAD}\n1,23E+12;a;21;1,50;;;;;\n", RULE).location.where == "column 1"


def test_numbers_as_their_format_shows_them(tables):
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook(("Z", [["Kód", "Název", "DPH", "Cena"], [308, "a", 0.21, 1.5]]))))
    book.active["A2"].number_format, book.active["C2"].number_format = "00000", "0%"
    stream = io.BytesIO()
    book.save(stream)
    read = tables.read(stream.getvalue(), RULE, name="a.xlsx")
    assert (read.documents[0].code, read.documents[0].vat_rate, read.codes) == ("00308", Decimal(21), [])


def test_errors_of_a_workbook_are_told_by_cell_and_document(tables):
    rows = [["Kód", "Název", "DPH", "Cena"], ["1", "a", 21, "#REF!"], ["2", "b", 21, 1.5], ["3", "c", 21, "=B1*2"]]
    read = tables.read(workbook(("Z", rows)), RULE, name="a.xlsx")
    assert [[(one.code, one.location.where) for one in item.findings] for item in read.documents] == [
        [("spreadsheet.cell-error", "Z!D2")],
        [],
        [("spreadsheet.cell-error", "Z!D4")],
    ]
    assert read.findings == []


def test_errors_of_an_opendocument_sheet_are_told(tables):
    further = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>1</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="21"><text:p>21</text:p></table:table-cell>'
        '<table:table-cell xmlns:calcext="urn:x" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell></table:table-row>'
    )
    content = opendocument([["Kód", "Název", "DPH", "Cena"]], further)
    assert tables.told("spreadsheet.cell-error", content, RULE, name="a.ods").location.where == "List!D2"


@pytest.mark.parametrize("text", ["#REF!", "#DIV/0!", "#N/A", "#NAME?", "Err:502"])
def test_errors_written_into_a_text_file_are_told(tables, text):
    assert tables.told("spreadsheet.cell-error", table(Cena=text), RULE).is_error


def test_rates_as_parts_of_one_are_told_and_multiplied(tables):
    read = tables.read(f"{HEAD}\n1;a;0,21;1,50;;;;;\n2;b;0,12;1,50;;;;;\n3;c;0;1,50;;;;;\n", RULE)
    assert [one.vat_rate for one in read.documents] == [Decimal(21), Decimal(12), Decimal(0)]
    assert read.codes == ["spreadsheet.percent-fractions"]


@pytest.mark.parametrize("rates", [("0,21", "21"), ("0,5", "0,5"), ("0,21", "0,33")])
def test_a_rate_below_one_is_an_error_where_the_column_is_not_one_of_fractions(tables, rates):
    read = tables.read(HEAD + "".join(f"\n{rate};a;{rate};1,50;;;;;" for rate in rates), RULE)
    assert "spreadsheet.percent-fractions" not in read.codes
    assert read.documents[0].vat_rate is None
    [told] = [one for one in read.documents[0].findings if one.code == "spreadsheet.cell-type"]
    assert told.is_error
    assert rates[0] in str(told.message)
    assert "spreadsheet.cell-type" not in tables.read(HEAD + "\n1;a;0;1,50;;;;;\n2;b;0,5 %;1,50;;;;;", RULE).codes


def test_a_decimal_mark_that_nothing_tells_is_an_error_of_that_document(tables):
    read = tables.read(f"{HEAD}\n1;a;21;1.234;;;;;\n2;b;21;5;;;;;\n", RULE)
    assert [[one.code for one in item.findings] for item in read.documents] == [["spreadsheet.decimal-unknown"], []]


def test_a_decimal_mark_is_told_by_other_columns(tables):
    assert tables.one(f"{HEAD}\n1;a;21;1.234;0,5;;;;\n", RULE).sales_price == Decimal(1234)


def test_a_decimal_mark_that_the_mapping_names(tables):
    rule = RULE.replace("[header]", '[file]\ndecimal = "."\n[header]')
    assert tables.one(f"{HEAD}\n1;a;21;1.234;;;;;\n", rule).sales_price == Decimal("1.234")


def test_amounts_that_contradict_each_other_are_read_where_they_are_plain(tables):
    read = tables.read(f"{HEAD}\n1;a;21;1,50;;;;;\n2;b;21;2.75;;;;;\n3;c;21;1.234;;;;;\n", RULE)
    assert [one.sales_price for one in read.documents] == [Decimal("1.50"), Decimal("2.75"), None]
    assert read.codes == ["spreadsheet.decimal-unknown"]


ORDERS = "Order number;Date;Customer;Item;Unit price;VAT %\n"


def test_a_day_that_may_be_two_asks_for_the_format(tables):
    text = f"{ORDERS}1;03/04/2026;M;a;1.50;21\n"
    assert tables.told("spreadsheet.date-format", text, "orders").is_error
    assert tables.one(text, "orders", date_format="DD/MM/YYYY").date == dt.date(2026, 4, 3)
    assert tables.one(text, "orders", date_format="MM/DD/YYYY").date == dt.date(2026, 3, 4)


def test_a_day_beyond_the_twelfth_tells_the_format_of_all(tables):
    text = f"{ORDERS}1;03/04/2026;M;a;1.50;21\n2;25/04/2026;M;a;1.50;21\n"
    assert [one.date for one in tables.read(text, "orders").documents] == [dt.date(2026, 4, 3), dt.date(2026, 4, 25)]


@pytest.mark.parametrize("text", ["46054", "1.2.2026", "2026-02-01", "01.02.2026 10:30"])
def test_days_however_they_are_written(tables, text):
    assert tables.one(f"{ORDERS}1;{text};M;a;1.50;21\n", "orders").date == dt.date(2026, 2, 1)


def test_a_number_read_as_a_day_is_told(tables):
    assert tables.read(f"{ORDERS}1;46054;M;a;1.50;21\n", "orders").codes == ["spreadsheet.serial-day"]
    assert tables.read(f"{ORDERS}1;1.2.2026;M;a;1.50;21\n", "orders").codes == []


@pytest.mark.parametrize("text", ["12", "31.2.2026", "zítra"])
def test_what_is_no_day_is_an_error(tables, text):
    assert tables.told("spreadsheet.cell-type", f"{ORDERS}1;{text};M;a;1.50;21\n", "orders").is_error


PARTNERS = "Kód partnera;Název;IČO;Město;Země\n"


def test_zeros_of_a_registration_number_are_put_back_and_told(tables):
    read = tables.read(f"{PARTNERS}1;Modrá;177041;Praha;CZ\n")
    assert read.documents[0].party.registration_number == "00177041"
    assert read.codes == ["spreadsheet.zeros"]


@pytest.mark.parametrize(("number", "site"), [("25596641", "CZ"), ("177042", "CZ"), ("177041", "SI")])
def test_other_registration_numbers_stay(tables, number, site):
    read = tables.read(f"{PARTNERS}1;Modrá;{number};Praha;\n", site=site)
    assert (read.documents[0].party.registration_number, read.codes) == (number, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CZ", "CZ"),
        ("cze", "CZ"),
        ("Česko", "CZ"),
        ("ČR", "CZ"),
        ("Slovenská republika", "SK"),
        ("Slovensko", "SK"),
        ("Slovenija", "SI"),
        ("Hrvaška", "HR"),
        ("Chorvatsko", "HR"),
        ("Njemačka", "DE"),
        ("Österreich", "AT"),
        ("Velká Británie", "GB"),
        ("USA", "US"),
        ("Spojené státy", "US"),
    ],
)
def test_countries_by_code_and_by_name(tables, text, code):
    assert tables.one(f"{PARTNERS}1;Modrá;;Praha;{text}\n").party.address.country == code


def test_an_unknown_country_is_an_error(tables):
    assert tables.told("spreadsheet.cell-type", f"{PARTNERS}1;Modrá;;Praha;Krakonošsko\n").is_error


@pytest.mark.parametrize("text", ["-", "–", "--"])
def test_a_dash_among_numbers_is_nothing(tables, text):
    read = tables.read(table(Váha=text, Záruka=text), RULE)
    assert (read.documents[0].weight, read.documents[0].warranty_months, read.codes) == (None, None, [])


def test_a_code_that_was_taken_for_a_number_is_told(tables):
    read = tables.read(f"{HEAD}\n20260001.0;a;21;1,50;;;;;\n", RULE)
    assert (read.documents[0].code, read.codes) == ("20260001", ["spreadsheet.code-as-number"])
    assert tables.one(f"{HEAD}\n1.0;a;21;1,50;;;;;\n", RULE).code == "1.0"


def test_words_for_rates_countries_and_yes_or_no(tables):
    rule = RULE + '[words.vat_rate]\n21 = ["základní"]\n"9.5" = ["znižana"]\n[words.currency]\nCZK = ["česká"]\n'
    rule += '[words.active]\nfalse = ["vyřazeno"]\n'
    product = tables.one(table(DPH="Základní", Měna="Česká", Aktivní="vyřazeno"), rule)
    assert (product.vat_rate, product.currency, product.active) == (Decimal(21), "CZK", False)
    assert tables.one(table(DPH="znižana"), rule).vat_rate == Decimal("9.5")


@pytest.mark.parametrize(
    ("price", "currency"),
    [
        *(("12,50 EUR", "EUR"), ("€ 12,50", "EUR"), ("$12,50", "USD"), ("1 234,50 Kč", "CZK"), ("(12,50) €", "EUR")),
        *(("12,50-", "CZK"), ("1\u202f234,50", "CZK"), ("12,-", "CZK")),
    ],
)
def test_the_currency_beside_an_amount_is_that_of_the_document(tables, price, currency):
    read = tables.read(f"{HEAD}\n1;a;21;{price};;;;;", RULE)
    assert read.documents[0].currency == currency
    assert read.codes == ([] if currency == "CZK" else ["spreadsheet.currency-beside"])


def test_an_amount_in_another_currency_than_the_document_is_an_error(tables):
    column = HEAD.split(";").index("Měna")
    cells = ["1", "a", "21", "12,50 EUR", *[""] * 5]
    cells[column] = "CZK"
    told = tables.told("spreadsheet.currency-differs", f"{HEAD}\n{';'.join(cells)}", RULE)
    assert told.is_error
    assert (told.location.line, told.location.where) == (2, "column 4")
    cells[column] = "EUR"
    assert tables.read(f"{HEAD}\n{';'.join(cells)}", RULE).codes == []
