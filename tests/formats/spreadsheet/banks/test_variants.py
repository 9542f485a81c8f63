"""What happens to exports of banks on the way: saved again, garbled, cut, mistaken for one another."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from efimport.formats.registry import SourceReading
from efimport.planning.build import Options, build_plan
from efimport.settings import Organization
from efimport.sources import Source

TODAY = dt.date(2026, 12, 1)
STATED = ("fio", "fio-web", "kb", "kb-ascii", "mbank-cz", "ceskasporitelna-business")
"""Exports that state opening and closing balance beside the rows."""

CHAINED = ("csob", "csob-2026", "creditas", "mbank-cz")
"""Exports with a balance after each row."""

INCOMPLETE = {"statement.no-opening", "statement.no-closing", "statement.turnover-mismatch"}
"""What is said about a statement whose balances or turnovers were destroyed together with its entries."""


def planned(content: bytes, name: str, *own: str, **options):
    """Calls and codes of all findings of the plan for one file."""
    organization = Organization(name="dílna", bank_accounts=own, site=options.pop("site", "CZ"))
    plan = build_plan([Source(name, content)], organization, Options(today=TODAY, **options))
    documents = [document for source in plan.sources for document in source.documents]
    codes = {one.code for document in documents for one in document.findings}
    codes |= {one.code for source in plan.sources for one in source.findings}
    return plan.calls, codes


def test_amounts_and_days_of_a_workbook_that_knows_them_as_such_are_the_same(export, read, as_workbook):
    content = as_workbook(export.rows, typed=True)
    outcome = read(content, export.file.replace(".csv", ".xlsx"), export.own)
    assert (outcome.mapping, export.said(outcome.statements)) == (export.mapping, export.expected())


def test_a_workbook_of_partners_banka_whose_lines_were_cut_at_commas_is_put_together(export_of, read, as_workbook):
    export = export_of("partners-banka")
    cut = as_workbook([line.split(",") for line in export.text.splitlines()])
    outcome = read(cut, "pohyby.xlsx", export.own)
    assert (outcome.mapping, export.said(outcome.statements)) == ("partners-banka", export.expected())


def test_letters_of_otp_banka_that_were_read_in_the_wrong_code_page_are_put_back(export_of, read):
    export = export_of("otp-si")
    garbled = export.text.encode("cp1250").decode("cp1252")
    assert "RAÈUN" in garbled
    outcome = read(garbled.encode("utf-8"), "promet.csv", export.own)
    assert outcome.codes == ["spreadsheet.garbled"]
    assert export.said(outcome.statements) == export.expected()


def test_movements_of_otp_banka_that_are_on_no_statement_yet_have_no_number(export_of, read):
    export = export_of("otp-si")
    outcome = read(export.text.replace("\n4;", "\n0;").encode("cp1250"), "promet.csv", export.own)
    assert [statement.number for statement in outcome.statements] == [None]


def test_movements_of_card_terminals_at_fio_are_no_statement(read):
    text = (
        "accountId;2100456709\nbankId;2010\ncurrency;CZK\n"
        "ID pohybu;ID pokynu;Datum;Objem;Poznámka;Název pobočky;Identifikátor transakce;Číslo zařízení;"
        "Datum transakce;Autorizační číslo;Číslo karty;Objem;Měna;Typ;Vystavitel karty;Poplatky celkem;Poplatek Fio;"
        "Poplatek intercharge;Poplatek karetní asociace;Zaúčtováno;Datum zaúčtování\n"
        "8216;9277;19.01.2026;4700,00;Zaúčtování POS;Krám;28;1;16.01.2026;997476;4111;200,00;CZK;ONUS;MC;0,00;;;;true;"
        "19.01.2026\n"
    )
    assert read(text.encode(), "pos.csv").mapping is None


def test_an_amount_that_the_delimiter_cuts_is_never_read_in_part(export_of):
    export = export_of("erste-george")
    calls, codes = planned(export.text.replace('"2,000.00"', "2,000.00").encode("utf-16"), "george.csv", *export.own)
    assert (calls, "spreadsheet.row-too-long" in codes) == ((), True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1250"])
def test_an_export_is_read_in_whatever_encoding_a_program_saved_it(encoding, export_of, read):
    export = export_of("kb")
    outcome = read(export.text.encode(encoding), "kb.csv", export.own)
    assert export.said(outcome.statements) == export.expected()


@pytest.mark.parametrize("name", STATED)
def test_a_missing_row_breaks_the_stated_balances(name, export_of):
    export = export_of(name)
    lines = export.text.splitlines(keepends=True)
    rows = _data_lines(export)
    assert len(rows) > 1
    for row in rows:
        content = "".join(lines[:row] + lines[row + 1 :]).encode(export.table["encoding"])
        calls, codes = planned(content, export.file, *export.own)
        assert not calls
        assert codes & {"statement.balance-mismatch", "spreadsheet.balance-chain"}


def _data_lines(export) -> list[int]:
    """Indexes of the lines that are bookings: those behind the header that the rows of the export come from."""
    expected = {entry["date"] for statement in export.table["statement"] for entry in statement["entry"]}
    texts = {day.strftime(style) for day in expected for style in ("%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "%Y/%m/%d")}
    lines = export.text.splitlines()
    header = next(index for index, line in enumerate(lines) if line.count(";") > 4 and "atum" in line)
    return [
        index
        for index, line in enumerate(lines)
        if index > header and any(text in line for text in texts) and "ZŘÍZENÍ" not in line and "neúčetní" not in line
    ]


@pytest.mark.parametrize("name", CHAINED)
def test_a_missing_row_breaks_the_running_balances(name, export_of, read):
    export = export_of(name)
    lines = export.text.splitlines(keepends=True)
    middle = _data_lines(export)[1]
    content = "".join(lines[:middle] + lines[middle + 1 :]).encode(export.table["encoding"])
    assert "spreadsheet.balance-chain" in read(content, export.file, export.own).codes


def test_a_wrong_balance_above_the_table_is_not_sent(export_of):
    export = export_of("kb")
    calls, codes = planned(export.text.replace("15000,00", "15001,00").encode("cp1250"), "kb.csv", *export.own)
    assert (calls, "statement.balance-mismatch" in codes) == ((), True)


def test_a_table_without_an_account_needs_the_only_account_at_the_bank(export_of):
    export = export_of("raiffeisenbank-cz-older")
    another = "CZ0255000000001122334409"
    calls, codes = planned(export.content, "pohyby.csv", *export.own, another)
    assert (calls, "statement.no-account" in codes) == ((), True)
    calls, _ = planned(export.content, "pohyby.csv", *export.own, another, iban=another)
    assert [planned.call["IBAN"].value for planned in calls] == [another]


def test_rows_of_two_accounts_become_two_statements(export_of):
    export = export_of("raiffeisenbank-cz")
    another = "CZ0255000000001122334409"
    text = export.text.replace('"4567891201/5500"', '"1122334409/5500"', 1)
    calls, _ = planned(text.encode("utf-8"), "pohyby.csv", *export.own, another)
    sums = {one.call["IBAN"].value: sum_of(one.call["statementData"].content) for one in calls}
    assert sums == {another: Decimal(-2720), export.own[0]: Decimal("11703.10")}


def test_an_account_of_somebody_else_is_not_ours(export_of):
    export = export_of("csob")
    calls, codes = planned(export.content, "csob.csv", "CZ1120100000002100456709")
    assert (calls, "statement.not-our-account" in codes) == ((), True)


@pytest.mark.parametrize("name", ["otp-si", "erste-hr"])
def test_sites_without_cba_xml_say_so(name, export_of):
    export = export_of(name)
    calls, codes = planned(export.content, "promet.csv", *export.own, site=name[-2:].upper())
    assert (calls, "routing.site-lacks-format" in codes) == ((), True)


def test_rows_that_wait_for_their_booking_are_left_out_and_counted(export_of, read):
    export = export_of("airbank")
    outcome = read(export.content, export.file, export.own)
    [told] = [one for one in outcome.statements[0].findings if one.code == "spreadsheet.skipped"]
    assert str(told.message).startswith("1 ")


@given(
    name=st.sampled_from(STATED),
    hits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=3),
    kept=st.floats(0.5, 1),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_damage_never_gives_a_wrong_total_in_silence(export_of, name, hits, kept):
    export = export_of(name)
    content = bytearray(export.content)
    for place, byte in hits:
        content[int(place * (len(content) - 1))] = byte
    calls, codes = planned(bytes(content[: int(kept * len(content))]), export.file, *export.own)
    whole = sum(entry["amount"] for entry in export.expected()[0]["entries"])
    for one in calls:
        assert one.call["type"].value == "CbaXml"
        assert sum_of(one.call["statementData"].content) == whole or codes & INCOMPLETE


def sum_of(sent: bytes) -> Decimal:
    """Sum of the entries that are sent."""
    [statement] = [one for one in SourceReading(Source("sent.xml", sent)) if hasattr(one, "entries")]
    return statement.credit - statement.debit


def test_mbank_is_read_where_values_stand_beside_their_labels(read):
    text = (
        "#Měna účtu:;CZK;\n#Číslo účtu:;670100-2200145399;\n#Za období;01.01.2026;31.01.2026;\n"
        ";;;;;;;;\n;;;;;;#Počáteční zůstatek:;1 000,00 CZK;\n\n"
        "#Datum uskutečnění transakce;#Datum zaúčtování transakce;#Popis transakce;#Zpráva pro příjemce;"
        "#Plátce/Příjemce;#Číslo účtu plátce/příjemce;#KS;#VS;#SS;#Částka transakce;#Účetní zůstatek po transakci;\n"
        "02-01-2026;03-01-2026;PŘÍCHOZÍ;zpráva;Jan;;;77;;1 500,00;2 500,00;\n"
    )
    [statement] = read(text.encode("cp1250"), "mbank.csv", ()).statements
    account = statement.account
    assert (account.number, account.bank_code, statement.currency) == ("670100-2200145399", "6210", "CZK")
