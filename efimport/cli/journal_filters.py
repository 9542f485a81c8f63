"""The options of ``efimport journal`` that say which entries are meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

import click
import msgspec

from efimport.errors import UsageError
from efimport.messages import message
from efimport.planning.model import State

if TYPE_CHECKING:
    from efimport.journal import Entry


def filter_options(function: Callable[..., None]) -> Callable[..., None]:
    """Adds the options."""
    decorators = [
        click.option(
            "--state",
            "states",
            multiple=True,
            type=click.Choice([state.value for state in State]),
            help="Only entries in this state. May be repeated.",
        ),
        click.option("--text", metavar="TEXT", help="Only those with TEXT in key, number, file or answer."),
        click.option("--since", metavar="TIME", help="Only what changed since: 2026-01-31 or 2026-01-31T12:00 (UTC)."),
        click.option("--until", metavar="TIME", help="Only what changed until then; a day is meant as a whole (UTC)."),
    ]
    for decorate in reversed(decorators):
        function = decorate(function)
    return function


class Filters(msgspec.Struct, frozen=True):
    """Which entries are meant.

    Attributes:
        states: in one of these; None for all.
        organization: of this one; None for all.
        text: with this text in key, number, file or answer.
        since: that changed then or later, UTC, ISO 8601.
        until: that changed before, UTC, ISO 8601.
    """

    states: tuple[State, ...] | None
    organization: str | None
    text: str | None
    since: str | None
    until: str | None

    @classmethod
    def of(cls, given: dict[str, Any], organization: str | None) -> Self:
        """Those of the command line.

        Raises:
            UsageError: a time is none.
        """
        states = tuple(State(state) for state in given["states"]) or None
        since, until = given["since"], given["until"]
        return cls(
            states,
            organization,
            given["text"],
            None if since is None else _moment(since, "--since", end=False),
            None if until is None else _moment(until, "--until", end=True),
        )

    def asked(self) -> dict[str, Any]:
        """The arguments of ``Journal.list``."""
        return msgspec.structs.asdict(self)

    def fits(self, entry: Entry) -> bool:
        """Whether an entry is meant."""
        texts = (entry.key, entry.number, entry.file_name, entry.source_path, entry.answer)
        return (
            (self.states is None or entry.state in self.states)
            and self.organization in (None, entry.organization)
            and (self.text is None or any(self.text.lower() in (text or "").lower() for text in texts))
            and (self.since is None or entry.changed >= self.since)
            and (self.until is None or entry.changed < self.until)
        )


def _moment(text: str, option: str, *, end: bool) -> str:
    """The time as the journal writes it, so that the two can be compared as texts."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            message("{option} {text} is not a time.", option=option, text=text),
            message("Write it like 2026-01-31 or 2026-01-31T12:00."),
        ) from error
    if end and len(text) <= len("2026-01-31"):
        moment += dt.timedelta(days=1)
    moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
    return moment.isoformat(timespec="milliseconds")
