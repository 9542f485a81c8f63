from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

import efimport
from efimport import Invoice, Kind, Origin, Statement
from efimport.documents import Attachment, Entry, Line
from efimport.findings import Location, finding
from efimport.formats import gpc
from efimport.testing import FakeClock, check_golden, golden, golden_file, organizations_of, sandbox

OK = b'<response status="ok"/>'
SAMPLES = Path(__file__).resolve().parent.parent / "samples"
ORIGIN = Origin(path="somewhere/invoice.xml", format="pohoda", content=b"<a/>")


def statement_in(folder: Path) -> Path:
    path = folder / "fio-2026-01.gpc"
    path.write_bytes((SAMPLES / "statements" / path.name).read_bytes())
    return path


def test_a_sleep_moves_the_clock_and_takes_no_time() -> None:
    clock = FakeClock(dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC), monotonic=5.0)
    started = time.monotonic()
    clock.sleep(3600.0)
    clock.sleep(-1.0)
    assert time.monotonic() - started < 60
    assert clock.monotonic() == 3605.0
    assert dt.datetime.fromtimestamp(clock.time(), dt.UTC) == dt.datetime(2026, 3, 29, 2, tzinfo=dt.UTC)
    assert clock.slept == [3600.0, -1.0]


def test_the_clock_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="back"):
        FakeClock().advance(-0.1)


def test_the_client_and_the_journal_take_the_clock(tmp_path: Path) -> None:
    from efimport.api.call import Call
    from efimport.api.client import Client
    from efimport.journal import Journal

    clock = FakeClock()
    answers = httpx.MockTransport(lambda _request: httpx.Response(200, stream=httpx.ByteStream(OK)))
    with (
        sandbox() as (_, organization),
        Client(organization, clock=clock, state_folder=tmp_path, transport=answers) as client,
        Journal(tmp_path / "journal.sqlite3", clock=clock) as journal,
    ):
        for _ in range(9):
            client.call(Call("PartnerList"))
        assert journal.clock is clock
    # Of nine requests in bursts of four, two wait for four seconds after the end of the fourth before them.
    assert 8 <= sum(clock.slept) < 9


@pytest.mark.parametrize("site", ["CZ", "SI", "HR"])
def test_a_plan_is_delivered_into_the_sandbox_that_the_kit_starts(tmp_path: Path, site: str) -> None:
    with sandbox(site) as (running, organization):
        assert (organization.site, organization.is_local) == (site, True)
        plan = efimport.plan(SAMPLES / "other" / "receipt.png", organization)
        with efimport.connect(organization, journal=tmp_path / "journal.sqlite3") as service:
            states = [outcome.state for outcome in efimport.deliver(plan, service)]
        assert states == [efimport.State.ACCEPTED]
        assert len(running.state()["inbox"]) == 1


def test_the_options_of_the_sandbox_are_its_own() -> None:
    with sandbox(accounts=("CZ6508000000192000145399",)) as (_, organization):
        assert organization.bank_accounts == ("CZ6508000000192000145399",)
    with pytest.raises(TypeError), sandbox(no_such_option=1):
        pass


def test_the_kit_gives_all_organizations_of_a_sandbox_with_their_users() -> None:
    receiver = {"name": "Nobody logs in", "vat_id": "CZ87654325"}
    with sandbox(organizations=3, users_each=2, other_organizations=[receiver]) as (running, first):
        everyone = organizations_of(running)
        assert [(one.name, [user.username for user in one.users]) for one in everyone] == [
            ("sandbox", ["demo", "demo2"]),
            ("sandbox3", ["demo", "demo2"]),
        ]
        assert (first.name, len(first.users)) == ("sandbox", 1)
        for one in everyone:
            with efimport.connect(one, journal=None) as service:
                assert service.call("PartnerList").ok
        counted = {name: one["requests"]["total"] for name, one in running.state()["organizations"].items()}
        assert counted == {"sandbox": 1, "Nobody logs in": 0, "sandbox3": 1}


