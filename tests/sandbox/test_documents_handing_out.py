"""PDF files, links, e-SLOG, e-mails, payments and installments of documents."""

from __future__ import annotations

import base64

import pytest
from lxml import etree

from efimport.sandbox.methods.handing_out import pdf_file
from efimport.sandbox.methods.tables import document_types
from tests.sandbox.conftest import Caller, attribute, invoice, nested
from tests.sandbox.documents_kit import PATHS, SITE, Firm

KINDS = document_types()
PRINTED = [kind for kind in KINDS if "GetPDF" in KINDS[kind].operations]
MAILED = [kind for kind in KINDS if "SendByEmail" in KINDS[kind].operations]
PAID = ["SalesInvoice", "SalesOrder", "SalesQuote", "ReceivedInvoice"]
PAYMENT = {"paymentDate": "2024-03-09", "paymentAmount": "43.21", "paymentMethodForInvoice": "Cash"}


def objects_of(content: bytes) -> list[int]:
    """Places of the objects, read by the table at the end of a PDF file (ISO 32000-1, 7.5.4)."""
    start = int(content.split(b"startxref\n")[1].split(b"\n")[0])
    assert content[start:].startswith(b"xref\n0 ")
    rows = content[start:].split(b"\n")[2:]
    return [int(row.split()[0]) for row in rows if row.endswith(b"n ")]


@pytest.mark.parametrize("line", ["Sales invoice 2024-00001", "a (b) \\ c", "žluťoučký"])
def test_a_pdf_file_has_its_objects_where_its_table_says(line: str) -> None:
    content = pdf_file(line)
    assert content.startswith(b"%PDF-1.4\n")
    assert content.endswith(b"%%EOF\n")
    places = objects_of(content)
    assert [content[place:].split(b" obj")[0] for place in places] == [b"%d 0" % count for count in range(1, 7)]


@pytest.mark.parametrize("kind", PRINTED)
def test_documented_get_pdf_answers_number_date_and_file(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    number = firm.number(kind)
    reply = firm.named(f"{kind}GetPDF", number)
    second = "businessYear" if KINDS[kind].by_year else "date"
    assert [leaf.tag for leaf in reply.root] == ["number", second, "pdfFile"]
    assert base64.b64decode(reply.text("pdfFile") or "").startswith(b"%PDF-")
    assert firm.documents(kind)[0]["sent"] is False


@pytest.mark.parametrize(
    "kind", ["AdvanceInvoice", "CreditNote", "DeliveryNote", "SalesInvoice", "SalesQuote", "DebitNote"]
)
def test_documented_a_flag_marks_the_document_as_sent(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    number = firm.number(kind)
    assert firm(f"{kind}GetPDF", attribute("number", number), '<parameter name="markDocumentAsSent" />').ok
    assert firm.documents(kind)[0]["sent"] is True
    assert firm.named(f"{kind}List", status="DocumentSentAlready").text(f"{KINDS[kind].plural}/{kind}/number") == number


def test_documented_a_public_link_may_end(call: Caller) -> None:
    firm = Firm(call)
    number = firm.number("SalesInvoice")
    reply = firm.named("SalesInvoiceGetPublicURL", number, linkExpirationDate="2030-12-31")
    assert [leaf.tag for leaf in reply.root] == ["number", "date", "publicURL"]
    assert "/SO-" in (reply.text("publicURL") or "")
    assert firm.documents("SalesInvoice")[0]["link_expires"] == "2030-12-31"
    assert firm.named("SalesInvoiceGetPublicURL", number).text("publicURL") == reply.text("publicURL")
    wrong = firm.named("SalesInvoiceGetPublicURL", number, linkExpirationDate="soon").error
    assert wrong == "EMU: the parameter linkExpirationDate cannot be soon"


def test_documented_a_slovenian_invoice_has_a_payment_order(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()), path=PATHS["SI"])
    named = attribute("number", "1")
    top = nested("paymentOrderPosition", "top")
    reply = call("SalesInvoiceGetUPNPDF", named, top, attribute("upnPaymentOrderType", "UPNQR"), path=PATHS["SI"])
    assert base64.b64decode(reply.text("pdfFile") or "").startswith(b"%PDF-")
    side = call("SalesInvoiceGetUPNPDF", named, nested("paymentOrderPosition", "side"), path=PATHS["SI"])
    assert side.error == "EMU: the parameter paymentOrderPosition cannot be side"


def test_documented_eslog_comes_without_an_envelope_in_windows_1250(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice(buyerName="Žiga Čuček")), path=PATHS["SI"])
    named = (attribute("number", "1"), attribute("format", "ESLOG"))
    reply = call("SalesInvoiceGet", *named, path=PATHS["SI"])
    assert reply.body.startswith(b'<?xml version="1.0" encoding="windows-1250"?>')
    root = etree.fromstring(reply.body)
    assert root.tag == "IzdaniRacunEnostavni"
    assert root.findtext("Racun/GlavaRacuna/StevilkaRacuna") == "2024-00001"
    assert root.findtext("Racun/DatumiRacuna/DatumRacuna") == "20240305"
    assert root.findtext(".//NazivPartnerja1") == "Žiga Čuček"
    assert call("SalesInvoiceGet", attribute("number", "1"), attribute("format", "XML"), path=PATHS["SI"]).ok
    missing = call("SalesInvoiceGet", attribute("number", "9"), named[1], path=PATHS["SI"])
    assert missing.error == "document could not be found"
    assert call("SalesInvoiceGet", *named).error == "EMU: the parameter format cannot be ESLOG"


