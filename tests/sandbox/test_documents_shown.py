"""What Get prints of documents, and that odd values are answered like others."""

from __future__ import annotations

import pytest

from efimport.sandbox.methods.tables import document_types
from tests.sandbox.conftest import Caller, attribute, nested
from tests.sandbox.documents_kit import SAMPLES, Firm, sample

KINDS = document_types()


def test_documented_get_prints_the_amounts_with_the_places_of_the_reference(call: Caller) -> None:
    firm = Firm(call)
    firm.number("SalesInvoice", {"discountPercentage": "10"}, isReccurringInvoice="false")
    root = firm.named("SalesInvoiceGet", "1").root.find("SalesInvoice")
    printed = {leaf.tag: leaf.text for leaf in root if len(leaf) == 0} | {
        f"Item/{leaf.tag}": leaf.text for leaf in root.find("Items/Item")
    }
    expected = {
        "isReccurringInvoice": "0",
        "totalAmount": "218.890",
        "amountAlreadyPaid": "0.00",
        "amountLeftToBePaid": "218.89",
        "totalNetAmount": "180.90",
        "totalDiscount": "20.10",
        "totalVatAmountNormalRate": "37.99",
        "totalVatBaseAmountNormalRate": "180.90",
        "totalVatAmountFlatRate": "0.00",
        "Item/quantity": "2.000000",
        "Item/netPrice": "100.50000",
        "Item/price": "121.60500",
        "Item/discountPercentage": "10.0000",
        "Item/vatPercentage": "21.0",
        "Item/position": "1",
        "Item/totalDiscountPercentage": "10.0000",
        "Item/amount": "180.90",
        "Item/amountWithoutDiscount": "201.00",
        "Item/discountAmount": "20.10",
        "Item/vatAmount": "37.99",
    }
    assert {name: printed.get(name) for name in expected} == expected


def test_documented_get_counts_the_items_and_adds_up_the_discounts(call: Caller) -> None:
    firm = Firm(call)
    lines = "".join(f"<Item><description>{name}</description><netPrice>1</netPrice></Item>" for name in "ab")
    third = "<Item><position>7</position><description>c</description><discountPercentage>10</discountPercentage></Item>"
    data = f"<number>2024-00001</number>{sample('SalesInvoice').partition('<Items>')[0]}"
    data += f"<superDiscountPercentage>5</superDiscountPercentage><Items>{lines}{third}</Items>"
    data = data.replace("</description><disc", "</description><netPrice>1</netPrice><disc")
    firm.caller(
        "SalesInvoiceImport", nested("SalesInvoice", data.replace("</netPrice>", "</netPrice><quantity>1</quantity>"))
    )
    items = firm.named("SalesInvoiceGet", "1").root.findall("SalesInvoice/Items/Item")
    assert [item.findtext("position") for item in items] == ["1", "2", "7"]
    assert [item.findtext("discountPercentage") for item in items] == ["0.0000", "0.0000", "10.0000"]
    assert [item.findtext("totalDiscountPercentage") for item in items] == ["5.0000", "5.0000", "14.5000"]


@pytest.mark.parametrize(("pricing", "total"), [("gross", "24.20"), ("retail", "24.20")])
def test_documented_an_item_has_the_price_of_its_product(call: Caller, pricing: str, total: str) -> None:
    firm = Firm(call, "SalesInvoice")
    line = {"description": "", "netPrice": "", "vatPercentage": "", "currency": "", "productCode": "P1"}
    number = firm.number("SalesInvoice", line, type=pricing)
    assert firm.documents("SalesInvoice")[0]["total"] == total
    shown = firm.named("SalesInvoiceGet", number)
    item = {leaf.tag: leaf.text for leaf in shown.root.find("SalesInvoice/Items/Item")}
    expected = {"articleName": "Výrobek P1", "netPrice": "10.00000", "price": "12.10000", "amount": "20.00"}
    assert {name: item[name] for name in expected} == expected


def test_what_is_paid_is_shown_where_no_total_is_known(call: Caller) -> None:
    firm = Firm(call)
    line = {"description": "", "netPrice": "", "vatPercentage": "", "currency": "", "productCode": "never seen"}
    number = firm.number("SalesInvoice", line)
    payment = {"paymentDate": "2024-03-09", "paymentAmount": "5", "paymentMethodForInvoice": "Cash"}
    assert firm.named("SalesInvoicePaymentRecordAdd", number, **payment).ok
    shown = firm.named("SalesInvoiceGet", number)
    assert shown.text("SalesInvoice/amountAlreadyPaid") == "5.00"
    # A total without the price of an item would be a wrong one.
    assert shown.text("SalesInvoice/totalAmount") is None
    assert shown.text("SalesInvoice/amountLeftToBePaid") is None


def test_documented_the_status_of_a_goods_receipt_may_stand_beside_it(call: Caller) -> None:
    firm = Firm(call, "GoodsReceipt")
    data = nested("GoodsReceipt", sample("GoodsReceipt"))
    assert firm("GoodsReceiptCreate", data, attribute("status", "Draft")).ok
    assert firm.documents("GoodsReceipt")[0]["status"] == "Draft"
    refused = firm("GoodsReceiptCreate", data, attribute("status", "Sent")).error or ""
    assert refused.startswith("Error nr: 1 #status - ")


def test_documented_the_croatian_get_has_a_second_lower_rate_and_shorter_quantities(call: Caller) -> None:
    firm = Firm(call)
    firm.number("DebitNote", {"netPrice": "", "price": "125.00", "vatPercentage": "25"}, type="retail")
    shown = firm.named("DebitNoteGet", "1")
    assert shown.text("DebitNote/totalVatAmountLowerRate2") == "0.00"
    assert shown.text("DebitNote/totalVatAmountNormalRate") == "50.00"
    assert shown.text("DebitNote/Items/Item/netPrice") == "100.00000"
    assert shown.text("DebitNote/Items/Item/quantity") == "2.000"
    assert shown.text("DebitNote/Items/Item/totalDiscountPercentage") is None


ODD = ["9" * 5000, "-" + "9" * 400 + ".5", "²", "1/" + "9" * 4400, "2024-" + "1" * 5000]


@pytest.mark.parametrize("kind", SAMPLES)
def test_odd_values_are_answered_and_break_nothing(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    year = {"businessYear": "2024"} if KINDS[kind].by_year else {}
    for odd in ODD:
        line = dict.fromkeys(("quantity", "netPrice", "price"), odd)
        answers = [firm.create(kind, number=odd), firm.create(kind, line)]
        answers += [firm.named(f"{kind}{operation}", odd, **year) for operation in ("Get", "Delete")]
        answers.append(firm(f"{kind}Update", nested(kind, sample(kind, number=odd))))
        if "List" in KINDS[kind].operations:
            answers += [firm.named(f"{kind}List", odd), firm(f"{kind}List")]
        assert {(one.status, one.root.tag) for one in answers} == {(200, "response")}
