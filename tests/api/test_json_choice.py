"""An organization whose requests are JSON: the same calls, the same digests, the same state at the service."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

import efimport
from efimport.api import wire, wire_json
from efimport.api.call import Attribute, Call, Element, File, Files, Nested, Parameter
from efimport.api.client import Client
from efimport.api.login import Login, md5pass, redact
from efimport.api.request import Request, prepare
from efimport.errors import SettingsError
from efimport.sandbox.server import start
from efimport.secrets import Secret
from efimport.settings import ApiUser, Organization, load_settings
from tests.planning.conftest import ACME, TODAY, gpc, pack

KEY = "0123456789abcdef0123456789abcdef"
CALL = Call("SalesInvoiceGet", (Parameter("number", Attribute("1")),))


def organization(**more: object) -> Organization:
    given = {"token": Secret.of("SANDBOX"), "users": (ApiUser("demo", Secret.of("demo")),), **more}
    return msgspec.structs.replace(ACME, **given)


def test_a_call_has_one_digest_whatever_it_is_written_in() -> None:
    as_xml, as_json = prepare(CALL, "CZ"), prepare(CALL, "CZ", "json")
    assert as_xml.digest == as_xml.call_digest == as_json.call_digest == wire.digest(wire.encode(CALL))
    assert as_json.digest == wire.digest(as_json.body) != as_xml.digest
    assert (as_xml.wire, as_xml.content_type) == ("xml", "application/octet-stream")
    assert (as_json.wire, as_json.content_type) == ("json", "application/json")


def test_a_stored_request_is_known_by_its_body() -> None:
    for form in ("xml", "json"):
        request = prepare(CALL, "CZ", form)
        stored = Request.of(request.method, request.body, request.repeat)
        assert (stored.digest, stored.wire) == (request.digest, request.wire)


@pytest.mark.parametrize(
    ("user", "field", "value"),
    [
        (ApiUser("petra", password=Secret.of("heslo")), "md5pass", md5pass("petra", "heslo")),
        (ApiUser("petra", md5pass=Secret.of(KEY)), "md5pass", KEY),
        (ApiUser("petra", secret_key=Secret.of(KEY)), "secretKey", KEY),
    ],
)
def test_the_login_of_a_json_request(user: ApiUser, field: str, value: str) -> None:
    login = Login(organization(wire="json"), user)
    body = prepare(CALL, "CZ", "json").body
    filled = json.loads(login.fill(body))
    asked = {"method": "SalesInvoiceGet", "parameters": {"number": "1"}}
    assert filled == {"username": "petra", field: value, "token": "SANDBOX", **asked}
    assert json.loads(body) == {"username": "***", "md5pass": "***", "token": "***", **asked}
    assert value not in redact(json.dumps(filled), login.secrets())


def test_a_secret_key_goes_with_json_only() -> None:
    with pytest.raises(SettingsError, match='wire = "json"'):
        Login(organization(), ApiUser("petra", secret_key=Secret.of(KEY)))


def test_a_request_that_was_stored_as_xml_is_not_sent_with_a_secret_key() -> None:
    login = Login(organization(wire="json"), ApiUser("petra", secret_key=Secret.of(KEY)))
    with pytest.raises(SettingsError, match="stored as XML"):
        login.fill(prepare(CALL, "CZ").body)


def settings_of(tmp_path: Path, text: str) -> Organization:
    path = tmp_path / "efimport.toml"
    path.write_text(f"[organizations.firm]\n{text}\n", encoding="utf-8")
    return load_settings(path).organizations["firm"]


def test_the_settings_say_which_it_is(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "").wire == "xml"
    firm = settings_of(tmp_path, f'wire = "json"\nusers = [{{ username = "petra", secret_key = "{KEY}" }}]')
    assert firm.wire == "json"
    assert firm.users[0].secret_key is not None
    assert str(firm.users[0].secret_key) == "***"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('wire = "yaml"', "xml, json"),
        (f'users = [{{ username = "petra", secret_key = "{KEY}" }}]', "secret_key goes with wire"),
        (
            f'wire = "json"\nusers = [{{ username = "petra", secret_key = "{KEY}", md5pass = "{KEY}" }}]',
            "one of password, md5pass and secret_key",
        ),
    ],
)
def test_settings_that_cannot_be_are_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        settings_of(tmp_path, text)


def test_the_files_of_an_entry_keep_their_day_and_their_names_in_json() -> None:
    from datetime import datetime

    noon = datetime.fromisoformat("2026-01-31 12:00")
    files = (File(b"1", "1.pdf"), File(b"2", "2.pdf"))
    inside = [{"contents": "MQ==", "fileName": "1.pdf"}, {"contents": "Mg==", "fileName": "2.pdf"}]
    for value, expected in (
        (Files(files, noon, list_name="Attachments", entry_name="Attachment"), {"Attachments": inside}),
        (Files(files[:1], noon), inside[0]),
    ):
        body = json.loads(wire_json.encode(Call("m", (Parameter("document", value),))))
        assert body["parameters"]["document"] == {"documentDate": "2026-01-31 12:00:00", **expected}


def test_products_are_an_array() -> None:
    entry = Element("product", children=(Element("productCode", "1"),))
    body = json.loads(wire_json.encode(Call("m", (Parameter("products", Nested((entry,))),))))
    assert body["parameters"] == {"products": [{"productCode": "1"}]}


def state_after(tmp_path: Path, form: str) -> tuple[dict[str, object], list[str]]:
    """What the service holds after some documents of several kinds were sent, and what became of them."""
    folder = tmp_path / form
    folder.mkdir()
    (folder / "a.xml").write_bytes(pack("1"))
    (folder / "c.xml").write_bytes(pack("D1", kind="issuedCreditNotice"))
    (folder / "v.gpc").write_bytes(gpc())
    with start("CZ", period=0, accept_any_account=True) as sandbox:
        firm = organization(endpoint=sandbox.endpoint, wire=form)
        plan = efimport.plan(folder, firm, today=TODAY)
        with efimport.connect(firm, journal=tmp_path / f"{form}.sqlite3") as service:
            states = [outcome.state for outcome in efimport.deliver(plan, service)]
        state = sandbox.state()
    return {name: state[name] for name in ("documents", "statements", "inbox", "partners", "products")}, states


def told(value: object) -> object:
    """Without what differs from run to run or is about the bytes of the request."""
    if isinstance(value, dict):
        left = ("time", "digest", "sha256", "request", "at", "documentID", "received", "entered", "user")
        return {name: told(inner) for name, inner in value.items() if not any(word in name for word in left)}
    return [told(inner) for inner in value] if isinstance(value, list) else value


def test_documents_that_are_sent_as_json_arrive_as_those_in_xml(tmp_path: Path) -> None:
    in_xml, states = state_after(tmp_path, "xml")
    in_json, states_of_json = state_after(tmp_path, "json")
    assert states == states_of_json
    assert set(states) == {"accepted"}
    assert told(in_json) == told(in_xml)
    assert all(in_xml[name] for name in ("documents", "statements"))


def test_an_organization_that_changes_over_sends_nothing_twice(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(pack("1"))
    with start("CZ", period=0) as sandbox:
        firm = organization(endpoint=sandbox.endpoint)
        states = []
        for one in (firm, msgspec.structs.replace(firm, wire="json")):
            plan = efimport.plan(tmp_path / "a.xml", one, today=TODAY)
            with efimport.connect(one, journal=tmp_path / "journal.sqlite3") as service:
                states += [outcome.state for outcome in efimport.deliver(plan, service)]
        assert len(sandbox.state()["documents"]["SalesInvoice"]) == 1
    assert states == ["accepted", "skipped"]


def test_the_client_speaks_json_with_a_secret_key(tmp_path: Path) -> None:
    users = ({"username": "petra", "password": "x", "secret_key": KEY},)
    with start("CZ", period=0, mode="observed", users=users) as sandbox:
        user = ApiUser("petra", secret_key=Secret.of(KEY))
        firm = organization(endpoint=sandbox.endpoint, wire="json", users=(user,))
        with Client(firm, state_folder=tmp_path) as client:
            assert client.call(Call("PartnerList")).kind in ("ok", "not-found")
