"""A folder with everything goes in the order in which the books need it, whatever the files are called."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

import efimport
from efimport.settings import Organization, ReceivedBooking
from tests.acceptance import route_files as made
from tests.acceptance.made import statement
from tests.formats.isdoc.documents import build

ACME = Organization(
    name="acme",
    registration_number="12345679",
    vat_id="CZ12345679",
    bank_accounts=("CZ2503000000000210468007",),
)
OURS, THEIRS = b"12345679", b"25596641"
RECEIVED = build().replace(OURS, b"@").replace(THEIRS, OURS).replace(b"@", THEIRS)

EVERYTHING = {
    "address book": made.pack(made.PARTNER),
    "stock": made.stocks(made.stock("A10"), made.stock("A9"), made.stock("B", "<stk:EAN>8590000000013</stk:EAN>")),
    "orders": made.pack(made.ORDER),
    "advance invoices": made.pack(made.invoice("issuedAdvanceInvoice", number="Z10")),
    "invoices": made.stocks(made.invoice("issuedInvoice", number="10"), made.invoice("issuedInvoice", number="9")),
    "credit notes": made.pack(made.invoice("issuedCreditNotice", number="1")),
    "e-invoice": RECEIVED,
    "statement": statement(5000),
    "contract": made.pdf(),
}
ENDINGS = {"e-invoice": "isdoc", "statement": "gpc", "contract": "pdf"}
WANTED = [
    ("PartnerImport", "OD-1"),
    ("ProductMassImport", "A9 – A10"),
    ("ProductImport", "B"),
    ("SalesOrderImport", "OBJ26001"),
    ("AdvanceInvoiceImport", "Z10"),
    ("SalesInvoiceImport", "9"),
    ("SalesInvoiceImport", "10"),
    ("CreditNoteImport", "1"),
]


def planned(folder: Path, seed: int, organization: Organization) -> list[tuple[str, str | None]]:
    names = list(EVERYTHING)
    random.Random(seed).shuffle(names)
    for place, name in enumerate(names):
        (folder / f"{place}.{ENDINGS.get(name, 'xml')}").write_bytes(EVERYTHING[name])
    plan = efimport.plan([folder], organization)
    assert not [found for found in plan.findings if found.is_error]
    return [(call.call.method, call.number) for call in plan.calls]


@pytest.mark.parametrize("seed", range(5))
def test_everything_goes_in_its_order(tmp_path: Path, seed: int) -> None:
    calls = planned(tmp_path, seed, ACME)
    assert calls[: len(WANTED)] == WANTED
    assert [method for method, _ in calls[len(WANTED) :]] == [
        "DocumentInboxImport",
        "DocumentInboxAddEntry",
        "BankStatementImport",
    ]


@pytest.mark.parametrize("seed", range(3))
def test_created_received_documents_come_between_what_is_issued_and_the_inbox(tmp_path: Path, seed: int) -> None:
    booking = ReceivedBooking(account="518000", supplier_codes={"25596641": "OD-1"})
    organization = msgspec.structs.replace(ACME, received_as="create", received=booking)
    calls = planned(tmp_path, seed, organization)
    assert calls[: len(WANTED)] == WANTED
    assert [method for method, _ in calls[len(WANTED) :]] == [
        "ReceivedInvoiceCreate",
        "DocumentInboxAddEntry",
        "BankStatementImport",
    ]
