from __future__ import annotations

import threading
import tomllib
from pathlib import Path

import httpx
import pytest

from efimport.sandbox.accounts import is_valid_account
from efimport.sandbox.invented import invented_organization
from efimport.sandbox.organization import Organization
from efimport.sandbox.server import settings_block, start
from tests.sandbox.conftest import (
    ACCOUNT,
    Caller,
    Maker,
    VirtualTime,
    attribute,
    camt,
    encoded,
    invoice,
    nested,
    request_body,
)

SECOND = {
    "name": "Druhá s.r.o.",
    "settings_name": "second",
    "token": "T2",
    "bank_accounts": ["1019382023/0800"],
    "users": [
        {"username": "demo", "password": "other"},
        {"username": "reader", "password": "reader", "privileges": ["*List"]},
    ],
}
RECEIVER = {"name": "Třetí s.r.o.", "vat_id": "CZ87654325"}
BUSY = "Another web request is currently being processed"


def import_one(call: Caller, number: str = "1", **login: str):
    return call("SalesInvoiceImport", nested("SalesInvoice", invoice(number)), **login)


@pytest.fixture
def two(make: Maker) -> Caller:
    return make(other_organizations=[SECOND, RECEIVER])


AS_SECOND = {"token": "T2", "password": "other"}


def test_the_token_decides_on_the_organization(two: Caller) -> None:
    assert two("PartnerList", **AS_SECOND).ok
    assert two("PartnerList").ok
    assert two("PartnerList", token="T3").error == "Invalid web services token supplied"


def test_an_organization_without_a_token_takes_no_login(two: Caller) -> None:
    assert two("PartnerList", token="").error == "Invalid web services token supplied"
    state = two.state()["organizations"]
    assert {name: one["receives_only"] for name, one in state.items()} == {
        "sandbox": False,
        "second": False,
        "Třetí s.r.o.": True,
    }


@pytest.mark.parametrize(
    ("token", "user", "password"),
    [("T2", "demo", "demo"), ("SANDBOX", "demo", "other"), ("SANDBOX", "reader", "reader"), ("T2", "demo2", "demo2")],
)
def test_a_user_of_one_organization_is_none_of_another(two: Caller, token: str, user: str, password: str) -> None:
    error = two("PartnerList", token=token, user=user, password=password).error
    assert error == "EMU: username or password is not valid"


def test_each_organization_has_its_own_privileges(two: Caller) -> None:
    denied = "Access denied. User account does not have sufficient privileges for the given request"
    assert import_one(two, token="T2", user="reader").error == denied
    assert two("SalesInvoiceList", token="T2", user="reader").ok


def test_each_organization_has_its_own_documents_partners_and_identifiers(two: Caller) -> None:
    partner = nested(
        "partner",
        "<partnerCode>P</partnerCode><companyType>Ltd</companyType><companyName>Odběratel</companyName>",
    )
    assert import_one(two, "7").ok
    assert import_one(two, "7", **AS_SECOND).ok
    assert two("PartnerImport", partner, **AS_SECOND).ok
    assert two("SalesInvoiceGet", attribute("number", "7"), **AS_SECOND).ok
    assert two("PartnerGetByCode", attribute("partnerCode", "P")).error == "Partner not found"
    state = two.state()
    for place in (state, state["organizations"]["sandbox"], state["organizations"]["second"]):
        assert [(one["number"], one["document_id"]) for one in place["documents"]["SalesInvoice"]] == [("7", "60:1")]
    assert (state["partners"], len(state["organizations"]["second"]["partners"])) == ([], 1)


def test_each_organization_has_its_own_accounts_and_statement_numbers(two: Caller) -> None:
    def send(account: str, **login: str):
        content = attribute("statementData", encoded(camt(account)))
        return two("BankStatementImport", attribute("IBAN", account), attribute("type", "CbaXml"), content, **login)

    theirs = "CZ0708000000001019382023"
    assert send(ACCOUNT, **AS_SECOND).error == "Parameter named <IBAN> is not one of your bank accounts"
    for _ in range(2):
        assert send(theirs, **AS_SECOND).ok
    assert send(theirs).text("statementNumber") == "Bank statement number 1 was imported"
    assert [one["number"] for one in two.state()["organizations"]["second"]["statements"]] == [1, 2]


def test_the_first_organization_stays_at_the_top_of_the_state(two: Caller) -> None:
    import_one(two)
    state = two.state()
    own = state["organizations"]["sandbox"]
    for name in ("organization", "documents", "statements", "inbox", "partners", "products"):
        assert state[name] == own[name]
    assert "token" not in str(state)


