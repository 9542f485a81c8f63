"""Delivery against a real HTTP service that holds state."""

from __future__ import annotations

import os
import signal
import threading

import efimport_delivery_kit as kit
import pytest

from efimport.api.call import Call, Element, Nested, Parameter
from efimport.api.request import prepare
from efimport.delivery import deliver, recover, stop_on_signals
from efimport.delivery.comparing import Comparison, Verdict
from efimport.errors import JournalHeldError, LoginError, NotSentError, PlanChangedError, SettingsError
from efimport.journal import Journal, Stage
from efimport.planning.model import Repeat, State
from efimport.secrets import Secret

EVERY = (kit.SAFE, kit.CHECKABLE, kit.BLIND)
DOUBTFUL = "silent " * 4
"""The first attempt, and all that one run makes to settle it."""


def states(outcomes):
    return [outcome.state for outcome in outcomes]


@pytest.mark.parametrize("repeat", EVERY)
def test_every_call_is_sent_once_in_order(books, client, journal, repeat):
    plan = kit.plan(kit.call(f"d{n}", repeat) for n in range(5))
    outcomes = list(deliver(plan, client, journal))
    assert states(outcomes) == [State.ACCEPTED] * 5
    assert [name for _, name in books.requests] == [f"d{n}" for n in range(5)]
    assert outcomes[0].answer == "d0\nDone."
    assert outcomes[0].attempts == 1
    entry = journal.find(plan.calls[0].key)[0]
    assert (entry.source_path, entry.source_sha256) == ("in/documents.xml", "ab" * 32)
    assert not journal.spool.digests()


@pytest.mark.parametrize("repeat", EVERY)
def test_a_second_run_sends_nothing_and_says_when_it_was_imported(books, client, journal, repeat):
    plan = kit.plan([kit.call("d1", repeat)])
    list(deliver(plan, client, journal))
    again = deliver(plan, client, journal)
    (outcome,) = again
    assert outcome.state is State.SKIPPED
    assert outcome.reason.startswith("Already imported on 20")
    assert len(books.requests) == 1
    assert again.exit_status == 0


def test_the_intent_is_on_disk_before_the_first_byte_leaves(books, client, journal, tmp_path):
    seen = []

    def look(method, name):
        with Journal(tmp_path / "journal.sqlite3") as other:
            entry = other.list()[0]
            seen.append((entry.stage, entry.attempt, other.spool.get(entry.digest) is not None))

    books.hook = look
    list(deliver(kit.plan([kit.call("d1", kit.BLIND)]), client, journal))
    assert seen == [(Stage.SENDING, 1, True)]


def test_every_call_is_in_the_journal_before_the_first_is_sent(books, client, journal):
    books.hook = lambda *_: counts.append(journal.counts().get(State.PLANNED, 0))
    counts: list[int] = []
    list(deliver(kit.plan(kit.call(f"d{n}", kit.BLIND) for n in range(3)), client, journal))
    assert counts == [2, 1, 0]


@pytest.mark.parametrize("repeat", EVERY)
def test_a_refusal_is_told_word_for_word_and_the_rest_goes_on(books, client, journal, once, repeat):
    books.fault = once(d1="refuse")
    delivery = deliver(kit.plan([kit.call("d1", repeat), kit.call("d2", repeat)]), client, journal)
    first, second = delivery
    assert (first.state, first.answer) == (State.REFUSED, "Property buyer is required.")
    assert second.state is State.ACCEPTED
    assert delivery.exit_status == 1


def test_a_refused_document_is_tried_again_by_a_new_run(books, client, journal, once):
    books.fault = once(d1="mixed")
    plan = kit.plan([kit.call("d1", kit.BLIND)])
    assert states(deliver(plan, client, journal)) == [State.REFUSED]
    (outcome,) = deliver(plan, client, journal)
    assert (outcome.state, outcome.attempts) == (State.ACCEPTED, 2)


