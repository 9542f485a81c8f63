"""The line to the service against servers that are not what they should be."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import quote

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from efimport.api import line
from efimport.api.call import Attribute, Call, Parameter
from efimport.api.client import Client
from efimport.errors import NotSentError, SettingsError, UnknownOutcomeError
from efimport.secrets import Secret
from efimport.settings import ApiUser, Organization, Sending
from tests.canaries import PASSWORD, PROXY_PASSWORD, TOKEN, everything_behind, leaks_in

GET = Call("SalesInvoiceGet", (Parameter("number", Attribute("7")),))
OK = b'<?xml version="1.0" encoding="utf-8"?>\n<response status="ok"><number>7</number></response>'
NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


class Identity(NamedTuple):
    """A certificate and the key that belongs to it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def issued(
    name: str, by: Identity | None = None, *, hosts: tuple[str, ...] = (), age: int = 1, days: int = 2
) -> Identity:
    """A certificate; an authority, signed by itself, where nobody issues it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - age * DAY)
        .not_valid_after(NOW - age * DAY + days * DAY)
        .add_extension(x509.BasicConstraints(ca=by is None and not hosts, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((by.key if by else key).public_key()), critical=False
        )
    )
    if hosts:
        made = made.add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
    else:
        usage = dict.fromkeys(
            (
                *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
                *("key_agreement", "encipher_only", "decipher_only"),
            ),
            False,
        )
        made = made.add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True)
    return Identity(made.sign(by.key if by else key, hashes.SHA256()), key)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Identity, Path]:
    made = issued("Authority of the tests")
    path = tmp_path_factory.mktemp("authority") / "authority.pem"
    path.write_bytes(made.certificate.public_bytes(Encoding.PEM))
    return made, path


class Server:
    """Answers POST as told; over TLS where it has an identity. Also a proxy that makes tunnels, or refuses them."""

    def __init__(self, folder: Path, identity: Identity | None = None) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.tunnels: list[tuple[str, dict[str, str]]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = answering(OK)
        self.refuses_tunnels = False
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 5

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.requests.append((dict(self.headers), body))
                self.close_connection = True
                with contextlib.suppress(OSError):
                    server.answer(self)

            do_GET = do_POST  # noqa: N815 - the name that http.server looks for

            def do_CONNECT(self) -> None:
                server.tunnels.append((self.path, dict(self.headers)))
                self.close_connection = True
                if server.refuses_tunnels:
                    self.send_error(407)
                    return
                self.send_response(200)
                self.end_headers()
                with socket.create_connection(("127.0.0.1", int(self.path.rpartition(":")[2]))) as onwards:
                    back = threading.Thread(target=_pump, args=(onwards, self.connection))
                    back.start()
                    _pump(self.connection, onwards)
                    back.join()

            def log_message(self, *unused: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *unused: object) -> None:
                pass

        self._server = Quiet(("127.0.0.1", 0), Handler)
        if identity is not None:
            path = folder / "server.pem"
            path.write_bytes(
                identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
                + identity.certificate.public_bytes(Encoding.PEM)
            )
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _pump(start: socket.socket, end: socket.socket) -> None:
    try:
        while some := start.recv(65536):
            end.sendall(some)
        end.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def answering(body: bytes, status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def firm(endpoint: str) -> Organization:
    users = (ApiUser("kanarek", password=Secret.of(PASSWORD)),)
    return Organization(name="firm", endpoint=endpoint, token=Secret.of(TOKEN), users=users)


def send(endpoint: str, folder: Path, *, seconds: float = 5.0) -> str | None:
    """One call; what the answer says."""
    with Client(firm(endpoint), sending=Sending(timeout=seconds), state_folder=folder / "pace") as client:
        return client.call(GET).field("number")


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


# Certificates


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_of_an_authority_that_the_environment_names_is_accepted(
    authority: tuple[Identity, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    with Server(tmp_path, issued("service", authority[0], hosts=("localhost", "127.0.0.1"))) as server:
        assert send(f"https://{host}:{server.port}/API", tmp_path) == "7"
    assert len(server.requests) == 1


WRONG = {
    "of an unknown authority": (lambda ours: issued("x", issued("Another"), hosts=("localhost",)), "issuer", "firm's"),
    "signed by itself": (lambda ours: issued("x", hosts=("localhost",)), "self-signed", "firm's own network"),
    "expired": (lambda ours: issued("x", ours, hosts=("localhost",), age=5), "expired", "renew"),
    "not yet valid": (lambda ours: issued("x", ours, hosts=("localhost",), age=-5), "not yet valid", "date"),
    "of another host": (lambda ours: issued("x", ours, hosts=("service.example",)), "[Hh]ostname", "the one who is"),
    "of another address": (lambda ours: issued("x", ours, hosts=("192.0.2.1",)), "[Hh]ostname", "the one who is"),
}


@pytest.mark.parametrize(("made", "reason", "remedy"), WRONG.values(), ids=WRONG)
def test_a_certificate_that_is_not_right_stops_everything_before_the_first_byte(
    authority: tuple[Identity, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    made: Callable[[Identity], Identity],
    reason: str,
    remedy: str,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    with Server(tmp_path, made(authority[0])) as server:
        with pytest.raises(
            NotSentError, match=f"certificate of https://localhost:.* is not accepted: .*{reason}"
        ) as caught:
            send(f"https://localhost:{server.port}/API", tmp_path)
        assert remedy in str(caught.value)
    assert server.requests == []


def test_without_a_word_from_the_environment_an_authority_of_our_own_is_unknown(
    authority: tuple[Identity, Path], tmp_path: Path
) -> None:
    ours = issued("service", authority[0], hosts=("localhost",))
    with Server(tmp_path, ours) as server, pytest.raises(NotSentError, match="not accepted"):
        send(f"https://localhost:{server.port}/API", tmp_path)
    assert server.requests == []


def test_a_file_of_authorities_that_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "absent.pem"))
    with pytest.raises(SettingsError, match="SSL_CERT_FILE"):
        send("https://service.example/API", tmp_path)


# Addresses that lead elsewhere


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_a_redirect_is_not_followed_and_its_address_is_named(tmp_path: Path, status: int) -> None:
    with Server(tmp_path) as elsewhere, Server(tmp_path) as server:
        to = f"http://127.0.0.1:{elsewhere.port}/moved"
        server.answer = answering(OK, status, Location=to)
        with pytest.raises(UnknownOutcomeError) as caught:
            send(f"http://127.0.0.1:{server.port}/API", tmp_path)
    assert to in str(caught.value)
    assert (len(server.requests), elsewhere.requests) == (1, [])


def test_a_redirect_that_quotes_the_login_is_told_without_it(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        server.answer = answering(b"", 302, Location=f"https://evil.example/{quote(PASSWORD)}?{quote(TOKEN, safe='')}")
        with pytest.raises(UnknownOutcomeError, match=r"evil\.example") as caught:
            send(f"http://127.0.0.1:{server.port}/API", tmp_path)
    assert leaks_in(str(caught.value).encode()) == []


# Proxies


def test_through_a_proxy_of_the_environment_goes_a_tunnel(
    authority: tuple[Identity, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    with (
        Server(tmp_path, issued("service", authority[0], hosts=("service.example",))) as server,
        Server(tmp_path) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"http://clerk:{PROXY_PASSWORD}@127.0.0.1:{proxy.port}")
        assert send(f"https://service.example:{server.port}/API", tmp_path) == "7"
    [(target, headers)] = proxy.tunnels
    assert target == f"service.example:{server.port}"
    assert headers["Proxy-Authorization"].startswith("Basic ")
    assert (len(server.requests), proxy.requests) == (1, [])
    assert "Proxy-Authorization" not in server.requests[0][0]


def test_a_proxy_that_makes_no_tunnel_has_been_sent_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(tmp_path) as proxy:
        proxy.refuses_tunnels = True
        monkeypatch.setenv("HTTPS_PROXY", f"http://clerk:{PROXY_PASSWORD}@127.0.0.1:{proxy.port}")
        with pytest.raises(NotSentError, match="407") as caught:
            send("https://service.example/API", tmp_path)
    assert (len(proxy.tunnels), proxy.requests) == (1, [])
    assert leaks_in(str(caught.value).encode()) == []


def test_a_proxy_that_never_answers_has_been_sent_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(NotSentError, match="nothing was sent"):
            send("https://service.example/API", tmp_path, seconds=0.2)


@pytest.mark.parametrize("scheme", ["gopher", "socks4"])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://clerk:{PROXY_PASSWORD}@127.0.0.1:1")
    with pytest.raises(SettingsError, match="proxy") as caught:
        send("https://service.example/API", tmp_path)
    assert leaks_in(str(caught.value).encode()) == []
    assert caught.value.__context__ is None


def test_this_machine_is_reached_without_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(tmp_path) as server, Server(tmp_path) as proxy:
        for name in ("HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert send(f"http://127.0.0.1:{server.port}/API", tmp_path) == "7"
    assert (proxy.requests, proxy.tunnels) == ([], [])


# Answers without an end


def drip(start: bytes, drop: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """Sends a beginning, and then for ever a little every now and then."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(start)
        for _ in range(200):
            handler.wfile.write(drop)
            handler.wfile.flush()
            time.sleep(0.02)

    return answer


