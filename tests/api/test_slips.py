"""Answers as the reference prints them, with its slips, and answers that somebody has damaged."""

from __future__ import annotations

import contextlib
import json
import random
import time
from base64 import b64encode
from collections.abc import Iterator

import pytest

from efimport.api.answer_files import AnswerFile
from efimport.api.answers import Answer, parse
from efimport.errors import UnknownOutcomeError

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
OK = HEAD + '<response status="ok">\n{}\n</response>'
REFUSED = HEAD + '<response status="error">\n{}\n</response>'

FIELDS = [
    ("<<?xml version='1.0'?>\n<response status=\"ok\"><number>7</number></response>", "number", "7"),
    (HEAD + 'response status="ok" >\n<number>7</number>\n</response>', "number", "7"),
    (OK.format("<number>7</number>   <!-- created document number\n<a>1</a>"), "number", "7"),
    (OK.format("<number>7</number>   <-- created document number"), "number", "7"),
    (OK.format("<number>7</number>   <! created document number"), "number", "7"),
    (
        OK.format("<kontrolHlasSectionType>2</transNoCoefCalcSN><number>7</number>"),
        "kontrolHlasSectionType",
        "2",
    ),
    (OK.format("<buyerDocumentID>60:1</buyerCode>"), "buyerDocumentID", "60:1"),
    (OK.format("<documentDate>2012-11-15 12:00:00<documentDate>"), "documentDate", "2012-11-15 12:00:00"),
    (OK.format("<companyType>Ltd</ companyType>"), "companyType", "Ltd"),
    (OK.format("< gender>male</ gender>"), "gender", "male"),
    (OK.format("<number>3</number><businessYear>2016/businessYear>"), "businessYear", "2016"),
    (
        OK.format("<receivedAdvancecredit noteRef>5/21</receivedAdvancecredit noteRef>"),
        "receivedAdvanceInvoiceRef",
        "5/21",
    ),
    (OK.format("<parameter name=productCode value=1000/><number>7</number>"), "number", "7"),
    (OK.format('<parameter name="productCode" value= 22.220 /><number>7</number>'), "number", "7"),
    (OK.format("<totalAmount>1.00</totalAmount><totalAmount>2.00</totalAmount>"), "totalAmount", "2.00"),
    (OK.format("<name>Novák & syn</name>"), "name", "Novák & syn"),
    (OK.format("<date>21 - 21}}</date>"), "date", "21 - 21}}"),
]


@pytest.mark.parametrize(("text", "name", "value"), FIELDS)
def test_good_news_with_a_slip_of_the_print_is_read(text: str, name: str, value: str) -> None:
    answer = parse(text.encode(), "text/xml")
    assert (answer.ok, answer.field(name)) == (True, value)


SAME = [
    ("Parameter named <IBAN> is required.", "validation"),
    ("Parameter named DeliveryNote needed.", "validation"),
    ('Parameter named "number" must be specified.', "validation"),
    ("Property <number> is required.", "validation"),
    ('Parameter named "number" is required', "validation"),
    ("Parameter <attachment> is missing", "validation"),
    ("Parameter <image>: cannot parse contents", "validation"),
    ("Parameter <attachment> cannot parse contents", "validation"),
    ("document could not be found", "not-found"),
    ("Can not find sales orderfor number: 2 and date: 2010-02-22", "not-found"),
    ("Cannot find received invoice for number: 055/11", "not-found"),
    ("Product for code: 1 does not exist", "not-found"),
    ("noDocumentsFound", "not-found"),
    ("Document can not be overwritten because it is already posted.", "posted"),
    ("a sale=b is not what we want", "other-refusal"),
]
DESCRIPTIONS = [
    *((f'<error description="{text}"><error/>', text, kind) for text, kind in SAME),
    ('<error description="no privileges"><error/>', "no privileges", "privileges"),
    ('<error description="no privileges"><error/>  <!-- missing …', "no privileges", "privileges"),
    ('<error description="Product for code: 7 exists already!><error/>', "Product for code: 7 exists already!", None),
    ('<error description="Partner not found, "/>', "Partner not found,", "not-found"),
    ('<error description=""><error/>', "", "other-refusal"),
]


@pytest.mark.parametrize(("text", "description", "kind"), DESCRIPTIONS)
def test_a_refusal_with_a_slip_of_the_print_is_read_as_it_is(text: str, description: str, kind: str | None) -> None:
    answer = parse(REFUSED.format(text).encode(), "text/xml")
    assert (answer.status, answer.description) == ("error", description)
    assert kind is None or answer.kind == kind


PDF = b"%PDF-1.4 \xff\x00"
BASE64 = b64encode(PDF).decode()
WITH_FILES = [
    (OK.format(f"<number>1/26</number><date>2026-01-31</date><pdfFile>{BASE64}</pdfFile>"), [("1/26.pdf", PDF)]),
    (OK.format(f"<pdfFile>\n {BASE64[:5]}\n\t{BASE64[5:]} </pdfFile>"), [("document.pdf", PDF)]),
    (
        OK.format(
            "<SalesInvoice><Attachments>"
            f'<Attachment><fileName>a.jpg</fileName><contents encoding="BASE64">{BASE64}</contents></Attachment>'
            f'<Attachment><contents encoding="BASE64"></contents></Attachment>'
            "</Attachments></SalesInvoice>"
        ),
        [("a.jpg", PDF), ("attachment", b"")],
    ),
    (
        json.dumps({"response": {"status": "ok", "result": {"number": "7", "pdfFile": BASE64}}}),
        [("7.pdf", PDF)],
    ),
    (
        json.dumps({"response": {"status": "ok", "result": [{"fileName": "a", "contents": BASE64}]}}),
        [("a", PDF)],
    ),
    (OK.format("<number>7</number>"), []),
]


