"""A watcher as many are written: what is wrong with it is shown by the tests of the holes.

Nothing in it is careless on purpose. A file counts as complete when size and time have not changed for a while, the
names of programs that transfer files are known, the content is copied to a store before the file is removed, copies are
known by their digest, and a fault is logged so that the watcher lives on.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from efimport.api.client import Client
from efimport.api.clock import Clock
from efimport.planning.build import build_plan
from efimport.settings import Organization, Sending
from efimport.sources import Source

LEFT_OUT = (".tmp", ".part", ".crdownload")
STABLE = 5.0
"""Seconds without a change after which a file is read."""

log = logging.getLogger("naive")


class NaiveWatcher:
    """Watches one folder; what was accepted goes to ``sent``, what was not to ``rejected``.

    Args:
        root: the folder.
        organization: whose documents they are.
        clock: the time.
        polling: whether the folders are listed, or only what the system tells of is looked at: one switch for all.
    """

    def __init__(self, root: Path, organization: Organization, clock: Clock, *, polling: bool = True) -> None:
        self.inbox, self.sent, self.rejected = (root / name for name in ("inbox", "sent", "rejected"))
        for folder in (self.inbox, self.sent, self.rejected):
            folder.mkdir(parents=True, exist_ok=True)
        self._organization = organization
        self._clock = clock
        self._polling = polling
        self._store = sqlite3.connect(root.parent / "store.sqlite3")
        self._store.execute("CREATE TABLE IF NOT EXISTS document (digest TEXT PRIMARY KEY, name TEXT, content BLOB)")
        self._tracked: dict[Path, tuple[tuple[int, float], float]] = {}
        self._queued: set[Path] = set()
        for path in sorted(self._listed()):
            self._queue(path)

    def told(self, path: Path) -> None:
        """The system tells that something happened to a file."""
        self._track(path)

    def look(self) -> None:
        """Track what is new, read what is stable, and forget what has gone."""
        if self._polling:
            for path in self._listed():
                self._track(path)
        self._queued = {path for path in self._queued if path.exists()}
        for path, (_, since) in sorted(self._tracked.items()):
            self._track(path)
            if path in self._tracked and self._clock.monotonic() - since >= STABLE:
                del self._tracked[path]
                self._queue(path)

    def _listed(self) -> Iterable[Path]:
        return [path for path in self.inbox.rglob("*") if path.is_file() and path.suffix not in LEFT_OUT]

    def _track(self, path: Path) -> None:
        if path in self._queued:
            return
        try:
            status = path.stat()
        except FileNotFoundError:
            self._tracked.pop(path, None)
            return
        signature = (status.st_size, status.st_mtime)
        if path not in self._tracked or self._tracked[path][0] != signature:
            self._tracked[path] = (signature, self._clock.monotonic())

    def _queue(self, path: Path) -> None:
        try:
            self._consume(path)
        except Exception:
            log.exception("Could not consume %s", path.name)
        self._queued.add(path)

    def _consume(self, path: Path) -> None:
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if self._store.execute("SELECT 1 FROM document WHERE digest = ?", (digest,)).fetchone():
            raise ValueError(f"{path.name} is a duplicate")
        with self._store:
            self._store.execute("INSERT INTO document VALUES (?, ?, ?)", (digest, path.name, content))
            accepted = self._send(path.name, content)
            self.put_away(path, self.sent if accepted else self.rejected)

    def _send(self, name: str, content: bytes) -> bool:
        plan = build_plan([Source(name, content)], self._organization)
        with Client(self._organization, sending=Sending(timeout=5.0, quiet_time=0.2)) as client:
            answers = [client.call(planned.call) for planned in plan.calls]
        return bool(answers) and all(answer.ok for answer in answers)

    def put_away(self, path: Path, folder: Path) -> None:
        """The copy first, then the file is removed."""
        shutil.copyfile(path, folder / path.name)
        path.unlink()
