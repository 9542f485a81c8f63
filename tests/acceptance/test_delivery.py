"""Nothing lost, nothing doubled: the program against a sandbox that runs on its own."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.acceptance.made import numbered
from tests.acceptance.wrong import GOOD


def test_the_second_run_over_the_samples_sends_nothing(trial: Any, samples: Path) -> None:
    second = trial.person.report("import", samples, "--to", "sandbox")
    sent = {call["id"]: call["state"] for call in trial.report["calls"]}
    assert "accepted" in sent.values()
    settled = {call["state"] for call in second["calls"] if sent[call["id"]] in ("accepted", "skipped")}
    assert settled == {"skipped"}


def test_demand_01_a_killed_importer_is_continued_and_nothing_is_lost_or_doubled(person: Any, sandbox: Any) -> None:
    (person.folder / "in").mkdir()
    for number in range(8):
        (person.folder / "in" / f"{number}.xml").write_bytes(numbered(number))
    (person.folder / "in" / "statement.gpc").write_bytes(GOOD)
    chance = random.Random(7)
    for _ in range(4):
        running = person.start("import", "in", "--yes")
        try:
            running.wait(timeout=chance.uniform(0.8, 3.5))
        except subprocess.TimeoutExpired:
            os.kill(running.pid, signal.SIGKILL)
        running.communicate()
    deadline = time.monotonic() + 90
    done = person.run("import", "in", "--yes", "--report", "last.json")
    while done.returncode == 1 and time.monotonic() < deadline:
        done = person.run("import", "in", "--yes", "--report", "last.json")
    state = sandbox.state()
    numbers = sorted(document["number"] for kind in state["documents"].values() for document in kind)
    assert numbers == [f"26{number:05d}" for number in range(8)]
    assert state["violations"] == {"rate": 0, "concurrency": 0}
    report = json.loads((person.folder / "last.json").read_text(encoding="utf-8"))
    in_doubt = [call for call in report["calls"] if call["state"] in ("unknown", "held")]
    assert len(state["statements"]) == 1 or in_doubt
    assert done.returncode == (3 if in_doubt else 0)
    assert all(call["method"] == "BankStatementImport" for call in in_doubt)


def test_a_saved_plan_is_refused_when_an_input_has_changed(person: Any) -> None:
    (person.folder / "a.xml").write_bytes(numbered(1))
    assert person.run("import", "a.xml", "--dry-run", "--save-plan", "plan.json").returncode == 0
    (person.folder / "a.xml").write_bytes(numbered(2))
    done = person.run("import", "--plan", "plan.json", "--to", "sandbox")
    assert done.returncode == 2
    assert "a.xml" in done.stderr


def test_a_saved_plan_is_sent_as_it_was(person: Any) -> None:
    (person.folder / "a.xml").write_bytes(numbered(1))
    person.run("import", "a.xml", "--to", "sandbox", "--dry-run", "--save-plan", "plan.json")
    report = person.report("import", "--plan", "plan.json", "--to", "sandbox", status=0)
    assert [call["state"] for call in report["calls"]] == ["accepted"]


def test_the_second_document_of_one_number_in_a_pack_is_sent_and_its_refusal_is_shown(person: Any) -> None:
    head, _, rest = numbered(5).decode().partition("<dat:dataPackItem")
    item, _, tail = rest.partition("</dat:dataPack>")
    first, second = f"<dat:dataPackItem{item}", f"<dat:dataPackItem{item.replace('Firma 5', 'Firma 6')}"
    (person.folder / "two.xml").write_text(head + first + second + "</dat:dataPack>" + tail, encoding="utf-8")
    report = person.report("import", "two.xml", "--to", "sandbox", status=1)
    assert [call["state"] for call in report["calls"]] == ["accepted", "refused"]
    again = person.report("import", "two.xml", "--to", "sandbox")
    assert again["calls"][0]["state"] == "skipped"


def test_the_same_invoice_in_another_export_is_not_sent_again(person: Any) -> None:
    (person.folder / "may.xml").write_bytes(numbered(7))
    person.report("import", "may.xml", "--to", "sandbox", status=0)
    (person.folder / "june.xml").write_bytes(numbered(7).replace(b'id="p"', b'id="another"') + b"\r\n")
    report = person.report("import", "june.xml", "--to", "sandbox", status=0)
    assert [call["state"] for call in report["calls"]] == ["skipped"]


def test_without_settings_nothing_is_sent_and_the_remedy_is_named(person: Any) -> None:
    (person.folder / "a.xml").write_bytes(numbered(1))
    done = person.run("import", "a.xml", "--yes")
    assert done.returncode == 2
    assert "config init" in done.stderr


def test_demand_55_secrets_stand_in_no_saved_request(person: Any) -> None:
    (person.folder / "a.xml").write_bytes(numbered(1))
    person.run("import", "a.xml", "--to", "sandbox", "--save-requests", "requests")
    (request,) = (person.folder / "requests").iterdir()
    assert request.name == "0001-SalesInvoiceImport.xml"
    assert b'<login username="***" md5pass="***" token="***"' in request.read_bytes()
