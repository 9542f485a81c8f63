"""A price list that comes again and again: only what is new goes, whatever happens in between."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import efimport
from efimport import testing
from efimport.api.client import Client
from efimport.delivery import deliver
from efimport.journal import Journal
from efimport.planning.model import State
from tests.acceptance import route_files as made

if TYPE_CHECKING:
    from tests.acceptance.conftest import Person, Sandbox

EMBELLISHED = "<stk:EAN>8590000000013</stk:EAN>"


def price_list(person: Person, *codes: str, changed: str = "", more: str = "") -> None:
    cards = [made.stock(code, more) for code in codes]
    cards = [
        card.replace("1250.50", "1300") if code == changed else card for code, card in zip(codes, cards, strict=True)
    ]
    person.write("cenik.xml", made.stocks(*cards))


def states(report: dict[str, Any]) -> dict[str, str]:
    """The state of each product, as a reader of the report finds it."""
    calls = {call["id"]: call["state"] for call in report["calls"]}
    (source,) = report["sources"]
    return {document["number"]: calls[document["call"]] for document in source["documents"]}


def requests(sandbox: Sandbox) -> dict[str, int]:
    counted: dict[str, int] = sandbox.state()["requests"]["by_method"]
    return {method: count for method, count in counted.items() if method.startswith("Product")}


def prices(sandbox: Sandbox) -> dict[str, str]:
    return {product["code"]: product["elements"]["grossPrice"] for product in sandbox.state()["products"]}


def test_only_what_is_new_in_a_price_list_goes(person: Person, sandbox: Sandbox) -> None:
    price_list(person, "A1", "A2", "A3")
    dry = person.report("import", "cenik.xml", "--dry-run")
    (call,) = dry["calls"]
    assert [one["productCode"] for one in call["parameters"]["products"]["product"]] == ["A1", "A2", "A3"]
    assert states(person.report("import", "cenik.xml", status=0)) == dict.fromkeys(("A1", "A2", "A3"), "accepted")
    assert requests(sandbox) == {"ProductMassImport": 1}

    again = person.report("import", "cenik.xml", status=0)
    assert states(again) == dict.fromkeys(("A1", "A2", "A3"), "skipped")
    assert requests(sandbox) == {"ProductMassImport": 1}

    price_list(person, "A1", "A2", "A3", "A4", "A5", changed="A2")
    grown = person.report("import", "cenik.xml", status=3)
    assert states(grown) == {"A1": "skipped", "A2": "held", "A3": "skipped", "A4": "accepted", "A5": "accepted"}
    assert grown["totals"]["by_state"] == {"held": 1, "accepted": 2, "skipped": 2}
    assert requests(sandbox) == {"ProductMassImport": 2}
    assert prices(sandbox) == dict.fromkeys(("A1", "A2", "A3", "A4", "A5"), "1250.50")
    listed = person.run("journal", "list", "--state", "held").stdout
    assert "A2" in listed
    assert "A1" not in listed

    overwritten = person.report("import", "cenik.xml", "--import-type", "createOrUpdate", status=0)
    assert set(states(overwritten).values()) == {"accepted"}
    assert prices(sandbox)["A2"] == "1300"


def test_a_lost_answer_to_a_price_list_doubles_and_loses_nothing(person: Person, sandbox: Sandbox) -> None:
    price_list(person, "A1", "A2", "A3")
    sandbox.add_faults({"fault": "close-after", "method": "ProductMassImport"})
    report = person.report("import", "cenik.xml", status=0)
    assert set(states(report).values()) == {"accepted"}
    assert [product["written"] for product in sandbox.state()["products"]] == [1, 1, 1]
    assert requests(sandbox) == {"ProductMassImport": 2}


def test_what_the_service_had_before_is_left_as_it_is(person: Person, sandbox: Sandbox) -> None:
    price_list(person, "A2")
    person.report("import", "cenik.xml", status=0)
    person.run("journal", "list")
    for database in person.folder.parent.rglob("journal.sqlite3*"):
        database.unlink()
    price_list(person, "A1", "A2", "A3", changed="A2")
    report = person.report("import", "cenik.xml", status=0)
    assert states(report) == {"A1": "accepted", "A2": "skipped", "A3": "accepted"}
    assert prices(sandbox) == dict.fromkeys(("A1", "A2", "A3"), "1250.50")


@pytest.mark.parametrize("more", ["", EMBELLISHED])
def test_a_product_that_was_imported_with_others_is_known_alone(person: Person, sandbox: Sandbox, more: str) -> None:
    price_list(person, "A1", "A2")
    person.report("import", "cenik.xml", status=0)
    price_list(person, "A1", more=more)
    report = person.report("import", "cenik.xml", status=3 if more else 0)
    assert states(report) == {"A1": "held" if more else "skipped"}
    assert requests(sandbox) == {"ProductMassImport": 1}


def test_what_names_a_refused_partner_goes_and_is_told(person: Person, sandbox: Sandbox) -> None:
    person.write("vse.xml", made.stocks(made.PARTNER, made.invoice("issuedInvoice")))
    sandbox.add_faults({"fault": "unknown-description", "method": "PartnerImport"})
    done = person.run("import", "vse.xml")
    assert done.returncode == 1
    assert sandbox.numbers() == ["2600001"]
    assert (
        "1 document went though a partner or product that it names was refused or is in doubt: 2600001" in done.stderr
    )
    again = person.run("import", "vse.xml")
    assert again.returncode == 0
    assert "went though" not in again.stderr


@pytest.mark.parametrize("mode", ["documented", "observed"])
@pytest.mark.parametrize("mass_import", ["each", "all-or-nothing", "stop"])
def test_however_the_service_treats_bad_products_the_good_ones_arrive(
    tmp_path: Path, mode: str, mass_import: str
) -> None:
    clock = testing.FakeClock()
    (tmp_path / "cenik.xml").write_bytes(made.stocks(*(made.stock(f"A{number}") for number in range(1, 7))))
    with testing.sandbox("CZ", period=0, mode=mode, mass_import=mass_import) as (running, organization):
        plan = efimport.plan([tmp_path / "cenik.xml"], organization)
        held = [member for member in plan.calls[0].members if member.number in ("A2", "A5")]
        with Client(organization, clock=clock, state_folder=tmp_path) as client:
            for member in held:
                assert client.call(member.call).ok
            with Journal(tmp_path / "journal.sqlite3", clock=clock) as journal:
                (outcome,) = deliver(plan, client, journal, quiet_time=0)
                (again,) = deliver(plan, client, journal, quiet_time=0)
        stored = running.state()["products"]
    assert {member.call.number: member.state for member in outcome.members} == {
        f"A{number}": State.SKIPPED if number in (2, 5) else State.ACCEPTED for number in range(1, 7)
    }
    assert {member.state for member in again.members} == {State.SKIPPED}
    assert [product["written"] for product in stored] == [1] * 6


def test_a_partner_without_a_seat_is_warned_of_and_refused_in_the_words_of_the_service(tmp_path: Path) -> None:
    clock = testing.FakeClock()
    seat = "<typ:city>Brno</typ:city><typ:street>Dlouhá 1</typ:street>"
    (tmp_path / "adresar.xml").write_bytes(made.pack(made.PARTNER.replace(seat, "")))
    with testing.sandbox("CZ", period=0, mode="observed") as (_, organization):
        plan = efimport.plan([tmp_path / "adresar.xml"], organization)
        assert "partner.address-incomplete" in {found.code for found in plan.findings}
        with (
            Client(organization, clock=clock, state_folder=tmp_path) as client,
            Journal(tmp_path / "journal.sqlite3", clock=clock) as journal,
        ):
            (outcome,) = deliver(plan, client, journal, quiet_time=0)
    assert outcome.state is State.REFUSED
    assert "#PrimaryAddress_city - This field is required" in (outcome.answer or "")
    assert "#PrimaryAddress_street - This field is required" in (outcome.answer or "")
