"""What happens in a watched folder, event by event: one line of the log each, for people or for programs."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

import msgspec

from efimport.messages import Catalogue, Message, message
from efimport.report.visible import ACTING, visible


class EventKind(StrEnum):
    """What happened."""

    STARTED = "started"
    """The watcher looks after the folder from now on."""
    STOPPED = "stopped"
    ARRIVED = "arrived"
    """A file is complete; its bytes are in the journal."""
    ARRIVING = "arriving"
    """A file is not complete yet, and the watcher ends."""
    UNFINISHED = "unfinished"
    """A file has not become complete for a long time."""
    REVIEW = "review"
    """A file waits for a person to approve it, or to look at it again because what would be sent has changed."""
    APPROVED = "approved"
    """A person moved a file to the folder of what is to be sent."""
    SENT = "sent"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    """Nobody knows whether it arrived at the service; a person must look."""
    WAITING = "waiting"
    """Files stay where they are until another program has done with the journal."""
    RETURNED = "returned"
    """A person moved a file back to be tried again."""
    DECIDED = "decided"
    """A person said what became of a file whose outcome was unknown."""
    WITHDRAWN = "withdrawn"
    """A person took a file away before anything of it was sent."""
    RESUMED = "resumed"
    """What an interrupted run had begun with a file was finished."""
    AWAY = "away"
    """The folder or its share is not there; nothing is concluded from what is missing."""
    BACK = "back"
    SERVICE_AWAY = "service-away"
    """The service cannot be reached, or turns the login away; files wait."""
    SERVICE_BACK = "service-back"
    TROUBLE = "trouble"
    """Something hinders the work: a full disk, missing rights, a file that cannot be moved."""
    CLEARED = "cleared"
    """A trouble is over."""
    HOOK = "hook"
    """What the command for failures said, or that it failed. No failure itself, so that it never calls itself."""


FAILURES = frozenset({EventKind.REJECTED, EventKind.UNKNOWN, EventKind.UNFINISHED, EventKind.TROUBLE, EventKind.AWAY})
"""What somebody is told of who does not look into the folder. A service that is away for a while settles itself: who
wants to be told of a long outage makes a trouble of it."""

WORDS: Mapping[EventKind, Message] = MappingProxyType(
    {
        EventKind.STARTED: message("started"),
        EventKind.STOPPED: message("stopped"),
        EventKind.ARRIVED: message("arrived"),
        EventKind.ARRIVING: message("arriving"),
        EventKind.UNFINISHED: message("unfinished"),
        EventKind.REVIEW: message("to review"),
        EventKind.APPROVED: message("approved"),
        EventKind.SENT: message("sent"),
        EventKind.REJECTED: message("not sent"),
        EventKind.DUPLICATE: message("duplicate"),
        EventKind.UNKNOWN: message("unknown"),
        EventKind.WAITING: message("waiting"),
        EventKind.RETURNED: message("returned"),
        EventKind.DECIDED: message("decided"),
        EventKind.WITHDRAWN: message("withdrawn"),
        EventKind.RESUMED: message("resumed"),
        EventKind.AWAY: message("folder away"),
        EventKind.BACK: message("folder back"),
        EventKind.SERVICE_AWAY: message("service away"),
        EventKind.SERVICE_BACK: message("service back"),
        EventKind.TROUBLE: message("trouble"),
        EventKind.CLEARED: message("cleared"),
        EventKind.HOOK: message("command"),
    }
)

_NEEDS_QUOTES = re.compile(r'[\s"]|\A\Z')


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened.

    Attributes:
        at: when, with its offset from UTC.
        kind: what.
        organization: name of the organization; None where it is about the watcher as a whole.
        file: the file, relative to the watched folder.
        to: where it lies now, relative to the watched folder.
        detail: why, in one sentence; a message is shown in the language of the reader.
    """

    at: dt.datetime
    kind: EventKind
    organization: str | None = None
    file: str | None = None
    to: str | None = None
    detail: str = ""


def is_failure(event: Event) -> bool:
    """Whether somebody should be told of it."""
    return event.kind in FAILURES


def line(event: Event, catalogue: Catalogue, *, several: bool = False) -> str:
    """The event as one line of fixed columns, without a line end: time, what, file and where to, why.

    The time is that of the wall clock of this machine. A name with a blank stands in quotation marks, so that none
    can pass for an arrow or a further column.

    Args:
        event: what happened.
        catalogue: language of the words.
        several: whether the line names the organization because there are several.
    """
    columns = [
        event.at.astimezone().isoformat(timespec="seconds"),
        catalogue.text(WORDS[event.kind]).ljust(_width(catalogue.language)),
    ]
    if several:
        columns.append(_name(event.organization) if event.organization else "-")
    moved = " -> ".join(_name(name) for name in (event.file, event.to) if name is not None)
    detail = catalogue.text(event.detail) if isinstance(event.detail, Message) else event.detail
    columns += [part for part in (moved, visible(detail)) if part]
    return "  ".join(columns).rstrip()


def as_json(event: Event, catalogue: Catalogue | None = None) -> str:
    """The event as one JSON object in one line, without a line end; what is absent is null.

    Args:
        event: what happened.
        catalogue: language of the detail; English by default.
    """
    detail = event.detail
    if isinstance(detail, Message):
        detail = (catalogue or Catalogue()).text(detail)
    written = json.dumps(
        {
            "at": event.at.isoformat(timespec="milliseconds"),
            "kind": event.kind.value,
            "organization": event.organization,
            "file": event.file,
            "to": event.to,
            "detail": detail or None,
        },
        ensure_ascii=False,
    )
    # Inside a JSON text such characters stand in strings only, where the escape means the same.
    return ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _name(name: str) -> str:
    shown = visible(name)
    if not _NEEDS_QUOTES.search(shown):
        return shown
    escaped = shown.replace('"', '\\"')
    return f'"{escaped}"'


@lru_cache(maxsize=8)
def _width(language: str) -> int:
    """Letters of the longest word, so that the columns stand below each other."""
    catalogue = Catalogue(language)
    return max(len(catalogue.text(word)) for word in WORDS.values())
