"""Requests that carry many products: each of them is sent once, known by itself, and told of by itself."""

from __future__ import annotations

import efimport_delivery_kit as kit
import pytest

from efimport.api.answers import Answer
from efimport.delivery import deliver
from efimport.delivery.products import judge, sentences
from efimport.journal import Stage
from efimport.planning.model import State

ACCEPTED, SKIPPED, REFUSED, HELD, UNKNOWN, PLANNED = (
    State.ACCEPTED, State.SKIPPED, State.REFUSED, State.HELD, State.UNKNOWN, State.PLANNED,
)  # fmt: skip


def run(client, journal, *calls, **options):
    delivery = deliver(kit.plan(calls), client, journal, **options)
    outcomes = list(delivery)
    assert len(outcomes) == len(calls)
    return outcomes, delivery


def states(outcome):
    """The state of each product by its code."""
    return {member.call.number: member.state for member in outcome.members}


def sent(books):
    return [method for method, _ in books.requests]


def test_many_products_are_one_request_and_each_is_in_the_journal(books, client, journal):
    (outcome,), delivery = run(client, journal, kit.products("A", "B", "C"))
    assert outcome.state is ACCEPTED
    assert states(outcome) == {"A": ACCEPTED, "B": ACCEPTED, "C": ACCEPTED}
    assert outcome.members[0].answer == "Product for code A successfully imported."
    assert sent(books) == ["ProductMassImport"]
    entries = journal.list()
    assert {entry.number for entry in entries} == {"A", "B", "C"}
    assert {entry.method for entry in entries} == {"ProductMassImport"}
    assert {entry.body for entry in entries} == {outcome.call.digest}
    assert journal.spool.digests() == set()
    assert delivery.exit_status == 0


def test_the_same_list_again_is_known_product_by_product(books, client, journal):
    run(client, journal, kit.products("A", "B"))
    (outcome,), delivery = run(client, journal, kit.products("A", "B"))
    assert states(outcome) == {"A": SKIPPED, "B": SKIPPED}
    assert outcome.state is SKIPPED
    assert "Already imported on" in outcome.reason
    assert len(sent(books)) == 1
    assert delivery.exit_status == 0


def test_of_a_list_with_one_new_product_only_that_one_is_sent(books, client, journal):
    run(client, journal, kit.products("A", "B"))
    (outcome,), _ = run(client, journal, kit.products("A", "B", "C", "D"))
    assert states(outcome) == {"A": SKIPPED, "B": SKIPPED, "C": ACCEPTED, "D": ACCEPTED}
    assert outcome.state is ACCEPTED
    assert books.requests[-1] == ("ProductMassImport", "C")
    assert books.there == {"A": 1, "B": 1, "C": 1, "D": 1}


def test_one_product_that_is_left_of_many_goes_alone(books, client, journal):
    run(client, journal, kit.products("A", "B"))
    (outcome,), _ = run(client, journal, kit.products("A", "B", "C"))
    assert states(outcome)["C"] is ACCEPTED
    assert sent(books) == ["ProductMassImport", "ProductImport"]


def test_a_changed_product_waits_for_a_person_and_the_others_go_on(books, client, journal):
    run(client, journal, kit.products("A", "B"))
    (outcome,), delivery = run(client, journal, kit.products("A", "B", "C", B="2"))
    assert states(outcome) == {"A": SKIPPED, "B": HELD, "C": ACCEPTED}
    assert outcome.state is HELD
    assert "has been changed since then" in next(one.reason for one in outcome.members if one.state is HELD)
    assert delivery.exit_status == 3
    assert [entry.number for entry in journal.list([HELD])] == ["B"]


def test_changed_products_overwrite_where_the_user_asked_for_it(books, client, journal):
    run(client, journal, kit.products("A", "B", "C"))
    run(client, journal, kit.products("A", "B", "C", B="2"))
    (outcome,), _ = run(client, journal, kit.products("A", "B", "C", B="2", overwrites=True))
    assert states(outcome) == {"A": ACCEPTED, "B": ACCEPTED, "C": ACCEPTED}
    assert "<grossPrice>2</grossPrice>" in books.content["B"]
    assert not journal.list([HELD])