def test_what_the_inbox_held_before_is_refused_because_only_number_or_name_agree(books, client, journal):
    books.there["d1"] = 1
    (outcome,) = deliver(kit.plan([kit.call("d1", kit.CHECKABLE)]), client, journal)
    assert outcome.state is State.REFUSED
    assert "compare" in outcome.reason


@pytest.mark.parametrize("repeat", [kit.SAFE])
def test_what_the_service_held_before_is_skipped_and_not_asked_again(books, client, journal, repeat):
    books.there["d1"] = 1
    plan = kit.plan([kit.call("d1", repeat)])
    (outcome,) = deliver(plan, client, journal)
    assert outcome.state is State.SKIPPED
    assert "exists" in outcome.answer
    assert journal.list([State.SKIPPED])
    assert not journal.list([State.REFUSED])
    assert not journal.list([State.ACCEPTED])
    (again,) = deliver(plan, client, journal)
    assert again.state is State.SKIPPED
    assert [method for method, _ in books.requests] == ["SalesInvoiceImport", "SalesInvoiceGet"]


@pytest.mark.parametrize("repeat", EVERY)
def test_changed_content_waits_for_a_person(books, client, journal, repeat):
    list(deliver(kit.plan([kit.call("d1", repeat)]), client, journal))
    changed = kit.plan([kit.call("d1", repeat, content="y")])
    delivery = deliver(changed, client, journal)
    (outcome,) = delivery
    assert outcome.state is State.HELD
    assert "changed" in outcome.reason
    assert delivery.exit_status == 3
    assert len(books.requests) == 1
    assert [entry.state for entry in journal.find(changed.calls[0].key)] == [State.ACCEPTED, State.HELD]
    assert states(deliver(changed, client, journal)) == [State.HELD]


def test_changed_content_is_sent_when_a_person_says_so(books, client, journal):
    list(deliver(kit.plan([kit.call("d1", kit.BLIND)]), client, journal))
    changed = kit.plan([kit.call("d1", kit.BLIND, content="y")])
    list(deliver(changed, client, journal))
    journal.resolve(changed.calls[0].key, arrived=False)
    assert states(deliver(changed, client, journal)) == [State.ACCEPTED]
    assert books.there["d1"] == 2


def test_changed_content_overwrites_where_the_user_asked_for_it(books, client, journal):
    list(deliver(kit.plan([kit.call("d1", kit.SAFE)]), client, journal))
    first = kit.plan([kit.call("d1", kit.SAFE, content="y", overwrites=True)])
    assert states(deliver(first, client, journal)) == [State.ACCEPTED]
    assert states(deliver(first, client, journal)) == [State.SKIPPED]
    second = kit.plan([kit.call("d1", kit.SAFE, content="z", overwrites=True)])
    assert states(deliver(second, client, journal)) == [State.ACCEPTED]
    assert states(deliver(first, client, journal)) == [State.ACCEPTED]


@pytest.mark.parametrize("fault", ["silent", "html", "cut"])
def test_a_lost_answer_of_an_import_by_key_is_settled_by_asking_again(books, client, journal, once, fault):
    books.fault = once(d1=fault)
    delivery = deliver(kit.plan([kit.call("d1", kit.SAFE), kit.call("d2", kit.SAFE)]), client, journal)
    second, first = delivery
    assert (second.call.number, second.state) == ("d2", State.ACCEPTED)
    assert (first.call.number, first.state, first.attempts) == ("d1", State.ACCEPTED, 2)
    assert "An earlier attempt had arrived" in first.reason
    assert books.there == {"d1": 1, "d2": 1}
    assert delivery.exit_status == 0


def test_settling_waits_for_the_quiet_time(books, client, journal, once):
    books.fault = once(d1="silent")
    list(deliver(kit.plan([kit.call("d1", kit.SAFE)]), client, journal, quiet_time=120.0))
    assert 115 < journal.clock.ahead < 125


