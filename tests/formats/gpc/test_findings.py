"""Each finding has a file that provokes it; the plain statement of test_read provokes none."""

from __future__ import annotations

from efimport.findings import Finding, Severity
from efimport.formats.reading import Reading
from efimport.sources import Limits, Source


def _damage(gpc, line: int, column: int, text: str, written=None) -> bytes:
    lines = gpc.encode(written or gpc.Written()).split(b"\r\n")
    content = text.encode("cp1250")
    lines[line - 1] = lines[line - 1][: column - 1] + content + lines[line - 1][column - 1 + len(content) :]
    return b"\r\n".join(lines)


def _found(document, code: str) -> Finding:
    (found,) = [finding for finding in document.findings if finding.code == code]
    return found


def test_letters_in_an_amount_make_an_error_with_its_place(gpc):
    document = gpc.statement(_damage(gpc, 2, 52, "O"))
    found = _found(document, "gpc.not-digits")
    assert found.is_error
    assert (found.location.line, found.location.where, found.location.column) == (2, "columns 49-60", 49)
    assert "000O00012345" in found.message
    assert [entry.position for entry in document.entries] == [1]
    assert document.entries[0].line == 3


def test_letters_in_a_symbol_make_an_error(gpc):
    document = gpc.statement(_damage(gpc, 2, 62, "A"))
    assert _found(document, "gpc.not-digits").location.where == "columns 62-71"
    assert gpc.errors(document) == {"gpc.not-digits"}


def test_letters_in_a_counter_account_are_a_warning_and_kept(gpc):
    document = gpc.statement(_damage(gpc, 2, 20, "IBAN"))
    assert _found(document, "gpc.not-digits").severity is Severity.WARNING
    assert document.entries[0].counter_account.number.startswith("IBAN")


def test_blank_symbols_are_no_symbols(gpc):
    document = gpc.statement(_damage(gpc, 2, 62, " " * 10))
    assert document.entries[0].variable_symbol is None
    assert document.findings == ()


def test_a_damaged_balance_makes_an_error_and_no_balance(gpc):
    document = gpc.statement(_damage(gpc, 1, 50, "x"))
    assert _found(document, "gpc.not-digits").location.where == "columns 46-59"
    assert document.opening is None


def test_a_missing_sign_makes_an_error(gpc):
    document = gpc.statement(_damage(gpc, 1, 75, "7"))
    assert _found(document, "gpc.sign").location.where == "column 75"
    assert document.closing is None


def test_a_damaged_own_account_makes_an_error(gpc):
    document = gpc.statement(_damage(gpc, 1, 4, "x"))
    assert "gpc.not-digits" in gpc.errors(document)
    assert document.account.number is None


def test_a_damaged_number_of_the_statement_makes_an_error(gpc):
    assert "gpc.not-digits" in gpc.errors(gpc.statement(_damage(gpc, 1, 107, "x")))


def test_a_day_that_does_not_exist_is_a_warning_and_another_day_is_taken(gpc):
    document = gpc.statement(_damage(gpc, 2, 123, "310226"))
    assert _found(document, "gpc.date").location.where == "columns 123-128"
    assert document.entries[0].date == gpc.day("150126")
    assert gpc.errors(document) == set()


def test_a_statement_of_a_day_that_does_not_exist_is_an_error(gpc):
    assert gpc.errors(gpc.statement(_damage(gpc, 1, 109, "310226"))) == {"gpc.date"}


def test_an_unknown_posting_code_is_an_error(gpc):
    document = gpc.statement(_damage(gpc, 2, 61, "7"))
    assert _found(document, "gpc.posting-code").location.where == "column 61"
    assert len(document.entries) == 1


def test_reversals_that_fit_no_map_are_an_error(gpc):
    content = gpc.encode(gpc.Written(items=(gpc.Item(code="4"),)))
    document = gpc.statement(content.replace(b"00000000112345+", b"00000000999999+"))
    assert "gpc.posting-code-ambiguous" in gpc.errors(document)


