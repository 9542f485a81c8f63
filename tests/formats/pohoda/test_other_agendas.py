from __future__ import annotations

from decimal import Decimal

import pytest

from efimport.documents import Kind, Order, OtherDocument, Partner, Product
from efimport.findings import Finding, Severity

D = Decimal


def order(kind: str) -> str:
    return (
        f'<ord:order version="2.0"><ord:orderHeader><ord:orderType>{kind}</ord:orderType><ord:number>'
        "<typ:numberRequested>24OP1</typ:numberRequested></ord:number><ord:numberOrder>E-7</ord:numberOrder>"
        "<ord:date>2024-03-04</ord:date><ord:dateTo>2024-03-09</ord:dateTo><ord:partnerIdentity><typ:address>"
        "<typ:company>Odběratel a.s.</typ:company></typ:address><typ:shipToAddress><typ:company>Sklad</typ:company>"
        "<typ:city>Olomouc</typ:city></typ:shipToAddress></ord:partnerIdentity></ord:orderHeader><ord:orderDetail>"
        "<ord:orderItem><ord:text>Židle</ord:text><ord:quantity>2</ord:quantity><ord:rateVAT>high</ord:rateVAT>"
        "<ord:homeCurrency><typ:unitPrice>250</typ:unitPrice></ord:homeCurrency><ord:code>Z120</ord:code>"
        "</ord:orderItem></ord:orderDetail></ord:order>"
    )


def test_a_received_order_has_its_customer_and_its_delivery(xml):
    (document,) = xml.documents(xml.one(order("receivedOrder")))
    assert isinstance(document, Order)
    assert (document.kind, document.number, document.order_number) == (Kind.ORDER_RECEIVED, "24OP1", "E-7")
    assert document.customer.name == "Odběratel a.s."
    assert document.delivery.address.city == "Olomouc"
    assert document.delivery_date.isoformat() == "2024-03-09"
    assert document.total == D("605.00")
    assert document.lines[0].product_code == "Z120"


def test_an_issued_order_has_its_supplier(xml):
    (document,) = xml.documents(xml.one(order("issuedOrder")))
    assert (document.kind, document.supplier.name, document.customer) == (Kind.ORDER_ISSUED, "Odběratel a.s.", None)


def test_a_record_of_the_address_book_is_a_partner(xml):
    record = (
        '<adb:addressbook version="2.0"><adb:addressbookHeader><adb:identity><typ:address><typ:company>Řeznictví'
        "</typ:company><typ:ico>00000019</typ:ico></typ:address></adb:identity><adb:mobil>+420 1</adb:mobil>"
        "<adb:email>a@example.cz</adb:email><adb:web>example.cz</adb:web><adb:maturity>14</adb:maturity>"
        "<adb:p1>false</adb:p1><adb:p2>true</adb:p2></adb:addressbookHeader><adb:addressbookAccount>"
        "<adb:accountItem><adb:accountNumber>1</adb:accountNumber><adb:bankCode>0100</adb:bankCode></adb:accountItem>"
        "<adb:accountItem><adb:accountNumber>2</adb:accountNumber><adb:bankCode>0300</adb:bankCode>"
        "<adb:defaultAccount>true</adb:defaultAccount></adb:accountItem></adb:addressbookAccount></adb:addressbook>"
    )
    (document,) = xml.documents(xml.one(record))
    assert isinstance(document, Partner)
    assert document.findings == ()
    assert (document.party.name, document.number) == ("Řeznictví", "00000019")
    assert (document.party.phone, document.party.mobile, document.party.email) == (None, "+420 1", "a@example.cz")
    assert (document.payment_days, document.is_customer, document.is_supplier) == (14, True, False)
    assert [account.display for account in document.bank_accounts] == ["2/0300", "1/0100"]


