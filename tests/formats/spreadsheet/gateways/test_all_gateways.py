"""What holds for every gateway: one mapping for each export, the same as a workbook, and the call that takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from efimport.errors import SettingsError
from efimport.formats.spreadsheet.choosing import choose
from efimport.formats.tables.reader import read_tables
from efimport.mappings import data_folder, parse_mapping, shipped_mappings
from efimport.sources import Source

NAMES = sorted(path.stem for path in (Path(__file__).parent / "exports").glob("*.csv"))
LISTS = ["revolut-expenses", "revolut-crypto", "stripe-payments"]
STATEMENTS = [name for name in NAMES if name not in LISTS]
MIXED = ["revolut-business-2024", "revolut-personal", "stripe-2023", "wise-transactions"]
GATEWAYS = {
    *("revolut-business", "revolut-personal", "wise", "wise-transactions", "stripe", "stripe-transactions"),
    *("sheet", "sheet-direction", "sheet-debit-credit", "sheet-operations"),
    *("gopay", "comgate", "barion", "sumup", "sumup-movements", "sumup-transactions"),
}


def test_every_gateway_has_an_export(gateway):
    read = {one.origin.version for name in STATEMENTS for one in gateway.statements(name)}
    assert read == GATEWAYS


def test_every_mapping_says_how_sure_it_is():
    for mapping in shipped_mappings():
        if mapping.name in {*GATEWAYS, *LISTS}:
            assert mapping.evidence in {"A", "B", "C"}, mapping.name
            assert mapping.evidence_note.endswith("."), mapping.name


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_two_mappings_claim_an_export(gateway, name):
    (table,) = read_tables(Source("x.csv", gateway.content(name)), encodings=("windows-1250",)).tables
    chosen = choose(table, ())
    assert chosen is not None
    assert chosen.rivals == ()


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_same_table_in_a_workbook_gives_the_same_entries(gateway, name):
    written, found = gateway.statements(name), gateway.statements(gateway.workbook(name))
    assert [one.entries for one in found] == [one.entries for one in written]
    assert [(one.opening, one.closing, one.currency) for one in found] == [
        (one.opening, one.closing, one.currency) for one in written
    ]


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_workbook_that_knows_numbers_and_days_gives_the_same_amounts(gateway, name):
    written, found = gateway.statements(name), gateway.statements(gateway.workbook(name, gateway.typed))
    assert [gateway.amounts(one) for one in found] == [gateway.amounts(one) for one in written]
    assert [[entry.date for entry in one.entries] for one in found] == [
        [entry.date for entry in one.entries] for one in written
    ]
    assert [gateway.codes(one) for one in found] == [gateway.codes(one) for one in written]


@pytest.mark.parametrize("name", [name for name in STATEMENTS if name not in MIXED])
def test_a_statement_goes_as_a_bank_statement_of_the_account_that_is_named(gateway, name):
    iban = "LT313250012345678901" if name == "revolut-business-2026" else gateway.IBAN
    (call,) = gateway.plan(f"{name}.csv", gateway.content(name), iban=iban).calls
    assert call.call.method == "BankStatementImport"
    assert call.call["type"].value == "CbaXml"
    assert call.call["IBAN"].value == iban


@pytest.mark.parametrize("name", MIXED)
def test_one_account_does_not_take_statements_in_several_currencies(gateway, name):
    plan = gateway.plan(f"{name}.csv", gateway.content(name), iban=gateway.IBAN)
    assert plan.calls == ()
    assert "statement.currencies-mixed" in {found.code for found in plan.findings}


@pytest.mark.parametrize("name", MIXED)
def test_accounts_of_several_currencies_are_told_by_the_settings(gateway, name):
    documents = gateway.statements(name)
    accounts = {"EUR": gateway.IBAN, "CZK": "CZ5508000000001234567899", "USD": "SK3112000000198742637541"}
    named = {f"{documents[0].origin.version} {currency}": account for currency, account in accounts.items()}
    plan = gateway.plan(f"{name}.csv", gateway.content(name), named)
    sent = sorted(call.call["IBAN"].value for call in plan.calls)
    assert sent == sorted(accounts[one.currency] for one in documents)
    assert {call.call["type"].value for call in plan.calls} == {"CbaXml"}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_no_statement_is_refused_with_the_reason(gateway, name):
    plan = gateway.plan(f"{name}.csv", gateway.content(name), iban=gateway.IBAN)
    assert plan.calls == ()
    assert plan.documents == ()
    assert [found.code for found in plan.findings] == ["spreadsheet.no-statement"]
    mapping = next(one for one in shipped_mappings() if one.name == name)
    assert mapping.no_statement in str(plan.findings[0].message)


@pytest.mark.parametrize("section", ["payout", "conversion"])
def test_entries_without_a_row_do_not_go_with_a_running_balance(section):
    text = (data_folder("mappings") / "wise.toml").read_text(encoding="utf-8")
    added = {"payout": '[payout]\ndate = "Date"\n', "conversion": '[conversion]\ncolumn = "A"\ncurrency = "B"\n'}
    with pytest.raises(SettingsError, match=section):
        parse_mapping(text + added[section], Path("wise.toml"))


def test_without_the_account_nothing_is_sent(gateway):
    plan = gateway.plan("wise.csv", gateway.content("wise-2023"))
    assert plan.calls == ()


def test_the_name_of_the_file_says_nothing(gateway):
    (document,) = gateway.statements(gateway.content("gopay"))
    assert document.origin.version == "gopay"