def pour(start: bytes, drop: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """Sends a beginning, and then for ever as much as is taken."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(start)
        while True:
            handler.wfile.write(drop)

    return answer


def silence(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.recv(1)


HEAD = b"HTTP/1.1 200 OK\r\n"
ATTACKS = {
    "no answer": silence,
    "a status line, letter by letter": drip(b"HTTP/1.1 200 O", b"k"),
    "a header, letter by letter": drip(HEAD + b"X: ", b"x"),
    "header after header, slowly": drip(HEAD, b"X: x\r\n"),
    "header after header, fast": pour(HEAD, b"X: x\r\n" * 1000),
    "one huge header": pour(HEAD + b"X: ", b"x" * 65536),
    "news that it goes on": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body with a length, letter by letter": drip(HEAD + b"Content-Length: 1000\r\n\r\n", b"x"),
    "a body without a length, letter by letter": drip(HEAD + b"\r\n" + OK, b" "),
    "a body in chunks, letter by letter": drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "a chunk whose size has no end": drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "a body without an end, fast": pour(HEAD + b"\r\n" + OK, b" " * 65536),
    "a compressed body": answering(gzip.compress(OK + b" " * 10_000_000), Content_Encoding="gzip"),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_answer_without_an_end_is_of_unknown_outcome_in_time(
    tmp_path: Path, attack: Callable[[BaseHTTPRequestHandler], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "LARGEST_ANSWER", 4_000_000)
    with Server(tmp_path) as server:
        server.answer = attack
        began = time.monotonic()
        with pytest.raises(UnknownOutcomeError):
            send(f"http://127.0.0.1:{server.port}/API", tmp_path, seconds=0.15)
        assert time.monotonic() - began < 1.0
    assert len(server.requests) == 1


def test_an_encrypted_answer_without_an_end_is_ended_as_well(
    authority: tuple[Identity, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    with Server(tmp_path, issued("service", authority[0], hosts=("localhost",))) as server:
        server.answer = drip(HEAD + b"\r\n" + OK, b" ")
        with pytest.raises(UnknownOutcomeError, match="took too long"):
            send(f"https://localhost:{server.port}/API", tmp_path, seconds=0.15)


def test_a_peer_that_never_finishes_the_handshake_has_been_sent_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotSentError):
        send(f"https://127.0.0.1:{silent.getsockname()[1]}/API", tmp_path, seconds=0.2)


# What the library logs


def test_the_logs_of_the_library_hold_no_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Server(tmp_path) as server:
        send(f"http://127.0.0.1:{server.port}/API", tmp_path)
    assert "send_request_body" in caplog.text
    assert leaks_in(caplog.text.encode()) == []


# What an error leads to


class Breaking(httpx.BaseTransport):
    """Fails with the request in its hands."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        text = body.decode()
        assert leaks_in(text.encode())
        try:
            raise OSError
        except OSError:
            raise self.error from None


@pytest.mark.parametrize(
    "error", [RuntimeError("x"), KeyboardInterrupt(), httpx.ReadError("x"), httpx.ConnectError("x")], ids=repr
)
def test_no_error_of_the_line_leads_to_the_login(tmp_path: Path, error: BaseException) -> None:
    client = Client(firm("https://service.example/API"), state_folder=tmp_path / "pace", transport=Breaking(error))
    with client, pytest.raises(BaseException) as caught:
        client.call(GET)
    assert type(caught.value) in (type(error), NotSentError, UnknownOutcomeError)
    assert leaks_in(everything_behind(caught.value).encode()) == []