def test_reversals_of_both_maps_in_one_statement_are_an_error(gpc):
    content = gpc.encode(gpc.Written(items=(gpc.Item(), gpc.Item(code="5"))))
    document = gpc.statement(content.replace(b"0000000123452", b"0000000123453", 1))
    assert "gpc.posting-code-ambiguous" in gpc.errors(document)


def test_a_sign_that_contradicts_the_code_is_an_error(gpc):
    document = gpc.statement(gpc.encode(gpc.Written(items=(gpc.Item(signed="-", code="2"),))))
    assert gpc.errors(document) == {"gpc.sign-and-code"}


def test_an_item_of_another_account_is_an_error(gpc):
    document = gpc.statement(_damage(gpc, 3, 4, gpc.OTHER))
    assert _found(document, "gpc.other-account").location.line == 3
    assert gpc.errors(document) == {"gpc.other-account"}


def test_an_account_that_fails_both_orders_is_an_error(gpc):
    document = gpc.statement(gpc.encode(gpc.Written(own="0000001234567890")))
    assert gpc.errors(document) == {"gpc.account-checksum"}


def test_a_head_of_another_iban_is_a_warning(gpc):
    document = gpc.statement(gpc.encode(gpc.Written(internal=True, tail="CZ000100MB")))
    assert _found(document, "gpc.iban-head").severity is Severity.WARNING
    assert document.account.number == "27-1234567899"


def test_blank_turnovers_are_not_stated(gpc):
    document = gpc.statement(_damage(gpc, 1, 76, " " * 30))
    assert document.debit_turnover is None
    assert document.findings == ()


def test_an_unknown_currency_is_a_warning(gpc):
    document = gpc.statement(gpc.encode(gpc.Written(items=(gpc.Item(change_and_type="00999"),))))
    assert {"gpc.currency-code", "statement.no-currency"} <= gpc.codes(document)


def test_a_kind_of_data_is_no_currency(gpc):
    document = gpc.statement(gpc.encode(gpc.Written(items=(gpc.Item(change_and_type="01101"),))))
    assert document.currency is None
    assert gpc.codes(document) == {"statement.no-currency"}


def test_two_currencies_in_one_statement_are_an_error(gpc):
    items = (gpc.Item(), gpc.Item(change_and_type="00978"))
    document = gpc.statement(gpc.encode(gpc.Written(items=items)))
    assert _found(document, "statement.currency-mixed").location.line == 3


def test_a_header_cut_off_is_an_error(gpc):
    lines = gpc.encode(gpc.Written()).split(b"\r\n")
    document = gpc.statement(b"\r\n".join([lines[0][:100], *lines[1:]]))
    assert "gpc.too-short" in gpc.errors(document)


def test_an_item_cut_off_is_an_error_and_its_amount_is_shown(gpc):
    document = gpc.statement(gpc.encode(gpc.Written())[:-30])
    assert _found(document, "gpc.too-short").location.line == 3
    assert [str(entry.amount) for entry in document.entries] == ["123.45", "-50.00"]


def test_a_letter_too_many_in_an_item_is_an_error(gpc):
    content = gpc.encode(gpc.Written()).replace(b"0260100010", b"02601000100", 1)
    document = gpc.statement(content)
    assert _found(document, "gpc.too-long").is_error


def test_text_behind_a_header_is_a_warning(gpc):
    lines = gpc.encode(gpc.Written()).split(b"\r\n")
    document = gpc.statement(b"\r\n".join([lines[0] + b"more", *lines[1:]]))
    assert _found(document, "gpc.too-long").severity is Severity.WARNING


def test_text_behind_a_message_is_a_warning(gpc):
    document = gpc.statement(gpc.encode(gpc.Written(items=(gpc.Item(records=("078" + "x" * 130,)),))))
    assert gpc.codes(document) == {"gpc.too-long", "gpc.padded"}


