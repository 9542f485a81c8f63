"""Rows: which are bookings, which are none, and what is said of damaged ones."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.findings import Severity
from tests.formats.spreadsheet.tables import OWN, codes_of, mapping, opendocument, workbook

D = Decimal
HEADER = "Day;Amount;Text;Note\n"
RULE = mapping(columns='date = "Day"\nmessage = "Text"')
GOOD = "01.02.2026;1,00;a;b\n"


def test_a_good_file_says_nothing(reader):
    assert codes_of(reader.one(HEADER + GOOD * 3, RULE)) == []


@pytest.mark.parametrize("row", ["02.02.2026;1,00;a;b;c\n", "02.02.2026;1,00;a;b;c;d\n", "02.02.2026;1,00;a;b;;\n"])
def test_a_row_with_too_many_cells_is_an_error(reader, row):
    statement = reader.one(HEADER + GOOD * 3 + row, RULE)
    assert codes_of(statement) == ["spreadsheet.row-too-long"]
    assert statement.findings[0].location.line == 5


@pytest.mark.parametrize("end", ["", ";"])
def test_a_delimiter_at_the_end_of_all_rows_is_usual(reader, end):
    rows = "".join(f"{row};\n" for row in (GOOD * 3).splitlines())
    assert codes_of(reader.one(HEADER.replace("\n", f"{end}\n") + rows, RULE)) == []


def test_a_moved_cell_is_noticed_where_all_rows_end_with_a_delimiter(reader):
    rows = "".join(f"{row};\n" for row in (GOOD * 3).splitlines())
    statement = reader.one(HEADER.replace("\n", ";\n") + rows + "02.02.2026;1,00;a;1;b;\n", RULE)
    assert codes_of(statement) == ["spreadsheet.row-too-long"]


def test_a_short_row_is_a_warning_where_nothing_needed_is_missing(reader):
    statement = reader.one(HEADER + GOOD + "02.02.2026;1,00;a\n", RULE)
    assert codes_of(statement) == ["spreadsheet.row-too-short"]
    assert statement.findings[0].severity is Severity.WARNING
    assert len(statement.entries) == 2


def test_a_short_row_is_an_error_where_other_rows_have_empty_cells_at_their_end(reader):
    statement = reader.one(HEADER + GOOD + "02.02.2026;1,00;a;\n02.02.2026;1,00;a\n", RULE)
    assert [(one.code, one.severity) for one in statement.findings] == [("spreadsheet.row-too-short", Severity.ERROR)]


def test_a_row_whose_cells_have_moved_is_not_skipped_in_silence(reader):
    rule = mapping(more='[[skip]]\ncolumn = "State"\nother_than = ["DONE"]')
    text = "Day;Amount;State;Note\n01.02.2026;1,00;DONE;\n01.02.2026;2,00DONE;\n"
    assert codes_of(reader.one(text, rule)) == ["spreadsheet.row-too-short", "spreadsheet.skipped"]


def test_a_short_row_without_its_amount_is_an_error(reader):
    statement = reader.one(HEADER + GOOD + "02.02.2026\n", RULE)
    assert "spreadsheet.amount" in codes_of(statement)


@pytest.mark.parametrize("day", ["31.02.2026", "2026", "x"])
def test_a_day_that_cannot_be_read_is_an_error(reader, day):
    statement = reader.one(HEADER + GOOD + f"{day};1,00;a;b\n", RULE)
    assert codes_of(statement) == ["spreadsheet.day"]
    assert statement.findings[0].location.where == "column 1"


def test_an_amount_without_a_day_is_an_error(reader):
    assert codes_of(reader.one(HEADER + GOOD + ";1,00;a;b\n", RULE)) == ["spreadsheet.day"]


def test_a_missing_day_of_booking_is_none_where_there_is_a_day_of_value(reader):
    rule = mapping(columns='date = "Day"\nvalue_date = "Note"')
    statement = reader.one(HEADER + ";1,00;a;01.02.2026\n", rule)
    assert (codes_of(statement), statement.entries[0].date) == ([], dt.date(2026, 2, 1))


@pytest.mark.parametrize(
    ("row", "severity"),
    [(";;only text;\n", Severity.WARNING), ("Sum;none;;\n", Severity.WARNING), ("2.2;1,0,0;a;b\n", Severity.ERROR)],
)
@pytest.mark.parametrize("after", [GOOD, ""])
def test_a_row_that_is_no_booking_is_told(reader, row, severity, after):
    statement = reader.one(HEADER + GOOD + row + after, RULE)
    told = [one for one in statement.findings if one.code == "spreadsheet.row"]
    assert [one.severity for one in told] == [severity]


def test_blank_rows_and_repeated_headers_are_nothing(reader):
    statement = reader.one(HEADER + GOOD + "\n;;;\n" + HEADER + GOOD, RULE)
    assert (len(statement.entries), codes_of(statement)) == (2, [])


def test_the_footer_ends_the_data(reader):
    rule = mapping(file="footer = ['^Total']")
    statement = reader.one(HEADER + GOOD + "Total;1,00;;\nanything;2;;\n", rule)
    assert (len(statement.entries), codes_of(statement)) == (1, [])


def test_a_label_of_the_footer_ends_the_data_and_gives_its_value(reader):
    rule = mapping(more='[[footer]]\nfield = "closing"\nlabel = "Closing balance:"')
    statement = reader.one(HEADER + GOOD + "Closing balance:;10,00;;\n", rule)
    assert (len(statement.entries), statement.closing, codes_of(statement)) == (1, D("10.00"), [])


def test_an_entry_below_the_footer_is_not_lost_in_silence(reader):
    rule = mapping(file="footer = ['^Total']")
    statement = reader.one(HEADER + GOOD + "Total;1,00;;\n" + GOOD, rule)
    assert codes_of(statement) == ["spreadsheet.below-the-end"]


def test_an_entry_above_the_header_is_not_lost_in_silence(reader):
    assert codes_of(reader.one(GOOD + HEADER + GOOD, RULE)) == ["spreadsheet.above-the-data"]


def test_a_preamble_with_a_day_and_a_balance_is_no_entry(reader):
    assert codes_of(reader.one("Balance;01.02.2026;100,00;\n" + HEADER + GOOD, RULE)) == []


def test_a_header_below_its_rows_does_not_make_an_empty_statement_in_silence(reader):
    assert "spreadsheet.above-the-data" in codes_of(reader.one(GOOD + HEADER, RULE))


def test_a_damaged_first_row_of_a_table_without_a_header_is_not_lost_in_silence(reader):
    rule = mapping(
        header='columns = 3\nshapes = [{ number = 1, shape = "day" }, { number = 2, shape = "amount" }]',
        amount="column = { number = 2 }",
        columns="date = { number = 1 }",
    )
    rows = "02.02.2026;2,00;b\n" * 3
    assert codes_of(reader.one("01.02.2026;1x,00;a\n" + rows, rule)) == ["spreadsheet.above-the-data"]
    assert codes_of(reader.one("Day;Amount;Text\n" + rows, rule)) == []


def test_a_second_header_below_a_footer_begins_another_statement(reader):
    rule = mapping(
        more='[[preamble]]\nfield = "opening"\nlabel = "Opening"\n[[footer]]\nfield = "closing"\nlabel = "Closing"'
    )
    text = f"Opening;1,00\n{HEADER}{GOOD}Closing;2,00\nOpening;5,00\n{HEADER}{GOOD}Closing;6,00\n"
    read = reader.all(text, rule)
    assert [(one.opening, one.closing) for one in read.statements] == [(D("1.00"), D("2.00")), (D("5.00"), D("6.00"))]
    assert [one.origin.ordinal for one in read.statements] == [1, 2]


@pytest.mark.parametrize(
    "rule",
    [
        'values = ["PENDING"]',
        'other_than = ["completed"]',
        "pattern = '^PEND'",
        'pattern = "EN"\nvalues = ["Pending"]',
    ],
)
def test_rows_that_are_no_bookings_are_skipped_and_counted(reader, rule):
    text = "Day;Amount;State\n01.02.2026;1,00;COMPLETED\n02.02.2026;5,00;PENDING\n02.02.2026;;PENDING\n"
    more = f'[[skip]]\ncolumn = "State"\nreason = "not completed"\n{rule}'
    statement = reader.one(text, mapping(more=more))
    assert (len(statement.entries), codes_of(statement)) == (1, ["spreadsheet.skipped"])
    assert "2 rows" in statement.findings[0].message
    assert "not completed: 2" in statement.findings[0].message


@pytest.mark.parametrize(("balance", "codes"), [("9,00", ["spreadsheet.skipped-with-balance"]), ("", [])])
def test_a_skipped_row_with_a_balance_is_told(reader, balance, codes):
    rule = mapping(more='[balance]\nafter = "Bal"\n[[skip]]\ncolumn = "State"\nother_than = ["DONE"]')
    text = f"Day;Amount;Bal;State\n01.02.2026;1,00;10,00;DONE\n02.02.2026;-1,00;{balance};DxNE\n"
    assert codes_of(reader.one(text, rule)) == [*codes, "spreadsheet.skipped"]


@pytest.mark.parametrize(("empty", "kept"), [("true", "1.00"), ("false", "2.00")])
def test_rows_are_skipped_by_empty_cells(reader, empty, kept):
    text = "Day;Amount;State\n01.02.2026;1,00;x\n01.02.2026;2,00;\n"
    statement = reader.one(text, mapping(more=f'[[skip]]\ncolumn = "State"\nempty = {empty}'))
    assert [entry.amount for entry in statement.entries] == [D(kept)]


def test_a_reversal_is_marked(reader):
    rule = mapping(more='[reversal]\ncolumn = "Note"\nvalues = ["ano"]')
    entries = reader.one(HEADER + GOOD + "01.02.2026;1,00;a;ANO\n", rule).entries
    assert [entry.reversal for entry in entries] == [False, True]


DATES = 'dates = ["DD/MM/YYYY", "MM/DD/YYYY"]'


def test_days_that_fit_two_patterns_are_asked_for(reader):
    statement = reader.one("Day;Amount\n03/04/2026;1,00\n05/06/2026;1,00\n", mapping(file=DATES))
    assert codes_of(statement) == ["spreadsheet.date-format"]
    assert "--date-format" in statement.findings[0].hint


@pytest.mark.parametrize(("pattern", "month"), [("DD/MM/YYYY", 4), ("MM/DD/YYYY", 3)])
def test_the_user_settles_the_pattern(reader, pattern, month):
    text = "Day;Amount\n03/04/2026;1,00\n"
    statement = reader.one(text, mapping(file=DATES), date_format=pattern)
    assert (statement.entries[0].date.month, codes_of(statement)) == (month, [])


@pytest.mark.parametrize(("proof", "month"), [("13/04/2026", 4), ("04/13/2026", 3)])
def test_one_day_beyond_the_twelfth_proves_the_pattern(reader, proof, month):
    statement = reader.one(f"Day;Amount\n03/04/2026;1,00\n{proof};1,00\n", mapping(file=DATES))
    assert codes_of(statement) == []
    assert dt.date(2026, month, 3 if month == 4 else 4) in {entry.date for entry in statement.entries}


def test_a_proof_goes_before_what_the_user_says_of_other_files(reader):
    statement = reader.one("Day;Amount\n13/04/2026;1,00\n", mapping(file=DATES), date_format="MM/DD/YYYY")
    assert statement.entries[0].date == dt.date(2026, 4, 13)


def test_the_user_may_name_a_pattern_that_the_mapping_does_not_have(reader):
    statement = reader.one("Day;Amount\n2026/04/13;1,00\n", mapping(), date_format="YYYY/MM/DD")
    assert (statement.entries[0].date, codes_of(statement)) == (dt.date(2026, 4, 13), [])


def test_patterns_that_cannot_be_confused_may_be_mixed(reader):
    statement = reader.one("Day;Amount\n13.04.2026;1,00\n2026-04-14 12:30;1,00\n", mapping())
    assert [entry.date.day for entry in statement.entries] == [13, 14]


def test_days_of_a_workbook_need_no_pattern(reader):
    noon = dt.datetime(2026, 4, 3, 12)  # noqa: DTZ001 - a workbook knows no time zones
    content = workbook(("A", [["Day", "Amount"], [noon, 1.5], [dt.date(2026, 4, 4), 2]]))
    assert [one.date.day for one in reader.one(content, mapping(file=DATES), name="a.xlsx").entries] == [3, 4]


def test_a_column_may_have_patterns_of_its_own(reader):
    rule = mapping(columns='date = "Day"\nvalue_date = { names = ["Value"], dates = ["YYYYMMDD"] }')
    entry = reader.one("Day;Amount;Value\n01.02.2026;1,00;20260203\n", rule).entries[0]
    assert entry.value_date == dt.date(2026, 2, 3)


def test_one_statement_a_currency_and_account(reader):
    rule = mapping(columns='date = "Day"\ncurrency = "Cur"\naccount = "Acc"')
    rows = "01.02.2026;1,00;CZK;A1\n01.02.2026;2,00;eur;A1\n01.02.2026;3,00;CZK;A2\n01.02.2026;4,00;Kč;A1\n"
    read = reader.all("Day;Amount;Cur;Acc\n" + rows, rule)
    assert [(one.currency, one.account.number, len(one.entries)) for one in read.statements] == [
        ("CZK", "A1", 2),
        ("EUR", "A1", 1),
        ("CZK", "A2", 1),
    ]


def test_further_columns_split(reader):
    rule = mapping(top='split = ["Pocket"]')
    read = reader.all("Day;Amount;Pocket\n01.02.2026;1,00;a\n01.02.2026;2,00;b\n", rule)
    assert len(read.statements) == 2


def test_a_row_without_a_currency_belongs_to_the_only_one(reader):
    rule = mapping(columns='date = "Day"\ncurrency = "Cur"')
    statement = reader.one("Day;Amount;Cur\n01.02.2026;1,00;CZK\n01.02.2026;2,00;\n", rule)
    assert [entry.amount for entry in statement.entries] == [D("1.00"), D("2.00")]


def test_what_is_no_currency_is_an_error(reader):
    rule = mapping(columns='date = "Day"\ncurrency = "Cur"')
    assert "spreadsheet.currency" in codes_of(reader.one("Day;Amount;Cur\n01.02.2026;1,00;C1\n", rule))


def test_an_error_in_the_file_holds_back_every_statement_in_it(reader):
    rule = mapping(columns='date = "Day"\ncurrency = "Cur"')
    read = reader.all("Day;Amount;Cur\n01.02.2026;1,00;CZK\n01.02.2026;2,00;EUR\n2.2;x1;;\n", rule)
    assert [codes_of(one).count("spreadsheet.row") for one in read.statements] == [1, 1]


def test_a_table_without_rows_is_an_empty_statement(reader):
    statement = reader.one("Day;Amount;Text\n", RULE)
    assert (statement.entries, codes_of(statement)) == ((), [])


def test_a_long_list_of_findings_is_cut_and_says_so(reader):
    statement = reader.one(HEADER + "01.02.2026;x;a;b\n" * 30, RULE)
    assert codes_of(statement).count("spreadsheet.amount") == 20
    assert [str(one.message) for one in statement.findings if one.code == "spreadsheet.more"] == [
        "10 more findings of the kind 'Amount cannot be read' are not listed."
    ]


def test_a_quotation_mark_that_is_not_closed_is_told_with_the_statement(reader):
    text = HEADER + GOOD + '02.02.2026;1,00;"a;b\n' + GOOD * 3
    statement = reader.one(text, RULE)
    assert "table.quote" in codes_of(statement)
    assert len(statement.entries) == 5


def test_cells_with_an_error_hold_a_statement_back(reader):
    content = workbook(("A", [["Day", "Amount"], ["01.02.2026", "=1+1"], ["01.02.2026", 5]]))
    statement = reader.one(content, mapping(), name="a.xlsx")
    assert {"table.cell-error", "spreadsheet.amount"} <= set(codes_of(statement))


@pytest.mark.parametrize(
    ("more", "own", "account", "code"),
    [
        ('[[preamble]]\nfield = "account"\nlabel = "Acc"', (), OWN, None),
        ("", (OWN,), OWN, "spreadsheet.account-by-bank"),
        ("", ("2000145399/0100", OWN), OWN, "spreadsheet.account-by-bank"),
        ("", (OWN, "2000145399/0800"), None, None),
        ("", (), None, None),
    ],
)
def test_whose_account_it_is(reader, more, own, account, code):
    rule = mapping(top='bank_code = "0800"', more=more)
    statement = reader.one(f"Acc;19-2000145399\n{HEADER}{GOOD}", rule, own=own)
    assert statement.account.iban == account
    assert codes_of(statement) == ([code] if code else [])


def test_a_gateway_finds_the_account_by_the_form_of_its_ibans(reader):
    rule = mapping(top="own_accounts = 'LT\\d\\d3250.*'")
    own = ("LT023250012345678901", OWN)
    assert reader.one(HEADER + GOOD, rule, own=own).account.iban == own[0]


def test_values_beside_the_rows(reader):
    rule = mapping(
        more="""
