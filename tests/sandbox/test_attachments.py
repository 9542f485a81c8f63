"""The files of documents, partners and products, as section after section of the reference prints them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from efimport.api.catalogue import methods as documented
from efimport.sandbox.methods import attachments
from efimport.sandbox.methods.registry import methods
from efimport.sandbox.methods.tables import document_types
from efimport.sandbox.server import start
from efimport.sandbox.state import Document, Entry, State
from tests.sandbox.conftest import Caller, Reply, attribute, encoded, nested

# Label inside a sentence, and at the beginning of "does not have attachemnts.", as the reference prints them.
LABELS = {
    "AdvanceInvoice": ("advance invoice", "advance invoice"),
    "CreditNote": ("credit note", "Credit note"),
    "DebitNote": ("debit note", "Debit note"),
    "DeliveryNote": ("delivery note", "Delivery note"),
    "GoodsReceipt": ("goods receipt", "Goods receipt"),
    "PurchaseOrder": ("purchase order", "Purchase order"),
    "ReceivedAdvanceInvoice": ("received advance invoice", "received advance invoice"),
    "ReceivedCreditNote": ("received credit note", "received credit note"),
    "ReceivedInvoice": ("received invoice", "received invoice"),
    "SalesInvoice": ("sales invoice", "Sales invoice"),
    "SalesOrder": ("sales order", "Sales order"),
    "SalesQuote": ("sales quote", "Sales quote"),
    "WorkOrder": ("work order", "work order"),
}
NUMBER = "2020-00001"
OTHER = "2020-00002"
UNKNOWN = "2020-00099"


def file(content: str = "AAEC", name: str = "att.jpg", parameter: str = "attachment") -> str:
    named = f"<fileName>{name}</fileName>" if name else ""
    return nested(parameter, f'<contents encoding="BASE64">{content}</contents>{named}')


def holding() -> State:
    """Two documents of each type, three partners and three products."""
    state = State()
    for kind in document_types():
        for number in (NUMBER, OTHER):
            identifier = state.next_id("60")
            state.store(number, Document(type=kind, document_id=identifier, number=number, date="2020-01-02"))
    for code in ("00001", "00002", "00003"):
        state.partners[code] = Entry(code=code, document_id=state.next_id("34"), name=code, raw=b"<parameter/>")
        state.products[code] = Entry(code=code, document_id=state.next_id("20"), name=code, raw=b"<parameter/>")
    return state


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """A sandbox that was started on a kept state; each test has objects or methods of its own."""
    path: Path = tmp_path_factory.mktemp("kept") / "state.json"
    holding().save(path)
    caller = Caller(start(period=0.0, state_file=path))
    caller.sandbox._service.state_file = None  # it need not be kept any more, and a disk is slow
    yield caller
    caller.http.close()
    caller.sandbox.stop()


def path_of(kind: str) -> str:
    return "/WebServicesHR/API" if kind == "DebitNote" else "/WebServicesCZ/API"


def document(call: Caller, kind: str, action: str, *parameters: str, number: str = NUMBER) -> Reply:
    named = (attribute("number", number, "String"),) if number else ()
    return call(f"{kind}Attachment{action}", *named, *parameters, path=path_of(kind))


def files_in(reply: Reply, element: str) -> list[tuple[str | None, str | None]]:
    found = reply.root.findall(f"{element}/Attachments/Attachment")
    assert all(one.find("contents").get("encoding") == "BASE64" for one in found)
    return [(one.findtext("fileName"), one.findtext("contents")) for one in found]


def test_every_documented_method_of_files_is_played() -> None:
    expected = {name for name in documented() if "Attachment" in name or "Image" in name}
    assert len(expected) == 4 * len(LABELS) + 4 + 3 + 4
    assert expected <= methods().keys()
    assert expected == attachments.offered().keys()


@pytest.mark.parametrize("kind", LABELS)
def test_documented_files_of_a_document_are_added_set_as_default_and_answered(full: Caller, kind: str) -> None:
    label, _ = LABELS[kind]
    for name, action in [("att1.jpg", "Add"), ("att2.jpg", "SetDefault"), ("att3.jpg", "Add")]:
        reply = document(full, kind, action, file(name=name))
        assert reply.text("message") == f"Successfully added attachment {name} to {label} {NUMBER}."
    assert files_in(document(full, kind, "Get"), kind) == [("att2.jpg", "AAEC")]
    names = [name for name, _ in files_in(document(full, kind, "List"), kind)]
    assert names == ["att1.jpg", "att2.jpg", "att3.jpg"]


# Every type with one action, and every action with one type: the code knows no single type.
BEFORE_FILES = [(kind, "Add") for kind in LABELS] + [("SalesInvoice", one) for one in ("SetDefault", "Get", "List")]
READING = [(kind, "Get") for kind in LABELS] + [("SalesInvoice", "List")]


@pytest.mark.parametrize(("kind", "action"), READING)
def test_documented_a_document_without_files_says_so_in_the_letters_of_its_page(
    full: Caller, kind: str, action: str
) -> None:
    assert document(full, kind, action, number=OTHER).error == f"{LABELS[kind][1]} does not have attachemnts."


@pytest.mark.parametrize(("kind", "action"), BEFORE_FILES)
def test_documented_a_document_is_looked_for_before_its_file(full: Caller, kind: str, action: str) -> None:
    assert document(full, kind, action, number="").error == "Parameter named <number> is required"
    error = f"Can not find {LABELS[kind][0]} for number: {UNKNOWN}"
    assert document(full, kind, action, number=UNKNOWN).error == error


WRONG_FILES = {
    "absent": ("", "missing"),
    "a flag": ('<parameter name="{}"/>', "missing"),
    "an empty value": ('<parameter name="{}" value=" "/>', "missing"),
    "a text": ('<parameter name="{}">AAEC</parameter>', "unreadable"),
    "no contents": ('<parameter name="{}"><fileName>a</fileName></parameter>', "unreadable"),
    "empty contents": ('<parameter name="{}"><contents/><fileName>a</fileName></parameter>', "unreadable"),
    "contents that are no base64": ('<parameter name="{}"><contents>*AEC</contents></parameter>', "unreadable"),
    "contents that are cut": ('<parameter name="{}"><contents>AAE</contents></parameter>', "unreadable"),
    "no file name": ('<parameter name="{}"><contents>AAEC</contents></parameter>', "unnamed"),
}
KEYS = {
    "SalesInvoiceAttachmentAdd": (attribute("number", OTHER), "attachment", ""),
    "SalesInvoiceAttachmentSetDefault": (attribute("number", OTHER), "attachment", ""),
    "PartnerAttachmentAdd": (attribute("partnerCode", "00002"), "attachment", ""),
    "PartnerAttachmentSetDefault": (attribute("partnerCode", "00002"), "attachment", ""),
    "PartnerImageAdd": (attribute("partnerCode", "00002"), "attachment", ""),
    "ProductImageAdd": (attribute("productCode", "00002"), "image", ":"),
    "ProductImageSetDefault": (attribute("productCode", "00002"), "image", ":"),
}


@pytest.mark.parametrize("method", KEYS)
@pytest.mark.parametrize("wrong", WRONG_FILES)
def test_documented_a_file_that_is_missing_or_unreadable_is_refused(full: Caller, method: str, wrong: str) -> None:
    key, parameter, colon = KEYS[method]
    template, fault = WRONG_FILES[wrong]
    expected = {
        "missing": f"Parameter <{parameter}> is missing",
        "unreadable": f"Parameter <{parameter}>{colon} cannot parse contents",
        "unnamed": "EMU: the file has no fileName",
    }
    assert full(method, key, template.replace("{}", parameter)).error == expected[fault]


WITHOUT_KEY = {
    "PartnerAttachmentAdd": 'Parameter named "partnerCode" or "documentID" is required',
    "PartnerAttachmentSetDefault": 'Parameter named "partnerCode" or "documentID" is required.',
    "PartnerAttachmentGet": 'Parameter named "partnerCode" or "documentID" is required.',
    "PartnerAttachmentList": 'Parameter named "partnerCode" or "documentID" is required.',
    "PartnerImageAdd": 'Parameter named "partnerCode" or "documentID" is required',
    "PartnerImageGet": 'Parameter named "partnerCode" or "documentID" is required.',
    "PartnerImageRemove": 'Parameter named "partnerCode" or "documentID" is required.',
    "ProductImageAdd": "Parameter named <productCode> is required",
    "ProductImageSetDefault": "Parameter named <productCode> is required",
    "ProductImageGet": "Parameter named <productCode> is required",
    "ProductImageList": "Parameter named <productCode> is required",
}


@pytest.mark.parametrize("method", WITHOUT_KEY)
def test_documented_a_partner_or_product_must_be_named_and_exist(full: Caller, method: str) -> None:
    assert full(method).error == WITHOUT_KEY[method]
    what, key = ("product", "productCode") if method.startswith("Product") else ("partner", "partnerCode")
    assert full(method, attribute(key, "99999")).error == f"Can not find {what} for code: 99999"


WITHOUT_FILES = {
    "PartnerAttachmentGet": "partner does not have attachemnts.",
    "PartnerAttachmentList": "partner does not have attachemnts.",
    "PartnerImageGet": "partner does not have image.",
    "PartnerImageRemove": "partner does not have image.",
    "ProductImageGet": "Product does not have attachemnts.",
    "ProductImageList": "Product does not have attachemnts.",
}


@pytest.mark.parametrize("method", WITHOUT_FILES)
def test_documented_a_partner_or_product_without_files_says_so(full: Caller, method: str) -> None:
    key = "productCode" if method.startswith("Product") else "partnerCode"
    assert full(method, attribute(key, "00002")).error == WITHOUT_FILES[method]


def test_documented_files_of_a_partner_and_images_of_a_product(full: Caller) -> None:
    partner, product = attribute("partnerCode", "00001", "String"), attribute("productCode", "00001", "String")
    said = full("PartnerAttachmentAdd", partner, file()).text("message")
    assert said == "Successfully added attachment att.jpg to partner 00001."
    said = full("PartnerAttachmentSetDefault", partner, file(name="b.jpg")).text("message")
    assert said == "Successfully added attachment b.jpg to partner 00001."
    assert files_in(full("PartnerAttachmentGet", partner), "Partner") == [("b.jpg", "AAEC")]
    assert len(files_in(full("PartnerAttachmentList", partner), "Partner")) == 2
    said = full("ProductImageAdd", product, file(parameter="image")).text("message")
    assert said == "Successfully added image att.jpg to Artikel: 00001"
    said = full("ProductImageSetDefault", product, file(name="b.jpg", parameter="image")).text("message")
    assert said == "Successfully added image b.jpg to Artikel: 00001"
    assert files_in(full("ProductImageGet", product), "Product") == [("b.jpg", "AAEC")]
    assert len(files_in(full("ProductImageList", product), "Product")) == 2


def test_documented_a_partner_has_one_image_that_a_new_one_replaces(full: Caller) -> None:
    partner = attribute("partnerCode", "00001", "String")
    said = full("PartnerImageAdd", partner, file(name="old.jpg")).text("message")
    assert said == "Successfully added image old.jpg to partner 00001."
    full("PartnerImageAdd", partner, file(name="new.jpg"))
    assert files_in(full("PartnerImageGet", partner), "Partner") == [("new.jpg", "AAEC")]
    said = full("PartnerImageRemove", partner).text("message")
    assert said == "Successfully removed image new.jpg to partner 00001."
    assert full("PartnerImageGet", partner).error == "partner does not have image."


def test_documented_access_is_denied_before_anything_else(full: Caller) -> None:
    error = "Access denied. User account does not have sufficient privileges for the given request"
    for method in ("SalesInvoiceAttachmentAdd", "PartnerImageRemove", "ProductImageSetDefault"):
        assert full(method, user="viewer").error == error


@pytest.fixture
def invoices(call: Caller) -> Caller:
    """Two sales invoices."""
    for number in (NUMBER, OTHER):
        data = (
            f"<number>{number}</number><date>2020-01-02</date><buyerName>A</buyerName><Items><Item>"
            "<description>P</description><quantity>1</quantity><netPrice>1</netPrice></Item></Items>"
        )
        assert call("SalesInvoiceImport", nested("SalesInvoice", data)).ok
    return call


def test_assumed_the_first_file_is_answered_where_none_is_the_default(invoices: Caller) -> None:
    for name in ("a.pdf", "b.pdf"):
        document(invoices, "SalesInvoice", "Add", file(name=name))
    assert files_in(document(invoices, "SalesInvoice", "Get"), "SalesInvoice") == [("a.pdf", "AAEC")]


def test_the_last_default_wins(invoices: Caller) -> None:
    for name in ("a.pdf", "b.pdf"):
        document(invoices, "SalesInvoice", "SetDefault", file(name=name))
    assert files_in(document(invoices, "SalesInvoice", "Get"), "SalesInvoice") == [("b.pdf", "AAEC")]
    assert [one["is_default"] for one in invoices.state()["attachments"]] == [False, True]


def test_assumed_the_same_file_again_is_a_second_file(invoices: Caller) -> None:
    content = b"%PDF-1.4 invented"
    for _ in range(2):
        document(invoices, "SalesInvoice", "Add", file(encoded(content), "a.pdf"))
    assert invoices.state()["attachments"] == 2 * [
        {
            "owner": "SalesInvoice",
            "document_id": "60:1",
            "name": NUMBER,
            "file_name": "a.pdf",
            "method": "SalesInvoiceAttachmentAdd",
            "is_default": False,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    ]


def test_a_file_is_answered_as_it_was_sent_also_with_line_breaks_in_its_base64(invoices: Caller) -> None:
    content = bytes(range(256))
    lines = base64.encodebytes(content).decode()
    assert document(invoices, "SalesInvoice", "Add", file(lines)).ok
    _, answered = files_in(document(invoices, "SalesInvoice", "Get"), "SalesInvoice")[0]
    assert base64.b64decode(answered or "", validate=True) == content


@settings(max_examples=30, deadline=None)
@given(content=st.binary(min_size=1, max_size=400), name=st.text("aříš<&\"'. -_0", min_size=1).map(str.strip))
def test_any_content_under_any_name_is_answered_as_it_was_sent(full: Caller, content: bytes, name: str) -> None:
    assume(name)
    partner = attribute("partnerCode", "00003")
    assert full("PartnerImageAdd", partner, file(encoded(content), escape(name))).ok
    assert files_in(full("PartnerImageGet", partner), "Partner") == [(name, encoded(content))]


def test_the_files_of_one_document_are_not_those_of_another(invoices: Caller) -> None:
    document(invoices, "SalesInvoice", "Add", file(name="a.pdf"), number=NUMBER)
    document(invoices, "SalesInvoice", "Add", file(name="b.pdf"), number=OTHER)
    assert files_in(document(invoices, "SalesInvoice", "List", number=OTHER), "SalesInvoice") == [("b.pdf", "AAEC")]


def test_documented_a_sequential_number_and_a_date_name_the_document(invoices: Caller) -> None:
    reply = document(invoices, "SalesInvoice", "Add", attribute("date", "2020-01-02", "Date"), file(), number="2")
    assert reply.text("message") == f"Successfully added attachment att.jpg to sales invoice {OTHER}."
    wrong = document(invoices, "SalesInvoice", "Get", attribute("date", "2021-01-02", "Date"), number="2")
    assert wrong.error == "Can not find sales invoice for number: 2"


def test_an_internal_identifier_names_a_partner(call: Caller) -> None:
    created = call("PartnerCreate", nested("partner", "<partnerCode>7</partnerCode><lastName>Nová</lastName>"))
    identifier = attribute("documentID", created.text("documentID") or "")
    assert call("PartnerAttachmentAdd", identifier, file()).text("message") == (
        "Successfully added attachment att.jpg to partner 7."
    )
    assert (
        call("PartnerAttachmentGet", attribute("documentID", "34:99")).error == "Can not find partner for code: 34:99"
    )


def test_debit_notes_have_files_at_their_site_only(full: Caller) -> None:
    error = "EMU: the method DebitNoteAttachmentAdd is not offered at the site CZ"
    assert full("DebitNoteAttachmentAdd", path="/WebServicesCZ/API").error == error


def test_observed_json_sends_and_answers_files_as_objects(invoices: Caller) -> None:
    def post(method: str, parameters: dict) -> dict:
        login = {"username": "demo", "token": "SANDBOX", "md5pass": hashlib.md5(b"DEMOdemo").hexdigest()}
        body = json.dumps({**login, "method": method, "parameters": parameters}).encode()
        return json.loads(invoices.post(body, content_type="application/json").body)["response"]

    sent = {"contents": "AAEC", "fileName": "a.pdf"}
    added = post("SalesInvoiceAttachmentAdd", {"number": NUMBER, "attachment": sent})
    assert added["result"] == {"message": f"Successfully added attachment a.pdf to sales invoice {NUMBER}."}
    listed = post("SalesInvoiceAttachmentList", {"number": NUMBER})
    assert listed["result"] == [{"Attachments": [{"fileName": "a.pdf", "contents": "AAEC"}]}]


def test_files_and_images_are_kept_between_runs(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    holding().save(path)
    for expected in (False, True):
        caller = Caller(start(period=0.0, state_file=path))
        try:
            partner = attribute("partnerCode", "00001")
            assert caller("PartnerImageGet", partner).ok == expected
            assert caller("PartnerAttachmentGet", partner).ok == expected
            caller("PartnerImageAdd", partner, file())
            caller("PartnerAttachmentAdd", partner, file(name="kept.pdf"))
        finally:
            caller.http.close()
            caller.sandbox.stop()


def test_files_go_with_the_document_that_had_them(invoices: Caller) -> None:
    document(invoices, "SalesInvoice", "Add", file(), number=OTHER)
    assert len(invoices.state()["attachments"]) == 1
    assert invoices("SalesInvoiceDelete", attribute("number", OTHER)).ok
    assert invoices.sandbox._service.state.attachments == {}


def test_files_go_with_the_partner_or_product_that_had_them(call: Caller) -> None:
    call("PartnerCreate", nested("partner", "<partnerCode>7</partnerCode><lastName>Nová</lastName>"))
    call("PartnerAttachmentAdd", attribute("partnerCode", "7"), file())
    call("PartnerImageAdd", attribute("partnerCode", "7"), file())
    assert len(call.state()["attachments"]) == 2
    call("PartnerDelete", attribute("partnerCode", "7"))
    assert call.state()["attachments"] == []