@pytest.mark.parametrize("kind", MAILED)
def test_documented_an_e_mail_goes_to_the_outbox(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    number = firm.number(kind)
    said = {"sender": "a@b.example", "subject": "Doklad", "message": "Text"}
    assert len(firm.named(f"{kind}SendByEmail", number, recipient="p@n.example,o@n.example", **said).root) == 0
    (mail,) = call.state()["outbox"]
    assert (mail["kind"], mail["number"], mail["recipients"]) == (kind, number, ["p@n.example", "o@n.example"])
    assert {name: mail[name] for name in said} == said
    document = firm.documents(kind)[0]
    assert (document["sent"], document["emailed"]) == (True, True)


def test_documented_a_croatian_message_may_be_html(call: Caller) -> None:
    firm = Firm(call)
    number = firm.number("DebitNote")
    firm.named("DebitNoteSendByEmail", number, recipient="p@n.example", useHtmlMessage="true")
    assert call.state()["outbox"][0]["is_html"] is True


@pytest.mark.parametrize("kind", PAID)
def test_a_payment_is_added_each_time(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    number = firm.number(kind)
    for _ in range(2):
        assert len(firm.named(f"{kind}PaymentRecordAdd", number, **PAYMENT).root) == 0
    shown = firm.named(f"{kind}Get", number)
    records = shown.root.findall(f"{kind}/PaymentRecords/PaymentRecord")
    assert [one.findtext("paymentAmount") for one in records] == ["43.210", "43.210"]
    assert {one.findtext("paymentMethodForInvoice") for one in records} == {"Cash"}
    assert shown.text(f"{kind}/amountAlreadyPaid") == "86.42"
    total = firm.documents(kind)[0]["total"]
    left = shown.text(f"{kind}/amountLeftToBePaid")
    assert left == {"243.21": "156.79", "121.00": "34.58"}[total]


@pytest.mark.parametrize("kind", PAID)
def test_a_payment_needs_date_amount_and_method(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    number = firm.number(kind)
    method = f"{kind}PaymentRecordAdd"
    for name in PAYMENT:
        rest = {key: value for key, value in PAYMENT.items() if key != name}
        assert firm.named(method, number, **rest).error == f"Parameter named <{name}> is required."
    # The example of the reference misspells the amount.
    misspelt = {**PAYMENT, "paymentAmount": "", "paymentAmoutn": "1"}
    assert firm.named(method, number, **misspelt).error == "Parameter named <paymentAmount> is required."
    assert firm.named(method, number, **PAYMENT | {"paymentDate": "9.3.2024"}).error == "Invalid search value: 9.3.2024"
    assert firm.named(method, number, **PAYMENT | {"paymentAmount": "1,5"}).error == "Invalid search value: 1,5"
    label = KINDS[kind].label.lower()
    missing = f"Can not find {label} for number" + (": X9" if kind == "ReceivedInvoice" else "")
    assert firm.named(method, "X9", **PAYMENT).error == missing
    assert firm.documents(kind)[0]["payments"] == []


@pytest.mark.parametrize("kind", PAID)
def test_a_payment_is_refused_first_for_what_the_reference_prints(call: Caller, kind: str) -> None:
    firm = Firm(call, kind)
    number = firm.number(kind)
    method = f"{kind}PaymentRecordAdd"
    unknown = "Payment method Test is not supported"
    assert firm.named(method, number, paymentMethodForInvoice="Test").error == unknown
    assert firm.named(method, number, paymentMethodForInvoice="Cash").error.endswith("<paymentAmount> is required.")
    assert firm.named(method, "X9", paymentAmount="1").error.startswith("Can not find ")


def test_documented_methods_of_payment_differ_by_site_and_document(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()))
    pay = [attribute(name, value) for name, value in ({"number": "1"} | PAYMENT).items() if name[-7:] != "Invoice"]
    for method, path, is_known in (
        ("DebitNote", "SI", True),
        ("DebitNote", "CZ", False),
        ("BankTransfer", "CZ", True),
        ("BankTransfer", "SI", False),
    ):
        reply = call(
            "SalesInvoicePaymentRecordAdd", *pay, attribute("paymentMethodForInvoice", method), path=PATHS[path]
        )
        assert (reply.ok, reply.error) == (is_known, None if is_known else f"Payment method {method} is not supported")


def test_documented_the_slovenian_get_prefixes_the_method_of_payment(call: Caller) -> None:
    call("SalesInvoiceImport", nested("SalesInvoice", invoice()), path=PATHS["SI"])
    Firm(call).named("SalesInvoicePaymentRecordAdd", "1", **PAYMENT)
    record = "SalesInvoice/PaymentRecords/PaymentRecord/paymentMethodForInvoice"
    shown = call("SalesInvoiceGet", attribute("number", "1"), path=PATHS["SI"])
    assert shown.text(record) == "paymentMethodForInvoiceCash"


def installments(*amounts: str, wrapped: bool = True) -> str:
    inner = "".join(
        f"<Installment><installmentDate>2024-0{month}-15</installmentDate>"
        f"<installmentAmount>{amount}</installmentAmount></Installment>"
        for month, amount in enumerate(amounts, start=4)
    )
    name = "SalesInvoiceInstallments"
    return nested(name, f"<{name}>{inner}</{name}>" if wrapped else inner)


def test_documented_installments_are_added_once(call: Caller) -> None:
    firm = Firm(call)
    number = attribute("number", firm.number("SalesInvoice"))
    few = "None or only one instalment specified."
    assert firm("SalesInvoiceInstallmentsCreate", number).error == few
    assert firm("SalesInvoiceInstallmentsCreate", number, installments("218")).error == few
    reply = firm("SalesInvoiceInstallmentsCreate", number, installments("218", "300", "300"))
    assert [(leaf.tag, leaf.text) for leaf in reply.root] == [
        ("message", "Succesfuly added 3 installments to sales invoice."),
        ("number", "2024-00001"),
        ("date", "2024-03-05"),
    ]
    again = firm("SalesInvoiceInstallmentsCreate", number, installments("218", "300")).error
    assert again == "No instalments were added to sales invoice!"
    shown = firm("SalesInvoiceGet", number).root.find("SalesInvoice/SalesInvoiceInstallments")
    assert [[leaf.text for leaf in one] for one in shown] == [
        ["218.000", "2024-04-15", "1"],
        ["300.000", "2024-05-15", "2"],
        ["300.000", "2024-06-15", "3"],
    ]


def test_wrong_installments_are_named(call: Caller) -> None:
    firm = Firm(call)
    number = attribute("number", firm.number("SalesInvoice"))
    wrong = firm("SalesInvoiceInstallmentsCreate", number, installments("1", "2,5")).error
    assert wrong == "Error nr: 1 #Installment2_installmentAmount - EMU: not a decimal number with a dot; \r\n"
    assert firm("SalesInvoiceInstallmentsCreate", attribute("number", "9"), installments("1", "2")).error == (
        "Can not find sales invoice for number"
    )
    assert firm("SalesInvoiceInstallmentsCreate", number, installments("1", "2", wrapped=False)).ok
    assert any("wrapper" in remark for remark in call.state()["warnings"])


def test_sites_are_those_of_the_samples() -> None:
    assert all(SITE.get(kind, "CZ") in KINDS[kind].sites for kind in KINDS)
