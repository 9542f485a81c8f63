"""What the service shows under a number, held against what was sent."""

from __future__ import annotations

import base64

import efimport_delivery_kit as kit
import pytest

from efimport.api.answers import parse
from efimport.api.call import Attribute, Base64Text, Call, Element, Nested, Parameter
from efimport.api.request import prepare
from efimport.delivery import deliver, facts
from efimport.delivery.comparing import Verdict, compare, not_compared
from efimport.planning.model import State
from tests.acceptance.route_files import ORDER, PARTNER, invoice, pack, stock

LINES = (("2", "100"), ("1", "50.5"))


def elements(number="d1", *, date="2026-01-15", name="Odběratel a.s.", tax="CZ25596641", currency="CZK", lines=LINES):
    """A sales invoice in the internal format."""
    items = tuple(
        Element("Item", children=(Element("netPrice", price), Element("quantity", quantity)))
        for quantity, price in lines
    )
    return (
        Element("number", number),
        Element("date", date),
        Element("buyerName", name),
        *((Element("buyerTaxNumber", tax),) if tax else ()),
        Element("documentCurrency", currency),
        Element("Items", children=items),
    )


def sent(children) -> facts.Facts:
    call = Call(
        "SalesInvoiceImport",
        (Parameter("importType", Attribute("createOnly")), Parameter("SalesInvoice", Nested(children))),
    )
    return facts.of_request(prepare(call, "CZ").body)


def shown(children, kind: str = "SalesInvoice"):
    def written(element: Element) -> str:
        inside = "".join(map(written, element.children)) if element.children else element.value
        return f"<{element.name}>{inside}</{element.name}>"

    return answer(f"<{kind}>{''.join(map(written, children))}</{kind}>")


def answer(inside: str, status: str = "ok"):
    return parse(f'<response status="{status}">{inside}</response>'.encode())


def refusal(text: str):
    return answer(f'<error description="{text}"/>', "error")


def held_against(ours, theirs):
    return compare(sent(ours), theirs, "SalesInvoiceGet", "d1")


def test_the_same_document_is_equal_and_the_facts_are_named():
    comparison = held_against(elements(), shown(elements()))
    assert comparison.verdict is Verdict.EQUAL
    assert comparison.said == (
        "SalesInvoiceGet shows the same: number, date, tax number, partner, currency, number of lines, quantities, "
        "prices."
    )


@pytest.mark.parametrize(
    "change",
    [
        {"date": "2026-01-15 00:00:00"},
        {"tax": "25596641"},
        {"tax": "CZ 2559 6641"},
        {"name": "Another name in the service's own book of partners"},
        {"lines": (("2.000000", "100.00000"), ("1.000000", "50.50000"))},
        {"lines": (("1", "50.5"), ("2", "100"))},
    ],
)
def test_what_the_service_writes_in_its_own_way_is_no_difference(change):
    assert held_against(elements(), shown(elements(**change))).verdict is Verdict.EQUAL


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"date": "2026-02-15"}, "date: sent 2026-01-15, there 2026-02-15"),
        ({"tax": "CZ12345679"}, "tax number: sent 25596641, there 12345679"),
        ({"currency": "EUR"}, "currency: sent CZK, there EUR"),
        ({"lines": (("2", "100"),)}, "number of lines: sent 2, there 1"),
        ({"lines": (("3", "100"), ("1", "50.5"))}, "quantities: sent 1, 2, there 1, 3"),
        ({"lines": (("2", "100"), ("1", "50.9"))}, "prices: sent 50.5, 100, there 50.9, 100"),
        ({"number": "d2"}, "number: sent d1, there d2"),
    ],
)
def test_what_really_differs_is_named_with_both_values(change, said):
    comparison = held_against(elements(), shown(elements(**change)))
    assert comparison.verdict is Verdict.DIFFERENT
    assert said in comparison.said


def test_another_name_is_a_difference_where_no_number_tells_the_partner():
    theirs = shown(elements(tax="", name="Somebody else"))
    assert held_against(elements(tax=""), theirs).verdict is Verdict.DIFFERENT
    assert held_against(elements(tax=""), shown(elements(tax="", name="ODBĚRATEL, a. s."))).verdict is Verdict.EQUAL


