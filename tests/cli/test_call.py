from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import etree

from efimport.sandbox.server import RunningSandbox

REMOTE = '[organizations.firm]\ntoken = "TOKEN"\nusers = [{ username = "clerk", password = "password" }]\n'


def test_a_request_is_shown_without_settings_and_without_a_login(clerk: Any) -> None:
    done = clerk.run("call", "SalesInvoiceGet", "number=260001", "--show")
    assert done.status == 0
    request = etree.fromstring(done.out.encode())
    assert request.find("method").get("name") == "SalesInvoiceGet"
    assert 'token="***"' in done.out


def test_an_answer_is_printed_as_it_came(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.invoice()
    clerk.run("import", "invoice.xml", "--yes")
    done = clerk.run("call", "SalesInvoiceGet", "number=260000001")
    assert done.status == 0
    assert etree.fromstring(done.out.encode()).get("status") == "ok"
    assert "260000001" in done.out


def test_an_answer_can_be_had_as_json(clerk: Any, sandbox: RunningSandbox) -> None:
    done = clerk.run("call", "DocumentInboxList", "dateFrom=2026-01-01", "dateTo=2026-12-31", "--json")
    assert json.loads(done.out)["status"] == "ok"


def test_a_refusal_gives_status_1_and_the_words_of_the_service(clerk: Any, sandbox: RunningSandbox) -> None:
    done = clerk.run("call", "SalesInvoiceGet", "number=1", "--json")
    assert done.status == 1
    answer = json.loads(done.out)
    assert answer["status"] == "error"
    assert answer["descriptions"]


def test_a_structure_comes_from_a_file(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.write("partner.xml", "<Partner><partnerCode>007</partnerCode><name>Pekárna</name></Partner>")
    done = clerk.run("call", "PartnerImport", "partner=@partner.xml", "--show")
    assert done.status == 0
    code = etree.fromstring(done.out.encode()).find(".//partnerCode")
    assert code.text == "007"


def test_bytes_come_from_a_file(clerk: Any) -> None:
    clerk.statement()
    done = clerk.run(
        *("call", "BankStatementImport", "IBAN=CZ2503000000000210468007", "type=AboGpc"),
        *("statementData=@statement.gpc", "--show"),
    )
    assert done.status == 0
    assert "MDc0MDAwMDAwMDIxMDQ2ODAwN" in done.out


WRONG = {
    ("NoSuchMethod",): "There is no method named NoSuchMethod",
    ("SalesInvoiceGett",): "Did you mean SalesInvoiceGet",
    ("SalesInvoiceGet", "nummer=1"): "has no parameter named nummer",
    ("SalesInvoiceGet", "number"): "not of the form NAME=VALUE",
    ("SalesInvoiceGet", "number=@nowhere"): "nowhere cannot be read",
    ("PartnerImport", "partner=@broken.xml"): "broken.xml is not well-formed XML",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_a_call_that_makes_no_sense_is_told_and_not_sent(
    clerk: Any, sandbox: RunningSandbox, arguments: tuple[str, ...]
) -> None:
    clerk.write("broken.xml", "<a><b></a>")
    done = clerk.run("call", *arguments)
    assert done.status == 2
    assert WRONG[arguments] in done.err
    assert sandbox.state()["requests"]["total"] == 0


def test_without_settings_the_remedy_is_named(clerk: Any) -> None:
    done = clerk.run("call", "SalesInvoiceGet", "number=1")
    assert done.status == 2
    assert "efimport config init" in done.err


def test_a_call_that_changes_data_is_not_sent_unasked(clerk: Any) -> None:
    clerk.write("efimport.toml", REMOTE)
    done = clerk.run("call", "SalesInvoiceDelete", "number=1", stdin="y\n")
    assert done.status == 2
    assert "standard input is no terminal" in done.err


def test_on_a_terminal_it_is_asked_first(clerk: Any, terminal: Any) -> None:
    clerk.write("efimport.toml", REMOTE)
    screen = terminal("call", "SalesInvoiceDelete", "number=1")
    screen.wait_for("This call changes data. Send it? [y/N]")
    screen.type("n\n")
    assert screen.end() == 1


def test_an_unknown_outcome_of_a_change_needs_a_person(clerk: Any, sandbox: RunningSandbox) -> None:
    sandbox.add_faults({"fault": "close-after"}, {"fault": "close-after"})
    changing = clerk.run("call", "SalesInvoiceDelete", "number=1")
    assert changing.status == 3
    assert "Look in the service whether it arrived" in changing.err
    reading = clerk.run("call", "SalesInvoiceGet", "number=1")
    assert reading.status == 1
    assert "Look in the service" not in reading.err


PARTNER = """<Partner><partnerCode>007</partnerCode><companyType>Ltd</companyType>
<companyName>Pekárna s.r.o.</companyName></Partner>"""


def test_a_call_with_a_name_in_the_journal_is_sent_once(clerk: Any, sandbox: RunningSandbox) -> None:
    clerk.write("partner.xml", PARTNER)
    create = ("call", "PartnerCreate", "partner=@partner.xml", "--journal-as", "the bakery")
    first, second = clerk.run(*create), clerk.run(*create)
    assert first.err == ""
    assert (first.status, first.out.split()[0]) == (0, "accepted")
    assert (second.status, second.out.split()[0]) == (0, "skipped")
    assert sandbox.state()["requests"]["by_method"]["PartnerCreate"] == 1
    assert "PartnerCreate" in clerk.run("journal", "list", "--json").out


def test_a_call_with_a_name_in_the_journal_whose_answer_is_lost_waits_for_a_person(
    clerk: Any, sandbox: RunningSandbox
) -> None:
    clerk.write("partner.xml", PARTNER)
    sandbox.add_faults({"fault": "close-before", "method": "PartnerCreate"})
    done = clerk.run("call", "PartnerCreate", "partner=@partner.xml", "--journal-as", "the bakery")
    assert (done.status, done.out.split()[0]) == (3, "held")
    assert "--not-arrived" in done.err
