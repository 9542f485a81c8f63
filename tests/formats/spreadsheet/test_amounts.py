"""Amounts: signed, flagged, in two columns, with fees, and their decimal mark."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.formats.spreadsheet.tables import codes_of, mapping, workbook

D = Decimal
FLAG = 'column = "Amount"\ndirection = { column = "Flag", credit = ["C", "Kredit"], debit = ["D", "Debet"] }'
TWO = 'credit = "In"\ndebit = "Out"'
TWO_HEADER = 'required = ["Day", "In", "Out"]'


def table(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


def amounts(statement) -> list[Decimal]:
    return [entry.amount for entry in statement.entries]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,50", "1.50"),
        ("-1.234,50", "-1234.50"),
        ("1 234 567,8", "1234567.8"),
        ("1\u00a0234,50", "1234.50"),
        ("1'234,50", "1234.50"),
        ("12,50-", "-12.50"),
        ("(12,50)", "-12.50"),
        ("\u221212,50", "-12.50"),
        ("+12,50", "12.50"),
        ("12,50 CZK", "12.50"),
        ("Kč 12,50", "12.50"),
        ("0,00", "0.00"),
        ("7", "7"),
    ],
)
def test_amounts_as_people_write_them(reader, text, amount):
    statement = reader.one(table("Day;Amount", f"01.02.2026;{text}"), mapping(file='decimal = ","'))
    assert amounts(statement) == [D(amount)]
    assert codes_of(statement) == []


@pytest.mark.parametrize("text", ["", "x", "12.34.56,00", "1 23,00", "1,5x"])
def test_what_is_no_amount_is_an_error_with_its_place(reader, text):
    statement = reader.one(table("Day;Amount", "01.02.2026;1,00", f"02.02.2026;{text}"), mapping(file='decimal = ","'))
    assert codes_of(statement) == ["spreadsheet.amount"]
    assert (statement.findings[0].location.line, statement.findings[0].is_error) == (3, True)


def test_the_mark_is_found_from_the_data(reader):
    assert amounts(reader.one(table("Day,Amount", '01.02.2026,"1,234.50"', "02.02.2026,-1"), mapping())) == [
        D("1234.50"),
        D("-1"),
    ]


def test_a_mark_that_contradicts_the_mapping_is_an_error(reader):
    statement = reader.one(table("Day;Amount", "01.02.2026;1,00", "02.02.2026;1.50"), mapping(file='decimal = ","'))
    assert "spreadsheet.decimal" in codes_of(statement)
    assert "1.50" in statement.findings[0].message


def test_two_marks_in_one_file_are_an_error(reader):
    statement = reader.one(table("Day;Amount", "01.02.2026;1,00", "02.02.2026;1.50"), mapping())
    assert "spreadsheet.decimal" in codes_of(statement)


def test_a_mark_that_nothing_tells_is_asked_for(reader):
    statement = reader.one(table("Day;Amount", "01.02.2026;1.234"), mapping())
    assert "spreadsheet.decimal-unknown" in codes_of(statement)
    assert "mine0" in next(one.hint for one in statement.findings if one.code == "spreadsheet.decimal-unknown")


def test_a_mark_in_the_preamble_settles_it(reader):
    rule = mapping(more='[[preamble]]\nfield = "opening"\nlabel = "Opening"')
    statement = reader.one(table("Opening;10,50", "Day;Amount", "01.02.2026;1.234"), rule)
    assert (amounts(statement), statement.opening) == ([D("1234")], D("10.50"))


def test_numbers_of_a_workbook_need_no_mark(reader):
    content = workbook(("A", [["Day", "Amount"], ["01.02.2026", -1234.5], ["02.02.2026", 0.1]]))
    assert amounts(reader.one(content, mapping(), name="a.xlsx")) == [D("-1234.5"), D("0.1")]


@pytest.mark.parametrize(("flag", "amount"), [("C", "5.00"), ("kredit", "5.00"), ("D", "-5.00"), ("DEBET", "-5.00")])
def test_a_flag_gives_the_sign(reader, flag, amount):
    rule = mapping(header='required = ["Day", "Amount", "Flag"]', amount=FLAG)
    assert amounts(reader.one(table("Day;Amount;Flag", f"01.02.2026;5,00;{flag}"), rule)) == [D(amount)]


@pytest.mark.parametrize("flag", ["", "X"])
def test_an_unknown_flag_is_an_error(reader, flag):
    rule = mapping(header='required = ["Day", "Amount", "Flag"]', amount=FLAG)
    assert codes_of(reader.one(table("Day;Amount;Flag", f"01.02.2026;5,00;{flag}"), rule)) == ["spreadsheet.direction"]


@pytest.mark.parametrize(("unsigned", "amount"), [("true", "-5.00"), ("false", "5.00")])
def test_a_minus_beside_a_flag_means_what_the_mapping_says(reader, unsigned, amount):
    rule = mapping(header='required = ["Day", "Amount", "Flag"]', amount=f"{FLAG}\nunsigned = {unsigned}")
    assert amounts(reader.one(table("Day;Amount;Flag", "01.02.2026;-5,00;D"), rule)) == [D(amount)]


def test_a_minus_beside_a_flag_is_an_error_where_the_mapping_says_nothing(reader):
    rule = mapping(header='required = ["Day", "Amount", "Flag"]', amount=FLAG)
    assert codes_of(reader.one(table("Day;Amount;Flag", "01.02.2026;-5,00;D"), rule)) == ["spreadsheet.sign"]


def test_credit_and_debit_in_two_columns(reader):
    rule = mapping(header=TWO_HEADER, amount=TWO)
    text = table("Day;In;Out", "01.02.2026;5,00;", "02.02.2026;;3,00", "03.02.2026;0,00;2,00", "04.02.2026;0,00;0,00")
    assert amounts(reader.one(text, rule)) == [D("5.00"), D("-3.00"), D("-2.00"), D("0.00")]


def test_debits_that_all_have_a_minus_are_money_out(reader):
    rule = mapping(header=TWO_HEADER, amount=TWO)
    text = table("Day;In;Out", "01.02.2026;5,00;", "02.02.2026;;-3,00")
    assert amounts(reader.one(text, rule)) == [D("5.00"), D("-3.00")]


def test_a_debit_with_a_minus_among_others_takes_one_back(reader):
    rule = mapping(header=TWO_HEADER, amount=TWO)
    text = table("Day;In;Out", "01.02.2026;;5,00", "02.02.2026;;-3,00")
    assert amounts(reader.one(text, rule)) == [D("-5.00"), D("3.00")]


def test_the_balance_tells_what_the_minus_of_a_debit_means(reader):
    rule = mapping(header=TWO_HEADER, amount=TWO, more='[balance]\nafter = "Balance"')
    text = table("Day;In;Out;Balance", "01.02.2026;1,00;;11,00", "02.02.2026;;-3,00;14,00", "03.02.2026;1,00;;15,00")
    statement = reader.one(text, rule)
    assert (amounts(statement), codes_of(statement)) == ([D("1.00"), D("3.00"), D("1.00")], [])


def test_a_row_with_both_columns_is_an_error(reader):
    rule = mapping(header=TWO_HEADER, amount=TWO)
    assert codes_of(reader.one(table("Day;In;Out", "01.02.2026;1,00;2,00"), rule)) == ["spreadsheet.both-columns"]


@pytest.mark.parametrize("row", ["01.02.2026;;", "01.02.2026;x;1,00", "01.02.2026;1,00;x"])
def test_a_row_whose_columns_cannot_be_read_is_an_error(reader, row):
    rule = mapping(header=TWO_HEADER, amount=TWO)
    statement = reader.one(table("Day;In;Out", row, "02.02.2026;1,00;"), rule)
    assert codes_of(statement) == ["spreadsheet.amount"]
    assert len(statement.entries) == 1


def test_amounts_of_credit_cards_are_negated(reader):
    assert amounts(
        reader.one(table("Day;Amount", "01.02.2026;5,00"), mapping(amount='column = "Amount"\nnegated = true'))
    ) == [D("-5.00")]


@pytest.mark.parametrize(
    ("sign", "booked", "fee", "expected", "charges"),
    [
        ("as-written", "separately", "-0,50", ["10.00", "-0.50"], None),
        ("cost", "separately", "0,50", ["10.00", "-0.50"], None),
        ("cost", "inside", "0,50", ["10.00"], "0.50"),
        ("as-written", "inside", "-0,50", ["10.00"], "0.50"),
        ("cost", "split", "0,50", ["10.50", "-0.50"], None),
        ("cost", "separately", "", ["10.00"], None),
        ("cost", "separately", "0,00", ["10.00"], None),
    ],
)
def test_fees_are_booked_as_the_mapping_says(reader, sign, booked, fee, expected, charges):
    rule = mapping(more=f'[[fees]]\ncolumn = "Fee"\nsign = "{sign}"\nbooked = "{booked}"\ndescription = "Charge"')
    statement = reader.one(table("Day;Amount;Fee", f"01.02.2026;10,00;{fee}"), rule)
    assert amounts(statement) == [D(one) for one in expected]
    assert statement.entries[0].charges == (D(charges) if charges else None)
    assert [entry.description for entry in statement.entries[1:]] == ["Charge"] * (len(expected) - 1)
    assert [entry.position for entry in statement.entries] == list(range(1, len(expected) + 1))


def test_a_row_may_make_four_entries(reader):
    fees = "".join(f'[[fees]]\ncolumn = "{name}"\ndescription = "{name}"\n' for name in ("Fee", "Exchange", "Message"))
    statement = reader.one(
        table("Day;Amount;Fee;Exchange;Message", "01.02.2026;-100,00;-1,00;-2,00;-3,00"), mapping(more=fees)
    )
    assert amounts(statement) == [D("-100.00"), D("-1.00"), D("-2.00"), D("-3.00")]
    assert {entry.line for entry in statement.entries} == {2}


def test_a_fee_that_cannot_be_read_is_an_error(reader):
    rule = mapping(more='[[fees]]\ncolumn = "Fee"')
    assert codes_of(reader.one(table("Day;Amount;Fee", "01.02.2026;10,00;x"), rule)) == ["spreadsheet.amount"]


@pytest.mark.parametrize(("currency", "codes"), [("CZK", []), ("EUR", ["spreadsheet.fee-currency"]), ("", [])])
def test_a_fee_in_another_currency_is_an_error(reader, currency, codes):
    rule = mapping(columns='date = "Day"\ncurrency = "Cur"', more='[[fees]]\ncolumn = "Fee"\ncurrency = "FeeCur"')
    statement = reader.one(table("Day;Amount;Cur;Fee;FeeCur", f"01.02.2026;10,00;CZK;-1,00;{currency}"), rule)
    assert codes_of(statement) == codes


@pytest.mark.parametrize(("total", "codes"), [("9,50", []), ("", []), ("10,50", ["spreadsheet.total"])])
def test_amount_and_fees_make_the_total(reader, total, codes):
    rule = mapping(amount='column = "Amount"\ntotal = "Net"', more='[[fees]]\ncolumn = "Fee"\nsign = "cost"')
    assert codes_of(reader.one(table("Day;Amount;Fee;Net", f"01.02.2026;10,00;0,50;{total}"), rule)) == codes


@pytest.mark.parametrize(("odd", "other", "named"), [("1.000", "12.50", ""), ("1,000", "12,50", 'decimal = ","')])
def test_three_decimals_among_two_may_be_thousands_and_are_an_error(reader, odd, other, named):
    rows = "".join(f"01.02.2026;{amount}\n" for amount in (other, odd, other))
    statement = reader.one("Day;Amount\n" + rows, mapping(file=named))
    assert [(one.code, one.location.line) for one in statement.findings] == [("spreadsheet.decimal", 3)]


@pytest.mark.parametrize("amounts", [("1,000", "2,500"), ("1,12345678", "2,500", "3,50"), ("0,125", "12,50")])
def test_decimals_that_are_no_thousands_are_read_as_they_stand(reader, amounts):
    rows = "".join(f"01.02.2026;{amount}\n" for amount in amounts)
    statement = reader.one("Day;Amount\n" + rows, mapping(file='decimal = ","'))
    assert codes_of(statement) == []
