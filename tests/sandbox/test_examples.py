"""The example requests of the web service reference, sent as printed, where a copy of it lies beside the project.

Each is carried out or refused with a sentence of the service. Ours, which begin with EMU:, are said only where the
page has lost what the request needs, or where an example is against its own list of values.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from lxml import etree

from tests.api import printed
from tests.sandbox.conftest import Caller

REFERENCE = Path(__file__).parents[3] / "shared" / "api" / "reference"
PAGES = {
    "001-api-reference-cz.txt": ("CZ", 221),
    "002-sales-invoice-si.txt": ("SI", 13),
    "003-debit-note-hr.txt": ("HR", 13),
    "004-sales-invoice-cz.txt": ("CZ", 17),
}
OURS = {
    "GeneralLedgerJournalVoucherCreate": "has lost one of the two amounts of an entry",
    "PartnerUpdate": "has lost what is in its parameter",
    "PartnerImport": "has lost what is in its parameter",
    "ProductMassPriceCalculationUpdate": "has lost what is in its parameter",
    "ReceivedInvoiceCreate": "sends an inputVatTransactionType that its own table does not list",
}

LOGIN = {"username": "demo", "md5pass": hashlib.md5(b"DEMOdemo").hexdigest(), "token": "SANDBOX"}

pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="no copy of the reference beside the project")


@pytest.mark.parametrize("page", PAGES)
def test_every_example_request_is_answered_as_by_the_service(call: Caller, page: str) -> None:
    site, count = PAGES[page]
    examples = list(printed.requests((REFERENCE / page).read_text(encoding="utf-8")))
    assert len(examples) == count
    ours = set()
    for line, example in examples:
        example.find("login").attrib.update(LOGIN)
        reply = call.post(etree.tostring(example, encoding="utf-8"), path=f"/WebServices{site}/API")
        assert (reply.status, reply.headers["content-type"]) == (200, "text/xml"), line
        assert reply.ok == (reply.error is None), line
        if "EMU: " in (reply.error or ""):
            ours.add(example.find("method").get("name"))
    assert ours == (set(OURS) if page.startswith("001") else set())
