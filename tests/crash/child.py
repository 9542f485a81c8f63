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
        for _ in range(2):
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
        job = json.loads(line)
        result = Path(job["folder"]) / "result.json"
        result.unlink(missing_ok=True)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                result.write_text(json.dumps(work(job, kit)))
                status = 0
            finally:
                if status:
                    traceback.print_exc()
                sys.stderr.flush()
                os._exit(status)
        tell(f"pid {child}")
        _, status = os.waitpid(child, 0)
        tell(json.dumps({"status": os.waitstatus_to_exitcode(status)}))


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
