"""The state of a watcher as a small JSON file in the watched folder, for ``efimport watch --status`` and for monitors.

Everything is in it that an overview needs, so that who cannot see the watcher's process can still tell how it is.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from efimport.errors import EfimportError
from efimport.journal.places import Place
from efimport.messages import Catalogue, Message, message
from efimport.report.overview import ATTENTION, TITLES, Group, Item, Overview, Standing, Trouble, advice, mode_in_words
from efimport.report.visible import ACTING, visible
from efimport.report.words import Words

SCHEMA = "efimport-watch/1"
STATUS_NAME = ".efimport-status.json"

NAMES_KEPT = 100
"""So many files of a group are named in the file; its total counts them all."""

NAMES_SAID = 10
"""So many files of a group are named by ``efimport watch --status``."""

MISSED_SCANS = 3
"""A watcher that has not written for so many intervals between two scans is not running."""

SHORTEST_SILENCE = 10.0
"""Seconds of silence that mean nothing, however short the interval is: a disk may be slow for that long."""

_FINE, _WAITS, _UNKNOWN = 0, 1, 3
_WAITING = (Standing.UNFINISHED, Standing.WAITING)
_SAID = (Standing.UNKNOWN, Standing.UNFINISHED, Standing.REVIEW, Standing.WAITING, Standing.ARRIVING)
"""Groups of which the files are named: what is settled is in its folder."""


class StatusError(EfimportError):
    """The file that tells the state of a watcher is damaged or of another version."""


class OrganizationStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one organization.

    Attributes:
        name: name of the organization.
        root: its folder.
        folders: names of the folders below it as they are on the disk.
        counts: how many files stand how; rejected, duplicates and sent those of this month.
        lists: some of them, the newest first.
    """

    name: str
    root: str
    folders: dict[Place, str] = {}
    counts: dict[Standing, int] = {}
    lists: dict[Standing, tuple[Item, ...]] = {}

    @classmethod
    def of(cls, name: str, root: str, folders: dict[Place, str], groups: Iterable[Group]) -> OrganizationStatus:
        """The status made of groups; of each so many items stay as the file may name."""
        groups = tuple(groups)
        return cls(
            name=name,
            root=root,
            folders=folders,
            counts={group.standing: group.total for group in groups},
            lists={group.standing: group.items[:NAMES_KEPT] for group in groups if group.items},
        )

    @property
    def groups(self) -> tuple[Group, ...]:
        """The files by how they stand, those first that a person must look at first."""
        return tuple(
            Group(standing=standing, total=self.counts[standing], items=self.lists.get(standing, ()))
            for standing in ATTENTION
            if standing in self.counts
        )


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a watcher at one moment; all times with the offset of the local time there.

    Attributes:
        version: version of efimport.
        pid: process that watches.
        host: name of its machine.
        since: when it was started.
        written: when this was true.
        mode: ``review`` or ``auto``.
        folder: the watched folder.
        scan_every: seconds between two scans at the most.
        last_scan: when the folder was looked at completely.
        last_sent: when a document was sent.
        sequence: counts the rounds.
        stopped: when it was stopped in good order; None while it runs.
        troubles: what stands in the way.
        organizations: the files.
        schema: name and version of this form.
    """

    version: str
    pid: int
    host: str
    since: dt.datetime
    written: dt.datetime
    mode: str
    folder: str
    scan_every: float
    last_scan: dt.datetime | None = None
    last_sent: dt.datetime | None = None
    sequence: int = 0
    stopped: dt.datetime | None = None
    troubles: tuple[Trouble, ...] = ()
    organizations: tuple[OrganizationStatus, ...] = ()
    schema: str = SCHEMA

    @property
    def last_sign(self) -> dt.datetime:
        """When the watcher last gave a sign of life."""
        return max(self.written, self.last_scan or self.written)

    def is_running(self, now: dt.datetime) -> bool:
        """Whether the watcher is alive at the moment, as far as its file tells.

        A sign from the future is none: a clock was set back, and a living watcher soon writes the right time.
        """
        silence = abs((now - self.last_sign).total_seconds())
        return self.stopped is None and silence <= max(MISSED_SCANS * self.scan_every, SHORTEST_SILENCE)

    def total(self, *standings: Standing) -> int:
        """How many files of all organizations stand in one of these ways."""
        return sum(one.counts.get(standing, 0) for one in self.organizations for standing in standings)

    def overviews(self, now: dt.datetime) -> tuple[Overview, ...]:
        """The same for the page of the folder, by organization; what concerns all stands with the first."""
        return tuple(
            Overview(
                organization=one.name,
                root=one.root,
                made_at=self.written,
                running=self.is_running(now),
                owner=message("efimport on {host}, process {pid}", host=self.host, pid=self.pid),
                mode=self.mode,
                trouble=tuple(
                    trouble
                    for trouble in self.troubles
                    if trouble.organization == one.name or (trouble.organization is None and first)
                ),
                groups=one.groups,
                folders=one.folders,
                last_scan=self.last_scan,
                next_scan=self.last_scan + dt.timedelta(seconds=self.scan_every) if self.last_scan else None,
            )
            for first, one in ((one is self.organizations[0], one) for one in self.organizations)
        )

    def write(self, path: Path, catalogue: Catalogue | None = None) -> None:
        """Writes the file: whole, in place of the last one, for everybody to read who may read the folder.

        Args:
            path: where.
            catalogue: language of the messages in it; English by default.

        Raises:
            OSError: it cannot be written; the last one is still there.
        """
        content = as_json(self, catalogue or Catalogue()).encode()
        unfinished = path.with_name(f"{path.name}.part")
        # What a crash left goes; then exclusive, so that nothing that leads elsewhere is followed.
        unfinished.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(unfinished, flags, stat.S_IRUSR | stat.S_IWUSR), "wb") as stream:
                stream.write(content)
            with suppress(OSError):
                # A share without rights of its own refuses.
                unfinished.chmod(_readable_like(path.parent))
            unfinished.replace(path)
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)


def as_json(status: Status, catalogue: Catalogue) -> str:
    """The text of the file."""
    plain = msgspec.to_builtins(status, str_keys=True, enc_hook=lambda value: _plain(value, catalogue))
    written = json.dumps(plain, ensure_ascii=False, indent=1)
    return ACTING.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", written) + "\n"


def load(path: Path) -> Status | None:
    """The state that a watcher left in the file; None where there is none.

    Raises:
        StatusError: the file is damaged or of another version.
        OSError: it cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        status = msgspec.convert(json.loads(content), Status, str_keys=True)
    except (ValueError, RecursionError) as error:
        raise _unfit(path) from error
    moments = (status.since, status.written, status.last_scan, status.last_sent, status.stopped)
    if status.schema != SCHEMA or any(moment is not None and moment.tzinfo is None for moment in moments):
        raise _unfit(path)
    return status


