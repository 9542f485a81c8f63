"""The client against a real server on this machine, well-behaved and otherwise."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from efimport.api import wire
from efimport.api.call import Attribute, Call, Element, Nested, Parameter
from efimport.api.client import Client
from efimport.api.clock import SystemClock
from efimport.api.login import md5pass
from efimport.api.request import Request, prepare
from efimport.errors import (
    BusyError,
    CallError,
    LoginError,
    NotSentError,
    SettingsError,
    UnknownOutcomeError,
    UsageError,
)
from efimport.secrets import Secret
from efimport.settings import ApiUser, Organization, Sending
from tests.canaries import PASSWORD, TOKEN

OK = b'<?xml version="1.0" encoding="utf-8"?>\n<response status="ok"><number>7</number></response>'
GET = Call("SalesInvoiceGet", (Parameter("number", Attribute("7")),))
IMPORT = Call(
    "SalesInvoiceImport",
    (
        Parameter("importType", Attribute("createOnly")),
        Parameter("SalesInvoice", Nested((Element("number", "7"),))),
    ),
)

Behaviour = Callable[[BaseHTTPRequestHandler, bytes], None]


def answer(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler, request: bytes) -> None:
        handler.send_response(status)
        for name, value in {"Content_Type": "text/xml", "Content_Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def refusal(description: str, status: int = 500) -> Behaviour:
    return answer(f'<response status="error"><error description="{description}"/></response>'.encode(), status)


class Service:
    """A server that does, request by request, what it was told to."""

    def __init__(self) -> None:
        self.behaviours: list[Behaviour] = []
        self.received: list[tuple[dict[str, str], bytes]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.received.append((dict(self.headers), body))
                behave = service.behaviours.pop(0) if service.behaviours else answer(OK)
                try:
                    behave(self, body)
                except OSError:
                    self.close_connection = True

            def log_message(self, *unused: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/WebServicesCZ/API"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class ImpatientClock(SystemClock):
    """The clock of this machine, whose time runs on when somebody sleeps."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.ahead += seconds


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.stop()


@pytest.fixture
def clock() -> ImpatientClock:
    return ImpatientClock()


def organization(endpoint: str, **changes: object) -> Organization:
    known: dict[str, object] = {
        "name": "acme",
        "endpoint": endpoint,
        "token": Secret.of(TOKEN),
        "users": (ApiUser("petra", password=Secret.of(PASSWORD)),),
    }
    return Organization(**(known | changes))  # type: ignore[arg-type]


@pytest.fixture
def client(service: Service, tmp_path: Path, clock: ImpatientClock) -> Iterator[Client]:
    with Client(
        organization(service.endpoint), sending=Sending(timeout=0.5), state_folder=tmp_path / "pace", clock=clock
    ) as made:
        yield made


def test_a_call_arrives_as_it_was_written_with_the_login_in_its_place(client: Client, service: Service) -> None:
    assert client.call(GET).field("number") == "7"
    headers, body = service.received[0]
    assert body == wire.with_login(wire.encode(GET), "petra", md5pass("petra", PASSWORD), TOKEN)
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Length"] == str(len(body))
    assert headers["User-Agent"].startswith("efimport")
    assert headers["Accept-Encoding"] == "identity"


def test_a_request_holds_place_holders_and_their_digest(client: Client) -> None:
    request = client.prepare(IMPORT)
    assert b'md5pass="***"' in request.body
    assert request.digest == sha256(request.body).hexdigest()
    assert (request.method, request.repeat, request.changes_data) == ("SalesInvoiceImport", "safe-by-key", True)
    assert Request.of(request.method, request.body, request.repeat) == request
    assert "Pekárna" not in repr(request)


def test_a_call_that_is_wrong_never_leaves(client: Client, service: Service) -> None:
    with pytest.raises(CallError):
        client.call(Call("SalesInvoiceGet"))
    with pytest.raises(CallError):
        prepare(Call("DebitNoteImport", (Parameter("DebitNote", Nested(())),)), "CZ")
    assert service.received == []


def test_a_refusal_is_an_answer(client: Client, service: Service) -> None:
    service.behaviours = [refusal("Sales invoice for number: 7 already exists!")]
    with client.turn() as turn:
        got = turn.send(client.prepare(IMPORT))
    assert (got.status, got.kind, got.existing_key, got.http_status) == ("error", "already-exists", "7", 500)


def test_an_encoding_of_the_content_that_is_none_does_no_harm(client: Client, service: Service) -> None:
    service.behaviours = [answer(OK, Content_Encoding="8-bit")]
    assert client.call(GET).ok


def cut(handler: BaseHTTPRequestHandler, request: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(OK)))
    handler.end_headers()
    handler.wfile.write(OK[:-20])
    handler.close_connection = True


def cut_without_length(handler: BaseHTTPRequestHandler, request: bytes) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + OK[:-20])
    handler.close_connection = True


def hang_up(handler: BaseHTTPRequestHandler, request: bytes) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def not_http(handler: BaseHTTPRequestHandler, request: bytes) -> None:
    handler.wfile.write(b"220 mail ready\r\n")
    handler.close_connection = True


