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


def test_documented_the_example_s_comma_in_the_deductible_percentage_is_taken(with_supplier: Caller) -> None:
    deductible = {"isInputVatDeductible": "true", "vatDeductionPercentage": "100,00"}
    assert create(with_supplier, item=deductible).ok


@pytest.mark.parametrize("kind", ["ReceivedInvoice", "ReceivedCreditNote", "ReceivedAdvanceInvoice"])
def test_an_update_of_nothing_names_no_number(call: Caller, kind: str) -> None:
    assert call(f"{kind}Update").error == 'Parameter named "number" is required'


def test_assumed_the_supplier_must_exist(call: Caller) -> None:
    assert create(call).error == "Error nr: 1 #supplierCode - Can not find supplier for code:; \r\n"


def test_documented_options_that_exclude_each_other(with_supplier: Caller) -> None:
    reply = create(with_supplier, isInsideTheScopeOfVat="true", isReverseChargeVatDocument="true")
    assert reply.error == "Error nr: 1 #isReverseChargeVatDocument - EMU: the two options exclude each other; \r\n"


def stored(call: Caller, kind: str = "ReceivedInvoice") -> list[dict]:
    return call.state()["documents"][kind]


def test_every_element_and_item_is_kept_as_it_was_sent(with_supplier: Caller) -> None:
    create(with_supplier)
    (document,) = stored(with_supplier)
    assert document["elements"] == {**HEAD, "Items": [ITEM]}
    assert document["internal_number"] == "2024-00001"


def test_internal_numbers_are_counted_by_business_year(with_supplier: Caller) -> None:
    for number, year in [("1", "2024"), ("2", "2024"), ("3", "2025")]:
        assert create(with_supplier, number=number, businessYear=year).ok
    assert [one["internal_number"] for one in stored(with_supplier)] == ["2024-00001", "2024-00002", "2025-00001"]


@pytest.mark.parametrize(
    ("changes", "item", "error"),
    [
        ({"businessYear": "dva"}, {}, "businessYear - EMU: not a whole number"),
        ({"isInsideTheScopeOfVat": "ano"}, {}, "isInsideTheScopeOfVat - EMU: neither true nor false"),
        ({"paymentCurrency": "Kč"}, {}, "paymentCurrency - EMU: not a currency code of three letters"),
        ({"methodOfPayment": "Postal"}, {}, "methodOfPayment - EMU: not one of the values of this site"),
        ({}, {"position": "1."}, "Item1_position - EMU: not a whole number"),
        ({}, {"isInputVatDeductible": "x"}, "Item1_isInputVatDeductible - EMU: neither true nor false"),
    ],
)
def test_values_are_checked(with_supplier: Caller, changes: dict[str, str], item: dict[str, str], error: str) -> None:
    assert create(with_supplier, item=item, **changes).error == f"Error nr: 1 #{error}; \r\n"


def test_documented_an_item_that_is_deductible_and_in_the_scope_is_taken_with_a_warning(with_supplier: Caller) -> None:
    both = {"isInputVatDeductible": "true", "vatDeductionPercentage": "100", "isInsideTheScopeOfVat": "true"}
    assert create(with_supplier, item=both).ok
    assert any("on one item" in warning for warning in with_supplier.state()["warnings"])


@pytest.mark.parametrize(("kind", "label"), [
    ("ReceivedInvoice", "received invoice"),
    ("ReceivedCreditNote", "received credit note"),
    ("ReceivedAdvanceInvoice", "received advance invoice"),
])  # fmt: skip
def test_documented_what_is_not_there_is_not_found(with_supplier: Caller, kind: str, label: str) -> None:
    assert with_supplier(f"{kind}Get", attribute("number", "X")).error == f"Cannot find {label} for number: X"
    assert with_supplier(f"{kind}Delete", attribute("number", "X")).error == f"Can not find {label} for number: X"
    inner = elements(HEAD | ADVANCE | {"number": "X"}) + f"<Items><Item>{elements(ITEM)}</Item></Items>"
    assert with_supplier(f"{kind}Update", nested(kind, inner)).error == f"Can not find {label} for number: X"
    assert with_supplier(f"{kind}Get").error == 'Parameter named "number" is required'


def test_a_document_is_found_by_supplier_and_internal_number(with_supplier: Caller) -> None:
    with_supplier("PartnerImport", nested("partner", SUPPLIER.replace("S1", "S2").replace("Dodavatel", "Jiný")))
    create(with_supplier)
    create(with_supplier, supplierCode="S2")
    number = attribute("number", "D-1")
    assert with_supplier("ReceivedInvoiceGet", number).error == "EMU: more than one document"
    for other, found in [
        (attribute("supplier", "Jiný"), "2024-00002"),
        (attribute("internalNumber", "2024-00001"), "2024-00001"),
    ]:
        assert with_supplier("ReceivedInvoiceGet", number, other).text("ReceivedInvoice/internalNumber") == found


