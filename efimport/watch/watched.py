"""One watched folder: look, take what is complete, decide, send, put away; again and again.

A full look at the folders is the truth; what the system tells of changes only brings the next look forward. Everything
that is decided stands in the journal before it is done, so that the work can end at any point and go on from there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePosixPath

import msgspec

from efimport.errors import EfimportError, JournalHeldError, LoginError
from efimport.journal import DroppedFile, FileStage, Place
from efimport.messages import message
from efimport.sources.folders import shown
from efimport.watch.batch import Batch, Remark
from efimport.watch.doubts import Doubts
from efimport.watch.endings import End
from efimport.watch.events import EventKind
from efimport.watch.faults import AwayError
from efimport.watch.finishing import Ending, Finisher, told_of
from efimport.watch.ground import Ground
from efimport.watch.moving import MoveError, remove_page
from efimport.watch.owner import FolderOwner
from efimport.watch.portions import apart, once_a_name, some_of
from efimport.watch.presence import Presence
from efimport.watch.reconciling import Reconciler, under_way
from efimport.watch.scanning import Listing, Seen, scan
from efimport.watch.settling import Arriving, Looked, Settled, Settling
from efimport.watch.taking import Taken, Taker
from efimport.watch.transfers import transfers
from efimport.watch.troubles import Troubles

SOURCES = (Place.INBOX, Place.APPROVE)
WORTH_WAITING = 60.0
"""Seconds that are waited for a file to settle by who looks only once."""

_SOON = 0.05
_OF_A_FILE = "file "
_AT_WORK = (FileStage.TAKEN, FileStage.APPROVED, FileStage.MOVING)


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What one look brought.

    Attributes:
        there: whether the folder is there.
        arriving: files that are not complete, or wait for another one.
        waiting: approved files that wait for the service.
        left_alone: names that are nobody's documents.
        next: seconds until the next look is due; 0 where there is more to do at once.
        pending: whether files will be ready by themselves in a while.
    """

    there: bool = True
    arriving: tuple[Arriving, ...] = ()
    waiting: tuple[DroppedFile, ...] = ()
    left_alone: tuple[str, ...] = ()
    next: float = 0.0
    pending: bool = False