@pytest.mark.parametrize("repeat", [kit.SAFE, kit.CHECKABLE])
def test_a_lost_request_is_sent_again(books, client, journal, once, repeat):
    books.fault = once(d1="lose")
    (outcome,) = deliver(kit.plan([kit.call("d1", repeat)]), client, journal)
    assert (outcome.state, outcome.attempts) == (State.ACCEPTED, 2)
    assert books.there == {"d1": 1}


def test_a_lost_answer_of_the_inbox_is_looked_up_and_not_sent_again(books, client, journal, once):
    books.fault = once(d1="silent")
    (outcome,) = deliver(kit.plan([kit.call("d1", kit.CHECKABLE)]), client, journal)
    assert (outcome.state, outcome.attempts) == (State.ACCEPTED, 1)
    assert books.requests == [("DocumentInboxImport", "d1"), ("DocumentInboxList", "d1")]


@pytest.mark.parametrize("fault", ["silent", "lose", "html", "cut"])
def test_a_statement_in_doubt_is_held_and_never_sent_again(books, client, journal, once, fault):
    books.fault = once(d1=fault)
    plan = kit.plan([kit.call("d1", kit.BLIND), kit.call("d2", kit.BLIND)])
    delivery = deliver(plan, client, journal)
    first, second = delivery
    assert (first.state, second.state) == (State.HELD, State.ACCEPTED)
    assert "journal resolve 1" in first.reason
    assert delivery.exit_status == 3
    for _ in range(2):
        again = deliver(plan, client, journal)
        assert states(again) == [State.HELD, State.SKIPPED]
        assert again.exit_status == 3
    assert len(books.requests) == 2
    assert journal.clock.ahead < 10


@pytest.mark.parametrize(("fault", "arrived"), [("silent", True), ("lose", False)])
def test_a_person_settles_what_is_held(books, client, journal, once, fault, arrived):
    books.fault = once(d1=fault)
    plan = kit.plan([kit.call("d1", kit.BLIND)])
    list(deliver(plan, client, journal))
    journal.resolve(plan.calls[0].key, arrived=arrived)
    assert states(deliver(plan, client, journal)) == [State.SKIPPED if arrived else State.ACCEPTED]
    assert books.there == {"d1": 1}


def test_what_a_person_released_is_sent_from_the_spool_when_the_file_is_gone(books, client, journal, once):
    books.fault = once(d1="lose")
    plan = kit.plan([kit.call("d1", kit.BLIND)])
    list(deliver(plan, client, journal))
    journal.resolve(plan.calls[0].key, arrived=False)
    (entry,) = recover(client, journal)
    assert entry.state is State.ACCEPTED
    assert books.there == {"d1": 1}


def test_what_a_person_released_without_bytes_stays_planned(books, client, journal):
    list(deliver(kit.plan([kit.call("d1", kit.BLIND)]), client, journal))
    changed = kit.plan([kit.call("d1", kit.BLIND, content="y")])
    list(deliver(changed, client, journal))
    journal.resolve(changed.calls[0].key, arrived=False)
    (entry,) = recover(client, journal)
    assert entry.state is State.PLANNED
    assert states(deliver(changed, client, journal)) == [State.ACCEPTED]


def test_what_is_left_in_doubt_by_an_earlier_run_is_settled_though_the_file_is_gone(books, client, journal, once):
    books.fault = once(d1=DOUBTFUL)
    first = deliver(kit.plan([kit.call("d1", kit.SAFE)]), client, journal)
    assert states(first) == [State.UNKNOWN]
    assert first.exit_status == 3
    told = []
    other = deliver(kit.plan([kit.call("d2", kit.SAFE)]), client, journal, on_recovered=told.append)
    assert states(other) == [State.ACCEPTED]
    assert [entry.state for entry in other.recovered] == [State.ACCEPTED]
    assert told == other.recovered
    assert books.there == {"d1": 1, "d2": 1}


