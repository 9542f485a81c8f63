"""The line to the web service: one request and its answer on a connection of its own, bounded in size and time.

Certificates are checked against the authorities that certifi lists, or those in the file or folder that the
environment variables ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` name. Proxies are those of the environment
(``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY``); through them goes a tunnel, so that a proxy sees the name of the service
and no request. To this machine no proxy is used. No redirect is followed.

What went wrong is returned and not raised: an error of the HTTP library leads to the request, and that holds the login.
"""

from __future__ import annotations

import socket
import ssl
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from efimport.errors import SettingsError
from efimport.messages import Message, message
from efimport.settings import is_loopback, passwords_in

CONNECT_SECONDS = 20.0
SLOWEST_LINE = 32 * 1024
"""Bytes a second; a large request may take so much longer than the time that is set for an answer."""
LARGEST_ANSWER = 256 * 1024 * 1024
"""Bytes; a PDF in base64 is the largest thing that is answered."""

_NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
"""Faults before the first byte of a request: no address, no connection, no TLS, no way through the proxy."""
_EXPIRED, _OTHER_HOST = (9, 10), (62, 64)
"""X509_V_ERR_CERT_NOT_YET_VALID, _CERT_HAS_EXPIRED, _HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH (OpenSSL, x509_vfy.h)."""


class Reply(NamedTuple):
    """An answer as it came, not decoded in any way.

    Attributes:
        body: the bytes.
        content_type: the header.
        status: of HTTP.
        location: where a redirect points to; empty for anything else.
    """

    body: bytes
    content_type: str
    status: int
    location: str = ""


class Fault(NamedTuple):
    """Why there is no whole answer.

    Attributes:
        reason: what went wrong; it may quote a secret.
        remedy: what to do.
        sent: False where surely no byte of the request left this machine.
        status: of HTTP, where the answer had begun.
    """

    reason: Message
    remedy: Message | None
    sent: bool
    status: int | None = None


class Line:
    """Sends requests to one address.

    Args:
        endpoint: the address, https or on this machine.
        timeout: seconds for a request and its answer.
        transport: opens the connections; None for the network.

    Raises:
        SettingsError: the authorities or the proxies that the environment names cannot be used.
    """

    def __init__(self, endpoint: str, *, timeout: float, transport: httpx.BaseTransport | None = None) -> None:
        parts = urlsplit(endpoint)
        self._endpoint = endpoint
        self._timeout = timeout
        self._encrypted = parts.scheme == "https"
        try:
            self._http = httpx.Client(
                transport=transport,
                verify=_authorities() if self._encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                timeout=httpx.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
                limits=httpx.Limits(max_keepalive_connections=0),
                follow_redirects=False,
                trust_env=not is_loopback(parts.hostname),
            )
        except (ValueError, ImportError, httpx.InvalidURL):
            # The error may quote the address of the proxy, and with it the password.
            fault = SettingsError(
                message("A proxy that the environment names cannot be used."),
                message("Write HTTPS_PROXY like http://proxy.example:8080, or unset it."),
            )
        else:
            return
        raise fault

    def close(self) -> None:
        """Gives the connections back."""
        self._http.close()

    def exchange(self, content: bytes, headers: Mapping[str, str]) -> Reply | Fault:
        """Sends a request, once, and reads the whole of its answer."""
        watch = _Watch(self._timeout + len(content) / SLOWEST_LINE, encrypted=self._encrypted)
        try:
            with watch:
                return self._reply(content, headers, watch)
        except httpx.RequestError as error:
            return self._fault(error, watch)
        except BaseException as error:
            # This frame and those of the libraries hold the bytes of the request, and the login is among them.
            content = b""
            _forget(error)
            raise

    def _reply(self, content: bytes, headers: Mapping[str, str], watch: _Watch) -> Reply | Fault:
        request = self._http.build_request(
            "POST", self._endpoint, content=content, headers=dict(headers), extensions={"trace": watch}
        )
        response = self._http.send(request, stream=True)
        try:
            body = bytearray()
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    break
            # An answer without a stated length ends where its connection is ended, by whomever.
            if watch.expired or len(body) > LARGEST_ANSWER:
                return _too_much(len(body), response.status_code)
            told = response.headers
            location = told.get("Location", "") if 300 <= response.status_code < 400 else ""
            return Reply(bytes(body), told.get("Content-Type", ""), response.status_code, location)
        finally:
            response.close()

    def _fault(self, error: httpx.RequestError, watch: _Watch) -> Fault:
        refused = _certificate_error(error)
        if refused is not None:
            return _not_accepted(self._endpoint, refused)
        if isinstance(error, _NO_CONNECTION) or watch.nothing_left:
            return Fault(
                message("No connection to {address}: {error}", address=self._endpoint, error=_said(error)),
                message("Check the network and the address in efimport.toml; nothing was sent."),
                sent=False,
            )
        if watch.expired:
            return _too_much(0, None)
        return Fault(
            message("The connection broke after the request had begun: {error}", error=_said(error)),
            message("The request may have arrived; its outcome has to be looked up."),
            sent=True,
        )


