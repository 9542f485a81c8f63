"""The pace, judged by what the service sees."""

from __future__ import annotations

import contextlib
import heapq
import importlib.util
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

import pytest

from efimport.api.clock import SystemClock
from efimport.api.pace import Pace, boot_identity, pace_key
from efimport.errors import SettingsError


def _load(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


virtual = _load("virtual")
ENDPOINT = "https://service.example/API"
LOCAL = "http://127.0.0.1:9/API"


def pace(folder: Path, clock: object, endpoint: str = ENDPOINT, boot: str = "boot", **more: str | float) -> Pace:
    return Pace(folder, endpoint, clock=clock, boot=boot, **more)  # type: ignore[arg-type]


def run(folder: Path, calls: int, line: float, seed: int, clock: object | None = None) -> tuple[list[float], float]:
    """Sends calls one after another over a line that delays each way up to ``line`` seconds; what the service sees."""
    clock = clock or virtual.VirtualClock()
    chance = random.Random(seed)
    sender = pace(folder, clock)
    arrivals = []
    began = clock.monotonic()
    for _ in range(calls):
        with sender.turn(["petra"]) as turn:
            clock.now += chance.uniform(0, line)
            arrivals.append(clock.now)
            clock.now += chance.uniform(0.05, 0.5) + chance.uniform(0, line)
            turn.finished()
    return arrivals, clock.monotonic() - began


@pytest.mark.parametrize("line", [0.0, 0.1, 2.0])
def test_the_service_never_sees_more_than_four_requests_in_four_seconds(tmp_path: Path, line: float) -> None:
    arrivals, _ = run(tmp_path, 200, line, seed=17)
    assert virtual.most_in_any_window(arrivals, 4.0) <= 4


@pytest.mark.slow
@pytest.mark.parametrize("line", [0.0, 0.1, 0.5, 2.0])
def test_of_ten_thousand_requests_no_five_lie_within_four_seconds(tmp_path: Path, line: float) -> None:
    arrivals, _ = run(tmp_path, 10_000, line, seed=23)
    assert virtual.most_in_any_window(arrivals, 4.0) <= 4


def test_the_rate_stays_near_one_a_second(tmp_path: Path) -> None:
    arrivals, _ = run(tmp_path, 301, 0.0, seed=18)
    # From the first of a burst to the first of another, so that the start without waiting does not count.
    assert (len(arrivals) - 1) / (arrivals[-1] - arrivals[0]) >= 0.928


def take_turns(folder: Path, programs: list[tuple[str, str, float]], seconds: float) -> dict[str, list[float]]:
    """Programs that send all the time, each with its organization, user and the seconds of its answers; in virtual
    time. Returns when each of them sent."""
    clock = virtual.VirtualClock()
    senders = [pace(folder, clock, organization=organization) for organization, _, _ in programs]
    sent: dict[str, list[float]] = {f"{number}": [] for number in range(len(programs))}
    agenda = [(clock.now, number) for number in range(len(programs))]
    held: dict[int, contextlib.ExitStack] = {}
    until = clock.now + seconds
    while agenda[0][0] < until:
        clock.now, number = heapq.heappop(agenda)
        if number in held:
            held.pop(number).close()
        stack = contextlib.ExitStack()
        granted = senders[number].attempt([programs[number][1]], stack, f"program {number}")
        if isinstance(granted, float):
            heapq.heappush(agenda, (clock.now + granted, number))
            continue
        sent[f"{number}"].append(clock.now)
        held[number] = stack
        heapq.heappush(agenda, (clock.now + programs[number][2], number))
    for stack in held.values():
        stack.close()
    return sent


def test_two_organizations_get_the_same_share(tmp_path: Path) -> None:
    sent = take_turns(tmp_path, [("acme", "petra", 0.1), ("beta", "ivan", 0.15)], 200)
    assert abs(len(sent["0"]) - len(sent["1"])) <= 0.05 * 200
    assert len(sent["0"]) + len(sent["1"]) >= 0.9 * 200


def test_an_organization_with_slow_answers_is_not_pushed_aside_by_one_with_fast_ones(tmp_path: Path) -> None:
    sent = take_turns(tmp_path, [("acme", "petra", 0.05), ("beta", "ivan", 0.9)], 200)
    assert len(sent["1"]) >= 0.3 * 200
    assert max(later - before for before, later in itertools.pairwise(sent["1"])) < 6


def test_an_organization_with_three_programs_gets_no_more_than_one_with_a_single_program(tmp_path: Path) -> None:
    programs = [("acme", f"user-{number}", 0.2) for number in range(3)] + [("beta", "ivan", 0.2)]
    sent = take_turns(tmp_path, programs, 200)
    of_acme = sum(len(sent[f"{number}"]) for number in range(3))
    assert abs(of_acme - len(sent["3"])) <= 4
    assert max(len(sent[f"{number}"]) for number in range(3)) - min(len(sent[f"{number}"]) for number in range(3)) <= 4


def test_two_programs_of_one_user_take_turns(tmp_path: Path) -> None:
    sent = take_turns(tmp_path, [("acme", "petra", 0.2), ("acme", "petra", 0.2)], 200)
    assert abs(len(sent["0"]) - len(sent["1"])) <= 2


def test_organizations_that_take_turns_do_not_lower_the_rate(tmp_path: Path) -> None:
    programs = [(f"firm {number}", f"user {number}", 0.3) for number in range(5)]
    sent = take_turns(tmp_path, programs, 200)
    assert sum(len(times) for times in sent.values()) >= 0.9 * 200


def test_somebody_who_waits_and_dies_keeps_the_others_for_half_a_second_at_most(tmp_path: Path) -> None:
    clock = virtual.VirtualClock()
    first, gone = (pace(tmp_path, clock, organization=name) for name in ("acme", "beta"))
    for _ in range(4):
        with first.turn(["petra"]):
            pass
    free = clock.now + 4.0
    assert isinstance(gone.attempt(["ivan"], contextlib.ExitStack(), "never comes back"), float)
    with first.turn(["petra"]):
        assert clock.now <= free + 0.6


def test_who_stops_waiting_is_not_waited_for(tmp_path: Path) -> None:
    clock = virtual.VirtualClock()
    first, gone = (pace(tmp_path, clock, organization=name) for name in ("acme", "beta"))
    for _ in range(4):
        with first.turn(["petra"]):
            pass
    free = clock.now + 4.0

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "sleep", interrupted)
        with pytest.raises(KeyboardInterrupt), gone.turn(["ivan"]):
            pytest.fail("the turn started too early")
    with first.turn(["petra"]):
        assert clock.now <= free + 0.05


