"""What a statement says: frames, encodings, head, balances, pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.documents import Kind, Statement
from efimport.formats.mt940 import read, recognise
from efimport.formats.reading import Reading, Sample
from efimport.formats.registry import SourceReading
from efimport.sandbox.methods.recognise import is_mt940
from efimport.sources import Source

BLOCKS = "{1:F01CEKOCZPPAXXX0000000000}{2:I940CEKOCZPPAXXXN}{4:"


def _pages(mt940, closing="C260131CZK1700,00", number="31"):
    first = mt940.lines(
        ":61:260102C500,00NTRF1", number=f"{number}/1", opening="60F:C260101CZK1000,00", closing="62M:C260110CZK1500,00"
    )
    second = mt940.lines(
        ":61:260112C200,00NTRF2",
        number=f"{number}/2",
        opening="60M:C260110CZK1500,00",
        closing=f"62F:{closing}",
        reference="REF2",
    )
    return first, second


def test_a_plain_statement_has_no_findings(mt940):
    content = mt940.encode(mt940.lines())
    document = mt940.statement(content)
    assert document.findings == ()
    assert document.kind is Kind.BANK_STATEMENT
    assert document.origin.content == content
    assert document.origin.changes == ()
    assert document.origin.format == "mt940"


def test_head_and_balances_are_read(mt940):
    document = mt940.statement(
        mt940.encode(mt940.lines(opening="60F:D260101CZK1000,00", closing="62F:C260131CZK234,50"))
    )
    assert document.account.iban == mt940.IBAN
    assert document.number == "31"
    assert (document.period_from, document.period_to) == (dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert document.date == dt.date(2026, 1, 31)
    assert (document.opening, document.closing) == (Decimal("-1000.00"), Decimal("234.50"))
    assert document.currency == document.account.currency == "CZK"
    assert document.entry_count is None
    assert document.credit_turnover is None


def test_an_entry_is_read(mt940):
    (entry,) = mt940.statement(mt940.encode(mt940.lines())).entries
    assert (entry.position, entry.line) == (1, 5)
    assert entry.amount == Decimal("1234.50")
    assert (entry.value_date, entry.date) == (dt.date(2026, 1, 15), dt.date(2026, 1, 16))
    assert entry.bank_reference == "B1"
    assert entry.transaction_code == "NTRF"
    assert entry.message == "Platba"
    assert not entry.reversal


# --- frames --------------------------------------------------------------------------------------------------------


def test_blocks_of_swift_are_no_part_of_the_fields(mt940):
    body = "\r\n".join(mt940.lines())
    content = f"{BLOCKS}\r\n{body}\r\n-}}{{5:{{MAC:00000000}}{{CHK:123456789ABC}}}}".encode()
    document = mt940.statement(content)
    assert mt940.closes(document)
    assert document.origin.content == content


def test_the_trailer_may_stand_on_a_line_of_its_own(mt940):
    content = mt940.encode([BLOCKS, *mt940.lines()], last="-}\r\n{5:{MAC:00000000}{CHK:19DA346889CC}}")
    assert mt940.statement(content).origin.content == content
    assert len(mt940.statements(content + content)) == 2


def test_the_next_message_may_begin_on_the_line_on_which_the_last_one_ends(mt940):
    body = "\r\n".join(mt940.lines())
    one, two = mt940.statements(f"{BLOCKS}\r\n{body}\r\n-}}{BLOCKS}\r\n{body}\r\n-}}".encode())
    assert one.origin.content == two.origin.content == f"{BLOCKS}\r\n{body}\r\n-}}\r\n".encode()
    assert mt940.closes(one)
    assert mt940.closes(two)


def test_fio_puts_the_end_behind_the_amount_and_a_dollar_between_messages(mt940):
    first, second = ("\r\n".join(page) for page in _pages(mt940))
    document = mt940.statement(f"{BLOCKS}\r\n{first}-}}${BLOCKS}\r\n{second}-}}".encode())
    assert mt940.closes(document)
    assert len(document.entries) == 2
    assert (
        document.origin.content
        == (
            f"{BLOCKS}\r\n:20:REF1\r\n:25:{mt940.IBAN}\r\n:28C:31/1\r\n:60F:C260101CZK1000,00\r\n:61:260102C500,00NTRF1\r\n"
            ":61:260112C200,00NTRF2\r\n:62F:C260131CZK1700,00-}\r\n"
        ).encode()
    )


@pytest.mark.parametrize(
    "header",
    [":940:", "BUNQNL2A\r\n940\r\nBUNQNL2A", "GIBACZPX 0800\r\n940 01\r\n12345678", "GIBACZPX 0800\r\n940\r\n"],
)
def test_lines_that_name_bank_and_kind_belong_to_the_frame(mt940, header):
    content = header.encode() + b"\r\n" + mt940.encode(mt940.lines())
    document = mt940.statement(content)
    assert document.findings == ()
    assert document.origin.content == content
    twice = mt940.statements(content + content)
    assert [one.origin.content for one in twice] == [content, content]
    assert all(mt940.closes(one) and one.entries[0].message == "Platba" for one in twice)


def test_statements_that_end_without_a_mark_are_told_apart(mt940):
    body = ("\r\n".join(mt940.lines()) + "\r\n\r\n").encode()
    documents = mt940.statements(body * 3)
    assert [mt940.closes(one) for one in documents] == [True] * 3
    assert all(one.origin.content == body.rstrip() + b"\r\n" for one in documents)


def test_text_before_and_between_statements_is_left_out_and_said(mt940):
    plain = mt940.encode(mt940.lines())
    found = mt940.readings(b"This is an example\r\n-----\r\n" + plain + b"News of your bank\r\n" + plain)
    documents = [one for one in found if isinstance(one, Statement)]
    assert [one.origin.content for one in documents] == [plain, plain]
    assert [one.code for one in found if not isinstance(one, Statement)] == ["mt940.foreign-text"] * 2


@pytest.mark.parametrize("end", ["\n", "\r", "@@"])
def test_other_line_ends_are_made_uniform(mt940, end):
    document = mt940.statement(mt940.encode(mt940.lines(), end=end))
    assert mt940.closes(document)
    assert document.origin.content == mt940.encode(mt940.lines())
    assert document.origin.changes == ("mt940.line-ends",)
    assert document.entries[0].line == 5


def test_a_line_that_begins_with_a_dash_or_a_colon_is_text(mt940):
    entry = mt940.entry(mt940.ENTRY, ":86:Rechnung" + "x" * 57, "-Nr. 1000", ":und mehr", "-ID:7")
    assert entry.message == "Rechnung" + "x" * 57 + "-Nr. 1000 :und mehr -ID:7"


@pytest.mark.parametrize("time", [":20:37 Folgenr. 7", ":25:10", ":28:59 x", ":26:37 Fo", ":12:11", ":21:05"])
def test_a_time_of_day_that_was_wrapped_is_text(mt940, time):
    document = mt940.statement(mt940.encode(mt940.lines(mt940.ENTRY, ":86:Datum 2026-01-15T16", time)))
    assert mt940.closes(document)
    assert document.findings == ()
    assert document.entries[0].message == f"Datum 2026-01-15T16 {time}"


def test_blanks_before_fields_and_blank_lines_are_tolerated(mt940):
    padded = ["", *("  " + line for line in mt940.lines(mt940.ENTRY, ":86:Platba", " " * 65, "za zboží", " " * 65)), ""]
    document = mt940.statement(mt940.encode(padded))
    assert mt940.closes(document)
    assert document.entries[0].message == "Platba za zboží"


def test_control_characters_of_the_line_are_no_text(mt940):
    content = b"\x01\r\n" + mt940.encode(mt940.lines(), last="-\x03")
    document = mt940.statement(content)
    assert document.findings == ()
    assert document.origin.content == content


def test_lines_of_startums_files_between_fields_are_read(mt940):
    document = mt940.statement(
        mt940.encode(
            [
                ":20:STARTUMS",
                f":25:{mt940.IBAN}",
                ":28:00046",
                ":NS:22JOHN DOE",
                "23John Doe",
                "",
                ":60F:C260101CZK1000,00",
                ":61:2601110111DF240,00S   X",
                ":NS:01Rechnung",
                "02Januar",
                "15ERGO Versicherung Fiokte",
                "16lep",
                "17Lastschrift",
                "3310918001",
                "340000004279070017",
                ":62F:C260131CZK760,00",
            ]
        )
    )
    (entry,) = document.entries
    assert mt940.closes(document)
    assert entry.message == "Rechnung Januar"
    assert entry.counter_name == "ERGO Versicherung Fioktelep"
    assert entry.description == "Lastschrift"
    assert entry.counter_account.bank_code == "10918001"


# --- encodings -----------------------------------------------------------------------------------------------------

CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("cp1250", "windows-1250"), ("cp852", "cp852")],
)
@pytest.mark.parametrize(
    "text",
    [CZECH, "DOŠLÁ PLATBA Č. 1", "Nájem", "účtu", "Kovář", "ŽIŽKOV", "Müller", "Ondřej", "ÚROK"],
)
def test_the_encoding_is_told_by_its_letters(mt940, encoding, named, text):
    content = mt940.encode(mt940.lines(mt940.ENTRY, f":86:{text}"), encoding=encoding)
    reading = Reading()
    (document,) = read(Source("a.sta", content), reading)
    assert document.entries[0].message == text
    assert reading.encoding == named
    assert document.origin.content == content


@pytest.mark.parametrize("text", ["Novák – platba", "„Dar“", "podle § 5 č. 7"])
def test_signs_of_windows_programs_are_told(mt940, text):
    (one,) = mt940.statement(mt940.encode(mt940.lines(mt940.ENTRY, f":86:{text}"), encoding="cp1250")).entries
    assert one.message == text


@pytest.mark.parametrize(("encoding", "named"), [("utf-16", "UTF-16"), ("utf-8-sig", "UTF-8")])
def test_a_byte_order_mark_is_taken_away(mt940, encoding, named):
    document = mt940.statement(mt940.encode(mt940.lines(mt940.ENTRY, f":86:{CZECH}"), encoding=encoding))
    assert document.entries[0].message == CZECH
    assert document.origin.content == mt940.encode(mt940.lines(mt940.ENTRY, f":86:{CZECH}"))
    assert document.origin.changes == ("mt940.saved-as",)
    assert named in document.findings[0].message


def test_what_looks_like_utf_8_and_is_not(mt940):
    content = mt940.encode(mt940.lines(mt940.ENTRY, ":86:RŮŽENA"), encoding="cp1250")
    assert mt940.statement(content).entries[0].message == "RŮŽENA"
    assert mt940.entry(mt940.ENTRY, ":86:Плаќање").message == "Плаќање"


def test_letters_are_chosen_for_the_whole_file(mt940):
    long, short = (mt940.encode(mt940.lines(mt940.ENTRY, f":86:{text}"), encoding="cp852") for text in (CZECH, "ú"))
    documents = mt940.statements(long + short)
    assert [one.entries[0].message for one in documents] == [CZECH, "ú"]


# --- account -------------------------------------------------------------------------------------------------------

ACCOUNTS = {
    "CZ6508000000192000145399": ("CZ6508000000192000145399", "19-2000145399", "0800", None),
    "CZ65 0800 0000 1920 0014 5399 CZK": ("CZ6508000000192000145399", "19-2000145399", "0800", None),
    "CZ6508000000192000145399CZK": ("CZ6508000000192000145399", "19-2000145399", "0800", None),
    "NL77INGB0574908765EUR": ("NL77INGB0574908765", None, None, None),
    "SI56263300012039086": ("SI56263300012039086", None, None, None),
    "19-2000145399/0800": ("CZ6508000000192000145399", "19-2000145399", "0800", None),
    "19-2000145399/0800CZK": ("CZ6508000000192000145399", "19-2000145399", "0800", None),
    "0800/19-2000145399": ("CZ6508000000192000145399", "19-2000145399", "0800", None),
    "0800/192000145399 CZK": ("CZ6508000000192000145399", "19-2000145399", "0800", None),
    "0800/0000192000145399": ("CZ6508000000192000145399", "19-2000145399", "0800", None),
    "GIBACZPX/192000145399": ("CZ6508000000192000145399", "19-2000145399", "0800", "GIBACZPX"),
    "GIBACZPX/CZ6508000000192000145399": ("CZ6508000000192000145399", "19-2000145399", "0800", "GIBACZPX"),
    "TATRSKBX/2612345678": ("SK2411000000002612345678", "2612345678", "1100", "TATRSKBX"),
    "66642399/93387": (None, "93387", "66642399", None),
    "UBRTHUHB/123456789150ABCDEF002/HUF": (None, "123456789150ABCDEF002", None, "UBRTHUHB"),
    "DABADKKK/1234567890": (None, "1234567890", None, "DABADKKK"),
    "1017.490.554EUR": (None, "1017490554", None, None),
    "517852257": (None, "517852257", None, None),
    "SPARBANK1/0390123456": (None, "0390123456", None, None),
}


@pytest.mark.parametrize("written", ACCOUNTS)
def test_the_account_is_read_in_every_form(mt940, written):
    account = mt940.statement(mt940.encode(mt940.lines(account=written))).account
    assert (account.iban, account.number, account.bank_code, account.bic) == ACCOUNTS[written]
    assert account.currency == "CZK"


def test_a_number_alone_is_at_the_bank_that_the_frame_names(mt940):
    body = "\r\n".join(mt940.lines(account="192000145399"))
    document = mt940.statement(f"GIBACZPX 0800\r\n940\r\n\r\n{body}\r\n-\r\n".encode())
    assert document.account.iban == mt940.IBAN


def test_field_25p_has_the_bank_on_its_second_line(mt940):
    content = mt940.encode(mt940.lines(account="192000145399\r\nGIBACZPX")).replace(b":25:", b":25P:")
    account = mt940.statement(content).account
    assert (account.iban, account.bic) == (mt940.IBAN, "GIBACZPX")


def test_a_statement_without_an_account_has_none(mt940):
    document = mt940.statement(mt940.encode([line for line in mt940.lines() if not line.startswith(":25:")]))
    assert document.account.display is None
    assert mt940.closes(document)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("00124/00003", "124"),
        ("31", "31"),
        ("0", None),
        ("00000/00", None),
        (" /1", None),
        ("", None),
        ("1/1", "1"),
        ("2026/02", "2026/02"),
        ("2026/01", "2026/01"),
        ("2025/01", "2025"),
        ("1810118101", "1810118101"),
    ],
)
def test_the_number_is_read_in_every_form(mt940, written, number):
    assert mt940.statement(mt940.encode(mt940.lines(number=written))).number == number


def test_field_28_without_its_letter_is_the_number_too(mt940):
    assert mt940.statement(mt940.encode(mt940.lines()).replace(b":28C:", b":28:")).number == "31"


# --- balances ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("C260101CZK1000,00", "1000.00"),
        ("C260101CZK1000,", "1000.00"),
        ("C260101CZK1000,5", "1000.50"),
        ("C260101CZK000000001000,00", "1000.00"),
        ("C260101EUR000000000000.00", "0.00"),
        ("C260101CZK1.000,50", "1000.50"),
        ("C260101CZK1,000.50", "1000.50"),
        ("c260101czk1000,00", "1000.00"),
        ("D260101CZK1000,00", "-1000.00"),
        ("C260101 CZK 1000,00 ", "1000.00"),
        ("C2601011000,00", "1000.00"),
        ("C260101KWD1,125", "1.125"),
    ],
)
def test_amounts_are_read_in_every_form(mt940, written, amount):
    opening = mt940.statement(mt940.encode(mt940.lines(opening=f"60F:{written}"))).opening
    assert opening == Decimal(amount)
    assert opening.as_tuple().exponent <= -2


def test_the_available_balances_and_their_text_are_no_closing_balance(mt940):
    content = mt940.encode([*mt940.lines(), ":64:C260131CZK9,00", ":65:C260201CZK8,00", ":86:D000001C000001"])
    document = mt940.statement(content)
    assert document.closing == Decimal("2234.50")
    assert document.findings == ()
    assert document.entries[0].message == "Platba"


def test_text_of_the_statement_is_no_text_of_an_entry(mt940):
    first, *rest = mt940.lines()
    content = [first, *rest[:3], ":86:Vážený kliente", *rest[3:], ":86:Na shledanou"]
    assert [one.message for one in mt940.statement(mt940.encode(content)).entries] == ["Platba"]


def test_counts_and_sums_are_read_where_the_bank_writes_them(mt940):
    content = mt940.encode([*mt940.lines(), ":90D:0CZK0,00", ":90C:1CZK1234,50"])
    document = mt940.statement(content)
    assert document.entry_count == 1
    assert (document.debit_turnover, document.credit_turnover) == (Decimal("0.00"), Decimal("1234.50"))


# --- pages ---------------------------------------------------------------------------------------------------------


def test_pages_of_one_statement_are_joined(mt940):
    document = mt940.statement(mt940.encode(*_pages(mt940)))
    assert mt940.closes(document)
    assert [(one.position, one.amount) for one in document.entries] == [(1, Decimal("500.00")), (2, Decimal("200.00"))]
    assert (document.number, document.opening) == ("31", Decimal("1000.00"))
    assert document.origin.changes == ("mt940.pages-joined",)
    assert document.origin.content.count(b":20:") == document.origin.content.count(b":62F:") == 1
    assert b":62M:" not in document.origin.content
    assert b":60M:" not in document.origin.content


def test_what_was_joined_reads_as_the_same_statement(mt940):
    document = mt940.statement(mt940.encode(*_pages(mt940)))
    again = mt940.statement(document.origin.content)
    assert [one.amount for one in again.entries] == [one.amount for one in document.entries]
    assert (again.opening, again.closing, again.number) == (document.opening, document.closing, document.number)


def test_several_pages_may_stand_under_one_reference(mt940):
    first, second = _pages(mt940)
    document = mt940.statement(mt940.encode([*first, *second[2:]]))
    assert mt940.closes(document)
    assert len(document.entries) == 2
    assert document.account.iban == mt940.IBAN


def test_several_statements_may_stand_under_one_reference(mt940):
    first = mt940.lines()
    second = mt940.lines(number="32/1", opening="60F:C260131CZK2234,50", closing="62F:C260201CZK3469,00")
    one, two = mt940.statements(mt940.encode([*first, *second[2:]]))
    assert (one.number, two.number) == ("31", "32")
    assert mt940.closes(two)
    assert one.origin.changes == two.origin.changes == ("mt940.head-repeated",)
    assert two.origin.content.splitlines()[:3] == [b":20:REF1", f":25:{mt940.IBAN}".encode(), b":28C:32/1"]
    assert mt940.statement(two.origin.content).closing == two.closing


def test_pages_that_open_with_60f_are_joined_by_their_number(mt940):
    first, second = _pages(mt940)
    second = [line.replace(":60M:", ":60F:") for line in second]
    assert len(mt940.statement(mt940.encode(first, second)).entries) == 2


def test_pages_of_two_accounts_may_stand_between_one_another(mt940):
    first, second = _pages(mt940)
    others = [[line.replace(mt940.IBAN, "CZ4855000000001265098001") for line in page] for page in (first, second)]
    one, two = mt940.statements(mt940.encode(first, others[0], second, others[1]))
    assert (one.account.iban, two.account.iban) == (mt940.IBAN, "CZ4855000000001265098001")
    assert (one.origin.ordinal, two.origin.ordinal) == (1, 2)
    for document in (one, two):
        assert (len(document.entries), mt940.closes(document)) == (2, True)
        assert not any(found.is_error for found in document.findings)
        assert mt940.statement(document.origin.content).entries[1].amount == Decimal("200.00")


def test_a_page_that_never_comes_holds_back_few_statements(mt940):
    first, _ = _pages(mt940)
    others = [mt940.lines(number=f"{number}/1", account="CZ4855000000001265098001") for number in range(1, 40)]
    found = read(Source("a.sta", mt940.encode(first, *others)), Reading())
    assert "mt940.last-page-missing" in {one.code for one in next(found).findings}
    assert [one.number for one in found] == [str(number) for number in range(1, 40)]


def test_statements_of_two_accounts_with_one_number_are_two(mt940):
    other = mt940.lines(account="CZ4855000000001265098001")
    one, two = mt940.statements(mt940.encode(mt940.lines(), other))
    assert (one.origin.ordinal, two.origin.ordinal) == (1, 2)
    assert (one.origin.line, two.origin.line) == (1, 9)
    assert one.account != two.account


def test_statements_without_numbers_stay_apart(mt940):
    one, two = mt940.statements(mt940.encode(mt940.lines(number="00000/00"), mt940.lines(number="00000/00")))
    assert mt940.closes(one)
    assert mt940.closes(two)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_the_stand_in_of_the_service_takes_what_is_sent(mt940, end):
    for pages in (_pages(mt940), [mt940.lines()], [mt940.lines(), mt940.lines(number="32/1")]):
        for document in mt940.statements(mt940.encode(*pages, end=end)):
            assert is_mt940(document.origin.content, mt940.IBAN)


def test_pages_with_a_gap_are_sent_as_they_stand_and_are_an_error(mt940):
    first, second = _pages(mt940)
    second[3] = ":60M:C260110CZK1400,00"
    document = mt940.statement(mt940.encode(first, second))
    assert "mt940.page-chain" in {one.code for one in document.findings if one.is_error}
    assert document.origin.content.count(b":20:") == 2


# --- recognition ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "confidence"), [("a.sta", 100), ("a.txt", 100), ("a.940", 100)])
def test_a_statement_is_recognised_by_its_fields(mt940, name, confidence):
    for end in ("\r\n", "\n", "\r", "@@"):
        content = b"Some text\r\n" * (end != "@@") + mt940.encode(mt940.lines(), end=end)
        assert recognise(Sample(Source(name, content))).confidence == confidence


def test_a_damaged_statement_is_recognised_by_what_is_left():
    assert recognise(Sample(Source("a.txt", b":61:260101C1,00NTRF\r\n"))).confidence == 80
    assert recognise(Sample(Source("a.sta", b":20:STARTUMS\r\n"))).confidence == 60
    assert recognise(Sample(Source("a.txt", b":20:STARTUMS\r\n"))) is None


@pytest.mark.parametrize(
    "content", [b"", b"Dobry den", b"<html>\n:20:\n:60F:C260101", b":10:x\n:99:y", b"12:20:31 :61:"]
)
def test_other_texts_are_not_recognised(content):
    assert recognise(Sample(Source("a.sta", content))) is None


def test_statements_behind_lists_of_movements_are_found(mt940):
    movements = ":20:1\r\n:25:CZ1\r\n:28C:1\r\n:34F:CZKD1,\r\n:61:260131C1,NMSC\r\n-\r\n"
    content = movements.encode() * 2000 + mt940.encode(mt940.lines())
    reading = SourceReading(Source("a.sta", content))
    found = list(reading)
    assert reading.format == "mt940"
    assert [mt940.closes(one) for one in found if isinstance(one, Statement)] == [True]


def test_an_empty_text_after_the_last_statement_is_no_finding(mt940):
    assert mt940.statement(mt940.encode(mt940.lines()) + b"\r\n\x1a").findings == ()