def test_an_entry_of_another_organization_is_left_alone(books, client, journal, once):
    books.fault = once(d1=DOUBTFUL)
    plan = kit.plan([kit.call("d1", kit.SAFE)])
    list(deliver(kit.Plan(organization="other", sources=plan.sources, calls=plan.calls), client, journal))
    assert recover(client, journal) == []


def test_another_content_while_the_first_is_in_doubt_is_held(books, client, journal, once):
    books.fault = once(d1=DOUBTFUL)
    list(deliver(kit.plan([kit.call("d1", kit.SAFE)]), client, journal))
    books.fault = once(d1=DOUBTFUL)
    (outcome,) = deliver(kit.plan([kit.call("d1", kit.SAFE, content="y")]), client, journal)
    assert outcome.state is State.HELD
    assert "earlier version" in outcome.reason
    assert books.there == {"d1": 1}


def test_a_busy_service_is_waited_for(books, client, journal, once):
    books.fault = once(d1="busy busy busy")
    (outcome,) = deliver(kit.plan([kit.call("d1", kit.BLIND)]), client, journal)
    assert (outcome.state, outcome.attempts) == (State.ACCEPTED, 1)
    assert [attempt.result for attempt in journal.show(1).attempts] == ["not-sent"] * 3 + ["accepted"]


def test_a_service_that_stays_busy_ends_the_run_and_the_rest_stays_planned(books, client, journal):
    books.fault = lambda method, name: "busy"
    delivery = deliver(kit.plan([kit.call("d1", kit.BLIND), kit.call("d2", kit.BLIND)]), client, journal)
    outcomes = list(delivery)
    assert states(outcomes) == [State.PLANNED, State.PLANNED]
    assert "busy" in str(delivery.stopped)
    assert len(books.requests) == 20
    books.fault = lambda method, name: None
    assert states(deliver(kit.plan([kit.call("d1", kit.BLIND)]), client, journal)) == [State.ACCEPTED]


def test_a_refused_login_ends_the_run_at_once(books, client, journal):
    books.fault = lambda method, name: "login"
    delivery = deliver(kit.plan(kit.call(f"d{n}", kit.BLIND) for n in range(5)), client, journal)
    outcomes = list(delivery)
    assert states(outcomes) == [State.PLANNED] * 5
    assert isinstance(delivery.stopped, LoginError)
    assert delivery.exit_status == 1
    assert len(books.requests) == 1
    assert all("does not accept the login" in outcome.reason for outcome in outcomes)
    assert journal.counts() == {State.PLANNED: 5}


def test_without_a_network_the_run_ends_politely(books, client, journal):
    books.stop()
    delivery = deliver(kit.plan(kit.call(f"d{n}", kit.SAFE) for n in range(3)), client, journal)
    assert states(delivery) == [State.PLANNED] * 3
    assert isinstance(delivery.stopped, NotSentError)
    assert journal.find(kit.call("d0", kit.SAFE).key)[0].sent == 0
    books.server = type("Gone", (), {"shutdown": lambda self: None, "server_close": lambda self: None})()


def test_recovering_without_a_network_says_so(books, client, journal, once):
    books.fault = once(d1=DOUBTFUL)
    list(deliver(kit.plan([kit.call("d1", kit.SAFE)]), client, journal))
    books.fault = lambda method, name: "login"
    with pytest.raises(LoginError):
        recover(client, journal)
    assert journal.find(kit.call("d1", kit.SAFE).key)[0].stage is Stage.UNKNOWN


@pytest.mark.parametrize("fault", ["busy", "login"])
def test_an_attempt_that_did_nothing_does_not_end_an_older_doubt(books, client, journal, once, fault):
    books.fault = once(d1=DOUBTFUL)
    plan = kit.plan([kit.call("d1", kit.SAFE)])
    list(deliver(plan, client, journal))
    since = journal.find(plan.calls[0].key)[0].doubt
    books.fault = lambda method, name: fault
    assert states(deliver(plan, client, journal)) == [State.UNKNOWN]
    assert journal.find(plan.calls[0].key)[0].doubt == since
    books.fault = once()
    assert states(deliver(plan, client, journal)) == [State.ACCEPTED]
    assert books.there == {"d1": 1}


