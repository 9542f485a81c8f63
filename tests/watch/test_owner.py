"""One watcher on a folder, also where locks cannot be relied on."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from filelock import FileLock, Timeout

from efimport.journal import Journal
from efimport.sources.folders import is_left_out
from efimport.testing import FakeClock
from efimport.watch import owner as module
from efimport.watch.folder_disk import FolderDisk
from efimport.watch.folders import FoldersError
from efimport.watch.owner import FRESH_SECONDS, LOCK_NAME, RECORD_NAME, FolderHeldError, FolderOwner, Watcher

PROGRAM = """
import sys, time
from pathlib import Path
from efimport.watch.owner import FolderOwner
owner = FolderOwner()
with owner.taken(Path(sys.argv[1])):
    print("taken", flush=True)
    sys.stdin.readline()
"""
HELD = r"is watched by process {pid} on .+ since 20.+\+00:00: .+"


@pytest.fixture
def watchers() -> Iterator[list[subprocess.Popen]]:
    started: list[subprocess.Popen] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def watch(watchers: list[subprocess.Popen], root: Path) -> subprocess.Popen:
    """Another process that watches the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    watchers.append(process)
    assert process.stdout is not None
    assert process.stdout.readline() == "taken\n"
    return process


class Unreliable:
    """A lock of a share that every computer keeps for itself: everybody gets it."""

    def __init__(self, *_, **__) -> None:
        pass

    def acquire(self, timeout: float) -> None:
        pass

    def release(self) -> None:
        pass


def unreliable(monkeypatch) -> None:
    monkeypatch.setattr(module, "FileLock", Unreliable)


def no_locks(monkeypatch, error: Exception) -> None:
    def acquire(self, timeout):
        raise error

    monkeypatch.setattr(Unreliable, "acquire", acquire)
    unreliable(monkeypatch)


def record(root: Path, *, age: float = 0.0, **changes) -> None:
    """The record of another watcher, renewed so many seconds ago."""
    (root / RECORD_NAME).unlink(missing_ok=True)
    with FolderOwner().taken(root):
        own = FolderOwner.holder(root)
    assert own is not None
    (root / RECORD_NAME).write_bytes(msgspec.json.encode(msgspec.structs.replace(own, token="other", **changes)))
    renewed = (root / RECORD_NAME).stat().st_mtime - age
    os.utime(root / RECORD_NAME, (renewed, renewed))


def ended_process() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_the_owner_is_told_and_the_folder_is_free_when_it_has_ended(tmp_path, watchers):
    process = watch(watchers, tmp_path)
    with pytest.raises(FolderHeldError, match=HELD.format(pid=process.pid)) as told, FolderOwner().taken(tmp_path):
        pass
    assert str(tmp_path) in told.value.reason
    assert "On the same computer the folder is free at once" in (told.value.remedy or "")
    assert FolderOwner.holder(tmp_path).pid == process.pid
    process.communicate("end\n")
    assert process.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == [LOCK_NAME]
    with FolderOwner().taken(tmp_path):
        pass


def test_the_folder_of_a_killed_owner_is_taken_over_at_once_whatever_the_locks_are_worth(
    tmp_path, watchers, monkeypatch
):
    process = watch(watchers, tmp_path)
    left = (tmp_path / RECORD_NAME).read_bytes()

    def with_each_kind_of_lock() -> Iterator[None]:
        yield
        with monkeypatch.context() as patch:
            unreliable(patch)
            yield
        with monkeypatch.context() as patch:
            no_locks(patch, OSError(errno.ENOLCK, "No locks available"))
            yield

    for _ in with_each_kind_of_lock():
        with pytest.raises(FolderHeldError, match=f"process {process.pid} "), FolderOwner().taken(tmp_path):
            pass
    os.kill(process.pid, signal.SIGKILL)
    # It has ended, and its parent has not asked about it yet.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    for _ in with_each_kind_of_lock():
        (tmp_path / RECORD_NAME).write_bytes(left)
        assert FolderOwner.holder(tmp_path).pid == process.pid
        with FolderOwner().taken(tmp_path):
            assert FolderOwner.holder(tmp_path).pid == os.getpid()
        assert FolderOwner.holder(tmp_path) is None


def test_of_many_that_start_at_once_one_gets_the_folder(tmp_path):
    start, end = threading.Barrier(6), threading.Event()
    results: list[str] = []

    def take() -> None:
        start.wait()
        try:
            with FolderOwner().taken(tmp_path):
                results.append("taken")
                end.wait(5)
        except FolderHeldError:
            results.append("held")
        if len(results) == 6:
            end.set()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    while len(results) < 6 and any(thread.is_alive() for thread in threads):
        end.wait(0.01)
    end.set()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["held"] * 5 + ["taken"]


