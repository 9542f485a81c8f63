"""The spool, and disks that fail."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from pathlib import Path

import pytest

from efimport.errors import JournalError, SettingsError
from efimport.journal import Journal
from efimport.journal.spool import Disk, Spool

BODY = b"<request/>" * 1000
DIGEST = hashlib.sha256(BODY).hexdigest()


class FailingDisk(Disk):
    """Fails at its n-th operation; writes no more than 4,000 bytes at once."""

    def __init__(self, fails_at: int, number: int = errno.EIO) -> None:
        self.fails_at = fails_at
        self.number = number
        self.operations = 0

    def count(self) -> None:
        self.operations += 1
        if self.operations == self.fails_at:
            raise OSError(self.number, "The disk fails")

    def write(self, handle, content):
        self.count()
        return super().write(handle, content[:4000])

    def sync(self, handle):
        self.count()
        super().sync(handle)

    def rename(self, start, end):
        self.count()
        super().rename(start, end)

    def sync_folder(self, folder):
        self.count()
        super().sync_folder(folder)

    def unlink(self, path):
        self.count()
        super().unlink(path)


class ForgetfulDisk(Disk):
    """Stores something else than it was given."""

    def write(self, handle, content):
        super().write(handle, memoryview(b"x" * len(content)))
        return len(content)


def test_a_body_is_stored_under_its_digest_and_read_back(tmp_path):
    spool = Spool(tmp_path / "spool")
    assert spool.put(BODY) == DIGEST
    assert spool.put(BODY) == DIGEST
    assert spool.get(DIGEST) == BODY
    assert spool.digests() == {DIGEST}
    spool.remove(DIGEST)
    spool.remove(DIGEST)
    assert spool.get(DIGEST) is None


def test_a_damaged_body_is_none_and_is_stored_anew(tmp_path):
    spool = Spool(tmp_path)
    spool.put(BODY)
    (tmp_path / DIGEST).write_bytes(BODY[:-1])
    assert spool.get(DIGEST) is None
    spool.put(BODY)
    assert spool.get(DIGEST) == BODY


def test_only_the_owner_of_the_account_can_read_it(tmp_path):
    Spool(tmp_path / "spool").put(BODY)
    assert (tmp_path / "spool").stat().st_mode & 0o077 == 0
    assert (tmp_path / "spool" / DIGEST).stat().st_mode & 0o077 == 0


def test_sweeping_removes_what_crashes_left_and_keeps_what_is_needed(tmp_path):
    spool = Spool(tmp_path)
    spool.put(BODY)
    other = spool.put(b"other")
    (tmp_path / f"{DIGEST}.77.new").write_bytes(b"half")
    spool.sweep({DIGEST})
    assert [path.name for path in tmp_path.iterdir()] == [DIGEST]
    assert other not in spool.digests()
    Spool(tmp_path / "absent").sweep(set())


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_disk_that_fails_at_any_operation_stores_nothing_half(tmp_path, number):
    for operation in range(1, 8):
        folder = tmp_path / str(operation)
        with pytest.raises(JournalError, match="cannot be stored"):
            Spool(folder, disk=FailingDisk(operation, number)).put(BODY)
        assert Spool(folder).get(DIGEST) in (None, BODY)
        assert Spool(folder).put(BODY) == DIGEST
    # Seven operations are all there are.
    assert Spool(tmp_path / "whole", disk=FailingDisk(8, number)).put(BODY) == DIGEST


def test_a_disk_that_stores_something_else_is_noticed(tmp_path):
    with pytest.raises(JournalError, match="other bytes"):
        Spool(tmp_path, disk=ForgetfulDisk()).put(BODY)


def test_a_body_that_cannot_be_removed_does_no_harm(tmp_path):
    Spool(tmp_path).put(BODY)
    Spool(tmp_path, disk=FailingDisk(1)).remove(DIGEST)
    assert Spool(tmp_path).get(DIGEST) == BODY


@pytest.mark.parametrize("number", [errno.ENOTSUP, errno.EIO])
@pytest.mark.parametrize("place", ["open", "fsync"])
def test_a_system_that_cannot_sync_folders_is_borne_and_a_fault_is_not(tmp_path: Path, monkeypatch, number, place):
    def fail(*_):
        raise OSError(number, "no")

    monkeypatch.setattr(f"efimport.journal.spool.os.{place}", fail)
    if number == errno.EIO:
        with pytest.raises(OSError, match="no"):
            Disk().sync_folder(tmp_path)
    else:
        Disk().sync_folder(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
@pytest.mark.parametrize("name", ["spool", "spool-kept"])
def test_a_folder_in_which_everybody_may_write_is_no_spool(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name).chmod(0o777)
    with pytest.raises(SettingsError, match="every user"):
        Spool(tmp_path / "spool")


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
def test_journal_and_spool_are_for_their_owner_alone(tmp_path):
    before = os.umask(0)
    try:
        with Journal(f"sqlite:///{tmp_path / 'new' / 'journal.sqlite3'}") as journal, journal.owned():
            journal.spool.put(BODY)
            rights = {path: path.stat().st_mode & 0o077 for path in tmp_path.rglob("*") if path.suffix != ".lock"}
    finally:
        os.umask(before)
    assert len(rights) >= 4
    assert {path for path, others in rights.items() if others} == set()