def test_a_program_that_starts_again_remembers_the_last_requests(tmp_path: Path) -> None:
    clock = virtual.VirtualClock()
    arrivals = []
    for seed in range(120):
        more, _ = run(tmp_path, 1 + seed % 5, 0.3, seed, clock)
        arrivals += more
    assert virtual.most_in_any_window(arrivals, 4.0) <= 4


def test_several_users_overlap_slow_answers_and_do_not_raise_the_rate(tmp_path: Path) -> None:
    clock = virtual.VirtualClock()
    sender = pace(tmp_path, clock)
    chance = random.Random(19)
    users = ["petra", "ivan", "micka", "jana", "karel", "olga"]
    arrivals: list[float] = []
    under_way: list[tuple[float, int, str, contextlib.ExitStack]] = []
    busiest, in_flight = 0, set()
    while len(arrivals) < 250:
        held = contextlib.ExitStack()
        granted = sender.attempt(users, held, "anybody")
        if not isinstance(granted, float):
            user = users[granted.user]
            assert user not in in_flight
            in_flight.add(user)
            busiest = max(busiest, len(in_flight))
            arrivals.append(clock.now + chance.uniform(0, 2))
            heapq.heappush(under_way, (arrivals[-1] + chance.uniform(0.1, 6), len(arrivals), user, held))
            continue
        clock.now += granted
        while under_way and under_way[0][0] <= clock.now:
            _, _, user, ended = heapq.heappop(under_way)
            ended.close()
            in_flight.discard(user)
    for *_, ended in under_way:
        ended.close()
    assert busiest > 1
    assert virtual.most_in_any_window(arrivals, 4.0) <= 4


def test_the_wall_clock_has_no_say(tmp_path: Path) -> None:
    clock = virtual.VirtualClock()
    clock.time = lambda: random.Random(1).uniform(0, 2e9)  # type: ignore[method-assign]
    arrivals, _ = run(tmp_path, 40, 0.0, 20, clock)
    assert virtual.most_in_any_window(arrivals, 4.0) <= 4


