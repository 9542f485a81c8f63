"""Evidence that is none: twins, names that a person chose, requests in JSON, secrets that cannot be read any more."""

from __future__ import annotations

import threading

import efimport_delivery_kit as kit
import pytest

from efimport.api.call import Attribute, Base64Text, Call, Element, File, Nested, Parameter
from efimport.api.client import Client
from efimport.api.request import prepare
from efimport.delivery import deliver, facts, run
from efimport.delivery.stopping import InsistedError
from efimport.errors import JournalError, JournalHeldError, SettingsError
from efimport.journal import Journal
from efimport.journal.begun import Begun
from efimport.planning.model import State, key_of
from efimport.planning.single import plan_of_call
from efimport.secrets import Secret
from efimport.settings import ApiUser, Sending

RECEIVED = (Element("number", "d1"), Element("date", "2026-01-15"), Element("supplierCode", "0042"),
            Element("paymentAmount", "121"), Element("paymentCurrency", "CZK"))  # fmt: skip
ISSUED = (Element("number", "d1"), Element("date", "2026-01-15"), Element("buyerTaxNumber", "CZ25596641"),
          Element("documentCurrency", "CZK"),
          Element("Items", children=tuple(
              Element("Item", children=(Element("netPrice", price), Element("quantity", quantity)))
              for price, quantity in (("10.50", "2"), ("1", "1"))
          )))  # fmt: skip


def twins(call: Call, repeat) -> list:
    first = kit.msgspec_replace(kit.call("d1", repeat), call=call, digest=prepare(call, "CZ").digest)
    second = kit.msgspec_replace(first, id="c-d1-2", key=key_of(first.key, 2), occurrence=2)
    return [first, second]


def created() -> Call:
    return Call("ReceivedInvoiceCreate", (Parameter("ReceivedInvoice", Nested(RECEIVED)),))


def imported() -> Call:
    return Call(
        "SalesInvoiceImport",
        (Parameter("importType", Attribute("createOnly")), Parameter("SalesInvoice", Nested(ISSUED))),
    )


@pytest.mark.parametrize("faults", ["ok lose", "lose ok"])
def test_one_of_two_equal_documents_is_no_evidence_that_the_other_arrived(books, client, journal, once, faults):
    books.fault = once(d1=faults)
    outcomes = {one.call.occurrence: one for one in deliver(kit.plan(twins(created(), kit.BLIND)), client, journal)}
    lost = faults.split().index("lose") + 1
    assert outcomes[lost].state is State.HELD
    assert outcomes[3 - lost].state is State.ACCEPTED
    assert books.there["d1"] == 1


def stated(content: str, occurrence: int):
    one = kit.call("d1", kit.BLIND, content=content)
    return kit.msgspec_replace(one, id=f"c{occurrence}", key=key_of(one.key, occurrence), occurrence=occurrence)


def test_a_document_that_moves_down_in_its_file_is_not_sent_again(books, client, journal):
    list(deliver(kit.plan([stated("a", 1)]), client, journal))
    plan = kit.plan([stated("b", 1), stated("a", 2), stated("a", 3)])
    for third in (State.ACCEPTED, State.SKIPPED):
        outcomes = {one.call.occurrence: one for one in deliver(plan, client, journal)}
        assert [outcomes[number].state for number in (1, 2, 3)] == [State.HELD, State.SKIPPED, third]
        assert outcomes[2].reason.startswith("Already imported on 20")
    assert books.there["d1"] == 2


def test_a_document_in_doubt_that_moves_down_in_its_file_is_held(books, client, journal, once):
    books.fault = once(d1="lose")
    list(deliver(kit.plan([stated("a", 1)]), client, journal))
    outcomes = list(deliver(kit.plan([stated("b", 1), stated("a", 2)]), client, journal))
    assert [one.state for one in outcomes] == [State.HELD, State.HELD]
    assert len(books.requests) == 1


def test_the_second_import_of_a_number_is_no_evidence_that_the_first_arrived(books, client, journal, once):
    books.fault = once(d1="lose ok")
    first, second = sorted(
        deliver(kit.plan(twins(imported(), kit.SAFE)), client, journal), key=lambda one: one.call.occurrence
    )
    assert (first.state, second.state) == (State.HELD, State.ACCEPTED)
    assert "look which of the two is there" in first.reason


def test_an_import_whose_twin_was_refused_is_settled_by_its_evidence(books, client, journal, once):
    books.fault = once(d1="silent ok")
    outcomes = deliver(kit.plan(twins(imported(), kit.SAFE)), client, journal)
    assert {one.call.occurrence: one.state for one in outcomes} == {1: State.ACCEPTED, 2: State.REFUSED}


def test_a_file_name_of_the_callers_choice_is_no_evidence(books, client, journal, once):
    books.there["scan.pdf"] = 1
    books.fault = once(**{"scan.pdf": "lose"})
    call = Call(
        "DocumentInboxImport",
        (Parameter("checkExisting", Attribute("true")), Parameter("electronicDocument", File(b"new", "scan.pdf"))),
    )
    (outcome,) = deliver(plan_of_call(call, "acme", "CZ", "the scan of May"), client, journal)
    assert outcome.state is State.HELD
    assert "may be another one" in outcome.reason


@pytest.mark.parametrize("call", [created(), imported()])
def test_a_request_in_json_says_the_same_of_its_document_as_one_in_xml(call):
    in_xml = facts.of_request(prepare(call, "CZ").body)
    assert in_xml
    assert facts.of_request(prepare(call, "CZ", "json").body) == in_xml


