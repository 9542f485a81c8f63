"""Files of every language, form of days and amounts, and order give the same statements."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.formats.paypal import recognise
from efimport.formats.reading import Sample
from efimport.sources import Source

PLAIN = [9680, -2550, 4805]


def claim(content: bytes, name: str = "a.csv"):
    return recognise(Sample(Source(name, content)))


LANGUAGES = ["English", "German", "French", "Italian", "Spanish", "Polish", "Slovak", "unknown"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("days", "comma"), [("MM/DD/YYYY", False), ("DD.MM.YYYY", True), ("D/M/YYYY", True)])
@pytest.mark.parametrize("newest_first", [False, True])
def test_every_language_with_every_form_reads_the_same(paypal, language, days, comma, newest_first):
    written = paypal.Written(language=language, days=days, comma=comma, newest_first=newest_first)
    document = paypal.statement(written)
    assert paypal.errors(document) == set()
    assert paypal.hundredths(document) == PLAIN
    assert [entry.date.day for entry in document.entries] == [14, 20, 31]
    assert (document.opening, document.closing) == (Decimal("7.00"), Decimal("126.35"))
    assert (document.period_from, document.period_to) == (dt.date(2026, 1, 14), dt.date(2026, 1, 31))
    assert ("paypal.by-shape" in paypal.codes(document)) == (language == "unknown")
    assert claim(written.encode()).confidence == (60 if language == "unknown" else 95)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Währung", "Währung "), ("Uhrzeit", "Zeit"), ("Gebühr", "Entgelt"), ("Netto", " Netto"),
        ("Empfänger E-Mail-Adresse", "An E-Mail-Adresse"), ("Zugehöriger Transaktionscode", "Txn-Referenzkennung"),
        ("Hinweis", "Beschreibung"),
    ],
)  # fmt: skip
def test_old_names_and_names_with_blanks_are_known(paypal, old, new):
    content = paypal.Written(language="German").encode().decode().replace(f'"{old}"', f'"{new}"', 1)
    document = paypal.statement(content.encode())
    assert paypal.errors(document) == set()
    assert paypal.hundredths(document) == PLAIN
    assert claim(content.encode()).confidence == 95


def test_an_entry_has_what_paypal_says_of_it(paypal):
    move = paypal.Move(invoice="0002026001", subject="Objednávka\n12", note="Díky")
    (entry,) = paypal.statement(paypal.Written(moves=(move,))).entries
    assert (entry.amount, entry.charges, entry.original_amount) == (Decimal("96.80"), Decimal("3.20"), Decimal(100))
    assert (entry.original_currency, entry.exchange_rate) == ("EUR", None)
    assert (entry.variable_symbol, entry.end_to_end_reference) == ("2026001", "0002026001")
    assert entry.message == "Objednávka 12 Díky kupec@odberatel.example"
    assert (entry.counter_name, entry.description) == ("Žofie Šťastná", "Website Payment")
    assert (entry.bank_reference, entry.line, entry.counter_account) == ("00000000000000001", 2, None)


def test_an_invoice_number_that_is_no_symbol_is_a_reference_alone(paypal):
    for invoice in ("INV-7", "12345678901", "0000"):
        (entry,) = paypal.statement(paypal.Written(moves=(paypal.Move(invoice=invoice),))).entries
        assert (entry.variable_symbol, entry.end_to_end_reference) == (None, invoice)


def test_a_fee_of_nothing_is_no_charge(paypal):
    (entry,) = paypal.statement(paypal.Written(moves=(paypal.Move(fee=0),))).entries
    assert (entry.charges, entry.original_amount) == (None, None)


def test_the_account_is_the_address_that_is_ours_on_both_sides(paypal):
    document = paypal.statement(paypal.Written())
    assert (document.account.display, document.account.currency) == (paypal.US, "EUR")
    assert paypal.statement(paypal.Written(without=("to",))).account.display is None


def test_an_address_on_less_than_most_rows_is_not_taken_for_ours(paypal):
    content = paypal.Written(moves=(paypal.Move(), paypal.Move())).encode()
    other = content.replace(b'"pay@acme.example"', b'"other@acme.example"', 1)
    assert paypal.statement(other).account.display is None


def test_each_currency_is_a_statement_of_its_own(paypal):
    conversion = (
        paypal.Move(gross=-5000, fee=0, currency="USD"),
        paypal.Move(gross=4600, fee=0, currency="EUR"),
        paypal.Move(gross=-100, fee=0, currency="USD", day=dt.date(2026, 1, 15)),
    )
    dollars, euros = paypal.statements(paypal.Written(moves=conversion).encode())
    assert (dollars.currency, euros.currency) == ("USD", "EUR")
    assert (dollars.origin.ordinal, euros.origin.ordinal) == (1, 2)
    assert (paypal.hundredths(dollars), paypal.hundredths(euros)) == ([-5000, -100], [4600])
    assert b"EUR" not in dollars.origin.content
    assert dollars.origin.content.count(b"\r\n") == 3
    assert paypal.found(dollars, "paypal.split-by-currency").message.arguments["count"] == "2"


MEMO = ("English", "German", "French", "Italian")


@pytest.mark.parametrize("language", MEMO)
@pytest.mark.parametrize("without", [(), ("balance",), ("impact",)])
@pytest.mark.parametrize("newest_first", [False, True])
def test_rows_that_move_no_money_are_left_out_and_counted(paypal, language, without, newest_first):
    moves = paypal.Written().moves
    promise = paypal.Move(gross=3000, fee=0, day=dt.date(2026, 1, 15), type="Authorization", moves=False)
    written = paypal.Written(
        moves=(moves[0], promise, *moves[1:]), language=language, without=without, newest_first=newest_first
    )
    document = paypal.statement(written)
    assert paypal.errors(document) == set()
    assert paypal.hundredths(document) == PLAIN
    assert paypal.found(document, "paypal.rows-left-out").message.arguments["lines"] == ("4" if newest_first else "3")
    assert "paypal.rows-left-out" in document.origin.changes
    assert b"Authorization" not in document.origin.content


def test_two_rows_that_move_nothing_behind_one_another_are_left_out(paypal):
    moves = paypal.Written().moves
    promises = (paypal.Move(gross=3000, fee=0, moves=False), paypal.Move(gross=4000, fee=0, moves=False))
    document = paypal.statement(paypal.Written(moves=(moves[0], *promises, *moves[1:]), without=("impact",)))
    assert paypal.hundredths(document) == PLAIN


def test_a_row_that_moves_nothing_may_show_any_balance(paypal):
    moves = paypal.Written().moves
    written = paypal.Written(moves=(moves[0], paypal.Move(gross=3000, fee=0, moves=False), *moves[1:]))
    for without, balance in (((), b"0.00"), (("impact",), b"0.00"), (("impact",), b"")):
        lines = paypal.replace(written, without=without).encode().split(b"\r\n")
        lines[2] = lines[2].replace(b'"103.80"', b'"%s"' % balance)
        document = paypal.statement(b"\r\n".join(lines))
        assert paypal.errors(document) == set()
        assert paypal.hundredths(document) == PLAIN


MONTHLY = """\
Date,Time,Time Zone,Description,Currency,Gross,Fee,Net,Balance,Transaction ID,From Email Address,Name,Bank Name,\
Bank Account,Shipping and Handling Amount,Sales Tax,Invoice ID,Reference Txn ID
9/4/2026,21:15:11,America/Los_Angeles,Withdrawal,EUR,"-1,058.09",0.00,"-1,058.09","-1,057.34",T1,,,Banka,6491,,,,
9/24/2026,21:15:11,America/Los_Angeles,Conversion,EUR,"1,058.09",0.00,"1,058.09",0.75,T2,,,,,0.00,0.00,,T1
9/4/2026,20:44:10,America/Los_Angeles,Express Checkout Payment,USD,20.00,-1.00,19.00,19.89,T3,a@b.example,K,,,,,361,
"""


def test_a_statement_of_paypal_has_no_other_rows_and_no_account(paypal):
    euros, dollars = paypal.statements(MONTHLY.encode())
    assert (euros.opening, euros.closing) == (Decimal("0.75"), Decimal("0.75"))
    assert paypal.errors(euros) == paypal.errors(dollars) == set()
    assert [entry.date for entry in euros.entries] == [dt.date(2026, 9, 4), dt.date(2026, 9, 24)]
    assert (dollars.entries[0].description, dollars.entries[0].variable_symbol) == ("Express Checkout Payment", "361")
    assert dollars.entries[0].message == "a@b.example"
    assert dollars.account.display is None


def test_files_of_2014_have_a_subject_before_the_currency_and_a_comma_at_the_end(paypal):
    header = "Date, Heure, Fuseau horaire, Nom, Type, État, Objet, Devise, Avant commission, Frais, Net, Solde, \n"
    row = '"26/05/2014","11:57:30","CEST","Jana","Don","Terminé","Dar","EUR","-2.00","0.00","-2.00","3.00",\n'
    document = paypal.statement((header + row).encode())
    assert (document.opening, document.entries[0].message) == (Decimal("5.00"), "Dar")
    unknown = header.replace("Date", "Päivä").replace("Fuseau horaire", "Alue").replace("Devise", "Raha")
    second = row.replace("26/05", "27/05").replace('"3.00"', '"1.00"')
    document = paypal.statement((unknown + row + second).encode())
    assert "paypal.by-shape" in paypal.codes(document)
    assert (document.opening, document.closing, document.entries[0].message) == (Decimal(5), Decimal(1), "Dar")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheet_programs_make_of_a_file_is_read(paypal, encoding, delimiter):
    moves = tuple(paypal.replace(move, name="Müller Génération") for move in paypal.Written().moves)
    written = paypal.Written(moves=moves, language="French", encoding=encoding, delimiter=delimiter, end="\n")
    document = paypal.statement(written)
    assert paypal.errors(document) == set()
    assert document.entries[0].counter_name == "Müller Génération"
    plain = paypal.replace(written, encoding="utf-8", delimiter=",", end="\r\n").encode()
    assert document.origin.content == plain
    assert {"paypal.encoding", "paypal.line-ends"} <= set(document.origin.changes)
    assert ("paypal.delimiter" in document.origin.changes) == (delimiter != ",")


@pytest.mark.parametrize("language", ["English", "German", "unknown"])
def test_a_workbook_is_read_like_the_file_that_it_was_made_of(paypal, language):
    written = paypal.Written(language=language)
    document = paypal.statement(written.workbook(), "activity.xlsx")
    assert paypal.errors(document) == set()
    assert paypal.hundredths(document) == PLAIN
    assert document.origin.changes[0] == "paypal.from-workbook"
    assert document.origin.content == written.encode()
    assert claim(written.workbook(), "a.xlsx").format == "paypal-csv"


def test_a_file_that_is_right_goes_byte_for_byte(paypal):
    content = paypal.Written().encode()
    document = paypal.statement(content)
    assert (document.origin.content, document.origin.changes) == (content, ())
    assert document.findings == ()


def test_line_feeds_alone_are_no_reason_to_write_a_file_anew(paypal):
    content = paypal.Written(end="\n").encode()
    document = paypal.statement(content)
    assert (document.origin.content, document.origin.changes) == (content, ())


def test_a_damaged_row_of_a_short_file_in_an_unknown_language_is_told(paypal):
    content = paypal.Written(language="unknown").encode()
    place = content.rindex(b'"CZK"') if b'"CZK"' in content else content.rindex(b'"EUR"')
    document = paypal.statement(content[: place + 1] + b"x" + content[place + 2 :])
    assert {"paypal.by-shape", "paypal.currency"} <= set(paypal.codes(document))


@pytest.mark.parametrize("days", ["DD/MM/YYYY", "M/D/YYYY", "DD.MM.YYYY", "YYYY-MM-DD"])
def test_days_are_sent_as_the_service_reads_them_and_nothing_else_is_changed(paypal, days):
    written = paypal.Written(days=days, comma=True)
    document = paypal.statement(written)
    assert document.origin.content == paypal.replace(written, days="MM/DD/YYYY").encode()
    assert document.origin.changes == ("paypal.dates-rewritten",)


def test_a_header_that_is_repeated_between_the_rows_is_no_row_and_is_not_sent(paypal):
    whole = paypal.Written().encode()
    header, first, rest = whole.split(b"\r\n", 2)
    document = paypal.statement(b"\r\n".join([header, first, header, rest]))
    assert (document.origin.content, paypal.errors(document)) == (whole, set())


def test_a_note_of_several_lines_stays_one_row(paypal):
    written = paypal.Written(moves=(paypal.Move(note="Ulice 1\nBrno"), paypal.Move(note="x\r\ny")))
    document = paypal.statement(written)
    assert document.origin.content == written.encode()
    assert document.entries[0].message.startswith("Ulice 1 Brno")
    assert [entry.line for entry in document.entries] == [2, 4]


def test_a_name_that_stands_twice_counts_where_it_is_filled(paypal):
    content = paypal.Written(language="Italian").encode().decode().replace('"Messaggio"', '"N° ordine commerciante"', 1)
    document = paypal.statement(content.encode())
    assert paypal.errors(document) == set()
    assert [entry.end_to_end_reference for entry in document.entries] == ["2026001", None, "Díky"]


def test_other_tables_are_not_claimed():
    for text in (
        "Datum;Částka;Měna\n1.1.2026;1,00;CZK\n",
        "Date,Amount,Currency,Net,Gross\n",
        "",
        "a,b\n",
        "RH,1\nx\n",
    ):
        assert claim(text.encode()) is None


def test_times_of_the_day_tell_the_order_where_balances_do_not(paypal):
    moves = (paypal.Move(gross=1000, fee=0, time="9:00:00 PM"), paypal.Move(gross=-1000, fee=0, time="10:00:00 PM"))
    for newest_first in (False, True):
        document = paypal.statement(paypal.Written(moves=moves, newest_first=newest_first, opening=0))
        assert paypal.hundredths(document) == [1000, -1000]
        assert (document.opening, document.closing) == (0, 0)
        assert document.findings == ()


def test_codes_that_count_upwards_are_not_taken_for_balances(paypal):
    moves = (paypal.Move(gross=100, fee=0), paypal.Move(gross=100, fee=0))
    document = paypal.statement(paypal.Written(moves=moves, language="unknown", days="YYYY-MM-DD"))
    assert (document.opening, document.closing) == (Decimal("7.00"), Decimal("9.00"))
