from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.sandbox.request import Request, UnreadableError, read_request
from tests.sandbox.conftest import Caller, Maker, Reply, VirtualTime, attribute, invoice, nested, request_body


@pytest.mark.parametrize("path", ["/WebServices/API", "/WebServicesCZ/API", "/WebServicesSI/API", "/WebServicesHR/API"])
def test_documented_all_four_paths_answer(call: Caller, path: str) -> None:
    reply = call("PartnerList", path=path)
    assert (reply.status, reply.headers["content-type"], reply.ok) == (200, "text/xml", True)


def test_documented_the_path_selects_the_site(call: Caller) -> None:
    data = nested("DebitNote", invoice())
    assert call("DebitNoteImport", data, path="/WebServicesHR/API").ok
    assert not call("DebitNoteImport", data, path="/WebServicesCZ/API").ok


@pytest.mark.parametrize("path", ["/H7i/API", "/WebServicesCZ/API/", "/"])
def test_observed_an_unknown_path_is_html_404(call: Caller, path: str) -> None:
    reply = call.post(b"<request/>", path=path)
    assert reply.status == 404
    assert reply.headers["content-type"].startswith("text/html")
    assert reply.body.startswith(b"<html>")


@pytest.mark.parametrize("verb", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_assumed_other_verbs_are_405(call: Caller, verb: str) -> None:
    body = request_body("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    for path in ("/WebServicesCZ/API", "/WebServices/API"):
        answer = call.http.request(verb, call.sandbox.url + path, content=body)
        assert answer.status_code == 405
    assert call.state()["requests"]["total"] == 0
    assert call.state()["documents"]["SalesInvoice"] == []


@pytest.mark.parametrize("mode", ["documented", "observed"])
def test_an_unknown_path_is_html_404_in_each_mode_and_for_each_verb(make: Maker, mode: str) -> None:
    call = make(mode=mode)
    for verb in ("GET", "POST"):
        answer = call.http.request(verb, call.sandbox.url + "/H7i/API", content=request_body("PartnerList"))
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (404, "text/html")
    assert call.state()["requests"]["total"] == 0


def test_another_content_type_is_taken_with_a_warning(call: Caller) -> None:
    documented = call.post(request_body("PartnerList"))
    tolerated = call.post(request_body("PartnerList"), content_type="text/xml; charset=utf-8")
    assert tolerated.ok
    assert "x-sandbox-warning" not in documented.headers
    assert tolerated.headers["x-sandbox-warning"] == "Content-Type text/xml is not the documented one"
    assert call.state()["warnings"] == {"Content-Type text/xml": 1}


def test_an_error_is_200_as_documented_and_500_as_observed(make: Maker) -> None:
    assert make(mode="documented")("SalesInvoiceGet").status == 200
    assert make(mode="observed")("SalesInvoiceGet").status == 500


def test_documented_the_bytes_of_both_answers(call: Caller) -> None:
    declaration = b'<?xml version="1.0" encoding="utf-8"?>\n'
    refused = call("BankStatementImport")
    assert refused.body == (
        declaration
        + b'<response status="error"><error description="Parameter named &lt;type&gt; is required."/></response>'
    )
    imported = call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    answer = b'<response status="ok"><number>2024-00001</number><date>2024-03-05</date></response>'
    assert imported.body == declaration + answer


def test_an_error_is_escaped_unless_told_otherwise(make: Maker) -> None:
    escaped = make()("SalesInvoiceImport", nested("SalesInvoice", invoice("")))
    raw = make(raw_errors=True)("SalesInvoiceImport", nested("SalesInvoice", invoice("")))
    assert b'description="Property &lt;number&gt; is required."' in escaped.body
    assert b'description="Property <number> is required."' in raw.body


def test_a_switch_sends_the_error_tag_of_the_reference(make: Maker) -> None:
    assert make(broken_error_tag=True)("SalesInvoiceGet").body.endswith(b"<error/></response>")


def test_a_switch_sends_the_odd_header(make: Maker) -> None:
    call = make(content_encoding_8bit=True)
    assert call("PartnerList").headers["content-encoding"] == "8-bit"
    assert call("SalesInvoiceGet").headers["content-encoding"] == "8-bit"
    assert json_reply(call, "PartnerList", {}).headers["content-encoding"] == "8-bit"
    assert "content-encoding" not in make()("PartnerList").headers


@pytest.mark.parametrize("content_type", ["application/octet-stream", "text/xml", "application/xml; charset=utf-8", ""])
def test_xml_is_known_by_its_first_character_and_answered_in_xml(call: Caller, content_type: str) -> None:
    reply = call.post(request_body("PartnerList"), content_type=content_type)
    assert (reply.headers["content-type"], reply.ok) == ("text/xml", True)


def test_xml_that_calls_itself_json_is_answered_in_xml(call: Caller) -> None:
    reply = call.post(request_body("PartnerList"), content_type="application/json")
    assert (reply.headers["content-type"], reply.ok) == ("text/xml", True)


def test_json_is_answered_in_json(call: Caller) -> None:
    reply = json_reply(call, "PartnerList", {})
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert json.loads(reply.body) == {"response": {"status": "ok", "result": []}}


def test_both_broken_forms_of_an_error_can_be_wanted_at_once(make: Maker) -> None:
    reply = make(raw_errors=True, broken_error_tag=True)("SalesInvoiceImport", nested("SalesInvoice", invoice("")))
    assert reply.body.endswith(b'<error description="Property <number> is required."><error/></response>')


def test_broken_forms_leave_good_answers_and_json_alone(make: Maker) -> None:
    call = make(raw_errors=True, broken_error_tag=True)
    assert call("PartnerList").ok
    response = json.loads(json_reply(call, "SalesInvoiceGet", {}).body)["response"]
    assert response["description"] == 'Parameter named "number" is required'


UNREADABLE = {
    "empty": b"",
    "no XML": b"hello",
    "a byte-order mark": b"\xef\xbb\xbf" + request_body("PartnerList"),
    "cut": request_body("PartnerList")[:-20],
    "another root": b"<envelope/>",
    "a DOCTYPE": b"<!DOCTYPE request><request/>",
    "two methods": b"<request><login/><method name='A'/><method name='B'/></request>",
    "a parameter without a name": b"<request><login/><method name='A'><parameter value='1'/></method></request>",
    "no parameter": b"<request><login/><method name='A'><number>1</number></method></request>",
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_assumed_an_unreadable_request_is_refused(call: Caller, case: str) -> None:
    error = call.post(UNREADABLE[case]).error
    assert error is not None
    assert error.startswith("EMU: the request cannot be read: ")


def test_assumed_a_request_without_method_or_login_is_refused(call: Caller) -> None:
    assert call.post(b"<request/>").error == "EMU: the request has no login"
    assert call("").error == "EMU: the request has no method"
    assert call("Dance").error == "EMU: the sandbox does not know the method Dance"


def test_assumed_a_documented_method_that_is_not_played_is_told_from_an_unknown_one(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("efimport.sandbox.service.methods", dict)
    error = "EMU: the method SalesInvoiceCancel is documented, but the sandbox does not play it"
    assert call("SalesInvoiceCancel").error == error


@pytest.mark.parametrize(
    ("kind", "value"), [("Date", "31.1.2024"), ("Boolean", "yes"), ("Decimal", "1,5"), ("Colour", "red")]
)
def test_assumed_a_typed_parameter_has_to_fit_its_type(call: Caller, kind: str, value: str) -> None:
    reply = call("SalesInvoiceGet", attribute("number", value, kind))
    assert reply.error == f"EMU: the parameter number is not of the type {kind}: {value}"


def json_reply(call: Caller, method: str, parameters: object, **login: str) -> Reply:
    secret = request_body("x").decode().partition('md5pass="')[2][:32]
    data = {"username": "demo", "md5pass": secret, "token": "SANDBOX", "method": method}
    return call.post(json.dumps(data | login | {"parameters": parameters}).encode(), content_type="application/json")


def json_call(call: Caller, method: str, parameters: object, **login: str) -> tuple[int, dict]:
    reply = json_reply(call, method, parameters, **login)
    return reply.status, json.loads(reply.body)["response"]


def test_observed_json_takes_objects_and_lists_without_wrappers(call: Caller) -> None:
    item = {"description": "Práce", "quantity": 2, "netPrice": 100.5, "vatPercentage": 21}
    document = {"number": "J1", "date": "2024-03-05", "buyerName": "Odběratel", "Items": [item, item]}
    status, response = json_call(call, "SalesInvoiceImport", {"importType": "createOnly", "SalesInvoice": document})
    assert (status, response["status"], response["result"]) == (200, "ok", {"number": "J1", "date": "2024-03-05"})
    assert call.state()["documents"]["SalesInvoice"][0]["total"] == "486.42"


def test_observed_json_get_and_list_answer_arrays(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    for method, parameters in [("SalesInvoiceGet", {"number": "2024-00001"}), ("SalesInvoiceList", {})]:
        _, response = json_call(call, method, parameters)
        assert [entry["number"] for entry in response["result"]] == ["2024-00001"]
        (item,) = response["result"][0]["Items"]
        assert (item["description"], item["quantity"]) == ("Práce", "2.000000")


def test_observed_json_error_names_method_and_description(make: Maker) -> None:
    status, response = json_call(make(mode="observed"), "SalesInvoiceGet", {})
    assert status == 500
    assert response["status"] == "error"
    assert (response["apiMethod"], response["description"]) == (
        "SalesInvoiceGet",
        'Parameter named "number" is required',
    )
    assert set(response) == {"status", "release", "url", "serverTime", "apiMethod", "description"}
    assert (response["release"], response["url"]) == ("EMU", "WebServicesCZ/API")


def test_the_server_time_of_a_json_error_is_the_sandbox_s_clock(make: Maker) -> None:
    moment = datetime(2026, 1, 30, 17, 9, 34, tzinfo=UTC)
    _, response = json_call(make(wall_clock=lambda: moment), "SalesInvoiceGet", {})
    assert response["serverTime"] == "2026-01-30T17:09:34"


REFUSED_EARLY = {"429": (429, "Too Many Requests."), "lock": (500, "Another web request")}


@pytest.mark.parametrize("fault", REFUSED_EARLY)
@pytest.mark.parametrize("mode", ["documented", "observed"])
def test_observed_what_is_refused_early_has_its_status_in_each_mode_and_names_no_method(
    make: Maker, mode: str, fault: str
) -> None:
    call = make(mode=mode)
    call.faults({"fault": fault, "times": 2})
    status, response = json_call(call, "PartnerList", {})
    assert (status, response["apiMethod"]) == (REFUSED_EARLY[fault][0], None)
    assert response["description"].startswith(REFUSED_EARLY[fault][1])
    assert call("PartnerList").status == REFUSED_EARLY[fault][0]


@pytest.mark.parametrize(("mode", "status"), [("documented", 200), ("observed", 500)])
def test_every_refusal_has_the_status_of_its_mode(make: Maker, mode: str, status: int) -> None:
    call = make(mode=mode)
    refused = [
        call("PartnerList", token="x"),
        call("PartnerList", password="x"),
        call("Dance"),
        call("SalesInvoiceImport", user="viewer"),
        call.post(b"nonsense"),
        json_reply(call, "SalesInvoiceGet", {}),
    ]
    assert [reply.status for reply in refused] == [status] * 6


def test_an_empty_list_is_empty_as_documented_and_an_error_as_observed(make: Maker) -> None:
    status, response = json_call(make(mode="observed"), "SalesInvoiceList", {})
    assert (status, response["status"], response["description"]) == (500, "error", "noDocumentsFound")
    assert json_call(make(mode="documented"), "SalesInvoiceList", {}) == (200, {"status": "ok", "result": []})


def test_the_order_of_the_checks_is_that_of_the_reference(make: Maker) -> None:
    call = make(period=4.0, burst=6, clock=VirtualTime())
    # Each request has every fault of those below it; the first check that it does not pass answers.
    assert call("Dance", user="viewer", password="x", token="x").error == "Invalid web services token supplied"
    assert call("Dance", user="viewer", password="x").error == "EMU: username or password is not valid"
    assert (call("Dance", user="viewer").error or "").startswith("EMU: the sandbox does not know the method")
    wrong = attribute("number", "x", "Date")
    assert (call("SalesInvoiceImport", wrong, user="viewer").error or "").startswith("Access denied.")
    assert (call("SalesInvoiceImport", wrong).error or "").startswith("EMU: the parameter number is not of the type")
    assert call("SalesInvoiceImport").error == "Parameter named SalesInvoice needed."
    assert call.post(b"nonsense").status == 429


def deep_json(depth: int) -> bytes:
    return b'{"parameters": {"SalesInvoice": ' + b'{"a": ' * depth + b"1" + b"}" * (depth + 2)


UNREADABLE_JSON = {
    "cut": b"{",
    "a list": b"[]",
    "parameters in a list": b'{"parameters": []}',
    "no UTF-8": b"\xff",
    "names that XML cannot have": b'{"parameters": {"a b": {"<": 1}}}',
    "half a character in a value": b'{"username": "\\ud800"}',
    "half a character in the method": b'{"method": "\\uDEAD"}',
    "deeper than its reader goes": b"[" * 100_000,
    "deep": deep_json(102),
    "very deep": deep_json(900),
}


@pytest.mark.parametrize("case", UNREADABLE_JSON)
def test_assumed_json_that_is_no_request_is_refused(call: Caller, case: str) -> None:
    reply = call.post(UNREADABLE_JSON[case], content_type="application/json")
    assert json.loads(reply.body)["response"]["description"].startswith("EMU: the request cannot be read")
    assert call.state()["requests"]["total"] == 1


def test_a_character_of_two_escapes_is_one_character(call: Caller) -> None:
    answer = json_call(call, "SalesInvoiceImport", {"SalesInvoice": {"number": "\N{PARTY POPPER}"}})
    assert "number" not in answer[1]["description"]


@pytest.mark.parametrize(("depth", "is_read"), [(100, True), (101, False), (1900, False)])
def test_assumed_elements_stand_a_hundred_deep_at_most(call: Caller, depth: int, is_read: bool) -> None:
    inner = "<number>1</number>" + "<a>" * depth + "</a>" * depth
    error = call("SalesInvoiceImport", nested("SalesInvoice", inner)).error or ""
    assert ("nested too deep" in error) is not is_read


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"<request>{text}</request>".encode()),
    st.sampled_from(["application/json", "application/octet-stream"]),
)
def test_any_body_is_a_request_or_unreadable(body: bytes, content_type: str) -> None:
    try:
        outcome: object = read_request(body, content_type)
    except UnreadableError as error:
        outcome = str(error)
    assert isinstance(outcome, Request) or str(outcome).startswith("EMU: ")


def test_a_body_above_the_limit_is_refused_unread(make: Maker) -> None:
    call = make(largest_body=2000)
    reply = call("PartnerList", attribute("searchKey", "x" * 3000))
    assert (reply.status, reply.error) == (413, "EMU: the request cannot be read: it is too large")
    assert call("PartnerList").ok
