"""What was sent can be shown, found and taken along years later."""

from __future__ import annotations

import csv
import getpass
import io
import json
from hashlib import sha256
from typing import Any

import pytest
from openpyxl import load_workbook

from efimport.cli.session import Session
from efimport.sandbox.server import RunningSandbox


@pytest.fixture
def sent(clerk: Any, sandbox: RunningSandbox) -> RunningSandbox:
    """An invoice that was sent, and a statement of which nobody knows whether it arrived; requests are kept."""
    settings = (clerk.folder / "efimport.toml").read_text()
    clerk.write("efimport.toml", settings + "\n[journal]\nkeep_requests = true\n")
    clerk.invoice("in/invoice.xml")
    clerk.statement("in/statement.gpc")
    sandbox.add_faults({"fault": "close-before", "method": "BankStatementImport"})
    assert clerk.run("import", "in", "--yes").status == 3
    return sandbox


def user() -> str:
    """Whom the settings of these tests log in."""
    return Session({}).settings.organizations["sandbox"].users[0].username


def test_an_entry_tells_who_sent_it_when_and_where(clerk: Any, sent: RunningSandbox) -> None:
    told = clerk.run("journal", "show", "1").out
    assert f"{user()} / {getpass.getuser()} @ " in told
    assert f"Where        {sent.endpoint}" in told
    assert "Attempt      1  accepted" in told
    assert "When (UTC)   20" in told


def test_an_entry_is_shown_as_json_with_the_whole_answer(clerk: Any, sent: RunningSandbox) -> None:
    record = json.loads(clerk.run("journal", "show", "1", "--json").out)
    assert record["entry"]["state"] == "accepted"
    (attempt,) = record["attempts"]
    assert attempt["digest"] == record["entry"]["body"]
    assert attempt["response"].startswith("<?xml")
    assert record["together_with"] == []


def test_the_request_that_was_kept_is_shown_with_place_holders(clerk: Any, sent: RunningSandbox) -> None:
    body = clerk.run("journal", "show", "1", "--request").out
    assert '<method name="SalesInvoiceImport"' in body
    assert 'username="***"' in body
    entry = json.loads(clerk.run("journal", "show", "1", "--json").out)["entry"]
    assert entry["body"] in {sha256(text.encode()).hexdigest() for text in (body, body[:-1])}


def test_a_request_that_was_not_kept_is_told(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice("in/invoice.xml")
    assert clerk.run("import", "in", "--yes").status == 0
    done = clerk.run("journal", "show", "1", "--request")
    assert done.status == 2
    assert "The request is not kept." in done.err
    assert "keep_requests = true" in done.err


def test_the_last_answer_is_shown_as_it_came(clerk: Any, sent: RunningSandbox) -> None:
    assert '<response status="ok">' in clerk.run("journal", "show", "1", "--answer").out
    assert "has no answer" in clerk.run("journal", "show", "2", "--answer").err


def test_the_list_is_cut_as_asked(clerk: Any, sent: RunningSandbox) -> None:
    for options, ids in (
        (("--text", "INVOICE"), [1]),
        (("--text", "statement.gpc"), [2]),
        (("--since", "2020-01-01"), [1, 2]),
        (("--since", "2999-01-01"), []),
        (("--until", "2020-01-01T12:00"), []),
        (("--until", "2999-01-01"), [1, 2]),
        (("--limit", "1"), [2]),
        (("--state", "accepted"), [1]),
        (("--together-with", "2"), [2]),
    ):
        done = clerk.run("journal", "list", "--json", *options)
        assert [entry["id"] for entry in json.loads(done.out)] == ids, options


def test_a_time_that_is_none_is_told(clerk: Any, sent: RunningSandbox) -> None:
    done = clerk.run("journal", "list", "--since", "yesterday")
    assert done.status == 2
    assert "--since yesterday is not a time" in done.err


def test_several_are_resolved_and_what_is_not_held_is_refused(clerk: Any, sent: RunningSandbox) -> None:
    done = clerk.run("journal", "resolve", "1", "2", "99", "--arrived", "--reason", "looked it up")
    assert done.status == 2
    assert "BankStatementImport" in done.out
    assert "Nothing is to be decided" in done.err
    assert "The journal has no entry 99" in done.err
    assert f"{getpass.getuser()}  looked it up" in clerk.run("journal", "show", "2").out


def test_reasons_are_shown_in_the_language_of_the_reader(clerk: Any, sent: RunningSandbox) -> None:
    english = clerk.run("journal", "show", "2").out
    czech = clerk.run("--lang", "cs", "journal", "show", "2").out
    assert "the service has no way to ask" in english
    assert "the service has no way to ask" not in czech


def test_everything_is_exported_as_a_table(clerk: Any, sent: RunningSandbox) -> None:
    assert clerk.run("journal", "export", "-o", "journal.csv").status == 0
    assert clerk.run("journal", "export", "-o", "journal.xlsx").status == 0
    text = (clerk.folder / "journal.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["id"], row["state"], row["username"]) for row in rows] == [
        ("1", "accepted", user()),
        ("2", "held", user()),
    ]
    sheet = load_workbook(clerk.folder / "journal.xlsx").active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0] == list(rows[0])
    assert [row[:2] for row in cells[1:]] == [[1, "accepted"], [2, "held"]]


