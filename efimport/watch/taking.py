"""Taking a file that is complete: its bytes into the spool of the journal, and a row that says so.

Files are known by their content. A person may have moved one here from another folder (from ``review`` to ``approve``,
from ``rejected`` back to ``inbox``), may have renamed it, or may have dropped a second copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from efimport.journal import DroppedFile, FileChange, FileStage, Place
from efimport.messages import message
from efimport.watch.events import EventKind
from efimport.watch.finishing import earlier_of
from efimport.watch.folders import stored
from efimport.watch.ground import Ground, digest_of
from efimport.watch.moving import MoveError
from efimport.watch.reconciling import under_way
from efimport.watch.scanning import Seen


class Taken(msgspec.Struct, frozen=True):
    """A file that was taken.

    Attributes:
        file: its row.
        twin: an earlier file with the same bytes, which is there as well and stands for both; None for none.
    """

    file: DroppedFile
    twin: DroppedFile | None = None


class Taker:
    """Takes files.

    Args:
        ground: the watched folder.
        open_files: the files that are not settled, by where they lie.
    """

    def __init__(self, ground: Ground, open_files: Iterable[DroppedFile]) -> None:
        self._ground = ground
        self._files = ground.journal.files
        self._here = {file.lies: file for file in open_files}

    def take(self, seen: Seen, place: Place) -> Taken | None:
        """Take a complete file; None where it changed while it was read, or has to wait: then it settles again.

        Raises:
            OSError: it cannot be read.
            JournalError: it cannot be stored, or the journal cannot be written.
        """
        digest = digest_of(seen.path)
        if _signature(seen.path) != (seen.size, seen.modified, seen.inode):
            return None
        lies = self._ground.relative(seen.path)
        here = self._here.get(lies)
        if here is not None and here.sha256 == digest:
            return self._continued(here, seen)
        if here is not None and (here.stage is FileStage.MOVING or under_way(self._ground, here)):
            # What was begun with the file before it is brought to an end first; it stays where it is until then.
            return None
        if here is not None:
            self._files.change(here, FileStage.WITHDRAWN, reason=message("Another file has taken its place."))
        known = self._files.alike(self._ground.organization.name, digest)
        moved = next((file for file in reversed(known) if self._was_moved(file)), None)
        if moved is not None:
            return self._returned(moved, place, lies, seen)
        return self._new(seen, digest, place, lies)

    def _was_moved(self, file: DroppedFile) -> bool:
        """Whether a person took the file from where it lay: it must be this one."""
        is_ours = file.folder == self._ground.identity and file.stage is not FileStage.MOVING
        return is_ours and not self._ground.lies_there(file)

    def _continued(self, file: DroppedFile, seen: Seen) -> Taken | None:
        """A file that was taken before the program ended."""
        if file.stage is FileStage.TAKEN:
            return self._stored(file, seen)
        return Taken(file)

    def _returned(self, file: DroppedFile, place: Place, lies: str, seen: Seen) -> Taken | None:
        """A person moved the file here."""
        # Approved already is what goes along with another file that was moved first.
        approved = place is Place.APPROVE and file.stage in (FileStage.WAITING, FileStage.APPROVED)
        page = None
        try:
            self._ground.remove_page_of(file, along=self._files.led_by(file.lead or file.id) if approved else ())
        except MoveError:
            # The next step tries again, and says so.
            page = file.page
        stage = FileStage.APPROVED if approved else FileStage.TAKEN
        reason = message("A person moved it to {folder}.", folder=self._ground.folders.path(place).name)
        name = file.name if approved else stored(seen.name)
        own = FileChange(file, stage, reason, {"place": place, "lies": lies, "name": name, "page": page})
        changed = self._files.change_together([own, *(self._approvals(file) if approved else ())])[0]
        self._ground.happened(EventKind.APPROVED if approved else EventKind.RETURNED, file=changed.lies)
        if approved:
            return Taken(changed)
        return self._stored(changed, seen)

    def _approvals(self, file: DroppedFile) -> Iterator[FileChange]:
        """The steps of those that go along with an approved file."""
        reason = message("It goes along with {name}.", name=file.name)
        for companion in self._files.led_by(file.lead or file.id):
            if companion.stage is FileStage.WAITING and companion.id != file.id:
                yield FileChange(companion, FileStage.APPROVED, reason)

    def _new(self, seen: Seen, digest: str, place: Place, lies: str) -> Taken | None:
        # The row first: from then on the spool keeps the bytes, whoever tidies it up.
        file = self._files.enter(
            organization=self._ground.organization.name,
            folder=self._ground.identity,
            name=stored(seen.name),
            sha256=digest,
            size=seen.size,
            place=place,
            lies=lies,
        )
        taken = self._stored(file, seen)
        if taken is None:
            self._files.forget(file)
            return None
        return Taken(file, earlier_of(self._ground, file))

    def _stored(self, file: DroppedFile, seen: Seen) -> Taken | None:
        with seen.path.open("rb") as stream:
            whole = self._ground.journal.spool.adopt(stream, file.sha256)
        return Taken(file) if whole else None


def _signature(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino
