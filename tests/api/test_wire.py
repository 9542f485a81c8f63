"""The XML request: every way of writing a parameter, to the letter, and back again."""

from __future__ import annotations

import time
from base64 import b64decode
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from efimport.api import wire
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
    Parameter,
    Text,
)
from efimport.errors import CallError

MOMENT = datetime.fromisoformat("2026-03-02T08:05")

FIRM = (
    Element("number", "2026-00417"),
    Element("date", date(2026, 3, 2)),
    Element("isReccurringInvoice", False),
    Element("superDiscountPercentage", Decimal("2.50")),
    Element("customerContactPerson"),
    Element("buyerName", "Pekárna U Mlýna s.r.o."),
    Element(
        "Items",
        children=(
            Element(
                "Item",
                children=(
                    Element("position", 1),
                    Element("description", 'Chléb 3/4" <žitný> & sůl'),
                    Element("price", Decimal("1E+2")),
                    Element("quantity", Decimal("12.000")),
                ),
            ),
        ),
    ),
)

FIRM_XML = """
<number>2026-00417</number><date>2026-03-02</date><isReccurringInvoice>false</isReccurringInvoice>
<superDiscountPercentage>2.50</superDiscountPercentage><customerContactPerson></customerContactPerson>
<buyerName>Pekárna U Mlýna s.r.o.</buyerName>
<Items><Item><position>1</position><description>Chléb 3/4" &lt;žitný&gt; &amp; sůl</description>
<price>100</price><quantity>12.000</quantity></Item></Items>"""

