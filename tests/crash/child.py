"""Runs an import in processes that can be killed; started once, it forks one process a job.

Reads jobs as lines of JSON, writes a line ``pid N`` when a job's process is started and a line of JSON when it is over.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import random
import signal
import sys
import traceback
import urllib.request
from pathlib import Path

from efimport.delivery import deliver
from efimport.journal import Journal, Stage
from efimport.planning.model import Repeat, State

KIT = Path(__file__).parent.parent / "delivery" / "kit.py"


def load_kit():
    spec = importlib.util.spec_from_file_location("kit", KIT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["kit"] = module
    spec.loader.exec_module(module)
    return module


def work(job: dict, kit) -> dict:
    """Delivers, has a person look into the books for what is held, delivers again, files."""
    folder = Path(job["folder"])
    passed: list[str] = []

    def fail_point(point: str) -> None:
        passed.append(point)
        if point == job.get("kill_at"):
            with (folder / "killed").open("a") as log:
                log.write(point + "\n")
            os.kill(os.getpid(), signal.SIGKILL)

    calls = [kit.call(name, Repeat(repeat)) for name, repeat in job["calls"]]
    if job.get("shuffled"):
        random.Random(job["shuffled"]).shuffle(calls)
    if job.get("products"):
        calls.append(kit.products(*job["products"]))
    plan = kit.plan(calls)
    told = {}
    with (
        Journal(folder / "journal.sqlite3", fail_point=fail_point) as journal,
        kit.client(job["url"], folder, users=job.get("users", 1)) as client,
        journal.owned(wait=5.0),
    ):
        # What was interrupted may be lost by the service afterwards, and has to be decided once more.
        for _ in range(3):
            delivery = deliver(plan, client, journal, quiet_time=job["quiet"])
            outcomes = list(delivery)
            assert sorted(outcome.call.id for outcome in outcomes) == sorted(call.id for call in calls)
            for outcome in outcomes:
                told.setdefault(outcome.state.value, []).append(outcome.call.number)
            there = json.load(urllib.request.urlopen(job["url"], timeout=5))
            for entry in journal.list([State.HELD]):
                assert entry.repeat is Repeat.BLIND, entry
                journal.resolve(entry.id, arrived=there.get(entry.number, 0) > 0)
        for entry in journal.list([State.ACCEPTED]):
            if entry.stage is Stage.ACCEPTED:
                journal.filed(entry.id)
        stages = {entry.number: entry.stage.value for entry in journal.list()}
        left = sorted(journal.spool.digests())
    return {"told": told, "stages": stages, "left": left, "passed": sorted(set(passed))}


def main() -> None:
    kit = load_kit()
    # Loaded before the forks: what a process needs first takes longer than the job.
    for heavy in ("efimport.api.client", "efimport.api.answers", "lxml.etree", "httpx"):
        importlib.import_module(heavy)

    for line in sys.stdin:
        given = json.loads(line)
        children = [started(job, kit) for job in given.get("together", [given])]
        tell(" ".join(["pid", *map(str, children)]))
        statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        tell(json.dumps({"status": statuses if "together" in given else statuses[0]}))


def started(job: dict, kit) -> int:
    """The number of the process that does the job."""
    if "warm_up" in job:
        warm_up(job)
    result = Path(job["folder"]) / "result.json"
    result.unlink(missing_ok=True)
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        if "arguments" in job:
            status = imported(job)
        else:
            result.write_text(json.dumps(work(job, kit)))
            status = 0
    finally:
        if status and "arguments" not in job:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def imported(job: dict) -> int:
    """The exit status of the command line."""
    from tests.crash import program

    try:
        program.run(job)
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    return 0


def warm_up(job: dict) -> None:
    """A dry run in this process: what is loaded late is loaded before the forks."""
    import contextlib

    from efimport.cli.main import main as command
    from efimport.delivery import comparing  # noqa: F401 - loaded
    from tests.crash import program  # noqa: F401 - loaded

    before, sys.argv = sys.argv, ["efimport", *job["warm_up"]]
    here = Path.cwd()
    os.chdir(job["folder"])
    os.environ.update(job["environment"])
    standard, handle = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(handle, 1)
    with contextlib.suppress(SystemExit):
        command()
    os.dup2(standard, 1)
    os.chdir(here)
    sys.argv = before


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
