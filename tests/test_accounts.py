"""Account numbers: parts, check digits, IBANs, the order of digits in ABO files."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport import accounts
from efimport.accounts import NationalNumber, parse_national
from efimport.documents import BankAccount
from efimport.findings import Location, Severity

CNB = "19-2000145399/0800"
CNB_IBAN = "CZ6508000000192000145399"
BANK_CODES = Path(__file__).resolve().parents[1].parent / "shared" / "corpus" / "bank-codes"

DIGITS = st.integers(0, 10**16 - 1).map(lambda number: f"{number:016d}")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("19-2000145399/0800", ("000019", "2000145399", "0800")),
        (" 000019 - 2000145399 / 0800 ", ("000019", "2000145399", "0800")),
        ("2000145399", ("000000", "2000145399", None)),
        ("0000192000145399/0800", ("000019", "2000145399", "0800")),
        ("-2000145399/0800", ("000000", "2000145399", "0800")),
    ],
)
def test_a_national_number_is_taken_apart(text, parts):
    number = parse_national(text)
    assert number is not None
    assert (number.prefix, number.number, number.bank_code) == parts


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1234567-123/0800", "19-20001453990/0800", "19-2000145399/800", CNB_IBAN, "19-200014539٩/0800", "²"],
)
def test_other_texts_are_no_national_number(text):
    assert parse_national(text) is None


def test_a_national_number_is_written_without_padding():
    number = NationalNumber("000019", "0000145399", "0800")
    assert (number.text, number.display) == ("19-145399", "19-145399/0800")
    assert NationalNumber("000000", "2000145399").display == "2000145399"


@pytest.mark.parametrize("text", ["19-2000145399", "115-214740207", "43-3647590287", "500005-2267180257", "189731527"])
def test_numbers_in_use_hold(text):
    assert accounts.national_holds(parse_national(text))


@pytest.mark.parametrize("text", ["19-2000145398", "18-2000145399", "0", "100000000", "12345"])
def test_numbers_with_a_wrong_digit_do_not_hold(text):
    assert not accounts.national_holds(parse_national(text))


@settings(max_examples=100)
@given(digits=DIGITS, place=st.integers(0, 15), step=st.integers(1, 9))
def test_modulo_11_is_the_one_of_the_decree_and_finds_every_single_wrong_digit(digits, place, step):
    from stdnum.cz import bankaccount

    weights = (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)

    def rest(part: str) -> int:
        return sum(weight * int(digit) for weight, digit in zip(weights, part.zfill(10), strict=True)) % 11

    wanted = rest(digits[:6]) == 0 == rest(digits[6:]) and digits[6:].count("0") <= 8
    holds = accounts.digits_hold(digits.encode())
    assert holds == wanted
    if holds:
        assert bankaccount.is_valid(f"{digits[:6]}-{digits[6:]}/0800")
        wrong = digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
        assert not accounts.digits_hold(wrong.encode())


@pytest.mark.parametrize(
    ("internal", "printed"),
    [
        ("7523018971000000", "189731527"),
        ("7204021470000115", "115-214740207"),
        ("7289364750000043", "43-3647590287"),
        ("7258226710500005", "500005-2267180257"),
    ],
)
def test_the_internal_order_of_abo_files(internal, printed):
    number = accounts.from_abo(internal, internal=True)
    assert number.text == printed
    assert accounts.to_abo(number, internal=True) == internal


@given(digits=DIGITS)
def test_both_orders_undo_each_other(digits):
    assert accounts.unpermuted(accounts.permuted(digits)) == digits
    assert accounts.permuted(accounts.unpermuted(digits)) == digits
    assert accounts.to_abo(accounts.from_abo(digits)) == digits


def test_a_national_number_becomes_an_iban_and_comes_back():
    assert accounts.national_to_iban(parse_national(CNB)) == CNB_IBAN
    assert accounts.iban_to_national("CZ65 0800 0000 1920 0014 5399") == parse_national(CNB)
    assert accounts.iban_to_national("SK3112000000198742637541") == parse_national("19-8742637541/1200")
    assert accounts.national_to_iban(parse_national("19-8742637541/1200"), "SK") == "SK3112000000198742637541"


@given(digits=DIGITS, country=st.sampled_from(["CZ", "SK"]), bank=st.sampled_from(["0100", "0800", "2010"]))
@settings(max_examples=50)
def test_every_iban_made_here_satisfies_modulo_97(digits, country, bank):
    from stdnum import iban

    number = NationalNumber(digits[:6], digits[6:], bank)
    made = accounts.national_to_iban(number, country)
    assert iban.is_valid(made)
    assert accounts.iban_to_national(made) == number
    assert accounts.iban_holds(made) == accounts.national_holds(number)


@pytest.mark.parametrize(("text", "country"), [("19-2000145399", "CZ"), (CNB, "SI")])
def test_an_iban_needs_the_bank_and_a_country_that_has_such_numbers(text, country):
    with pytest.raises(ValueError, match="2000145399"):
        accounts.national_to_iban(parse_national(text), country)


@pytest.mark.parametrize(
    ("iban", "problem"),
    [
        (CNB_IBAN, None),
        ("cz65 0800 0000 1920 0014 5399", None),
        ("SI56263300012039086", None),
        ("HR1210010051863000160", None),
        ("CZ6608000000192000145399", "checksum"),
        ("SI56263300012039087", "checksum"),
        ("CZ9208000000192000145398", "national"),
        ("CZ65080000001920001453", "form"),
        (CNB, "form"),
        ("", "form"),
    ],
)
def test_what_is_wrong_with_an_iban(iban, problem):
    assert accounts.iban_problem(iban) == problem
    assert accounts.iban_holds(iban) == (problem is None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (CNB_IBAN, "CZ65 0800 0000 1920 0014 5399", True),
        (CNB_IBAN, CNB, True),
        (CNB_IBAN, "19-2000145399", True),
        (CNB, "000019-2000145399", True),
        (CNB, "0000192000145399/0800", True),
        (CNB, "19-2000145399/0100", False),
        (CNB_IBAN, "2000145399/0800", False),
        (CNB_IBAN, "SK3112000000198742637541", False),
        ("SI56263300012039086", "26330-0012039086", True),
        ("SI56263300012039086", CNB, False),
        ("pay@firma.cz", "PAY@firma.cz", True),
        ("", "", False),
        (CNB_IBAN, BankAccount(number="19-2000145399", bank_code="0800"), True),
        ("19-2000145399/0100", BankAccount(number="19-2000145399", bank_code="0800"), False),
        (BankAccount(iban=CNB_IBAN), BankAccount(number="19-2000145399"), True),
        (BankAccount(), BankAccount(), False),
    ],
)
def test_whether_two_accounts_are_the_same(one, other, same):
    assert accounts.same_account(one, other) is same
    assert accounts.same_account(other, one) is same


@pytest.mark.parametrize(
    ("account", "text"),
    [
        (BankAccount(iban="CZ65 0800 0000 1920 0014 5399", number="1", bank_code="0100"), CNB_IBAN),
        (BankAccount(number="19-2000145399", bank_code="0800"), CNB),
        (BankAccount(number="000019-2000145399", bank_code="0800"), CNB),
        (BankAccount(number="0000192000145399", bank_code="0800"), CNB),
        (BankAccount(number="DE-1", bank_code="0800"), "DE-1/0800"),
        (BankAccount(number="19-2000145399"), None),
        (BankAccount(), None),
    ],
)
def test_the_account_as_the_service_takes_it(account, text):
    assert accounts.for_service(account) == text


def test_an_account_in_a_text_is_completed():
    complete = BankAccount(iban=CNB_IBAN, number="19-2000145399", bank_code="0800")
    assert accounts.parse_account(CNB) == complete
    assert accounts.parse_account(CNB_IBAN) == complete
    assert accounts.parse_account("19-2000145399") == BankAccount(number="19-2000145399")
    assert accounts.parse_account("SI56263300012039086") == BankAccount(iban="SI56263300012039086")
    assert accounts.parse_account("pay@firma.cz") is None


def test_banks_are_known_by_their_codes():
    assert accounts.bank_name("0800") == "Česká spořitelna"
    assert accounts.bank_name("1100", "SK") == "Tatra banka"
    assert accounts.bank_name("9999") is None
    assert accounts.bank_country("0800") == "CZ"
    assert accounts.bank_country("1100") == "SK"
    assert accounts.bank_country("9999") is None


@pytest.mark.skipif(not BANK_CODES.is_dir(), reason="the corpus is not here")
def test_no_czech_bank_is_missing():
    listed = json.loads((BANK_CODES / "schwifty_generated_cz.json").read_text(encoding="utf-8"))
    assert [bank["bank_code"] for bank in listed if accounts.bank_name(bank["bank_code"]) is None] == []


@pytest.mark.parametrize(
    ("account", "codes"),
    [
        (BankAccount(), []),
        (BankAccount(iban=CNB_IBAN, number="19-2000145399", bank_code="0800"), []),
        (BankAccount(number="19-2000145399", bank_code="0800"), []),
        (BankAccount(number="19-2000145398", bank_code="0800"), ["account.checksum"]),
        (BankAccount(number="19-2000145399", bank_code="9999"), ["account.unknown-bank"]),
        (BankAccount(number="93387", bank_code="66642399"), []),
        (BankAccount(iban="CZ6608000000192000145399"), ["iban.checksum"]),
        (BankAccount(iban="CZ9208000000192000145398"), ["iban.national"]),
        (BankAccount(iban="CZ65"), ["iban.form"]),
        (BankAccount(iban=CNB_IBAN, number="2000145399", bank_code="0800"), ["iban.other-number"]),
    ],
)
def test_what_is_said_of_an_account(account, codes):
    place = Location(line=3)
    found = accounts.account_findings(account, place)
    assert [finding.code for finding in found] == codes
    assert all(finding.location == place for finding in found)


def test_the_weight_of_wrong_check_digits_can_be_raised():
    (found,) = accounts.account_findings(BankAccount(iban="CZ6608000000192000145399"), severity=Severity.ERROR)
    assert found.is_error


def test_every_bank_code_has_four_digits():
    table = Path(accounts.__file__).with_name("bank_codes.toml")
    for banks in tomllib.loads(table.read_text(encoding="utf-8")).values():
        assert all(len(code) == 4 and code.isdigit() for code in banks)


def test_the_check_digit_library_is_loaded_only_when_it_is_needed():
    program = "import efimport.accounts, sys; sys.exit('stdnum' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("number", ["19-200014539٩", "٢٠٠٠١٤٥٣٩٩", "CZ٦٥08000000192000145399"])
def test_digits_of_another_script_make_no_account(number):
    account = BankAccount(number=number, bank_code="0800", iban=number)
    assert [one.severity for one in accounts.account_findings(account, Location(path="a"))]