EXAMPLES = {
    "number and typed date": (
        Call(
            "SalesInvoiceGet",
            (Parameter("number", Attribute("7/2026")), Parameter("date", Attribute(date(2026, 3, 2), "Date"))),
        ),
        '<parameter name="number" value="7/2026" /><parameter name="date" type="Date" value="2026-03-02" />',
    ),
    "flag": (
        Call("SalesInvoiceGetPDF", (Parameter("markDocumentAsSent", Flag()),)),
        '<parameter name="markDocumentAsSent" />',
    ),
    "structure": (
        Call("SalesInvoiceCreate", (Parameter("SalesInvoice", Nested(FIRM)),)),
        f'<parameter name="SalesInvoice">{FIRM_XML}</parameter>',
    ),
    "import of the internal format": (
        Call(
            "SalesInvoiceImport",
            (Parameter("importType", Attribute("createOnly")), Parameter("SalesInvoice", Nested(FIRM))),
        ),
        f'<parameter name="importType" value="createOnly" /><parameter name="SalesInvoice">{FIRM_XML}</parameter>',
    ),
    "import of POHODA": (
        Call(
            "SalesInvoiceImport",
            (
                Parameter("importType", Attribute("createOnly")),
                Parameter("dataFormat", Attribute("POHODA")),
                Parameter("base64data", Base64Text(b"<dat:dataPack/>")),
            ),
        ),
        (
            '<parameter name="importType" value="createOnly" /><parameter name="dataFormat" value="POHODA" />'
            '<parameter name="base64data">PGRhdDpkYXRhUGFjay8+</parameter>'
        ),
    ),
    "payment": (
        Call(
            "SalesInvoicePaymentRecordAdd",
            (
                Parameter("number", Attribute("2026-00417")),
                Parameter("paymentDate", Attribute(date(2026, 3, 9), "Date")),
                Parameter("paymentAmount", Attribute(Decimal("1210.00"))),
                Parameter("paymentRemark", Attribute('first line\n\t"second"')),
            ),
        ),
        (
            '<parameter name="number" value="2026-00417" />'
            '<parameter name="paymentDate" type="Date" value="2026-03-09" />'
            '<parameter name="paymentAmount" value="1210.00" />'
            '<parameter name="paymentRemark" value="first line&#10;&#9;&quot;second&quot;" />'
        ),
    ),
    "instalments in their own wrapper": (
        Call(
            "SalesInvoiceInstallmentsCreate",
            (
                Parameter(
                    "SalesInvoiceInstallments",
                    Nested(
                        (
                            Element(
                                "SalesInvoiceInstallments",
                                children=(
                                    Element(
                                        "Installment",
                                        children=(
                                            Element("installmentDate", date(2026, 4, 1)),
                                            Element("installmentAmount", Decimal(605)),
                                        ),
                                    ),
                                ),
                            ),
                        )
                    ),
                ),
            ),
        ),
        (
            '<parameter name="SalesInvoiceInstallments"><SalesInvoiceInstallments><Installment>'
            "<installmentDate>2026-04-01</installmentDate><installmentAmount>605</installmentAmount></Installment></SalesInvoiceInstallments>"
            "</parameter>"
        ),
    ),
    "attachment": (
        Call(
            "SalesInvoiceAttachmentAdd",
            (
                Parameter("number", Attribute("2026-00417", "String")),
                Parameter("attachment", File(b"\xff\xd8\xff", "účtenka.jpg")),
            ),
        ),
        (
            '<parameter name="number" type="String" value="2026-00417" />'
            '<parameter name="attachment"><contents encoding="BASE64">/9j/</contents><fileName>účtenka.jpg</fileName>'
            "</parameter>"
        ),
    ),
    "inbox, flat": (
        Call(
            "DocumentInboxImport",
            (
                Parameter("checkExisting", Attribute(value=True)),
                Parameter(
                    "electronicDocument", File(b"<Invoice/>", "a.isdoc", datetime.fromisoformat("2026-03-02T08:05"))
                ),
            ),
        ),
        (
            '<parameter name="checkExisting" value="true" /><parameter name="electronicDocument">'
            '<documentDate>2026-03-02 08:05:00</documentDate><contents encoding="BASE64">PEludm9pY2UvPg==</contents>'
            "<fileName>a.isdoc</fileName></parameter>"
        ),
    ),
    "inbox, with a wrapper": (
        Call("DocumentInboxImport", (Parameter("electronicDocument", File(b"abc", "a.isdoc", wrapper="Document")),)),
        (
            '<parameter name="electronicDocument"><Document><contents encoding="BASE64">YWJj</contents>'
            "<fileName>a.isdoc</fileName></Document></parameter>"
        ),
    ),
    "inbox entry of two files": (
        Call(
            "DocumentInboxAddEntry",
            (
                Parameter(
                    "document",
                    Files(
                        (File(b"abc", "a.pdf"), File(b"def", "b.xml")),
                        document_date=datetime.fromisoformat("2026-03-02"),
                        wrapper="Entry",
                        list_name="Files",
                        entry_name="File",
                    ),
                ),
            ),
        ),
        (
            '<parameter name="document"><Entry><documentDate>2026-03-02 00:00:00</documentDate><Files>'
            '<File><contents encoding="BASE64">YWJj</contents><fileName>a.pdf</fileName></File>'
            '<File><contents encoding="BASE64">ZGVm</contents><fileName>b.xml</fileName></File></Files></Entry>'
            "</parameter>"
        ),
    ),
    "statement": (
        Call(
            "BankStatementImport",
            (
                Parameter("IBAN", Attribute("CZ6508000000192000145399")),
                Parameter("type", Attribute("AboGpc")),
                Parameter("statementData", Base64Attribute(b"074>>>???")),
                Parameter("pdfStatementFileName", Attribute("výpis & spol.pdf")),
            ),
        ),
        (
            '<parameter name="IBAN" value="CZ6508000000192000145399" /><parameter name="type" value="AboGpc" />'
            '<parameter name="statementData" value="MDc0Pj4+Pz8/" />'
            '<parameter name="pdfStatementFileName" value="výpis &amp; spol.pdf" />'
        ),
    ),
    "text of the parameter": (
        Call("SalesInvoiceGetUPNPDF", (Parameter("paymentOrderPosition", Text("bottom")),)),
        '<parameter name="paymentOrderPosition">bottom</parameter>',
    ),
    "repeated parameter": (
        Call(
            "WarehouseGetArticleStockQuantity",
            (
                Parameter("productCode", Attribute("0308", "String")),
                Parameter("productCode", Attribute("0309", "String")),
            ),
        ),
        (
            '<parameter name="productCode" type="String" value="0308" />'
            '<parameter name="productCode" type="String" value="0309" />'
        ),
    ),
}


