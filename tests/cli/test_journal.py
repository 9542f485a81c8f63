from __future__ import annotations

import json
from typing import Any

import pytest

from efimport.sandbox.server import RunningSandbox


@pytest.fixture
def held(clerk: Any, sandbox: RunningSandbox) -> RunningSandbox:
    """An invoice that was sent, and a statement of which nobody knows whether it arrived."""
    clerk.invoice("in/invoice.xml")
    clerk.statement("in/statement.gpc")
    sandbox.add_faults({"fault": "close-before", "method": "BankStatementImport"})
    assert clerk.run("import", "in", "--yes").status == 3
    return sandbox


def test_the_list_names_state_method_document_and_file(clerk: Any, held: RunningSandbox) -> None:
    done = clerk.run("journal", "list")
    assert done.status == 0
    heads, invoice, statement = done.out.splitlines()
    assert heads.split() == ["id", "state", "method", "document", "changed", "(UTC)", "file"]
    assert invoice.split()[:4] == ["1", "accepted", "SalesInvoiceImport", "260000001"]
    assert statement.split()[:3] == ["2", "held", "BankStatementImport"]
    assert statement.endswith("in/statement.gpc")
    assert "efimport journal resolve ID --arrived or --not-arrived" in done.err


def test_the_list_can_be_cut_to_what_waits(clerk: Any, held: RunningSandbox) -> None:
    assert "SalesInvoiceImport" not in clerk.run("journal", "list", "--state", "held", "--state", "unknown").out


def test_an_empty_list_says_which_journal_it_is_of(clerk: Any) -> None:
    done = clerk.run("journal", "list")
    assert done.status == 0
    assert done.out == ""
    assert "journal.sqlite3 has no such entry" in done.err


def test_one_entry_is_shown_with_all_that_happened(clerk: Any, held: RunningSandbox) -> None:
    done = clerk.run("journal", "show", "2")
    assert "Method       BankStatementImport" in done.out
    assert "planned -> sending" in done.out
    assert "unknown -> held" in done.out


def test_an_entry_is_found_by_its_key_as_well(clerk: Any, held: RunningSandbox) -> None:
    key = "1|sandbox|SalesInvoiceImport|260000001"
    assert clerk.run("journal", "show", key).out == clerk.run("journal", "show", "1").out


@pytest.mark.parametrize("identifier", ["99", "no-such-key", "9" * 5000])
def test_an_entry_that_is_not_there_is_told(clerk: Any, held: RunningSandbox, identifier: str) -> None:
    done = clerk.run("journal", "show", identifier)
    assert done.status == 2
    assert "The journal has no entry" in done.err


def test_what_did_not_arrive_is_sent_by_the_next_run(clerk: Any, held: RunningSandbox) -> None:
    done = clerk.run("journal", "resolve", "2", "--not-arrived", "--by", "Petra", "--reason", "not in the books")
    assert done.status == 0
    assert "counts as not arrived; the next import sends it" in done.out
    assert "Petra  not in the books" in clerk.run("journal", "show", "2").out
    assert clerk.run("import", "in", "--yes").status == 0
    assert len(held.state()["statements"]) == 1


def test_what_arrived_is_never_sent_again(clerk: Any, held: RunningSandbox) -> None:
    assert "counts as arrived; it is not sent again" in clerk.run("journal", "resolve", "2", "--arrived").out
    assert clerk.run("import", "in", "--yes").status == 0
    assert held.state()["statements"] == []


def test_a_decision_must_be_said(clerk: Any, held: RunningSandbox) -> None:
    done = clerk.run("journal", "resolve", "2")
    assert done.status == 2
    assert "--arrived or --not-arrived" in done.err


def test_what_is_settled_is_not_decided_again(clerk: Any, held: RunningSandbox) -> None:
    done = clerk.run("journal", "resolve", "1", "--not-arrived")
    assert done.status == 2
    assert "Nothing is to be decided" in done.err


def test_everything_can_be_exported_a_line_an_entry(clerk: Any, held: RunningSandbox) -> None:
    records = [json.loads(line) for line in clerk.run("journal", "export").out.splitlines()]
    assert [record["entry"]["method"] for record in records] == ["SalesInvoiceImport", "BankStatementImport"]
    assert records[0]["transitions"][-1]["end"] == "accepted"


def test_an_organization_sees_its_own_entries(clerk: Any, held: RunningSandbox) -> None:
    settings = (clerk.folder / "efimport.toml").read_text()
    clerk.write("efimport.toml", settings + "\n[organizations.other]\n")
    assert clerk.run("journal", "list", "--organization", "other").out == ""
    assert "260000001" in clerk.run("journal", "list", "--organization", "sandbox").out