def test_requests_are_counted_for_all_and_for_each(two: Caller) -> None:
    import_one(two)
    import_one(two, **AS_SECOND)
    two("PartnerList", **AS_SECOND)
    two("PartnerList", token="nobody's")
    state = two.state()
    requests = {name: one["requests"] for name, one in state["organizations"].items()}
    assert state["requests"]["by_method"] == {"SalesInvoiceImport": 2, "PartnerList": 2}
    assert (requests["sandbox"]["total"], requests["second"]["total"], requests["Třetí s.r.o."]["total"]) == (1, 2, 0)
    assert requests["second"]["by_user"] == {"demo": 2}
    assert requests["second"]["by_outcome"] == {"ok": 2}
    assert state["requests"]["by_user"] == {"demo": 4}


def at_once(*targets: object) -> list[object]:
    results: list[object] = [None] * len(targets)
    threads = [
        threading.Thread(target=lambda place=place: results.__setitem__(place, targets[place]()))
        for place in range(len(targets))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_users_of_one_name_in_two_organizations_are_two_users(make: Maker) -> None:
    call = make(other_organizations=[SECOND], latency=(0.25, 0.25))
    calls = [lambda: call("PartnerList"), lambda: call("PartnerList", **AS_SECOND)]
    assert all(reply.ok for reply in at_once(*calls))
    replies = at_once(*[lambda: call("PartnerList", **AS_SECOND)] * 2)
    assert [reply.error for reply in replies if not reply.ok] == [BUSY]
    state = call.state()
    assert state["limits"]["most_at_once_by_user"] == {"DEMO": 1, "second/DEMO": 2}
    assert state["violations"] == {"rate": 0, "concurrency": 1}
    theirs = state["organizations"]["second"]
    assert (theirs["violations"], theirs["most_at_once_by_user"]) == ({"concurrency": 1}, {"DEMO": 2})
    assert state["organizations"]["sandbox"]["violations"] == {"concurrency": 0}


def test_the_rate_is_one_for_all_organizations_of_an_address(make: Maker) -> None:
    call = make(other_organizations=[SECOND], period=4.0, clock=VirtualTime())
    statuses = [call("PartnerList", **login).status for login in ({}, AS_SECOND, {}, AS_SECOND, {}, AS_SECOND)]
    assert statuses == [200, 200, 200, 200, 429, 429]
    assert call.state()["violations"]["rate"] == 2


def test_a_document_of_another_organization_is_posted(two: Caller) -> None:
    import_one(two, **AS_SECOND)
    url = two.sandbox.url + "/_sandbox/posted"
    wanted = {"type": "SalesInvoice", "number": "1"}
    assert two.http.post(url, json=wanted).status_code == 404
    assert two.http.post(url, json=wanted | {"organization": "nobody"}).status_code == 404
    assert two.http.post(url, json=wanted | {"organization": "Druhá s.r.o."}).json() == {"posted": True}
    posted = "Document can not be overwritten because it is already posted."
    assert import_one(two, **AS_SECOND).error == posted
    assert two.sandbox.mark_posted("SalesInvoice", "1", "second")


def test_the_states_of_all_survive_in_the_file_and_a_reset_empties_all(make: Maker, tmp_path: Path) -> None:
    options = {"state_file": tmp_path / "state.json", "other_organizations": [SECOND]}
    call = make(**options)
    import_one(call, "1")
    import_one(call, "2", **AS_SECOND)
    call.sandbox.stop()
    again = make(**options)
    state = again.state()
    assert [one["number"] for one in state["documents"]["SalesInvoice"]] == ["1"]
    assert [one["number"] for one in state["organizations"]["second"]["documents"]["SalesInvoice"]] == ["2"]
    again.sandbox.reset()
    state = again.state()
    assert state["organizations"]["second"]["documents"]["SalesInvoice"] == state["documents"]["SalesInvoice"] == []
    again.sandbox.stop()
    assert make(**options).state()["organizations"]["second"]["documents"]["SalesInvoice"] == []


def test_a_state_file_of_one_organization_is_read_by_a_sandbox_of_two(make: Maker, tmp_path: Path) -> None:
    alone = make(state_file=tmp_path / "state.json")
    import_one(alone)
    alone.sandbox.stop()
    both = make(state_file=tmp_path / "state.json", organizations=2)
    assert [len(one["documents"]["SalesInvoice"]) for one in both.state()["organizations"].values()] == [1, 0]


def test_what_an_organization_held_stays_in_the_file_while_it_is_not_played(make: Maker, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    for options in ({"other_organizations": [SECOND]}, {}):
        call = make(state_file=file, **options)
        import_one(call, **(AS_SECOND if options else {}))
        call.sandbox.stop()
    back = make(state_file=file, other_organizations=[SECOND])
    assert len(back.state()["organizations"]["second"]["documents"]["SalesInvoice"]) == 1


WRONG = {
    "two of one name": {"other_organizations": [{"name": "A"}, {"name": "A"}]},
    "the name of the first": {"other_organizations": [{"name": "A", "settings_name": "sandbox"}]},
    "two of one token": {"other_organizations": [{"name": "A", "token": "SANDBOX"}]},
    "an unknown field": {"other_organizations": [{"name": "A", "colour": "red"}]},
    "no name": {"other_organizations": [{"token": "A"}]},
    "a user without a name": {"other_organizations": [{"name": "A", "users": [{"password": "x"}]}]},
    "an unknown field of a user": {"users": [{"username": "a", "age": 3}]},
    "no organization": {"organizations": 0},
    "no user": {"users_each": 0},
    "a negative jitter": {"jitter": -1.0},
}


@pytest.mark.parametrize("case", WRONG)
def test_organizations_that_cannot_be_are_an_error(case: str) -> None:
    with pytest.raises(TypeError, match="The sandbox cannot be started so"):
        start(**WRONG[case])


def test_invented_organizations_fill_up_to_the_wanted_number(make: Maker) -> None:
    call = make(organizations=3, users_each=2, other_organizations=[SECOND], accept_any_account=True)
    assert list(call.state()["organizations"]) == ["sandbox", "second", "sandbox3"]
    for user in ("demo", "demo2"):
        assert call("PartnerList", user=user).ok
        assert import_one(call, user, user=user, token="SANDBOX3").ok
    for token in ("SANDBOX", "SANDBOX3"):
        assert call("PartnerList", user="demo3", token=token).error == "EMU: username or password is not valid"
        assert call("PartnerList", user="viewer", token=token).ok
    invented = call.sandbox.organizations[2]
    assert invented.owns_account(ACCOUNT)


def weighs(number: str) -> bool:
    rest = sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), number[:7], strict=True)) % 11
    return int(number[7]) == {0: 1, 1: 0}.get(rest, 11 - rest)


