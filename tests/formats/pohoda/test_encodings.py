from __future__ import annotations

import pytest
from lxml import etree

from efimport.formats import pohoda
from efimport.formats.reading import Reading
from efimport.sources import Source

NAME = "Žluťoučká dílna s.r.o."


def declared(text: str, encoding: str) -> str:
    return text.replace('encoding="UTF-8"', f'encoding="{encoding}"')


def two(xml) -> str:
    return xml.pack(xml.item(xml.invoice(), "A"), xml.item(xml.invoice(xml.header(number="2")), "B"))


@pytest.mark.parametrize(
    ("stated", "real", "expected", "findings"),
    [
        ("UTF-8", "utf-8", "utf-8", []),
        ("Windows-1250", "cp1250", "windows-1250", []),
        ("ISO-8859-2", "iso-8859-2", "iso-8859-2", []),
        ("UTF-8", "cp1250", "windows-1250", ["encoding.declaration-wrong"]),
        ("Windows-1250", "utf-8", "utf-8", ["encoding.declaration-wrong"]),
        ("UTF-8", "utf-8-sig", "utf-8", []),
        ("Windows-1250", "utf-8-sig", "utf-8", []),
        ("UTF-16", "utf-16", "utf-8", []),
    ],
)
def test_letters_are_read_and_sent_in_the_encoding_they_are_in(xml, stated, real, expected, findings):
    raw = declared(two(xml), stated).encode(real)
    reading = Reading()
    found = list(pohoda.read(Source("a.xml", raw), reading))
    assert [each.code for each in found if hasattr(each, "code")] == findings
    assert reading.encoding == expected
    for document in found[len(findings) :]:
        assert document.customer.name == NAME
        assert document.origin.content.startswith(f'<?xml version="1.0" encoding="{expected}"?>'.encode())
        root = etree.fromstring(document.origin.content)
        assert NAME in list(root.itertext())


def test_a_byte_order_mark_is_not_sent(xml):
    raw = xml.one(xml.invoice()).encode("utf-8-sig")
    (document,) = xml.documents(raw)
    assert document.origin.content == raw[3:]
    assert document.origin.changes == ("pohoda.mark-removed",)


def test_a_wrong_declaration_is_corrected_even_in_a_file_of_one_document(xml):
    (document,) = xml.documents(xml.one(xml.invoice()).encode("cp1250"))
    assert document.origin.content.startswith(b'<?xml version="1.0" encoding="windows-1250"?>')
    assert document.origin.changes == ("pohoda.declaration-corrected",)


def test_utf_16_is_sent_as_utf_8(xml):
    raw = declared(xml.one(xml.invoice()), "UTF-16").encode("utf-16")
    (document,) = xml.documents(raw)
    assert document.origin.changes == ("pohoda.transcoded",)
    assert NAME.encode() in document.origin.content


def test_one_item_in_another_encoding_harms_only_itself(xml):
    good, bad = xml.item(xml.invoice(), "A"), xml.item(xml.invoice(xml.header(number="2")), "B")
    raw = xml.pack(good, "@@").encode().replace(b"@@", bad.encode("cp1250"))
    documents = xml.documents(raw)
    assert [document.customer.name for document in documents] == [NAME, NAME]
    for document in documents:
        assert NAME in list(etree.fromstring(document.origin.content).itertext())


def test_white_space_before_the_declaration_is_told_and_left_out(xml):
    raw = b"\r\n  " + xml.one(xml.invoice()).encode()
    found = xml.read(raw)
    assert found[0].code == "xml.leading-space"
    assert found[1].origin.content.startswith(b"<?xml")
    assert found[1].origin.line == raw.decode().split("\n").index('<dat:dataPackItem id="A1" version="2.0">') + 1