def test_two_items_in_one_line_are_an_error(gpc):
    lines = gpc.encode(gpc.Written()).split(b"\r\n")
    document = gpc.statement(lines[0] + b"\r\n" + lines[1] + lines[2] + b"\r\n")
    assert "gpc.joined" in gpc.errors(document)


def test_a_message_before_any_item_is_a_warning(gpc):
    head, rest = gpc.encode(gpc.Written()).split(b"\r\n", 1)
    document = gpc.statement(head + b"\r\n078too early\r\n" + rest)
    assert _found(document, "gpc.orphan-record").location.line == 2


def test_a_message_of_an_unreadable_item_is_not_given_to_another(gpc):
    written = gpc.Written(items=(gpc.Item(), gpc.Item(records=("078second",))))
    document = gpc.statement(_damage(gpc, 3, 52, "O", written))
    assert [entry.message for entry in document.entries] == [None]


def test_an_unknown_record_is_a_warning_and_is_kept(gpc):
    content = gpc.encode(gpc.Written()) + b"077something".ljust(128) + b"\r\n"
    document = gpc.statement(content)
    assert _found(document, "gpc.unknown-record").severity is Severity.WARNING
    assert document.origin.content == content


def test_a_line_that_is_no_record_is_an_error(gpc):
    document = gpc.statement(gpc.encode(gpc.Written()) + b"\x1b[31mCelkem 2\r\n")
    found = _found(document, "gpc.not-a-record")
    assert found.is_error
    assert "\\x1b" in found.message
    assert "\x1b" not in found.message


def test_lines_before_the_first_header_are_findings_of_the_file(gpc):
    content = gpc.encode(gpc.Written())
    items = content.split(b"\r\n", 1)[1]
    first, second, third, document = gpc.readings(b"Vypis\r\n" + items + content)
    assert [first.code, second.code, third.code] == ["gpc.not-a-record", "gpc.orphan-item", "gpc.orphan-item"]
    assert second.location.line == 2
    assert document.origin.line == 4
    assert document.findings == ()


def test_letters_that_windows_1250_lacks_are_a_warning(gpc):
    document = gpc.statement(gpc.encode(gpc.Written()).replace("Ž".encode("cp1250"), b"\x81", 1))
    found = _found(document, "gpc.letters")
    assert (found.severity, found.location.line) == (Severity.WARNING, 2)


def test_letters_lost_on_the_way_from_utf8_are_a_warning(gpc):
    written = gpc.Written(items=(gpc.Item(name="Ж s.r.o."),))
    document = gpc.statement(gpc.encode(written, encoding="utf-8"))
    assert gpc.codes(document) == {"gpc.utf8", "gpc.letters"}


def test_a_long_list_of_one_kind_is_cut_and_counted(gpc):
    items = tuple(gpc.Item(date="310226") for _ in range(50))
    document = gpc.statement(gpc.encode(gpc.Written(items=items)))
    assert sum(finding.code == "gpc.date" for finding in document.findings) == 20
    assert _found(document, "gpc.more").message.startswith("30 more")


def test_a_statement_larger_than_allowed_is_a_finding(gpc):
    from efimport.formats.gpc import read

    reading = Reading(limits=Limits(document_bytes=200))
    (found,) = read(Source("a.gpc", gpc.encode(gpc.Written())), reading)
    assert isinstance(found, Finding)
    assert found.code == "source.document-too-large"


def test_every_finding_of_a_statement_has_a_line(gpc):
    content = gpc.encode(gpc.Written(own="0000001234567890"), encoding="utf-8", end="\n").replace(b"075", b"079", 1)
    document = gpc.statement(content)
    assert document.findings
    assert all(finding.location.line for finding in document.findings)


def test_a_place_in_a_record_that_was_cut_off_is_its_end(gpc):
    lines = gpc.encode(gpc.Written()).split(b"\r\n")
    document = gpc.statement(lines[0][:60] + b"\r\n")
    places = {found.location.column for found in document.findings if found.location.column}
    assert places
    assert max(places) == 60