def slow(handler: BaseHTTPRequestHandler, request: bytes) -> None:
    time.sleep(1.0)
    answer(OK)(handler, request)


def drop_by_drop(handler: BaseHTTPRequestHandler, request: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(OK)))
    handler.end_headers()
    for position in range(len(OK)):
        handler.wfile.write(OK[position : position + 1])
        handler.wfile.flush()
        time.sleep(0.1)


@pytest.mark.parametrize(
    "behaviour",
    [
        cut,
        cut_without_length,
        hang_up,
        not_http,
        slow,
        drop_by_drop,
        answer(b""),
        answer(b"<html><body>Internal Server Error</body></html>", 500),
        answer(b"<html><body>Not Found</body></html>", 404),
        answer(b"<!DOCTYPE html><html></html>"),
        answer(b"", 302, Location="http://127.0.0.1:1/elsewhere"),
        answer(OK, 500),
        answer(b"<unheard/>"),
    ],
    ids=lambda behaviour: behaviour.__name__,
)
def test_a_fault_after_the_request_began_is_of_unknown_outcome(
    client: Client, service: Service, behaviour: Behaviour
) -> None:
    service.behaviours = [behaviour]
    with client.turn() as turn, pytest.raises(UnknownOutcomeError):
        turn.send(client.prepare(IMPORT))
    assert len(service.received) == 1


def test_an_answer_without_an_envelope_is_none_to_a_call_that_changes_something(
    client: Client, service: Service
) -> None:
    service.behaviours = [answer(b"<IzdaniRacunEnostavni/>"), answer(b"<IzdaniRacunEnostavni/>")]
    assert client.call(GET).ok
    with pytest.raises(UnknownOutcomeError):
        client.call(IMPORT)


def test_the_answer_of_an_unknown_outcome_is_kept(client: Client, service: Service) -> None:
    service.behaviours = [answer(b"<html>?</html>", 404)]
    with client.turn() as turn, pytest.raises(UnknownOutcomeError, match="address of the web service") as caught:
        turn.send(client.prepare(GET))
    assert (caught.value.raw, caught.value.http_status) == (b"<html>?</html>", 404)


def test_a_connection_that_was_not_made_has_sent_nothing(tmp_path: Path, clock: ImpatientClock) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    closed = organization(f"http://127.0.0.1:{port}/API")
    client = Client(closed, state_folder=tmp_path, clock=clock)
    with client, client.turn() as turn, pytest.raises(NotSentError, match="nothing was sent"):
        turn.send(client.prepare(GET))


def test_a_name_that_does_not_exist_has_sent_nothing(tmp_path: Path, clock: ImpatientClock) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno -2] Name or service not known", request=request)

    client = Client(
        organization("https://nowhere.invalid/API"),
        state_folder=tmp_path,
        clock=clock,
        transport=httpx.MockTransport(fail),
    )
    with client, client.turn() as turn, pytest.raises(NotSentError):
        turn.send(client.prepare(GET))


def test_a_service_without_tls_at_an_https_address_has_been_sent_nothing(
    service: Service, tmp_path: Path, clock: ImpatientClock
) -> None:
    secure = organization(service.endpoint.replace("http:", "https:"))
    client = Client(secure, sending=Sending(timeout=2), state_folder=tmp_path, clock=clock)
    with client, client.turn() as turn, pytest.raises(NotSentError):
        turn.send(client.prepare(GET))
    assert service.received == []


@pytest.mark.parametrize(
    "behaviour",
    [
        refusal("Too Many Requests. The client with IP 192.0.2.7 has sent too many requests", 429),
        answer(b"<html>Too many</html>", 429),
        refusal("Another web request is currently being processed"),
        refusal("Concurrent usage of atomic API operations"),
    ],
)
def test_a_busy_service_is_said_and_tried_again_after_a_while(
    client: Client, service: Service, clock: ImpatientClock, behaviour: Behaviour
) -> None:
    service.behaviours = [behaviour]
    with client.turn() as turn, pytest.raises(BusyError, match="nothing was done"):
        turn.send(client.prepare(IMPORT))
    service.behaviours = [behaviour, behaviour]
    assert client.call(IMPORT).ok
    assert [seconds for seconds in clock.slept if seconds >= 5] == [5, 10]
    assert len(service.received) == 4


def test_the_wait_for_a_busy_service_is_bounded(client: Client) -> None:
    assert [client.busy_wait(attempt) for attempt in (1, 2, 3, 12, 500)] == [5, 10, 15, 60, 60]


def test_a_service_that_stays_busy_is_given_up(client: Client, service: Service) -> None:
    service.behaviours = [answer(b"", 429)] * 50
    with pytest.raises(BusyError):
        client.call(GET)
    assert len(service.received) == 20


