"""Statements are written so that they read as the same statements."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from hypothesis import assume, given, settings

from efimport.documents import BankAccount, Entry, Origin, Statement
from efimport.formats.mt940.write import lost, write_mt940
from tests.formats.statements_strategy import statements

MADE = Origin(path="made.json", format="made")
DAY = dt.date(2026, 1, 15)
IBAN = "CZ6508000000192000145399"


def _entry(position: int = 1, amount: str = "100.00", **fields) -> Entry:
    return Entry(position=position, amount=Decimal(amount), date=DAY, value_date=DAY, **fields)


def _statement(*entries: Entry, **fields) -> Statement:
    total = sum((entry.amount for entry in entries), Decimal(0))
    plain = Statement(
        origin=MADE,
        account=BankAccount(iban=IBAN, currency="CZK"),
        number="31",
        currency="CZK",
        period_from=dt.date(2026, 1, 1),
        period_to=dt.date(2026, 1, 31),
        date=dt.date(2026, 1, 31),
        opening=Decimal("10.00"),
        closing=Decimal("10.00") + total,
        entries=entries,
    )
    return msgspec.structs.replace(plain, **fields)


FULL = _entry(
    amount="-1234.50",
    variable_symbol="260100010",
    constant_symbol="308",
    specific_symbol="7",
    counter_account=BankAccount(iban=IBAN, number="19-2000145399", bank_code="0800"),
    counter_name="Novák a syn",
    message="Faktura č. 26010001",
    description="Platba převodem",
    bank_reference="B1",
    end_to_end_reference="SI00123",
    reversal=True,
    original_amount=Decimal("50.00"),
    original_currency="EUR",
    exchange_rate=Decimal("24.69"),
    transaction_code="010",
)


def test_a_statement_is_written_field_by_field():
    assert write_mt940([_statement(FULL)]).decode("utf-8").split("\r\n") == [
        ":20:00031",
        f":25:{IBAN}",
        ":28C:00031/00001",
        ":60F:C260101CZK10,00",
        ":61:2601150115RC1234,50NMSCSI00123//B1",
        "/OCMT/EUR50,00/EXCH/24,69/",
        ":86:010?00Platba převodem?2019-2000145399/0800?21VS0260100010?22S",
        f"S0000000007?23KS0308?28Faktura č. 26010001?31{IBAN[:20]}",
        f"{IBAN[20:]}?32Novák a syn",
        ":62F:D260131CZK1224,50",
        "-",
        "",
    ]


@settings(max_examples=150, deadline=None)
@given(statements())
def test_what_is_written_is_read_again(document):
    assume(all(entry.bank_reference != "NONREF" for entry in document.entries))
    # Amount and rate before conversion share one line of 34 signs.
    assert {one.field for one in lost(document)} <= {"exchange_rate"}


@settings(max_examples=40, deadline=None)
@given(document=statements(max_entries=40, converted=False))
def test_lines_and_messages_are_as_short_as_swift_wants_them(mt940, document):
    content = write_mt940([document])
    assert all(len(line) <= 65 for line in content.decode("utf-8").split("\r\n") if not line.startswith(":61:"))
    messages = content.split(b"\r\n-\r\n")
    assert all(len(message) <= 2000 for message in messages)
    (again,) = mt940.statements(content)
    assert mt940.closes(again)
    assert len(again.entries) == len(document.entries)
    assert {found.code for found in again.findings} <= {"mt940.pages-joined"}


@settings(max_examples=30, deadline=None)
@given(first=statements(max_entries=4), second=statements(max_entries=4))
def test_several_statements_are_read_again_as_several(mt940, first, second):
    assume(first.account != second.account)
    again = mt940.statements(write_mt940([first, second]))
    assert [one.number for one in again] == [first.number, second.number]
    assert [one.closing for one in again] == [first.closing, second.closing]


def test_nothing_is_written_of_nothing():
    assert write_mt940([]) == b""


def test_pages_follow_one_another(mt940):
    document = _statement(*(_entry(place, message=" ".join(["Zpráva pro příjemce"] * 5)) for place in range(1, 30)))
    content = write_mt940([document])
    assert content.count(b":62M:") == content.count(b":60M:") == content.count(b":20:") - 1 > 1
    assert lost(document) == ()


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (_entry(message="Proč? 25 Kč"), "message"),
        (_entry(message="slovo " * 100), "message"),
        (_entry(counter_name="jméno " * 40), "counter_name"),
        (_entry(description="popis " * 20), "description"),
        (_entry(variable_symbol="12345678901"), "variable_symbol"),
        (_entry(variable_symbol="A1"), "variable_symbol"),
        (_entry(bank_reference="B" * 17), "bank_reference"),
        (_entry(bank_reference="A//B"), "bank_reference"),
        (_entry(end_to_end_reference="/x/"), "end_to_end_reference"),
        (_entry(transaction_code="PMNT-RCDT"), "transaction_code"),
        (_entry(original_amount=Decimal("12345678901234.50"), original_currency="EUR", charges=Decimal(1)), "charges"),
        (msgspec.structs.replace(_entry(), value_date=dt.date(2024, 1, 1)), "date"),
        (msgspec.structs.replace(_entry(), date=dt.date(2071, 1, 1), value_date=None), "date"),
    ],
)
def test_what_does_not_fit_is_told(entry, field):
    assert (1, field) in [(one.position, one.field) for one in lost(_statement(entry))]
    assert {one.field for one in lost(_statement(_entry()))} == set()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"number": "2026/7 B"}, "number"),
        ({"date": dt.date(2026, 2, 1)}, "date"),
        ({"entry_count": 7}, "entry_count"),
        ({"credit_turnover": Decimal(7)}, "credit_turnover"),
        ({"period_from": dt.date(1950, 1, 1)}, "period_from"),
    ],
)
def test_fields_of_the_statement_that_do_not_fit_are_told(fields, field):
    assert (None, field) in [(one.position, one.field) for one in lost(_statement(_entry(), **fields))]


def test_what_is_lost_of_an_account_beside_its_number_is_told():
    account = BankAccount(iban="CZ6508000000192000145399", bic="GIBACZPX", bank_name="Spořitelna")
    found = lost(_statement(_entry(counter_account=account), account=account, page=2))
    assert [(one.position, one.field) for one in found] == [
        (None, "page"),
        (None, "account.bic"),
        (None, "account.bank_name"),
        (1, "counter_account.bank_name"),
    ]


def test_a_year_and_a_number_are_written_where_the_statement_has_one_page(mt940):
    one = _statement(_entry(), number="2026/01")
    assert mt940.statement(write_mt940([one])).number == "2026/01"
    assert lost(one) == ()
    long = _statement(*(_entry(place, message=" ".join(["Zpráva"] * 12)) for place in range(1, 30)), number="2026/01")
    assert [loss.field for loss in lost(long)] == ["number"]


def test_a_statement_without_balances_account_and_number_is_written_too(mt940):
    bare = _statement(_entry(), opening=None, closing=None, number=None, account=BankAccount(), currency=None)
    again = mt940.statement(write_mt940([bare]))
    assert (again.opening, again.closing, again.number, again.account.display) == (None, None, None, None)
    assert [entry.amount for entry in again.entries] == [Decimal("100.00")]


@pytest.mark.parametrize(
    "account",
    [
        BankAccount(iban="DE89370400440532013000", bic="COBADEFF"),
        BankAccount(number="19-2000145399", bank_code="0800"),
        BankAccount(number="93387", bank_code="66642399"),
        BankAccount(number="300000001234567"),
    ],
)
def test_accounts_of_other_countries_are_written(account):
    assert lost(_statement(_entry(counter_account=account))) == ()


@pytest.mark.parametrize(
    ("account", "written"),
    [
        (BankAccount(number="0194774600888", bank_code="50880050"), "50880050/0194774600888"),
        (BankAccount(number="1234567890", bic="DABADKKK"), "DABADKKK/1234567890"),
        (BankAccount(number="19-2000145399", bank_code="0800"), "19-2000145399/0800"),
        (BankAccount(number="300000001234567"), "300000001234567"),
    ],
)
def test_the_own_account_is_written_as_banks_do_and_read_again(mt940, account, written):
    document = _statement(_entry(), account=account)
    assert f":25:{written}\r\n".encode() in write_mt940([document])
    assert lost(document) == ()
    again = mt940.statement(write_mt940([document])).account
    assert (again.number, again.bic) == (account.number, account.bic)


@pytest.mark.parametrize(
    "text", ["-", ":61:X", "a" * 60 + " -", "- " * 40, ": " * 40, "VS123", "EREF+1", "a\r\n-\r\nb"]
)
def test_texts_that_look_like_fields_or_ends_do_no_harm(mt940, text):
    document = _statement(_entry(message=text, counter_name=text), _entry(2))
    again = mt940.statement(write_mt940([document]))
    assert mt940.closes(again)
    assert len(again.entries) == 2
    assert again.entries[0].message == " ".join(text.split())
    assert again.entries[0].variable_symbol is None
