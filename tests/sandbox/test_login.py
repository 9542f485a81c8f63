from __future__ import annotations

import json

import pytest

from efimport.sandbox.organization import User
from tests.sandbox.conftest import Caller, Maker, invoice, nested

DENIED = "Access denied. User account does not have sufficient privileges for the given request"


@pytest.mark.parametrize(
    ("username", "password", "expected"),
    [
        ("IVAN", "novak", "8b29582ce0a1c85dc0c574d218acb900"),
        ("ivan", "novak", "8b29582ce0a1c85dc0c574d218acb900"),
        ("MICKA", "kovac", "ddb43e9f119c6805f4770ecc4f6466ba"),
        ("John", "pass123", "a5e4c6171bdcc344499bdc0a29cb3abd"),
    ],
)
def test_documented_the_hash_is_of_the_upper_case_name_and_the_password(
    username: str, password: str, expected: str
) -> None:
    assert User(username, password).expected_hash == expected


def test_the_hash_that_the_reference_prints_for_john_is_not_accepted(make: Maker) -> None:
    call = make(users=[{"username": "john", "password": "pass123"}])
    body = '<request><login username="john" md5pass="{}" token="SANDBOX"/><method name="PartnerList"/></request>'
    printed = call.post(body.format("8b29582ce0a1e85da0c574d218acb900").encode())
    right = call.post(body.format("a5e4c6171bdcc344499bdc0a29cb3abd").encode())
    assert (printed.error, right.ok) == ("EMU: username or password is not valid", True)


def test_assumed_name_and_hash_are_compared_without_regard_to_case(call: Caller) -> None:
    hash_of_demo = User("demo", "demo").expected_hash.upper()
    login = f'<login username="Demo" md5pass="{hash_of_demo}" token="SANDBOX"/>'
    body = f'<request>{login}<method name="PartnerList"/></request>'
    assert call.post(body.encode()).ok


def test_observed_a_wrong_token_is_named(call: Caller) -> None:
    assert call("PartnerList", token="sandbox").error == "Invalid web services token supplied"


@pytest.mark.parametrize(("user", "password"), [("demo", "wrong"), ("nobody", "demo"), ("", "")])
def test_assumed_a_wrong_user_or_password_is_refused(call: Caller, user: str, password: str) -> None:
    assert call("PartnerList", user=user, password=password).error == "EMU: username or password is not valid"


def test_documented_a_user_without_the_privilege_is_refused(call: Caller) -> None:
    assert call("SalesInvoiceImport", nested("SalesInvoice", invoice()), user="viewer").error == DENIED
    assert call("SalesInvoiceList", user="viewer").ok
    assert call.state()["documents"]["SalesInvoice"] == []


def test_a_refused_login_takes_no_document_number(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice("1")), token="x")
    call("SalesInvoiceImport", nested("SalesInvoice", invoice("1")))
    assert call.state()["documents"]["SalesInvoice"][0]["document_id"] == "60:1"


VECTORS = {"IVAN": "8b29582ce0a1c85dc0c574d218acb900", "MICKA": "ddb43e9f119c6805f4770ecc4f6466ba"}


@pytest.mark.parametrize("username", VECTORS)
@pytest.mark.parametrize("mode", ["documented", "observed"])
def test_documented_the_printed_logins_are_let_in_by_password_and_by_hash(
    make: Maker, mode: str, username: str
) -> None:
    by_password = {"username": username.lower(), "password": {"IVAN": "novak", "MICKA": "kovac"}[username]}
    by_hash = {"username": username.lower(), "md5pass": VECTORS[username]}
    for user in (by_password, by_hash):
        call = make(mode=mode, users=[user])
        for sent in (VECTORS[username], VECTORS[username].upper()):
            login = f'<login username="{username}" md5pass="{sent}" token="SANDBOX"/>'
            assert call.post(f'<request>{login}<method name="PartnerGetByCode"/></request>'.encode()).error == (
                'Parameter named "partnerCode" or "documentID" is required'
            )


def test_a_hash_without_its_last_digit_is_wrong(call: Caller) -> None:
    right = User("demo", "demo").expected_hash
    for sent in ("", right[:-1], right + "0", right[::-1]):
        login = f'<login username="demo" md5pass="{sent}" token="SANDBOX"/>'
        reply = call.post(f'<request>{login}<method name="PartnerList"/></request>'.encode())
        assert reply.error == "EMU: username or password is not valid"


def test_xml_never_carries_the_secret_key(make: Maker) -> None:
    call = make(mode="observed", users=[{"username": "demo", "password": "demo", "secret_key": "k" * 32}])
    login = f'<login username="demo" secretKey="{"k" * 32}" token="SANDBOX"/>'
    reply = call.post(f'<request>{login}<method name="PartnerList"/></request>'.encode())
    assert reply.error == "EMU: username or password is not valid"


@pytest.mark.parametrize("known", [None, "K" * 32])
def test_a_secret_key_that_is_unknown_or_written_otherwise_is_refused(make: Maker, known: str | None) -> None:
    call = make(mode="observed", users=[{"username": "demo", "password": "demo", "secret_key": known}])
    login = {"username": "demo", "secretKey": "k" * 32, "token": "SANDBOX", "method": "PartnerList"}
    reply = call.post(json.dumps(login).encode(), content_type="application/json")
    assert json.loads(reply.body)["response"]["description"] == "EMU: username or password is not valid"


@pytest.mark.parametrize(("mode", "ok"), [("observed", True), ("documented", False)])
def test_observed_json_may_carry_the_secret_key(make: Maker, mode: str, ok: bool) -> None:
    call = make(mode=mode, users=[{"username": "demo", "password": "demo", "secret_key": "k" * 32}])
    login = {"username": "demo", "secretKey": "k" * 32, "token": "SANDBOX", "method": "ProductGetByCode"}
    reply = call.post(json.dumps(login).encode(), content_type="application/json")
    assert (json.loads(reply.body)["response"]["description"] == "Parameter named <productCode> is required") is ok
