"""The criteria of the List methods of documents."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Caller, nested
from tests.sandbox.documents_kit import Firm, sample

PAYMENT = {"paymentDate": "2024-03-09", "paymentAmount": "43.21", "paymentMethodForInvoice": "Cash"}
PRODUCT_LINE = {"description": "", "netPrice": "", "productCode": "P1"}


CRITERIA = {
    "buyer": ("SalesInvoice", {"buyerName": "Jiný"}, {}, {"buyer": "jin"}),
    "article by code": ("SalesInvoice", {}, PRODUCT_LINE, {"article": "P1"}),
    "article by name": ("SalesInvoice", {}, PRODUCT_LINE, {"article": "výrobek"}),
    "total": ("SalesInvoice", {}, {"quantity": "4"}, {"totalAmount": "486.42", "totalCurrency": "CZK"}),
    "cost position": ("SalesOrder", {"costPosition": "120"}, {}, {"costPosition": "120"}),
    "valid until": ("SalesQuote", {"validUntil": "2024-06-30"}, {}, {"validUntilFrom": "2024-06-01"}),
    "warehouse": ("DeliveryNote", {"warehouseCode": "908"}, {}, {"warehouse": "908"}),
    "date of supply": ("DeliveryNote", {"dateOfSupply": "2024-03-07"}, {}, {"dateOfSupply": "2024-03-07"}),
    "serial number": ("GoodsReceipt", {}, {"associatedSerialNumbers": "111, 222"}, {"serialNumber": "222"}),
    "supplier": ("GoodsReceipt", {"supplierDeliveryNote": "DL7"}, {}, {"supplierDeliveryNote": "DL7"}),
    "remarks": ("GeneralLedgerJournalVoucher", {"remarks": "mzdy březen"}, {}, {"remarks": "Mzdy"}),
    "event": (
        "GeneralLedgerJournalVoucher",
        {"businessEventType": "payroll"},
        {},
        {"businessEventType": "payroll", "businessYear": "2024"},
    ),
    "bill status": ("BillOfMaterials", {"number": "9/24", "status": "Inactive"}, {}, {"status": "inactive"}),
    "draft": ("PurchaseOrder", {"status": "Draft"}, {}, {"status": "Draft"}),
    "pricing": (
        "SalesInvoice",
        {"type": "retail"},
        {"netPrice": "", "price": "1"},
        {"status": "InvoicePricingTypeRetail"},
    ),
    "overdue": ("SalesInvoice", {"paymentDueDate": "2020-01-01"}, {}, {"status": "NotPaidOverdueReceivable"}),
}


@pytest.mark.parametrize("case", CRITERIA)
def test_list_finds_the_one_that_meets_the_criterion(call: Caller, case: str) -> None:
    kind, head, item, criteria = CRITERIA[case]
    firm = Firm(call, kind)
    usual = {"paymentDueDate": "2999-01-01"} if case == "overdue" else {}
    firm.number(kind, **usual)
    wanted = firm.number(kind, item, **head)
    listed = firm.named(f"{kind}List", **criteria)
    assert listed.ok, listed.error
    numbers = [one.findtext("number") for one in listed.root.iter(kind)]
    assert numbers == [wanted]


def test_list_knows_who_issued_and_what_was_paid_and_sent(call: Caller) -> None:
    firm = Firm(call)
    first, second = firm.number("SalesInvoice"), firm.number("SalesInvoice")
    data = nested("SalesInvoice", sample("SalesInvoice"))
    third = firm("SalesInvoiceCreate", data, user="demo2").text("number")
    firm.named("SalesInvoicePaymentRecordAdd", first, **PAYMENT | {"paymentAmount": "243.21"})
    firm.named("SalesInvoicePaymentRecordAdd", second, **PAYMENT)
    firm.named("SalesInvoiceSendByEmail", second, recipient="a@b.example")
    firm.named("SalesInvoiceCancel", third or "")

    def listed(**criteria: str) -> list[str | None]:
        reply = firm.named("SalesInvoiceList", **criteria)
        return [one.findtext("number") for one in reply.root.iter("SalesInvoice")]

    cancellation = "2024-00004"
    assert listed(issuer="demo2") == [third]
    assert listed(status="Paid") == [first, cancellation]
    assert listed(status="PaymentRecordExists") == [first, second]
    assert listed(status="DocumentSentByEMail") == [second]
    assert listed(status="CancelledDocument") == [third]
    assert listed(status="CancellationDocument") == [cancellation]
    assert listed(status="NotCancellationOrCancelledDocument") == [first, second]


def test_lists_select_by_the_dates_of_payments(call: Caller) -> None:
    firm = Firm(call, "ReceivedInvoice")
    firm.number("SalesOrder")
    order = firm.number("SalesOrder")
    firm.named("SalesOrderPaymentRecordAdd", order, **PAYMENT)
    listed = firm.named("SalesOrderList", dateOfPaymentFrom="2024-03-09", dateOfPaymentTo="2024-03-09")
    assert [one.findtext("number") for one in listed.root.iter("SalesOrder")] == [order]
    firm.number("ReceivedInvoice")
    full = firm.number("ReceivedInvoice", number="D-2")
    firm.named("ReceivedInvoicePaymentRecordAdd", full, **PAYMENT | {"paymentAmount": "121"})
    listed = firm.named("ReceivedInvoiceList", dateOfFullPaymentFrom="2024-03-01")
    assert [one.findtext("number") for one in listed.root.iter("ReceivedInvoice")] == [full]
