"""Data frames in: the same documents as from a file, findings by row and column, a plan, and the service."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import efimport
from efimport.errors import MappingError, UsageError
from efimport.mappings import named_mapping
from efimport.mappings.targets import TARGETS
from efimport.settings import Organization
from efimport.templates import mapping_text
from efimport.testing import sandbox

D = Decimal
ACME = Organization(name="acme", registration_number="12345679", vat_id="CZ12345679")
TODAY = dt.date(2026, 2, 1)

TABLES = {
    "partners": "Kód;Název;IČO;Ulice;Město;PSČ;Země;Plátce DPH\n"
    "0001;Pekárna U mlýna s.r.o.;12345679;Mlýnská 1;Brno;60200;CZ;ano\n"
    "0002;Kavárna Na Růžku;25596641;Rohová 2;Brno;60200;CZ;ne\n",
    "products": "Kód;Název;MJ;Sazba DPH;Cena bez DPH\n0308;Kolo;ks;21;1200,50\n0309;Duše;ks;21;99,90\n",
    "orders": "Číslo objednávky;Datum;Kód odběratele;Odběratel;Popis;Množství;Cena za jednotku bez DPH;Sazba DPH\n"
    "O-1;13.01.2026;0001;Pekárna U mlýna s.r.o.;Kolo;1;1200,50;21\n"
    "O-1;13.01.2026;0001;Pekárna U mlýna s.r.o.;Duše;2;99,90;21\n",
    "invoices": "Číslo faktury;Datum vystavení;Datum splatnosti;Odběratel;Ulice;Město;PSČ;Země;Popis;Množství;"
    "Cena za jednotku bez DPH;Sazba DPH\n"
    "0026001;13.01.2026;27.01.2026;Pekárna U mlýna s.r.o.;Mlýnská 1;Brno;60200;CZ;Kolo;1;1200,50;21\n"
    "0026001;13.01.2026;27.01.2026;Pekárna U mlýna s.r.o.;Mlýnská 1;Brno;60200;CZ;Duše;2;99,90;21\n"
    "0026002;14.01.2026;28.01.2026;Kavárna Na Růžku;Rohová 2;Brno;60200;CZ;Duše;1;99,90;21\n",
}


def frame_of(name: str, **options: object) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(TABLES[name]), sep=";", **{"dtype": str, **options})


@pytest.mark.parametrize("name", TARGETS)
def test_a_frame_gives_the_same_calls_as_the_file_that_it_was_read_from(name):
    file = efimport.plan(efimport.read(TABLES[name].encode(), ACME, name="a.csv"), ACME, today=TODAY)
    frame = efimport.plan(efimport.from_dataframe(frame_of(name), name, organization=ACME), ACME, today=TODAY)
    assert frame.calls
    assert [call.digest for call in frame.calls] == [call.digest for call in file.calls]
    assert [call.key for call in frame.calls] == [call.key for call in file.calls]
    assert [one.code for one in frame.findings] == [one.code for one in file.findings]


def test_rows_of_one_number_are_one_invoice():
    first, second = efimport.from_dataframe(frame_of("invoices"), "invoices")
    assert (first.number, len(first.lines), second.number, len(second.lines)) == ("0026001", 2, "0026002", 1)
    assert (first.payable, first.customer.address.postal_code) == (D("1694.36"), "60200")


def test_numbers_days_and_missing_values_of_pandas_are_what_they_look_like():
    frame = pd.DataFrame(
        {
            "Number": pd.array([308, 309], dtype="Int64"),
            "Date": pd.to_datetime(["2026-01-13", "2026-01-14"]),
            "Due date": [dt.date(2026, 1, 27), None],
            "Variable symbol": [2026001.0, float("nan")],
            "Customer": pd.Categorical(["A", "B"]),
            "Item": pd.array(["x", pd.NA], dtype="string"),
            "Product code": [None, "0308"],
            "Quantity": [1.5, 2],
            "Unit price without VAT": [D("10.10"), D("0.1")],
            "VAT %": [21, 12],
            "Reverse charge": [True, False],
        }
    )
    first, second = efimport.from_dataframe(frame, "invoices")
    assert (first.number, first.date, first.due_date) == ("308", dt.date(2026, 1, 13), dt.date(2026, 1, 27))
    assert (first.variable_symbol, second.variable_symbol, second.due_date) == ("2026001", None, None)
    assert (first.customer.name, first.lines[0].quantity, first.lines[0].unit_price) == ("A", D("1.5"), D("10.10"))
    assert (second.lines[0].product_code, second.lines[0].description) == ("0308", None)
    assert (first.lines[0].reverse_charge, second.lines[0].reverse_charge) == (True, False)


def test_a_finding_names_row_and_column_as_a_script_looks_them_up():
    frame = frame_of("products").set_index(pd.Index(["první", "druhá"]))
    frame.loc["druhá", "Sazba DPH"] = "mnoho"
    [found] = [one for document in efimport.from_dataframe(frame, "products") for one in document.findings]
    assert (found.location.where, found.location.path, found.is_error) == (
        "loc['druhá', 'Sazba DPH']",
        "dataframe",
        True,
    )


def test_a_column_that_is_not_read_is_told():
    documents = efimport.from_dataframe(frame_of("products").assign(Něco="x"), "products", name="old.xlsx")
    codes = [one.code for document in documents for one in document.findings]
    codes += [one.code for one in documents.findings]
    assert codes == ["spreadsheet.columns-not-read"]


def test_a_column_that_is_missing_is_told_and_nothing_is_raised():
    documents = efimport.from_dataframe(frame_of("products").drop(columns="Kód"), "products")
    assert list(documents) == []
    assert {one.code for one in documents.findings} == {"spreadsheet.column-missing"}
    assert any(one.is_error for one in efimport.plan(documents, ACME, today=TODAY).findings)


@pytest.mark.parametrize("form", ["path", "text", "mapping"])
def test_a_mapping_can_be_given_in_any_form(tmp_path, form):
    path = tmp_path / "mine.toml"
    path.write_text(mapping_text("products"), encoding="utf-8")
    mapping = {"path": path, "text": str(path), "mapping": named_mapping("products")}[form]
    assert [one.number for one in efimport.from_dataframe(frame_of("products"), mapping)] == ["0308", "0309"]


def test_a_mapping_that_is_not_there_is_a_fault_of_the_program(tmp_path):
    for wrong in ("product", tmp_path / "absent.toml", "absent.toml"):
        with pytest.raises(MappingError):
            efimport.from_dataframe(frame_of("products"), wrong)
    with pytest.raises(UsageError):
        efimport.from_dataframe(frame_of("products"), "products", date_format="when?")


def test_movements_of_a_bank_are_a_statement():
    frame = pd.DataFrame(
        {
            "Datum": ["13.02.2026", "14.02.2026"],
            "Částka": [D("-10.50"), D("1000.00")],
            "Měna": "CZK",
            "Zůstatek": [D("89.50"), D("1089.50")],
            "VS": ["308", None],
        }
    )
    mapping = 'title = "x"\ntarget = "statement"\n[header]\nrequired = ["Datum", "Částka"]\n[columns]\ndate = "Datum"\n'
    mapping += 'currency = "Měna"\nvariable_symbol = "VS"\n[amount]\ncolumn = "Částka"\n[balance]\nafter = "Zůstatek"\n'
    from efimport.mappings import parse_mapping

    named = parse_mapping(mapping, Path("own.toml"))
    [statement] = efimport.from_dataframe(frame, named, name="bank")
    assert (statement.opening, statement.closing) == (D("100.00"), D("1089.50"))
    assert [entry.variable_symbol for entry in statement.entries] == ["308", None]
    assert statement.origin.path == "bank"
    missing = efimport.from_dataframe(frame.drop(columns="Částka"), named)
    assert list(missing) == []
    assert [one.code for one in missing.findings] == ["spreadsheet.column-missing"]


def test_days_as_text_that_can_be_read_in_two_ways_are_settled_by_the_caller():
    frame = frame_of("invoices").head(1).assign(**{"Datum vystavení": "03/04/2026", "Datum splatnosti": "05/04/2026"})
    [invoice] = efimport.from_dataframe(frame, "invoices", date_format="MM/DD/YYYY")
    assert (invoice.date, invoice.due_date) == (dt.date(2026, 3, 4), dt.date(2026, 5, 4))


def test_documents_can_be_gone_through_again_and_again():
    documents = efimport.from_dataframe(frame_of("products").assign(Něco="x"), "products")
    assert [one.number for one in documents] == [one.number for one in documents] == ["0308", "0309"]
    first = list(documents.findings)
    list(documents)
    assert documents.findings == first


def test_a_plan_is_made_of_paths_documents_and_what_reading_returned(tmp_path):
    (tmp_path / "partners.csv").write_text(TABLES["partners"], encoding="utf-8")
    products = efimport.from_dataframe(frame_of("products"), "products", name="products")
    [order] = efimport.from_dataframe(frame_of("orders"), "orders", name="orders")
    plan = efimport.plan([products, tmp_path / "partners.csv", order], ACME, today=TODAY)
    assert [(source.path, len(source.documents)) for source in plan.sources] == [
        (str(tmp_path / "partners.csv"), 2),
        ("products", 2),
        ("orders", 1),
    ]
    assert {document.number for document in plan.documents} == {"0001", "0002", "0308", "0309", "O-1"}
    assert all(source.sha256 and source.size and source.format == "spreadsheet" for source in plan.sources)


def test_a_plan_is_made_of_one_document():
    first, _ = efimport.from_dataframe(frame_of("products"), "products")
    assert [document.number for document in efimport.plan(first, ACME, today=TODAY).documents] == ["0308"]


def test_a_plan_of_documents_keeps_what_was_said_about_their_file():
    documents = efimport.read(b"nic", name="mail.txt")
    plan = efimport.plan(documents, ACME, today=TODAY)
    assert [(source.path, [one.code for one in source.findings]) for source in plan.sources] == [
        ("mail.txt", ["format.unknown"])
    ]


def test_a_plan_of_documents_can_be_reported():
    plan = efimport.plan(efimport.from_dataframe(frame_of("products"), "products"), ACME, today=TODAY)
    report = plan.report()
    assert [source["path"] for source in report["sources"]] == ["dataframe"]
    assert report["totals"]["documents"] == 2


def test_what_was_sent_from_a_frame_is_not_sent_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with sandbox() as (running, organization):
        states = []
        for frame in (frame_of("partners"), frame_of("partners").iloc[::-1]):
            plan = efimport.plan(efimport.from_dataframe(frame, "partners"), organization, today=TODAY)
            with efimport.connect(organization, journal=tmp_path / "journal.sqlite3") as service:
                states.append([outcome.state for outcome in efimport.deliver(plan, service)])
        held = running.state()
    assert states == [["accepted", "accepted"], ["skipped", "skipped"]]
    assert {"0001", "0002"} <= {partner["code"] for partner in held["partners"]}


def test_pandas_is_loaded_by_whoever_has_a_frame_and_by_nobody_else():
    script = "import sys, efimport; efimport.from_dataframe; efimport.Documents; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("frame", [None, [{"Kód": "1"}], "partners.xlsx"])
def test_what_is_no_data_frame_is_refused_with_its_kind(frame):
    with pytest.raises(UsageError, match="no data frame"):
        efimport.from_dataframe(frame, "partners")
