"""Drafts of mapping files: what can be told is written, what cannot is listed, nothing is guessed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from efimport.formats.spreadsheet.draft import draft
from efimport.mappings import parse_mapping
from efimport.sources import Source
from tests.formats.spreadsheet.tables import OWN, codes_of, workbook

D = Decimal


def drafted(content: str | bytes, name: str = "a.csv"):
    raw = content.encode() if isinstance(content, str) else content
    text, untold = draft(Source(name, raw))
    return text, parse_mapping(text, Path("a.toml")), [str(one) for one in untold]


CZECH = (
    "Číslo účtu;19-2000145399/0800\nPočáteční zůstatek;100,00\nKonečný zůstatek;1 089,50\n\n"
    "Datum zaúčtování;Valuta;Částka;Měna;Zůstatek;Protiúčet;Název protiúčtu;"
    "VS;KS;SS;Zpráva pro příjemce;Typ;ID transakce\n"
    "13.02.2026;13.02.2026;-10,50;CZK;89,50;2000145399/0100;Jana;308;;;nájem;Platba;1\n"
    "14.02.2026;14.02.2026;1 000,00;CZK;1 089,50;;;;;;;Vklad;2\n"
    "15.02.2026;15.02.2026;0,00;CZK;1 089,50;;;;;;;Nic;3\n"
)


def test_a_czech_export_is_told_as_a_whole_and_read_by_its_draft(reader):
    text, mapping, untold = drafted(CZECH.encode("cp1250"))
    assert untold == []
    assert mapping.file.encodings == ("windows-1250",)
    assert (mapping.file.decimal, mapping.file.dates, mapping.file.delimiters) == (",", ("DD.MM.YYYY",), (";",))
    assert mapping.balance.after == "Zůstatek"
    assert mapping.columns.variable_symbol == "VS"
    statement = reader.one(CZECH.encode("cp1250"), text)
    assert (statement.account.iban, statement.currency) == (OWN, "CZK")
    assert (statement.opening, statement.closing) == (D("100.00"), D("1089.50"))
    assert [entry.amount for entry in statement.entries] == [D("-10.50"), D("1000.00"), D("0.00")]
    assert statement.entries[0].counter_name == "Jana"
    assert codes_of(statement) == []


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (
            "Datum knjiženja,Datum valute,Opis,Iznos,Valuta,Saldo",
            {"date": "Datum knjiženja", "value_date": "Datum valute", "message": "Opis", "currency": "Valuta"},
        ),
        (
            "Dátum zaúčtovania,Dátum,Správa pre príjemcu,Suma,Mena,Zostatok",
            {"date": "Dátum zaúčtovania", "message": "Správa pre príjemcu", "currency": "Mena"},
        ),
        (
            "DATUM KNJIŽENJA,DATUM VALUTE,NAMEN,ZNESEK,VALUTA,STANJE",
            {"date": "DATUM KNJIŽENJA", "value_date": "DATUM VALUTE", "message": "NAMEN", "currency": "VALUTA"},
        ),
        (
            "Posting date,Value date,Description,Amount,Currency,Balance",
            {"date": "Posting date", "value_date": "Value date", "message": "Description", "currency": "Currency"},
        ),
        (
            "Buchungstag,Wertstellung,Verwendungszweck,Betrag,Währung,Kontostand",
            {"date": "Buchungstag", "value_date": "Wertstellung", "message": "Verwendungszweck", "currency": "Währung"},
        ),
    ],
)
def test_columns_are_known_by_their_names_in_many_languages(header, fields):
    rows = [
        f"{day}.02.2026,{day}.02.2026,text,-1.50,EUR,{100 - number * 1.5:.2f}"
        for number, day in enumerate((13, 14, 15))
    ]
    _, mapping, untold = drafted("\n".join([header, *rows]))
    assert {name: getattr(mapping.columns, name) for name in fields} == fields
    assert mapping.balance.after == header.split(",")[-1]
    assert mapping.amount.column == header.split(",")[3]
    assert untold == ["Account: the file does not name it; write bank_code, or give --iban."]


def test_a_column_of_balances_without_a_known_name_is_proven_by_the_chain():
    rows = "13.02.2026;-1,00;99,00\n14.02.2026;5,00;104,00\n15.02.2026;-4,00;100,00\n"
    _, mapping, _ = drafted("Datum;Xyz;Abc\n" + rows)
    assert (mapping.amount.column, mapping.balance.after) == ("Xyz", "Abc")


def test_two_columns_of_amounts():
    _, mapping, _ = drafted("Datum;Dobro;Breme\n13.02.2026;;1,50\n14.02.2026;2,00;\n")
    assert (mapping.amount.credit, mapping.amount.debit) == ("Dobro", "Breme")


def test_flags_are_known_by_what_they_say():
    _, mapping, untold = drafted("Datum;Částka;Směr\n13.02.2026;1,50;Odchozí\n14.02.2026;2,00;Příchozí\n")
    assert (mapping.amount.direction.credit, mapping.amount.direction.debit) == (("Příchozí",), ("Odchozí",))
    assert not [one for one in untold if "Direction" in one]


def test_unknown_flags_are_proven_by_the_balance():
    rows = "13.02.2026;1,50;aa;98,50\n14.02.2026;2,00;bb;100,50\n15.02.2026;1,00;aa;99,50\n"
    _, mapping, _ = drafted("Datum;Částka;Směr;Zůstatek\n" + rows)
    assert (mapping.amount.direction.credit, mapping.amount.direction.debit) == (("bb",), ("aa",))
    assert mapping.balance is not None


def test_unknown_flags_without_a_balance_are_asked_for(reader):
    text = "Datum;Částka;Směr\n13.02.2026;1,50;aa\n14.02.2026;2,00;bb\n"
    mapping, _, untold = drafted(text)
    assert [one for one in untold if "what aa, bb mean" in one]
    assert set(codes_of(reader.one(text, mapping))) == {"spreadsheet.direction"}


def test_amounts_without_any_sign_are_asked_about():
    _, _, untold = drafted("Datum;Částka\n13.02.2026;1,50\n14.02.2026;2,00\n")
    assert [one for one in untold if one.startswith("Direction")]


@pytest.mark.parametrize(
    ("fees", "sign", "booked"),
    [
        (["-0,50", "0,00", "-1,00"], "as-written", "separately"),
        (["0,50", "0,00", "1,00"], "cost", "separately"),
    ],
)
def test_a_fee_is_proven_by_the_balance(fees, sign, booked):
    balances = ["98,50", "103,50", "98,50"]
    amounts = ["-1,00", "5,00", "-4,00"]
    rows = [f"{13 + n}.02.2026;{a};{f};{b}" for n, (a, f, b) in enumerate(zip(amounts, fees, balances, strict=True))]
    _, mapping, _ = drafted("\n".join(["Datum;Částka;Poplatek;Zůstatek", *rows]))
    assert [(fee.sign, fee.booked) for fee in mapping.fees] == [(sign, booked)]


def test_a_fee_inside_the_amount_is_proven_by_the_balance():
    rows = "13.02.2026;-1,00;0,50;99,00\n14.02.2026;5,00;0,20;104,00\n15.02.2026;-4,00;0,00;100,00\n"
    _, mapping, _ = drafted("Datum;Částka;Poplatek;Zůstatek\n" + rows)
    assert [fee.booked for fee in mapping.fees] == ["inside"]


def test_a_fee_without_a_balance_is_asked_about():
    text, mapping, untold = drafted("Datum;Částka;Poplatek\n13.02.2026;-1,00;0,50\n14.02.2026;5,00;0,20\n")
    assert mapping.fees == ()
    assert "# [[fees]]" in text
    assert [one for one in untold if one.startswith("Fee")]


def test_days_that_fit_two_patterns_are_asked_about():
    _, mapping, untold = drafted("Date,Amount\n03/04/2026,-1.50\n05/06/2026,2.00\n")
    assert set(mapping.file.dates) == {"DD/MM/YYYY", "MM/DD/YYYY"}
    assert [one for one in untold if one.startswith("Order of day and month")]


def test_a_mark_that_cannot_be_told_is_asked_about():
    _, mapping, untold = drafted("Datum;Částka\n13.02.2026;-1.500\n14.02.2026;2.000\n")
    assert mapping.file.decimal is None
    assert [one for one in untold if one.startswith("Decimal mark")]


def test_a_table_without_a_header_goes_by_position(reader):
    rows = "".join(f"{day}.02.2026;some text;-{day},50;EUR\n" for day in (13, 14, 15))
    text, mapping, untold = drafted(rows)
    assert mapping.header.columns == 4
    assert [one for one in untold if one.startswith("Names of the columns")]
    statement = reader.one(rows, text)
    assert (len(statement.entries), statement.currency, statement.entries[0].message) == (3, "EUR", "some text")


def test_two_columns_of_the_same_name_are_told_by_their_occurrence(reader):
    rows = "13.02.2026;14.02.2026;-1,50\n14.02.2026;15.02.2026;2,00\n"
    text, _, _ = drafted("Datum;Datum;Částka\n" + rows)
    assert "occurrence = 1" in text
    assert len(reader.one("Datum;Datum;Částka\n" + rows, text).entries) == 2


def test_a_workbook_is_drafted_as_well(reader):
    content = workbook(
        ("Notes", [["hello"]]),
        ("Moves", [["Datum", "Částka", "VS"], ["13.02.2026", -1.5, "0308"], ["14.02.2026", 2, ""]]),
    )
    text, mapping, _ = drafted(content, "a.xlsx")
    assert mapping.columns.variable_symbol == "VS"
    assert reader.one(content, text, name="a.xlsx").entries[0].variable_symbol == "308"


@pytest.mark.parametrize("content", [b"", b"one line", b"a;b\n1;2\n", b"%PDF-1.7", b"PK\x03\x04 broken"])
def test_what_is_no_table_of_movements_gives_a_skeleton_and_says_so(content):
    _, mapping, untold = drafted(content)
    assert mapping.amount.column == "?"
    assert "No table with a column of days and a column of amounts was found." in untold


def test_a_fee_without_an_amount_that_is_told_makes_a_draft_all_the_same():
    text = "id,gross,fee,net,created\n" + "a,100.00,3.20,96.80,2026-01-15\n" * 3
    _, mapping, untold = drafted(text)
    assert mapping.amount.column == "?"
    assert any(one.startswith("Amount") for one in untold)


def test_control_characters_in_names_that_are_not_used_do_not_spoil_the_draft():
    _, mapping, _ = drafted("Datum;Částka;Net\x10to;\x7f\n01.02.2026;-1,00;x;y\n13.02.2026;-2,00;x;y\n")
    assert mapping.columns.date == "Datum"


def test_a_draft_without_any_name_or_shape_loads():
    _, mapping, untold = drafted("Soll;Měna;VS\n-5.5;1.234;x\n01.02.2026;a b;x\n")
    assert (mapping.amount.column, bool(untold)) == ("?", True)


def test_an_unfinished_draft_by_position_reads_nothing(reader):
    rows = "a;1;x;y\nb;2;x;01.02.2026\n"
    shape = '[header]\ncolumns = 4\nshapes = [{ number = 2, shape = "digits" }]\n'
    rule = f'title = "x"\ntarget = "statement"\n{shape}[amount]\ncolumn = "?"\n[columns]\ndate = "?"\n'
    assert reader.all(rows, rule).statements == []
