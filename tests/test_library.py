"""The functions of the library: read, plan, connect, deliver."""

from __future__ import annotations

import datetime as dt
import importlib.util
import io
from decimal import Decimal
from pathlib import Path

import pytest

import efimport
from efimport.errors import SettingsError, UsageError
from efimport.settings import Organization
from efimport.testing import sandbox


def _files():
    path = Path(__file__).parent / "planning" / "conftest.py"
    specification = importlib.util.spec_from_file_location("files", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


FILES = _files()
ACME = FILES.ACME


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.xml").write_bytes(FILES.pack("1", "2"))
    (tmp_path / "b.txt").write_bytes(b"nic")
    return tmp_path


@pytest.fixture
def no_settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.mark.parametrize("form", ["path", "text", "bytes", "file", "stream"])
def test_any_form_of_input_is_read(folder, form):
    path = folder / "a.xml"
    content = path.read_bytes()
    with path.open("rb") as stream:
        given = {"path": path, "text": str(path), "bytes": content, "file": stream, "stream": io.BytesIO(content)}
        documents = list(efimport.read(given[form]))
    assert [document.number for document in documents] == ["1", "2"]


def test_a_folder_is_read_and_its_faults_are_told(folder):
    documents = efimport.read(folder)
    assert len(list(documents)) == 2
    assert [found.code for found in documents.findings] == ["format.unknown"]
    assert documents.findings[0].location.path == str(folder / "b.txt")


def test_bytes_have_the_name_that_is_given():
    documents = efimport.read(b"nic", name="mail.txt")
    assert list(documents) == []
    assert documents.findings[0].location.path == "mail.txt"


@pytest.mark.parametrize("nothing", [b"", io.BytesIO()])
def test_no_bytes_are_a_finding(nothing):
    documents = efimport.read(nothing)
    assert (list(documents), [found.code for found in documents.findings]) == ([], ["source.empty"])


def test_a_file_that_is_not_there_is_a_finding(tmp_path):
    documents = efimport.read(tmp_path / "absent")
    assert (list(documents), [found.code for found in documents.findings]) == ([], ["source.not-found"])


def test_a_file_object_of_text_is_a_fault_of_the_program(folder):
    with (folder / "a.xml").open(encoding="utf-8") as stream, pytest.raises(UsageError, match="binary"):
        efimport.read(stream)


def test_a_plan_is_made_of_one_path_or_several(folder):
    one = efimport.plan(folder / "a.xml", ACME, today=FILES.TODAY)
    several = efimport.plan([str(folder), folder / "a.xml"], ACME, today=FILES.TODAY)
    assert [call.key for call in one.calls] == [call.key for call in several.calls]
    assert [document.number for document in one.documents] == ["1", "2"]
    assert [found.code for found in several.findings] == ["format.unknown"]


def test_a_plan_reports_on_itself(folder):
    report = efimport.plan(folder, ACME, today=FILES.TODAY).report()
    assert (report["schema"], report["dry_run"], report["organization"]) == ("efimport-report/1", True, "acme")
    assert [call["state"] for call in report["calls"]] == ["planned", "planned"]
    assert report["sources"][0]["documents"][0]["total"] == "121.00"


def test_what_makes_no_sense_is_refused(folder):
    with pytest.raises(UsageError, match="overwrite"):
        efimport.plan(folder, ACME, import_type="overwrite")


def test_an_organization_is_found_by_its_name(folder, no_settings):
    (folder / "efimport.toml").write_text("[organizations.acme]\nsite = 'SI'\n")
    assert efimport.plan(folder / "a.xml", "acme").site == "SI"
    with pytest.raises(SettingsError, match="nobody"):
        efimport.plan(folder, "nobody")


def test_without_settings_there_is_nobody_to_send_to(no_settings):
    with pytest.raises(SettingsError, match="config init"), efimport.connect():
        pass


def test_a_plan_is_delivered_and_sent_once(folder, tmp_path, no_settings):
    with sandbox() as (_, organization):
        plan = efimport.plan(folder / "a.xml", organization, today=FILES.TODAY)
        states = []
        for _ in range(2):
            with efimport.connect(organization, journal=tmp_path / "journal.sqlite3") as service:
                states.append([outcome.state for outcome in efimport.deliver(plan, service)])
                found = service.call("SalesInvoiceGet", number="1")
        assert found.kind == "ok"
    assert states == [["accepted", "accepted"], ["skipped", "skipped"]]


def pay(service, name, amount="100.00"):
    paid = {
        "paymentDate": dt.date(2026, 1, 20),
        "paymentMethodForInvoice": "BankTransfer",
        "paymentAmount": Decimal(amount),
    }
    return service.send("SalesInvoicePaymentRecordAdd", name, number="1", **paid)


def test_a_payment_that_is_sent_twice_under_one_name_is_there_once(folder, tmp_path, no_settings):
    with sandbox() as (running, organization):
        plan = efimport.plan(folder / "a.xml", organization, today=FILES.TODAY)
        with efimport.connect(organization, journal=tmp_path / "journal.sqlite3") as service:
            list(efimport.deliver(plan, service))
            outcomes = [pay(service, name) for name in ("payment 1", "payment 1", "payment 2")]
            outcomes.append(pay(service, "payment 2", "200.00"))
        assert [outcome.state for outcome in outcomes] == ["accepted", "skipped", "accepted", "held"]
        (invoice,) = [one for one in running.state()["documents"]["SalesInvoice"] if one["number"] == "1"]
        assert len(invoice["payments"]) == 2


def test_a_payment_whose_answer_was_lost_is_held_and_not_sent_again(folder, tmp_path, no_settings):
    with sandbox() as (running, organization):
        plan = efimport.plan(folder / "a.xml", organization, today=FILES.TODAY)
        sending = efimport.Sending(quiet_time=0.1)
        with efimport.connect(organization, journal=tmp_path / "journal.sqlite3", sending=sending) as service:
            list(efimport.deliver(plan, service))
            running.add_faults({"fault": "close-after", "method": "SalesInvoicePaymentRecordAdd"})
            assert [pay(service, "payment 1").state for _ in range(2)] == ["held", "held"]
        assert running.state()["requests"]["by_method"]["SalesInvoicePaymentRecordAdd"] == 1


@pytest.mark.parametrize(
    ("method", "parameters", "word"),
    [
        ("PartnerList", {"searchKey": "a"}, "changes nothing"),
        ("ProductMassImport", {"products": {"product": [{"productCode": "1"}]}}, "carries many"),
        ("SalesInvoiceDelete", {"number": "1"}, "needs a name"),
    ],
)
def test_a_call_that_the_journal_cannot_know_again_is_not_sent(tmp_path, no_settings, method, parameters, word):
    with (
        sandbox() as (running, organization),
        efimport.connect(organization, journal=tmp_path / "j.sqlite3") as service,
    ):
        with pytest.raises(efimport.EfimportError, match=word):
            service.send(method, " ", **parameters)
        assert running.state()["requests"]["total"] == 0


def test_a_statement_is_a_data_frame():
    (statement,) = efimport.read(FILES.gpc(), ACME, name="v.gpc")
    frame = statement.to_dataframe()
    assert list(frame["amount"]) == [entry.amount for entry in statement.entries]
    assert frame["amount"].dtype == object


def test_reading_knows_who_we_are():
    (statement,) = efimport.read(FILES.gpc(), ACME, name="v.gpc")
    assert statement.account.display is not None
    assert isinstance(ACME, Organization)
