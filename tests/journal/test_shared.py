"""A journal that several machines share: real processes, broken connections, a server that goes away."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from itertools import pairwise

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from efimport.api.call import Call
from efimport.errors import JournalError, JournalHeldError, SettingsError, UsageError
from efimport.journal import IllegalArrowError, Journal, Stage, Step
from efimport.journal.moments import now
from efimport.journal.tables import SCHEMA_VERSION
from efimport.journal.writing import Writing
from efimport.planning.model import Plan, PlannedCall, Repeat, State

BODY = b"<request/>" * 1000
DIGEST = hashlib.sha256(BODY).hexdigest()


def planned(key: str, content: str = "x") -> PlannedCall:
    digest = hashlib.sha256(content.encode()).hexdigest()
    return PlannedCall(id="c1", key=key, digest=digest, call=Call("BankStatementImport"), repeat=Repeat.BLIND)


def plan(*keys: str) -> Plan:
    return Plan(organization="acme", calls=tuple(planned(key) for key in keys))


@pytest.fixture
def url(postgres):
    return postgres.schema()


@pytest.fixture
def journal(url):
    with Journal(url) as opened:
        yield opened


def in_processes(count: int, function, *arguments) -> list:
    """What the function returns in each of several processes that begin at the same time."""
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(count), context.Queue()
    processes = [
        context.Process(target=_told, args=(function, start, results, number, *arguments)) for number in range(count)
    ]
    for process in processes:
        process.start()
    told = [results.get(timeout=30) for _ in processes]
    for process in processes:
        process.join()
    return told


def _told(function, start, results, number, *arguments) -> None:
    results.put(function(start, number, *arguments))


def decide_all(start, number: int, url: str, entries: list[int]) -> list[int]:
    decided = []
    with Journal(url) as journal:
        start.wait()
        for entry in entries:
            try:
                journal.resolve(entry, arrived=bool(number), by=str(number))
            except (IllegalArrowError, UsageError):
                continue
            decided.append(entry)
    return decided


def test_of_two_who_decide_at_once_one_does(journal, url):
    entries = [one.entry.id for one in journal.admit(plan(*(f"k{number}" for number in range(20))))]
    for number in entries:
        journal.sending(number)
        journal.unknown(number, reason="cut")
        journal.held(number, reason="look")
    told = in_processes(2, decide_all, url, entries)
    assert sorted(told[0] + told[1]) == entries
    for number in entries:
        assert [step.by for step in journal.show(number).transitions if step.by != "program"] in (["0"], ["1"])


def enter_all(start, number: int, url: str, keys: list[str]) -> list[int]:
    del number
    with Journal(url) as journal:
        start.wait()
        return [one.entry.id for key in keys for one in journal.admit(plan(key))]


def test_what_two_enter_at_once_is_one_entry(journal, url):
    first, second = in_processes(2, enter_all, url, [str(number) for number in range(20)])
    assert first == second
    assert journal.counts() == {State.PLANNED: 20}


def open_new(start, number: int, url: str) -> int:
    del number
    start.wait()
    with Journal(url) as journal:
        return len(journal.list())


def test_a_new_journal_can_be_opened_by_two_at_once(url):
    assert in_processes(2, open_new, url) == [0, 0]


def step_without_lock(start, number: int, url: str, entries: list[int]) -> list[int]:
    """The change alone, without what lets one transaction at a time write."""
    won = []
    with Journal(url) as journal:
        start.wait()
        for entry in entries:
            try:
                with journal._engine.begin() as connection:
                    Writing(connection, now(journal.clock, "boot")).step([entry], Stage.SENDING)
            except (IllegalArrowError, IntegrityError):
                continue
            won.append(entry)
    return won


def test_the_change_itself_lets_only_one_of_two_go_on(journal, url):
    entries = [one.entry.id for one in journal.admit(plan(*(f"k{number}" for number in range(40))))]
    first, second = in_processes(2, step_without_lock, url, entries)
    assert sorted(first + second) == entries


def own_in_turn(start, number: int, url: str) -> list[tuple[float, float]]:
    spans = []
    with Journal(url) as journal:
        start.wait()
        for _ in range(5):
            with journal.owned(wait=20):
                begin = time.monotonic()
                time.sleep(0.005)
                spans.append((begin, time.monotonic()))
    return spans


def test_two_processes_never_own_the_journal_at_once(url):
    Journal(url).close()
    spans = sorted(span for told in in_processes(2, own_in_turn, url) for span in told)
    assert len(spans) == 10
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


# The spool


def test_bodies_are_in_the_database_and_go_when_they_are_settled(journal, url):
    (admission,) = journal.admit(Plan(calls=(planned("k", "<request/>" * 1000),)))
    with journal.owned():
        assert journal.spool.put(BODY) == journal.spool.put(BODY) == DIGEST
        with Journal(url) as other:
            assert other.spool.get(DIGEST) == BODY
        journal.sending(admission.entry.id)
        journal.accepted(admission.entry.id)
        assert journal.spool.digests() == frozenset()
        assert journal.spool.get(DIGEST) is None


def test_what_nothing_needs_is_swept(journal):
    journal.spool.put(BODY)
    with journal.owned():
        assert journal.spool.get(DIGEST) is None


def test_kept_bodies_are_compressed_and_stay(url):
    with Journal(url, keep_requests=True) as journal, journal.owned():
        (admission,) = journal.admit(Plan(calls=(planned("k", "<request/>" * 1000),)))
        journal.spool.put(BODY)
        journal.sending(admission.entry.id)
        entry = journal.accepted(admission.entry.id)
        assert (journal.request(entry), journal.spool.digests()) == (BODY, frozenset())
        with journal._reading() as connection:
            assert connection.scalar(text("SELECT length(content) FROM requests")) < 500
    with Journal(url) as journal, journal.owned():
        assert journal.request(entry) == BODY


def test_a_body_that_was_changed_in_the_database_is_none(journal):
    journal.spool.put(BODY)
    with journal._engine.begin() as connection:
        connection.execute(text("UPDATE requests SET content = 'x'"))
    assert journal.spool.get(DIGEST) is None
    journal.spool.put(BODY)
    assert journal.spool.get(DIGEST) == BODY


# Ownership that is lost


def end_sessions(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        )
    engine.dispose()


def test_who_lost_the_connection_enters_nothing_and_the_next_run_settles(url):
    with Journal(url) as journal:
        with journal.owned():
            first, second = (one.entry.id for one in journal.admit(plan("a", "b")))
            journal.sending(first)
            end_sessions(url)
            with pytest.raises(JournalError):
                journal.accepted(first)
            # The next connection works again; the ownership has gone with the first one.
            with pytest.raises(JournalHeldError, match="connection that holds the journal broke"):
                journal.sending(second)
        with Journal(url) as other, other.owned():
            assert {entry.key: entry.stage for entry in other.list()} == {"a": Stage.UNKNOWN, "b": Stage.PLANNED}


def test_who_was_taken_over_enters_nothing_more(url):
    with Journal(url) as journal, journal.owned():
        (admission,) = journal.admit(plan("a"))
        journal.sending(admission.entry.id)
        end_sessions(url)
        with Journal(url) as other, other.owned():
            with pytest.raises(JournalError):
                journal.accepted(admission.entry.id)
            with pytest.raises(JournalHeldError, match="may have taken over"):
                journal.accepted(admission.entry.id)
            assert other.show("a").entry.stage is Stage.UNKNOWN
            assert other.owner().pid == os.getpid()


def test_a_server_that_is_away_is_told_in_words_and_without_password(tmp_path):
    with pytest.raises(JournalError, match="cannot be read or written") as caught:
        Journal(f"postgresql+psycopg://jana:very-secret@/books?host={tmp_path}")
    assert "Check the database server" in str(caught.value)
    assert "very-secret" not in str(caught.value)


def test_another_kind_of_database_is_refused():
    with pytest.raises(SettingsError, match="cannot be used"):
        Journal("mysql://localhost/books")


def test_the_doubt_of_another_machine_is_as_old_as_we_know_it(url):
    with Journal(url, boot="machine A") as journal, journal.owned():
        (admission,) = journal.admit(plan("a"))
        journal.sending(admission.entry.id)
        entry = journal.unknown(admission.entry.id, reason="cut")
    # The other machine runs for a long time; that says nothing of the age of the doubt.
    with Journal(url, boot="machine B") as journal:
        assert journal.clock.monotonic() > 60
        assert journal.quiet_for(entry) < 60
        assert journal.admit(plan("a"))[0].step is Step.SETTLE


# What is told of the connection, and versions


def test_the_server_is_told_to_be_durable(journal):
    with journal._reading() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"
        assert connection.scalar(text("SHOW lock_timeout")) == "30s"


def test_a_shared_journal_of_the_second_version_is_brought_up_to_date(url):
    with Journal(url) as journal:
        journal.admit(plan("a"))
        with journal._engine.begin() as connection:
            for table, column in (
                *(("attempts", name) for name in ("method", "username", "system_user", "host", "endpoint", "response")),
                ("calls", "wording"),
                ("transitions", "wording"),
            ):
                connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
            for table in ("responses", "owners", "requests", "file_steps", "files"):
                connection.execute(text(f"DROP TABLE {table}"))
            connection.execute(text("UPDATE meta SET value = '2'"))
    with Journal(url) as journal, journal.owned():
        journal.spool.put(BODY)
        entry = journal.show("a").entry
        journal.sending_all([entry.id], username="petr")
        assert journal.show("a").attempts[0].username == "petr"
        with journal._reading() as connection:
            assert connection.scalar(text("SELECT value FROM meta")) == str(SCHEMA_VERSION)


def test_characters_that_postgresql_does_not_know_are_written_out(journal):
    (admission,) = journal.admit(plan("a\x00\udcff"))
    assert journal.find("a\x00\udcff") == (admission.entry,)
    with journal.owned():
        journal.sending(admission.entry.id)
        journal.heard([admission.entry.id], "said \x00")
        assert journal.refused(admission.entry.id, answer="no \x00").answer == "no \\x00"
    assert journal.show(admission.entry.id).attempts[0].response == "said \\x00"


def test_a_journal_of_another_schema_is_another_journal(postgres, journal):
    with journal.owned(), Journal(postgres.schema()) as other, other.owned():
        journal.admit(plan("a"))
        assert other.list() == ()


@pytest.mark.slow
def test_a_server_that_starts_anew_frees_the_journal(postgres, url):
    with Journal(url) as journal:
        with journal.owned():
            (admission,) = journal.admit(plan("a"))
            journal.sending(admission.entry.id)
            postgres.stop("immediate")
            with pytest.raises(JournalError, match="cannot be read or written"):
                journal.accepted(admission.entry.id)
            postgres.start()
        with journal.owned():
            assert journal.show("a").entry.stage is Stage.UNKNOWN