def test_a_stock_card_is_a_product(xml):
    card = (
        '<stk:stock version="2.0"><stk:stockHeader><stk:stockType>card</stk:stockType><stk:code>007</stk:code>'
        "<stk:EAN>8590000000017</stk:EAN><stk:sellingRateVAT>low</stk:sellingRateVAT><stk:name>Kniha</stk:name>"
        '<stk:unit>ks</stk:unit><stk:purchasingPrice>50</stk:purchasingPrice><stk:sellingPrice payVAT="true">99.90'
        "</stk:sellingPrice></stk:stockHeader></stk:stock>"
    )
    (document,) = xml.documents(xml.one(card))
    assert isinstance(document, Product)
    assert document.findings == ()
    assert (document.code, document.name, document.ean, document.unit) == ("007", "Kniha", "8590000000017", "ks")
    assert (document.purchase_price, document.sales_price, document.sales_price_includes_vat) == (
        D(50),
        D("99.90"),
        True,
    )
    assert (document.vat_level, document.vat_rate, document.currency) == ("low", D(12), "CZK")


@pytest.mark.parametrize("name", ["voucher", "bank", "intDoc", "prodejka", "vydejka", "offer"])
def test_other_documents_are_yielded_by_their_name_so_that_they_can_be_refused(xml, name):
    inside = "<q:number><typ:numberRequested>7</typ:numberRequested></q:number><q:date>2024-03-04</q:date>"
    element = (
        f'<q:{name} xmlns:q="{xml.V2}{name}.xsd" version="2.0"><q:{name}Header>{inside}</q:{name}Header></q:{name}>'
    )
    (document,) = xml.documents(xml.one(element))
    assert isinstance(document, OtherDocument)
    assert (document.kind, document.name, document.number) == (Kind.OTHER, name, "7")
    assert document.date.isoformat() == "2024-03-04"


def test_a_mixed_pack_keeps_its_order_and_every_document(xml):
    request = xml.item('<lst:listInvoiceRequest version="2.0"/>', "R")
    found = xml.read(xml.pack(xml.item(xml.invoice(), "A"), request, xml.item(order("receivedOrder"), "B")))
    assert [type(each).__name__ for each in found] == ["Invoice", "Finding", "Order"]
    assert [found[0].origin.ordinal, found[2].origin.ordinal] == [1, 3]


def test_an_export_of_stock_is_read_from_its_own_list(xml):
    card = (
        '<lStk:stock version="2.0"><stk:stockHeader><stk:code>1</stk:code><stk:name>n</stk:name></stk:stockHeader>'
        "</lStk:stock>"
    )
    text = xml.answer(
        f'<rsp:responsePackItem version="2.0" id="1" state="ok"><lStk:listStock version="2.0" state="ok">{card}{card}'
        "</lStk:listStock></rsp:responsePackItem>"
    )
    documents = xml.documents(text)
    assert [document.kind for document in documents] == [Kind.PRODUCT, Kind.PRODUCT]
    assert b"stock.xsd" in documents[0].origin.content


def test_answers_to_an_import_are_findings_and_never_documents(xml):
    text = xml.answer(
        '<rsp:responsePackItem version="2.0" id="A" state="ok"><inv:invoiceResponse version="2.0" state="ok">'
        "<rdc:producedDetails><rdc:number>24001</rdc:number></rdc:producedDetails></inv:invoiceResponse>"
        "</rsp:responsePackItem>",
        '<rsp:responsePackItem version="2.0" id="B" state="error" note="Nelze"/>',
    )
    found = xml.read(text)
    assert all(isinstance(each, Finding) for each in found)
    assert [(each.code, each.severity) for each in found] == [
        ("pohoda.answer", Severity.INFO),
        ("pohoda.answer-error", Severity.ERROR),
    ]
    assert "Nelze" in found[1].message


def test_a_refused_import_without_items_says_so(xml):
    (found,) = xml.read(xml.answer(attributes='version="2.0" id="" state="error" note="Bez práv"'))
    assert found.code == "pohoda.answer-error"
    assert "Bez práv" in found.message


def test_the_detail_of_a_refusal_is_shown(xml):
    text = xml.answer(
        '<rsp:responsePackItem version="2.0" id="B" state="error"><rsp:errorDetail><rsp:recordDuplicity>Doklad 7'
        "</rsp:recordDuplicity></rsp:errorDetail></rsp:responsePackItem>"
    )
    assert any("Doklad 7" in each.message for each in xml.read(text))


def test_an_empty_list_is_an_empty_pack(xml):
    text = xml.answer(
        '<rsp:responsePackItem version="2.0" id="1" state="ok"><lst:listInvoice version="2.0" state="ok"/>'
        "</rsp:responsePackItem>"
    )
    assert xml.codes(text) == ["pohoda.empty-pack"]
