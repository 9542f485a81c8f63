"""The example requests and answers of the web service reference, read where a copy of it lies beside the project.

The printed examples are not XML: comments never close, some tags are misprinted, and one page lost every line of one
word. The repairs below are those that such a copy needs; what remains has to be what we write, white space aside.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from efimport.api import catalogue, wire, wire_json
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
from tests.api import printed

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


NOT_SHOWN = {"InternalMovementGetPDF"}
"""In an index alone, and there under a misprinted name."""
PAGES = [
    (WHOLE, "CZ", 221),
    (CZECH_INVOICES, "CZ", 17),
    (SLOVENIAN_INVOICES, "SI", 13),
    (CROATIAN_DEBIT_NOTES, "HR", 13),
]


def shown(page: str) -> list[tuple[int, etree._Element]]:
    return list(printed.requests((REFERENCE / page).read_text(encoding="utf-8")))


@pytest.mark.parametrize(("page", "site", "count"), PAGES)
def test_every_example_request_is_what_we_write(page: str, site: str, count: int) -> None:
    examples_of_page = shown(page)
    for line, example in examples_of_page:
        call = call_of(example)
        catalogue.method(call.method).check(call, site)
        written = etree.fromstring(wire.encode(call))
        assert canonical(written) == canonical(example), line
    assert len(examples_of_page) == count == (REFERENCE / page).read_text(encoding="utf-8").count("<method name")


@pytest.mark.parametrize("page", [page for page, _, _ in PAGES])
def test_an_example_request_has_the_same_values_in_json(page: str) -> None:
    for line, example in shown(page):
        call = call_of(example)
        body = json.loads(wire_json.encode(call))
        assert body["method"] == call.method
        expected = [(parameter.name, values_of(parameter.value)) for parameter in call]
        assert list(flat(body["parameters"], call)) == expected, line


def values_of(value: Value) -> object:
    """What a parameter says, whatever it is written in: a text, or the texts by their paths."""
    match value:
        case Attribute(text) | Text(text):
            return text
        case Flag():
            return True
        case Base64Text(content) | Base64Attribute(content):
            return b64encode(content).decode()
        case File():
            dated = [] if value.document_date is None else [("documentDate", str(value.document_date))]
            return [*dated, ("contents", "YWJj"), ("fileName", value.name)]
        case Files(files):
            dated = [] if value.document_date is None else [("documentDate", str(value.document_date))]
            inside = [(f"Files/File/{name}", text) for file in files for name, text in values_of(file)]  # type: ignore[attr-defined]
            return [*dated, *inside]
    return sorted(_paths(value.children, ""))


def _paths(elements: tuple[Element, ...], place: str) -> Iterator[tuple[str, str]]:
    for element in elements:
        path = f"{place}{element.name}"
        if element.children:
            yield from _paths(element.children, f"{path}/")
        else:
            yield path, str(element.value or "")


def flat(parameters: dict[str, Any], call: Call) -> Iterator[tuple[str, object]]:
    """What the parameters of JSON say, in the terms of :func:`values_of`."""
    seen: set[str] = set()
    for parameter in call:
        value = parameters[parameter.name]
        if isinstance(parameter.value, Nested):
            yield parameter.name, sorted(_json_paths(parameter.name, value, ""))
        elif isinstance(value, dict):
            yield parameter.name, list(_json_paths(parameter.name, value, ""))
        elif isinstance(value, list):
            if parameter.name not in seen:
                yield from ((parameter.name, one) for one in value)
        else:
            yield parameter.name, value
        seen.add(parameter.name)
    assert seen == set(parameters)


def _json_paths(name: str, value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _json_paths(key, inner, f"{place}/{key}" if place else key)
    elif isinstance(value, list):
        entry = ENTRIES.get(name) or name.removesuffix("es" if name.endswith("sses") else "s")
        # A name without a plural stands as often as the array is long, without anything around.
        inside = place if entry == name else "/".join(filter(None, (place, entry)))
        for inner in value:
            yield from _json_paths(entry, inner, inside)
    else:
        yield place, value


ENTRIES = {"SalesInvoiceInstallments": "Installment"}


def test_every_method_has_an_example() -> None:
    seen = {call_of(example).method for page, _, _ in PAGES for _, example in shown(page)}
    assert set(catalogue.methods()) - seen == NOT_SHOWN


@pytest.mark.parametrize("page", [CZECH_INVOICES, SLOVENIAN_INVOICES, CROATIAN_DEBIT_NOTES])
def test_what_is_put_back_is_what_stands_on_the_whole_pages(page: str) -> None:
    whole = [repaired(text).replace("paymentAmoutn", "paymentAmount") for text in examples(page)]
    rebuilt = dict(shown(page))
    for text, (line, example) in zip(whole, rebuilt.items(), strict=True):
        if 'name="DebitNoteDelete"' not in text:
            assert canonical(etree.fromstring(text.encode())) == canonical(example), line


ANSWERS_WITH_GAPS = (209, 222, 431)


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


def test_every_answer_of_the_page_with_gaps_is_read_once_its_end_is_put_back() -> None:
    text = (REFERENCE / WHOLE).read_text(encoding="utf-8").replace("\xa0", " ")
    printed_answers = re.findall(r"^<?response status=.*?(?=^\S|\Z)", text, re.DOTALL | re.MULTILINE)
    statuses = []
    for answer in printed_answers:
        # Opening lines of one word are lost as well; what is left of a structure stands alone.
        lines = [line for line in answer.splitlines() if re.search(r"<(error|message)\b", line) or "response" in line]
        statuses.append(parse("\n".join([*lines, "</response>"]).encode(), "text/xml").status)
    assert (statuses.count("ok"), statuses.count("error"), len(statuses)) == ANSWERS_WITH_GAPS


# Refusals that mean nothing more than that the service will not.
OTHER = ("Can not cancel ", "Use of price list for this product is disabled.")


def test_every_error_text_of_the_reference_is_classified() -> None:
    texts = set()
    for page in (CZECH_INVOICES, SLOVENIAN_INVOICES, CROATIAN_DEBIT_NOTES, WHOLE):
        printed = (REFERENCE / page).read_text(encoding="utf-8")
        texts |= set(re.findall(r'<error description="([^"\n]+?)"?>\s*<', printed))
    assert len(texts) > 20
    assert {text for text in texts if kind_of(text) == "other-refusal" and not text.startswith(OTHER)} == set()
