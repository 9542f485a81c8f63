"""A watched folder with its real watcher, the sandbox as the service, and a clock that is turned by hand."""

from __future__ import annotations

import datetime as dt
import itertools
from contextlib import ExitStack
from pathlib import Path

import msgspec

from efimport.delivery.stopping import never
from efimport.journal import FileStage, Journal, Place
from efimport.messages import Catalogue
from efimport.settings import Sending, Watching
from efimport.testing import FakeClock
from efimport.watch.events import Event
from efimport.watch.folder_disk import FolderDisk
from efimport.watch.folders import Folders
from efimport.watch.ground import Ground, Means
from efimport.watch.owner import FolderOwner
from efimport.watch.presence import Presence
from efimport.watch.settling import Settling
from efimport.watch.showing import Showing
from efimport.watch.watched import SOURCES, WatchedFolder
from tests.acceptance import route_files as made


def issued(number: int, *, note: str = "") -> bytes:
    """A good invoice; the note changes its bytes and nothing that is sent twice."""
    return made.pack(made.invoice("issuedInvoice", number=f"26{number:05d}")) + note.encode()


class Desk:
    """An accountant's folder.

    Args:
        place: an empty folder for all of it.
        organization: whose it is; its endpoint is the sandbox.
        watching: times and mode; the usual ones in mode auto for None.
        language: of folders and pages.
    """

    def __init__(self, place: Path, organization, *, watching: Watching | None = None, language: str = "en") -> None:
        self.root = place / "desk"
        self.root.mkdir(parents=True)
        self.organization = organization
        self.watching = watching or Watching(mode="auto")
        self.language = language
        self.clock = FakeClock(dt.datetime.now(dt.UTC))
        self.events: list[Event] = []
        self.journal_file = place / "journal.sqlite3"
        self.stack = ExitStack()
        self.start()

    def start(self, *, folder_disk: FolderDisk | None = None, **options) -> None:
        """Start the watcher, as a new process would; options of the journal, and the disk of the folder."""
        self.journal = self.stack.enter_context(Journal(self.journal_file, **options))
        means = Means(
            journal=self.journal,
            watching=self.watching,
            sending=Sending(quiet_time=0.2, timeout=5.0),
            catalogue=Catalogue(self.language),
            clock=self.clock,
            tell=self.events.append,
            stop=never,
            disk=folder_disk or FolderDisk(),
        )
        self.folders = Folders(self.root, self.language)
        self.presence = Presence(self.folders, self.journal.files.identity(self.root), clock=self.clock)
        assert self.presence.check() is None
        self.journal.files.remember(self.root, self.presence.identity)
        ground = Ground(
            **vars(means), organization=self.organization, folders=self.folders, identity=self.presence.identity
        )
        self.owner = FolderOwner(clock=self.clock)
        self.stack.enter_context(self.owner.taken(self.root))
        self.folders.make()
        self.folder = WatchedFolder(
            ground,
            presence=self.presence,
            owner=self.owner,
            settling={
                place: Settling(
                    clock=self.clock,
                    quiet=self.watching.settle_time,
                    unfinished=self.watching.unfinished_after,
                    pair=self.watching.pair_time,
                )
                for place in SOURCES
            },
            every=self.watching.scan_every,
        )
        self.showing = Showing(self.folder, every=self.watching.scan_every, whole=self.root)

    def stop(self) -> None:
        """End it in good order."""
        self.stack.close()

    def restart(self) -> None:
        """End it, and start it anew."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """End it without its saying a word: what a dead process leaves behind, but for the lock."""
        self.stop()

    # The accountant

    def path(self, place: Place) -> Path:
        return self.folders.path(place)

    def drop(self, name: str, content: bytes, place: Place = Place.INBOX) -> Path:
        """A file comes whole."""
        path = self.path(place) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def move(self, name: str, start: Place, end: Place) -> Path:
        """A person moves a file, and leaves its page where it is."""
        target = self.path(end) / Path(name).name
        self.only(start, name).rename(target)
        return target

    def only(self, place: Place, name: str) -> Path:
        """The one file of that name in a place, whatever month it lies in."""
        (found,) = (path for path in self.path(place).rglob("*") if path.name == name)
        return found

    # The watcher

    def look(self):
        """One look."""
        look = self.folder.look()
        self.showing.show()
        return look

    def settle(self, most: int = 200) -> None:
        """Looks, with the time passing between, until nothing more will happen by itself."""
        for _ in range(most):
            look = self.look()
            if not look.pending:
                return
            self.clock.advance(max(look.next, 0.1))
        raise AssertionError("It never comes to rest.")

    # What is to be seen

    def documents(self) -> dict[str, list[str]]:
        """Names of the files in each place, without pages and without what is hidden."""
        found = {}
        for place in Place:
            names = (path for path in self.path(place).rglob("*") if path.is_file() and path.suffix != ".html")
            found[place] = sorted(path.name for path in names if not path.name.startswith("."))
        return {place: names for place, names in found.items() if names}

    def page(self, place: Place, name: str) -> str:
        """The page beside a file."""
        return self.only(place, Path(name).with_suffix(".html").name).read_text(encoding="utf-8")

    def kinds(self) -> list[str]:
        """What was told, without starts and ends."""
        return [event.kind.value for event in self.events]

    def rows(self):
        """All files that the journal knows."""
        return self.journal.files.list(limit=100_000)

    def check_invariants(self) -> None:
        """Each file in one folder, each with one row of the journal that says the same."""
        rows = [row for row in self.rows() if row.stage is not FileStage.WITHDRAWN]
        lies = sorted(row.lies for row in rows)
        found = itertools.chain.from_iterable(
            (path.relative_to(self.root).as_posix() for path in self.path(place).rglob("*") if path.is_file())
            for place in Place
        )
        assert lies == sorted(name for name in found if not name.endswith(".html") and "/." not in name)
        assert all(row.stage in (FileStage.SETTLED, FileStage.WAITING, FileStage.ASKED) for row in rows)


def patient(**times) -> Watching:
    """The usual settings with some of them changed."""
    return msgspec.structs.replace(Watching(mode="auto"), **times)
