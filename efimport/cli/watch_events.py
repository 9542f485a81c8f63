"""What ``efimport watch`` says of what happens: a line each, and the command of the settings for what failed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from efimport.cli.session import Session
from efimport.settings import Organization
from efimport.watch.events import Event, EventKind, as_json, is_failure, line
from efimport.watch.hook import Hook
from efimport.watch.status import STATUS_NAME

if TYPE_CHECKING:
    from efimport.watch.keeping import Watched

ALL_WELL, NOT_ALL, NEEDS_A_PERSON = 0, 1, 3
ROUND = 1.0
"""Seconds in which failures are gathered before the command is told of them."""

LAST_WORDS = 10.0
"""Seconds that are waited at the end for the command."""

_NOT_WELL = frozenset({EventKind.SERVICE_AWAY, EventKind.WAITING})


class Teller:
    """Tells of events; any thread may have one told.

    Args:
        session: language and streams.
        folders: the watched folders.
        as_json: whether events are JSON objects.
        on_failure: program and arguments of the command for failures; empty for none.

    Attributes:
        exit_status: 3 where something needs a person, 1 where something failed or waits, else 0.
    """

    def __init__(
        self, session: Session, folders: Sequence[Watched], *, as_json: bool, on_failure: Sequence[str] = ()
    ) -> None:
        self.exit_status = ALL_WELL
        self._session = session
        self._as_json = as_json
        self._several = len(folders) > 1
        self._roots = {watched.organization.name: watched.root for watched in folders}
        self._lock = threading.Lock()
        self._failures: dict[Path, list[Event]] = {}
        self._hook = Hook(on_failure, hidden=_variables(watched.organization for watched in folders), tell=self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        self._end_round()
        self._hook.finish(LAST_WORDS)

    def __call__(self, event: Event) -> None:
        """Tell of an event."""
        with self._lock:
            self._print(event)
            if event.kind is EventKind.UNKNOWN:
                self.exit_status = NEEDS_A_PERSON
            elif is_failure(event) or event.kind in _NOT_WELL:
                self.exit_status = max(self.exit_status, NOT_ALL)
            root = self._roots.get(event.organization or "")
            if is_failure(event) and root is not None:
                if not self._failures:
                    timer = threading.Timer(ROUND, self._end_round)
                    timer.daemon = True
                    timer.start()
                self._failures.setdefault(root, []).append(event)

    def _print(self, event: Event) -> None:
        catalogue = self._session.catalogue
        said = as_json(event, catalogue) if self._as_json else line(event, catalogue, several=self._several)
        click.echo(self._session.masked(said))

    def _end_round(self) -> None:
        with self._lock:
            rounds, self._failures = self._failures, {}
        for root, events in rounds.items():
            self._hook.run(events, folder=root, catalogue=self._session.catalogue, status_file=root / STATUS_NAME)


def _variables(organizations: Iterable[Organization]) -> frozenset[str]:
    """Names of the environment variables that hold secrets: a command has no need of them."""
    secrets = [
        secret
        for organization in organizations
        for secret in (
            organization.token,
            *(one for user in organization.users for one in (user.password, user.md5pass, user.secret_key)),
        )
        if secret is not None
    ]
    return frozenset(secret.origin.removeprefix("env ") for secret in secrets if secret.origin.startswith("env "))
