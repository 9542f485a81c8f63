from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.sandbox.faults import REFUSING, FaultName, FaultScript
from tests.sandbox.conftest import ACCOUNT, Caller, Maker, attribute, camt, encoded, invoice, nested, request_body

WRONG_TOKEN = "Invalid web services token supplied"


def import_one(call: Caller, number: str = "1"):
    return call("SalesInvoiceImport", nested("SalesInvoice", invoice(number)))


def stored(call: Caller) -> int:
    return len(call.state()["documents"]["SalesInvoice"])


ANSWERED = {
    "429": (429, "Too Many Requests."),
    "lock": (500, "Another web request is currently being processed"),
    "concurrent-usage": (500, "Concurrent usage of atomic API operations"),
    "wrong-token": (200, "Invalid web services token supplied"),
    "unknown-description": (200, "EMU: a sentence that stands in no list"),
    "several-errors": (200, "Error nr: 1 #date - Entry is mandatory; \r\nError nr: 2 #buyerName"),
}


@pytest.mark.parametrize("fault", ANSWERED)
def test_a_refusing_fault_answers_and_changes_nothing(call: Caller, fault: str) -> None:
    call.faults({"fault": fault})
    reply = import_one(call)
    status, beginning = ANSWERED[fault]
    assert reply.status == status
    assert (reply.error or "").startswith(beginning)
    assert stored(call) == 0
    assert import_one(call).ok
    assert call.state()["violations"] == {"rate": 0, "concurrency": 0}


def test_a_closed_connection_before_the_change_leaves_nothing(call: Caller) -> None:
    call.faults({"fault": "close-before"})
    with pytest.raises(httpx.TransportError):
        import_one(call)
    assert stored(call) == 0


def test_a_closed_connection_after_the_change_leaves_the_document(call: Caller) -> None:
    call.faults({"fault": "close-after"})
    with pytest.raises(httpx.TransportError):
        import_one(call)
    assert stored(call) == 1


def test_a_cut_body_comes_after_the_change(call: Caller) -> None:
    call.faults({"fault": "cut-body"})
    with pytest.raises(httpx.TransportError):
        import_one(call)
    assert stored(call) == 1


def test_a_late_change_comes_after_the_connection_was_closed(call: Caller) -> None:
    call.faults({"fault": "close-late", "seconds": 0.3})
    with pytest.raises(httpx.TransportError):
        import_one(call)
    assert stored(call) == 0
    time.sleep(0.5)
    assert stored(call) == 1


def test_a_delay_makes_a_client_give_up_although_the_document_arrives(call: Caller) -> None:
    call.faults({"fault": "delay", "seconds": 0.8})
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            call.sandbox.endpoint,
            content=request_body("SalesInvoiceImport", nested("SalesInvoice", invoice())),
            timeout=0.2,
            trust_env=False,
        )
    time.sleep(0.5)
    assert stored(call) == 1


