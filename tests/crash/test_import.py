"""The command line against the sandbox, each in a process of its own: killed, disturbed, without room on the disk.

After every trial the sandbox has each document exactly once, the journal says the same, the spool is empty, and what
was in doubt was named with the words that settle it.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from efimport.journal import FAIL_POINTS, Journal
from efimport.planning.model import Repeat, State
from tests.crash.folder import Expected, fill
from tests.crash.running import QUIET, Service, kill, numbers, say

MOST_RUNS = 60


@dataclass
class Tally:
    """What the trials of a test brought."""

    kills: int = 0
    documents: int = 0
    lost: int = 0
    doubled: int = 0
    named: int = 0
    unnamed: int = 0
    requests: int = 0
    overlapping: int = 0
    """Requests that came while the service was at work for the same user."""
    seen: Counter = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.documents} documents, {self.requests} requests: {self.lost} lost, "
            f"{self.doubled} doubled, {self.named} in doubt named, {self.unnamed} not named, "
            f"{self.overlapping} overlapping; exit statuses {dict(self.seen)}"
        )


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def importer(workshop, tmp_path_factory, service):
    """A workshop whose processes have loaded all that an import needs."""
    trial = Trial(tmp_path_factory.mktemp("warm"), service)
    workshop.run({**trial.job("check", "in"), "warm_up": ["import", "in", "--dry-run"]})
    return workshop


class Trial:
    """A person with a folder of documents, settings and a journal."""

    def __init__(
        self,
        place: Path,
        service: Service,
        *,
        rounds: int = 1,
        create: bool = False,
        journal: str = "",
        period: float = 0.0,
    ) -> None:
        self.service = service
        self.period = period
        self.desk = place / "desk"
        self.desk.mkdir(parents=True)
        self.expected: Expected = fill(self.desk / "in", rounds=rounds, create=create)
        self.journal = journal or self.desk / "journal.sqlite3"
        homes = {f"XDG_{kind}_HOME": str(place / kind.lower()) for kind in ("DATA", "STATE", "CONFIG", "CACHE")}
        self.environment = {**homes, "HOME": str(place), "LC_ALL": "C.UTF-8"}
        url = journal or "sqlite:///journal.sqlite3"
        (self.desk / "efimport.toml").write_text(
            f"""default_organization = "acme"
