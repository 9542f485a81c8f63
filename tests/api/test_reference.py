"""The example requests and answers of the web service reference, read where a copy of it lies beside the project.

The printed examples are not XML: comments never close, some tags are misprinted, and one page lost every line of one
word. The repairs below are those that such a copy needs; what remains has to be what we write, white space aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from efimport.api import catalogue, wire
from efimport.api.answers import parse
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
    Value,
)
from efimport.api.refusals import kind_of

REFERENCE = Path(__file__).parents[3] / "shared" / "api" / "reference"
CZECH_INVOICES = "004-sales-invoice-cz.txt"
SLOVENIAN_INVOICES = "002-sales-invoice-si.txt"
CROATIAN_DEBIT_NOTES = "003-debit-note-hr.txt"
WHOLE = "001-api-reference-cz.txt"

pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="no copy of the reference beside the project")

SLIPS = [
    (r"<!--[^\n]*|<--[^\n]*", ""),
    (r"<(kontrolHlasSectionType)>(\d+)</transNoCoefCalcSN>", r"<\1>\2</\1>"),
    (r"<(buyerDocumentID)>([^<]*)</buyerCode>", r"<\1>\2</\1>"),
    (r"<(documentDate)>([^<]*)<documentDate>", r"<\1>\2</\1>"),
    (r"<parametername=", "<parameter name="),
    (r"<parameter\s*/>", "</parameter>"),
    (r"^\s*\.\.\.\s*$", ""),
    # Shortened contents become something that base64 can be.
    (r"(BASE64\.\.\.|ASDASDASDASD|[A-Za-z0-9+/]{40,}\.\.\.)", "YWJj"),
]


def repaired(text: str) -> str:
    for slip, right in SLIPS:
        text = re.sub(slip, right, text, flags=re.MULTILINE)
    return text


def examples(page: str) -> list[str]:
    if not REFERENCE.is_dir():
        return []
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return re.findall(r"<request>.*?</request>", text, re.DOTALL)


def from_chapters(first: str, last: str) -> Iterator[str]:
    """The requests of some chapters of the page that lost its lines of one word, with those lines put back."""
    text = (REFERENCE / WHOLE).read_text(encoding="utf-8")
    chapters = text[text.rindex(first) : text.rindex(last)]
    for found in re.finditer(r"(<login .*?)(?:\n\s*\n|\Z)", chapters, re.DOTALL):
        lines: list[str] = []
        for line in repaired(found[1]).splitlines():
            if "<parameter name=" in line or line.startswith("<?xml"):
                lines.append("</parameter>" if _is_open(lines) else "")
            if not line.startswith("<?xml"):
                lines.append(line)
            if "<contents" in line:
                lines.append("<fileName>a.xml</fileName>")
        closing = "</parameter>" if _is_open(lines) else ""
        yield "<request>" + "\n".join(lines) + closing + "</method></request>"


def _is_open(lines: list[str]) -> bool:
    opened = sum(bool(re.search(r"<parameter [^>]*[^/]>", line)) for line in lines)
    return opened > sum("</parameter>" in line for line in lines)


def call_of(request: etree._Element) -> Call:
    """The call that an example shows."""
    method = request.find("method")
    assert method is not None
    known = catalogue.method(str(method.get("name")))
    return Call(known.name, tuple(Parameter(str(node.get("name")), value_of(node, known)) for node in method))


def value_of(node: etree._Element, method: catalogue.Method) -> Value:
    style = method.parameter(str(node.get("name"))).style
    match style:
        case "attribute":
            return Attribute(str(node.get("value")), node.get("type"))
        case "flag":
            return Flag()
        case "text":
            return Text(node.text or "")
        case "base64-text":
            return Base64Text(b"abc")
        case "base64-attribute":
            return Base64Attribute(b"abc")
        case "file":
            return File(b"abc", node.findtext("fileName") or "", _moment(node))
        case "files":
            entries = tuple(File(b"abc", entry.findtext("fileName") or "") for entry in node.iter("File"))
            return Files(entries, _moment(node), list_name="Files", entry_name="File")
    return Nested(tuple(element_of(child) for child in node))


def _moment(node: etree._Element) -> datetime | None:
    text = node.findtext("documentDate")
    return None if text is None else datetime.fromisoformat(text)


def element_of(node: etree._Element) -> Element:
    if len(node):
        return Element(node.tag, children=tuple(element_of(child) for child in node))
    return Element(node.tag, node.text or None)


def canonical(root: etree._Element) -> bytes:
    """The document without comments, login and white space at the edges of texts."""
    for node in root.iter():
        node.text = (node.text or "").strip() or None
        node.tail = None
    login = root.find("login")
    assert login is not None
    login.attrib.clear()
    return etree.tostring(root, method="c14n")


def check_example(text: str, site: str) -> str:
    example = etree.fromstring(text.encode())
    call = call_of(example)
    catalogue.method(call.method).check(call, site)
    written = etree.fromstring(wire.encode(call))
    assert canonical(written) == canonical(example)
    return call.method


@pytest.mark.parametrize(
    ("page", "site", "count"),
    [(CZECH_INVOICES, "CZ", 17), (SLOVENIAN_INVOICES, "SI", 13), (CROATIAN_DEBIT_NOTES, "HR", 12)],
)
def test_every_example_request_of_a_page_can_be_written(page: str, site: str, count: int) -> None:
    texts = [repaired(text).replace("paymentAmoutn", "paymentAmount") for text in examples(page)]
    # The Croatian Delete wraps number and date in a structure, against its own table of parameters.
    texts = [text for text in texts if 'name="DebitNoteDelete"' not in text]
    for text in texts:
        check_example(text, site)
    assert len(texts) == count


def test_every_example_request_of_the_inbox_and_of_statements_can_be_written() -> None:
    texts = list(from_chapters("5. Document Management API", "7. General Ledger API"))
    seen = []
    for text in texts:
        whole = text
        if "DocumentInboxAddEntry" in text:
            # The names of the two lost elements around each file are not known; ours stand for them.
            whole = re.sub(r"(<contents.*?</fileName>)", r"<File>\1</File>", text, flags=re.DOTALL)
            whole = re.sub(r"(<File>.*</File>)", r"<Files>\1</Files>", whole, flags=re.DOTALL)
        seen.append(check_example(whole, "CZ"))
    assert seen == [
        "DocumentInboxImport",
        "DocumentInboxAddEntry",
        "DocumentInboxList",
        "BankStatementImport",
        "BankStatementImport",
    ]


@pytest.mark.parametrize(
    ("page", "good", "bad"),
    [(CZECH_INVOICES, 17, 22), (SLOVENIAN_INVOICES, 12, 15), (CROATIAN_DEBIT_NOTES, 13, 15)],
)
def test_every_example_answer_is_read_as_it_is_printed(page: str, good: int, bad: int) -> None:
    text = (REFERENCE / page).read_text(encoding="utf-8")
    answers = re.findall(r"^<?response\s+status=.*?</response>", text, re.DOTALL | re.MULTILINE)
    statuses = [parse(printed.encode(), "text/xml").status for printed in answers]
    assert statuses == [printed.split('"')[1] for printed in answers]
    assert (statuses.count("ok"), statuses.count("error")) == (good, bad)


# Refusals that mean nothing more than that the service will not.
OTHER = ("Can not cancel ", "Use of price list for this product is disabled.")


def test_every_error_text_of_the_reference_is_classified() -> None:
    texts = set()
    for page in (CZECH_INVOICES, SLOVENIAN_INVOICES, CROATIAN_DEBIT_NOTES, WHOLE):
        printed = (REFERENCE / page).read_text(encoding="utf-8")
        texts |= set(re.findall(r'<error description="([^"\n]+?)"?>\s*<', printed))
    assert len(texts) > 20
    assert {text for text in texts if kind_of(text) == "other-refusal" and not text.startswith(OTHER)} == set()