@pytest.mark.parametrize("fault", ["login", "busy", "refuse", "mixed"])
def test_a_look_up_that_fails_is_no_answer(books, client, journal, once, fault):
    books.fault = lambda method, name: fault if method == "DocumentInboxList" else "silent"
    delivery = deliver(kit.plan([kit.call("d1", kit.CHECKABLE)]), client, journal)
    (outcome,) = delivery
    assert outcome.state is (State.HELD if fault in ("refuse", "mixed") else State.UNKNOWN)
    assert delivery.exit_status == 3
    assert books.there == {"d1": 1}


def test_a_look_up_without_an_answer_is_tried_again_and_left_to_the_next_run(books, client, journal, once):
    books.fault = once(d1="silent", lookup="silent silent silent")
    plan = kit.plan([kit.call("d1", kit.CHECKABLE)])
    assert states(deliver(plan, client, journal)) == [State.UNKNOWN]
    assert states(deliver(plan, client, journal)) == [State.ACCEPTED]


def test_a_similar_name_in_the_inbox_is_not_the_document(books, client, journal, once):
    books.fault = once(d1="lose")
    books.similar = ["d10", "d11"]
    assert states(deliver(kit.plan([kit.call("d1", kit.CHECKABLE)]), client, journal)) == [State.ACCEPTED]
    assert books.there["d1"] == 1


def test_a_list_that_does_not_name_its_entries_decides_nothing(books, client, journal, once):
    books.fault = once(d1="lose")
    books.similar = ["somebody"]
    books.list_names = False
    (outcome,) = deliver(kit.plan([kit.call("d1", kit.CHECKABLE)]), client, journal)
    assert outcome.state is State.HELD


def test_an_inbox_entry_without_a_file_name_is_looked_up_by_its_number(books, client, journal, once):
    books.fault = once(d1="silent")
    planned = kit.msgspec_replace(kit.call("d1", kit.CHECKABLE), file_name=None)
    assert states(deliver(kit.plan([planned]), client, journal)) == [State.ACCEPTED]
    assert books.requests[-1] == ("DocumentInboxList", "d1")


def test_an_inbox_entry_without_any_name_is_held(books, client, journal, once):
    books.fault = once(d1="silent")
    planned = kit.msgspec_replace(kit.call("d1", kit.CHECKABLE), file_name=None, number=None)
    assert states(deliver(kit.plan([planned]), client, journal)) == [State.HELD]


def test_another_document_of_its_number_is_not_taken_for_one_that_is_created_without_a_key(books, client, journal):
    """A received document is found by the supplier's number, which another supplier may use too."""
    created = Call("ReceivedInvoiceCreate", (Parameter("ReceivedInvoice", Nested((Element("number", "d1"),))),))
    planned = kit.msgspec_replace(kit.call("d1", kit.BLIND), call=created, digest=prepare(created, "CZ").digest)
    books.there["d1"] = 1
    (outcome,) = deliver(kit.plan([planned]), client, journal)
    assert (outcome.state, outcome.answer) == (State.REFUSED, "Sales invoice for number: d1 already exists!")
    assert "compare" in outcome.reason


def test_lost_bytes_of_a_doubt_are_held(books, client, journal, once):
    books.fault = once(d1=DOUBTFUL)
    plan = kit.plan([kit.call("d1", kit.SAFE)])
    list(deliver(plan, client, journal))
    journal.spool.remove(plan.calls[0].digest)
    (entry,) = recover(client, journal)
    assert entry.state is State.HELD
    assert "bytes" in entry.reason