@pytest.mark.parametrize("left_behind", ["another boot", "a time in the future", "half a file", "no file"])
def test_after_a_start_of_the_machine_the_first_request_waits_the_full_time(tmp_path: Path, left_behind: str) -> None:
    run(tmp_path, 1, 0.0, 21)
    clock = virtual.VirtualClock(10.0 if left_behind == "a time in the future" else 5000.0)
    if left_behind == "half a file":
        file = next(tmp_path.glob("*.json"))
        file.write_bytes(file.read_bytes()[:20])
    if left_behind == "no file":
        next(tmp_path.glob("*.json")).unlink()
    began = clock.monotonic()
    sender = pace(tmp_path, clock, boot="another" if left_behind == "another boot" else "boot")
    with sender.turn(["petra"]):
        assert 4.0 <= clock.monotonic() - began <= 4.1


def test_a_folder_that_is_removed_under_way_counts_as_full(tmp_path: Path) -> None:
    clock = virtual.VirtualClock()
    sender = pace(tmp_path / "pace", clock)
    with sender.turn(["petra"]):
        pass
    shutil.rmtree(tmp_path / "pace")
    began = clock.monotonic()
    with sender.turn(["petra"]):
        assert 4.0 <= clock.monotonic() - began <= 4.1


def test_without_any_history_the_first_four_do_not_wait(tmp_path: Path) -> None:
    clock = virtual.VirtualClock()
    sender = pace(tmp_path, clock)
    for _ in range(4):
        with sender.turn(["petra"]):
            pass
    assert clock.slept == []


def test_two_threads_of_one_user_take_turns(tmp_path: Path) -> None:
    in_flight, most, errors = 0, 0, []

    def send() -> None:
        nonlocal in_flight, most
        try:
            with Pace(tmp_path, LOCAL, clock=SystemClock()).turn(["petra"]):
                in_flight += 1
                most = max(most, in_flight)
                time.sleep(0.02)
                in_flight -= 1
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, errors) == (1, [])


def test_an_interruption_passes_and_frees_the_user(tmp_path: Path) -> None:
    class Interrupting(virtual.VirtualClock):  # type: ignore[misc, name-defined]
        def sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt

    run(tmp_path, 4, 0.0, 22)
    clock = Interrupting(1000.0 + 3.0)
    with pytest.raises(KeyboardInterrupt), pace(tmp_path, clock).turn(["petra"]):
        pytest.fail("the turn started too early")
    later = virtual.VirtualClock(2000.0)
    with pace(tmp_path, later).turn(["petra"]):
        assert later.slept == []


def test_an_error_inside_a_turn_ends_it(tmp_path: Path) -> None:
    clock = virtual.VirtualClock()
    sender = pace(tmp_path, clock)
    with pytest.raises(RuntimeError), sender.turn(["petra"]):
        raise RuntimeError
    with sender.turn(["petra"]):
        assert clock.slept == []


def test_ending_a_turn_twice_keeps_the_first_end(tmp_path: Path) -> None:
    clock = virtual.VirtualClock()
    with pace(tmp_path, clock).turn(["petra"]) as turn:
        turn.finished()
        clock.now += 50
    state = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert state["last"][0]["end"] == 1000.0
    assert state["unfinished"] == {}


def test_a_user_whose_line_broke_rests_while_the_service_may_be_working(tmp_path: Path) -> None:
    clock = virtual.VirtualClock()
    sender = pace(tmp_path, clock, abandoned_wait=7.0)
    with sender.turn(["petra"]) as turn:
        clock.now += 3
        turn.broken()
    with sender.turn(["petra", "ivan"]) as turn:
        assert (turn.user, clock.slept) == (1, [])
    with sender.turn(["petra"]):
        assert sum(clock.slept) == pytest.approx(7.0)


def test_the_user_names_are_not_written_down(tmp_path: Path) -> None:
    with pace(tmp_path, virtual.VirtualClock()).turn(["petra.novotna"]):
        pass
    for file in tmp_path.iterdir():
        assert "petra" not in file.name + file.read_text()


