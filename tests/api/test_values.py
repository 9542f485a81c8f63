"""Values of Python become parameters, or are refused before anything is sent."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from efimport.api import catalogue
from efimport.api.call import (
    Attribute,
    Base64Attribute,
    Base64Text,
    Call,
    Element,
    File,
    Files,
    Flag,
    Nested,
    Text,
)
from efimport.api.values import FileNames, make_call
from efimport.errors import CallError

NOON = datetime.fromisoformat("2026-01-31 12:00")


def call(method: str, site: str = "CZ", **given: Any) -> Call:
    return make_call(catalogue.method(method), given, site)


def made(method: str, name: str, value: Any, site: str = "CZ", **others: Any) -> Any:
    return call(method, site, **{name: value}, **others)[name]


@pytest.mark.parametrize(
    ("method", "name", "value", "expected", "others"),
    [
        ("PartnerList", "searchKey", "Test", Attribute("Test", "String"), {}),
        ("SalesInvoiceGet", "number", "0308", Attribute("0308"), {}),
        ("SalesInvoiceGet", "number", 12, Attribute(12), {}),
        ("SalesInvoiceGet", "date", date(2026, 3, 2), Attribute(date(2026, 3, 2), "Date"), {"number": "1"}),
        ("SalesInvoiceGet", "date", "2026-03-02", Attribute("2026-03-02", "Date"), {"number": "1"}),
        ("SalesInvoiceList", "totalAmount", Decimal("1.50"), Attribute(Decimal("1.50")), {}),
        ("SalesInvoiceList", "totalAmount", "1.50", Attribute("1.50"), {}),
        ("GeneralLedgerJournalVoucherList", "businessYear", 2026, Attribute(2026), {}),
        ("PartnerList", "partnerType", "Buyer", Attribute("Buyer"), {}),
        ("SalesInvoiceList", "status", "issuedInvoice", Attribute("issuedInvoice"), {}),
        ("SalesInvoiceGetPDF", "markDocumentAsSent", True, Flag(), {"number": "1"}),
        ("BankStatementImport", "statementData", b"074", Base64Attribute(b"074"), {"type": "CbaXml", "IBAN": "CZ1"}),
        ("SalesInvoiceImport", "base64data", b"<a/>", Base64Text(b"<a/>"), {"dataFormat": "POHODA"}),
    ],
)
def test_a_value_of_python_becomes_the_parameter_of_the_reference(
    method: str, name: str, value: Any, expected: Any, others: dict[str, Any]
) -> None:
    assert made(method, name, value, **others) == expected


def test_a_parameter_that_is_written_as_text_is_one() -> None:
    assert made("SalesInvoiceGetUPNPDF", "paymentOrderPosition", "top", "SI", number="1") == Text("top")


def test_nothing_and_a_flag_that_is_off_are_left_out() -> None:
    assert call("SalesInvoiceGetPDF", number="1", date=None, markDocumentAsSent=False) == call(
        "SalesInvoiceGetPDF", number="1"
    )


def test_a_list_is_several_parameters_of_one_name() -> None:
    found = call("WarehouseGetArticleStockQuantity", productCode=["1", "2"])
    assert [parameter.value for parameter in found] == [Attribute("1", "String"), Attribute("2", "String")]


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "smlouva.pdf"
    path.write_bytes(b"%PDF")
    expected = File(b"%PDF", "smlouva.pdf")
    assert made("SalesInvoiceAttachmentAdd", "attachment", path, number="1") == expected
    assert made("SalesInvoiceAttachmentAdd", "attachment", str(path), number="1") == expected
    assert made("SalesInvoiceAttachmentAdd", "attachment", expected, number="1") == expected
    assert made("BankStatementImport", "statementData", path, type="CbaXml", IBAN="CZ1") == Base64Attribute(b"%PDF")


def test_the_files_of_an_inbox_entry_stand_in_the_elements_of_the_settings(tmp_path: Path) -> None:
    one, two = File(b"1", "1.pdf", NOON), File(b"2", "2.pdf")
    names = FileNames("Files", "File", "Entry")
    found = make_call(catalogue.method("DocumentInboxAddEntry"), {"document": [one, two]}, "CZ", names=names)
    assert found["document"] == Files((one, two), one.document_date, "Entry", "Files", "File")
    imported = make_call(catalogue.method("DocumentInboxImport"), {"electronicDocument": one}, "CZ", names=names)
    assert imported["electronicDocument"].wrapper == "Entry"  # type: ignore[union-attr]


def test_a_dictionary_is_a_structure_in_the_order_of_the_reference() -> None:
    invoice = {
        "Items": [{"quantity": Decimal(2), "description": "Chléb", "netPrice": Decimal("10.10"), "currency": "CZK"}],
        "number": "2026-00417",
        "date": date(2026, 3, 2),
        "buyerName": None,
    }
    found = made("SalesInvoiceCreate", "SalesInvoice", invoice)
    names = [element.name for element in found.children]
    assert sorted(names[:2]) == ["date", "number"]
    assert names[2:] == ["Items"]
    (item,) = found.children[-1].children
    assert (item.name, {child.name for child in item.children}) == (
        "Item",
        {"quantity", "description", "netPrice", "currency"},
    )


def test_a_list_of_products_is_products() -> None:
    products = [{"productCode": code, "name": "Chléb", "vatPercentage": 12} for code in ("1", "2")]
    found = made("ProductMassImport", "products", products)
    assert [(entry.name, entry.children[0].value) for entry in found.children] == [("product", "1"), ("product", "2")]


def test_instalments_stand_in_an_element_of_their_own_name() -> None:
    instalments = [{"dueDate": date(2026, 1, day), "amount": Decimal(5)} for day in (10, 20)]
    found = made("SalesInvoiceInstallmentsCreate", "SalesInvoiceInstallments", instalments, number="1")
    (wrapper,) = found.children
    assert wrapper.name == "SalesInvoiceInstallments"
    assert [entry.name for entry in wrapper.children] == ["Installment", "Installment"]


def test_a_structure_that_the_reference_hardly_shows_is_taken_as_it_is() -> None:
    given = {"number": "7", "Items": [{"productCode": "1"}, {"productCode": "2"}], "empty": ""}
    found = made("WorkOrderCreate", "WorkOrder", given)
    assert found == Nested(
        (
            Element("number", "7"),
            Element(
                "Items", children=tuple(Element("Item", children=(Element("productCode", code),)) for code in "12")
            ),
            Element("empty", ""),
        )
    )


def test_elements_of_ones_own_making_are_not_looked_into() -> None:
    elements = (Element("number", "1"), Element("somethingNew", "x"))
    assert made("SalesInvoiceCreate", "SalesInvoice", elements) == Nested(elements)


@pytest.mark.parametrize(
    ("method", "given", "said"),
    [
        ("PartnerList", {"serchKey": "x"}, r"PartnerList has no parameter named serchKey.*Did you mean searchKey"),
        ("SalesInvoiceGet", {"number": 1.5}, r"number of SalesInvoiceGet cannot be made of 1\.5.*Expected: a text"),
        ("SalesInvoiceGet", {"number": True}, "Expected: a text"),
        ("SalesInvoiceGet", {"number": ["1", "2"]}, "Expected: a text"),
        ("SalesInvoiceGet", {"number": "1", "date": "2. 3. 2026"}, r"Expected: a date.*YYYY-MM-DD"),
        ("SalesInvoiceGet", {"number": "1", "date": "2026-02-30"}, "Expected: a date"),
        ("SalesInvoiceGet", {"number": "1", "date": NOON}, "Expected: a date"),
        ("SalesInvoiceList", {"totalAmount": "1,50"}, "decimal point"),
        ("SalesInvoiceList", {"totalAmount": 1.5}, "Expected: a Decimal"),
        ("SalesInvoiceList", {"totalAmount": Decimal("NaN")}, "Expected: a Decimal"),
        ("SalesInvoiceList", {"status": "sent"}, "Possible: Draft, IssuedInvoice"),
        ("GeneralLedgerJournalVoucherList", {"businessYear": "x"}, "a whole number"),
        ("DocumentInboxImport", {"electronicDocument": File(b"", "a"), "checkExisting": "yes"}, "True or False"),
        ("SalesInvoiceGetPDF", {"number": "1", "markDocumentAsSent": "maybe"}, "True, or False to leave it out"),
        ("SalesInvoiceAttachmentAdd", {"number": "1", "attachment": b"x"}, "path of a file"),
        ("SalesInvoiceAttachmentAdd", {"number": "1", "attachment": "/no/such.pdf"}, "cannot be read"),
        ("DocumentInboxAddEntry", {"document": []}, "paths of files"),
        ("BankStatementImport", {"type": "CbaXml", "statementData": "x"}, "bytes, or a Path"),
        ("SalesInvoiceCreate", {"SalesInvoice": "x"}, "a dictionary"),
        ("SalesInvoiceCreate", {"SalesInvoice": {"Items": [{"quantity": 1.5}]}}, r"Items.*quantity.*type float"),
        ("SalesInvoiceCreate", {"SalesInvoice": {"buyerNam": "x"}}, "buyerNam"),
        ("SalesInvoiceGet", {}, "needs the parameter number"),
        ("PartnerDelete", {}, "needs one of: ID, taxNumber, partnerCode"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_is_expected(method: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(CallError, match=said):
        call(method, **given)


def test_a_structure_without_an_end_is_refused() -> None:
    endless: dict[str, Any] = {}
    endless["a"] = endless
    with pytest.raises(CallError, match="too many levels"):
        call("WorkOrderCreate", WorkOrder=endless)