def test_the_comparison_by_get_holds_what_differs(books, client, journal, once):
    books.fault = once(d1="silent", d2="silent", d3="silent")
    verdicts = {"d1": Verdict.EQUAL, "d2": Verdict.DIFFERENT, "d3": Verdict.UNCLEAR}
    plan = kit.plan(kit.call(name, kit.SAFE) for name in verdicts)
    delivery = deliver(plan, client, journal, confirm=lambda entry: Comparison(verdicts[entry.number], "Seen."))
    assert {outcome.call.number: outcome.state for outcome in delivery} == {
        "d1": State.ACCEPTED,
        "d2": State.HELD,
        "d3": State.ACCEPTED,
    }


def test_a_refusal_under_overwriting_is_a_refusal(books, client, journal):
    books.there["d1"] = 1
    planned = kit.msgspec_replace(kit.call("d1", kit.SAFE), overwrites=True)
    assert states(deliver(kit.plan([planned]), client, journal)) == [State.REFUSED]


def test_two_calls_of_one_key_in_a_plan_are_not_both_sent(books, client, journal):
    plan = kit.plan([kit.call("d1", kit.BLIND), kit.call("d1", kit.BLIND, content="y")])
    assert states(deliver(plan, client, journal)) == [State.ACCEPTED, State.HELD]
    assert len(books.requests) == 1


def test_two_equal_documents_with_keys_of_their_own_are_both_sent(books, client, journal):
    plan = kit.plan([kit.call("d1", kit.BLIND), kit.call("d1", kit.BLIND, key="second")])
    assert states(deliver(plan, client, journal)) == [State.ACCEPTED, State.ACCEPTED]
    assert books.there["d1"] == 2


def test_a_request_that_differs_from_the_plan_is_not_sent(books, client, journal):
    planned = kit.msgspec_replace(kit.call("d1", kit.BLIND), digest="0" * 64)
    with pytest.raises(PlanChangedError):
        list(deliver(kit.plan([planned]), client, journal))
    assert not books.requests


def test_a_wish_to_stop_finishes_the_request_in_flight(books, client, journal):
    stop = threading.Event()
    books.hook = lambda *_: stop.set()
    delivery = deliver(kit.plan(kit.call(f"d{n}", kit.BLIND) for n in range(3)), client, journal, stop=stop.is_set)
    outcomes = list(delivery)
    assert states(outcomes) == [State.ACCEPTED, State.PLANNED, State.PLANNED]
    assert delivery.exit_status == 1
    assert delivery.stopped is None
    assert outcomes[1].reason == "Not sent, the run was stopped."


def test_a_wish_to_stop_leaves_a_doubt_to_the_next_run(books, client, journal, once):
    books.fault = once(d1="silent")
    stop = threading.Event()
    books.hook = lambda *_: stop.set()
    plan = kit.plan([kit.call("d1", kit.SAFE)])
    assert states(deliver(plan, client, journal, stop=stop.is_set)) == [State.UNKNOWN]
    assert states(deliver(plan, client, journal)) == [State.ACCEPTED]


def test_leaving_the_loop_loses_nothing(books, client, journal):
    plan = kit.plan(kit.call(f"d{n}", kit.BLIND) for n in range(4))
    delivery = deliver(plan, client, journal)
    assert next(delivery).state is State.ACCEPTED
    delivery.close()
    assert not journal.list([State.SENDING])
    assert {*states(deliver(plan, client, journal))} == {State.SKIPPED, State.ACCEPTED}
    assert set(books.there.values()) == {1}


def test_an_interruption_finishes_the_request_in_flight(books, client, journal):
    # The signal arrives while the main thread waits for the lane.
    books.hook = lambda *_: os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        list(deliver(kit.plan([kit.call("d1", kit.BLIND), kit.call("d2", kit.BLIND)]), client, journal))
    assert journal.counts() == {State.ACCEPTED: 1, State.PLANNED: 1}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_to_stop_and_the_second_insists(number):
    before = signal.getsignal(number)
    with stop_on_signals() as stop:
        assert not stop()
        os.kill(os.getpid(), number)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before


def test_signals_are_left_alone_outside_of_the_main_thread():
    told = []

    def look():
        with stop_on_signals() as stop:
            told.append(stop())

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert told == [False]