def test_no_cell_of_a_table_is_a_formula(clerk: Any, sent: RunningSandbox) -> None:
    clerk.run("journal", "resolve", "2", "--arrived", "--by", "=cmd()", "--reason", "@sum")
    for ending in ("csv", "xlsx"):
        clerk.run("journal", "export", "-o", f"journal.{ending}")
    text = (clerk.folder / "journal.csv").read_text(encoding="utf-8-sig")
    heads, _, cells = load_workbook(clerk.folder / "journal.xlsx").active.iter_rows()
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    for row in (
        list(csv.DictReader(io.StringIO(text)))[1],
        {head.value: cell.value for head, cell in zip(heads, cells, strict=True)},
    ):
        assert (row["decided_by"], row["reason"]) == ("'=cmd()", "'@sum")


def test_an_export_can_take_the_requests_along_and_is_cut_as_the_list(clerk: Any, sent: RunningSandbox) -> None:
    assert clerk.run("journal", "export", "--requests", "--state", "held", "-o", "held.jsonl").status == 0
    (record,) = [json.loads(line) for line in (clerk.folder / "held.jsonl").read_text().splitlines()]
    assert record["entry"]["id"] == 2
    assert "BankStatementImport" in record["request"]


def test_an_export_that_cannot_be_made_is_told(clerk: Any) -> None:
    for options, words in (
        (("-o", "journal.pdf"), "ending that is not known"),
        (("-o", "j.csv", "--requests"), "go into JSON lines only"),
    ):
        done = clerk.run("journal", "export", *options)
        assert done.status == 2
        assert words in done.err


def test_an_import_waits_for_the_journal_or_says_who_has_it(clerk: Any, sandbox: RunningSandbox) -> None:
    import os
    import threading
    import time

    from efimport.journal import Journal

    clerk.invoice("in/invoice.xml")
    with Journal(Session({}).settings.journal_url) as journal:
        with journal.owned():
            done = clerk.run("import", "in", "--yes")
            assert done.status == 1
            assert f"in use by process {os.getpid()}" in done.err
        owning = journal.owned()
        owning.__enter__()
        end = threading.Timer(0.5, lambda: owning.__exit__(None, None, None))
        begin = time.monotonic()
        end.start()
        done = clerk.run("import", "in", "--yes", "--wait-for-journal", "30")
        end.join()
    assert done.status == 0
    assert time.monotonic() - begin > 0.4
    assert f"in use by process {os.getpid()}" in done.err


def test_what_was_found_in_the_journal_is_said(clerk: Any, sent: RunningSandbox) -> None:
    (file,) = clerk.folder.parent.rglob("journal.sqlite3")
    file.with_name(file.name + "-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(60))
    done = clerk.run("journal", "list")
    assert "has no readable beginning" in done.err
    assert "260000001" in done.out
