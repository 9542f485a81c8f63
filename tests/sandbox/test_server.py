from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import timeit
import tomllib
from pathlib import Path

import pytest

import efimport.sandbox
from efimport.sandbox.accounts import is_valid_account
from efimport.sandbox.methods.registry import methods
from efimport.sandbox.methods.tables import document_types
from efimport.sandbox.organization import default_organization
from efimport.sandbox.server import sandbox_organization, settings_block, start
from efimport.sandbox.serving import STARTING_TIME
from tests.sandbox.conftest import ACCOUNT, Caller, Maker, attribute, camt, encoded, invoice, nested, request_body

PACKAGE = Path(efimport.sandbox.__file__).parent


def test_the_sandbox_listens_on_this_machine_only(call: Caller) -> None:
    assert call.sandbox.endpoint.startswith("http://127.0.0.1:")
    assert call.sandbox.endpoint.endswith("/WebServicesCZ/API")


def test_the_settings_fit_the_sandbox(call: Caller) -> None:
    settings = tomllib.loads(call.sandbox.settings())
    block = settings["organizations"]["sandbox"]
    assert settings["default_organization"] == "sandbox"
    assert settings["sending"] == {"quiet_time": 5}
    assert (block["endpoint"], block["token"], block["site"]) == (call.sandbox.endpoint, "SANDBOX", "CZ")
    assert block["users"] == [{"username": "demo", "password": "demo"}]
    assert "registration_number" not in block  # whoever tries it out brings the documents of another firm
    assert '# registration_number = "12345679"' in call.sandbox.settings()
    assert block["paypal_accounts"] == ["pay@acme.example"]
    assert set(block["bank_accounts"]) == set(default_organization().bank_accounts)


def test_settings_name_the_users_hash_where_the_password_is_unknown() -> None:
    owner = sandbox_organization(users=[{"username": "ivan", "md5pass": "8b29582ce0a1c85dc0c574d218acb900"}])
    block = tomllib.loads(settings_block("http://127.0.0.1:1/WebServicesCZ/API", "CZ", owner))
    assert block["organizations"]["sandbox"]["users"] == [
        {"username": "ivan", "md5pass": "8b29582ce0a1c85dc0c574d218acb900"}
    ]


def test_the_organization_has_valid_accounts_of_many_banks() -> None:
    accounts = default_organization().bank_accounts
    assert all(is_valid_account(account) for account in accounts)
    banks = {account[4:8] for account in accounts if account.startswith("CZ")}
    assert banks >= {"0100", "0300", "0600", "0800", "2010", "5500"}
    assert {account[:2] for account in accounts} == {"CZ", "SI", "HR"}


@pytest.mark.parametrize("options", [{"colour": "red"}, {"mode": "strict"}, {"site": "DE"}, {"burst": "many"}])
def test_an_option_that_does_not_exist_is_an_error(options: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="The sandbox cannot be started so"):
        start(**options)


def test_a_port_that_is_taken_is_an_error(call: Caller) -> None:
    with pytest.raises(OSError, match="in use"):
        start(port=int(call.sandbox.url.rpartition(":")[2]))


def test_the_state_survives_in_its_file(make: Maker, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    call = make(state_file=file)
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    statement = (attribute("IBAN", ACCOUNT), attribute("type", "CbaXml"), attribute("statementData", encoded(camt())))
    call("BankStatementImport", *statement)
    call.sandbox.stop()
    again = make(state_file=file)
    assert again.state()["documents"] == call.sandbox.state()["documents"]
    assert again("SalesInvoiceGet", attribute("number", "2024-00001")).text("SalesInvoice/totalAmount") == "243.210"
    reply = again("BankStatementImport", *statement)
    assert reply.text("statementNumber") == "Bank statement number 2 was imported"


def test_the_port_is_free_again_when_it_has_stopped_even_after_an_unfinished_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with start() as first:
        port = int(first.url.rpartition(":")[2])
    with start(port=port) as second:
        assert second.url == first.url

    waiting, before = threading.Event.wait, set(threading.enumerate())

    def interrupted(event: threading.Event, timeout: float | None = None) -> bool:
        if timeout == STARTING_TIME:
            raise KeyboardInterrupt
        return waiting(event, timeout)

    with monkeypatch.context() as patched:
        patched.setattr("threading.Event.wait", interrupted)
        with pytest.raises(KeyboardInterrupt):
            start(port=port)
    assert set(threading.enumerate()) <= before
    with start(port=port) as third:
        assert third.url == first.url


def test_starting_and_stopping_take_no_time() -> None:
    start().stop()  # the first one loads the libraries
    best = min(timeit.repeat(lambda: start().stop(), number=1, repeat=5))
    assert best < 0.1


def test_a_file_that_is_no_state_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ValueError, match="is not the state of a sandbox"):
        start(state_file=tmp_path / "state.json")