def test_a_pack_in_json_is_read_as_one_in_xml():
    from tests.acceptance.route_files import invoice, pack

    given = {"importType": Attribute("createOnly"), "dataFormat": Attribute("POHODA"),
             "base64data": Base64Text(pack(invoice("issuedInvoice")))}  # fmt: skip
    call = Call("SalesInvoiceImport", tuple(Parameter(name, value) for name, value in given.items()))
    in_xml = facts.of_request(prepare(call, "CZ").body)
    assert in_xml
    assert facts.of_request(prepare(call, "CZ", "json").body) == in_xml


@pytest.mark.parametrize("rest", [b"", b"}", b'"method":"X"}', b'"parameters":[]}', b'"parameters":{}}',
                                  b'"parameters":{"a":{"contents":"eA=="}}}'])  # fmt: skip
def test_a_json_body_without_a_document_says_nothing(rest):
    from efimport.api.wire_json import PLACEHOLDER

    assert facts.of_request(PLACEHOLDER + rest) is None


def test_a_secret_that_only_the_masking_needs_is_read_before_anything_is_sent(books, journal, tmp_path):
    def gone() -> str:
        raise SettingsError("The variable is not set.")

    who = kit.msgspec_replace(
        kit.organization(books.url),
        users=(ApiUser("petr0", md5pass=Secret.of("0123456789abcdef" * 2), password=Secret(gone, "env GONE")),),
    )
    with Client(who, sending=Sending(), state_folder=tmp_path / "pace", clock=kit.ImpatientClock()) as client:
        delivery = deliver(kit.plan([kit.call("d1", kit.BLIND)]), client, journal)
        (outcome,) = delivery
    assert outcome.state is State.PLANNED
    assert isinstance(delivery.stopped, SettingsError)
    assert not books.requests


@pytest.mark.parametrize("arrived", [True, False])
def test_a_statement_that_the_journal_has_forgotten_is_held_once_and_a_person_decides(books, client, tmp_path, arrived):
    plan = kit.plan([kit.call("d1", kit.BLIND), kit.call("d2", kit.BLIND), kit.call("d3", kit.SAFE)])
    with Journal(tmp_path / "journal.sqlite3") as journal:
        list(deliver(kit.plan(plan.calls[:1]), client, journal))
    for name in ("", "-wal", "-shm", ".lock"):
        (tmp_path / f"journal.sqlite3{name}").unlink(missing_ok=True)
    with Journal(tmp_path / "journal.sqlite3") as journal:
        for _ in range(2):
            first, second, third = sorted(deliver(plan, client, journal), key=lambda one: one.call.id)
            assert first.state is State.HELD
            assert "the journal has forgotten" in first.reason
            assert second.state is third.state
        journal.resolve(plan.calls[0].key, arrived=arrived)
        books.fault = lambda method, name: "refuse" if len(books.requests) == 4 else None
        states = [next(iter(deliver(plan, client, journal))).state for _ in range(3)]
    assert books.there["d1"] == 1 if arrived else books.there["d1"] == 2
    assert states == [State.SKIPPED] * 3 if arrived else states == [State.REFUSED, State.ACCEPTED, State.SKIPPED]


def test_a_note_that_cannot_be_written_sends_nothing(books, client, tmp_path):
    (tmp_path / "journal-begun.txt").mkdir()
    with Journal(tmp_path / "journal.sqlite3") as journal:
        with pytest.raises(JournalError, match="journal-begun"):
            list(deliver(kit.plan([kit.call("d1", kit.BLIND)]), client, journal))
        (tmp_path / "journal-begun.txt").rmdir()
        (tmp_path / "journal-begun.txt").write_bytes(b"2026-01-01 half a li")
        (outcome,) = deliver(kit.plan([kit.call("d1", kit.BLIND)]), client, journal)
    assert outcome.state is State.ACCEPTED
    assert books.there["d1"] == 1


def test_where_the_note_fails_the_call_stays_planned(books, client, journal, monkeypatch):
    def full(*_given: object) -> None:
        raise JournalError("The disk is full.")

    plan = kit.plan([kit.call("d1", kit.BLIND)])
    with monkeypatch.context() as patch:
        patch.setattr(Begun, "note", full)
        with pytest.raises(JournalError, match="full"):
            list(deliver(plan, client, journal))
    assert [entry.state for entry in journal.list()] == [State.PLANNED]
    assert [one.state for one in deliver(plan, client, journal)] == [State.ACCEPTED]


def test_who_insists_on_ending_leaves_the_journal_to_the_request_in_flight(
    books, client, journal, tmp_path, monkeypatch
):
    arrived, go_on = threading.Event(), threading.Event()

    def hold(*_given: str) -> None:
        arrived.set()
        go_on.wait(10)

    def insist(*_given: object, **_named: object) -> None:
        arrived.wait(10)
        raise InsistedError

    books.hook = hold
    monkeypatch.setattr(run, "wait", insist)
    with pytest.raises(InsistedError):
        list(deliver(kit.plan([kit.call("d1", kit.BLIND), kit.call("d2", kit.BLIND)]), client, journal))
    with Journal(tmp_path / "journal.sqlite3") as other:
        with pytest.raises(JournalHeldError), other.owned():
            pass
        go_on.set()
        with other.owned(wait=10):
            assert [entry.state for entry in other.list()].count(State.ACCEPTED) == 1