def test_a_person_decides_about_one_product_of_many(books, client, journal):
    run(client, journal, kit.products("A", "B"))
    run(client, journal, kit.products("A", "B", B="2"))
    (held,) = journal.list([HELD])
    journal.resolve(held.id, arrived=True)
    (outcome,), _ = run(client, journal, kit.products("A", "B", B="2"))
    assert states(outcome) == {"A": SKIPPED, "B": SKIPPED}


@pytest.mark.parametrize("first", ["alone", "together"])
def test_a_product_is_the_same_alone_and_together(books, client, journal, first):
    plans = {"alone": [kit.product("A"), kit.product("B")], "together": [kit.products("A", "B")]}
    run(client, journal, *plans.pop(first))
    (second,) = plans.values()
    outcomes, _ = run(client, journal, *second)
    assert {outcome.state for outcome in outcomes} == {SKIPPED}
    assert books.there == {"A": 1, "B": 1}


# What the service refuses


@pytest.mark.parametrize("mass", ["each", "all", "first", "quiet"])
def test_what_the_service_holds_is_skipped_and_the_rest_arrives_however_it_answers(books, client, journal, mass):
    books.mass = mass
    books.there.update({"B": 1, "D": 1})
    (outcome,), delivery = run(client, journal, kit.products("A", "B", "C", "D", "E"))
    # Where only faults are told, the others are asked for again, and are there already then.
    taken = SKIPPED if mass == "quiet" else ACCEPTED
    assert states(outcome) == {"A": taken, "B": SKIPPED, "C": taken, "D": SKIPPED, "E": taken}
    assert books.there == {"A": 1, "B": 1, "C": 1, "D": 1, "E": 1}
    assert delivery.exit_status == 0
    (again,), _ = run(client, journal, kit.products("A", "B", "C", "D", "E"))
    assert set(states(again).values()) == {SKIPPED}


@pytest.mark.parametrize("mass", ["each", "all", "first", "quiet"])
def test_a_bad_product_is_refused_with_its_words_and_the_rest_arrives(books, client, journal, mass):
    books.mass, books.bad = mass, {"B"}
    (outcome,), delivery = run(client, journal, kit.products("A", "B", "C"))
    taken = SKIPPED if mass == "quiet" else ACCEPTED
    assert states(outcome) == {"A": taken, "B": REFUSED, "C": taken}
    assert outcome.state is REFUSED
    assert next(one.answer for one in outcome.members if one.state is REFUSED) == "B #vatPercentage - not a number"
    assert "B #vatPercentage" in outcome.answer
    assert delivery.exit_status == 1
    books.bad = set()
    (again,), _ = run(client, journal, kit.products("A", "B", "C"))
    assert states(again) == {"A": SKIPPED, "B": ACCEPTED, "C": SKIPPED}


def test_a_service_that_names_one_fault_an_answer_is_asked_a_bounded_number_of_times(books, client, journal):
    codes = [f"P{number:02}" for number in range(20)]
    books.mass, books.bad = "first", set(codes[:15])
    (outcome,), _ = run(client, journal, kit.products(*codes))
    assert len(sent(books)) == 11
    assert set(states(outcome).values()) == {REFUSED}
    (outcome,), _ = run(client, journal, kit.products(*codes))
    assert {code for code, state in states(outcome).items() if state is ACCEPTED} <= set(codes[15:])
    assert all(books.there[code] <= 1 for code in codes)


def test_a_refusal_that_names_nobody_refuses_all(books, client, journal, once):
    books.fault = once(A="refuse")
    (outcome,), _ = run(client, journal, kit.products("A", "B"))
    assert states(outcome) == {"A": REFUSED, "B": REFUSED}
    assert outcome.answer == "Property buyer is required."
    assert len(sent(books)) == 1
    (outcome,), _ = run(client, journal, kit.products("A", "B"))
    assert outcome.state is ACCEPTED


