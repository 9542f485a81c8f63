"""Each finding has a file that provokes it; the plain file of test_read provokes none."""

from __future__ import annotations

import io

import pytest

from efimport.findings import Finding, Severity


def damaged(paypal, old: str, new: str, count: int = 1, **fields):
    content = paypal.Written(**fields).encode().decode()
    assert old in content
    return paypal.statement(content.replace(old, new, count).encode())


def lines_of(paypal, **fields):
    return paypal.Written(**fields).encode().decode().split("\r\n")


@pytest.mark.parametrize("text", ["1E+05", "x", "12. Jan", "1.234", "97.00.1", ""])
def test_an_amount_that_is_none_is_an_error_with_the_cell(paypal, text):
    document = damaged(paypal, '"96.80"', f'"{text}"')
    found = paypal.found(document, "paypal.amount")
    assert (found.location.line, found.location.where) == (2, "column 10")
    assert paypal.hundredths(document) == [-2550, 4805]


def test_a_damaged_amount_in_a_row_that_moves_nothing_is_no_error(paypal):
    promise = paypal.Move(gross=3000, fee=0, moves=False)
    document = damaged(paypal, '"30.00"', '"..."', moves=(paypal.Move(), promise))
    assert paypal.errors(document) == set()


def test_a_changed_amount_breaks_the_balances_in_its_row(paypal):
    document = damaged(paypal, '"-25.50"', '"-25.60"', count=2)
    found = paypal.found(document, "paypal.balance-break")
    assert (found.location.line, found.is_error) == (3, True)
    assert paypal.found(document, "paypal.balance-break").message.arguments["expected"] == "78.20"


def test_a_missing_row_breaks_the_balances_in_the_next_one(paypal):
    lines = lines_of(paypal)
    document = paypal.statement("\r\n".join([*lines[:2], *lines[3:]]).encode())
    assert paypal.found(document, "paypal.balance-break").location.line == 3


def test_gross_and_fee_that_do_not_make_net_are_an_error_unless_the_balances_prove_net(paypal):
    assert paypal.found(damaged(paypal, '"-3.20"', '"-3.30"'), "paypal.net").is_error
    proven = damaged(paypal, '"-1.95"', '"-1.59"')
    assert paypal.found(proven, "paypal.net-proven").severity is Severity.WARNING
    assert paypal.errors(proven) == set()
    unproven = damaged(paypal, '"-1.95"', '"-1.59"', without=("balance",))
    assert paypal.errors(unproven) == {"paypal.net"}


def test_two_decimal_marks_in_one_file_are_an_error(paypal):
    assert "paypal.decimal-marks" in paypal.errors(damaged(paypal, '"-25.50"', '"-25,50"', count=2))


def test_a_mark_before_three_digits_parts_thousands(paypal):
    moves = (paypal.Move(gross=123_400, fee=0), paypal.Move(gross=100_000, fee=0))
    content = paypal.Written(moves=moves, without=("balance",)).encode().replace(b".00", b"").replace(b"0.", b"0")
    assert paypal.hundredths(paypal.statement(content)) == [123_400, 100_000]


def test_a_row_without_a_currency_holds_back_every_statement(paypal):
    moves = (paypal.Move(), paypal.Move(currency="USD"), paypal.Move(currency="CHF"))
    content = paypal.Written(moves=moves).encode().replace(b'"CHF"', b'"F"')
    documents = paypal.statements(content)
    assert [paypal.errors(document) for document in documents] == [{"paypal.currency"}] * 2


@pytest.mark.parametrize("change", [lambda row: row + ',"x"', lambda row: row.rsplit(",", 4)[0]])
def test_a_row_with_other_columns_than_the_header_is_an_error(paypal, change):
    lines = lines_of(paypal)
    lines[2] = change(lines[2])
    assert "paypal.cells" in paypal.errors(paypal.statement("\r\n".join(lines).encode()))


def test_a_row_whose_last_texts_are_missing_is_a_warning(paypal):
    lines = lines_of(paypal, without=("impact",))
    lines[2] = lines[2].rsplit(",", 1)[0]
    document = paypal.statement("\r\n".join(lines).encode())
    assert paypal.found(document, "paypal.row-short").severity is Severity.WARNING
    assert paypal.errors(document) == set()


def test_a_column_that_stands_twice_must_say_the_same(paypal):
    assert "paypal.column-twice" in paypal.errors(damaged(paypal, '"Note"', '"Net"'))
    same = paypal.Written(moves=(paypal.Move(note="96.80"),)).encode().replace(b'"Note"', b'"Net"', 1)
    assert paypal.errors(paypal.statement(same)) == set()


@pytest.mark.parametrize("text", ["1.23457E+16", "1E+16"])
def test_an_identifier_that_a_spreadsheet_rounded_is_an_error(paypal, text):
    assert paypal.errors(damaged(paypal, '"00000000000000001"', f'"{text}"')) == {"paypal.rounded"}


