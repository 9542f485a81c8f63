"""Starts and stops the sandbox: in the background for tests and trials, in the foreground for the command line.

uvicorn and Starlette are loaded on the first start, not on import.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from efimport.sandbox.options import Options, options_from
from efimport.sandbox.organization import Organization, User, default_organization, organization_for

if TYPE_CHECKING:
    from efimport.sandbox.service import Service
    from efimport.sandbox.serving import Serving

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

QUIET_TIME = 5
"""Seconds of quiet time in the settings for the sandbox, whose processing is never longer."""


class RunningSandbox:
    """A sandbox that serves; a context manager that stops it.

    Attributes:
        endpoint: address of the web service of the site.
        url: address of the server without a path.
        organization: the organization that it plays, the first of several.
        organizations: all that it plays, those that nobody can log in to included.
        site: site of the endpoint.
    """

    def __init__(self, service: Service, serving: Serving) -> None:
        self._service = service
        self._serving = serving
        self.site: str = service.options.site
        self.organization: Organization = service.organization
        self.organizations: tuple[Organization, ...] = service.organizations
        self._users_each = service.options.users_each or 1
        self.url = f"http://127.0.0.1:{serving.port}"
        self.endpoint = f"{self.url}/WebServices{self.site}/API"

    def state(self) -> dict[str, Any]:
        """What it holds and has counted, as ``GET /_sandbox/state``; also after it has stopped."""
        return self._serving.call(self._service.overview)

    def add_faults(self, *faults: dict[str, Any]) -> None:
        """Append faults to the script, as ``POST /_sandbox/faults``; raises msgspec.DecodeError for an unknown one."""
        self._post_faults(faults)

    def add_random_faults(self, **wanted: Any) -> None:
        """Let faults come by chance until others are wanted or it is reset.

        Args:
            wanted: fields of :class:`efimport.sandbox.faults.RandomFaults`, ``share=0.2, faults=["429", "garbage"]``.

        Raises:
            msgspec.DecodeError: a field or a fault that does not exist.
        """
        self._post_faults(wanted)

    def _post_faults(self, wanted: object) -> None:
        script = json.dumps(wanted).encode()
        self._serving.call(lambda: self._service.faults.add(script))

    def reset(self) -> None:
        """Forget everything, as ``POST /_sandbox/reset``."""
        self._serving.call(self._service.reset)

    def mark_posted(self, kind: str, number: str, organization: str = "") -> bool:
        """Post a document, so that it can no longer be overwritten; False where there is none of that number.

        Args:
            kind: type of the document, ``SalesInvoice``.
            number: its formatted number.
            organization: name of the organization that it belongs to; the first where it is empty.
        """
        return self._serving.call(lambda: self._service.mark_posted(kind, number, organization))

    def settings(self) -> str:
        """The efimport.toml that fits it, with all organizations that can log in."""
        owners = [one for one in self.organizations if one.token]
        return settings_block(self.endpoint, self.site, *owners, users=self._users_each)

    def wait(self) -> None:
        """Wait until it is stopped."""
        while self._serving.is_alive():
            self._serving.wait(0.5)

    def stop(self) -> None:
        """Stop it; requests that are being carried out are carried out first."""
        self._serving.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(
    site: str = "CZ",
    port: int = 0,
    *,
    state_file: Path | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    wall_clock: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    **options: Any,
) -> RunningSandbox:
    """Start a sandbox in a thread of its own, on 127.0.0.1 only.

    Args:
        site: CZ, SI or HR: the site of the endpoint and of the path ``/WebServices/API``; all four paths are served.
        port: TCP port; 0 for a free one.
        state_file: JSON file in which the state is kept between runs, written anew after every request; None for
            memory only.
        clock: monotonic seconds, for the rate limit.
        sleep: waits some seconds, for latencies and delays.
        wall_clock: the server's date and time.
        options: the fields of :class:`efimport.sandbox.options.Options`.

    Raises:
        TypeError: an option that does not exist, or a value that does not fit.
        OSError: the port is taken.
        ValueError: the state file holds something else.
    """
    from efimport.sandbox.service import Service
    from efimport.sandbox.serving import Serving

    service = Service(options_from(site=site, **options), wall_clock, state_file)
    return RunningSandbox(service, Serving(service, port, clock, sleep))


def run(
    site: str = "CZ",
    port: int = 0,
    *,
    announce: Callable[[str], object] = sys.stdout.write,
    state_file: Path | None = None,
    **options: Any,
) -> None:
    """Serve in the foreground until Ctrl-C or SIGTERM; says first where, and which settings fit.

    Requests under way are carried out before it returns, and the state is kept. In another thread than the main one it
    hears no signals.

    Args:
        site: as in :func:`start`.
        port: as in :func:`start`.
        announce: takes the text for the user.
        state_file: as in :func:`start`.
        options: as in :func:`start`.

    Raises:
        TypeError: an option that does not exist, or a value that does not fit.
        OSError: the port is taken.
        ValueError: the state file holds something else.
    """
    # Ctrl+C is how a person ends it, SIGTERM how a script does.
    with (
        contextlib.suppress(KeyboardInterrupt),
        _signals_interrupt_once(),
        start(site, port, state_file=state_file, **options) as sandbox,
    ):
        announce(f"{sandbox.endpoint}\n\n{sandbox.settings()}")
        sandbox.wait()


@contextlib.contextmanager
def _signals_interrupt_once() -> Iterator[None]:
    """Makes of the first Ctrl-C or SIGTERM a KeyboardInterrupt; the stop that begins with it is not cut short."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in heard}

    def interrupt(_: int, __: FrameType | None) -> None:
        for number in heard:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in heard:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def settings_block(endpoint: str, site: str = "CZ", *organizations: Organization, users: int = 1) -> str:
    """The text of an efimport.toml that fits a sandbox.

    Args:
        endpoint: address of its web service.
        site: CZ, SI or HR.
        organizations: the organizations that can log in; the default one where there is none.
        users: how many users of each are named at most; those who may not do everything only where there is no other.
    """
    owners = organizations or (default_organization(),)
    lines = [f"default_organization = {_quoted(owners[0].key)}", ""]
    for owner in owners:
        lines += _organization_block(owner, endpoint, site, users)
    return "\n".join([*lines, "[sending]", f"quiet_time = {QUIET_TIME}", ""])