def canonical(body: bytes) -> bytes:
    """The document without white space between elements, in canonical form."""
    root = etree.fromstring(body, etree.XMLParser(remove_blank_text=True, remove_comments=True))
    return etree.tostring(root, method="c14n")


@pytest.mark.parametrize(("call", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_a_call_is_written_as_the_reference_shows_it(call: Call, expected: str) -> None:
    whole = (
        '<request><login username="***" md5pass="***" token="***"/>'
        f'<method name="{call.method}">{expected}</method></request>'
    )
    assert canonical(wire.encode(call)) == canonical(whole.encode())


def test_a_request_is_utf_8_with_a_declaration_and_no_byte_order_mark() -> None:
    body = wire.encode(EXAMPLES["structure"][0])
    assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<request>\n<login ')
    assert "Pekárna".encode() in body


def test_the_login_takes_the_place_of_its_place_holders_and_of_nothing_else() -> None:
    remark = '<login username="***" md5pass="***" token="***" />'
    call = Call("SalesInvoiceSendByEmail", (Parameter("message", Attribute(remark)), Parameter("x", Text("***"))))
    body = wire.encode(call)
    filled = wire.with_login(body, 'O"Neil & syn', "0" * 32, "T" * 32)
    before, after = etree.fromstring(body), etree.fromstring(filled)
    assert dict(after[0].attrib) == {"username": 'O"Neil & syn', "md5pass": "0" * 32, "token": "T" * 32}
    assert etree.tostring(after[1]) == etree.tostring(before[1])
    assert filled.endswith(body.split(b" />\n", 1)[1])


def test_a_body_without_place_holders_gets_no_login() -> None:
    filled = wire.with_login(wire.encode(Call("PartnerList")), "a", "b", "c")
    with pytest.raises(CallError):
        wire.with_login(filled, "a", "b", "c")


def test_the_digest_tells_two_calls_apart_and_not_two_logins() -> None:
    body = wire.encode(Call("PartnerList"))
    assert wire.digest(body) == wire.digest(wire.encode(Call("PartnerList")))
    assert wire.digest(body) != wire.digest(wire.encode(Call("ProductList")))
    assert len(wire.digest(body)) == 64


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
@pytest.mark.parametrize(
    "way", [Attribute, Text, lambda text: Nested((Element("a", text),)), lambda text: File(b"", text)]
)
def test_a_character_that_xml_cannot_carry_is_refused(bad: str, way: type[Attribute]) -> None:
    with pytest.raises(CallError, match=f"U\\+{ord(bad):04X}"):
        wire.encode(Call("PartnerList", (Parameter("remark", way(f"before {bad} after")),)))


@pytest.mark.parametrize(
    "bad",
    [Decimal("NaN"), Decimal("Infinity"), 1.5, None, b"bytes", datetime(2026, 1, 1, tzinfo=UTC)],
)
def test_a_value_without_a_written_form_is_refused(bad: object) -> None:
    with pytest.raises(CallError):
        wire.encode(Call("PartnerList", (Parameter("totalAmount", Attribute(bad)),)))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["", "a b", "1st", "a<b", "élan", "a:b", "-a"])
def test_a_name_that_xml_does_not_allow_is_refused(name: str) -> None:
    with pytest.raises(CallError):
        wire.encode(Call("SalesInvoiceCreate", (Parameter("SalesInvoice", Nested((Element(name, "x"),))),)))


def test_an_element_with_text_and_children_is_refused() -> None:
    with pytest.raises(CallError):
        wire.encode(Call("A", (Parameter("B", Nested((Element("a", "x", (Element("b"),)),))),)))


def test_two_files_without_a_name_for_each_are_refused() -> None:
    two = Files((File(b"a", "a"), File(b"b", "b")))
    with pytest.raises(CallError):
        wire.encode(Call("DocumentInboxAddEntry", (Parameter("document", two),)))


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-12.30"), "-12.30"),
        (Decimal("1234567890123456789.10"), "1234567890123456789.10"),
    ],
)
def test_a_decimal_has_a_dot_and_no_exponent(amount: Decimal, written: str) -> None:
    assert wire.scalar(amount) == written


