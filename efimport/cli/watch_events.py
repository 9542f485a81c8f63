"""What ``efimport watch`` says of what happens: a line each, and the command of the settings for what failed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import click

from efimport.cli.session import Session
from efimport.settings import Watching
from efimport.watch.events import Event, EventKind, as_json, is_failure, line

if TYPE_CHECKING:
    from efimport.watch.keeping import Watched

ALL_WELL, NOT_ALL, NEEDS_A_PERSON = 0, 1, 3
_NOT_WELL = frozenset({EventKind.SERVICE_AWAY, EventKind.WAITING})


class Teller:
    """Prints events; any thread may tell one.

    Args:
        session: language and streams.
        folders: the watched folders.
        as_json: whether events are JSON objects.
        watching: the settings; they may name a command for failures.

    Attributes:
        exit_status: 3 where something needs a person, 1 where something failed or waits, else 0.
    """

    def __init__(self, session: Session, folders: Sequence[Watched], *, as_json: bool, watching: Watching) -> None:
        self.exit_status = ALL_WELL
        self._session = session
        self._as_json = as_json
        self._several = len(folders) > 1
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        pass

    def __call__(self, event: Event) -> None:
        """Tell of an event."""
        said = (
            as_json(event, self._session.catalogue)
            if self._as_json
            else line(event, self._session.catalogue, several=self._several)
        )
        with self._lock:
            click.echo(self._session.masked(said))
            if event.kind is EventKind.UNKNOWN:
                self.exit_status = NEEDS_A_PERSON
            elif is_failure(event) or event.kind in _NOT_WELL:
                self.exit_status = max(self.exit_status, NOT_ALL)
