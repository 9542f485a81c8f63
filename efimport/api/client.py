"""The client: the one place that opens connections to the web service.

A request is sent once. Nothing is repeated below this module, no redirect is followed and no connection is used twice,
because a request on a connection that the other end has just closed may or may not have been read. What can be said
after a fault is said by the kind of the error (see ``efimport.errors``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx

from efimport.api import pace
from efimport.api.answers import Answer, parse
from efimport.api.call import Call
from efimport.api.clock import Clock, SystemClock
from efimport.api.login import Login, redactor
from efimport.api.request import Request, prepare
from efimport.errors import BusyError, LoginError, NotSentError, SettingsError, UnknownOutcomeError, UsageError
from efimport.messages import Message, message
from efimport.secrets import MASK
from efimport.settings import LOOPBACK, Organization, Sending

BUSY_STEP = 5.0
BUSY_LONGEST = 60.0
BUSY_ATTEMPTS = 20
CONNECT_SECONDS = 20.0
SHORTEST_ECHO = 16
_WRONG_ADDRESS = (301, 302, 303, 307, 308, 404, 405)
LARGEST_ANSWER = 256 * 1024 * 1024
"""Bytes; a PDF in base64 is the largest thing that is answered."""


class Client:
    """Sends calls of one organization, at the pace of the service.

    Args:
        organization: endpoint, site, token and users.
        sending: how long to wait for an answer.
        state_folder: folder of the pace; None for the one that all programs of this user share.
        clock: the time.
        transport: opens the connections; None for the network.
        abandoned_wait: seconds since the start of a turn whose owner died before its user may start again.

    Raises:
        SettingsError: the organization has no token or no users, or the endpoint is neither https nor on this machine.
    """

    def __init__(
        self,
        organization: Organization,
        *,
        sending: Sending | None = None,
        state_folder: Path | None = None,
        clock: Clock | None = None,
        transport: httpx.BaseTransport | None = None,
        abandoned_wait: float = pace.ABANDONED_WAIT,
    ) -> None:
        _check_endpoint(organization.endpoint)
        if not organization.users:
            raise SettingsError(
                message("The organization {name} has no user of the web service.", name=organization.name),
                message("Set organizations.{name}.users in efimport.toml.", name=organization.name),
            )
        self.organization = organization
        self._logins = tuple(Login(organization, user) for user in organization.users)
        self._clock: Clock = clock if clock is not None else SystemClock()
        self._timeout = (sending if sending is not None else Sending()).timeout
        self._pace = pace.Pace(
            state_folder if state_folder is not None else _shared_folder(),
            organization.endpoint,
            clock=self._clock,
            organization=organization.name,
            abandoned_wait=abandoned_wait,
        )
        self._user_agent = _user_agent()
        self._http = httpx.Client(
            transport=transport,
            timeout=httpx.Timeout(self._timeout, connect=min(CONNECT_SECONDS, self._timeout)),
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=not organization.is_local,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives the connections back."""
        self._http.close()

    def prepare(self, call: Call) -> Request:
        """The request of a call, with place-holders for the login.

        Raises:
            CallError: the call does not fit the catalogue or the site, or cannot be written.
        """
        return prepare(call, self.organization.site, self.organization.wire)

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Waits for the pace and for a free user; the block may then send one request.

        Raises:
            SettingsError: the state of the pace cannot be kept.
        """
        with self._pace.turn([login.username for login in self._logins]) as granted:
            yield Turn(self, granted, self._logins[granted.user])

    def call(self, call: Call) -> Answer:
        """Prepares and sends a call; waits and tries again where the service was too busy to look at it.

        Raises:
            CallError: see :meth:`prepare`.
            BusyError: still busy after many attempts.
            LoginError, NotSentError, UnknownOutcomeError: see :meth:`Turn.send`.
        """
        request = self.prepare(call)
        for attempt in range(1, BUSY_ATTEMPTS):
            try:
                with self.turn() as turn:
                    return turn.send(request)
            except BusyError:
                self.busy_wait(attempt)
        with self.turn() as turn:
            return turn.send(request)

    def busy_wait(self, attempt: int) -> float:
        """Waits after the service said that it is too busy: 5, 10, 15 seconds and so on, at most a minute.

        Args:
            attempt: how often it has said so for this request, from 1.

        Returns:
            the seconds waited.
        """
        seconds = min(BUSY_STEP * max(1, attempt), BUSY_LONGEST)
        self._clock.sleep(seconds)
        return seconds

    def _exchange(self, request: Request, login: Login) -> tuple[bytes, str, int]:
        """One request and the whole of its answer: the bytes, the content type, the HTTP status."""
        headers = {
            "User-Agent": self._user_agent,
            "Content-Type": request.content_type,
            "Accept": "*/*",
            # The service sends a Content-Encoding that is none ("8-bit"): nothing is to be decoded on the way.
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        built = self._http.build_request(
            "POST", self.organization.endpoint, content=login.fill(request.body), headers=headers
        )
        response = self._http.send(built, stream=True)
        try:
            latest = self._clock.monotonic() + self._timeout
            body = bytearray()
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > LARGEST_ANSWER or self._clock.monotonic() > latest:
                    raise _too_much(len(body), response.status_code)
            return bytes(body), response.headers.get("Content-Type", ""), response.status_code
        finally:
            response.close()


class Turn:
    """The right to send one request.

    Attributes:
        username: the API user that it is sent as.
    """

    def __init__(self, client: Client, granted: pace.Turn, login: Login) -> None:
        self._client = client
        self._granted = granted
        self._login = login
        self._used = False
        self.username = login.username

    def send(self, request: Request) -> Answer:
        """Sends the request, once.

        Returns:
            the answer; an ordinary refusal is an answer with the status ``error``.

        Raises:
            NotSentError: no connection was made; nothing reached the service.
            BusyError: refused before anything was done, for its pace or another request of the user.
            LoginError: token, user name or password were not accepted.
            UnknownOutcomeError: nobody can say what became of it.
            SettingsError: a secret cannot be read.
            UsageError: the turn was used before.
        """
        if self._used:
            raise UsageError(message("A turn sends one request; the second needs a turn of its own."))
        self._used = True
        answer = self._answer(request)
        if answer.kind == "busy":
            raise BusyError(
                message("The service is busy: {text}", text=answer.description or answer.http_status),
                message("Wait and try again; nothing was done."),
                description=answer.description,
            )
        if answer.kind == "login":
            raise LoginError(
                message("The service does not accept the login: {text}", text=answer.description or answer.http_status),
                message("Check token, user name and password of the organization in efimport.toml."),
                description=answer.description,
            )
        return answer

    def _answer(self, request: Request) -> Answer:
        hide = redactor(self._login.secrets())
        address = self._client.organization.endpoint
        try:
            body, content_type, status = self._client._exchange(request, self._login)  # noqa: SLF001
        except _NO_CONNECTION as error:
            # Without the chain of causes: the request that such an error carries holds the login.
            raise NotSentError(
                message("No connection to {address}: {error}", address=address, error=hide(_said(error))),
                message("Check the network and the address in efimport.toml; nothing was sent."),
            ) from None
        except httpx.RequestError as error:
            raise UnknownOutcomeError(
                message("The connection broke after the request had begun: {error}", error=hide(_said(error))),
                message("The request may have arrived; its outcome has to be looked up."),
            ) from None
        finally:
            # An end that cannot be entered must not hide the answer. The turn then looks abandoned, and the next one
            # waits for it, or says that the folder cannot be written.
            with suppress(SettingsError):
                self._granted.finished()
        try:
            return parse(_without_echo(body, self._login), content_type, status, bare=not request.changes_data)
        except UnknownOutcomeError as error:
            raise _about(error, address, hide) from None


_NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
"""Faults before the first byte of a request: no address, no connection, no TLS, no way through the proxy."""


def _check_endpoint(endpoint: str) -> None:
    parts = urlsplit(endpoint)
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        return
    raise SettingsError(
        message("The endpoint {endpoint} cannot be used.", endpoint=endpoint),
        message("It has to be an https address; plain http only to this machine."),
    )


def _shared_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_state_dir("efimport")) / "pace"


def _user_agent() -> str:
    try:
        return f"efimport/{metadata.version('efimport')}"
    except metadata.PackageNotFoundError:
        return "efimport"


def _too_much(size: int, http_status: int) -> UnknownOutcomeError:
    error = UnknownOutcomeError(
        message("The answer took too long or was too large; {size} bytes were read.", size=size)
    )
    error.http_status = http_status
    return error


def _said(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()


def _without_echo(body: bytes, login: Login) -> bytes:
    """The answer without our login, should the service quote the request in it.

    Short secrets are left: what looks like one may well be a number of the answer.
    """
    found = [secret.encode() for secret in login.secrets() if len(secret) >= SHORTEST_ECHO and secret.encode() in body]
    for secret in found:
        body = body.replace(secret, MASK.encode())
    return body


def _about(error: UnknownOutcomeError, address: str, hide: Callable[[str], str]) -> UnknownOutcomeError:
    """The error with a hint at the address where that is the likely reason, and without secrets."""
    remedy = error.remedy
    if error.http_status in _WRONG_ADDRESS:
        remedy = message(
            "Is {address} the address of the web service? HTTP status {status}.",
            address=address,
            status=error.http_status,
        )
    told = UnknownOutcomeError(_hidden(error.reason, hide), None if remedy is None else _hidden(remedy, hide))
    told.raw = error.raw
    told.http_status = error.http_status
    return told


def _hidden(text: Message, hide: Callable[[str], str]) -> Message:
    return Message(text.template, {name: hide(value) for name, value in text.arguments.items()})
