"""Fields of an entry: texts stay texts, accounts and symbols keep their digits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from efimport.documents import BankAccount
from efimport.formats.spreadsheet.fields import account_of, counter_account, currency_code
from tests.formats.spreadsheet.tables import codes_of, mapping, workbook

HEADER = "Day;Amount;A;B;C\n"


def entry_of(reader, columns: str, *cells: str, more: str = ""):
    text = HEADER + ";".join(["01.02.2026", "1,00", *cells]) + "\n"
    return reader.one(text, mapping(columns=f'date = "Day"\n{columns}', more=more)).entries[0]


@pytest.mark.parametrize(
    ("text", "symbol", "reference"),
    [
        ("0000000308", "308", None),
        ("308", "308", None),
        ("0", None, None),
        ("", None, None),
        ("1 234", "1234", None),
        ("12345678901234567890", "12345678901234567890", None),
        ("SI00 123", None, "SI00123"),
        ("12-34", None, "12-34"),
    ],
)
def test_symbols_are_kept_without_leading_zeros_and_others_as_references(reader, text, symbol, reference):
    entry = entry_of(reader, 'variable_symbol = "A"', text)
    assert (entry.variable_symbol, entry.end_to_end_reference) == (symbol, reference)


def test_a_number_in_a_workbook_becomes_the_text_that_people_see(reader):
    rows = [["Day", "Amount", "VS", "Acc", "Code"], ["01.02.2026", 1, 308, 2000145399, 800]]
    rule = mapping(columns='date = "Day"\nvariable_symbol = "VS"\ncounter_account = "Acc"\ncounter_bank_code = "Code"')
    entry = reader.one(workbook(("A", rows)), rule, name="a.xlsx").entries[0]
    assert (entry.variable_symbol, entry.counter_account.display) == ("308", "CZ7908000000002000145399")


def test_a_number_of_more_digits_than_a_workbook_keeps_is_told(reader):
    rows = [["Day", "Amount", "Acc"], ["01.02.2026", 1, 1234567890123456], ["01.02.2026", 1, 123456]]
    rule = mapping(columns='date = "Day"\nbank_reference = "Acc"')
    statement = reader.one(workbook(("A", rows)), rule, name="a.xlsx")
    assert codes_of(statement) == ["spreadsheet.digits"]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("19-2000145399", "", "0800"), "CZ6508000000192000145399"),
        (("2000145399", "19", "0800"), "CZ6508000000192000145399"),
        (("2000145399", "000019", "800"), "CZ6508000000192000145399"),
        (("19-2000145399/0800", "", ""), "CZ6508000000192000145399"),
        (("19-2000145399/0800", "", "0800"), "CZ6508000000192000145399"),
        (("CZ65 0800 0000 1920 0014 5399", "", "0800"), "CZ6508000000192000145399"),
        (("2000145399", "", ""), "2000145399"),
        (("DE89370400440532013000", "", ""), "DE89370400440532013000"),
        (("Wallet 7", "", ""), "Wallet 7"),
        (("0", "", ""), None),
        (("", "", "0800"), None),
    ],
)
def test_an_account_in_its_parts(parts, expected):
    assert account_of(*parts).display == expected


def test_an_iban_beside_a_number_goes_first():
    account = counter_account("2000145399", "", "0800", "DE89370400440532013000", "COBADEFF", "Commerzbank")
    assert account == BankAccount(
        iban="DE89370400440532013000", number="2000145399", bank_code="0800", bic="COBADEFF", bank_name="Commerzbank"
    )


def test_no_account_is_none():
    assert counter_account("") is None


@pytest.mark.parametrize(
    ("text", "code"), [("czk", "CZK"), ("Kč", "CZK"), ("€", "EUR"), ("EUR ", "EUR"), ("koruna", None), ("", None)]
)
def test_currencies_as_people_write_them(text, code):
    assert currency_code(text) == code


def test_texts_are_joined_without_repeating_them(reader):
    entry = entry_of(reader, 'message = { join = ["A", "B", "C"], separator = " / " }', "one", "two", "one")
    assert entry.message == "one / two"


def test_the_first_filled_column_counts(reader):
    assert entry_of(reader, 'counter_name = { first_of = ["A", "B", "C"] }', "", "two", "three").counter_name == "two"


def test_a_constant(reader):
    assert entry_of(reader, 'description = { constant = "Card" }').description == "Card"


def test_a_column_under_a_condition(reader):
    columns = 'counter_name = { names = ["A"], when = [{ column = "B", values = ["OUT"] }] }'
    assert entry_of(reader, columns, "x", "OUT").counter_name == "x"
    assert entry_of(reader, columns, "x", "IN").counter_name is None


@pytest.mark.parametrize(
    ("pattern", "found"), [(r"VS(\d+)", "12"), (r"(?P<value>\d+) end", "34"), (r"\d+", "12"), ("nothing", None)]
)
def test_a_part_of_a_cell(reader, pattern, found):
    columns = f"bank_reference = {{ names = [\"A\"], pattern = '{pattern}' }}"
    assert entry_of(reader, columns, "VS12 34 end").bank_reference == found


def test_symbols_are_looked_for_in_texts(reader):
    more = '[[symbols]]\nfield = "variable_symbol"\nsources = ["message"]\npattern = \'\\bVS:? ?(\\d+)\'\n'
    columns = 'message = "A"\nvariable_symbol = "B"'
    assert entry_of(reader, columns, "Invoice VS: 0042", "", more=more).variable_symbol == "42"
    assert entry_of(reader, columns, "Invoice VS: 0042", "7", more=more).variable_symbol == "7"
    assert entry_of(reader, columns, "Invoice", "", more=more).variable_symbol is None


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("12,50 EUR", "12.50", "EUR"),
        ("EUR 1.012,50", "1012.50", "EUR"),
        ("-12,50", "-12.50", None),
        ("", None, None),
    ],
)
def test_an_amount_before_conversion_with_its_currency_beside_it(reader, text, amount, currency):
    entry = entry_of(reader, 'original_amount = "A"', text)
    assert entry.original_amount == (Decimal(amount) if amount else None)
    assert entry.original_currency == currency


def test_a_rate_may_have_a_mark_of_its_own(reader):
    entry = entry_of(reader, 'exchange_rate = { names = ["A"], decimal = "." }\ncharges = "B"', "25.345", "1,50")
    assert (entry.exchange_rate, entry.charges) == (Decimal("25.345"), Decimal("1.50"))


@pytest.mark.parametrize("field", ["original_amount", "exchange_rate", "charges"])
def test_a_further_amount_that_cannot_be_read_is_a_warning(reader, field):
    text = HEADER + "01.02.2026;1,00;x1;;\n"
    statement = reader.one(text, mapping(columns=f'date = "Day"\n{field} = "A"'))
    assert codes_of(statement) == ["spreadsheet.further-amount"]
    assert not statement.findings[0].is_error
