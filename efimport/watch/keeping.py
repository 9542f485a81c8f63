"""Looking after one watched folder: opened when it is there, looked at again and again, shown to people."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import msgspec

from efimport.delivery.stopping import Stop
from efimport.errors import UsageError
from efimport.journal import Place
from efimport.journal.network import network_file_system
from efimport.messages import Message, message
from efimport.settings import Organization
from efimport.watch.events import Event, EventKind
from efimport.watch.folders import Folders, stored
from efimport.watch.ground import Ground, Means
from efimport.watch.hints import Hints
from efimport.watch.owner import FolderHeldError, FolderOwner
from efimport.watch.presence import Presence, is_copy, remember_folder
from efimport.watch.settling import Settling
from efimport.watch.showing import Showing
from efimport.watch.watched import SOURCES, WatchedFolder

SLICE = 0.25
"""Seconds after which a wait looks whether somebody wants to stop."""

RENEWAL = 20.0
"""Seconds after which the record of the owner is renewed while files are worked on."""

PATIENCE_OF_ONE_RUN = 60.0
"""Seconds that a single run waits for files that still change."""


class Watched(msgspec.Struct, frozen=True):
    """A folder to be watched.

    Attributes:
        organization: whose documents are dropped there.
        root: where it is.
        within: the folder of all organizations that it is made in; None where it must be there.
    """

    organization: Organization
    root: Path
    within: Path | None = None


class Keeper:
    """Looks after one folder.

    Args:
        watched: the folder.
        means: what all folders have in common.
        poll: seconds between two looks, without listening to the system; None for the usual way.
        adopt: whether the folder that is there is the one that is meant, although its marker is missing.
    """

    def __init__(self, watched: Watched, means: Means, *, poll: float | None = None, adopt: bool = False) -> None:
        self._watched = watched
        self._means = means
        self._poll = poll
        self._adopt = adopt
        self._wake = threading.Event()
        self._show: Callable[[], None] = lambda: None

    def prepare(self) -> None:
        """Make the folder of an organization in that of all; one that was watched before may be away for a while.

        Raises:
            UsageError: a folder that was never watched is not there.
        """
        root, within = self._watched.root, self._watched.within
        if self._means.journal.files.identity(root) is not None or root.is_dir():
            return
        if within is None or not within.is_dir():
            raise UsageError(
                message("The folder {folder} is not there.", folder=stored(str(within or root))),
                message("Make it, or connect its share, and start again."),
            )
        folders = Folders(within, self._means.catalogue.language)
        folders.make_folder(root)

    def keep(self, *, once: bool = False) -> None:
        """Look after it until somebody wants to stop; or until all that is there is done.

        Raises:
            FolderHeldError: another watcher is at work on it.
            UsageError: it is a copy of another watched folder.
            FoldersError: its folders cannot be made.
            JournalError: the journal cannot be read or written at the start.
        """
        folders = Folders(self._watched.root, self._means.catalogue.language)
        known = self._means.journal.files.identity(self._watched.root)
        presence = Presence(folders, known, clock=self._means.clock)
        if self._adopt:
            identity = presence.found(self._watched.root) or known
            earlier = None if identity is None else self._means.journal.files.root_of(identity)
            presence.adopt(anew=is_copy(self._watched.root, identity, earlier))
        if not self._is_there(presence, once=once) or presence.identity is None:
            return
        remember_folder(self._means.journal.files, self._watched.root, presence.identity)
        owner = FolderOwner(clock=self._means.clock)
        ground = Ground(
            **vars(replace(self._means, stop=self._renewing(owner))),
            organization=self._watched.organization,
            folders=folders,
            identity=presence.identity,
        )
        with ExitStack() as stack:
            stack.enter_context(owner.taken(folders.root))
            folders.make()
            folder = WatchedFolder(
                ground, presence=presence, owner=owner, settling=self._settling(folders, once=once), every=self._every
            )
            self._listen(stack, ground, once=once)
            ground.happened(EventKind.STARTED, detail=stored(str(folders.root)))
            stack.callback(ground.happened, EventKind.STOPPED)
            whole = self._watched.within or folders.root
            showing = stack.enter_context(Showing(folder, every=self._every, whole=whole))
            self._show = showing.show
            showing.show()
            self._go_round(folder, showing, once=once)

    def _renewing(self, owner: FolderOwner) -> Stop:
        """The wish to stop, which is asked for during all waits: there the folder is kept as ours as well."""
        clock, last = self._means.clock, self._means.clock.monotonic()

        def stop() -> bool:
            nonlocal last
            if clock.monotonic() - last >= RENEWAL:
                last = clock.monotonic()
                try:
                    owner.beat()
                except FolderHeldError:
                    # The next look says who has it.
                    return True
                self._show()
            return self._means.stop()

        return stop

    @property
    def _every(self) -> float:
        """Seconds between two looks where nothing happens."""
        if self._poll is not None:
            return self._poll
        watching = self._means.watching
        return watching.scan_every_share if self._on_share(self._watched.root) else watching.scan_every

    @staticmethod
    def _on_share(folder: Path) -> bool:
        return network_file_system(folder) is not None

    def _settling(self, folders: Folders, *, once: bool) -> dict[Place, Settling]:
        watching = self._means.watching
        return {
            place: Settling(
                clock=self._means.clock,
                quiet=watching.settle_time_share if self._on_share(folders.path(place)) else watching.settle_time,
                unfinished=watching.unfinished_after,
                pair=watching.pair_time,
                single=once,
            )
            for place in SOURCES
        }

    def _listen(self, stack: ExitStack, ground: Ground, *, once: bool) -> None:
        """What the system tells of changes brings the next look forward; without it only the looks count."""
        if once or self._poll is not None:
            return
        folders = [ground.folders.path(place) for place in SOURCES]
        hints = Hints(
            folders,
            self._wake,
            lambda said: ground.happened(EventKind.TROUBLE, detail=said),
            own=[ground.notice.name],
        )
        hints.start()
        stack.callback(hints.stop)

    def _is_there(self, presence: Presence, *, once: bool) -> bool:
        """Waits for a folder that is away at the start."""
        told: Message | None = None
        while not self._means.stop():
            away = presence.check()
            if away is None:
                return True
            if told is None:
                told = away
                name = self._watched.organization.name
                self._means.tell(Event(at=self._means.now, kind=EventKind.AWAY, organization=name, detail=away))
            if once:
                return False
            self._wait(self._every)
        return False

    def _go_round(self, folder: WatchedFolder, showing: Showing, *, once: bool) -> None:
        clock = self._means.clock
        quiet_since, done = clock.monotonic(), folder.done
        while not self._means.stop():
            self._wake.clear()
            look = folder.look()
            showing.show()
            if folder.done != done:
                quiet_since, done = clock.monotonic(), folder.done
            if once and not (look.pending and clock.monotonic() - quiet_since < PATIENCE_OF_ONE_RUN):
                folder.tell_left_behind()
                return
            self._wait(look.next)

    def _wait(self, seconds: float) -> None:
        end = self._means.clock.monotonic() + seconds
        while not self._means.stop() and (rest := end - self._means.clock.monotonic()) > 0:
            if self._wake.wait(min(rest, SLICE)):
                return
