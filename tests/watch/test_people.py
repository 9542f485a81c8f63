"""People who move, copy, edit, rename and delete at random while the watcher works: nothing is lost or sent twice."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest

from efimport.errors import NotSentError
from efimport.journal import FileStage, Place
from efimport.settings import Watching
from efimport.sources.folders import is_own_page
from efimport.watch.batch import Batch
from efimport.watch.ground import digest_of
from tests.acceptance import route_files as made
from tests.watch.desk import issued

NAMES = ("a.xml", "A.XML", "vypis.xml", "vypis.pdf", "Á č!%41.xml", "sub/a.xml", "sent", os.fsdecode(b"\xe1\n.xml"))
NUMBER = re.compile(rb"2600\d{3}")
SEND = Batch._send


class People:
    """What they do, and what must hold whatever they do.

    Args:
        desk: the watched folder.
        sandbox: the service.
        seed: of what they do.
        monkeypatch: takes the service away.
    """

    def __init__(self, desk, sandbox, seed: int, monkeypatch) -> None:
        self.desk, self.sandbox, self.random, self.monkeypatch = desk, sandbox, random.Random(seed), monkeypatch
        self.count = 0
        self.taken_away = 0
        self.approved: set[bytes] = set()

    def files(self) -> list[Path]:
        found = (path for place in Place for path in sorted(self.desk.path(place).rglob("*")) if path.is_file())
        return [path for path in found if path.name[0] != "." and not is_own_page(path)]

    def target(self, place: Place, name: str) -> Path:
        path = self.desk.path(place) / name
        while path.exists():
            path = path.with_name(f"{path.stem}-1{path.suffix}")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def content(self) -> bytes:
        number = self.random.randint(1, 5)
        return self.random.choice(
            (
                issued(number),
                issued(number, note="\n<!-- again -->"),
                issued(number).replace(b"<inv:dateDue>2026", b"<inv:dateDue>2020"),
                issued(number).replace(b"</inv:invoice>", b"</inv:wrong>"),
                made.CAMT,
                made.pdf("vypis"),
            )
        )

    def put(self, content: bytes, place: Place, name: str) -> None:
        self.target(place, name).write_bytes(content)
        self.approved |= set(NUMBER.findall(content)) if place is Place.APPROVE else set()

    # What they do

    def drop(self) -> None:
        self.put(self.content(), self.random.choice((*[Place.INBOX] * 9, *Place)), self.random.choice(NAMES))
        self.count += 1

    def copy(self) -> None:
        for path in self.random.sample(self.files(), min(1, len(self.files()))):
            self.put(path.read_bytes(), self.random.choice(tuple(Place)), path.name)
            self.count += 1

    def move(self) -> None:
        for path in self.random.sample(self.files(), min(1, len(self.files()))):
            name = path.name if self.random.random() < 0.8 else self.random.choice(NAMES)
            content = path.read_bytes()
            path.unlink()
            self.put(content, self.random.choice((*[Place.APPROVE] * 5, *Place)), name)

    def edit(self) -> None:
        for path in self.random.sample(self.files(), min(1, len(self.files()))):
            path.write_bytes(self.content())

    def delete(self) -> None:
        for path in self.random.sample(self.files(), min(1, len(self.files()))):
            path.unlink()
            self.count, self.taken_away = self.count - 1, self.taken_away + 1

    def restart(self) -> None:
        self.desk.restart()

    def service_goes(self) -> None:
        self.monkeypatch.setattr(Batch, "_send", lambda self, plan, chosen: NotSentError("The service is away."))

    def service_comes(self) -> None:
        self.monkeypatch.setattr(Batch, "_send", SEND)

    def look(self) -> None:
        for _ in range(self.random.randint(1, 12)):
            self.desk.clock.advance(self.random.choice((0.5, 2, 6, 11, 30)))
            self.desk.look()
        self.check()

    # What must hold

    def check(self) -> None:
        lies = len(self.files())
        # What was being sent when somebody took it away is put back from the journal's copy.
        back = min(max(lies - self.count, 0), self.taken_away)
        self.count, self.taken_away = self.count + back, self.taken_away - back
        assert lies == self.count
        state = self.sandbox.state()
        numbers = [one["number"].encode() for one in state["documents"].get("SalesInvoice", ())]
        assert len(numbers) == len(set(numbers))
        assert len(state["statements"]) <= 1
        assert self.desk.watching.mode == "auto" or set(numbers) <= self.approved
        for row in self.desk.rows():
            path = self.desk.folder.ground.path(row.lies)
            if row.stage is FileStage.SETTLED and row.place is Place.SENT and path.is_file():
                sent = digest_of(path) != row.sha256 or set(NUMBER.findall(path.read_bytes())) <= set(numbers)
                assert sent, row

    def end(self) -> None:
        self.service_comes()
        for _ in range(8):
            self.desk.settle()
            self.desk.clock.advance(400)
        self.desk.settle()
        self.check()
        left = [path for place in (Place.INBOX, Place.APPROVE) for path in self.desk.path(place).rglob("*")]
        assert not [path for path in left if path.is_file() and path.name[0] != "."]
        assert self.desk.folder.troubles.now == {}


def work(seed, make_desk, sandbox, monkeypatch) -> None:
    desk = make_desk(watching=Watching(mode=("auto", "review")[seed % 2]))
    people = People(desk, sandbox, seed, monkeypatch)
    rare = (people.copy, people.edit, people.delete, people.restart, people.service_goes, people.service_comes)
    often = (*[people.drop] * 8, *[people.move] * 7, *[people.look] * 10)
    for _ in range(people.random.randint(10, 45)):
        people.random.choice((*often, *rare))()
    people.end()


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_people_do_nothing_is_lost_and_nothing_is_sent_twice(seed, make_desk, sandbox, monkeypatch):
    work(seed, make_desk, sandbox, monkeypatch)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(3, 200))
def test_whatever_people_do_for_long_nothing_is_lost_and_nothing_is_sent_twice(seed, make_desk, sandbox, monkeypatch):
    work(seed, make_desk, sandbox, monkeypatch)