def test_documented_of_several_none_is_deleted(with_supplier: Caller) -> None:
    with_supplier("PartnerImport", nested("partner", SUPPLIER.replace("S1", "S2")))
    create(with_supplier)
    create(with_supplier, supplierCode="S2")
    reply = with_supplier("ReceivedInvoiceDelete", attribute("number", "D-1"))
    assert reply.error == "Can not delete. Found 2 received invoice with number D-1"
    assert len(stored(with_supplier)) == 2


def test_a_deleted_document_is_gone_and_its_number_free(with_supplier: Caller) -> None:
    create(with_supplier)
    assert with_supplier("ReceivedInvoiceDelete", attribute("number", "D-1")).ok
    assert stored(with_supplier) == []
    assert create(with_supplier).ok


def update(call: Caller, **changes: str) -> Reply:
    inner = elements(HEAD | changes) + f"<Items><Item>{elements(ITEM)}</Item></Items>"
    return call("ReceivedInvoiceUpdate", nested("ReceivedInvoice", inner))


def test_assumed_an_update_replaces_what_is_sent_and_keeps_the_rest(with_supplier: Caller) -> None:
    create(with_supplier, costPosition="001")
    assert update(with_supplier, paymentAmount="130.00").ok
    (document,) = stored(with_supplier)
    assert (document["total"], document["written"]) == ("130.00", 2)
    assert document["elements"]["costPosition"] == "001"
    assert document["elements"]["Items"] == [ITEM]


def test_documented_an_update_needs_the_mandatory_elements_again(with_supplier: Caller) -> None:
    create(with_supplier)
    assert update(with_supplier, receivalDate="").error == "Error nr: 1 #receivalDate - Entry is mandatory; \r\n"


def pay(call: Caller, **changes: str) -> Reply:
    record = {"number": "D-1", "paymentDate": "2024-02-10", "paymentAmount": "50", "paymentMethodForInvoice": "Cash"}
    named = (attribute(name, value) for name, value in (record | changes).items() if value)
    return call("ReceivedInvoicePaymentRecordAdd", *named)


def test_a_payment_record_is_added_each_time(with_supplier: Caller) -> None:
    create(with_supplier)
    assert pay(with_supplier).ok
    assert pay(with_supplier).ok
    assert [one["paymentAmount"] for one in stored(with_supplier)[0]["payments"]] == ["50", "50"]
    found = with_supplier("ReceivedInvoiceGet", attribute("number", "D-1"))
    assert found.text("ReceivedInvoice/PaymentRecords/PaymentRecord/paymentMethodForInvoice") == "Cash"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"paymentMethodForInvoice": "Test"}, "Payment method Test is not supported"),
        ({"paymentMethodForInvoice": "DirectDebit"}, "Payment method DirectDebit is not supported"),
        ({"paymentAmount": ""}, "Parameter named <paymentAmount> is required."),
        ({"number": "X"}, "Can not find received invoice for number: X"),
    ],
)
def test_documented_a_wrong_payment_record_is_refused(
    with_supplier: Caller, changes: dict[str, str], error: str
) -> None:
    create(with_supplier)
    assert pay(with_supplier, **changes).error == error
    assert stored(with_supplier)[0]["payments"] == []


def test_received_invoices_are_listed_by_their_own_criteria(with_supplier: Caller) -> None:
    create(with_supplier)
    create(with_supplier, number="D-2", paymentAmount="5.00", paymentDueDate="2024-03-01")
    for criteria, found in [
        ([attribute("paymentDueDateFrom", "2024-02-20")], ["D-2"]),
        ([attribute("paymentAmount", "121.00")], ["D-1"]),
        ([attribute("internalNumber", "2024-00002")], ["D-2"]),
        ([attribute("supplier", "S1"), attribute("paymentCurrency", "EUR")], []),
    ]:
        reply = with_supplier("ReceivedInvoiceList", *criteria)
        assert [node.text for node in reply.root.iter("number")] == found


def test_another_site_has_none_of_it(call: Caller) -> None:
    for method in ("ReceivedInvoiceCreate", "ReceivedInvoiceUpdate", "ReceivedInvoicePaymentRecordAdd"):
        assert "not offered" in call(method, path="/WebServicesSI/API").error