def test_a_record_of_another_computer_counts_while_it_is_renewed(tmp_path):
    record(tmp_path, host="ucetni-pc", pid=77, age=FRESH_SECONDS - 10)
    with pytest.raises(FolderHeldError, match="process 77 on ucetni-pc since"), FolderOwner().taken(tmp_path):
        pass
    assert FolderOwner.holder(tmp_path).pid == 77
    record(tmp_path, host="ucetni-pc", pid=77, age=FRESH_SECONDS + 10)
    with FolderOwner().taken(tmp_path):
        assert FolderOwner.holder(tmp_path).pid == os.getpid()


def test_ages_are_told_by_the_share_so_that_a_clock_that_is_a_day_off_does_no_harm(tmp_path):
    for days in (-1, 1):
        record(tmp_path, host="ucetni-pc")
        clock = FakeClock()
        clock.advance(0 if days < 0 else 86_400 * 3650)
        with pytest.raises(FolderHeldError), FolderOwner(clock=clock).taken(tmp_path):
            pass
    # The share's clock went back: the record is from its future.
    record(tmp_path, host="ucetni-pc", age=-3600)
    with pytest.raises(FolderHeldError), FolderOwner().taken(tmp_path):
        pass
    assert not list(tmp_path.glob("*.part"))


def test_a_computer_of_the_same_name_is_another_one(tmp_path):
    record(tmp_path, machine="another", pid=ended_process())
    with pytest.raises(FolderHeldError), FolderOwner().taken(tmp_path):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell when a process was started")
def test_a_process_that_has_the_number_of_the_dead_owner_is_not_taken_for_it(tmp_path, watchers):
    process = subprocess.Popen(["sleep", "60"], stdout=subprocess.PIPE)
    watchers.append(process)
    record(tmp_path, pid=process.pid, started="another boot 1234")
    with FolderOwner().taken(tmp_path):
        pass
    record(tmp_path, pid=process.pid, started=module._started(process.pid))
    with pytest.raises(FolderHeldError), FolderOwner().taken(tmp_path):
        pass
    record(tmp_path, pid=2**40)
    with FolderOwner().taken(tmp_path):
        pass


@pytest.mark.parametrize("reliable", [True, False])
def test_where_the_system_does_not_tell_of_processes_the_lock_does_else_the_age(tmp_path, monkeypatch, reliable):
    record(tmp_path, started="")
    if not reliable:
        no_locks(monkeypatch, NotImplementedError())
        with pytest.raises(FolderHeldError), FolderOwner().taken(tmp_path):
            pass
        record(tmp_path, started="", age=FRESH_SECONDS + 1)
    with FolderOwner().taken(tmp_path):
        pass


def test_a_process_that_may_not_be_looked_at_is_unknown(tmp_path, monkeypatch):
    record(tmp_path, pid=1)

    def refuse(*_):
        raise PermissionError(errno.EPERM, "no")

    monkeypatch.setattr(module.os, "kill", refuse)
    monkeypatch.setattr(module, "_started", lambda pid: None)
    assert module._is_running(FolderOwner.holder(tmp_path)) is None


def test_a_record_of_this_process_that_could_not_be_taken_away_is_no_owner(tmp_path):
    record(tmp_path)
    with FolderOwner().taken(tmp_path):
        pass


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"{}", b'{"pid": "x"}'])
def test_what_is_no_record_counts_by_its_age_alone(tmp_path, content):
    (tmp_path / RECORD_NAME).write_bytes(content)
    assert FolderOwner.holder(tmp_path) is None
    with pytest.raises(FolderHeldError, match="Another process watches"), FolderOwner().taken(tmp_path):
        pass
    os.utime(tmp_path / RECORD_NAME, (1_000_000_000, 1_000_000_000))
    with FolderOwner().taken(tmp_path):
        pass


def test_the_record_is_renewed_at_every_scan(tmp_path):
    clock = FakeClock()
    owner = FolderOwner(clock=clock)
    owner.beat()
    with owner.taken(tmp_path):
        first = FolderOwner.holder(tmp_path)
        os.utime(tmp_path / RECORD_NAME, (1_000_000_000, 1_000_000_000))
        clock.advance(60)
        owner.beat()
        second = FolderOwner.holder(tmp_path)
        assert (first.beat, second.beat) == ("2026-01-01T00:00:00+00:00", "2026-01-01T00:01:00+00:00")
        assert msgspec.structs.replace(second, beat=first.beat) == first
        assert (tmp_path / RECORD_NAME).stat().st_mtime > 1_000_000_000
        # Somebody tidied up.
        (tmp_path / RECORD_NAME).unlink()
        owner.beat()
        assert FolderOwner.holder(tmp_path) == second
    assert FolderOwner.holder(tmp_path) is None


