"""The folders of a watched folder without watching: what a person imports is put where it shows what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import msgspec

from efimport.api.clock import Clock
from efimport.delivery.known import known_outcome, newest_entry
from efimport.errors import EfimportError, UsageError
from efimport.journal import DroppedFile, FileStage, Place, Stage
from efimport.messages import message
from efimport.planning.model import Outcome, Plan, State
from efimport.planning.parts import files_together, keys_of, outcomes_of, part_of, single_outcomes
from efimport.report.build import build_report
from efimport.settings import Organization
from efimport.sources import Source
from efimport.watch import finishing
from efimport.watch.batch import Batch
from efimport.watch.deciding import all_twins, place_after
from efimport.watch.endings import PROVED, Ending, end_of
from efimport.watch.folders import Folders, plan_name, stored
from efimport.watch.ground import Ground, Means
from efimport.watch.owner import FolderOwner
from efimport.watch.portions import apart
from efimport.watch.presence import MARKER, Presence, is_copy, remember_folder
from efimport.watch.scanning import Listing, Seen, scan
from efimport.watch.settling import Arriving, Settling
from efimport.watch.taking import Taker

QUIET = 1.0
"""Seconds for which a file must not change: a person who starts an import has copied everything."""


class Gathered:
    """The files in a folder that a person names.

    Where the folder is a watched one, or the inbox of one, its inbox is meant; else the files lie in it as they are,
    and the folders for what becomes of them are made beside them.

    Args:
        folder: the folder.
        language: of the names of folders.
        clock: the time.

    Attributes:
        folders: the folders for what becomes of the files.
        left: files that are not complete; they stay where they are.
        passed_over: files in folders that have the names of ours although nothing was ever put into them by us; they
            are not looked at.
    """

    def __init__(self, folder: Path, language: str, clock: Clock) -> None:
        self.folders, self._source = _folders_of(folder.absolute(), language)
        self.left: tuple[Arriving, ...] = ()
        self.passed_over: tuple[str, ...] = ()
        self.seen: dict[str, Seen] = {}
        self._clock = clock

    def sources(self) -> list[Source]:
        """The files that are complete, as sources of a plan; a moment is waited for those that still change.

        Raises:
            OSError: the folder cannot be listed.
        """
        settling = Settling(clock=self._clock, quiet=QUIET, pair=0.0, end_of=_as_it_is)
        looked = settling.look(self._listing())
        for _ in range(3):
            if looked.next_look is None or looked.next_look > 2 * QUIET:
                break
            self._clock.sleep(looked.next_look + 0.01)
            looked = settling.look(self._listing())
        self.left = looked.arriving
        self.seen = {plan_name(stored(one.seen.name)): one.seen for one in looked.settled}
        return [Source(name, file=seen.path) for name, seen in self.seen.items()]

    def _listing(self) -> Listing:
        """The files that are meant: without what lies in the folders of the settled ones."""
        listing = scan(self._source)
        if self._source != self.folders.root:
            return listing
        ours = {self.folders.path(place).name for place in Place}
        files = tuple(seen for seen in listing.files if seen.name.split("/", 1)[0] not in ours)
        if not (self.folders.root / MARKER).exists():
            meant = {seen.name for seen in files}
            self.passed_over = tuple(seen.name for seen in listing.files if seen.name not in meant)
        return msgspec.structs.replace(listing, files=files)


def finish_begun(folders: Folders, organization: Organization, means: Means) -> list[EfimportError]:
    """Finish what an import that ended in the middle has begun to put away.

    Returns:
        why files could not be moved.

    Raises:
        FolderHeldError: somebody watches the folder.
        JournalHeldError: another process works with the journal.
        JournalError: the journal cannot be read or written.
    """
    identity = means.journal.files.identity(folders.root)
    moving = means.journal.files.open(identity, stages=[FileStage.MOVING]) if identity is not None else ()
    if identity is None or not moving:
        return []
    faults: list[EfimportError] = []
    ground = Ground(**vars(means), organization=organization, folders=folders, identity=identity)
    with FolderOwner(clock=means.clock).taken(folders.root), means.journal.owned():
        for some in apart(moving):
            Batch(ground, some, on_fault=lambda _, fault: faults.append(fault), online=False, remarks={}).finish_moves()
    return faults


class ByHand:
    """Puts files that were imported where they show what became of them.

    Args:
        gathered: the files.
        organization: whose documents these are.
        means: as for watching.

    Raises:
        UsageError: the folder is not the one that it was.
        FolderHeldError: somebody watches it.
    """

    def __init__(self, gathered: Gathered, organization: Organization, means: Means) -> None:
        self._gathered = gathered
        self._taken: dict[str, DroppedFile] = {}
        root, known = gathered.folders.root, means.journal.files
        presence = Presence(gathered.folders, known.identity(root), clock=means.clock)
        identity = presence.found(root)
        if identity is not None and is_copy(root, identity, known.root_of(identity)):
            # Whoever names a copy of another folder means this one.
            presence.adopt(anew=True)
        away = presence.check()
        if away is not None or presence.identity is None:
            raise UsageError(away or message("The folder is not there."), presence.hint)
        remember_folder(known, root, presence.identity)
        self._stack = ExitStack()
        self._stack.enter_context(FolderOwner(clock=means.clock).taken(root))
        self._ground = Ground(
            **vars(means), organization=organization, folders=gathered.folders, identity=presence.identity
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        self._stack.close()

    def take(self, plan: Plan) -> None:
        """The bytes of the files that were planned go into the journal's spool, before anything is sent.

        Raises:
            JournalError: they cannot be stored.
            OSError: a file cannot be read.
        """
        files = self._ground.journal.files
        taker = Taker(self._ground, files.open(self._ground.identity))
        digests = {source.path: source.sha256 for source in plan.sources}
        for name, seen in self._gathered.seen.items():
            taken = taker.take(seen, Place.INBOX)
            if taken is not None and taken.file.sha256 == digests.get(name):
                self._taken[name] = taken.file

    def put_away(self, plan: Plan, outcomes: Iterable[Outcome]) -> list[EfimportError]:
        """Each file goes to the folder that shows what became of it; what was not sent stays where it is.

        Returns:
            why files could not be moved.

        Raises:
            JournalError: the journal cannot be written.
        """
        by_key = {one.call.key: one for one in single_outcomes(outcomes)}
        finisher, faults = finishing.Finisher(self._ground), []
        for names in files_together(plan):
            files = [self._taken[name] for name in names if name in self._taken]
            part = part_of(plan, names)
            keys = keys_of(part)
            known_of = {key: self._of_these(by_key[key], files) for key in keys if key in by_key}
            report = build_report(
                part,
                outcomes_of(part, known_of),
                dry_run=False,
                catalogue=self._ground.catalogue,
                made_at=self._ground.now,
            )
            copied = not part_of(plan, names, sending=True).calls and all_twins(report)
            place = Place.DUPLICATES if copied else place_after(report)
            if not files or place is None:
                continue
            try:
                self._ground.folders.make_folder(self._ground.folders.path(place))
                finisher.finish(finishing.going_together(files, keys=keys), finishing.Ending.at(place, report))
            except EfimportError as fault:
                faults.append(fault)
        return faults

    def _of_these(self, outcome: Outcome, files: Sequence[DroppedFile]) -> Outcome:
        """The outcome; of what these very files brought in an import that ended before, that they brought it."""
        if outcome.state is not State.SKIPPED:
            return outcome
        entry = newest_entry(self._ground.journal, outcome.call)
        if entry is None or entry.stage is not Stage.ACCEPTED:
            return outcome
        brought = any(file.sha256 == entry.source_sha256 and file.arrived <= entry.created for file in files)
        return known_outcome(outcome.call, entry) if brought else outcome


def _folders_of(folder: Path, language: str) -> tuple[Folders, Path]:
    """The folders that are meant by a folder that a person names, and the one that the files lie in."""
    folders = Folders(folder, language)
    if (folder / MARKER).exists() and folders.path(Place.INBOX).is_dir():
        return folders, folders.path(Place.INBOX)
    above = Folders(folder.parent, language)
    if (folder.parent / MARKER).exists() and above.path(Place.INBOX) == folder:
        return above, folder
    return folders, folder


def _as_it_is(path: Path, size: int) -> Ending:
    """An empty file is a placeholder; everything else is read as it is, because a person asks for it."""
    return PROVED if size else end_of(path, size)
