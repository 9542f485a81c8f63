"""The watched folder as users of comparable systems ask for it: one test a line, by the real command line."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from efimport.api import client
from efimport.api.client import Turn
from efimport.sandbox.server import RunningSandbox, start
from efimport.settings import Watching, load_settings
from efimport.watch import keeping
from tests.acceptance.made import OTHER_ACCOUNT, numbered, pack, statement
from tests.canaries import PASSWORD, TOKEN
from tests.cli.conftest import Clerk, Done

QUICK = """
[watch]
mode = "auto"
settle_time = 0.05
settle_time_share = 0.06
pair_time = 0.05
scan_every = 0.3
scan_every_share = 0.4
"""


@pytest.fixture(scope="module")
def service() -> Iterator[RunningSandbox]:
    users = ({"username": "kanarek", "password": PASSWORD},)
    with start("CZ", accept_any_account=True, period=0, token=TOKEN, users=users) as running:
        yield running


class Office(Clerk):
    """A clerk whose program watches the folder ``share``, and the service."""

    service: RunningSandbox

    def drop(self, name: str, content: bytes) -> Path:
        """A file comes whole."""
        return self.write(f"share/inbox/{name}", content)

    def watch(self, *arguments: object) -> Done:
        """One run over what is there."""
        done = self.run("watch", "share", "--once", *arguments)
        assert "Traceback" not in done.out + done.err
        return done

    @property
    def files(self) -> list[str]:
        """Documents in all folders, without the months."""
        share = self.folder / "share"
        found = [path.relative_to(share) for path in share.rglob("*") if path.is_file() and path.suffix != ".html"]
        return sorted(f"{path.parts[0]}/{path.name}" for path in found if not path.name.startswith("."))

    @property
    def numbers(self) -> list[str]:
        """Numbers of the invoices that the service holds."""
        return sorted(one["number"] for one in self.service.state()["documents"].get("SalesInvoice", ()))

    @property
    def statements(self) -> int:
        """How many bank statements the service holds."""
        return len(self.service.state()["statements"])

    def set(self, line: str) -> None:
        """A further setting of the watched folder."""
        path = self.folder / "efimport.toml"
        path.write_text(f"{path.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")


@pytest.fixture
def office(
    service: RunningSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Office:
    desk = tmp_path / "desk"
    desk.mkdir()
    for kind in ("DATA", "STATE", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C.UTF-8")
    monkeypatch.chdir(desk)
    monkeypatch.setattr(client, "BUSY_STEP", 0.05)
    # No power is cut here.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    service.reset()
    one = Office(desk, monkeypatch, capsys)
    one.service = service
    settings = re.sub(r"quiet_time = .*", "quiet_time = 0.3\ntimeout = 5", service.settings())
    one.write("efimport.toml", settings + QUICK)
    (desk / "share").mkdir()
    return one


# Nothing lost, nothing doubled


def test_demand_02_a_file_is_not_moved_before_what_became_of_it_is_stored(office: Office, monkeypatch: Any) -> None:
    dropped = office.drop("a.xml", numbered(1))
    before = dropped.stat()
    office.service.add_faults({"fault": "wrong-token"})
    office.watch()
    assert office.files == ["inbox/a.xml"]
    assert (dropped.stat().st_ino, dropped.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    office.service.reset()
    office.watch()
    (sent,) = (office.folder / "share" / "sent").rglob("a.xml")
    assert sent.read_bytes() == numbered(1)
    # Whatever lies in another folder than the inbox has its line in the journal.
    assert "a.xml" in office.run("journal", "files").out


def test_demand_03_a_file_that_is_still_written_is_not_read(office: Office) -> None:
    whole = numbered(1)
    office.drop("whole.xml", numbered(2))
    office.drop("cut.xml", whole[:400])
    office.drop("empty.xml", b"")
    office.drop("fetched.xml.part", whole)
    done = office.watch()
    assert office.files == ["inbox/cut.xml", "inbox/empty.xml", "inbox/fetched.xml.part", "sent/whole.xml"]
    assert "cut.xml" in done.out
    office.drop("cut.xml", whole)
    office.watch()
    assert office.numbers == ["2600001", "2600002"]


def test_demand_05_the_same_file_twice_in_one_second_is_imported_once(office: Office) -> None:
    paths = [office.drop(name, statement(50)) for name in ("a.gpc", "b.gpc")]
    os.utime(paths[0])
    assert office.watch().status == 0
    assert office.statements == 1
    assert [name.partition("/")[0] for name in office.files] == ["duplicates", "sent"]
    office.drop("a.gpc", statement(50))
    office.watch()
    assert office.statements == 1


def test_demand_10_a_double_among_the_dropped_files_is_sent_once(office: Office) -> None:
    office.drop("a.xml", pack(1, 3))
    office.drop("b.xml", pack(1, 4))
    office.watch()
    assert office.numbers == ["2600001", "2600003", "2600004"]
    assert office.files == ["sent/a.xml", "sent/b.xml"]
    assert office.service.state()["requests"]["by_method"] == {"SalesInvoiceImport": 3}


def test_demand_11_what_was_deleted_in_the_service_does_not_come_back(office: Office) -> None:
    office.drop("a.xml", numbered(1))
    office.watch()
    office.service.reset()
    office.drop("a.xml", numbered(1))
    for _ in range(2):
        office.watch()
    assert office.numbers == []
    assert office.files == ["duplicates/a.xml", "sent/a.xml"]


def test_demand_13_what_failed_because_the_service_was_busy_or_the_disk_full_is_tried_again(
    office: Office, monkeypatch: Any
) -> None:
    office.drop("a.xml", numbered(1))
    office.service.add_faults({"fault": "lock"})
    office.watch()
    assert office.files == ["sent/a.xml"]
    office.drop("b.xml", numbered(2))
    with full_disk():
        done = office.watch()
    assert "room" in done.out + done.err
    assert "inbox/b.xml" in office.files
    office.watch()
    assert office.files == ["sent/a.xml", "sent/b.xml"]
    assert office.numbers == ["2600001", "2600002"]


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """Nothing new can be put into a folder."""
    from efimport.watch.folder_disk import FolderDisk

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(FolderDisk, "reserve", full)
        yield


class Killed(BaseException):
    """The process ends."""


def test_demand_14_what_hung_at_a_crash_is_visible_and_blocks_nothing(office: Office, monkeypatch: Any) -> None:
    office.drop("a.gpc", statement(50))
    send = Turn.send

    def killed(turn: Turn, request: Any) -> Any:
        send(turn, request)
        raise Killed

    monkeypatch.setattr(Turn, "send", killed)
    with contextlib.suppress(Killed):
        office.watch()
    monkeypatch.setattr(Turn, "send", send)
    office.drop("b.xml", numbered(1))
    done = office.watch()
    assert done.status == 3
    assert office.files == ["sent/b.xml", "unknown/a.gpc"]
    assert office.statements == 1
    (page,) = (office.folder / "share" / "unknown").glob("a.html")
    assert "efimport journal resolve" in page.read_text(encoding="utf-8")
    assert "a.gpc" in office.run("watch", "share", "--status").out


def test_demand_15_what_failed_waits_for_a_person_and_is_named(office: Office) -> None:
    office.drop("bad.xml", numbered(1).replace(b"2026-01-02</inv:date>", b"2026-99-99</inv:date>"))
    assert office.watch().status == 1
    for _ in range(2):
        office.watch()
    assert office.files == ["rejected/bad.xml"]
    (page,) = (office.folder / "share" / "rejected").rglob("bad.html")
    assert "2026-99-99" in page.read_text(encoding="utf-8")
    status = json.loads(office.run("watch", "share", "--status", "--json").out)
    assert "bad.xml" in json.dumps(status)


# The watched directory


def test_demand_16_what_lay_there_before_the_start_is_taken(office: Office) -> None:
    path = office.drop("deep/er/a.xml", numbered(1))
    os.utime(path, (0, 0))
    office.watch()
    assert office.files == ["sent/a.xml"]


def test_demand_16_what_no_event_told_of_is_taken_without_a_restart(office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr("efimport.watch.hints.Hints.start", lambda _: None)
    with watching(office):
        office.drop("a.xml", numbered(1))
        wait_until(lambda: office.files == ["sent/a.xml"])


def test_demand_17_a_share_is_looked_at_in_its_own_way_and_that_is_told(office: Office, monkeypatch: Any) -> None:
    told = {}
    for kind in (None, "cifs"):
        monkeypatch.setattr(keeping, "network_file_system", lambda _, kind=kind: kind)
        office.drop(f"{kind}.xml", numbered(1 if kind else 2))
        office.watch()
        told[kind] = json.loads((office.folder / "share" / ".efimport-status.json").read_text(encoding="utf-8"))
    assert (told[None]["scan_every"], told["cifs"]["scan_every"]) == (0.3, 0.4)
    assert office.files == ["sent/None.xml", "sent/cifs.xml"]


def test_demand_18_a_share_that_disappears_and_returns_causes_nothing(office: Office) -> None:
    office.service.add_faults({"fault": "close-after", "method": "BankStatementImport"})
    office.drop("a.gpc", statement(50))
    office.drop("b.xml", numbered(1))
    office.watch()
    before, requests = office.files, office.service.state()["requests"]["total"]
    share = office.folder / "share"
    share.rename(office.folder / "away")
    share.mkdir()
    office.watch()
    assert list(share.iterdir()) == []
    share.rmdir()
    (office.folder / "away").rename(share)
    office.watch()
    assert office.files == before
    assert office.service.state()["requests"]["total"] == requests


def test_demand_19_a_folder_that_is_moved_in_counts(office: Office) -> None:
    office.watch()
    office.write("leden/banka/a.gpc", statement(50))
    office.write("leden/faktury/a.xml", numbered(1))
    (office.folder / "leden").rename(office.folder / "share" / "inbox" / "leden")
    office.watch()
    found = [path.relative_to(office.folder / "share" / "sent") for path in (office.folder / "share").rglob("a.*")]
    assert {"/".join(path.parts[1:]) for path in found if path.suffix != ".html"} == {
        "leden/banka/a.gpc",
        "leden/faktury/a.xml",
    }


def test_demand_20_done_double_and_failed_files_have_folders_of_their_own(office: Office) -> None:
    office.service.add_faults({"fault": "close-after", "method": "BankStatementImport"})
    office.drop("good.xml", numbered(1))
    office.drop("good (copy).xml", numbered(1))
    office.drop("notes.txt", b"Call them.\n")
    office.drop("unsure.gpc", statement(50, account=OTHER_ACCOUNT))
    office.drop("late.xml", numbered(2).replace(b"2026-01-16", b"2019-01-16"))
    office.watch()
    folders = {name.partition("/")[0] for name in office.files}
    assert folders >= {"sent", "duplicates", "rejected", "unknown"}
    pages = sorted(path.stem for path in (office.folder / "share").rglob("*.html") if path.name != "status.html")
    assert pages == sorted(Path(name).stem for name in office.files)


def test_demand_21_somebody_is_told_when_a_file_failed(office: Office) -> None:
    told = office.folder / "told.txt"
    hook = office.write("hook.py", f"import sys\nopen({str(told)!r}, 'a').write(sys.stdin.read())\n")
    office.set(f'on_failure = ["{sys.executable}", "{hook}"]')
    office.drop("good.xml", numbered(1))
    assert office.watch().status == 0
    assert not told.exists()
    office.drop("notes.txt", b"Call them.\n")
    assert office.watch().status == 1
    assert "notes.txt" in told.read_text(encoding="utf-8")


def test_demand_22_an_expected_duplicate_is_no_error(office: Office) -> None:
    for name in ("a.xml", "b.xml"):
        office.drop(name, numbered(1))
        done = office.watch()
        assert done.status == 0
        assert "error" not in (done.out + done.err).lower()
    assert office.files == ["duplicates/b.xml", "sent/a.xml"]


def test_demand_23_a_folder_where_nothing_happens_leaves_the_processor_alone(office: Office) -> None:
    for number in range(200):
        office.write(f"share/sent/2026-01/{number}.xml", b"<old/>")
        office.write(f"share/review/{number}.xml", b"<old/>")
    with watching(office):
        wait_until((office.folder / "share" / "status.html").exists)
        used = time.process_time()
        time.sleep(0.7)
        assert time.process_time() - used < 0.2


def test_demand_24_names_and_defaults_are_a_promise(office: Office) -> None:
    """Whoever changes one of these changes what people rely on, and has to say so."""
    office.watch()
    names = {path.name for path in (office.folder / "share").iterdir()}
    assert names - {".efimport-watch.lock"} == {
        *("inbox", "review", "approve", "sent", "rejected", "duplicates", "unknown"),
        *(".efimport-inbox", ".efimport-status.json", "status.html"),
    }
    assert msgspec.structs.asdict(Watching()) == {
        "folder": None,
        "mode": "review",
        "settle_time": 5.0,
        "settle_time_share": 15.0,
        "pair_time": 5.0,
        "unfinished_after": 600.0,
        "scan_every": 30.0,
        "scan_every_share": 60.0,
        "on_failure": (),
    }
    assert load_settings(office.folder / "efimport.toml").watch.mode == "auto"


@contextlib.contextmanager
def watching(office: Office) -> Iterator[None]:
    """The folder is watched in the background."""
    from efimport.api.clock import SystemClock
    from efimport.journal import Journal
    from efimport.messages import Catalogue
    from efimport.watch.ground import Means
    from efimport.watch.loop import Watch

    settings = load_settings(office.folder / "efimport.toml")
    (organization,) = settings.organizations.values()
    ended = threading.Event()
    with Journal(settings.journal_url) as journal:
        means = Means(
            journal=journal,
            watching=settings.watch,
            sending=settings.sending,
            catalogue=Catalogue("en"),
            clock=SystemClock(),
            tell=lambda _: None,
            stop=ended.is_set,
        )
        watch = Watch([keeping.Watched(organization, office.folder / "share")], means)
        running = threading.Thread(target=watch.run)
        running.start()
        wait_until((office.folder / "share" / "inbox" / ".efimport-inbox").exists)
        try:
            yield
        finally:
            ended.set()
            running.join()


def wait_until(reached: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.05)
