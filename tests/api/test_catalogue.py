"""The catalogue of methods, and calls held against it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from efimport.api import catalogue
from efimport.api.call import (
    Attribute,
    Base64Attribute,
    Base64Text,
    Call,
    Element,
    File,
    Flag,
    Nested,
    Parameter,
    Text,
)
from efimport.errors import CallError

INVOICE = Parameter("SalesInvoice", Nested((Element("number", "2026-00417"),)))


def statement(kind: str, *parameters: Parameter) -> Call:
    data = Parameter("statementData", Base64Attribute(b"074"))
    return Call("BankStatementImport", (Parameter("type", Attribute(kind)), *parameters, data))


def check(call: Call, site: str = "CZ") -> None:
    catalogue.method(call.method).check(call, site)


def test_every_method_of_the_reference_is_there() -> None:
    assert len(catalogue.methods()) == 222


def test_every_word_of_the_catalogue_is_one_that_means_something() -> None:
    for method in catalogue.methods().values():
        assert method.repeat in ("read", "safe-by-key", "checkable", "blind")
        assert set(method.sites) <= set(catalogue.SITES)
        names = [rule.name for rule in method.parameters]
        assert len(set(names)) == len(names)
        assert set(method.one_of) <= set(names)
        assert (method.key is not None) == (method.repeat == "safe-by-key")
        assert method.lookup is None or not catalogue.method(method.lookup).changes_data


def test_a_look_up_is_asked_by_what_the_method_itself_carries() -> None:
    for method in catalogue.methods().values():
        assert (method.lookup is None) == (not method.lookup_by), method.name
        if method.lookup is None:
            continue
        looked_up_by = {rule.name for rule in catalogue.method(method.lookup).parameters}
        own = {rule.name for rule in method.parameters}
        structures = any(rule.style in ("nested", "file", "files") for rule in method.parameters)
        assert set(method.lookup_by) <= looked_up_by, method.name
        assert structures or set(method.lookup_by.values()) <= own, method.name
        assert set(method.sites) <= set(catalogue.method(method.lookup).sites), method.name


@pytest.mark.parametrize(
    ("name", "lookup", "by"),
    [
        ("SalesInvoiceImport", "SalesInvoiceGet", {"number": "number"}),
        ("SalesInvoiceCreate", "SalesInvoiceGet", {"number": "number"}),
        ("PartnerImport", "PartnerGetByCode", {"partnerCode": "partnerCode"}),
        ("ProductMassImport", "ProductGetByCode", {"productCode": "productCode"}),
        ("ProductGroupCreate", "ProductGroupGetByCode", {"ProductGroupCode": "productGroupCode"}),
        ("ReceivedInvoiceCreate", "ReceivedInvoiceGet", {"number": "number"}),
        ("DocumentInboxImport", "DocumentInboxList", {"fileName": "fileName"}),
        (
            "GeneralLedgerJournalVoucherCreate",
            "GeneralLedgerJournalVoucherGet",
            {"number": "number", "businessYear": "businessYear"},
        ),
    ],
)
def test_what_a_method_made_can_be_looked_up(name: str, lookup: str, by: dict[str, str]) -> None:
    assert (catalogue.method(name).lookup, catalogue.method(name).lookup_by) == (lookup, by)


def test_only_these_methods_change_something_that_no_method_shows() -> None:
    unseen = {method.name for method in catalogue.methods().values() if method.changes_data and not method.lookup}
    assert {name for name in unseen if not name.endswith("SendByEmail")} == {
        "BankStatementImport",
        "SalesInvoiceGetPublicURL",
    }


@pytest.mark.parametrize(
    ("name", "repeat"),
    [
        ("SalesInvoiceImport", "safe-by-key"),
        ("CreditNoteImport", "safe-by-key"),
        ("AdvanceInvoiceImport", "safe-by-key"),
        ("SalesOrderImport", "safe-by-key"),
        ("DebitNoteImport", "safe-by-key"),
        ("PartnerImport", "safe-by-key"),
        ("ProductImport", "safe-by-key"),
        ("ProductMassImport", "safe-by-key"),
        ("DocumentInboxImport", "checkable"),
        ("DocumentInboxAddEntry", "checkable"),
        ("BankStatementImport", "blind"),
        ("ReceivedInvoiceCreate", "blind"),
        ("SalesInvoiceCreate", "blind"),
        ("SalesInvoicePaymentRecordAdd", "blind"),
        ("SalesInvoiceAttachmentAdd", "blind"),
        ("DocumentInboxList", "read"),
        ("SalesInvoiceGet", "read"),
        ("PartnerGetByCode", "read"),
        ("ProductGetByCode", "read"),
    ],
)
def test_a_method_says_whether_it_may_be_repeated(name: str, repeat: str) -> None:
    assert catalogue.method(name).repeat == repeat


def test_everything_that_creates_adds_or_sends_is_never_repeated_unasked() -> None:
    for method in catalogue.methods().values():
        if method.name.endswith(("Create", "Add", "SendByEmail", "Cancel", "SetDefault", "CreateInvoice")):
            assert method.repeat == "blind", method.name


@pytest.mark.parametrize(
    "call",
    [
        Call("SalesInvoiceImport", (Parameter("importType", Attribute("createOnly")), INVOICE)),
        Call(
            "SalesInvoiceImport",
            (Parameter("dataFormat", Attribute("POHODA")), Parameter("base64data", Base64Text(b"x"))),
        ),
        statement("AboGpc", Parameter("IBAN", Attribute("CZ6508000000192000145399"))),
        statement("PayPalCsv", Parameter("payPalAccount", Attribute("pay@example.cz"))),
        Call("SalesInvoiceGetPDF", (Parameter("number", Attribute("1")), Parameter("markDocumentAsSent", Flag()))),
        Call("PartnerAttachmentGet", (Parameter("documentID", Attribute("34:1")),)),
        Call("DocumentInboxAddEntry", (Parameter("document", File(b"x", "x.pdf")),)),
        Call(
            "WarehouseGetArticleStockQuantity",
            (Parameter("productCode", Attribute("1")), Parameter("productCode", Attribute("2"))),
        ),
    ],
)
def test_a_call_as_the_reference_shows_it_passes(call: Call) -> None:
    check(call)


@pytest.mark.parametrize(
    ("call", "site", "said"),
    [
        (Call("SalesInvoiceImprt"), "CZ", "Did you mean SalesInvoiceImport"),
        (Call("salesinvoiceimport"), "CZ", "Did you mean SalesInvoiceImport"),
        (Call("Nonsense"), "CZ", "no method named Nonsense"),
        (Call("SalesInvoiceGet", (Parameter("numbr", Attribute("1")),)), "CZ", "Did you mean number"),
        (
            Call("SalesInvoicePaymentRecordAdd", (Parameter("paymentAmoutn", Attribute("50")),)),
            "CZ",
            "Did you mean paymentAmount",
        ),
        (Call("SalesInvoiceGet"), "CZ", "needs the parameter number"),
        (Call("SalesInvoiceImport"), "CZ", "needs the parameter SalesInvoice"),
        (Call("SalesInvoiceImport", (Parameter("dataFormat", Attribute("POHODA")),)), "CZ", "parameter base64data"),
        (statement("AboGpc"), "CZ", "needs the parameter IBAN"),
        (statement("PayPalCsv"), "CZ", "needs the parameter payPalAccount"),
        (
            statement("eurofakturaSpreadsheet", Parameter("IBAN", Attribute("x"))),
            "CZ",
            "needs the parameter dateFormat",
        ),
        (Call("PartnerAttachmentGet"), "CZ", "needs one of: partnerCode, documentID"),
        (statement("abogpc", Parameter("IBAN", Attribute("x"))), "CZ", "cannot be abogpc"),
        (statement("AboGpc", Parameter("IBAN", Attribute("x"))), "SI", "cannot be AboGpc at the site SI"),
        (Call("SalesInvoiceImport", (Parameter("importType", Attribute("create")), INVOICE)), "CZ", "cannot be create"),
        (Call("DebitNoteImport", (Parameter("DebitNote", Nested(())),)), "CZ", "does not exist at the site CZ"),
        (Call("SalesInvoiceGetUPNPDF", (Parameter("number", Attribute("1")),)), "CZ", "It exists at: SI"),
        (
            Call(
                "SalesInvoiceImport",
                (Parameter("dataFormat", Attribute("POHODA")), Parameter("base64data", Base64Text(b"x"))),
            ),
            "SI",
            "dataFormat of SalesInvoiceImport does not exist at the site SI",
        ),
        (Call("SalesInvoiceImport", (INVOICE, INVOICE)), "CZ", "there twice"),
        (Call("SalesInvoiceImport", (Parameter("SalesInvoice", Text("x")),)), "CZ", "another way"),
    ],
)
def test_a_wrong_call_is_refused_with_the_reason(call: Call, site: str, said: str) -> None:
    with pytest.raises(CallError, match=said):
        check(call, site)


@pytest.mark.parametrize(
    ("call", "repeat"),
    [
        (Call("SalesInvoiceImport", (INVOICE,)), "safe-by-key"),
        (Call("SalesInvoiceImport", (Parameter("base64data", Base64Text(b"x")),)), "safe-by-key"),
        (Call("SalesInvoiceImport", (Parameter("SalesInvoice", Nested((Element("number", ""),))),)), "blind"),
        (Call("PartnerImport", (Parameter("partner", Nested((Element("partnerCode", "7"),))),)), "safe-by-key"),
        (Call("PartnerImport", (Parameter("partner", Nested((Element("companyName", "A"),))),)), "blind"),
        (
            Call(
                "ProductMassImport",
                (
                    Parameter(
                        "products",
                        Nested(
                            (
                                Element("Product", children=(Element("productCode", "1"),)),
                                Element("Product", children=(Element("name", "no code"),)),
                            )
                        ),
                    ),
                ),
            ),
            "blind",
        ),
        (Call("DocumentInboxImport", (Parameter("checkExisting", Attribute(value=True)),)), "checkable"),
        (Call("DocumentInboxImport", (Parameter("checkExisting", Attribute(value=False)),)), "blind"),
        (Call("DocumentInboxImport"), "blind"),
        (Call("BankStatementImport"), "blind"),
        (Call("PartnerList"), "read"),
    ],
)
def test_a_call_without_anything_to_recognize_it_by_is_blind(call: Call, repeat: str) -> None:
    assert catalogue.method(call.method).repeat_of(call) == repeat


@pytest.mark.parametrize(
    ("method", "name", "value", "expected"),
    [
        ("SalesInvoiceGet", "number", "0308", Attribute("0308")),
        ("SalesInvoiceGet", "date", date(2026, 3, 2), Attribute(date(2026, 3, 2), "Date")),
        ("SalesInvoiceGetPublicURL", "linkExpirationDate", "2026-12-31", Attribute("2026-12-31")),
        ("SalesInvoiceAttachmentAdd", "number", "1", Attribute("1", "String")),
        ("SalesQuoteList", "totalAmount", Decimal("1.50"), Attribute(Decimal("1.50"), "Decimal")),
        ("DocumentInboxImport", "checkExisting", True, Attribute(value=True)),
        ("SalesInvoiceGetPDF", "markDocumentAsSent", True, Flag()),
        ("SalesInvoiceGetUPNPDF", "paymentOrderPosition", "top", Text("top")),
        ("SalesInvoiceImport", "base64data", b"x", Base64Text(b"x")),
        ("BankStatementImport", "statementData", b"x", Base64Attribute(b"x")),
        ("SalesInvoiceAttachmentAdd", "attachment", File(b"x", "x.pdf"), File(b"x", "x.pdf")),
        ("SalesInvoiceCreate", "SalesInvoice", (Element("a"),), Nested((Element("a"),))),
        ("DeliveryNoteList", "product", "0308", Attribute("0308")),
    ],
)
def test_a_parameter_is_made_as_the_examples_of_its_method_write_it(
    method: str, name: str, value: catalogue.Argument, expected: object
) -> None:
    assert catalogue.method(method).argument(name, value) == Parameter(name, expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "name", "value"),
    [
        ("SalesInvoiceGet", "number", b"bytes"),
        ("SalesInvoiceGet", "number", (Element("a"),)),
        ("SalesInvoiceGet", "number", File(b"", "a")),
        ("SalesInvoiceCreate", "SalesInvoice", "text"),
        ("SalesInvoiceGetPDF", "markDocumentAsSent", False),
    ],
)
def test_a_parameter_is_not_made_of_what_it_cannot_hold(method: str, name: str, value: catalogue.Argument) -> None:
    with pytest.raises(CallError):
        catalogue.method(method).argument(name, value)


def test_obligations_are_told_apart() -> None:
    statement_import = catalogue.method("BankStatementImport")
    told = {rule.name: rule.obligation for rule in statement_import.parameters}
    assert told["type"] == "mandatory"
    assert told["IBAN"] == "conditional"
    assert told["pdfStatementFileName"] == "optional"


@pytest.mark.parametrize(
    ("method", "site", "way", "fits"),
    [
        ("SalesInvoicePaymentRecordAdd", "CZ", "BankTransfer", True),
        ("SalesInvoicePaymentRecordAdd", "CZ", "DebitNote", False),
        ("SalesInvoicePaymentRecordAdd", "SI", "DebitNote", True),
        ("SalesInvoicePaymentRecordAdd", "SI", "BankTransfer", False),
        ("SalesInvoicePaymentRecordAdd", "HR", "KeksPay", True),
        ("ReceivedInvoicePaymentRecordAdd", "CZ", "Visa", True),
        ("SalesOrderPaymentRecordAdd", "CZ", "Visa", False),
        ("SalesOrderPaymentRecordAdd", "CZ", "Moneta", False),
        ("SalesQuotePaymentRecordAdd", "CZ", "Moneta", True),
    ],
)
def test_a_way_of_payment_is_one_of_the_document_at_the_site(method: str, site: str, way: str, fits: bool) -> None:
    values = {
        "number": "1",
        "paymentDate": date(2026, 1, 31),
        "paymentAmount": Decimal(1),
        "paymentMethodForInvoice": way,
    }
    rules = catalogue.method(method)
    payment = Call(method, tuple(rules.argument(name, value) for name, value in values.items()))
    if fits:
        check(payment, site)
        return
    with pytest.raises(CallError, match=f"cannot be {way} at the site {site}"):
        check(payment, site)
