"""Real exports of banks whose letters and numbers were changed, where they are at hand."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[5] / "shared" / "corpus" / "csv"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not at hand")


@pytest.fixture
def only(read):
    """Mapping and only statement of a file of the corpus."""

    def reading(name: str, *own: str):
        path = CORPUS / f"bank2ynab__{name}.csv"
        outcome = read(path.read_bytes(), path.name, own)
        [statement] = outcome.statements
        assert not any(one.is_error for one in statement.findings)
        return outcome.mapping, statement

    return reading


def test_raiffeisenbank_of_2018(only):
    mapping, statement = only("Movements_1234512345_201805271848")
    assert mapping == "raiffeisenbank-cz"
    [entry] = statement.entries
    assert (entry.amount, entry.date, statement.currency) == (Decimal("-1.00"), dt.date(2018, 5, 27), "CZK")
    assert (entry.counter_name, entry.message) == ("Name Surname", "Memo for me test")
    assert (entry.counter_account.display, entry.bank_reference) == ("123456789/1234", "3228446118")
    assert statement.account.display == "123456789/1234"


@pytest.mark.parametrize("name", ["TH_20180101-20180523_page_1", "TH_20180101-20180523_strana_1"])
def test_ceska_sporitelna_in_both_languages(name, only):
    mapping, statement = only(name, "CZ2408000000193216549805")
    assert (mapping, statement.currency, len(statement.entries)) == ("ceskasporitelna", "CZK", 9)
    assert sum(entry.amount for entry in statement.entries) == Decimal("-2599.99")
    assert {entry.variable_symbol for entry in statement.entries} == {"11111111", "111"}
    [with_account] = [entry for entry in statement.entries if entry.counter_account]
    assert (with_account.amount, with_account.counter_account.number) == (Decimal("-1111.11"), "111111111")
    assert with_account.message == "XXXX XXX XXXX XXXX XXXXXXXXXX"


def test_ceska_sporitelna_with_a_single_row(only):
    mapping, statement = only("TH_20180521-20180523", "CZ2408000000193216549805")
    assert (mapping, [entry.amount for entry in statement.entries]) == ("ceskasporitelna", [Decimal("-111.11")])
    assert statement.account.iban == "CZ2408000000193216549805"


def test_raiffeisen_of_austria_without_a_header(only):
    mapping, statement = only("test_raiffeisen_01", "AT263200000012345678")
    text = (CORPUS / "bank2ynab__test_raiffeisen_01.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.reader(text.splitlines(), delimiter=";") if len(row) == 7]
    amounts = [Decimal(row[3].replace(".", "").replace(",", ".")) for row in rows]
    assert (mapping, len(statement.entries)) == ("raiffeisenbank-at", len(rows))
    assert sum(entry.amount for entry in statement.entries) == sum(amounts)
    assert statement.account.iban == "AT263200000012345678"
