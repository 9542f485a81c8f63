"""Which table a mapping is of: headers, their names, shapes, sheets, and what goes before what."""

from __future__ import annotations

from decimal import Decimal

import pytest

from efimport.formats.reading import Sample
from efimport.formats.spreadsheet import recognise
from efimport.sources import Source
from tests.formats.spreadsheet.tables import codes_of, mapping, workbook

SIMPLE = mapping()
ROWS = "01.02.2026;-1,50;Ahoj\n02.02.2026;2,00;Čau\n"


def amounts(statement) -> list[Decimal]:
    return [entry.amount for entry in statement.entries]


@pytest.mark.parametrize(
    "header",
    ["Day;Amount;Text", "day;AMOUNT;Text", " Day ;\tAmount;x", '"Day";"Amount";x', "Dáy;Ámount;x", "x;Amount;Day"],
)
def test_names_are_the_same_whatever_their_capitals_accents_and_blanks(reader, header):
    rows = ROWS if not header.startswith("x") else "Ahoj;-1,50;01.02.2026\nČau;2,00;02.02.2026\n"
    assert amounts(reader.one(f"{header}\n{rows}", SIMPLE)) == [Decimal("-1.50"), Decimal("2.00")]


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.xls", "a"])
def test_the_ending_of_the_name_is_not_asked(reader, name):
    assert len(reader.one(f"Day;Amount;Text\n{ROWS}", SIMPLE, name=name).entries) == 2


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(reader, delimiter):
    text = delimiter.join(["Day", "Amount", "Text"]) + "\n" + delimiter.join(["01.02.2026", '"-1,50"', "x"]) + "\n"
    assert amounts(reader.one(text, SIMPLE)) == [Decimal("-1.50")]


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        ("cp1252", "cp1250", "RAÈUN"),
        ("cp1252", "utf-8", "RAČUN"),
        ("cp1250", "utf-8", "RAČUN"),
    ],
)
def test_garbled_letters_are_put_back_in_the_whole_table(reader, wrong, right, code):
    text = "DATUM;ZNESEK;RAČUN\n01.02.2026;1,00;Žižek\n"
    garbled = text.encode(right).decode(wrong, "replace")
    rule = mapping(
        header='required = ["DATUM", "ZNESEK", "RAČUN"]',
        amount='column = "ZNESEK"',
        columns='date = "DATUM"\ncounter_name = "RAČUN"',
    )
    statement = reader.one(garbled.encode("utf-8"), rule)
    assert statement.entries[0].counter_name == "Žižek" or "\ufffd" in garbled
    assert ("spreadsheet.garbled" in codes_of(statement)) or "\ufffd" in garbled


def test_letters_that_are_whole_are_not_called_garbled(reader):
    statement = reader.one(
        "DATUM;ZNESEK;RAČUN\n01.02.2026;1,00;Žižek\n",
        mapping(header='required = ["DATUM", "ZNESEK", "RAČUN"]', amount='column = "ZNESEK"', columns='date = "DATUM"'),
    )
    assert "spreadsheet.garbled" not in codes_of(statement)


def test_names_whose_letters_were_lost_are_recognised(reader):
    rule = mapping(header='required = ["Den", "Částka"]', amount='column = "Částka"', columns='date = "Den"')
    assert amounts(reader.one("Den;??stka;x\n01.02.2026;1,00;y\n", rule)) == [Decimal("1.00")]


def test_the_header_is_the_first_row_with_the_columns_and_all_above_is_preamble(reader):
    rule = mapping(more='[[preamble]]\nfield = "account"\nlabel = "Account"')
    text = f"Export of Bank\n\nAccount: 19-2000145399/0800\nDay;Text\nDay;Amount;Text\n{ROWS}"
    assert reader.one(text, rule).account.iban == "CZ6508000000192000145399"


def test_alternatives_of_a_name_and_expressions_for_names(reader):
    rule = mapping(
        header='required = [["Datum", "Day"], "/Amount [A-Z]{3}/"]',
        amount='column = "/Amount [A-Z]{3}/"',
        columns='date = ["Datum", "Day"]\ncurrency = { header = \'Amount ([A-Z]{3})\' }',
    )
    statement = reader.one("Day;Amount CZK\n01.02.2026;1,00\n", rule)
    assert (statement.currency, amounts(statement)) == ("CZK", [Decimal("1.00")])


