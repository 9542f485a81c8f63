"""Received documents that are created, and the inbox in full: from a file to what the service stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

import efimport
from efimport import testing
from efimport.api.client import Client
from efimport.delivery import deliver
from efimport.journal import Journal
from efimport.planning.model import State
from efimport.settings import InboxChoices, Organization, ReceivedBooking
from tests.acceptance import route_files as made
from tests.formats.isdoc.documents import build
from tests.formats.named.invoices import ubl

ISDOC = build().replace(b"12345679", b"@").replace(b"25596641", b"12345679").replace(b"@", b"25596641")
BOOKED = {"received_as": "create", "received": ReceivedBooking(account="518000", cost_centre="001")}
ACCOUNT = (
    "<inv:paymentAccount><typ:accountNo>1019382023</typ:accountNo><typ:bankCode>0800</typ:bankCode>"
    "</inv:paymentAccount>"
)


def received(kind: str) -> bytes:
    """A received document with the account of its supplier."""
    return made.pack(made.received(kind).replace("</inv:invoiceHeader>", f"{ACCOUNT}</inv:invoiceHeader>", 1))


Imported = Callable[..., tuple[list[tuple[str, State]], dict[str, Any]]]


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    """Imports files into a sandbox of its own; gives methods with states, and what the sandbox holds."""

    def run(
        files: dict[str, bytes], times: int = 1, faults: tuple[dict[str, str], ...] = (), **settings: Any
    ) -> tuple[list[tuple[str, State]], dict[str, Any]]:
        for name, content in files.items():
            (tmp_path / "in").mkdir(exist_ok=True)
            (tmp_path / "in" / name).write_bytes(content)
        clock = testing.FakeClock()
        with testing.sandbox("CZ", period=0) as (running, played):
            organization: Organization = msgspec.structs.replace(played, **settings)
            running.add_faults(*faults)
            done: list[tuple[str, State]] = []
            for _ in range(times):
                plan = efimport.plan([tmp_path / "in"], organization)
                with (
                    Journal(tmp_path / "journal.sqlite3", clock=clock) as journal,
                    Client(organization, clock=clock, state_folder=tmp_path) as client,
                ):
                    outcomes = list(deliver(plan, client, journal, quiet_time=0))
                done += [(one.call.call.method, one.state) for one in outcomes]
            return done, running.state()

    return run


ITEM = {
    "position": "1",
    "chartAccountNumber": "518000",
    "costPosition": "001",
    "description": "Práce",
    "inputVatTransactionType": "0",
    "isInputVatDeductible": "true",
    "vatDeductionPercentage": "100",
    "netAmount": "100",
    "vatPercentage": "21",
}
COMMON = {
    "businessYear": "2026",
    "costPosition": "001",
    "date": "2026-01-15",
    "number": "DOD-77",
    "paymentDueDate": "2026-01-29",
    "receivalDate": "2026-01-15",
    "methodOfPayment": "BankTransfer",
    "paymentBankAccountNumber": "1019382023/0800",
    "paymentReference": "2600001",
    "supplierCode": "OD-1",
}
AMOUNTS = {
    "amountWithVAT": "121",
    "paymentAmount": "121",
    "paymentCurrency": "CZK",
    "dateOfSupplyFrom": "2026-01-15",
    "isInsideTheScopeOfVat": "true",
}
PREPAID = {
    "prepaymentAmount": "121",
    "prepaymentCurrency": "CZK",
    "prepaymentDate": "2026-01-15",
    "isInsideTheScopeOfVat": "false",
}
OUTSIDE = {
    **{name: value for name, value in ITEM.items() if name != "vatDeductionPercentage"},
    "inputVatTransactionType": "21",
    "isInputVatDeductible": "false",
    "isInsideTheScopeOfVat": "false",
    "netAmount": "121",
    "vatPercentage": "0",
}


@pytest.mark.parametrize(
    ("kind", "stored", "elements", "item"),
    [
        ("receivedInvoice", "ReceivedInvoice", COMMON | AMOUNTS, ITEM),
        ("receivedCreditNotice", "ReceivedCreditNote", COMMON | AMOUNTS, ITEM),
        ("receivedAdvanceInvoice", "ReceivedAdvanceInvoice", COMMON | PREPAID, OUTSIDE),
    ],
)
def test_a_received_document_is_created_with_every_element_after_its_supplier(
    imported: Imported, kind: str, stored: str, elements: dict[str, str], item: dict[str, str]
) -> None:
    files = {"a.xml": received(kind), "adresar.xml": made.pack(made.PARTNER)}
    done, state = imported(files, **BOOKED)
    assert done == [("PartnerImport", State.ACCEPTED), (f"{stored}Create", State.ACCEPTED)]
    (document,) = state["documents"][stored]
    assert document["elements"] == {**elements, "Items": [item]}
    assert (document["total"], document["currency"], document["partner"]) == ("121", "CZK", "Odběratel a.s.")
    assert state["warnings"] == {}
    assert state["inbox"] == []


def test_a_received_isdoc_is_created_of_the_same_elements(imported: Imported) -> None:
    done, state = imported({"f.isdoc": ISDOC, "adresar.xml": made.pack(made.PARTNER)}, **BOOKED)
    assert done[1] == ("ReceivedInvoiceCreate", State.ACCEPTED)
    (document,) = state["documents"]["ReceivedInvoice"]
    assert document["number"] == "FV-2026-0001"
    assert set(document["elements"]) >= {*COMMON, *AMOUNTS} - {"supplierCode"}
    assert document["unknown_elements"] == []


def test_a_second_run_creates_nothing_again(imported: Imported) -> None:
    files = {"a.xml": received("receivedInvoice"), "adresar.xml": made.pack(made.PARTNER)}
    done, state = imported(files, times=2, **BOOKED)
    assert [outcome for _, outcome in done] == [State.ACCEPTED] * 2 + [State.SKIPPED] * 2
    assert state["documents"]["ReceivedInvoice"][0]["received"] == 1


@pytest.mark.parametrize(
    ("fault", "stored", "states"),
    [("close-after", 1, [State.ACCEPTED, State.SKIPPED]), ("close-before", 0, [State.HELD, State.HELD])],
)
def test_a_create_of_unknown_outcome_is_looked_up_and_never_sent_again(
    imported: Imported, fault: str, stored: int, states: list[State]
) -> None:
    files = {"a.xml": received("receivedInvoice"), "adresar.xml": made.pack(made.PARTNER)}
    lost = {"fault": fault, "method": "ReceivedInvoiceCreate"}
    done, state = imported(files, times=2, faults=(lost,), **BOOKED)
    assert [outcome for name, outcome in done if name == "ReceivedInvoiceCreate"] == states
    assert len(state["documents"]["ReceivedInvoice"]) == stored
    assert state["requests"]["by_method"]["ReceivedInvoiceCreate"] == 1
    assert state["requests"]["by_method"]["ReceivedInvoiceGet"] == 1


def test_a_supplier_that_the_books_do_not_know_is_the_answer_of_the_service(imported: Imported) -> None:
    done, state = imported({"a.xml": received("receivedInvoice")}, **BOOKED)
    assert done == [("ReceivedInvoiceCreate", State.REFUSED)]
    assert state["documents"]["ReceivedInvoice"] == []


def test_the_options_of_the_inbox_arrive(imported: Imported) -> None:
    choices = InboxChoices(all_organizations=True, automatically_import=True)
    done, state = imported({"f.isdoc": ISDOC, "f.pdf": made.pdf()}, inbox=choices)
    assert done == [("DocumentInboxImport", State.ACCEPTED)]
    (entry,) = state["inbox"]
    assert entry["asked"] == {
        "checkExisting": "true",
        "allOrganizations": "true",
        "automaticallyImportDocument": "true",
    }
    assert entry["sent_dates"] == ["2026-01-31 00:00:00"]
    assert entry["visualization_name"].startswith("f-")
    assert entry["visualization_sha256"] == hashlib.sha256(made.pdf()).hexdigest()
    assert entry["imported"] == "ReceivedInvoice 55:1"


def test_files_that_belong_together_arrive_as_one_entry_with_the_day_of_the_invoice(imported: Imported) -> None:
    invoice = ubl().encode()
    done, state = imported({"f.xml": invoice, "f.pdf": made.pdf(), "f.png": made.PICTURE})
    assert done == [("DocumentInboxAddEntry", State.ACCEPTED)]
    (entry,) = state["inbox"]
    assert entry["sha256"] == [hashlib.sha256(one).hexdigest() for one in (invoice, made.pdf(), made.PICTURE)]
    assert [name.rpartition(".")[2] for name in entry["file_names"]] == ["xml", "pdf", "png"]
    assert entry["sent_dates"] == ["2026-01-15 00:00:00"] * 3
    assert entry["form"] == "wrapped:Attachments/Attachment"
