"""Which mapping a table of documents is of, and what is said where none fits."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from efimport.formats.reading import Sample
from efimport.formats.spreadsheet import recognise
from efimport.formats.tables.model import Row, Table
from efimport.mappings import named_mapping
from efimport.mappings.targets import TARGETS, target_fields
from efimport.sources import Source
from efimport.templates import headings_as_csv, mapping_text
from efimport.templates.workbook import write_workbook
from tests.formats.spreadsheet.tables import workbook

LANGUAGES = ("en", "cs", "sl", "hr")
INVOICE = {
    "number": "0042",
    "kind": "invoice",
    "date": "1.2.2026",
    "partner_name": "Modrá",
    "description": "Práce",
    "quantity": "2",
    "unit_price": "1,50",
    "vat_rate": "21",
}
FILLED = {
    "invoices": INVOICE,
    "orders": {name: text for name, text in INVOICE.items() if name != "kind"},
    "partners": {"code": "0012", "name": "Modrá", "city": "Praha", "is_customer": "x"},
    "products": {"code": "007", "name": "Šroub", "vat_rate": "21", "price_without_vat": "1,50", "type": "services"},
}
RULE = """
title = "Zboží"
target = "products"
[header]
required = ["Kód", "Název"]
[columns]
code = "Kód"
name = "Název"
vat_rate = "Sazba daně"
price_without_vat = "Cena"
"""


def filled(target):
    """A row of a template by the name of the field."""
    return FILLED[target]


def heading_of(target, name, language):
    return target_fields(target).field(name).names[language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("target", TARGETS)
def test_a_filled_template_is_read_without_a_mapping_file(tables, target, language):
    stream = io.BytesIO()
    write_workbook(target, stream, language=language)
    book = openpyxl.load_workbook(stream)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for name, text in filled(target).items():
        sheet.cell(2, columns[heading_of(target, name, language)]).value = text
    out = io.BytesIO()
    book.save(out)
    read = tables.read(out.getvalue(), name="a.xlsx")
    assert [one.origin.version for one in read.documents] == [target]
    assert [one for one in read.codes if one != "spreadsheet.sheet-not-read"] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("target", TARGETS)
def test_a_filled_template_of_headings_is_read_without_a_mapping_file(tables, target, language):
    headings = headings_as_csv(target, language=language).decode("utf-8-sig").strip().split(";")
    by_heading = {heading_of(target, name, language): text for name, text in filled(target).items()}
    row = ";".join(by_heading.get(heading.strip('"'), "") for heading in headings)
    read = tables.read(";".join(headings) + "\n" + row + "\n")
    assert ([one.origin.version for one in read.documents], read.codes) == ([target], [])


@pytest.mark.parametrize("target", TARGETS)
def test_the_mapping_file_of_a_template_reads_it(tables, target):
    headings = headings_as_csv(target).decode("utf-8-sig").strip()
    values = {heading_of(target, name, "en"): text for name, text in filled(target).items()}
    row = ";".join(values.get(heading.strip('"'), "") for heading in headings.split(";"))
    read = tables.read(f"{headings}\n{row}\n", mapping_text(target))
    assert ([one.origin.version for one in read.documents], read.codes) == (["mine0"], [])


def test_a_template_with_a_column_more_is_still_one_and_the_column_is_told(tables):
    head = [heading_of("partners", name, "cs") for name in filled("partners")]
    content = workbook(("Partneři", [[*head, "Oblíbená barva"], [*filled("partners").values(), "modrá"]]))
    read = tables.read(content, name="a.xlsx")
    assert [one.number for one in read.documents] == ["0012"]
    assert read.codes == ["spreadsheet.columns-not-read"]
    assert "Oblíbená barva" in read.all[0].message


@pytest.mark.parametrize(
    "table",
    [
        "Kód;Název\nCZ;Česko\nSK;Slovensko\n",
        "Kód;Název;Cena\n1;a;5\n",
        "Datum;Popis;Částka\n1.2.2026;nákup;-5,00\n",
        "Číslo;Datum\n1;1.2.2026\n",
        "Name;Email;Phone\na;b@c.d;1\n",
        "Apples;Pears\n1;2\n",
    ],
)
def test_a_foreign_table_is_not_taken_for_documents(table):
    assert recognise(Sample(Source("a.csv", table.encode()))) is None


def test_a_table_that_may_be_of_two_kinds_is_asked_about(tables):
    text = "Number;Date;Customer;Item;Unit price;VAT %\n1;1.2.2026;M;a;1,50;21\n"
    read = tables.read(text)
    assert (read.documents, read.codes) == ([], ["spreadsheet.ambiguous"])
    assert [tables.one(text, name).origin.version for name in ("orders", "invoices")] == ["orders", "invoices"]


def test_a_table_that_is_nearly_known_says_what_is_unknown(tables):
    read = tables.read("Kód;Název;Sazba DPH;Cena bez DPH;Barva\n1;a;21;1,50;modrá\n")
    assert (read.documents, read.codes) == ([], ["spreadsheet.nearly"])
    assert (read.all[0].location.line, read.all[0].location.where) == (1, "column 5")
    assert "Barva" in read.all[0].message
    assert "--mapping products" in read.all[0].hint


def test_a_table_that_is_nearly_known_says_what_is_missing(tables):
    found = tables.told(
        "spreadsheet.nearly", "Číslo faktury;Odběratel;IČO;Položka;Množství;Cena;Sazba DPH\n1;M;;a;1;1;21\n"
    )
    assert "Missing: Invoice number" not in found.message
    assert "Missing: Date" in found.message


def test_a_table_that_is_known_is_not_called_nearly_known(tables):
    assert tables.read("Kód;Název;Sazba DPH;Cena bez DPH\n1;a;21;1,50\n").codes == []


def test_a_built_in_mapping_that_is_named_takes_further_columns(tables):
    read = tables.read("Kód;Název;Sazba DPH;Cena bez DPH;Barva\n1;a;21;1,50;modrá\n", "products")
    assert ([one.code for one in read.documents], read.codes) == (["1"], ["spreadsheet.columns-not-read"])


def test_an_empty_column_that_is_not_known_is_not_told(tables):
    assert tables.read("Kód;Název;Sazba DPH;Cena bez DPH;Barva\n1;a;21;1,50;\n", "products").codes == []


def test_a_mapping_of_the_user_goes_before_the_built_in_ones(tables):
    text = "Kód;Název;Sazba DPH;Cena bez DPH\n1;a;21;1,50\n"
    rule = RULE.replace("Sazba daně", "Sazba DPH").replace('"Cena"', '"Cena bez DPH"')
    assert tables.one(text, rule).origin.version == "mine0"
    assert tables.one(text).origin.version == "products"


def test_a_missing_column_names_the_mapping_file_its_line_and_near_headings(tables):
    content = workbook(("Zboží", [["Ceník"], ["Kód", "Název", "Sazba", "Cena"], ["1", "a", 21, 1.5]]))
    read = tables.read(content, RULE, name="a.xlsx")
    assert (read.documents, read.codes) == ([], ["spreadsheet.column-missing"])
    [found] = read.all
    assert found.location.where == "Zboží!A2"
    assert "vat_rate" in found.message
    assert "mine0.toml, line 9 names Sazba daně" in found.message
    assert "near: Sazba." in found.message


@pytest.mark.parametrize("optional", ['optional = ["price_without_vat"]', "optional = true"])
def test_a_column_that_is_optional_may_be_missing(tables, optional):
    rule = RULE.replace("[header]", f"{optional}\n[header]").replace("Sazba daně", "Sazba DPH")
    assert tables.read("Kód;Název;Sazba DPH\n1;a;21\n", rule).codes == []


def test_a_required_column_is_never_optional(tables):
    rule = RULE.replace("[header]", "optional = true\n[header]")
    assert tables.read("Kód;Název;Cena\n1;a;1,50\n", rule).codes == ["spreadsheet.column-missing"]


def test_headings_that_a_named_mapping_requires_are_missed_with_near_ones(tables):
    found = tables.told("spreadsheet.nearly", "Kód zboží;Název;Sazba daně;Cena\n1;a;21;1,50\n", RULE)
    assert "Missing: Kód." in found.message


def test_two_columns_of_one_heading_name_both_cells(tables):
    content = workbook(("Z", [["Kód", "Název", "Sazba daně", "Cena", "Cena"], ["1", "a", 21, 1.5, 2.5]]))
    read = tables.read(content, RULE, name="a.xlsx")
    assert (read.documents, read.codes) == ([], ["spreadsheet.column-twice"])
    assert read.all[0].location.where == "Z!E1"
    assert "D and E" in read.all[0].message
    assert "mine0.toml, line 10" in read.all[0].message


def test_two_headings_for_one_field_name_both_cells(tables):
    found = tables.told(
        "spreadsheet.column-twice", "Kód;Název;Sazba DPH;Cena bez DPH;Prodejní cena bez DPH\n1;a;21;1,50;2,50\n"
    )
    assert found.location.where == "column 5"


@pytest.mark.parametrize("row", ["1;a;21;1,50;", "1;a;21;1,50;1,50"])
def test_a_second_column_that_says_nothing_else_does_no_harm(tables, row):
    assert tables.read(f"Kód;Název;Sazba daně;Cena;Cena\n{row}\n", RULE).codes == []


def test_the_second_of_two_columns_can_be_named(tables):
    rule = RULE.replace('"Cena"', '{ names = ["Cena"], occurrence = 2 }')
    assert str(tables.one("Kód;Název;Sazba daně;Cena;Cena\n1;a;21;1,50;2,50\n", rule).sales_price) == "2.50"


def test_one_cell_may_be_made_of_several_columns(tables):
    rule = RULE.replace('name = "Název"', 'name = { join = ["Název", "Barva"] }')
    assert tables.one("Kód;Název;Barva;Sazba daně;Cena\n1;Šroub;modrý;21;1,50\n", rule).name == "Šroub modrý"


def test_a_sheet_that_nobody_describes_is_told(tables):
    known = ["Kód", "Název", "Sazba DPH", "Cena bez DPH"]
    content = workbook(("Ceník", [known, ["1", "a", 21, 1.5]]), ("Poznámky", [["něco", "jiného"]]))
    assert tables.read(content, name="a.xlsx").codes == ["spreadsheet.sheet-not-read"]


def test_documents_of_a_table_in_memory():
    from efimport.formats.spreadsheet.records import documents_of

    rows = (("Kód", "Název", "Sazba DPH", "Cena bez DPH", "Barva"), ("007", "a", "21", "1,50", "modrá"))
    table = Table(rows=tuple(Row(number, cells) for number, cells in enumerate(rows, 1)))
    told, product = documents_of(table, named_mapping("products"))
    assert (told.code, product.code) == ("spreadsheet.columns-not-read", "007")


def test_a_table_in_memory_without_the_columns_says_which():
    from efimport.formats.spreadsheet.records import documents_of

    rows = (("Kód", "Barva", "Cena bez DPH"), ("007", "modrá", "5"))
    table = Table(rows=tuple(Row(number, cells) for number, cells in enumerate(rows, 1)))
    found = list(documents_of(table, named_mapping("products")))
    assert [one.code for one in found] == ["spreadsheet.column-missing"] * 2
    empty = Table(rows=(Row(1, ("", "")),))
    assert [one.code for one in documents_of(empty, named_mapping("products"))] == ["spreadsheet.no-header"]


def test_the_mappings_of_the_settings_may_be_names(tables, tmp_path):
    text = "Number;Date;Customer;Item;Unit price;VAT %\n1;1.2.2026;M;a;1,50;21\n"
    assert tables.one(text, str(Path(tmp_path) / "orders")).origin.version == "orders"


@pytest.mark.parametrize(
    "head",
    [
        "Datum;Číslo dokladu;Číslo účtu;Název;Částka;Měna;VS;KS;SS;Zpráva",
        "Datum;Broj;IBAN;Primatelj;Duguje;Potražuje;Valuta;Poziv na broj",
    ],
)
def test_a_table_of_movements_is_not_nearly_one_of_invoices(head):
    text = f"{head}\n{';'.join(['1.2.2026', *['5'] * head.count(';')])}\n"
    assert recognise(Sample(Source("a.csv", text.encode()))) is None


def test_a_table_of_lines_whose_price_is_not_known_is_nearly_one_of_invoices(tables):
    head = "Číslo faktury;Datum vystavení;Odběratel;Položka;Množství;Cena (Kč);Sazba DPH"
    found = tables.told("spreadsheet.nearly", f"{head}\n1;1.2.2026;M;a;1;1,50;21\n")
    assert "Cena (Kč)" in found.message


def test_a_column_that_another_name_of_its_field_comes_before_is_told(tables):
    rule = RULE.replace('"Cena"', '["Cena", "Akční cena"]')
    read = tables.read("Kód;Název;Sazba daně;Akční cena;Cena\n1;a;21;1,50;2,50\n", rule)
    assert (str(read.documents[0].sales_price), read.codes) == ("2.50", ["spreadsheet.columns-not-read"])
    assert "Akční cena" in read.all[0].message


@pytest.mark.parametrize("heading", ["Cena", "Price", "Prodejní cena", "Cijena"])
def test_a_price_that_may_be_with_or_without_vat_is_not_guessed(tables, heading):
    read = tables.read(f"Kód;Název;Sazba DPH;MJ;{heading}\n1;a;21;ks;1,50\n")
    assert read.documents == []


def test_columns_that_nobody_needs_may_be_deleted_from_a_template(tables):
    text = "Partner code;Name\n0012;Modrá s.r.o.\n"
    rows = [line.split(";") for line in text.splitlines()]
    by_sheet = tables.one(workbook(("Partners", rows)), name="a.xlsx")
    named = tables.one(text, "partners")
    assert [one.number for one in (by_sheet, named)] == ["0012", "0012"]
    assert tables.read(text).documents == []