def test_what_is_invented_is_valid_and_different_from_one_another() -> None:
    invented = [invented_organization(number) for number in range(2, 100)]
    assert all(weighs(one.registration_number) and len(one.registration_number) == 8 for one in invented)
    assert weighs("27082440")  # a number of the public register
    accounts = [account for one in invented for account in one.bank_accounts]
    assert all(is_valid_account(account) for account in accounts)
    for values in (accounts, [one.registration_number for one in invented], [one.token for one in invented]):
        assert len(values) == len(set(values))
    assert not invented[0].owns_account(ACCOUNT)


def test_the_settings_name_every_organization_that_can_log_in(make: Maker) -> None:
    call = make(organizations=3, users_each=3, other_organizations=[RECEIVER])
    settings = tomllib.loads(call.sandbox.settings())
    assert list(settings["organizations"]) == ["sandbox", "sandbox3"]
    assert settings["default_organization"] == "sandbox"
    for block in settings["organizations"].values():
        assert [user["username"] for user in block["users"]] == ["demo", "demo2", "demo3"]
        assert block["endpoint"] == call.sandbox.endpoint
        for user in block["users"]:
            assert call("PartnerList", token=block["token"], user=user["username"], password=user["password"]).ok


def test_settings_quote_a_name_that_is_no_bare_key() -> None:
    owner = Organization(name='Druhá "dobrá" s.r.o.', token="T")
    settings = tomllib.loads(settings_block("http://127.0.0.1:1/WebServicesCZ/API", "CZ", owner))
    assert list(settings["organizations"]) == ['Druhá "dobrá" s.r.o.']


def test_settings_name_users_without_privileges_only_where_there_is_no_other() -> None:
    users = [{"username": "reader", "password": "x", "privileges": ["*Get"]}, {"username": "demo", "password": "demo"}]
    with start(users=users) as both, start(users=users[:1]) as alone:
        named = [tomllib.loads(one.settings())["organizations"]["sandbox"]["users"] for one in (both, alone)]
    assert [[user["username"] for user in names] for names in named] == [["demo"], ["reader"]]


def test_the_server_is_reached_on_the_loopback_address_alone(two: Caller) -> None:
    port = int(two.sandbox.url.rpartition(":")[2])
    assert two.sandbox._serving._socket.getsockname() == ("127.0.0.1", port)
    with pytest.raises(httpx.ConnectError):
        httpx.post(f"http://127.0.0.2:{port}/WebServicesCZ/API", content=request_body("PartnerList"), trust_env=False)
