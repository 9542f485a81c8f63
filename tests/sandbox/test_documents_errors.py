"""Every error that the reference documents for the methods of documents, and how to provoke it."""

from __future__ import annotations

import pytest

from efimport.sandbox.methods.tables import document_types
from tests.sandbox.conftest import Caller, Maker, attribute, invoice, nested
from tests.sandbox.documents_kit import PATHS, SITE, Firm, product, sample

LONG = "Access denied. User account does not have sufficient privileges for the given request"
SHORT = "no privileges"
NUMBER = 'Parameter named "number" is required'

GET_MISSING = {
    **dict.fromkeys(
        ("AdvanceInvoice", "CreditNote", "PurchaseOrder", "SalesInvoice", "SalesQuote", "WorkOrder", "DebitNote"),
        "document could not be found",
    ),
    "DeliveryNote": "Can not find delivery note for number: 2012-00014 and date: 2012-09-26",
    "GoodsReceipt": "Can not find goods receipt for number: 2012-00014 and date: 2012-09-26",
    "BillOfMaterials": "Can not find bill of materials number: 2012-00014",
    "InternalMovement": "Can not find internal movement number: 2012-00014",
    "ReceivedInvoice": "Cannot find received invoice for number: 2012-00014",
    "ReceivedCreditNote": "Cannot find received credit note for number: 2012-00014",
    "ReceivedAdvanceInvoice": "Cannot find received advance invoice for number: 2012-00014",
}


@pytest.mark.parametrize("kind", GET_MISSING)
def test_documented_get_finds_nothing(call: Caller, kind: str) -> None:
    date = {} if kind in ("BillOfMaterials", "InternalMovement") else {"date": "2012-09-26"}
    assert Firm(call).named(f"{kind}Get", "2012-00014", **date).error == GET_MISSING[kind]


PDF_MISSING = {
    "AdvanceInvoice": "Can not find advance invoice for number: 2 and date: 2010-02-22",
    "CreditNote": "Can not find credit note for number: 2 and date: 2010-02-22",
    "DeliveryNote": "Can not find delivery note for number: 2 and date: 2010-02-22",
    "GoodsReceipt": "Can not find goods receipt for number: 2 and date: 2010-02-22",
    "PurchaseOrder": "Can not find sales invoice for number: 2 and date: 2010-02-22",
    "SalesInvoice": "Can not find sales invoice for number: 2 and date: 2010-02-22",
    "SalesOrder": "Can not find sales orderfor number: 2 and date: 2010-02-22",
    "SalesQuote": "Can not find sales quote for number: 2 and date: 2010-02-22",
    "WorkOrder": "Can not find work order for number: 2 and date: 2010-02-22",
    "DebitNote": "Can not find debit note for number: 2 and date: 2010-02-22",
}


@pytest.mark.parametrize("kind", PDF_MISSING)
def test_documented_get_pdf_finds_nothing(call: Caller, kind: str) -> None:
    assert Firm(call).named(f"{kind}GetPDF", "2", date="2010-02-22").error == PDF_MISSING[kind]


def test_documented_other_files_of_an_invoice_are_not_found(call: Caller) -> None:
    named = (attribute("number", "2"), attribute("date", "2010-02-22"))
    link = call("SalesInvoiceGetPublicURL", *named).error
    assert link == "Cannot find sales invoice for number: 2 and date: 2010-02-22"
    order = call("SalesInvoiceGetUPNPDF", *named, path=PATHS["SI"]).error
    assert order == "Can not find sales invoice for number: 2 and date: 2010-02-22"
    voucher = Firm(call).named("GeneralLedgerJournalVoucherGetPDF", "0003", businessYear="2016").error
    assert voucher == "Can not find general ledger voucher for number: 0003 and business year: 2016"


NUMBERED = [
    (kind, operation)
    for kind, described in document_types().items()
    for operation in described.operations
    if operation not in ("Create", "Import", "Update", "List")
]


@pytest.mark.parametrize(("kind", "operation"), NUMBERED, ids=[f"{kind}{operation}" for kind, operation in NUMBERED])
def test_documented_the_number_is_required(call: Caller, kind: str, operation: str) -> None:
    site = "SI" if operation == "GetUPNPDF" else SITE.get(kind, "CZ")
    expected = NUMBER
    if kind in ("DeliveryNote", "GoodsReceipt"):
        expected = {"Get": f"{NUMBER}.", "SendByEmail": "number asp.error.MandatoryEntry"}.get(operation, NUMBER)
        expected = f"{NUMBER}." if operation == "GetPDF" else expected
    assert call(f"{kind}{operation}", path=PATHS[site]).error == expected


CANCELLED = {
    kind: described.cancel_label or described.label.lower()
    for kind, described in document_types().items()
    if "Cancel" in described.operations and not described.by_year
}