@pytest.mark.parametrize(
    ("theirs", "verdict"),
    [
        (refusal("document could not be found"), Verdict.ABSENT),
        (answer(""), Verdict.ABSENT),
        (answer("<SalesInvoices/>"), Verdict.ABSENT),
        (refusal("Access denied. User account does not have sufficient privileges for the given request"),
         Verdict.UNCLEAR),
        (refusal("The moon is in the wrong house."), Verdict.UNCLEAR),
        (answer("<SalesInvoice><number>d1</number></SalesInvoice>"), Verdict.UNCLEAR),
    ],
)  # fmt: skip
def test_an_answer_without_a_document_is_not_taken_for_one(theirs, verdict):
    assert held_against(elements(), theirs).verdict is verdict


def test_number_currency_and_the_number_of_lines_are_too_little():
    lines = (("3", "7"), ("4", "8"))
    theirs = [one for one in elements(lines=lines) if one.name in ("number", "documentCurrency")]
    assert held_against(elements(), shown(theirs)).verdict is Verdict.UNCLEAR
    theirs.append(Element("Items", children=tuple(Element("Item", children=(Element("unit", "ks"),)) for _ in lines)))
    assert held_against(elements(), shown(theirs)).verdict is Verdict.UNCLEAR


def test_of_several_documents_under_a_number_the_one_that_was_sent_counts():
    one, other = (shown(elements(date=day)).raw for day in ("2025-01-15", "2026-01-15"))
    inside = b"".join(raw.partition(b">")[2].rpartition(b"<")[0] for raw in (one, other)).decode()
    assert held_against(elements(), answer(f"<SalesInvoices>{inside}</SalesInvoices>")).verdict is Verdict.EQUAL


def test_what_was_sent_and_is_lost_cannot_be_compared():
    assert compare(None, shown(elements()), "SalesInvoiceGet", "d1").verdict is Verdict.UNCLEAR


def packed(content: str) -> facts.Facts:
    call = Call(
        "SalesInvoiceImport",
        (
            Parameter("importType", Attribute("createOnly")),
            Parameter("dataFormat", Attribute("POHODA")),
            Parameter("base64data", Base64Text(pack(content))),
        ),
    )
    return facts.of_request(prepare(call, "CZ").body)


def test_a_pack_of_pohoda_is_read_as_the_file_was():
    read = packed(invoice("issuedInvoice"))
    assert read["number"] == {"2600001"}
    assert read["date"] == {"2026-01-15"}
    assert read["tax number"] == {"25596641"}
    assert {str(total) for total in read["total"]} == {"121"}


@pytest.mark.parametrize(("total", "verdict"), [("121.00", Verdict.EQUAL), ("-121.40", Verdict.EQUAL),
                                                ("121.60", Verdict.DIFFERENT)])  # fmt: skip
def test_the_total_of_a_pack_is_compared_by_value(total, verdict):
    theirs = answer(
        "<SalesInvoice><number>2600001</number><date>2026-01-15</date><buyerName>Odběratel a.s.</buyerName>"
        f"<totalAmount>{total}</totalAmount><totalCurrency>CZK</totalCurrency></SalesInvoice>"
    )
    assert compare(packed(invoice("issuedInvoice")), theirs, "SalesInvoiceGet", "2600001").verdict is verdict


@pytest.mark.parametrize("content", [PARTNER, stock("X"), ORDER + ORDER])
def test_a_pack_of_something_else_or_of_several_is_not_compared(content):
    assert packed(content) is None


@pytest.mark.parametrize("body", [b"", b"no xml", b"<request/>", b"<request><method name='X'/></request>"])
def test_a_body_without_a_document_says_nothing(body):
    assert facts.of_request(body) is None


def test_a_pack_that_is_no_base64_says_nothing():
    inside = f"<parameter name='base64data'>{base64.b64encode(b'no pack').decode()}</parameter>"
    assert facts.of_request(f"<request><method>{inside}</method></request>".encode()) is None


# In a run


def invoiced(name: str, **more) -> object:
    call = Call(
        "SalesInvoiceImport",
        (Parameter("importType", Attribute("createOnly")), Parameter("SalesInvoice", Nested(elements(name, **more)))),
    )
    return kit.msgspec_replace(kit.call(name, kit.SAFE), call=call, digest=prepare(call, "CZ").digest)


