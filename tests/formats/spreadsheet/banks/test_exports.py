"""Every mapping file of a bank reads an export of that bank to the last balance, symbol and account."""

from __future__ import annotations

import datetime as dt

import pytest

from efimport.mappings import StatementMapping, shipped_mappings
from efimport.planning.build import Options, build_plan
from efimport.settings import Organization
from efimport.sources import Source

GATEWAYS = ("barion", "comgate", "gopay", "revolut", "sheet", "stripe", "sumup", "wise")
"""Beginnings of the names of mappings that are no bank's; they are tested elsewhere."""


def test_an_export_is_recognised_by_its_header_whatever_its_name(export, read):
    assert read(export.content, "x.bin", export.own).mapping == export.mapping


def test_no_two_mappings_fight_over_an_export(export, read):
    assert "spreadsheet.ambiguous" not in read(export.content, export.file, export.own).codes
    assert "format.ambiguous" not in read(export.content, export.file, export.own).codes


def test_an_export_says_what_the_bank_wrote(export, read):
    outcome = read(export.content, export.file, export.own)
    assert export.said(outcome.statements) == export.expected()


def test_the_reader_says_only_what_has_to_be_said(export, read):
    assert read(export.content, export.file, export.own).codes == sorted(export.table.get("findings", []))


def test_balances_close_where_the_export_has_them(export, read):
    for statement in read(export.content, export.file, export.own).statements:
        if statement.opening is not None or statement.closing is not None:
            assert statement.opening + statement.credit - statement.debit == statement.closing


def test_an_export_that_was_saved_as_a_workbook_says_the_same(export, read, as_workbook):
    outcome = read(as_workbook(export.rows), export.file.replace(".csv", ".xlsx"), export.own)
    assert (outcome.mapping, export.said(outcome.statements)) == (export.mapping, export.expected())


def test_an_export_becomes_an_import_of_a_bank_statement(export):
    organization = Organization(name="dílna", bank_accounts=export.own)
    plan = build_plan([Source(export.file, export.content)], organization, Options(today=dt.date(2026, 12, 1)))
    calls = [planned.call for planned in plan.calls]
    assert [(call.method, call["IBAN"].value, call["type"].value) for call in calls] == [
        ("BankStatementImport", export.table["iban"], "CbaXml")
    ]


def test_each_mapping_of_a_bank_has_an_export(all_exports):
    statements = [one for one in shipped_mappings() if isinstance(one, StatementMapping)]
    mappings = {one.name for one in statements if not one.name.startswith(GATEWAYS)}
    assert mappings == {export.mapping for export in all_exports}


@pytest.mark.parametrize("mapping", shipped_mappings(), ids=lambda one: one.name)
def test_each_mapping_says_how_sure_it_is(mapping):
    assert mapping.evidence in {"A", "B", "C"}
    assert mapping.evidence_note.endswith(".")
