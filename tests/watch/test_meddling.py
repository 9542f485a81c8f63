"""People write over, rename or take away a file at every step of the work on it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from efimport.journal import Place
from efimport.watch.folder_disk import FolderDisk
from tests.watch.desk import issued

WHOLE_DAY = 86400.0
FIRST, SECOND = issued(1), issued(2)


class Steps:
    """Does something once, at the n-th step."""

    def __init__(self, at: int, meddle: Callable[[], object]) -> None:
        self.left, self._meddle = at, meddle

    def passed(self, point: str = "") -> None:
        self.left -= 1
        if self.left == 0:
            self._meddle()

    def disk(self) -> FolderDisk:
        passed = self.passed

        class Stepping(FolderDisk):
            def reserve(self, path):
                super().reserve(path)
                passed()

            def open(self, path):
                passed()
                return super().open(path)

            def rename(self, start, end):
                passed()
                super().rename(start, end)
                passed()

            def unlink(self, path):
                passed()
                super().unlink(path)

        return Stepping()


def write_over(path: Path) -> None:
    """The same file with other content."""
    path.write_bytes(SECOND)


def put_another(path: Path) -> None:
    """Another file under the same name."""
    aside = path.with_name(".aside.part")
    aside.write_bytes(SECOND)
    aside.replace(path)


def take_away(path: Path) -> None:
    path.unlink(missing_ok=True)


def rename(path: Path) -> None:
    if path.exists():
        path.rename(path.with_name("jiny nazev.xml"))


def meddle_at(make_desk, sandbox, step: int, meddle: Callable[[Path], object]) -> bool:
    """Whether there was such a step."""
    sandbox.reset()
    desk = make_desk()
    path = desk.drop("faktura.xml", FIRST)
    desk.drop("jina.xml", issued(3))
    desk.stop()
    steps = Steps(step + 100_000, lambda: meddle(path))
    desk.start(fail_point=steps.passed, folder_disk=steps.disk())
    steps.left = step
    desk.settle()
    met, steps.left = steps.left <= 0, 0
    for _ in range(3):
        desk.clock.advance(WHOLE_DAY)
        desk.settle()
    numbers = Counter(one["number"] for one in sandbox.state()["documents"]["SalesInvoice"])
    found = Counter(
        (place.value, hashlib.sha256(one.read_bytes()).hexdigest())
        for place in Place
        for one in desk.path(place).rglob("*.xml")
    )
    said = (step, numbers, desk.documents(), [(row.lies, row.stage.value) for row in desk.rows()])
    assert set(numbers.values()) == {1}, said
    assert "2600003" in numbers, said
    # What was sent lies where it says so, whatever became of the file.
    for number, content in (("2600001", FIRST), ("2600002", SECOND)):
        is_sent = found["sent", hashlib.sha256(content).hexdigest()]
        assert is_sent == numbers[number], said
    if met and meddle in (write_over, put_another):
        assert numbers["2600002"] == 1, said
    if meddle is rename:
        assert numbers["2600001"] == 1, said
    # What was renamed after it was sent is a copy of that by then.
    places = {place for place, _ in found} - ({"duplicates"} if meddle is rename else set())
    assert places == {"sent"}, said
    desk.check_invariants()
    desk.stop()
    return met


WAYS = [write_over, put_another, take_away, rename]


@pytest.mark.parametrize("meddle", WAYS)
def test_what_people_do_to_a_file_at_some_step_loses_and_doubles_nothing(meddle, make_desk, sandbox):
    meddle_at(make_desk, sandbox, 15 + 5 * WAYS.index(meddle), meddle)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("meddle", WAYS)
def test_what_people_do_to_a_file_at_any_step_loses_and_doubles_nothing(meddle, make_desk, sandbox):
    step = 1
    while meddle_at(make_desk, sandbox, step, meddle):
        step += 1
    assert step > 30
