"""Each finding has a file that provokes it; the plain statement of test_read provokes none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from efimport.documents import Statement
from efimport.findings import Finding, Severity
from efimport.formats.reading import Reading
from efimport.formats.registry import SourceReading
from efimport.sources import Limits, Source


def _changed(mt940, before: str, after: str) -> bytes:
    content = mt940.encode(mt940.lines())
    assert before.encode() in content
    return content.replace(before.encode(), after.encode(), 1)


def _found(content: bytes, mt940, code: str) -> Finding:
    documents = [one for one in mt940.readings(content) if isinstance(one, Statement)]
    (found,) = [finding for one in documents for finding in one.findings if finding.code == code]
    return found


@pytest.mark.parametrize(
    "line", ["C1234,50", ":61:2601150116X1234,50NTRF", ":61:260115C1 234,50NTRF", ":61:260115C1,2,3NTRF", ":61:"]
)
def test_an_entry_whose_amount_cannot_be_told_is_an_error_and_the_others_are_read(mt940, line):
    field = line if line.startswith(":61:") else ":61:"
    content = mt940.encode(mt940.lines(field, ":86:A", mt940.ENTRY, mt940.TEXT))
    found = _found(content, mt940, "mt940.entry")
    assert found.is_error
    assert found.location.line == 5
    document = mt940.statement(content)
    assert [(one.position, one.line, one.amount) for one in document.entries] == [(1, 7, Decimal("1234.50"))]


@pytest.mark.parametrize("amount", ["1.234", "1,2.3,4", ",", "1" * 41, "1..2", "1.23.456,00"])
def test_an_amount_that_could_be_two_is_an_error(mt940, amount):
    assert _found(_changed(mt940, "1234,50NTRF", f"{amount}NTRF"), mt940, "mt940.entry").is_error


@pytest.mark.parametrize("mark", ["CCZK-", "DCZK+", "RCCZK+"])
def test_a_sign_against_the_mark_is_an_error(mt940, mark):
    found = _found(_changed(mt940, "0116C1234", f"0116{mark}1234"), mt940, "mt940.sign")
    assert found.is_error


@pytest.mark.parametrize("days", ["2602300301", "2602280230", "2613010101", "2600000000"])
def test_a_day_that_does_not_exist_is_a_warning_and_the_entry_is_kept(mt940, days):
    content = _changed(mt940, "2601150116", days)
    documents = mt940.statements(content)
    assert {one.code for one in documents[0].findings} == {"mt940.date"}
    assert all(one.severity is Severity.WARNING for one in documents[0].findings)
    assert mt940.closes(documents[0])


def test_a_balance_of_a_day_that_does_not_exist_is_a_warning(mt940):
    found = _found(_changed(mt940, "62F:C260131", "62F:C260231"), mt940, "mt940.date")
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("60F:C260101", "60F:X260101"),
        ("CZK1000,00", "CZK1O00,00"),
        ("CZK1000,00", "CZK1.000"),
        ("CZK2234,50", "CZK"),
        ("62F:C260131", "62F:C26013"),
    ],
)
def test_a_balance_that_cannot_be_read_is_an_error_and_no_balance(mt940, before, after):
    content = _changed(mt940, before, after)
    assert _found(content, mt940, "mt940.balance").is_error
    document = mt940.statement(content)
    assert None in (document.opening, document.closing)
    assert {one.code for one in document.findings} == {"mt940.balance"}


def test_a_missing_opening_balance_is_an_error(mt940):
    assert _found(_changed(mt940, ":60F:C260101CZK1000,00\r\n", ""), mt940, "mt940.no-opening").is_error


def test_a_file_that_was_cut_off_is_an_error(mt940):
    content = mt940.encode(mt940.lines())
    found = _found(content[: content.index(b":62F:")], mt940, "mt940.no-closing")
    assert found.is_error
    assert found.location.line == 5


def test_a_statement_that_begins_with_a_page_balance_is_a_warning(mt940):
    found = _found(_changed(mt940, ":60F:", ":60M:"), mt940, "mt940.intermediate-opening")
    assert found.severity is Severity.WARNING


def test_a_statement_that_ends_with_a_page_balance_is_a_warning(mt940):
    content = _changed(mt940, ":62F:", ":62M:").replace(b"31/1", b"31")
    assert _found(content, mt940, "mt940.intermediate-closing").severity is Severity.WARNING
    assert mt940.closes(mt940.statement(content))


def test_a_last_page_that_is_missing_is_an_error(mt940):
    found = _found(_changed(mt940, ":62F:", ":62M:"), mt940, "mt940.last-page-missing")
    assert found.is_error
    assert found.location.line == 7


def test_a_first_page_that_is_missing_is_an_error(mt940):
    content = _changed(mt940, ":60F:", ":60M:").replace(b":28C:31/1", b":28C:31/2")
    assert _found(content, mt940, "mt940.page-missing").is_error


def test_a_page_that_is_missing_in_between_is_an_error(mt940):
    first = mt940.lines(closing="62M:C260131CZK2234,50")
    third = mt940.lines(number="31/3", opening="60M:C260131CZK2234,50", closing="62F:C260131CZK3469,00")
    assert _found(mt940.encode(first, third), mt940, "mt940.page-missing").location.line == 9


@pytest.mark.parametrize("opening", ["C260131CZK2234,51", "D260131CZK2234,50"])
def test_pages_that_do_not_follow_one_another_are_an_error(mt940, opening):
    first = mt940.lines(closing="62M:C260131CZK2234,50")
    second = mt940.lines(number="31/2", opening=f"60M:{opening}", closing="62F:C260131CZK3469,00")
    found = _found(mt940.encode(first, second), mt940, "mt940.page-chain")
    assert found.is_error
    assert opening in found.message


def test_pages_that_are_wrong_by_the_same_amount_are_a_warning(mt940):
    first = mt940.lines(closing="62M:C260131CZK2234,00")
    second = mt940.lines(number="31/2", opening="60M:C260131CZK2234,00", closing="62F:C260131CZK3469,00")
    (document,) = [one for one in mt940.readings(mt940.encode(first, second)) if isinstance(one, Statement)]
    assert mt940.closes(document)
    found = [one for one in document.findings if one.code == "mt940.page-balance"]
    assert [(one.location.line, one.severity) for one in found] == [(7, Severity.WARNING), (15, Severity.WARNING)]
    assert "-0.50" in found[0].message


def test_pages_that_close_have_no_warning(mt940):
    first = mt940.lines(closing="62M:C260131CZK2234,50")
    second = mt940.lines(number="31/2", opening="60M:C260131CZK2234,50", closing="62F:C260131CZK3469,00")
    assert "mt940.page-balance" not in mt940.codes(mt940.encode(first, second))


def test_an_entry_behind_the_closing_balance_is_an_error(mt940):
    content = mt940.encode([*mt940.lines(), mt940.ENTRY])
    assert _found(content, mt940, "mt940.orphan-entry").location.line == 8
    assert len(mt940.statement(content).entries) == 2


def test_an_entry_between_statements_is_an_error(mt940):
    plain = mt940.encode(mt940.lines())
    one, two = mt940.statements(plain + mt940.encode([":61:260115C1,00NTRF", ":86:x"]) + plain)
    assert {found.code for found in one.findings if found.is_error} == {"mt940.orphan-entry"}
    assert two.findings == ()


@pytest.mark.parametrize("line", [":25:CZ4855000000001265098001", ":60F:C260101CZK1,00", ":62F:C260131CZK1,00"])
def test_a_field_that_stands_twice_is_an_error(mt940, line):
    lines = mt940.lines()
    place = next(number for number, one in enumerate(lines) if one.startswith(line[:5]))
    lines.insert(place + 1, line)
    assert _found(mt940.encode(lines), mt940, "mt940.repeated-field").is_error


def test_an_opening_balance_behind_entries_is_an_error(mt940):
    lines = mt940.lines()
    lines[3:6] = [*lines[4:6], lines[3]]
    assert _found(mt940.encode(lines), mt940, "mt940.misplaced-opening").is_error


def test_a_second_statement_without_a_head_is_an_error(mt940):
    content = mt940.encode([*mt940.lines(), *mt940.lines()[3:]])
    assert "mt940.no-head" in mt940.codes(content)
    assert len(mt940.statements(content)) == 2


def test_text_that_belongs_to_no_statement_is_said(mt940):
    (found,) = [
        one for one in mt940.readings(mt940.encode(mt940.lines()) + b"Goodbye\x1b[2J") if isinstance(one, Finding)
    ]
    assert (found.code, found.severity) == ("mt940.foreign-text", Severity.INFO)
    assert "Goodbye" in found.message
    assert found.message.isprintable()


@pytest.mark.parametrize("frame", ["", "{1:F01ABCDCZPPAXXX0000000000}{2:I942ABCDCZPPAXXXN}{4:\r\n"])
def test_movements_of_an_unfinished_day_among_statements_are_a_warning(mt940, frame):
    movements = (
        f"{frame}:20:1\r\n:25:{mt940.IBAN}\r\n:28C:31/1\r\n:34F:CZKD0,\r\n{mt940.ENTRY}\r\n-{'}' if frame else ''}\r\n"
    )
    plain = mt940.encode(mt940.lines())
    found = mt940.readings(plain + movements.encode() + plain)
    (warning,) = [one for one in found if isinstance(one, Finding)]
    assert (warning.code, warning.severity) == ("mt940.intraday", Severity.WARNING)
    assert [one.origin.content for one in found if isinstance(one, Statement)] == [plain, plain]


def test_an_expected_entry_is_a_warning(mt940):
    found = _found(_changed(mt940, "0116C1234", "0116EC1234"), mt940, "mt940.expected")
    assert found.severity is Severity.WARNING


def test_bytes_without_a_letter_are_a_warning_and_are_sent_as_they_are(mt940):
    content = mt940.encode(mt940.lines(mt940.ENTRY, ":86:Příliš žluťoučký")).decode().encode("cp1250") + b""
    content = content.replace(b"P\xf8", b"P\xf8\x81")
    found = _found(content, mt940, "mt940.letters")
    assert found.severity is Severity.WARNING
    document = mt940.statement(content)
    assert document.entries[0].message == "Př\ufffdíliš žluťoučký"
    assert document.origin.content == content


def test_a_byte_order_mark_is_said(mt940):
    found = _found(b"\xef\xbb\xbf" + mt940.encode(mt940.lines()), mt940, "mt940.saved-as")
    assert found.severity is Severity.INFO


def test_changed_line_ends_are_said(mt940):
    assert _found(mt940.encode(mt940.lines(), end="\n"), mt940, "mt940.line-ends").severity is Severity.INFO


def test_joined_pages_are_said(mt940):
    first = mt940.lines(closing="62M:C260131CZK2234,50")
    second = mt940.lines(number="31/2", opening="60M:C260131CZK2234,50", closing="62F:C260131CZK3469,00")
    found = _found(mt940.encode(first, second), mt940, "mt940.pages-joined")
    assert "2 pages" in found.message


def test_a_repeated_head_is_said(mt940):
    second = mt940.lines(number="32/1", opening="60F:C260131CZK2234,50", closing="62F:C260201CZK3469,00")
    documents = mt940.statements(mt940.encode([*mt940.lines(), *second[2:]]))
    found = [finding for one in documents for finding in one.findings if finding.code == "mt940.head-repeated"]
    assert [(one.location.ordinal, one.severity) for one in found] == [(1, Severity.INFO), (2, Severity.INFO)]


@pytest.mark.parametrize(
    ("before", "after"), [("62F:C260131CZK", "62F:C260131EUR"), ("C1234,50", "CEUR1234,50"), ("5399", "5399EUR")]
)
def test_another_currency_is_an_error(mt940, before, after):
    assert _found(_changed(mt940, before, after), mt940, "statement.currency-mixed").is_error


def test_a_long_list_of_findings_is_cut_and_counted(mt940):
    content = mt940.encode(mt940.lines(*[":61:2602300230C1,00NTRF1"] * 30))
    document = mt940.statement(content)
    assert sum(one.code == "mt940.date" for one in document.findings) == 20
    assert "40 more" in _found(content, mt940, "mt940.more").message


def test_an_encoding_that_nothing_tells_is_a_warning(mt940):
    content = mt940.encode(mt940.lines(mt940.ENTRY, ":86:")).replace(b":86:", b":86:\xaf\xbf")
    assert "encoding.guessed" in mt940.codes(content)
    assert "encoding.guessed" not in mt940.codes(mt940.encode(mt940.lines(mt940.ENTRY, ":86:Příliš"), encoding="cp852"))


def test_a_statement_too_large_is_a_finding(mt940):
    (found,) = mt940.readings(mt940.encode(mt940.lines()), Limits(document_bytes=50))
    assert found.code == "source.document-too-large"


def test_findings_know_their_file_and_statement(mt940):
    content = mt940.encode(mt940.lines(), mt940.lines(number="32/1", closing="62M:C260131CZK2234,50"))
    *_, last = SourceReading(Source("a.sta", content))
    place = last.findings[0].location
    assert (place.path, place.ordinal, place.line) == ("a.sta", 2, 15)


def test_a_broken_statement_does_not_hinder_the_others(mt940):
    broken = mt940.encode(mt940.lines()).replace(b":60F:", b"60F").replace(b"62F", b"zzz")
    plain = mt940.encode(mt940.lines(number="32/1"))
    one, two, three = mt940.statements(plain + broken + plain)
    assert mt940.closes(one)
    assert mt940.closes(three)
    assert {"mt940.no-opening", "mt940.no-closing"} <= {found.code for found in two.findings}


def test_the_encoding_is_known_after_reading(mt940):
    reading = Reading()
    from efimport.formats.mt940 import read

    list(read(Source("a.sta", mt940.encode(mt940.lines())), reading))
    assert reading.encoding == "utf-8"
