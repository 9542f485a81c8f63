"""Putting files where they show what became of them, each with the page beside it."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

import msgspec

from efimport.errors import JournalError
from efimport.journal import DroppedFile, Entry, FileChange, FileStage, Place, Stage
from efimport.journal.dropped import FINAL
from efimport.journal.places import BY_MONTH
from efimport.messages import Message, message
from efimport.planning.model import State
from efimport.report.model import Report
from efimport.report.page import Earlier, FilePage, write_page
from efimport.watch.deciding import contents, why
from efimport.watch.events import EventKind
from efimport.watch.folders import folded, free_name, named, page_name, stored
from efimport.watch.ground import Ground, digest_of
from efimport.watch.moving import TakenError, put_in_place, remove_page, write_beside
from efimport.watch.reconciling import entries_of

MOST_NAMES = 1000
"""Names that are tried for one file before it counts as a fault."""

_STAGE_AT = {Place.REVIEW: FileStage.WAITING, Place.UNKNOWN: FileStage.ASKED}
_AT_REST = (FileStage.WAITING, FileStage.ASKED, FileStage.SETTLED)
_EVENT_AT = {
    Place.REVIEW: EventKind.REVIEW,
    Place.SENT: EventKind.SENT,
    Place.REJECTED: EventKind.REJECTED,
    Place.DUPLICATES: EventKind.DUPLICATE,
    Place.UNKNOWN: EventKind.UNKNOWN,
}


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How the work on files that go together ended.

    Attributes:
        place: the folder that they go to.
        reason: why, in one sentence.
        report: of these files alone; None for a copy of an earlier file.
        earlier: the file that a copy is one of.
        notes: what a person should know besides.
    """

    place: Place
    reason: Message | str | None = None
    report: Report | None = None
    earlier: Earlier | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def at(cls, place: Place, report: Report) -> Ending:
        """The ending of files that the report is of: of what was sent it says what, of all else why."""
        return cls(place=place, reason=contents(report) if place is Place.SENT else why(report), report=report)