[journal]
url = "{url}"
[organizations.acme]
site = "CZ"
endpoint = "{service.endpoint}"
token = "SANDBOX"
users = [{{ username = "demo", password = "demo" }}]
registration_number = "12345679"
bank_accounts = ["CZ6508000000192000145399", "CZ8720100000002400219000", "210468007/0100"]
received_as = "{"create" if create else "inbox"}"
[organizations.acme.received]
account = "518000"
[sending]
quiet_time = {QUIET}
"""
        )

    def job(self, *arguments: str, **more) -> dict:
        return {
            "folder": str(self.desk),
            "environment": self.environment,
            "arguments": list(arguments),
            "period": self.period,
            **more,
        }

    def imports(self, **more) -> dict:
        return self.job("import", "in", "--yes", "-q", **more)

    def decide(self, tally: Tally) -> None:
        """A person looks into the books for everything that is held, and says what is true."""
        said = self.said()
        with Journal(self.journal) as journal:
            for entry in journal.list([State.HELD]):
                assert entry.repeat is Repeat.BLIND, entry
                named = f"journal resolve {entry.id} " in said
                tally.named += named
                tally.unnamed += not named
                journal.resolve(entry.id, arrived=self._is_there(journal, entry))

    def _is_there(self, journal: Journal, entry) -> bool:
        state = self.service.state()
        if entry.method == "BankStatementImport":
            body = journal.spool.get(entry.body)
            import base64

            data = base64.b64decode(re.search(rb'name="statementData" value="([^"]*)"', body)[1])
            return hashlib.sha256(data).hexdigest() in {one["sha256"] for one in state["statements"]}
        return entry.number in numbers(state)

    def said(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self.desk.glob("*.err")))

    def finish(self, importer, tally: Tally) -> None:
        """Runs until everything is there, with a person in between."""
        for _ in range(MOST_RUNS):
            status = importer.run(self.imports())
            tally.seen[status] += 1
            self.decide(tally)
            if status == 0:
                return
            assert status in (1, 3), self.said()[-3000:]
        raise AssertionError(self.said()[-3000:])

    def check(self, importer, tally: Tally) -> None:
        """Nothing is lost, nothing is doubled, and the journal says the same as the service."""
        state = self.service.state()
        there = Counter(numbers(state))
        there.update(f"partner {one['code']}" for one in state["partners"])
        there.update(f"product {one['code']}" for one in state["products"])
        wanted = Counter(self.expected.documents)
        wanted.update(f"partner {code}" for code in self.expected.partners)
        wanted.update(f"product {code}" for code in self.expected.products)
        inbox = Counter(name for one in state["inbox"] for name in one["file_names"][:1])
        statements = Counter(one["sha256"] for one in state["statements"])
        lost = wanted - there
        doubled = there - wanted
        tally.documents += self.expected.count
        tally.lost += sum(lost.values()) + max(0, self.expected.inbox - len(inbox))
        tally.lost += max(0, self.expected.statements - len(statements))
        tally.doubled += sum(doubled.values()) + inbox.total() - len(inbox) + statements.total() - len(statements)
        tally.requests += state["requests"]["total"]
        assert not lost, self.said()[-3000:]
        assert not doubled, self.said()[-3000:]
        assert (len(inbox), inbox.total()) == (self.expected.inbox, self.expected.inbox)
        assert (len(statements), statements.total()) == (self.expected.statements, self.expected.statements)
        with Journal(self.journal) as journal:
            counts = journal.counts()
            assert set(counts) <= {State.ACCEPTED, State.SKIPPED}, counts
            assert sum(counts.values()) == self.expected.count
            assert not journal.spool.digests()
        assert tally.unnamed == 0
        tally.overlapping += state["violations"]["concurrency"]
        assert "Traceback" not in self.said()
        # A run more asks nothing.
        assert importer.run(self.imports()) == 0
        assert self.service.state()["requests"]["total"] == state["requests"]["total"]


def kill_at_random(importer, service: Service, place: Path, *, kills: int, seed: int, share: float = 0.0,
                   journals: Callable[[], str] = str) -> Tally:  # fmt: skip
    """Trials until so many processes were killed."""
    chance = random.Random(seed)
    tally = Tally()
    turn = 0
    while tally.kills < kills:
        turn += 1
        service.forget()
        if share:
            service.disturb(share, seed * 1000 + turn)
        trial = Trial(place / f"{seed}-{turn}", service, create=turn % 2 == 0, journal=journals())
        for _ in range(chance.randint(3, 12)):
            pid = importer.begin(trial.imports())
            timer = threading.Timer(chance.uniform(0.05, 0.9), kill, (pid,))
            timer.start()
            status = importer.end()
            timer.cancel()
            timer.join()
            tally.seen[status] += 1
            if status == -signal.SIGKILL:
                tally.kills += 1
                continue
            assert status in (0, 1, 3), trial.said()[-3000:]
            trial.decide(tally)
            if status == 0:
                break
        trial.finish(importer, tally)
        service.disturb(0.0, 0)
        trial.check(importer, tally)
    return tally


def test_kills_at_random_lose_and_double_nothing(importer, service, tmp_path):
    tally = kill_at_random(importer, service, tmp_path, kills=7, seed=11)
    assert (tally.lost, tally.doubled, tally.unnamed, tally.overlapping) == (0, 0, 0, 0)


def test_kills_among_faults_in_a_fifth_of_the_requests_lose_and_double_nothing(importer, service, tmp_path):
    # A service that closes the connection and goes on working lets requests overlap; it says so and is waited for.
    tally = kill_at_random(importer, service, tmp_path, kills=5, seed=12, share=0.2)
    assert (tally.lost, tally.doubled, tally.unnamed) == (0, 0, 0)


def test_kills_with_a_journal_in_postgresql_lose_and_double_nothing(importer, service, tmp_path, postgres):
    tally = kill_at_random(importer, service, tmp_path, kills=3, seed=13, journals=postgres.schema)
    assert (tally.lost, tally.doubled, tally.unnamed) == (0, 0, 0)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_many_kills_with_a_journal_in_postgresql(importer, service, tmp_path, capsys, postgres):
    kills = int(os.environ.get("EFIMPORT_KILLS", "60")) // 20
    tally = kill_at_random(importer, service, tmp_path, kills=kills, seed=14, share=0.2, journals=postgres.schema)
    say(capsys, f"\nkilled at random, journal in PostgreSQL, faults in 20% of the requests: {tally}")


def test_every_document_arrives_once_though_a_fifth_of_the_requests_fails(importer, service, tmp_path):
    tally = Tally()
    service.forget()
    service.disturb(0.2, 5)
    trial = Trial(tmp_path, service)
    trial.finish(importer, tally)
    service.disturb(0.0, 0)
    trial.check(importer, tally)


def three_at_once(importer, place: Path, *, trials: int, seed: int) -> Tally:
    """Two imports and one that looks again and again, all of one user and one journal; one of them is killed."""
    chance = random.Random(seed)
    tally = Tally()
    # The limit of the service and the pace of the program at a tenth of their seconds.
    service = Service(period=0.4, latency=[0.01, 0.05])
    try:
        for turn in range(trials):
            service.forget()
            trial = Trial(place / str(turn), service, create=turn % 2 == 0, period=0.4)
            jobs = [trial.imports(name=name, times=times) for name, times in (("a", 3), ("b", 3), ("watcher", 8))]
            pids = importer.begin_all({"together": jobs})
            timer = threading.Timer(chance.uniform(0.1, 2.0), kill, (chance.choice(pids),))
            timer.start()
            statuses = importer.end()
            timer.cancel()
            timer.join()
            tally.kills += statuses.count(-signal.SIGKILL)
            tally.seen.update(statuses)
            assert set(statuses) <= {0, 1, 3, -signal.SIGKILL}, trial.said()[-3000:]
            trial.decide(tally)
            trial.finish(importer, tally)
            trial.check(importer, tally)
            assert service.state()["violations"] == {"rate": 0, "concurrency": 0}
    finally:
        service.stop()
    return tally


def test_two_processes_and_a_third_that_looks_again_and_again_keep_the_limits_and_double_nothing(importer, tmp_path):
    three_at_once(importer, tmp_path, trials=1, seed=3)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_three_processes_killed_one_by_one_keep_the_limits_and_double_nothing(importer, tmp_path, capsys):
    tally = three_at_once(importer, tmp_path, trials=20, seed=4)
    say(capsys, f"\nthree processes at once: {tally}")


def fail_at_every(importer, service: Service, place: Path, fails_at, largest=()) -> Tally:
    tally = Tally()
    for number, weakness in enumerate([*({"fails_at": n} for n in fails_at), *({"largest_file": n} for n in largest)]):
        service.forget()
        trial = Trial(place / str(number), service, create=number % 2 == 0)
        status = importer.run(trial.imports(**weakness))
        tally.seen[status] += 1
        assert status in (0, 1, 3), trial.said()[-3000:]
        trial.finish(importer, tally)
        trial.check(importer, tally)
    return tally


def test_a_disk_that_fills_up_at_some_write_loses_and_doubles_nothing(importer, service, tmp_path):
    fail_at_every(importer, service, tmp_path, fails_at=(17,), largest=(200_000,))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_disk_that_fills_up_at_any_write_loses_and_doubles_nothing(importer, service, tmp_path, capsys):
    tally = fail_at_every(importer, service, tmp_path, range(1, 130), range(40_000, 700_000, 20_000))
    say(capsys, f"\ndisk full at every write: {tally}")


def kill_at_points(importer, service: Service, place: Path, points) -> Tally:
    tally = Tally()
    for number, point in enumerate(points):
        service.forget()
        trial = Trial(place / str(number), service, create=number % 2 == 0)
        # The first run dies with a request under way, so that there is something to take over.
        for at in ("delivery.send:after", point):
            tally.kills += importer.run(trial.imports(kill_at=at)) == -signal.SIGKILL
        trial.finish(importer, tally)
        trial.check(importer, tally)
    return tally


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_kill_at_every_fail_point_loses_and_doubles_nothing(importer, service, tmp_path, capsys):
    tally = kill_at_points(importer, service, tmp_path, FAIL_POINTS)
    say(capsys, f"\nkilled at every fail point: {tally}")


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("share", [0.0, 0.2])
def test_many_kills_at_random_lose_and_double_nothing(importer, service, tmp_path, capsys, share):
    # A quarter of all kills of the soak each; the other half is in test_kill.py.
    kills = int(os.environ.get("EFIMPORT_KILLS", "60")) // 4
    tally = kill_at_random(importer, service, tmp_path, kills=kills, seed=31 if share else 30, share=share)
    say(capsys, f"\nkilled at random, faults in {share:.0%} of the requests: {tally}")
