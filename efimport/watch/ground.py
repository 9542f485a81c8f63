"""What all steps of the work on one watched folder share."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from efimport.api.clock import Clock
from efimport.delivery.stopping import Stop
from efimport.delivery.waiting import Tell
from efimport.journal import DroppedFile, FileStage, Journal, Place
from efimport.journal.points import FailPoint, nothing_fails
from efimport.messages import Catalogue, Message, message
from efimport.settings import Organization, Sending, Watching
from efimport.watch.beside import remove_page
from efimport.watch.events import Event, EventKind
from efimport.watch.faults import AwayError
from efimport.watch.folder_disk import FolderDisk
from efimport.watch.folders import Folders, named, stored

PIECE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Means:
    """What all watched folders of one program have in common.

    Attributes:
        journal: remembers files and calls.
        watching: times and mode.
        sending: time-outs and quiet time.
        catalogue: the language of folders, pages and messages.
        clock: the time.
        tell: told of every event, from any thread.
        stop: whether somebody wants to stop.
        on_waiting: told when sending waits, from any thread; None for nobody.
        disk: the file system of the folders; a test gives one that fails.
        fail_point: called before and after each step of a move.
    """

    journal: Journal
    watching: Watching
    sending: Sending
    catalogue: Catalogue
    clock: Clock
    tell: Callable[[Event], None]
    stop: Stop
    on_waiting: Tell | None = None
    disk: FolderDisk = field(default_factory=FolderDisk)
    fail_point: FailPoint = nothing_fails

    @property
    def now(self) -> dt.datetime:
        """The time on the wall, of this machine."""
        return dt.datetime.fromtimestamp(self.clock.time()).astimezone()


@dataclass(frozen=True, kw_only=True)
class Ground(Means):
    """A watched folder of one organization and what is needed to work on it.

    Attributes:
        organization: whose documents are dropped there.
        folders: its folders on the disk.
        identity: the identity of the folder, that of its marker.
        away: why the folder is taken to be away; None where it is there.
    """

    organization: Organization
    folders: Folders
    identity: str
    away: Callable[[], Message | None] = lambda: None

    def check_there(self) -> None:
        """To be called before anything is written.

        Raises:
            AwayError: the folder went away; what is in its place must stay empty.
        """
        away = self.away()
        if away is not None:
            raise AwayError(away)

    def path(self, relative: str) -> Path:
        """A path that the journal has, on the disk."""
        return self.folders.root / named(relative)

    def relative(self, path: Path) -> str:
        """A path of the watched folder as the journal has it: ``/`` between its parts."""
        text, root = path.as_posix(), self.folders.root.as_posix().rstrip("/") + "/"
        return stored(text[len(root) :] if text.startswith(root) else path.relative_to(self.folders.root).as_posix())

    def happened(self, kind: EventKind, *, file: str | None = None, to: str | None = None, detail: str = "") -> None:
        """Tells of an event of now."""
        self.tell(Event(at=self.now, kind=kind, organization=self.organization.name, file=file, to=to, detail=detail))

    def lies_there(self, file: DroppedFile) -> bool:
        """Whether a file is where the journal last saw it, as far as its size tells.

        One that cannot be looked at, on a share that does not answer, is not known to be gone.
        """
        try:
            status = os.lstat(os.path.join(self.folders.root, named(file.lies)))  # noqa: PTH118 - for thousands of files
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
        return stat.S_ISREG(status.st_mode) and status.st_size == file.size

    def remove_page_of(self, file: DroppedFile, *, along: Iterable[DroppedFile] = ()) -> None:
        """Removes the page of a file, unless it is the page of another file that lies there.

        Args:
            file: the file.
            along: other files that leave their place together with it.

        Raises:
            MoveError: it cannot be removed.
        """
        if file.page is None:
            return
        leaving = {file.id, *(one.id for one in along)}
        others = self.journal.files.with_page(self.identity, file.page)
        if not any(
            one.id not in leaving and one.stage is not FileStage.WITHDRAWN and self.lies_there(one) for one in others
        ):
            remove_page(self.path(file.page), disk=self.disk)

    @property
    def notice(self) -> Path:
        """The page in the inbox that says why files stay there."""
        return self.folders.path(Place.INBOX) / self.catalogue.text(message("why files stay here.html"))

    def place_of(self, path: Path) -> Place | None:
        """The folder that a path lies in."""
        found = self.folders.place_of(path)
        return found[0] if found else None


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
