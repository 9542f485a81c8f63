"""``efimport convert --to eurofaktura-xml``: documents in the service's own format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from efimport.api.call import Element
from efimport.api.elements import check


def as_elements(content: bytes) -> tuple[str, tuple[Element, ...]]:
    root = etree.fromstring(content)
    return root.tag, tuple(_element(child) for child in root)


def _element(node: Any) -> Element:
    return Element(node.tag, None if len(node) else node.text, tuple(_element(child) for child in node))


def test_an_invoice_becomes_an_element_that_the_service_knows(clerk: Any) -> None:
    pack = clerk.invoice(number="260100001")
    done = clerk.run("convert", pack, "--to", "eurofaktura-xml")
    assert done.status == 0
    name, elements = as_elements(done.out.encode())
    assert (name, elements[0].name, elements[0].value) == ("SalesInvoice", "number", "260100001")
    assert check(name, "CZ", elements) == []


def test_several_documents_need_a_folder_and_get_a_file_each(clerk: Any, samples: Path) -> None:
    pack = samples / "invoices" / "issued-invoices.xml"
    done = clerk.run("convert", pack, "--to", "eurofaktura-xml", "-o", "out.xml")
    assert done.status == 2
    assert "3 documents, and eurofaktura-xml holds one a file" in done.err
    (clerk.folder / "out").mkdir()
    clerk.run("convert", pack, "--to", "eurofaktura-xml", "-o", "out")
    files = sorted((clerk.folder / "out").iterdir())
    assert [path.name for path in files] == ["260100001.xml", "260100002.xml", "260100003.xml"]
    for path in files:
        name, elements = as_elements(path.read_bytes())
        assert (name, check(name, "CZ", elements)) == ("SalesInvoice", [])


def test_what_no_call_takes_is_refused_with_the_reason(clerk: Any) -> None:
    statement = clerk.statement()
    done = clerk.run("convert", statement, "--to", "eurofaktura-xml", "-o", "out.xml")
    assert done.status == 1
    assert "no element for a document of the kind bank-statement" in done.err
    assert not (clerk.folder / "out.xml").exists()
