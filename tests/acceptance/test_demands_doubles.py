"""Nothing lost, nothing doubled: one test a line of what users of comparable systems ask for."""

from __future__ import annotations

import hashlib
import signal
import time
from pathlib import Path
from typing import Any

from tests.acceptance.made import OTHER_ACCOUNT, OURS, numbered, pack, statement


def states(report: dict[str, Any]) -> list[str]:
    return [call["state"] for call in report["calls"]]


def imported(person: Any, *paths: object, **options: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = person.report("import", *paths, "--yes", **options)
    return loaded


def test_demand_02_the_files_are_never_touched_whatever_becomes_of_them(person: Any, sandbox: Any) -> None:
    person.write("in/good.xml", numbered(1))
    person.write("in/refused.xml", numbered(2))
    person.write("in/unknown.gpc", statement(50))
    person.write("in/empty.xml", b"")
    sandbox.add_faults(
        {"fault": "unknown-description", "method": "SalesInvoiceImport", "at": 2},
        {"fault": "close-after", "method": "BankStatementImport"},
    )
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (person.folder / "in").iterdir()}
    report = imported(person, "in", status=3)
    assert states(report) == ["accepted", "refused", "held"]
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (person.folder / "in").iterdir()} == before


def test_demand_03_half_a_statement_is_not_sent(person: Any) -> None:
    whole = statement(50, 70, 90)
    for cut in (len(whole) - 1, len(whole) - 130, 200):
        person.write(f"in/{cut}.gpc", whole[:cut])
    report = person.report("import", "in", "--dry-run", "--to", "sandbox")
    sent = {source["path"] for source in report["sources"] for one in source["documents"] if one["call"]}
    # A last line without its end of line is complete all the same.
    assert {Path(path).name for path in sent} <= {f"{len(whole) - 1}.gpc"}


def test_demand_04_a_lost_answer_is_unknown_and_never_just_an_error(person: Any, sandbox: Any) -> None:
    person.write("in/invoice.xml", numbered(1))
    person.write("in/statement.gpc", statement(50))
    sandbox.add_faults(
        {"fault": "close-after", "method": "SalesInvoiceImport"},
        {"fault": "html-500-after", "method": "BankStatementImport"},
    )
    done = person.run("import", "in", "--yes")
    assert done.returncode == 3
    # The invoice is asked about by its number; nothing can be asked about the statement.
    assert "1 unknown" in done.stdout
    assert "efimport journal resolve" in done.stderr
    assert sandbox.numbers() == ["2600001"]
    assert len(sandbox.state()["statements"]) == 1


def test_demand_05_the_same_file_in_two_runs_at_once_is_imported_once(person: Any, sandbox: Any) -> None:
    person.write("in/a.xml", numbered(1))
    person.write("in/a.gpc", statement(50))
    both = [person.start("import", "in", "--yes") for _ in range(2)]
    told = [running.communicate(timeout=60) for running in both]
    assert {running.returncode for running in both} <= {0, 1}
    assert 0 in {running.returncode for running in both}
    assert all("Traceback" not in errors for _, errors in told)
    assert sandbox.numbers() == ["2600001"]
    assert len(sandbox.state()["statements"]) == 1


def test_demand_06_two_equal_entries_of_one_day_both_arrive(person: Any, sandbox: Any) -> None:
    content = statement(50, 50)
    person.write("a.gpc", content)
    report = imported(person, "a.gpc", status=0)
    assert report["sources"][0]["documents"][0]["statement"]["entries"] == 2
    (arrived,) = sandbox.state()["statements"]
    assert arrived["sha256"] == hashlib.sha256(content).hexdigest()


def test_demand_07_a_duplicate_is_recognised_though_the_file_was_renamed_moved_and_saved_anew(
    person: Any, sandbox: Any
) -> None:
    person.write("a.xml", numbered(1))
    person.write("a.gpc", statement(50))
    imported(person, "a.xml", "a.gpc", status=0)
    person.write("elsewhere/b.xml", numbered(1))
    person.write("elsewhere/b.gpc", statement(50))
    report = imported(person, "elsewhere", status=0)
    assert states(report) == ["skipped", "skipped"]
    # The version of the identity is part of it, so that a later rule can still find what an older one wrote.
    assert all(call["key"].startswith("1|") for call in report["calls"])