@pytest.mark.parametrize("kind", CANCELLED)
def test_documented_cancel_says_that_there_is_none(call: Caller, kind: str) -> None:
    assert Firm(call).named(f"{kind}Cancel", "7").error == f"Can not find {CANCELLED[kind]} for number"


@pytest.mark.parametrize("kind", CANCELLED)
def test_documented_a_document_is_cancelled_once(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    number = firm.number(kind)
    assert firm.named(f"{kind}Cancel", number).ok
    error = f"Can not cancel {CANCELLED[kind]} for arguments number: {number} date: 2024-03-05"
    assert firm.named(f"{kind}Cancel", number).error == error


@pytest.mark.parametrize("kind", CANCELLED)
def test_documented_neither_drafts_nor_cancellations_are_cancelled(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    label = "credit note" if kind == "DeliveryNote" else CANCELLED[kind]
    if kind != "DebitNote":
        draft = firm.number(kind, status="draft")
        assert firm.named(f"{kind}Cancel", draft).error == f"Can not cancel {label} {draft}"
    firm.named(f"{kind}Cancel", firm.number(kind))
    cancellation = firm.documents(kind)[-1]["number"]
    assert firm.named(f"{kind}Cancel", cancellation).error == f"Can not cancel {label} {cancellation}"


@pytest.mark.parametrize("kind", CANCELLED)
def test_documented_only_one_document_is_cancelled_at_a_time(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    for cost_position in ("1", "2"):
        firm.number(kind, number="2024-00001", costPosition=cost_position)
    labels = f"{CANCELLED[kind]}s"
    several = firm.named(f"{kind}Cancel", "2024-00001").error
    assert several == f"Found 2 {labels} 2024-00001. You can only cancel one {CANCELLED[kind]} at a time"
    dated = firm.named(f"{kind}Cancel", "2024-00001", date="2024-03-05").error
    assert dated == f"Can not cancel. Found 2 {labels}"
    assert firm.named(f"{kind}Cancel", "2024-00001", costPosition="2").ok


@pytest.mark.parametrize("kind", ["SalesOrder", "DebitNote"])
def test_documented_an_imported_document_is_cancelled_with_a_number(call: Caller, kind: str) -> None:
    firm = Firm(call)
    firm(f"{kind}Import", nested(kind, invoice("2013-00014", paymentDueDate="")))
    refused = firm.named(f"{kind}Cancel", "2013-00014").error
    assert refused == 'Parameter named "cancellationDocNumber" is required'
    taken = firm.named(f"{kind}Cancel", "2013-00014", cancellationDocNumber="2013-00014").error
    assert taken == f"{document_types()[kind].label} for number: 2013-00014 already exists!"
    assert firm.named(f"{kind}Cancel", "2013-00014", cancellationDocNumber="2013-00015").ok
    assert [one["number"] for one in firm.documents(kind)] == ["2013-00014", "2013-00015"]


def test_documented_a_journal_voucher_has_its_own_sentences(call: Caller) -> None:
    firm = Firm(call)
    cancel = "GeneralLedgerJournalVoucherCancel"
    year = {"businessYear": "2024"}
    assert firm.named(cancel, "9", **year).error == "Can not find general ledger voucher for number"
    number = firm.number("GeneralLedgerJournalVoucher")
    assert firm.named(cancel, number).error == 'Parameter named "businessYear" is required'
    assert firm.named(cancel, number, **year).ok
    again = firm.named(cancel, "1", **year).error
    assert again == "Can not cancel general ledger journal voucher for number: 00001"
    reversed_too = firm.named(cancel, "2", **year).error
    assert reversed_too == ("Can not cancel general ledger journal voucher due to: EMU: it is a cancellation voucher")


@pytest.mark.parametrize("kind", ["DeliveryNote", "GoodsReceipt"])
def test_documented_goods_documents_say_why_they_are_not_deleted(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    label = document_types()[kind].label.lower()
    assert firm.named(f"{kind}Delete", "9").error == f"Can not find {label} for number"
    for cost_position in ("1", "2"):
        firm.number(kind, number="2024-00001", costPosition=cost_position)
    assert firm.named(f"{kind}Delete", "2024-00001").error == f"Can not delete. Found 2 {label}s"


def test_documented_what_others_refer_to_is_not_deleted(call: Caller) -> None:
    firm = Firm(call, "GoodsReceipt")
    needed = "Data cannot be deleted because they are needed or referenced by other documents or data."
    firm.number("SalesInvoice", {"description": "", "netPrice": "", "productCode": "P1"})
    assert firm.named("DeliveryNoteDelete", "1").error == needed
    order = firm.number("PurchaseOrder")
    assert firm.named("GoodsReceiptDelete", firm.number("GoodsReceipt", purchaseOrder=order)).error == needed
    assert firm.named("GoodsReceiptDelete", firm.number("GoodsReceipt")).ok


@pytest.mark.parametrize("kind", ["BillOfMaterials", "InternalMovement"])
def test_documented_bills_and_movements_by_number(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    label, opening = document_types()[kind].label.lower(), document_types()[kind].label
    missing = f"Can not find {label} for number: 055/11"
    assert firm.named(f"{kind}Delete", "055/11").error == missing
    assert firm(f"{kind}Update", nested(kind, sample(kind, number="055/11"))).error == missing
    assert firm(f"{kind}Update", nested(kind, sample(kind, number=""))).error == NUMBER
    assert firm.create(kind, number="").error == 'Parameter named "number" must be specified.'
    assert firm(f"{kind}Create").error == f"Error creating {label}"
    for year in ("10", "11", "12"):
        firm.number(kind, number=f"055/{year}")
    assert firm.create(kind, number="055/11").error == f"{opening} for number: 055/11 already exists!"
    assert firm.named(f"{kind}Delete", "055").error == f"Can not delete. Found 3 {label} with number 055"


PROPERTIES = {
    "no warehouse": ({"warehouseCode": ""}, {}, "warehouseCode - Missing warehouse code"),
    "an unknown warehouse": ({"warehouseCode": "X9"}, {}, "warehouseCode - Warehouse does not exist"),
    "no product": ({}, {"productCode": ""}, "Item1_productCode - Entry is mandatory"),
    "an unknown product": ({}, {"productCode": "P9"}, "Item1_productCode - Can not find product for code:"),
    "VAT without a rate": ({}, {"inboundVatAmount": "1"}, "Item1_inboundVatPercentage - Entry is mandatory"),
    "an earlier date": (
        {"date": "2024-03-04"},
        {},
        "date - Document cannot be issued retroactively because document with later date was already issued.",
    ),
}
NOTE_PROPERTIES = {"no date of supply": ({"dateOfSupply": ""}, {}, "dateOfSupply - Entry is mandatory")}
RECEIPT_PROPERTIES = {
    "no supplier": ({"supplierCode": ""}, {}, "supplierCode - Missing supplier code"),
    "an unknown supplier": ({"supplierCode": "S9"}, {}, "supplierCode - Can not find supplier for code:"),
    "a tax number with letters": ({"supplierTaxNumber": "1A"}, {}, "supplierTaxNumber - Tax number invalid"),
    "a wrong VAT number": ({"supplierTaxNumber": "CZ"}, {}, "supplierTaxNumber - ID nr. for VAT invalid"),
    "serial numbers": (
        {},
        {"productCode": "SN", "associatedSerialNumbers": "111"},
        "Item1_associatedSerialNumbers - Serial number entry is required for each piece of product.",
    ),
}
GOODS = [("DeliveryNote", case) for case in PROPERTIES | NOTE_PROPERTIES]
GOODS += [("GoodsReceipt", case) for case in PROPERTIES | RECEIPT_PROPERTIES]


@pytest.mark.parametrize(("kind", "case"), GOODS, ids=[f"{kind}: {case}" for kind, case in GOODS])
def test_documented_wrong_properties_of_goods_documents(call: Caller, kind: str, case: str) -> None:
    firm = Firm(call, kind)
    changes, item, error = (PROPERTIES | NOTE_PROPERTIES | RECEIPT_PROPERTIES)[case]
    call("ProductImport", nested("product", product("SN", trackItemsBySerialNumbers="true")))
    firm.number(kind)
    assert firm.create(kind, item, **changes).error == f"Error nr: 1 #{error}; \r\n"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("DeliveryNote", "date"),
        ("GoodsReceipt", "date"),
        ("GoodsReceipt", "dateOfReceival"),
        ("GoodsReceipt", "supplierName"),
        ("GoodsReceipt", "city"),
    ],
)
def test_documented_an_entry_of_goods_documents_is_not_empty(call: Caller, kind: str, name: str) -> None:
    firm = Firm(call, kind)
    empty = sample(kind, **{name: ""}) + f"<{name}/>"
    assert firm(f"{kind}Create", nested(kind, empty)).error == f"Error nr: 1 #{name} - Entry is mandatory; \r\n"


def test_documented_serial_numbers_are_wanted_for_each_piece(call: Caller) -> None:
    firm = Firm(call, "GoodsReceipt")
    call("ProductImport", nested("product", product("SN", trackItemsBySerialNumbers="true")))
    assert firm.create("GoodsReceipt", {"productCode": "SN", "associatedSerialNumbers": "111, 222"}).ok


CREATION = {
    "DeliveryNote": "Error creating delivery note (EMU: there are no items)",
    "GoodsReceipt": "Error creating Goods receipt (EMU: there are no items)",
}


@pytest.mark.parametrize("kind", CREATION)
def test_documented_goods_documents_are_not_created(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    assert firm(f"{kind}Create").error == f"Parameter named {kind} needed."
    assert firm(f"{kind}Create", nested(kind, "<date>2024-03-05</date>")).error == CREATION[kind]
    number = firm.number(kind, number="2024-00009")
    label = document_types()[kind].label
    assert firm.create(kind, number=number).error == f"{label} for number: 2024-00009 already exists!"


@pytest.mark.parametrize("kind", ["SalesInvoice", "SalesOrder", "SalesQuote", "ReceivedInvoice"])
def test_documented_a_payment_method_is_not_supported(call: Caller, kind: str) -> None:
    paid = {"paymentDate": "2024-03-05", "paymentAmount": "1", "paymentMethodForInvoice": "Test"}
    error = Firm(call).named(f"{kind}PaymentRecordAdd", "1", **paid).error
    assert error == "Payment method Test is not supported"


@pytest.mark.parametrize("kind", ["DeliveryNote", "GoodsReceipt"])
def test_documented_e_mails_of_goods_documents_are_refused(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    send = {"recipient": "pavel@novak.example"}
    assert firm.named(f"{kind}SendByEmail", "9", **send).error == "stDok - Document does not exist"
    for cost_position in ("1", "2"):
        firm.number(kind, number="2024-00001", costPosition=cost_position)
    several = firm.named(f"{kind}SendByEmail", "1", **send).error
    assert several == "stDok - More then one document matches criteria !"


MAILED = [kind for kind, described in document_types().items() if "SendByEmail" in described.operations]


@pytest.mark.parametrize("kind", MAILED)
def test_documented_an_e_mail_fails(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    number = firm.number(kind)
    assert firm.named(f"{kind}SendByEmail", number).error == "Parameter named <recipient> is required."
    assert firm.named(f"{kind}SendByEmail", number, recipient="a@b.example, nobody").error == "mail sending failed"
    assert call.state()["outbox"] == []


@pytest.mark.parametrize("kind", ["AdvanceInvoice", "CreditNote", "SalesInvoice", "SalesOrder", "DebitNote"])
def test_documented_sisters_say_that_a_document_could_not_be_found(call: Caller, kind: str) -> None:
    firm = Firm(call)
    assert firm.named(f"{kind}Delete", "9").error == "document could not be found"
    assert firm.named(f"{kind}SendByEmail", "9", recipient="a@b.example").error == "document could not be found"


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("SalesInvoiceDelete", SHORT),
        ("SalesInvoiceSendByEmail", SHORT),
        ("PurchaseOrderUpdate", SHORT),
        ("SalesQuoteCreateInvoice", SHORT),
        ("GeneralLedgerJournalVoucherDelete", SHORT),
        ("SalesInvoiceCancel", LONG),
        ("SalesInvoiceCreate", LONG),
        ("DeliveryNoteDelete", LONG),
        ("BillOfMaterialsDelete", LONG),
        ("ReceivedInvoiceDelete", LONG),
        ("PartnerDelete", LONG),
        ("DeliveryNoteSendByEmail", f"{LONG}."),
        ("GoodsReceiptSendByEmail", f"{LONG}."),
    ],
)
def test_documented_a_user_without_the_privilege_is_told_in_the_words_of_the_method(
    call: Caller, method: str, error: str
) -> None:
    assert call(method, user="viewer").error == error


def test_documented_a_list_of_goods_documents_denies_with_a_full_stop(make: Maker) -> None:
    users = ({"username": "demo", "password": "demo", "privileges": ["SalesInvoice*"]},)
    denied = make(users=users)
    assert denied("DeliveryNoteList").error == f"{LONG}."
    assert denied("SalesOrderList").error == LONG


LISTED = [kind for kind, described in document_types().items() if "List" in described.operations]


@pytest.mark.parametrize("kind", LISTED)
def test_documented_a_wrong_criterion_of_a_list(call: Caller, kind: str) -> None:
    firm = Firm(call)
    assert firm.named(f"{kind}List", colour="red").error == "Invalid search key!"
    assert firm.named(f"{kind}List", dateFrom="1.1.2024").error == "Invalid search value: 1.1.2024"
    if "status" in document_types()[kind].criteria:
        assert firm.named(f"{kind}List", status="wonderful").error == "Invalid search value: wonderful"


MIXED = [kind for kind in LISTED if len(document_types()[kind].date_criteria) > 1]


@pytest.mark.parametrize("kind", MIXED)
def test_assumed_dates_of_two_kinds_are_not_mixed(call: Caller, kind: str) -> None:
    (first, _, _), (_, second, _) = document_types()[kind].date_criteria[:2]
    reply = Firm(call).named(f"{kind}List", **{first: "2024-01-01", second: "2024-12-31"})
    assert reply.error == "EMU: mixing date criteria"
