"""Processes killed at every point and at any moment: nothing lost, nothing doubled, every doubt named.

The service is a real HTTP server in another process than the client; it carries out what it has read when the client
is dead, later than the client's death where it is told so.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import efimport_delivery_kit as kit
import pytest

from efimport.journal import FAIL_POINTS

CLASSES = ["safe-by-key", "checkable", "blind"]
QUIET = 0.15
MOST_RUNS = 40


def faults(method: str, name: str, seen: dict) -> str | None:
    """One document of each fate: busy first, refused, answer lost, request lost."""
    if method == "DocumentInboxList" or kit.shows_one(method):
        return None
    seen[name] = seen.get(name, 0) + 1
    kind = name.rpartition("-")[2]
    if kind == "refused":
        return "refuse"
    return {"busy": "busy", "silent": "silent", "lost": "lose"}.get(kind) if seen[name] == 1 else None


@pytest.fixture
def books():
    seen: dict[str, int] = {}
    started = kit.Books(lambda method, name: faults(method, name, seen), latest=0.02)
    yield started
    started.stop()


def fates(repeat: str) -> list[tuple[str, str]]:
    return [(f"{repeat}-{kind}", repeat) for kind in ("plain", "busy", "refused", "silent", "lost")]


def check(books, folder: Path, calls) -> dict:
    """Nothing is lost, nothing is doubled, and the journal says the same as the books."""
    result = json.loads((folder / "result.json").read_text())
    for name, _ in calls:
        wanted = 0 if name.endswith("refused") else 1
        assert books.there[name] == wanted, (name, books.there, result)
        assert result["stages"][name] == ("filed" if wanted else "refused")
    assert result["left"] == []
    return result


AT_ONCE = 3
"""Points that are tried one after the other on one journal; the start and the end cost more than a kill."""


def kill_at_points(workshop, tmp_path: Path, repeat: str, points: Sequence[str]) -> None:
    reached: set[str] = set()
    groups = [points[start : start + AT_ONCE] for start in range(0, len(points), AT_ONCE)]
    for number, group in enumerate(groups):
        reached |= killed_in_turn(workshop, tmp_path / f"{repeat}-{number}", repeat, group)
    # Only what the class has no use for is not reached.
    spared = {"journal.answered"} | (set() if repeat == "blind" else {"journal.held", "journal.resolved", "begun.note"})
    missed = [point for point in points if point not in reached and point.rpartition(":")[0] not in spared]
    # After a kill less is left to do, so that some points are reached on a journal of their own only.
    for number, point in enumerate(missed):
        reached |= killed_in_turn(workshop, tmp_path / f"{repeat}-alone-{number}", repeat, [point])
    assert set(missed) <= reached


def killed_in_turn(workshop, folder: Path, repeat: str, points: Sequence[str]) -> set[str]:
    """Kills at one point after the other, runs to the end, and gives the points that were reached."""
    folder.mkdir()
    seen: dict[str, int] = {}
    books = kit.Books(lambda method, name: faults(method, name, seen), latest=0.01)
    reached = set()
    try:
        calls = fates(repeat)
        job = {"folder": str(folder), "url": books.url, "calls": calls, "quiet": QUIET}
        # The first run dies with a request under way, so that there is something to take over.
        assert workshop.run({**job, "kill_at": "delivery.send:after"}) == -signal.SIGKILL
        for point in points:
            killed = workshop.run({**job, "kill_at": point})
            assert killed in (0, -signal.SIGKILL)
            if killed:
                reached.add(point)
        if points[-1] in reached:
            assert workshop.run(job) == 0
        check(books, folder, calls)
    finally:
        books.stop()
    return reached


@pytest.mark.parametrize(("share", "repeat"), list(enumerate(CLASSES)), ids=CLASSES)
def test_a_kill_at_a_third_of_the_fail_points_loses_and_doubles_nothing(workshop, tmp_path, share, repeat):
    # Each point for one class; all points for all classes are a matter of minutes, and of the test below.
    kill_at_points(workshop, tmp_path, repeat, FAIL_POINTS[share :: len(CLASSES)])


@pytest.mark.slow
@pytest.mark.parametrize("repeat", CLASSES)
def test_a_kill_at_every_fail_point_loses_and_doubles_nothing(workshop, tmp_path, repeat):
    kill_at_points(workshop, tmp_path, repeat, FAIL_POINTS)


PRODUCTS = [f"product-{number}" for number in range(5)]


def check_products(books, folder: Path) -> None:
    """Every product is there once, with one entry that says so; the one that the service had is not doubled."""
    result = json.loads((folder / "result.json").read_text())
    assert {code: books.there[code] for code in PRODUCTS} == dict.fromkeys(PRODUCTS, 1)
    assert set(result["stages"]) >= set(PRODUCTS)
    # Where only faults are told, a product may be known as one that the service holds.
    stages = {code: result["stages"][code] for code in PRODUCTS}
    assert set(stages.values()) <= ({"filed", "refused"} if books.mass == "quiet" else {"filed"}) | {
        stages[PRODUCTS[0]]
    }
    assert stages[PRODUCTS[0]] in ("refused", "filed")
    assert result["left"] == []


def kill_many_at_points(workshop, tmp_path: Path, points: Sequence[str]) -> None:
    reached = set()
    for number, point in enumerate(points):
        folder = tmp_path / str(number)
        folder.mkdir()
        seen: dict[str, int] = {}
        books = kit.Books(
            lambda method, name, seen=seen: "silent" if not kit.shows_one(method) and _first(seen, name) else None,
            latest=0.01,
        )
        books.mass = "all"
        books.there[PRODUCTS[0]] = 1
        try:
            # An earlier run knew a part of the list, and died with it under way.
            job = {"folder": str(folder), "url": books.url, "calls": [], "quiet": QUIET, "products": PRODUCTS[:3]}
            assert workshop.run({**job, "kill_at": "delivery.send:after"}) == -signal.SIGKILL
            job["products"] = PRODUCTS
            killed = workshop.run({**job, "kill_at": point})
            assert killed in (0, -signal.SIGKILL)
            if killed:
                reached.add(point)
                assert workshop.run(job) == 0
            check_products(books, folder)
        finally:
            books.stop()
    wanted = {f"journal.answered:{side}" for side in ("before", "written", "after")}
    wanted |= {"delivery.send:before", "journal.unknown:written", "spool.unlink:before"}
    assert wanted & set(points) <= reached


def test_a_kill_where_a_call_of_many_is_sent_and_answered_loses_and_doubles_no_product(workshop, tmp_path):
    points = [point for point in FAIL_POINTS if point.startswith(("journal.answered", "delivery.send"))]
    kill_many_at_points(workshop, tmp_path, points)


@pytest.mark.slow
def test_a_kill_at_every_fail_point_of_a_call_of_many_loses_and_doubles_no_product(workshop, tmp_path):
    kill_many_at_points(workshop, tmp_path, FAIL_POINTS)


def _first(seen: dict, name: str) -> bool:
    seen[name] = seen.get(name, 0) + 1
    return seen[name] == 1


def test_a_statement_that_was_under_way_is_held_and_named(workshop, tmp_path, books):
    calls = [("statement-plain", "blind")]
    job = {"folder": str(tmp_path), "url": books.url, "calls": calls, "quiet": QUIET, "kill_at": "delivery.send:after"}
    assert workshop.run(job) == -signal.SIGKILL
    assert workshop.run({**job, "kill_at": None}) == 0
    result = check(books, tmp_path, calls)
    assert result["told"]["held"] == ["statement-plain"]
    assert [method for method, _ in books.requests] == ["BankStatementImport"]


def kill_at_random(workshop, folder: Path, *, kills: int, seed: int, users: int = 1) -> None:
    chance = random.Random(seed)
    done = 0
    trial = 0
    while done < kills:
        trial += 1
        place = folder / str(trial)
        place.mkdir()
        seen: dict[str, int] = {}
        books = kit.Books(lambda method, name, seen=seen: faults(method, name, seen), latest=0.1)
        books.mass = chance.choice(["each", "all", "quiet"])
        books.there[PRODUCTS[0]] = 1
        try:
            calls = [fate for repeat in CLASSES for fate in fates(repeat)]
            job = {"folder": str(place), "url": books.url, "calls": calls, "quiet": 0.4, "users": users}
            job["products"] = PRODUCTS
            for run in range(MOST_RUNS):
                pid = workshop.begin({**job, "shuffled": run + 1})
                timer = threading.Timer(chance.uniform(0.02, 0.8), kill, (pid,)) if run < MOST_RUNS // 2 else None
                if timer:
                    timer.start()
                status = workshop.end()
                if timer:
                    timer.cancel()
                    timer.join()
                if status == 0:
                    break
                assert status == -signal.SIGKILL
                done += 1
            check(books, place, calls)
            check_products(books, place)
        finally:
            books.stop()


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        # It was faster.
        time.sleep(0)


@pytest.mark.parametrize("users", [1, 3])
def test_kills_at_random_lose_and_double_nothing(workshop, tmp_path, users):
    kill_at_random(workshop, tmp_path, kills=6, seed=20261121 + users, users=users)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [1, 2])
def test_many_kills_at_random_lose_and_double_nothing(workshop, tmp_path, seed):
    # A quarter of all kills of the soak each; the other half is in test_import.py.
    kill_at_random(workshop, tmp_path, kills=int(os.environ.get("EFIMPORT_KILLS", "60")) // 4, seed=seed, users=seed)
