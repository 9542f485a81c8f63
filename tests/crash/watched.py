"""A watched folder whose watcher is killed: the real command line, people who drop files, what must hold at the end."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path

from efimport.journal import DroppedFile, FileStage, Journal, Place
from efimport.planning.model import Repeat, State
from tests.crash.deliveries import Deliveries
from tests.crash.running import QUIET, Service, numbers
from tests.crash.writers import WAYS

FINAL_KINDS = ("sent", "rejected", "duplicate", "review", "unknown")
SETTLE = 0.1
LONGEST_REST = 60
"""Runs after which everything must have come to rest."""
KEPT = frozenset({".efimport-inbox", ".efimport-watch.lock", ".efimport-watch.json", ".efimport-status.json"})
"""Hidden files that stay in a watched folder."""
_MARK = re.compile(r"-[0-9a-f]{8}(?=\.\w+$)")
"""What a name in the inbox of the service has besides, so that no two are the same."""
AT_REST = (FileStage.SETTLED, FileStage.WITHDRAWN)


@dataclass
class Figures:
    """What the trials of a test brought."""

    kills: int = 0
    files: int = 0
    documents: int = 0
    lost: int = 0
    doubled: int = 0
    in_doubt: int = 0
    lines_missing: int = 0
    requests: int = 0
    seen: Counter = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.files} files, {self.documents} documents, {self.requests} requests: "
            f"{self.lost} lost, {self.doubled} doubled, {self.in_doubt} in doubt, {self.lines_missing} lines of the "
            f"log missing; exit statuses {dict(self.seen)}"
        )

    def add(self, other: Figures) -> None:
        """The sum of both."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def check_books(self, wanted: Counter, state: dict, told: str) -> None:
        """The service has everything once."""
        self.documents += wanted.total()
        self.requests += state["requests"]["total"]
        self.compare(wanted, books(state), told)

    def compare(self, wanted: Counter, there: Counter, told: str) -> None:
        """Counts what is lost and what is doubled; there must be neither."""
        lost, doubled = wanted - there, there - wanted
        self.lost += lost.total()
        self.doubled += doubled.total()
        assert not lost, (lost, doubled, told)
        assert not doubled, (doubled, told)


def books(state: dict) -> Counter:
    """What the service has, by names."""
    there = Counter(numbers(state))
    there.update(f"partner {one['code']}" for one in state["partners"])
    there.update(f"product {one['code']}" for one in state["products"])
    there.update(f"statement {one['sha256']}" for one in state["statements"])
    there.update(f"file {_MARK.sub('', name)}" for one in state["inbox"] for name in one["file_names"])
    there.update(f"file {one['pdf_file_name']}" for one in state["statements"] if one.get("pdf_file_name"))
    return there