def test_demand_08_a_changed_document_waits_for_a_person(person: Any, sandbox: Any) -> None:
    person.write("a.xml", numbered(1))
    imported(person, "a.xml", status=0)
    person.write("a.xml", numbered(1, "Jiná firma s.r.o."))
    done = person.run("import", "a.xml", "--yes")
    assert done.returncode == 3
    assert "has been changed since then" in done.stdout
    assert sandbox.state()["requests"]["by_method"] == {"SalesInvoiceImport": 1}


def test_demand_09_the_number_of_a_statement_comes_back_every_year(person: Any, sandbox: Any) -> None:
    person.write("in/2025.gpc", statement(50, month="0125"))
    person.write("in/2026.gpc", statement(50, month="0126"))
    assert states(imported(person, "in", status=0)) == ["accepted", "accepted"]


def test_demand_10_a_double_inside_one_batch_is_sent_once_and_both_are_listed(person: Any, sandbox: Any) -> None:
    person.write("in/a.xml", pack(1, 3))
    person.write("in/b.xml", pack(1, 4))
    person.write("in/c.xml", numbered(2, "Firma A"))
    person.write("in/d.xml", numbered(2, "Firma B"))
    report = imported(person, "in", status=1)
    assert sandbox.numbers() == ["2600001", "2600003", "2600004"]
    documents = {Path(source["path"]).name: source["documents"] for source in report["sources"]}
    assert documents["a.xml"][0]["call"] == documents["b.xml"][0]["call"]
    for name, other in (("c.xml", "d.xml"), ("d.xml", "c.xml")):
        (found,) = [one for one in documents[name][0]["findings"] if one["severity"] == "error"]
        assert found["code"] == "invoice.duplicate-number"
        assert other in found["message"]


def test_demand_11_what_was_deleted_in_the_service_does_not_come_back(person: Any, sandbox: Any) -> None:
    person.write("a.xml", numbered(1))
    imported(person, "a.xml", status=0)
    sandbox.forget()
    assert states(imported(person, "a.xml", status=0)) == ["skipped"]
    assert sandbox.numbers() == []


def test_demand_12_the_same_number_of_another_account_is_another_statement(person: Any, sandbox: Any) -> None:
    person.write("in/a.gpc", statement(50, account=OURS))
    person.write("in/b.gpc", statement(50, account=OTHER_ACCOUNT))
    assert states(imported(person, "in", status=0)) == ["accepted", "accepted"]
    assert len({one["account"] for one in sandbox.state()["statements"]}) == 2


def test_demand_13_a_busy_service_is_asked_again_by_itself(person: Any, sandbox: Any) -> None:
    person.write("a.xml", numbered(1))
    sandbox.add_faults({"fault": "lock"})
    assert states(imported(person, "a.xml", status=0)) == ["accepted"]
    assert sandbox.numbers() == ["2600001"]


def test_demand_14_what_hung_at_a_crash_is_visible_and_blocks_nothing(person: Any, sandbox: Any) -> None:
    person.write("in/a.gpc", statement(50))
    sandbox.add_faults({"fault": "delay", "method": "BankStatementImport", "seconds": 1})
    running = person.start("import", "in", "--yes")
    deadline = time.monotonic() + 20
    while not sandbox.state()["requests"]["total"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert "sending" in person.run("journal", "list").stdout
    person.write("in/b.xml", numbered(1))
    report = imported(person, "in", status=3)
    assert {call["method"]: call["state"] for call in report["calls"]} == {
        "SalesInvoiceImport": "accepted",
        "BankStatementImport": "held",
    }
    assert "held" in person.run("journal", "list", "--state", "held").stdout
    assert len(sandbox.state()["statements"]) <= 1


def test_demand_15_what_could_not_be_sent_is_kept_and_named(person: Any, sandbox: Any) -> None:
    for number in range(3):
        person.write(f"in/{number}.xml", numbered(number))
    sandbox.add_faults({"fault": "wrong-token"})
    done = person.run("import", "in", "--yes")
    assert done.returncode == 1
    assert "The run ended early" in done.stderr
    assert "run the same import again" in done.stderr
    assert person.run("journal", "list", "--state", "planned").stdout.count("SalesInvoiceImport") == 3
    assert states(imported(person, "in", status=0)) == ["accepted"] * 3