class _Watch:
    """Follows one exchange, and ends its connection when the time is over.

    The time-outs of the HTTP library begin anew with every byte that comes, so that a peer who sends one a second would
    hold us for days.

    Args:
        seconds: how long the exchange may take.
        encrypted: whether nothing of the request leaves before TLS stands.

    Attributes:
        expired: whether the time was over.
    """

    def __init__(self, seconds: float, *, encrypted: bool) -> None:
        self.expired = False
        self._encrypted = encrypted
        self._socket: socket.socket | None = None
        self._connected = self._secured = self._begun = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *unused: object) -> None:
        self._timer.cancel()
        self._socket = None

    def __call__(self, event: str, told: dict[str, Any]) -> None:
        """Takes what the HTTP library tells (httpcore, extension "trace")."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._connected = True
            self._secured = event.endswith("start_tls.complete")
            self._socket = told["return_value"].get_extra_info("socket")
            if self.expired:
                self._end()
        elif event.endswith("send_request_headers.started"):
            # What is sent without TLS to an encrypted service asks a proxy for the tunnel.
            self._begun = self._begun or self._secured or not self._encrypted

    @property
    def nothing_left(self) -> bool:
        """Whether there was a connection, and surely no byte of the request went over it."""
        return self._connected and not self._begun

    def _end(self) -> None:
        self.expired = True
        if self._socket is not None:
            with suppress(OSError):
                # Not the method of an encrypted socket, which is in use by another thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def proxy_passwords() -> tuple[str, ...]:
    """The passwords of the proxies that the environment names, to be masked."""
    return tuple(password for address in getproxies().values() for password in passwords_in(address))


def _authorities() -> ssl.SSLContext:
    """Checks certificates and host names against the authorities that are trusted.

    Raises:
        SettingsError: the file or folder that the environment names cannot be used.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise SettingsError(
            message("The certificates of the trusted authorities cannot be read: {error}", error=error),
            message("Check the environment variables SSL_CERT_FILE and SSL_CERT_DIR, or unset them."),
        ) from error


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and those behind it."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__


def _forget(error: BaseException) -> None:
    """Empties the frames that an error came through; the lines of the traceback stay."""
    for one in _causes(error):
        traceback.clear_frames(one.__traceback__)


def _certificate_error(error: BaseException) -> ssl.SSLCertVerificationError | None:
    return next((one for one in _causes(error) if isinstance(one, ssl.SSLCertVerificationError)), None)


def _not_accepted(endpoint: str, error: ssl.SSLCertVerificationError) -> Fault:
    reason = message(
        "The certificate of {address} is not accepted: {reason}. Nothing was sent.",
        address=endpoint,
        reason=str(error.verify_message).rstrip("."),
    )
    if error.verify_code in _EXPIRED:
        remedy = message("Check the date of this machine; if it is right, the service has to renew its certificate.")
    elif error.verify_code in _OTHER_HOST:
        remedy = message("Check the address in efimport.toml: whoever answers there is not the one who is named.")
    else:
        remedy = message(
            "Somebody may stand between you and the service. Where that is your firm's own network, name the file with "
            "its certificate of authority in the environment variable SSL_CERT_FILE."
        )
    return Fault(reason, remedy, sent=False)


def _too_much(size: int, status: int | None) -> Fault:
    reason = message("The answer took too long or was too large; {size} bytes were read.", size=size)
    return Fault(reason, message("The request may have arrived; its outcome has to be looked up."), True, status)


def _said(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()