def test_a_second_column_of_the_same_name_is_told_by_its_occurrence(reader):
    rule = mapping(columns='date = "Day"\ncounter_name = { names = ["Bank"], occurrence = 2 }\nmessage = "Bank"')
    entry = reader.one("Day;Amount;Bank;Bank\n01.02.2026;1,00;one;two\n", rule).entries[0]
    assert (entry.message, entry.counter_name) == ("one", "two")


def test_a_forbidden_column_excludes_a_layout(reader):
    rule = mapping(header='required = ["Day", "Amount"]\nforbidden = ["Fee"]')
    assert not reader.recognised("Day;Amount;Fee\n01.02.2026;1,00;0\n", rule)


def test_a_layout_without_its_amounts_is_none(reader):
    rule = mapping(header='required = ["Day"]')
    assert not reader.recognised("Day;Text\n01.02.2026;x\n", rule)


def test_most_required_columns_win(reader):
    more = mapping(header='required = ["Day", "Amount", "Text"]', columns='date = "Day"\nmessage = "Text"')
    assert reader.one(f"Day;Amount;Text\n{ROWS}", SIMPLE, more).origin.version == "mine1"


def test_of_equals_the_one_that_knows_more_columns_wins(reader):
    more = mapping(columns='date = "Day"\nmessage = "Text"')
    assert reader.one(f"Day;Amount;Text\n{ROWS}", more, SIMPLE).origin.version == "mine0"


def test_a_draw_is_never_settled_in_silence(reader):
    read = reader.all(f"Day;Amount;Text\n{ROWS}", SIMPLE, mapping(columns='value_date = "Day"'))
    assert read.statements == []
    assert [one.code for one in read.findings] == ["spreadsheet.ambiguous"]
    assert "mine0, mine1" in read.findings[0].message
    assert "--mapping" in read.findings[0].hint


def test_a_mapping_of_the_user_goes_before_the_shipped_ones(reader):
    text = "ID pohybu;Datum;Objem;Měna;Protiúčet;Kód banky;VS\n1;01.02.2026;1,00;CZK;;;\n"
    own = mapping(header='required = ["Datum"]', amount='column = "Objem"', columns='date = "Datum"')
    assert reader.one(text).origin.version == "fio"
    assert reader.one(text, own).origin.version == "mine0"


def test_a_table_without_a_header_is_told_by_shapes(reader):
    rule = mapping(
        header='columns = 4\nshapes = [{ number = 2, shape = "day" }, { number = 3, shape = "amount" }, '
        '{ number = 4, values = ["Kredit", "Debet"] }]',
        amount="column = { number = 3 }\n"
        'direction = { column = { number = 4 }, credit = ["Kredit"], debit = ["Debet"] }',
        columns="date = { number = 2 }\nmessage = { number = 1 }",
    )
    statement = reader.one("a;b;c;d\nx;01.02.2026;1,50;Debet\ny;02.02.2026;2,00;Kredit\n", rule)
    assert amounts(statement) == [Decimal("-1.50"), Decimal("2.00")]
    assert statement.entries[0].message == "x"


@pytest.mark.parametrize("row", ["x;01.02.2026;1,50", "x;1,50;01.02.2026;Debet", "x;01.02.2026;1,50;Storno"])
def test_other_shapes_are_another_table(reader, row):
    rule = mapping(
        header='columns = 4\nshapes = [{ number = 2, shape = "day" }, { number = 3, shape = "amount" }, '
        '{ number = 4, values = ["Kredit", "Debet"] }]',
        amount="column = { number = 3 }",
        columns="date = { number = 2 }",
    )
    assert not reader.recognised(f"{row}\n{row}\n", rule)


@pytest.mark.parametrize(
    ("shape", "fits", "fails"),
    [
        ("digits", "123", "12a"),
        ("currency", "CZK", "koruna"),
        ("text", "something", ""),
        ("empty", "", "x"),
        ("amount", "1 234,50", "1x"),
        ("day", "01.02.2026", "2026"),
    ],
)
def test_every_shape_tells_cells_apart(reader, shape, fits, fails):
    rule = mapping(
        header=f'columns = 3\nshapes = [{{ number = 1, shape = "day" }}, {{ number = 3, shape = "{shape}" }}]',
        amount="column = { number = 2 }",
        columns="date = { number = 1 }",
    )
    assert reader.recognised(f"01.02.2026;1,00;{fits}\n" * 2, rule)
    assert not reader.recognised(f"01.02.2026;1,00;{fails}\n" * 2, rule)