def test_several_users_overlap_and_keep_the_order_of_the_starts(books, journal, tmp_path):
    barrier = threading.Barrier(3, timeout=5)
    books.hook = lambda *_: barrier.wait()
    with kit.client(books.url, tmp_path, users=3) as client:
        delivery = deliver(kit.plan(kit.call(f"d{n}", kit.BLIND) for n in range(6)), client, journal)
        assert states(delivery) == [State.ACCEPTED] * 6
    assert books.most_at_once == 3
    assert len(books.users) == 3


def test_another_process_that_owns_the_journal_is_named(books, client, journal, tmp_path):
    with Journal(tmp_path / "journal.sqlite3") as other, other.owned(), pytest.raises(JournalHeldError) as caught:
        list(deliver(kit.plan([kit.call("d1", kit.SAFE)]), client, journal))
    assert str(os.getpid()) in str(caught.value)
    assert not books.requests


def test_outcomes_are_told_to_the_callback(books, client, journal):
    told = []
    outcomes = list(deliver(kit.plan([kit.call("d1", kit.SAFE)]), client, journal, on_outcome=told.append))
    assert told == outcomes


def test_an_empty_plan_does_nothing(books, client, journal):
    delivery = deliver(kit.plan([]), client, journal)
    assert list(delivery) == []
    assert delivery.exit_status == 0


def test_a_secret_that_cannot_be_read_ends_the_run_before_anything_is_sent(books, journal, tmp_path):
    def unreadable():
        raise SettingsError("The token cannot be read.")

    plan = kit.plan([kit.call("d1", kit.BLIND)])
    with kit.client(books.url, tmp_path, token=Secret(unreadable, "the settings")) as client:
        delivery = deliver(plan, client, journal)
        assert states(delivery) == [State.PLANNED]
    assert isinstance(delivery.stopped, SettingsError)
    with kit.client(books.url, tmp_path) as client:
        assert states(deliver(plan, client, journal)) == [State.ACCEPTED]


def test_the_classes_of_repetition_are_those_of_the_catalogue():
    from efimport.api.request import prepare

    for repeat in EVERY:
        assert Repeat(prepare(kit.call("d1", repeat).call, "CZ").repeat) is repeat


def test_waits_that_people_would_wonder_about_are_told(books, client, journal, once):
    books.fault = once(d1="busy", d2="silent")
    told = []
    list(
        deliver(kit.plan([kit.call("d1", kit.SAFE), kit.call("d2", kit.SAFE)]), client, journal, on_waiting=told.append)
    )
    busy, quiet = told
    assert (busy.seconds, "is busy" in busy.reason, "19 times at most" in busy.reason) == (5.0, True, True)
    assert 115 < quiet.seconds <= 120
    assert "quiet time" in quiet.reason


def test_a_wish_to_stop_ends_the_wait_for_a_busy_service(books, client, journal):
    books.fault = lambda method, name: "busy"
    stop = threading.Event()
    delivery = deliver(
        kit.plan([kit.call("d1", kit.BLIND), kit.call("d2", kit.BLIND)]),
        client,
        journal,
        stop=stop.is_set,
        on_waiting=lambda waiting: stop.set(),
    )
    assert states(delivery) == [State.PLANNED, State.PLANNED]
    assert delivery.stopped is None
    assert len(books.requests) == 1


def test_a_wish_to_stop_ends_the_wait_for_a_turn_and_nothing_is_sent(books, client, journal, monkeypatch):
    stop = threading.Event()
    monkeypatch.setattr(client.clock, "sleep", lambda seconds: stop.set())
    # The fifth has to wait for the pace.
    delivery = deliver(kit.plan(kit.call(f"d{n}", kit.BLIND) for n in range(6)), client, journal, stop=stop.is_set)
    assert states(delivery) == [State.ACCEPTED] * 4 + [State.PLANNED] * 2
    assert len(books.requests) == 4
    assert journal.find(kit.call("d4", kit.BLIND).key)[0].sent == 0