def test_a_document_that_had_arrived_is_accepted_with_what_was_compared(books, client, journal, once):
    books.fault = once(d1="silent")
    (outcome,) = deliver(kit.plan([invoiced("d1")]), client, journal)
    assert outcome.state is State.ACCEPTED
    assert "SalesInvoiceGet shows the same: number, date" in outcome.reason
    assert [method for method, _ in books.requests] == ["SalesInvoiceImport", "SalesInvoiceImport", "SalesInvoiceGet"]


def test_another_document_under_the_number_is_held_with_the_differences(books, client, journal, once):
    books.there["d1"] = 1
    books.content["d1"] = prepare(invoiced("d1", date="2026-03-01").call, "CZ").body.decode()
    books.fault = once(d1="lose")
    delivery = deliver(kit.plan([invoiced("d1")]), client, journal)
    (outcome,) = delivery
    assert outcome.state is State.HELD
    assert "date: sent 2026-01-15, there 2026-03-01" in outcome.reason
    assert delivery.exit_status == 3


def test_another_document_that_had_the_number_before_is_told_and_not_passed_over(books, client, journal):
    books.there["d1"] = 1
    books.content["d1"] = prepare(invoiced("d1", date="2025-01-15").call, "CZ").body.decode()
    delivery = deliver(kit.plan([invoiced("d1")]), client, journal)
    (outcome,) = delivery
    assert outcome.state is State.REFUSED
    assert "another document of the same number. SalesInvoiceGet shows: date: sent 2026-01-15" in outcome.reason
    assert delivery.exit_status == 1


def test_where_the_comparison_cannot_be_made_the_number_is_the_evidence_and_that_is_said(books, client, journal, once):
    books.fault = once(d1="silent", lookup="mixed mixed")
    (outcome,) = deliver(kit.plan([invoiced("d1")]), client, journal)
    assert outcome.state is State.ACCEPTED
    assert "Its number is the only evidence. SalesInvoiceGet answers: The moon" in outcome.reason


def test_a_comparison_can_be_left_out(books, client, journal, once):
    books.fault = once(d1="silent")
    (outcome,) = deliver(kit.plan([invoiced("d1")]), client, journal, confirm=not_compared)
    assert outcome.state is State.ACCEPTED
    assert all(method == "SalesInvoiceImport" for method, _ in books.requests)


def created(name: str) -> object:
    inside = (Element("number", name), Element("date", "2026-01-15"), Element("supplierCode", "0042"),
              Element("paymentAmount", "121"), Element("paymentCurrency", "CZK"))  # fmt: skip
    call = Call("ReceivedInvoiceCreate", (Parameter("ReceivedInvoice", Nested(inside)),))
    return kit.msgspec_replace(kit.call(name, kit.BLIND), call=call, digest=prepare(call, "CZ").digest)


@pytest.mark.parametrize(
    ("fault", "change", "state", "said"),
    [
        (
            "silent",
            None,
            State.ACCEPTED,
            "It had arrived. ReceivedInvoiceGet shows the same: number, date, partner code",
        ),
        ("lose", None, State.HELD, "It seems not to have arrived. ReceivedInvoiceGet shows nothing under d1."),
        ("silent", ("121", "99"), State.HELD, "total: sent 121, there 99"),
    ],
)
def test_what_is_created_is_looked_up_after_the_quiet_time_and_never_sent_again(
    books, client, journal, once, fault, change, state, said
):
    books.fault = once(d1=fault)
    if change:
        books.hook = lambda method, name: books.content.update(
            {name: books.content.get(name, "").replace(f"Amount>{change[0]}<", f"Amount>{change[1]}<")}
        )
    plan = kit.plan([created("d1")])
    (outcome,) = deliver(plan, client, journal)
    assert (outcome.state, said in outcome.reason) == (state, True), outcome.reason
    assert [method for method, _ in books.requests] == ["ReceivedInvoiceCreate", "ReceivedInvoiceGet"]
    assert 115 < journal.clock.ahead < 125


def test_what_cannot_be_looked_up_now_stays_unknown_and_is_looked_up_by_the_next_run(books, client, journal, once):
    books.fault = once(d1="silent", lookup="silent silent silent")
    plan = kit.plan([created("d1")])
    assert [outcome.state for outcome in deliver(plan, client, journal)] == [State.UNKNOWN]
    assert [outcome.state for outcome in deliver(plan, client, journal)] == [State.ACCEPTED]
    assert books.there["d1"] == 1