def test_an_owner_whose_folder_was_taken_over_stops_and_leaves_the_record_of_the_other(tmp_path):
    owner = FolderOwner()
    with owner.taken(tmp_path):
        record_of_other = msgspec.structs.replace(FolderOwner.holder(tmp_path), token="other", host="ucetni-pc")
        (tmp_path / RECORD_NAME).write_bytes(msgspec.json.encode(record_of_other))
        with pytest.raises(FolderHeldError, match="on ucetni-pc since"):
            owner.beat()
    assert FolderOwner.holder(tmp_path) == record_of_other


def test_of_two_that_write_their_records_at_once_the_first_gives_way(tmp_path, monkeypatch):
    record(tmp_path, host="ucetni-pc")
    other = (tmp_path / RECORD_NAME).read_bytes()
    (tmp_path / RECORD_NAME).unlink()

    class Racing(FolderDisk):
        def rename(self, start, end):
            super().rename(start, end)
            end.write_bytes(other)

    with pytest.raises(FolderHeldError, match="on ucetni-pc since"), FolderOwner(disk=Racing()).taken(tmp_path):
        pass
    assert (tmp_path / RECORD_NAME).read_bytes() == other


def test_a_share_that_is_away_is_no_error_of_a_renewal_nor_of_the_end(tmp_path):
    root = tmp_path / "share"
    root.mkdir()
    owner = FolderOwner()
    with owner.taken(root):
        root.rename(tmp_path / "away")
        owner.beat()
        assert not root.exists()
    (tmp_path / "away").rename(root)
    with FolderOwner().taken(root):
        pass


def test_a_folder_that_is_not_there_or_cannot_be_written_is_told(tmp_path, monkeypatch):
    with (
        pytest.raises(FoldersError, match="absent cannot be watched: it is not there"),
        FolderOwner().taken(tmp_path / "absent"),
    ):
        pass

    class Full(FolderDisk):
        def write(self, handle, content):
            raise OSError(errno.ENOSPC, "full")

    with (
        pytest.raises(FoldersError, match="cannot be watched: there is no room left"),
        FolderOwner(disk=Full()).taken(tmp_path),
    ):
        pass
    # The lock is free again.
    with FolderOwner().taken(tmp_path):
        pass
    no_locks(monkeypatch, OSError(errno.EACCES, "no"))
    with pytest.raises(FoldersError, match="efimport has no right"), FolderOwner().taken(tmp_path):
        pass


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_on_a_share_without_locks_the_record_decides(tmp_path, monkeypatch, number, watchers):
    no_locks(monkeypatch, OSError(number, "no"))
    first, second = FolderOwner(), FolderOwner()
    with first.taken(tmp_path):
        with pytest.raises(FolderHeldError, match=f"process {os.getpid()} "), second.taken(tmp_path):
            pass
        first.beat()
    with second.taken(tmp_path):
        pass


def test_an_error_of_the_work_gives_the_folder_back(tmp_path):
    def work() -> None:
        with FolderOwner().taken(tmp_path):
            with pytest.raises(Timeout):
                FileLock(tmp_path / LOCK_NAME, timeout=0).acquire()
            raise KeyError

    with pytest.raises(KeyError):
        work()
    assert FolderOwner.holder(tmp_path) is None
    with FolderOwner().taken(tmp_path):
        pass


def test_others_of_the_group_can_see_who_watches_and_scans_leave_the_files_alone(tmp_path):
    tmp_path.chmod(0o2770)
    before = os.umask(0o077)
    try:
        with FolderOwner().taken(tmp_path):
            for name in (LOCK_NAME, RECORD_NAME):
                assert (tmp_path / name).stat().st_mode & 0o777 == 0o660
                assert is_left_out(name)
    finally:
        os.umask(before)


def test_a_command_line_with_bytes_that_are_no_text_can_be_recorded(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/usr/bin/efimport", "watch", os.fsdecode(b"v\xfdpisy")])
    with FolderOwner().taken(tmp_path):
        assert FolderOwner.holder(tmp_path).command == "efimport watch v\\udcfdpisy"
    with Journal(tmp_path / "journal.sqlite3") as journal, journal.owned():
        pass


def test_a_watcher_names_the_process_as_the_owner_of_a_journal_is_named(tmp_path):
    with FolderOwner(clock=FakeClock()).taken(tmp_path):
        holder = FolderOwner.holder(tmp_path)
    assert isinstance(holder, Watcher)
    assert (holder.pid, holder.since) == (os.getpid(), "2026-01-01T00:00:00+00:00")