def test_amounts_and_days_become_text_and_the_origin_is_left_out() -> None:
    invoice = Invoice(
        kind=Kind.ISSUED_INVOICE,
        origin=ORIGIN,
        number="0042",
        date=dt.date(2026, 1, 31),
        payable=Decimal("1210.00"),
        lines=(Line(position=1, quantity=Decimal("1E+3")),),
        vat_document=False,
    )
    assert golden(invoice) == {
        "kind": "issued-invoice",
        "number": "0042",
        "date": "2026-01-31",
        "payable": "1210.00",
        "lines": [{"position": 1, "quantity": "1000"}],
        "vat_document": False,
    }


def test_a_finding_is_shown_by_code_and_place_without_its_wording() -> None:
    found = finding("xml.doctype", Location(path="a.xml", line=2))
    statement = Statement(origin=ORIGIN, findings=(found,), entries=(Entry(position=1, amount=Decimal("-1.50")),))
    assert golden(statement) == {
        "kind": "bank-statement",
        "entries": [{"position": 1, "amount": "-1.50"}],
        "findings": [{"code": "xml.doctype", "severity": "error", "line": 2}],
    }


def test_the_bytes_of_an_attachment_are_shown_by_size_and_digest() -> None:
    picture = Attachment(name="a.pdf", content=b"%PDF-")
    [shown] = golden(Invoice(kind=Kind.RECEIVED_INVOICE, origin=ORIGIN, attachments=(picture,)))["attachments"]
    assert (shown["name"], shown["content"]["bytes"], len(shown["content"]["sha256"])) == ("a.pdf", 5, 64)


def test_every_sample_has_a_form_that_json_can_hold() -> None:
    documents = list(efimport.read(SAMPLES))
    assert len(documents) > 20
    for document in documents:
        shown = golden(document)
        assert "origin" not in shown
        assert json.loads(json.dumps(shown)) == shown


def test_a_golden_file_is_written_when_asked_for_and_then_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = statement_in(tmp_path)
    monkeypatch.setenv("EFIMPORT_REGENERATE", "1")
    check_golden(path)
    monkeypatch.delenv("EFIMPORT_REGENERATE")
    assert golden_file(path).name == "fio-2026-01.gpc.golden.json"
    assert json.loads(golden_file(path).read_text(encoding="utf-8"))["documents"][0]["kind"] == "bank-statement"
    check_golden(path)
    check_golden(path, gpc)


def test_a_difference_is_shown_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = statement_in(tmp_path)
    monkeypatch.setenv("EFIMPORT_REGENERATE", "1")
    check_golden(path)
    monkeypatch.setenv("EFIMPORT_REGENERATE", "0")
    text = golden_file(path).read_text(encoding="utf-8")
    golden_file(path).write_text(text.replace('"bank-statement"', '"file"'), encoding="utf-8")
    with pytest.raises(AssertionError, match=r'(?s)-\s+"kind": "file".*\+\s+"kind": "bank-statement"'):
        check_golden(path)


def test_a_missing_golden_file_says_how_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="EFIMPORT_REGENERATE=1"):
        check_golden(statement_in(tmp_path))


def test_a_format_that_does_not_recognize_the_input_fails(tmp_path: Path) -> None:
    path = tmp_path / "picture.gpc"
    path.write_bytes((SAMPLES / "other" / "receipt.png").read_bytes())
    with pytest.raises(AssertionError, match="recognize"):
        check_golden(path, gpc)


def test_a_file_that_nobody_reads_is_golden_by_its_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "empty.xml"
    path.write_bytes(b"")
    monkeypatch.setenv("EFIMPORT_REGENERATE", "1")
    check_golden(path)
    shown = json.loads(golden_file(path).read_text(encoding="utf-8"))
    assert (shown["documents"], [one["code"] for one in shown["findings"]]) == ([], ["source.empty"])


def test_the_kit_is_not_loaded_by_the_package() -> None:
    code = "import efimport, sys; efimport.read; sys.exit('efimport.testing' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
