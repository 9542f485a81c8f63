"""Statements are written as ČBA XML: valid, exact, the same bytes each time, and read back as what they were."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.documents import BankAccount, Entry, Statement
from efimport.formats.camt.write import lost, write_camt
from efimport.formats.writing import CannotWriteError
from tests.formats import made_statements
from tests.formats.camt.conftest import SHARED, outcome
from tests.formats.made_statements import DAY, entry
from tests.formats.statements_strategy import statements, texts

IBAN = "CZ6508000000192000145399"
OFFICIAL = SHARED / "schemas" / "camt.053" / "camt.053.001.02.xsd"


def statement(*entries: Entry, **values: object) -> Statement:
    return made_statements.statement(*entries, **{"account": BankAccount(iban=IBAN, bank_code="0800"), **values})


def again(one: Statement) -> Statement:
    """The statement written and read."""
    found = outcome(write_camt([one]))
    assert not found.codes
    return found.statement


def entry_again(**values: object) -> Entry:
    (one,) = again(statement(entry(**values))).entries
    return one


def element(one: Statement, path: str) -> str | None:
    return etree.fromstring(write_camt([one])).findtext(
        "{*}BkToCstmrStmt/" + "/".join(f"{{*}}{p}" for p in path.split("/"))
    )


def elements(one: Statement, name: str) -> list[str]:
    return ["".join(found.itertext()) for found in etree.fromstring(write_camt([one])).iter(f"{{*}}{name}")]


@lru_cache(maxsize=1)
def official() -> etree.XMLSchema:
    if not OFFICIAL.is_file():
        pytest.skip("the schema of ISO 20022 is not here")
    return etree.XMLSchema(etree.parse(OFFICIAL))


def as_read(one: Entry, currency: str) -> Entry:
    """The entry as the format keeps it: an account by its IBAN, an original amount with the sign of the entry."""
    account = one.counter_account
    if account is not None and account.iban:
        account = msgspec.structs.replace(account, number=None)
    converted = one.original_currency not in (None, currency)
    sign = -1 if one.amount < 0 else 1
    return msgspec.structs.replace(
        one,
        counter_account=account,
        message=one.message or one.description,
        original_amount=sign * abs(one.original_amount) if converted else None,
        original_currency=one.original_currency if converted else None,
        exchange_rate=one.exchange_rate if converted else None,
        line=None,
    )


# --- whole statements -------------------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(st.lists(statements(text=texts(400)), min_size=1, max_size=3))
def test_what_is_written_is_read_back(written: list[Statement]) -> None:
    found = outcome(write_camt(written))
    assert found.codes <= {"camt.several-statements"}
    for wanted, read in zip(written, found.statements, strict=True):
        for field in ("number", "currency", "period_from", "period_to", "date", "opening", "closing"):
            assert getattr(read, field) == getattr(wanted, field), field
        assert (read.credit_turnover, read.debit_turnover, read.entry_count) == (
            wanted.credit,
            wanted.debit,
            len(wanted.entries),
        )
        assert read.account == msgspec.structs.replace(wanted.account, number=None)
        assert [msgspec.structs.replace(one, line=None) for one in read.entries] == [
            as_read(one, wanted.currency) for one in wanted.entries
        ]


@settings(max_examples=60, deadline=None)
@given(st.lists(statements(text=texts(200)), min_size=1, max_size=2))
def test_what_is_written_is_valid_and_the_same_each_time(written: list[Statement]) -> None:
    content = write_camt(written)
    official().assertValid(etree.fromstring(content))
    assert content == write_camt(written)
    for one in written:
        assert lost(one) == ()


any_texts = st.text(st.characters(codec="utf-8"), max_size=200)
any_amounts = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=5)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_texts_give_a_valid_message(data) -> None:
    fields = ("bank_reference", "end_to_end_reference", "transaction_code", "counter_name", "message", "description")
    symbols = ("variable_symbol", "constant_symbol", "specific_symbol", "original_currency")
    values = {field: data.draw(st.none() | any_texts) for field in (*fields, *symbols)}
    names = ("iban", "number", "bank_code", "bic", "currency", "bank_name")
    account = BankAccount(**{name: data.draw(st.none() | any_texts) for name in names})
    own = BankAccount(number=data.draw(texts(30)))
    amounts = {field: data.draw(st.none() | any_amounts) for field in ("original_amount", "exchange_rate", "charges")}
    made = entry(amount=data.draw(any_amounts), counter_account=account, **values, **amounts)
    one = statement(made, number=data.draw(st.none() | any_texts), opening=Decimal(1), closing=None, account=own)
    content = write_camt([one])
    official().assertValid(etree.fromstring(content))
    assert outcome(content).statement.entries[0].amount == made.amount


def test_equal_statements_are_written_alike_however_their_numbers_are_kept() -> None:
    one = statement(entry(amount=Decimal("10.00")), opening=Decimal("1E+2"), closing=Decimal("110.000"))
    other = statement(entry(amount=Decimal(10)), opening=Decimal(100), closing=Decimal(110))
    assert write_camt([one]) == write_camt([other])


def test_nothing_comes_from_the_clock() -> None:
    assert element(statement(), "GrpHdr/CreDtTm") == element(statement(), "Stmt/CreDtTm") == "2026-01-31T00:00:00"


def test_a_statement_is_named_by_account_day_and_number() -> None:
    assert element(statement(), "Stmt/Id") == f"{IBAN}-260131-15"
    assert element(statement(), "Stmt/LglSeqNb") == element(statement(), "Stmt/ElctrncSeqNb") == "15"


def test_statements_that_differ_in_number_or_period_alone_have_other_names() -> None:
    names = {
        element(statement(number=number, period_from=day), "Stmt/Id")
        for number in ("10015", "10016")
        for day in (dt.date(2026, 1, 1), dt.date(2026, 1, 2))
    }
    assert len(names) == 4
    assert all(len(name) <= 35 for name in names)


def test_a_number_with_letters_is_the_name_of_the_statement() -> None:
    assert again(statement(number="2026/015-D")).number == "2026/015-D"
    assert element(statement(number="2026/015-D"), "Stmt/LglSeqNb") is None


def test_a_number_keeps_its_zeros() -> None:
    assert again(statement(number="015")).number == "015"


def test_a_statement_without_a_number_is_named_by_account_and_day_and_read_without_one() -> None:
    written = statement(number=None)
    assert element(written, "Stmt/Id") == f"{IBAN}-260131"
    assert again(written).number is None


def test_a_name_made_of_a_long_account_is_no_number_either() -> None:
    account = BankAccount(number="0123456789ABCDEFGHIJKLMNOPQRSTUVWX", bank_code="0800")
    assert again(statement(number=None, account=account)).number is None


@pytest.mark.parametrize("number", [f"{IBAN}-260130", f"{IBAN}-2026-01-31", "0123456789abcdef01234567-0123456789"])
def test_a_name_that_the_bank_gave_is_the_number(number: str) -> None:
    assert again(statement(number=number)).number == number


def test_an_overdrawn_account_keeps_its_sign() -> None:
    read = again(statement(opening=Decimal("-5.50"), closing=Decimal("-7.25")))
    assert (read.opening, read.closing) == (Decimal("-5.50"), Decimal("-7.25"))


@pytest.mark.parametrize("known", ["opening", "closing"])
def test_one_balance_is_enough_and_the_other_is_not_made_up(known: str) -> None:
    other = {"opening": "closing", "closing": "opening"}[known]
    read = again(statement(entry(), **{other: None}))
    assert getattr(read, known) is not None
    assert getattr(read, other) is None


def test_a_statement_without_balances_stays_without_them() -> None:
    one = statement(entry(amount=Decimal("-12.50")), opening=None, closing=None)
    official().assertValid(etree.fromstring(write_camt([one])))
    read = again(one)
    assert (read.opening, read.closing, read.date) == (None, None, DAY)


def test_days_that_the_statement_lacks_come_from_its_entries() -> None:
    first, last = entry(date=dt.date(2026, 1, 5)), entry(date=dt.date(2026, 1, 20))
    read = again(statement(first, last, period_from=None, period_to=None, date=None))
    assert (read.period_from, read.period_to, read.date) == (first.date, last.date, last.date)


def test_an_account_with_a_national_number_alone_is_kept() -> None:
    account = BankAccount(number="19-2000145399", bank_code="0800", bic="GIBACZPX", bank_name="Spořitelna")
    assert again(statement(account=account)).account == msgspec.structs.replace(account, currency="CZK")


def test_a_summary_states_what_the_entries_make() -> None:
    one = statement(entry(amount=Decimal("10.5")), entry(amount=Decimal(-3)), entry(amount=Decimal(0)))
    assert elements(one, "NbOfNtries") == ["3", "2", "1"]
    assert elements(one, "Sum") == ["13.50", "10.50", "3.00"]
    assert element(one, "Stmt/TxsSummry/TtlNtries/TtlNetNtryAmt") == "7.50"


def test_stated_figures_that_the_entries_do_not_make_are_told() -> None:
    told = lost(statement(entry(), credit_turnover=Decimal(99), debit_turnover=Decimal(0), entry_count=3))
    assert [(one.position, one.field, one.value) for one in told] == [
        (None, "credit_turnover", "99"),
        (None, "entry_count", "3"),
    ]


def test_a_page_is_told_as_lost() -> None:
    assert [(one.field, one.value) for one in lost(statement(page=2))] == [("page", "2")]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"currency": None}, "currency"),
        ({"currency": "Kč"}, "currency"),
        ({"account": BankAccount(bank_code="0800")}, "account"),
        ({"period_from": None, "period_to": None, "date": None}, "day"),
        ({"opening": Decimal("0.000001")}, "digits"),
        ({"opening": Decimal("1.0000000000000000000000000000001")}, "digits"),
        ({"opening": Decimal(10**18)}, "digits"),
    ],
)
def test_what_cannot_be_said_is_refused_with_the_reason(values: dict[str, object], reason: str) -> None:
    with pytest.raises(CannotWriteError) as refusal:
        write_camt([statement(**values)])
    assert reason in refusal.value.reason


def test_a_statement_without_balances_gets_none_but_what_its_entries_make_for_information() -> None:
    xml = write_camt([statement(entry(), opening=None, closing=None)])
    assert [code.text for code in etree.fromstring(xml).findall(".//{*}Bal/{*}Tp/{*}CdOrPrtry/{*}Cd")] == ["INFO"]


def test_no_statement_at_all_is_refused() -> None:
    with pytest.raises(CannotWriteError):
        write_camt([])


# --- entries ----------------------------------------------------------------------------------------------------


def test_symbols_stand_in_one_structured_reference_each_and_in_the_references() -> None:
    one = statement(entry(variable_symbol="2026001", specific_symbol="77", constant_symbol="308"))
    assert elements(one, "Ref") == ["VS:2026001", "SS:77", "KS:308"]
    assert [elements(one, name) for name in ("EndToEndId", "PmtInfId", "InstrId")] == [["2026001"], ["77"], ["308"]]


def test_a_reference_of_the_payer_takes_the_place_of_the_variable_symbol() -> None:
    read = entry_again(variable_symbol="2026001", end_to_end_reference="ORDER 8/26")
    assert (read.variable_symbol, read.end_to_end_reference) == ("2026001", "ORDER 8/26")


@pytest.mark.parametrize("reference", ["123456", "/VS77/SS/KS", "NOTPROVIDED", "PAID VS:12"])
def test_a_reference_that_would_read_as_a_symbol_is_left_out_and_told(reference: str) -> None:
    assert entry_again(end_to_end_reference=reference).variable_symbol is None
    assert [one.field for one in lost(statement(entry(end_to_end_reference=reference)))] == ["end_to_end_reference"]


def test_symbols_that_are_none_are_left_out_and_told() -> None:
    values = {"variable_symbol": "AB12", "specific_symbol": "9" * 33, "constant_symbol": "0"}
    one = statement(entry(**values))
    assert elements(one, "Ref") == []
    assert {(item.field, item.value) for item in lost(one)} == {
        ("variable_symbol", "AB12"),
        ("specific_symbol", "9" * 33),
    }


@pytest.mark.parametrize(("amount", "role"), [("10", "Dbtr"), ("-10", "Cdtr")])
def test_the_other_side_stands_on_its_side(amount: str, role: str) -> None:
    account = BankAccount(number="1234567899", bank_code="0300")
    one = statement(entry(amount=Decimal(amount), counter_name="Novák", counter_account=account))
    assert element(one, f"Stmt/Ntry/NtryDtls/TxDtls/RltdPties/{role}/Nm") == "Novák"
    assert element(one, f"Stmt/Ntry/NtryDtls/TxDtls/RltdAgts/{role}Agt/FinInstnId/Othr/Id") == "0300"
    assert again(one).entries[0].counter_account == account


@pytest.mark.parametrize(
    "account",
    [
        BankAccount(bank_code="0300"),
        BankAccount(bic="GIBACZPX"),
        BankAccount(iban="DE89370400440532013000", bic="COBADEFFXXX", bank_name="Commerzbank", currency="EUR"),
        BankAccount(number="000123-77", bank_code="12345678"),
        BankAccount(iban=IBAN),
    ],
)
def test_counter_accounts_of_every_kind_are_kept(account: BankAccount) -> None:
    assert entry_again(counter_account=account).counter_account == account


def test_an_entry_without_a_code_stays_without_one() -> None:
    assert elements(statement(entry()), "Cd")[-1] == "10000107000"
    assert elements(statement(entry(amount=Decimal(-1))), "Cd")[-1] == "10000104000"
    assert entry_again().transaction_code is None


@pytest.mark.parametrize("code", ["10000107000", "PMNT-RCDT-ESCT", "NTRF", "1501"])
def test_codes_are_kept(code: str) -> None:
    assert entry_again(transaction_code=code).transaction_code == code


def test_only_a_code_of_the_association_names_it_as_the_issuer() -> None:
    assert elements(statement(entry(transaction_code="10000107000")), "Issr") == ["CBA"]
    assert elements(statement(entry(transaction_code="NTRF")), "Issr") == []


def test_a_reversal_is_marked_and_keeps_its_direction() -> None:
    read = entry_again(amount=Decimal(-10), reversal=True)
    assert (read.amount, read.reversal) == (Decimal(-10), True)


def test_original_amount_rate_and_charges_are_kept() -> None:
    values = {
        "amount": Decimal("-250.13"),
        "original_amount": Decimal("-10.00"),
        "original_currency": "EUR",
        "exchange_rate": Decimal("25.013"),
        "charges": Decimal("7.00"),
    }
    read = entry_again(**values)
    assert {name: getattr(read, name) for name in values} == values
    assert entry_again(charges=Decimal("-1.5")).charges == Decimal("-1.5")


def test_a_rate_of_too_many_digits_is_rounded_and_told() -> None:
    rate = Decimal(1) / Decimal("24.35")
    one = statement(entry(original_amount=Decimal(1), original_currency="EUR", exchange_rate=rate))
    assert again(one).entries[0].exchange_rate == rate.quantize(Decimal("1E-10"))
    assert [item.field for item in lost(one)] == ["exchange_rate"]


def test_a_rate_without_an_original_amount_has_no_place() -> None:
    assert [item.field for item in lost(statement(entry(exchange_rate=Decimal(25))))] == ["exchange_rate"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("ab", min_size=1, max_size=140), min_size=1, max_size=40))
def test_a_message_of_any_length_is_read_back(words: list[str]) -> None:
    one = statement(entry(message=" ".join(words)))
    assert all(len(line) <= 140 for line in elements(one, "Ustrd"))
    if not lost(one):
        assert again(one).entries[0].message == " ".join(words)


def test_a_message_that_repeats_itself_is_kept_whole() -> None:
    assert entry_again(message="tik tak " * 200).message == ("tik tak " * 200).strip()
    assert lost(statement(entry(message="tik tak " * 200))) == ()


def test_a_word_longer_than_a_line_is_broken_and_told() -> None:
    one = statement(entry(message="x" * 150))
    assert elements(one, "Ustrd") == ["x" * 140, "x" * 10]
    assert [item.field for item in lost(one)] == ["message"]


@pytest.mark.parametrize(("field", "length"), [("counter_name", 140), ("description", 500)])
def test_texts_that_are_too_long_are_cut_and_told(field: str, length: int) -> None:
    one = statement(entry(**{field: "x" * (length + 1), "message": "m"}))
    assert getattr(again(one).entries[0], field) == "x" * length
    assert [(item.position, item.field, item.value) for item in lost(one)] == [(1, field, "x" * (length + 1))]


@pytest.mark.parametrize("field", ["bank_reference", "end_to_end_reference", "transaction_code"])
def test_references_that_are_too_long_are_left_out_whole(field: str) -> None:
    one = statement(entry(**{field: "r" * 36}))
    assert getattr(again(one).entries[0], field) is None
    assert [(item.position, item.field) for item in lost(one)] == [(1, field)]


def test_signs_that_xml_cannot_hold_are_dropped_and_told() -> None:
    one = statement(entry(message="ab\x01c\ufffe d\te"))
    assert again(one).entries[0].message == "abc d e"
    assert [(item.field, item.value) for item in lost(one)] == [("message", "\\x01\\ufffe")]
