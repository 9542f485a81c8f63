"""A price list that comes again and again: only what is new goes, whatever happens in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

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