@pytest.mark.parametrize(("text", "files"), WITH_FILES)
def test_the_files_of_an_answer_are_bytes(text: str, files: list[tuple[str, bytes]]) -> None:
    assert parse(text.encode()).files == tuple(AnswerFile(name, content) for name, content in files)


@pytest.mark.parametrize("contents", ["%%%", "YQ", "á"])
def test_a_file_that_is_no_base64_is_told(contents: str) -> None:
    with pytest.raises(UnknownOutcomeError, match="not base64"):
        _ = parse(OK.format(f"<pdfFile>{contents}</pdfFile>").encode()).files


LISTS = [
    OK.format("<SalesInvoices><SalesInvoice><number>1</number></SalesInvoice></SalesInvoices>"),
    OK.format("<SalesInvoice><number>1</number></SalesInvoice>"),
    json.dumps({"response": {"status": "ok", "result": [{"number": "1"}]}}),
    json.dumps({"response": {"status": "ok", "result": {"SalesInvoices": [{"number": "1"}]}}}),
    json.dumps({"response": {"status": "ok", "result": {"SalesInvoice": {"number": "1"}}}}),
]


@pytest.mark.parametrize("text", LISTS)
def test_the_documents_of_a_list_are_found_in_every_form(text: str) -> None:
    (document,) = parse(text.encode()).documents
    assert [(child.name, child.value) for child in document.children] == [("number", "1")]


@pytest.mark.parametrize("result", [[], {}, None, {"SalesInvoices": []}])
def test_an_empty_list_has_no_documents(result: object) -> None:
    assert parse(json.dumps({"response": {"status": "ok", "result": result}}).encode()).documents == ()
    assert parse(OK.format("").encode()).documents == ()


def test_what_is_told_in_attributes_is_a_document_too() -> None:
    answer = parse(OK.format('<StockQuantityInfo productCode="1" quantityOnStock="5" />' * 2).encode())
    assert [dict(document.attributes)["quantityOnStock"] for document in answer.documents] == ["5", "5"]


# Damage

ESLOG = (
    '<?xml version="1.0" encoding="windows-1250"?><IzdaniRacunEnostavni><Racun><Opis>žito</Opis></Racun>'
    "</IzdaniRacunEnostavni>"
).encode("windows-1250")
WHOLE = [
    *(text.encode() for text, _, _ in FIELDS),
    *(REFUSED.format(text).encode() for text, _, _ in DESCRIPTIONS),
    *(text.encode() for text, _ in WITH_FILES),
    *(text.encode() for text in LISTS),
    ESLOG,
]


@pytest.mark.parametrize("body", WHOLE, ids=range(len(WHOLE)))
def test_an_answer_that_is_cut_anywhere_is_never_good_news(body: bytes) -> None:
    for length in range(0, len(body.rstrip()), 5):
        try:
            cut = parse(body[:length])
        except UnknownOutcomeError:
            continue
        pytest.fail(f"{cut.status} after {length} of {len(body)} bytes: {body[:length]!r}")


def mutated(chance: random.Random) -> bytes:
    """An answer with a few bytes taken away, put in, doubled or changed."""
    body = bytearray(chance.choice(WHOLE))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(body) + 1)
        length = chance.randint(1, 12)
        match chance.randrange(4):
            case 0:
                del body[place : place + length]
            case 1:
                body[place:place] = chance.randbytes(length)
            case 2:
                body[place:place] = bytes(body[place : place + length * 5])
            case _:
                body[place : place + 1] = chance.choice((b"<", b">", b'"', b"/", b"&", b"=", b"\x00", b"{", b"]"))
    return bytes(body)


def read_all(answer: Answer) -> Iterator[object]:
    yield answer.description, answer.property_errors, answer.existing_key, answer.field("number")
    yield answer.documents, list(answer.find("number"))
    try:
        yield answer.files
    except UnknownOutcomeError:
        return


def check_damage(rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(rounds):
        body = mutated(chance)
        started = time.perf_counter()
        try:
            answer = parse(body, chance.choice(("text/xml", "application/json", "text/xml; charset=utf-16")))
        except UnknownOutcomeError:
            continue
        assert answer.status in ("ok", "error")
        assert list(read_all(answer))
        assert time.perf_counter() - started < 5, body


def test_a_damaged_answer_is_read_or_of_unknown_outcome() -> None:
    check_damage(300, 1)


@pytest.mark.slow
def test_ten_thousand_damaged_answers_are_read_or_of_unknown_outcome() -> None:
    check_damage(10_000, 2)


LONG = [
    HEAD + '<response status="error">' + '<error description="' * 20_000 + "</response>",
    HEAD + '<response status="error"><error description="a' + " " * 900_000 + "</response>",
    HEAD + '<response status="error"><error description="' + '"/ >' * 50_000 + "</response>",
    HEAD + '<response status="ok">' + "<a" * 100_000 + "</response>",
    HEAD + '<response status="ok">' + "<a>" * 100_000 + "</response>",
    HEAD + '<response status="ok">' + "<a b= " * 60_000 + "</response>",
    HEAD + '<response status="ok">' + ">" + " " * 500_000 + "</response>",
    HEAD + '<response status="ok">' + "<" + " " * 500_000 + "</response>",
    '{"response":' * 300_000,
    '{"response":{"status":"ok","result":' + "[" * 900 + "]" * 900 + "}}",
    " " * 1_000_000,
]


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_an_answer_that_is_made_to_take_long_is_over_soon(text: str) -> None:
    started = time.perf_counter()
    with contextlib.suppress(UnknownOutcomeError):
        assert not parse(text.encode()).elements
    assert time.perf_counter() - started < 5