def test_reset_forgets_everything(call: Caller) -> None:
    empty = call.state()
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    call.faults({"fault": "429"})
    assert call.http.post(call.sandbox.url + "/_sandbox/reset").json() == {"reset": True}
    assert call.state() == empty


def test_a_document_is_posted_over_http(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    url = call.sandbox.url + "/_sandbox/posted"
    assert call.http.post(url, json={"type": "SalesInvoice", "number": "9"}).status_code == 404
    assert call.http.post(url, json={"type": "SalesInvoice", "number": "2024-00001"}).json() == {"posted": True}
    assert call.http.post(url, content=b"{").status_code == 400
    assert call.state()["documents"]["SalesInvoice"][0]["posted"] is True


def test_the_state_of_the_library_is_that_of_the_page(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    assert call.sandbox.state() == call.state()


def test_the_state_names_every_type_of_document(call: Caller) -> None:
    state = call.state()
    assert list(state["documents"]) == list(document_types())
    assert set(state) >= {"statements", "inbox", "partners", "products", "requests", "violations", "limits"}
    assert state["violations"] == {"rate": 0, "concurrency": 0}


def test_all_documented_methods_of_the_sandbox_are_there() -> None:
    expected = {
        f"{kind}{verb}"
        for kind in ("SalesInvoice", "CreditNote", "AdvanceInvoice", "SalesOrder", "DebitNote")
        for verb in ("Import", "Get", "List")
    }
    expected |= {"PartnerImport", "PartnerGetByCode", "PartnerList", "ProductImport", "ProductMassImport"}
    expected |= {"ProductGetByCode", "DocumentInboxImport", "DocumentInboxAddEntry", "DocumentInboxList"}
    expected |= {
        "BankStatementImport",
        "ReceivedInvoiceCreate",
        "ReceivedCreditNoteCreate",
        "ReceivedAdvanceInvoiceCreate",
    }
    assert set(methods()) >= expected


def test_the_sandbox_shares_no_code_with_the_client() -> None:
    imports = {
        line.split()[1]
        for path in PACKAGE.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith(("from efimport", "import efimport"))
    }
    assert {name for name in imports if not name.startswith("efimport.sandbox")} <= {"efimport.api.catalogue"}


def test_importing_the_server_loads_no_web_library() -> None:
    heavy = "('uvicorn', 'starlette', 'lxml')"
    code = f"import sys, efimport.sandbox.server; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent.parent
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_announces_itself_and_ends_when_it_is_told_to(number: signal.Signals, tmp_path: Path) -> None:
    # With the first signal comes a second one, as from an impatient user: the stop goes on. The request that is under
    # way is carried out, and its document is in the file.
    file = tmp_path / "state.json"
    code = (
        "from pathlib import Path; from efimport.sandbox.server import run; run(latency=(0.4, 0.4), "
        f"announce=lambda text: print(text, flush=True), state_file=Path({str(file)!r}))"
    )
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PACKAGE.parent.parent,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        endpoint = process.stdout.readline().strip()
        settings = []
        while not settings or not settings[-1].startswith("quiet_time"):
            settings.append(process.stdout.readline())
        body = request_body("SalesInvoiceImport", nested("SalesInvoice", invoice()))
        address = ("127.0.0.1", int(endpoint.split(":")[2].partition("/")[0]))
        with socket.create_connection(address) as line:
            head = f"POST /WebServicesCZ/API HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
            line.sendall(head.encode() + body)
            time.sleep(0.1)
            for _ in range(2):
                process.send_signal(number)
                time.sleep(0.05)
            answer = line.makefile("rb").read()
        _, errors = process.communicate(timeout=20)
    assert b'<response status="ok">' in answer
    assert list(json.loads(file.read_bytes())["documents"]["SalesInvoice"]) == ["2024-00001"]
    assert endpoint.endswith("/WebServicesCZ/API")
    assert tomllib.loads("".join(settings))["organizations"]["sandbox"]["endpoint"] == endpoint
    assert (process.returncode, errors) == (0, "")


def test_the_state_is_json_without_floats_for_money(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    total = json.loads(json.dumps(call.sandbox.state()))["documents"]["SalesInvoice"][0]["total"]
    assert total == "243.21"
