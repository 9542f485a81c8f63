"""What documents do to the stock, and the rules of the documents that move or plan it."""

from __future__ import annotations

import pytest

from efimport.sandbox.methods.tables import code_list_as_written
from tests.sandbox.conftest import Caller, invoice, nested
from tests.sandbox.documents_kit import Firm, product

PRODUCT_LINE = {"description": "", "netPrice": "", "productCode": "P1"}


@pytest.mark.parametrize("kind", ["SalesInvoice", "AdvanceInvoice", "CreditNote"])
def test_documented_an_issued_document_with_products_makes_a_delivery_note(call: Caller, kind: str) -> None:
    firm = Firm(call, "SalesInvoice")
    number = firm.number(kind, PRODUCT_LINE)
    (note,) = firm.documents("DeliveryNote")
    assert (note["partner"], note["status"], note["elements"]["Items"]) == (
        "Odběratel a.s.",
        "issuedInvoice",
        [{"position": "1", "productCode": "P1", "calculationQuantity": "2"}],
    )
    assert call.state()["stock"] == {code_list_as_written("warehouse")[0]: {"P1": "-2"}}
    assert firm.named(f"{kind}Get", number).text(f"{kind}/deliveryNotesRef") == note["number"]


def test_documented_a_draft_or_a_line_without_a_product_makes_no_delivery_note(call: Caller) -> None:
    firm = Firm(call, "SalesInvoice")
    call("ProductImport", nested("product", product("S1", type="services")))
    draft = firm.number("SalesInvoice", PRODUCT_LINE, status="draft")
    firm.number("SalesInvoice")
    firm.number("SalesInvoice", PRODUCT_LINE | {"productCode": "S1"})
    assert firm.documents("DeliveryNote") == []
    issue = f"<number>{draft}</number><status>issuedInvoice</status>"
    assert firm("SalesInvoiceUpdate", nested("SalesInvoice", issue)).ok
    assert len(firm.documents("DeliveryNote")) == 1


def test_the_same_import_twice_lowers_the_stock_once(call: Caller) -> None:
    firm = Firm(call, "SalesInvoice")
    line = "<Item><productCode>P1</productCode><quantity>{}</quantity></Item>"
    for quantity, left in (("3", "-3"), ("3", "-3"), ("5", "-5")):
        data = invoice(items=line.format(quantity), warehouseCode="908")
        assert firm("SalesInvoiceImport", nested("SalesInvoice", data)).ok
        assert call.state()["stock"]["908"] == {"P1": left}
    assert len(firm.documents("DeliveryNote")) == 1
    assert firm("SalesInvoiceImport", nested("SalesInvoice", invoice())).ok
    assert firm.documents("DeliveryNote") == []
    assert call.state()["stock"]["908"] == {"P1": "0"}


@pytest.mark.parametrize("operation", ["Cancel", "Delete"])
def test_assumed_what_is_cancelled_or_deleted_returns_to_stock(call: Caller, operation: str) -> None:
    firm = Firm(call, "SalesInvoice")
    number = firm.number("SalesInvoice", PRODUCT_LINE)
    assert firm.named(f"SalesInvoice{operation}", number).ok
    assert set(call.state()["stock"]["0001"].values()) == {"0"}


def test_goods_documents_move_the_stock(call: Caller) -> None:
    firm = Firm(call, "GoodsReceipt")
    firm.number("GoodsReceipt", {"calculationQuantity": "10"})
    firm.number("DeliveryNote", {"calculationQuantity": ""})
    firm.number("InternalMovement", {"calculationQuantity": "4"})
    assert call.state()["stock"] == {"0001": {"P1": "5"}, "908": {"P1": "4"}}


PLAIN = {
    "a product without a bill": ("WorkOrder", {}, {"productCode": "P2"}, "Item1_productCode - EMU: the product has no"),
    "a warehouse that is none": (
        "InternalMovement",
        {"warehouseFromCode": "X"},
        {},
        "warehouseFromCode - Warehouse does not exist",
    ),
    "no city": ("PurchaseOrder", {"city": ""}, {}, "city - Entry is mandatory"),
    "no supplier": ("PurchaseOrder", {"supplierName": ""}, {}, "supplierName - Entry is mandatory"),
    "a supplier that is none": (
        "PurchaseOrder",
        {"supplierName": "", "supplierCode": "S9"},
        {},
        "supplierCode - Can not find supplier for code:",
    ),
    "no quantity": ("BillOfMaterials", {}, {"quantity": ""}, "Item1_quantity - Entry is mandatory"),
    "work without a task": (
        "BillOfMaterials",
        {},
        {"itemProductCode": "", "hoursPlanned": "6", "description": "a"},
        "Item1_workTask - Entry is mandatory",
    ),
    "debit and credit": (
        "GeneralLedgerJournalVoucher",
        {},
        {"amountDebit": "1", "amountCredit": "1"},
        "Item1_amountDebit - EMU: an entry has either",
    ),
    "no partner": ("GeneralLedgerJournalVoucher", {}, {"partner": ""}, "Item1_partner - Entry is mandatory"),
    "no rate": (
        "GeneralLedgerJournalVoucher",
        {},
        {"foreignAmount": "1.0"},
        "Item1_exchangeRate - Entry is mandatory",
    ),
    "a long description": (
        "GeneralLedgerJournalVoucher",
        {},
        {"description": "a" * 251},
        "Item1_description - EMU: more than 250",
    ),
}


@pytest.mark.parametrize("case", PLAIN)
def test_documented_properties_of_other_documents_are_checked(call: Caller, case: str) -> None:
    kind, head, item, error = PLAIN[case]
    refused = Firm(call, kind).create(kind, item, **head).error or ""
    assert refused.startswith(f"Error nr: 1 #{error}")


def test_a_bill_of_materials_may_call_its_lists_anything(call: Caller) -> None:
    firm = Firm(call)
    head = {"number": "055/11", "date": "2015-05-06", "productCode": "055", "productQuantity": "10", "status": "Active"}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in head.items())
    inner += "<Materials><Material><itemProductCode>1</itemProductCode><quantity>5</quantity></Material></Materials>"
    inner += "<Work><Task><description>a</description><hoursPlanned>6</hoursPlanned></Task></Work>"
    refused = firm("BillOfMaterialsCreate", nested("BillOfMaterials", inner)).error
    assert refused == "Error nr: 1 #Item2_workTask - Entry is mandatory; \r\n"
    mended = inner.replace("</hoursPlanned>", "</hoursPlanned><workTask>consulting</workTask>")
    assert firm("BillOfMaterialsCreate", nested("BillOfMaterials", mended)).ok
    assert firm.documents("BillOfMaterials")[0]["unknown_elements"] == []


def test_documented_the_example_s_comma_in_the_price_of_a_delivery_is_taken(call: Caller) -> None:
    firm = Firm(call, "DeliveryNote")
    assert firm.create("DeliveryNote", {"grossPrice": "145,66"}).ok
    refused = firm.create("DeliveryNote", {"grossPrice": "145,6,6"}).error or ""
    assert refused.endswith("#Item1_grossPrice - EMU: not a decimal number with a dot; \r\n")
