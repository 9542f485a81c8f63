"""What a statement says, column by column."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from efimport.accounts import NationalNumber, national_holds, national_to_iban, permuted, unpermuted
from efimport.documents import Kind
from efimport.formats.gpc import recognise
from efimport.formats.reading import Reading, Sample
from efimport.sources import Source


def test_a_plain_statement_has_no_findings(gpc):
    document = gpc.statement(gpc.encode(gpc.Written()))
    assert document.findings == ()
    assert document.kind is Kind.BANK_STATEMENT
    assert document.origin.changes == ()


def test_the_header_is_read(gpc):
    document = gpc.statement(gpc.encode(gpc.Written(opening=-100000)))
    assert document.account.number == "27-1234567899"
    assert document.number == "31"
    assert document.date == document.period_to == dt.date(2026, 1, 31)
    assert document.period_from == dt.date(2026, 1, 1)
    assert document.opening == Decimal("-1000.00")
    assert document.closing == Decimal("-926.55")
    assert document.debit_turnover == Decimal("50.00")
    assert document.credit_turnover == Decimal("123.45")
    assert document.currency == document.account.currency == "CZK"


def test_an_item_is_read(gpc):
    document = gpc.statement(gpc.encode(gpc.Written()))
    entry = document.entries[0]
    assert entry.position == 1
    assert entry.line == 2
    assert entry.amount == Decimal("123.45")
    assert entry.date == dt.date(2026, 1, 16)
    assert entry.value_date == dt.date(2026, 1, 15)
    assert entry.counter_name == "Žluťásek a syn"
    assert entry.counter_account is not None
    assert entry.counter_account.display == f"{gpc.OTHER[6:]}/0300"
    assert entry.bank_reference == "17"
    assert not entry.reversal
    assert document.entries[1].amount == Decimal("-50.00")


def test_symbols_lose_their_leading_zeros_only(gpc):
    entry = gpc.statement(gpc.encode(gpc.Written())).entries[0]
    assert (entry.variable_symbol, entry.constant_symbol, entry.specific_symbol) == ("260100010", "308", None)


def test_amounts_have_two_decimals(gpc):
    written = gpc.Written(items=(gpc.Item(amount=100),), opening=0)
    document = gpc.statement(gpc.encode(written))
    assert str(document.entries[0].amount) == "1.00"
    assert str(document.closing) == "1.00"


@pytest.mark.parametrize(("bank_code", "day"), [("0100", dt.date(2026, 1, 31)), ("0300", None)])
def test_a_day_of_value_left_out_is_that_of_the_statement_at_komercni_banka(gpc, bank_code, day):
    content = gpc.encode(gpc.Written(items=(gpc.Item(value_date="000000"),)))
    number = gpc.statement(content).account.number
    assert gpc.statement(content, (f"{number}/{bank_code}",)).entries[0].value_date == day


def test_an_item_without_a_day_of_booking_takes_its_value_date(gpc):
    entry = gpc.statement(gpc.encode(gpc.Written(items=(gpc.Item(date="000000"),)))).entries[0]
    assert entry.date == dt.date(2026, 1, 15)


def test_an_item_without_any_day_takes_the_day_of_the_statement(gpc):
    document = gpc.statement(gpc.encode(gpc.Written(items=(gpc.Item(date="000000", value_date="000000"),))))
    assert document.entries[0].date == dt.date(2026, 1, 31)
    assert document.entries[0].value_date is None
    assert "gpc.date" not in gpc.codes(document)


def test_years_from_70_on_are_of_the_last_century(gpc):
    written = gpc.Written(items=(gpc.Item(date="311299", value_date="010169"),))
    entry = gpc.statement(gpc.encode(written)).entries[0]
    assert (entry.date, entry.value_date) == (dt.date(1999, 12, 31), dt.date(2069, 1, 1))


def test_an_item_without_a_counter_account_has_none(gpc):
    entry = gpc.statement(gpc.encode(gpc.Written(items=(gpc.Item(counter="0" * 16, bank_code="0000"),)))).entries[0]
    assert entry.counter_account is None


def test_several_statements_come_one_by_one_with_their_own_bytes(gpc):
    first, second = gpc.Written(), gpc.Written(number=32, opening=7, own=gpc.account(9876543210))
    documents = gpc.readings(gpc.encode(first, second))
    assert [document.origin.ordinal for document in documents] == [1, 2]
    assert [document.origin.line for document in documents] == [1, 4]
    assert [document.entries[0].line for document in documents] == [2, 5]
    assert [document.origin.content for document in documents] == [gpc.encode(first), gpc.encode(second)]


def test_a_statement_without_number_has_none(gpc):
    assert gpc.statement(gpc.encode(gpc.Written(number=0))).number is None


def test_a_statement_without_items_is_a_statement(gpc):
    document = gpc.statement(gpc.encode(gpc.Written(items=())))
    assert document.entries == ()
    assert document.opening == document.closing
    assert gpc.errors(document) == set()


@pytest.mark.parametrize("length", [114, 117, 124, 128])
def test_a_header_may_end_where_banks_end_it(gpc, length):
    written = gpc.Written(length=length)
    content = gpc.encode(written)
    document = gpc.statement(content)
    assert gpc.errors(document) == set()
    assert document.origin.content == gpc.encode(gpc.replace(written, length=128))
    assert document.origin.changes == (("gpc.padded",) if length < 128 else ())
    assert ("gpc.padded" in gpc.codes(document)) == (length < 128)


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_other_line_ends_become_the_prescribed_ones(gpc, end):
    document = gpc.statement(gpc.encode(gpc.Written(), end=end))
    assert document.origin.content == gpc.encode(gpc.Written())
    assert document.origin.changes == ("gpc.line-ends",)
    assert [entry.line for entry in document.entries] == [2, 3]


def test_empty_lines_and_the_end_of_file_sign_of_dos_are_left_out(gpc):
    content = gpc.encode(gpc.Written()).replace(b"\r\n", b"\r\n\r\n") + b"\x1a"
    document = gpc.statement(content)
    assert document.origin.content == gpc.encode(gpc.Written())
    assert [entry.line for entry in document.entries] == [3, 5]
    assert gpc.errors(document) == set()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_saved_in_another_encoding_is_put_back(gpc, encoding):
    document = gpc.statement(gpc.encode(gpc.Written(), encoding=encoding))
    assert document.entries[0].counter_name == "Žluťásek a syn"
    assert document.entries[0].date == dt.date(2026, 1, 16)
    assert document.origin.content == gpc.encode(gpc.Written())
    assert document.origin.changes == ("gpc.utf8",)
    assert gpc.errors(document) == set()


def test_letters_written_as_two_signs_of_utf8_become_one(gpc):
    import unicodedata

    content = unicodedata.normalize("NFD", gpc.encode(gpc.Written()).decode("cp1250")).encode("utf-8")
    assert gpc.statement(content).origin.content == gpc.encode(gpc.Written())


def test_utf8_whose_fields_are_counted_in_bytes_keeps_its_columns(gpc):
    lines = gpc.encode(gpc.Written()).splitlines()
    for index, (start, end) in enumerate([(19, 39), (97, 117), (97, 117)]):
        name = lines[index][start:end].decode("cp1250").strip().encode("utf-8")[:20]
        lines[index] = lines[index][:start] + name.ljust(20) + lines[index][end:]
    document = gpc.statement(b"".join(line + b"\r\n" for line in lines))
    assert document.entries[0].counter_name == "Žluťásek a syn"
    assert document.closing == Decimal("1073.45")
    assert gpc.errors(document) == set()


def test_an_ascii_file_is_read_as_windows_1250(gpc):
    reading = Reading()
    from efimport.formats.gpc import read

    list(read(Source("a.gpc", gpc.encode(gpc.Written(name="Kovar", items=()))), reading))
    assert reading.encoding == "windows-1250"


def test_the_encoding_that_was_found_is_told(gpc):
    from efimport.formats.gpc import read

    reading = Reading()
    list(read(Source("a.gpc", gpc.encode(gpc.Written(), encoding="utf-8")), reading))
    assert reading.encoding == "utf-8"


# --- further records ------------------------------------------------------------------------------------------------


def test_the_message_of_078_and_079_is_joined(gpc):
    item = gpc.Item(records=("078" + "Faktura za opravu střechy na budově" + "č. 7, " + " " * 29, "079děkujeme"))
    entry = gpc.statement(gpc.encode(gpc.Written(items=(item,)))).entries[0]
    assert entry.message == "Faktura za opravu střechy na budověč. 7, děkujeme"


def test_a_message_that_fills_its_record_goes_on_without_a_blank(gpc):
    text = "x" * 70
    item = gpc.Item(records=("078" + text, "079yz"))
    assert gpc.statement(gpc.encode(gpc.Written(items=(item,)))).entries[0].message == text + "yz"


def test_record_076_gives_identifier_and_comment(gpc):
    item = gpc.Item(records=("076" + f"{'KARTA123':0>26}" + "000000" + "Pekařství U Mostu",))
    entry = gpc.statement(gpc.encode(gpc.Written(items=(item,)))).entries[0]
    assert entry.message == "Pekařství U Mostu"
    assert entry.description == "KARTA123"
    assert entry.bank_reference == "17"


def test_an_amount_before_conversion_is_found_in_078(gpc):
    item = gpc.Item(records=("078" + "34,11 GBP 28,500000  platba kartou",))
    entry = gpc.statement(gpc.encode(gpc.Written(items=(item,)))).entries[0]
    assert (entry.original_amount, entry.original_currency) == (Decimal("34.11"), "GBP")
    assert entry.exchange_rate == Decimal("28.500000")
    assert entry.message == "34,11 GBP 28,500000 platba kartou"


def test_further_records_stay_in_the_content(gpc):
    written = gpc.Written(items=(gpc.Item(records=("078Děkujeme",)),))
    content = gpc.statement(gpc.encode(written)).origin.content
    lines = content.split(b"\r\n")
    assert lines[2] == "078Děkujeme".encode("cp1250").ljust(128)
    assert {len(line) for line in lines[:-1]} == {128}


def test_an_extended_item_is_read_to_its_end_and_cut_for_the_service(gpc):
    fields = {129: "Zpráva pro příjemce", 269: "moje poznámka", 335: "REF-7", 351: "000000000012550", 366: "EUR"}
    fields |= {369: "Celé jméno protistrany a.s.", 436: "Platba", 541: "BANKA A.S.", 1130: "konec"}
    extended = [" "] * (1135 - 128)
    for column, content in fields.items():
        extended[column - 129 : column - 129 + len(content)] = content
    item = gpc.Item(change_and_type="01101", extended="".join(extended))
    document = gpc.statement(gpc.encode(gpc.Written(items=(item,))))
    entry = document.entries[0]
    assert entry.message == "Zpráva pro příjemce moje poznámka konec"
    assert entry.counter_name == "Celé jméno protistrany a.s."
    assert entry.counter_account.bank_name == "BANKA A.S."
    assert entry.end_to_end_reference == "REF-7"
    assert (entry.original_amount, entry.original_currency) == (Decimal("125.50"), "EUR")
    assert entry.description == "Platba"
    assert entry.transaction_code == "1101"
    assert document.origin.changes == ("gpc.padded", "gpc.extended-cut")
    assert {len(line) for line in document.origin.content.splitlines()} == {128}
    assert gpc.errors(document) == set()


# --- posting codes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("maps", "posting_codes", "amounts"),
    [
        ("GENERIC", "12", ["-10.00", "20.00"]),
        ("GENERIC", "1245", ["-10.00", "20.00", "30.00", "-40.00"]),
        ("SPORITELNA", "1234", ["-10.00", "20.00", "30.00", "-40.00"]),
        ("GENERIC", "24", ["10.00", "20.00"]),
        ("SPORITELNA", "24", ["10.00", "-20.00"]),
    ],
)
def test_codes_are_read_with_the_map_that_fits(gpc, maps, posting_codes, amounts):
    items = tuple(gpc.Item(amount=1000 * place, code=code) for place, code in enumerate(posting_codes, 1))
    document = gpc.statement(gpc.encode(gpc.Written(items=items, codes=getattr(gpc, maps))))
    assert [str(entry.amount) for entry in document.entries] == amounts
    assert [entry.reversal for entry in document.entries] == [code in "345" for code in posting_codes]
    assert document.findings == ()


def test_the_bank_decides_the_meaning_of_code_4_even_if_the_sum_fails(gpc):
    own = national_to_iban(NationalNumber(gpc.OWN[:6], gpc.OWN[6:], "0800"))
    broken = gpc.encode(gpc.Written(items=(gpc.Item(code="4"),), codes=gpc.GENERIC))
    assert gpc.statement(broken, (own,)).entries[0].amount == Decimal("-123.45")
    assert gpc.statement(broken, (own[:4] + "2010" + own[8:],)).entries[0].amount == Decimal("123.45")


def test_a_sign_in_front_of_the_amount_decides(gpc):
    items = (gpc.Item(amount=700, signed="-", code=" "), gpc.Item(amount=300, signed="+", code=" "))
    document = gpc.statement(gpc.encode(gpc.Written(items=items)))
    assert [str(entry.amount) for entry in document.entries] == ["-7.00", "3.00"]
    assert document.findings == ()


# --- whose account --------------------------------------------------------------------------------------------------


def test_the_internal_order_is_told_by_the_head_of_the_iban(gpc):
    iban = national_to_iban(NationalNumber(gpc.OWN[:6], gpc.OWN[6:], "0100"))
    written = gpc.Written(internal=True, tail=iban[:8] + "MB")
    document = gpc.statement(gpc.encode(written))
    assert document.account.iban == iban
    assert document.account.bank_code == "0100"
    assert document.entries[0].counter_account.number == gpc.OTHER[6:].lstrip("0")
    assert document.origin.content == gpc.encode(written)
    assert document.findings == ()


def test_the_mark_of_fio_names_the_bank(gpc):
    account = gpc.statement(gpc.encode(gpc.Written(tail="FIO"))).account
    assert (account.number, account.bank_code, account.iban) == ("27-1234567899", "2010", None)


@pytest.mark.parametrize("internal", [False, True])
def test_the_order_is_told_by_the_check_digits(gpc, internal):
    document = gpc.statement(gpc.encode(gpc.Written(internal=internal)))
    assert document.account.number == "27-1234567899"
    assert document.entries[0].counter_account.number == gpc.OTHER[6:].lstrip("0")


def _valid_in_both_orders(gpc) -> str:
    for step in range(1, 2000):
        digits = gpc.account(1_000_000_000 + 1_357_911 * step, 100_000 + 97 * step)
        twin = unpermuted(digits)
        if twin != digits and national_holds(NationalNumber(twin[:6], twin[6:])):
            return digits
    raise AssertionError


def test_the_counter_accounts_vote_where_both_orders_fit(gpc):
    digits = _valid_in_both_orders(gpc)
    document = gpc.statement(gpc.encode(gpc.Written(own=digits)))
    assert document.account.number == f"{digits[:6]}-{digits[6:]}"
    assert "gpc.account-order" not in gpc.codes(document)
    turned = gpc.statement(gpc.encode(gpc.Written(own=digits, internal=True)))
    assert turned.account.number == f"{digits[:6]}-{digits[6:]}"


def test_an_undecided_order_is_said(gpc):
    digits = _valid_in_both_orders(gpc)
    document = gpc.statement(gpc.encode(gpc.Written(own=digits, items=())))
    assert "gpc.account-order" in gpc.codes(document)


def test_our_own_account_decides_the_order(gpc):
    digits = _valid_in_both_orders(gpc)
    own = national_to_iban(NationalNumber(digits[:6], digits[6:], "0800"))
    document = gpc.statement(gpc.encode(gpc.Written(own=digits, items=(), internal=True)), (own,))
    assert document.account.iban == own
    assert "gpc.account-order" not in gpc.codes(document)


def test_our_own_account_may_fail_its_check_digits(gpc):
    content = gpc.encode(gpc.Written(own="0000000000012345"))
    assert "gpc.account-checksum" in gpc.errors(gpc.statement(content))
    assert gpc.errors(gpc.statement(content, ("12345/0800",))) == set()


def test_the_same_number_at_two_banks_leaves_the_bank_open(gpc):
    number = f"{gpc.OWN[:6]}-{gpc.OWN[6:]}"
    account = gpc.statement(gpc.encode(gpc.Written()), (f"{number}/0300", f"{number}/5500")).account
    assert (account.number, account.bank_code, account.iban) == ("27-1234567899", None, None)


def test_the_name_of_the_file_may_carry_the_iban(gpc):
    iban = national_to_iban(NationalNumber(gpc.OWN[:6], gpc.OWN[6:], "0600"))
    document = gpc.statement(gpc.encode(gpc.Written(internal=True)), name=f"inbox/STM_{iban}_20260131_1.GPC")
    assert document.account.iban == iban


def test_both_orders_are_each_others_reverse(gpc):
    assert unpermuted(gpc.internal_order(gpc.OWN)) == gpc.OWN
    assert permuted(gpc.OWN) == gpc.internal_order(gpc.OWN)


# --- recognition ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change", "confidence"),
    [
        ("a.gpc", lambda content: content, 100),
        ("statement.txt", lambda content: content, 100),
        ("a.gpc", lambda content: b"\xef\xbb\xbf" + content, 100),
        ("a.txt", lambda content: b"Vypis\r\n" + content, 80),
        ("a.gpc", lambda content: content.split(b"\r\n", 1)[1], 60),
    ],
)
def test_statements_are_recognised_by_their_records(gpc, name, change, confidence):
    recognition = recognise(Sample(Source(name, change(gpc.encode(gpc.Written())))))
    assert recognition is not None
    assert (recognition.format, recognition.confidence) == ("gpc", confidence)


@pytest.mark.parametrize("content", [b"UHL1010126", b"<a/>", b"074 is a number", b"date;amount\r\n1;2"])
def test_other_files_are_not_claimed(content):
    assert recognise(Sample(Source("a.gpc", content))) is None


def test_items_alone_are_claimed_by_the_name_only(gpc):
    content = gpc.encode(gpc.Written()).split(b"\r\n", 1)[1]
    assert recognise(Sample(Source("a.txt", content))) is None