class WatchedFolder:
    """The work on a watched folder of one organization.

    Args:
        ground: the folder and what is needed to work on it.
        presence: tells a share that is away from an empty one.
        owner: renewed at each look.
        settling: judges, for each folder that files come from, which of them are complete.
        every: seconds between two looks where nothing happens.

    Attributes:
        troubles: what keeps it from its work.
        last: the last look.
        done: counts the files that were worked on.
    """

    def __init__(
        self,
        ground: Ground,
        *,
        presence: Presence,
        owner: FolderOwner,
        settling: dict[Place, Settling],
        every: float,
    ) -> None:
        self.ground = ground = replace(ground, away=presence.check)
        self.troubles = Troubles(ground)
        self.last = Look()
        self.done = 0
        self._presence = presence
        self._owner = owner
        self._settling = settling
        self._every = every
        self._reconciler = Reconciler(ground)
        self._doubts = Doubts(ground)
        self._taken: dict[str, tuple[int, int, int]] = {}
        self._reported: set[str] = set()
        self._tidied = False
        self._remarks: dict[int, Remark] = {}
        self._unmoved = 0
        self._new_first = False

    def look(self) -> Look:
        """Look once, and do what is to be done; at most so many files that it is looked again soon.

        Raises:
            FolderHeldError: another watcher has taken the folder.
        """
        away = self._presence.check()
        if away is not None:
            self.troubles.came("away", away)
            self._reconciler.forget()
            self.last = Look(there=False, next=self._every)
            return self.last
        self.troubles.went("away")
        self._owner.beat()
        try:
            self._tidy_up()
            self.last = self._look()
        except JournalHeldError as held:
            self.troubles.came("journal", held)
            # Who looks only once waits for the other process, too.
            self.last = msgspec.structs.replace(self._again_later(), pending=True)
        except (EfimportError, OSError) as fault:
            self.troubles.came("folder", fault)
            self.last = self._again_later()
        return self.last

    def tell_left_behind(self) -> None:
        """What is not complete, said at the end of a single run: the next one looks at it again."""
        for one in self.last.arriving:
            if not one.reported:
                self.ground.happened(EventKind.ARRIVING, file=self._lies(one.seen), detail=one.reason)

    def _tidy_up(self) -> None:
        """Once, as soon as nobody else has the journal: what a crash has left in its spool goes."""
        if not self._tidied:
            with suppress(JournalHeldError), self.ground.journal.owned():
                self._tidied = True

    def _again_later(self) -> Look:
        return msgspec.structs.replace(self.last, next=min(self._every, self.troubles.pause), pending=False)

    def _look(self) -> Look:
        open_files = self.ground.journal.files.open(self.ground.identity)
        self.ground.folders.make()
        listings = {place: scan(self.ground.folders.path(place)) for place in SOURCES}
        away = self._presence.check()
        if away is not None:
            # What was learnt while the share went away is no truth.
            return Look(there=False, next=self._every)
        at_work = {file.lies for file in open_files if file.stage in _AT_WORK}
        new = {place: self._without(listings[place], at_work) for place in SOURCES}
        looked = {place: self._settling[place].look(new[place]) for place in SOURCES}
        settled = [(place, one) for place in SOURCES for one in looked[place].settled if not self._rests(one)]
        arriving = tuple(one for place in SOURCES for one in self._arriving(place, looked[place], listings[place]))
        self._tell_unfinished(arriving)
        self._tell_faults(listings.values())
        more = False
        missing = self._reconciler.missing(open_files)
        closed = self._reconciler.close(open_files, {seen.size for place in SOURCES for seen in new[place].files})
        if not self._offline and self._doubts.are_due(open_files):
            with self.ground.journal.owned():
                self._told_by(self._doubts.ask(), online=True)
        if self._reconciler.settled_elsewhere(open_files) or closed:
            open_files = self.ground.journal.files.open(self.ground.identity)
        self._remove_pages(listings.values())
        if settled or self._is_work(open_files, missing):
            with self.ground.journal.owned():
                more = self._work(settled, open_files)
        self.troubles.went("journal", "folder")
        waiting = self.ground.journal.files.open(self.ground.identity, stages=[FileStage.APPROVED])
        if not waiting and all(file.stage is not FileStage.ASKED for file in open_files):
            # What nothing waits for is tried at once by the next file.
            self.troubles.forget("service", "login")
        times = [one.next_look for one in looked.values() if one.next_look is not None]
        if self._reconciler.next_close is not None:
            times.append(self._reconciler.next_close)
        return Look(
            arriving=arriving,
            waiting=waiting,
            left_alone=tuple(name for listing in listings.values() for name in listing.left_alone),
            next=_SOON if more else min([self._every, *times, *([self.troubles.pause] if waiting else [])]),
            pending=more or (bool(times) and min(times) <= WORTH_WAITING),
        )

    def _without(self, listing: Listing, at_work: Collection[str]) -> Listing:
        """The listing without the files that are being worked on and have not changed since they were taken."""
        new = []
        for seen in listing.files:
            lies = self._lies(seen)
            if lies not in at_work or self._taken.get(lies) != _signature(seen):
                new.append(seen)
        return msgspec.structs.replace(listing, files=tuple(new))

    def _arriving(self, place: Place, looked: Looked, listing: Listing) -> Iterable[Arriving]:
        """The files that are not complete, under their own names and under those of their programs."""
        now, after = self.ground.clock.time(), self.ground.watching.unfinished_after
        yield from looked.arriving
        yield from transfers(self.ground.folders.path(place), listing, now=now, unfinished=after)

    def _rests(self, settled: Settled) -> bool:
        """Whether a file could not be read a moment ago; it must not stand in the way of the others."""
        return self.troubles.rests(_trouble_of(settled.seen))

    def _lies(self, seen: Seen) -> str:
        return self.ground.relative(seen.path)

    def _tell_unfinished(self, arriving: Iterable[Arriving]) -> None:
        """Each unfinished file is told once."""
        reported = {self._lies(one.seen): one for one in arriving if one.reported}
        for lies in sorted(reported.keys() - self._reported):
            self.ground.happened(EventKind.UNFINISHED, file=lies, detail=reported[lies].reason)
        self._reported = set(reported)

    def _tell_faults(self, listings: Collection[Listing]) -> None:
        """What is not looked at is told: a second folder for the same files, what cannot be read, and links.

        What is gone troubles nobody any more.
        """
        if self.ground.folders.remarks:
            self.troubles.came("folders", self.ground.folders.remarks[0])
        else:
            self.troubles.went("folders")
        root = shown(self.ground.folders.root) + "/"
        faults = {f"{_OF_A_FILE}{found.location.path}": found for listing in listings for found in listing.faults}
        for kind, found in faults.items():
            fault = EfimportError(found.message, found.hint)
            self.troubles.came(kind, fault, file=(found.location.path or "").removeprefix(root))
        there = faults.keys() | {_trouble_of(seen) for listing in listings for seen in listing.files}
        self.troubles.went(
            *(kind for kind in tuple(self.troubles.now) if kind.startswith(_OF_A_FILE) and kind not in there)
        )

    def _remove_pages(self, listings: Iterable[Listing]) -> None:
        """A page that a person moved along with its document has served its purpose; one moved alone goes back."""
        for page in (page for listing in listings for page in listing.pages):
            if page.path != self.ground.notice and not self._put_back(page):
                remove_page(page.path, disk=self.ground.disk)

    def _put_back(self, page: Seen) -> bool:
        """Whether the page belongs beside a document that is still where it was, and lies there again."""
        name = PurePosixPath(page.name).name
        for file in self.ground.journal.files.list(self.ground.identity, text=PurePosixPath(name).stem):
            place = self.ground.path(file.page) if file.page else None
            if place is not None and place.name == name and not place.exists() and self.ground.lies_there(file):
                page.path.rename(place)
                return True
        return False

    # Work

    def _is_work(self, open_files: Sequence[DroppedFile], missing: Collection[int]) -> bool:
        return any(self._is_due(file, missing) for file in open_files)

    def _is_due(self, file: DroppedFile, missing: Collection[int]) -> bool:
        if file.stage is FileStage.MOVING:
            return not self.troubles.rests("moving")
        if file.stage is FileStage.APPROVED:
            return not self._offline and self._can_be_sent(file)
        return file.stage is FileStage.TAKEN and file.id not in missing and file.lies in self._taken

    def _can_be_sent(self, file: DroppedFile) -> bool:
        return self.ground.lies_there(file) or under_way(self.ground, file)

    def _work(self, settled: Sequence[tuple[Place, Settled]], open_files: Sequence[DroppedFile]) -> bool:
        """Returns whether there is more to do at once."""
        self._finish_moves(open_files)
        some = some_of(settled, _name_of)
        self._take(some, open_files)
        ready = self._ready()
        batch = some_of(once_a_name(ready), lambda file: file.name)
        if batch:
            self._run(self._with_companions(batch))
        return len(some) < len(settled) or len(batch) < len(ready)

    def _finish_moves(self, open_files: Sequence[DroppedFile]) -> None:
        moving = [file for file in open_files if file.stage is FileStage.MOVING]
        if moving and self.troubles.rests("moving"):
            return
        self._unmoved = 0
        for some in apart(moving):
            Batch(self.ground, some, on_fault=self._not_moved, online=False, remarks=self._remarks).finish_moves()
        if not self._unmoved:
            self.troubles.went("moving")

    def _take(self, settled: Sequence[tuple[Place, Settled]], open_files: Sequence[DroppedFile]) -> None:
        taker = Taker(self.ground, open_files)
        # Of two copies the one that came first is the document.
        for place, one in sorted(settled, key=lambda taken: taken[1].seen.changed):
            if self.ground.stop():
                return
            try:
                taken = taker.take(one.seen, place)
            except FileNotFoundError:
                # A person took it away at this moment.
                continue
            except (OSError, MoveError) as fault:
                self.troubles.came(_trouble_of(one.seen), fault, file=self._lies(one.seen))
                continue
            self.troubles.went(_trouble_of(one.seen))
            self._settling[place].forget(one.seen.name)
            if taken is not None:
                if one.note is not None:
                    self._remarks[taken.file.id] = Remark(one.note, one.end is End.MISSING)
                self._taken[taken.file.lies] = _signature(one.seen)
                self._after_taking(taken)

    def _after_taking(self, taken: Taken) -> None:
        if taken.twin is not None:
            earlier = told_of(self.ground, taken.twin)
            reason = message("The same file as {name}.", name=earlier.name)
            ending = Ending(place=Place.DUPLICATES, reason=reason, earlier=earlier)
            try:
                Finisher(self.ground).finish([taken.file], ending)
            except MoveError as fault:
                self._not_moved([taken.file], fault)

    def _ready(self) -> list[DroppedFile]:
        """Files to be worked on: approved ones, where the service is asked now, and new ones; by turns either first."""
        open_files = self.ground.journal.files.open(self.ground.identity, stages=_AT_WORK)
        approved = [file for file in open_files if file.stage is FileStage.APPROVED and not self._offline]
        new = [file for file in open_files if file.stage is FileStage.TAKEN and file.lies in self._taken]
        kinds = [
            [file for file in approved if self._can_be_sent(file)],
            [file for file in new if self.ground.lies_there(file)],
        ]
        self._new_first = not self._new_first
        ready = [file for kind in (kinds[::-1] if self._new_first else kinds) for file in kind]
        self._taken = {file.lies: self._taken[file.lies] for file in open_files if file.lies in self._taken}
        self._remarks = {file.id: self._remarks[file.id] for file in open_files if file.id in self._remarks}
        return ready

    def _with_companions(self, batch: Sequence[DroppedFile]) -> list[DroppedFile]:
        files = {file.id: file for file in batch}
        for file in batch:
            if file.stage is FileStage.APPROVED:
                for companion in self.ground.journal.files.led_by(file.lead or file.id):
                    if companion.stage is FileStage.APPROVED:
                        files[companion.id] = companion
        return once_a_name(list(files.values()))

    def _run(self, files: Sequence[DroppedFile]) -> None:
        self.done += len(files)
        online = not self._offline
        batch = Batch(self.ground, files, on_fault=self._not_moved, online=online, remarks=self._remarks)
        self._told_by(batch.run(), online=online)

    def _told_by(self, stopped: EfimportError | None, *, online: bool) -> None:
        """What sending has shown of the service."""
        if stopped is not None:
            # A wrong password is not tried again and again: the service may lock the user.
            self.troubles.came("login" if isinstance(stopped, LoginError) else "service", stopped)
        elif online:
            self.troubles.went("service", "login")

    @property
    def _offline(self) -> bool:
        return self.troubles.rests("service") or self.troubles.rests("login")

    def _not_moved(self, files: Sequence[DroppedFile], fault: EfimportError) -> None:
        self._unmoved += 1
        if not isinstance(fault, AwayError):
            self.troubles.came("moving", fault, file=files[0].lies)


def _trouble_of(seen: Seen) -> str:
    return f"{_OF_A_FILE}{seen.path}"


def _signature(seen: Seen) -> tuple[int, int, int]:
    return seen.size, seen.modified, seen.inode


def _name_of(settled: tuple[Place, Settled]) -> str:
    place, one = settled
    return f"{place}/{one.seen.name}"
