"""The command line in a process that can be killed: forked from one that has loaded everything."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import signal
import sys
from functools import partial
from pathlib import Path

import efimport.journal
import efimport.watch.ground
import efimport.watch.reconciling
from efimport.api import client, pace
from efimport.cli.main import main
from efimport.delivery import attempting
from efimport.journal.spool import Disk
from efimport.watch.folder_disk import FolderDisk


def run(job: dict) -> None:
    """Runs ``efimport`` as often as the job says; ends the process by SystemExit of the last one."""
    os.chdir(job["folder"])
    os.environ.update(job["environment"])
    # The rule of the pace is tested elsewhere; here its seconds are a tenth of a second, or none.
    pace.PERIOD = job["period"]
    client.BUSY_STEP = attempting.LONGEST_PAUSE = 0.05
    # A person does not take a minute to move a file here.
    efimport.watch.reconciling.GRACE = 0.5
    weakness = _weakness(job)
    efimport.journal.Journal = partial(efimport.journal.Journal, **weakness)
    if "disk" not in weakness:
        of_folders = {"disk": KillingDisk(weakness["fail_point"])} if job.get("kill_at_step") else {}
        efimport.watch.ground.Means = partial(efimport.watch.ground.Means, **weakness, **of_folders)
    if job.get("largest_file"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["largest_file"], job["largest_file"]))
    _write_to(job["folder"], job.get("name", "run"))
    for _ in range(job.get("times", 1) - 1):
        with contextlib.suppress(SystemExit):
            sys.argv = ["efimport", *job["arguments"]]
            main()
    sys.argv = ["efimport", *job["arguments"]]
    main()


def _write_to(folder: str, name: str) -> None:
    for number, kind in ((1, "out"), (2, "err")):
        handle = os.open(Path(folder) / f"{name}.{kind}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(handle, number)
        os.close(handle)


def _weakness(job: dict) -> dict:
    """What fails in this process, as arguments of the journal."""
    if job.get("kill_at"):
        return {"fail_point": partial(_killed_at, job["kill_at"])}
    if job.get("kill_at_step"):
        return {"fail_point": Steps(job["kill_at_step"], Path(job["folder"]) / "killed").passed}
    if job.get("fails_at"):
        failing = Failing(job["fails_at"])
        return {"fail_point": failing.point, "disk": FailingDisk(failing)}
    return {}


def _killed_at(wanted: str, point: str) -> None:
    if point == wanted:
        os.kill(os.getpid(), signal.SIGKILL)


class Steps:
    """Counts the steps of a process, and ends it at the n-th one."""

    def __init__(self, kill_at: int, log: Path) -> None:
        self.left = kill_at
        self._log = log

    def passed(self, point: str) -> None:
        self.left -= 1
        if self.left == 0:
            self._log.write_text(point)
            os.kill(os.getpid(), signal.SIGKILL)


class KillingDisk(FolderDisk):
    """A disk of a watched folder whose changes are steps, too."""

    def __init__(self, passed) -> None:
        self._passed = passed

    def reserve(self, path):
        super().reserve(path)
        self._passed("disk.reserve")

    def create(self, path):
        handle = super().create(path)
        self._passed("disk.create")
        return handle

    def write(self, handle, content):
        # Half of it is there.
        half = super().write(handle, content[: len(content) // 2])
        self._passed("disk.write")
        return half + super().write(handle, content[half:])

    def sync(self, handle):
        super().sync(handle)
        self._passed("disk.sync")

    def rename(self, start, end):
        super().rename(start, end)
        self._passed("disk.rename")

    def link(self, start, end):
        super().link(start, end)
        self._passed("disk.link")

    def unlink(self, path):
        super().unlink(path)
        self._passed("disk.unlink")


class Failing:
    """Fails at the n-th write and at all that follow, as a full disk does."""

    def __init__(self, fails_at: int) -> None:
        self.left = fails_at

    def count(self) -> None:
        self.left -= 1
        if self.left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")

    def point(self, point: str) -> None:
        if point.startswith("journal.") and point.endswith(":written"):
            self.count()


class FailingDisk(Disk):
    """A disk whose operations count."""

    def __init__(self, failing: Failing) -> None:
        self._failing = failing

    def write(self, handle, content):
        self._failing.count()
        return super().write(handle, content)

    def sync(self, handle):
        self._failing.count()
        super().sync(handle)

    def rename(self, start, end):
        self._failing.count()
        super().rename(start, end)

    def unlink(self, path):
        self._failing.count()
        super().unlink(path)
