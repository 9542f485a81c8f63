"""What holds for every gateway: one mapping for each export, the same as a workbook, and the call that takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from efimport.formats.spreadsheet.choosing import choose
from efimport.formats.tables.reader import read_tables
from efimport.mappings import shipped_mappings
from efimport.sources import Source

NAMES = sorted(path.stem for path in (Path(__file__).parent / "exports").glob("*.csv"))
STATEMENTS = [name for name in NAMES if name != "revolut-expenses"]
GATEWAYS = {
    *("revolut-business", "revolut-personal", "wise", "wise-transactions", "stripe", "stripe-transactions"),
    *("gopay", "comgate", "barion", "sumup", "sumup-movements", "sumup-transactions"),
}


def test_every_gateway_has_an_export(gateway):
    read = {one.origin.version for name in STATEMENTS for one in gateway.statements(name)}
    assert read == GATEWAYS


def test_every_mapping_says_how_sure_it_is():
    for mapping in shipped_mappings():
        if mapping.name in GATEWAYS:
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
def test_a_statement_goes_as_a_bank_statement_of_the_account_that_is_named(gateway, name):
    iban = "LT313250012345678901" if name == "revolut-business-2026" else gateway.IBAN
    plan = gateway.plan(f"{name}.csv", gateway.content(name), iban=iban)
    assert len(plan.calls) == len(gateway.statements(name))
    for call in plan.calls:
        assert call.call.method == "BankStatementImport"
        assert call.call["type"].value == "CbaXml"
        assert call.call["IBAN"].value == iban


def test_without_the_account_nothing_is_sent(gateway):
    plan = gateway.plan("wise.csv", gateway.content("wise-2023"))
    assert plan.calls == ()


def test_the_name_of_the_file_says_nothing(gateway):
    (document,) = gateway.statements(gateway.content("gopay"))
    assert document.origin.version == "gopay"
