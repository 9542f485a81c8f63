"""The journal's files held against the folders: what a person took away, and what was settled elsewhere."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from contextlib import suppress

from efimport.journal import DroppedFile, Entry, FileStage
from efimport.messages import message
from efimport.planning.model import State
from efimport.watch.events import EventKind
from efimport.watch.ground import Ground, digest_of
from efimport.watch.moving import MoveError
from efimport.watch.scanning import scan

GRACE = 30.0
"""Seconds that a file may be absent before it counts as taken away: a person may be moving it to another folder."""

_STAYING = (FileStage.TAKEN, FileStage.APPROVED, FileStage.WAITING, FileStage.ASKED)
_AT_REST = (FileStage.WAITING, FileStage.ASKED)


class Reconciler:
    """Notices what happened to files that were taken.

    Attributes:
        next_close: seconds until the next of those that are missing counts as taken away; None for none. Who looks
            only once waits for that, or it would never count.

    Args:
        ground: the watched folder.
    """

    def __init__(self, ground: Ground) -> None:
        self.next_close: float | None = None
        self._ground = ground
        self._absent: dict[int, float] = {}

    def missing(self, open_files: Iterable[DroppedFile]) -> frozenset[int]:
        """Numbers of those that are not where they lay; a person may be moving them."""
        now = self._ground.clock.monotonic()
        # Of a path it is the last one that came there; the others were written over.
        last = {file.lies: file.id for file in sorted(open_files, key=_came) if file.stage in _AT_REST}
        missing = [
            file
            for file in open_files
            if file.stage in _STAYING
            and not (last.get(file.lies, file.id) == file.id and self._ground.lies_there(file))
        ]
        self._absent = {file.id: self._absent.get(file.id, now) for file in missing}
        return frozenset(self._absent)

    def forget(self) -> None:
        """The folder is away: from then on nobody could see what is missing."""
        self._absent = {}

    def close(self, open_files: Iterable[DroppedFile], coming: Container[int] = ()) -> bool:
        """Those that were missing for a while were taken away; whether anything changed.

        One that has another name in the same folder was renamed, by a person or by a share that writes letters with
        marks in another way, and is followed.

        Args:
            open_files: all that are not settled.
            coming: the sizes of the files that are still to be taken; one of them may be the one that is missing.
        """
        now = self._ground.clock.monotonic()
        absent = [file for file in open_files if file.id in self._absent]
        renamed = self._renamed([file for file in absent if file.stage in _AT_REST], open_files)
        changed, left = bool(renamed), []
        for file in absent:
            if file.id in renamed:
                self._ground.journal.files.change(file, file.stage, reason=file.because, lies=renamed[file.id])
            elif file.size in coming:
                self._absent[file.id] = now
            elif under_way(self._ground, file):
                continue
            elif now - self._absent[file.id] >= GRACE:
                self.withdraw(file)
                changed = True
            else:
                left.append(self._absent[file.id] + GRACE - now)
        self.next_close = min(left, default=None)
        return changed

    def _renamed(self, absent: Sequence[DroppedFile], open_files: Iterable[DroppedFile]) -> dict[int, str]:
        """Where in their folders those lie that have another name now, by their number."""
        known = {file.lies for file in open_files}
        found: dict[int, str] = {}
        for place in {file.place for file in absent}:
            missing = {(file.size, file.sha256): file.id for file in absent if file.place is place}
            for seen in scan(self._ground.folders.path(place)).files:
                lies = self._ground.relative(seen.path)
                if lies in known or all(seen.size != size for size, _ in missing):
                    continue
                with suppress(OSError):
                    identifier = missing.pop((seen.size, digest_of(seen.path)), None)
                    if identifier is not None:
                        found[identifier] = lies
        return found

    def withdraw(self, file: DroppedFile) -> None:
        """A person took it away before anything of it was sent."""
        # First: of a page that nobody knows any more nobody would get rid.
        with suppress(MoveError):
            self._ground.remove_page_of(file)
        self._ground.journal.files.change(
            file, FileStage.WITHDRAWN, reason=message("A person took the file away."), page=None
        )
        self._ground.happened(EventKind.WITHDRAWN, file=file.lies)

    def settled_elsewhere(self, open_files: Iterable[DroppedFile]) -> list[DroppedFile]:
        """Files in the folder for what may have arrived, of which nothing is in doubt any more: to be gone on with.

        One that a person is moving at this moment is gone on with where it will lie.
        """
        asked = [file for file in open_files if file.stage is FileStage.ASKED and file.id not in self._absent]
        freed = [file for file in asked if not self._in_doubt(file)]
        for file in freed:
            self._ground.happened(EventKind.DECIDED, file=file.lies)
        reason = message("What was in doubt is settled.")
        return [self._ground.journal.files.change(file, FileStage.APPROVED, reason=reason) for file in freed]

    def _in_doubt(self, file: DroppedFile) -> bool:
        return any(entry.needs_a_person for entry in entries_of(self._ground, file.keys))


def _came(file: DroppedFile) -> tuple[str, int]:
    return file.changed, file.id


def under_way(ground: Ground, file: DroppedFile) -> bool:
    """Whether something of an approved file was sent: then the journal's copy is sent to the end.

    What was brought before the file came, or came back, is none of it.
    """
    if file.stage is not FileStage.APPROVED:
        return False
    begun = [entry.changed for entry in entries_of(ground, file.keys) if entry.state is not State.PLANNED]
    if not begun:
        return False
    came = [step.at for step in ground.journal.files.steps(file.id) if step.stage is FileStage.TAKEN]
    return max(begun) >= max(came, default=file.arrived)


def entries_of(ground: Ground, keys: Sequence[str]) -> list[Entry]:
    """The newest entries of the journal under these keys."""
    return ground.journal.newest(keys) if keys else []