def test_products_that_are_passed_over_without_a_word_are_there_already(books, client, journal):
    books.mass = "pass"
    books.there["A"] = 1
    (outcome,), _ = run(client, journal, kit.products("A", "B"))
    assert states(outcome) == {"A": SKIPPED, "B": ACCEPTED}
    assert "passed over" in outcome.members[0].reason


# What nobody knows


@pytest.mark.parametrize("fault", ["silent", "html", "cut"])
def test_a_lost_answer_is_settled_by_asking_again(books, client, journal, once, fault):
    books.fault = once(A=fault)
    (outcome,), _ = run(client, journal, kit.products("A", "B"), quiet_time=120.0)
    assert states(outcome) == {"A": ACCEPTED, "B": ACCEPTED}
    assert "had arrived" in outcome.reason
    assert books.there == {"A": 1, "B": 1}
    assert len(sent(books)) == 2
    assert sum(journal.clock.slept) > 119


def test_a_lost_request_is_sent_again(books, client, journal, once):
    books.fault = once(A="lose")
    (outcome,), _ = run(client, journal, kit.products("A", "B"))
    assert states(outcome) == {"A": ACCEPTED, "B": ACCEPTED}


def test_a_doubt_of_an_earlier_run_is_settled_though_the_file_is_gone(books, client, journal, once):
    books.fault = once(A="silent silent silent silent")
    run(client, journal, kit.products("A", "B"))
    books.fault = lambda method, name: None
    told = []
    delivery = deliver(kit.plan([]), client, journal, on_recovered=told.append)
    assert list(delivery) == []
    assert {(entry.number, entry.stage) for entry in told} == {("A", Stage.ACCEPTED), ("B", Stage.ACCEPTED)}
    assert books.there == {"A": 1, "B": 1}
    assert journal.spool.digests() == set()


def test_a_list_that_grew_while_a_part_of_it_was_in_doubt(books, client, journal, once):
    books.fault = once(A="silent silent silent silent")
    (outcome,), _ = run(client, journal, kit.products("A", "B"))
    assert outcome.state is UNKNOWN
    books.fault = lambda method, name: None
    (outcome,), delivery = run(client, journal, kit.products("A", "B", "C", "D"))
    assert states(outcome) == {"A": ACCEPTED, "B": ACCEPTED, "C": ACCEPTED, "D": ACCEPTED}
    assert books.there == {"A": 1, "B": 1, "C": 1, "D": 1}
    assert not delivery.recovered


def test_a_product_in_doubt_that_was_changed_waits_until_the_doubt_is_settled(books, client, journal, once):
    books.fault = once(A="silent silent silent silent")
    run(client, journal, kit.products("A", "B"))
    books.fault = lambda method, name: None
    (outcome,), delivery = run(client, journal, kit.products("A", "B", A="2"))
    assert states(outcome) == {"A": HELD, "B": ACCEPTED}
    assert [entry.number for entry in delivery.recovered] == ["A"]


def test_lost_bytes_of_a_doubt_are_held(books, client, journal, once):
    books.fault = once(A="silent")
    books.hook = lambda method, name: [journal.spool.remove(digest) for digest in journal.spool.digests()]
    (outcome,), delivery = run(client, journal, kit.products("A", "B"))
    assert states(outcome) == {"A": HELD, "B": HELD}
    assert delivery.exit_status == 3


def test_an_overwriting_request_is_not_sent_again_over_what_was_settled_since(books, client, journal, once):
    books.fault = once(A="lose lose lose lose")
    run(client, journal, kit.products("A", "B", overwrites=True))
    books.fault = lambda method, name: None
    journal.resolve(next(entry.id for entry in journal.list() if entry.number == "A"), arrived=True)
    (outcome,), _ = run(client, journal, kit.products("A", "B", overwrites=True))
    assert states(outcome) == {"A": SKIPPED, "B": HELD}
    assert "overwrite" in outcome.members[1].reason


