"""Showing how a watched folder stands: a file for programs and a page for people, both in the folder itself."""

from __future__ import annotations

import datetime as dt
import io
import os
import socket
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec

from efimport import __version__
from efimport.errors import EfimportError
from efimport.journal import DroppedFile, FileStage, Place
from efimport.messages import message
from efimport.report.overview import Group, Item, Overview, Standing, Trouble, write_overview
from efimport.watch.beside import remove_page, write_beside
from efimport.watch.settling import Arriving
from efimport.watch.status import NAMES_KEPT, STATUS_NAME, OrganizationStatus, Status
from efimport.watch.watched import WatchedFolder

HEARTBEAT = 30.0
"""Seconds after which it is shown that somebody watches, although nothing has changed."""

_BY_STAGE = {
    FileStage.APPROVED: Standing.WAITING,
    FileStage.TAKEN: Standing.ARRIVING,
    FileStage.WAITING: Standing.REVIEW,
    FileStage.ASKED: Standing.UNKNOWN,
}
_SETTLED = {
    Place.REJECTED: Standing.REJECTED,
    Place.DUPLICATES: Standing.DUPLICATES,
    Place.SENT: Standing.SENT,
}


class Showing:
    """Writes both, whenever something has changed.

    Args:
        folder: the watched folder.
        every: seconds between two looks at it.
        whole: the folder of all organizations that it lies in; itself where there is none.
    """

    def __init__(self, folder: WatchedFolder, *, every: float, whole: Path) -> None:
        self._folder = folder
        self._ground = folder.ground
        self._every = every
        self._whole = whole
        self._since = self._ground.now
        self._sequence = 0
        self._busy = threading.Lock()
        self._shown: tuple[object, ...] = ()
        self._shown_at = float("-inf")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        if self._folder.last.there:
            self._write(stopped=self._ground.now)

    def show(self) -> None:
        """Write them where something has changed, or where nothing was written for a while.

        Nothing is written where the folder is away. A disk that is full hinders more important things, which are told.
        """
        # A long wait for the service is also shown, from any thread; once is enough.
        if not self._folder.last.there or not self._busy.acquire(blocking=False):
            return
        try:
            self._show_changes()
        finally:
            self._busy.release()

    def _show_changes(self) -> None:
        now = self._ground.clock.monotonic()
        state = self._state()
        if state != self._shown or now - self._shown_at >= min(HEARTBEAT, self._every):
            self._shown, self._shown_at = state, now
            self._write()

    def _state(self) -> tuple[object, ...]:
        """What people would notice."""
        last = self._folder.last
        return (
            self._folder.done,
            tuple((one.seen.name, one.reported, one.reason) for one in last.arriving[:NAMES_KEPT]),
            len(last.arriving),
            tuple(file.id for file in last.waiting),
            tuple((kind, trouble.text) for kind, trouble in self._folder.troubles.now.items()),
        )

    def _write(self, stopped: dt.datetime | None = None) -> None:
        if self._ground.away() is not None:
            return
        self._sequence += 1
        status = self._status(stopped)
        root, catalogue = self._ground.folders.root, self._ground.catalogue
        with suppress(OSError, EfimportError):
            status.write(root / STATUS_NAME, catalogue)
            self._write_page(root / catalogue.text(message("status.html")), status.overviews(self._ground.now))
            self._write_notice(status)

    def _write_page(self, path: Path, overviews: Sequence[Overview]) -> None:
        page = io.StringIO()
        write_overview(overviews, self._ground.catalogue.language, page)
        write_beside(path, page.getvalue().encode(), None, disk=self._ground.disk)

    def _write_notice(self, status: Status) -> None:
        """A page in the inbox itself, where people look for what they dropped, as long as something is stuck there."""
        path = self._ground.notice
        stuck = status.total(Standing.UNFINISHED) or status.troubles
        if not stuck or status.stopped is not None:
            remove_page(path, disk=self._ground.disk)
            return
        shown = (Standing.UNFINISHED, Standing.WAITING, Standing.ARRIVING)
        overviews = [
            msgspec.structs.replace(one, groups=tuple(group for group in one.groups if group.standing in shown))
            for one in status.overviews(self._ground.now)
        ]
        self._write_page(path, overviews)

    def _status(self, stopped: dt.datetime | None) -> Status:
        ground, now = self._ground, self._ground.now
        groups = {group.standing: group for group in self._groups(now)}
        sent = groups[Standing.SENT].items
        folders = {place: ground.folders.path(place).name for place in Place}
        return Status(
            version=__version__,
            pid=os.getpid(),
            host=socket.gethostname(),
            since=self._since,
            written=now,
            mode=ground.watching.mode,
            folder=str(self._whole),
            scan_every=self._every,
            last_scan=now,
            last_sent=sent[0].since if sent else None,
            sequence=self._sequence,
            stopped=stopped,
            troubles=tuple(self._troubles()),
            organizations=(
                OrganizationStatus.of(ground.organization.name, str(ground.folders.root), folders, groups.values()),
            ),
        )

    def _troubles(self) -> Iterator[Trouble]:
        for trouble in self._folder.troubles.now.values():
            yield Trouble(
                text=trouble.text,
                since=trouble.since,
                remedy=trouble.hint,
                organization=self._ground.organization.name,
            )

    def _groups(self, now: dt.datetime) -> Iterator[Group]:
        """Of each group all are counted and the last that came are named: thousands may wait for a person."""
        files, identity = self._ground.journal.files, self._ground.identity
        items: dict[Standing, list[Item]] = {standing: [] for standing in Standing if standing not in _SETTLED.values()}
        totals = Counter[Standing]()
        counts = files.open_counts(identity)
        for stage, standing in _BY_STAGE.items():
            totals[standing] += counts.get(stage, 0)
            if counts.get(stage):
                items[standing] += [_item(file) for file in files.list(identity, stage=stage, limit=NAMES_KEPT)]
        for one in reversed(self._folder.last.arriving):
            standing = Standing.UNFINISHED if one.reported else Standing.ARRIVING
            totals[standing] += 1
            if len(items[standing]) < NAMES_KEPT:
                items[standing].append(self._item_of_arriving(one, now))
        for standing, named in items.items():
            yield Group(standing=standing, total=totals[standing], items=tuple(named))
        yield from self._settled(now)

    def _item_of_arriving(self, one: Arriving, now: dt.datetime) -> Item:
        since = now - dt.timedelta(seconds=one.since)
        return Item(name=self._ground.relative(one.seen.path), since=since, reason=one.reason)

    def _settled(self, now: dt.datetime) -> Iterator[Group]:
        month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(dt.UTC).isoformat()
        counts = self._ground.journal.files.counts(self._ground.identity, since=month)
        for place, standing in _SETTLED.items():
            items: Iterable[DroppedFile] = ()
            if counts.get(place):
                items = self._ground.journal.files.list(
                    self._ground.identity, place=place, stage=FileStage.SETTLED, since=month, limit=NAMES_KEPT
                )
            yield Group(standing=standing, total=counts.get(place, 0), items=tuple(_item(file) for file in items))


def _item(file: DroppedFile) -> Item:
    return Item(
        name=file.lies,
        since=dt.datetime.fromisoformat(file.changed).astimezone(),
        reason=file.because,
        page=file.page if file.stage is not FileStage.APPROVED else None,
    )
