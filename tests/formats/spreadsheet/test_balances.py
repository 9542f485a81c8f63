"""Running balances: order of the rows, opening and closing balance, breaks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.formats.spreadsheet.tables import codes_of, mapping

D = Decimal
RULE = mapping(more='[balance]\nafter = "Balance"')
HEADER = "Day;Amount;Balance\n"
ROWS = ["01.02.2026;5,00;15,00", "01.02.2026;-2,00;13,00", "02.02.2026;1,00;14,00", "02.02.2026;4,00;18,00"]


def text(*rows: str) -> str:
    return HEADER + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    "order",
    [(0, 1, 2, 3), (3, 2, 1, 0), (2, 3, 0, 1), (1, 0, 3, 2)],
    ids=["oldest first", "newest first", "newest day first", "newest within its day first"],
)
def test_entries_are_put_into_the_order_in_which_the_balances_close(reader, order):
    statement = reader.one(text(*(ROWS[index] for index in order)), RULE)
    assert [entry.amount for entry in statement.entries] == [D("5.00"), D("-2.00"), D("1.00"), D("4.00")]
    assert (statement.opening, statement.closing) == (D("10.00"), D("18.00"))
    assert codes_of(statement) == []


def test_balances_go_before_what_the_mapping_says_of_the_order(reader):
    rule = mapping(file='order = "newest-first"', more='[balance]\nafter = "Balance"')
    assert reader.one(text(*ROWS), rule).opening == D("10.00")


@pytest.mark.parametrize(
    ("file", "days", "expected"),
    [
        ("", ["03", "02", "01"], [3, 2, 1]),
        ("", ["01", "02", "03"], [1, 2, 3]),
        ('order = "newest-first"', ["01", "01", "01"], [3, 2, 1]),
        ('order = "oldest-first"', ["03", "01", "02"], [2, 3, 1]),
        ('order = "newest-first"', ["02", "02", "01"], [3, 2, 1]),
    ],
)
def test_without_balances_the_mapping_and_then_the_days_tell_the_order(reader, file, days, expected):
    rows = "".join(f"{day}.02.2026;{number},00\n" for number, day in enumerate(days, 1))
    statement = reader.one("Day;Amount\n" + rows, mapping(file=file))
    assert [int(entry.amount) for entry in statement.entries] == expected
    assert [entry.position for entry in statement.entries] == [1, 2, 3]


@pytest.mark.parametrize("missing", [1, 2])
def test_a_missing_row_breaks_the_chain(reader, missing):
    rows = [row for index, row in enumerate(ROWS) if index != missing]
    statement = reader.one(text(*rows), RULE)
    assert codes_of(statement) == ["spreadsheet.balance-chain"]
    assert statement.findings[0].location.where == "column 3"


def test_a_changed_amount_breaks_the_chain(reader):
    statement = reader.one(text(ROWS[0], ROWS[1].replace("-2,00", "-3,00"), *ROWS[2:]), RULE)
    assert set(codes_of(statement)) == {"spreadsheet.balance-chain"}


def test_a_doubled_row_breaks_the_chain(reader):
    assert "spreadsheet.balance-chain" in codes_of(reader.one(text(ROWS[0], ROWS[0], *ROWS[1:]), RULE))


def test_true_doubles_are_kept(reader):
    statement = reader.one("Day;Amount\n" + "01.02.2026;-200,00\n" * 2, mapping())
    assert [entry.amount for entry in statement.entries] == [D("-200.00")] * 2


def test_rows_without_a_balance_are_carried_over(reader):
    statement = reader.one(text("01.02.2026;5,00;15,00", "01.02.2026;1,00;", "02.02.2026;1,00;17,00"), RULE)
    assert (statement.opening, statement.closing, codes_of(statement)) == (D("10.00"), D("17.00"), [])


def test_a_balance_closes_with_fees_that_are_booked_separately(reader):
    rule = mapping(more='[balance]\nafter = "Balance"\n[[fees]]\ncolumn = "Fee"')
    rows = "02.02.2026;-10,00;-0,50;89,50\n01.02.2026;100,00;0,00;100,00\n"
    statement = reader.one("Day;Amount;Fee;Balance\n" + rows, rule)
    assert (statement.opening, statement.closing, codes_of(statement)) == (D("0.00"), D("89.50"), [])


def test_balances_before_and_after_each_row(reader):
    rule = mapping(more='[balance]\nbefore = "Before"\nafter = "After"')
    rows = ["01.02.2026;5,00;10,00;15,00", "02.02.2026;-1,00;15,00;14,00"]
    header = "Day;Amount;Before;After\n"
    statement = reader.one(header + "\n".join(rows) + "\n", rule)
    assert (statement.opening, statement.closing, codes_of(statement)) == (D("10.00"), D("14.00"), [])
    broken = reader.one(header + rows[0] + "\n" + rows[1].replace("15,00;14,00", "16,00;15,00") + "\n", rule)
    assert codes_of(broken) == ["spreadsheet.balance-chain"]
    odd = reader.one(header + rows[0].replace("15,00", "16,00") + "\n", rule)
    assert codes_of(odd) == ["spreadsheet.balance-chain"]


def test_balances_that_are_the_same_in_all_rows_are_those_of_the_statement(reader):
    rule = mapping(more='[balance]\nbefore = "Before"\nafter = "After"')
    rows = "01.02.2026;5,00;10,00;14,00\n02.02.2026;-1,00;10,00;14,00\n"
    statement = reader.one("Day;Amount;Before;After\n" + rows, rule)
    assert (statement.opening, statement.closing, codes_of(statement)) == (D("10.00"), D("14.00"), [])


def test_balances_of_the_preamble_go_first_and_must_agree(reader):
    rule = mapping(more='[balance]\nafter = "Balance"\n[[preamble]]\nfield = "opening"\nlabel = "Opening"')
    statement = reader.one("Opening;10,00\n" + text(*ROWS), rule)
    assert (statement.opening, codes_of(statement)) == (D("10.00"), [])
    assert codes_of(reader.one("Opening;11,00\n" + text(*ROWS), rule)) == ["spreadsheet.balance-chain"]


def test_a_row_that_could_not_be_read_is_not_told_a_second_time_as_a_break(reader):
    statement = reader.one(text(ROWS[0], ROWS[1].replace("-2,00", "x"), *ROWS[2:]), RULE)
    assert codes_of(statement) == ["spreadsheet.amount"]


@pytest.mark.parametrize("bare", [0, 3])
def test_a_row_without_a_balance_at_either_end_is_told(reader, bare):
    rows = [row.rpartition(";")[0] + ";" if index == bare else row for index, row in enumerate(ROWS)]
    assert codes_of(reader.one(text(*rows), RULE)) == ["spreadsheet.no-balance"]