def test_a_content_of_fifty_megabytes_is_written_within_seconds() -> None:
    content = bytes(50_000_000)
    started = time.monotonic()
    body = wire.encode(Call("BankStatementImport", (Parameter("statementData", Base64Attribute(content)),)))
    assert time.monotonic() - started < 5
    assert b64decode(body.split(b'value="')[1].split(b'"')[0]) == content


# Round trip: what a parser reads from the request is what was put in.

possible = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
    lambda character: ord(character) >= 32 or character in "\t\n\r"
)
texts = st.text(possible, max_size=40)
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,15}", fullmatch=True)
scalars = (
    texts
    | st.booleans()
    | st.integers()
    | st.dates()
    | st.datetimes().map(lambda moment: moment.replace(microsecond=0))
    | st.decimals(allow_nan=False, allow_infinity=False, places=4)
)
leaves = st.builds(Element, names, scalars | st.none())
elements = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda name, children: Element(name, None, tuple(children)), names, st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)
files = st.builds(File, st.binary(max_size=40), texts, st.none() | st.datetimes(), st.none() | names)
values = (
    st.builds(Attribute, scalars, st.none() | names)
    | st.just(Flag())
    | st.builds(Text, scalars)
    | st.lists(elements, max_size=4).map(lambda children: Nested(tuple(children)))
    | st.builds(Base64Text, st.binary(max_size=60))
    | st.builds(Base64Attribute, st.binary(max_size=60))
    | files
)
calls = st.builds(Call, texts, st.lists(st.builds(Parameter, texts, values), max_size=6).map(tuple))


def read_element(node: etree._Element) -> tuple[str, str, list[object]]:
    return node.tag, "" if len(node) else node.text or "", [read_element(child) for child in node]


def told_element(element: Element) -> tuple[str, str, list[object]]:
    text = "" if element.children or element.value is None else wire.scalar(element.value)
    return element.name, text, [told_element(child) for child in element.children]


def check_value(node: etree._Element, value: object) -> None:
    match value:
        case Attribute(content, kind):
            assert (node.get("value"), node.get("type")) == (wire.scalar(content), kind)
        case Flag():
            assert (dict(node.attrib).keys(), len(node), node.text) == ({"name"}, 0, None)
        case Text(content):
            assert (node.text or "") == wire.scalar(content)
        case Nested(children):
            assert [read_element(child) for child in node] == [told_element(child) for child in children]
        case Base64Text(content):
            assert b64decode(node.text or "", validate=True) == content
        case Base64Attribute(content):
            assert b64decode(node.get("value") or "", validate=True) == content
        case File(content, name, moment, wrapper):
            inside = node if wrapper is None else node[0]
            assert inside.findtext("fileName") == name
            assert b64decode(inside.findtext("contents") or "", validate=True) == content
            assert inside.findtext("documentDate") == (None if moment is None else wire.scalar(moment))
        case _:
            pytest.fail(f"no check for {value}")


@settings(max_examples=150, deadline=None)
@given(calls)
def test_a_parser_reads_from_the_request_what_was_put_in(call: Call) -> None:
    root = etree.fromstring(wire.with_login(wire.encode(call), "petra", "x" * 32, "y" * 32))
    method = root[1]
    assert (method.get("name"), len(method)) == (call.method, len(call.parameters))
    for node, parameter in zip(method, call, strict=True):
        assert node.get("name") == parameter.name
        check_value(node, parameter.value)
