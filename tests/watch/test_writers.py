"""Whether somebody writes to a file."""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from efimport.watch import writers
from efimport.watch.writers import being_written

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="leases are of Linux")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "výpis.gpc"
    path.write_bytes(b"x" * 5000)
    return path


def test_a_file_at_rest_has_no_writer(file):
    assert being_written(file) is False


def test_a_reader_is_no_writer(file):
    with file.open("rb"):
        assert being_written(file) is False


@pytest.mark.parametrize("mode", ["ab", "r+b", "wb"])
def test_an_open_handle_is_a_writer(file, mode):
    with file.open(mode):
        assert being_written(file) is True
    assert being_written(file) is False


def test_a_handle_of_another_process_is_a_writer(file):
    command = [sys.executable, "-c", f"f = open({str(file)!r}, 'ab'); print(flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        assert being_written(file) is True
        process.communicate(b"\n")
    assert being_written(file) is False


def test_a_mapping_into_memory_is_a_writer_even_when_the_handle_is_closed(file):
    with file.open("r+b") as stream:
        mapped = mmap.mmap(stream.fileno(), 0)
    try:
        assert being_written(file) is True
    finally:
        mapped.close()
    assert being_written(file) is False


def test_no_lease_is_left_behind(file):
    being_written(file)
    # With a lease this would be refused.
    os.close(os.open(file, os.O_WRONLY | os.O_NONBLOCK))


def test_a_lease_of_another_program_is_not_waited_for(file):
    handle = os.open(file, os.O_RDWR)
    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        start = time.monotonic()
        assert being_written(file) is True
        assert time.monotonic() - start < 1
    finally:
        os.close(handle)


def test_a_writer_who_comes_during_the_lease_does_not_end_the_program(file):
    program = (
        "import os, sys, threading, time\n"
        "from pathlib import Path\n"
        "from efimport.watch.writers import being_written\n"
        "path, until = Path(sys.argv[1]), time.monotonic() + 0.2\n"
        "def write():\n"
        "    while time.monotonic() < until:\n"
        "        os.close(os.open(path, os.O_WRONLY))\n"
        "threading.Thread(target=write).start()\n"
        "found = set()\n"
        "while time.monotonic() < until:\n"
        "    found.add(being_written(path))\n"
        "print(sorted(found))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout in ("[False, True]\n", "[False]\n", "[True]\n")


def test_a_file_of_another_machine_cannot_be_told(file, monkeypatch):
    monkeypatch.setattr(os, "major", lambda device: 0)
    monkeypatch.setattr(writers, "network_file_system", lambda path: "cifs")
    assert being_written(file) is None
    assert being_written(file, network=False) is False
    monkeypatch.setattr(writers, "network_file_system", lambda path: None)
    assert being_written(file, network=True) is None


def test_what_lies_on_a_device_of_its_own_is_of_this_machine(file, monkeypatch):
    monkeypatch.setattr(os, "major", lambda device: 8)
    monkeypatch.setattr(writers, "network_file_system", lambda path: pytest.fail("it need not be asked"))
    assert being_written(file) is False


@pytest.mark.parametrize("number", [errno.EACCES, errno.EINVAL, errno.ENOSYS, errno.EBADF, errno.ENOLCK])
def test_a_system_that_gives_no_leases_tells_nothing(file, monkeypatch, number):
    def refuse(handle, command, value):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    assert being_written(file) is None


def test_what_is_no_file_cannot_be_told_and_is_not_waited_for(tmp_path, file):
    os.mkfifo(tmp_path / "roura")
    (tmp_path / "odkaz").symlink_to(file)
    for path in (tmp_path / "roura", tmp_path, tmp_path / "neni", tmp_path / "odkaz"):
        assert being_written(path) is None


def test_the_time_of_the_last_access_stays(file):
    os.utime(file, ns=(1, 2))
    being_written(file)
    assert file.stat().st_atime_ns == 1


def test_handles_are_closed(file):
    before = len(list(Path("/proc/self/fd").iterdir()))
    with file.open("ab"):
        being_written(file)
    being_written(file)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