class Finisher:
    """Moves files and writes pages.

    Args:
        ground: the watched folder.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def finish(self, files: Sequence[DroppedFile], ending: Ending) -> list[DroppedFile]:
        """Move files that go together, the leading one first; the journal says before where to.

        Raises:
            MoveError: one cannot be moved now; the journal knows where to, and the same again finishes it.
            FoldersError: a folder cannot be made.
            AwayError: the folder went away; nothing was decided.
            JournalError: the journal cannot be written.
        """
        self._ground.check_there()
        return self.go_on(self._announced(files, ending), ending, again=False)

    def go_on(self, moving: Sequence[DroppedFile], ending: Ending, *, again: bool = True) -> list[DroppedFile]:
        """The same of files whose targets are in the journal already; ``again`` where the move was begun before."""
        ended = [self._moved(file, again=again) for file in moving]
        # The page of a file that goes along was written with the one that leads.
        if ended[0].lead is None:
            self._write_page(ended, ending)
        self._enter_filed(ended)
        settled = self._ground.journal.files.change_together([_arrival(file, ended[0]) for file in ended])
        for file, done in zip(ended, settled, strict=True):
            self._ground.happened(_EVENT_AT[file.place], file=file.lies, to=done.lies, detail=ending.reason or "")
        for done in settled:
            if done.stage is FileStage.SETTLED:
                self._ground.journal.forget_file(done.sha256)
        return list(settled)

    def _enter_filed(self, files: Sequence[DroppedFile]) -> None:
        """What these files brought to the service has found its place, too."""
        digests = {file.sha256 for file in files}
        entries = entries_of(self._ground, tuple({key for file in files for key in file.keys}))
        brought = [one.id for one in entries if one.stage is Stage.ACCEPTED and one.source_sha256 in digests]
        if brought:
            self._ground.journal.filed_all(brought)

    # Names

    def _announced(self, files: Sequence[DroppedFile], ending: Ending) -> list[DroppedFile]:
        """Enters where each file and its page will lie; at once, so that what goes together stays together."""
        targets = self._targets(files, ending.place)
        page = self._page_of(targets[0])
        changes = []
        for file, target in zip(files, targets, strict=True):
            self._ground.remove_page_of(file, along=files)
            values = {
                "place": ending.place,
                "target": self._ground.relative(target),
                "page": self._ground.relative(page),
                "keys": file.keys,
                "plan": file.plan,
                "lead": file.lead,
            }
            changes.append(FileChange(file, FileStage.MOVING, ending.reason, values))
        return list(self._ground.journal.files.change_together(changes))

    def _targets(self, files: Sequence[DroppedFile], place: Place) -> list[Path]:
        base = self._ground.folders.path(place)
        if place in BY_MONTH:
            base = self._ground.folders.month(place, self._ground.now.date())
        chosen: list[Path] = []
        taken = {folded(PurePosixPath(named(file.target)).name) for file in self._on_their_way() if file.target}
        for file in files:
            inside = PurePosixPath(named(file.name))
            folder = base.joinpath(*inside.parent.parts)
            self._ground.folders.make_folder(folder)
            self._remove_stale(folder / page_name(inside.name))
            name = free_name(folder, inside.name, taken=taken, with_page=not chosen)
            taken.add(folded(name))
            chosen.append(folder / name)
        return chosen

    def _remove_stale(self, page: Path) -> None:
        """A page whose documents a person took away stands in the way of the next one of that name."""
        of_page = self._ground.journal.files.with_page(self._ground.identity, self._ground.relative(page))
        if not any(self._ground.lies_there(file) for file in of_page):
            remove_page(page, disk=self._ground.disk)

    def _on_their_way(self) -> Sequence[DroppedFile]:
        return self._ground.journal.files.open(self._ground.identity, stages=[FileStage.MOVING])

    @staticmethod
    def _page_of(target: Path) -> Path:
        return target.with_name(page_name(target.name))

    # Moving

    def _moved(self, file: DroppedFile, *, again: bool) -> DroppedFile:
        """The file at its place; under another name where somebody put something there in the meantime."""
        assert file.target is not None
        self._ground.check_there()
        if again and self._was_taken_up(file):
            return file
        for _ in range(MOST_NAMES):
            target = self._ground.path(file.target)
            self._ground.folders.make_folder(target.parent)
            try:
                put_in_place(
                    self._ground.path(file.lies),
                    target,
                    file.sha256,
                    partial(self._kept, file),
                    again=again,
                    disk=self._ground.disk,
                    fail_point=self._ground.fail_point,
                )
            except TakenError:
                other = target.with_name(free_name(target.parent, target.name, with_page=True))
                file = self._ground.journal.files.change(
                    file,
                    FileStage.MOVING,
                    reason=file.because,
                    target=self._ground.relative(other),
                    page=self._ground.relative(self._page_of(other)) if file.lead is None else file.page,
                )
                assert file.target is not None
                again = False
                continue
            return file
        raise JournalError(message("No free name is left for {name}.", name=file.name), message("Tidy up its folder."))

    def _was_taken_up(self, file: DroppedFile) -> bool:
        """Whether it was where it is going to lie, and a person has moved it on before anybody noticed."""
        paths = [self._ground.path(path) for path in (file.lies, file.target) if path is not None]
        return file.place in _STAGE_AT and not any(os.path.lexists(path) for path in paths)

    def _kept(self, file: DroppedFile) -> IO[bytes]:
        """The journal's copy.

        Raises:
            FileNotFoundError: it has none.
        """
        path = self._ground.journal.spool.file(file.sha256)
        if path is not None:
            return path.open("rb")
        content = self._ground.journal.spool.get(file.sha256)
        if content is None:
            raise FileNotFoundError(file.sha256)
        return io.BytesIO(content)

    # Pages

    def _write_page(self, files: Sequence[DroppedFile], ending: Ending) -> None:
        lead = files[0]
        assert lead.page is not None
        assert lead.target is not None
        stream = io.StringIO()
        write_page(self._page(files, ending), self._ground.catalogue.language, stream)
        target = self._ground.path(lead.target)
        write_beside(self._ground.path(lead.page), stream.getvalue().encode(), target, disk=self._ground.disk)

    def _page(self, files: Sequence[DroppedFile], ending: Ending) -> FilePage:
        keys = dict.fromkeys(key for file in files for key in file.keys)
        entries = entries_of(self._ground, tuple(keys))
        doubtful = [entry for entry in entries if entry.needs_a_person]
        return FilePage(
            place=ending.place,
            names=tuple(PurePosixPath(file.name).name for file in files),
            arrived=dt.datetime.fromisoformat(files[0].arrived).astimezone(),
            settled=self._ground.now,
            organization=self._ground.organization.name,
            folders={place: stored(self._ground.folders.path(place).name) for place in Place},
            earlier=ending.earlier,
            notes=ending.notes,
            report=ending.report,
            sent=_sent(entries),
            size=files[0].size,
            sha256=files[0].sha256,
            entries=tuple((entry.id, entry.number or entry.file_name or entry.method) for entry in doubtful),
            differs=bool(doubtful) and all(entry.stage is Stage.HELD and not entry.doubted for entry in doubtful),
        )


def going_together(files: Sequence[DroppedFile], **known: Any) -> list[DroppedFile]:
    """Files that go together, the leading one first, with who leads and what else is known of all of them."""
    lead = files[0].id
    return [msgspec.structs.replace(file, lead=None if file.id == lead else lead, **known) for file in files]


def _arrival(file: DroppedFile, lead: DroppedFile) -> FileChange:
    """The step of a file that is where it is going to lie; the page may have got another name on the way."""
    values = {"lies": file.target or file.lies, "target": None, "page": file.page if lead.lead else lead.page}
    return FileChange(file, _STAGE_AT.get(file.place, FileStage.SETTLED), file.because, values)


def earlier_of(ground: Ground, file: DroppedFile) -> DroppedFile | None:
    """An earlier file with the same bytes, which stands for this one; None where there is none.

    It waits, is being sent or was sent; what was rejected may be tried again. One of another folder counts only where
    it was sent: nobody may look after that folder any more.
    """
    for other in ground.journal.files.alike(ground.organization.name, file.sha256):
        was_sent = other.stage is FileStage.SETTLED and other.place is Place.SENT
        stands = was_sent or (other.folder == ground.identity and other.stage not in FINAL and _is_whole(ground, other))
        if stands and other.id < file.id:
            return other
    return None


def _is_whole(ground: Ground, file: DroppedFile) -> bool:
    """Whether an open file is still what was taken; what is on its way is put right from the journal's copy."""
    try:
        return file.stage is FileStage.MOVING or digest_of(ground.path(file.lies)) == file.sha256
    except OSError:
        return False


def told_of(ground: Ground, earlier: DroppedFile) -> Earlier:
    """What the page of a copy says of the file that it is a copy of."""
    changed = dt.datetime.fromisoformat(earlier.changed).astimezone()
    sent = changed if earlier.place is Place.SENT and earlier.stage is FileStage.SETTLED else None
    # One that is being worked on will lie elsewhere in a moment.
    there = earlier.folder == ground.identity and earlier.stage in _AT_REST
    return Earlier(name=PurePosixPath(earlier.name).name, sent=sent, lies=earlier.lies if there else None)


def _sent(entries: Iterable[Entry]) -> dt.datetime | None:
    """When the service took the last of the documents; None where it took none."""
    taken = [entry.changed for entry in entries if entry.state is State.ACCEPTED]
    return dt.datetime.fromisoformat(max(taken)).astimezone() if taken else None