class WatchedDesk:
    """A person with a watched folder, settings, a journal, and colleagues who drop files.

    Args:
        place: an empty folder for all of it.
        service: the sandbox.
        dropped: what is going to be dropped.
        mode: of the watcher.
        settle: seconds after which a file has settled.
        user: of the service, so that several desks do not wait for each other.
        beside: the desk of another folder, with which this one shares settings and journal.
    """

    def __init__(
        self,
        place: Path,
        service: Service,
        dropped: Deliveries,
        *,
        mode: str = "auto",
        settle: float = SETTLE,
        user: str = "demo",
        beside: WatchedDesk | None = None,
    ) -> None:
        self.service, self.dropped, self.mode = service, dropped, mode
        self.desk = place / "desk"
        self.root = self.desk / ("beside" if beside else "watched")
        self.root.mkdir(parents=True)
        self.journal = self.desk / "journal.sqlite3"
        self.writers: list[subprocess.Popen] = []
        homes = {f"XDG_{kind}_HOME": str(place / kind.lower()) for kind in ("DATA", "STATE", "CONFIG", "CACHE")}
        self.environment = {**homes, "HOME": str(place), "LC_ALL": "C.UTF-8"}
        if beside is None:
            self._write_settings(user, settle)
        for one in ("inbox", "review", "approve"):
            (self.root / one).mkdir()

    def _write_settings(self, user: str, settle: float) -> None:
        (self.desk / "efimport.toml").write_text(
            f"""default_organization = "acme"
[journal]
url = "sqlite:///journal.sqlite3"
[organizations.acme]
site = "CZ"
endpoint = "{self.service.endpoint}"
token = "SANDBOX"
users = [{{ username = "{user}", password = "demo" }}]
registration_number = "12345679"
bank_accounts = ["CZ6508000000192000145399", "CZ8720100000002400219000", "210468007/0100"]
received_as = "inbox"
[organizations.acme.received]
account = "518000"
[sending]
quiet_time = {QUIET}
[watch]
settle_time = {settle}
pair_time = {settle}
scan_every = 0.2
"""
        )

    def lies_on(self, disk: Path) -> None:
        """The folders of what is settled lie on another disk."""
        for place in (Place.SENT, Place.REJECTED, Place.DUPLICATES, Place.UNKNOWN):
            folder = disk / place.value
            folder.mkdir(parents=True)
            self.path(place).symlink_to(folder)

    def path(self, place: Place) -> Path:
        return self.root / place.value

    # The watcher

    def job(self, *arguments: str, **more) -> dict:
        return {"folder": str(self.desk), "environment": self.environment, "arguments": list(arguments), "period": 0.0,
                "name": self.root.name, **more}  # fmt: skip

    def watch(self, *arguments: str, **more) -> dict:
        return self.job("watch", self.root.name, "--mode", self.mode, "--json", *arguments, **more)

    def said(self, kind: str = "err") -> str:
        path = self.desk / f"{self.root.name}.{kind}"
        return path.read_text(errors="replace") if path.exists() else ""

    def events(self) -> list[dict]:
        """Those that were told, but for a line that a kill cut."""
        found = []
        for line in self.said("out").splitlines():
            with suppress(json.JSONDecodeError):
                found.append(json.loads(line))
        return found

    # People

    def drop_by(self, count: int, *, seed: int, pause: float, rest: float) -> None:
        """Starts so many people who drop the files."""
        chance = random.Random(seed)
        aside = self.desk / "aside"
        aside.mkdir(exist_ok=True)
        content = self.desk / "content"
        content.mkdir(exist_ok=True)
        shares: list[list[dict]] = [[] for _ in range(count)]
        for number, group in enumerate(self.dropped.groups()):
            for delivery in group:
                source = content / delivery.digest
                source.write_bytes(delivery.content)
                shares[number % count].append(
                    {
                        "name": delivery.name,
                        "content": str(source),
                        "corrects": delivery.corrects,
                        "way": delivery.way or chance.choice(list(WAYS)),
                        "pause": chance.uniform(0.0, pause),
                        "rest": 0.0 if len(group) > 1 else chance.uniform(0.0, rest),
                    }
                )
        for share in shares:
            job = {"folder": str(self.path(Place.INBOX)), "aside": str(aside), "deliveries": share}
            writer = subprocess.Popen(
                [sys.executable, "-I", str(Path(__file__).with_name("writers.py"))], stdin=subprocess.PIPE, text=True
            )
            writer.stdin.write(json.dumps(job))
            writer.stdin.close()
            self.writers.append(writer)

    def drop_all(self) -> None:
        """Everything is there at once."""
        for delivery in self.dropped.files:
            path = self.path(Place.INBOX) / delivery.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(delivery.content)

    def all_dropped(self) -> bool:
        """Whether all people have dropped everything."""
        ended = [writer.poll() for writer in self.writers]
        assert set(ended) <= {None, 0}
        return None not in ended

    def approve(self) -> int:
        """A person has looked at everything that waits, and moves it; returns how many files."""
        waiting = self.documents_in(Place.REVIEW)
        for path in waiting:
            target = self.path(Place.APPROVE) / path.relative_to(self.path(Place.REVIEW))
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        return len(waiting)

    def decide(self, figures: Figures) -> int:
        """A person looks into the books for everything that is in doubt, and says what is true."""
        with Journal(self.journal) as journal:
            held = journal.list([State.HELD])
            for entry in held:
                assert entry.repeat is Repeat.BLIND, entry
                figures.in_doubt += 1
                journal.resolve(entry.id, arrived=self._has_arrived(journal, entry))
        return len(held)

    def _has_arrived(self, journal: Journal, entry) -> bool:
        state = self.service.state()
        if entry.method == "BankStatementImport":
            body = journal.spool.get(entry.body)
            data = base64.b64decode(re.search(rb'name="statementData" value="([^"]*)"', body)[1])
            return hashlib.sha256(data).hexdigest() in {one["sha256"] for one in state["statements"]}
        return entry.number in numbers(state)

    def forget(self, names: Iterable[str]) -> None:
        """A person took these away before they were approved: nobody expects them any more."""
        gone = set(names)
        self.dropped.files = [one for one in self.dropped.files if one.name not in gone]
        expected = self.dropped.expected
        expected.documents = [one for one in expected.documents if f"{one}.xml" not in gone]

    def finish(self, workshop, figures: Figures) -> None:
        """The watcher is started until nothing more happens, with a person in between."""
        for _ in range(LONGEST_REST):
            figures.seen[workshop.run(self.watch("--once"))] += 1
            if not self.goes_on(figures):
                return
        raise AssertionError(self._unrest())

    def goes_on(self, figures: Figures) -> bool:
        """After a run a person does what is theirs; whether another run has something to do."""
        # Who is asked to end before it has begun just ends.
        allowed = {0, 1, 3, -signal.SIGKILL, -signal.SIGTERM}
        assert set(figures.seen) <= allowed, (figures.seen, self.said()[-3000:])
        assert "Traceback" not in self.said(), self.said()[-5000:]
        return self.decide(figures) + self.approve() > 0 or not self._rests()

    def _rests(self) -> bool:
        there = [path for place in (Place.INBOX, Place.APPROVE, Place.REVIEW) for path in self.documents_in(place)]
        return not there and all(row.stage in AT_REST for row in self.rows())

    def _unrest(self) -> str:
        rows = [f"{row.lies} {row.stage} {row.reason}" for row in self.rows() if row.stage not in AT_REST]
        return "\n".join([*rows, *self.said("out").splitlines()[-30:], self.said()[-3000:]])

    # What is there

    def is_served(self) -> bool:
        """Whether the watcher has worked on everything that was dropped."""
        return not self.documents_in(Place.INBOX)

    def rows(self) -> Sequence[DroppedFile]:
        with Journal(self.journal) as journal:
            rows = journal.files.list(limit=100_000)
            folder = journal.files.identity(self.root)
        return [row for row in rows if row.folder == folder]

    def documents_in(self, place: Place) -> list[Path]:
        """Files without pages and without what is hidden."""
        found = (path for path in self.path(place).rglob("*") if path.is_file() and path.suffix != ".html")
        return sorted(path for path in found if not path.name.startswith("."))

    def check(self, figures: Figures) -> None:
        """Nothing is lost or doubled, in the books or in the folders; the journal says the same."""
        figures.check_books(self.wanted(), self.service.state(), self._unrest())
        self.check_folders(figures)

    def wanted(self) -> Counter:
        """What must be in the books."""
        expected = self.dropped.expected
        wanted = Counter(expected.documents)
        wanted.update(f"partner {code}" for code in expected.partners)
        wanted.update(f"product {code}" for code in expected.products)
        wanted.update(f"statement {digest}" for digest in self.dropped.statements)
        wanted.update(f"file {name}" for name in self.dropped.attached)
        return wanted

    def check_folders(self, figures: Figures) -> None:
        """Every file is in one folder with its page, and the journal says the same."""
        rows = [row for row in self.rows() if row.stage is not FileStage.WITHDRAWN]
        self._check_files(rows, figures)
        self._check_fates({row.name: row for row in rows})
        self._check_pages(rows)
        self._check_litter()
        self._check_lines(rows, figures)
        with Journal(self.journal) as journal:
            assert set(journal.counts()) <= {State.ACCEPTED, State.SKIPPED}, journal.counts()
            assert not journal.spool.digests()
        figures.files += len(self.dropped.files)

    def _check_files(self, rows: Iterable[DroppedFile], figures: Figures) -> None:
        """Each file that was dropped is in one folder, with one row that says where."""
        found = {
            path.relative_to(self.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for place in Place
            for path in self.documents_in(place)
        }
        wanted = Counter(one.digest for one in self.dropped.files)
        figures.compare(wanted, Counter(found.values()), self._unrest())
        assert {row.lies: row.sha256 for row in rows} == found
        assert len({row.lies for row in rows}) == len(list(rows))
        assert all(row.stage is FileStage.SETTLED and row.target is None for row in rows), self._unrest()
        assert all(row.lies.startswith(f"{row.place.value}/") for row in rows)

    def _check_fates(self, rows: Mapping[str, DroppedFile]) -> None:
        for names in self.dropped.same:
            places = sorted(rows[name].place.value for name in names)
            assert places == ["duplicates"] * (len(names) - 1) + ["sent"], (names, places, self._unrest())
        for names in self.dropped.pairs:
            lead, other = (rows[name] for name in names)
            assert (other.lead, other.page, other.place) == (lead.id, lead.page, lead.place), self._unrest()

    def _check_pages(self, rows: Iterable[DroppedFile]) -> None:
        """One page beside each file that leads."""
        pages = {path.relative_to(self.root).as_posix() for place in Place for path in self.path(place).rglob("*.html")}
        assert pages == {row.page for row in rows}
        for row in rows:
            if row.lead is None:
                assert Path(row.page).parent == Path(row.lies).parent
        assert len(pages) == sum(row.lead is None for row in rows)

    def _check_litter(self) -> None:
        everything = [*self.root.iterdir(), *(path for place in Place for path in self.path(place).rglob("*"))]
        litter = [path for path in everything if path.name.startswith(".") and path.name not in KEPT]
        litter += [path for path in everything if path.is_file() and path.stat().st_size == 0 and path.name not in KEPT]
        assert not litter

    def _check_lines(self, rows: Iterable[DroppedFile], figures: Figures) -> None:
        """One final line for each file; only that of a move after which the program was killed may be missing."""
        told = Counter(one["to"] for one in self.events() if one["kind"] in FINAL_KINDS)
        assert all(told[row.lies] <= 1 for row in rows), told
        figures.lines_missing += sum(told[row.lies] == 0 for row in rows)
