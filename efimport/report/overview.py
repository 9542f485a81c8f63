"""The page of a whole watched folder: what arrives, what waits and for whom, and what stands in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import IO, Any
from urllib.parse import quote

import msgspec

from efimport.journal.places import Place
from efimport.messages import Message, message
from efimport.report.page import page_environment
from efimport.report.words import Words
from efimport.sources.folders import PAGE_MARK

ITEMS_SHOWN = 50
"""So many files of a group are listed; the page says so where there are more."""

REFRESH_SECONDS = 30


class Standing(StrEnum):
    """How a file stands, as the person sees it who dropped it."""

    ARRIVING = "arriving"
    """Not complete yet, or not quiet for long enough."""
    UNFINISHED = "unfinished"
    """Not complete after a long time."""
    WAITING = "waiting"
    """Waits for the service."""
    REVIEW = "review"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    DUPLICATES = "duplicates"
    SENT = "sent"


TITLES: Mapping[Standing, Message] = MappingProxyType(
    {
        Standing.ARRIVING: message("Arriving"),
        Standing.UNFINISHED: message("Not complete"),
        Standing.WAITING: message("Waiting for the service"),
        Standing.REVIEW: message("Waiting for you"),
        Standing.UNKNOWN: message("Perhaps sent: look in the service"),
        Standing.REJECTED: message("Not sent this month"),
        Standing.DUPLICATES: message("Sent before, dropped again this month"),
        Standing.SENT: message("Sent this month"),
    }
)

_TONES: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.ARRIVING: "info",
        Standing.UNFINISHED: "error",
        Standing.WAITING: "warning",
        Standing.REVIEW: "warning",
        Standing.UNKNOWN: "unknown",
        Standing.REJECTED: "rejected",
        Standing.DUPLICATES: "skipped",
        Standing.SENT: "accepted",
    }
)

ATTENTION = (
    Standing.UNKNOWN,
    Standing.UNFINISHED,
    Standing.REJECTED,
    Standing.REVIEW,
    Standing.WAITING,
    Standing.ARRIVING,
    Standing.DUPLICATES,
    Standing.SENT,
)
"""Groups, those first that a person must look at first."""


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file of a group.

    Attributes:
        name: its path below the watched folder.
        since: since when it stands so, with the offset of local time.
        reason: why, in one sentence.
        page: path of the page beside it, below the watched folder, as the journal has it: ``%25`` for ``%``.
    """

    name: str
    since: dt.datetime | None = None
    reason: str | None = None
    page: str | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The files that stand alike.

    Attributes:
        standing: how.
        total: how many there are.
        items: some of them, the newest first.
    """

    standing: Standing
    total: int
    items: tuple[Item, ...] = ()


class Trouble(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands in the way: the share is away, the service cannot be reached, the disk is full.

    Attributes:
        text: what, in one sentence.
        since: since when, with the offset of local time.
        remedy: what to do about it.
        organization: whose folder is concerned; None where it is about all.
    """

    text: str
    since: dt.datetime | None = None
    remedy: str | None = None
    organization: str | None = None


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the folder of one organization.

    Attributes:
        organization: its name; None where the folder has no other.
        root: the folder.
        made_at: when this was true, local time with its offset.
        running: whether somebody looks after the folder.
        owner: who does or did: host and process.
        mode: ``review`` or ``auto``.
        trouble: what stands in the way.
        groups: the files.
        folders: names of the folders as they are on the disk.
        last_scan, next_scan: when the folder was looked at, and when it will be at the latest.
    """

    organization: str | None
    root: str
    made_at: dt.datetime
    running: bool
    owner: str | None = None
    mode: str = "review"
    trouble: tuple[Trouble, ...] = ()
    groups: tuple[Group, ...] = ()
    folders: Mapping[Place, str] = MappingProxyType({})
    last_scan: dt.datetime | None = None
    next_scan: dt.datetime | None = None

    def total(self, standing: Standing) -> int:
        """How many files stand so."""
        return sum(group.total for group in self.groups if group.standing is standing)


def write_overview(overviews: Sequence[Overview], language: str, stream: IO[str]) -> None:
    """Write the page of a watched folder, for the folder itself, so that its links lead to the pages of the files.

    Args:
        overviews: the organizations.
        language: code of the language of the texts.
        stream: a text stream; UTF-8 is meant.
    """
    words = Words(language)
    template = page_environment(language, dry_run=False).get_template("overview.html")
    stream.write(PAGE_MARK.decode())
    stream.write(
        template.render(
            overviews=[_shown(overview, words) for overview in overviews],
            running=bool(overviews) and all(overview.running for overview in overviews),
            refresh=REFRESH_SECONDS,
            as_of=max((f"{words.moment(one.made_at)}{one.made_at::%S}" for one in overviews), default="-"),
        )
    )


def advice(standing: Standing, folders: Mapping[Place, str], words: Words) -> str:
    """What a person does about files that stand so; empty where there is nothing to do or to say."""
    text = words.text
    match standing:
        case Standing.ARRIVING:
            return text("They are read as soon as they are complete and nobody writes them any more.")
        case Standing.UNFINISHED:
            return text("Copy these files once more, whole, or close them in the program that still has them open.")
        case Standing.WAITING:
            return text("There is nothing to do: they are sent by themselves as soon as the service can be reached.")
        case Standing.REVIEW:
            folder = folders.get(Place.APPROVE, Place.APPROVE.value)
            return text(
                'Look at the page beside each file; to send the file, move it into the folder "{folder}".',
                folder=folder,
            )
        case Standing.UNKNOWN:
            return text("Look in the service whether these arrived; the page beside each file says how to go on.")
        case Standing.REJECTED:
            return text("The page beside each file says what is wrong and what helps.")
        case _:
            return ""


def mode_in_words(mode: str, words: Words) -> str:
    """What the mode of a watcher means to the person who drops files."""
    if mode == "auto":
        return words.text("what has no warning is sent by itself")
    return words.text("a file is sent when you have approved it")


def _shown(overview: Overview, words: Words) -> dict[str, Any]:
    return {
        "overview": overview,
        "trouble": [_trouble(trouble, words) for trouble in overview.trouble],
        "cards": [(_TONES[one], overview.total(one), words.text(TITLES[one])) for one in Standing],
        "groups": [
            _group(group, overview, words)
            for group in sorted(overview.groups, key=lambda group: ATTENTION.index(group.standing))
            if group.total
        ],
        "owner": _told(overview.owner, words),
        "mode": mode_in_words(overview.mode, words),
        "inbox": overview.folders.get(Place.INBOX, Place.INBOX.value),
        "waits": any(overview.total(one) for one in ATTENTION if one not in (Standing.SENT, Standing.DUPLICATES)),
    }


def _trouble(trouble: Trouble, words: Words) -> dict[str, Any]:
    return {"text": _told(trouble.text, words), "since": trouble.since, "remedy": _told(trouble.remedy, words)}


def _group(group: Group, overview: Overview, words: Words) -> dict[str, Any]:
    items = group.items[:ITEMS_SHOWN]
    return {
        "tone": _TONES[group.standing],
        "title": words.text(TITLES[group.standing]),
        "total": group.total,
        "advice": advice(group.standing, overview.folders, words),
        "rows": [
            {
                "name": item.name,
                "since": item.since,
                "reason": _told(item.reason, words),
                "link": _link(item.page) if item.page else None,
            }
            for item in items
        ],
        "left_out": max(0, group.total - len(items)),
    }


def _link(page: str) -> str:
    """An address below the folder of the overview; what the journal has escaped in a name is escaped alike here."""
    return f"./{quote(page, safe='/%', errors='replace')}"


def _told(text: str | None, words: Words) -> str | None:
    return words.text(text) if isinstance(text, Message) else text
