"""Statements are written as ABO/GPC: full records, and read back as what they were; what has no room is told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from efimport.documents import BankAccount, Entry, Statement
from efimport.formats.gpc import read
from efimport.formats.gpc.write import lost, write_gpc
from efimport.formats.reading import Own, Reading
from efimport.formats.writing import CannotWriteError
from efimport.sources import Source
from tests.formats import made_statements
from tests.formats.made_statements import entry
from tests.formats.statements_strategy import LETTERS, statements, texts

OWN = BankAccount(iban="CZ6508000000192000145399", number="19-2000145399", bank_code="0800")
FIO = BankAccount(number="19-2000145399", bank_code="2010")


def statement(*entries: Entry, **values: object) -> Statement:
    return made_statements.statement(*entries, **{"account": FIO, **values})


def readings(*written: Statement) -> list[Statement]:
    """The statements written and read by somebody who knows the accounts as his own."""
    own = tuple(f"{one.account.number}/{one.account.bank_code}" for one in written)
    found = list(read(Source("made.gpc", write_gpc(written)), Reading(Own(bank_accounts=own))))
    assert all(isinstance(one, Statement) for one in found)
    return found


def again(one: Statement) -> Statement:
    (found,) = readings(one)
    assert {item.code for item in found.findings} <= {"statement.no-currency"}
    return found


def entry_again(**values: object) -> Entry:
    (one,) = again(statement(entry(**values))).entries
    return one


def records(one: Statement) -> list[str]:
    return write_gpc([one]).decode("cp1250").split("\r\n")[:-1]


def told(one: Statement) -> list[tuple[int | None, str]]:
    return [(item.position, item.field) for item in lost(one)]


def as_read(one: Entry) -> Entry:
    """The entry as the format keeps it."""
    account = one.counter_account
    if account is not None:
        account = BankAccount(number=account.number, bank_code=account.bank_code) if account.number else None
    reference = (one.bank_reference or "").lstrip("0") or None
    return msgspec.structs.replace(
        one,
        counter_account=account,
        message=(one.message or one.description or "")[:140].strip() or None,
        description=None,
        bank_reference=reference,
        original_amount=None,
        original_currency=None,
        exchange_rate=None,
        line=None,
    )


def _may_be_utf8(text: bytes) -> bool:
    return not text.isascii() and "\ufffd" not in text.decode("utf-8", "replace")


# --- whole statements -------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.lists(statements(text=texts(150)), min_size=1, max_size=3, unique_by=lambda one: one.account.number))
def test_what_is_written_is_read_back(written: list[Statement]) -> None:
    # Äš alone are the bytes of Ě in UTF-8, and nobody can tell which was meant.
    assume(not any(_may_be_utf8(record) for record in write_gpc(written).split(b"074")))
    for wanted, found in zip(written, readings(*written), strict=True):
        assert not [item for item in found.findings if item.is_error]
        for field in ("number", "period_from", "period_to", "date", "opening", "closing"):
            assert getattr(found, field) == getattr(wanted, field), field
        assert (found.account.number, found.account.bank_code) == (wanted.account.number, wanted.account.bank_code)
        assert found.currency == (wanted.currency if wanted.entries else None)
        assert [msgspec.structs.replace(one, line=None) for one in found.entries] == [
            as_read(one) for one in wanted.entries
        ]


@settings(max_examples=60, deadline=None)
@given(statements(text=st.text(st.characters(codec="utf-8"), max_size=60)))
def test_any_texts_give_full_records(written: Statement) -> None:
    content = write_gpc([written])
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert {len(line) for line in lines} == {128}
    assert content == write_gpc([written])
    assert {line[:3] for line in lines} <= {b"074", b"075", b"076", b"078", b"079"}
    (found,) = readings(written)
    assert [one.amount for one in found.entries] == [one.amount for one in written.entries]


@settings(max_examples=60, deadline=None)
@given(statements(text=texts(60, LETTERS), converted=False))
def test_what_is_not_told_as_lost_is_read_back_as_it_was(written: Statement) -> None:
    missing = {(item.position, item.field) for item in lost(written)}
    (found,) = readings(written)
    for one, wanted in zip(found.entries, written.entries, strict=True):
        for field in ("counter_name", "message", "bank_reference", "variable_symbol", "value_date", "reversal"):
            if (wanted.position, field) not in missing and getattr(wanted, field) is not None:
                assert getattr(one, field) == getattr(wanted, field), field


@pytest.mark.parametrize("bank_code", ["0800", "0300", "2010"])
@pytest.mark.parametrize("amount", ["12.50", "-12.50"])
def test_a_reversal_keeps_its_direction_at_every_bank(bank_code: str, amount: str) -> None:
    account = msgspec.structs.replace(FIO, bank_code=bank_code)
    (read_entry,) = again(statement(entry(amount=Decimal(amount), reversal=True), account=account)).entries
    assert (read_entry.amount, read_entry.reversal) == (Decimal(amount), True)


def test_reversals_have_codes_of_their_own_and_lessen_the_turnover_of_their_side() -> None:
    one = statement(
        entry(amount=Decimal(10)),
        entry(amount=Decimal(-4)),
        entry(amount=Decimal(3), reversal=True),
        entry(amount=Decimal(-1), reversal=True),
    )
    header, *items = records(one)
    assert [item[60] for item in items] == ["2", "1", "4", "5"]
    assert (header[75:90], header[90:105]) == ("000000000001000", "000000000009000")
    read_statement = again(one)
    assert (read_statement.debit_turnover, read_statement.credit_turnover) == (Decimal(1), Decimal(9))


def test_a_turnover_that_reversals_make_negative_has_its_sign() -> None:
    header = records(statement(entry(reversal=True)))[0]
    assert header[75:90] == "00000000001000-"


def test_the_header_is_of_128_columns_and_plain_digits() -> None:
    header = records(statement(entry(), account=OWN, opening=Decimal("-5.5"), closing=Decimal("4.5")))[0]
    assert header == (
        "0740000192000145399" + " " * 20 + "010126" + "00000000000550-" + "00000000000450+" + "000000000000000"
        "000000000010000" + "015310126"
    ).ljust(128)


def test_an_item_has_its_columns() -> None:
    item = records(
        statement(
            entry(
                amount=Decimal("-1234.5"),
                counter_account=BankAccount(number="19-2000145399", bank_code="0800"),
                bank_reference="16659818503",
                variable_symbol="260100010",
                constant_symbol="308",
                specific_symbol="77",
                counter_name="Žluťásek a syn",
                value_date=dt.date(2026, 1, 30),
            )
        )
    )[1]
    assert item == (
        "075" + "0000192000145399" * 2 + "0016659818503" + "000000123450" + "1" + "0260100010" + "00" + "0800" + "0308"
        "0000000077" + "300126" + "Žluťásek a syn      " + "0" + "0203" + "310126"
    )


def test_fio_is_named_at_the_end_of_the_header_and_other_banks_are_told_as_lost() -> None:
    assert records(statement())[0][114:].rstrip() == "FIO"
    assert (None, "account.bank_code") in told(statement(account=OWN))


def test_days_that_the_statement_lacks_come_from_its_entries() -> None:
    first, last = entry(date=dt.date(2026, 1, 5)), entry(date=dt.date(2026, 1, 20))
    read_statement = again(statement(first, last, period_from=None, period_to=None, date=None))
    assert (read_statement.period_from, read_statement.date) == (first.date, last.date)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"opening": None}, "balance"),
        ({"closing": None}, "balance"),
        ({"account": BankAccount(iban="DE89370400440532013000")}, "DE89370400440532013000"),
        ({"account": BankAccount()}, "account"),
        ({"period_from": None, "period_to": None, "date": None}, "day"),
        ({"date": dt.date(1969, 12, 31)}, "1969-12-31"),
        ({"opening": Decimal("0.001")}, "0.001"),
        ({"opening": Decimal("1.0000000000000000000000000000001")}, "14"),
        ({"opening": Decimal(10**12)}, "14"),
        ({"entries": (entry(amount=Decimal(10**10)),)}, "12"),
    ],
)
def test_what_cannot_be_said_is_refused_with_the_reason(values: dict[str, object], reason: str) -> None:
    with pytest.raises(CannotWriteError) as refusal:
        write_gpc([statement(**values)])
    assert reason in refusal.value.reason


def test_no_statement_at_all_is_refused() -> None:
    with pytest.raises(CannotWriteError):
        write_gpc([])


# --- entries ----------------------------------------------------------------------------------------------------


def test_a_reference_that_is_no_number_stands_in_record_076() -> None:
    one = statement(entry(), entry(bank_reference="BOATHB69152"))
    item, further = records(one)[2:4]
    assert (item[35:48], further[:35]) == ("0000000000002", "076" + "BOATHB69152".zfill(26) + "310126")
    assert again(one).entries[1].bank_reference == "BOATHB69152"
    assert lost(one) == ()


@pytest.mark.parametrize("reference", ["0017", "x" * 27])
def test_a_reference_that_does_not_come_back_is_told(reference: str) -> None:
    assert told(statement(entry(bank_reference=reference))) == [(1, "bank_reference")]


def test_a_long_name_stands_whole_in_record_076() -> None:
    name = "Řemeslnická společnost Kovář a synové, s.r.o."
    assert entry_again(counter_name=name, message="Faktura").counter_name == name
    assert entry_again(counter_name=name, message="Faktura").message == "Faktura"
    assert lost(statement(entry(counter_name=name))) == ()
    assert told(statement(entry(counter_name="x" * 94))) == [(1, "counter_name")]


@pytest.mark.parametrize("length", [1, 35, 69, 70, 71, 105, 140])
def test_a_message_of_four_lines_is_kept(length: int) -> None:
    text = ("ab cde f" * 20)[:length].strip()
    assert entry_again(message=text).message == text
    assert lost(statement(entry(message=text))) == ()


def test_a_longer_message_is_cut_and_told() -> None:
    assert entry_again(message="x" * 141).message == "x" * 140
    assert told(statement(entry(message="x" * 141))) == [(1, "message")]


def test_a_description_is_the_message_where_there_is_none() -> None:
    assert entry_again(description="Card payment").message == "Card payment"
    assert lost(statement(entry(description="Card payment"))) == ()
    assert told(statement(entry(description="Card payment", message="Lunch"))) == [(1, "description")]


def test_letters_that_windows_1250_has_not_are_told() -> None:
    one = statement(entry(message="Łódź Жук\x07"))
    assert again(one).entries[0].message == "Łódź ???"
    assert told(one) == [(1, "message")]


@pytest.mark.parametrize(
    "values",
    [
        {"variable_symbol": "12345678901"},
        {"variable_symbol": "AB1"},
        {"constant_symbol": "12345"},
        {"specific_symbol": "12345678901"},
        {"end_to_end_reference": "ORDER 8"},
        {"exchange_rate": Decimal("24.5")},
        {"original_amount": Decimal(1)},
        {"charges": Decimal(7)},
        {"transaction_code": "PMNT-RCDT-ESCT"},
        {"counter_account": BankAccount(iban="DE89370400440532013000")},
    ],
)
def test_what_an_item_has_no_columns_for_is_told(values: dict[str, object]) -> None:
    one = statement(entry(**values))
    again(one)
    ((field, value),) = values.items()
    shown = value.display if isinstance(value, BankAccount) else str(value)
    assert [(item.position, item.field, item.value) for item in lost(one)] == [(1, field, shown)]


def test_a_counter_account_by_its_iban_is_written_as_a_national_number() -> None:
    one = entry_again(counter_account=BankAccount(iban="CZ6508000000192000145399"))
    assert one.counter_account == BankAccount(number="19-2000145399", bank_code="0800")


def test_a_kind_of_data_is_kept_where_the_currency_is_not_known() -> None:
    one = statement(entry(transaction_code="1501"), currency=None)
    assert again(one).entries[0].transaction_code == "1501"
    assert again(one).currency is None


@pytest.mark.parametrize("currency", ["CZK", "EUR", "USD"])
def test_the_currency_is_kept(currency: str) -> None:
    assert again(statement(entry(), currency=currency)).currency == currency
    assert lost(statement(entry(), currency=currency)) == ()


def test_a_currency_without_a_place_is_told() -> None:
    assert told(statement(currency="CZK")) == [(None, "currency")]
    assert told(statement(entry(), currency="XAU")) == [(None, "currency")]


def test_figures_and_days_that_the_header_has_not_are_told() -> None:
    values = {"credit_turnover": Decimal(99), "debit_turnover": Decimal(0), "entry_count": 5, "number": "2026/1"}
    one = statement(entry(), period_to=dt.date(2026, 1, 30), page=2, **values)
    assert {field for _, field in told(one)} == {"credit_turnover", "entry_count", "number", "page", "period_to"}