def test_a_busy_service_and_a_stop_leave_all_products_planned(books, client, journal):
    books.fault = lambda method, name: "login"
    (outcome,), delivery = run(client, journal, kit.products("A", "B"))
    assert states(outcome) == {"A": PLANNED, "B": PLANNED}
    assert "the run was stopped" in outcome.reason
    assert delivery.exit_status == 1
    books.fault = lambda method, name: None
    (outcome,), _ = run(client, journal, kit.products("A", "B"))
    assert outcome.state is ACCEPTED


def test_two_calls_with_one_product_in_a_plan_are_not_both_sent(books, client, journal):
    outcomes, _ = run(client, journal, kit.products("A", "B"), kit.products("B", "C", name="other"))
    assert [outcome.state for outcome in outcomes] == [ACCEPTED, HELD]
    assert books.there == {"A": 1, "B": 1}


def test_many_products_take_a_few_seconds_in_the_journal(books, client, journal):
    import time

    codes = [f"P{number}" for number in range(5000)]
    start = time.perf_counter()
    (outcome,), _ = run(client, journal, kit.products(*codes))
    assert len(outcome.members) == 5000
    assert set(states(outcome).values()) == {ACCEPTED}
    (again,), _ = run(client, journal, kit.products(*codes, "new"))
    assert again.state is ACCEPTED
    assert time.perf_counter() - start < 15
    assert books.requests[-1] == ("ProductImport", "new")


# Reading the answer


def answer(*messages: str, errors: tuple[str, ...] = ()) -> Answer:
    status = "error" if errors else "ok"
    return Answer(status=status, kind="other-refusal" if errors else "ok", messages=messages, descriptions=errors)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer("Product for code A successfully imported."), {"A": "imported"}),
        (answer("Product for code A b successfully imported."), {"A b": "imported"}),
        (answer(errors=("Product for code 8847 already exists.",)), {"8847": "exists"}),
        (answer(errors=("Product for code A not foud.",)), {"A": "refused"}),
        (answer(errors=("Product for code A not found.",)), {"A": "refused"}),
        (answer(errors=("Product for productCode: A already exists!",)), {"A": "exists"}),
        (
            answer(errors=("Product for code A already exists. Product for code A b already exists.",)),
            {"A": "exists", "A b": "exists"},
        ),
        (answer(errors=("A #name - too long, even so, 8847: wrong",)), {"A": "refused", "8847": "refused"}),
        (answer(errors=("A b #name - x\r\nA #name - y",)), {"A b": "refused", "A": "refused"}),
        (answer(errors=("Product for code A #x - bad; Product for code 8847 already exists.",)), {"8847": "exists"}),
        (answer(errors=("Access denied.",)), {}),
        (answer("Product for code Z successfully imported."), {}),
    ],
)
def test_the_sentences_of_the_service_are_read_product_by_product(given, expected):
    found = sentences(given, {"A", "A b", "8847"})
    assert {code: said for code, (said, _) in found.items()} == expected


def test_a_fault_keeps_all_its_words():
    found = sentences(answer(errors=("A #name - too long, even so, 8847: wrong",)), {"A", "8847"})
    assert found["A"][1] == "A #name - too long, even so"


def test_no_answer_about_nobody_is_taken_for_one_about_all(journal):
    (admission,) = journal.admit(kit.plan([kit.product("A")]))
    denied = Answer(status="error", kind="privileges", descriptions=("Access denied",))
    (result,) = judge([admission.entry], denied).results
    assert (result.accepted, result.found, result.answer) == (False, False, "Access denied")
    (result,) = judge([admission.entry], answer("Product for code Z successfully imported.")).results
    assert (result.accepted, result.found) == (False, True)