@pytest.mark.parametrize(
    ("endpoint", "key"),
    [
        ("https://eurofaktura.cz/WebServicesCZ/API", "internet"),
        ("https://e-racuni.com/WebServicesSI/API", "internet"),
        ("http://127.0.0.1:8123/WebServicesCZ/API", "loopback-8123"),
        ("http://localhost:8123/WebServicesCZ/API", "loopback-8123"),
        ("http://localhost/API", "loopback-80"),
    ],
)
def test_the_address_of_the_machine_has_one_pace_and_each_local_service_its_own(endpoint: str, key: str) -> None:
    assert pace_key(endpoint) == key


@pytest.mark.parametrize(("shared", "mode"), [(False, 0o600), (True, 0o666)])
def test_the_files_are_for_one_user_or_for_all_who_share_the_folder(tmp_path: Path, shared: bool, mode: int) -> None:
    sender = Pace(tmp_path / "pace", LOCAL, clock=SystemClock(), shared=shared)
    with sender.turn(["petra"]):
        pass
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "pace").iterdir()} == {mode}


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("")
    with pytest.raises(SettingsError, match="pace of sending"):
        pace(occupied / "inside", virtual.VirtualClock())


def test_this_machine_has_a_boot_identity_that_stays() -> None:
    assert boot_identity() == boot_identity() != ""


# Several processes, real time.


def _send_some(folder: str, log: str, calls: int, seed: int) -> None:
    chance = random.Random(seed)
    sender = Pace(Path(folder), LOCAL, clock=SystemClock())
    with Path(log).open("a", encoding="ascii") as file:
        for _ in range(calls):
            with sender.turn(["petra", "ivan"]) as turn:
                time.sleep(chance.uniform(0, 0.05))
                file.write(f"{time.monotonic()}\n")
                file.flush()
                time.sleep(chance.uniform(0, 0.1))
                turn.finished()


def test_two_processes_keep_one_pace(tmp_path: Path) -> None:
    logs = [tmp_path / "one.log", tmp_path / "two.log"]
    folder = str(tmp_path / "pace")
    processes = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import runpy; runpy.run_path({__file__!r})['_send_some']({folder!r}, {str(log)!r}, 4, {seed})",
            ],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        for seed, log in enumerate(logs)
    ]
    assert [process.wait(60) for process in processes] == [0, 0]
    arrivals = [float(line) for log in logs for line in log.read_text().splitlines()]
    assert len(arrivals) == 8
    assert virtual.most_in_any_window(arrivals, 4.0) <= 4


HOLD = """
import sys, time
from pathlib import Path
from efimport.api.clock import SystemClock
from efimport.api.pace import Pace
with Pace(Path(sys.argv[1]), sys.argv[2], clock=SystemClock()).turn(["petra"]):
    print("held", flush=True)
    time.sleep(60)
"""


def _killed_owner(folder: Path) -> float:
    """Kills a process in the middle of its turn; when its turn had started at the latest."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), LOCAL],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        started = time.monotonic()
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    return started


def test_the_turn_of_a_killed_owner_is_waited_for_and_then_over(tmp_path: Path) -> None:
    started = _killed_owner(tmp_path)
    # From here on time is virtual: it begins where the killed process left it.
    clock = virtual.VirtualClock(time.monotonic())
    sender = Pace(tmp_path, LOCAL, clock=clock, abandoned_wait=30)
    with sender.turn(["petra"]):
        assert 29.0 <= clock.now - started <= 31.0
    began = clock.now
    with sender.turn(["petra"]):
        assert clock.now - began < 1.0


def test_another_user_need_not_wait_for_the_turn_of_a_killed_owner(tmp_path: Path) -> None:
    _killed_owner(tmp_path)
    clock = virtual.VirtualClock(time.monotonic())
    with Pace(tmp_path, LOCAL, clock=clock, abandoned_wait=30).turn(["petra", "ivan"]) as turn:
        assert turn.user == 1
        assert clock.slept == []


def test_a_killed_owner_counts_as_ended_when_its_death_is_discovered(tmp_path: Path) -> None:
    _killed_owner(tmp_path)
    clock = virtual.VirtualClock(time.monotonic())
    sender = Pace(tmp_path, LOCAL, clock=clock, abandoned_wait=30)
    for _ in range(3):
        with sender.turn(["ivan"]):
            pass
    began = clock.now
    with sender.turn(["ivan"]):
        assert 3.9 <= clock.now - began <= 5.0
