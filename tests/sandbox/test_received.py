from __future__ import annotations

import pytest

from tests.sandbox.conftest import Caller, Reply, attribute, nested

SUPPLIER = "<partnerCode>S1</partnerCode><companyName>Dodavatel s.r.o.</companyName><companyType>Ltd</companyType>"
HEAD = {
    "paymentAmount": "121.00",
    "paymentCurrency": "CZK",
    "businessYear": "2024",
    "date": "2024-02-01",
    "number": "D-1",
    "paymentDueDate": "2024-02-15",
    "receivalDate": "2024-02-02",
    "dateOfSupplyFrom": "2024-02-01",
    "methodOfPayment": "BankTransfer",
    "paymentBankAccountNumber": "CZ0708000000001019382023",
    "paymentReference": "20240001",
    "supplierCode": "S1",
}
ITEM = {
    "chartAccountNumber": "518000",
    "description": "Služby",
    "inputVatTransactionType": "0",
    "netAmount": "100.00",
}


def elements(fields: dict[str, str]) -> str:
    return "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value)


def create(call: Caller, kind: str = "ReceivedInvoice", item: dict[str, str] | None = None, **changes: str) -> Reply:
    inner = elements(HEAD | changes) + f"<Items><Item>{elements(ITEM | (item or {}))}</Item></Items>"
    return call(f"{kind}Create", nested(kind, inner))


@pytest.fixture
def with_supplier(call: Caller) -> Caller:
    call("PartnerImport", nested("partner", SUPPLIER))
    return call


def test_a_received_invoice_is_created(with_supplier: Caller) -> None:
    assert create(with_supplier).text("number") == "D-1"
    document = with_supplier.state()["documents"]["ReceivedInvoice"][0]
    assert (document["partner"], document["total"], document["currency"]) == ("Dodavatel s.r.o.", "121.00", "CZK")
    assert (
        with_supplier("ReceivedInvoiceGet", attribute("number", "D-1")).text("ReceivedInvoice/paymentReference")
        == "20240001"
    )


ADVANCE = {"prepaymentAmount": "1.00", "prepaymentCurrency": "CZK", "prepaymentDate": "2024-02-01"}


@pytest.mark.parametrize(
    ("kind", "changes", "error"),
    [
        ("ReceivedInvoice", {}, "Received invoice for number: D-1 already exists!"),
        ("ReceivedCreditNote", {}, "Received credit note for number: D-1 already exists!"),
        ("ReceivedAdvanceInvoice", ADVANCE, "received advance invoice for number: D-1 already exists!"),
    ],
)
def test_documented_the_same_number_twice_is_refused(
    with_supplier: Caller, kind: str, changes: dict[str, str], error: str
) -> None:
    assert create(with_supplier, kind, **changes).ok
    assert create(with_supplier, kind, **changes).error == error
    assert [document["received"] for document in with_supplier.state()["documents"][kind]] == [2]


def test_assumed_another_supplier_may_use_the_same_number(with_supplier: Caller) -> None:
    with_supplier("PartnerImport", nested("partner", SUPPLIER.replace("S1", "S2")))
    create(with_supplier)
    assert create(with_supplier, supplierCode="S2").ok


def test_a_supplier_may_be_named_by_identifier(with_supplier: Caller) -> None:
    assert create(with_supplier, supplierCode="", supplierDocumentID="34:1").ok


def test_documented_the_number_must_be_there(with_supplier: Caller) -> None:
    assert create(with_supplier, number="").error == 'Parameter named "number" must be specified.'
    assert with_supplier("ReceivedInvoiceCreate").error == "Error creating received invoice"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"receivalDate": ""}, "receivalDate"),
        ({"paymentReference": ""}, "paymentReference"),
        ({"methodOfPayment": "Other"}, "supplierBookingAccountNumber"),
    ],
)
def test_documented_mandatory_properties_are_named(with_supplier: Caller, changes: dict[str, str], name: str) -> None:
    assert create(with_supplier, **changes).error == f"Error nr: 1 #{name} - Entry is mandatory; \r\n"


@pytest.mark.parametrize(
    ("item", "error"),
    [
        ({"inputVatTransactionType": "1"}, "Item1_inputVatTransactionType - EMU: not one of the values of this site"),
        ({"netAmount": ""}, "Item1_netAmount - Entry is mandatory"),
        ({"netAmount": "", "productCode": "A"}, "Item1_quantity - Entry is mandatory"),
        ({"isInputVatDeductible": "true"}, "Item1_vatDeductionPercentage - Entry is mandatory"),
        ({"netAmount": "100,00"}, "Item1_netAmount - EMU: not a decimal number with a dot"),
    ],
)
def test_items_are_checked(with_supplier: Caller, item: dict[str, str], error: str) -> None:
    assert create(with_supplier, item=item).error == f"Error nr: 1 #{error}; \r\n"


def test_assumed_the_supplier_must_exist(call: Caller) -> None:
    assert create(call).error == "Error nr: 1 #supplierCode - Can not find supplier for code:; \r\n"


def test_documented_options_that_exclude_each_other(with_supplier: Caller) -> None:
    reply = create(with_supplier, isInsideTheScopeOfVat="true", isReverseChargeVatDocument="true")
    assert reply.error == "Error nr: 1 #isReverseChargeVatDocument - EMU: the two options exclude each other; \r\n"
