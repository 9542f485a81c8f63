from __future__ import annotations

import mmap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efimport.findings import Finding
from efimport.formats.xml import codecs_name, has_doctype, not_well_formed, parse, parser, where, xml_buffer, xml_text

TEXT = "Příliš žluťoučký kůň"


def document(encoding: str, text: str = TEXT) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>\n<a><b>{text}</b></a>'


@pytest.mark.parametrize(
    ("declared", "real", "found", "codes"),
    [
        ("utf-8", "utf-8", "utf-8", []),
        ("UTF-8", "utf-8-sig", "utf-8", []),
        ("windows-1250", "cp1250", "windows-1250", []),
        ("cp1250", "cp1250", "cp1250", []),
        ("iso-8859-2", "iso-8859-2", "iso-8859-2", []),
        ("utf-8", "cp1250", "windows-1250", ["encoding.declaration-wrong"]),
        ("windows-1250", "utf-8", "utf-8", ["encoding.declaration-wrong"]),
        ("utf-16", "utf-8", "utf-8", ["encoding.declaration-wrong"]),
        ("utf-16", "utf-16", "utf-8", []),
        ("utf-16", "utf-16-le", "utf-8", []),
        ("utf-16", "utf-16-be", "utf-8", []),
        ("klingon", "cp1250", "windows-1250", ["encoding.declaration-wrong"]),
        ("base64", "cp1250", "windows-1250", ["encoding.declaration-wrong"]),
    ],
)
def test_the_encoding_is_the_one_the_bytes_are_in(declared, real, found, codes):
    text = xml_text(document(declared).encode(real))
    assert text.encoding == found
    assert [each.code for each in text.findings] == codes
    root = parse(text)
    assert not isinstance(root, Finding)
    assert root[0].text == TEXT


def test_without_a_declaration_windows_1250_is_a_guess():
    text = xml_text(f"<a>{TEXT}</a>".encode("cp1250"))
    assert (text.encoding, [each.code for each in text.findings]) == ("windows-1250", ["encoding.guessed"])
    assert xml_text(f"<a>{TEXT}</a>".encode()).findings == ()


def test_a_mapped_file_is_judged_like_one_in_memory(tmp_path):
    path = tmp_path / "a.xml"
    # A letter of two bytes that lies across the border of the pieces that are read.
    path.write_bytes(document("windows-1250", "x" * (1024 * 1024 - 50) + "ž" * 100).encode())
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        found = xml_buffer(mapped)
        assert (found.encoding, found.declared) == ("utf-8", "windows-1250")
        assert xml_text(path.read_bytes()).encoding == "utf-8"


def test_lines_cut_off_in_front_are_counted():
    text = xml_text(b"\n\n" + document("utf-8").replace("</b>", "").encode())
    assert [each.code for each in text.findings] == ["xml.leading-space"]
    found = parse(text, "a.xml")
    assert isinstance(found, Finding)
    assert (found.code, found.location.line) == ("xml.not-well-formed", 4)


@pytest.mark.parametrize("before", ["", "<!-- c -->", "<?pi?>\n"])
def test_a_doctype_is_refused(before):
    text = xml_text(f'<?xml version="1.0"?>\n{before}<!DOCTYPE a [<!ENTITY x "1">]><a>&x;</a>'.encode())
    found = parse(text)
    assert has_doctype(text.content)
    assert isinstance(found, Finding)
    assert found.code == "xml.doctype"


def test_a_fault_without_a_place_is_told_at_the_beginning():
    from lxml import etree

    place = not_well_formed(etree.XMLSyntaxError("no memory", 0, 0, -1), None).location
    assert (place.line, place.column) == (1, 1)


def test_a_comment_can_be_left_out_of_a_text():
    from lxml import etree

    root = etree.fromstring("<a>20<!-- c -->24<?pi?>0</a>", parser(comments=False))
    assert root.text == "20240"


def test_a_path_names_twins_by_their_position():
    root = parse(xml_text(b'<a xmlns="u"><b/><b><c/></b></a>'))
    assert not isinstance(root, Finding)
    assert where(root[1][0]) == "/a/b[2]/c"


def test_only_encodings_of_text_count():
    assert codecs_name("Windows-1250") == "cp1250"
    assert codecs_name("base64") is None
    assert codecs_name("klingon") is None


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(content):
    for raw in (content, b'<?xml version="1.0" encoding="windows-1250"?><a>' + content + b"</a>"):
        parse(xml_text(raw))


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&"), min_size=1),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_every_text_comes_back(text, encoding):
    root = parse(xml_text(document(encoding.removesuffix("-sig"), text).encode(encoding)))
    assert not isinstance(root, Finding)
    assert root[0].text == text


def test_a_hostile_nesting_is_judged_without_exhausting_the_stack():
    from efimport.formats.xml import Schema

    deep = "<i:bad>" * 1500 + "</i:bad>" * 1500
    namespaces = " ".join(
        f'xmlns:{prefix}="http://www.stormware.cz/schema/version_2/{name}.xsd"'
        for prefix, name in (("d", "data"), ("i", "invoice"))
    )
    text = (
        f'<d:dataPack {namespaces}><d:dataPackItem><i:invoice version="2.0"><i:invoiceHeader>{deep}</i:invoiceHeader>'
        "<i:nothing/></i:invoice></d:dataPackItem></d:dataPack>"
    )
    root = parse(xml_text(text.encode()))
    assert not isinstance(root, Finding)
    (found,) = Schema("efimport.formats.pohoda", "pack.xsd").findings(root)
    assert found.code == "xml.schema"