def _organization_block(owner: Organization, endpoint: str, site: str, users: int) -> list[str]:
    named = [_user(user) for user in owner.working_users[:users]]
    return [
        f"[organizations.{owner.key if _BARE_KEY.fullmatch(owner.key) else _quoted(owner.key)}]",
        f"site = {_quoted(site)}",
        f"endpoint = {_quoted(endpoint)}",
        f"token = {_quoted(owner.token)}",
        *([f"users = [{', '.join(named)}]"] if named else []),
        "# With these two set, documents of other firms are refused before they are sent:",
        f"# registration_number = {_quoted(owner.registration_number)}",
        f"# vat_id = {_quoted(owner.vat_id)}",
        f"bank_accounts = {_array(owner.bank_accounts)}",
        f"paypal_accounts = {_array(owner.paypal_accounts)}",
        "",
    ]


def _user(user: User) -> str:
    secret = f"password = {_quoted(user.password)}" if user.password else f"md5pass = {_quoted(user.expected_hash)}"
    return f"{{ username = {_quoted(user.username)}, {secret} }}"


def sandbox_organization(**options: Any) -> Organization:
    """The organization that a sandbox with these options plays.

    Raises:
        TypeError: an option that does not exist, or a value that does not fit.
    """
    return organization_for(options_from(**options) if options else Options())


def _quoted(text: str | None) -> str:
    return json.dumps(text or "", ensure_ascii=False)


def _array(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"