[[preamble]]
pattern = 'account (?P<account>[\\d/-]+) from (?P<period_from>[\\d.]+)'
[[preamble]]
field = "period_to"
label = "Until"
below = 1
[[preamble]]
field = "number"
label = "Number"
pattern = 'n. (\\d+)'
[[preamble]]
field = "currency"
label = "Currency"
[[preamble]]
field = "entry_count"
label = "Count"
[[preamble]]
field = "credit_turnover"
label = "In"
[[preamble]]
field = "debit_turnover"
label = "Out"
[[file_name]]
pattern = '_(?P<date>\\d{8})'
dates = ["YYYYMMDD"]
"""
    )
    above = (
        "Movements of account 19-2000145399/0800 from 01.02.2026\nUntil:;;;\n;28.02.2026;;\nNumber: n. 7\n"
        "Currency czk\nCount;1\nIn;1,00\nOut;-2,00\n"
    )
    statement = reader.one(above + HEADER + GOOD, rule, name="x_20260301.csv")
    assert statement.account.iban == OWN
    assert (statement.period_from, statement.period_to) == (dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    assert (statement.number, statement.currency, statement.entry_count) == ("7", "CZK", 1)
    assert (statement.credit_turnover, statement.debit_turnover) == (D("1.00"), D("2.00"))
    assert statement.date == dt.date(2026, 3, 1)
    assert codes_of(statement) == []


@pytest.mark.parametrize(("field", "severity"), [("opening", Severity.ERROR), ("period_from", Severity.WARNING)])
def test_a_value_that_cannot_be_read_is_told(reader, field, severity):
    rule = mapping(more=f'[[preamble]]\nfield = "{field}"\nlabel = "It"')
    statement = reader.one(f"It;nonsense\n{HEADER}{GOOD}", rule)
    assert [(one.code, one.severity) for one in statement.findings] == [("spreadsheet.value", severity)]


def test_the_name_of_the_sheet_may_tell_the_currency(reader):
    rule = mapping(more="[[sheet_name]]\npattern = '(?P<currency>[A-Z]{3})'")
    content = workbook(("EUR account", [["Day", "Amount"], ["01.02.2026", 1]]))
    assert reader.one(content, rule, name="a.xlsx").currency == "EUR"


@pytest.mark.parametrize("last", ["02.02.2026;1,0", "02.02.2026"])
def test_a_row_that_ends_inside_its_amount_or_before_it_is_an_error(reader, last):
    statement = reader.one(HEADER + GOOD + last, RULE)
    found = {one.code: one.severity for one in statement.findings}
    assert found["spreadsheet.row-too-short"] is Severity.ERROR


def test_a_fee_at_the_end_of_a_short_row_may_be_a_cell_that_moved(reader):
    rule = mapping(more='[[fees]]\ncolumn = "Fee"')
    statement = reader.one("Day;Amount;Text;Fee;Id\n01.02.2026;1,00;a;0,00;7\n02.02.2026;1,00;a;555\n", rule)
    assert [one.severity for one in statement.findings] == [Severity.ERROR]


@pytest.mark.parametrize("label", ["Celkem", "Součet za období", "Skupaj:", "TOTAL"])
def test_totals_below_the_rows_are_no_entry_and_prove_them(reader, label):
    statement = reader.one(HEADER + GOOD * 2 + f"{label};2,00;;\n", RULE)
    assert (len(statement.entries), codes_of(statement)) == (2, ["spreadsheet.totals"])


def test_totals_of_two_columns_are_compared_with_what_came_and_what_went(reader):
    rule = mapping(header='required = ["Day", "In", "Out"]', amount='credit = "In"\ndebit = "Out"')
    rows = "Day;In;Out\n01.02.2026;5,00;\n01.02.2026;;2,00\n"
    assert codes_of(reader.one(rows + "Total;5,00;2,00\n", rule)) == ["spreadsheet.totals"]
    assert codes_of(reader.one(rows + "Total;5,00;3,00\n", rule)) == ["spreadsheet.totals-differ"]


def test_totals_that_differ_are_told(reader):
    statement = reader.one(HEADER + GOOD * 2 + "Celkem;3,00;;\n", RULE)
    assert (len(statement.entries), codes_of(statement)) == (2, ["spreadsheet.totals-differ"])
    assert statement.findings[0].location.line == 4


def test_a_payment_that_is_called_a_total_has_a_day_and_is_an_entry(reader):
    rule = mapping(header='required = ["Text", "Amount"]')
    statement = reader.one("Text;Amount;Day\nTotal CZ s.r.o.;2,00;01.02.2026\n", rule)
    assert (len(statement.entries), codes_of(statement)) == (1, [])


def test_a_letter_of_utf_16_that_is_lost_is_an_error_because_all_behind_it_is_lost(reader):
    content = (HEADER + GOOD + GOOD).encode("utf-16-le")
    statement = reader.one(b"\xff\xfe" + content[:-30] + b"x" + content[-30:], RULE)
    assert {one.code: one.severity for one in statement.findings}["table.letters"] is Severity.ERROR


def test_a_damaged_first_row_of_a_table_without_a_header_is_told(reader):
    shape = 'columns = 3\nshapes = [{ number = 1, shape = "day" }, { number = 2, shape = "amount" }]'
    rule = mapping(header=shape, amount="column = { number = 2 }", columns="date = { number = 1 }")
    rows = "01.02.201,00;x;y\n" + "01.02.2026;1,00;x\n" * 2
    assert codes_of(reader.one(rows, rule)) == ["spreadsheet.above-the-data"]


def test_a_damaged_row_of_a_short_table_without_a_header_is_told(reader):
    shape = 'columns = 3\nshapes = [{ number = 1, shape = "day" }, { number = 2, shape = "amount" }]'
    rule = mapping(header=shape, amount="column = { number = 2 }", columns="date = { number = 1 }")
    assert "spreadsheet.amount" in codes_of(reader.one("01.02.2026;1,00;x\n01.02.2026;1,x0;x\n", rule))


def test_a_workbook_that_is_too_large_is_called_so(reader):
    content = workbook(("List", [[None] * 16383 + ["x"]] + [[None]] * 2000 + [["y"]]))
    assert [one.code for one in reader.all(content, RULE, name="a.xlsx").findings] == ["table.too-large"]


@pytest.mark.parametrize("delimiter", ["\t", "|", ","])
def test_a_table_saved_with_another_delimiter_than_the_banks_is_read(reader, delimiter):
    rule = mapping(columns='date = "Day"\nmessage = "Text"', file="delimiters = [';']")
    text = (HEADER + GOOD * 2).replace("1,00", '"1,00"' if delimiter == "," else "1,00").replace(";", delimiter)
    statement = reader.one(text, rule)
    assert ([entry.amount for entry in statement.entries], codes_of(statement)) == ([D("1.00")] * 2, [])


def test_a_row_kept_together_by_quotation_marks_is_an_error(reader):
    statement = reader.one(HEADER + GOOD + '"02.02.2026;1,00;a;b"\n', RULE)
    assert [(one.code, one.severity) for one in statement.findings if one.code == "spreadsheet.row"] == [
        ("spreadsheet.row", Severity.ERROR)
    ]


def test_days_that_a_program_saved_anew_by_iso_8601_are_read(reader):
    statement = reader.one(HEADER + "2026-02-01;1,00;a;b\n", mapping(file='dates = ["DD.MM.YYYY"]'))
    assert (statement.entries[0].date, codes_of(statement)) == (dt.date(2026, 2, 1), [])


def test_a_symbol_that_a_spreadsheet_program_rounded_is_told(reader):
    rule = mapping(columns='date = "Day"\nvariable_symbol = "Note"\nmessage = "Text"')
    statement = reader.one(HEADER + "01.02.2026;1,00;1E+05;1,23457E+09\n", rule)
    assert [(one.code, one.location.where) for one in statement.findings] == [("spreadsheet.digits", "column 4")]


def test_a_first_row_that_stands_behind_the_headings_is_told(reader):
    statement = reader.one("Day;Amount;Text;Note01.02.2026;1,00;a;b\n".replace("Note", "Note;") + GOOD, RULE)
    assert "spreadsheet.above-the-data" in codes_of(statement)


EMPTY = (
    '<table:table-row table:number-rows-repeated="{}">'
    '<table:table-cell table:number-columns-repeated="16384"{}/></table:table-row>'
)


def test_empty_cells_repeated_to_the_end_of_an_ods_sheet_are_nothing(reader):
    content = opendocument([["Day", "Amount", "Text"], ["01.02.2026", "1,00", "a"]], EMPTY.format(1048574, ""))
    statement = reader.one(content, RULE, name="a.ods")
    assert ([entry.amount for entry in statement.entries], codes_of(statement)) == ([D("1.00")], [])


def test_one_cell_of_an_ods_sheet_that_stands_for_millions_is_refused(reader):
    filled = EMPTY.format(2000, ' office:value-type="float" office:value="1"')
    content = opendocument([["Day", "Amount", "Text"], ["01.02.2026", "1,00", "a"]], filled)
    assert [one.code for one in reader.all(content, RULE, name="a.ods").findings] == ["table.too-large"]
