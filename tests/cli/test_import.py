from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from efimport.sandbox.server import RunningSandbox

REMOTE = """
[organizations.firm]
token = "TOKEN-OF-THE-FIRM"
users = [{ username = "clerk", password = "password-of-the-clerk" }]
"""


def held_statement(clerk: Any, sandbox: RunningSandbox) -> Any:
    """A statement whose answer was lost: nobody knows whether it arrived."""
    clerk.statement()
    sandbox.add_faults({"fault": "close-after", "method": "BankStatementImport"})
    return clerk.run("import", "statement.gpc", "--yes")


def test_a_document_is_sent_and_the_report_says_so(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    done = clerk.run("import", "invoice.xml", "--yes")
    assert done.status == 0
    assert "1 sent, 0 already there, 0 refused, 0 not sent, 0 unknown" in done.out
    assert [one["number"] for one in sandbox.state()["documents"]["SalesInvoice"]] == ["260000001"]


def test_the_second_run_sends_nothing(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    clerk.run("import", "invoice.xml", "--yes")
    done = clerk.run("import", "invoice.xml", "--yes")
    assert done.status == 0
    assert "0 sent, 1 already there" in done.out
    assert sandbox.state()["requests"]["total"] == 1


def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    done = clerk.run("import", "invoice.xml", "--dry-run")
    assert done.status == 0
    assert "dry run, nothing is sent" in done.out
    assert "1 would be sent" in done.out
    assert "SalesInvoiceImport" in done.out
    assert sandbox.state()["requests"]["total"] == 0


def test_a_document_that_is_not_sent_gives_status_1_and_the_others_go(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice("in/good.xml")
    clerk.write("in/empty.xml", b"")
    done = clerk.run("import", "in", "--yes")
    assert done.status == 1
    assert "1 sent, 0 already there, 0 refused, 1 not sent" in done.out


def test_a_refusal_of_the_service_is_shown_word_for_word(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    sandbox.add_faults({"fault": "unknown-description"})
    done = clerk.run("import", "invoice.xml", "--yes")
    assert done.status == 1
    assert "EMU: a sentence that stands in no list" in done.out


def test_a_run_that_leaves_something_unknown_ends_with_what_to_do(clerk: Any, sandbox: RunningSandbox) -> None:
    done = held_statement(clerk, sandbox)
    assert done.status == 3
    assert "This needs you now" in done.out
    lines = done.err.splitlines()
    assert "1 request needs you. Look in the service whether it arrived" in lines[-3]
    assert re.match("  efimport journal resolve 1 --arrived|--not-arrived .*BankStatementImport", lines[-2])
    assert lines[-1] == "To see them again: efimport journal list --state held"
    assert clerk.run("import", "statement.gpc", "--yes", "--quiet").err.splitlines()[-3:] == lines[-3:]


def test_what_is_held_is_named_by_every_run_until_somebody_settles_it(clerk: Any, sandbox: RunningSandbox) -> None:
    held_statement(clerk, sandbox)
    assert clerk.run("import", "statement.gpc", "--yes").status == 3
    clerk.run("journal", "resolve", "1", "--arrived")
    done = clerk.run("import", "statement.gpc", "--yes")
    assert done.status == 0
    assert "1 already there" in done.out
    assert len(sandbox.state()["statements"]) == 1


def test_a_login_that_is_refused_ends_the_run_and_nothing_is_lost(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    sandbox.add_faults({"fault": "wrong-token"})
    done = clerk.run("import", "invoice.xml", "--yes")
    assert done.status == 1
    assert "The run ended early" in done.err
    assert "run the same import again" in done.err
    assert clerk.run("import", "invoice.xml", "--yes").status == 0


def test_without_a_terminal_and_without_yes_nothing_is_sent(clerk: Any) -> None:
    clerk.write("efimport.toml", REMOTE)
    clerk.invoice()
    done = clerk.run("import", "invoice.xml", stdin="y\n")
    assert done.status == 2
    assert "standard input is no terminal" in done.err
    assert "--dry-run, then add --yes" in done.err
    assert done.out == ""


def test_an_endpoint_on_this_machine_needs_no_yes(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    assert clerk.run("import", "invoice.xml", stdin="").status == 0


def test_a_login_that_is_incomplete_is_told_before_the_files_are_read(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.write("efimport.toml", REMOTE.replace('"TOKEN-OF-THE-FIRM"', '{ env = "NO_SUCH_VARIABLE" }'))
    monkeypatch.setattr("efimport.planning.build.build_plan", None)
    done = clerk.run("import", ".", "--yes")
    assert done.status == 2
    assert "NO_SUCH_VARIABLE is not set" in done.err


def test_on_a_terminal_the_plan_is_shown_before_the_question_and_a_no_sends_nothing(clerk: Any, terminal: Any) -> None:
    clerk.write("efimport.toml", REMOTE)
    clerk.invoice()
    screen = terminal("import", "invoice.xml")
    screen.wait_for("Send 1 request to https://eurofaktura.cz/WebServicesCZ/API? [y/N]")
    assert "1 would be sent" in screen.text
    screen.type("n\n")
    assert screen.end() == 1
    assert "Stopped." in screen.text
    assert "Traceback" not in screen.text
    assert clerk.run("journal", "list").out == ""


def test_ctrl_c_at_the_question_sends_nothing(clerk: Any, terminal: Any) -> None:
    clerk.write("efimport.toml", REMOTE)
    clerk.invoice()
    screen = terminal("import", "invoice.xml")
    screen.wait_for("[y/N]")
    screen.interrupt()
    assert screen.end() == 1
    assert "Traceback" not in screen.text


def test_the_json_of_an_import_stays_one_object_though_the_plan_is_shown(clerk: Any, terminal: Any) -> None:
    clerk.write("efimport.toml", REMOTE)
    clerk.invoice()
    screen = terminal("import", "invoice.xml", "--json")
    screen.wait_for("[y/N]")
    assert "1 would be sent" in screen.text
    assert '"schema"' not in screen.text
    screen.type("n\n")
    screen.end()


def test_ctrl_c_while_sending_finishes_what_is_in_flight_and_the_next_run_goes_on(
    clerk: Any, terminal: Any, sandbox: RunningSandbox
) -> None:
    for number in range(7):
        clerk.invoice(f"in/{number}.xml", number=f"26000000{number}")
    screen = terminal("import", "in", "--yes")
    screen.wait_for("4/7")
    screen.type("\x03")
    assert screen.end() == 1
    assert "Stopping after the request in flight" in screen.text
    assert "The run was stopped." in screen.text
    assert "Traceback" not in screen.text
    assert clerk.run("import", "in", "--yes").status == 0
    numbers = [one["number"] for one in sandbox.state()["documents"]["SalesInvoice"]]
    assert sorted(numbers) == [f"26000000{number}" for number in range(7)]
    assert sandbox.state()["violations"] == {"rate": 0, "concurrency": 0}


def test_a_sandbox_is_started_for_the_run(clerk: Any) -> None:
    clerk.invoice()
    done = clerk.run("import", "invoice.xml", "--to", "sandbox")
    assert done.status == 0
    assert "1 sent" in done.out
    assert done.err == ""


def test_the_second_trial_says_why_nothing_is_sent_and_how_to_start_afresh(clerk: Any) -> None:
    clerk.invoice()
    clerk.run("import", "invoice.xml", "--to", "sandbox")
    again = clerk.run("import", "invoice.xml", "--to", "sandbox")
    assert "0 sent, 1 already there" in again.out
    assert "an earlier trial sent them to a sandbox" in again.err
    assert "add --fresh" in again.err
    fresh = clerk.run("import", "invoice.xml", "--to", "sandbox", "--fresh")
    assert "1 sent, 0 already there" in fresh.out
    assert fresh.err == ""


def test_a_trial_does_not_count_as_sent_to_the_service(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.write("efimport.toml", (clerk.folder / "efimport.toml").read_text().replace("sandbox", "firm"))
    clerk.invoice()
    clerk.run("import", "invoice.xml", "--to", "sandbox")
    assert "1 sent" in clerk.run("import", "invoice.xml", "--yes").out


def test_a_dry_run_into_a_sandbox_starts_none(clerk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("efimport.sandbox.server.start", None)
    clerk.invoice()
    assert clerk.run("import", "invoice.xml", "--to", "sandbox", "--dry-run").status == 0


def test_a_saved_plan_is_sent_as_it_was_made(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    assert clerk.run("import", "invoice.xml", "--dry-run", "--save-plan", "plan.json").status == 0
    assert json.loads((clerk.folder / "plan.json").read_text())["schema"] == "efimport-plan/2"
    done = clerk.run("import", "--plan", "plan.json", "--yes")
    assert done.status == 0
    assert "1 sent" in done.out


def test_a_saved_plan_is_refused_after_a_change_of_its_file(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    clerk.run("import", "invoice.xml", "--dry-run", "--save-plan", "plan.json")
    clerk.invoice(firm="Mlékárna s.r.o.")
    done = clerk.run("import", "--plan", "plan.json", "--yes")
    assert done.status == 2
    assert "invoice.xml is not what it was when the plan was made" in done.err
    assert sandbox.state()["requests"]["total"] == 0


TOGETHER = {
    (): "Name files or folders",
    ("a.xml", "--plan", "p.json"): "Name files or folders",
    ("--plan", "p.json", "--iban", "CZ6508000000192000145399"): "--iban does not go with --plan",
    ("--plan", "p.json", "--import-type", "createOrUpdate"): "--import-type does not go with --plan",
    ("--plan", "p.json", "--save-plan", "q.json"): "--save-plan does not go with --plan",
    ("a.xml", "--fresh"): "--fresh goes with --to sandbox only",
    ("a.xml", "--save-plan", "nowhere/plan.json"): "does not exist",
    ("--plan", "nowhere.json"): "cannot be read",
    ("a.xml", "--import-type", "always"): "--import-type",
    ("a.xml", "--to", "moon"): "--to",
}


@pytest.mark.parametrize("arguments", TOGETHER, ids=" ".join)
def test_options_that_make_no_sense_are_told_and_never_ignored(
    clerk: Any, sandbox: RunningSandbox, arguments: tuple[str, ...]
) -> None:
    done = clerk.run("import", *arguments, "--yes")
    assert done.status == 2
    assert TOGETHER[arguments] in done.err
    assert done.out == ""


def test_the_import_type_goes_into_the_call(clerk: Any) -> None:
    clerk.invoice()
    report = clerk.run("import", "invoice.xml", "--dry-run", "--json", "--import-type", "updateOnly").report
    assert report["calls"][0]["parameters"]["importType"] == "updateOnly"


def test_an_account_that_is_named_takes_the_statements_of_the_run(clerk: Any) -> None:
    clerk.statement()
    report = clerk.run("import", "statement.gpc", "--dry-run", "--json", "--iban", "CZ2503000000000210468007").report
    assert report["calls"][0]["parameters"]["IBAN"] == "CZ2503000000000210468007"


def test_requests_are_saved_as_they_are_sent_without_the_login(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    clerk.statement()
    clerk.run("import", ".", "--dry-run", "--save-requests", "before")
    clerk.run("import", ".", "--yes", "--save-requests", "sent")
    names = sorted(path.name for path in (clerk.folder / "sent").iterdir())
    assert names == ["0001-SalesInvoiceImport.xml", "0002-BankStatementImport.xml"]
    for name in names:
        sent = (clerk.folder / "sent" / name).read_bytes()
        assert sent == (clerk.folder / "before" / name).read_bytes()
        assert b'username="***" md5pass="***" token="***"' in sent


def test_the_folder_of_requests_shows_this_run_and_keeps_what_is_not_ours(clerk: Any) -> None:
    clerk.invoice()
    clerk.write("requests/0002-SalesInvoiceImport.xml", "of an earlier run")
    clerk.write("requests/notes.txt", "mine")
    clerk.run("import", "invoice.xml", "--dry-run", "--save-requests", "requests")
    names = sorted(path.name for path in (clerk.folder / "requests").iterdir())
    assert names == ["0001-SalesInvoiceImport.xml", "notes.txt"]


def test_a_folder_of_requests_that_cannot_be_made_is_told(clerk: Any) -> None:
    clerk.write("file", "x")
    done = clerk.run("import", ".", "--dry-run", "--save-requests", "file")
    assert done.status == 2
    assert "file cannot be read or written" in done.err


def test_a_report_is_written_after_the_run_with_its_outcomes(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    clerk.run("import", "invoice.xml", "--yes", "--report", "report.json", "--report", "report.html")
    report = json.loads((clerk.folder / "report.json").read_text(encoding="utf-8"))
    assert report["dry_run"] is False
    assert report["totals"]["by_state"] == {"accepted": 1}
    assert "260000001" in (clerk.folder / "report.html").read_text(encoding="utf-8")


def test_an_empty_folder_does_not_look_like_success(clerk: Any, sandbox: RunningSandbox) -> None:
    (clerk.folder / "in").mkdir()
    done = clerk.run("import", "in", "--yes")
    assert done.status == 2
    assert "no file to read in in" in done.err


def test_a_journal_that_cannot_be_opened_is_told_and_nothing_is_sent(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    clerk.write("journal.sqlite3", b"this is no database, whatever its name says" * 100)
    settings = (clerk.folder / "efimport.toml").read_text()
    clerk.write("efimport.toml", settings + '\n[journal]\nurl = "sqlite:///journal.sqlite3"\n')
    done = clerk.run("import", "invoice.xml", "--yes")
    assert done.status == 1
    assert "journal" in done.err
    assert "Traceback" not in done.err
    assert sandbox.state()["requests"]["total"] == 0


def test_the_samples_hold_something_of_everything(clerk: Any, samples: Path) -> None:
    done = clerk.run("import", samples, "--dry-run")
    assert done.status == 1
    assert "What is not sent, and why" in done.out
    assert "What else happens in the books" in done.out
