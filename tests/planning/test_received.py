"""Received documents in a plan: what may be repeated, in which order, and what is the same."""

from __future__ import annotations

import msgspec
import pytest

from efimport.planning.model import Repeat
from efimport.settings import InboxChoices, ReceivedBooking

CREATED = {"received_as": "create", "received": ReceivedBooking(account="518000")}
ACCOUNT = (
    b"<inv:paymentAccount><typ:accountNo>1019382023</typ:accountNo><typ:bankCode>0800</typ:bankCode>"
    b"</inv:paymentAccount>"
)


@pytest.fixture
def received(files):
    """A POHODA pack of received documents of a supplier, complete."""

    def made(*numbers, **fields):
        pack = files.pack(*numbers, kind="receivedInvoice", **fields)
        supplier = b"<typ:company>Odb\xc4\x9bratel a.s.</typ:company><typ:ico>25596641</typ:ico>"
        pack = pack.replace(b"<typ:company>Odb\xc4\x9bratel a.s.</typ:company>", supplier)
        return pack.replace(b"</inv:invoiceHeader>", ACCOUNT + b"</inv:invoiceHeader>")

    return made


@pytest.fixture
def creating(files):
    return msgspec.structs.replace(files.ACME, **CREATED)


def test_a_created_document_is_blind_and_the_plan_says_so(files, received, creating):
    plan = files.plan({"a.xml": received("1")}, creating)
    (call,) = plan.calls
    assert (call.call.method, call.repeat) == ("ReceivedInvoiceCreate", Repeat.BLIND)
    assert call.effects == ("effect.books-received",)
    assert call.key == "1|acme|ReceivedInvoiceCreate|25596641 1"


@pytest.mark.parametrize(("check_existing", "repeat"), [(True, Repeat.CHECKABLE), (False, Repeat.BLIND)])
def test_an_entry_of_the_inbox_is_blind_without_its_check(files, received, check_existing, repeat):
    organization = msgspec.structs.replace(files.ACME, inbox=InboxChoices(check_existing=check_existing))
    plan = files.plan({"a.xml": received("1"), "b.pdf": files.pdf()}, organization)
    assert [call.repeat for call in plan.calls] == [repeat, repeat]


def test_what_is_created_is_sent_before_the_inbox(files, received, creating):
    plan = files.plan({"1.pdf": files.pdf(), "2.xml": received("1"), "3.gpc": files.gpc()}, creating)
    assert [call.call.method for call in plan.calls] == [
        "ReceivedInvoiceCreate", "DocumentInboxAddEntry", "BankStatementImport",
    ]  # fmt: skip


def test_a_document_in_two_exports_is_created_once(files, received, creating):
    plan = files.plan({"a.xml": received("1"), "b.xml": received("1", "2")}, creating)
    assert [call.number for call in plan.calls] == ["1", "2"]


def test_one_number_of_one_supplier_with_two_contents_is_not_created(files, received, creating):
    plan = files.plan({"a.xml": received("1"), "b.xml": received("1", day="2026-01-16")}, creating)
    assert plan.calls == ()
    assert [found.code for found in plan.findings if found.is_error] == ["invoice.duplicate-number"] * 2