def test_amounts_that_a_spreadsheet_turned_in_part_are_an_error(paypal):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(paypal.Written().workbook()))
    book.active["J2"] = "96.80"
    buffer = io.BytesIO()
    book.save(buffer)
    assert paypal.errors(paypal.statement(buffer.getvalue(), "a.xlsx")) == {"paypal.amounts-turned"}


BARE = ("balance", "impact")


def test_without_balance_and_impact_the_status_is_asked_with_a_warning(paypal):
    moves = (paypal.Move(), paypal.Move(status="Denied"), paypal.Move(type="Authorization", fee=0))
    document = paypal.statement(paypal.Written(moves=moves, without=BARE))
    assert paypal.found(document, "paypal.by-status").severity is Severity.WARNING
    assert paypal.hundredths(document) == [9680]
    assert paypal.found(document, "paypal.rows-left-out").message.arguments["count"] == "2"
    assert (document.opening, document.closing) == (None, None)


def test_one_status_on_all_rows_is_taken_in_any_language(paypal):
    moves = (paypal.Move(status="Zakończono"), paypal.Move(status="Zakończono"))
    document = paypal.statement(paypal.Written(moves=moves, language="Polish", without=BARE))
    assert paypal.errors(document) == set()
    assert len(document.entries) == 2


@pytest.mark.parametrize("without", [BARE, (*BARE, "status")])
def test_where_nothing_tells_whether_money_moved_it_is_an_error(paypal, without):
    moves = (paypal.Move(status="Zakończono"), paypal.Move(status="Oczekuje"))
    document = paypal.statement(paypal.Written(moves=moves, language="Polish", without=without))
    assert paypal.errors(document) == {"paypal.not-told"}


def test_an_impact_that_is_not_known_is_an_error_without_balances(paypal):
    document = paypal.statement(paypal.Written(language="Polish", without=("balance",)))
    assert paypal.errors(document) == {"paypal.impact"}
    assert paypal.found(document, "paypal.impact").message.arguments["count"] == "3"


def test_an_order_that_nothing_tells_is_a_warning(paypal):
    moves = (paypal.Move(gross=1000, fee=0), paypal.Move(gross=-1000, fee=0))
    document = paypal.statement(paypal.Written(moves=moves))
    assert paypal.found(document, "paypal.order").severity is Severity.WARNING


def test_a_header_in_an_unknown_language_is_a_warning(paypal):
    document = paypal.statement(paypal.Written(language="unknown"))
    assert paypal.found(document, "paypal.by-shape").severity is Severity.WARNING


def test_rows_above_the_header_are_left_out_and_told(paypal):
    document = paypal.statement(b'"Acme","2026"\r\n' + paypal.Written().encode())
    assert document.origin.changes == ("paypal.rows-above",)
    assert document.origin.content == paypal.Written().encode()


def test_long_lists_of_the_same_are_counted(paypal):
    moves = tuple(paypal.Move() for _ in range(30))
    content = paypal.Written(moves=moves).encode().replace(b'"-3.20"', b'"-3.30"')
    document = paypal.statement(content)
    assert paypal.codes(document).count("paypal.net-proven") == 20
    assert paypal.found(document, "paypal.more").message.arguments["count"] == "9"


def alone(paypal, content: bytes, name: str = "a.csv") -> list[str]:
    found = paypal.readings(content, name)
    assert all(isinstance(one, Finding) for one in found)
    return [one.code for one in found]


def test_a_file_without_rows_that_move_money_says_so(paypal):
    assert alone(paypal, paypal.Written(moves=()).encode()) == ["paypal.no-rows"]
    promised = paypal.Written(moves=(paypal.Move(moves=False),)).encode()
    assert alone(paypal, promised) == ["paypal.no-rows", "paypal.rows-left-out"]


def test_a_report_with_codes_is_refused_by_name(paypal):
    report = b'"RH","2026/01/01","A"\n"FH",1\n"SH","x"\n"CH","Transaction ID"\n"SB","1AB","10000"\n"SF","x"\n'
    assert alone(paypal, report) == ["paypal.report"]


def test_a_file_whose_header_is_lost_says_so(paypal):
    assert alone(paypal, paypal.Written(moves=(paypal.Move(),)).encode().split(b"\r\n")[1]) == ["paypal.no-header"]


def test_a_second_sheet_is_told(paypal):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(paypal.Written().workbook()))
    book.copy_worksheet(book.active)
    buffer = io.BytesIO()
    book.save(buffer)
    found = paypal.readings(buffer.getvalue(), "a.xlsx")
    assert [one.code for one in found if isinstance(one, Finding)] == ["paypal.second-sheet"]


def test_a_currency_that_paypal_does_not_keep_is_a_warning(paypal):
    moves = (*paypal.Written().moves, paypal.Move(currency="EUB", day=paypal.Written().moves[-1].day))
    euros, other = paypal.statements(paypal.Written(moves=moves).encode())
    assert "paypal.currency-unusual" not in paypal.codes(euros)
    assert paypal.found(other, "paypal.currency-unusual").severity is Severity.WARNING