def exit_status(status: Status, now: dt.datetime) -> int:
    """Exit status of ``efimport watch --status``: 3 where a person must find out whether something arrived.

    1 where something is not complete, waits for the service or is in the way, or nobody watches; 0 where all is well.
    """
    if status.total(Standing.UNKNOWN):
        return _UNKNOWN
    if status.troubles or status.total(*_WAITING) or not status.is_running(now):
        return _WAITS
    return _FINE


def lines(status: Status, catalogue: Catalogue, now: dt.datetime) -> list[str]:
    """What ``efimport watch --status`` says: whether somebody watches, how many files stand how, and what to do."""
    words = Words(catalogue.language)
    return [
        visible(line) for line in (*_watcher(status, words, now), *_troubles(status, words), *_files(status, words))
    ]


def _watcher(status: Status, words: Words, now: dt.datetime) -> Iterator[str]:
    if status.is_running(now):
        yield words.catalogue.text(
            message(
                "Running since {moment} on {host}, process {pid}: {folder}",
                moment=words.moment(status.since),
                host=status.host,
                pid=status.pid,
                folder=status.folder,
            )
        )
    else:
        since = status.stopped or status.last_sign
        yield words.catalogue.text(
            message("Not running since {moment}: {folder}", moment=words.moment(since), folder=status.folder)
        )
        yield _step(words.catalogue.text(message("Start it again: efimport watch {folder}", folder=status.folder)))
    yield words.catalogue.text(message("Mode: {mode}", mode=mode_in_words(status.mode, words)))
    if status.last_scan:
        yield words.catalogue.text(
            message("Last look at the folder: {moment}.", moment=_to_the_second(status.last_scan, words))
        )
    if status.last_sent:
        yield words.catalogue.text(message("Last sent: {moment}.", moment=_to_the_second(status.last_sent, words)))


def _troubles(status: Status, words: Words) -> Iterator[str]:
    for trouble in status.troubles:
        text = _plain(trouble.text, words.catalogue)
        if trouble.since:
            since = words.catalogue.text(message("Since {moment}.", moment=words.moment(trouble.since)))
            text = f"{text} {since}"
        yield f"! {trouble.organization}: {text}" if trouble.organization else f"! {text}"
        if trouble.remedy:
            yield _step(_plain(trouble.remedy, words.catalogue))


def _files(status: Status, words: Words) -> Iterator[str]:
    for one in status.organizations:
        groups = [group for group in one.groups if group.total]
        yield f"{one.name}: {one.root}"
        if not groups:
            nothing = words.catalogue.text(message("Nothing waits."))
            yield f"  {nothing}"
        for group in groups:
            yield f"  {words.catalogue.text(TITLES[group.standing])}: {group.total}"
            if group.standing in _SAID:
                yield from _names(group, words)
            remedy = advice(group.standing, one.folders, words)
            if remedy:
                yield f"  {_step(remedy)}"


def _names(group: Group, words: Words) -> Iterator[str]:
    for item in group.items[:NAMES_SAID]:
        reason = _plain(item.reason, words.catalogue) if item.reason else ""
        yield "    " + "  ".join(part for part in (item.name, words.moment(item.since), reason) if part)
    left = group.total - min(len(group.items), NAMES_SAID)
    if left > 0:
        yield f"    {words.plural('and {count} more', 'and {count} more', left)}"


def _step(text: str) -> str:
    return f"  -> {text}"


def _to_the_second(moment: dt.datetime, words: Words) -> str:
    return f"{words.moment(moment)}{moment::%S}"


def _plain(text: str, catalogue: Catalogue) -> str:
    return catalogue.text(text) if isinstance(text, Message) else str(text)


def _readable_like(folder: Path) -> int:
    """Rights of a file that everybody may read who may read the folder, and only its owner write."""
    return stat.S_IMODE(folder.stat().st_mode) & 0o444 | stat.S_IRUSR | stat.S_IWUSR


def _unfit(path: Path) -> StatusError:
    return StatusError(
        message("The file {path} does not tell the state of a watched folder.", path=path),
        message("Delete it; efimport watch writes a new one."),
    )
