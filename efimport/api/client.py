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
from efimport.api.line import Fault, Line, Reply
from efimport.api.login import Login, written_forms
from efimport.api.request import Request, prepare
from efimport.errors import BusyError, LoginError, NotSentError, SettingsError, UnknownOutcomeError, UsageError
from efimport.messages import Message, message
from efimport.secrets import MASK
from efimport.settings import Organization, Sending, is_usable_endpoint, without_user

BUSY_STEP = 5.0
BUSY_LONGEST = 60.0
BUSY_ATTEMPTS = 20
SHORTEST_ECHO = 16
_WRONG_ADDRESS = (*range(300, 400), 404, 405)


class Client:
    """Sends calls of one organization, at the pace of the service.

    Args:
        organization: endpoint, site, token and users.
        sending: how long to wait for an answer, and where the pace is kept.
        state_folder: folder of the pace, of this user alone; None for that of ``sending``, else the one that all
            programs of this user share.
        clock: the time.
        transport: opens the connections; None for the network.
        abandoned_wait: seconds since the start of a turn whose owner died, or since the line broke, before its user
            may start again; None for the shorter of 10 and the quiet time of ``sending``.

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
        abandoned_wait: float | None = None,
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
        how = sending if sending is not None else Sending()
        self._pace = pace.Pace(
            state_folder or how.pace_folder or _usual_folder(),
            organization.endpoint,
            clock=self._clock,
            organization=organization.name,
            shared=state_folder is None and how.pace_folder is not None,
            abandoned_wait=min(pace.ABANDONED_WAIT, how.quiet_time) if abandoned_wait is None else abandoned_wait,
        )
        self._user_agent = _user_agent()
        self._line = Line(organization.endpoint, timeout=how.timeout, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives the connections back."""
        self._line.close()

    def prepare(self, call: Call) -> Request:
        """The request of a call, with place-holders for the login.

        Raises:
            CallError: the call does not fit the catalogue or the site, or cannot be written.
        """
        return prepare(call, self.organization.site, self.organization.wire)

    @contextmanager
    def turn(self, sleep: Callable[[float], object] | None = None) -> Iterator[Turn]:
        """Waits for the pace and for a free user; the block may then send one request.

        Args:
            sleep: waits so many seconds, or raises to give up; None for the clock's.

        Raises:
            SettingsError: the state of the pace cannot be kept.
        """
        with self._pace.turn([login.username for login in self._logins], sleep) as granted:
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
        seconds = self.busy_seconds(attempt)
        self._clock.sleep(seconds)
        return seconds

    @staticmethod
    def busy_seconds(attempt: int) -> float:
        """Seconds to wait after the service said for the ``attempt``-th time that it is too busy."""
        return min(BUSY_STEP * max(1, attempt), BUSY_LONGEST)

    @property
    def clock(self) -> Clock:
        """The time that its turns and waits go by."""
        return self._clock

    def _exchange(self, request: Request, login: Login) -> Reply | Fault:
        """One request and the whole of its answer."""
        headers = {
            "User-Agent": self._user_agent,
            "Content-Type": request.content_type,
            "Accept": "*/*",
            # The service sends a Content-Encoding that is none ("8-bit"): nothing is to be decoded on the way.
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        return self._line.exchange(login.fill(request.body), headers)


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
        # One that cannot be read is noticed now: after the request it could no longer be said that nothing was sent.
        self._login.secrets()
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

    def masked(self, answer: bytes) -> str:
        """The text of an answer as it may be kept: without our login, in whatever form the service quotes it."""
        return self._login.masked(answer.decode("utf-8", "replace"))

    def _answer(self, request: Request) -> Answer:
        hide = self._login.masked
        address = self._client.organization.endpoint
        # The service may go on working on a request whose line broke: its user rests then.
        end = self._granted.broken
        try:
            reply = self._client._exchange(request, self._login)  # noqa: SLF001
            if not (isinstance(reply, Fault) and reply.sent):
                end = self._granted.finished
        finally:
            # An end that cannot be entered must not hide the answer. The turn then looks abandoned, and the next one
            # waits for it, or says that the folder cannot be written.
            with suppress(SettingsError):
                end()
        if isinstance(reply, Fault):
            raise _error_of(reply, hide)
        try:
            body = _without_echo(reply.body, self._login)
            return parse(body, reply.content_type, reply.status, bare=not request.changes_data)
        except UnknownOutcomeError as error:
            unknown = _about(error, address, reply.location, hide)
        # Outside of the handler, so that what is raised does not lead to texts that are not masked.
        raise unknown


def _check_endpoint(endpoint: str) -> None:
    if is_usable_endpoint(endpoint) and _host(endpoint) == urlsplit(endpoint).hostname:
        return
    raise SettingsError(
        message("The endpoint {endpoint} cannot be used.", endpoint=without_user(endpoint)),
        message("It has to be an https address without a user in it; plain http only to this machine."),
    )


def _host(endpoint: str) -> str | None:
    """The host that the HTTP library sees in an address; it has to be the one that was checked."""
    try:
        return httpx.URL(endpoint).raw_host.decode("ascii")
    except httpx.InvalidURL:
        return None


def _usual_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_state_dir("efimport")) / "pace"


def _user_agent() -> str:
    try:
        return f"efimport/{metadata.version('efimport')}"
    except metadata.PackageNotFoundError:
        return "efimport"


def _error_of(fault: Fault, hide: Callable[[str], str]) -> NotSentError | UnknownOutcomeError:
    remedy = None if fault.remedy is None else _hidden(fault.remedy, hide)
    if not fault.sent:
        return NotSentError(_hidden(fault.reason, hide), remedy)
    error = UnknownOutcomeError(_hidden(fault.reason, hide), remedy)
    error.http_status = fault.status
    return error


def _without_echo(body: bytes, login: Login) -> bytes:
    """The answer without our login, should the service quote the request in it.

    Short secrets are left: what looks like one may well be a number of the answer.
    """
    for secret in login.secrets():
        if len(secret) >= SHORTEST_ECHO:
            for form in written_forms(secret):
                body = body.replace(form.encode(), MASK.encode())
    return body


def _about(error: UnknownOutcomeError, address: str, location: str, hide: Callable[[str], str]) -> UnknownOutcomeError:
    """The error with a hint at the address where that is the likely reason, and without secrets."""
    remedy = error.remedy
    if error.http_status in _WRONG_ADDRESS:
        remedy = message(
            "Is {address} the address of the web service? HTTP status {status}.",
            address=address,
            status=error.http_status,
        )
    if location:
        remedy = message(
            "The service at {address} points to another address, which was not followed: {location}. If the service "
            "has moved, enter the new one in efimport.toml.",
            address=address,
            location=without_user(location),
        )
    told = UnknownOutcomeError(_hidden(error.reason, hide), None if remedy is None else _hidden(remedy, hide))
    told.raw = error.raw
    told.http_status = error.http_status
    return told


def _hidden(text: Message, hide: Callable[[str], str]) -> Message:
    return Message(text.template, {name: hide(value) for name, value in text.arguments.items()})