def test_a_request_that_outlives_a_reset_takes_nobodys_place(call: Caller) -> None:
    call.faults({"fault": "delay", "seconds": 0.4})
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(call.sandbox.endpoint, content=request_body("PartnerList"), timeout=0.1, trust_env=False)
    call.sandbox.reset()
    assert call("PartnerList").status == 200
    time.sleep(0.6)
    assert [call("PartnerList").status for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(("fault", "count"), [("html-500", 0), ("html-500-after", 1)])
def test_html_comes_before_or_after_the_change(call: Caller, fault: str, count: int) -> None:
    call.faults({"fault": fault})
    reply = import_one(call)
    assert (reply.status, reply.body[:6]) == (500, b"<html>")
    assert stored(call) == count


@pytest.mark.parametrize(("fault", "count"), [("garbage", 0), ("garbage-after", 1)])
def test_garbage_with_status_200_comes_before_or_after_the_change(call: Caller, fault: str, count: int) -> None:
    call.faults({"fault": fault})
    reply = import_one(call)
    assert (reply.status, reply.headers["content-type"], len(reply.body)) == (200, "text/xml", 512)
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(reply.body)
    assert stored(call) == count


def test_the_seed_of_a_fault_decides_on_its_garbage(call: Caller) -> None:
    call.faults(*({"fault": "garbage", "seed": seed} for seed in (1, 2, 1)))
    first, second, third = (import_one(call).body for _ in range(3))
    assert first == third != second


def test_invalid_utf8_cannot_be_decoded(call: Caller) -> None:
    call.faults({"fault": "invalid-utf8"})
    with pytest.raises(UnicodeDecodeError):
        import_one(call).body.decode("utf-8")
    assert stored(call) == 1


def test_windows_1250_is_declared_and_meant(call: Caller) -> None:
    call.faults({"fault": "windows-1250"})
    reply = import_one(call)
    assert reply.text("number") == "1"
    assert "žluťoučký" in reply.body.decode("windows-1250")
    assert b'encoding="windows-1250"' in reply.body


def test_an_unescaped_description_is_not_well_formed(call: Caller) -> None:
    call.faults({"fault": "unescaped"})
    assert b'"Property <number> is required."' in call("SalesInvoiceImport", nested("SalesInvoice", invoice(""))).body


def test_the_error_tag_of_the_reference_is_never_closed(call: Caller) -> None:
    call.faults({"fault": "broken-error-tag"})
    assert call("SalesInvoiceGet").body.endswith(b"<error/></response>")


def test_an_ok_may_lack_its_number(call: Caller) -> None:
    call.faults({"fault": "ok-without-number"})
    assert import_one(call).body.endswith(b'<response status="ok"></response>')
    assert stored(call) == 1


def test_an_answer_may_be_a_json_list_or_nothing(call: Caller) -> None:
    call.faults({"fault": "json-list"}, {"fault": "empty-body"})
    assert json.loads(import_one(call).body) == ["ok"]
    assert import_one(call).body == b""


def test_a_fault_waits_for_its_request_and_method(call: Caller) -> None:
    call.faults({"fault": "429", "at": 3}, {"fault": "lock", "method": "ProductGetByCode"})
    statuses = [call("PartnerList").status for _ in range(4)]
    assert statuses == [200, 200, 429, 200]
    assert call.state()["faults"] == {"waiting": 1, "fired": ["429"]}
    assert call("ProductGetByCode").status == 500
    assert call.state()["faults"] == {"waiting": 0, "fired": ["429", "lock"]}


def test_a_fault_may_last_for_several_requests(call: Caller) -> None:
    call.faults({"fault": "429", "at": 2, "times": 2})
    assert [call("PartnerList").status for _ in range(5)] == [200, 429, 429, 200, 200]


def test_a_token_may_be_wrong_from_some_request_on(call: Caller) -> None:
    call.faults({"fault": "wrong-token", "at": 3, "times": 0})
    assert [import_one(call, str(number)).error for number in range(5)] == [None, None, *[WRONG_TOKEN] * 3]
    assert (stored(call), call.state()["faults"]["waiting"]) == (2, 1)
    call.sandbox.reset()
    assert import_one(call).ok


def post(call: Caller, script: object) -> httpx.Response:
    return call.http.post(call.sandbox.url + "/_sandbox/faults", json=script)


def outcomes(call: Caller, count: int, method: str = "PartnerList") -> list[int]:
    return [call(method).status for _ in range(count)]


def test_chance_hits_a_share_of_the_requests_the_same_for_the_same_seed(call: Caller) -> None:
    wanted = {"share": 0.2, "seed": 7, "faults": ["429", "html-500", "lock"]}
    assert post(call, wanted).json() == {"faults": 3}
    first = outcomes(call, 100)
    assert 10 <= sum(status != 200 for status in first) <= 30
    assert set(first) == {200, 429, 500}
    assert set(call.state()["faults"]["fired"]) == {"429", "html-500", "lock"}
    post(call, wanted)
    assert outcomes(call, 100) == first
    post(call, wanted | {"seed": 8})
    assert outcomes(call, 100) != first


def test_chance_ends_with_a_share_of_nothing_or_a_reset(call: Caller) -> None:
    for end in (lambda: call.sandbox.add_random_faults(share=0, faults=["429"]), call.sandbox.reset):
        call.sandbox.add_random_faults(share=1, faults=["429"])
        assert outcomes(call, 2) == [429, 429]
        end()
        assert outcomes(call, 2) == [200, 200]


def test_chance_may_be_bound_to_methods_and_take_its_time(call: Caller) -> None:
    call.sandbox.add_random_faults(share=1, faults=["close-late"], seconds=0.05, methods=["SalesInvoiceImport"])
    assert outcomes(call, 3) == [200, 200, 200]
    with pytest.raises(httpx.TransportError):
        import_one(call)
    assert stored(call) == 0
    time.sleep(0.15)
    assert stored(call) == 1


def test_the_script_goes_before_chance_and_shifts_none_of_its_draws() -> None:
    def fired(*scripted: dict[str, object]) -> list[str | None]:
        script = FaultScript()
        script.add(b'{"share": 0.5, "seed": 3, "faults": ["429", "lock", "html-500"]}')
        script.add(json.dumps(scripted).encode())
        return [fault.fault if fault else None for fault in (script.next("A") for _ in range(40))]

    alone, mixed = fired(), fired({"fault": "json-list", "at": 2})
    assert mixed[1] == "json-list"
    assert alone[:1] + alone[2:] == mixed[:1] + mixed[2:]


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1), st.integers(), st.lists(st.sampled_from(FaultName.__args__), min_size=1))
def test_the_draws_of_chance_hold_for_every_share(share: float, seed: int, names: list[str]) -> None:
    def draw() -> list[object]:
        script = FaultScript()
        script.add(json.dumps({"share": share, "seed": seed, "faults": names}).encode())
        return [script.next("A") for _ in range(20)]

    drawn = draw()
    assert drawn == draw()
    assert {fault.fault for fault in drawn if fault} <= set(names)
    assert share not in (0, 1) or all((fault is not None) is bool(share) for fault in drawn)