@pytest.mark.parametrize(
    "behaviour", [refusal("Invalid web services token supplied"), answer(b"<html>Unauthorized</html>", 401)]
)
def test_a_login_that_is_not_accepted_is_an_error(client: Client, service: Service, behaviour: Behaviour) -> None:
    service.behaviours = [behaviour]
    with client.turn() as turn, pytest.raises(LoginError, match=r"efimport\.toml"):
        turn.send(client.prepare(GET))


def test_a_missing_privilege_is_an_ordinary_refusal(client: Client, service: Service) -> None:
    service.behaviours = [refusal("Access denied. User account does not have sufficient privileges")]
    assert client.call(GET).kind == "privileges"


def test_a_turn_sends_once(client: Client, service: Service) -> None:
    with client.turn() as turn:
        turn.send(client.prepare(GET))
        with pytest.raises(UsageError):
            turn.send(client.prepare(GET))
    assert len(service.received) == 1


def test_every_request_has_a_connection_of_its_own(client: Client, service: Service) -> None:
    for _ in range(3):
        client.call(GET)
    assert [headers["Connection"] for headers, _ in service.received] == ["close"] * 3


def test_a_free_user_is_taken_where_there_are_several(service: Service, tmp_path: Path, clock: ImpatientClock) -> None:
    two = organization(
        service.endpoint,
        users=(ApiUser("petra", password=Secret.of("a" * 9)), ApiUser("ivan", md5pass=Secret.of("b" * 32))),
    )
    with Client(two, state_folder=tmp_path, clock=clock) as client, client.turn() as first, client.turn() as second:
        assert (first.username, second.username) == ("petra", "ivan")
        second.send(client.prepare(GET))
    assert b'username="ivan" md5pass="bbbb' in service.received[0][1]


def test_the_end_of_a_request_that_failed_is_entered(client: Client, service: Service, tmp_path: Path) -> None:
    service.behaviours = [hang_up]
    with client.turn() as turn:
        with pytest.raises(UnknownOutcomeError):
            turn.send(client.prepare(GET))
        state = json.loads(next((tmp_path / "pace").glob("*.json")).read_bytes())
        assert state["last"][0]["end"] is not None


def test_a_user_whose_request_was_not_answered_rests(client: Client, service: Service, clock: ImpatientClock) -> None:
    service.behaviours = [hang_up]
    with pytest.raises(UnknownOutcomeError):
        client.call(GET)
    client.call(GET)
    assert 9.0 <= sum(clock.slept) <= 10.1


def test_a_user_whose_answer_makes_no_sense_need_not_rest(
    client: Client, service: Service, clock: ImpatientClock
) -> None:
    service.behaviours = [answer(b"<html/>")]
    with pytest.raises(UnknownOutcomeError):
        client.call(GET)
    client.call(GET)
    assert clock.slept == []


def test_an_end_that_cannot_be_entered_does_not_hide_the_answer(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*unused: object) -> None:
        raise OSError(28, "No space left on device")

    with client.turn() as turn:
        monkeypatch.setattr(Path, "write_bytes", full)
        assert turn.send(client.prepare(GET)).ok
        monkeypatch.undo()


@pytest.mark.parametrize("endpoint", ["http://service.example/API", "ftp://127.0.0.1/API", "service.example"])
def test_a_login_goes_out_encrypted_or_stays_on_this_machine(endpoint: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="https"):
        Client(organization(endpoint), state_folder=tmp_path)


@pytest.mark.parametrize("missing", [{"token": None}, {"users": ()}, {"users": (ApiUser("petra"),)}])
def test_a_client_without_a_login_is_refused(missing: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        Client(organization("https://service.example/API", **missing), state_folder=tmp_path)


def echo(handler: BaseHTTPRequestHandler, request: bytes) -> None:
    answer(b"<html>" + request + b"</html>", 500)(handler, request)


def echo_in_refusal(handler: BaseHTTPRequestHandler, request: bytes) -> None:
    from xml.sax.saxutils import quoteattr

    text = quoteattr("Cannot read " + request.decode())
    answer(f'<response status="error"><error description={text}/></response>'.encode(), 500)(handler, request)


def test_no_secret_is_seen_in_errors_answers_logs_or_files(
    client: Client, service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = []
    for behaviour in (echo, hang_up, answer(OK), not_http):
        service.behaviours = [behaviour]
        try:
            seen.append(repr(client.call(IMPORT)))
        except UnknownOutcomeError as error:
            seen += [traceback.format_exc(), repr(error.raw)]
    service.behaviours = [echo_in_refusal]
    seen.append(repr(client.call(IMPORT)))
    seen += [caplog.text, repr(client), repr(client.prepare(IMPORT))]
    seen += [file.read_text() for file in (tmp_path / "pace").iterdir()]
    for canary in (TOKEN, PASSWORD, md5pass("petra", PASSWORD)):
        assert not any(canary in text for text in seen)


def test_users_of_a_machine_can_share_a_pace(service: Service, tmp_path: Path, clock: ImpatientClock) -> None:
    shared = tmp_path / "all of us"
    with Client(organization(service.endpoint), sending=Sending(pace_folder=shared), clock=clock) as client:
        client.call(GET)
    assert [file.name for file in shared.glob("*.json")]