def test_every_sheet_of_a_workbook_that_a_mapping_describes_is_read(reader):
    rows = [["Day", "Amount", "Text"], ["01.02.2026", -1.5, "x"]]
    content = workbook(("January", rows), ("Notes", [["nothing", "here"]]), ("February", rows))
    read = reader.all(content, SIMPLE, name="a.xlsx")
    assert [one.origin.ordinal for one in read.statements] == [1, 2]
    assert [one.code for one in read.findings] == ["spreadsheet.sheet-not-read"]
    assert "Notes" in read.findings[0].message


def test_only_the_named_sheets_are_read(reader):
    rows = [["Day", "Amount", "Text"], ["01.02.2026", -1.5, "x"]]
    content = workbook(("Movements 1", rows), ("Plan", rows))
    read = reader.all(content, mapping(file='sheets = ["movements*"]'), name="a.xlsx")
    assert len(read.statements) == 1


def test_a_workbook_all_of_whose_sheets_are_read_says_nothing_of_sheets(reader):
    content = workbook(("A", [["Day", "Amount"], ["01.02.2026", -1.5]]))
    assert reader.all(content, SIMPLE, name="a.xlsx").findings == []


def test_a_sheet_of_lines_of_csv_in_one_column_is_cut_into_cells(reader):
    content = workbook(("A", [["Day;Amount;Text"], ["01.02.2026;-1,50;x"], ["02.02.2026;2,00;y"]]))
    assert amounts(reader.one(content, SIMPLE, name="a.xlsx")) == [Decimal("-1.50"), Decimal("2.00")]


def test_lines_cut_at_decimal_commas_are_put_together_again(reader):
    rule = mapping(
        file='rejoin = ";"\ndecimal = ","',
        header='required = ["Day", "In", "Out"]',
        amount='credit = "In"\ndebit = "Out"',
        columns='date = "Day"\nmessage = "Text"',
    )
    rows = [
        ["Day;In;Out;Text"],
        ["01.02.2026;1000", "50;;first"],
        ["02.02.2026;;20", "05;a, b"],
        ["03.02.2026;;1;c"],
    ]
    statement = reader.one(workbook(("A", rows)), rule, name="a.xlsx")
    assert amounts(statement) == [Decimal("1000.50"), Decimal("-20.05"), Decimal(-1)]
    assert statement.entries[1].message == "a, b"


def test_a_piece_of_a_cut_line_that_may_have_lost_a_zero_is_an_error(reader):
    rule = mapping(file='rejoin = ";"\ndecimal = ","', header='required = ["Day", "Amount"]')
    content = workbook(("A", [["Text;Day;Amount"], ["x;01.02.2026;20", 5], ["y;02.02.2026;20", 50]]))
    assert codes_of(reader.one(content, rule, name="a.xlsx")) == ["spreadsheet.amount"]


@pytest.mark.parametrize(
    "content",
    [b"", b"<xml/>", b"{}", b"%PDF-1.7", b"\x00\x01\x02" * 100, b"074" + b"0" * 125, b"one word", b"PK\x03\x04 broken"],
)
def test_what_is_no_table_is_not_claimed(content):
    assert recognise(Sample(Source("a.csv", content))) is None


def test_a_table_that_nobody_describes_is_not_claimed():
    assert recognise(Sample(Source("a.csv", b"Apples;Pears\n1;2\n3;4\n"))) is None


def test_evidence_of_imitations_is_told(reader):
    statement = reader.one(f"Day;Amount;Text\n{ROWS}", mapping(top='evidence = "C"'))
    assert codes_of(statement) == ["spreadsheet.unverified"]
    assert codes_of(reader.one(f"Day;Amount;Text\n{ROWS}", mapping(top='evidence = "B"'))) == []


def test_the_origin_names_mapping_and_line_and_holds_the_file(reader):
    text = f"Day;Amount;Text\n{ROWS}"
    origin = reader.one(text, SIMPLE).origin
    assert (origin.format, origin.version, origin.line, origin.content) == ("spreadsheet", "mine0", 2, text.encode())