UNKNOWN_SCRIPTS = [
    b"{",
    b'[{"fault": "flood"}]',
    b'[{"fault": "429", "when": 1}]',
    b'[{"at": 1}]',
    b'[{"fault": "429", "at": 0}]',
    b'{"share": 1.1, "faults": ["429"]}',
    b'{"share": -0.1, "faults": ["429"]}',
    b'{"share": 0.5, "faults": []}',
    b'{"share": 0.5, "faults": ["flood"]}',
    b'{"share": 0.5, "faults": ["429"], "seconds": -1}',
    b'{"share": 0.5, "faults": ["429"], "every": 2}',
    b'{"faults": ["429"]}',
    b"null",
]


@pytest.mark.parametrize("script", UNKNOWN_SCRIPTS)
def test_a_script_with_an_unknown_fault_is_refused_whole(call: Caller, script: bytes) -> None:
    answer = call.http.post(call.sandbox.url + "/_sandbox/faults", content=script)
    assert answer.status_code == 400
    assert call.state()["faults"] == {"waiting": 0, "fired": []}
    assert outcomes(call, 2) == [200, 200]


def test_every_fault_is_tried_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    missing = [name for name in FaultName.__args__ if f'"{name}"' not in source]
    assert missing == []
    assert set(FaultName.__args__) > REFUSING


def test_a_script_from_the_library_is_the_same(call: Caller) -> None:
    call.sandbox.add_faults({"fault": "429"})
    assert call("PartnerList").status == 429


def test_the_first_of_two_fitting_faults_fires_and_the_other_waits() -> None:
    script = FaultScript()
    script.add(b'[{"fault": "429"}, {"fault": "lock"}]')
    fired = [script.next("A") for _ in range(3)]
    assert [fault.fault if fault else None for fault in fired] == ["429", "lock", None]


def raw_request(call: Caller, body: bytes, length: int | None = None) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", int(call.sandbox.url.rpartition(":")[2])))
    head = (
        "POST /WebServicesCZ/API HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
        f"Content-Length: {length or len(body)}\r\n\r\n"
    )
    line.sendall(head.encode() + body)
    return line


def test_a_killed_client_s_request_is_still_carried_out(make: Maker) -> None:
    call = make(latency=(0.4, 0.4))
    body = request_body(
        "BankStatementImport",
        attribute("IBAN", ACCOUNT),
        attribute("type", "CbaXml"),
        attribute("statementData", encoded(camt())),
    )
    line = raw_request(call, body)
    time.sleep(0.1)
    line.close()
    assert call.state()["statements"] == []
    time.sleep(0.4)
    assert len(call.state()["statements"]) == 1


def test_the_user_of_a_killed_client_is_busy_until_the_request_is_done(make: Maker) -> None:
    call = make(latency=(0.4, 0.4))
    line = raw_request(call, request_body("PartnerList"))
    time.sleep(0.1)
    line.close()
    assert call("PartnerList").error == "Another web request is currently being processed"
    time.sleep(0.4)
    assert call("PartnerList").ok


def test_half_a_request_is_no_request(call: Caller) -> None:
    body = request_body("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    raw_request(call, body[: len(body) // 2], len(body)).close()
    time.sleep(0.1)
    assert stored(call) == 0
    assert call.state()["requests"]["total"] == 0


def test_stopping_finishes_what_is_under_way(make: Maker) -> None:
    call = make(latency=(0.4, 0.4))
    line = raw_request(call, request_body("SalesInvoiceImport", nested("SalesInvoice", invoice())))
    time.sleep(0.05)
    line.close()
    call.sandbox.stop()
    assert len(call.sandbox.state()["documents"]["SalesInvoice"]) == 1
