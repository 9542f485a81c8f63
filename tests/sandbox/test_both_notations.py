"""What the client writes for the methods of partners, products, groups, books and stock, in XML and in JSON alike."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from efimport.api import answers, wire, wire_json
from efimport.api.call import Call, Element, File, Parameter
from efimport.api.catalogue import methods as documented
from efimport.api.request import Request, prepare
from efimport.sandbox.methods import attachments, masters
from efimport.sandbox.methods.registry import methods
from tests.sandbox.conftest import Caller, Maker

HASH = hashlib.md5(b"DEMOdemo").hexdigest()


def inside(**values: str) -> tuple[Element, ...]:
    return tuple(Element(name, value) for name, value in values.items())


PARTNER = inside(partnerCode="P1", companyName="Odběratel a.s.", companyType="Ltd")
BUYER = (*PARTNER, Element("BuyerData", children=inside(buyerCode="K7", creditLimit="100.00")))
PRODUCT = inside(productCode="A1", name="Šroub", vatPercentage="21", grossPrice="1.50", useOfPriceList="true")
SECOND = inside(productCode="A2", name="Matice", vatPercentage="21", grossPrice="1.50")
GROUP = inside(productGroupCode="G1", productGroupDescription="Materiál", status="active")
PRICES = inside(grossPrice="2.00", salesPrice="3.00")
CALCULATION = Element("priceCalculation", children=inside(productCode="A2", grossPrice="4.00"))
ACTION = inside(productCode="A1", discountPercentage="10")
PICTURE = File(bytes(range(256)), "obrázek.jpg")

# In this order; each with an element that the answer holds and what it says, None where the answer is empty.
CALLS: list[tuple[str, dict[str, Any], tuple[str, str] | None]] = [
    ("PartnerCreate", {"partner": PARTNER}, ("partnerCode", "P1")),
    ("PartnerUpdate", {"partner": BUYER}, ("partnerCode", "P1")),
    ("PartnerImport", {"importType": "updateOnly", "partner": BUYER}, ("partnerCode", "P1")),
    ("PartnerGetByCode", {"partnerCode": "P1"}, ("companyName", "Odběratel a.s.")),
    ("PartnerGetByDocumentID", {"documentID": "34:1"}, ("companyName", "Odběratel a.s.")),
    ("PartnerList", {"partnerType": "buyer", "searchKey": "odb"}, ("companyName", "Odběratel a.s.")),
    ("PartnerListBuyers", {"buyerCode": "K7"}, ("companyName", "Odběratel a.s.")),
    ("PartnerListSuppliers", {}, None),
    ("PartnerListEmployees", {}, None),
    ("PartnerBuyerCreditLimitGet", {"partnerCode": "P1"}, ("creditLimit", "100.00")),
    (
        "PartnerAttachmentAdd",
        {"partnerCode": "P1", "attachment": PICTURE},
        ("message", "Successfully added attachment obrázek.jpg to partner P1."),
    ),
    (
        "PartnerAttachmentSetDefault",
        {"partnerCode": "P1", "attachment": PICTURE},
        ("message", "Successfully added attachment obrázek.jpg to partner P1."),
    ),
    ("PartnerAttachmentGet", {"partnerCode": "P1"}, ("fileName", "obrázek.jpg")),
    ("PartnerAttachmentList", {"documentID": "34:1"}, ("fileName", "obrázek.jpg")),
    (
        "PartnerImageAdd",
        {"partnerCode": "P1", "attachment": PICTURE},
        ("message", "Successfully added image obrázek.jpg to partner P1."),
    ),
    ("PartnerImageGet", {"partnerCode": "P1"}, ("fileName", "obrázek.jpg")),
    (
        "PartnerImageRemove",
        {"partnerCode": "P1"},
        ("message", "Successfully removed image obrázek.jpg to partner P1."),
    ),
    ("ProductCreate", {"product": PRODUCT}, ("productCode", "A1")),
    ("ProductUpdate", {"product": PRODUCT}, ("productCode", "A1")),
    (
        "ProductMassImport",
        {"products": (Element("product", children=PRODUCT), Element("product", children=SECOND))},
        ("message", "Product for code A1 successfully imported."),
    ),
    ("ProductGetByCode", {"productCode": "A1"}, ("name", "Šroub")),
    ("ProductList", {"productCodeFrom": "A2"}, ("name", "Matice")),
    (
        "ProductPriceCalculationUpdate",
        {"productCode": "A1", "applyPricesToArticle": True, "priceCalculation": PRICES},
        ("message", "Successfully updated price calculation for product with code A1"),
    ),
    (
        "ProductMassPriceCalculationUpdate",
        {"applyPricesToArticle": True, "priceCalculations": (CALCULATION,)},
        ("message", "Product price calculation for product with code A2 successfully updated."),
    ),
    ("ProductPriceListGet", {"productCode": "A1"}, ("retailPrice", "3.00")),
    (
        "ProductPriceDiscountActionAdd",
        {"priceDiscountAction": ACTION},
        ("message", "Successfully added price discount action for product with code A1."),
    ),
    ("ProductPriceDiscountActionList", {"productCode": "A1"}, ("discountPercentage", "10")),
    (
        "ProductImageAdd",
        {"productCode": "A1", "image": PICTURE},
        ("message", "Successfully added image obrázek.jpg to Artikel: A1"),
    ),
    (
        "ProductImageSetDefault",
        {"productCode": "A1", "image": PICTURE},
        ("message", "Successfully added image obrázek.jpg to Artikel: A1"),
    ),
    ("ProductImageGet", {"productCode": "A1"}, ("fileName", "obrázek.jpg")),
    ("ProductImageList", {"productCode": "A1"}, ("fileName", "obrázek.jpg")),
    ("ProductGroupCreate", {"ProductGroup": GROUP}, ("productGroupCode", "G1")),
    ("ProductGroupUpdate", {"ProductGroup": GROUP}, ("productGroupCode", "G1")),
    ("ProductGroupGetByCode", {"ProductGroupCode": "G1"}, ("productGroupDescription", "Materiál")),
    ("ProductGroupList", {"status": "active"}, ("productGroupDescription", "Materiál")),
    ("ProductGroupDelete", {"ProductGroupCode": "G1"}, None),
    ("GeneralLedgerGetAccountBalance", {"accountNumber": "112000"}, None),
    ("GeneralLedgerAccountStatementGetEntries", {"businessYear": "2024"}, None),
    ("WarehouseGetArticleStockQuantity", {"productCode": ("A2", "A1")}, None),
    ("ProductDelete", {"productCode": "A2"}, None),
    ("PartnerDelete", {"partnerCode": "P1"}, None),
]


def request(method: str, arguments: dict[str, Any], form: str) -> Request:
    rules = documented()[method]
    parameters: list[Parameter] = []
    for name, value in arguments.items():
        several = value if isinstance(value, tuple) and isinstance(value[0], str) else (value,)
        parameters += [rules.argument(name, one) for one in several]
    return prepare(Call(method, tuple(parameters)), "CZ", "json" if form == "json" else "xml")


def send(call: Caller, made: Request) -> answers.Answer:
    writer = wire_json if made.wire == "json" else wire
    body = writer.with_login(made.body, "demo", HASH, "SANDBOX")
    reply = call.post(body, content_type=made.content_type)
    return answers.parse(reply.body, reply.headers["content-type"], reply.status)


@pytest.mark.parametrize("form", ["xml", "json"])
def test_every_method_of_partners_products_and_books_is_answered(call: Caller, form: str) -> None:
    for method, arguments, expected in CALLS:
        answer = send(call, request(method, arguments, form))
        assert answer.ok, (method, answer.description)
        if expected is not None:
            name, value = expected
            told = answer.messages if name == "message" else [one.value for one in answer.find(name)]
            assert told[0] == value, method
    state = call.state()
    assert state["partners"] == []
    assert [entry["elements"]["grossPrice"] for entry in state["products"]] == ["2.00"]
    assert [file["size"] for file in state["attachments"]] == [256, 256]


@pytest.mark.parametrize("form", ["xml", "json"])
def test_the_messages_of_a_mass_import_are_read_one_by_one(call: Caller, form: str) -> None:
    products = (Element("product", children=PRODUCT), Element("product", children=SECOND))
    assert send(call, request("ProductMassImport", {"products": products}, form)).messages == (
        "Product for code A1 successfully imported.",
        "Product for code A2 successfully imported.",
    )


def test_none_of_these_methods_is_left_out() -> None:
    chapters = ("Partner API", "Product API", "ProductGroup API", "General Ledger API", "Warehouse and inventory API")
    expected = {name for name, method in documented().items() if method.chapter in chapters}
    tried = {method for method, _, _ in CALLS}
    assert expected - tried == {"PartnerGetByID", "ProductImport"}
    assert expected <= methods().keys()


@pytest.mark.parametrize(("method", "name"), [("PartnerGetByID", "ID"), ("ProductImport", "product")])
def test_the_two_others_are_answered_too(call: Caller, method: str, name: str) -> None:
    numbered = (*PARTNER, Element("ID", "12345679"))
    send(call, request("PartnerCreate", {"partner": numbered}, "json"))
    for form in ("xml", "json"):
        assert send(call, request(method, {name: "12345679" if name == "ID" else PRODUCT}, form)).ok


def test_documented_none_of_them_is_for_a_user_without_the_privilege(make: Maker) -> None:
    call = make(users=({"username": "demo", "password": "demo", "privileges": ["BankStatementImport"]},))
    names = (masters.offered().keys() | attachments.offered().keys()) - {"BankStatementImport"}
    at_other_sites = {name for name in names if name.startswith("DebitNote")}
    denied = "Access denied. User account does not have sufficient privileges for the given request"
    assert {name: call(name).error for name in names - at_other_sites} == dict.fromkeys(names - at_other_sites, denied)
    answers_there = {call(name, path="/WebServicesHR/API").error for name in at_other_sites}
    assert answers_there == {denied}
