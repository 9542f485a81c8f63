"""Journals that older versions wrote: what they had sent is never sent again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import efimport_delivery_kit as kit
import pytest

from efimport.delivery import deliver
from efimport.journal import Journal
from efimport.planning.model import State

CALLS = (("inv1", kit.SAFE), ("box1", kit.CHECKABLE), ("st1", kit.BLIND), ("st2", kit.BLIND))


@pytest.fixture(params=[1, 2, 3])
def version(request, tmp_path):
    with sqlite3.connect(tmp_path / "journal.sqlite3") as connection:
        text = Path(__file__).with_name(f"sent-by-version-{request.param}.sql").read_text(encoding="utf-8")
        connection.executescript(text)
    connection.close()
    return request.param


def test_a_second_run_with_the_journal_of_an_older_version_sends_nothing(version, books, tmp_path):
    calls = [kit.call(name, repeat) for name, repeat in CALLS]
    if version > 1:
        calls.append(kit.products("A", "B"))
    plan = kit.plan(calls)
    with Journal(tmp_path / "journal.sqlite3") as journal, kit.client(books.url, tmp_path) as client:
        states = {outcome.call.id: outcome.state for outcome in deliver(plan, client, journal, quiet_time=0.0)}
        first = journal.show(journal.find(calls[0].key)[0].id)
    assert states.pop("c-st2") is State.HELD
    assert set(states.values()) == {State.SKIPPED}
    assert len(states) == len(calls) - 1
    assert books.requests == []
    # What was not entered then is not made up now.
    username = "petr0" if version > 2 else None
    assert [(attempt.result, attempt.username) for attempt in first.attempts] == [("accepted", username)]


def test_what_is_sent_now_can_be_shown_with_who_sent_it(version, books, tmp_path):
    plan = kit.plan([kit.call("new", kit.SAFE)])
    with Journal(tmp_path / "journal.sqlite3") as journal, kit.client(books.url, tmp_path) as client:
        assert [outcome.state for outcome in deliver(plan, client, journal)] == [State.ACCEPTED]
        (attempt,) = journal.show(plan.calls[0].key).attempts
    assert (attempt.username, attempt.method) == ("petr0", "SalesInvoiceImport")
    assert attempt.endpoint == f"{books.url}/WebServicesCZ/API"
    assert attempt.host
    assert "<number>new</number>" in attempt.response
