"""Drafts of mapping files for tables of documents: what the rows are, which column is which, what is left to people."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import efimport
from efimport.formats.spreadsheet.draft import draft
from efimport.mappings import RecordMapping, StatementMapping, parse_mapping
from efimport.mappings.targets import TARGETS, target_fields
from efimport.sources import Source

PARTNERS = (
    "Kód;Název;IČO;DIČ;Ulice;Město;PSČ;E-mail;Interní\n"
    "0001;Pekárna U mlýna s.r.o.;12345679;CZ12345679;Mlýnská 1;Brno;602 00;a@example.com;x\n"
    "0002;Kavárna Na Růžku;;;Rohová 2;Brno;602 00;b@example.com;\n"
)
PRODUCTS = "Kód zboží;Název;MJ;Sazba DPH;Cena bez DPH;EAN\n0308;Kolo;ks;21;1 200,50;8590000000012\n"
ORDERS = (
    "Číslo objednávky;Datum;Odběratel;Položka;Množství;Cena;Sazba DPH\n"
    "O-1;13.1.2026;Kavárna Na Růžku;Kolo;1;100,50;21\n"
    "O-1;13.1.2026;Kavárna Na Růžku;Duše;2;10,20;21\n"
)
INVOICES = (
    "Číslo faktury;Datum vystavení;Splatnost;Odběratel;IČO;Popis;Množství;Cena;Sazba DPH\n"
    "2601;13.1.2026;27.1.2026;Kavárna Na Růžku;12345679;Kolo;1;100,50;21\n"
    "2601;13.1.2026;27.1.2026;Kavárna Na Růžku;12345679;Duše;2;10,20;21\n"
)
MOVEMENTS = (
    "Datum;Částka;Měna;VS;Protiúčet;Zpráva pro příjemce\n"
    "13.1.2026;-100,50;CZK;308;19-2000145399/0800;nájem\n"
    "14.1.2026;200,50;CZK;309;19-2000145399/0800;platba\n"
)
EXAMPLES = {"partners": PARTNERS, "products": PRODUCTS, "orders": ORDERS, "invoices": INVOICES}


def drafted(content: str | bytes, target: str | None = None, name: str = "a.csv"):
    raw = content.encode() if isinstance(content, str) else content
    text, untold = draft(Source(name, raw), target)
    return text, parse_mapping(text, Path("a.toml")), [str(one) for one in untold]


@pytest.mark.parametrize("target", TARGETS)
def test_what_the_rows_are_is_told_from_the_headings(target):
    _, mapping, untold = drafted(EXAMPLES[target])
    assert isinstance(mapping, RecordMapping)
    assert (mapping.target, untold) == (target, [])


def test_a_table_of_movements_is_one_of_a_bank():
    _, mapping, _ = drafted(MOVEMENTS)
    assert isinstance(mapping, StatementMapping)


def test_a_gateway_that_names_invoices_is_no_table_of_invoices():
    text = (
        "Date,Time,Name,Type,Currency,Gross,Fee,Net,From Email Address,Transaction ID,Invoice Number,Balance\n"
        "13/01/2026,08:00,Jana,Payment,CZK,100.00,-3.00,97.00,a@example.com,1AB,2601,97.00\n"
        "14/01/2026,08:00,Petr,Payment,CZK,50.00,-2.00,48.00,b@example.com,2AB,2602,145.00\n"
    )
    assert isinstance(drafted(text)[1], StatementMapping)


def test_a_short_price_list_is_one_of_products():
    _, mapping, untold = drafted("Kód;Název;Cena\n1;Kolo;100\n2;Duše;10\n")
    assert mapping.target == "products"
    assert any(one.startswith("VAT") for one in untold)


def test_a_person_can_say_what_the_rows_are():
    _, mapping, untold = drafted(INVOICES, "orders")
    assert mapping.target == "orders"
    assert any("Order number" in one for one in untold)
    _, mapping, _ = drafted(INVOICES, "statement")
    assert isinstance(mapping, StatementMapping)


def test_columns_get_their_fields_and_the_rest_is_listed():
    text, mapping, _ = drafted(PARTNERS)
    assert mapping.columns == {
        "code": "Kód",
        "name": "Název",
        "registration_number": "IČO",
        "vat_id": "DIČ",
        "street": "Ulice",
        "city": "Město",
        "postal_code": "PSČ",
        "email": "E-mail",
    }
    assert "# not used: Interní" in text
    assert (mapping.file.encodings, mapping.file.delimiters) == (("utf-8",), (";",))


def test_rows_of_one_number_are_lines_of_one_document():
    _, mapping, _ = drafted(INVOICES)
    assert mapping.columns["partner_registration_number"] == "IČO"
    assert mapping.lines == {
        "description": "Popis",
        "quantity": "Množství",
        "unit_price": "Cena",
        "vat_rate": "Sazba DPH",
    }
    assert (mapping.file.decimal, mapping.file.dates) == (",", ("DD.MM.YYYY",))


def test_a_list_of_invoices_with_a_column_for_each_rate_has_a_row_for_each():
    text = (
        "Doklad;Datum;Firma;Základ 21 %;DPH 21 %;Základ 12 %;DPH 12 %;Celkem\n"
        "2601;13.1.2026;Kavárna Na Růžku;100,00;21,00;10,50;1,26;132,76\n"
        "2602;14.1.2026;Kavárna Na Růžku;100,00;21,00;0,00;0,00;121,00\n"
    )
    _, mapping, untold = drafted(text)
    assert untold == []
    assert mapping.lines == {}
    rates = [(one.rate, one.base, one.vat) for one in mapping.vat]
    assert rates == [("21", "Základ 21 %", "DPH 21 %"), ("12", "Základ 12 %", "DPH 12 %")]


def test_totals_without_lines_are_those_of_the_document_and_lines_are_asked_for_where_none_tell_the_vat():
    text = "Číslo faktury;Datum;Odběratel;Základ;Celkem\n1;13.1.2026;A;100,00;121,00\n2;14.1.2026;B;50,00;60,50\n"
    _, mapping, untold = drafted(text)
    assert (mapping.columns["total_without_vat"], mapping.columns["payable"]) == ("Základ", "Celkem")
    assert untold == []
    untold = drafted(text.replace("Základ;", "").replace("100,00;", "").replace("50,00;", ""))[2]
    assert [one for one in untold if one.startswith("Lines:")]


def test_a_column_that_is_called_vat_holds_rates_or_amounts():
    text = "Číslo faktury;Datum;Odběratel;Celkem bez DPH;DPH;Celkem s DPH\n1;13.1.2026;A;100,00;{};121,00\n"
    assert drafted(text.format("21,00") + "2;13.1.2026;A;200,00;42,00;242,00\n")[1].columns["total_vat"] == "DPH"
    lines = "Číslo faktury;Datum;Odběratel;Popis;Cena;DPH\n1;13.1.2026;A;Kolo;100,00;{}\n"
    assert drafted(lines.format("21 %"))[1].lines["vat_rate"] == "DPH"


def test_headings_of_programs_in_english_are_known_without_their_signs():
    text = "number,client_name,client_city,client_zip,issued_on,subtotal,total\n1,A,Brno,60200,2026-01-13,100.0,121.0\n"
    _, mapping, untold = drafted(text)
    assert untold == []
    assert mapping.columns == {
        "number": "number",
        "partner_name": "client_name",
        "partner_city": "client_city",
        "partner_postal_code": "client_zip",
        "date": "issued_on",
        "total_without_vat": "subtotal",
        "payable": "total",
    }


def test_a_word_for_the_party_beside_another_field_makes_it_none_of_the_party():
    text = "Číslo faktury;Datum;Odběratel;Popis (Billing);Cena\n1;13.1.2026;A;Kolo;100,00\n"
    _, mapping, _ = drafted(text)
    assert "Popis (Billing)" not in {*mapping.columns.values(), *mapping.lines.values()}


def test_a_number_that_repeats_without_lines_is_told():
    text = "Číslo faktury;Datum;Odběratel;K úhradě\n1;13.1.2026;A;100,00\n1;13.1.2026;A;121,00\n"
    assert any("repeats from row to row" in one for one in drafted(text)[2])


def test_a_supplier_makes_the_documents_received_ones():
    _, mapping, _ = drafted(INVOICES.replace("Odběratel", "Dodavatel"))
    assert (mapping.direction, mapping.columns["partner_name"]) == ("received", "Dodavatel")
    _, mapping, _ = drafted(INVOICES.replace("IČO", "Dodavatel"))
    assert (mapping.direction, mapping.columns["partner_name"]) == ("issued", "Odběratel")


def test_what_a_document_needs_and_no_column_has_is_told_and_left_open():
    text, mapping, untold = drafted(PARTNERS.replace("Kód;", "Xyz;").replace("IČO", "Qwert").replace("12345679", "ab"))
    assert mapping.columns["code"] == "?"
    assert any(one.startswith("Partner code:") for one in untold)
    assert "# not used: Xyz" in text


def test_a_column_is_known_by_its_values_where_nobody_knows_its_heading():
    text, mapping, _ = drafted(
        "Kód;Název;Ulice;AAA;BBB;CCC;DDD\n"
        "1;A;U 1;12345679;a@example.com;602 00;CZ12345679\n"
        "2;B;U 2;25596641;b@example.com;110 00;CZ25596641\n"
    )
    assert mapping.columns["registration_number"] == "AAA"
    assert (mapping.columns["email"], mapping.columns["postal_code"]) == ("BBB", "CCC")
    assert mapping.columns["vat_id"] == "DDD"
    assert text.count("# told by its values") == 4


def test_numbers_that_only_look_like_a_registration_number_are_none():
    text = "Kód;Název;Ulice;AAA\n1;A;U 1;12345678\n2;B;U 2;12345670\n"
    assert "registration_number" not in drafted(text)[1].columns


def test_a_heading_with_a_slip_of_the_pen_is_known():
    _, mapping, _ = drafted(PARTNERS.replace("Město", "Městto").replace("IČO", "IČO:"))
    assert (mapping.columns["city"], mapping.columns["registration_number"]) == ("Městto", "IČO:")


def test_a_column_whose_values_cannot_be_of_the_field_is_not_taken():
    _, mapping, _ = drafted(INVOICES.replace("27.1.2026", "čtrnáct dní"))
    assert "due_date" not in mapping.columns


def test_a_wrong_cell_in_a_column_with_a_known_heading_is_left_to_the_reader():
    rows = INVOICES.splitlines()
    text = "\n".join([*rows, rows[1].replace("13.1.2026", "někdy"), rows[1]])
    assert drafted(text)[1].columns["date"] == "Datum vystavení"


def test_words_that_are_not_known_are_asked_for_beside_those_that_are():
    text = PRODUCTS.replace("EAN", "Typ").replace("8590000000012", "zázrak")
    draft_text, mapping, untold = drafted(text)
    assert mapping.columns["type"] == "Typ"
    assert '# [words.type]\n# "?" = ["zázrak"]' in draft_text
    assert any("zázrak" in one and "services" in one for one in untold)
    assert drafted(text.replace("zázrak", "služba"))[2] == []


def test_strange_yes_and_no_are_asked_for():
    header, row = "Kód;Název;Ulice;Plátce DPH\n", "1;A;U 1;{}\n"
    assert any("můžebýt" in one for one in drafted(header + row.format("můžebýt"))[2])
    assert drafted(header + row.format("ano"))[2] == []


def test_a_number_above_the_rows_is_a_value_beside_them():
    text = (
        "Číslo faktury: 2601;;;\nDatum vystavení: 13.1.2026;;;\n\n"
        "Popis;Množství;Cena;Sazba DPH\nKolo;1;100,50;21\nDuše;2;10,20;21\n"
    )
    _, mapping, _ = drafted(text, "invoices")
    assert [(one.field, one.label) for one in mapping.preamble] == [
        ("number", "Číslo faktury"),
        ("date", "Datum vystavení"),
    ]
    assert mapping.lines["quantity"] == "Množství"


def test_words_between_a_label_and_its_value_belong_to_the_label():
    text = (
        "Faktura - daňový doklad č.;0026001;;\nDodavatel:;Odběratel:;;\nDatum vystavení;13/1/2026;;\n\n"
        "Popis;Množství;Cena;Sazba DPH\nKolo;1;100,50;21\n"
    )
    _, mapping, _ = drafted(text)
    assert {one.field: one.label for one in mapping.preamble} == {
        "number": "Faktura - daňový doklad č.",
        "date": "Datum vystavení",
    }
    assert mapping.file.dates == ("DD/MM/YYYY",)


def test_days_that_can_be_read_in_two_ways_are_told():
    untold = drafted(INVOICES.replace("13.1.2026", "03/04/2026").replace("27.1.2026", "04/04/2026"))[2]
    assert any("Order of day and month" in one for one in untold)


def test_of_several_sheets_the_right_one_is_named():
    book = openpyxl.Workbook()
    book.active.title = "Poznámky"
    book.active.append(["nic", "zde"])
    sheet = book.create_sheet("Adresy")
    for line in PARTNERS.splitlines():
        sheet.append(line.split(";"))
    stream = io.BytesIO()
    book.save(stream)
    text, mapping, untold = drafted(stream.getvalue(), name="a.xlsx")
    assert (mapping.target, mapping.file.sheets, untold) == ("partners", ("Adresy",), [])
    assert "# not described: Poznámky" in text


@pytest.mark.parametrize(
    ("below", "footer"),
    [
        ("\nVytištěno 1.2.2026\n", ("^Vytištěno",)),
        ("Celkem (2): 5;;;;;;;\n", ("^Celkem\\ \\(",)),
        ("Celkem;;;;;;;5\n", ()),
        (";;;;;;;12\n", ()),
        ("", ()),
    ],
)
def test_what_stands_below_the_rows_ends_them(below, footer, tmp_path):
    text, mapping, _ = drafted(PARTNERS + below)
    assert mapping.file.footer == footer
    path = tmp_path / "draft.toml"
    path.write_text(text, encoding="utf-8")
    documents = list(efimport.read((PARTNERS + below).encode(), mappings=[path]))
    assert [one.number for one in documents[:2]] == ["0001", "0002"]


def test_a_row_with_little_in_it_among_others_ends_nothing():
    _, mapping, _ = drafted(PARTNERS + "0003;Kiosek;;;;;;;\n" + PARTNERS.splitlines()[1] + "\n")
    assert mapping.file.footer == ()


def test_a_heading_that_looks_like_an_expression_is_named_by_its_number():
    text = "Kód;/Název(/;Název;Ulice\n1;A;A;U 1\n"
    _, mapping, _ = drafted(text.replace("Název;", "IČO;"))
    assert mapping.columns["code"] == "Kód"
    _, mapping, _ = drafted("Kód;/Název/;Ulice\n1;A;U 1\n")
    assert mapping.columns["name"].number == 2
    assert mapping.header.required == ("Kód", "Ulice")


def test_a_table_that_could_be_two_things_says_so():
    text = "Číslo;Datum;Odběratel;Položka;Množství;Cena\n1;13.1.2026;A;Kolo;1;100,50\n"
    _, mapping, untold = drafted(text)
    assert mapping.target in ("invoices", "orders")
    assert any("--target" in one for one in untold)


@pytest.mark.parametrize("target", TARGETS)
def test_a_file_without_known_headings_gives_a_frame_to_fill_in(target):
    text, mapping, untold = drafted("a;b\n1;2\n", target)
    assert mapping.target == target
    assert '"?"' in text
    assert untold


@pytest.mark.parametrize("target", TARGETS)
def test_an_empty_template_is_known_as_what_it_is(target):
    from efimport.templates import headings_as_csv

    for language in ("en", "cs", "sl", "hr"):
        _, mapping, untold = drafted(headings_as_csv(target, language=language))
        assert mapping.target == target
        assert any(one.startswith("Rows:") for one in untold)


@pytest.mark.parametrize("target", TARGETS)
def test_a_draft_names_every_column_of_its_example_or_lists_it_as_not_used(target):
    text = drafted(EXAMPLES[target])[0]
    for heading in EXAMPLES[target].splitlines()[0].split(";"):
        assert heading in text


REGISTER = (
    "Doklad;Datum;Firma;Ulice;Město;PSČ;Základ 21 %;DPH 21 %;Základ 12 %;DPH 12 %;Celkem s DPH\n"
    "2601;13.1.2026;Kavárna Na Růžku;Rohová 2;Brno;602 00;100,00;21,00;10,50;1,26;132,76\n"
    "2602;14.1.2026;Kavárna Na Růžku;Rohová 2;Brno;602 00;100,00;21,00;0,00;0,00;121,00\n"
)
ABOVE = (
    "Číslo faktury: 2601;;;\nDatum vystavení: 13.1.2026;;;\nOdběratel: Kavárna Na Růžku;;;\n\n"
    "Popis;Množství;Cena;Sazba DPH\nKolo;1;100,50;21\nDuše;2;10,20;21\n"
)
STRANGE = "Nr;Datum;Kunde;Artikel;Anzahl;Netto\n7;13.1.2026;Kavárna Na Růžku;Kolo;1;100,50\n"


@pytest.mark.parametrize(
    ("content", "count"),
    [(PARTNERS, 2), (PRODUCTS, 1), (ORDERS, 1), (INVOICES, 1), (REGISTER, 2), (ABOVE, 1)],
    ids=["partners", "products", "orders", "invoices", "register", "above"],
)
def test_the_example_is_read_by_its_draft_at_once(content, count, tmp_path):
    text, mapping, untold = drafted(content)
    path = tmp_path / "draft.toml"
    path.write_text(text, encoding="utf-8")
    documents = efimport.read(content.encode(), name="a.csv", mappings=[path])
    found = list(documents)
    errors = [one for one in (*documents.findings, *(one for each in found for one in each.findings)) if one.is_error]
    assert (len(found), errors, untold) == (count, [], [])
    assert {one.origin.version for one in found} == {"draft"}
    if mapping.target in ("invoices", "orders"):
        assert all(one.lines for one in found)


def test_what_was_left_open_is_told_by_the_reader_with_file_and_line(tmp_path):
    text, _, untold = drafted(PARTNERS.replace("Kód;", "Xyz;").replace("IČO", "Qwert").replace("12345679", "ab"))
    path = tmp_path / "draft.toml"
    path.write_text(text, encoding="utf-8")
    documents = efimport.read(PARTNERS.replace("Kód;", "Xyz;").encode(), mappings=[path])
    list(documents)
    assert untold
    assert any("draft.toml" in one.message for one in documents.findings if one.is_error)


HEADINGS = sorted(
    heading
    for target in TARGETS
    for field in (*target_fields(target).document.values(), *target_fields(target).line.values())
    for heading in field.headings
)
CELLS = st.one_of(
    st.sampled_from(["", "1", "0308", "12,5", "1.234,50", "13.1.2026", "CZK", "ano", "x@y.cz", "12345679", "-", "CZ"]),
    st.sampled_from(["/", "/x(/", '"', "'", "\\\\", "?", "#", "Název\\x7f", "[a]", "a=b"]),
    st.text(alphabet=st.characters(exclude_characters=";\r\n", exclude_categories=("Cs",)), max_size=12),
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(HEADINGS), CELLS), min_size=1, max_size=8),
    st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=6),
    st.sampled_from([None, *TARGETS]),
)
def test_whatever_the_table_the_draft_is_a_mapping_file(headings, rows, target):
    content = "\n".join(";".join(row) for row in [headings, *rows])
    drafted(content, target)


@pytest.mark.parametrize("order", [("DIČ", "IČ DPH"), ("IČ DPH", "DIČ")])
def test_the_tax_number_of_a_slovak_firm_is_no_vat_number(order):
    values = {"DIČ": "2020372640", "IČ DPH": "SK2020372640"}
    cells = ";".join(values[name] for name in order)
    text = (
        f"Číslo faktúry;Dátum vystavenia;Názov klienta;IČO;{';'.join(order)};Suma bez DPH;DPH;Suma s DPH\n"
        f"2026001;5.3.2026;Modrá s.r.o.;31322832;{cells};100,00;23,00;123,00\n"
    )
    _, mapping, _ = drafted(text)
    assert mapping.columns["partner_vat_id"] == "IČ DPH"
    assert mapping.columns["partner_tax_number"] == "DIČ"
    assert mapping.columns["partner_name"] == "Názov klienta"
